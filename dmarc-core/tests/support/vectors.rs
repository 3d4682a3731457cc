//! Reads, runs and compares the shared vectors.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dmarc_core::assessment::rehearsal::Rehearse;
use dmarc_core::assessment::{PortfolioRequest, ReportState, Request};
use dmarc_core::diagnostics::{Catalog, Language};
use dmarc_core::dmarc::Edition;
use dmarc_core::dns::LookUps;
use dmarc_core::dns::Snapshot;
use dmarc_core::evaluation::{Answer, Evaluation, Facts, Step};
use dmarc_core::inspect::{self, RecordKind};
use dmarc_core::limits::Limits;
use dmarc_core::name::DomainName;
use dmarc_core::report;
use dmarc_core::report::aggregate::{Given, Organizations};
use dmarc_core::report::batch::{self, Collector, Input, Keep};
use dmarc_core::report::failure::Privacy;
use serde_json::{Map, Value, json};

use super::series;

/// Keys of a case that are input or meant for the reader; every other key is expected.
const INPUT_KEYS: [&str; 33] = [
    "name",
    "reference",
    "note",
    "edition",
    "editions",
    "kind",
    "record_kind",
    "input",
    "input_hex",
    "repeat",
    "build",
    "author",
    "domain",
    "zone",
    "snapshot",
    "zone_file",
    "zone_files",
    "origin",
    "ask",
    "inputs",
    "write",
    "now",
    "check",
    "limits",
    "organizations",
    "privacy",
    "privacy_key",
    "state",
    "context",
    "smtp",
    "record",
    "request",
    "to",
];

/// One case with its place in the tree.
#[derive(Clone, Debug)]
pub struct Case {
    /// `<path without .json>: <name>`.
    pub full_name: String,
    /// What it runs.
    pub kind: String,
    /// Kind of record, for `record` cases.
    pub record_kind: String,
    /// The case.
    pub value: Value,
}

impl Case {
    /// Each edition that it runs under, with what is expected there.
    pub fn expectations(&self) -> Vec<(Edition, Value)> {
        let Some(object) = self.value.as_object() else { return Vec::new() };
        let shared: Map<String, Value> = object
            .iter()
            .filter(|(key, _)| !INPUT_KEYS.contains(&key.as_str()))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        match object.get("editions").and_then(Value::as_object) {
            Some(editions) => editions
                .iter()
                .map(|(name, own)| {
                    let mut expected = shared.clone();
                    expected.extend(own.as_object().cloned().unwrap_or_default());
                    (name.parse().expect("an edition"), Value::Object(expected))
                })
                .collect(),
            None => {
                let edition = object.get("edition").and_then(Value::as_str).unwrap_or("rfc9989");
                vec![(edition.parse().expect("an edition"), Value::Object(shared))]
            }
        }
    }

    /// The octets of the input.
    pub fn octets(&self) -> Vec<u8> {
        if let Some(text) = self.value["input"].as_str() {
            return text.as_bytes().to_vec();
        }
        if let Some(hex) = self.value["input_hex"].as_str() {
            let digits: Vec<u8> = hex.bytes().filter(|octet| !octet.is_ascii_whitespace()).collect();
            return digits
                .chunks(2)
                .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).expect("hex digits"))
                .collect();
        }
        let repeat = self.value["repeat"].as_array().expect("a case has input, input_hex or repeat");
        let times = usize::try_from(repeat[1].as_u64().unwrap()).unwrap();
        repeat[0].as_str().unwrap().repeat(times).into_bytes()
    }
}

/// Every case of every `*.json` below a folder.
pub fn cases_below(folder: &Path) -> Vec<Case> {
    let mut files = Vec::new();
    collect(folder, &mut files);
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a vector file can be read");
        let value: Value =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let path = file.strip_prefix(folder).unwrap().with_extension("");
        let path = path.to_string_lossy().replace('\\', "/");
        let list = value.as_array().or_else(|| value["cases"].as_array()).expect("a list of cases");
        for case in list {
            let kind = case["kind"].as_str().or_else(|| value["kind"].as_str());
            let kind = kind.map_or_else(|| infer(case).to_owned(), str::to_owned);
            let record_kind = case["record_kind"].as_str().or_else(|| value["record_kind"].as_str());
            let name = case["name"].as_str().unwrap_or_else(|| panic!("{path}: a case without a name"));
            cases.push(Case {
                full_name: format!("{path}: {name}"),
                kind,
                record_kind: record_kind.unwrap_or("dmarc").to_owned(),
                value: with_shared(case, &value),
            });
        }
    }
    cases
}

/// The case, with zone and inputs of its file where it has none of its own.
fn with_shared(case: &Value, file: &Value) -> Value {
    let mut case = case.clone();
    for key in ["zone", "inputs"] {
        if file.is_object() && !file[key].is_null() && case[key].is_null() {
            case[key] = file[key].clone();
        }
    }
    case
}

fn infer(case: &Value) -> &'static str {
    let has = |key: &str| !case[key].is_null();
    if has("author") {
        "discovery"
    } else if has("inputs") {
        "report"
    } else if has("write") {
        "write"
    } else if has("zone_file") {
        "zone"
    } else if has("domain") {
        "domain"
    } else if has("build") {
        "build"
    } else {
        "record"
    }
}

fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
}

/// The view that a case is about.
pub fn run(case: &Case, edition: Edition) -> Result<Value, String> {
    let catalog = Catalog::embedded(Language::En);
    match case.kind.as_str() {
        "record" => {
            let kind: RecordKind = case.record_kind.parse().map_err(|error| format!("{error}"))?;
            Ok(to_value(&inspect::record(&case.octets(), kind, edition, &catalog)))
        }
        "compare" => Ok(to_value(&inspect::compare(&case.octets(), &catalog))),
        "build" => {
            let tags =
                serde_json::from_value(case.value["build"].clone()).map_err(|error| error.to_string())?;
            Ok(match inspect::build(&tags, edition) {
                Ok(built) => to_value(&built),
                Err(error) => json!({ "error": error.code() }),
            })
        }
        "zone" => {
            let look_ups: LookUps =
                serde_json::from_value(case.value.clone()).map_err(|error| error.to_string())?;
            Ok(to_value(&look_ups.view(&catalog)))
        }
        "report" => {
            let limits: Limits = match &case.value["limits"] {
                Value::Null => Limits::default(),
                limits => serde_json::from_value(limits.clone()).map_err(|error| error.to_string())?,
            };
            let inputs = inputs(&case.value)?;
            let privacy = match case.value["privacy"].as_str() {
                None => Privacy::Keep,
                Some(word) => {
                    let key = case.value["privacy_key"].as_str().unwrap_or_default();
                    Privacy::named(word, key.as_bytes()).ok_or("no such privacy")?
                }
            };
            let mut collector = Collector::new(&limits, Keep::Records)
                .with_privacy(privacy)
                .with_digests(!case.value["tables"].is_null());
            if let known @ (Value::Array(_) | Value::Object(_)) = &case.value["organizations"] {
                let given: Given =
                    serde_json::from_value(known.clone()).map_err(|error| error.to_string())?;
                collector = collector.with_organizations(Organizations::given(given, edition));
            }
            let batch = batch::collect(inputs, collector);
            let mut view = to_value(&batch.view(&catalog));
            if !case.value["tables"].is_null() {
                view["tables"] = to_value(&batch.tables(&catalog));
            }
            Ok(view)
        }
        "write" => {
            let draft: report::Draft =
                serde_json::from_value(case.value["write"].clone()).map_err(|error| error.to_string())?;
            Ok(match draft.write() {
                Ok(written) => {
                    let input = Input::new("document", written.document.as_bytes());
                    let batch = batch::read_with([input], &Limits::default(), Privacy::Keep);
                    let mut view = to_value(&written);
                    view["read"] = to_value(&batch.view(&catalog));
                    view
                }
                Err(error) => json!({ "error": error.code() }),
            })
        }
        "change" => change(&case.value, edition),
        "portfolio" => portfolio(&case.value, edition, &catalog),
        "discovery" => check(case, &["author"], edition, &catalog),
        "domain" => check(case, &["domain", "now", "context", "smtp"], edition, &catalog),
        "spf" | "spf_tree" => check(case, &["domain", "record"], edition, &catalog),
        "check_host" | "message" => check(case, &[], edition, &catalog),
        "dkim" => check(case, &["domain"], edition, &catalog),
        other => Err(format!("no runner for cases of kind {other}")),
    }
}

/// The inputs of a batch; a series stands for many.
fn inputs(case: &Value) -> Result<Vec<Input<'static>>, String> {
    let inputs = case["inputs"].as_array().ok_or("inputs is a list")?;
    let mut list = Vec::new();
    for input in inputs {
        if input["series"].is_null() {
            list.push(given(input)?);
        } else {
            let documents = series::documents(&input["series"]);
            list.extend(documents.into_iter().map(|(path, text)| Input::new(path, text.into_bytes())));
        }
    }
    Ok(list)
}

/// The sums of the inputs about the domain of a case, with rows.
fn state(case: &Value) -> Result<ReportState, String> {
    let domain = case["domain"].as_str().ok_or("a case with inputs has a domain")?;
    let domain = DomainName::parse(domain).map_err(|error| error.to_string())?;
    let collector = Collector::new(&Limits::default(), Keep::Sums).with_rows(true);
    Ok(ReportState::of(&domain, &batch::collect(inputs(case)?, collector)))
}

/// A change of the zone of a case: to `to`, names in place of those of the zone, or by what the request says.
fn change(case: &Value, edition: Edition) -> Result<Value, String> {
    let known = |names: &Value| json!({ "snapshot": { "complete": true, "names": names } });
    let from = known(&case["zone"]);
    let mut request = json!({ "reports": state(case)?, "from": from, "editions": [edition] });
    if let Some(changed) = case["to"].as_object() {
        let mut names = case["zone"].clone();
        for (name, records) in changed {
            names[name] = records.clone();
        }
        request["to"] = known(&names);
    }
    for (key, value) in case["request"].as_object().into_iter().flatten() {
        request[key] = value.clone();
    }
    if !request["set"].is_null() {
        request["domain"] = case["domain"].clone();
    }
    let request: Rehearse = serde_json::from_value(request).map_err(|error| error.to_string())?;
    let found = match request.run() {
        Ok(found) => found,
        Err(error) => return Ok(json!({ "error": error.code() })),
    };
    let mut view = to_value(&found);
    let mut rehearsed = view["editions"][0].take();
    rehearsed["record"] = view["record"].take();
    rehearsed["left_out"] = view["left_out"].take();
    rehearsed["destinations"] = view["destinations"].take();
    Ok(rehearsed)
}

/// Many domains over the zone or snapshot of a case, or over the zone files of its request.
fn portfolio(case: &Value, edition: Edition, catalog: &Catalog) -> Result<Value, String> {
    let known = if case["zone"].is_null() {
        case["snapshot"].clone()
    } else {
        json!({ "complete": true, "names": case["zone"] })
    };
    let mut request = json!({ "edition": edition });
    if !known.is_null() {
        request["records"] = json!({ "snapshot": known });
    }
    for (key, value) in case["request"].as_object().into_iter().flatten() {
        request[key] = value.clone();
    }
    let request: PortfolioRequest = serde_json::from_value(request).map_err(|error| error.to_string())?;
    Ok(match request.run() {
        Ok(found) => found.view(catalog),
        Err(error) => json!({ "error": error.code() }),
    })
}

/// One input of a batch: its octets as `text`, as `base64`, or as `repeat`: what stands before, what
/// is repeated, how often, and what stands behind.
fn given(input: &Value) -> Result<Input<'static>, String> {
    let path = input["path"].as_str().ok_or("an input has a path")?;
    if let Some(detail) = input["unreadable"].as_str() {
        return Ok(Input::unreadable(path, detail));
    }
    let octets = if let Some(text) = input["text"].as_str() {
        text.as_bytes().to_vec()
    } else if let Some(text) = input["base64"].as_str() {
        STANDARD.decode(text).map_err(|error| error.to_string())?
    } else {
        let (before, text, times, behind): (String, String, usize, String) =
            serde_json::from_value(input["repeat"].clone()).map_err(|error| error.to_string())?;
        format!("{before}{}{behind}", text.repeat(times)).into_bytes()
    };
    Ok(Input::new(path, octets))
}

/// Runs a check over the facts of the case; what they do not know cannot be looked up.
fn check(case: &Case, keys: &[&str], edition: Edition, catalog: &Catalog) -> Result<Value, String> {
    let mut request = json!({ "check": case.kind });
    if !matches!(&*case.kind, "spf" | "spf_tree") {
        request["edition"] = json!(edition);
    }
    for (key, value) in case.value["request"].as_object().into_iter().flatten() {
        request[key] = value.clone();
    }
    for key in keys {
        if !case.value[key].is_null() {
            request[*key] = case.value[key].clone();
        }
    }
    if !case.value["state"].is_null() {
        request["reports"] = case.value["state"].clone();
    } else if !case.value["inputs"].is_null() {
        request["reports"] = to_value(&state(&case.value)?);
    }
    let request: Request = serde_json::from_value(request).map_err(|error| error.to_string())?;
    let snapshot = match &case.value["zone"] {
        Value::Null => case.value["snapshot"].clone(),
        zone => json!({ "complete": true, "names": zone }),
    };
    let snapshot: Snapshot = serde_json::from_value(snapshot).map_err(|error| error.to_string())?;
    let mut evaluation = Evaluation::with_facts(request, Facts::from_snapshot(snapshot), Limits::default());
    loop {
        match evaluation.step() {
            Step::Ask(questions) => {
                for question in questions {
                    evaluation.answer(question, Answer::NotPossible);
                }
            }
            Step::Done(outcome) => return Ok(outcome.view(catalog)),
        }
    }
}

fn to_value(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).expect("a view has a JSON form")
}

/// Compares what is expected with what there is; each difference is a line.
pub fn compare(path: &str, expected: &Value, actual: &Value, wrong: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            for (key, value) in expected {
                let place = format!("{path}.{key}");
                match actual.get(key) {
                    Some(found) if key == "diagnostics" => {
                        compare(&place, value, &without_unnamed_notices(value, found), wrong);
                    }
                    Some(found) => compare(&place, value, found, wrong),
                    None => wrong.push(format!("{place}: missing, expected {value}")),
                }
            }
        }
        (Value::Array(expected), Value::Array(actual)) => {
            if expected.len() != actual.len() {
                wrong.push(format!("{path}: {} elements, expected {}", actual.len(), expected.len()));
            }
            for (index, (one, other)) in expected.iter().zip(actual).enumerate() {
                compare(&format!("{path}[{index}]"), one, other, wrong);
            }
        }
        _ if expected == actual => {}
        _ => wrong.push(format!("{path}: {actual}, expected {expected}")),
    }
}

/// The findings without notices that the case does not name.
fn without_unnamed_notices(expected: &Value, actual: &Value) -> Value {
    let Some(list) = actual.as_array() else { return actual.clone() };
    let named =
        |code: &Value| expected.as_array().is_some_and(|all| all.iter().any(|one| one["code"] == *code));
    list.iter().filter(|found| found["severity"] != "notice" || named(&found["code"])).cloned().collect()
}
