// The SPF part of the page: a policy from records that are pasted or dropped, its tree and its counts, and what one
// address gets. Nothing is asked of anybody: what the records do not tell stays open.

import { h, referenceLink, sentence } from "./dom.js";
import { exampleDomain, exampleZone } from "./example-zone.js";
import { factsOf, isSnapshot, namesIn } from "./facts.js";
import { filesOf } from "./files.js";
import { drawTree } from "./tree.js";

/** Names that are looked at to find the policies in a text. */
const NAMES = 400;
/** Notes that findings add to terms of the tree. */
const noted = { "spf/duplicate-term": "spf_duplicate", "spf/subsumed-range": "spf_covered" };
/** Open questions that are named. */
const OPEN = 8;

/** The names in a text that have an SPF record, in the order in which they stand there. */
function policiesIn(reader, text) {
  const names = namesIn(text).slice(0, NAMES);
  const source = isSnapshot(text) ? { snapshot: JSON.parse(text) } : { zone_file: text };
  const { answers } = reader.lookUp({ ...source, ask: names.map((name) => ({ name, type: "TXT" })) });
  // A text of several strings stands in quotation marks.
  return names.filter((_, index) => answers[index]?.data?.some((record) => /^"?v=spf1([ "]|$)/i.test(record)));
}

export function mountSpf(reader, settings) {
  const part = document.querySelector("#spf");
  const [records, domain, address, sender] = ["records", "domain", "address", "sender"].map((name) => part.querySelector(`#spf-${name}`));
  const [outcome, answer, problem, names] = ["outcome", "answer", "problem", "names"].map((name) => part.querySelector(`#spf-${name}`));
  const folded = new Set();
  let chosen = "";
  let turn = 0;

  const words = () => settings.words;
  const number = (value) => (value === null ? "?" : value.toLocaleString(settings.lang));

  /** What is wrong with the text, or with the name: told beside the field, in the reader's words where it has some. */
  function tell(problems) {
    const told = problems.map((text) => h("p", {}, sentence(text)));
    problem.replaceChildren(...told);
    problem.hidden = told.length === 0;
  }

  function choose() {
    let found = [];
    try {
      found = policiesIn(reader, records.value);
    } catch {
      // What is wrong with the text is told when it is loaded.
    }
    names.replaceChildren(...found.map((name) => h("option", { value: name })));
    if (domain.value === chosen && found.length > 0) domain.value = found[0];
    chosen = domain.value;
  }

  function headline(view) {
    const dearest = Math.max(view.lookups.ipv4.most ?? -1, view.lookups.ipv6.most ?? -1);
    const { sum, limit } = view.lookups;
    const verdict = view.policy_verdict;
    const kind = { valid: "usable", permerror: "unusable", none: "not-a-record" }[verdict] ?? "acts-as-none";
    const count = (family) => `${number(view.lookups[family].least)}–${number(view.lookups[family].most)}`;
    return h("div", { class: `verdict ${kind}`, role: "status" },
      h("p", { class: "headline" }, words().spf_verdict[verdict]),
      view.text && h("p", {}, dearest > limit ? words().spf_too_many(dearest, limit) : words().spf_within(number(sum), limit)),
      view.text && h("p", { class: "remark" }, words().spf_counts(count("ipv4"), count("ipv6"), number(sum))),
      view.text && h("p", { class: "remark" }, words().spf_voids(number(view.voids.ipv4.most), number(view.voids.ipv6.most), view.voids.limit)));
  }

  function tree(view, marked) {
    const notesAt = (name, term) => view.diagnostics
      .filter(({ code, subject, span }) => code in noted && subject?.name === name && span && span[0] >= term.span[0] && span[1] <= term.span[1])
      .map(({ code }) => ["warning", words()[noted[code]]]);
    const drawn = drawTree(view, { words: words(), marked, notesAt, folded });
    const fold = (open) => drawn.querySelectorAll("details").forEach((branch) => { branch.open = open; });
    const buttons = drawn.querySelector("details") && h("p", { class: "actions" },
      h("button", { type: "button", class: "quiet", id: "spf-unfold", on: { click: () => fold(true) } }, words().spf_unfold),
      h("button", { type: "button", class: "quiet", id: "spf-fold", on: { click: () => fold(false) } }, words().spf_fold));
    return [h("h3", {}, words().spf_tree), buttons, drawn];
  }

  function findings(view) {
    const texts = new Map();
    const collect = (policy) => {
      if (policy.text !== null) texts.set(policy.name, policy.text);
      policy.terms.forEach((term) => term.policies.forEach(collect));
    };
    collect(view.tree);
    const place = ({ subject, span }) => {
      const text = texts.get(subject?.name ?? view.domain);
      if (!span || text === undefined) return null;
      return h("p", { class: "difference" }, text.slice(Math.max(0, span[0] - 40), span[0]),
        h("mark", { class: "warning" }, text.slice(...span)), text.slice(span[1], span[1] + 40));
    };
    const item = (found) => h("li", { class: `finding ${found.severity}`, data: { code: found.code } },
      h("p", { class: "message" }, h("span", { class: `badge ${found.severity}` }, words()[found.severity]), " ", sentence(found.message)),
      place(found),
      found.help && h("p", { class: "help" }, sentence(found.help)),
      h("p", { class: "meta" }, h("code", {}, found.code), referenceLink(found.reference), found.subject?.name));
    const { diagnostics } = view;
    const title = diagnostics.length === 0 ? words().findings_none : words().findings(diagnostics.length);
    return [h("h3", {}, title), h("ol", { class: "findings" }, diagnostics.map(item))];
  }

  function open(view) {
    if (view.open.length === 0) return [];
    const told = view.open.slice(0, OPEN).map(({ policy, term, reason, question }) => h("li", {},
      h("code", {}, term ?? policy), `: ${words().spf_open_why[reason]}`,
      reason === "not-known" && question && [" ", h("code", {}, `${question.name} ${question.type}`)]));
    const more = view.open.length - told.length;
    return [h("h3", {}, words().spf_open), h("ul", {}, told, more > 0 && h("li", {}, words().more_rows(more)))];
  }

  /** Whether the address passes, in one sentence, and by which term. */
  function tellAddress(view) {
    const checked = view?.check_host;
    if (!checked) return answer.replaceChildren();
    const result = checked.result ?? "unknown";
    const kind = result === "pass" ? "usable" : ["fail", "permerror", "none"].includes(result) ? "unusable" : "acts-as-none";
    const why = checked.term ? words().spf_by(checked.term, checked.term_domain)
      : checked.problem ? words().spf_problem[checked.problem.code] : words().spf_no_term;
    answer.replaceChildren(h("div", { class: `verdict ${kind}`, data: { result } },
      h("p", { class: "headline" }, words().spf_result[result]),
      h("p", {}, sentence(why), " ", words().spf_spent(checked.lookups, checked.voids)),
      checked.explanation && h("p", { class: "remark" }, words().spf_explains(checked.explanation_domain), " ", h("q", {}, checked.explanation))));
  }

  /** The terms on the way to the answer for the address. */
  function wayOf(view) {
    const ends = view.addresses[0]?.ends ?? [];
    const ways = new Set(ends.flatMap(({ path }) => path.map(({ name, term }) => `${name} ${term}`)));
    return (name, term) => ways.has(`${name} ${term}`);
  }

  async function analyze(client) {
    const { lang } = settings;
    const load = factsOf(records.value, domain.value);
    let wrong = [];
    const facts = (evaluation) => { wrong = load(evaluation).filter(({ severity }) => severity === "error"); };
    const policy = { domain: domain.value, ...(client && { addresses: [client], check_host: {
      ip: client, mail_from: sender.value.trim() || `postmaster@${domain.value}` } }) };
    const view = await reader.spfAnalysis(policy, undefined, { facts, lang });
    return { view, wrong };
  }

  async function refresh() {
    const mine = (turn += 1);
    if (records.value.trim() === "" || domain.value.trim() === "") {
      tell([]);
      answer.replaceChildren();
      return outcome.replaceChildren(h("p", { class: "remark" }, words().spf_empty));
    }
    const client = address.value.trim();
    const problems = [];
    let found;
    try {
      found = await analyze(client);
    } catch (why) {
      // Perhaps it was the address, or the sender: without it the policy can be shown all the same.
      if (client) problems.push(words().spf_no_address);
      found = await analyze("").catch(() => problems.splice(0, 1, why instanceof SyntaxError ? words().spf_no_json(why.message) : why.message) && null);
    }
    // Somebody typed on meanwhile.
    if (mine !== turn) return undefined;
    tell([...problems, ...(found?.wrong ?? []).slice(0, 3).map(({ message, help }) => `${message}; ${help}`)]);
    tellAddress(problems.length > 0 ? null : found?.view);
    if (!found) return outcome.replaceChildren();
    const { view } = found;
    const marked = client && problems.length === 0 ? wayOf(view) : () => false;
    return outcome.replaceChildren(headline(view), ...[
      ...(view.text ? tree(view, marked) : []), ...open(view), ...findings(view)].filter(Boolean));
  }

  function take(text) {
    records.value = text;
    folded.clear();
    choose();
    return refresh();
  }

  records.addEventListener("input", () => { choose(); refresh(); });
  for (const field of [domain, address, sender]) field.addEventListener("input", refresh);
  for (const kind of ["dragenter", "dragover"]) records.addEventListener(kind, (event) => event.preventDefault());
  records.addEventListener("drop", async (event) => {
    event.preventDefault();
    const [first] = await filesOf(event.dataTransfer);
    if (first) await take(await first.file.text());
  });
  part.querySelector("#spf-file").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (file) await take(await file.text());
    event.target.value = "";
  });
  part.querySelector("#spf-example").addEventListener("click", () => {
    records.value = exampleZone;
    domain.value = exampleDomain;
    folded.clear();
    choose();
    refresh();
    domain.focus();
  });

  return { refresh };
}
