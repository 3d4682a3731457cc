// The tree of an SPF policy: a branch can be folded, and says what it costs all the same.

import { h } from "./dom.js";

/** Whether a branch leads back to itself somewhere. */
const endless = (policy) => policy.again === "loop" || policy.terms.some((term) => term.policies.some(endless));

/** What a branch costs: the term itself and all below it. */
function costOf(term, words) {
  if (term.below === null) return term.policies.some(endless) ? words.spf_endless : words.spf_unknown_count;
  return words.spf_lookups(term.own + term.below);
}

/** What is remarkable about a record that a term leads to. */
function aboutPolicy(policy, words) {
  const notes = [];
  if (policy.again) notes.push([policy.again === "loop" ? "error" : "warning", words.spf_again[policy.again]]);
  if (policy.status !== "record") notes.push([policy.status.startsWith("not-") ? "warning" : "error", words.spf_status[policy.status]]);
  if (policy.usable === false) notes.push(["error", words.spf_broken]);
  return notes;
}

function aboutTerm(term, words) {
  const notes = [];
  if (!term.reached) notes.push(["warning", words.spf_dead]);
  if (term.voids_ipv4 > 0 && term.voids_ipv6 > 0) notes.push(["warning", words.spf_void]);
  else if (term.voids_ipv4 > 0) notes.push(["notice", words.spf_void_for("IPv4")]);
  else if (term.voids_ipv6 > 0) notes.push(["notice", words.spf_void_for("IPv6")]);
  if (term.depends) notes.push(["notice", words.spf_depends]);
  return notes;
}

/**
 * Draws the tree. `marked(name, term)` says whether a term is on the way to the answer for an address, and
 * `findingsAt(name, term)` which notes the findings add; `folded` remembers which branches are folded.
 */
export function drawTree(view, { words, marked, notesAt, folded }) {
  const { limit } = view.lookups;
  let passed = false;

  function line(policy, term) {
    const notes = [...aboutTerm(term, words), ...notesAt(policy.name, term), ...term.policies.flatMap((below) => aboutPolicy(below, words))];
    const over = term.own > 0 && term.running !== null && term.running > limit;
    return [
      h("code", { class: term.reached ? "" : "dead" }, term.text), " ",
      term.own > 0 && h("span", { class: `count${over ? " over" : ""}` }, costOf(term, words)),
      ...notes.flatMap(([kind, note]) => [" ", h("span", { class: `badge ${kind}` }, note)]),
    ];
  }

  function item(policy, term, place) {
    const items = [];
    if (!passed && term.own > 0 && term.running !== null && term.running > limit) {
      passed = true;
      items.push(h("li", { class: "limit" }, words.spf_limit(limit)));
    }
    const kind = marked(policy.name, term.text) ? "term marked" : "term";
    const below = term.policies.filter((further) => further.terms.length > 0);
    if (below.length === 0) {
      items.push(h("li", { class: kind, data: { term: term.text } }, line(policy, term)));
      return items;
    }
    const branch = h("details", { open: !folded.has(place), on: { toggle: () => {
      if (branch.open) folded.delete(place);
      else folded.add(place);
    } } }, h("summary", {}, line(policy, term)), below.map((further) => list(further, place)));
    items.push(h("li", { class: kind, data: { term: term.text } }, branch));
    return items;
  }

  const list = (policy, place) => h("ul", { data: { policy: policy.name } },
    policy.terms.flatMap((term, index) => item(policy, term, `${place}/${index}`)));

  return h("div", { class: "tree", role: "group", "aria-label": words.spf_tree }, list(view.tree, ""));
}
