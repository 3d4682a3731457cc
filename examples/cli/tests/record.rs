//! `dmarc-check record`: one record as an argument, many on standard input.

mod support;

use serde_json::{Value, json};
use support::{command, run, run_with};

/// The keys of `dmarc-check/record/1`, in any order.
const KEYS: [&str; 8] =
    ["diagnostics", "edition", "effective", "input", "kind", "published", "schema", "verdict"];
/// The tags of a DMARC record that a reader of either edition may act on.
const TAGS: [&str; 13] =
    ["adkim", "aspf", "fo", "np", "p", "pct", "psd", "rf", "ri", "rua", "ruf", "sp", "t"];
/// The keys of one finding.
const FINDING: [&str; 9] =
    ["args", "code", "fix", "help", "message", "reference", "severity", "span", "subject"];

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn a_sound_record_ends_with_0_and_has_every_key() {
    let run = run(["record", "v=DMARC1; p=reject; rua=mailto:Rapporten@example.org", "--format", "json"]);
    let view = run.ends_with(0).json();
    assert_eq!(keys(&view), KEYS);
    assert_eq!(view["schema"], "dmarc-check/record/1");
    assert_eq!(view["kind"], "dmarc");
    assert_eq!(view["edition"], "rfc9989");
    assert_eq!(view["verdict"], "usable");
    assert_eq!(keys(&view["effective"]), TAGS);
    assert_eq!(view["effective"]["p"], "reject");
    assert_eq!(view["effective"]["np"], "reject");
    assert_eq!(view["effective"]["rua"], json!(["mailto:Rapporten@example.org"]));
    assert_eq!(view["effective"]["pct"], Value::Null);
    assert_eq!(view["published"]["p"], "reject");
    assert_eq!(view["published"]["sp"], Value::Null);
}

#[test]
fn an_error_ends_with_1_and_a_warning_only_if_asked() {
    let wrong = "v=DMARC1; p=quarantaine; rua=mailto:d@example.org";
    let unknown_tag = "v=DMARC1; p=reject; rua=mailto:d@example.org; apsf=s";
    run(["record", wrong]).ends_with(1);
    run(["record", wrong, "--fail-on", "never"]).ends_with(0);
    run(["record", unknown_tag]).ends_with(0);
    run(["record", unknown_tag, "--fail-on", "warning"]).ends_with(1);
}

#[test]
fn findings_have_their_place_their_sentences_and_their_fix() {
    let text = "v=DMARC1; p=quarantaine; rua=mailto:d@example.org";
    let english = run(["record", text, "--format", "json"]).ends_with(1).json();
    let dutch = run(["record", text, "--format", "json", "--lang", "nl"]).ends_with(1).json();
    let found = &english["diagnostics"][0];
    assert_eq!(keys(found), FINDING);
    assert_eq!(found["span"], json!([12, 23]));
    assert_eq!(found["fix"]["edits"], json!([{ "span": [12, 23], "replacement": "quarantine" }]));
    assert_eq!(found["fix"]["effect"], "stricter");
    assert_eq!(found["fix"]["result"], "v=DMARC1; p=quarantine; rua=mailto:d@example.org");
    let translated = &dutch["diagnostics"][0];
    assert_eq!(found["code"], translated["code"]);
    assert_ne!(found["message"], translated["message"]);
}

#[test]
fn each_line_of_standard_input_is_a_record_and_so_is_an_empty_one() {
    let input = b"v=DMARC1; p=none; rua=mailto:d@example.org\r\n\nv=spf1 -all\n v=DMARC1; p=none \r\nlast";
    let lines = run_with(["record", "-", "--format", "json"], input).ends_with(1).lines();
    let inputs: Vec<&str> = lines.iter().map(|line| line["input"].as_str().unwrap()).collect();
    assert_eq!(
        inputs,
        ["v=DMARC1; p=none; rua=mailto:d@example.org", "", "v=spf1 -all", " v=DMARC1; p=none ", "last"]
    );
    let kinds: Vec<&str> = lines.iter().map(|line| line["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds[0], "dmarc");
    assert_eq!(kinds[2], "spf");
    assert_eq!(lines[1]["verdict"], "not-a-record");
    assert_eq!(lines[1]["effective"], Value::Null);
}

#[test]
fn only_the_line_end_is_taken_off() {
    let lines = run_with(["record", "-", "--format", "json"], b"a\r\r\n\rb\nc\r").lines();
    let inputs: Vec<&str> = lines.iter().map(|line| line["input"].as_str().unwrap()).collect();
    assert_eq!(inputs, ["a\r", "\rb", "c\r"]);
}

#[test]
fn octets_that_are_not_utf8_keep_their_place() {
    let input = b"v=DMARC1; p=none; x=\xff\xfe; p2=\x80\n";
    let line = run_with(["record", "-", "--format", "json"], input).lines().remove(0);
    assert_eq!(line["input"], "v=DMARC1; p=none; x=\u{fffd}\u{fffd}; p2=\u{fffd}");
    for found in line["diagnostics"].as_array().unwrap() {
        if let Some(span) = found["span"].as_array() {
            assert!(span[1].as_u64().unwrap() <= 30, "a span counts octets: {found}");
        }
    }
}

#[cfg(unix)]
#[test]
fn an_argument_may_hold_any_octets() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let run = run([
        OsStr::new("record"),
        OsStr::from_bytes(b"v=DMARC1; p=none; x=\xff"),
        OsStr::new("--format=json"),
    ]);
    assert_eq!(run.json()["input"], "v=DMARC1; p=none; x=\u{fffd}");
}

#[test]
fn the_edition_and_the_kind_are_the_callers() {
    let text = "v=DMARC1; p=reject; pct=50; rua=mailto:d@example.org";
    let old = run(["record", text, "--edition", "rfc7489", "--format", "json"]).json();
    assert_eq!(old["edition"], "rfc7489");
    assert_eq!(old["effective"]["pct"], 50);
    assert_eq!(old["effective"]["np"], Value::Null);
    let spf = run(["record", text, "--kind", "spf", "--format", "json"]).ends_with(1).json();
    assert_eq!(spf["verdict"], "not-a-record");
}

#[test]
fn empty_standard_input_is_said_to_be_empty() {
    let run = run_with(["record", "-"], b"").ends_with(2);
    assert!(run.stdout.is_empty());
    assert!(run.stderr.starts_with("error[input/empty]: "), "{}", run.stderr);
}

#[test]
fn a_record_in_text_shows_the_place_the_policy_and_the_fix() {
    let text = run(["record", "v=DMARC1; p=quarantaine; rua=mailto:d@example.org"]).text();
    assert!(text.contains("            ^^^^^^^^^^^\n"), "{text}");
    assert!(text.contains("v=DMARC1; p=quarantine; rua=mailto:d@example.org"), "{text}");
    assert!(!text.contains('\u{1b}'), "no color where there is no terminal: {text}");
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let evil = "v=DMARC1; p=none; \u{1b}]0;title\u{7}=\u{202e}x; rua=mailto:\u{1b}[2J@example.org\n";
    for format in ["text", "json"] {
        let run = run_with(["record", "-", "--format", format], evil.as_bytes());
        let text = run.text();
        let hidden = text.chars().find(|character| character.is_control() && *character != '\n');
        assert_eq!(hidden, None, "{text}");
    }
}

#[test]
fn ten_megabytes_on_one_line_are_one_record() {
    let mut input = b"v=DMARC1; p=none; ".to_vec();
    input.resize(10 << 20, b'a');
    let lines = run_with(["record", "-", "--format", "json"], &input).lines();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["input"].as_str().unwrap().len(), 10 << 20);
    let text = run_with(["record", "-"], &input).text();
    assert!(text.len() < 100_000, "a person is not shown ten megabytes: {} octets", text.len());
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_error() {
    use std::io::{BufRead, BufReader, Write};
    use std::process::Stdio;
    let mut child = command()
        .args(["record", "-", "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let line = b"v=DMARC1; p=none; rua=mailto:d@example.org\n";
    stdin.write_all(line).unwrap();
    stdin.flush().unwrap();
    // The first answer comes while input is still open: lines are not held back.
    let mut first = String::new();
    stdout.read_line(&mut first).unwrap();
    assert!(first.contains("dmarc-check/record/1"));
    drop(stdout);
    // It stops reading once nobody listens, which closes this pipe too.
    while stdin.write_all(line).is_ok() {}
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[cfg(target_os = "linux")]
#[test]
fn ten_megabytes_of_any_kind_stay_below_a_hundred_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let size = 10 << 20;
    let repeated = |front: &str, part: &str| {
        let mut octets = front.as_bytes().to_vec();
        while octets.len() < size {
            octets.extend_from_slice(part.as_bytes());
        }
        octets
    };
    let inputs = [
        ("blanks", vec![b' '; size]),
        ("no-utf8", vec![0xff; size]),
        ("zeros", vec![0; size]),
        ("tags", repeated("v=DMARC1; p=none", "; a=b")),
        ("near-misses", repeated("v=DMARC1; p=rejct", ", rua=d@example.org; p=quarantaine")),
        ("semicolons", repeated("v=DMARC1", ";")),
        ("addresses", repeated("v=DMARC1; p=none; rua=", "d@example.org,")),
        ("spf", repeated("v=spf1", " ipv4:192.0.2.0/33")),
        // Each line is answered before the next is read: many of them take no more than one.
        ("lines", "v=DMARC1; p=rejct\n".repeat(2_000).into_bytes()),
        ("empty-lines", vec![b'\n'; 20_000]),
    ];
    for (name, octets) in inputs {
        let path = folder.path().join(name);
        std::fs::write(&path, octets).unwrap();
        for format in ["text", "json"] {
            let args = ["record", "-", "--format", format];
            let (run, peak) = support::memory::run_measured(&args, Some(&path));
            assert!(run.status < 2, "{name}: {}", run.stderr);
            assert!(peak < 100 << 10, "{name} as {format} takes {peak} KiB");
        }
    }
}
