//! What is said of the schema is what a validator says of the schemas that the standards print.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fence is around the library; tests read files and print"
)]

#[path = "support/xsd.rs"]
mod xsd;

use std::path::Path;

use dmarc_core::limits::Limits;
use dmarc_core::report::aggregate::{self, Schema};
use serde_json::Value;

/// What is judged beside the schema, or otherwise than it does (see the module `conformance`).
const BESIDE: [&str; 2] = [
    // The standards demand it in their text.
    "a version that is not 1.0",
    // Nearly no report of RFC 7489 stands in its namespace, so that one without is not judged by it.
    "the namespace of RFC 7489 without its colon",
];

#[test]
fn a_validator_agrees_with_every_shared_case() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (Some(old), Some(new)) = (xsd::schema("rfc7489.txt"), xsd::schema("rfc9990.txt")) else {
        return println!("skipped: the standards are not here");
    };
    let text =
        std::fs::read_to_string(root.join("tests/vectors/reports/conformance.json")).expect("the cases");
    let cases: Value = serde_json::from_str(&text).expect("JSON");
    let (mut agreed, mut broken) = (0, 0);
    for case in cases["cases"].as_array().expect("cases") {
        let name = case["name"].as_str().expect("a name");
        if BESIDE.contains(&name) {
            continue;
        }
        let xml = case["inputs"][0]["text"].as_str().expect("a text");
        let outcome = aggregate::read(xml.as_bytes(), &Limits::default());
        let conformance = &outcome.reports.first().expect("a report").conformance;
        let schema = if conformance.edition == Schema::Rfc9990 { &new } else { &old };
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(conformance.edition.as_str());
        let Some(valid) = xsd::validate(xml, schema, &folder) else {
            return println!("skipped: no xmllint");
        };
        assert_eq!(conformance.conforms, valid.is_ok(), "{name}: {:?}, {valid:?}", conformance.codes);
        agreed += 1;
        broken += usize::from(valid.is_err());
    }
    println!("{agreed} cases, of which {broken} break their schema");
    assert!(agreed - broken > 20 && broken > 30);
}
