// The page of examples/browser in Debian's Chromium: typing, fixing, languages, reports, and that nothing leaves it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { serve } from "../../../examples/browser/serve.mjs";
import { texts } from "../../../examples/browser/texts.js";
import { dropped, page, watched } from "./opened.mjs";

const field = () => page.getByRole("textbox", { name: /record/i });
const marks = (code) => page.evaluate((wanted) => {
  const items = [...document.querySelectorAll("#findings .finding")];
  const index = String(items.findIndex((item) => item.dataset.code === wanted));
  const covering = [...document.querySelectorAll(".backdrop mark")].filter((mark) => mark.dataset.found.split(" ").includes(index));
  return covering.map((mark) => mark.textContent).join("");
}, code);

test("a finding is underlined at its characters as one types", async () => {
  await field().pressSequentially("v=DMARC1; p=rejct; rua=mailto:d@example.com");
  assert.equal(await marks("dmarc/invalid-value"), "rejct");
});

for (const [what, before] of [["non-ASCII text", "naïve=é€; "], ["an emoji", "x=😀👩‍👩‍👧; "]]) {
  test(`a finding behind ${what} is underlined at its characters`, async () => {
    await field().fill(`v=DMARC1; ${before}p=rejct`);
    assert.equal(await marks("dmarc/invalid-value"), "rejct");
    // What lies on top of each other must also be in the same place: the copy holds the same text.
    const copy = await page.locator(".backdrop").textContent();
    assert.equal(copy.replace(/\u200b$/, ""), await field().inputValue());
  });
}

test("the mouse and the caret on a place show its finding", async () => {
  await field().fill("v=DMARC1; p=rejct; rua=mailto:d@example.com");
  const box = await page.locator(".backdrop mark").first().boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.locator(".tip").waitFor({ state: "visible" });
  assert.match(await page.locator(".tip").textContent(), /rejct/);
  await field().press("Escape");
  assert.equal(await page.locator(".tip").isVisible(), false);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await page.locator(".finding.pointed[data-code='dmarc/invalid-value']").waitFor();
});

test("a fix says what it does, and a click applies it", async () => {
  await field().fill("v=DMARC1; p=quarantaine; rua=mailto:d@example.com");
  const finding = page.locator(".finding[data-code='dmarc/invalid-value']");
  assert.equal(await finding.locator(".effect").textContent(), "makes the policy stricter");
  await finding.getByRole("button", { name: "Apply this fix" }).click();
  assert.equal(await field().inputValue(), "v=DMARC1; p=quarantine; rua=mailto:d@example.com");
  assert.equal(await page.locator(".verdict.usable").count(), 1);
  assert.match(await page.locator("#announce").textContent(), /^Applied/);
  await page.getByRole("button", { name: "Undo" }).click();
  assert.equal(await field().inputValue(), "v=DMARC1; p=quarantaine; rua=mailto:d@example.com");
});

test("fixes that change the policy are never applied together with others", async () => {
  await field().fill("v=DMARC1; p=quarantaine; rua=mailto:d@example.com; ruf=e@example.com");
  assert.equal(await page.locator(".effect.stricter").count(), 1);
  await page.locator("#apply-all").click();
  assert.equal(await field().inputValue(), "v=DMARC1; p=quarantaine; rua=mailto:d@example.com; ruf=mailto:e@example.com");
  assert.equal(await page.locator("#apply-all").isVisible(), false);
});

test("the page speaks Dutch", async () => {
  await field().fill("v=DMARC1; p=rejct");
  await page.getByText("Nederlands").click();
  assert.equal(await page.locator("html").getAttribute("lang"), "nl");
  assert.equal(await page.locator("h1").textContent(), "DMARC, nauwkeurig gelezen");
  const dutch = await page.evaluate(async () => (await import("./dmarc/index.js")).parseDmarc("v=DMARC1; p=rejct", { lang: "nl" }));
  const english = await page.evaluate(async () => (await import("./dmarc/index.js")).parseDmarc("v=DMARC1; p=rejct"));
  assert.notEqual(dutch.diagnostics[0].message, english.diagnostics[0].message);
  const shown = await page.locator(".finding .message").first().textContent();
  assert.ok(shown.includes(dutch.diagnostics[0].message.split("`").at(-1).trim()), shown);
});

test("the standard that is chosen decides", async () => {
  await field().fill("v=DMARC1; p=reject; pct=20; rua=mailto:d@example.com");
  assert.doesNotMatch(await page.locator("#verdict").textContent(), /20%/);
  await page.getByText("RFC 7489 2015").click();
  assert.match(await page.locator("#verdict").textContent(), /20%/);
});

test("both languages have the same words", () => {
  const names = (words) => Object.entries(words).flatMap(([name, word]) => (
    typeof word === "object" ? names(word).map((inner) => `${name}.${inner}`) : [`${name}: ${typeof word}`])).sort();
  assert.deepEqual(names(texts.nl), names(texts.en));
});

test("a record can be mended with the keyboard alone", async () => {
  await field().focus();
  await page.keyboard.type("v=DMARC1; p=reject; rua=d@example.com");
  assert.equal(await page.locator("#findings-title").textContent(), "1 finding");
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(() => document.activeElement.textContent) === "Apply this fix") break;
  }
  await page.keyboard.press("Enter");
  assert.equal(await field().inputValue(), "v=DMARC1; p=reject; rua=mailto:d@example.com");
  assert.equal(await page.locator("#findings-title").textContent(), "Nothing to remark");
  assert.equal(await page.evaluate(() => document.activeElement.id), "field");
});

const report = (messages) => `<?xml version="1.0"?>
<feedback><report_metadata><org_name>receiver.example</org_name><email>noreply@receiver.example</email>
<report_id>${messages}@receiver.example</report_id><date_range><begin>1790121600</begin><end>1790207999</end></date_range></report_metadata>
<policy_published><domain>example.com</domain><adkim>r</adkim><aspf>r</aspf><p>none</p><sp>none</sp><pct>100</pct></policy_published>
<record><row><source_ip>192.0.2.7</source_ip><count>${messages}</count><policy_evaluated><disposition>none</disposition>
<dkim>pass</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>example.com</header_from></identifiers>
<auth_results><dkim><domain>example.com</domain><selector>s</selector><result>pass</result></dkim>
<spf><domain>bounce.example.net</domain><result>pass</result></spf></auth_results></record></feedback>`;

const total = (name) => page.locator(`[data-total=${name}] dd`).textContent();

test("dropped reports are read and summed, and what is no report is refused", async () => {
  await dropped([
    { name: "a.xml.gz", content: gzipSync(report(1200)) },
    { name: "b.xml", content: Buffer.from(report(34)) },
    { name: "page.html", content: Buffer.from("<!doctype html><p>no report") },
  ]);
  assert.equal(await total("reports"), "2");
  assert.equal(await total("messages"), "1,234");
  assert.equal(await total("refused"), "1");
  assert.match(await page.locator("#outcome").textContent(), /receiver\.example/);
  assert.match(await page.locator("#outcome").textContent(), /192\.0\.2\.7/);
  await page.getByText("Nederlands").click();
  assert.equal(await total("messages"), "1.234");
});

test("the policy of the page blocks a request to another place", async () => {
  // A real request, at a port where somebody listens: refused by the policy and not by the network.
  let reached = 0;
  const elsewhere = await serve(0);
  elsewhere.on("request", () => { reached += 1; });
  const url = `http://127.0.0.1:${elsewhere.address().port}/`;
  try {
    const outcome = await page.evaluate(async (target) => {
      const blocked = new Promise((resolve) => {
        document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective), { once: true });
      });
      const fetched = await fetch(target, { mode: "no-cors" }).then(() => "fetched", () => "refused");
      return [fetched, await blocked];
    }, url);
    assert.deepEqual(outcome, ["refused", "connect-src"]);
    assert.equal(reached, 0);
    const images = await page.evaluate((target) => new Promise((resolve) => {
      const image = new Image();
      image.onload = () => resolve("loaded");
      image.onerror = () => resolve("refused");
      image.src = `${target}icon.svg`;
    }), url);
    assert.equal(images, "refused");
    assert.equal(reached, 0);
  } finally {
    elsewhere.close();
    // The refusals are reported on the console, as they should be.
    assert.equal(watched.complaints.filter((text) => /Content Security Policy|violates the following/.test(text)).length, watched.complaints.length);
    watched.complaints = [];
    watched.requests = watched.requests.filter((target) => !target.startsWith(url));
  }
});
