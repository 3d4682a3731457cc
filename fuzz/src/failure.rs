//! Laws of failure reports that are written.

use std::collections::BTreeSet;

use dmarc_core::limits::Limits;
use dmarc_core::name::DomainName;
use dmarc_core::report::aggregate::{Coded, SourceIp};
use dmarc_core::report::failure::{
    self, AlignedMethod, AuthFailure, DeliveryResult, Draft, DraftDkim, DraftPrivacy, DraftSample, DraftSpf,
    SampleKind,
};

/// What findings on a report that was written may say: that is up to the message and the fields that were given.
const ALLOWED: [&str; 3] =
    ["failure/missing-field", "failure/unreadable-author", "failure/ambiguous-alignment"];

/// A report that can be written.
fn sample() -> Draft {
    let text = r#"{ "from": "dmarc@receiver.example", "to": ["ruf@example.com"], "date": 1709208060,
        "user_agent": "Sample/1.0", "auth_failure": "dmarc", "identity_alignment": ["dkim", "spf"],
        "authentication_results": "receiver.example; dmarc=fail header.from=example.com",
        "reported_domain": ["example.com"],
        "message": "From: person@example.com\r\nSubject: Hello\r\n\r\nText\r\n" }"#;
    serde_json::from_str(text).expect("a draft")
}

/// A draft by lines of `name: value`, with `\r` and `\n` for the ends of lines, and by the message behind an empty
/// line; what is not named stays as the sample has it.
fn draft(octets: &[u8]) -> Draft {
    let mut draft = sample();
    let end = octets.windows(2).position(|two| two == b"\n\n");
    let (fields, message) = end.map_or((octets, None), |at| (&octets[..at], Some(&octets[at + 2..])));
    if let Some(message) = message {
        draft.message = message.to_vec();
    }
    let mut named = BTreeSet::new();
    for line in String::from_utf8_lossy(fields).split('\n') {
        let Some((name, value)) = line.split_once(": ") else { continue };
        let value = value.replace("\\r", "\r").replace("\\n", "\n");
        let first = named.insert(name.to_owned());
        match name {
            "from" => draft.from = value,
            "date" => draft.date = value.parse().unwrap_or_default(),
            "message_id" => draft.message_id = Some(value),
            "description" => draft.description = Some(value),
            "user_agent" => draft.user_agent = value,
            "auth_failure" => draft.auth_failure = Coded::<AuthFailure>::read(&value).value(),
            "authentication_results" => draft.authentication_results = value,
            "identity_alignment" => {
                let words = value.split(',').filter(|word| !word.is_empty());
                draft.identity_alignment =
                    Some(words.map(|word| Coded::<AlignedMethod>::read(word).value()).collect());
            }
            "delivery_result" => draft.delivery_result = Some(Coded::<DeliveryResult>::read(&value).value()),
            "original_envelope_id" => draft.original_envelope_id = Some(value),
            "original_mail_from" => draft.original_mail_from = Some(value),
            "original_rcpt_to" => draft.original_rcpt_to.push(value),
            "arrival" => draft.arrival = value.parse().ok(),
            "reporting_mta" => draft.reporting_mta = Some(value),
            "source_ip" => draft.source_ip = value.parse().ok(),
            "source_port" => draft.source_port = value.parse().ok(),
            "incidents" => draft.incidents = value.parse().ok(),
            "to" | "reported_domain" => {
                let list = if name == "to" { &mut draft.to } else { &mut draft.reported_domain };
                if first {
                    list.clear();
                }
                list.push(value);
            }
            "reported_uri" => draft.reported_uri.push(value),
            "spf" => {
                let (domain, record) = value.split_once(' ').unwrap_or((&value, ""));
                draft.spf.push(DraftSpf { domain: domain.to_owned(), record: record.to_owned() });
            }
            "sample" => {
                draft.sample = if value == "headers" { DraftSample::Headers } else { DraftSample::Full }
            }
            "privacy" => {
                draft.privacy = if value == "drop" { DraftPrivacy::Drop } else { DraftPrivacy::Hash };
                draft.privacy_key = Some(value);
            }
            _ => signature(&mut draft, name, value),
        }
    }
    draft
}

/// Takes a field of the signature; there is one as soon as one of them is named.
fn signature(draft: &mut Draft, name: &str, value: String) {
    let Some(name) = name.strip_prefix("dkim.") else { return };
    let dkim = draft.dkim.get_or_insert_with(|| DraftDkim {
        domain: "example.com".to_owned(),
        selector: "s1".to_owned(),
        identity: None,
        canonicalized_header: None,
        canonicalized_body: None,
        record: None,
    });
    match name {
        "domain" => dkim.domain = value,
        "selector" => dkim.selector = value,
        "identity" => dkim.identity = Some(value),
        "canonicalized_header" => dkim.canonicalized_header = Some(value),
        "canonicalized_body" => dkim.canonicalized_body = Some(value),
        "record" => dkim.record = Some(value),
        _ => {}
    }
}

/// A domain as it is written.
fn name(text: &str) -> String {
    DomainName::parse(text).expect("a domain that was written").as_str().to_owned()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Whatever the draft: what can be written is a mail of seven bits, and says what it was told to say when it is read.
/// Gives how many reports were written.
pub fn failure_roundtrip(octets: &[u8]) -> u32 {
    let draft = draft(octets);
    let Ok(written) = draft.write() else { return 0 };
    let document = &written.document;
    assert!(document.is_ascii() && document.ends_with("--\r\n"), "{document}");
    assert!(!document.replace("\r\n", "").contains(['\r', '\n', '\0']), "{document}");
    assert!(document.split("\r\n").all(|line| line.len() <= 998), "{document}");
    assert!(!written.file_name.contains(['/', '\\', '\0', '\r', '\n']), "{}", written.file_name);
    let mut limits = Limits::default();
    limits.text_octets = 10 << 20;
    limits.entries = 1_000_000;
    let read = failure::read(document.as_bytes(), &limits).expect("what is written is a failure report");
    assert!(read.complete, "{document}");
    let told = read.findings.counts().map(|found| found.rule.code).find(|code| !ALLOWED.contains(code));
    assert_eq!(told, None, "{document}");
    let report = read.report;
    assert!(report.other.is_empty() && !report.is_prose, "{document}");
    assert_eq!(report.auth_failure.iter().map(|word| word.value()).collect::<Vec<_>>(), [draft.auth_failure]);
    assert_eq!(report.delivery_result.map(|word| word.value()), draft.delivery_result, "{document}");
    let methods = report.identity_alignment.map(|alignment| alignment.methods);
    let methods = methods.map(|methods| methods.iter().map(|word| word.value()).collect::<Vec<_>>());
    assert_eq!(methods, draft.identity_alignment, "{document}");
    assert_eq!(report.user_agent.as_ref(), Some(&draft.user_agent), "{document}");
    // An address of four octets is one in each of its forms.
    let source = draft.source_ip.map(|ip| ip.to_canonical());
    assert_eq!(report.source_ip.as_ref().and_then(SourceIp::address), source, "{document}");
    assert_eq!(report.source_port, draft.source_port, "{document}");
    assert_eq!(report.incidents.and_then(|count| count.value), draft.incidents.map(u64::from), "{document}");
    assert_eq!(report.arrival.and_then(|stamp| stamp.time).map(|time| time.0), draft.arrival, "{document}");
    let names = |list: &[String]| list.iter().map(|text| name(text)).collect::<Vec<_>>();
    assert_eq!(report.reported_domain, names(&draft.reported_domain), "{document}");
    let server = draft.reporting_mta.as_ref().map(|server| format!("dns; {}", name(server)));
    assert_eq!(report.reporting_mta, server, "{document}");
    let dkim = draft.dkim.as_ref();
    assert_eq!(report.dkim_domain, dkim.map(|dkim| name(&dkim.domain)), "{document}");
    assert_eq!(report.dkim_selector, dkim.map(|dkim| name(&dkim.selector)), "{document}");
    let record = dkim.and_then(|dkim| dkim.record.as_deref());
    assert_eq!(report.dkim_selector_dns, record.map(quoted), "{document}");
    assert_eq!(report.spf_dns.len(), draft.spf.len(), "{document}");
    assert_eq!(report.original_rcpt_to.len(), draft.original_rcpt_to.len(), "{document}");
    assert_eq!(report.original_mail_from.is_some(), draft.original_mail_from.is_some(), "{document}");
    if draft.privacy != DraftPrivacy::Keep {
        assert_eq!(report.sample.kind, SampleKind::Headers, "{document}");
        return 1;
    }
    // As it was given, where nothing is hidden.
    match draft.sample {
        DraftSample::Headers => assert_eq!(report.sample.kind, SampleKind::Headers, "{document}"),
        // A message without a body is its header alone.
        _ => assert_ne!(report.sample.kind, SampleKind::None, "{document}"),
    }
    assert_eq!(report.authentication_results, [draft.authentication_results.as_str()], "{document}");
    assert_eq!(report.original_envelope_id, draft.original_envelope_id, "{document}");
    assert_eq!(report.original_mail_from, draft.original_mail_from, "{document}");
    assert_eq!(report.original_rcpt_to, draft.original_rcpt_to, "{document}");
    assert_eq!(report.reported_uri, draft.reported_uri, "{document}");
    let records =
        draft.spf.iter().map(|spf| format!("txt : {} : {}", name(&spf.domain), quoted(&spf.record)));
    assert_eq!(report.spf_dns, records.collect::<Vec<_>>(), "{document}");
    let compact = |text: Option<&String>| text.map(|text| text.split_whitespace().collect::<String>());
    let header = compact(dkim.and_then(|dkim| dkim.canonicalized_header.as_ref()));
    let body = compact(dkim.and_then(|dkim| dkim.canonicalized_body.as_ref()));
    assert_eq!(
        (report.dkim_canonicalized_header, report.dkim_canonicalized_body),
        (header, body),
        "{document}"
    );
    let identity =
        |dkim: &DraftDkim| dkim.identity.clone().unwrap_or_else(|| format!("@{}", name(&dkim.domain)));
    assert_eq!(report.dkim_identity, dkim.map(identity), "{document}");
    1
}
