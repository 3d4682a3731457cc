// Builds the package: links the module, writes the JavaScript around it, and shrinks it.
// `node build.mjs [--quick]`; quick leaves the shrinking out.

import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const pkg = join(here, "pkg");
const command = (program, ...args) => execFileSync(program, args, { cwd: root, stdio: "inherit" });

const metadata = execFileSync("cargo", ["metadata", "--format-version", "1", "--no-deps"], { cwd: root, maxBuffer: 1 << 26 });
const target = JSON.parse(metadata.toString()).target_directory;
const linked = join(target, "wasm32-unknown-unknown", "wasm", "dmarc_wasm.wasm");

command("cargo", "build", "-p", "dmarc-wasm", "--profile", "wasm", "--target", "wasm32-unknown-unknown");
rmSync(pkg, { recursive: true, force: true });
command("cargo", "run", "-q", "-p", "dmarc-wasm-bindgen", "--", linked, pkg);

for (const form of ["node", "web"]) {
  const out = join(pkg, form);
  cpSync(join(here, "js", form), out, { recursive: true });
  cpSync(join(here, "js", "run.js"), join(out, "run.js"));
  // `export *` leaves the default export out; in a page that is the function which fetches the module.
  const declarations = 'export * from "./dmarc_wasm.js";\n';
  const fetched = 'export { default } from "./dmarc_wasm.js";\n';
  writeFileSync(join(out, "index.d.ts"), form === "web" ? declarations + fetched : declarations);
}

// The forms differ in the JavaScript around one and the same module.
const [module, other] = ["web", "node"].map((form) => join(pkg, form, "dmarc_wasm_bg.wasm"));
if (!readFileSync(module).equals(readFileSync(other))) throw new Error("the module for Node is not the one for pages");
if (!process.argv.includes("--quick")) {
  // The features that rustc's target has switched on, and no others.
  const features = ["bulk-memory", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext", "multivalue"];
  command(process.execPath, join(here, "node_modules", "binaryen", "bin", "wasm-opt"), "-Os",
    "--mvp-features", ...features.map((feature) => `--enable-${feature}`), module, "-o", module);
  cpSync(module, other);
}
const raw = statSync(module).size;
const packed = gzipSync(readFileSync(module), { level: 9 }).length;
console.log(`dmarc_wasm_bg.wasm: ${raw} octets, ${packed} with gzip`);
