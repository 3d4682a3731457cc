//! MTA-STS and TLS-RPT records that others collected, against the verdicts that came with them.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fence is around the library; tests read files and print"
)]

#[path = "support/corpus.rs"]
mod corpus;

use dmarc_core::diagnostics::{Catalog, Language};
use dmarc_core::dmarc::{Edition, Verdict};
use dmarc_core::inspect::{self, RecordKind};
use serde_json::Value;

fn agree(file: &str, kind: RecordKind, field: &str) {
    let path = corpus::path(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        return corpus::skipped(&path);
    };
    let collection: Value = serde_json::from_str(&text).unwrap();
    let catalog = Catalog::embedded(Language::En);
    let mut differences = Vec::new();
    let mut compared = 0;
    for case in collection["cases"].as_array().unwrap() {
        let record = case["record"].as_str().unwrap();
        let ours = inspect::record(record.as_bytes(), kind, Edition::Rfc9989, &catalog);
        let valid = ours.verdict == Verdict::Usable;
        let same = case.get(field).is_none_or(|value| ours.effective[field] == *value);
        compared += 1;
        // Where experts differ, the collection says so itself.
        if !case["ambiguity"].as_bool().unwrap_or(false) && (case["valid"] != valid || !same) {
            differences.push(format!("{record:?}: ours {valid} {}, theirs {case}", ours.effective));
        }
    }
    println!("{compared} records of {file}");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn mta_sts_records_agree_with_the_collection() {
    agree("mta-sts/records.json", RecordKind::MtaSts, "id");
}

#[test]
fn tls_rpt_records_agree_with_the_collection() {
    agree("tlsrpt/records.json", RecordKind::TlsRpt, "rua");
}
