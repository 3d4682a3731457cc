//! The reader beside a plain tree, over chosen documents, the shared cases and what the fuzzers found.

use std::cell::Cell;
use std::path::Path;

use dmarc_fuzz::differential::aggregate_differential;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(3_000)
}

#[test]
fn the_reader_agrees_with_a_tree_over_chosen_documents() {
    let compared = Cell::new(0);
    TestRunner::new(Config { cases: cases(), failure_persistence: None, ..Config::default() })
        .run(&prop::collection::vec(any::<u8>(), 0..400), |octets| {
            compared.set(compared.get() + aggregate_differential(&octets));
            Ok(())
        })
        .unwrap();
    // A generator of documents that cannot be compared would prove nothing.
    assert!(compared.get() > 20 * cases() as usize, "{} values", compared.get());
}

#[test]
fn the_reader_agrees_with_a_tree_over_the_shared_cases_and_what_was_found() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut inputs = Vec::new();
    for target in ["aggregate", "aggregate_roundtrip", "aggregate_differential", "container"] {
        let Ok(folder) = std::fs::read_dir(root.join("seeds").join(target)) else { continue };
        inputs.extend(folder.flatten().map(|file| std::fs::read(file.path()).expect("a seed can be read")));
    }
    let vectors = root.join("../dmarc-core/tests/vectors/reports");
    for file in std::fs::read_dir(vectors).expect("the shared cases").flatten() {
        let text = std::fs::read_to_string(file.path()).expect("a vector file can be read");
        let cases: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        for input in
            cases["cases"].as_array().expect("cases").iter().flat_map(|case| case["inputs"].as_array())
        {
            inputs.extend(input.iter().filter_map(|input| Some(input["text"].as_str()?.as_bytes().to_vec())));
        }
    }
    // Those of other people, where they are there: well-formed ones among them.
    let corpus = root.join("../../shared/corpus/rua");
    let files = walk(&corpus);
    if files.is_empty() {
        println!("skipped: no {}", corpus.display());
    }
    inputs.extend(files);
    let compared: usize = inputs.iter().map(|octets| aggregate_differential(octets)).sum();
    assert!(compared > 2_000, "{compared} values");
}

fn walk(folder: &Path) -> Vec<Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.flatten().map(|entry| entry.path());
    paths
        .flat_map(|path| if path.is_dir() { walk(&path) } else { std::fs::read(&path).into_iter().collect() })
        .collect()
}
