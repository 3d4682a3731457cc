// The message part of the page: the header of a message that was received, and the records that hold for it. Does it
// pass DMARC, and why? Nothing is asked of anybody: what the records do not tell stays open.

import { h, referenceLink, sentence, table } from "./dom.js";
import { exampleMessage, exampleRecords } from "./example-message.js";
import { factsOf } from "./facts.js";
import { filesOf } from "./files.js";

export function mountMessage(reader, settings) {
  const part = document.querySelector("#message");
  const [header, records, outcome, problem] = ["header", "records", "outcome", "problem"].map((name) => part.querySelector(`#message-${name}`));
  let turn = 0;

  const words = () => settings.words;

  function tell(problems) {
    problem.replaceChildren(...problems.map((text) => h("p", {}, sentence(text))));
    problem.hidden = problems.length === 0;
  }

  function headline(view) {
    const result = view.result ?? "unknown";
    const kind = result === "pass" ? "usable" : ["fail", "permerror"].includes(result) ? "unusable" : "acts-as-none";
    const asked = result === "fail" && view.requested_policy;
    return h("div", { class: `verdict ${kind}`, role: "status", data: { result } },
      h("p", { class: "headline" }, words().message_result[result]),
      asked && h("p", {}, words().outcome[view.requested_policy]),
      view.author_domain && h("p", { class: "remark" }, words().message_author(view.author_domain, view.policy_domain)));
  }

  function results(view) {
    const judged = [...(view.spf ? [["SPF", view.spf]] : []), ...view.dkim.map((one) => ["DKIM", one])];
    if (judged.length === 0) return null;
    const aligned = (one) => (one.aligned === null || one.aligned === undefined ? "–" : words().message_yes_no[one.aligned]);
    const rows = judged.map(([mechanism, one]) => [mechanism, h("code", {}, one.domain ?? "–"), one.result, aligned(one)]);
    return table(words().message_results, ["", words().message_domain, words().message_said, words().message_aligned], rows);
  }

  function steps(view) {
    const item = (step) => h("li", { class: step.severity, data: { code: step.code } }, sentence(step.message));
    return [h("h3", {}, words().message_why), h("ol", { class: "steps" }, view.steps.map(item))];
  }

  /** What is wrong with the signatures and the fields of the receiver, each with the part that it is about. */
  function findings(view) {
    const fields = (view.authentication_results?.fields ?? []).map((field) => [field.text ?? "", field.diagnostics ?? []]);
    const signatures = (view.signatures ?? []).map((signature) => [signature.input, signature.diagnostics]);
    const all = [...fields, ...signatures].flatMap(([text, found]) => found.map((one) => [text, one]));
    if (all.length === 0) return [];
    const place = (text, span) => span && h("p", { class: "difference" }, text.slice(Math.max(0, span[0] - 40), span[0]),
      h("mark", { class: "warning" }, text.slice(...span)), text.slice(span[1], span[1] + 40));
    const item = ([text, found]) => h("li", { class: `finding ${found.severity}`, data: { code: found.code } },
      h("p", { class: "message" }, h("span", { class: `badge ${found.severity}` }, words()[found.severity]), " ", sentence(found.message)),
      place(text, found.span),
      found.help && h("p", { class: "help" }, sentence(found.help)),
      h("p", { class: "meta" }, h("code", {}, found.code), referenceLink(found.reference)));
    return [h("h3", {}, words().findings(all.length)), h("ol", { class: "findings" }, all.map(item))];
  }

  async function refresh() {
    const mine = (turn += 1);
    if (header.value.trim() === "") {
      tell([]);
      return outcome.replaceChildren(h("p", { class: "remark" }, words().message_empty));
    }
    let wrong = [];
    let view;
    try {
      const load = factsOf(records.value);
      const facts = (evaluation) => { wrong = load(evaluation).filter(({ severity }) => severity === "error"); };
      // A text area has no line ends of its own; those of mail are CR and LF.
      const message = header.value.replace(/\r?\n/g, "\r\n");
      const given = records.value.trim() === "" ? {} : { facts };
      view = await reader.checkMessage({ message, edition: settings.edition }, undefined, { ...given, lang: settings.lang });
    } catch (why) {
      if (mine === turn) tell([why instanceof SyntaxError ? words().spf_no_json(why.message) : why.message]);
      return mine === turn ? outcome.replaceChildren() : undefined;
    }
    // Somebody typed on meanwhile.
    if (mine !== turn) return undefined;
    tell(wrong.slice(0, 3).map(({ message, help }) => `${message}; ${help}`));
    return outcome.replaceChildren(...[headline(view), results(view), ...steps(view), ...findings(view)].filter(Boolean));
  }

  for (const field of [header, records]) {
    field.addEventListener("input", refresh);
    for (const kind of ["dragenter", "dragover"]) field.addEventListener(kind, (event) => event.preventDefault());
    field.addEventListener("drop", async (event) => {
      event.preventDefault();
      const [first] = await filesOf(event.dataTransfer);
      if (!first) return;
      field.value = await first.file.text();
      await refresh();
    });
  }
  part.querySelector("#message-example").addEventListener("click", () => {
    header.value = exampleMessage;
    records.value = exampleRecords;
    refresh();
    header.focus();
  });

  return { refresh };
}
