//! Records, policies and messages made to cost much: an answer in the form that was asked for, and a status.

mod support;

use std::fs;

use serde_json::{Value, json};
use support::{Run, run_with};

/// Findings that one text may have.
const FINDINGS: usize = 100;

fn codes(view: &Value) -> Vec<&str> {
    let found = view["diagnostics"].as_array().expect("findings");
    found.iter().map(|one| one["code"].as_str().expect("a code")).collect()
}

#[test]
fn records_of_any_size_and_shape_get_a_finding() {
    // 64 KB of base64, just below and above what a record may hold.
    let base64 = |count: usize| format!("v=DKIM1; k=rsa; p=MIIB{}", "A".repeat(count));
    let policy = |line: &str| format!("version: STSv1\nmode: enforce\nmax_age: 1\n{line}");
    let cases = [
        ("dkim", base64(65_000), "dkim/long-record"),
        ("dkim", base64(65_536), "dkim/too-long"),
        ("tlsa", "3 1 1 abc".to_owned(), "tlsa/odd-hex"),
        ("tlsa", format!("3 1 1 {}", "a".repeat(65)), "tlsa/odd-hex"),
        ("mta-sts-policy", policy(&"mx: a.example.com\n".repeat(600_000)), "mta-sts-policy/too-long"),
        ("mta-sts-policy", policy(&format!("mx: {}", "x".repeat(10 << 20))), "mta-sts-policy/too-long"),
    ];
    for (kind, text, code) in cases {
        let run = run_with(["record", "-", "--kind", kind, "--format", "json"], text.as_bytes()).ends_with(1);
        let view = run.json();
        assert_ne!(view["verdict"], "usable", "{kind}");
        assert!(codes(&view).contains(&code), "{kind}: {:?}", codes(&view));
        assert!(codes(&view).len() <= FINDINGS, "{kind}");
    }
}

#[test]
fn a_policy_file_of_ten_megabytes_is_read_as_far_as_senders_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str, octets: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, octets).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let names = json!({
        "_mta-sts.example.com": { "TXT": ["v=STSv1; id=1"] },
        "example.com": { "MX": ["10 a.example.com"] },
    });
    let snapshot = at("names.json", json!({ "complete": true, "names": names }).to_string().as_bytes());
    let policy = at("policy", &b"version: STSv1\nmode: enforce\n".repeat(400_000));
    let args =
        ["domain", "example.com", "--snapshot", &snapshot, "--mta-sts-policy", &policy, "--format", "json"];
    let run = run_with(args, b"").ends_with(1);
    assert!(run.stdout.len() < 1 << 20, "{} octets are printed", run.stdout.len());
    assert!(codes(&run.json()).contains(&"mta-sts-policy/too-long"));
}

#[test]
fn messages_of_any_size_and_shape_get_a_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("names.json");
    let names = json!({ "_dmarc.example.com": { "TXT": ["v=DMARC1; p=reject"] } });
    fs::write(&path, json!({ "complete": true, "names": names }).to_string()).unwrap();
    let judged = |message: &str| -> Run {
        let args = ["message", "-", "--snapshot", path.to_str().unwrap(), "--format", "json"];
        run_with(args, message.as_bytes())
    };
    let nested = format!("{}{}", "(".repeat(1_000), ")".repeat(1_000));
    let addresses: Vec<String> = (0..10_000).map(|number| format!("a@d{number}.example.com")).collect();
    for (message, result, status) in [
        (format!("From: \"{}\" <a@example.com>\r\n\r\n", "x".repeat(1 << 20)), "fail", 0),
        (format!("From: {nested} a@example.com\r\n\r\n"), "fail", 0),
        (format!("From: {}\r\n\r\n", addresses.join(", ")), "none", 0),
        ("From: a@example.com".to_owned(), "fail", 0),
        (format!("From: {}\r\n\r\n", "(".repeat(1 << 20)), "none", 1),
        ("no header at all\n".to_owned(), "none", 1),
    ] {
        let view = judged(&message).ends_with(status).json();
        assert_eq!(view["result"], result, "{message:.60}");
        assert!(view["steps"].as_array().unwrap().len() < 20, "{message:.60}");
        assert!(view["queries"].as_array().unwrap().len() < 10, "{message:.60}");
    }
}
