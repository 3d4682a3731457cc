// Runs the shared vectors; dmarc-core/tests/vectors/README.md describes them.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import * as dmarc from "../pkg/node/index.js";
import { octetsOf } from "./support/archive.mjs";
import { assertHolds, inUnits } from "./support/compare.mjs";
import { allCases, recordInput } from "./support/vectors.mjs";

const encoder = new TextEncoder();

/** Runs a check over a zone or snapshot that is loaded whole, with nobody to ask beyond it. */
function evaluate(check, { zone, snapshot }) {
  const evaluation = new dmarc.Evaluation(check);
  evaluation.loadSnapshot(snapshot ?? { complete: true, names: zone ?? {} });
  for (;;) {
    const step = evaluation.step();
    if (step.kind === "done") return { ...step.report, rounds: evaluation.rounds, asked: evaluation.asked };
  }
}

/** The view of a case, by kind, and the octets that its spans count. */
const runners = {
  record(one, edition) {
    const input = recordInput(one);
    return [dmarc.parseRecord(input, { kind: one.record_kind ?? "dmarc", edition }), input];
  },
  build(one, edition) {
    try {
      return [dmarc.buildDmarc(one.build, { edition })];
    } catch (error) {
      assert.ok(error.code, String(error));
      return [{ error: error.code }];
    }
  },
  compare(one) {
    const input = recordInput(one);
    return [dmarc.compareDmarc(input), input];
  },
  discovery: (one, edition) => [evaluate({ check: "discovery", author: one.author, edition }, one)],
  domain: (one, edition) => [evaluate({ check: "domain", domain: one.domain, edition, now: one.now }, one)],
  zone: (one) => [dmarc.readZone(one.zone_file, { origin: one.origin, ask: one.ask }), one.zone_file],
  report: (one) => [dmarc.readReports(one.inputs.map((input) => ({ path: input.path, bytes: octetsOf(input) })))],
};

const cases = allCases();

for (const { title, kind, given, runs } of cases) {
  test(title, () => {
    for (const { edition, expected } of runs) {
      assert.ok(kind in runners, `no runner for cases of kind ${kind}`);
      const [view, input = ""] = runners[kind](given, edition);
      const octets = typeof input === "string" ? encoder.encode(input) : input;
      assertHolds(view, inUnits(expected, octets), edition);
    }
  });
}

test("there are cases, and no two share a name", () => {
  const names = cases.map(({ title }) => title);
  assert.ok(names.length > 100, `${names.length} cases`);
  assert.equal(new Set(names).size, names.length);
  // Sorted by code points, as the other two runners sort.
  const byCodePoint = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (process.env.DMARC_VECTORS_NAMES) {
    writeFileSync(process.env.DMARC_VECTORS_NAMES, names.sort(byCodePoint).map((name) => `${name}\n`).join(""));
  }
});
