//! `dmarc-check plan`: the next safe move of a domain.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::run;
use tempfile::TempDir;

/// The sample's folder.
fn data(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../data");
    folder.join(name).to_string_lossy().into_owned()
}

fn planned(more: &[&str]) -> support::Run {
    let (snapshot, reports) = (data("snapshot.json"), data("reports"));
    let args = ["plan", "voorbeeld.example", "--snapshot", &snapshot, "--reports", &reports];
    run([&args[..], more].concat())
}

fn blocked<'a>(plan: &'a Value, stream: &str) -> Option<&'a Value> {
    plan["blocked_by"].as_array().unwrap().iter().find(|held| held["stream"] == stream)
}

#[test]
fn the_newsletter_holds_the_first_policy_up_and_the_loss_is_that_of_a_rehearsal() {
    let plan = planned(&["--format", "json"]).ends_with(0).json();
    assert_eq!((plan["schema"].as_str(), plan["step"].as_u64()), (Some("dmarc-check/plan/1"), Some(3)));
    let newsletter = blocked(&plan, "foreign:nieuwsbrieven.example").unwrap();
    assert_eq!(newsletter["reason"], "plan/misconfigured-sender");
    assert!(newsletter["fix"].as_str().unwrap().contains("d=voorbeeld.example"), "{newsletter}");
    assert_eq!(plan["publish"], Value::Array(Vec::new()));
    assert!(plan["then"][0]["value"].as_str().unwrap().starts_with("v=DMARC1; p=quarantine;"), "{plan}");
    assert_eq!(plan["loss"]["basis"], "rehearsal");
    let lost = plan["loss"]["streams"].as_array().unwrap();
    assert!(lost.iter().any(|one| one["stream"] == "foreign:nieuwsbrieven.example"), "{lost:?}");
    let strict = planned(&["--format", "json", "--fail-on", "error"]).ends_with(1).json();
    assert_eq!(strict, plan);
}

#[test]
fn what_is_accepted_no_longer_holds_it_up() {
    let held = planned(&["--format", "json"]).ends_with(0).json();
    let streams: Vec<&str> =
        held["blocked_by"].as_array().unwrap().iter().filter_map(|held| held["stream"].as_str()).collect();
    let accepted: Vec<&str> = streams.iter().flat_map(|stream| ["--accept", stream]).collect();
    let plan = planned(&[&["--format", "json"], accepted.as_slice()].concat()).ends_with(0).json();
    let left: Vec<&Value> = plan["blocked_by"].as_array().unwrap().iter().collect();
    assert!(
        left.iter().all(|held| !streams.contains(&held["stream"].as_str().unwrap_or_default())),
        "{left:?}"
    );
}

/// Compares with what is checked in; `UPDATE_SNAPSHOTS=1` writes it anew.
#[track_caller]
fn matches_snapshot(text: &str, name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(text == expected, "{name} is not current:\n{text}");
}

#[test]
fn a_plan_reads_well_in_both_languages() {
    for lang in ["en", "nl"] {
        let text = planned(&["--lang", lang]).ends_with(0).text();
        matches_snapshot(&text, &format!("plan.{lang}.txt"));
        let zone = data("stil.example.zone");
        let text = run(["plan", "stil.example", "--zone", &zone, "--lang", lang, "--now", "1795400000"]);
        matches_snapshot(&text.ends_with(0).text(), &format!("plan-quiet.{lang}.txt"));
    }
}

fn reasons(plan: &Value) -> Vec<&str> {
    plan["blocked_by"].as_array().unwrap().iter().map(|held| held["reason"].as_str().unwrap()).collect()
}

/// The plan of a domain over a few records, which are not all that there are.
fn other(names: &str, more: &[&str]) -> Value {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("other.json");
    fs::write(&path, format!(r#"{{ "names": {{ {names} }} }}"#)).unwrap();
    let args = ["plan", "other.example", "--snapshot", path.to_str().unwrap(), "--format", "json"];
    run([&args[..], more].concat()).ends_with(0).json()
}

const SPF: &str = r#""other.example": { "TXT": ["v=spf1 ip4:192.0.2.1 -all"] }"#;
const DMARC: &str =
    r#""_dmarc.other.example": { "TXT": ["v=DMARC1; p=none; pct=50; rua=mailto:d@other.example"] }"#;

#[test]
fn every_key_of_the_schema_is_there_and_nothing_else_has_its_name() {
    let snapshot = data("snapshot.json");
    let plan = run(["plan", "kapot.example", "--snapshot", &snapshot, "--format", "json"]);
    for plan in [plan.ends_with(0).json(), planned(&["--format", "json"]).ends_with(0).json()] {
        assert_eq!(plan["schema"], "dmarc-check/plan/1");
        assert!(plan["step"].as_u64().is_some_and(|step| (1..=6).contains(&step)), "{plan}");
        for held in plan["blocked_by"].as_array().unwrap() {
            assert!(held["stream"].is_null() || held["stream"].is_string(), "{held}");
            assert!(held["reason"].as_str().unwrap().starts_with("plan/"), "{held}");
            assert!(!held["fix"].as_str().unwrap().is_empty(), "{held}");
        }
        for list in ["publish", "roll_back", "then"] {
            for record in plan[list].as_array().unwrap() {
                let keys: Vec<&str> = record.as_object().unwrap().keys().map(String::as_str).collect();
                assert_eq!(keys, ["name", "replaces", "type", "value"], "{list}");
                assert!(record["value"].is_string() || record["replaces"].is_string(), "{list}: {record}");
            }
        }
        assert!(plan["watch"].as_array().unwrap().iter().all(|watch| watch["message"].is_string()));
        assert!(plan["after"]["earliest"].is_string() && plan["after"]["conditions"].is_array(), "{plan}");
    }
}

#[test]
fn records_that_are_published_can_be_taken_back() {
    let plan = other(&format!("{SPF}, {DMARC}"), &["--edition", "rfc9989"]);
    assert_eq!(plan["publish"], Value::Array(Vec::new()), "{plan}");
    let record = r#""_dmarc.other.example": { "TXT": ["v=DMARC1; p=none"] }"#;
    let plan = other(&format!("{SPF}, {record}"), &["--rua", "d@other.example"]);
    let publish = &plan["publish"][0];
    assert_eq!(publish["name"], "_dmarc.other.example");
    assert_eq!(publish["type"], "TXT");
    assert_eq!(publish["value"], "v=DMARC1; p=none; rua=mailto:d@other.example");
    assert_eq!(publish["replaces"], "v=DMARC1; p=none");
    assert_eq!(plan["roll_back"][0]["value"], publish["replaces"]);
    assert_eq!(plan["roll_back"][0]["replaces"], publish["value"]);
    assert_eq!(plan["step"], 1);
}

#[test]
fn without_reports_no_policy_is_switched_on() {
    let snapshot = data("snapshot.json");
    let args = ["plan", "voorbeeld.example", "--snapshot", &snapshot, "--format", "json"];
    let none = run(args).ends_with(0).json();
    assert!(reasons(&none).contains(&"plan/no-reports"), "{none}");
    assert_eq!(none["publish"], Value::Array(Vec::new()));
    assert_eq!(none["step"], 2);
    let folder = TempDir::new().unwrap();
    let nothing = run([&args[..], &["--reports", folder.path().to_str().unwrap()]].concat());
    assert_eq!(reasons(&nothing.ends_with(0).json()), reasons(&none));
}

#[test]
fn reports_of_another_domain_are_no_reports_of_this_one() {
    let reports = data("reports");
    let plan = other(&format!("{SPF}, {DMARC}"), &["--reports", &reports]);
    assert_eq!(reasons(&plan), ["plan/no-reports"]);
    assert_eq!(plan["publish"], Value::Array(Vec::new()));
    assert_eq!(plan["loss"]["messages"], 0);
}

#[test]
fn with_half_the_answers_a_plan_says_which_one_is_missing() {
    let plan = other(SPF, &[]);
    assert_eq!(reasons(&plan), ["plan/unresolved"]);
    assert_eq!(plan["blocked_by"][0]["args"]["name"], "_dmarc.other.example");
    assert_eq!((&plan["step"], &plan["publish"]), (&Value::Null, &Value::Array(Vec::new())));
}
