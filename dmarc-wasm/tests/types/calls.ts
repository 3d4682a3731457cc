// How the functions are used, and how they must not be: each `@ts-expect-error` fails if it is allowed.

import {
  Evaluation, buildDmarc, compareDmarc, lookUp, parseDmarc, parseRecord, rules, run,
  type Answer, type DiscoveryView, type DmarcView, type DomainView, type Question, type RecordView,
} from "../../pkg/node/index.js";
import init, { parseDmarc as inPage, type DmarcView as PageView } from "../../pkg/web/index.js";

const view: DmarcView = parseDmarc("v=DMARC1; p=none", { edition: "rfc7489", lang: "nl", strict: true });
parseDmarc(new Uint8Array(3));
const policy: "none" | "quarantine" | "reject" | undefined = view.effective?.p;
const [start, end]: [number, number] = view.diagnostics[0]?.span ?? [0, 0];
void [policy, start, end];

// @ts-expect-error no such edition
parseDmarc("", { edition: "rfc822" });
// @ts-expect-error no such option
parseDmarc("", { langauge: "nl" });
// @ts-expect-error neither text nor octets
parseDmarc(7);
// @ts-expect-error may be null
view.effective.p;

const any: RecordView = parseRecord("v=spf1 -all", { kind: "auto" });
if (any.kind === "spf") void any.published?.terms[0]?.qualifier;
// @ts-expect-error only after its kind is known
void any.published?.terms;

compareDmarc("v=DMARC1; p=none").differences.map(({ field }) => field);
buildDmarc({ p: "reject", rua: ["dmarc@example.com"], fo: "1" }).text.length;
// @ts-expect-error no such policy
buildDmarc({ p: "rejct" });
rules({ lang: "en" }).map(({ code, args }) => [code, ...args]);

async function resolve(question: Question): Promise<Answer> {
  if (question.kind !== "dns") return { status: "not-possible" };
  return { data: [`${question.name} ${question.type}`], ttl: 300 };
}

const discovered: Promise<DiscoveryView> = run({ check: "discovery", author: "example.com" }, resolve);
const domain: Promise<DomainView> = run({ check: "domain", domain: "example.com", now: 0 }, resolve, {
  facts: (evaluation) => void evaluation.loadZone("", { origin: "example.com" }),
});
void [discovered, domain];
// @ts-expect-error no such check
run({ check: "weather" }, resolve);

const evaluation = new Evaluation({ check: "discovery", author: "example.com" }, { lang: "nl" });
const step = evaluation.step();
if (step.kind === "ask") for (const question of step.needed) evaluation.answer(question, { status: "nxdomain" });
else void step.report.policy?.applied;
// @ts-expect-error a failure says why
evaluation.answer({ kind: "https", url: "" }, { status: "failure" });
evaluation.free();

lookUp({ zone_file: "", ask: [{ name: "example.com", type: "TXT" }] }).answers.length;

const page: Promise<PageView> = init().then(() => inPage("v=DMARC1; p=none"));
void page;
