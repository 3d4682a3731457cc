// The package in a page: `await init()` fetches the module, from beside this file unless told otherwise.
export * from "./dmarc_wasm.js";
export { default } from "./dmarc_wasm.js";
export { checkHost, checkMessage, run, spfAnalysis, spfTree } from "./run.js";
