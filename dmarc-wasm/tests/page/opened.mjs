// The page of examples/browser in Debian's Chromium, opened anew for every test, and watched: no test may leave a
// request to elsewhere or a complaint on the console behind.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import { chromium } from "playwright-core";
import { serve } from "../../../examples/browser/serve.mjs";

const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

/** Requests and complaints of the test that runs. */
export const watched = { requests: [], complaints: [] };
export let origin, context, page;
let server, browser;

before(async () => {
  server = await serve(0);
  origin = `http://127.0.0.1:${server.address().port}`;
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: quiet });
});

after(async () => {
  await browser?.close();
  server?.close();
});

beforeEach(async () => {
  context = await browser.newContext({ locale: "en-US" });
  page = await context.newPage();
  watched.requests = [];
  watched.complaints = [];
  page.on("request", (request) => watched.requests.push(request.url()));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && watched.complaints.push(message.text()));
  page.on("pageerror", (error) => watched.complaints.push(String(error)));
  await page.goto(origin);
  await page.waitForSelector("html[data-ready=yes]");
});

afterEach(async () => {
  const elsewhere = watched.requests.filter((url) => !url.startsWith(`${origin}/`));
  await context.close();
  assert.deepEqual(elsewhere, [], "requests that left the origin");
  assert.deepEqual(watched.complaints, [], "errors on the console");
});

/** Drops files on the page, and waits until they are read. */
export async function dropped(files) {
  const transfer = await page.evaluateHandle((list) => {
    const data = new DataTransfer();
    for (const { name, octets } of list) data.items.add(new File([new Uint8Array(octets)], name));
    return data;
  }, files.map(({ name, content }) => ({ name, octets: [...content] })));
  await page.dispatchEvent("#drop", "drop", { dataTransfer: transfer });
  await page.locator(".tiles").waitFor();
}
