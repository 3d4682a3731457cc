// The package in Node: the module is read from disk when it is imported.
export * from "./dmarc_wasm.js";
export { checkHost, checkMessage, run, spfAnalysis, spfTree } from "./run.js";
