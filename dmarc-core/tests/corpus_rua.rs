//! Real aggregate reports of many reporters, file by file, against facts that an independent
//! script read from them.
//!
//! The collection is not part of a plain clone; where it is absent the test says `skipped`. What
//! differs stands in `corpus_rua_differences.txt`, each line with its reason, and may only shrink.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fence is around the library; tests read files and print"
)]

#[path = "support/corpus.rs"]
mod corpus;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use dmarc_core::limits::Limits;
use dmarc_core::report::aggregate::{Coded, Head, Record, Word};
use dmarc_core::report::batch::{Batch, Collector, Entry, Keep};
use serde_json::{Value, json};

fn read(folder: &Path, name: &str) -> Batch {
    let octets = std::fs::read(folder.join(name)).unwrap();
    let mut collector = Collector::new(&Limits::default(), Keep::Records);
    collector.feed(name, &octets);
    collector.finish()
}

fn sums<'a, T: Word>(
    records: &'a [Record],
    words: impl Fn(&'a Record) -> Vec<Option<&'a Coded<T>>>,
    weight: impl Fn(&Record) -> Option<u64>,
) -> Value {
    let mut sums = BTreeMap::<String, u64>::new();
    for record in records {
        // The script leaves out a record whose count it cannot read.
        let Some(weight) = weight(record) else { continue };
        for word in words(record) {
            // The script writes an absent element as its language does.
            let word = word.map_or("None", Coded::raw);
            *sums.entry(word.to_owned()).or_default() += weight;
        }
    }
    json!(sums)
}

fn policy(head: &Head) -> Value {
    fn raw<T: Word>(coded: &Option<Coded<T>>) -> Option<&str> {
        coded.as_ref().map(Coded::raw)
    }
    let Some(policy) = &head.policy else { return json!({}) };
    let all = [
        ("domain", policy.domain.as_deref()),
        ("p", raw(&policy.p)),
        ("sp", raw(&policy.sp)),
        ("np", raw(&policy.np)),
        ("adkim", raw(&policy.adkim)),
        ("aspf", raw(&policy.aspf)),
        ("pct", policy.pct.as_ref().map(|pct| pct.raw.as_str())),
        ("fo", policy.fo.as_deref()),
        ("testing", raw(&policy.testing)),
        ("discovery_method", raw(&policy.discovery_method)),
    ];
    let present = all.into_iter().filter_map(|(name, value)| Some((name, value?)));
    json!(present.collect::<BTreeMap<_, _>>())
}

/// The facts of a report, in the form of the index.
fn facts(entry: &Entry) -> Value {
    let metadata = entry.head.metadata.clone().unwrap_or_default();
    let time = |stamp: Option<dmarc_core::report::aggregate::Timestamp>| stamp.map(|stamp| stamp.raw);
    let records = &entry.kept;
    let messages = Record::messages;
    let one = |_: &Record| Some(1);
    let distinct =
        |texts: Vec<String>| texts.into_iter().filter(|text| !text.is_empty()).collect::<BTreeSet<_>>().len();
    let bad = records.iter().filter(|record| record.messages().is_none()).count();
    let mut facts = json!({
        "root": "feedback",
        "namespace": entry.head.namespace,
        "version": entry.head.version,
        "org_name": metadata.org_name,
        "email": metadata.email,
        "report_id": metadata.report_id,
        "begin": time(metadata.begin),
        "end": time(metadata.end),
        "generator": metadata.generator,
        "errors": metadata.errors,
        "policy": policy(&entry.head),
        "records": entry.records,
        "messages": entry.messages,
        "disposition": sums(records, |record| vec![record.disposition()], messages),
        "eval_dkim": sums(records, |record| vec![record.dkim_verdict()], messages),
        "eval_spf": sums(records, |record| vec![record.spf_verdict()], messages),
        "reason_types": sums(records, |record| {
            let evaluated = record.policy_evaluated.iter();
            evaluated.flat_map(|evaluated| &evaluated.reasons).map(|reason| reason.reason_type.as_ref()).collect()
        }, one),
        "auth_dkim_results": sums(records, |record| {
            record.auth_results.iter().flat_map(|results| &results.dkim).map(|dkim| dkim.result.as_ref()).collect()
        }, one),
        "auth_spf_results": sums(records, |record| {
            record.auth_results.iter().flat_map(|results| &results.spf).map(|spf| spf.result.as_ref()).collect()
        }, one),
        "distinct_source_ips": distinct(records.iter().filter_map(|record| Some(record.source_ip.as_ref()?.text())).collect()),
        "distinct_header_from": distinct(records.iter().filter_map(|record| Some(record.header_from()?.to_lowercase())).collect()),
    });
    if bad > 0 {
        facts["records_with_bad_count"] = json!(bad);
    }
    facts
}

/// Facts that say how the script read a file, not what the report says.
const ABOUT_THE_SCRIPT: [&str; 5] = ["well_formed", "container", "member", "attachment", "bom"];

fn compare(expected: &Value, found: &Value, file: &str, differences: &mut Vec<String>) {
    for (name, value) in expected.as_object().unwrap() {
        if ABOUT_THE_SCRIPT.contains(&name.as_str()) {
            continue;
        }
        let ours = found.get(name).unwrap_or(&Value::Null);
        if name == "policy" {
            // Elements that neither schema has are findings, not values.
            for (tag, text) in value.as_object().into_iter().flatten() {
                if &ours[tag] != text {
                    differences.push(format!("{file}: policy.{tag}: {text} is read as {}", ours[tag]));
                }
            }
        } else if ours != value {
            differences.push(format!("{file}: {name}: {value} is read as {ours}"));
        }
    }
}

#[test]
fn every_report_of_the_collection_says_what_the_facts_say() {
    let folder = corpus::path("rua");
    let Ok(index) = std::fs::read(folder.join("index.json")) else {
        return corpus::skipped(&folder);
    };
    let index: Value = serde_json::from_slice(&index).unwrap();
    let mut differences = Vec::new();
    let (mut files, mut reports, mut messages) = (0, 0, 0);
    for (file, entry) in index.as_object().unwrap() {
        files += 1;
        let batch = read(&folder, file);
        let totals = batch.totals;
        assert_eq!(totals.messages_in, totals.messages_out + totals.messages_refused, "{file}");
        assert!(!batch.reports.is_empty() || !batch.refused.is_empty(), "{file} is not accounted for");
        reports += totals.reports;
        messages += totals.messages_out;
        let facts_list = entry["facts"].as_array().unwrap();
        let well_formed: Vec<&Value> =
            facts_list.iter().filter(|facts| facts["well_formed"] == true).collect();
        if well_formed.is_empty() {
            // Not XML for the script: a report with findings or a refusal, never a clean report.
            let clean = batch.reports.iter().any(|report| report.findings.is_empty() && report.complete);
            if clean && batch.refused.is_empty() {
                differences.push(format!("{file}: {} is read without a finding", facts_list[0]));
            }
            continue;
        }
        if well_formed.len() != batch.reports.len() {
            differences.push(format!(
                "{file}: {} reports are read as {}",
                well_formed.len(),
                batch.reports.len()
            ));
            continue;
        }
        for (expected, found) in well_formed.into_iter().zip(&batch.reports) {
            if !found.complete {
                differences.push(format!("{file}: is read as incomplete"));
            }
            if totals.messages_refused > 0 {
                differences.push(format!("{file}: {} messages are refused", totals.messages_refused));
            }
            compare(expected, &facts(found), file, &mut differences);
        }
    }
    println!("{files} files, {reports} reports, {messages} messages");
    let listed = include_str!("corpus_rua_differences.txt");
    let known: BTreeSet<&str> =
        listed.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")).collect();
    let found: BTreeSet<&str> = differences.iter().map(String::as_str).collect();
    let new: Vec<_> = found.difference(&known).collect();
    let gone: Vec<_> = known.difference(&found).collect();
    assert!(new.is_empty(), "{} new differences:\n{new:#?}", new.len());
    assert!(gone.is_empty(), "no longer different, take them off the list:\n{gone:#?}");
}
