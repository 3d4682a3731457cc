//! `domain` as a page and as a table, and `portfolio` in all its forms.

mod support;

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use support::{Run, run, sample};

fn list(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list.txt");
    fs::write(&path, text).unwrap();
    (folder, path)
}

fn of_domain(further: &[&str]) -> Run {
    let (snapshot, reports) = (sample("snapshot.json"), sample("reports"));
    let args =
        ["domain", "voorbeeld.example", "--now", "1794960000", "--snapshot", snapshot.to_str().unwrap()];
    run(args.iter().chain(&["--reports", reports.to_str().unwrap()]).chain(further))
}

#[test]
fn a_page_stands_by_itself_and_says_each_verdict_in_words() {
    for (lang, words) in [("en", ["✘ not met", "Who sends"]), ("nl", ["✘ voldoet niet", "Wie verstuurt"])]
    {
        let page = of_domain(&["--format", "html", "--lang", lang]).text();
        assert!(
            page.starts_with("<!DOCTYPE html><html lang=\"") && page.contains(&format!("lang=\"{lang}\""))
        );
        for word in words {
            assert!(page.contains(word), "{word} is missing in {lang}");
        }
        // Nothing is loaded: no address but those of records.
        for loading in ["src=", "@import", "url(", "<script", "<link", "href=\"http"] {
            assert!(!page.contains(loading), "{loading}");
        }
        let count = |what: &str| page.matches(what).count();
        // Each chart has its text, each column its heading, each image is closed.
        assert_eq!(count("<svg role=\"img\""), count("<desc id="));
        assert_eq!(count("<th "), count("<th scope=\"col\"") + count("<th scope=\"row\""));
        assert_eq!(count("<h1"), 1);
        for id in ["MAIL-BESCHERM-007", "FORUM-4-QUARANTINE", "INTERNETNL-DKIM", "BASELINE-DMARC-POLICY"] {
            assert!(page.contains(id), "{id}");
        }
    }
}

#[test]
fn what_comes_from_outside_is_escaped_on_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("names.json");
    let snapshot = json!({ "complete": true, "names": {
        "_dmarc.example.com": { "TXT": ["v=DMARC1; p=none; x=<script>alert(1)</script>"] },
        "example.com": { "TXT": ["v=spf1 exp=\"><img/src=x> -all"] },
    } });
    fs::write(&path, snapshot.to_string()).unwrap();
    let args = ["domain", "example.com", "--format", "html", "--snapshot", path.to_str().unwrap()];
    let explained = ["--explain", "MAIL-BESCHERM-007=<b>soon</b>"];
    let page = run(args.iter().chain(&explained)).text();
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("<b>"), "{page}");
    assert!(page.contains("&lt;b&gt;soon&lt;/b&gt;") && page.contains("comply or explain"));
}

#[test]
fn the_evidence_stands_beside_the_page_and_gives_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("evidence.json");
    let saved = path.to_str().unwrap();
    let explain = ["--explain", "MAIL-BESCHERM-007=the supplier follows in May"];
    let args = ["--format", "html", "--evidence", saved];
    let first = of_domain(&[args.as_slice(), explain.as_slice()].concat());
    assert!(first.text().contains("evidence.json") && first.text().contains("the supplier follows in May"));
    let again = run(["domain", "--snapshot", saved, "--format", "json"]).json();
    let rules = again["profiles"][0]["rules"].as_array().unwrap();
    let rule = rules.iter().find(|rule| rule["id"] == "MAIL-BESCHERM-007").unwrap();
    assert_eq!(
        (&rule["verdict"], &rule["explanation"]),
        (&json!("fail"), &json!("the supplier follows in May"))
    );
}

#[test]
fn verdicts_are_rows_of_a_table() {
    let csv = of_domain(&["--format", "csv", "--profile", "ubv"]).text();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 13);
    assert!(rows.iter().all(|row| row.len() == 11 && &row[1] == "ubv"));
}

#[test]
fn profiles_that_are_named_are_the_ones_that_are_judged() {
    let view = of_domain(&["--format", "json", "--profile", "internet-nl", "--profile", "forum"]).json();
    let ids: Vec<&Value> =
        view["profiles"].as_array().unwrap().iter().map(|profile| &profile["id"]).collect();
    assert_eq!(ids, ["forum", "internet-nl"]);
    assert_eq!(view["profiles"][1]["version"], "1.11.2");
    assert!(view["profiles"][1]["rules"][0]["source"].as_str().unwrap().contains("1.11.2 (2026-07)"));
}

const LIST: &str = "# our domains\nvoorbeeld.example\nstil.example # parked\nkapot.example\nnieuwsbrief.voorbeeld.example\nVOORBEELD.example\ninfo@voorbeeld.example\n";

fn of_list(text: &str, further: &[&str]) -> Run {
    let (_folder, path) = list(text);
    let zones = ["voorbeeld", "stil", "kapot"].map(|name| sample(&format!("{name}.example.zone")));
    let zones: Vec<&str> = zones.iter().map(|path| path.to_str().unwrap()).collect();
    let args =
        [&["portfolio", path.to_str().unwrap(), "--now", "1794960000", "--zone"], zones.as_slice(), further];
    run(args.concat())
}

#[test]
fn a_portfolio_gives_the_share_of_strict_policies_and_states_what_is_wrong_with_the_list() {
    let view = of_list(LIST, &["--format", "json"]).ends_with(0).json();
    assert_eq!(view["schema"], "dmarc-check/portfolio/1");
    let totals = &view["totals"];
    assert_eq!((&totals["domains"], &totals["without_mail"]), (&json!(4), &json!(1)));
    assert_eq!((&totals["strict"], &totals["inherited"]), (&json!(1), &json!(1)));
    assert_eq!(totals["strict_share"], json!(0.25));
    let kinds: Vec<&Value> =
        view["list"]["problems"].as_array().unwrap().iter().map(|problem| &problem["kind"]).collect();
    assert_eq!(kinds, ["below", "duplicate", "not-a-name"]);
    let rules = view["profiles"][0]["rules"].as_array().unwrap();
    for rule in rules {
        let counted: u64 = rule["verdicts"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
        assert_eq!(counted, 4, "{rule}");
    }
    // The worst first: an error in the list of findings never stands behind a warning.
    let severities: Vec<&str> =
        view["findings"].as_array().unwrap().iter().map(|one| one["severity"].as_str().unwrap()).collect();
    assert!(severities.is_sorted_by_key(|severity| *severity != "error"), "{severities:?}");
}

#[test]
fn a_portfolio_is_text_a_table_and_a_page() {
    let text = of_list(LIST, &[]).text();
    assert!(text.starts_with("1 of 4 domains have a strict DMARC policy: 25%"), "{text}");
    let text = of_list(LIST, &["--lang", "nl"]).text();
    assert!(text.contains("regel 7: is geen domeinnaam") && text.contains("regel 6"), "{text}");
    let csv = of_list(LIST, &["--format", "csv"]).text();
    assert_eq!(csv.lines().count(), 5);
    assert!(csv.starts_with("domain,policy,strict,"));
    let page = of_list(LIST, &["--format", "html"]).text();
    assert!(page.contains("kapot.example") && page.contains("<desc id="));
    assert!(of_list("# nothing\n", &[]).text().contains("names no domain"));
    of_list(LIST, &["--fail-on", "error"]).ends_with(1);
    of_list(LIST, &["--format", "parquet"]).ends_with(2);
}
