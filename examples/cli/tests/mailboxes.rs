//! `dmarc-check reports`: mailboxes of any size, and Maildir folders.

mod support;

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use support::run;

/// A mail that is a report of one record.
fn mail(id: u32) -> String {
    format!(
        "From: dmarc@receiver.example\nSubject: report\nContent-Type: text/xml\n\n<feedback><report_metadata>\
         <org_name>Receiver</org_name><report_id>{id}</report_id></report_metadata><policy_published>\
         <domain>example.org</domain><p>none</p></policy_published><record><row><source_ip>192.0.2.1</source_ip>\
         <count>2</count></row><identifiers><header_from>example.org</header_from></identifiers></record></feedback>\n"
    )
}

fn gzip(octets: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(octets).unwrap();
    encoder.finish().unwrap()
}

fn read(path: &Path) -> (Value, i32) {
    let run = run(["reports".as_ref(), "--format=json".as_ref(), path.as_os_str()]);
    (run.json(), run.status)
}

fn put(folder: &Path, files: &[(&str, Vec<u8>)]) {
    for (name, octets) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, octets).unwrap();
    }
}

#[test]
fn a_mailbox_is_read_mail_by_mail_in_its_order() {
    const MAILS: u32 = 3_000;
    let mut mailbox = String::new();
    for id in 1..=MAILS {
        writeln!(mailbox, "From dmarc@receiver.example Thu Feb 29 12:00:00 2024").unwrap();
        mailbox.push_str(if id == 5 { "Subject: hello\n\nFrom now on, no report.\n" } else { "" });
        mailbox.push_str(&if id == 5 { String::new() } else { mail(id) });
        mailbox.push('\n');
    }
    assert!(mailbox.len() > 1 << 20, "more than one piece");
    let folder = tempfile::tempdir().unwrap();
    put(
        folder.path(),
        &[("a.xml", mail(1)[70..].into()), ("box", mailbox.into()), ("z.eml", mail(MAILS).into())],
    );
    let (document, status) = read(&folder.path().join("box"));
    assert_eq!(status, 0, "{}", document["refused"]);
    let totals = &document["totals"];
    assert_eq!((&totals["inputs"], &totals["inputs_incomplete"]), (&1.into(), &0.into()));
    assert_eq!((&totals["reports"], &totals["skipped"]), (&(MAILS - 1).into(), &1.into()));
    assert_eq!(totals["messages_out"], 2 * (MAILS - 1));
    let reports = document["reports"].as_array().unwrap();
    assert_eq!(reports[4]["container_path"], "message 6/part 1");
    assert_eq!(reports[(MAILS - 2) as usize]["container_path"], format!("message {MAILS}/part 1"));
    assert_eq!(document["skipped"][0]["container_path"], "message 5/part 1");
    // Among others, and as rows.
    let run = run(["reports".as_ref(), "--format=jsonl".as_ref(), folder.path().as_os_str()]);
    assert_eq!(run.status, 1, "the first file begins in the middle");
    let ids: Vec<u32> = String::from_utf8(run.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|row| row["report_id"].as_str().unwrap().parse().unwrap())
        .collect();
    let expected: Vec<u32> = (1..=MAILS).filter(|id| *id != 5).chain([MAILS]).collect();
    assert_eq!(ids, expected);
}

#[test]
fn of_a_maildir_the_mails_are_read_that_were_delivered() {
    let folder = tempfile::tempdir().unwrap();
    put(
        folder.path(),
        &[
            ("box/cur/1700000001.M1P1.host:2,S", mail(1).into()),
            ("box/new/1700000002.M2P1.host", mail(2).into()),
            ("box/new/1700000003.M3P1.host.gz", gzip(mail(3).as_bytes())),
            ("box/tmp/1700000004.M4P1.host", mail(4)[..80].into()),
            ("box/.Reports.2024/cur/1700000005.M5P1.host:2,RS", mail(5).into()),
            ("box/.Reports.2024/new/.keep", Vec::new()),
            ("box/.Reports.2024/tmp/1700000006.M6P1.host", mail(6).into()),
            ("box/dovecot-uidlist", b"3 V1 N4\n".to_vec()),
            ("box/.Reports.2024/maildirfolder", Vec::new()),
            ("plain/tmp/report.eml", mail(7).into()),
        ],
    );
    fs::remove_file(folder.path().join("box/.Reports.2024/new/.keep")).unwrap();
    let (document, status) = read(folder.path());
    assert_eq!(status, 0, "{}", document["refused"]);
    assert_eq!(document["totals"]["inputs"], 5);
    let mut ids: Vec<&str> = document["reports"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["report_id"].as_str().unwrap())
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, ["1", "2", "3", "5", "7"]);
}

#[test]
fn a_mailbox_counts_for_a_domain_as_any_other_file() {
    let folder = tempfile::tempdir().unwrap();
    let mailbox: String =
        (1..=3).map(|id| format!("From a@b.example Thu Feb 29 12:00:00 2024\n{}\n", mail(id))).collect();
    let zone = "$ORIGIN example.org.\n@ 60 IN TXT \"v=spf1 -all\"\n_dmarc.example.org. 60 IN TXT \"v=DMARC1; p=reject\"\n";
    put(folder.path(), &[("box", mailbox.into()), ("zone", zone.into())]);
    let (zone, reports) = (folder.path().join("zone"), folder.path().join("box"));
    let run = run([
        "domain".as_ref(),
        "example.org".as_ref(),
        "--format=json".as_ref(),
        "--zone".as_ref(),
        zone.as_os_str(),
        "--reports".as_ref(),
        reports.as_os_str(),
    ]);
    let text = String::from_utf8(run.stdout).unwrap();
    assert!(text.contains("192.0.2.1"), "{text}{}", run.stderr);
}
