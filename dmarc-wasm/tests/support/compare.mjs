// Compares a view with what a case expects, as dmarc-core/tests/vectors/README.md says.

import assert from "node:assert/strict";

/** How many UTF-16 units the octets show as; one for each octet that is no UTF-8. */
export function units(octets) {
  let count = 0;
  for (let at = 0; at < octets.length;) {
    const length = sequence(octets, at);
    count += length === 4 ? 2 : 1;
    at += Math.max(length, 1);
  }
  return count;
}

/** Length of the UTF-8 sequence at an offset (RFC 3629, 4); 0 if there is none. */
function sequence(octets, at) {
  const first = octets[at];
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  try {
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets.subarray(at, at + length));
  } catch {
    return 0;
  }
  return at + length <= octets.length ? length : 0;
}

/** The expected value with its spans in UTF-16 units of the input. */
export function inUnits(expected, octets) {
  if (Array.isArray(expected)) return expected.map((item) => inUnits(item, octets));
  if (expected === null || typeof expected !== "object") return expected;
  return Object.fromEntries(Object.entries(expected).map(([key, value]) => (
    key === "span" && Array.isArray(value)
      ? [key, value.map((offset) => units(octets.subarray(0, offset)))]
      : [key, inUnits(value, octets)]
  )));
}

/** Fails, naming the place, where the view does not hold what is expected. */
export function assertHolds(actual, expected, place = "") {
  if (place.endsWith(".diagnostics")) return assertFindings(actual, expected, place);
  if (Array.isArray(expected)) {
    assert.ok(Array.isArray(actual), `${place}: expected a list, found ${JSON.stringify(actual)}`);
    assert.equal(actual.length, expected.length, `${place}: ${JSON.stringify(actual)}`);
    expected.forEach((item, index) => assertHolds(actual[index], item, `${place}[${index}]`));
  } else if (expected !== null && typeof expected === "object") {
    assert.ok(actual !== null && typeof actual === "object", `${place}: expected an object, found ${JSON.stringify(actual)}`);
    for (const [key, value] of Object.entries(expected)) {
      assert.ok(key in actual, `${place}.${key} is not there: ${JSON.stringify(actual)}`);
      assertHolds(actual[key], value, `${place}.${key}`);
    }
  } else {
    assert.deepEqual(actual, expected, place);
  }
}

/** All errors and warnings in order; a notice counts only where the case lists its code. */
function assertFindings(actual, expected, place) {
  const listed = new Set(expected.map((found) => found.code));
  const counted = actual.filter((found) => found.severity !== "notice" || listed.has(found.code));
  assert.deepEqual(counted.map((found) => found.code), expected.map((found) => found.code), place);
  expected.forEach((found, index) => assertHolds(counted[index], found, `${place}[${index}]`));
}
