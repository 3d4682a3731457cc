// The plan of a domain: what holds the next step up, the lines to publish, what that costs, and the way back.

import { h, sentence } from "./dom.js";
import { zoneLines } from "./lines.js";
import { nameOf } from "./streams.js";

/** A message with a capital. */
export const told = (text) => sentence(text.charAt(0).toUpperCase() + text.slice(1));

/** A message and what to do about it, with its rule. */
export function advice({ message, help, code }, ...more) {
  return h("li", { data: { code } }, h("p", { class: "message" }, told(message)),
    help && h("p", { class: "help" }, sentence(help)), h("p", { class: "meta" }, h("code", {}, code), ...more));
}

/** Where it stands on the six steps. */
export function steps({ step, track }, words) {
  if (track === "no-mail" && step !== null) return h("p", { class: "step-word" }, step === 6 ? words.quiet_done : words.quiet);
  return h("div", {},
    h("p", { class: "step-word" }, words.steps_label(step)),
    h("ol", { class: "stairs" }, words.steps.map((name, index) => {
      const number = index + 1;
      const state = step === null ? "" : number < step ? "done" : number === step ? "now" : "";
      return h("li", { class: state, "aria-current": number === step ? "step" : undefined },
        h("span", { class: "number", "aria-hidden": "true" }, String(number)), h("span", {}, name),
        number === step && h("span", { class: "visually-hidden" }, ` (${words.here})`));
    })));
}

function loss({ loss: lost, publish, then }, settings) {
  const words = settings.words.domain_view;
  if (publish.length + then.length === 0) return null;
  if (lost.basis === "none") return h("p", { class: "remark" }, words.loss_unknown);
  if (lost.messages === 0) return h("p", { class: "remark good" }, words.loss_none);
  const number = (value) => value.toLocaleString(settings.lang);
  const share = (lost.share ?? 0).toLocaleString(settings.lang, { style: "percent", maximumFractionDigits: 2 });
  return h("div", { class: "loss" }, h("p", {}, words.loss(number(lost.messages), share, lost.weeks)),
    lost.residual > 0 && h("p", {}, words.residual(number(lost.residual))),
    h("ul", {}, lost.streams.slice(0, 5).map(({ stream, class: kind, messages }) => h("li", {},
      `${number(messages)} × `, h("code", {}, nameOf(stream)), ` (${settings.words.streams.class[kind]})`))));
}

/** What holds the next step up; a sender that does may be left out of account. */
function held(found, words, choices) {
  const { message, fix, reason, stream } = found;
  const item = advice({ message, help: fix, code: reason }, stream && h("code", {}, stream));
  if (stream) item.append(h("p", { class: "held" }, h("button", { type: "button", class: "link", on: { click: () => choices.setAside(stream, true) } }, words.set_aside)));
  return item;
}

/** The senders that were left out of account. */
function asideOf(words, { aside, setAside }) {
  if (aside.length === 0) return null;
  return h("div", { class: "set-aside" }, h("p", {}, words.set_aside_list), h("ul", {}, aside.map((stream) => h("li", {},
    h("code", {}, nameOf(stream)), " ", h("button", { type: "button", class: "link", on: { click: () => setAside(stream, false) } }, words.set_back)))));
}

/** The whole plan. */
export function planOf(plan, settings, choices) {
  const words = settings.words.domain_view;
  const day = (text) => new Date(`${text}T00:00:00Z`).toLocaleDateString(settings.lang, { dateStyle: "long", timeZone: "UTC" });
  const block = (title, ...content) => [h("h4", {}, title), ...content];
  const list = (found) => h("ul", { class: "advice" }, found.map((one) => advice(one)));
  const to = plan.next_step === null ? words.publish : words.publish_to(plan.next_step, words.steps[plan.next_step - 1]);
  const parts = [
    ...(plan.blocked_by.length > 0 ? block(words.blocked, h("ul", { class: "advice" }, plan.blocked_by.map((one) => held(one, words, choices)))) : []),
    asideOf(words, choices),
    ...(plan.publish.length > 0 ? block(to, zoneLines(plan.lines.publish, words)) : [h("p", { class: "nothing" }, words.publish_nothing)]),
    ...(plan.then.length > 0 ? block(words.then, zoneLines(plan.lines.then, words)) : []),
    loss(plan, settings),
    ...(plan.watch.length > 0 ? block(words.watch, list(plan.watch)) : []),
    ...(plan.after.earliest || plan.after.conditions.length > 0 ? block(words.after, h("ul", {},
      plan.after.earliest && h("li", {}, words.earliest(day(plan.after.earliest))),
      plan.after.conditions.map(({ message }) => h("li", {}, sentence(message))))) : []),
    ...(plan.roll_back.length > 0 ? block(words.back, zoneLines(plan.lines.roll_back, words)) : []),
    ...(plan.notes.length > 0 ? block(words.notes, list(plan.notes)) : []),
  ];
  return h("section", { class: "plan", "aria-labelledby": "domain-plan" }, h("h3", { id: "domain-plan" }, words.plan), parts.filter(Boolean));
}
