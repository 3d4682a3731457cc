//! One rendered finding per rule, in both languages, as a reader sees it: `snapshots/<area>.txt`.
//!
//! A rule of a record is shown in the first vector that names it; any other rule with the names of
//! its arguments in place of their values. A change of wording shows here: look at it, then run with
//! `DMARC_ACCEPT=1`.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fence is around the library; tests read files and print"
)]

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use dmarc_core::diagnostics::{Catalog, Diagnostic, Labels, Language, Rule, all, render};
use dmarc_core::dkim;
use dmarc_core::dmarc::{self, Edition};
use dmarc_core::spf;
use dmarc_core::transport::{mta_sts, mta_sts_policy, tls_rpt, tlsa};
use support::vectors::{Case, cases_below};

/// The longest text that is shown: others are about their length.
const SHOWN: usize = 400;

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// A text with a finding in it.
type Example = (Vec<u8>, Diagnostic);

/// For each code, the first case that names the code and is found to have it.
fn examples() -> BTreeMap<&'static str, Example> {
    let mut examples = BTreeMap::new();
    let mut cases: Vec<Case> = cases_below(&folder("vectors"))
        .into_iter()
        .filter(|case| case.kind == "record" && case.value["repeat"].is_null())
        .collect();
    // Small texts first: they show one thing.
    cases.sort_by_key(|case| case.octets().len());
    for case in &cases {
        let octets = case.octets();
        let said = case.value.to_string();
        for (edition, _) in case.expectations() {
            for found in findings(case, &octets, edition) {
                let named = said.contains(&format!("\"{}\"", found.rule.code));
                if named && octets.len() <= SHOWN {
                    examples.entry(found.rule.code).or_insert((octets.clone(), found));
                }
            }
        }
    }
    examples
}

fn findings(case: &Case, octets: &[u8], edition: Edition) -> Vec<Diagnostic> {
    match case.record_kind.as_str() {
        "dmarc" => dmarc::Record::parse(octets, edition).diagnostics,
        "spf" => spf::Record::parse(octets).diagnostics,
        "dkim" => dkim::Key::parse(octets).diagnostics,
        "mta-sts" => mta_sts::Record::parse(octets).diagnostics,
        "mta-sts-policy" => mta_sts_policy::File::parse(octets).diagnostics,
        "tls-rpt" => tls_rpt::Record::parse(octets).diagnostics,
        "tlsa" => tlsa::Record::parse(octets).diagnostics,
        _ => Vec::new(),
    }
}

/// The finding without a text, its arguments standing for themselves.
fn plain(rule: &'static Rule) -> Diagnostic {
    rule.args.iter().fold(rule.anywhere(), |found, name| found.arg(name, format!("<{name}>")))
}

#[test]
fn every_rule_reads_as_it_did() {
    let examples = examples();
    let mut areas: BTreeMap<&str, String> = BTreeMap::new();
    for rule in all() {
        let (area, _) = rule.code.split_once('/').expect("area/name");
        let (octets, found) = examples.get(rule.code).cloned().unwrap_or_else(|| (Vec::new(), plain(rule)));
        let text = areas.entry(area).or_default();
        for language in [Language::En, Language::Nl] {
            text.push_str(&render(&found, &Catalog::embedded(language), &octets, &Labels::of(language)));
        }
        text.push('\n');
    }
    let mut changed = Vec::new();
    for (area, text) in &areas {
        let path = folder("snapshots").join(format!("{area}.txt"));
        if std::env::var_os("DMARC_ACCEPT").is_some() {
            std::fs::create_dir_all(folder("snapshots")).unwrap();
            std::fs::write(&path, text).unwrap();
        }
        if std::fs::read_to_string(&path).unwrap_or_default() != *text {
            changed.push(format!("{area}.txt"));
        }
    }
    assert!(changed.is_empty(), "{changed:?}: look at the change, then run with DMARC_ACCEPT=1");
}
