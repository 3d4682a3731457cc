//! Evaluations and messages of other projects: each agrees, or is listed with the sentence that decides.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fence is around the library; tests read files and print"
)]

#[path = "support/corpus.rs"]
mod corpus;

use dmarc_core::assessment::Request;
use dmarc_core::diagnostics::{Catalog, Language};
use dmarc_core::dns::Snapshot;
use dmarc_core::evaluation::{Evaluation, Facts, Step};
use dmarc_core::limits::Limits;
use serde_json::{Value, json};

/// Cases where what is expected there is not what the standard says, by id.
const DIFFERENCES: [(&str, &str); 0] = [];

/// The facts of a case: what is published, and whether the author exists.
fn snapshot(case: &Value) -> Snapshot {
    let mut names = json!({});
    for (name, answer) in case["zone"].as_object().into_iter().flatten() {
        names[name] = json!({ "TXT": answer });
    }
    let author = case["author_domain"].as_str().unwrap().trim_end_matches('.');
    if case["author_domain_exists"] == true && names[author].is_null() {
        names[author] = json!({ "A": ["192.0.2.1"] });
    }
    serde_json::from_value(json!({ "complete": true, "names": names })).unwrap()
}

fn view(case: &Value) -> Value {
    let mut request = json!({
        "check": "message",
        "author": case["author_domain"],
        "spf": case["spf"],
        "dkim": case["dkim"],
        "edition": case["profile"],
    });
    if case["spf"].is_null() {
        request["spf"] = Value::Null;
    }
    let request: Request = serde_json::from_value(request).unwrap();
    let facts = Facts::from_snapshot(snapshot(case));
    match Evaluation::with_facts(request, facts, Limits::default()).step() {
        Step::Done(outcome) => outcome.view(&Catalog::embedded(Language::En)),
        Step::Ask(questions) => panic!("{}: {questions:?}", case["id"]),
    }
}

#[test]
fn evaluations_of_others_agree() {
    let path = corpus::path("dmarc-eval/peers.json");
    let Ok(text) = std::fs::read_to_string(&path) else { return corpus::skipped(&path) };
    let document: Value = serde_json::from_str(&text).unwrap();
    let cases = document["cases"].as_array().unwrap();
    let keys = [
        ("result", "result"),
        ("policy", "requested_policy"),
        ("policy_domain", "policy_domain"),
        ("org_domain", "organizational_domain"),
        ("spf_aligned", "spf_aligned"),
        ("dkim_aligned", "dkim_aligned"),
    ];
    let mut wrong = Vec::new();
    for case in cases {
        let view = view(case);
        let id = case["id"].as_str().unwrap();
        let expected = &case["expected"];
        let differs = keys
            .iter()
            .filter(|(theirs, ours)| !expected[*theirs].is_null() && expected[*theirs] != view[*ours]);
        let differs: Vec<String> = differs
            .map(|(theirs, ours)| format!("{theirs}: {} for {}", view[*ours], expected[*theirs]))
            .collect();
        let listed = DIFFERENCES.iter().any(|(listed, _)| *listed == id);
        if differs.is_empty() == listed {
            wrong.push(format!("{id}: {differs:?}"));
        }
    }
    println!("{} evaluations, {} differ", cases.len(), DIFFERENCES.len());
    assert!(cases.len() > 50, "{} cases", cases.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
