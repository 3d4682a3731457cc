//! `dmarc-core` for JavaScript: plain objects in and out, `Error` with a `code` where a call cannot do its job.
//!
//! It registers names and converts values, and decides nothing. The types stand in `types.d.ts`, written by hand
//! and checked against every expected value of the shared vectors; the loop `run` stands in `js/run.js`.

mod convert;
mod errors;
pub mod evaluation;
mod outcome;
pub mod portfolio;
pub mod record;
pub mod rehearsal;
pub mod report;

use dmarc_core::diagnostics::{Catalog, Language};
use dmarc_core::inspect;
use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("../types.d.ts");

/// Options of calls that only choose a language.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Texts {
    lang: Language,
}

/// Every rule of the library, by code, with its sentences.
#[wasm_bindgen(skip_typescript)]
pub fn rules(options: &JsValue) -> Result<JsValue, JsValue> {
    let Texts { lang } = convert::from_js("options", options)?;
    convert::to_js(&inspect::rules(&Catalog::embedded(lang)))
}
