// Many domains in one run.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Evaluation, portfolio } from "../pkg/node/index.js";

const snapshot = JSON.parse(readFileSync(new URL("../../examples/data/snapshot.json", import.meta.url), "utf8"));
const list = "voorbeeld.example # main\n\nvergeten.voorbeeld.example,IT\nno name!\nVOORBEELD.example\n";

test("a list is judged, and what is wrong with it told", () => {
  const found = portfolio({ domains: list, records: { snapshot }, now: 1_795_000_000 });
  assert.equal(found.schema, "dmarc-check/portfolio/1");
  assert.deepEqual(found.domains.map(({ domain }) => domain), ["vergeten.voorbeeld.example", "voorbeeld.example"]);
  assert.deepEqual(found.list.problems.map(({ line, kind }) => [line, kind]), [[3, "below"], [4, "not-a-name"], [5, "duplicate"]]);
});

test("it judges as the check of the domain does", () => {
  const names = ["voorbeeld.example", "unknown.test"];
  for (const { domain, failed } of portfolio({ domains: names, records: { snapshot }, profiles: ["forum"] }).domains) {
    const evaluation = new Evaluation({ check: "domain", domain, profiles: ["forum"] });
    evaluation.loadSnapshot(snapshot);
    let step = evaluation.step();
    for (; step.kind === "ask"; step = evaluation.step()) {
      for (const question of [...step.needed, ...step.useful]) evaluation.answer(question, { status: "not-possible" });
    }
    const rules = step.report.profiles[0].rules.filter(({ verdict }) => verdict === "fail");
    assert.deepEqual(failed, rules.map(({ id }) => id));
    evaluation.free();
  }
});

test("the sentences are in the language asked for", () => {
  const [english, dutch] = ["en", "nl"].map((lang) => portfolio({ domains: list, records: { snapshot } }, { lang }).findings);
  assert.deepEqual(english.map(({ code }) => code), dutch.map(({ code }) => code));
  english.forEach(({ message }, index) => assert.notEqual(message, dutch[index].message));
});

test("what cannot be judged is an error with a code", () => {
  assert.throws(() => portfolio({ domains: ["example.com"], records: { zone_files: ["no zone"] } }), { code: "records/zone" });
  assert.throws(() => portfolio({ domains: ["example.com"], records: {}, profiles: ["nobody"] }), { code: "invalid-argument" });
  assert.throws(() => portfolio({ domains: 1, records: {} }), { code: "invalid-argument" });
  assert.throws(() => portfolio({ records: {} }), { code: "invalid-argument" });
});
