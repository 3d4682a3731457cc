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
use dmarc_core::inspect;
use support::vectors::cases_below;

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
