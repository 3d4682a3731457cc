//! The laws of SPF policies over generated zones.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::path::Path;

use dmarc_core::spf::analysis::rules::RULES;
use dmarc_fuzz::spf_policy;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

fn cases(default: u32) -> Config {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(default);
    Config { cases, failure_persistence: None, ..Config::default() }
}

fn script() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 60..200)
}

#[test]
fn the_analysis_agrees_with_check_host() {
    let (exact, open) = (Cell::new(0), Cell::new(0));
    let hit = RefCell::new(BTreeSet::new());
    let run = TestRunner::new(cases(2_000)).run(&script(), |octets| {
        let (is_exact, codes) = spf_policy::agrees(&octets);
        hit.borrow_mut().extend(codes);
        let count = if is_exact { &exact } else { &open };
        count.set(count.get() + 1);
        Ok(())
    });
    run.unwrap();
    println!("{} exact, {} open", exact.get(), open.get());
    assert!(exact.get() > 0 && open.get() > 0);
    let hit = hit.into_inner();
    let missed: Vec<&str> = RULES.iter().map(|rule| rule.code).filter(|code| !hit.contains(code)).collect();
    assert!(missed.is_empty(), "the generator misses {missed:?}");
}

#[test]
fn rewrites_that_claim_equality_are_equal() {
    let equal = Cell::new(0);
    let run = TestRunner::new(cases(1_000)).run(&script(), |octets| {
        equal.set(equal.get() + spf_policy::equal_rewrites_are_equal(&octets));
        Ok(())
    });
    run.unwrap();
    assert!(equal.get() > 0);
}

#[test]
fn an_analysis_ends_whatever_is_answered() {
    let run = TestRunner::new(cases(200)).run(&prop::collection::vec(any::<u8>(), 0..400), |octets| {
        spf_policy::ends(&octets);
        Ok(())
    });
    run.unwrap();
}

#[test]
fn the_corpus_of_the_fuzzers_holds() {
    for folder in ["corpus/spf_policy", "seeds/spf_policy"] {
        let Ok(entries) = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)) else {
            continue;
        };
        for entry in entries {
            let octets = std::fs::read(entry.unwrap().path()).unwrap();
            spf_policy::agrees(&octets);
            spf_policy::equal_rewrites_are_equal(&octets);
            spf_policy::ends(&octets);
        }
    }
}
