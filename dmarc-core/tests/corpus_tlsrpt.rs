//! Real reports on TLS, file by file, against facts that an independent script read from them.
//!
//! The collection is not part of a plain clone; where it is absent the test says `skipped`. What
//! differs stands in `corpus_tlsrpt_differences.txt`, each line with its reason, and may only shrink.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fence is around the library; tests read files and print"
)]

#[path = "support/corpus.rs"]
mod corpus;

use dmarc_core::limits::Limits;
use dmarc_core::report::batch::{Collector, Keep};
use dmarc_core::report::tls::{Failure, Policy, TlsReport};
use serde_json::{Value, json};

fn failure(failure: &Failure) -> Value {
    json!({
        "result_type": failure.result_type.as_ref().map(dmarc_core::report::aggregate::Coded::raw),
        "count": failure.sessions.as_ref().and_then(|count| count.value),
    })
}

fn policy(policy: &Policy) -> Value {
    json!({
        "type": policy.policy_type.as_ref().map(dmarc_core::report::aggregate::Coded::raw),
        "domain": policy.policy_domain,
        "success": policy.success.as_ref().and_then(|count| count.value),
        "failure": policy.failure.as_ref().and_then(|count| count.value),
        "failure_details": policy.failures.iter().map(failure).collect::<Vec<_>>(),
    })
}

/// The facts of a report, in the form of the index.
fn facts(report: &TlsReport) -> Value {
    json!({
        "organization_name": report.organization,
        "report_id": report.report_id,
        "contact_info": report.contact,
        "date_range": {
            "start-datetime": report.begin.as_ref().map(|time| &time.raw),
            "end-datetime": report.end.as_ref().map(|time| &time.raw),
        },
        "policies": report.policies.iter().map(policy).collect::<Vec<_>>(),
    })
}

#[test]
fn every_report_of_the_collection_says_what_the_facts_say() {
    let folder = corpus::path("tlsrpt");
    let Some(index) = corpus::index(&folder) else { return };
    let mut differences = Vec::new();
    let (mut files, mut sessions) = (0, 0);
    for (file, entry) in &index {
        files += 1;
        let octets = std::fs::read(folder.join(file)).unwrap();
        let mut collector = Collector::new(&Limits::default(), Keep::Findings);
        collector.feed(file.as_str(), &octets);
        let batch = collector.finish();
        let totals = batch.totals;
        assert_eq!(totals.sessions_in, totals.sessions_out, "{file}");
        sessions += totals.sessions_out;
        let facts_list = entry["facts"].as_array().unwrap();
        if facts_list.len() != batch.tls_reports.len() {
            differences.push(format!(
                "{file}: {} reports are read as {}",
                facts_list.len(),
                batch.tls_reports.len()
            ));
            continue;
        }
        for (expected, found) in facts_list.iter().zip(&batch.tls_reports) {
            assert!(found.complete, "{file} is read as incomplete");
            assert!(found.report.begin.as_ref().is_some_and(|begin| begin.time.is_some()), "{file}");
            let ours = facts(&found.report);
            for (name, value) in ours.as_object().unwrap() {
                if &expected[name] != value {
                    differences.push(format!("{file}: {name}: {} is read as {value}", expected[name]));
                }
            }
        }
    }
    println!("{files} files, {sessions} sessions");
    corpus::compare(&differences, include_str!("corpus_tlsrpt_differences.txt"));
}
