//! The laws of transport records over generated texts, over the shared vectors, and over certificates.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dmarc_core::diagnostics::{Diagnostic, Rule};
use dmarc_core::transport::mta_sts_policy::{self, File};
use dmarc_core::transport::{mta_sts, tls_rpt, tlsa};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

const DIGEST: &str = "0c72ac70b745ac19998811b131d662c9ac69dbdbe7cb23e5b514b56664c5d3d6";
const ED25519: &str =
    "302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

/// Lines that policies are made of, and the slips that are seen in them.
#[rustfmt::skip]
const LINES: &[&str] = &[
    "version: STSv1", "version: STSv1", "version: stsv1", "version: STSv2", "Version: STSv1", "version : STSv1", "mode: enforce", "mode: testing",
    "mode: none", "mode: Enforce", "mode: test", "mode: x", "mode:", "mx: a.example.com", "mx: *.example.com", "mx: a.example.com.", "mx: *", "mx: a.b, c.d",
    "mx: b\u{fc}cher.example", "mx: [192.0.2.1]", "mx: A.example.com", "max_age: 604800", "max_age: 604800", "max_age: 60", "max_age: 99999999", "max_age: -1",
    "max_age: 604.800", "max-age: 604800", "more: x", "more:", "_x: y", "x", "", " ", "\u{feff}version: STSv1", "v=STSv1; id=1", "<html>", "# note",
    "v=TLSRPTv1; rua=mailto:a@example.com",
];

/// Words that TLSA records are made of.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "3", "3", "2", "1", "1", "1", "0", "4", "255", "256", "-1", "DANE-EE", "spki", "SHA2-256", "Full", DIGEST, DIGEST, ED25519, "abcd", "abc", "gg", "0xabcd",
    "ab:cd", "\\#", "35", "5", "030101abcd", "TLSA", "IN", "_25._tcp.mx.example.com.", "(", ")", "; note", "\"", "\u{e9}", "-----BEGIN CERTIFICATE-----",
    "DHKscLdFrBmZiBGxMdZiyaxp29vnyyPltRS1ZmTF09Y=",
];

fn text(parts: &'static [&'static str], gaps: [&'static str; 3]) -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        40 => prop::sample::select(parts).prop_map(|part| part.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..4),
    ];
    let gap = prop_oneof![12 => Just(gaps[0]), 3 => Just(gaps[1]), 1 => Just(gaps[2])];
    prop::collection::vec((part, gap), 0..9).prop_map(|parts| {
        parts.into_iter().flat_map(|(part, gap)| [part, gap.as_bytes().to_vec()].concat()).collect()
    })
}

fn run(text: impl Strategy<Value = Vec<u8>>, law: impl Fn(&[u8])) {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(5_000);
    TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() })
        .run(&text, |octets| {
            law(&octets);
            Ok(())
        })
        .unwrap();
}

/// A generator that no longer meets what it should find would prove nothing.
fn met(rules: &[&Rule], hit: &BTreeSet<&str>, least: usize) {
    let missed: Vec<&str> = rules.iter().map(|rule| rule.code).filter(|code| !hit.contains(code)).collect();
    assert!(rules.len() - missed.len() >= least, "not met: {missed:?}");
}

fn codes(found: &[Diagnostic]) -> impl Iterator<Item = &'static str> {
    found.iter().map(|found| found.rule.code)
}

#[test]
fn laws_hold_for_policies() {
    let hit = RefCell::new(BTreeSet::new());
    run(text(LINES, ["\n", "\r\n", ""]), |octets| {
        dmarc_fuzz::transport::mta_sts(octets);
        hit.borrow_mut().extend(codes(&File::parse(octets).diagnostics));
    });
    met(mta_sts_policy::rules::RULES, &hit.borrow(), 22);
}

#[test]
fn laws_hold_for_tlsa_records() {
    let hit = RefCell::new(BTreeSet::new());
    run(text(WORDS, [" ", "\t", ""]), |octets| {
        dmarc_fuzz::transport::tlsa(octets);
        hit.borrow_mut().extend(codes(&tlsa::Record::parse(octets).diagnostics));
    });
    met(tlsa::rules::RULES, &hit.borrow(), 18);
}

#[test]
fn laws_hold_for_any_octets() {
    run(prop::collection::vec(any::<u8>(), 0..300), |octets| {
        dmarc_fuzz::transport::mta_sts(octets);
        dmarc_fuzz::transport::tlsa(octets);
    });
}

#[test]
fn laws_hold_for_the_shared_vectors() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dmarc-core/tests/vectors");
    let mut count = 0;
    for name in ["mta_sts", "mta_sts_policy", "tls_rpt", "tlsa"] {
        let text = std::fs::read_to_string(folder.join(format!("transport/{name}.json"))).unwrap();
        let file: serde_json::Value = serde_json::from_str(&text).unwrap();
        for case in file["cases"].as_array().unwrap() {
            let Some(input) = case["input"].as_str() else { continue };
            dmarc_fuzz::transport::mta_sts(input.as_bytes());
            dmarc_fuzz::transport::tlsa(input.as_bytes());
            let _ = (mta_sts::Record::parse(input), tls_rpt::Record::parse(input));
            count += 1;
        }
    }
    assert!(count > 150, "{count} cases");
    // Certificates, whole and with an octet changed.
    let text = std::fs::read_to_string(folder.join("assessment/mail.json")).unwrap();
    let file: serde_json::Value = serde_json::from_str(&text).unwrap();
    let cases = file["cases"].as_array().unwrap();
    let certificates =
        cases.iter().filter_map(|case| case["smtp"]["mx.example.com"]["certificates"][0].as_str());
    for certificate in certificates.filter(|text| text.len() > 100).take(2) {
        let der = STANDARD.decode(certificate).unwrap();
        dmarc_fuzz::transport::tlsa(&der);
        for at in 0..der.len() {
            let mut changed = der.clone();
            changed[at] = changed[at].wrapping_add(1);
            dmarc_fuzz::transport::tlsa(&changed);
        }
    }
}
