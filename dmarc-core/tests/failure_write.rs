//! Failure reports that are written: they are mail as the standards have it, and they are read as they were meant.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fence is around the library; tests read files and print"
)]

use std::net::IpAddr;

use dmarc_core::limits::Limits;
use dmarc_core::report::Draft as AnyDraft;
use dmarc_core::report::aggregate::{Coded, Count, SourceIp, Timestamp, Word};
use dmarc_core::report::failure::{self, DeliveryResult, Draft, FailureReport, Sample, SampleKind, Standard};
use proptest::prelude::*;
use serde_json::{Value, json};

const MESSAGE: &str = "From: \"A. Person\" <person@example.com>\r\nTo: user@receiver.example\r\nSubject: Hello\r\n\
    Message-ID: <m1@example.com>\r\n\r\nText for user@receiver.example\r\n";

fn draft() -> Value {
    json!({
        "from": "dmarc@receiver.example", "to": ["ruf@example.com", "ruf@consumer.example"], "date": 1_709_208_060,
        "user_agent": "Sample/1.0 (test)", "auth_failure": "dmarc",
        "authentication_results": "receiver.example; dmarc=fail header.from=example.com",
        "identity_alignment": ["dkim", "spf"], "delivery_result": "reject", "original_envelope_id": "65E1A3F0A0",
        "original_mail_from": "bounce@sender.example", "original_rcpt_to": ["user@receiver.example"],
        "arrival": 1_709_208_000, "reporting_mta": "mx.receiver.example", "source_ip": "192.0.2.1", "source_port": 25025,
        "incidents": 3, "reported_domain": ["example.com"], "reported_uri": ["https://example.com/"],
        "dkim": { "domain": "example.com", "selector": "s1", "canonicalized_body": "SGVsbG8=" },
        "spf": [{ "domain": "sender.example", "record": "v=spf1 ip4:192.0.2.7 -all" }],
        "message": MESSAGE,
    })
}

fn read_draft(value: Value) -> Draft {
    serde_json::from_value(value).expect("a draft")
}

/// A mail as it may be sent: of seven bits, in lines that end in CR LF and have 998 characters at most; those of the
/// header and of the fields have 78 where a blank lets them.
fn check_form(document: &str) {
    assert!(document.is_ascii() && document.ends_with("--\r\n"));
    assert!(!document.replace("\r\n", "").contains(['\r', '\n', '\0']));
    assert!(document.split("\r\n").all(|line| line.len() <= 998));
    let header = document.split("\r\n\r\n").next().expect("a header");
    let fields = document.split("message/feedback-report\r\n").nth(1).expect("fields");
    let fields = fields.split("\r\n--").next().expect("the end of the fields");
    for line in header.lines().chain(fields.lines()) {
        let (length, line) = (line.len(), line.trim_start());
        let is_single = |at: usize| !line[..at].ends_with(' ') && !line[at + 1..].starts_with(' ');
        let breaks = line.match_indices(' ').filter(|(at, _)| is_single(*at)).count();
        assert!(length <= 78 || breaks == 0, "{line}");
    }
}

/// What is read of a report is what was written.
fn check_round_trip(draft: &Draft, sample: Sample) {
    let written = draft.write().expect("a draft that can be written");
    check_form(&written.document);
    let read = failure::read(written.document.as_bytes(), &Limits::default()).expect("a failure report");
    assert!(read.complete);
    let codes: Vec<_> = read.findings.counts().map(|found| found.rule.code).collect();
    let of_the_text = |code: &&str| {
        !matches!(
            *code,
            "failure/missing-field" | "failure/unreadable-author" | "failure/ambiguous-alignment"
        )
    };
    assert_eq!(
        codes.iter().copied().filter(|code| of_the_text(code)).count(),
        0,
        "{codes:?}\n{}",
        written.document
    );
    let mut expected = fields_of(draft);
    expected.sample = sample;
    let mut found = read.report;
    if let Some(alignment) = &mut found.identity_alignment {
        // Which standard it follows is found out from the rest, which may not tell.
        assert_ne!(alignment.standard, Some(Standard::Rfc7489));
        alignment.standard = None;
    }
    let source = found.source_ip.take();
    assert_eq!(source.as_ref().and_then(SourceIp::address), draft.source_ip);
    if let Some(stamp) = &mut found.arrival {
        assert!(stamp.time.is_some());
        stamp.raw = String::new();
    }
    assert_eq!(found, expected);
}

/// What a reader is to find in the fields.
fn fields_of(draft: &Draft) -> FailureReport {
    let words = |methods: &Vec<failure::AlignedMethod>| {
        let mut alignment = failure::IdentityAlignment::default();
        alignment.methods = methods.iter().map(|method| Coded::read(method.as_str())).collect();
        let words: Vec<_> = methods.iter().map(|method| method.as_str()).collect();
        alignment.raw = if words.is_empty() { "none".to_owned() } else { words.join(", ") };
        alignment
    };
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let dkim = draft.dkim.as_ref();
    FailureReport {
        feedback_type: Some(Coded::read("auth-failure")),
        user_agent: Some(draft.user_agent.clone()),
        version: Some("1".to_owned()),
        auth_failure: vec![Coded::read(draft.auth_failure.as_str())],
        authentication_results: vec![draft.authentication_results.clone()],
        identity_alignment: draft.identity_alignment.as_ref().map(words),
        delivery_result: draft.delivery_result.map(|result| Coded::read(result.as_str())),
        original_envelope_id: draft.original_envelope_id.clone(),
        original_mail_from: draft.original_mail_from.clone(),
        original_rcpt_to: draft.original_rcpt_to.clone(),
        arrival: draft
            .arrival
            .map(|time| Timestamp { time: Some(dmarc_core::time::UnixTime(time)), raw: String::new() }),
        reporting_mta: draft.reporting_mta.as_ref().map(|name| format!("dns; {name}")),
        source_port: draft.source_port,
        incidents: draft.incidents.map(|number| Count { value: Some(number.into()), raw: None }),
        reported_domain: draft.reported_domain.clone(),
        reported_uri: draft.reported_uri.clone(),
        dkim_domain: dkim.map(|dkim| dkim.domain.clone()),
        dkim_identity: dkim.map(|dkim| dkim.identity.clone().unwrap_or_else(|| format!("@{}", dkim.domain))),
        dkim_selector: dkim.map(|dkim| dkim.selector.clone()),
        dkim_canonicalized_header: dkim.and_then(|dkim| dkim.canonicalized_header.clone()),
        dkim_canonicalized_body: dkim.and_then(|dkim| dkim.canonicalized_body.clone()),
        dkim_selector_dns: dkim.and_then(|dkim| dkim.record.as_ref()).map(|record| quoted(record)),
        spf_dns: draft
            .spf
            .iter()
            .map(|spf| format!("txt : {} : {}", spf.domain, quoted(&spf.record)))
            .collect(),
        ..FailureReport::default()
    }
}

fn sample(kind: SampleKind, subject: &str) -> Sample {
    Sample {
        kind,
        message_id: Some("m1@example.com".to_owned()),
        subject: Some(subject.to_owned()),
        header_from: Some("example.com".to_owned()),
    }
}

#[test]
fn a_report_is_a_mail_of_three_parts() {
    let draft = read_draft(draft());
    check_round_trip(&draft, sample(SampleKind::Full, "Hello"));
    let written = draft.write().expect("a report");
    assert!(written.document.starts_with(
        "From: dmarc@receiver.example\r\nTo: ruf@example.com, ruf@consumer.example\r\n\
         Date: Thu, 29 Feb 2024 12:01:00 +0000\r\nSubject: FW: Hello\r\nMessage-ID: <"
    ));
    assert!(
        written
            .document
            .contains("Content-Type: multipart/report; report-type=feedback-report;\r\n boundary=\"=_")
    );
    assert!(
        written.document.contains("received from IP 192.0.2.1\r\non Thu, 29 Feb 2024 12:00:00 +0000.\r\n")
    );
    assert!(written.document.contains(&format!(
        "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 7bit\r\n\r\n{MESSAGE}--"
    )));
    assert!(
        written.file_name.starts_with("receiver.example!example.com!1709208060!")
            && written.file_name.ends_with(".eml")
    );
    assert_eq!(written.file(), written.document.as_bytes());
    assert_eq!(draft.write().expect("a report"), written, "the same draft gives the same mail");
}

#[test]
fn a_header_alone_goes_as_one() {
    let mut value = draft();
    value["sample"] = json!("headers");
    let draft = read_draft(value);
    check_round_trip(&draft, sample(SampleKind::Headers, "Hello"));
    let written = draft.write().expect("a report").document;
    assert!(written.contains("Content-Type: text/rfc822-headers\r\n") && !written.contains("Text for"));
}

#[test]
fn octets_that_are_no_text_are_encoded() {
    let mut value = draft();
    value["message"] = json!(MESSAGE.replace("Hello", "Bücher 日本").replace("Text", "Tëxt"));
    value["description"] = json!("Bericht über eine Nachricht");
    let draft = read_draft(value.clone());
    check_round_trip(&draft, sample(SampleKind::Full, "Bücher 日本"));
    assert_eq!(draft.write().expect("a report").subject, "FW: Bücher 日本");
    value["message"] = json!({ "base64": "RnJvbTogYUBleGFtcGxlLmNvbQpTdWJqZWN0OiB4Cgr/AA==" });
    let written = read_draft(value).write().expect("a report").document;
    check_form(&written);
    assert!(written.contains("Content-Type: message/global\r\nContent-Transfer-Encoding: base64\r\n"));
}

#[test]
fn local_parts_names_and_subjects_are_not_written_if_they_are_to_be_hidden() {
    for privacy in ["hash", "drop"] {
        let mut value = draft();
        value["privacy"] = json!(privacy);
        value["privacy_key"] = json!("secret");
        value["description"] = json!("About a message to user@receiver.example.");
        value["dkim"]["identity"] = json!("person@example.com");
        let written = read_draft(value).write().expect("a report").document;
        check_form(&written);
        for hidden in ["user@", "person@", "bounce@", "Person", "Hello", "m1@", "Text for", "SGVsbG8"] {
            assert!(!written.contains(hidden), "{privacy}: {hidden}\n{written}");
        }
        assert!(written.contains("@receiver.example") && written.contains("dmarc@receiver.example"));
        let read = failure::read(written.as_bytes(), &Limits::default()).expect("a failure report").report;
        assert_eq!(read.sample.header_from.as_deref(), Some("example.com"));
        assert_eq!(read.sample.kind, SampleKind::Headers);
        assert!(
            read.original_mail_from.is_some_and(|path| path.ends_with("@sender.example") && path.len() > 15)
        );
    }
    let mut value = draft();
    value["privacy"] = json!("hash");
    assert_eq!(read_draft(value).write().expect_err("no key").to_string(), "privacy_key is missing");
}

#[test]
fn what_the_standards_do_not_allow_is_not_written() {
    let refused = |pointer: &str, value: Value| {
        let mut draft = draft();
        match draft.pointer_mut(pointer) {
            Some(place) => *place = value,
            None => {
                let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
                draft.pointer_mut(parent).expect("an object")[name] = value;
            }
        }
        draft["kind"] = json!("failure");
        let draft: AnyDraft = serde_json::from_value(draft).expect("a draft");
        draft.write().expect_err("it is refused").to_string()
    };
    let line = "x\r\nBcc: everyone@example.com";
    for (pointer, element) in [
        ("/user_agent", "user_agent"),
        ("/original_envelope_id", "original_envelope_id"),
        ("/authentication_results", "authentication_results"),
        ("/reporting_mta", "reporting_mta"),
        ("/dkim/selector", "dkim.selector"),
        ("/dkim/record", "dkim.record"),
        ("/spf/0/record", "spf.record"),
        ("/message_id", "message_id"),
    ] {
        assert!(refused(pointer, json!(line)).ends_with(&format!("cannot stand in {element}")), "{pointer}");
    }
    let address = "a@example.com\r\nBcc: b@example.com";
    assert!(refused("/from", json!(address)).ends_with("in from"));
    assert!(refused("/to/0", json!(address)).ends_with("in to"));
    assert!(refused("/original_mail_from", json!("a b@example.com")).ends_with("in original_mail_from"));
    assert!(refused("/original_rcpt_to/0", json!("ü@example.com")).ends_with("in original_rcpt_to"));
    assert!(refused("/reported_uri/0", json!("a b")).ends_with("in reported_uri"));
    assert!(refused("/dkim/canonicalized_body", json!("@")).ends_with("in dkim.canonicalized_body"));
    assert!(refused("/spf/0/domain", json!("a b")).ends_with("in spf.domain"));
    assert!(refused("/date", json!(-1)).ends_with("in date"));
    assert!(refused("/arrival", json!(i64::MAX)).ends_with("in arrival"));
    assert!(refused("/auth_failure", json!("adsp")).ends_with("in auth_failure"));
    assert!(refused("/user_agent", json!("a/b/c")).ends_with("in user_agent"));
    assert!(refused("/original_envelope_id", json!("x".repeat(1_000))).ends_with("in original_envelope_id"));
    // RFC 6591, 3.1: the result of one mechanism.
    let two = "receiver.example; dmarc=fail; spf=fail";
    assert!(refused("/authentication_results", json!(two)).ends_with("in authentication_results"));
    assert!(
        refused("/authentication_results", json!("receiver.example; none"))
            .ends_with("in authentication_results")
    );
    // RFC 9991, 4.
    assert_eq!(refused("/identity_alignment", json!(null)), "identity_alignment is missing");
    assert!(refused("/identity_alignment", json!([])).ends_with("in identity_alignment"));
    assert!(refused("/identity_alignment", json!(["spf", "spf"])).ends_with("in identity_alignment"));
    assert_eq!(refused("/to", json!([])), "to is missing");
    assert_eq!(refused("/reported_domain", json!([])), "reported_domain is missing");
    assert_eq!(refused("/source_ip", json!(null)), "source_ip is missing");
    assert_eq!(refused("/message", json!("")), "message is missing");
    assert_eq!(refused("/user_agent", json!("")), "user_agent is missing");
    // No text makes a draft with this word, but Rust can.
    let unknown = Draft { delivery_result: Some(DeliveryResult::Unknown), ..read_draft(draft()) };
    assert!(unknown.write().expect_err("it is refused").to_string().ends_with("in delivery_result"));
    let of = |failure: &str, results: &str, without: &str| {
        let mut draft = draft();
        draft["auth_failure"] = json!(failure);
        draft["authentication_results"] = json!(results);
        draft.as_object_mut().expect("an object").remove(without);
        read_draft(draft).write().map(drop).map_err(|error| error.to_string())
    };
    // RFC 6591, 3.2.3 and 3.2.6.
    for failure in ["bodyhash", "signature", "revoked"] {
        assert_eq!(of(failure, "a.example; dkim=fail", "dkim"), Err("dkim is missing".to_owned()));
        assert_eq!(of(failure, "a.example; dkim=fail", "spf"), Ok(()));
    }
    assert_eq!(of("spf", "a.example; spf=softfail", "spf"), Err("spf is missing".to_owned()));
    assert_eq!(of("spf", "a.example; spf=none", "spf"), Ok(()));
}

prop_compose! {
    fn line()(text in "[!-~]([ -~]{0,200}[!-~])?") -> String { text }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Law: what is written is read as it was meant, or it is not written.
    #[test]
    fn reading_gives_back_what_was_written(
        envelope_id in line(),
        record in line(),
        key in line(),
        uri in "[a-z]{3,5}:[!#-;=?-~]{1,300}",
        mail_from in "|[a-z.+=-]{1,20}@example\\.net|\"[ !#-\\[\\]-~]{1,30}\"@example\\.net",
        ip in any::<IpAddr>(),
        port in any::<u16>(),
        incidents in any::<u32>(),
        arrival in 0..4_000_000_000_i64,
        octets in prop::collection::vec(any::<u8>(), 1..400),
        subject in "[!-~éü日]([ -~éü日]{0,120}[!-~éü日])?",
        methods in prop::sample::subsequence(vec!["dkim", "spf"], 1..=2),
        with_body in any::<bool>(),
    ) {
        use base64::Engine;
        let mut value = draft();
        value["original_envelope_id"] = json!(envelope_id);
        value["spf"][0]["record"] = json!(record);
        value["dkim"]["record"] = json!(key);
        value["dkim"]["canonicalized_body"] = json!(base64::engine::general_purpose::STANDARD.encode(&octets));
        value["reported_uri"] = json!([uri]);
        value["original_mail_from"] = json!(mail_from);
        value["source_ip"] = json!(ip.to_canonical());
        value["source_port"] = json!(port);
        value["incidents"] = json!(incidents);
        value["arrival"] = json!(arrival);
        value["identity_alignment"] = json!(methods);
        // An encoded word would be read as what it stands for.
        let subject = subject.replace("=?", "=");
        value["message"] = json!(format!(
            "From: a@example.com\nSubject: {subject}\nMessage-ID: <m1@example.com>\n{}",
            if with_body { "\n--=_x\nBody" } else { "" }
        ));
        let kind = if with_body { SampleKind::Full } else { SampleKind::Headers };
        check_round_trip(&read_draft(value), sample(kind, &subject));
    }

    /// Law: whatever the texts, what is written is one mail whose header is the one that was meant.
    #[test]
    fn no_text_brings_a_line_of_its_own(
        text in "(\\PC|[\r\n\0\t]){0,60}",
        field in 0..8_usize,
    ) {
        let mut value = draft();
        let pointer = ["/user_agent", "/from", "/authentication_results", "/original_envelope_id", "/description",
            "/message", "/spf/0/record", "/dkim/selector"][field];
        *value.pointer_mut(pointer).unwrap_or(&mut Value::Null) = json!(text);
        value["description"] = json!(text);
        if let Ok(written) = read_draft(value).write() {
            check_form(&written.document);
            let header = written.document.split("\r\n\r\n").next().expect("a header");
            let names = header.split("\r\n").filter(|line| !line.starts_with(' '));
            let names: Vec<_> = names.map(|line| line.split(':').next().unwrap_or_default()).collect();
            prop_assert_eq!(names, ["From", "To", "Date", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]);
            prop_assert!(failure::read(written.document.as_bytes(), &Limits::default()).is_some());
        }
    }
}
