// The program of examples/embed in Node, against a real name server on the loopback.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const embed = fileURLToPath(new URL("../../examples/embed/", import.meta.url));
const knotd = ["/usr/sbin/knotd", "/usr/bin/knotd", "/usr/local/sbin/knotd"].find((path) => existsSync(path));
const clients = JSON.parse(readFileSync(join(embed, "tests", "clients.json"), "utf8"));

async function output(...args) {
  const { stdout } = await promisify(execFile)(process.execPath, [join(embed, "node.mjs"), ...args], { timeout: 60_000 });
  return JSON.parse(stdout);
}

const freePort = () => new Promise((resolve, reject) => {
  const server = createServer().once("error", reject).listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(String(port)));
  });
});

let folder, running, port;

before(async () => {
  if (!knotd) return;
  folder = mkdtempSync(join(tmpdir(), "dmarc-embed-"));
  port = await freePort();
  const zones = [["spf.example", "spf.example.zone"], ["2.0.192.in-addr.arpa", "reverse.zone"]].map(([name, file]) => {
    copyFileSync(join(embed, "tests", file), join(folder, file));
    return `  - domain: ${name}\n    file: ${join(folder, file)}\n    zonefile-sync: -1\n    journal-content: none\n`;
  });
  writeFileSync(join(folder, "knot.conf"),
    `server:\n  rundir: ${folder}\n  listen: 127.0.0.1@${port}\ndatabase:\n  storage: ${folder}\nzone:\n${zones.join("")}`);
  running = spawn(knotd, ["-c", join(folder, "knot.conf")], { stdio: "ignore" });
  // It listens before its zones are loaded.
  for (let tries = 0; tries < 200; tries += 1) {
    if ((await output("spf.example", "127.0.0.1", port)).records.spf.status === "record") return;
    await wait(50);
  }
});

after(() => {
  running?.kill("SIGKILL");
  if (folder) rmSync(folder, { recursive: true, force: true });
});

test("a client is checked with a name server", { skip: knotd ? false : "there is no knotd on this machine" }, async () => {
  assert.ok(clients.length > 10);
  for (const { ip, sender, helo, ...expected } of clients) {
    const found = await output("spf.example", "127.0.0.1", port, ip, sender, helo);
    const { result, lookups } = found;
    assert.deepEqual({ result, term: found.term?.text ?? null, lookups, explanation: found.explanation?.text ?? null }, expected);
  }
});

test("a resolver that is not there is a temporary error", async () => {
  const found = await output("spf.example", "127.0.0.1", "1", "192.0.2.1");
  assert.equal(found.result, "temperror");
  assert.equal((await output("spf.example", "127.0.0.1", "1")).records.dmarc.status, "failure");
});

test("a stricter policy is rehearsed on reports", async () => {
  const data = fileURLToPath(new URL("../../examples/data/", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [join(embed, "rehearse.mjs"), "voorbeeld.example",
    join(data, "reports"), join(data, "voorbeeld.example.zone"), "p=reject"], { timeout: 60_000 });
  assert.match(stdout, /^_dmarc\.voorbeeld\.example {2}v=DMARC1; p=reject;/);
  assert.match(stdout, /^ {4}3724 {2}misconfigured {9}foreign:nieuwsbrieven\.example$/m);
});
