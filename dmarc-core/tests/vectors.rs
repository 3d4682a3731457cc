//! Runs the shared vectors; `vectors/README.md` describes their format.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fence is around the library; tests read files and print"
)]

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::vectors::{Case, cases_below, run};

fn tree() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

#[test]
fn every_case_of_the_tree_holds() {
    let mut names = BTreeSet::new();
    let mut failures = Vec::new();
    let mut cases = cases_below(&tree());
    if let Some(folder) = std::env::var_os("DMARC_VECTORS") {
        cases.extend(cases_below(Path::new(&folder)));
    }
    for case in &cases {
        assert!(names.insert(case.full_name.clone()), "two cases are called {}", case.full_name);
        check(case, &mut failures);
    }
    if let Some(file) = std::env::var_os("DMARC_VECTORS_NAMES") {
        let list: String = names.iter().map(|name| format!("{name}\n")).collect();
        std::fs::write(file, list).expect("the list of names can be written");
    }
    println!("{} cases", names.len());
    assert!(!names.is_empty(), "no vectors below {}", tree().display());
    assert!(
        failures.is_empty(),
        "{} of {} cases fail:\n{}",
        failures.len(),
        names.len(),
        failures.join("\n")
    );
}

fn check(case: &Case, failures: &mut Vec<String>) {
    for (edition, expected) in case.expectations() {
        let actual = match run(case, edition) {
            Ok(actual) => actual,
            Err(why) => {
                failures.push(format!("{} ({edition}): {why}", case.full_name));
                continue;
            }
        };
        let mut wrong = Vec::new();
        support::vectors::compare("", &expected, &actual, &mut wrong);
        if !wrong.is_empty() {
            let shown = if actual["diagnostics"].is_array() {
                let codes: Vec<Value> = actual["diagnostics"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|found| serde_json::json!([found["code"], found["span"], found["severity"]]))
                    .collect();
                format!("\n    found: {}", Value::from(codes))
            } else {
                String::new()
            };
            failures.push(format!("{} ({edition}):\n    {}{shown}", case.full_name, wrong.join("\n    ")));
        }
    }
}
