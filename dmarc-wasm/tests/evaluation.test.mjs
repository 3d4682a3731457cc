// Ask and answer from JavaScript: the loop, its answers, what is loaded, and what is refused.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Evaluation, lookUp, questionMessage, run } from "../pkg/node/index.js";

const check = { check: "discovery", author: "mail.example.com" };
const zone = "$ORIGIN example.com.\n$TTL 300\n@ SOA ns hostmaster 1 1d 2h 4w 5m\n_dmarc TXT \"v=DMARC1; p=reject\"\nmail A 192.0.2.1\n";

/** A resolver over one record; it remembers what it was asked. */
function resolver(asked = []) {
  return (question) => {
    asked.push(question);
    assert.equal(question.kind, "dns");
    return question.name === "_dmarc.example.com" ? { data: ["v=DMARC1; p=reject"], ttl: 300, ad: true } : { status: "nxdomain" };
  };
}

test("the loop by hand and `run` come to the same report", async () => {
  const asked = [];
  const resolve = resolver(asked);
  const evaluation = new Evaluation(check);
  let step = evaluation.step();
  while (step.kind === "ask") {
    for (const question of [...step.needed, ...step.useful]) evaluation.answer(question, resolve(question));
    step = evaluation.step();
  }
  assert.equal(step.report.policy.policy, "reject");
  assert.equal(step.report.policy_domain, "example.com");
  assert.equal(evaluation.rounds, step.report.rounds);
  assert.equal(asked.length, step.report.asked);
  assert.deepEqual(await run(check, resolver()), step.report);
  assert.deepEqual(await run(check, async (question) => resolver()(question)), step.report);
  evaluation.free();
});

test("the questions of one round are looked up at the same time", async () => {
  let open = 0;
  let most = 0;
  await run(check, async (question) => {
    open += 1;
    most = Math.max(most, open);
    await new Promise((resolve) => setTimeout(resolve, 5));
    open -= 1;
    return resolver()(question);
  });
  assert.ok(most > 1);
});

test("what is loaded is not asked", async () => {
  const asked = [];
  const report = await run(check, (question) => {
    asked.push(question.name);
    return { status: "nxdomain" };
  }, { facts: (evaluation) => assert.deepEqual(evaluation.loadZone(zone), []) });
  assert.equal(report.policy.policy, "reject");
  assert.ok(asked.every((name) => !name.endsWith(".example.com")), asked.join());
});

test("a zone file and a snapshot say what is wrong with them, in UTF-16 units and in Dutch", () => {
  const evaluation = new Evaluation(check, { lang: "nl" });
  const text = zone.replace("mail A", "; é😀\nmail A x ; 192.0.2.1\nwww A");
  const [found] = evaluation.loadZone(text);
  assert.equal(text.slice(...found.span), "x");
  assert.notEqual(new Evaluation(check).loadZone(text)[0].message, found.message);
  assert.ok(evaluation.loadSnapshot({ complete: true, names: { "example.com": { A: ["not an address"] } } }).length > 0);
});

test("a resolver that fails ends the run, and one that says nothing does not hang it", async () => {
  await assert.rejects(run(check, () => { throw new RangeError("no network"); }), RangeError);
  let calls = 0;
  const report = await run(check, () => { calls += 1; });
  assert.equal(report.status, "failure");
  assert.ok(calls > 0 && calls < 100);
});

test("what is no check, question or answer is refused with a code", () => {
  const invalid = { name: "Error", code: "invalid-argument" };
  assert.throws(() => new Evaluation({ check: "weather" }), invalid);
  assert.throws(() => new Evaluation({ check: "discovery", author: "a..b" }), invalid);
  assert.throws(() => new Evaluation({ check: "discovery" }), invalid);
  const evaluation = new Evaluation(check);
  const question = { kind: "dns", name: "example.com", type: "TXT" };
  assert.throws(() => evaluation.answer({ kind: "dns" }, { status: "nxdomain" }), invalid);
  assert.throws(() => evaluation.answer(question, {}), invalid);
  assert.throws(() => evaluation.answer(question, { status: "failure" }), invalid);
  assert.throws(() => evaluation.answer(question, { data: ["10 mx.example.com."], type: "MX" }), invalid);
  assert.throws(() => evaluation.answer(question, { dtaa: [] }), invalid);
  assert.throws(() => evaluation.loadSnapshot({ names: 7 }), invalid);
  assert.throws(() => evaluation.loadZone(7), invalid);
  assert.throws(() => evaluation.loadZone(zone, { orgin: "example.com" }), invalid);
  assert.throws(() => lookUp({ ask: [{ name: "example.com" }] }), invalid);
});

test("a zone file is asked directly", () => {
  const { answers } = lookUp({ zone_file: zone, ask: [{ name: "_dmarc.example.com", type: "TXT" }, { name: "example.org", type: "A" }] });
  assert.deepEqual(answers[0].data, ["v=DMARC1; p=reject"]);
  assert.equal(answers[1], null);
});

/** A response to a query: its own question, no records, and a response code. */
function responseTo(query, code) {
  const message = Uint8Array.from(query);
  message[2] |= 0x80;
  message[3] = 0x80 | code;
  return message;
}

test("questions and answers as DNS messages", async () => {
  const question = { kind: "dns", name: "_dmarc.example.com", type: "TXT" };
  const query = questionMessage(question);
  assert.ok(query instanceof Uint8Array);
  assert.deepEqual([...query.subarray(0, 2)], [0, 0]);
  assert.deepEqual([...questionMessage(question, { id: 0x1234 }).subarray(0, 2)], [0x12, 0x34]);
  assert.ok(Buffer.from(query).includes(Buffer.from("\x06_dmarc\x07example\x03com\x00\x00\x10\x00\x01", "latin1")));

  const byObject = await run(check, () => ({ status: "nxdomain" }));
  const byMessage = await run(check, (asked) => responseTo(questionMessage(asked), 3));
  assert.deepEqual(byMessage, byObject);

  const evaluation = new Evaluation(check);
  evaluation.answerMessage(question, responseTo(query, 2));
  const wrong = { name: "Error", code: "dns-message" };
  assert.throws(() => evaluation.answerMessage(question, query), wrong);
  assert.throws(() => evaluation.answerMessage({ ...question, type: "MX" }, responseTo(query, 3)), wrong);
  assert.throws(() => evaluation.answerMessage(question, new Uint8Array(3)), wrong);
  assert.throws(() => questionMessage({ kind: "https", url: "https://example.com/" }), wrong);
  assert.throws(() => questionMessage(question, { id: 70000 }), { code: "invalid-argument" });
});

test("spans of the records in a report count in their own text", async () => {
  const texts = {
    "a.example": "v=spf1 include:é.example include:b.example ip4:1.2.3 ~all",
    "b.example": "v=spf1 a:éé.example ip4:192.0.2.1 -all",
  };
  const names = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, { TXT: [text] }]));
  const facts = (evaluation) => evaluation.loadSnapshot({ complete: true, names });

  const domain = await run({ check: "domain", domain: "b.example" }, () => undefined, { facts });
  const { published, text } = domain.records.spf;
  assert.deepEqual(published.terms.map(({ span }) => text.slice(...span)), ["a:éé.example", "ip4:192.0.2.1", "-all"]);

  const { diagnostics, tree } = await run({ check: "spf", domain: "a.example" }, () => undefined, { facts });
  const found = diagnostics.find(({ code }) => code === "spf/invalid-address");
  assert.equal(texts["a.example"].slice(...found.span), "1.2.3");
  let shown = 0;
  const show = (policy) => {
    for (const term of policy.terms ?? []) {
      assert.equal(texts[policy.name].slice(...term.span), term.text);
      shown += 1;
      term.policies.forEach(show);
    }
  };
  show(tree);
  assert.ok(shown >= 7, `${shown} terms`);
});
