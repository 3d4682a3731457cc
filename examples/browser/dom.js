// Small helpers to build elements. Text always goes in as text: nothing from a record or report becomes markup.

/** An element with properties (or, for names with a dash, attributes) and children. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") element.className = value;
    else if (name === "on") for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name.includes("-") || name === "role" || name === "colspan" || name === "scope") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A sentence of the catalog: parts in backquotes are quotations. */
export function sentence(text) {
  return text.split("`").map((part, index) => (index % 2 === 1 ? h("code", {}, part) : part));
}

/** A link to the place in a standard, or its name where there is no link. */
export function referenceLink(reference) {
  const found = /^RFC (\d+)(?:, (.+))?$/.exec(reference);
  if (!found) return h("span", {}, reference);
  const [, number, section = ""] = found;
  let anchor = "";
  if (/^\d[\d.]*$/.test(section)) anchor = `#section-${section}`;
  else if (/^Appendix [A-Z][\d.]*$/.test(section)) anchor = `#appendix-${section.slice(9)}`;
  const href = `https://www.rfc-editor.org/rfc/rfc${number}${anchor}`;
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, reference);
}

/** A table with a caption, column heads and rows of cells; which columns hold numbers, and which sentences. */
export function table(caption, heads, rows, { numeric = [], text = [] } = {}) {
  const kind = (index) => (numeric.includes(index) ? "number" : text.includes(index) ? "text" : "");
  return h("div", { class: "table", tabIndex: 0, role: "region", "aria-label": caption },
    h("table", {},
      h("caption", {}, caption),
      h("thead", {}, h("tr", {}, heads.map((head, index) => h("th", { scope: "col", class: kind(index) }, head)))),
      h("tbody", {}, rows.map((cells) => h("tr", {}, cells.map((cell, index) => (
        index === 0 ? h("th", { scope: "row" }, cell) : h("td", { class: kind(index) }, cell)
      ))))),
    ));
}

/** Rows of a long table that are shown at first, and added at a time. */
const FIRST = 12;
const MORE = 50;

/** A table that shows its first rows, and more on demand. */
export function longTable(caption, heads, rows, columns, words) {
  const holder = h("div", { class: "long" });
  let shown = Math.min(FIRST, rows.length);
  const paint = () => {
    const more = shown < rows.length && h("button", { type: "button", class: "quiet", on: { click: () => {
      shown = Math.min(shown + MORE, rows.length);
      paint();
    } } }, words.more_rows(Math.min(MORE, rows.length - shown)));
    const count = rows.length > FIRST && h("span", { class: "faint" }, words.shown(shown, rows.length));
    holder.replaceChildren(table(caption, heads, rows.slice(0, shown), columns), h("p", { class: "actions" }, more, count));
  };
  paint();
  return holder;
}

/** A share as a bar and in words, so that neither color nor length is needed to read it. */
export function share(passed, messages) {
  const percent = messages === 0 ? 0 : (100 * passed) / messages;
  const bar = h("span", { class: "bar", "aria-hidden": "true" }, h("span", {}));
  bar.firstChild.style.inlineSize = `${percent}%`;
  const shown = percent > 99 && percent < 100 ? "99" : percent > 0 && percent < 1 ? "1" : percent.toFixed(0);
  return h("span", { class: "share" }, bar, `${shown}%`);
}
