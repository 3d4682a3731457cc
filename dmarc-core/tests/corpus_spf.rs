//! Records that others collected, against the verdicts and counts that came with them.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fence is around the library; tests read files and print"
)]

#[path = "support/corpus.rs"]
mod corpus;

use std::collections::BTreeSet;

use dmarc_core::spf::{Mechanism, Modifier, Record, Term};
use serde_json::Value;

/// The words of the collection for our verdicts.
fn verdict(record: Option<&Record>) -> &'static str {
    match record {
        None => "not-spf",
        Some(record) if record.is_usable() => "valid",
        Some(_) => "syntax-error",
    }
}

/// Terms that query DNS, reached or not.
fn written_lookups(record: &Record) -> usize {
    let queries = |term: &&Term| match (term.directive(), term.modifier()) {
        (Some(directive), _) => directive.mechanism.queries() && directive.mechanism != Mechanism::All,
        (_, Some(modifier)) => matches!(modifier, Modifier::Redirect(_)),
        _ => false,
    };
    record.terms().iter().filter(queries).count()
}

#[test]
fn verdicts_and_counts_agree_with_the_collection() {
    let path = corpus::path("spf-records/records.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        return corpus::skipped(&path);
    };
    let list = include_str!("corpus_spf_differences.txt");
    let expected: BTreeSet<&str> = list
        .lines()
        .filter(|line| !line.starts_with('#') && !line.starts_with(' ') && !line.is_empty())
        .collect();
    let collection: Value = serde_json::from_str(&text).unwrap();
    let mut differences = BTreeSet::new();
    let mut compared = 0;
    for case in collection["cases"].as_array().unwrap() {
        let text = case["record"].as_str().unwrap();
        let record = Record::parse(text).value;
        let mut compare = |what: &str, ours: Value, theirs: &Value| {
            compared += 1;
            if ours != *theirs {
                differences.insert(format!("{text:?} {what}: ours {ours}, theirs {theirs}"));
            }
        };
        compare("verdict", verdict(record.as_ref()).into(), &case["verdict"]);
        if let Some(record) = record.filter(Record::is_usable) {
            compare("terms written", written_lookups(&record).into(), &case["lookup_terms_textual"]);
            compare("terms reached", record.lookup_terms().into(), &case["lookup_terms_effective"]);
        }
    }
    println!("{compared} comparisons, {} listed differences", expected.len());
    let found: BTreeSet<&str> = differences.iter().map(String::as_str).collect();
    let new: Vec<_> = found.difference(&expected).collect();
    let gone: Vec<_> = expected.difference(&found).collect();
    assert!(new.is_empty(), "not in the list: {new:#?}");
    assert!(gone.is_empty(), "no longer differ, take them off the list: {gone:#?}");
}
