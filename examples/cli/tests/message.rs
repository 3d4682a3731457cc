//! `dmarc-check message`: from what was checked, and from a message.

mod support;

use std::fs;

use serde_json::{Value, json};
use support::{Run, run, run_with};

/// A message over a snapshot of what is published.
fn over(args: &[&str], input: &str) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("names.json");
    let snapshot = json!({
        "complete": true,
        "names": {
            "_dmarc.example.com": { "TXT": ["v=DMARC1; p=reject; sp=quarantine; np=none"] },
            "www.example.com": { "A": ["192.0.2.1"] },
        },
    });
    fs::write(&path, snapshot.to_string()).unwrap();
    let source = ["--snapshot", path.to_str().unwrap()];
    run_with(["message"].iter().chain(args).chain(&source), input.as_bytes())
}

const MESSAGE: &str = "Authentication-Results: mx.example.net; spf=pass smtp.mailfrom=bounce.example.org;\r\n \
    dkim=pass header.d=mail.example.com; dmarc=pass (p=REJECT dis=NONE) header.from=www.example.com\r\n\
    Authentication-Results: forged.example; dkim=pass header.d=www.example.com\r\n\
    From: \"info@example.net\" <info@www.example.com>\r\n\r\nHello\r\n";

#[test]
fn the_keys_of_the_answer_are_those_that_were_promised() {
    let args = ["--from", "www.example.com", "--spf", "example.org=pass", "--dkim", "mail.example.com=fail"];
    let view = over(&[&args[..], &["--format", "json"]].concat(), "").ends_with(0).json();
    let expected = json!({
        "schema": "dmarc-check/message/1",
        "result": "fail",
        "author_domain": "www.example.com",
        "organizational_domain": "example.com",
        "policy_domain": "example.com",
        "policy_tag": "sp",
        "published_policy": "quarantine",
        "requested_policy": "quarantine",
        "spf_aligned": false,
        "dkim_aligned": null,
        "queries": [
            "_dmarc.www.example.com", "_dmarc.example.com", "_dmarc.com", "www.example.com",
            "_dmarc.example.org", "_dmarc.org",
        ],
    });
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(&view[key], value, "{key}");
    }
    assert!(view["steps"].as_array().unwrap().len() > 4);
    assert!(view.get("authentication_results").is_none() && view.get("signatures").is_none());
}

#[test]
fn several_signatures_are_given_together_or_one_by_one() {
    let together = ["--from", "example.com", "--dkim", "a.example=fail", "example.com=pass"];
    let one_by_one = ["--from", "example.com", "--dkim", "a.example=fail", "--dkim", "example.com=pass"];
    for args in [&together[..], &one_by_one] {
        let view = over(&[args, &["--format", "json"]].concat(), "").ends_with(0).json();
        assert_eq!((&view["result"], view["dkim"].as_array().unwrap().len()), (&json!("pass"), 2));
    }
}

#[test]
fn a_message_is_judged_by_the_fields_of_its_receiver() {
    let view = over(&["-", "--format", "json"], MESSAGE).ends_with(0).json();
    assert_eq!(view["author_domain"], "www.example.com");
    assert_eq!((&view["spf_aligned"], &view["dkim_aligned"]), (&json!(false), &json!(true)));
    let fields = &view["authentication_results"];
    assert_eq!((&fields["authserv_id"], &fields["chosen"]), (&json!("mx.example.net"), &json!("topmost")));
    assert_eq!(view["signatures"], json!([]));
    let args = ["-", "--authserv-id", "forged.example", "--format", "json"];
    let view = over(&args, MESSAGE).ends_with(0).json();
    assert_eq!(view["authentication_results"]["chosen"], "given");
    assert_eq!((&view["spf"], &view["dkim_aligned"]), (&Value::Null, &json!(true)));
}

#[test]
fn the_text_says_why_in_both_languages() {
    let english = over(&["-"], MESSAGE).ends_with(0).text();
    assert!(english.contains("www.example.com: passes DMARC"), "{english}");
    assert!(english.contains("mx.example.net is believed, because it wrote the topmost field"), "{english}");
    assert!(english.contains("does not align with `www.example.com` because"), "{english}");
    let dutch = over(&["-", "--lang", "nl"], MESSAGE).ends_with(0).text();
    assert!(dutch.contains("www.example.com: slaagt voor DMARC"), "{dutch}");
    assert!(dutch.contains("dat niet in overeenstemming is met `www.example.com`"), "{dutch}");
}

#[test]
fn the_exit_status_follows_the_level_that_was_chosen() {
    let fails = ["--from", "example.com"];
    over(&fails, "").ends_with(0);
    over(&[&fails[..], &["--fail-on", "warning"]].concat(), "").ends_with(1);
    over(&["-"], "Subject: no author\r\n\r\n").ends_with(1);
    over(&["-", "--fail-on", "never"], "Subject: no author\r\n\r\n").ends_with(0);
}

#[test]
fn mistakes_are_explained() {
    let missing = run(["message"]).ends_with(2);
    assert!(missing.stderr.contains("--from"), "{}", missing.stderr);
    let result = over(&["--from", "example.com", "--spf", "example.com=excellent"], "").ends_with(2);
    assert!(result.stderr.contains("--spf"), "{}", result.stderr);
    over(&["--from", "info@example.com"], "").ends_with(2);
    over(&["-", "--from", "example.com"], MESSAGE).ends_with(2);
    assert!(over(&["-"], "").ends_with(2).stderr.contains("input/empty"));
}
