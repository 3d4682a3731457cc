//! A change of records, rehearsed on reports.

use dmarc_core::assessment::rehearsal::Rehearse;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::convert;
use crate::errors::error;

/// Replays every reported row through a change of records.
#[wasm_bindgen(skip_typescript)]
pub fn rehearse(request: &JsValue) -> Result<JsValue, JsValue> {
    let request: Rehearse = convert::from_js("request", request)?;
    convert::to_js(&request.run().map_err(|why| error(why.code(), &why.to_string()))?)
}
