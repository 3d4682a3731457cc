//! Records that others collected, against the verdicts that came with them.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fence is around the library; tests read files and print"
)]

#[path = "support/corpus.rs"]
mod corpus;

use std::collections::BTreeSet;

use dmarc_core::diagnostics::{Catalog, Language};
use dmarc_core::dmarc::Edition;
use dmarc_core::inspect::{self, RecordKind};
use serde_json::Value;

/// The words of the corpus for our verdicts.
fn class(status: &str) -> &'static str {
    match status {
        "ok" | "ok-with-defects" => "usable",
        "treat-as-p-none" => "acts-as-none",
        "no-processing" => "unusable",
        "not-dmarc" => "not-a-record",
        _ => "?",
    }
}

#[test]
fn verdicts_and_effective_policies_agree_with_the_collection() {
    let path = corpus::path("dmarc-records/records.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        return corpus::skipped(&path);
    };
    let list = include_str!("corpus_dmarc_differences.txt");
    let expected: BTreeSet<&str> = list
        .lines()
        .filter(|line| !line.starts_with('#') && !line.starts_with(' ') && !line.is_empty())
        .collect();
    let collection: Value = serde_json::from_str(&text).unwrap();
    let catalog = Catalog::embedded(Language::En);
    let mut differences = BTreeSet::new();
    let mut compared = 0;
    for case in collection["cases"].as_array().unwrap() {
        let record = case["record"].as_str().unwrap();
        for edition in Edition::ALL {
            let theirs = &case[edition.as_str()];
            let ours = inspect::record(record.as_bytes(), RecordKind::Dmarc, edition, &catalog);
            let status = class(theirs["status"].as_str().unwrap());
            if case["ambiguous"].as_bool().unwrap_or(false) {
                // The collection says itself that experts differ here.
                continue;
            }
            compared += 1;
            if ours.verdict.as_str() != status {
                differences.insert(format!(
                    "{edition} {record:?} verdict: ours {}, theirs {status}",
                    ours.verdict.as_str()
                ));
                continue;
            }
            let Some(values) = theirs["effective"].as_object() else { continue };
            for (tag, value) in values {
                if ours.effective[tag] != *value {
                    differences.insert(format!(
                        "{edition} {record:?} {tag}: ours {}, theirs {value}",
                        ours.effective[tag]
                    ));
                }
            }
        }
    }
    println!("{compared} comparisons, {} listed differences", expected.len());
    let found: BTreeSet<&str> = differences.iter().map(String::as_str).collect();
    let new: Vec<_> = found.difference(&expected).collect();
    let gone: Vec<_> = expected.difference(&found).collect();
    assert!(
        new.is_empty(),
        "not in the list:\n{}",
        new.iter().map(|line| format!("{line}\n")).collect::<String>()
    );
    assert!(gone.is_empty(), "no longer differ, take them off the list:\n{gone:#?}");
}
