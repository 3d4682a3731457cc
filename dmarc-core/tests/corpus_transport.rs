//! MTA-STS, TLS-RPT and TLSA records and MTA-STS policies that others collected, against the verdicts that came with them.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fence is around the library; tests read files and print"
)]

#[path = "support/corpus.rs"]
mod corpus;

use std::collections::BTreeSet;

use dmarc_core::diagnostics::{Catalog, Language, Severity};
use dmarc_core::dmarc::{Edition, Verdict};
use dmarc_core::inspect::{self, RecordKind, RecordView};
use serde_json::Value;

/// Cases in which this library and the collection differ, each with the sentence that decides.
fn explained() -> BTreeSet<&'static str> {
    let list = include_str!("corpus_transport_differences.txt");
    list.lines().filter(|line| !line.starts_with(['#', ' ']) && !line.is_empty()).collect()
}

/// What the collection says of a case, under the names of this library.
type Theirs = fn(&Value, &RecordView) -> bool;

/// Every case of a file on which both agree, or which is explained.
fn agree(file: &str, kind: RecordKind, same: Theirs) {
    let path = corpus::path(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        return corpus::skipped(&path);
    };
    let collection: Value = serde_json::from_str(&text).unwrap();
    let catalog = Catalog::embedded(Language::En);
    let cases = collection["cases"].as_array().unwrap();
    let mut differences = Vec::new();
    let explained = explained();
    for case in cases {
        let input = case["record"].as_str().or_else(|| case["policy"].as_str()).unwrap();
        let ours = inspect::record(input.as_bytes(), kind, Edition::Rfc9989, &catalog);
        if !same(case, &ours) && !explained.contains(format!("{file} {input:?}").as_str()) {
            differences
                .push(format!("{file} {input:?}: ours {:?} {}, theirs {case}", ours.verdict, ours.effective));
        }
    }
    println!("{} cases of {file}", cases.len());
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Whether a field is that of the collection, where the collection gives it.
fn field(case: &Value, ours: &RecordView, name: &str) -> bool {
    case.get(name).is_none_or(|value| ours.effective[name] == *value)
}

fn valid(case: &Value, ours: &RecordView) -> bool {
    case["valid"] == (ours.verdict == Verdict::Usable)
}

#[test]
fn mta_sts_records_agree_with_the_collection() {
    agree("mta-sts/records.json", RecordKind::MtaSts, |case, ours| {
        valid(case, ours) && field(case, ours, "id")
    });
}

#[test]
fn mta_sts_policies_agree_with_the_collection() {
    agree("mta-sts/policies.json", RecordKind::MtaStsPolicy, |case, ours| {
        valid(case, ours) && ["mode", "mx", "max_age"].iter().all(|name| field(case, ours, name))
    });
}

#[test]
fn tls_rpt_records_agree_with_the_collection() {
    agree("tlsrpt/records.json", RecordKind::TlsRpt, |case, ours| {
        valid(case, ours) && field(case, ours, "rua")
    });
}

#[test]
fn tlsa_records_agree_with_the_collection() {
    agree("tlsa/records.json", RecordKind::Tlsa, |case, ours| {
        // What breaks the syntax is an error; what mail servers cannot use for another reason, a warning.
        let sound = ours.diagnostics.iter().all(|found| found.severity != Severity::Error);
        case["syntax_valid"] == sound && case["usable_for_smtp"] == (ours.verdict == Verdict::Usable)
    });
}
