//! Reports that are written: they validate, and they are read as they were meant.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fence is around the library; tests read files and print"
)]

#[path = "support/xsd.rs"]
mod xsd;

use dmarc_core::limits::Limits;
use dmarc_core::report::aggregate::{self, Coded, Draft, Record, Schema, SourceIp, Word};
use proptest::prelude::*;
use serde_json::{Value, json};

fn draft(schema: &str) -> Value {
    json!({
        "schema": schema, "submitter": "receiver.example", "org_name": "AT&T <Mail>", "email": "dmarc@receiver.example",
        "report_id": "r1.a@receiver.example", "begin": 1_709_164_800, "end": 1_709_251_199,
        "domain": "example.com", "p": "quarantine", "adkim": "s", "fo": "1:d",
        "records": [
            { "source_ip": "2001:db8::1", "count": 3, "disposition": "none", "dkim": "pass", "spf": "fail",
              "reasons": [{ "type": "mailing_list", "comment": "\"a\" & b" }], "header_from": "example.com", "envelope_from": "",
              "envelope_to": "receiver.example",
              "dkim_results": [{ "domain": "example.com", "selector": "s1", "result": "pass", "human_result": "ok" }],
              "spf_results": [{ "domain": "example.com", "scope": "mfrom", "result": "softfail" }] },
            { "source_ip": "192.0.2.1", "count": 1, "disposition": "quarantine", "dkim": "fail", "spf": "fail",
              "header_from": "xn--bcher-kva.example", "envelope_from": "example.net",
              "spf_results": [{ "domain": "example.net", "result": "none" }] },
        ],
    })
}

fn read_draft(draft: Value) -> Draft {
    serde_json::from_value(draft).expect("a draft")
}

/// What is read of a report is what was written.
fn check_round_trip(draft: &Draft) {
    let written = draft.write().expect("a draft that can be written");
    let mut outcome = aggregate::read(written.document.as_bytes(), &Limits::default());
    assert!(outcome.refused.is_none());
    let report = outcome.reports.pop().expect("one report");
    assert!(report.complete);
    let codes: Vec<_> = report.findings.counts().map(|found| found.rule.code).collect();
    let of_the_text = |code: &&str| {
        !matches!(
            *code,
            "report/long-period"
                | "report/unfounded-pass"
                | "report/unaligned-pass"
                | "report/unfounded-fail"
                | "report/unfounded-disposition"
                | "report/short-of-policy"
                | "report/beyond-policy"
                | "report/outside-policy-domain"
                | "report/empty-period"
                | "report/enforced-despite-pass"
                | "report/invalid-domain"
                | "report/empty-element"
        )
    };
    assert_eq!(codes.iter().copied().filter(|code| of_the_text(code)).count(), 0, "{codes:?}");
    let head = &report.head;
    assert_eq!(Some(head.schema.as_str()), draft.schema.map(Schema::as_str));
    let metadata = head.metadata.as_ref().expect("metadata");
    assert_eq!(metadata.org_name.as_deref(), Some(draft.org_name.as_str()));
    assert_eq!(metadata.report_id.as_deref(), Some(draft.report_id.as_str()));
    assert_eq!(metadata.begin.as_ref().and_then(|time| time.time).map(|time| time.0), Some(draft.begin));
    assert_eq!(metadata.errors, draft.errors);
    assert_eq!(metadata.generator, draft.generator);
    let policy = head.policy.as_ref().expect("a policy");
    assert_eq!(policy.domain.as_deref(), Some(draft.domain.as_str()));
    assert_eq!(policy.p.as_ref().map(Coded::value), Some(draft.p));
    assert_eq!(policy.np.as_ref().map(Coded::value), draft.np);
    assert_eq!(policy.adkim.as_ref().map(Coded::value), draft.adkim);
    assert_eq!(policy.testing.as_ref().map(Coded::value), draft.testing);
    assert_eq!(report.records.len(), draft.records.len());
    for (record, row) in report.records.iter().zip(&draft.records) {
        assert_eq!(record.source_ip.as_ref().and_then(SourceIp::address), Some(row.source_ip));
        assert_eq!(record.messages(), Some(row.count));
        assert_eq!(record.disposition().map(Coded::value), Some(row.disposition));
        assert_eq!(record.dkim_verdict().map(Coded::value), Some(row.dkim));
        assert_eq!(record.spf_verdict().map(Coded::value), Some(row.spf));
        assert_eq!(record.header_from(), Some(row.header_from.as_str()));
        let envelope = |record: &Record| record.identifiers.clone().unwrap_or_default().envelope_to;
        assert_eq!(envelope(record), row.envelope_to);
        let reasons = &record.policy_evaluated.as_ref().expect("verdicts").reasons;
        assert_eq!(reasons.len(), row.reasons.len());
        for (read, written) in reasons.iter().zip(&row.reasons) {
            assert_eq!(read.reason_type.as_ref().map(Coded::value), Some(written.reason_type));
            assert_eq!(read.comment, written.comment);
        }
        let results = record.auth_results.clone().expect("results");
        let dkim: Vec<_> =
            results.dkim.iter().map(|one| (one.domain.clone(), one.selector.clone())).collect();
        let expected: Vec<_> =
            row.dkim_results.iter().map(|one| (Some(one.domain.clone()), one.selector.clone())).collect();
        assert_eq!(dkim, expected);
        let spf = |word: Option<&str>| word.map(str::to_owned);
        let read: Vec<_> = results
            .spf
            .iter()
            .map(|one| spf(one.result.as_ref().map(|word| word.value().as_str())))
            .collect();
        let expected: Vec<_> = row.spf_results.iter().map(|one| spf(Some(one.result.as_str()))).collect();
        assert_eq!(read, expected);
    }
}

#[test]
fn written_reports_validate_against_the_schema_of_their_standard() {
    for (name, rfc) in [("rfc9990", "rfc9990.txt"), ("rfc7489", "rfc7489.txt")] {
        let mut value = draft(name);
        if name == "rfc9990" {
            value["extensions"] =
                json!(["<x:tool xmlns:x=\"urn:example:x\"><x:a b=\"1\">&amp;</x:a></x:tool>"]);
            value["records"][0]["extensions"] = json!(["<arc xmlns=\"urn:example:arc\"/>"]);
            value["testing"] = json!("n");
            value["np"] = json!("reject");
            value["generator"] = json!("Sample 1.0");
            value["discovery_method"] = json!("treewalk");
            value["errors"] = json!(["rua: unknown scheme"]);
            value["records"][1]["disposition"] = json!("pass");
        }
        let draft = read_draft(value);
        check_round_trip(&draft);
        let written = draft.write().expect("a report");
        assert_eq!(written.file_name, "receiver.example!example.com!1709164800!1709251199.xml.gz");
        assert_eq!(
            written.subject,
            "Report Domain: example.com Submitter: receiver.example Report-ID: <r1.a@receiver.example>"
        );
        let Some(schema) = xsd::schema(rfc) else {
            println!("skipped: no text of {rfc}");
            continue;
        };
        let folder = std::env::temp_dir().join(format!("dmarc-core-{name}-{}", std::process::id()));
        match xsd::validate(&written.document, &schema, &folder) {
            None => println!("skipped: no xmllint"),
            Some(outcome) => assert_eq!(outcome, Ok(()), "{}", written.document),
        }
        std::fs::remove_dir_all(&folder).expect("the folder can be removed");
    }
}

#[test]
fn what_a_schema_does_not_have_is_not_written() {
    let refused = |schema: &str, pointer: &str, value: Value| {
        let mut draft = draft(schema);
        let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
        draft.pointer_mut(parent).expect("an object")[name] = value;
        read_draft(draft).write().expect_err("it is refused").code()
    };
    assert_eq!(refused("rfc7489", "/np", json!("none")), "not-in-schema");
    assert_eq!(refused("rfc9990", "/pct", json!(50)), "not-in-schema");
    assert_eq!(refused("rfc7489", "/records/0/disposition", json!("pass")), "not-in-schema");
    assert_eq!(refused("rfc9990", "/records/0/spf_results/0/scope", json!("helo")), "not-in-schema");
    assert_eq!(refused("rfc9990", "/records/0/reasons/0/type", json!("sampled_out")), "not-in-schema");
    assert_eq!(refused("rfc7489", "/records/0/spf_results", json!([])), "missing");
    assert_eq!(refused("rfc9990", "/records/0/dkim_results/0/selector", json!(null)), "missing");
    assert_eq!(refused("rfc9990", "/records", json!([])), "missing");
    assert_eq!(refused("rfc9990", "/report_id", json!("a b")), "invalid");
    assert_eq!(refused("rfc9990", "/domain", json!("a!b")), "invalid");
    assert_eq!(refused("rfc9990", "/org_name", json!("a\u{1}b")), "invalid");
    assert_eq!(refused("rfc9990", "/end", json!(1)), "invalid");
    // RFC 9990, 3.5.3: `unique-id = 1*(ALPHA / DIGIT)`.
    assert_eq!(refused("rfc9990", "/unique_id", json!("")), "invalid");
    assert_eq!(refused("rfc9990", "/unique_id", json!("../a")), "invalid");
    for extension in [
        "<a/>",
        "<a xmlns='u'>",
        "<a xmlns='u'/></feedback>",
        "text",
        "<a xmlns='u'>&x;</a>",
        "<!DOCTYPE a><a xmlns='u'/>",
    ] {
        assert_eq!(refused("rfc9990", "/extensions", json!([extension])), "invalid", "{extension}");
    }
    assert!(serde_json::from_value::<Draft>(json!({ "p": "unknown" })).is_err());
}

/// An element in the one form that the reader gives: every text has something in it but blanks.
fn element(prefix: &'static str) -> impl Strategy<Value = String> {
    let name = || prop::sample::select(&["a", "row", "record", "extension", "b-1", "é"][..]);
    let attribute = prop::option::of("[!#-%\'-;=?-~é]{0,8}");
    let leaf = (name(), attribute, "[!-%\'-;=?-~é]{0,9}").prop_map(move |(name, attribute, text)| {
        let attribute =
            attribute.map(|value| format!(" b=\"{}\"", value.replace('>', "&gt;"))).unwrap_or_default();
        let text = text.replace('>', "&gt;");
        match text.as_str() {
            "" => format!("<{prefix}{name}{attribute}/>"),
            text => format!("<{prefix}{name}{attribute}>{text}</{prefix}{name}>"),
        }
    });
    leaf.prop_recursive(3, 12, 3, move |inner| {
        (prop::sample::select(&["a", "count"][..]), prop::collection::vec(inner, 1..3))
            .prop_map(move |(name, inner)| format!("<{prefix}{name}>{}</{prefix}{name}>", inner.concat()))
    })
}

/// An extension that declares its namespace.
fn extension() -> impl Strategy<Value = String> {
    let declare = |xml: String, declaration: &str| {
        let at = xml.find([' ', '>', '/']).expect("the end of its name");
        format!("{}{declaration}{}", &xml[..at], &xml[at..])
    };
    prop_oneof![
        element("x:").prop_map(move |xml| declare(xml, " xmlns:x=\"urn:example:x\"")),
        element("").prop_map(move |xml| declare(xml, " xmlns=\"urn:example:y\"")),
    ]
}

fn read_back(written: &str) -> aggregate::Report {
    let mut outcome = aggregate::read(written.as_bytes(), &Limits::default());
    assert!(outcome.refused.is_none() && outcome.reports.len() == 1);
    outcome.reports.remove(0)
}

#[test]
fn a_report_that_was_read_tells_what_cannot_be_written() {
    let of = |before: &str, behind: &str| {
        let written = read_draft(draft("rfc9990")).write().expect("a draft that can be written");
        assert!(written.document.contains(before), "{before}");
        let error = Draft::of(&read_back(&written.document.replace(before, behind)), "receiver.example");
        error.expect_err("it is refused").to_string()
    };
    assert_eq!(of("<count>3</count>", "<count>x</count>"), "\"x\" cannot stand in count");
    assert_eq!(of("<count>3</count>", ""), "count is missing");
    assert_eq!(of("<p>quarantine</p>", "<p>maybe</p>"), "\"maybe\" cannot stand in p");
    assert_eq!(of("<p>quarantine</p>", "<p/>"), "p is missing");
    assert_eq!(of("<version>1.0</version>", "<version>2.0</version>"), "\"2.0\" cannot stand in version");
    assert_eq!(of("192.0.2.1", "192.0.2.1:25"), "\"192.0.2.1:25\" cannot stand in source_ip");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Law: a draft is what is read of what it writes, extensions and all.
    #[test]
    fn a_draft_is_read_back_whole(
        extensions in prop::collection::vec(extension(), 0..3),
        of_a_record in prop::collection::vec(extension(), 0..3),
        lang in prop::option::of("[a-z]{2}(-[A-Z]{2})?"),
        is_new in any::<bool>(),
    ) {
        let mut value = draft(if is_new { "rfc9990" } else { "rfc7489" });
        if is_new {
            value["extensions"] = json!(extensions);
            value["records"][0]["extensions"] = json!(of_a_record);
            value["records"][0]["reasons"][0]["lang"] = json!(lang);
        } else {
            // What a record may lack and the schema demands.
            value["sp"] = json!("none");
            value["pct"] = json!(50);
            value["records"][1]["spf_results"][0]["scope"] = json!("helo");
        }
        let draft = read_draft(value);
        let written = draft.write().expect("a draft that can be written");
        let again = Draft::of(&read_back(&written.document), "receiver.example").expect("it was written");
        prop_assert_eq!(&again, &draft);
        prop_assert_eq!(again.write().expect("it was written before"), written);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Law: what is written is read as it was meant.
    #[test]
    fn reading_gives_back_what_was_written(
        is_new in any::<bool>(),
        count in 0..=i64::MAX as u64,
        ip in any::<std::net::IpAddr>(),
        comment in "[ -~é\\u{1F600}\n]{0,40}",
        org in "[!-~]{1,20}",
        selector in "[!-~]{1,20}",
        words in (0..3_usize, 0..2_usize, 0..2_usize, 0..7_usize),
    ) {
        let mut value = draft(if is_new { "rfc9990" } else { "rfc7489" });
        let record = &mut value["records"][0];
        // An IPv4 address that is written as IPv6 is read as that IPv4 address.
        record["source_ip"] = json!(ip.to_canonical());
        record["count"] = json!(count);
        record["disposition"] = json!(["none", "quarantine", "reject"][words.0]);
        record["dkim"] = json!(["pass", "fail"][words.1]);
        record["spf"] = json!(["pass", "fail"][words.2]);
        record["spf_results"][0]["result"] = json!(["none", "neutral", "pass", "fail", "softfail", "temperror", "permerror"][words.3]);
        record["reasons"][0]["comment"] = json!(comment.trim());
        record["dkim_results"][0]["selector"] = json!(selector);
        value["org_name"] = json!(org);
        check_round_trip(&read_draft(value));
    }
}
