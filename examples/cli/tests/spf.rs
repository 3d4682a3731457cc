//! `dmarc-check spf`: a text, a domain over zones and snapshots, comparisons, and rewrites that are proven.

mod support;

use std::fs;

use serde_json::{Value, json};
use support::server::Server;
use support::{Run, run, run_with, sample};

/// The keys of `dmarc-check/spf/1` that every answer has.
const KEYS: [&str; 12] = [
    "schema",
    "input",
    "verdict",
    "lookup_terms",
    "diagnostics",
    "policy_verdict",
    "lookups",
    "voids",
    "open",
    "tree",
    "surface",
    "check_host",
];

/// The sample policy over its zone.
fn heavy(args: &[&str]) -> Run {
    let zone = sample("zwaar.example.zone");
    let base = ["spf", "zwaar.example", "--zone", zone.to_str().unwrap()];
    run(base.iter().chain(args))
}

/// A policy over a snapshot of these names.
fn over(names: &Value, args: &[&str]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("names.json");
    fs::write(&path, json!({ "complete": true, "names": names }).to_string()).unwrap();
    run(["spf"].iter().chain(args).chain(&["--snapshot", path.to_str().unwrap()]))
}

fn codes(document: &Value) -> Vec<&str> {
    let found = document["diagnostics"].as_array().unwrap();
    found.iter().map(|found| found["code"].as_str().unwrap()).collect()
}

#[test]
fn a_text_has_its_verdict_and_its_terms_in_any_case() {
    let cases = [
        ("v=spf1 mx include:_spf.example.org -all", "valid", json!({ "written": 2, "reachable": 2 }), 0),
        ("V=SPF1 mx -ALL a", "valid", json!({ "written": 2, "reachable": 1 }), 0),
        ("v=spf1 ipv4:192.0.2.1 -all", "permerror", json!({ "written": 0, "reachable": 0 }), 1),
        ("v=spf10 -all", "not-a-record", Value::Null, 1),
    ];
    for (text, verdict, terms, status) in cases {
        let view = run(["spf", text, "--format", "json"]).ends_with(status).json();
        for key in KEYS {
            assert!(view.get(key).is_some(), "{key} is missing for {text}");
        }
        assert_eq!(view["schema"], "dmarc-check/spf/1");
        assert_eq!(view["input"], text);
        assert_eq!(view["verdict"], verdict, "{text}");
        assert_eq!(view["lookup_terms"], terms, "{text}");
        assert_eq!(view["policy_verdict"], Value::Null);
    }
}

#[test]
fn what_begins_otherwise_is_a_name_unless_it_is_said_to_be_a_text() {
    for text in ["v =spf1 -all", " v=spf1 -all", "spf1 -all"] {
        let refused = run(["spf", text]).ends_with(2);
        assert!(refused.stderr.contains("[input/not-a-name]"), "{}", refused.stderr);
        assert!(refused.stderr.contains("--text"), "{}", refused.stderr);
        let view = run(["spf", text, "--text", "--format", "json"]).ends_with(1).json();
        assert_eq!(view["verdict"], "not-a-record");
        assert_eq!(view["input"], text);
    }
    for name in ["", "a..b", "info@example.org"] {
        let refused = run(["spf", name]).ends_with(2);
        assert!(refused.stderr.contains("[input/not-a-name]"), "{}", refused.stderr);
    }
    assert!(run(["spf"]).ends_with(2).stderr.contains("[usage/missing-argument]"));
    assert!(run(["spf", "v=spf1 -all", "--helo", "x"]).ends_with(2).stderr.contains("--ip"));
}

#[test]
fn each_line_of_standard_input_is_a_text_and_its_answer_a_line_of_json() {
    let input = b"v=spf1 -all\r\n\n v=spf1 a \nexample.org\nv=spf1 \xff -all\r";
    let lines = run_with(["spf", "-"], input).ends_with(1).lines();
    let inputs: Vec<&str> = lines.iter().map(|line| line["input"].as_str().unwrap()).collect();
    assert_eq!(inputs, ["v=spf1 -all", "", " v=spf1 a ", "example.org", "v=spf1 \u{fffd} -all\r"]);
    let verdicts: Vec<&str> = lines.iter().map(|line| line["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["valid", "not-a-record", "not-a-record", "not-a-record", "permerror"]);
    let read = run_with(["spf", "-", "--format", "text"], b"v=spf1 -all\nv=spf1 mx\n").ends_with(0).text();
    assert!(read.starts_with("Line 1: SPF record: "), "{read}");
    assert!(read.contains("\nLine 2: SPF record: "), "{read}");
    assert!(run_with(["spf", "-"], b"").ends_with(2).stderr.contains("[input/empty]"));
    for option in [["--ip", "192.0.2.1"], ["--at", "example.org"]] {
        let refused = run_with(["spf", "-"].iter().chain(&option), b"v=spf1 -all\n").ends_with(2);
        assert!(refused.stderr.contains("[usage/conflict]"), "{}", refused.stderr);
    }
}

#[test]
fn the_sample_needs_14_lookups_and_says_where_they_come_from() {
    let view = heavy(&["--format", "json"]).ends_with(1).json();
    for key in KEYS {
        assert!(view.get(key).is_some(), "{key} is missing");
    }
    assert_eq!(view["input"], "zwaar.example");
    assert_eq!(view["verdict"], "valid");
    assert_eq!(view["policy_verdict"], "permerror");
    assert_eq!(view["lookups"]["sum"], 14);
    assert_eq!(view["lookups"]["limit"], 10);
    for family in ["ipv4", "ipv6"] {
        assert_eq!(view["lookups"][family]["least"], 1);
        assert_eq!(view["lookups"][family]["most"], 14);
    }
    assert_eq!(view["voids"]["ipv4"]["most"], 1);
    assert_eq!(view["voids"]["ipv6"]["most"], 2);
    assert_eq!(view["open"], json!([]));
    assert_eq!(view["check_host"], Value::Null);
    for code in [
        "spf/lookup-limit",
        "spf/void-term",
        "spf/duplicate-term",
        "spf/subsumed-range",
        "spf/term-after-all",
        "spf/repeated-target",
    ] {
        assert!(codes(&view).contains(&code), "{code}");
    }
}

#[test]
fn a_rewrite_of_the_sample_is_proven_equal_and_within_ten() {
    let view = heavy(&["--rewrite", "--format", "json"]).ends_with(1).json();
    let rewrites = view["rewrites"].as_array().unwrap();
    let good: Vec<&Value> =
        rewrites.iter().filter(|rewrite| rewrite["equal"] == true && rewrite["fits"] == true).collect();
    assert!(good.len() >= 2, "{rewrites:?}");
    let best = good[0];
    assert_eq!(best["lookups"]["most"], 10);
    // What is proposed is looked at anew: as a text at the domain, beside what is published there.
    let record = best["records"][0]["text"].as_str().unwrap();
    let strings: String =
        best["records"][0]["strings"].as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect();
    assert_eq!(strings, record);
    let zone = sample("zwaar.example.zone");
    let args = ["spf", record, "--at", "zwaar.example", "--compare", "zwaar.example", "--format", "json"];
    let again = run(args.iter().chain(&["--zone", zone.to_str().unwrap()])).ends_with(0).json();
    assert_eq!(again["input"], record);
    assert_eq!(again["domain"], "zwaar.example");
    assert_eq!(again["policy_verdict"], "valid");
    assert_eq!(again["lookups"]["ipv4"]["most"], 10);
    assert_eq!(again["comparison"]["without_limits"]["equal"], true);
    assert_eq!(again["comparison"]["equal"], false);
}

#[test]
fn what_only_looks_like_a_mechanism_is_shown_as_ignored() {
    let text = run(["spf", "v=spf1 ip4=192.0.2.1 include=x.example ip4:192.0.2.2 redirect=y.example"]).text();
    let row = |term: &str| {
        text.lines()
            .find(|line| line.trim_start().starts_with(term))
            .unwrap_or_default()
            .trim_end()
            .to_owned()
    };
    assert!(row("ip4=").ends_with("unknown modifier, ignored"), "{text}");
    assert!(row("include=").ends_with("unknown modifier, ignored"), "{text}");
    assert!(row("ip4:").ends_with("these addresses"), "{text}");
    assert!(row("redirect=").ends_with("that domain decides"), "{text}");
}

#[test]
fn a_client_gets_what_its_sender_says_with_the_term_and_the_explanation() {
    let names = json!({
        "example.org": { "TXT": ["v=spf1 include:_spf.example.net -all exp=why.example.org"] },
        "_spf.example.net": { "TXT": ["v=spf1 ip4:192.0.2.0/24"] },
        "why.example.org": { "TXT": ["%{i} is not ours \u{1b}[31m"] },
        "example.net": { "TXT": ["v=spf1 ?all"] },
    });
    let check = |args: &[&str]| {
        let base = ["example.org", "--format", "json", "--fail-on", "never"];
        over(&names, &base.iter().chain(args).copied().collect::<Vec<_>>()).ends_with(0).json()["check_host"]
            .clone()
    };
    let passes = check(&["--ip", "192.0.2.7", "--mail-from", "info@example.org", "--helo", "mx.example.org"]);
    assert_eq!(passes["result"], "pass");
    assert_eq!(passes["term"], "include:_spf.example.net");
    assert_eq!((&passes["lookups"], &passes["voids"]), (&json!(1), &json!(0)));
    assert_eq!(passes["explanation"], Value::Null);
    // Without a sender it is postmaster's.
    let fails = check(&["--ip", "2001:db8::1"]);
    assert_eq!(fails["sender"], "postmaster@example.org");
    assert_eq!((&fails["result"], &fails["term"]), (&json!("fail"), &json!("-all")));
    let other = check(&["--ip", "192.0.2.7", "--mail-from", "info@example.net"]);
    assert_eq!((&other["result"], &other["domain"]), (&json!("neutral"), &json!("example.net")));
    let null = check(&["--ip", "192.0.2.7", "--mail-from", "", "--helo", "example.org"]);
    assert_eq!((&null["result"], &null["sender"]), (&json!("pass"), &json!("postmaster@example.org")));
    let unknown = check(&["--ip", "192.0.2.7", "--mail-from", "x@[192.0.2.7]"]);
    assert_eq!((&unknown["result"], &unknown["problem"]["code"]), (&json!("none"), &json!("invalid-domain")));
}

#[test]
fn a_text_is_looked_at_as_if_it_were_published() {
    let names = json!({
        "example.org": { "TXT": ["v=spf1 -all"], "A": ["192.0.2.7"] },
        "_spf.example.net": { "TXT": ["v=spf1 ip4:198.51.100.0/24"] },
    });
    let text = "v=spf1 a include:_spf.example.net -all";
    let args = [text, "--ip", "192.0.2.7", "--mail-from", "info@example.org", "--format", "json"];
    let view = over(&names, &args).ends_with(0).json();
    assert_eq!(view["input"], text);
    assert_eq!((&view["check_host"]["result"], &view["check_host"]["term"]), (&json!("pass"), &json!("a")));
    // Where nothing says at which domain, terms that mean the domain itself stay open, and nobody is asked.
    let view = over(&names, &[text, "--compare", "v=spf1 -all", "--format", "json"]).ends_with(0).json();
    assert_eq!(view["policy_verdict"], "valid");
    assert_eq!(view["open"][0]["term"], "a");
    assert_eq!(view["comparison"]["equal"], Value::Null);
    let plain = over(
        &names,
        &[
            "v=spf1 ip4:192.0.2.0/25 ip4:192.0.2.128/25 -all",
            "--compare",
            "V=spf1 ip4:192.0.2.0/24 -all",
            "--format",
            "json",
        ],
    );
    assert_eq!(plain.ends_with(0).json()["comparison"]["equal"], true);
}

#[test]
fn a_comparison_names_the_ranges_that_are_added_and_removed() {
    let names = json!({
        "example.org": { "TXT": ["v=spf1 ip4:192.0.2.0/28 ip6:2001:db8::/32 -all"] },
        "example.net": { "TXT": ["v=spf1 ip4:192.0.2.8/29 ip4:198.51.100.1 ip6:2001:db8::/32 -all"] },
    });
    let view =
        over(&names, &["example.org", "--compare", "example.net", "--format", "json"]).ends_with(0).json();
    assert_eq!(view["comparison"]["equal"], false);
    let pass = &view["comparison"]["differences"][0];
    assert_eq!(pass["result"], "pass");
    assert_eq!(pass["added"]["ranges"], json!(["198.51.100.1"]));
    assert_eq!(pass["removed"]["ranges"], json!(["192.0.2.0/29"]));
    let text = over(&names, &["example.org", "--compare", "example.net"]).ends_with(0).text();
    assert!(text.contains("+ 198.51.100.1\n") && text.contains("- 192.0.2.0/29\n"), "{text}");
    let same = over(&names, &["example.org", "--compare", "v=spf1 ip6:2001:db8::/32 ip4:192.0.2.0/28 -all"]);
    assert!(same.ends_with(0).text().contains("Equal: "), "equal policies are said to be so");
}

#[test]
fn a_policy_without_end_has_no_greatest_count_and_one_without_record_none_at_all() {
    let names = json!({
        "loop.example": { "TXT": ["v=spf1 include:loop.example -all"] },
        "several.example": { "TXT": ["v=spf1 -all", "v=spf1 +all"] },
        "none.example": { "A": ["192.0.2.1"] },
        "down.example": { "TXT": "SERVFAIL" },
    });
    let view =
        |name: &str| over(&names, &[name, "--format", "json", "--fail-on", "never"]).ends_with(0).json();
    let endless = view("loop.example");
    assert_eq!(endless["lookups"]["sum"], Value::Null);
    assert_eq!(endless["lookups"]["ipv4"]["most"], Value::Null);
    assert_eq!(endless["policy_verdict"], "permerror");
    let text = over(&names, &["loop.example"]).ends_with(1).text();
    assert!(text.contains('∞') && text.contains("loop"), "{text}");
    assert_eq!(view("several.example")["policy_verdict"], "permerror");
    assert_eq!(view("none.example")["policy_verdict"], "none");
    assert_eq!(view("down.example")["policy_verdict"], "temperror");
    for name in ["several.example", "none.example", "down.example"] {
        assert!(!over(&names, &[name, "--rewrite", "--ip", "192.0.2.1"]).text().is_empty());
    }
}

#[test]
fn texts_of_others_never_reach_the_terminal_raw() {
    let names = json!({
        "example.org": { "TXT": ["v=spf1 include:a.example.org foo=\u{1b}[2J exists:\u{202e}x.example.org -all"] },
        "a.example.org": { "TXT": ["v=spf1 \u{9b}1m -all"] },
    });
    for format in ["text", "json"] {
        let args =
            ["example.org", "--format", format, "--rewrite", "--ip", "192.0.2.1", "--helo", "\u{1b}[31m"];
        let run = over(&names, &args);
        let hidden = run
            .text()
            .chars()
            .find(|character| (character.is_control() && *character != '\n') || *character == '\u{202e}');
        assert_eq!(hidden, None, "{}", run.text());
    }
}

#[test]
fn a_real_name_server_gives_what_its_zone_file_gives() {
    let zone = sample("zwaar.example.zone");
    let Some(server) = Server::start(&[("example", zone.as_path())]) else {
        support::server::skipped("there is no knotd on this machine");
        return;
    };
    let address = server.address.to_string();
    let further = ["--format", "json", "--rewrite", "--ip", "203.0.113.200"];
    let asked = run(["spf", "zwaar.example", "--resolver", &address].iter().chain(&further)).ends_with(1);
    assert_eq!(asked.json(), heavy(&further).ends_with(1).json());
}

#[test]
fn what_counts_can_be_chosen() {
    let counted = |args: &[&str]| {
        let all: Vec<&str> = ["--format", "json", "--fail-on", "never"].iter().chain(args).copied().collect();
        heavy(&all).ends_with(0).json()
    };
    let view = counted(&["--count", "lookups=4", "--count", "p-macro=no", "--count", "void-unit=terms"]);
    assert_eq!(view["lookups"]["limit"], 4);
    assert_eq!(view["conventions"]["p_macro"], false);
    assert_eq!(view["conventions"]["void_unit"], "terms");
    let client = counted(&["--count", "lookups=0", "--ip", "198.51.100.9"]);
    assert_eq!(client["check_host"]["problem"]["code"], "too-many-lookups");
    heavy(&["--count", "lookups=many"]).ends_with(2);
}
