// The inputs of report cases, as they are given to the library.

import { documents } from "./series.mjs";

/** The octets of one input: `text`, `base64`, or `repeat`: what stands before, what is repeated, how often, and what stands behind. */
function octetsOf(input) {
  if (input.base64 !== undefined) return new Uint8Array(Buffer.from(input.base64, "base64"));
  if (input.text !== undefined) return new TextEncoder().encode(input.text);
  const [before, text, times, behind] = input.repeat;
  return new TextEncoder().encode(`${before}${text.repeat(times)}${behind}`);
}

/** The inputs of a case as `readReports` takes them; a series stands for many. */
export function inputsOf({ inputs }) {
  return inputs.flatMap((input) => (input.series ? documents(input.series) : [given(input)]));
}

/** One input as `readReports` takes it. */
function given(input) {
  const { path, unreadable } = input;
  return unreadable === undefined ? { path, bytes: octetsOf(input) } : { path, unreadable };
}
