// Reports from JavaScript: one, many, what is refused, rows, sums, and what is no input.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { readReport, readReports, rehearse, run, sumReports, writeReport } from "../pkg/node/index.js";

const report = (messages, verdict = "pass") => `<feedback><report_metadata><org_name>receiver.example</org_name>
<email>noreply@receiver.example</email><report_id>${messages}</report_id>
<date_range><begin>1790121600</begin><end>1790207999</end></date_range></report_metadata>
<policy_published><domain>example.com</domain><p>none</p></policy_published>
<record><row><source_ip>192.0.2.7</source_ip><count>${messages}</count><policy_evaluated><disposition>none</disposition>
<dkim>${verdict}</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>Example.com</header_from></identifiers>
<auth_results><dkim><domain>example.com</domain><selector>s</selector><result>${verdict}</result></dkim>
<spf><domain>bounce.example.net</domain><result>pass</result></spf></auth_results></record></feedback>`;

test("one report gives totals, the report, its sources and its records", () => {
  const view = readReport(gzipSync(report(12)), { name: "a.xml.gz" });
  assert.equal(view.schema, "dmarc-check/reports/1");
  assert.equal(view.totals.messages_in, 12);
  assert.equal(view.reports[0].path, "a.xml.gz");
  assert.equal(view.reports[0].policy.p, "none");
  assert.equal(view.sources[0].source_ip, "192.0.2.7");
  const [row] = view.records;
  assert.deepEqual(
    [row.report_key, row.source_ip, row.count, row.dkim_verdict, row.spf_verdict, row.dmarc_pass, row.header_from, row.header_from_raw],
    [view.reports[0].report_key, "192.0.2.7", 12, "pass", "fail", true, "example.com", "Example.com"]);
  assert.deepEqual(row.dkim, [{ domain: "example.com", selector: "s", result: "pass", result_raw: null, aligned: true }]);
  assert.equal(row.begin, 1790121600);
});

test("text and octets are read alike", () => {
  assert.deepEqual(readReport(report(3)), readReport(new TextEncoder().encode(report(3))));
});

test("one bad input stops no other, and says in both languages why", () => {
  const inputs = [{ path: "a", bytes: report(5) }, { path: "b", bytes: "<!doctype html><p>hello" }, { path: "c", bytes: report(7, "fail") }];
  const [english, dutch] = ["en", "nl"].map((lang) => readReports(inputs, { lang }));
  assert.deepEqual([english.totals.inputs, english.totals.inputs_refused, english.totals.messages_out], [3, 1, 12]);
  assert.equal(english.refused[0].path, "b");
  assert.equal(english.refused[0].code, dutch.refused[0].code);
  assert.notEqual(english.refused[0].message, dutch.refused[0].message);
  assert.deepEqual(english.records.map(({ dmarc_pass: pass }) => pass), [true, false]);
});

test("rows and places are left out or given as asked", () => {
  const odd = report(5).replace("<p>none</p>", "<p>nonsense</p>");
  const view = readReport(odd, { records: false, places: true });
  assert.equal("records" in view, false);
  const place = view.places.find(({ place: { path } }) => path.includes("policy_published"));
  assert.equal(place.report_key, view.reports[0].report_key);
  assert.ok(place.place.line > 0 && place.message);
  assert.equal("places" in readReport(odd), false);
});

test("sums of reports take part in the check of a domain", async () => {
  const reports = sumReports("example.com", [{ path: "a", bytes: report(5) }, { path: "b", bytes: report(7, "fail") }]);
  assert.equal(reports.messages, 12);
  const view = await run({ check: "domain", domain: "example.com", reports }, ({ kind }) => ({ status: kind === "dns" ? "nxdomain" : "not-possible" }));
  assert.deepEqual([view.reports.messages, view.reports.aligned], [12, 5]);
  assert.equal(sumReports("example.org", [{ path: "a", bytes: report(5) }]).messages, 0);
  assert.equal("rows" in reports, false);
  const { rows } = sumReports("example.com", [{ path: "a", bytes: report(5) }], { rows: true });
  assert.deepEqual([rows.version, rows.rows.length, rows.rows[0].messages], [1, 1, 5]);
});

test("a change of records is rehearsed on what was reported", () => {
  const reports = sumReports("example.com", [{ path: "a", bytes: report(5) }, { path: "b", bytes: report(7, "fail") }], { rows: true });
  const from = { zone_files: ["$ORIGIN example.com.\n@ 60 SOA ns hostmaster 1 1d 2h 4w 5m\n_dmarc TXT \"v=DMARC1; p=none\"\n"] };
  const view = rehearse({ reports, from, domain: "example.com", set: { p: "quarantine", pct: 50 }, public_suffix: ["com"] });
  assert.deepEqual([view.schema, view.record.to], ["dmarc-check/change/1", "v=DMARC1; p=quarantine; pct=50"]);
  assert.deepEqual(view.editions.map(({ edition, totals }) => [edition, totals.messages, totals.passed_before]),
    [["rfc9989", 12, 5], ["rfc7489", 12, 5]]);
  const codes = [{ from, set: { p: "reject" } }, { from, domain: "example.com", set: { p: "no" } }, { from, domain: "example.com", set: { q: "no" } }]
    .map((wrong) => { try { rehearse({ reports, ...wrong }); } catch (error) { return error.code; } });
  assert.deepEqual(codes, ["rehearsal/no-change", "build/value", "build/unknown-tag"]);
  assert.throws(() => rehearse({ reports: { ...reports, rows: undefined }, from, domain: "example.com", set: { p: "none" } }), { code: "rehearsal/no-rows" });
  assert.throws(() => rehearse({ reports, from: { zone: "" } }), { code: "invalid-argument" });
});

test("limits are the caller's, and what could not be had is counted", () => {
  const inputs = [{ path: "a", bytes: report(5) }, { path: "b", unreadable: "permission denied" }];
  assert.deepEqual(readReports(inputs).refused.map(({ code }) => code), ["report/unreadable"]);
  assert.equal(readReports(inputs, { limits: { input_octets: 10 } }).totals.inputs_refused, 2);
  assert.throws(() => readReports(inputs, { limits: { input_octet: 10 } }), { code: "invalid-argument" });
});

test("what is no input is refused with a code", () => {
  const invalid = { name: "Error", code: "invalid-argument" };
  assert.throws(() => readReport(7), invalid);
  assert.throws(() => readReports("reports"), invalid);
  assert.throws(() => readReports([report(5)]), invalid);
  assert.throws(() => readReports([null]), invalid);
  assert.throws(() => readReports([{ path: "a" }]), invalid);
  assert.throws(() => readReports([{ path: 7, bytes: report(5) }]), invalid);
  assert.throws(() => readReports([], { rows: false }), invalid);
  assert.throws(() => sumReports("a..b", []), invalid);
  assert.throws(() => sumReports(7, []), invalid);
  assert.throws(() => sumReports("example.com", [], { row: true }), invalid);
  assert.equal(readReports([]).totals.inputs, 0);
});

test("the sample is read as its model says", () => {
  const folder = fileURLToPath(new URL("../../examples/data/", import.meta.url));
  const inputs = readdirSync(join(folder, "reports"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort()
    .map((path) => ({ path, bytes: new Uint8Array(readFileSync(path)) }));
  const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8"));
  const view = readReports(inputs, { records: false });
  // The model knows aggregate reports alone; of the other kinds there are none.
  const others = Object.keys(view.totals).filter((key) => !(key in expected.totals));
  assert.deepEqual(view.totals, {
    ...Object.fromEntries(others.map((key) => [key, 0])), refused: expected.refused.length, skipped: expected.skipped.length,
    ...expected.totals });
  assert.equal(view.refused.length, expected.refused.length);
  assert.equal(view.skipped.length, expected.skipped.length);
});

test("a bomb is refused in bounded memory", () => {
  const bomb = gzipSync(Buffer.alloc(200 << 20, 0x20));
  const view = readReport(bomb);
  assert.equal(view.totals.inputs_refused, 1);
  assert.ok(view.refused[0].message);
});

test("a report is written, and read as it was meant", () => {
  const record = { source_ip: "2001:db8::1", count: 7, disposition: "reject", dkim: "fail", spf: "fail", header_from: "example.com" };
  const draft = { kind: "aggregate", submitter: "receiver.example", org_name: "A & B", email: "dmarc@receiver.example", report_id: "r1",
    begin: 1709164800, end: 1709251199, domain: "example.com", p: "reject", records: [record] };
  const written = writeReport(draft);
  assert.equal(written.file_name, "receiver.example!example.com!1709164800!1709251199.xml.gz");
  assert.equal(written.subject, "Report Domain: example.com Submitter: receiver.example Report-ID: <r1>");
  const view = readReport(written.document);
  assert.deepEqual([view.reports[0].org_name, view.totals.messages_out, view.records[0].source_ip], ["A & B", 7, "2001:db8::1"]);
  assert.throws(() => writeReport({ ...draft, records: [{ ...record, dkim: "maybe" }] }), { code: "invalid-argument" });
  assert.throws(() => writeReport({ ...draft, pct: 50 }), /pct/);
});

test("a report on TLS is written and read, and no failure report shows what is to be hidden", () => {
  const policy = { policy_type: "sts", policy_domain: "example.com", success: 5, failure: 1,
    failures: [{ result_type: "certificate-expired", sending_ip: "192.0.2.1", sessions: 1 }] };
  const { document } = writeReport({ kind: "tls", organization: "Receiver", contact: "tls@receiver.example", report_id: "r1",
    begin: 1709164800, end: 1709251199, domain: "example.com", policies: [policy] });
  const [report] = readReport(document).tls_reports;
  assert.deepEqual([report.organization, report.policies[0].success, report.policies[0].failures[0].result_type],
    ["Receiver", 5, "certificate-expired"]);
  const mail = "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\n" +
    "Feedback-Type: auth-failure\nOriginal-Mail-From: <someone@example.com>\n--b--\n";
  assert.equal(readReport(mail).failure_reports[0].original_mail_from, "someone@example.com");
  assert.equal(readReport(mail, { privacy: "drop" }).failure_reports[0].original_mail_from, "@example.com");
  assert.throws(() => readReport(mail, { privacy: "hash" }), { code: "invalid-argument" });
});
