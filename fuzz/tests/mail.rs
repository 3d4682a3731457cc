//! The laws of mails and mailboxes over generated mails, and over the shared cases and what the fuzzers found.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dmarc_fuzz::{mail, reports};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// Parts that mails and mailboxes are made of, and the slips that are seen in them. The reports in base64 are a
/// gzip of one record, and the first half of it.
#[rustfmt::skip]
const PARTS: &[&str] = &[
    "From a@example.com Thu Feb 29 12:00:00 2024\n", "From a@example.com\n", "From now on\n", ">From a\n", ">>From b 2024 10:00\n", "\nFrom x\n",
    "Content-Type: multipart/mixed; boundary=b\n", "Content-Type: multipart/mixed; boundary=\"c\"\r\n", "Content-Type: multipart/digest; boundary=b\n",
    "ContentType: multipart/mixed;\n boundary=b\n", "Content-Type: multipart/mixed\n", "Content-Type: message/rfc822\n", "Content-Type: text/xml\n",
    "Content-Type: text/plain; charset=iso-8859-1\n", "Content-Type: text/html\n", "Content-Type: application/gzip; name=r.xml.gz\n",
    "Content-Type: application/zip; name*0*=utf-8''a%C3%BC; name*1=b\n", "Content-Type: text/csv; name=a\n",
    "Content-Disposition: attachment; filename=\"r!example.com!1!2.xml\"\n",
    "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n", "Content-Type: message/feedback-report\n",
    "Content-Transfer-Encoding: base64\n", "Content-Transfer-Encoding: quoted-printable\n", "Content-Transfer-Encoding: x-uuencode\n",
    "Feedback-Type: auth-failure\n", "\n", "\r\n", "--b\n", "--b\r\n", "--b--\n", "--c\n", "--c--\n", "--", "\n--b\n\n", "--b\n\n--b\n\n--b\n\n--b\n\n--b\n\n--b\n\n--b\n\n",
    "Content-Type: message/rfc822\n\nContent-Type: message/rfc822\n\nContent-Type: message/rfc822\n\nContent-Type: message/rfc822\n\n",
    "text\n", "Content-Type: application/x-bzip2; name=a\n\nBZh9\n--b\n", "unused", " ",
    "H4sIAAAAAAACA7NJS01NSUpMzraz0YfTRanJ+UUpYEYZSCg5vzSvxM7YBiJpow+RskEotEPiQkTRTAIAUZsKj2AAAAA=\n", "H4sIAAAAAAACA7NJS01NSUpMzraz0YfTRanJ+UUpYEYZ\n",
    "<feedback><record><row><count>3</count></row></record></feedback>\n", "<feedback><record><row><count>3</count></row></record>", "<feedback>",
    "<?xml version=3D\"1.0\"?>=\n", "<html>\n", "{\"policies\": []}\n", "begin 644 a\n%2&5L;&\\ \n`\nend\n", "\u{0}", "\u{e9}", "=", "PK\u{3}\u{4}",
];

fn text() -> impl Strategy<Value = Vec<u8>> {
    let front = prop_oneof![
        3 => Just("From: a\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"),
        2 => Just("Content-Type: application/gzip; name=r!example.org!1!2.xml\nContent-Transfer-Encoding: base64\n\n"),
        2 => Just(""),
    ];
    (front, prop::collection::vec(prop::sample::select(PARTS), 0..25))
        .prop_map(|(front, parts)| format!("{front}{}", parts.concat()).into_bytes())
}

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(2_000)
}

#[test]
fn laws_hold_over_generated_mails() {
    let hit = RefCell::new(BTreeSet::new());
    TestRunner::new(Config { cases: cases(), failure_persistence: None, ..Config::default() })
        .run(&text(), |text| {
            mail::mail(&text);
            let batch = reports::conservation(&text);
            let mut hit = hit.borrow_mut();
            hit.extend(batch.findings.keys().copied());
            hit.extend(batch.refused.iter().map(|refused| refused.found.rule.code));
            hit.extend(batch.skipped.iter().map(|skipped| skipped.rule.code));
            Ok(())
        })
        .unwrap();
    // A generator that no longer meets what it should find would prove nothing.
    for code in ["truncated", "no-report", "other-part", "too-many-entries", "unsupported", "too-deep"] {
        let code = format!("container/{code}");
        assert!(hit.borrow().contains(&*code), "{code} is never found");
    }
}

#[test]
fn laws_hold_over_any_octets() {
    TestRunner::new(Config { cases: 2_000, failure_persistence: None, ..Config::default() })
        .run(&prop::collection::vec(any::<u8>(), 0..200), |octets| {
            mail::mail(&octets);
            Ok(())
        })
        .unwrap();
}

#[test]
fn laws_hold_over_the_shared_cases_and_what_was_found() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut inputs = Vec::new();
    for target in ["mail", "container"] {
        let Ok(folder) = std::fs::read_dir(root.join("seeds").join(target)) else { continue };
        inputs.extend(folder.flatten().map(|file| std::fs::read(file.path()).expect("a seed can be read")));
    }
    for name in ["containers", "failure", "tls"] {
        let file = root.join(format!("../dmarc-core/tests/vectors/reports/{name}.json"));
        let text = std::fs::read_to_string(file).expect("a vector file can be read");
        let cases: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        for input in
            cases["cases"].as_array().expect("cases").iter().flat_map(|case| case["inputs"].as_array())
        {
            for input in input {
                inputs.extend(input["text"].as_str().map(|text| text.as_bytes().to_vec()));
                inputs.extend(input["base64"].as_str().map(|text| STANDARD.decode(text).expect("base64")));
            }
        }
    }
    assert!(inputs.len() > 150, "{} inputs", inputs.len());
    for octets in inputs {
        mail::mail(&octets);
        reports::container(&octets);
    }
}
