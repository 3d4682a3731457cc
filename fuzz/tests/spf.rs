//! The laws of SPF records over generated texts, and over what the fuzzers found.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

use dmarc_core::spf::Record;
use dmarc_core::spf::rules::RULES;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// Parts that records are made of, and the slips that are seen in them.
#[rustfmt::skip]
const PARTS: &[&str] = &[
    "v=spf1", "v=spf1;", "v=spf2.0", "spf1", "v=DMARC1;", "spf2.0/pra", "V=SPF1", "v = spf1", "all", "-all", "~all", "?all",
    "+all", "\u{2013}all", "-all.", "all:x", "--all", "- all", "al", "a", "mx", "ptr", "a/24", "a//64", "a/24//64", "a/33",
    "mx/032", "ptr/24", "a:localhost", "a:192.0.2.1", "a:x.example.com:25", "a:x..example.com", "A:x.Example.com/32",
    "a:x.example.com", "include:_spf.example.com", "include: _spf.example.com", "include _spf.example.com", "include:",
    "include=x.example.com", "inculde:x.example.com", "include:https://example.com/", "include:info@example.com",
    "include:a.example.com,b.example.com", "include:b\u{fc}cher.example", "exists:%{ir}.%{v}.x.example.com",
    "exists:%{p}.example.com", "exists:%{c}.example.com", "exists:%{x}", "a:%", "a:x.123", "foobar:x", "mail.example.com",
    "192.0.2.1", "2001:db8::/32", "ip4:192.0.2.1", "ip4:192.0.2.0/24", "ip4:192.0.2.77/24", "ip4:192.0.2.1/032",
    "ip4:192.0.2.1,192.0.2.2", "ip4:2001:db8::1", "ip4::192.0.2.1", "ip4:192.0.2", "ip4192.0.2.1", "ip4:10.0.0.0/8", "ip4:0.0.0.0/0",
    "ip6:2001:db8::/32", "ip6:192.0.2.1", "ip:192.0.2.1", "ipv6:2001:db8::1", "redirect=x.example.com", "redirect:x.example.com",
    "-redirect=x.example.com", "redirct=x.example.com", "exp=x.example.com", "foo=bar", "foo=%", "v=spf1", "(note)", "a,mx", "a;",
    "a&nbsp;mx", "\u{201c}", "\u{201d}", "\"", "'", "\u{200b}", "\u{a0}", "\t", "\r\n", "\u{0}", "\u{e9}", "example.com. IN TXT", "ra=postmaster",
    "~-all", "exp=%{r}.example.com", "a:%{d0}", "ip4:", "include/24", "&ndash;all", ",", "\u{ff1a}",
];

fn part() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        20 => prop::sample::select(PARTS).prop_map(|part| part.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..4),
        1 => prop::sample::select(vec!["-", "+", ":", "=", "/", "%", ";", ","]).prop_map(|part| part.as_bytes().to_vec()),
    ]
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    let front = prop_oneof![
        8 => Just(b"v=spf1 ".to_vec()),
        1 => Just(b" v=spf1 ".to_vec()),
        1 => Just(b"\"v=spf1 ".to_vec()),
        1 => Just(b"example.com. IN TXT \"v=spf1 ".to_vec()),
        2 => Just(Vec::new()),
    ];
    let gap = prop_oneof![12 => Just(" "), 1 => Just("  "), 2 => Just("")];
    (front, prop::collection::vec((part(), gap), 0..14)).prop_map(|(mut text, parts)| {
        for (part, gap) in parts {
            text.extend_from_slice(&part);
            text.extend_from_slice(gap.as_bytes());
        }
        text
    })
}

#[test]
fn laws_hold_and_every_rule_is_hit() {
    let hit = RefCell::new(BTreeSet::new());
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(20_000);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    // The same cases in every run: a failure here is one that can be looked at.
    let mut runner = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    runner
        .run(&text(), |octets| {
            dmarc_fuzz::spf::record(&octets);
            dmarc_fuzz::spf::fixes(&octets);
            hit.borrow_mut().extend(Record::parse(&octets).diagnostics.iter().map(|found| found.rule.code));
            Ok(())
        })
        .unwrap();
    let mut hit = hit.into_inner();
    // Sizes that no sampler of short texts reaches, and findings about a set.
    for count in [40, 4_000] {
        let names: String = (0..count).map(|number| format!(" a:host{number}.example.com")).collect();
        let long = format!("v=spf1{names} -all");
        dmarc_fuzz::spf::record(long.as_bytes());
        hit.extend(Record::parse(&long).diagnostics.iter().map(|found| found.rule.code));
    }
    let set: Vec<String> = (0..9)
        .map(|number| format!("v=spf1 include:_spf{number}.mail.example.com include:x.example.com -all"))
        .collect();
    hit.extend(Record::select(&set).diagnostics.iter().map(|found| found.rule.code));
    let missed: Vec<&str> = RULES.iter().map(|rule| rule.code).filter(|code| !hit.contains(code)).collect();
    assert!(missed.is_empty(), "the generator misses {missed:?}");
}

/// As many cases as `PROPTEST_CASES` says.
fn cases(default: u32) -> Config {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(default);
    Config { cases, failure_persistence: None, ..Config::default() }
}

#[test]
fn laws_hold_for_any_octets() {
    TestRunner::new(cases(20_000))
        .run(&prop::collection::vec(any::<u8>(), 0..200), |octets| {
            dmarc_fuzz::spf::record(&octets);
            dmarc_fuzz::spf::fixes(&octets);
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_corpus_of_the_fuzzers_holds() {
    for folder in ["corpus/spf_record", "seeds/spf_record"] {
        let Ok(entries) = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)) else {
            continue;
        };
        for entry in entries {
            let octets = std::fs::read(entry.unwrap().path()).unwrap();
            dmarc_fuzz::spf::record(&octets);
            if octets.len() < 600 {
                dmarc_fuzz::spf::fixes(&octets);
            }
        }
    }
}
