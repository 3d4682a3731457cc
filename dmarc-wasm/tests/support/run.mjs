// Runs one case of the shared vectors, by kind.

import assert from "node:assert/strict";
import * as dmarc from "../../pkg/node/index.js";
import { inputsOf } from "./inputs.mjs";
import { recordInput } from "./vectors.mjs";

/** Runs a check over the facts of a case; what they do not know cannot be looked up. */
function evaluate(check, { zone, snapshot }) {
  const evaluation = new dmarc.Evaluation(check);
  evaluation.loadSnapshot(zone ? { complete: true, names: zone } : snapshot);
  for (;;) {
    const step = evaluation.step();
    if (step.kind === "done") return step.report;
    for (const question of [...step.needed, ...step.useful]) evaluation.answer(question, { status: "not-possible" });
  }
}

/** The sums of the inputs about the domain of a case, with rows. */
const stateOf = (one) => dmarc.sumReports(one.domain, inputsOf(one), { rows: true });

/** A change of the zone of a case: to `to`, names in place of those of the zone, or by what the request says. */
function change({ zone, to, domain, request = {}, ...one }, edition) {
  const known = (names) => ({ snapshot: { complete: true, names } });
  const wanted = { reports: stateOf({ domain, ...one }), from: known(zone), editions: [edition], ...request };
  if (to) wanted.to = known({ ...zone, ...to });
  if (request.set) wanted.domain = domain;
  try {
    const { editions: [rehearsed], record, destinations, left_out } = dmarc.rehearse(wanted);
    return { ...rehearsed, record, destinations, left_out };
  } catch (error) {
    assert.ok(error.code, String(error));
    return { error: error.code };
  }
}

/** Many domains over the zone or snapshot of a case. */
function portfolio({ zone, snapshot, request }, edition) {
  const known = zone ? { complete: true, names: zone } : snapshot;
  try {
    return dmarc.portfolio({ edition, records: known ? { snapshot: known } : {}, ...request });
  } catch (error) {
    assert.ok(error.code, String(error));
    return { error: error.code };
  }
}

/** The view of a case, by kind, and the text or octets that its spans count in. */
const runners = {
  record(one, edition) {
    const input = recordInput(one);
    return [dmarc.parseRecord(input, { kind: one.record_kind ?? "dmarc", edition }), input];
  },
  build(one, edition) {
    try {
      return [dmarc.buildDmarc(one.build, { edition })];
    } catch (error) {
      assert.ok(error.code, String(error));
      return [{ error: error.code }];
    }
  },
  write(one) {
    try {
      const written = dmarc.writeReport(one.write);
      const bytes = new TextEncoder().encode(written.document);
      return [{ ...written, read: dmarc.readReports([{ path: "document", bytes }]) }];
    } catch (error) {
      assert.ok(error.code, String(error));
      return [{ error: error.code }];
    }
  },
  compare(one) {
    const input = recordInput(one);
    return [dmarc.compareDmarc(input), input];
  },
  discovery: (one, edition) => [evaluate({ check: "discovery", author: one.author, edition }, one)],
  domain: (one, edition) => [evaluate({ check: "domain", ...one.request, domain: one.domain, edition, now: one.now, context: one.context, smtp: one.smtp, reports: one.state ?? (one.inputs && stateOf(one)) }, one)],
  spf: (one) => [evaluate({ check: "spf", domain: one.domain, record: one.record, ...one.request }, one)],
  spf_tree: (one) => [evaluate({ check: "spf_tree", domain: one.domain, record: one.record, ...one.request }, one)],
  dkim: (one) => [evaluate({ check: "dkim", domain: one.domain, ...one.request }, one)],
  message: (one, edition) => [evaluate({ check: "message", edition, ...one.request }, one)],
  check_host: (one) => [evaluate({ check: "check_host", ...one.request }, one)],
  zone: ({ zone_file, zone_files, origin, snapshot, limits, ask }) => [
    dmarc.lookUp({ zone_file, zone_files, origin, snapshot, limits, ask }), zone_file],
  portfolio: (one, edition) => [portfolio(one, edition)],
  change: (one, edition) => [change(one, edition)],
  report: (one, edition) => [dmarc.readReports(inputsOf(one), { limits: one.limits, tables: one.tables !== undefined, privacy: one.privacy, privacy_key: one.privacy_key, organizations: one.organizations, edition })],
};

/** The view of a case under an edition, and the octets that its spans count in; none if each record has its own. */
export function viewOf(kind, one, edition) {
  assert.ok(kind in runners, `no runner for cases of kind ${kind}`);
  const [view, input] = runners[kind](one, edition);
  return { view, octets: typeof input === "string" ? new TextEncoder().encode(input) : input };
}
