// The SPF part of the page in Debian's Chromium: the tree from pasted records, folded and unfolded, and one address.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { page } from "./opened.mjs";

const zone = readFileSync(new URL("../../../examples/data/zwaar.example.zone", import.meta.url), "utf8");

const records = () => page.getByRole("textbox", { name: "Zone file or snapshot" });
const address = () => page.getByRole("textbox", { name: "Would this address pass?" });
const term = (text) => page.locator(`#spf .tree li[data-term="${text}"]`);
const count = (text) => term(text).locator(".count").first().textContent();

test("pasted records become a tree with the count of every branch, and the limit marked", async () => {
  await records().fill(zone);
  assert.equal(await page.locator("#spf-domain").inputValue(), "zwaar.example");
  await page.locator("#spf .verdict.unusable").waitFor();
  assert.match(await page.locator("#spf-outcome .verdict").textContent(), /14 lookups; receivers stop after 10/);
  assert.equal(await count("include:_spf.kantoorpakket.example"), "3 lookups");
  assert.equal(await count("a:oud.zwaar.example"), "1 lookup");
  const badges = (text) => term(text).locator(".badge").first().textContent();
  assert.equal(await badges("a:oud.zwaar.example"), "finds nothing");
  assert.equal(await badges("ip4:192.0.2.8/30"), "within a wider range");
  assert.equal(await badges("ip4:203.0.113.99"), "never reached");
  // The limit stands before the first term that is beyond it.
  const after = await page.locator("#spf .tree .limit + li").getAttribute("data-term");
  assert.equal(after, "include:spf.helpdesk.example");
  assert.equal(await page.locator("#spf .finding[data-code='spf/lookup-limit'] mark").textContent(), "include:spf.helpdesk.example");
  assert.doesNotMatch(await page.locator("#spf-outcome").textContent(), /\[object/);
});

test("a branch folds and unfolds, keeps its count, and stays as it was", async () => {
  await records().fill(zone);
  const inner = term("include:_spf1.kantoorpakket.example");
  await inner.waitFor();
  await term("include:_spf.kantoorpakket.example").locator("summary").first().click();
  assert.equal(await inner.isVisible(), false);
  assert.equal(await count("include:_spf.kantoorpakket.example"), "3 lookups");
  await address().fill("192.0.2.1");
  await page.locator("#spf-answer [data-result=pass]").waitFor();
  assert.equal(await inner.isVisible(), false);
  await page.getByRole("button", { name: "Unfold all" }).click();
  assert.equal(await inner.isVisible(), true);
  await page.getByRole("button", { name: "Fold all", exact: true }).click();
  assert.equal(await term("include:pool.nieuwspost.example").isVisible(), false);
});

test("an address gets its answer in place, and the way to it is marked", async () => {
  await records().fill(zone);
  await address().fill("203.0.113.70");
  await page.locator("#spf-answer [data-result=pass]").waitFor();
  assert.match(await page.locator("#spf-answer").textContent(), /Yes: it passes.*include:_spf\.klantbeheer\.example/);
  const marked = await page.locator("#spf .tree li.marked").evaluateAll((items) => items.map((item) => item.dataset.term));
  assert.deepEqual(marked, ["include:_spf.klantbeheer.example", "ip4:203.0.113.64/28"]);
  await address().fill("203.0.113.200");
  await page.locator("#spf-answer [data-result=permerror]").waitFor();
  await page.getByRole("textbox", { name: /With mail from/ }).fill("info@nobody.example");
  await page.locator("#spf-answer [data-result=none]").waitFor();
  await address().fill("not an address");
  await page.locator("#spf-problem").waitFor({ state: "visible" });
  assert.match(await page.locator("#spf-problem").textContent(), /no address of a client/);
  assert.equal(await page.locator("#spf .tree").count(), 1);
});

test("a snapshot is read too, what it does not tell stays open, and text never becomes markup", async () => {
  const names = { "example.org": { TXT: ["v=spf1 include:_spf.example.net x=<img/src=x> -all"] } };
  await records().fill(JSON.stringify({ complete: false, names }));
  assert.equal(await page.locator("#spf-domain").inputValue(), "example.org");
  await page.locator("#spf .verdict.acts-as-none").waitFor();
  assert.match(await page.locator("#spf-outcome").textContent(), /these records do not tell _spf\.example\.net TXT/);
  assert.equal(await page.locator("#spf img").count(), 0);
  await records().fill("{ \"names\": ");
  await page.locator("#spf-problem").waitFor({ state: "visible" });
  assert.match(await page.locator("#spf-problem").textContent(), /no JSON/);
  await records().fill("");
  assert.match(await page.locator("#spf-outcome").textContent(), /^Paste the records/);
});

test("a dropped file is read", async () => {
  const transfer = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "zwaar.example.zone"));
    return data;
  }, zone);
  await page.dispatchEvent("#spf-records", "drop", { dataTransfer: transfer });
  await term("include:_spf.wolkmail.example").first().waitFor();
  assert.equal(await records().inputValue(), zone);
});

test("it speaks Dutch, and works with the keyboard alone", async () => {
  await page.locator("#spf-example").focus();
  await page.keyboard.press("Enter");
  await page.locator("#spf .tree").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.type("203.0.113.70");
  await page.locator("#spf-answer [data-result=pass]").waitFor();
  const focused = () => page.evaluate(() => document.activeElement.tagName);
  for (let step = 0; step < 8 && await focused() !== "SUMMARY"; step += 1) await page.keyboard.press("Tab");
  assert.equal(await focused(), "SUMMARY");
  const branch = page.locator("#spf .tree details").first();
  await page.keyboard.press("Enter");
  assert.equal(await branch.evaluate((element) => element.open), false);
  await page.keyboard.press("Space");
  assert.equal(await branch.evaluate((element) => element.open), true);
  await page.getByText("Nederlands").click();
  await page.getByText("Ja: het slaagt.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Alles inklappen" }).count(), 1);
  assert.match(await page.locator("#spf .tree .limit").textContent(), /^De grens van 10/);
});
