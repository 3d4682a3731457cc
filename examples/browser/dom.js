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
