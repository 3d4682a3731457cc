//! Ask and answer: a check, the facts it has, and what it asks next. The loop over it stands in `js/run.js`.

use dmarc_core::assessment::Request;
use dmarc_core::diagnostics::{Catalog, View};
use dmarc_core::dns::{LookUps, Snapshot, Zone};
use dmarc_core::evaluation::{self, Answer, AnswerDocument, Question, Step};
use dmarc_core::limits::Limits;
use dmarc_core::name::DomainName;
use js_sys::Uint8Array;
use serde::Deserialize;
use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::errors::{error, invalid_argument};
use crate::{Texts, convert, outcome};

/// A check with the facts it has so far.
#[wasm_bindgen(skip_typescript)]
pub struct Evaluation {
    inner: evaluation::Evaluation<Request>,
    catalog: Catalog,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ZoneOptions {
    origin: Option<DomainName>,
}

/// RFC 8484, 4.1: the identifier is 0 over HTTPS, so that equal questions are cached as one.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct MessageOptions {
    id: u16,
}

#[wasm_bindgen]
impl Evaluation {
    /// A check that knows nothing yet.
    #[wasm_bindgen(constructor, skip_typescript)]
    pub fn new(check: &JsValue, options: &JsValue) -> Result<Self, JsValue> {
        let request: Request = convert::from_js("check", check)?;
        let Texts { lang } = convert::from_js("options", options)?;
        Ok(Self { inner: evaluation::Evaluation::new(request), catalog: Catalog::embedded(lang) })
    }

    /// Runs the check as far as the facts reach.
    #[wasm_bindgen(skip_typescript)]
    pub fn step(&mut self) -> Result<JsValue, JsValue> {
        let step = match self.inner.step() {
            Step::Ask(questions) => {
                json!({ "kind": "ask", "needed": questions.needed, "useful": questions.useful })
            }
            Step::Done(outcome) => {
                json!({ "kind": "done", "report": outcome::view(&outcome, &self.catalog) })
            }
        };
        convert::to_js(&step)
    }

    /// Takes an answer as an object.
    #[wasm_bindgen(skip_typescript)]
    pub fn answer(&mut self, question: &JsValue, answer: &JsValue) -> Result<(), JsValue> {
        let question: Question = convert::from_js("question", question)?;
        let document: AnswerDocument = convert::from_js("answer", answer)?;
        let answer = document.into_answer(&question).map_err(|why| invalid_argument("answer", why))?;
        self.inner.answer(question, answer);
        Ok(())
    }

    /// Takes an answer as the octets of a DNS message.
    #[wasm_bindgen(js_name = answerMessage, skip_typescript)]
    pub fn answer_message(&mut self, question: &JsValue, message: &JsValue) -> Result<(), JsValue> {
        let question: Question = convert::from_js("question", question)?;
        let octets = convert::octets("message", message)?;
        let answer =
            Answer::from_message(&question, &octets).map_err(|why| error("dns-message", &why.to_string()))?;
        self.inner.answer(question, answer);
        Ok(())
    }

    /// Loads a zone file; returns what was found in it.
    #[wasm_bindgen(js_name = loadZone, skip_typescript)]
    pub fn load_zone(&mut self, zone: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
        let octets = convert::octets("zone", zone)?;
        let ZoneOptions { origin } = convert::from_js("options", options)?;
        let parsed = Zone::parse(&octets, origin.as_ref(), &Limits::default());
        if let Some(zone) = parsed.value {
            self.inner.facts_mut().add_zone(zone);
        }
        let views = parsed.diagnostics.iter().map(|found| View::new(found, &self.catalog, &octets));
        convert::view_to_js(&views.collect::<Vec<_>>(), &octets)
    }

    /// Loads a snapshot; returns what was found in it.
    #[wasm_bindgen(js_name = loadSnapshot, skip_typescript)]
    pub fn load_snapshot(&mut self, snapshot: &JsValue) -> Result<JsValue, JsValue> {
        let snapshot: Snapshot = convert::from_js("snapshot", snapshot)?;
        let found = self.inner.facts_mut().add_snapshot(&snapshot);
        let views = found.iter().map(|found| View::new(found, &self.catalog, b""));
        convert::to_js(&views.collect::<Vec<_>>())
    }

    /// Rounds of questions so far.
    #[wasm_bindgen(getter, skip_typescript)]
    pub fn rounds(&self) -> u32 {
        self.inner.rounds()
    }
}

/// A question as the octets of a DNS message, for DNS over HTTPS or a socket.
#[wasm_bindgen(js_name = questionMessage, skip_typescript)]
pub fn question_message(question: &JsValue, options: &JsValue) -> Result<Uint8Array, JsValue> {
    let question: Question = convert::from_js("question", question)?;
    let MessageOptions { id } = convert::from_js("options", options)?;
    let octets = question.to_message(id).map_err(|why| error("dns-message", &why.to_string()))?;
    Ok(Uint8Array::from(octets.as_slice()))
}

/// Puts questions to zone files or a snapshot.
#[wasm_bindgen(js_name = lookUp, skip_typescript)]
pub fn look_up(look_ups: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    let look_ups: LookUps = convert::from_js("look_ups", look_ups)?;
    let Texts { lang } = convert::from_js("options", options)?;
    let view = look_ups.view(&Catalog::embedded(lang));
    // A span counts in one text: of several zone files, the finding does not say which.
    convert::view_to_js(&view, look_ups.zone_file.as_deref().unwrap_or_default().as_bytes())
}
