//! `dmarc-check reports`: folders of reports, and what people also keep in such folders.

mod support;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use support::{run, sample};
use tempfile::TempDir;

/// A report of one or more records.
fn report(id: &str, counts: &[u64]) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\"?>\n<feedback><report_metadata><org_name>Receiver</org_name>\
         <email>dmarc@receiver.example</email><report_id>{id}</report_id>\
         <date_range><begin>1790121600</begin><end>1790208000</end></date_range></report_metadata>\
         <policy_published><domain>example.org</domain><p>none</p></policy_published>"
    );
    for (index, count) in counts.iter().enumerate() {
        text.push_str(&format!(
            "<record><row><source_ip>192.0.2.{index}</source_ip><count>{count}</count><policy_evaluated>\
             <disposition>none</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row>\
             <identifiers><header_from>example.org</header_from></identifiers>\
             <auth_results><spf><domain>example.org</domain><result>fail</result></spf></auth_results></record>\n"
        ));
    }
    text.push_str("</feedback>");
    text
}

fn gzip(octets: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(octets).unwrap();
    encoder.finish().unwrap()
}

/// Files in a folder of their own.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, octets) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, octets).unwrap();
    }
    folder
}

/// The document over paths, and how the run ended.
fn read(paths: &[&Path]) -> (Value, i32) {
    let mut args = vec![PathBuf::from("reports"), PathBuf::from("--format=json")];
    args.extend(paths.iter().map(|path| path.to_path_buf()));
    let run = run(&args);
    let document = if run.stdout.is_empty() { Value::Null } else { run.json() };
    assert!(run.status == 2 || !document.is_null(), "{}", run.stderr);
    (document, run.status)
}

/// The code under which the only input is refused.
fn refusal(octets: &[u8]) -> String {
    let folder = folder(&[("input", octets)]);
    let (document, status) = read(&[folder.path()]);
    assert_eq!(status, 1, "{document}");
    assert_eq!(document["totals"]["inputs_refused"], 1, "{document}");
    let refused = &document["refused"][0];
    assert!(!refused["message"].as_str().unwrap().is_empty());
    refused["code"].as_str().unwrap().to_owned()
}

#[test]
fn the_sample_is_read_as_its_makers_counted_it() {
    let expected: Value = serde_json::from_slice(&fs::read(sample("expected.json")).unwrap()).unwrap();
    let (document, status) = read(&[&sample("reports")]);
    // The log-in page among the reports is refused.
    assert_eq!(status, 1);
    assert_eq!(document["schema"], "dmarc-check/reports/1");
    for (name, count) in expected["totals"].as_object().unwrap() {
        assert_eq!(&document["totals"][name], count, "{name}");
    }
}

#[test]
fn every_key_of_the_contract_is_there() {
    let folder = folder(&[("one.xml", report("a", &[3, 4]).as_bytes()), ("page.html", b"<html></html>")]);
    let (document, _) = read(&[folder.path()]);
    let has = |value: &Value, names: &[&str]| {
        for name in names {
            assert!(value.get(name).is_some(), "{name} is missing in {value}");
        }
    };
    has(&document, &["schema", "totals", "reports", "refused", "skipped", "findings", "sources"]);
    has(
        &document["totals"],
        &[
            "inputs",
            "inputs_refused",
            "inputs_incomplete",
            "reports",
            "records_in",
            "records",
            "records_uncounted",
            "messages_in",
            "messages_out",
            "messages_refused",
            "messages_duplicate",
        ],
    );
    let entry = &document["reports"][0];
    has(
        entry,
        &[
            "path",
            "container_path",
            "report_key",
            "duplicate_of",
            "org_name",
            "email",
            "report_id",
            "begin",
            "end",
            "schema",
            "complete",
            "policy",
            "records",
            "messages",
            "dispositions",
            "dkim",
            "spf",
            "findings",
        ],
    );
    has(
        &entry["policy"],
        &["domain", "p", "sp", "np", "adkim", "aspf", "pct", "fo", "testing", "discovery_method"],
    );
    has(&document["refused"][0], &["path", "container_path", "code", "message"]);
    assert_eq!(entry["messages"], 7);
    assert_eq!(entry["dkim"], json!({ "pass": 7 }));
    assert_eq!(entry["spf"], json!({ "fail": 7 }));
    assert_eq!(entry["dispositions"], json!({ "none": 7 }));
    assert_eq!(entry["begin"], 1_790_121_600);
}

#[test]
fn folders_are_opened_at_any_depth_and_in_order() {
    let folder = folder(&[
        ("b/z.xml", report("z", &[1]).as_bytes()),
        ("a.xml.gz", &gzip(report("a", &[2]).as_bytes())),
        ("b/c/d/e.xml", report("e", &[4]).as_bytes()),
    ]);
    let (document, status) = read(&[folder.path()]);
    assert_eq!(status, 0);
    let ids: Vec<&str> = document["reports"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["report_id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["a", "e", "z"]);
    assert_eq!(document["totals"]["inputs"], 3);
    assert_eq!(document["totals"]["messages_out"], 7);
}

#[test]
fn one_bad_input_never_stops_the_others() {
    let whole = report("whole", &[5]);
    let cut = report("cut", &[1, 2, 4]);
    let cut = &cut[..cut.rfind("<record>").unwrap() + 40];
    let folder = folder(&[
        ("a-empty.xml", b""),
        ("b-page.xml", b"<!DOCTYPE html><html><body>Log in</body></html>"),
        ("c-cut.xml", cut.as_bytes()),
        ("d-noise.gz", b"\x1f\x8b\x08\x00 this is not deflate data at all"),
        ("e-whole.xml", whole.as_bytes()),
    ]);
    let (document, status) = read(&[folder.path()]);
    assert_eq!(status, 1);
    let totals = &document["totals"];
    assert_eq!(totals["inputs"], 5);
    assert_eq!(totals["inputs_refused"], 3, "{document}");
    assert_eq!(totals["inputs_incomplete"], 1);
    assert_eq!(totals["messages_out"], 8, "whole records before a break are kept");
    let cut =
        document["reports"].as_array().unwrap().iter().find(|entry| entry["report_id"] == "cut").unwrap();
    assert_eq!(cut["complete"], false);
    assert_eq!(cut["records"], 2);
}

#[test]
fn a_gzip_bomb_is_refused() {
    let bomb = gzip(&vec![0; 64 << 20]);
    assert!(bomb.len() < 1 << 20);
    assert!(refusal(&bomb).contains('/'));
    // One that looks like a report all the way.
    let text = report("bomb", &[1]).replace("</feedback>", "") + &"<a/>".repeat(1 << 20);
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_bytes()).unwrap();
    let bomb = encoder.finish().unwrap();
    assert!(text.len() > 300 * bomb.len(), "{} octets become {}", bomb.len(), text.len());
    let folder = folder(&[("input", &bomb)]);
    let (document, _) = read(&[folder.path()]);
    assert_eq!(document["totals"]["inputs_incomplete"], 1, "{}", document["totals"]);
}

#[test]
fn a_zip_of_very_many_entries_is_refused_or_read_but_ends() {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for index in 0..10_001 {
        archive.start_file(format!("{index}.txt"), options).unwrap();
    }
    let archive = archive.finish().unwrap().into_inner();
    assert!(refusal(&archive).starts_with("container/"));
}

#[test]
fn what_is_no_report_is_refused_with_a_reason() {
    for octets in [
        &b""[..],
        b" ",
        b"\0\0\0\0",
        b"hello",
        b"<html><body>Please log in</body></html>",
        b"PK\x03\x04",
        b"\x1f\x8b",
        b"\xff\xfe\xfd",
        b"<!DOCTYPE feedback [<!ENTITY a \"b\">]><feedback>&a;</feedback>",
    ] {
        let code = refusal(octets);
        assert!(code.contains('/'), "{code}");
    }
}

#[test]
fn utf_16_is_read() {
    let text = report("wide", &[9]).replace("version=\"1.0\"", "version=\"1.0\" encoding=\"UTF-16\"");
    let mut octets = vec![0xff, 0xfe];
    octets.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let folder = folder(&[("wide.xml", &octets)]);
    let (document, status) = read(&[folder.path()]);
    assert_eq!((status, &document["totals"]["messages_out"]), (0, &json!(9)), "{document}");
}

#[test]
fn a_folder_without_files_and_a_path_without_anything_are_errors() {
    let empty = tempfile::tempdir().unwrap();
    let nothing = run([Path::new("reports"), empty.path()]).ends_with(2);
    assert!(nothing.stderr.starts_with("error[input/no-files]: "), "{}", nothing.stderr);
    let missing = run([Path::new("reports"), &empty.path().join("no such file"), Path::new("--lang=nl")]);
    let missing = missing.ends_with(2);
    assert!(missing.stderr.starts_with("fout[input/not-found]: "), "{}", missing.stderr);
    assert!(missing.stdout.is_empty());
}

#[test]
fn a_path_without_anything_among_others_is_refused_and_the_others_are_read() {
    let folder = folder(&[("one.xml", report("a", &[3]).as_bytes())]);
    let missing = folder.path().join("missing.xml");
    let (document, status) = read(&[folder.path(), &missing]);
    assert_eq!(status, 1);
    assert_eq!(document["totals"]["inputs"], 2);
    assert_eq!(document["totals"]["inputs_refused"], 1);
    assert_eq!(document["totals"]["messages_out"], 3);
    assert_eq!(document["refused"][0]["code"], "input/not-found");
    assert_eq!(document["refused"][0]["path"], missing.to_str().unwrap());
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[("one.xml", report("a", &[3]).as_bytes()), ("two.xml", b"<feedback/>")]);
    let path = folder.path().join("two.xml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(&path).is_ok() {
        support::server::skipped("root may read everything");
        return;
    }
    let (document, status) = read(&[folder.path()]);
    assert_eq!(status, 1);
    assert_eq!(document["refused"][0]["code"], "input/no-permission");
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_refused_and_never_waited_for() {
    let folder = folder(&[("one.xml", report("a", &[3]).as_bytes())]);
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let (document, status) = read(&[folder.path(), Path::new("/dev/zero")]);
    assert_eq!(status, 1);
    let codes: Vec<&str> = document["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|refused| refused["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["input/not-a-file", "input/not-a-file"]);
    assert_eq!(document["totals"]["messages_out"], 3);
    run(["reports", "/dev/zero"]).ends_with(2);
}

#[test]
fn the_exit_status_follows_the_level_that_is_asked_for() {
    // A count that is not a number is an error within a report that is read all the same.
    let odd = report("a", &[3, 4]).replace("<count>4</count>", "<count>many</count>");
    let folder = folder(&[("odd.xml", odd.as_bytes())]);
    let status = |level: Option<&str>| {
        let mut args = vec!["reports", folder.path().to_str().unwrap()];
        args.extend(level.map(|level| ["--fail-on", level]).into_iter().flatten());
        run(args).status
    };
    assert_eq!(status(None), 0, "nothing was refused");
    assert_eq!(status(Some("error")), 1);
    assert_eq!(status(Some("warning")), 1);
    assert_eq!(status(Some("never")), 0);
}

#[test]
fn findings_are_lines_with_their_place() {
    let odd = report("a", &[3, 4]).replace("<count>4</count>", "<count>many</count>");
    let folder = folder(&[("odd.xml", odd.as_bytes()), ("page.html", b"<html></html>")]);
    let run = run(["reports", folder.path().to_str().unwrap(), "--findings"]).ends_with(1);
    let lines = run.lines();
    // What was refused has no report to be found in.
    assert!(run.stderr.contains("page.html: ") && run.stderr.starts_with("error["), "{}", run.stderr);
    assert!(!lines.is_empty());
    for line in &lines {
        for key in ["path", "container_path", "report_key", "code", "severity", "place", "args", "message"] {
            assert!(line.get(key).is_some(), "{key} is missing in {line}");
        }
    }
    let count = lines.iter().find(|line| line["severity"] == "error").expect("the count is found");
    let place = count["place"]["path"].as_str().unwrap();
    assert!(place.contains("record[2]") && place.ends_with("count"), "{place}");
    assert_eq!(count["place"]["line"], 3);
}

#[test]
fn every_finding_is_a_line_and_what_is_left_out_is_told() {
    let lines = |records: usize| {
        let odd = report("a", &vec![3; records]).replace("<count>3</count>", "<count>many</count>");
        let folder = folder(&[("odd.xml", odd.as_bytes())]);
        let run = run(["reports", folder.path().to_str().unwrap(), "--findings"]).ends_with(0);
        let counts = run.lines().iter().filter(|line| line["code"] == "report/invalid-count").count();
        (counts, run.stderr)
    };
    assert_eq!(lines(1_500), (1_500, String::new()));
    let (counts, said) = lines(12_000);
    assert!((1..12_000).contains(&counts) && said.contains("output/left-out"), "{counts}: {said}");
}

#[test]
fn names_from_outside_never_reach_the_terminal_raw() {
    let evil = report("\u{9b}2Jevil", &[3]).replace("Receiver", "Rec\u{202e}eiver&#x9b;x");
    let folder = folder(&[("one\u{1b}[31m.xml", evil.as_bytes()), ("two\u{7}.html", b"<html/>")]);
    for format in ["text", "json"] {
        let run = run(["reports", folder.path().to_str().unwrap(), "--format", format]);
        for text in [run.text(), run.stderr.clone()] {
            let hidden = text
                .chars()
                .find(|character| (character.is_control() && *character != '\n') || *character == '\u{202e}');
            assert_eq!(hidden, None, "{text}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn ten_megabytes_of_any_kind_stay_below_a_hundred_in_memory() {
    let size = 10 << 20;
    let record = "<record><row><source_ip>192.0.2.1</source_ip><count>1</count></row></record>";
    let mut many = report("many", &[1]).replace("</feedback>", "");
    while many.len() < size {
        many.push_str(record);
    }
    let mut comments = report("comments", &[1]).replace("</feedback>", "");
    while comments.len() < size {
        comments.push_str("<record><row><count>x</count><weird><a><b/></a></weird></row></record>");
    }
    let nested = "<a>".repeat(size / 3);
    let mut row = String::new();
    while row.len() < size {
        row.push_str("<feedback><record><row><count>1</count></row></record></feedback>");
    }
    let header = [&b"From: a\nContent-Type: text/plain; name=\"a\n"[..], &b" a\n".repeat(size / 3)].concat();
    let inputs: [(&str, Vec<u8>); 12] = [
        ("header", header),
        ("mails", [&b"From: a\n"[..], &b"Content-Type: message/rfc822\n\n".repeat(90_000)].concat()),
        ("reports", row.into_bytes()),
        ("blanks", vec![b' '; size]),
        ("one-line", vec![b'x'; size]),
        ("zeros", vec![0; size]),
        ("no-utf8", vec![0xff; size]),
        ("records", many.clone().into_bytes()),
        ("findings", comments.into_bytes()),
        ("nested", nested.into_bytes()),
        ("text", report(&"x".repeat(size), &[1]).into_bytes()),
        ("packed", gzip(many.as_bytes())),
    ];
    for (name, octets) in inputs {
        let folder = folder(&[(name, &octets)]);
        let args = ["reports", folder.path().to_str().unwrap(), "--format", "json"];
        let (run, peak) = support::memory::run_measured(&args, None);
        assert!(run.status < 2, "{name}: {}", run.stderr);
        assert!(peak < 100 << 10, "{name} takes {peak} KiB");
        eprintln!("{name}: {peak} KiB");
    }
}

#[test]
fn a_report_is_written_packed_and_read_again() {
    let head = json!({ "submitter": "receiver.example", "org_name": "Receiver", "email": "dmarc@receiver.example",
        "report_id": "r1", "begin": 1_709_164_800, "end": 1_709_251_199, "domain": "example.com", "p": "reject" });
    let row = json!({ "source_ip": "192.0.2.1", "count": 7, "disposition": "reject", "dkim": "fail", "spf": "fail",
        "header_from": "example.com" });
    let head = serde_json::to_vec(&head).unwrap();
    let rows = format!("{row}\n{row}\n");
    let folder = folder(&[("head.json", &head), ("rows.jsonl", rows.as_bytes()), ("out/.keep", b"")]);
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let args =
        ["report", "write", &path("rows.jsonl"), "--head", &path("head.json"), "--output", &path("out")];
    let text = run(args).ends_with(0).text();
    let name = "receiver.example!example.com!1709164800!1709251199.xml.gz";
    assert_eq!(text.lines().next(), Some(name));
    let (document, status) = read(&[&folder.path().join("out").join(name)]);
    assert_eq!((status, &document["totals"]["messages_out"]), (0, &json!(14)));
    let refused = run(["report", "write", "--head", &path("rows.jsonl")]).ends_with(2);
    assert!(refused.stderr.starts_with("error[input/not-usable]"), "{}", refused.stderr);
}

#[test]
fn failure_reports_and_reports_on_tls_are_told_beside_the_others() {
    let failure = b"Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\
        Content-Type: message/feedback-report\n\nFeedback-Type: auth-failure\nAuth-Failure: dmarc\n\
        Source-IP: 192.0.2.1\nReported-Domain: example.org\nOriginal-Mail-From: <a@example.net>\n--b--\n";
    let tls =
        br#"{"organization-name": "Sender", "report-id": "1", "policies": [{"policy": {"policy-type": "sts",
        "policy-domain": "example.org"}, "summary": {"total-successful-session-count": 1200,
        "total-failure-session-count": 3}, "failure-details": [{"result-type": "certificate-expired",
        "failed-session-count": 3}]}]}"#;
    let folder = folder(&[("a.eml", failure), ("b.json", tls), ("c.xml", report("1", &[5]).as_bytes())]);
    let (document, status) = read(&[folder.path()]);
    assert_eq!(status, 0);
    assert_eq!(document["failure_reports"][0]["original_mail_from"], "a@example.net");
    assert_eq!(document["tls_reports"][0]["policies"][0]["failures"][0]["sessions"], 3);
    let path = folder.path().to_string_lossy().into_owned();
    for (lang, words) in [("en", ["Failure reports", "1,200"]), ("nl", ["Foutrapporten", "1.200"])] {
        let text = run(["reports", &path, "--lang", lang]).ends_with(0).text();
        assert!(
            words.iter().all(|word| text.contains(word)) && text.contains("certificate-expired"),
            "{text}"
        );
    }
    let dropped = run(["reports", &path, "--format=json", "--privacy", "drop"]).ends_with(0).json();
    assert_eq!(dropped["failure_reports"][0]["original_mail_from"], "@example.net");
    assert!(run(["reports", &path, "--privacy", "hash"]).ends_with(2).stdout.is_empty());
    let findings = run(["reports", &path, "--findings"]).ends_with(0).text();
    assert!(
        findings.contains("failure/missing-field") && findings.contains("tls-report/missing-name"),
        "{findings}"
    );
}
