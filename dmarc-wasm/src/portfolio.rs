//! Many domains in one run.

use dmarc_core::assessment::PortfolioRequest;
use dmarc_core::diagnostics::Catalog;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::errors::error;
use crate::{Texts, convert};

/// Judges many domains over what is known of them.
#[wasm_bindgen(skip_typescript)]
pub fn portfolio(request: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    let request: PortfolioRequest = convert::from_js("request", request)?;
    let Texts { lang } = convert::from_js("options", options)?;
    let found = request.run().map_err(|why| error(why.code(), &why.to_string()))?;
    convert::to_js(&found.view(&Catalog::embedded(lang)))
}
