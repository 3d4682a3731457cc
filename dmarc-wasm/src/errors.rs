//! Errors as JavaScript knows them: an `Error` with a `code`, and `diagnostics` where a text was refused.

use js_sys::{Error, Reflect};
use wasm_bindgen::JsValue;

/// A call that cannot do its job.
pub(crate) fn error(code: &str, message: &str) -> JsValue {
    let error = JsValue::from(Error::new(message));
    set(&error, "code", &JsValue::from_str(code));
    error
}

/// An argument that has the wrong type, an unknown key or an unknown value.
pub(crate) fn invalid_argument(name: &str, why: impl std::fmt::Display) -> JsValue {
    error("invalid-argument", &format!("{name}: {why}"))
}

/// A text that the strict view refuses, with everything that was found in it.
pub(crate) fn rejected(message: &str, diagnostics: &JsValue) -> JsValue {
    let error = error("rejected", message);
    set(&error, "diagnostics", diagnostics);
    error
}

fn set(target: &JsValue, key: &str, value: &JsValue) {
    // A new Error takes every property, so there is nothing to report.
    let _ = Reflect::set(target, &JsValue::from_str(key), value);
}
