//! Reports: read in any number, and summed for a check of their domain.

use dmarc_core::assessment::ReportState;
use dmarc_core::diagnostics::{Catalog, Language};
use dmarc_core::dmarc::Edition;
use dmarc_core::limits::Limits;
use dmarc_core::name::DomainName;
use dmarc_core::report::aggregate::{Given, Organizations};
use dmarc_core::report::batch::{Batch, BatchView, Collector, FindingView, Keep, TablesView};
use dmarc_core::report::failure::Privacy;
use dmarc_core::report::{Draft, RowView};
use dmarc_core::streams::{Judged, Thresholds, judge};
use js_sys::{Array, Reflect};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::convert;
use crate::errors::{error, invalid_argument};

/// Options of a call that reads reports.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Options {
    lang: Language,
    /// What the one input of `readReport` is called.
    name: String,
    /// Whether every record is returned.
    records: bool,
    /// Whether every finding is returned.
    places: bool,
    /// Whether the tables beside that of the records are returned.
    tables: bool,
    limits: Limits,
    /// What becomes of local-parts and subjects in failure reports.
    privacy: String,
    privacy_key: String,
    /// What is known of organizational domains.
    organizations: Option<Given>,
    /// How a snapshot among that is looked at.
    edition: Edition,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lang: Language::En,
            name: String::new(),
            records: true,
            places: false,
            tables: false,
            limits: Limits::default(),
            privacy: "keep".to_owned(),
            privacy_key: String::new(),
            organizations: None,
            edition: Edition::Rfc9989,
        }
    }
}

/// The batch, and beside it what was asked for row by row.
#[derive(Serialize)]
struct Reports {
    #[serde(flatten)]
    batch: BatchView,
    #[serde(skip_serializing_if = "Option::is_none")]
    records: Option<Vec<RowView>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    places: Option<Vec<FindingView>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tables: Option<TablesView>,
}

/// Reads one input.
#[wasm_bindgen(js_name = readReport, skip_typescript)]
pub fn read_report(bytes: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    let options: Options = convert::from_js("options", options)?;
    let mut collector = options.collector()?;
    collector.feed(options.name.as_str(), &convert::octets("bytes", bytes)?);
    show(&collector.finish(), &options)
}

/// Writes a report from plain data.
#[wasm_bindgen(js_name = writeReport, skip_typescript)]
pub fn write_report(draft: &JsValue) -> Result<JsValue, JsValue> {
    let draft: Draft = convert::from_js("report", draft)?;
    convert::to_js(&draft.write().map_err(|why| error(why.code(), &why.to_string()))?)
}

/// Reads any number of inputs.
#[wasm_bindgen(js_name = readReports, skip_typescript)]
pub fn read_reports(inputs: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    let options: Options = convert::from_js("options", options)?;
    show(&collect(inputs, options.collector()?)?, &options)
}

/// Options of sums over reports.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct SumOptions {
    /// Whether the rows that a change of records is rehearsed on are part of them.
    rows: bool,
}

/// Sums what reports say about a domain, to be judged by a check.
#[wasm_bindgen(js_name = sumReports, skip_typescript)]
pub fn sum_reports(domain: &JsValue, inputs: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    let SumOptions { rows } = convert::from_js("options", options)?;
    let name = domain.as_string().ok_or_else(|| invalid_argument("domain", "expected a string"))?;
    let name = DomainName::parse(&name).map_err(|why| invalid_argument("domain", why))?;
    let collector = Collector::new(&Limits::default(), Keep::Sums).with_rows(rows);
    convert::to_js(&ReportState::of(&name, &collect(inputs, collector)?))
}

impl Options {
    fn collector(&self) -> Result<Collector, JsValue> {
        let privacy = Privacy::named(&self.privacy, self.privacy_key.as_bytes())
            .ok_or_else(|| invalid_argument("options.privacy", "expected keep, hash or drop"))?;
        if matches!(privacy, Privacy::Hash(_)) && self.privacy_key.is_empty() {
            return Err(invalid_argument("options.privacy_key", "hashes need a key"));
        }
        let given = self.organizations.clone().map(|given| Organizations::given(given, self.edition));
        Ok(Collector::new(&self.limits, self.keep())
            .with_privacy(privacy)
            .with_organizations(given.unwrap_or_default())
            .with_digests(self.tables))
    }

    const fn keep(&self) -> Keep {
        match (self.records || self.tables, self.places) {
            (true, _) => Keep::Records,
            (false, true) => Keep::Findings,
            (false, false) => Keep::Sums,
        }
    }
}

/// Reads the inputs one by one, so that only one of them is copied at a time.
fn collect(inputs: &JsValue, mut collector: Collector) -> Result<Batch, JsValue> {
    if !Array::is_array(inputs) {
        return Err(invalid_argument("inputs", "expected an array of { path, bytes }"));
    }
    for (index, input) in Array::from(inputs).iter().enumerate() {
        let name = format!("inputs[{index}]");
        let field = |key: &str| {
            Reflect::get(&input, &JsValue::from_str(key))
                .map_err(|_| invalid_argument(&name, "expected an object with path and bytes"))
        };
        let path = field("path")?.as_string();
        let path = path.ok_or_else(|| invalid_argument(&format!("{name}.path"), "expected a string"))?;
        if let Some(why) = field("unreadable")?.as_string() {
            collector.unreadable(path, &why);
            continue;
        }
        collector.feed(path, &convert::octets(&format!("{name}.bytes"), &field("bytes")?)?);
    }
    Ok(collector.finish())
}

fn show(batch: &Batch, options: &Options) -> Result<JsValue, JsValue> {
    let catalog = Catalog::embedded(options.lang);
    let judged =
        if options.records { judge(&batch.traces, &Thresholds::default()) } else { Judged::default() };
    let rows = || {
        batch.records().map(|(entry, record)| {
            let row = RowView::new(&entry.report_key, &entry.head, record);
            row.classified(&judged, &entry.head, record)
        })
    };
    let places = || batch.findings().map(|placed| FindingView::new(&placed, &catalog));
    convert::to_js(&Reports {
        batch: batch.view(&catalog),
        records: options.records.then(|| rows().collect()),
        places: options.places.then(|| places().collect()),
        tables: options.tables.then(|| batch.tables(&catalog)),
    })
}
