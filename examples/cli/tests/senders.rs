//! What the caller knows of senders, and records against what reports show of their use.

mod support;

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use support::run;
use tempfile::TempDir;

fn data(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../data");
    folder.join(name).to_string_lossy().into_owned()
}

fn file(folder: &TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    path.to_string_lossy().into_owned()
}

fn domain(more: &[&str]) -> support::Run {
    let zones = ["voorbeeld.example.zone", "nieuwsbrieven.example.zone"].map(data);
    let reports = data("reports");
    let args = ["domain", "voorbeeld.example", "--now", "1794960000", "--zone", &zones[0], &zones[1]];
    run([&args[..], &["--reports", &reports], more].concat())
}

fn stream<'a>(found: &'a Value, part: &str) -> &'a Value {
    let streams = found["streams"].as_array().unwrap();
    streams.iter().find(|stream| stream["key"].as_str().unwrap().contains(part)).unwrap()
}

#[test]
fn names_and_known_senders_come_from_files() {
    let folder = TempDir::new().unwrap();
    let names = file(&folder, "names.csv", "network,name,asn\n203.0.113.0/24,Example Hosting,AS64500\n");
    let known = file(&folder, "known.csv", "nieuwsbrieven.example,ours,Newsletter\n");
    let args = ["--names", &names, "--known", &known, "--format", "json"];
    let found = domain(&args).json();
    assert_eq!(stream(&found, "nieuwsbrieven.example")["named"]["name"], "Newsletter");
    assert_eq!(stream(&found, "network:AS64500")["named"]["name"], "Example Hosting");
    let text = domain(&args[..4]).text();
    assert!(text.contains("“Newsletter”") && text.contains("Names between “ ” are those that you gave"));
}

#[test]
fn reports_show_the_same_names_and_classes() {
    let folder = TempDir::new().unwrap();
    let known = file(&folder, "known.csv", "nieuwsbrieven.example,not-ours\n");
    let found = run(["reports", &data("reports"), "--known", &known, "--format", "json"]).json();
    let denied = stream(&found, "nieuwsbrieven.example");
    assert_eq!((&denied["class"], &denied["because"]), (&"unauthorised".into(), &"caller".into()));
    let rows = run(["reports", &data("reports"), "--known", &known, "--format", "jsonl"]);
    let rows = rows.lines();
    let of = |row: &&Value| row["stream_key"] == "foreign:nieuwsbrieven.example";
    assert!(rows.iter().filter(of).count() > 0);
    assert!(rows.iter().filter(of).all(|row| row["stream_class"] == "unauthorised"));
}

#[test]
fn thresholds_are_checked_and_printed() {
    let found = domain(&["--thresholds", r#"{ "unseen_days": 90 }"#, "--format", "json"]).json();
    assert_eq!(found["thresholds"]["unseen_days"], 90);
    assert_eq!(found["attribution"]["unseen_days"], 90);
    for wrong in [r#"{ "accident": 2 }"#, r#"{ "unseen_days": 0 }"#, r#"{ "nothing": 1 }"#] {
        domain(&["--thresholds", wrong]).ends_with(2);
    }
}

#[test]
fn a_file_that_cannot_be_read_as_a_map_names_its_line() {
    let folder = TempDir::new().unwrap();
    let names = file(&folder, "names.csv", "192.0.2.0/24,One\nno network,Other\n");
    let run = domain(&["--names", &names]).ends_with(2);
    assert!(run.stderr.contains("line 2"), "{}", run.stderr);
    let known = file(&folder, "known.csv", "example.net,perhaps\n");
    let run = domain(&["--known", &known]).ends_with(2);
    assert!(run.stderr.contains("perhaps"), "{}", run.stderr);
}

#[test]
fn terms_and_keys_say_what_reports_show_of_their_use() {
    let found = domain(&["--format", "json"]).json();
    let terms = found["attribution"]["terms"].as_array().unwrap();
    let of = |text: &str| terms.iter().find(|term| term["term"] == text).unwrap();
    assert_eq!(of("a:facturen.voorbeeld.example")["use"], "needed");
    assert_eq!(of("include:spf.nieuwsbrieven.example")["use"], "not-used");
    let keys = found["dkim_inventory"]["keys"].as_array().unwrap();
    let key = |selector: &str| keys.iter().find(|key| key["selector"] == selector).unwrap();
    assert_eq!(key("kantoor2")["use"], "in-use");
    assert_eq!((&key("kantoor1")["use"], &key("kantoor1")["retire"]), (&"idle".into(), &true.into()));
    for (language, event) in
        [("en", "kantoor1 of voorbeeld.example"), ("nl", "kantoor1 van voorbeeld.example")]
    {
        let text = domain(&["--lang", language, "--details"]).text();
        assert!(text.contains(event), "{text}");
        for key in ["kantoor1/voorbeeld", "none/,"] {
            assert!(!text.contains(key), "{key} is for programs: {text}");
        }
    }
}
