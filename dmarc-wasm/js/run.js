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
    await facts?.(evaluation);
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
