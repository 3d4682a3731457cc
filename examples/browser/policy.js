// The verdict in words, and the table of what a record says and what receivers act on.

import { h, table } from "./dom.js";

const order = ["p", "sp", "np", "adkim", "aspf", "t", "pct", "psd", "rua", "ruf", "fo", "rf", "ri"];

/** One or two sentences: what this record does to mail. */
export function verdict(root, view, words) {
  root.className = `verdict ${view?.verdict ?? "empty"}`;
  if (!view) return root.replaceChildren(h("p", {}, words.verdict_empty));
  const lines = [h("p", { class: "headline" }, words.verdict[view.verdict])];
  const { effective } = view;
  if (view.verdict === "usable" && effective) {
    const silent = effective.p === "none" && effective.rua.length === 0;
    lines.push(h("p", {}, words.outcome[silent ? "none_silent" : effective.p]));
    if (effective.t === "y") lines.push(h("p", {}, words.outcome_test));
    if (typeof effective.pct === "number" && effective.pct < 100) lines.push(h("p", {}, words.outcome_pct(effective.pct)));
  } else if (words.verdict_more[view.verdict]) {
    lines.push(h("p", {}, words.verdict_more[view.verdict]));
  }
  root.replaceChildren(...lines);
}

/** Longer values may break anywhere: addresses, mostly. */
const LONG = 14;

function shown(value) {
  const code = (text) => h("code", { class: text.length > LONG ? "long" : "" }, text);
  if (!Array.isArray(value)) return code(String(value));
  return value.flatMap((item, index) => [index > 0 ? " " : "", code(String(item))]);
}

function meaning(tag, value, words) {
  if (value === null || value === undefined) return "";
  if (["p", "sp", "np"].includes(tag)) return words.means_p[value] ?? "";
  if (["adkim", "aspf"].includes(tag)) return words.means_align[value] ?? "";
  if (tag === "t") return words.means_t[value] ?? "";
  if (tag === "psd") return words.means_psd[value] ?? "";
  if (tag === "fo") return value.map((option) => words.means_fo[option]).filter(Boolean).join("; ");
  return "";
}

/** Every tag: as it was written, and as it counts. Tags that say nothing on either side are left out. */
export function policyTable(root, view, words) {
  if (!view?.effective) return root.replaceChildren();
  const { published, effective } = view;
  const rows = order.flatMap((tag) => {
    const written = published?.[tag] ?? null;
    const counts = effective[tag] ?? null;
    if (written === null && (counts === null || counts.length === 0)) return [];
    return [[
      h("span", {}, h("code", {}, tag), h("small", {}, words.tags[tag])),
      written === null ? h("span", { class: "faint" }, words.not_written) : shown(written),
      counts === null ? h("span", { class: "faint" }, words.unknown_to_edition)
        : counts.length === 0 ? h("span", { class: "faint" }, words.nothing_counts)
        : h("span", {}, shown(counts), h("small", {}, meaning(tag, counts, words))),
    ]];
  });
  root.replaceChildren(table(words.policy, [words.tag, words.written, words.counts], rows));
}

/** Where readers of the two standards part. */
export function comparison(root, view, words) {
  const isRecord = view && [view.rfc7489, view.rfc9989].some(({ verdict: value }) => value !== "not-a-record");
  if (!isRecord) return root.replaceChildren();
  if (view.differences.length === 0) return root.replaceChildren(h("p", { class: "remark" }, words.compare_same));
  const cell = (field, value) => {
    if (field === "verdict") return words.verdict_short[value];
    if (value === null) return h("span", { class: "faint" }, words.ignored);
    return shown(value);
  };
  const rows = view.differences.map(({ field, rfc7489, rfc9989 }) => [
    field === "verdict" ? words.verdict_row : h("span", {}, h("code", {}, field), h("small", {}, words.tags[field])),
    cell(field, rfc7489), cell(field, rfc9989)]);
  root.replaceChildren(table(words.compare, ["", words.older, words.newer], rows));
}
