//! Every conversion between JavaScript and the core. Here, and nowhere else, spans become UTF-16 units.
//!
//! Values cross as JSON: one serde shape for all languages, parsed by the engine into plain objects.

use js_sys::{JSON, JsString, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};

use dmarc_core::text::utf16_count;

use crate::errors::{error, invalid_argument};

/// A value as plain objects, lists, texts and numbers.
pub(crate) fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let json = serde_json::to_string(value).map_err(|why| error("internal", &why.to_string()))?;
    JSON::parse(&json)
}

/// An argument of plain data. `undefined` and `null` stand for an empty object, so that options may be left out.
pub(crate) fn from_js<T: DeserializeOwned>(name: &str, value: &JsValue) -> Result<T, JsValue> {
    if value.is_undefined() || value.is_null() {
        return serde_json::from_str("{}").map_err(|why| invalid_argument(name, why));
    }
    // A function or a symbol has no JSON, and a circular object throws: both are the caller's mistake.
    let json = JSON::stringify(value).map_err(|_| invalid_argument(name, "not plain data"))?;
    let json = JsValue::from(json).as_string().ok_or_else(|| invalid_argument(name, "not plain data"))?;
    serde_json::from_str(&json).map_err(|why| invalid_argument(name, why))
}

/// The octets of a text or a byte array. A lone surrogate of a text becomes U+FFFD, one unit like itself, so
/// that no span moves.
pub(crate) fn octets(name: &str, value: &JsValue) -> Result<Vec<u8>, JsValue> {
    if let Some(text) = value.dyn_ref::<JsString>() {
        return Ok(String::from(text).into_bytes());
    }
    match value.dyn_ref::<Uint8Array>() {
        Some(bytes) => Ok(bytes.to_vec()),
        None => Err(invalid_argument(name, "expected a string or a Uint8Array")),
    }
}

/// A view of `octets` with every span in it, of findings, fixes and terms, in UTF-16 units instead of bytes.
pub(crate) fn view_to_js(view: &impl Serialize, octets: &[u8]) -> Result<JsValue, JsValue> {
    let mut value = serde_json::to_value(view).map_err(|why| error("internal", &why.to_string()))?;
    spans_to_utf16(&mut value, octets);
    to_js(&value)
}

/// Rewrites every span in a value from bytes of `octets` to UTF-16 units.
pub(crate) fn spans_to_utf16(value: &mut Value, octets: &[u8]) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| spans_to_utf16(item, octets)),
        Value::Object(fields) => {
            for (key, field) in fields {
                match (key.as_str(), field) {
                    ("span", Value::Array(ends)) => {
                        ends.iter_mut().for_each(|end| *end = Value::from(units_before(end, octets)));
                    }
                    // Outside words: an argument may be called anything.
                    ("args", _) => {}
                    (_, field) => spans_to_utf16(field, octets),
                }
            }
        }
        _ => {}
    }
}

fn units_before(offset: &Value, octets: &[u8]) -> usize {
    let bytes = offset.as_u64().and_then(|bytes| usize::try_from(bytes).ok());
    utf16_count(bytes.and_then(|bytes| octets.get(..bytes)).unwrap_or(octets))
}
