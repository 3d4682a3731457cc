//! `dmarc-check dkim`: selectors that are named, a domain without any, and names that are none.

mod support;

use serde_json::json;
use support::{Run, run, sample};

/// The sample domain over its zone.
fn keys(args: &[&str]) -> Run {
    let zone = sample("voorbeeld.example.zone");
    let tail = ["--zone", zone.to_str().unwrap()];
    run(["dkim"].iter().chain(args).chain(&tail))
}

#[test]
fn a_selector_is_named_in_front_of_its_domain_or_by_an_option() {
    let one = keys(&["Kantoor1._DomainKey.voorbeeld.example", "--format", "json"]).ends_with(0).json();
    assert_eq!(one["schema"], "dmarc-check/dkim/1");
    assert_eq!(one["domain"], "voorbeeld.example");
    assert_eq!(one["presence"], "present");
    assert_eq!(one["selectors"][0]["state"], "usable");
    assert_eq!(one["selectors"][0]["records"][0]["effective"]["bits"], 2048);
    assert_eq!(one["questions"], json!({ "rounds": 1, "asked": 3 }));
    let other =
        keys(&["voorbeeld.example", "--format", "json", "--selector", "kantoor1"]).ends_with(0).json();
    assert_eq!(one, other);
}

#[test]
fn a_weak_key_counts_as_a_warning_and_a_missing_one_as_an_error() {
    keys(&["fact2019._domainkey.voorbeeld.example"]).ends_with(0);
    keys(&["fact2019._domainkey.voorbeeld.example", "--fail-on", "warning"]).ends_with(1);
    keys(&["none._domainkey.voorbeeld.example"]).ends_with(1);
}

#[test]
fn without_a_selector_nothing_is_guessed() {
    let view = keys(&["voorbeeld.example", "--format", "json"]).ends_with(0).json();
    assert_eq!(view["presence"], "undetermined");
    assert_eq!(view["selectors"], json!([]));
}

#[test]
fn what_is_no_name_is_told() {
    keys(&["a b._domainkey.voorbeeld.example"]).ends_with(2);
    keys(&["kantoor1._domainkey."]).ends_with(2);
    keys(&["info@voorbeeld.example"]).ends_with(2);
}
