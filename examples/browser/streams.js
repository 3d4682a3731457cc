// Who sends, by streams: what each is, how it passes, how it goes, and what to do; what it rests on is shown on demand.

import { h, longTable, share } from "./dom.js";

/** The name in the key of a stream, such as that of `dkim:example.com/s`. */
export const nameOf = (key) => key.slice(key.indexOf(":") + 1);

const number = (value, { lang }) => value.toLocaleString(lang);
const day = (text, { lang }) => new Date(`${text}T00:00:00Z`).toLocaleDateString(lang, { dateStyle: "medium", timeZone: "UTC" });

/** How much more or less is sent than before, as an arrow and a factor; nothing where weeks are too few. */
function trend(value, { lang }) {
  if (value === null) return "–";
  const arrow = value >= 1.25 ? "↗" : value <= 0.8 ? "↘" : "→";
  return h("span", {}, h("span", { "aria-hidden": "true" }, `${arrow} `), `× ${value.toLocaleString(lang)}`);
}

function evidence(stream, settings) {
  const words = settings.words.streams;
  return h("ul", { class: "evidence" }, stream.evidence.map((one) => h("li", {},
    `${words.because[one.because]} (${words.confidence[one.confidence]}; ${number(one.messages, settings)})`,
    h("small", {}, [one.network, one.envelope && `SPF ${one.envelope} ${one.spf}`, ...one.dkim.map((signature) => `DKIM ${signature}`)].filter(Boolean).join(" · ")),
    one.example && h("small", {}, words.example(one.example.report_key.slice(0, 8), one.example.record_ordinal + 1)))));
}

/** The streams of all reports. */
export function streamsTable({ streams }, settings, id = "streams") {
  const words = settings.words.streams;
  const several = new Set(streams.map(({ domain }) => domain)).size > 1;
  const rows = streams.map((stream) => [
    h("details", { class: "stream", data: { key: stream.key } },
      h("summary", {}, h("code", {}, nameOf(stream.key)),
        h("small", {}, [several && stream.domain, stream.named?.name ?? stream.provider, words.hosts(stream.hosts)].filter(Boolean).join(" · "))),
      evidence(stream, settings)),
    h("span", { class: `class ${stream.class}` }, words.class[stream.class]),
    number(stream.messages, settings), share(stream.spf, stream.messages), share(stream.dkim, stream.messages),
    trend(stream.trend, settings), words.action[stream.action] ?? "–"]);
  const heads = [words.name, words.what, settings.words.messages, settings.words.spf, settings.words.dkim, words.trend, words.to_do];
  const shown = longTable(words.heading, heads, rows, { numeric: [2, 5], text: [0, 1, 6] }, settings.words);
  return h("div", { id, class: "streams" }, shown);
}

/** What changed while the reports came in. */
export function changesTable({ changes }, settings) {
  const words = settings.words.streams;
  const rows = changes.map((change) => [day(change.since, settings), words.change[change.kind] ?? change.kind,
    h("code", {}, change.kind.endsWith("-stream") ? nameOf(change.subject) : change.subject), number(change.messages, settings)]);
  const heads = [words.since, words.changes, words.name, settings.words.messages];
  return longTable(words.changes, heads, rows, { numeric: [3], text: [1, 2] }, settings.words);
}

/** Reports that are named and not added up, and which one was. */
export function notCounted({ reports }, settings) {
  const words = settings.words.streams;
  const rows = reports.flatMap((report) => {
    const why = ["duplicate", "conflict", "resent"].find((kind) => report[`${kind}_of`]);
    if (!why) return [];
    const place = [report.path, report.container_path].filter(Boolean).join("/");
    return [[place, words.why[why](report[`${why}_of`]), number(report.messages, settings)]];
  });
  const heads = [settings.words.file, settings.words.refused_why, settings.words.messages];
  return rows.length > 0 && h("div", { id: "not-counted" }, longTable(words.not_counted, heads, rows, { numeric: [2], text: [0, 1] }, settings.words));
}
