// The reports part of the page: files in, totals, reporters, senders, records and findings out.

import { h, longTable, sentence, share } from "./dom.js";
import { filesOf } from "./files.js";
import { changesTable, notCounted, streamsTable } from "./streams.js";
import { whatIf } from "./what-if.js";

/** Whether a report is added up. */
const counts = (report) => !report.duplicate_of && !report.conflict_of && !report.resent_of;

const sum = (items, value) => items.reduce((total, item) => total + value(item), 0);

/** Sums per key, the largest first. */
function grouped(items, key, start, add) {
  const groups = new Map();
  for (const item of items) {
    const name = key(item);
    if (!groups.has(name)) groups.set(name, start(item));
    add(groups.get(name), item);
  }
  return [...groups.values()].sort((a, b) => b.messages - a.messages);
}

export function mountReports(reader, settings) {
  const part = document.querySelector("#reports");
  const drop = part.querySelector("#drop");
  const outcome = part.querySelector("#outcome");
  const reading = part.querySelector("#reading");
  let inputs = [];
  let taken = 0;

  const words = () => settings.words;
  const number = (value) => value.toLocaleString(settings.lang);
  const day = (seconds) => new Date(seconds * 1000).toLocaleDateString(settings.lang, { dateStyle: "medium", timeZone: "UTC" });

  function period(begin, end) {
    if (begin === null || end === null) return "–";
    const [from, to] = [day(begin), day(end)];
    return from === to ? from : `${from} – ${to}`;
  }

  async function take(files) {
    if (files.length === 0) return;
    reading.textContent = words().reading(files.length);
    // Gives the page a moment to say so: reading a large report takes the thread.
    await new Promise((resolve) => setTimeout(resolve, 30));
    inputs = await Promise.all(files.map(async ({ path, file }) => ({ path, bytes: new Uint8Array(await file.arrayBuffer()) })));
    refresh();
    reading.textContent = words().read(inputs.length, Math.max(1, Math.round(taken)));
    outcome.scrollIntoView({ block: "nearest" });
  }

  function tiles({ totals, reports, sources, tls_reports: tls }) {
    const begins = [...reports, ...tls].map(({ begin }) => begin).filter((value) => value !== null);
    const ends = [...reports, ...tls].map(({ end }) => end).filter((value) => value !== null);
    const passed = sum(sources, ({ aligned }) => aligned);
    const judged = sum(sources, ({ messages }) => messages);
    const tile = (name, value, label, kind = "") => h("div", { class: `tile ${kind}`, data: { total: name } }, h("dd", {}, value), h("dt", {}, label));
    return h("dl", { class: "tiles" },
      tile("reports", number(totals.reports), words().total_reports),
      tile("messages", number(totals.messages_out), words().total_messages),
      totals.failure_reports > 0 && tile("failure_reports", number(totals.failure_reports), words().total_failure_reports),
      totals.tls_reports > 0 && tile("tls_reports", number(totals.tls_reports), words().total_tls_reports),
      totals.sessions_out > 0 && tile("sessions", number(totals.sessions_out), words().total_sessions),
      judged > 0 && tile("passed", share(passed, judged), words().total_passed),
      begins.length > 0 && ends.length > 0 && tile("period", period(Math.min(...begins), Math.max(...ends)), words().total_period, "wide"),
      totals.inputs_refused > 0 && tile("refused", number(totals.inputs_refused), words().total_refused, "bad"));
  }

  function remarks({ totals, skipped }) {
    return [
      totals.messages_duplicate > 0 && words().duplicates(number(totals.messages_duplicate)),
      totals.inputs_incomplete > 0 && words().incomplete(totals.inputs_incomplete),
      skipped.length > 0 && words().skipped(skipped.length),
    ].filter(Boolean).map((text) => h("p", { class: "remark" }, text));
  }

  function reporters(view, records) {
    const passes = new Map(grouped(records, (row) => row.report_key, (row) => ({ key: row.report_key, messages: 0, passed: 0 }),
      (group, row) => {
        group.messages += row.count ?? 0;
        group.passed += row.dmarc_pass ? row.count ?? 0 : 0;
      }).map((group) => [group.key, group]));
    const groups = grouped(view.reports.filter(counts), (report) => `${report.org_name}\n${report.policy.domain}`,
      (report) => ({ org: report.org_name, domain: report.policy.domain, policies: new Set(), reports: 0, messages: 0, passed: 0, begin: null, end: null }),
      (group, report) => {
        group.reports += 1;
        if (report.policy.p) group.policies.add(report.policy.p);
        group.messages += report.messages;
        group.passed += passes.get(report.report_key)?.passed ?? 0;
        if (report.begin !== null) group.begin = Math.min(group.begin ?? report.begin, report.begin);
        if (report.end !== null) group.end = Math.max(group.end ?? report.end, report.end);
      });
    const rows = groups.map((group) => [
      group.org ?? "–", group.domain ?? "–", [...group.policies].join(", ") || "–", period(group.begin, group.end),
      number(group.reports), number(group.messages), share(group.passed, group.messages)]);
    return longTable(words().by_reporter,
      [words().reporter, words().domain, words().policy_seen, words().period, words().reports, words().messages, words().passed],
      rows, { numeric: [4, 5] }, words());
  }

  function senders(sources) {
    const rows = sources.map((source) => [
      h("code", {}, source.source_ip || "–"),
      source.header_from.slice(0, 3).join(", ") + (source.header_from.length > 3 ? " …" : ""), number(source.messages),
      share(source.aligned, source.messages), share(source.dkim.pass, source.messages), share(source.spf.pass, source.messages)]);
    return longTable(words().by_source,
      [words().source, words().from, words().messages, words().dmarc, words().dkim, words().spf], rows, { numeric: [2] }, words());
  }

  function verdictWord(value) {
    return value === null ? "–" : h("span", { class: `result ${value === "pass" ? "pass" : "fail"}` }, value);
  }

  function recordRows(records) {
    const holder = h("div");
    const filter = h("input", { type: "search", id: "filter", autocomplete: "off" });
    const paint = () => {
      const wanted = filter.value.trim().toLowerCase();
      const rows = records
        .filter((row) => [row.source_ip, row.header_from, row.reporter_org, row.policy_domain].some((text) => text?.toLowerCase().includes(wanted)))
        .map((row) => [
          h("code", {}, row.source_ip ?? row.source_ip_raw ?? "–"), row.header_from ?? "–", row.count === null ? "–" : number(row.count),
          verdictWord(row.dkim_verdict), verdictWord(row.spf_verdict), row.disposition ?? "–", row.reporter_org ?? "–",
          row.begin === null ? "–" : day(row.begin)]);
      holder.replaceChildren(longTable(words().records, [words().source, words().from, words().messages, words().dkim,
        words().spf, words().disposition, words().reporter, words().period], rows, { numeric: [2] }, words()));
    };
    filter.addEventListener("input", paint);
    paint();
    return h("div", {}, h("p", { class: "filter" }, h("label", { htmlFor: "filter" }, words().filter), filter), holder);
  }

  /** What a rule says in general: its sentence with dots for what differs per finding. */
  const general = (rule, code) => sentence((rule?.message || code).replace(/\{\w+\}/g, "…"));

  function findings(view) {
    const known = new Map(reader.rules({ lang: settings.lang }).map((rule) => [rule.code, rule]));
    const rows = Object.entries(view.findings).sort((a, b) => b[1] - a[1]).map(([code, count]) => [
      h("span", {}, h("span", { class: `badge ${known.get(code)?.severity ?? "notice"}` }, words()[known.get(code)?.severity ?? "notice"])),
      h("span", {}, general(known.get(code), code), h("small", {}, h("code", {}, code))), number(count)]);
    return rows.length > 0 && longTable(words().report_findings, ["", words().finding, words().times], rows, { numeric: [2], text: [1] }, words());
  }

  const firsts = (items) => items.filter(({ duplicate_of: earlier }) => earlier === null);

  function failures(view) {
    const rows = firsts(view.failure_reports).map((report) => [
      report.arrival === null ? "–" : day(report.arrival), report.header_from ?? report.reported_domain[0] ?? "–",
      h("code", {}, report.source_ip ?? report.source_ip_raw ?? "–"), report.auth_failure.join(", ") || report.feedback_type || "–",
      report.delivery_result ?? "–", report.subject ?? "–"]);
    return rows.length > 0 && longTable(words().failure_reports, [words().day, words().from, words().source, words().failed,
      words().disposition, words().subject], rows, { text: [5] }, words());
  }

  function sessions(view) {
    const policies = firsts(view.tls_reports).flatMap((report) => report.policies.map((policy) => ({ ...policy, messages: policy.failure ?? 0 })));
    const key = ({ policy_domain: domain, policy_type: type }) => `${domain}\n${type}`;
    const groups = grouped(policies, key, (policy) => ({ ...policy, messages: 0, success: 0, failures: [] }), (group, policy) => {
      group.messages += policy.messages;
      group.success += policy.success ?? 0;
      group.failures.push(...policy.failures);
    });
    const rows = groups.map((group) => [group.policy_domain ?? "–", group.policy_type ?? "–", number(group.success), number(group.messages),
      [...new Set(group.failures.map(({ result_type_raw: raw, result_type: type }) => raw ?? type ?? "–"))].join(", ") || "–"]);
    return rows.length > 0 && longTable(words().tls_reports, [words().domain, words().policy_seen, words().succeeded, words().failed,
      words().refused_why], rows, { numeric: [2, 3], text: [4] }, words());
  }

  function refused(view) {
    const rows = view.refused.map((item) => [
      h("span", {}, item.path, item.container_path && h("small", {}, item.container_path)),
      h("span", {}, sentence(item.message), h("small", {}, h("code", {}, item.code)))]);
    return rows.length > 0 && longTable(words().refused, [words().file, words().refused_why], rows, { text: [0, 1] }, words());
  }

  function refresh() {
    if (inputs.length === 0) return outcome.replaceChildren();
    const began = performance.now();
    const view = reader.readReports(inputs, { lang: settings.lang });
    taken = performance.now() - began;
    const { records } = view;
    outcome.replaceChildren(...[
      tiles(view), ...remarks(view), refused(view), notCounted(view, settings),
      view.streams.length > 0 && streamsTable(view, settings), view.changes.length > 0 && changesTable(view, settings),
      view.streams.length > 0 && whatIf(reader, view, inputs, settings),
      view.reports.length > 0 && reporters(view, records), view.sources.length > 0 && senders(view.sources),
      failures(view), sessions(view), findings(view), records.length > 0 && recordRows(records),
      h("p", { class: "actions" }, h("button", { type: "button", class: "quiet", on: { click: clear } }, words().clear)),
    ].filter(Boolean));
  }

  function clear() {
    inputs = [];
    reading.textContent = "";
    refresh();
    part.querySelector("#files").focus();
  }

  for (const name of ["files", "folder"]) {
    part.querySelector(`#${name}`).addEventListener("change", async (event) => {
      await take([...event.target.files].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
      event.target.value = "";
    });
  }
  // A file that misses the area must not replace the page.
  for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());
  drop.addEventListener("dragover", () => drop.classList.add("over"));
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", async (event) => {
    drop.classList.remove("over");
    await take(await filesOf(event.dataTransfer));
  });

  return { refresh };
}
