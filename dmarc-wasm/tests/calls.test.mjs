// What the functions take, return and throw, beyond what the shared vectors say.

import assert from "node:assert/strict";
import { test } from "node:test";
import { buildDmarc, compareDmarc, parseDmarc, parseRecord, rules } from "../pkg/node/index.js";

const broken = "v=DMARC1; p=rejct; rua=mailto:d@example.com";

test("a view is plain data", () => {
  const view = parseDmarc(broken);
  assert.deepEqual(structuredClone(view), view);
  assert.equal(Object.getPrototypeOf(view), Object.prototype);
  assert.equal(Object.getPrototypeOf(view.diagnostics[0].args), Object.prototype);
});

test("a span cuts the place out of the text, in UTF-16 units", () => {
  for (const before of ["", "é=ü; ", "x=😀; ", "x=\ud83d; "]) {
    const text = `v=DMARC1; ${before}p=rejct`;
    const found = parseDmarc(text).diagnostics.find(({ code }) => code === "dmarc/invalid-value");
    assert.equal(text.slice(...found.span), "rejct");
    const [{ span }] = found.fix.edits;
    assert.equal(text.slice(...span), "rejct");
    assert.equal(found.fix.result, text.replace("rejct", "reject").toWellFormed?.() ?? found.fix.result);
  }
});

test("octets and text are read alike; a span counts each octet that is no UTF-8 as one unit", () => {
  assert.deepEqual(parseDmarc(new TextEncoder().encode(broken)), parseDmarc(broken));
  const octets = Uint8Array.from([...Buffer.from("v=DMARC1; x=", "latin1"), 0xff, 0xfe, ...Buffer.from("; p=rejct", "latin1")]);
  const view = parseDmarc(octets);
  const found = view.diagnostics.find(({ code }) => code === "dmarc/invalid-value" );
  assert.equal(view.input.slice(...found.span), "rejct");
});

test("strict throws an Error with a code and the findings", () => {
  assert.throws(() => parseDmarc(broken, { strict: true }), (error) => {
    assert.ok(error instanceof Error);
    assert.equal(error.code, "rejected");
    assert.deepEqual(error.diagnostics, parseDmarc(broken).diagnostics);
    assert.equal(error.message, error.diagnostics.find(({ severity }) => severity === "error").message);
    return true;
  });
  assert.equal(parseDmarc("v=DMARC1; p=none; rua=mailto:d@example.com", { strict: true }).verdict, "usable");
  assert.throws(() => parseDmarc("", { strict: true }), { code: "rejected" });
});

test("the edition and the language are the caller's choice", () => {
  const record = "v=DMARC1; p=reject; pct=20";
  assert.equal(parseDmarc(record).edition, "rfc9989");
  assert.equal(parseDmarc(record).effective.pct, null);
  assert.equal(parseDmarc(record, { edition: "rfc7489" }).effective.pct, 20);
  const [english, dutch] = ["en", "nl"].map((lang) => parseDmarc(broken, { lang }).diagnostics);
  assert.deepEqual(english.map(({ code }) => code), dutch.map(({ code }) => code));
  assert.notEqual(english[0].message, dutch[0].message);
});

test("a call that cannot be understood throws an Error with a code", () => {
  const invalid = { name: "Error", code: "invalid-argument" };
  assert.throws(() => parseDmarc(7), invalid);
  assert.throws(() => parseDmarc(undefined), invalid);
  assert.throws(() => parseDmarc([118, 61]), invalid);
  assert.throws(() => parseDmarc(broken, { edition: "rfc822" }), invalid);
  assert.throws(() => parseDmarc(broken, { langauge: "nl" }), invalid);
  assert.throws(() => parseDmarc(broken, "nl"), invalid);
  assert.throws(() => parseDmarc(broken, Symbol("nl")), invalid);
  const circular = {};
  circular.edition = circular;
  assert.throws(() => parseDmarc(broken, circular), invalid);
  assert.throws(() => rules({ lang: "tlh" }), invalid);
  assert.doesNotThrow(() => parseDmarc(broken, null));
});

test("the kind of a record is found, or told", () => {
  assert.equal(parseRecord("v=spf1 -all").kind, "spf");
  assert.equal(parseRecord("v=DMARC1; p=none").kind, "dmarc");
  assert.equal(parseRecord("hello").kind, "unknown");
  assert.equal(parseRecord("v=spf1 -all", { kind: "dmarc" }).verdict, "not-a-record");
});

test("a record is built, or refused with a code", () => {
  const { text } = buildDmarc({ p: "reject", rua: ["dmarc@example.com"] });
  assert.equal(text, "v=DMARC1; p=reject; rua=mailto:dmarc@example.com");
  assert.throws(() => buildDmarc({ p: "rejct" }), { code: "build/value" });
  assert.throws(() => buildDmarc({ p: "none", pct: 20 }), { code: "build/not-in-edition" });
  assert.match(buildDmarc({ p: "none", pct: 20 }, { edition: "rfc7489" }).text, /pct=20/);
});

test("two editions are compared, with spans in both views", () => {
  const text = "v=DMARC1; é=1; p=reject; np=none";
  const view = compareDmarc(text);
  assert.equal(view.input, text);
  for (const edition of ["rfc7489", "rfc9989"]) assert.deepEqual(view[edition], parseDmarc(text, { edition }));
  assert.ok(view.differences.length > 0);
});

test("rules carry their sentences in both languages", () => {
  const [english, dutch] = ["en", "nl"].map((lang) => rules({ lang }));
  assert.ok(english.length > 20);
  assert.deepEqual(english.map(({ code }) => code), dutch.map(({ code }) => code));
  for (const rule of [...english, ...dutch]) assert.ok(rule.message && rule.help, rule.code);
});

test("ten megabytes of one line are read in bounded memory", () => {
  const octets = new Uint8Array(10 << 20).fill(0x61);
  octets.set(Buffer.from("v=DMARC1; p=none; "), 0);
  const began = performance.now();
  assert.equal(typeof parseDmarc(octets).verdict, "string");
  assert.ok(performance.now() - began < 5000);
});
