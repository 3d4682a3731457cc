//! Every rule has both languages, a reference, a unique code and a vector; the snapshot
//! `catalog.json` guards against renames and is what the bindings are compared with.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fence is around the library; tests read files and print"
)]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use dmarc_core::assessment::ProfileId;
use dmarc_core::diagnostics::{Catalog, Language, all};
use dmarc_core::dmarc::Edition;
use dmarc_core::inspect;
use support::vectors::{cases_below, run};

fn catalogs() -> [(&'static str, Catalog); 2] {
    [("en", Catalog::embedded(Language::En)), ("nl", Catalog::embedded(Language::Nl))]
}

/// The arguments that a sentence uses.
fn used(sentence: &str) -> BTreeSet<&str> {
    sentence.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect()
}

#[test]
fn codes_are_unique_and_well_formed() {
    let mut codes = BTreeSet::new();
    for rule in all() {
        assert!(codes.insert(rule.code), "{} stands twice", rule.code);
        let (area, name) = rule.code.split_once('/').expect("area/name");
        let kebab = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|o| o.is_ascii_lowercase() || o.is_ascii_digit() || o == b'-')
        };
        assert!(kebab(area) && kebab(name), "{}", rule.code);
        assert!(!rule.summary.is_empty(), "{} has no summary", rule.code);
        assert!(!rule.reference.to_string().is_empty());
    }
}

#[test]
fn embedded_catalogs_are_well_formed() {
    for text in [
        include_str!("../src/diagnostics/catalog/en.txt"),
        include_str!("../src/diagnostics/catalog/nl.txt"),
        include_str!("../src/diagnostics/catalog/requirements.en.txt"),
        include_str!("../src/diagnostics/catalog/requirements.nl.txt"),
    ] {
        Catalog::parse(text).expect("the catalog parses");
    }
    let phrases = include_str!("../src/diagnostics/catalog/evidence.nl.txt");
    Catalog::default().with_phrases(phrases).expect("the phrases parse");
}

#[test]
fn every_rule_has_both_languages_and_no_sentence_is_left_over() {
    let codes: BTreeSet<&str> = all().iter().map(|rule| rule.code).collect();
    for (language, catalog) in catalogs() {
        for rule in all() {
            let (message, help) = catalog
                .sentences(rule.code)
                .unwrap_or_else(|| panic!("{language}: no sentences for {}", rule.code));
            assert!(!message.is_empty() && !help.is_empty(), "{language}: {} lacks a sentence", rule.code);
            assert!(
                !message.ends_with('.') && !help.ends_with('.'),
                "{language}: {} ends in a stop",
                rule.code
            );
            for name in used(message).union(&used(help)) {
                assert!(rule.takes(name), "{language}: {} has no argument {name}", rule.code);
            }
        }
        let left: Vec<&str> = catalog.codes().filter(|code| !codes.contains(code)).collect();
        assert!(left.is_empty(), "{language}: sentences without a rule: {left:?}");
    }
}

#[test]
fn every_requirement_has_both_languages_and_no_sentence_is_left_over() {
    let ids: BTreeSet<&str> = ProfileId::ALL.into_iter().flat_map(ProfileId::requirements).collect();
    for (language, catalog) in catalogs() {
        for id in &ids {
            for sentence in [catalog.requirement(id), catalog.requirement_help(id)] {
                assert!(!sentence.is_empty() && !sentence.ends_with('.'), "{language}: {id}: {sentence}");
            }
        }
        assert_eq!(catalog.requirements().collect::<BTreeSet<_>>(), ids, "{language}");
    }
}

/// The words of evidence that the code says itself, gathered from the verdicts over every vector of a domain.
#[test]
fn evidence_is_said_in_dutch_as_well() {
    let tree = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let dutch = Catalog::embedded(Language::Nl);
    let (mut said, mut foreign) = (0, BTreeSet::new());
    for case in cases_below(&tree).iter().filter(|case| case.kind == "domain") {
        let Ok(view) = run(case, Edition::Rfc9989) else { continue };
        let rules =
            view["profiles"].as_array().into_iter().flatten().filter_map(|one| one["rules"].as_array());
        for evidence in rules.flatten().filter_map(|rule| rule["evidence"].as_array()).flatten() {
            let [kind, subject, value] =
                ["kind", "subject", "value"].map(|key| evidence[key].as_str().unwrap_or_default());
            // Names of records and hosts, and addresses, are the same in each language.
            let is_name = |text: &str| {
                ["dns", "smtp"].contains(&kind) && text.contains(['.', ':']) || text.contains(':')
            };
            let is_word = |text: &str| {
                ["yes", "no", "not-known"].contains(&text)
                    || text.ends_with(" pass")
                    || text.ends_with("record")
            };
            for (text, counts) in [(subject, !is_name(subject)), (value, is_word(value))] {
                said += usize::from(counts);
                if counts && !dutch.has_phrase(text) {
                    foreign.insert(text.to_owned());
                }
            }
        }
    }
    assert!(said > 1_000, "only {said} texts were looked at");
    assert!(foreign.is_empty(), "not in evidence.nl.txt: {foreign:#?}");
}

#[test]
fn every_rule_has_a_vector() {
    let tree = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let texts: String = cases_below(&tree).iter().map(|case| case.value.to_string()).collect();
    let missing: Vec<&str> =
        all().iter().map(|rule| rule.code).filter(|code| !texts.contains(&format!("\"{code}\""))).collect();
    assert!(missing.is_empty(), "rules without a vector: {missing:#?}");
}

#[test]
fn the_snapshot_of_the_catalog_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/catalog.json");
    let rules = inspect::rules(&Catalog::embedded(Language::En));
    let current = serde_json::to_string_pretty(&rules).unwrap() + "\n";
    if std::env::var_os("DMARC_ACCEPT").is_some() {
        std::fs::write(&path, &current).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == current, "catalog.json is not current: look at the change, then run with DMARC_ACCEPT=1");
}
