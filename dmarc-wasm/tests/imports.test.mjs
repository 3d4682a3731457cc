// The promise of no I/O, on the linked module: it can reach nothing but what it imports, and that is this list.
// None of it is a clock, a random source, a file or a connection: values to and from JavaScript, and errors.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const expected = readFileSync(new URL("imports.txt", import.meta.url), "utf8")
  .split("\n").filter((line) => line && !line.startsWith("#"));

// `__wbg_parse_708461a1feddfb38`: the digest is of the crate that declares it, not of what it does.
const plain = (name) => name.replace(/_[0-9a-f]{16}$/, "");

for (const form of ["node", "web"]) {
  test(`the module for ${form} imports what imports.txt lists`, () => {
    const octets = readFileSync(new URL(`../pkg/${form}/dmarc_wasm_bg.wasm`, import.meta.url));
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(octets));
    const found = imports.map(({ module, name, kind }) => `${kind} ${module.replace(/^\.\//, "")} ${plain(name)}`);
    assert.deepEqual([...new Set(found)].sort(), expected);
  });
}

// A name alone could hide what it does: `__wbg_new` may make an Error as well as a Date.
test("what is imported touches no global but these", () => {
  const allowed = ["Array", "Error", "JSON", "Reflect", "Uint8Array"];
  for (const form of ["node", "web"]) {
    const glue = readFileSync(new URL(`../pkg/${form}/dmarc_wasm.js`, import.meta.url), "utf8");
    const [bodies] = /^function __wbg_get_imports\(\) \{\n.*?^\}/ms.exec(glue);
    const code = bodies.replace(/\/\/.*$/gm, "").replace(/'[^']*'|"[^"]*"|`[^`]*`/g, "''");
    const words = new Set(code.match(/(?<![.\w$])[A-Za-z_$][\w$]*/g));
    const globals = [...words].filter((word) => word in globalThis && !["undefined", "arguments", "__proto__"].includes(word));
    assert.deepEqual(globals.sort(), allowed, form);
    assert.ok(!/globalThis|process|require|import\(|navigator|crypto|performance|fetch/.test(code), form);
  }
});
