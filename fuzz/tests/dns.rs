//! The laws of DNS data over generated input, over the shared vectors, and over what the fuzzers
//! found.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use dmarc_core::diagnostics::all;
use dmarc_fuzz::{dns, zone_model};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Lines that zone files are made of, and the slips that are seen in them.
const LINES: &[&str] = &[
    "$ORIGIN example.com.",
    "$ORIGIN sub",
    "$ORIGIN a..b.",
    "$ORIGIN",
    "$TTL 1h",
    "$TTL never",
    "$TTL 1 2",
    "$INCLUDE other.zone",
    "$GENERATE 1-9 h$ A 192.0.2.$",
    "$LOAD x",
    "@ SOA ns h 1 1d 2h 4w 5m",
    "@ IN SOA ns h (",
    " 1 2 3 ; comment",
    " 4 5 )",
    "sub SOA ns h 1 1 1 1 1",
    "example.org. A 192.0.2.1",
    "www A 192.0.2.1",
    "www 300 IN A 192.0.2.1",
    "www IN 5m A 192.0.2.2",
    " A 192.0.2.3",
    "www A localhost",
    "99999999999 A 192.0.2.4",
    "a 3000000000 A 192.0.2.5",
    "* TXT \"wild\"",
    "x.* MX 10 mail",
    "a.b AAAA 2001:db8::1",
    "_dmarc TXT \"v=DMARC1; p=none\"",
    "_dmarc TXT v=DMARC1; p=none",
    "_dmarc TXT (\"a\" \"b\\\"\\032\")",
    "t TXT \"open",
    "t TXT ( \"one\"",
    "t TXT )",
    "mx MX mail",
    "mx MX 10 mail.example.com",
    "mx MX 0 .",
    "al CNAME www",
    "al TXT \"beside\"",
    "al CNAME al",
    "lo CNAME al",
    "d DNAME e",
    "x.e A 192.0.2.6",
    "de NS ns.de",
    "ns.de A 192.0.2.7",
    "caa CAA 0 issue \"x\"",
    "g TYPE1 \\# 4 c0000201",
    "g A \\# 3 c00002",
    "s RRSIG A 8 2 1",
    "ch CH TXT \"x\"",
    "cl CLASS3 TXT \"x\"",
    "cl CLASS1 TXT \"x\"",
    "un TXTT x",
    "no",
    "no IN",
    "no MX",
    "a..b TXT x",
    "\\065 TXT x",
    "a\\.b TXT x",
    "b\u{fc}cher TXT \"\u{fc}\"",
    "_25._tcp TLSA 3 1 1 abcd",
    "_25._tcp TLSA 3 1 1 abc",
    "1.2.0.192.in-addr.arpa. PTR www",
    "; comment",
    "",
    "\t",
    "\u{feff}",
    "\r",
    "(",
    ")",
    "\"",
    "\\",
];

/// Parts that snapshots are made of.
const ENTRIES: &[&str] = &[
    r#""a.example.com": {"TXT": ["v=DMARC1; p=none"]}"#,
    r#""A.example.com.": {"TXT": ["x"], "TXTT": ["x"]}"#,
    r#""b.example.com": {"A": ["192.0.2.1", "x"], "MX": {"data": ["10 mx.example.com."], "ttl": 5, "ad": true}}"#,
    r#""c.example.com": {"CNAME": ["d.example.com."]}"#,
    r#""d.example.com": {"CNAME": ["c.example.com."], "CAA": ["x"], "A": "NXDOMAIN", "AAAA": []}"#,
    r#""e.example.com": {}"#,
    r#""f.example.com": "NXDOMAIN""#,
    r#""g.example.com": "SERVFAIL""#,
    r#""bad name": {"TXT": ["\"a\" \"\\255\""]}"#,
    r#""*.example.com": {"TXT": [""], "SOA": ["ns. h. 1 2 3 4 5"], "TLSA": ["3 1 1 00"], "PTR": ["."]}"#,
    r#""h.example.com": {"TXT": {"status": "failure", "reason": "NXDOMAIN"}, "A": {"status": "not-answered"}}"#,
    r#""i.example.com": {"TXT": {"data": ["x"], "aliases": ["j.example.com"], "type": "TXT"}, "A": {"status": "https"}}"#,
];
const KEYS: &[&str] = &[
    r#""complete": true"#,
    r#""exact": true"#,
    r#""captured": 1"#,
    r#""public_suffix": ["com", "*.ck", "!www.ck", "a.*.b"]"#,
    r#""public_suffix_of": {"a.example.com": "example.com", "b.example.com": {"status": "not-possible"}, "c..d": "x"}"#,
    r#""https": {"https://a/": {"status": 200, "body": "x"}, "https://b/": "TIMEOUT", "https://c/": {"status": 404, "body_base64": "/w=="}, "https://d/": {"status": "not-answered"}}"#,
    r#""smtp": {"mx": 1}"#,
    r#""reports": ["x"]"#,
];

/// The same cases in every run: a failure here is one that can be looked at.
fn runner(cases: u32) -> TestRunner {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(cases);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn zone_text() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        24 => prop::sample::select(LINES).prop_map(|line| line.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..12),
    ];
    let front = prop_oneof![
        2 => Just("$ORIGIN example.com.\n$TTL 300\n@ SOA ns h 1 1 1 1 60\n".to_owned()),
        1 => Just(String::new()),
    ];
    // One in so many is over the limit of octets.
    let padding = prop_oneof![60 => Just(0_usize), 1 => Just(2_000)];
    (front, prop::collection::vec(line, 0..24), padding).prop_map(|(front, lines, padding)| {
        [front.into_bytes(), lines.join(&b'\n'), b";".repeat(padding)].concat()
    })
}

fn snapshot_text() -> impl Strategy<Value = String> {
    let some = |from: &'static [&'static str], most| prop::sample::subsequence(from, 0..=most);
    (some(ENTRIES, ENTRIES.len()), some(KEYS, KEYS.len())).prop_map(|(names, keys)| {
        let names = format!("\"names\": {{{}}}", names.join(", "));
        let keys: Vec<&str> = keys.into_iter().chain([names.as_str()]).collect();
        format!("{{{}}}", keys.join(", "))
    })
}

#[test]
fn laws_hold_and_every_rule_is_hit() {
    let hit = RefCell::new(BTreeSet::new());
    let note = |found: Vec<dmarc_core::diagnostics::Diagnostic>| {
        hit.borrow_mut().extend(found.iter().map(|found| found.rule.code));
        Ok(())
    };
    runner(2_000).run(&zone_text(), |octets| note(dns::zone_file(&octets))).unwrap();
    runner(2_000).run(&snapshot_text(), |json| note(dns::snapshot(json.as_bytes()))).unwrap();
    let hit = hit.into_inner();
    let codes = all().into_iter().map(|rule| rule.code).filter(|code| code.starts_with("dns/"));
    let missed: Vec<&str> = codes.filter(|code| !hit.contains(code)).collect();
    assert!(missed.is_empty(), "the generators miss {missed:?}");
}

#[test]
fn a_zone_answers_as_the_model_does() {
    runner(3_000)
        .run(&prop::collection::vec(any::<u8>(), 0..60), |octets| {
            zone_model::zone_model(&octets);
            Ok(())
        })
        .unwrap();
}

#[test]
fn record_data_survives_its_text() {
    let value = prop_oneof![
        any::<String>(),
        "[0-9a-f\"\\\\#. :]{0,24}",
        "[0-9]{1,5} [a-z.]{0,12}",
        "\"[ -~]{0,20}\"( \"[ -~]{0,20}\")?",
    ];
    runner(3_000)
        .run(&value, |text| {
            dns::presentation(&text);
            Ok(())
        })
        .unwrap();
    let octet = prop_oneof![any::<u8>(), Just(b'"'), Just(b'\\'), Just(b'a')];
    let strings = prop::collection::vec(prop::collection::vec(octet, 0..=255), 1..5);
    runner(300)
        .run(&strings, |strings| {
            dns::strings(&strings);
            Ok(())
        })
        .unwrap();
}

#[test]
fn messages_of_any_octets_are_read() {
    let header = prop_oneof![
        3 => Just(b"\x00\x07\x81\x80\x00\x01\x00\x02\x00\x00\x00\x00\x01a\x04test\x00\x00\x10\x00\x01".to_vec()),
        1 => prop::collection::vec(any::<u8>(), 12),
    ];
    let part = prop_oneof![
        4 => Just(b"\xc0\x0c\x00\x10\x00\x01\x00\x00\x00\x05\x00\x03\x02hi".to_vec()),
        4 => Just(b"\xc0\x0c\x00\x05\x00\x01\x00\x00\x00\x05\x00\x02\xc0\x0c".to_vec()),
        2 => Just(b"\xc0\x0c\x00\x05\x00\x01\x00\x00\x00\x05\x00\x03\x01b\x00".to_vec()),
        2 => Just(b"\x01b\x00\x00\x10\x00\x01\x00\x00\x00\x05\x00\x01\x00".to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..20),
    ];
    runner(2_000)
        .run(&(header, prop::collection::vec(part, 0..4)), |(header, parts)| {
            dns::dns_wire(&[header, parts.concat()].concat());
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_corpus_of_the_fuzzers_and_the_vectors_hold() {
    for (target, law) in [
        ("dns_wire", &(|octets: &[u8]| dns::dns_wire(octets)) as &dyn Fn(&[u8])),
        ("zone_file", &|octets| drop(dns::zone_file(octets))),
        ("dns_snapshot", &|octets| drop(dns::snapshot(octets))),
        ("zone_model", &zone_model::zone_model),
    ] {
        for folder in ["corpus", "seeds"] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join(target);
            for file in files(&folder) {
                law(&std::fs::read(file).unwrap());
            }
        }
    }
    let mut cases = 0;
    for file in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../dmarc-core/tests/vectors/dns")) {
        let vectors: serde_json::Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        for case in vectors["cases"].as_array().unwrap() {
            let mut zones: Vec<&str> = case["zone_file"].as_str().into_iter().collect();
            zones
                .extend(case["zone_files"].as_array().into_iter().flatten().filter_map(|zone| zone.as_str()));
            zones.iter().for_each(|zone| drop(dns::zone_file(zone.as_bytes())));
            if case["snapshot"].is_object() {
                dns::snapshot(case["snapshot"].to_string().as_bytes());
            }
            cases += 1;
        }
    }
    assert!(cases > 0, "no vectors were found");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}
