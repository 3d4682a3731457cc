// The domain part of the page in Debian's Chromium: where a domain stands, what to publish next, and for whom to wait.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { run, sumReports } from "../../pkg/node/index.js";
import { context, page } from "./opened.mjs";

const data = fileURLToPath(new URL("../../../examples/data", import.meta.url));
const sample = () => readdirSync(join(data, "reports"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  .map((entry) => ({ path: entry.name, bytes: readFileSync(join(entry.parentPath ?? entry.path, entry.name)) }));

const records = () => page.locator("#domain-records");
const report = () => page.locator("#domain .report");
const state = (which) => page.locator(`#domain [data-state="${which}"]`);
const plan = () => page.locator("#domain .plan");
const zone = (...lines) => ["$ORIGIN example.org.", "@ 60 IN SOA ns hostmaster 1 1d 2h 4w 5m", ...lines, ""].join("\n");

async function dropped(files) {
  const transfer = await page.evaluateHandle((list) => {
    const given = new DataTransfer();
    for (const { path, octets } of list) given.items.add(new File([new Uint8Array(octets)], path));
    return given;
  }, files.map(({ path, bytes }) => ({ path, octets: [...bytes] })));
  await page.dispatchEvent("#domain", "drop", { dataTransfer: transfer });
}

test("a pasted zone says where its domain stands, and gives the line to publish", async () => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await records().fill(zone("@ 60 IN MX 10 mx", "mx 60 IN A 192.0.2.1", '@ 60 IN TXT "v=spf1 mx -all"'));
  await state("no-policy").waitFor();
  assert.match(await state("no-policy").textContent(), /say nothing about _dmarc\.org; it is taken to have no DMARC record/);
  assert.equal(await page.locator("#domain-name").inputValue(), "example.org");
  assert.match(await page.locator("#domain .step-word").textContent(), /^Step 1 of 6/);
  const line = await plan().locator(".lines").first().textContent();
  assert.match(line, /^_dmarc\.example\.org\. IN TXT "v=DMARC1; p=none; rua=mailto:/);
  await plan().getByRole("button", { name: "Copy the lines" }).first().click();
  await plan().getByRole("button", { name: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), line);
  await records().fill(zone("@ 60 IN MX 0 .", '@ 60 IN TXT "v=spf1 -all"', '_dmarc 60 IN TXT "v=DMARC1; p=reject"'));
  await state("reject").waitFor();
  assert.equal(await page.locator("#domain .step-word").textContent(), "It has no mail, and says so.");
});

test("dropped records and reports give the report that the library gives", async () => {
  const snapshot = readFileSync(join(data, "snapshot.json"));
  await dropped([{ path: "snapshot.json", bytes: snapshot }, ...sample()]);
  await page.locator("#domain-streams").waitFor();
  const facts = JSON.parse(snapshot);
  const check = { check: "domain", domain: "voorbeeld.example", edition: "rfc9989", now: facts.captured, reports: sumReports("voorbeeld.example", sample()) };
  const view = await run(check, () => ({ status: "not-possible" }), { facts });
  assert.equal(await page.locator("#domain-name").inputValue(), "voorbeeld.example");
  for (const profile of view.profiles) {
    const shown = await page.locator(`#domain .profile[data-profile="${profile.id}"] .rule`).evaluateAll((rules) => rules.map(({ dataset }) => [dataset.rule, dataset.verdict]));
    assert.deepEqual(shown, profile.rules.map(({ id, verdict }) => [id, verdict]));
  }
  const actions = await page.locator("#domain [aria-labelledby=domain-actions] li").evaluateAll((items) => items.map(({ dataset }) => dataset.code));
  assert.deepEqual(actions, view.actions.map(({ code }) => code));
  assert.equal(await page.locator("#domain .stairs [aria-current=step]").evaluate((step) => [...step.parentNode.children].indexOf(step) + 1), view.plan.step);
  const streams = await page.locator("#domain-streams .stream").evaluateAll((shown) => shown.map(({ dataset }) => dataset.key));
  assert.deepEqual(streams, view.streams.slice(0, streams.length).map(({ key }) => key));
  assert.ok(streams.length >= 10);
  assert.doesNotMatch(await report().textContent(), /\[object|undefined|NaN/);
});

test("a sender that is not one's own can be left out of account, and counted again", async () => {
  await page.click("#domain-example");
  await plan().getByText("Publish nothing").waitFor();
  assert.match(await plan().textContent(), /1,900 messages of your own in the last 5 weeks \(11\.35% of your mail\)/);
  await plan().getByRole("button", { name: /^Go on without it/ }).click();
  await plan().getByText("Publish now: to step 4, quarantine").waitFor();
  assert.match(await plan().locator(".lines").first().textContent(), /; goes: .*p=none.*\n_dmarc\.vereniging\.example\. IN TXT "v=DMARC1; p=quarantine; t=y;/);
  assert.match(await plan().locator(".lines").last().textContent(), /p=none/);
  await plan().getByRole("button", { name: "count it again" }).click();
  await plan().getByText("Publish nothing").waitFor();
});

test("what only the owner knows is asked, and counts", async () => {
  await page.click("#domain-example");
  await page.locator("#domain-streams").waitFor();
  await page.getByRole("button", { name: "forget them" }).click();
  await page.locator("#domain-streams").waitFor({ state: "detached" });
  const key = page.locator("#domain .rule[data-rule=FORUM-1-DKIM]");
  assert.equal(await key.getAttribute("data-verdict"), "undetermined");
  await page.locator("#domain-selectors").fill("kantoor");
  await page.locator("#domain .rule[data-rule=FORUM-1-DKIM][data-verdict=pass]").waitFor({ state: "attached" });
  await page.locator("#domain-sends").selectOption("no");
  await page.locator("#domain .rule[data-rule=FORUM-1-DKIM][data-verdict=not-applicable]").waitFor({ state: "attached" });
});

test("it works with the keyboard alone, and speaks Dutch without folding what was opened", async () => {
  await page.locator("#domain-example").focus();
  await page.keyboard.press("Enter");
  await report().waitFor();
  const forum = page.locator("#domain .profile[data-profile=forum]");
  await forum.locator("summary").first().focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  const first = forum.locator(".rule").first();
  assert.equal(await first.evaluate((rule) => rule.open), true);
  await page.getByText("Nederlands").click();
  await page.getByText("Stap 3 van 6 op weg naar p=reject").waitFor();
  assert.equal(await forum.evaluate((profile) => profile.open), true);
  assert.equal(await first.evaluate((rule) => rule.open), true);
  assert.match(await forum.textContent(), /Forum Standaardisatie.*voldaan/);
  const named = await page.locator("#domain button, #domain summary, #domain select, #domain input, #domain textarea")
    .evaluateAll((fields) => fields.filter((field) => !(field.textContent.trim() || field.labels?.length)).length);
  assert.equal(named, 0, "every field and button has a name");
});

test("on paper there is the report, whole, and nothing else", async () => {
  await page.click("#domain-example");
  await report().waitFor();
  await page.emulateMedia({ media: "print" });
  const seen = await page.evaluate(() => new Promise((resolve) => {
    const shown = (selector) => document.querySelector(selector).checkVisibility();
    window.print = () => resolve({
      report: shown("#domain .report"), rule: shown("#domain .rule-body"), fields: shown("#domain-records"),
      others: shown("#reports"), button: shown("#domain .report-title button") });
    document.querySelector("#domain .report-title button").click();
  }));
  assert.deepEqual(seen, { report: true, rule: true, fields: false, others: false, button: false });
  await page.emulateMedia({ media: "screen" });
  assert.equal(await page.locator("#domain .profile[open]").count(), 0);
});

test("what is wrong is told beside the field, and text never becomes markup", async () => {
  await records().fill("{ \"names\": ");
  await page.locator("#domain-name").fill("example.org");
  await page.locator("#domain-problem").waitFor({ state: "visible" });
  assert.match(await page.locator("#domain-problem").textContent(), /no JSON/);
  await page.locator("#domain-name").fill("no name");
  await records().fill(zone());
  await page.getByText("This is no domain name.").waitFor();
  const names = { "example.org": { TXT: ["v=spf1 x=<img/src=x> -all"] }, "_dmarc.example.org": { TXT: ["v=DMARC1; p=<b>x</b>; rua=mailto:a@<i>.example"] } };
  await page.locator("#domain-name").fill("example.org");
  await records().fill(JSON.stringify({ names }));
  await state("none").or(state("no-policy")).first().waitFor();
  assert.equal(await page.locator("#domain .report :is(img, b, i)").count(), 0);
  assert.equal(await page.locator("#domain-problem").isVisible(), false);
  await records().fill("");
  await page.getByText("Paste the records of a domain, or try the example.").waitFor();
});
