// Lines of a zone file, with a button that copies them.

import { h } from "./dom.js";

/** Copies a text; where the page may not, the lines are selected instead. */
async function copy(text, lines) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const range = document.createRange();
    range.selectNodeContents(lines);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return document.execCommand("copy");
  }
}

/** The records to publish, what goes in their place behind a semicolon. */
export function zoneLines(publications, { copy: copyWord, copied, goes }) {
  const lines = publications.flatMap(({ zone_line: line, old_line: old }) => [
    ...(old === null ? [] : [{ text: `; ${goes}: ${old}`, gone: true }]),
    ...(line === null ? [] : [{ text: line, gone: false }])]);
  const shown = h("pre", { class: "lines", tabIndex: 0 }, lines.map(({ text, gone }) => h("code", { class: gone ? "gone" : "" }, `${text}\n`)));
  const button = h("button", { type: "button", class: "quiet", "aria-live": "polite", on: { click: async () => {
    const done = await copy(lines.map(({ text }) => `${text}\n`).join(""), shown);
    if (!done) return;
    button.textContent = copied;
    setTimeout(() => { button.textContent = copyWord; }, 2000);
  } } }, copyWord);
  return h("div", { class: "publication" }, shown, h("p", { class: "actions" }, button));
}
