// Streams and the what-if on the page, over the sample's reports and over some that were given twice or contradict each other.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { dropped, page } from "./opened.mjs";

const folder = fileURLToPath(new URL("../../../examples/data/reports", import.meta.url));
const sample = () => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  .map((entry) => ({ name: entry.name, content: readFileSync(join(entry.parentPath ?? entry.path, entry.name)) }));

const newsletter = () => page.locator(".stream[data-key='foreign:nieuwsbrieven.example']");
const outcome = () => page.locator("#what-if-outcome");

test("streams say what they are and what to do, and what they rest on when asked", async () => {
  await dropped(sample());
  const row = page.locator("#streams tr", { has: newsletter() });
  assert.match(await row.textContent(), /nieuwsbrieven\.example.*set up wrongly.*3,724.*0%.*0%.*have it sign as your domain/);
  assert.equal(await newsletter().locator(".evidence").isVisible(), false);
  await newsletter().locator("summary").focus();
  await page.keyboard.press("Enter");
  assert.match(await newsletter().locator(".evidence").textContent(), /it passes as somebody else, week after week/);
  await page.getByText("Nederlands").click();
  assert.match(await row.textContent(), /verkeerd ingericht.*3\.724.*laat het als uw domein ondertekenen/);
});

test("a policy that is chosen shows what would be lost, and whose", async () => {
  await dropped(sample());
  await page.locator("#what-if-p").focus();
  await page.keyboard.press("r");
  const headline = outcome().locator(".headline");
  await headline.waitFor();
  assert.match(await headline.textContent(), /^[\d,]+ messages of your own senders would be quarantined or rejected/);
  const row = outcome().locator("tbody tr", { hasText: "nieuwsbrieven.example" });
  assert.match(await row.textContent(), /set up wrongly3,7243,7243,7240/);
  assert.match(await outcome().textContent(), /v=DMARC1; p=reject;/);
  await page.selectOption("#what-if-p", "none");
  await outcome().getByText("No message of your own senders").waitFor();
  await page.selectOption("#what-if-p", "");
  await page.selectOption("#what-if-adkim", "s");
  await outcome().getByText("adkim=s").waitFor();
});

const report = (id, count, ip = "192.0.2.7") => `<feedback><report_metadata><org_name>receiver.example</org_name><report_id>${id}</report_id>
<date_range><begin>1790121600</begin><end>1790207999</end></date_range></report_metadata><policy_published><domain>example.com</domain><p>none</p>
</policy_published><record><row><source_ip>${ip}</source_ip><count>${count}</count><policy_evaluated><dkim>fail</dkim><spf>fail</spf></policy_evaluated>
</row><identifiers><header_from>example.com</header_from></identifiers></record></feedback>`;

test("reports that are not added up are named, with the one that is", async () => {
  await dropped([["a.xml", report(1, 5)], ["b.xml", report(1, 5)], ["c.xml", report(1, 6)]]
    .map(([name, text]) => ({ name, content: Buffer.from(text) })));
  const rows = await page.locator("#not-counted tbody tr").allTextContents();
  assert.deepEqual(rows, ["b.xmlthe same report as a.xml5", "c.xmlthe identifiers of a.xml, and other content6"]);
  assert.equal(await page.locator("#streams tbody tr").count(), 1);
  assert.match(await page.locator("#streams tbody tr").textContent(), /unauthorised5/);
});
