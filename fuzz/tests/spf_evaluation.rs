//! The laws of SPF evaluations over generated answers, and over what the fuzzers found.

use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// As many cases as `PROPTEST_CASES` says.
fn cases(default: u32) -> Config {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(default);
    Config { cases, failure_persistence: None, ..Config::default() }
}

#[test]
fn evaluations_end_within_their_budget() {
    let mut runner = TestRunner::new_with_rng(cases(3_000), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    runner
        .run(&prop::collection::vec(any::<u8>(), 1..200), |octets| {
            dmarc_fuzz::spf_evaluation::ends_within_budget(&octets);
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_corpus_of_the_fuzzers_holds() {
    for folder in ["corpus/spf_evaluation", "seeds/spf_evaluation"] {
        let Ok(entries) = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)) else {
            continue;
        };
        for entry in entries {
            dmarc_fuzz::spf_evaluation::ends_within_budget(&std::fs::read(entry.unwrap().path()).unwrap());
        }
    }
}
