//! Every quirk that is known of aggregate reports has a shared case, whose name begins with its row in the
//! catalogue of quirks.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fence is around the library; tests read files and print"
)]

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

/// Documents and encodings (A), metadata and dates (B), policies (C), rows (D), verdicts (E), identifiers and
/// results (F).
#[rustfmt::skip]
const ROWS: &[&str] = &[
    "A1", "A3", "A4", "A5", "A7", "A8", "A9", "A10", "A11", "A12", "A13", "A14", "A16", "A17", "A19", "A21", "A22", "A23", "A24", "A25",
    "A26", "A28", "A29", "B1", "B2", "B5", "B6", "B7", "B8", "B9", "B11", "B12", "B13", "B14", "B16", "B17", "B18", "B21", "C1", "C2",
    "C3", "C4", "C6", "C7", "C8", "C9", "C10", "C11", "C13", "D1", "D2", "D3", "D4", "D5", "D7", "D8", "D9", "D10", "D12", "E1", "E2",
    "E3", "E4", "E5", "E6", "E9", "E11", "E12", "E13", "E15", "E16", "E18", "F1", "F2", "F3", "F4", "F6", "F7", "F9", "F10", "F11",
    "F12", "F13", "F14", "F15", "harmless",
];

#[test]
fn every_quirk_has_a_shared_case() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/reports");
    let mut covered = BTreeSet::new();
    for file in ["document.json", "values.json", "batch.json", "quirks.json"] {
        let text = std::fs::read_to_string(folder.join(file)).expect("the cases");
        let cases: Value = serde_json::from_str(&text).expect("JSON");
        for case in cases["cases"].as_array().expect("cases") {
            let name = case["name"].as_str().expect("a name");
            covered.extend(name.split_once(": ").map(|(row, _)| row.to_owned()));
        }
    }
    let missing: Vec<_> = ROWS.iter().filter(|row| !covered.contains(**row)).collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}
