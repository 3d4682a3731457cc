// SPF from JavaScript: a record, a client, and a policy, over facts at hand or with a resolver.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { checkHost, lookUp, parseRecord, parseSpf, run, spfAnalysis, spfTree } from "../pkg/node/index.js";

const zone = readFileSync(new URL("../../examples/data/zwaar.example.zone", import.meta.url), "utf8");
const loadZone = (evaluation) => assert.deepEqual(evaluation.loadZone(zone), []);
const snapshot = { complete: true, names: {
  "example.org": { TXT: ["v=spf1 include:_spf.example.net -all exp=why.example.org"] },
  "_spf.example.net": { TXT: ["v=spf1 ip4:192.0.2.0/24"] },
  "why.example.org": { TXT: ["%{i} is not ours"] },
} };

/** Answers from a snapshot, as a resolver gives them. */
const resolver = (asked = []) => (question) => {
  asked.push(question);
  return lookUp({ snapshot, ask: [question] }).answers[0] ?? undefined;
};

test("a record is read as SPF, whatever it looks like", () => {
  const text = "v=spf1 mx -all";
  assert.deepEqual(parseSpf(text), parseRecord(text, { kind: "spf" }));
  assert.equal(parseSpf("v=DMARC1; p=none").verdict, "not-a-record");
  assert.throws(() => parseSpf("v=spf1 ip4:1.2.3", { strict: true }), { code: "rejected" });
  assert.throws(() => parseSpf(7), { code: "invalid-argument" });
});

test("a client is checked over a snapshot or with a resolver", async () => {
  const client = { ip: "192.0.2.7", mail_from: "info@example.org", helo: "mx.example.org" };
  const passes = await checkHost(client, undefined, { facts: snapshot });
  assert.equal(passes.result, "pass");
  assert.equal(passes.term.text, "include:_spf.example.net");
  assert.deepEqual(await checkHost(client, resolver()), passes);
  assert.deepEqual(await run({ check: "check_host", ...client }, resolver()), passes);
  const fails = await checkHost({ ...client, ip: "198.51.100.1" }, resolver());
  assert.deepEqual(fails.explanation, { domain: "example.org", text: "198.51.100.1 is not ours" });
  const open = await checkHost(client);
  assert.deepEqual([open.result, open.problem.code], [null, "not-known"]);
});

test("a policy is analyzed, and a rewrite of it is proven", async () => {
  const policy = { domain: "zwaar.example", rewrite: true, check_host: { ip: "203.0.113.200", mail_from: "x@zwaar.example" } };
  const analysis = await spfAnalysis(policy, undefined, { facts: loadZone });
  assert.equal(analysis.lookups.sum, 14);
  assert.equal(analysis.policy_verdict, "permerror");
  assert.equal(analysis.check_host.result, "permerror");
  const good = analysis.rewrites.find(({ equal, fits }) => equal && fits);
  assert.equal(good.lookups.most, 10);
  const record = good.records[0].text;
  const after = await spfAnalysis({ domain: "zwaar.example", record, compare: "zwaar.example" }, undefined, { facts: loadZone });
  assert.equal(after.input, record);
  assert.equal(after.comparison.without_limits.equal, true);
  assert.deepEqual((await spfAnalysis("zwaar.example", undefined, { facts: loadZone })).tree, analysis.tree);
});

test("what nobody knows stays open, and what is no check is refused", async () => {
  const asked = [];
  const { policy_verdict, open } = await spfAnalysis("example.net", (question) => {
    asked.push(question);
    return { status: "not-possible" };
  });
  assert.equal(policy_verdict, "undetermined");
  assert.deepEqual(open[0].question, asked[0]);
  const invalid = { name: "Error", code: "invalid-argument" };
  await assert.rejects(spfAnalysis("a..b"), invalid);
  await assert.rejects(checkHost({ ip: "not an address" }), invalid);
  await assert.rejects(spfAnalysis({ domain: "example.org", rewrites: true }), invalid);
  await assert.rejects(spfAnalysis("example.org", undefined, { facts: { names: 7 } }), invalid);
});

test("spans of a check count in UTF-16 units", async () => {
  const text = "v=spf1 include:😀.example ip4:1.2.3";
  const facts = { complete: true, names: { "example.org": { TXT: [text] } } };
  const { diagnostics } = await checkHost({ ip: "192.0.2.7", mail_from: "info@example.org" }, undefined, { facts });
  const found = diagnostics.find(({ code }) => code === "spf/invalid-address");
  assert.equal(text.slice(...found.span), "1.2.3");
});

test("the tree alone is that of the analysis", async () => {
  const analysis = await spfAnalysis("zwaar.example", undefined, { facts: loadZone });
  const found = await spfTree("zwaar.example", undefined, { facts: loadZone });
  assert.equal(found.schema, "dmarc-check/spf-tree/1");
  assert.deepEqual(found.lookups, { sum: 14, limit: 10 });
  assert.deepEqual(found.tree, analysis.tree);
  const asked = [];
  assert.equal((await spfTree({ domain: "example.org" }, resolver(asked))).lookups.sum, 1);
  assert.deepEqual(asked.map(({ name }) => name), ["example.org", "_spf.example.net"]);
  const record = "v=spf1 include:é.example ip4:192.0.2.1 -all";
  const { tree } = await spfTree({ domain: "example.com", record });
  assert.deepEqual(tree.terms.map(({ span }) => record.slice(...span)), record.split(" ").slice(1));
});
