// The message part of the page: a header and the records that hold for it, in both languages and under both editions.

import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./opened.mjs";

const header = () => page.getByRole("textbox", { name: "Message, or its header" });
const records = () => page.getByRole("textbox", { name: "What the DNS says of its domains" });
const verdict = () => page.locator("#message .verdict");
const result = () => verdict().getAttribute("data-result");

test("the example fails, and the steps say why", async () => {
  await page.getByRole("button", { name: "Try a newsletter that does not align" }).click();
  await page.waitForSelector("#message .verdict[data-result=fail]");
  assert.match(await verdict().textContent(), /fails DMARC/);
  const rows = await page.locator("#message tbody tr").allTextContents();
  assert.equal(rows.length, 2);
  assert.ok(rows.every((row) => row.endsWith("no")), rows.join(" | "));
  const steps = await page.locator("#message .steps li").allTextContents();
  assert.ok(steps.some((step) => step.includes("does not align")), steps.join("\n"));
  const found = page.locator("#message .finding");
  assert.deepEqual(await found.evaluateAll((all) => all.map((one) => one.dataset.code)),
    ["dkim-signature/not-from-domain", "dkim-signature/body-length"]);
  assert.equal(await found.nth(1).locator("mark").textContent(), "512");
});

test("a header that is typed passes by a domain of its own", async () => {
  await header().fill("Authentication-Results: mx.example.net; dkim=pass header.d=example.com\nFrom: Büro <a@example.com>\n");
  await records().fill("$ORIGIN example.com.\n@ 300 IN SOA ns.example.net. h.example.net. 1 2 3 4 5\n_dmarc 300 IN TXT \"v=DMARC1; p=reject\"");
  await page.waitForSelector("#message .verdict[data-result=pass]");
  await page.locator("#lang label", { hasText: "Nederlands" }).click();
  await page.waitForFunction(() => document.querySelector("#message .headline").textContent.includes("slaagt voor DMARC"));
  await header().or(page.getByRole("textbox", { name: "Bericht, of alleen de headers" })).fill("Subject: niemand\n");
  await page.waitForSelector("#message .verdict[data-result=none]");
});

test("records that do not tell leave the verdict open, and broken ones are told", async () => {
  await header().fill("From: a@example.com\n");
  await page.waitForSelector("#message .verdict[data-result=unknown]");
  await records().fill("{ no JSON");
  await page.waitForSelector("#message-problem:not([hidden])");
  assert.match(await page.locator("#message-problem").textContent(), /no JSON/);
  await records().fill("");
  await page.waitForSelector("#message .verdict[data-result=unknown]");
  assert.equal(await result(), "unknown");
  assert.ok(await page.locator("#message-problem").isHidden());
});
