// Files that were dropped, also those in folders.

/** Files taken from one drop; a folder of more would keep the page busy for minutes. */
const MOST = 20_000;

function entriesOf(folder) {
  const reader = folder.createReader();
  const next = () => new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
  return (async () => {
    const entries = [];
    // A reader gives its entries in parts, and an empty one at the end.
    for (let part = await next(); part.length > 0; part = await next()) entries.push(...part);
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  })();
}

/** The files of a drop, each with its path below what was dropped. */
export async function filesOf(transfer) {
  // The items are gone after the first wait: take them now.
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const waiting = items.map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile()).filter(Boolean);
  const files = [];
  while (waiting.length > 0 && files.length < MOST) {
    const next = waiting.shift();
    if (next instanceof File) files.push({ path: next.name, file: next });
    else if (next.isDirectory) waiting.unshift(...await entriesOf(next));
    else files.push({ path: next.fullPath.replace(/^\//, ""), file: await new Promise((resolve, reject) => { next.file(resolve, reject); }) });
  }
  return files;
}
