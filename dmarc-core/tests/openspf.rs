//! The test suite of RFC 7208 that openspf.org published, read where it stands.
//!
//! Its license keeps it out of this repository. Where it allows several results, ours is one of them;
//! `vectors/spf/choices.json` says which, and why.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fence is around the library; tests read files and print"
)]

mod support;

use std::path::{Path, PathBuf};

use dmarc_core::dmarc::Edition;
use saphyr::{LoadableYamlNode, Yaml};
use serde_json::{Map, Value, json};
use support::vectors::{Case, run};

/// Types that the suite lists; `TIMEOUT` stands for those that a name does not list.
const TYPES: [&str; 5] = ["A", "AAAA", "MX", "PTR", "TXT"];

fn suite() -> PathBuf {
    let corpus = std::env::var_os("DMARC_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus"), PathBuf::from);
    corpus.join("spf-suite/sdgathman__pyspf/rfc7208-tests.yml")
}

#[test]
fn every_scenario_of_the_suite_holds() {
    let Ok(text) = std::fs::read_to_string(suite()) else {
        println!("skipped: no test suite of RFC 7208 at {}", suite().display());
        return;
    };
    let (mut scenarios, mut explanations, mut choices) = (0, 0, 0);
    let mut wrong = Vec::new();
    for section in Yaml::load_from_str(&text).expect("the suite is YAML").iter().map(json_of) {
        let zone = zone(&section["zonedata"]);
        for (name, test) in section["tests"].as_object().expect("tests by name") {
            let found = result(name, test, &zone);
            scenarios += 1;
            let allowed = allowed(&test["result"]);
            choices += usize::from(allowed.len() > 1);
            if !allowed.contains(&found["result"]) {
                wrong.push(format!("{name}: {}, expected one of {allowed:?}", found["result"]));
            }
            let Some(expected) = test["explanation"].as_str() else { continue };
            explanations += 1;
            // Without one of the domain's own, a receiver has its default. RFC 7208, 7.4 writes nibbles in
            // lower case, the suite in upper case.
            let text = found["explanation"]["text"].as_str().unwrap_or("DEFAULT");
            if !text.eq_ignore_ascii_case(expected) {
                wrong.push(format!("{name}: explains {text:?}, expected {expected:?}"));
            }
        }
    }
    println!("{scenarios} scenarios, {explanations} explanations, {choices} with several results allowed");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!((scenarios, explanations), (203, 22), "the whole suite was read");
}

fn result(name: &str, test: &Value, zone: &Value) -> Value {
    let request = json!({ "ip": test["host"], "mail_from": test["mailfrom"], "helo": test["helo"] });
    let case = Case {
        full_name: name.to_owned(),
        kind: "check_host".to_owned(),
        record_kind: "spf".to_owned(),
        value: json!({ "zone": zone, "request": request }),
    };
    run(&case, Edition::Rfc9989).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn allowed(result: &Value) -> Vec<Value> {
    result.as_array().cloned().unwrap_or_else(|| vec![result.clone()])
}

/// The names of a section as a snapshot lists them.
fn zone(data: &Value) -> Value {
    let names = data.as_object().expect("a zone by name");
    names.iter().map(|(name, entries)| (name.clone(), types(entries))).collect::<Map<_, _>>().into()
}

fn types(entries: &Value) -> Value {
    let mut types: Map<String, Value> = Map::new();
    let entries = entries.as_array().map(Vec::as_slice).unwrap_or_default();
    let has_txt = entries.iter().any(|entry| entry.get("TXT").is_some());
    for (listed, data) in entries.iter().filter_map(Value::as_object).flatten() {
        // The suite has its drivers copy `SPF` records, of a type that is no more, to `TXT`.
        let name = if listed == "SPF" && !has_txt { "TXT" } else { listed.as_str() };
        if name == "SPF" || *data == json!("NONE") {
            continue;
        }
        let data = match name {
            "TXT" => strings(data),
            "MX" => format!("{} {}.", data[0], data[1].as_str().expect("a mail host")),
            _ => data.as_str().expect("data").to_owned(),
        };
        let list = types.entry(name).or_insert_with(|| json!([]));
        list.as_array_mut().expect("a list").push(data.into());
    }
    if entries.contains(&json!("TIMEOUT")) {
        for name in TYPES {
            types.entry(name).or_insert_with(|| json!("TIMEOUT"));
        }
    }
    types.into()
}

/// The character-strings of a TXT record as a zone file writes them. In the suite each character is an
/// octet.
fn strings(data: &Value) -> String {
    let list = data.as_array().cloned().unwrap_or_else(|| vec![data.clone()]);
    let quoted = |text: &str| -> String {
        let octets = text.chars().map(|each| u8::try_from(each).expect("an octet"));
        let escaped = octets.map(|octet| match octet {
            b' '..=b'~' if !b"\"\\".contains(&octet) => char::from(octet).to_string(),
            _ => format!("\\{octet:03}"),
        });
        format!("\"{}\"", escaped.collect::<String>())
    };
    if list.is_empty() {
        return "\"\"".to_owned();
    }
    list.iter().map(|text| quoted(text.as_str().expect("a string"))).collect::<Vec<_>>().join(" ")
}

fn json_of(yaml: &Yaml<'_>) -> Value {
    if let Some(text) = yaml.as_str() {
        return text.into();
    }
    if let Some(number) = yaml.as_integer() {
        return number.into();
    }
    if let Some(list) = yaml.as_sequence() {
        return list.iter().map(json_of).collect();
    }
    let pairs = yaml.as_mapping().into_iter().flatten();
    let pair = |(key, value): (&Yaml<'_>, &Yaml<'_>)| Some((key.as_str()?.to_owned(), json_of(value)));
    pairs.filter_map(pair).collect::<Map<_, _>>().into()
}
