// The examples of both READMEs run as they stand there.

import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { test } from "node:test";

for (const name of ["../../README.md", "../README.md"]) {
  const text = readFileSync(new URL(name, import.meta.url), "utf8");
  const examples = [...text.matchAll(/^```js\n(.*?)^```/gms)].map((match) => match[1]);

  test(`${name} has examples`, () => assert.ok(examples.length > 0));

  examples.forEach((example, index) => {
    test(`example ${index + 1} of ${name} holds`, async () => {
      // Within the package, so that its own name leads to it.
      const file = new URL(`example-${name.includes("../../") ? "root" : "own"}-${index}.generated.mjs`, import.meta.url);
      const { assert: printing, table } = console;
      const { fetch } = globalThis;
      let asserted = 0;
      console.assert = (condition, ...more) => { asserted += 1; assert.ok(condition, ...more); };
      console.table = () => {};
      // Nothing here asks the network: a name server that is not there is an answer as well.
      globalThis.fetch = () => Promise.reject(new TypeError("no network in a test"));
      writeFileSync(file, example);
      try {
        await import(file.href);
        assert.ok(asserted > 0, "an example that asserts nothing shows nothing");
      } finally {
        Object.assign(console, { assert: printing, table });
        globalThis.fetch = fetch;
        rmSync(file);
      }
    });
  });
}
