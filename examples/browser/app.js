// Starts the reader and joins the parts of the page: language, edition, the record field, a domain and the reports.

import init, * as reader from "./dmarc/index.js";
import { mountDomain } from "./domain.js";
import { mountMessage } from "./message.js";
import { mountRecord } from "./record.js";
import { mountReports } from "./reports.js";
import { mountSpf } from "./spf.js";
import { texts, translate } from "./texts.js";

const settings = { lang: "en", edition: "rfc9989", words: texts.en };

function choose(group, value) {
  const input = document.querySelector(`#${group} input[value="${value}"]`);
  if (input) input.checked = true;
}

function speak(lang) {
  settings.lang = lang;
  settings.words = texts[lang];
  document.documentElement.lang = lang;
  document.title = settings.words.title;
  translate(document, settings.words);
}

const preferred = navigator.languages.map((tag) => tag.slice(0, 2)).find((lang) => lang in texts) ?? "en";
choose("lang", preferred);
speak(preferred);

try {
  await init();
  const parts = [mountRecord, mountDomain, mountSpf, mountMessage, mountReports].map((mount) => mount(reader, settings));
  const refresh = () => parts.forEach((part) => part.refresh());
  document.querySelector("#lang").addEventListener("change", (event) => {
    speak(event.target.value);
    refresh();
  });
  document.querySelector("#edition").addEventListener("change", (event) => {
    settings.edition = event.target.value;
    refresh();
  });
  refresh();
  document.documentElement.dataset.ready = "yes";
} catch (why) {
  const broken = document.querySelector("#broken");
  broken.textContent = settings.words.broken.replace("{why}", String(why));
  broken.hidden = false;
}
