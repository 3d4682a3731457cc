// What if the policy were another: the reported messages are judged anew, and the streams that lose mail are named.

import { h, longTable, sentence } from "./dom.js";
import { nameOf } from "./streams.js";

const policies = ["none", "quarantine", "reject"];
const choices = { p: policies, sp: policies, adkim: ["r", "s"], aspf: ["r", "s"] };
const ours = (stream) => !["unauthorised", "unknown", "recipient-gateway"].includes(stream.class);

/** The record that reporters saw last, by policy domain. */
function published(reports) {
  const last = new Map();
  for (const report of reports) {
    const { domain, p } = report.policy;
    if (domain && p && (report.begin ?? 0) >= (last.get(domain)?.begin ?? 0)) last.set(domain, report);
  }
  return new Map([...last].map(([domain, { policy }]) => [domain.toLowerCase(), policy]));
}

function textOf(policy) {
  const tags = ["p", "sp", "np", "adkim", "aspf", "pct"].filter((tag) => policy[tag] !== null && policy[tag] !== undefined && policy[tag] !== "");
  return ["v=DMARC1", ...tags.map((tag) => `${tag}=${policy[tag]}`), ...(policy.testing === "y" ? ["t=y"] : [])].join("; ");
}

/** The panel under the streams. */
export function whatIf(reader, view, inputs, settings) {
  const words = settings.words.streams;
  const known = published(view.reports);
  const domains = [...new Set(view.streams.map(({ domain }) => domain))].filter((domain) => known.has(domain));
  if (domains.length === 0) return false;
  const outcome = h("div", { id: "what-if-outcome", "aria-live": "polite" });
  const fields = h("div", { class: "choices" });
  const states = new Map();
  const chosen = {};
  let domain = domains[0];
  let asked = 0;

  /** The sums of a domain with its rows: worked out once, and only where somebody asks. */
  const stateOf = (name) => {
    if (!states.has(name)) states.set(name, reader.sumReports(name, inputs, { rows: true }));
    return states.get(name);
  };

  const number = (value) => value.toLocaleString(settings.lang);

  function show({ record, editions: [found] }) {
    const lost = found.streams.filter((stream) => ours(stream) && stream.newly_enforced + stream.lost_pass > 0);
    const rows = lost.map((stream) => [h("code", {}, nameOf(stream.key)),
      h("span", { class: `class ${stream.class}` }, words.class[stream.class]), number(stream.messages),
      number(stream.newly_enforced), number(stream.rejected_after), number(stream.lost_pass)]);
    const share = (found.loss_share ?? 0).toLocaleString(settings.lang, { style: "percent", maximumFractionDigits: 2 });
    const unclear = found.totals.newly_enforced - found.loss - found.stopped;
    outcome.replaceChildren(...[
      h("div", { class: `verdict ${found.loss > 0 ? "unusable" : "usable"}` },
        h("p", { class: "headline" }, found.loss > 0 ? words.lost(number(found.loss), share) : words.nothing_lost),
        found.stopped > 0 && h("p", {}, words.stopped(number(found.stopped))),
        unclear > 0 && h("p", {}, words.unclear(number(unclear))),
        found.totals.gained + found.totals.lost_pass > 0 && h("p", {}, words.passes(number(found.totals.gained), number(found.totals.lost_pass))),
        found.totals.undecided > 0 && h("p", {}, words.undecided(number(found.totals.undecided)))),
      rows.length > 0 && longTable(words.whose, [words.name, words.what, settings.words.messages, words.newly, words.rejected, words.fails_then],
        rows, { numeric: [2, 3, 4, 5], text: [0, 1] }, settings.words),
      h("p", { class: "remark" }, `${words.record}: `, h("code", {}, record.to)),
    ].filter(Boolean));
  }

  async function work() {
    const set = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== ""));
    // What is still being worked out for another choice is not shown.
    const turn = asked += 1;
    if (Object.keys(set).length === 0) return outcome.replaceChildren(h("p", { class: "faint" }, words.nothing_chosen));
    outcome.replaceChildren(h("p", { class: "faint" }, words.working));
    // Gives the page a moment to say so: replaying many rows takes the thread.
    await new Promise((resolve) => { setTimeout(resolve, 30); });
    if (turn !== asked) return;
    // What reporters saw is all that is known of DNS here; names that are not known are taken for names without records.
    const names = Object.fromEntries([...known].map(([name, policy]) => [`_dmarc.${name}`, { TXT: [textOf(policy)] }]));
    const suffix = domain.slice(domain.indexOf(".") + 1);
    try {
      show(reader.rehearse({ reports: stateOf(domain), from: { snapshot: { names } }, domain, set, editions: [settings.edition], public_suffix: [suffix] }));
    } catch (why) {
      outcome.replaceChildren(h("p", { class: "broken" }, sentence(words.cannot(why.message))));
    }
  }

  function field(id, label, options, value, change) {
    const select = h("select", { id, on: { change: (event) => change(event.target.value) } },
      options.map(([name, text]) => h("option", { value: name }, text)));
    select.value = value;
    return h("p", {}, h("label", { htmlFor: id }, label), select);
  }

  function paint() {
    const policy = known.get(domain);
    const asIs = { p: policy.p, sp: policy.sp || words.follows, adkim: policy.adkim || "r", aspf: policy.aspf || "r" };
    fields.replaceChildren(...[
      domains.length > 1 && field("what-if-domain", words.what_if_domain, domains.map((name) => [name, name]), domain, (name) => {
        domain = name;
        paint();
      }),
      ...Object.entries(choices).map(([tag, values]) => field(`what-if-${tag}`, words.asked[tag],
        [["", words.as_is(asIs[tag])], ...values.map((value) => [value, words.modes[value] ?? value])], chosen[tag] ?? "", (value) => {
          chosen[tag] = value;
          work();
        })),
    ].filter(Boolean));
    work();
  }

  paint();
  return h("section", { class: "what-if", "aria-labelledby": "what-if-title" },
    h("h3", { id: "what-if-title" }, words.what_if), h("p", { class: "remark" }, words.what_if_lead), fields, outcome);
}
