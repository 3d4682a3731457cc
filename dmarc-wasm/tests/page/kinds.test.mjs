// Failure reports and reports on TLS on the page of examples/browser, in both languages.

import assert from "node:assert/strict";
import { test } from "node:test";
import { writeReport } from "../../pkg/node/index.js";
import { dropped, page } from "./opened.mjs";

const failure = (from, subject) => writeReport({
  kind: "failure", from: "dmarc@receiver.example", to: ["ruf@example.com"], date: 1790121660, user_agent: "Sample/1.0", auth_failure: "dmarc",
  authentication_results: "receiver.example; dmarc=fail header.from=example.com", identity_alignment: ["dkim", "spf"],
  delivery_result: "reject", arrival: 1790121600, source_ip: "2001:db8::7", reported_domain: ["example.com"],
  message: `From: ${from}\r\nSubject: ${subject}\r\n\r\nText\r\n`,
});

const tls = writeReport({
  kind: "tls", organization: "Receiver", contact: "tls@receiver.example", report_id: "r1", begin: 1790121600, end: 1790207999,
  domain: "example.com", policies: [{ policy_type: "sts", policy_domain: "example.com", success: 1200, failure: 34,
    failures: [{ result_type: "certificate-expired", sending_ip: "192.0.2.1", sessions: 34 }] }],
});

const files = [failure("someone@example.com", "Hello"), failure("<b>@example.com", "<script>alert(1)</script>"), tls].map(
  ({ document }, index) => ({ name: `${index}.eml`, content: Buffer.from(document) }));

const total = (name) => page.locator(`[data-total=${name}] dd`).textContent();
const outcome = () => page.locator("#outcome").textContent();

test("failure reports and reports on TLS are told beside the others", async () => {
  await dropped(files);
  assert.equal(await total("failure_reports"), "2");
  assert.equal(await total("tls_reports"), "1");
  for (const text of ["Single messages that failed", "2001:db8::7", "Hello", "<script>alert(1)</script>", "certificate-expired", "1,200"]) {
    assert.ok((await outcome()).includes(text), text);
  }
  // What a report says is text, and never part of the page.
  assert.equal(await page.locator("#outcome script").count(), 0);
});

test("the same in Dutch", async () => {
  await dropped(files);
  await page.getByText("Nederlands").click();
  for (const text of ["Losse berichten die faalden", "Sessies met TLS, volgens de verzendende servers", "foutrapporten", "TLS-rapporten", "1.200"]) {
    assert.ok((await outcome()).includes(text), text);
  }
  if (process.env.SCREENSHOT) await page.locator("#outcome").screenshot({ path: process.env.SCREENSHOT });
});
