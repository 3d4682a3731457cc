//! Records: read, compared, built.

use std::collections::BTreeMap;

use dmarc_core::diagnostics::{Catalog, Language, Severity};
use dmarc_core::dmarc::{Edition, Verdict};
use dmarc_core::inspect::{self, RecordKind};
use serde::Deserialize;
use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::convert;
use crate::errors::{error, rejected};

/// Options of every call on a record.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Options {
    edition: Edition,
    lang: Language,
    strict: bool,
    kind: RecordKind,
}

impl Default for Options {
    fn default() -> Self {
        Self { edition: Edition::Rfc9989, lang: Language::En, strict: false, kind: RecordKind::Auto }
    }
}

/// Reads a DMARC record.
#[wasm_bindgen(js_name = parseDmarc, skip_typescript)]
pub fn parse_dmarc(input: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    let options: Options = convert::from_js("options", options)?;
    parse(input, &Options { kind: RecordKind::Dmarc, ..options })
}

/// Reads an SPF record.
#[wasm_bindgen(js_name = parseSpf, skip_typescript)]
pub fn parse_spf(input: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    let options: Options = convert::from_js("options", options)?;
    parse(input, &Options { kind: RecordKind::Spf, ..options })
}

/// Reads a record of a kind.
#[wasm_bindgen(js_name = parseRecord, skip_typescript)]
pub fn parse_record(input: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    parse(input, &convert::from_js("options", options)?)
}

fn parse(input: &JsValue, options: &Options) -> Result<JsValue, JsValue> {
    let octets = convert::octets("input", input)?;
    let view = inspect::record(&octets, options.kind, options.edition, &Catalog::embedded(options.lang));
    if options.strict {
        let first = view.diagnostics.iter().find(|found| found.severity == Severity::Error);
        if first.is_some() || view.verdict == Verdict::NotARecord {
            let message = first.map_or("not a record", |found| found.message.as_str());
            return Err(rejected(message, &convert::view_to_js(&view.diagnostics, &octets)?));
        }
    }
    convert::view_to_js(&view, &octets)
}

/// Compares how readers of the two editions take a record.
#[wasm_bindgen(js_name = compareDmarc, skip_typescript)]
pub fn compare_dmarc(input: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    let crate::Texts { lang } = convert::from_js("options", options)?;
    let octets = convert::octets("input", input)?;
    convert::view_to_js(&inspect::compare(&octets, &Catalog::embedded(lang)), &octets)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct BuildOptions {
    edition: Edition,
}

impl Default for BuildOptions {
    fn default() -> Self {
        Self { edition: Edition::Rfc9989 }
    }
}

/// Builds a DMARC record from its tags.
#[wasm_bindgen(js_name = buildDmarc, skip_typescript)]
pub fn build_dmarc(tags: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    let tags: BTreeMap<String, Value> = convert::from_js("tags", tags)?;
    let BuildOptions { edition } = convert::from_js("options", options)?;
    let built = inspect::build(&tags, edition).map_err(|why| error(why.code(), &why.to_string()))?;
    convert::to_js(&built)
}
