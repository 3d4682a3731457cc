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
use dmarc_core::authres::AuthenticationResults;
use dmarc_core::diagnostics::{Catalog, Language};
use dmarc_core::dns::Snapshot;
use dmarc_core::evaluation::{Evaluation, Facts, Step};
use dmarc_core::limits::Limits;
use dmarc_core::message::authors;
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

/// The values of fields of a name, wherever they stand in a text: messages, and messages within other files.
fn values(text: &str, name: &str) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        let field = line.trim_start().split_once(':').filter(|(found, _)| found.eq_ignore_ascii_case(name));
        match (field, open) {
            (Some((_, value)), _) => {
                values.push(value.to_owned());
                open = Some(indent);
            }
            (None, Some(of_field)) if indent > of_field => {
                if let Some(value) = values.last_mut() {
                    value.push_str("\r\n ");
                    value.push_str(line.trim_start());
                }
            }
            _ => open = None,
        }
    }
    values
}

#[test]
fn authentication_results_of_others_are_read() {
    let folder = corpus::path("messages");
    let Ok(projects) = std::fs::read_dir(&folder) else { return corpus::skipped(&folder) };
    let (mut fields, mut results, mut signatures, mut from, mut several) = (0, 0, 0, 0, 0);
    let mut wrong = Vec::new();
    for project in projects.flatten() {
        for file in std::fs::read_dir(project.path()).into_iter().flatten().flatten() {
            let octets = std::fs::read(file.path()).unwrap();
            let text = String::from_utf8_lossy(&octets);
            for value in values(&text, "Authentication-Results") {
                let parsed = AuthenticationResults::parse(&value);
                let field = parsed.value.unwrap();
                fields += 1;
                results += field.results.len();
                let said = value.contains("=pass") || value.contains("=fail") || value.contains("=none");
                if said && (field.authserv_id.is_none() || field.results.is_empty()) {
                    wrong.push(format!("{}: {value}: {:?}", file.path().display(), parsed.diagnostics));
                }
            }
            signatures += values(&text, "DKIM-Signature").len();
            for value in values(&text, "From") {
                from += 1;
                let authors = authors([value.as_str()]);
                // One message has authors of two domains on purpose.
                several += usize::from(authors.domains.len() > 1);
                if authors.domains.is_empty() {
                    wrong.push(format!("{}: From: {value}: {authors:?}", file.path().display()));
                }
            }
        }
    }
    println!("{fields} fields with {results} results, {from} From fields, {signatures} signatures");
    assert_eq!(several, 1, "messages of several author domains");
    assert!(fields > 50 && from > 50, "{fields} fields, {from} From fields");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
