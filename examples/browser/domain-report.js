// The report on a domain: the policy in a sentence, the step, what to do first, the plan, who sends, the verdicts per
// guidance and the records.

import { h, referenceLink, sentence, table } from "./dom.js";
import { advice, planOf, steps, told } from "./domain-plan.js";
import { streamsTable } from "./streams.js";

const verdicts = ["pass", "warn", "fail", "undetermined", "not-applicable"];
const marks = { pass: "✓", warn: "!", fail: "✗", undetermined: "?", "not-applicable": "–" };
const colors = { reject: "usable", quarantine: "acts-as-none", none: "unusable", "no-policy": "unusable", unknown: "acts-as-none" };
/** Actions that are shown at first. */
const FIRST = 5;

/** What the policy comes to. */
export function stateOf({ effective, records: { dmarc } }) {
  if (effective.self) return effective.self.applied;
  return ["failure", "not-known"].includes(dmarc.status) ? "unknown" : "no-policy";
}

function headline(view, settings, { print, assumed }) {
  const words = settings.words.domain_view;
  const state = stateOf(view);
  const day = view.now === null ? null : new Date(view.now * 1000).toLocaleDateString(settings.lang, { dateStyle: "long", timeZone: "UTC" });
  return h("header", { class: "report-head" },
    h("div", { class: "report-title" },
      h("h3", {}, words.of(view.domain), day && h("small", {}, words.as_of(day))),
      h("button", { type: "button", class: "quiet", on: { click: print } }, words.print)),
    h("div", { class: `verdict ${colors[state]}`, role: "status", data: { state } }, h("p", { class: "headline" }, words.state[state]),
      view.records.dmarc.status === "no-record" && assumed.map((name) => h("p", {}, sentence(words.assumed(name))))),
    steps(view.plan, words));
}

function actions(view, settings) {
  const words = settings.words.domain_view;
  const item = (action) => advice(action, ...action.requirements.map((id) => h("span", { class: `tag ${action.verdict}` }, id)));
  const first = view.actions.slice(0, FIRST);
  const rest = view.actions.slice(FIRST);
  return h("section", { "aria-labelledby": "domain-actions" },
    h("h3", { id: "domain-actions" }, words.actions),
    first.length === 0 ? h("p", { class: "remark" }, words.actions_none) : h("ol", { class: "advice numbered" }, first.map(item)),
    rest.length > 0 && h("details", { class: "more" }, h("summary", {}, settings.words.more_rows(rest.length)),
      h("ol", { class: "advice numbered", start: FIRST + 1 }, rest.map(item))));
}

/** One requirement, with why, and with what it rests on. */
function rule(judged, words) {
  const { verdict } = judged;
  return h("details", { class: `rule ${verdict}`, data: { rule: judged.id, verdict } },
    h("summary", {},
      h("span", { class: `mark ${verdict}`, "aria-hidden": "true" }, marks[verdict]),
      h("span", { class: "rule-title" }, told(judged.title), h("small", {}, judged.id, " · ", words.level[judged.level])),
      h("span", { class: `word ${verdict}` }, words.verdict[verdict])),
    h("div", { class: "rule-body" },
      judged.reasons.map(({ message, help, reference }) => h("div", {}, h("p", { class: "message" }, told(message)),
        help && verdict !== "pass" && h("p", { class: "help" }, sentence(help)), h("p", { class: "meta" }, referenceLink(reference)))),
      judged.missing.length > 0 && h("p", {}, `${words.missing}: ${judged.missing.map((one) => words.missing_kinds[one] ?? one).join(", ")}`),
      judged.ours && judged.ours !== verdict && h("p", {}, words.ours(words.verdict[judged.ours])),
      judged.explanation && h("blockquote", {}, judged.explanation),
      judged.evidence.length > 0 && [h("p", { class: "evidence-title" }, words.evidence), h("ul", { class: "evidence" }, judged.evidence.map(({ subject, value }) => h("li", {},
        h("code", {}, subject), value && [": ", h("span", { class: "value" }, value)])))],
      h("p", { class: "meta" }, judged.source)));
}

function profiles(view, settings) {
  const words = settings.words.domain_view;
  return h("section", { "aria-labelledby": "domain-profiles" }, h("h3", { id: "domain-profiles" }, words.verdicts),
    view.profiles.map((profile) => {
      const count = Object.fromEntries(verdicts.map((verdict) => [verdict, profile.rules.filter((one) => one.verdict === verdict).length]));
      return h("details", { class: "profile", data: { profile: profile.id } },
        h("summary", {},
          h("span", { class: "profile-name" }, words.profiles[profile.id], " ", h("small", {}, profile.version)),
          h("span", { class: "counts" }, verdicts.filter((verdict) => count[verdict] > 0).map((verdict) => h("span", { class: `count-of ${verdict}` },
            h("span", { "aria-hidden": "true" }, `${marks[verdict]} `), `${count[verdict]} ${words.verdict[verdict]}`)))),
        profile.rules.map((one) => rule(one, words)));
    }));
}

function records(view, settings) {
  const words = settings.words.domain_view;
  const { dmarc, spf, mx, mta_sts: sts, tls_rpt: tls, dkim } = view.records;
  const state = (status) => h("span", { class: "faint" }, words.status[status] ?? status);
  const text = (value) => h("code", { class: "long" }, value);
  const mails = mx.null ? words.null_mx : mx.hosts?.length > 0 ? text(mx.hosts.map(({ preference, exchange }) => `${preference} ${exchange}`).join(", ")) : state(mx.status);
  const keys = dkim.selectors.length === 0 ? h("span", { class: "faint" }, words.keys_unknown)
    : dkim.selectors.map(({ selector, status, state: of, records: found }) => {
      const { published, effective } = found?.[0] ?? {};
      return h("div", {}, h("code", {}, selector), ": ", found?.length > 0
        ? words.key(published ? published.k ?? "rsa" : null, effective?.bits, of) : state(status));
    });
  const rows = [
    [words.record.dmarc, dmarc.text === null ? state(dmarc.status) : [text(dmarc.text),
      dmarc.policy_domain !== view.domain && h("small", {}, words.inherited(dmarc.policy_domain))].filter(Boolean)],
    [words.record.spf, spf.text === null ? state(spf.status) : text(spf.text)],
    [words.record.mx, mails],
    [words.record.dkim, keys],
    [words.record.mta_sts, sts.text ? text(sts.text) : state(sts.status)],
    [words.record.tls_rpt, tls.text ? text(tls.text) : state(tls.status)],
  ];
  return h("section", { class: "found" }, table(words.found, [words.record_name, words.record_text],
    rows.map(([name, cell]) => [name, h("div", {}, cell)]), { text: [1] }));
}

function findings(view, settings) {
  if (view.diagnostics.length === 0) return null;
  const words = settings.words;
  return h("details", { class: "more found-list" }, h("summary", {}, `${words.domain_view.findings} (${view.diagnostics.length})`),
    h("ol", { class: "findings" }, view.diagnostics.map((found) => h("li", { class: `finding ${found.severity}`, data: { code: found.code } },
      h("p", { class: "message" }, h("span", { class: `badge ${found.severity}` }, words[found.severity]), " ", told(found.message)),
      found.help && h("p", { class: "help" }, sentence(found.help)),
      h("p", { class: "meta" }, h("code", {}, found.code), referenceLink(found.reference), found.subject?.name)))));
}

/** The whole report. */
export function reportOf(view, settings, choices) {
  return h("article", { class: "report" }, [
    headline(view, settings, choices), actions(view, settings), planOf(view.plan, settings, choices),
    view.streams?.length > 0 && streamsTable(view, settings, "domain-streams"),
    profiles(view, settings), records(view, settings), findings(view, settings)].filter(Boolean));
}
