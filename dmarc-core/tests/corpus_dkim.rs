//! DKIM keys that others collected, against the verdicts and sizes that came with them.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fence is around the library; tests read files and print"
)]

#[path = "support/corpus.rs"]
mod corpus;

use std::collections::BTreeSet;

use dmarc_core::dkim::{Flag, Key, Name, State};
use serde_json::{Value, json};

/// The words of the collection, which counts a key below 1024 bits as valid and gives its size.
fn verdict(key: Option<&Key>) -> &'static str {
    match key.map(Key::state) {
        Some(State::Usable | State::TooSmall) => "valid",
        Some(State::Revoked) => "revoked",
        Some(State::UnknownKeyType) => "unknown-key-type",
        _ => "invalid",
    }
}

#[test]
fn verdicts_and_sizes_agree_with_the_collection() {
    let path = corpus::path("dkim-keys/keys.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        return corpus::skipped(&path);
    };
    let collection: Value = serde_json::from_str(&text).unwrap();
    let cases = collection["cases"].as_array().unwrap();
    let list = include_str!("corpus_dkim_differences.txt");
    let expected: BTreeSet<&str> = list
        .lines()
        .filter(|line| !line.starts_with('#') && !line.starts_with(' ') && !line.is_empty())
        .collect();
    let mut differences = BTreeSet::new();
    for case in cases {
        let record = case["record"].as_str().unwrap();
        let parsed = Key::parse(record);
        let key = parsed.value.as_ref();
        let found = json!({
            "verdict": verdict(key),
            "k": key.map(|key| key.kind().as_str()),
            "bits": key.and_then(Key::public_key).map(dmarc_core::dkim::PublicKey::bits),
            "testing": key.map(|key| key.flags().contains(&Flag::Testing)),
            "strict": key.map(|key| key.flags().contains(&Flag::Strict)),
        });
        for (name, expected) in case["expected"].as_object().unwrap() {
            if name != "why" && found[name] != *expected {
                let end = record.get(record.len().saturating_sub(40)..).unwrap_or_default();
                differences.insert(format!("…{end:?} {name}: ours {}, theirs {expected}", found[name]));
            }
        }
    }
    println!("{} keys, {} listed differences", cases.len(), expected.len());
    let found: BTreeSet<&str> = differences.iter().map(String::as_str).collect();
    assert_eq!(found, expected, "the list of explained differences");
}
