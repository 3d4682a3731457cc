//! Real failure reports, file by file, against facts that an independent script read from them.
//!
//! The collection is not part of a plain clone; where it is absent the test says `skipped`. What
//! differs stands in `corpus_ruf_differences.txt`, each line with its reason, and may only shrink.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fence is around the library; tests read files and print"
)]

#[path = "support/corpus.rs"]
mod corpus;

use std::collections::BTreeMap;

use dmarc_core::limits::Limits;
use dmarc_core::report::aggregate::{Coded, SourceIp, Word};
use dmarc_core::report::batch::{Batch, Collector, Keep};
use dmarc_core::report::failure::FailureReport;
use serde_json::Value;

fn raw<T: Word>(coded: Option<&Coded<T>>) -> Option<String> {
    coded.map(|coded| coded.raw().to_owned())
}

/// The fields of a report, by their names in lower case.
fn fields(report: &FailureReport) -> BTreeMap<&'static str, String> {
    let all = [
        ("feedback-type", raw(report.feedback_type.as_ref())),
        ("version", report.version.clone()),
        ("user-agent", report.user_agent.clone()),
        ("original-mail-from", report.original_mail_from.clone()),
        ("original-envelope-id", report.original_envelope_id.clone()),
        ("arrival-date", report.arrival.as_ref().map(|time| time.raw.clone())),
        ("source-ip", report.source_ip.as_ref().map(SourceIp::text)),
        ("reported-domain", report.reported_domain.first().cloned()),
        ("authentication-results", report.authentication_results.first().cloned()),
        ("auth-failure", raw(report.auth_failure.first())),
        ("delivery-result", raw(report.delivery_result.as_ref())),
        ("reporting-mta", report.reporting_mta.clone()),
        ("dkim-domain", report.dkim_domain.clone()),
        ("identity-alignment", report.identity_alignment.as_ref().map(|said| said.raw.clone())),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// A path with or without its angle brackets, and a text however it is folded.
fn plain(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.trim_start_matches('<').trim_end_matches('>').to_owned()
}

fn read(octets: &[u8]) -> Batch {
    let mut collector = Collector::new(&Limits::default(), Keep::Findings);
    collector.feed("report", octets);
    collector.finish()
}

#[test]
fn every_report_of_the_collection_says_what_the_facts_say() {
    let folder = corpus::path("ruf");
    let Some(index) = corpus::index(&folder) else { return };
    let mut differences = Vec::new();
    let (mut files, mut reports) = (0, 0);
    for (file, entry) in &index {
        files += 1;
        let batch = read(&std::fs::read(folder.join(file)).unwrap());
        reports += batch.failure_reports.len();
        assert!(
            !batch.failure_reports.is_empty() || !batch.refused.is_empty(),
            "{file} is not accounted for"
        );
        for expected in entry["facts"].as_array().unwrap() {
            let is_report = expected["has_feedback_report_part"] == true;
            if is_report != (batch.failure_reports.len() == 1) {
                differences
                    .push(format!("{file}: is read as {} failure reports", batch.failure_reports.len()));
                continue;
            }
            let Some(found) = batch.failure_reports.first() else { continue };
            let ours = fields(&found.report);
            for (name, value) in expected["fields"].as_object().into_iter().flatten() {
                let text = plain(value.as_str().unwrap_or_default());
                let said = ours.get(name.as_str()).map(|said| plain(said)).unwrap_or_default();
                if text != said {
                    differences.push(format!("{file}: {name}: {value} is read as {}", Value::from(said)));
                }
            }
            assert!(found.report.arrival.as_ref().is_none_or(|time| time.time.is_some()), "{file}");
        }
    }
    println!("{files} files, {reports} failure reports");
    corpus::compare(&differences, include_str!("corpus_ruf_differences.txt"));
}
