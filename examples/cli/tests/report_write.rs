//! `dmarc-check report write`.

mod support;

use serde_json::{Value, json};
use support::run;
use tempfile::TempDir;

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, octets) in files {
        std::fs::write(folder.path().join(name), octets).unwrap();
    }
    folder
}

#[test]
fn a_failure_report_is_written_for_a_message_and_read_again() {
    let head = json!({ "kind": "failure", "from": "dmarc@receiver.example", "to": ["ruf@example.com"], "date": 1_709_208_060,
        "user_agent": "Sample/1.0", "auth_failure": "dmarc", "identity_alignment": ["spf"],
        "authentication_results": "receiver.example; dmarc=fail header.from=example.com",
        "reported_domain": ["example.com"], "source_ip": "192.0.2.1" });
    let message = b"From: a@example.com\nSubject: caf\xe9\n\nText\n";
    let folder = folder(&[("head.json", head.to_string().as_bytes()), ("message.eml", message)]);
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let args = ["report", "write", &path("message.eml"), "--head", &path("head.json")];
    let document = run(args).ends_with(0).text();
    assert!(document.is_ascii() && document.contains("multipart/report; report-type=feedback-report"));
    let text = run([&args[..], &["--output", &path("")]].concat()).ends_with(0).text();
    let name = text.lines().next().unwrap();
    assert!(name.starts_with("receiver.example!example.com!1709208060!") && name.ends_with(".eml"), "{name}");
    let read: Value = run(["reports", &path(name), "--format=json"]).ends_with(0).json();
    assert_eq!(read["failure_reports"][0]["alignment_failed"], json!(["spf"]));
    assert_eq!(read["failure_reports"][0]["header_from"], "example.com");
    let mut hidden = head;
    hidden["identity_alignment"] = Value::Null;
    std::fs::write(folder.path().join("head.json"), hidden.to_string()).unwrap();
    let refused = run(args).ends_with(2);
    assert!(refused.stderr.contains("identity_alignment is missing"), "{}", refused.stderr);
}

#[test]
fn what_is_typed_counts_before_what_is_in_the_file() {
    let row = json!({ "source_ip": "192.0.2.1", "count": 7, "disposition": "reject", "dkim": "fail", "spf": "fail",
        "header_from": "example.com" });
    let head = json!({ "org_name": "Nobody", "generator": "Sample 1.0" });
    let folder =
        folder(&[("rows.jsonl", row.to_string().as_bytes()), ("head.json", head.to_string().as_bytes())]);
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let typed = [
        "--org-name",
        "Receiver",
        "--email",
        "dmarc@receiver.example",
        "--report-id",
        "r1",
        "--begin",
        "1709164800",
        "--end",
        "1709251199",
        "--domain",
        "example.com",
        "--policy",
        "reject",
    ];
    let rows = path("rows.jsonl");
    let args = [&["report", "write", rows.as_str()], &typed[..]].concat();
    let written: Value =
        run([&args[..], &["--unique-id", "a7", "--format=json"]].concat()).ends_with(0).json();
    assert_eq!(written["file_name"], "receiver.example!example.com!1709164800!1709251199!a7.xml.gz");
    let document =
        run([&args[..], &["--head", &path("head.json"), "--submitter", "mx.receiver.example"]].concat());
    let document = document.ends_with(0).text();
    assert!(
        document.contains("<org_name>Receiver</org_name>")
            && document.contains("<generator>Sample 1.0</generator>")
    );
    let refused = run([&args[..], &["--unique-id", "a/b"]].concat()).ends_with(2);
    assert!(refused.stderr.contains("cannot stand in unique_id"), "{}", refused.stderr);
    let refused = run(["report", "write", rows.as_str(), "--policy", "maybe"]).ends_with(2);
    assert!(refused.stderr.starts_with("error[input/not-usable]"), "{}", refused.stderr);
    let policy = json!({ "policy_type": "sts", "policy_domain": "example.com", "success": 5, "failure": 0 });
    std::fs::write(folder.path().join("rows.jsonl"), policy.to_string()).unwrap();
    let tls = [
        "report",
        "write",
        &rows,
        "--kind",
        "tls",
        "--org-name",
        "Receiver",
        "--email",
        "tls@receiver.example",
        "--report-id",
        "r1",
        "--begin",
        "1709164800",
        "--end",
        "1709251199",
        "--domain",
        "example.com",
    ];
    let written: Value = run([&tls[..], &["--format=json"]].concat()).ends_with(0).json();
    assert_eq!(written["file_name"], "receiver.example!example.com!1709164800!1709251199.json.gz");
    let refused = run([&tls[..], &["--policy", "reject"]].concat()).ends_with(2);
    assert!(refused.stderr.contains("unknown field `p`"), "{}", refused.stderr);
}
