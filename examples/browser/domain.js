// The domain part of the page: records that are pasted or dropped, reports beside them, and the report on a domain.
// Nothing is asked of anybody: what the records do not tell stays open.

import { h, sentence } from "./dom.js";
import { reportOf } from "./domain-report.js";
import { exampleDomain, exampleZone, exampleReports } from "./example-domain.js";
import { factsOf, isSnapshot, namesIn } from "./facts.js";
import { filesOf } from "./files.js";

/** Names that are offered. */
const NAMES = 400;
/** Milliseconds that a typist gets before the report is made anew. */
const PAUSE = 200;
/** Files with these endings hold records; others are reports. */
const RECORDS = /\.(zone|json|db|dns|txt)$/i;

/** The domains in a text: those with a policy first, those nearest to the root before others. */
function domainsIn(text) {
  const names = namesIn(text);
  const above = names.filter((name) => name.startsWith("_dmarc.")).map((name) => name.slice("_dmarc.".length));
  const depth = (name) => name.split(".").length;
  const others = names.filter((name) => !name.includes("_") && !name.includes("*") && name.includes("."));
  const sorted = (list) => [...list].sort((one, other) => depth(one) - depth(other));
  return [...new Set([...sorted(above), ...sorted(others)])].slice(0, NAMES);
}

/** When the answers hold: when the snapshot was made, or else now. */
function momentOf(text) {
  if (!isSnapshot(text)) return Math.floor(Date.now() / 1000);
  const { captured } = JSON.parse(text);
  return typeof captured === "number" ? captured : Math.floor(Date.now() / 1000);
}

/** Nobody is asked. A zone never holds the top of its own name, where a policy is rare: it is taken to have none. */
function answerTo({ kind, name, type }, domain, assumed) {
  const top = domain.replace(/\.+$/, "").toLowerCase().split(".").at(-1);
  if (kind !== "dns" || type !== "TXT" || name !== `_dmarc.${top}`) return { status: "not-possible" };
  if (!assumed.includes(name)) assumed.push(name);
  return { status: "nxdomain" };
}

export function mountDomain(reader, settings) {
  const part = document.querySelector("#domain");
  const [records, name, selectors, sends, receives, files] = ["records", "name", "selectors", "sends", "receives", "reports"]
    .map((field) => part.querySelector(`#domain-${field}`));
  const [outcome, problem, names, read, forget] = ["outcome", "problem", "names", "read", "forget"].map((field) => part.querySelector(`#domain-${field}`));
  /** Senders that are left out of account, by their keys. */
  const aside = new Set();
  let inputs = [];
  let moment = null;
  let offered = "";
  let waiting = 0;
  let turn = 0;

  const words = () => settings.words.domain_view;

  function tell(problems) {
    problem.replaceChildren(...problems.map((text) => h("p", {}, sentence(text))));
    problem.hidden = problems.length === 0;
  }

  /** Offers the domains of the text, and names the first of them unless somebody typed another. */
  function offer() {
    let found = [];
    try {
      found = domainsIn(records.value);
    } catch {
      // What is wrong with the text is told when it is loaded.
    }
    names.replaceChildren(...found.map((value) => h("option", { value })));
    if (name.value === offered && found.length > 0) [name.value] = found;
    offered = found.includes(name.value) ? name.value : offered;
  }

  /** The sums of the reports about a domain; null if none were given. */
  function stateOf(domain) {
    if (inputs.length === 0) {
      read.textContent = words().reports_none;
      return null;
    }
    const state = reader.sumReports(domain, inputs);
    const number = (value) => value.toLocaleString(settings.lang);
    read.textContent = words().reports_read(number(state.messages), number(state.reports), state.inputs_refused);
    return state;
  }

  function stances() {
    for (const field of [sends, receives]) {
      const { value } = field;
      field.replaceChildren(...Object.entries(words().stance).map(([key, text]) => h("option", { value: key }, text)));
      field.value = value;
    }
  }

  const stance = (field) => ({ yes: true, no: false })[field.value] ?? null;

  async function judge(domain) {
    const { lang, edition } = settings;
    const load = factsOf(records.value, domain);
    let wrong = [];
    const facts = (evaluation) => { wrong = load(evaluation).filter(({ severity }) => severity === "error"); };
    const reports = stateOf(domain);
    const check = { check: "domain", domain, edition, now: moment ?? momentOf(records.value), ...(reports && { reports }), context: {
      sends: stance(sends), receives: stance(receives), selectors: selectors.value.split(/[\s,;]+/).filter(Boolean), plan: { accept: [...aside] } } };
    const assumed = [];
    const view = await reader.run(check, (question) => answerTo(question, domain, assumed), { facts, lang });
    return { view, wrong, assumed };
  }

  async function refresh() {
    clearTimeout(waiting);
    const mine = (turn += 1);
    stances();
    forget.hidden = inputs.length === 0;
    const domain = name.value.trim();
    if (records.value.trim() === "" || domain === "") {
      if (inputs.length === 0) read.textContent = words().reports_none;
      tell([]);
      return outcome.replaceChildren(h("p", { class: "remark" }, words().empty));
    }
    const opened = new Set([...outcome.querySelectorAll("details[open]")].map(keyOf));
    let found;
    try {
      found = await judge(domain);
    } catch (why) {
      if (mine === turn) {
        tell([why instanceof SyntaxError ? words().no_json(why.message) : why.code === "invalid-argument" ? words().no_name : why.message]);
        outcome.replaceChildren();
      }
      return undefined;
    }
    // Somebody typed on meanwhile.
    if (mine !== turn) return undefined;
    tell(found.wrong.slice(0, 3).map(({ message, help }) => `${message}; ${help}`));
    outcome.replaceChildren(reportOf(found.view, settings, { print, assumed: found.assumed, aside: [...aside], setAside }));
    for (const details of outcome.querySelectorAll("details")) details.open = opened.has(keyOf(details));
    return undefined;
  }

  /** What a part that unfolds is about, so that it stays as it was when the report is made anew. */
  const keyOf = (details) => [details.className.split(" ")[0], ...Object.values(details.dataset).slice(0, 1), details.parentElement.dataset.profile].join(" ");

  /** Prints the report alone, with its parts unfolded. */
  function print() {
    const closed = [...outcome.querySelectorAll("details:not([open])")];
    closed.forEach((details) => { details.open = true; });
    document.documentElement.dataset.print = "domain";
    window.print();
    delete document.documentElement.dataset.print;
    closed.forEach((details) => { details.open = false; });
  }

  async function setAside(stream, is) {
    if (is) aside.add(stream);
    else aside.delete(stream);
    await refresh();
    // The button that was pressed is gone: the plan is where the change shows.
    const plan = outcome.querySelector(".plan h3");
    plan?.setAttribute("tabindex", "-1");
    plan?.focus();
  }

  function later() {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, PAUSE);
  }

  /** Takes files: records into the field, reports beside it. */
  async function take(list) {
    const isRecords = ({ path }) => RECORDS.test(path);
    const given = list.find(isRecords);
    if (given) {
      records.value = await given.file.text();
      moment = null;
      offer();
    }
    const reports = list.filter((one) => !isRecords(one));
    if (reports.length > 0) {
      read.textContent = settings.words.reading(reports.length);
      // Gives the page a moment to say so: reading many reports takes the thread.
      await new Promise((resolve) => { setTimeout(resolve, 30); });
      inputs = await Promise.all(reports.map(async ({ path, file }) => ({ path, bytes: new Uint8Array(await file.arrayBuffer()) })));
    }
    return refresh();
  }

  records.addEventListener("input", () => { moment = null; offer(); later(); });
  for (const field of [name, selectors]) field.addEventListener("input", later);
  for (const field of [sends, receives]) field.addEventListener("change", refresh);
  for (const field of [part.querySelector("#domain-file"), files]) {
    field.addEventListener("change", async (event) => {
      const chosen = [...event.target.files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
      event.target.value = "";
      if (chosen.length === 0) return;
      // Whatever it is called: this field is for records.
      await take(field === files ? chosen : chosen.slice(0, 1).map(({ file }) => ({ path: "records.zone", file })));
    });
  }
  for (const kind of ["dragenter", "dragover"]) part.addEventListener(kind, (event) => event.preventDefault());
  part.addEventListener("drop", async (event) => {
    event.preventDefault();
    await take(await filesOf(event.dataTransfer));
  });
  forget.addEventListener("click", () => {
    inputs = [];
    refresh();
    files.focus();
  });
  part.querySelector("#domain-example").addEventListener("click", async () => {
    const example = exampleReports();
    aside.clear();
    ({ inputs, moment } = example);
    records.value = exampleZone;
    name.value = exampleDomain;
    offer();
    await refresh();
    outcome.querySelector("h3")?.scrollIntoView({ block: "nearest" });
  });

  return { refresh };
}
