// The record field: a text area over a copy of its text in which the findings are underlined.
// The two lie in one grid cell and wrap alike, so the copy makes the field grow and nothing has to be scrolled along.

import { h, sentence } from "./dom.js";

const rank = { notice: 1, warning: 2, error: 3 };

/** Ranges of the text between two neighboring ends of spans, each with the findings that cover it. */
export function pieces(text, diagnostics) {
  const spans = diagnostics.flatMap((found, index) => (found.span ? [{ start: found.span[0], end: found.span[1], index }] : []));
  const cuts = new Set([0, text.length, ...spans.flatMap(({ start, end }) => [start, end])]);
  const ends = [...cuts].sort((a, b) => a - b);
  const result = [];
  ends.forEach((start, position) => {
    // Where something is missing the span is empty: a piece without text.
    const gaps = spans.filter((span) => span.start === start && span.end === start);
    if (gaps.length > 0) result.push({ start, end: start, found: gaps.map(({ index }) => index) });
    const end = ends[position + 1];
    if (end === undefined) return;
    const found = spans.filter((span) => span.start < end && span.end > start).map(({ index }) => index);
    result.push({ start, end, found });
  });
  return result;
}

function worst(diagnostics, found) {
  return found.map((index) => diagnostics[index].severity).sort((a, b) => rank[b] - rank[a])[0];
}

/** Makes the editor of `root` live. `onPoint(index)` hears which finding is pointed at, by mouse or caret. */
export function mountEditor(root, { onInput, onPoint, words }) {
  const field = root.querySelector("textarea");
  const backdrop = root.querySelector(".backdrop");
  const tip = root.querySelector(".tip");
  let diagnostics = [];

  function paint(found) {
    diagnostics = found;
    const text = field.value;
    backdrop.replaceChildren(
      ...pieces(text, diagnostics).map(({ start, end, found: indexes }) => {
        if (indexes.length === 0) return text.slice(start, end);
        const kind = start === end ? "gap " : "";
        return h("mark", { class: kind + worst(diagnostics, indexes), data: { found: indexes.join(" ") } }, text.slice(start, end));
      }),
      // A last line break only takes its place when something follows it.
      "\u200b",
    );
    hideTip();
  }

  function markAt(x, y) {
    const near = (box, mark) => {
      const slack = mark.classList.contains("gap") ? 5 : 0;
      return x >= box.left - slack && x <= box.right + slack && y >= box.top && y <= box.bottom + 4;
    };
    return [...backdrop.querySelectorAll("mark")].find((mark) => [...mark.getClientRects()].some((box) => near(box, mark)));
  }

  const indexesOf = (mark) => mark.dataset.found.split(" ").map(Number);

  function showTip(mark) {
    tip.replaceChildren(...indexesOf(mark).map((index) => {
      const { severity, message, help, reference } = diagnostics[index];
      return h("div", { class: severity },
        h("p", { class: "message" }, h("b", {}, words()[severity], ": "), sentence(message)),
        help && h("p", {}, sentence(help)),
        h("p", { class: "reference" }, reference));
    }));
    tip.hidden = false;
    const place = root.getBoundingClientRect();
    const box = mark.getClientRects()[0];
    const left = Math.max(0, Math.min(box.left - place.left, place.width - tip.offsetWidth));
    tip.style.left = `${left}px`;
    tip.style.top = `${box.bottom - place.top + 8}px`;
  }

  function hideTip() {
    tip.hidden = true;
  }

  function fromCaret() {
    if (document.activeElement !== field || field.selectionStart !== field.selectionEnd) return;
    const at = field.selectionStart;
    const index = diagnostics.findIndex(({ span }) => span && at >= span[0] && at <= span[1]);
    onPoint(index);
  }

  field.addEventListener("input", () => onInput(field.value));
  field.addEventListener("mousemove", (event) => {
    const mark = markAt(event.clientX, event.clientY);
    if (!mark) return hideTip();
    if (tip.hidden || tip.dataset.found !== mark.dataset.found) {
      showTip(mark);
      tip.dataset.found = mark.dataset.found;
    }
  });
  field.addEventListener("mouseleave", hideTip);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hideTip();
  });
  document.addEventListener("selectionchange", fromCaret);

  return {
    field,
    paint,
    /** Shows which place belongs to a finding; -1 for none. */
    point(index) {
      for (const mark of backdrop.querySelectorAll("mark")) {
        mark.classList.toggle("pointed", index >= 0 && indexesOf(mark).includes(index));
      }
    },
    /** Selects the place of a finding in the text. */
    select(index) {
      const span = diagnostics[index]?.span;
      if (!span) return;
      field.focus();
      field.setSelectionRange(span[0], span[1]);
    },
  };
}
