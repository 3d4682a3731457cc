//! The laws of DMARC records over generated texts, over the shared vectors, and over what the
//! fuzzers found.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dmarc_core::diagnostics::all;
use dmarc_core::dmarc::{Edition, Record, Selection};
use dmarc_fuzz::{dmarc, tree_walk};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

/// Parts that records are made of, and the slips that are seen in them.
const PARTS: &[&str] = &[
    "p=none",
    "p=quarantine",
    "p=reject",
    "P=Reject",
    "p=rejct",
    "p=quarantaine",
    "p=",
    "p=bogus",
    "p:none",
    "p reject",
    "p",
    "p=\"reject\"",
    "p=“reject”",
    "p=&quot;reject&quot;",
    "p=re\u{200b}ject",
    "p=reject\\",
    "p=none, sp=none",
    "p=none rua=a@example.com",
    "policy=reject",
    "sp=none",
    "sp=reject",
    "sp=bogus",
    "np=none",
    "np=reject",
    "np=x",
    "adkim=s",
    "adkim=strict",
    "ADKIM=r",
    "adkm=s",
    "aspf=s",
    "apsf=s",
    "apsf=strict",
    "fo=1",
    "fo=0:1",
    "fo=0:1:d:s",
    "fo=1,d",
    "fo=0 : d",
    "fo=",
    "psd=y",
    "psd=n",
    "psd=no",
    "t=y",
    "t=yes",
    "t=n",
    "pct=50",
    "pct=50%",
    "pct=100",
    "pct=",
    "ri=1",
    "ri=86400",
    "ri=99999999999",
    "rf=afrf",
    "rf=iodef",
    "v=DMARC1",
    "v=dmarc1",
    "x=y",
    "x_1=y",
    "owner=é",
    "–p=none",
    "garbage",
    "<br>p=none",
    "&nbsp;p=none",
    "\u{a0}p=reject",
    "р=reject",
    "p＝reject",
    "rua=mailto:d@example.com",
    "rua=d@example.com",
    "rua=mailto:d@example.com,e@example.com",
    "rua=mailto:d@example.com!10m",
    "rua=mailto:d@example.com!10mb",
    "rua=mailto:a!b@example.com",
    "rua=mailto:a,,mailto:d@example.com,",
    "rua=https://r.example/x",
    "rua=mialto:d@example.com",
    "rua=mailto;d@example.com",
    "rua=mailto://d@example.com",
    "rua=mailto:mailto:d@example.com",
    "rua=mailto:",
    "rua=mailto:d@example.com mailto:e@example.com",
    "rua=mailto:d@example.com fo=1",
    "rua=mailto:d@example.com, sp=none",
    "rua=x",
    "rua=mailto:d@ex–ample.com",
    "rua=mailto:d@bücher.example",
    "rua=“mailto:d@example.com”",
    "rua=\"mailto:d@example.com",
    "rua=",
    "rua=mailto:d&#64;example.com",
    "rua=mailto:d@example.com\\",
    "rua=rua=mailto:d@example.com",
    "rua=,",
    "d@example.com",
    "mailto:d@example.com",
    "ruf=mailto:f@example.com",
    "ruf=f@example.com",
    "ruf=mailto:a@example.com,mailto:b@example.com,mailto:c@example.com",
    "rua=mailto:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.com",
    "rua='d@example.com'",
    "rua=<mailto:d@example.com>",
    "rua=mailto:<d@example.com>",
    "rua=mailto d@example.com",
    "rua=mailto:d@example",
];

/// What may stand in front of the parts.
const FRONTS: &[&str] = &[
    "p=none; v=DMARC1",
    "p=reject; v=DMARC1",
    "v=DMARC1",
    "v=DMARC1",
    "v=DMARC1",
    "v=DMARC1",
    "V=DMARC1",
    "v = DMARC1",
    "v=dmarc1",
    "v=DMARC",
    "v=DMARC2",
    "v=",
    "DMARC1",
    "version=DMARC1",
    " v=DMARC1",
    ";v=DMARC1",
    "\u{feff}v=DMARC1",
    "\nv=DMARC1",
    "\"v=DMARC1",
    "“v=DMARC1",
    "&quot;v=DMARC1",
    "v=DMАRC1",
    "v=DMARC1\\",
    "v=DMARC1\u{200b}",
    "_dmarc TXT \"v=DMARC1",
    "_dmarc.example.com. IN TXT v=DMARC1",
    "Value: v=DMARC1",
    "v=spf1",
    "v&#61;DMARC1",
    "",
    "é",
    "<p>v=DMARC1",
];

/// What may stand between two parts, and behind the last.
const GAPS: &[&str] = &[
    "; ", "; ", "; ", "; ", "; ", ";", " ; ", ";;", "; ; ", ", ", " ", ": ", " | ", "\\; ", "；", ";\r\n ",
    "&#59; ", ";\u{a0}", ".", "",
];

fn pick(from: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    prop::sample::select(from).prop_map(|text| text.as_bytes().to_vec())
}

fn part() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![24 => pick(PARTS), 1 => prop::collection::vec(any::<u8>(), 1..4)]
}

/// A record with tags in good order, where only the parts may be wrong.
fn tidy() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(pick(PARTS), 1..5).prop_map(|parts| {
        let parts = parts.into_iter().flat_map(|part| [b"; ".to_vec(), part]);
        [b"v=DMARC1".to_vec()].into_iter().chain(parts).flatten().collect()
    })
}

/// A text in which anything may be wrong.
fn spoilt() -> impl Strategy<Value = Vec<u8>> {
    let ends = vec!["", "", "", ";", "\"", "”", "\\;", "\n", " ", "</p>", "&quot;", ")", "\u{0}"];
    let parts = prop::collection::vec((pick(GAPS), part()), 0..8);
    let slip = prop::option::of((any::<u16>(), any::<u8>()));
    (pick(FRONTS), parts, prop::sample::select(ends), slip).prop_map(|(mut text, parts, end, slip)| {
        for (gap, part) in parts {
            text.extend_from_slice(&gap);
            text.extend_from_slice(&part);
        }
        text.extend_from_slice(end.as_bytes());
        // One octet that went wrong: dropped, doubled or replaced.
        if let Some((at, octet)) = slip.filter(|_| !text.is_empty()) {
            let at = usize::from(at) % text.len();
            match octet % 8 {
                0 => drop(text.remove(at)),
                1 => text.insert(at, text[at]),
                2 => text[at] = octet,
                _ => {}
            }
        }
        text
    })
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![1 => tidy(), 1 => spoilt()]
}

fn runner(cases: u32) -> TestRunner {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(cases);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    // The same cases in every run: a failure here is one that can be looked at.
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

#[test]
fn laws_hold_and_every_rule_is_hit() {
    let hit = RefCell::new(BTreeSet::new());
    let note = |octets: &[u8]| {
        for edition in Edition::ALL {
            let found = Record::parse(octets, edition).diagnostics;
            hit.borrow_mut().extend(found.iter().map(|found| found.rule.code));
        }
    };
    runner(3_000)
        .run(&text(), |octets| {
            dmarc::record(&octets);
            dmarc::fixes(&octets);
            note(&octets);
            Ok(())
        })
        .unwrap();
    // Sizes that no sampler of short texts reaches, and findings about a set.
    for long in [
        "x".repeat(70_000),
        format!("v=DMARC1; rua={}", "x,".repeat(200)),
        format!("v=DMARC1{}p=none", ";".repeat(300)),
        String::new(),
    ] {
        dmarc::record(long.as_bytes());
        note(long.as_bytes());
    }
    let mut hit = hit.into_inner();
    let set = Record::select(&[b"v=DMARC1".to_vec(), b"v=DMARC1".to_vec()]);
    assert!(matches!(set, Selection::Several(_)));
    hit.extend(set.finding().map(|found| found.rule.code));
    let missed: Vec<&str> = all()
        .iter()
        .map(|rule| rule.code)
        .filter(|code| code.starts_with("dmarc/") && !hit.contains(code))
        .collect();
    assert!(missed.is_empty(), "the generator misses {missed:?}");
}

#[test]
fn whatever_is_found_can_be_shown() {
    runner(500)
        .run(&text(), |octets| {
            dmarc::shown(&octets);
            Ok(())
        })
        .unwrap();
}

#[test]
fn laws_hold_for_any_octets() {
    let near = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..120),
        prop::collection::vec(any::<u8>(), 0..80).prop_map(|tail| [b"v=DMARC1;", tail.as_slice()].concat()),
        prop::collection::vec(any::<u8>(), 0..80).prop_map(|tail| [
            b"v=DMARC1; p=none; rua=mailto:",
            tail.as_slice()
        ]
        .concat()),
        "[vV=DMARC1;pa: ,\\\\\"ruosfn@.!-]{0,60}".prop_map(String::into_bytes),
    ];
    runner(10_000)
        .run(&near, |octets| {
            dmarc::record(&octets);
            dmarc::fixes(&octets);
            Ok(())
        })
        .unwrap();
}

fn tags() -> impl Strategy<Value = BTreeMap<String, Value>> {
    let policy = || prop::sample::select(vec![json!("none"), json!("quarantine"), json!("Reject")]);
    let letter = |letters: Vec<&'static str>| {
        prop::sample::select(letters.into_iter().map(|one| json!(one)).collect::<Vec<_>>())
    };
    let address = prop_oneof![
        6 => "[a-z!,;+%\"é]{1,9}@[a-z-]{1,8}\\.(com|example)",
        1 => "(mailto:|https://|)[a-z!,;?@.%]{0,12}",
        1 => "\\PC{0,8}",
    ];
    let list = || prop::collection::vec(address.clone(), 1..6).prop_map(|list| json!(list));
    let options = prop::collection::vec(prop::sample::select(vec!["0", "1", "d", "s"]), 1..4)
        .prop_map(|list| json!(list));
    let one = prop_oneof![
        policy().prop_map(|value| ("p", value)),
        policy().prop_map(|value| ("sp", value)),
        policy().prop_map(|value| ("np", value)),
        letter(vec!["r", "s", "S", "x"]).prop_map(|value| ("adkim", value)),
        letter(vec!["r", "s"]).prop_map(|value| ("aspf", value)),
        letter(vec!["y", "n", "u"]).prop_map(|value| ("psd", value)),
        letter(vec!["y", "n"]).prop_map(|value| ("t", value)),
        (0_u32..120).prop_map(|value| ("pct", json!(value))),
        any::<u32>().prop_map(|value| ("ri", json!(value))),
        list().prop_map(|value| ("rua", value)),
        list().prop_map(|value| ("ruf", value)),
        options.prop_map(|value| ("fo", value)),
    ];
    prop::collection::vec(one, 0..7)
        .prop_map(|list| list.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

#[test]
fn what_is_built_reads_as_it_was_asked_for() {
    let built = RefCell::new(0);
    runner(5_000)
        .run(&(tags(), prop::sample::select(Edition::ALL.to_vec())), |(tags, edition)| {
            dmarc::built(&tags, edition);
            *built.borrow_mut() += u32::from(dmarc_core::inspect::build(&tags, edition).is_ok());
            Ok(())
        })
        .unwrap();
    assert!(built.into_inner() > 0, "nearly nothing can be built");
}

#[test]
fn discovery_ends_whatever_is_answered() {
    runner(5_000)
        .run(&prop::collection::vec(any::<u8>(), 1..24), |octets| {
            tree_walk::tree_walk(&octets);
            Ok(())
        })
        .unwrap();
}

/// The worst of texts takes no longer than a blink; the bound leaves room for a slow machine.
#[test]
fn no_text_takes_long() {
    let front = "v=DMARC1; p=none; rua=";
    let texts = [
        "v=DMARC1; ".repeat(1 << 20),
        ";".repeat(65_000),
        format!("v=DMARC1{}", ";".repeat(65_000)),
        format!("{front}{}", ",".repeat(65_000)),
        format!("{front}{}", "a@example.com,".repeat(4_600)),
        format!("{front}{}", "a@example.com ".repeat(4_600)),
        format!("{front}{}", "x\\;".repeat(21_000)),
        format!("{front}{}", "&quot;".repeat(10_000)),
        format!("{front}{}", "\u{200b}".repeat(21_000)),
        format!("{front}{}", "mailto:d@example.com!".repeat(3_000)),
        format!("v=DMARC1{}", ", p=none".repeat(2_000)),
        "\u{200b}".repeat(5_400),
        "\"".repeat(16_000),
        "txt ".repeat(4_000) + "v=dmarc1",
        "v=DMARC1 ".repeat(1_800),
    ];
    for text in &texts {
        let start = Instant::now();
        for edition in Edition::ALL {
            let _ = Record::parse(text, edition);
        }
        let spent = start.elapsed();
        assert!(
            spent < Duration::from_secs(5),
            "{spent:?} for {:?}",
            text.chars().take(60).collect::<String>()
        );
    }
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[test]
fn laws_hold_for_the_vectors() {
    let mut count = 0;
    for entry in std::fs::read_dir(folder("../dmarc-core/tests/vectors/dmarc")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let file: Value = serde_json::from_str(&text).unwrap();
        for case in file["cases"].as_array().unwrap() {
            let Some(input) = case["input"].as_str() else { continue };
            dmarc::record(input.as_bytes());
            dmarc::fixes(input.as_bytes());
            count += 1;
        }
    }
    assert!(count > 300, "{count} vectors");
}

#[test]
fn the_corpus_of_the_fuzzers_holds() {
    let laws: [(&str, fn(&[u8])); 3] =
        [("dmarc_record", dmarc::record), ("fixes", dmarc::fixes), ("tree_walk", tree_walk::tree_walk)];
    for (target, law) in laws {
        for name in [format!("corpus/{target}"), format!("seeds/{target}")] {
            let Ok(entries) = std::fs::read_dir(folder(&name)) else { continue };
            for entry in entries {
                let octets = std::fs::read(entry.unwrap().path()).unwrap();
                if octets.len() < 4_096 {
                    law(&octets);
                }
            }
        }
    }
}
