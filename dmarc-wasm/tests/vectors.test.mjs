// Runs the shared vectors; dmarc-core/tests/vectors/README.md describes them.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { assertHolds, inUnits } from "./support/compare.mjs";
import { viewOf } from "./support/run.mjs";
import { allCases } from "./support/vectors.mjs";

const cases = allCases();

for (const { title, kind, given, runs } of cases) {
  test(title, () => {
    for (const { edition, expected } of runs) {
      const { view, octets } = viewOf(kind, given, edition);
      assertHolds(view, octets ? inUnits(expected, octets) : expected, edition);
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
