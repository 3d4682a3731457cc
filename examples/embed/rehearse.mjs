// Which mail another policy would lose, from reports: `node rehearse.mjs DOMAIN FOLDER ZONE p=reject sp=none`.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
// In a project of its own: from "dmarc-wasm".
import { rehearse, sumReports } from "../../dmarc-wasm/pkg/node/index.js";

const [domain, folder, zone, ...tags] = process.argv.slice(2);
const inputs = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort()
  .map((path) => ({ path, bytes: new Uint8Array(readFileSync(path)) }));

const { record, editions: [rehearsed] } = rehearse({
  domain,
  reports: sumReports(domain, inputs, { rows: true }),
  from: { zone_files: [readFileSync(zone, "utf8")] },
  set: Object.fromEntries(tags.map((tag) => tag.split("=", 2))),
  editions: ["rfc9989"],
});
console.log(`${record.name}  ${record.to}`);
console.log(`${rehearsed.loss} messages of own senders lost, ${rehearsed.stopped} unauthorised ones stopped`);
for (const stream of rehearsed.streams.filter(({ newly_enforced: newly }) => newly > 0).slice(0, 20)) {
  console.log(`${String(stream.newly_enforced).padStart(8)}  ${stream.class.padEnd(20)}  ${stream.key}`);
}
