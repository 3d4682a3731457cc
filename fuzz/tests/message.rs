//! The laws of messages over generated input, over the shared vectors, and over what the fuzzers found.

use std::path::{Path, PathBuf};

use dmarc_fuzz::message;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// What header fields are made of, and the slips that are seen in them.
const PIECES: &[&str] = &[
    "a",
    "example.com",
    "@",
    "<",
    ">",
    ",",
    ";",
    ":",
    ".",
    "\"",
    "\\",
    "(",
    ")",
    "[",
    "]",
    " ",
    "\t",
    "\r\n ",
    "é",
    "none",
    "spf",
    "dkim",
    "dmarc",
    "=",
    "pass",
    "fail",
    "/",
    "1",
    "2",
    "smtp",
    "header",
    "mailfrom",
    "d",
    "reason",
    "i=1;",
    "mx.example.org",
    "From: ",
    "\r\n",
    "\u{0}",
    "x=y",
];

fn runner() -> TestRunner {
    let config = Config { cases: 2_000, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

#[test]
fn laws_hold_for_generated_fields() {
    let texts = prop::collection::vec(prop::sample::select(PIECES), 0..24);
    let run = runner().run(&texts, |pieces| {
        let text = pieces.concat();
        message::from_header(text.as_bytes());
        message::authentication_results(text.as_bytes());
        Ok(())
    });
    run.expect("the laws hold");
}

#[test]
fn laws_hold_for_generated_zones() {
    let octets = prop::collection::vec(any::<u8>(), 17);
    let run = runner().run(&octets, |octets| {
        message::evaluation(&octets);
        Ok(())
    });
    run.expect("the laws hold");
}

#[test]
fn laws_hold_for_the_vectors_and_what_was_found() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut count = 0;
    for file in ["from.json", "authentication-results.json"] {
        let path = root.join("../dmarc-core/tests/vectors/message").join(file);
        let document: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(path).expect("the vectors")).expect("JSON");
        for case in document["cases"].as_array().expect("cases") {
            let text = case["request"]["message"].as_str().expect("a message");
            message::from_header(text.as_bytes());
            message::authentication_results(text.as_bytes());
            for (name, value) in text.split("\r\n").filter_map(|line| line.split_once(": ")) {
                match name {
                    "From" => message::from_header(value.as_bytes()),
                    _ => message::authentication_results(value.as_bytes()),
                }
            }
            count += 1;
        }
    }
    assert!(count > 80, "{count} vectors");
    for (target, law) in [
        ("authentication_results", message::authentication_results as fn(&[u8])),
        ("from_header", message::from_header),
    ] {
        for folder in ["corpus", "artifacts"] {
            for file in files(&root.join(folder).join(target)) {
                law(&std::fs::read(file).expect("an input"));
            }
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}
