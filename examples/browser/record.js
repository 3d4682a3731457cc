// The record part of the page: findings with their fixes, the verdict in words, and the policy that counts.

import { h, referenceLink, sentence } from "./dom.js";
import { mountEditor } from "./editor.js";
import { comparison, policyTable, verdict } from "./policy.js";

const examples = {
  example_good: "v=DMARC1; p=reject; rua=mailto:dmarc@example.com",
  example_typo: "v=DMARC1; p=quarantaine; rua=dmarc@example.com; adkim=strict",
  example_pasted: "v=DMARC1, p=none, sp=reject, rua=“mailto:dmarc@example.com”",
};

/** Fixes that are applied together. More than these a record does not need; a loop must end. */
const AT_ONCE = 50;

/** The text after every fix without effect, one after the other, and how many there were. */
export function applyHarmless(read, text) {
  let applied = 0;
  while (applied < AT_ONCE) {
    const fix = read(text).diagnostics.map((found) => found.fix).find((candidate) => candidate?.effect === "none");
    if (!fix || fix.result === text) break;
    text = fix.result;
    applied += 1;
  }
  return { text, applied };
}

/** What a fix does to the text: what goes is struck out, what comes is marked. */
function difference(text, edits) {
  const parts = [];
  let done = 0;
  for (const { span: [start, end], replacement } of edits) {
    parts.push(text.slice(done, start));
    if (end > start) parts.push(h("del", {}, text.slice(start, end)));
    if (replacement) parts.push(h("ins", {}, replacement));
    done = end;
  }
  return [...parts, text.slice(done)];
}

export function mountRecord(reader, settings) {
  const part = document.querySelector("#record");
  const list = part.querySelector("#findings");
  const findingsTitle = part.querySelector("#findings-title");
  const applyAll = part.querySelector("#apply-all");
  const undo = part.querySelector("#undo");
  const announce = part.querySelector("#announce");
  const earlier = [];

  const words = () => settings.words;
  const read = (text) => reader.parseDmarc(text, { edition: settings.edition, lang: settings.lang });
  const editor = mountEditor(part.querySelector(".editor"), { onInput: refresh, onPoint: point, words });

  function point(index) {
    [...list.children].forEach((item, position) => item.classList.toggle("pointed", position === index));
    editor.point(index);
  }

  function change(text) {
    earlier.push(editor.field.value);
    editor.field.value = text;
    refresh();
    announce.textContent = words().applied(list.children.length);
    editor.field.focus();
  }

  function fixOf(found, text) {
    const { effect, edits, result } = found.fix;
    return h("div", { class: "fix" },
      h("p", { class: "fix-title" }, words().fix, " ", h("span", { class: `effect ${effect}` }, words()[`effect_${effect}`])),
      h("p", { class: "difference" }, difference(text, edits)),
      h("button", { type: "button", on: { click: () => change(result) } }, words().fix_apply));
  }

  function item(found, index, text) {
    const place = found.span && h("button", {
      type: "button", class: "place quiet", title: words().show_place,
      on: { click: () => editor.select(index) },
    }, words().show_place);
    return h("li", {
      class: `finding ${found.severity}`, data: { code: found.code },
      on: { mouseenter: () => editor.point(index), mouseleave: () => editor.point(-1) },
    },
    h("p", { class: "message" }, h("span", { class: `badge ${found.severity}` }, words()[found.severity]), " ", sentence(found.message)),
    found.help && h("p", { class: "help" }, sentence(found.help)),
    found.fix && fixOf(found, text),
    h("p", { class: "meta" }, h("code", {}, found.code), referenceLink(found.reference), place));
  }

  function refresh() {
    const text = editor.field.value;
    const view = read(text);
    const empty = text.trim() === "";
    const diagnostics = empty ? [] : view.diagnostics;
    editor.paint(diagnostics);

    const title = empty ? "" : diagnostics.length === 0 ? words().findings_none : words().findings(diagnostics.length);
    // It is read out when it changes, so it must not be set anew at every key.
    if (findingsTitle.textContent !== title) findingsTitle.textContent = title;
    list.replaceChildren(...diagnostics.map((found, index) => item(found, index, text)));

    const { applied } = empty ? { applied: 0 } : applyHarmless(read, text);
    applyAll.hidden = applied === 0;
    applyAll.textContent = words().apply_all(applied);
    undo.hidden = earlier.length === 0;

    verdict(part.querySelector("#verdict"), empty ? null : view, words());
    policyTable(part.querySelector("#policy"), empty ? null : view, words());
    comparison(part.querySelector("#compare"), empty ? null : reader.compareDmarc(text, { lang: settings.lang }), words());

    part.querySelector("#examples").replaceChildren(...Object.entries(examples).map(([name, record]) => (
      h("button", { type: "button", class: "link", on: { click: () => {
        editor.field.value = record;
        refresh();
        editor.field.focus();
      } } }, words()[name])
    )));
  }

  applyAll.addEventListener("click", () => change(applyHarmless(read, editor.field.value).text));
  undo.addEventListener("click", () => {
    editor.field.value = earlier.pop();
    refresh();
    announce.textContent = words().undone;
    editor.field.focus();
  });

  return { refresh };
}
