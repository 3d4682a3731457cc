// The loop of ask and answer in JavaScript's own form. It decides nothing: the questions come from the core, the
// answers from the caller.

import { Evaluation } from "./dmarc_wasm.js";

/**
 * Runs a check to its report. `resolve(question)` looks one question up and returns its answer, or a promise of it:
 * an answer object, the octets of a DNS message (`Uint8Array`), or `undefined` where nothing can be said.
 * The questions of one round are independent, and are looked up at the same time.
 */
export async function run(check, resolve, options = {}) {
  const { facts, needed_only: neededOnly = false, ...settings } = options;
  const evaluation = new Evaluation(check, settings);
  try {
    if (typeof facts === "function") await facts(evaluation);
    else if (facts) evaluation.loadSnapshot(facts);
    for (;;) {
      const step = evaluation.step();
      if (step.kind === "done") return step.report;
      const questions = neededOnly ? step.needed : [...step.needed, ...step.useful];
      const answers = await Promise.all(questions.map((question) => resolve(question)));
      questions.forEach((question, index) => {
        const answer = answers[index];
        if (answer instanceof Uint8Array) evaluation.answerMessage(question, answer);
        else if (answer !== undefined) evaluation.answer(question, answer);
      });
    }
  } finally {
    evaluation.free();
  }
}

/** Nobody to ask: what the facts do not know stays open. */
const nobody = () => ({ status: "not-possible" });

/** What SPF says about a client and a sender. */
export function checkHost(client, resolve = nobody, options = {}) {
  return run({ check: "check_host", ...client }, resolve, options);
}

/** Whether a message passes DMARC, and why. */
export function checkMessage(message, resolve = nobody, options = {}) {
  const asked = typeof message === "string" ? { message } : message;
  return run({ check: "message", ...asked }, resolve, options);
}

/** What the SPF policy of a domain costs, and whom it authorizes. */
export function spfAnalysis(policy, resolve = nobody, options = {}) {
  const asked = typeof policy === "string" ? { domain: policy } : policy;
  return run({ check: "spf", ...asked }, resolve, options);
}

/** What each term of the SPF policy of a domain costs: the tree of `spfAnalysis` alone, for a fraction of its work. */
export function spfTree(policy, resolve = nobody, options = {}) {
  const asked = typeof policy === "string" ? { domain: policy } : policy;
  return run({ check: "spf_tree", ...asked }, resolve, options);
}
