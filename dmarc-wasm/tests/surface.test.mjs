// types.d.ts is written by hand: it declares what the module exports, no more and no less.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as node from "../pkg/node/index.js";
import * as web from "../pkg/web/index.js";

const types = readFileSync(new URL("../types.d.ts", import.meta.url), "utf8");
const declared = [...types.matchAll(/^export (?:declare )?(?:function|class|const) (\w+)/gm)].map((match) => match[1]);

test("the declared functions and classes are those of the module", () => {
  assert.deepEqual([...new Set(declared)].sort(), Object.keys(node).sort());
});

test("the page's module has the same, and the function that fetches it", () => {
  const loaders = ["default", "initSync"];
  assert.deepEqual(Object.keys(web).filter((name) => !loaders.includes(name)).sort(), Object.keys(node).sort());
  assert.ok(loaders.every((name) => typeof web[name] === "function"));
});

test("the members of each declared class are those of the class", () => {
  const classes = [...types.matchAll(/^export (?:declare )?class (\w+)[^\n]* \{\n(.*?)^\}/gms)];
  assert.ok(classes.length > 0);
  for (const [, name, body] of classes) {
    const members = [...body.matchAll(/^ {2}(?:(?:static|readonly|get) )*(\w+)\s*[(:]/gm)].map((match) => match[1]);
    const { prototype } = node[name];
    const owned = [...Object.getOwnPropertyNames(prototype), ...Object.getOwnPropertyNames(node[name])
      .filter((member) => typeof node[name][member] === "function")];
    // `__destroy_into_raw` and the like belong to the generated code.
    assert.deepEqual([...new Set(members)].sort(), [...new Set(owned)].filter((member) => !member.startsWith("__")).sort(), name);
  }
});

// The generator indents anew.
const unindented = (text) => text.split("\n").map((line) => line.trim()).join("\n").trim();

test("the generated declarations hold the written ones, whole", () => {
  for (const form of ["node", "web"]) {
    const generated = readFileSync(new URL(`../pkg/${form}/dmarc_wasm.d.ts`, import.meta.url), "utf8");
    assert.ok(unindented(generated).includes(unindented(types)), form);
  }
});
