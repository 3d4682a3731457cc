// The test suite of RFC 7208 that openspf.org published, read where it stands. Its license keeps it out of this
// repository. Where it allows several results, ours is one of them; `dmarc-core/tests/vectors/spf/choices.json` says
// which, and why.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";
import { Evaluation } from "../pkg/node/index.js";

const corpus = process.env.DMARC_CORPUS ?? fileURLToPath(new URL("../../../shared/corpus", import.meta.url));
const suite = `${corpus}/spf-suite/sdgathman__pyspf/rfc7208-tests.yml`;
/** `TIMEOUT` stands for the types that a name does not list. */
const recordTypes = ["A", "AAAA", "MX", "PTR", "TXT"];

/** The character-strings of a TXT record as a zone file writes them; each character is an octet. */
function strings(data) {
  const escaped = (each) => `\\${String(each.charCodeAt(0)).padStart(3, "0")}`;
  const quoted = (text) => `"${text.replace(/[^ -~]|["\\]/g, escaped)}"`;
  const list = [data].flat();
  return (list.length > 0 ? list : [""]).map(quoted).join(" ");
}

/** What a name has, as a snapshot lists it. */
function types(entries) {
  const listed = {};
  const pairs = entries.filter((entry) => typeof entry === "object").flatMap(Object.entries);
  const hasTxt = pairs.some(([kind]) => kind === "TXT");
  for (const [kind, data] of pairs) {
    // The suite has its drivers copy `SPF` records, of a type that is no more, to `TXT`.
    const name = kind === "SPF" && !hasTxt ? "TXT" : kind;
    if (name === "SPF" || data === "NONE") continue;
    const text = name === "TXT" ? strings(data) : name === "MX" ? `${data[0]} ${data[1]}.` : data;
    (listed[name] ??= []).push(text);
  }
  if (entries.includes("TIMEOUT")) for (const name of recordTypes) listed[name] ??= "TIMEOUT";
  return listed;
}

function result({ host, mailfrom, helo }, names) {
  const evaluation = new Evaluation({ check: "check_host", ip: host, mail_from: mailfrom, helo });
  try {
    evaluation.loadSnapshot({ complete: true, names });
    const step = evaluation.step();
    assert.equal(step.kind, "done", "a complete zone leaves no question");
    return step.report;
  } finally {
    evaluation.free();
  }
}

test("every scenario of the suite holds", { skip: !existsSync(suite) && `no test suite of RFC 7208 at ${suite}` }, (context) => {
  const counts = { scenarios: 0, explanations: 0, choices: 0 };
  const wrong = [];
  for (const document of parseAllDocuments(readFileSync(suite, "utf8"))) {
    const section = document.toJS();
    const names = Object.fromEntries(Object.entries(section.zonedata).map(([name, entries]) => [name, types(entries)]));
    for (const [name, scenario] of Object.entries(section.tests)) {
      const found = result(scenario, names);
      counts.scenarios += 1;
      const allowed = [scenario.result].flat();
      if (allowed.length > 1) counts.choices += 1;
      if (!allowed.includes(found.result)) wrong.push(`${name}: ${found.result}, expected one of ${allowed}`);
      if (scenario.explanation === undefined) continue;
      counts.explanations += 1;
      // Without one of the domain's own, a receiver has its default. RFC 7208, 7.4 writes nibbles in lower case, the
      // suite in upper case.
      const text = found.explanation?.text ?? "DEFAULT";
      if (text.toLowerCase() !== scenario.explanation.toLowerCase()) {
        wrong.push(`${name}: explains ${text}, expected ${scenario.explanation}`);
      }
    }
  }
  context.diagnostic(`${counts.scenarios} scenarios, ${counts.explanations} explanations, ${counts.choices} with several results allowed`);
  assert.deepEqual(wrong, []);
  assert.deepEqual([counts.scenarios, counts.explanations], [203, 22], "the whole suite was read");
});
