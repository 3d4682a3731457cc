// The shared vectors as they stand on disk: which cases there are, and what each gives and expects.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const tree = fileURLToPath(new URL("../../../dmarc-core/tests/vectors", import.meta.url));

/** Keys of a case that are input, or words for the reader; every other key is expected. */
const given = new Set(`name reference note edition editions kind record_kind input input_hex repeat build author domain state zone
  snapshot zone_file zone_files origin ask inputs write organizations now check limits privacy privacy_key context smtp record request to`.split(/\s+/));

/** Which input says what kind a case is of, where neither the case nor its file does. */
const inferred = { author: "discovery", inputs: "report", write: "write", zone_file: "zone", domain: "domain", build: "build" };

function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function casesOf(folder, file) {
  const content = JSON.parse(readFileSync(file, "utf8"));
  const path = relative(folder, file).split(sep).join("/").replace(/\.json$/, "");
  const list = Array.isArray(content) ? content : content.cases;
  return list.map((one) => {
    const sign = Object.keys(inferred).find((key) => key in one);
    const kind = one.kind ?? content.kind ?? inferred[sign] ?? "record";
    const expected = Object.fromEntries(Object.entries(one).filter(([key]) => !given.has(key)));
    const runs = one.editions
      ? Object.entries(one.editions).map(([edition, more]) => ({ edition, expected: { ...expected, ...more } }))
      : [{ edition: one.edition ?? "rfc9989", expected }];
    return { title: `${path}: ${one.name}`, kind, given: { record_kind: content.record_kind, zone: content.zone, inputs: content.inputs, ...one }, runs };
  });
}

/** The cases of the tree in this repository. */
export const ownCases = files(tree).flatMap((file) => casesOf(tree, file));

/** Those, and the cases below the folder named in `DMARC_VECTORS`. */
export function allCases() {
  const elsewhere = process.env.DMARC_VECTORS;
  if (!elsewhere) return ownCases;
  if (!existsSync(elsewhere)) throw new Error(`DMARC_VECTORS names ${elsewhere}, which is not there`);
  return [...ownCases, ...files(elsewhere).flatMap((file) => casesOf(elsewhere, file))];
}

/** What a record case gives: a text, or octets where it is written in hexadecimal. */
export function recordInput(one) {
  if (one.input_hex !== undefined) return new Uint8Array(Buffer.from(one.input_hex.replace(/\s/g, ""), "hex"));
  if (one.repeat !== undefined) return one.repeat[0].repeat(one.repeat[1]);
  return one.input;
}
