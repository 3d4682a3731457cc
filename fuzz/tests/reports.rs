//! The laws of reports over generated documents, and over the shared cases and what the fuzzers
//! found.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

use dmarc_fuzz::{failure, reports};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// Parts that reports are made of, and the slips that are seen in them.
#[rustfmt::skip]
const PARTS: &[&str] = &[
    "<feedback>", "</feedback>", "<feedback/>", "<FEEDBACK>", "<x:feedback xmlns:x='urn:ietf:params:xml:ns:dmarc-2.0'>",
    "<?xml version=\"1.0\"?>", "<?xml version='1.0' encoding='iso-8859-1'?>", "<?xml version='1.0' encoding='x-none'?>",
    "<record>", "</record>", "<record/>", "<Record a='>'>", "<record><row><count>3</count></row></record>",
    "<row>", "</row>", "<count>", "</count>", "<count>7</count>", "<count/>", "<COUNT> 8 </COUNT>", "<count>&#49;</count>",
    "<count><![CDATA[9]]></count>", "<count>1<!-- 2 -->3</count>", "<count>1<b/>2</count>", "<count>-1</count>",
    "<count>9223372036854775807</count>", "<count>99999999999999999999</count>", "<count>\u{a0}5</count>", "<count>5",
    "<source_ip>192.0.2.1</source_ip>", "<source_ip>2001:DB8::1</source_ip>", "<source_ip>x</source_ip>", "<source_ip/>",
    "<policy_evaluated>", "</policy_evaluated>", "<disposition>none</disposition>", "<disposition>REJECT</disposition>",
    "<dkim>pass</dkim>", "<dkim>", "</dkim>", "<dkim/>", "<spf>softfail</spf>", "<spf></spf>", "<spf>", "</spf>", "<reason>", "</reason>",
    "<type>other</type>", "<comment lang='en'>x</comment>", "<identifiers>", "</identifiers>", "<identities>", "</identities>",
    "<header_from>Example.COM.</header_from>", "<header_from>b\u{fc}cher.example</header_from>", "<envelope_from/>",
    "<auth_results>", "</auth_results>", "<domain>example.com</domain>", "<selector>s</selector>", "<result>pass</result>",
    "<result>hardfail</result>", "<scope>mfrom</scope>", "<human_result/>", "<report_metadata>", "</report_metadata>",
    "<org_name>AT&T</org_name>", "<email>a@example.com</email>", "<email><a@example.com></email>", "<report_id>1</report_id>",
    "<date_range>", "</date_range>", "<begin>1700006400</begin>", "<end>1700092799.5</end>", "<end>x</end>", "<policy_published>",
    "</policy_published>", "<p>none</p>", "<sp/>", "<np>none</np>", "<pct>100</pct>", "<testing>n</testing>", "<extension>", "</extension>",
    "<x:any xmlns:x='urn:x'>", "</x:any>", "<x:row>", "</x:row>", "<y:b xmlns:y='urn:y' x:c='&lt;' d=e>", "</y:b>", "<auth_results/>",
    "<x:any a='1' xmlns:x='urn:x'/>", "<i xmlns=''/>", "<feedback xmlns='urn:z' xmlns:x='urn:x'>", "<z:>", "\r\n", "<schema>", "</schema>", "<!-- <record> -->", "<!--", "-->", "<![CDATA[<record>]]>",
    "<![CDATA[", "]]>", "]]]>", "<!DOCTYPE feedback>", "<!x", "<?", "?>", "<", ">", "</", "/>", "&", "&amp;", "&#0;", "&nbsp;", ";", "\"", "'",
    " ", "\n", "\u{0}", "junk", "\u{feff}", "<a b=\"<record>\">", "<a\"<!--\">", "<record\">\">", "<count'>'>", "{", "From: a\n", "\n\n",
];

/// Every element of both schemas, as large reporters write them.
const PLAIN: &str = "<?xml version=\"1.0\"?>
<feedback>
  <version>1.0</version>
  <report_metadata>
    <org_name>Reporter</org_name>
    <email>a@example.net</email>
    <extra_contact_info>x</extra_contact_info>
    <report_id>1</report_id>
    <date_range>
      <begin>1700006400</begin>
      <end>1700092799</end>
    </date_range>
    <error>none</error>
    <generator>g</generator>
  </report_metadata>
  <policy_published>
    <domain>example.com</domain>
    <adkim>r</adkim>
    <aspf>s</aspf>
    <p>reject</p>
    <sp>none</sp>
    <np>none</np>
    <pct>100</pct>
    <fo>1</fo>
    <testing>n</testing>
    <discovery_method>treewalk</discovery_method>
  </policy_published>
  <extension></extension>
  <record>
    <row>
      <source_ip>192.0.2.1</source_ip>
      <count>7</count>
      <policy_evaluated>
        <disposition>none</disposition>
        <dkim>fail</dkim>
        <spf>pass</spf>
        <reason>
          <type>mailing_list</type>
          <comment>x</comment>
        </reason>
      </policy_evaluated>
    </row>
    <identifiers>
      <header_from>example.com</header_from>
      <envelope_from>b\u{fc}cher.example</envelope_from>
      <envelope_to></envelope_to>
    </identifiers>
    <auth_results>
      <dkim>
        <domain>example.com</domain>
        <selector>s</selector>
        <result>pass</result>
        <human_result>ok</human_result>
      </dkim>
      <spf>
        <domain>example.com</domain>
        <scope>mfrom</scope>
        <result>pass</result>
      </spf>
    </auth_results>
  </record>
  <record>
    <row>
      <source_ip>2001:db8::1</source_ip>
      <count>1</count>
    </row>
  </record>
</feedback>
";

fn part() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        30 => prop::sample::select(PARTS).prop_map(|part| part.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..4),
    ]
}

/// A report with some of its parts left out, doubled or put elsewhere.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let front = prop_oneof![6 => Just("<feedback><record>"), 2 => Just("<feedback>"), 1 => Just("")];
    (front, prop::collection::vec(part(), 0..40)).prop_map(|(front, parts)| {
        let mut text = front.as_bytes().to_vec();
        text.extend(parts.concat());
        text
    })
}

/// A plain report, of which a few places are cut out, doubled or replaced.
fn nearly_plain() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), 0_usize..30, prop::option::of(part()), any::<bool>());
    (any::<bool>(), prop::collection::vec(change, 0..6)).prop_map(|(indented, changes)| {
        let mut text = PLAIN.to_owned();
        if !indented {
            text.retain(|character| character != '\n' && character != ' ');
        }
        let mut text = text.into_bytes();
        for (place, length, part, double) in changes {
            let from = place.index(text.len());
            let to = (from + length).min(text.len());
            let piece = part.unwrap_or_else(|| if double { text[from..to].repeat(2) } else { Vec::new() });
            text.splice(from..to, piece);
            if text.is_empty() {
                return text;
            }
        }
        text
    })
}

#[test]
fn laws_hold_over_reports_that_are_nearly_plain() {
    let judged = RefCell::new(0);
    let config = Config { cases: cases(), failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&nearly_plain(), |text| {
            reports::aggregate(&text);
            reports::conservation(&text);
            *judged.borrow_mut() += reports::same_key(&text);
            Ok(())
        })
        .unwrap();
    let judged = judged.into_inner();
    assert!(judged > cases() / 20, "the keys of {judged} reports");
}

/// Parts that extensions are made of, and the slips that may be in them.
#[rustfmt::skip]
const EXTENSIONS: &[&str] = &[
    "<x:a>", "</x:a>", "<x:a/>", "<y:b xmlns:y='urn:y' y:c='&lt;'>", "</y:b>", "<y:b xmlns:y='urn:y'/>", "<c xmlns='urn:c'>", "</c>",
    "<c xmlns=\"urn:c\" xml:lang=\"nl\">", "<x:row>", "</x:row>", "<d/>", "<d b='\"&#10;\t'/>", "<d b='1' b='2'/>", "<d b='<'/>", "<e xmlns=''/>",
    "<e xmlns='urn:ietf:params:xml:ns:dmarc-2.0'/>", "<x:a xmlns:x='urn:other'/>", "text", " ", "\r\n", "&amp;", "&#13;", "&x;", "&", "]]>",
    "<![CDATA[<x:a>]]>", "<!-- x -->", "<?p?>", "</extension>", "</record>", "<record>", "</feedback>", "<z:z/>", "<1/>", "\u{1}", "\u{e9}",
];

/// A report that can be written, with something where extensions stand, and some of its values.
fn extended() -> impl Strategy<Value = Vec<u8>> {
    let parts =
        || prop::collection::vec(prop::sample::select(EXTENSIONS), 0..6).prop_map(|parts| parts.concat());
    let wrapped = (parts(), 0..3).prop_map(|(parts, how)| match how {
        0 => parts,
        1 => format!("<x:a>{parts}</x:a>"),
        _ => format!("<c xmlns='urn:c'>{parts}</c>"),
    });
    let value =
        prop::sample::select(&["AT&amp;T", "<![CDATA[a<b]]>", "\u{e9}\n\u{a0}x", "", "&#x1F600;"][..]);
    (wrapped.clone(), wrapped, value, any::<bool>()).prop_map(|(report, record, value, is_new)| {
        let mut text = PLAIN
            .replace("<pct>100</pct>", "")
            .replace("<extension></extension>", &format!("<extension>{report}</extension>"));
        text =
            text.replace("<feedback>", "<feedback xmlns='urn:ietf:params:xml:ns:dmarc-2.0' xmlns:x='urn:x'>");
        text = text
            .replacen("</auth_results>", &format!("</auth_results>{record}"), 1)
            .replace("<comment>x", &format!("<comment lang='nl'>{value}"));
        if !is_new {
            for (new, old) in [
                (" xmlns='urn:ietf:params:xml:ns:dmarc-2.0' xmlns:x='urn:x'", ""),
                ("<generator>g</generator>", ""),
                ("<np>none</np>", ""),
                ("<testing>n</testing>", ""),
                ("<discovery_method>treewalk</discovery_method>", ""),
                (record.as_str(), ""),
            ] {
                text = if new.is_empty() { text } else { text.replace(new, old) };
            }
            text = text.replace(&format!("<extension>{report}</extension>"), "");
        }
        // The second record lacks what a draft needs.
        let from = text.rfind("  <record>").unwrap_or_default();
        format!("{}</feedback>", &text[..from]).into_bytes()
    })
}

/// One or more parts, as the text of an extension.
fn extension() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(EXTENSIONS), 0..6)
        .prop_map(|parts| format!("<x:o xmlns:x='urn:x'>{}</x:o>", parts.concat()).into_bytes())
}

#[test]
fn laws_hold_over_reports_that_are_written_again() {
    let written = RefCell::new((0, 0));
    let config = Config { cases: cases(), failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&(extended(), extension()), |(report, extension)| {
            reports::aggregate(&report);
            let mut written = written.borrow_mut();
            written.0 += reports::aggregate_roundtrip(&report);
            written.1 += reports::aggregate_roundtrip(&extension);
            Ok(())
        })
        .unwrap();
    let (reports, extensions) = *written.borrow();
    // A generator of which nothing can be written would prove nothing.
    assert!(
        reports > cases() / 10 && extensions > cases() / 10,
        "{reports} reports, {extensions} extensions"
    );
}

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(3_000)
}

#[test]
fn laws_hold_over_generated_reports() {
    let hit = RefCell::new(BTreeSet::new());
    let config = Config { cases: cases(), failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&text(), |text| {
            reports::aggregate(&text);
            reports::packing(&text);
            let batch = reports::conservation(&text);
            hit.borrow_mut().extend(batch.findings.keys().copied());
            Ok(())
        })
        .unwrap();
    // A generator that no longer meets what it should find would prove nothing.
    for code in ["report/truncated", "report/not-well-formed", "report/invalid-count", "report/unaccounted"] {
        assert!(hit.borrow().contains(code), "{code} is never found");
    }
}

/// Parts that reports on TLS are made of, and the slips that are seen in them.
#[rustfmt::skip]
const JSON: &[&str] = &[
    "{", "}", "[", "]", ",", ":", "\"", "null", "7", "-1", "1.0", "\"5\"", "{}", "[]", "\\", " ", "\u{e9}", "true",
    "\"organization-name\":\"A\"", "\"contact-info\":null", "\"report-id\":1", "\"policies\":[", "\"policies\":{", "\"policy\":{",
    "\"date-range\":{\"start-datetime\":\"2024-02-29T00:00:00Z\",\"end-datetime\":\"2024-02-28\"}", "\"policy-type\":\"STS\"",
    "\"summary\":{\"total-successful-session-count\":3,\"total-failure-session-count\":\"1\"}", "\"policy-string\":\"x\"",
    "\"mx-host\":[\"a\"]", "\"failure-details\":[{\"result-type\":\"x\",\"failed-session-count\":2}]", "\"x\":{\"y\":[1]}",
    "{\"policy\":{\"policy-type\":\"tlsa\",\"policy-domain\":\"example.com\"},\"summary\":{\"total-successful-session-count\":3}}",
];

/// Fields that failure reports are made of, and the slips that are seen in them.
#[rustfmt::skip]
const FIELDS: &[&str] = &[
    "Feedback-Type: auth-failure\n", "Version: 1\n", "Auth-Failure: dmarc (x)\n", "Source-IP: [IPv6:2001:db8::1] x\n", "Source-IP:\n",
    "Identity-Alignment: dkim, spf\n", "Identity-Alignment: none\n", "Arrival-Date: Thu, 29 Feb 2024 12:00:00 +0000\n", "Incidents: 3\n",
    "Authentication-Results: mx.example; dmarc=fail smtp.mailfrom=a@example.com\n", "Original-Mail-From: <a b@example.com>\n",
    "Original-Rcpt-To: \"a\\\"b\"@example.com\n", "Reported-Domain: example.com\n", " folded\n", "\n", "--b\n", "--b--\n", "x\n", "a@b@c\n",
    "Content-Type: message/rfc822\n\nFrom: a@example.com\nSubject: =?utf-8?q?x?=\n\nbody\n", "Content-Type: text/plain\n\n",
    "A message claiming to be from you has failed\n", "  Sender IP Address: 192.0.2.1\n", "detected.\n", "(", ")", "\"", "=",
];

#[test]
fn laws_hold_over_generated_reports_of_the_other_kinds() {
    let parts = |all: &'static [&'static str]| prop::collection::vec(prop::sample::select(all), 0..25);
    let config = Config { cases: 2_000, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&(parts(JSON), parts(FIELDS)), |(json, fields)| {
            reports::tls_report(format!("{{\"report-id\":\"1\",{}", json.concat()).as_bytes());
            reports::failure(fields.concat().as_bytes());
            Ok(())
        })
        .unwrap();
}

/// Lines that drafts of failure reports are made of, and the slips that are to be refused.
#[rustfmt::skip]
const DRAFT: &[&str] = &[
    "from: \"a b\"@receiver.example", "from: a@b@c", "to: x@example.com", "to: x", "date: 0", "date: 253402300799", "message_id: a@b", "description: ",
    "description: caf\u{e9}\\r\\n--b\\n\\n.", "user_agent: A", "user_agent: A/1  (b) ", "user_agent: A/1\\r\\nB: c", "user_agent: A/1  b  (c (d) \\)", "auth_failure: spf",
    "auth_failure: revoked", "auth_failure: adsp", "authentication_results: a.example; spf=fail smtp.mailfrom=\"a b\"@b", "authentication_results: a; b",
    "authentication_results: a.example (x) 1; dkim=fail (bad  key) header.d=b.example", "identity_alignment: ", "identity_alignment: dkim", "identity_alignment: spf,dkim",
    "delivery_result: spam", "delivery_result: x", "original_envelope_id: a  b (c)", "original_mail_from: ", "original_mail_from: \"a>\\\\\"b\"@b", "original_mail_from: a@[IPv6:::1]",
    "original_rcpt_to: a+b@c.example", "original_rcpt_to: \" \"@c.example", "arrival: 1709208000", "arrival: -1", "reporting_mta: Mx.example.", "source_ip: 192.0.2.1",
    "source_ip: ::ffff:192.0.2.1", "source_port: 0", "incidents: 4294967295", "reported_domain: \u{fc}.example", "reported_domain: a_b.example.", "reported_domain: .",
    "reported_uri: mailto:a@b", "reported_uri: a b", "dkim.domain: X.example", "dkim.selector: a.b", "dkim.identity: @x.example", "dkim.identity: \"a b\"@x.example",
    "dkim.canonicalized_header: QUFB QUFB", "dkim.canonicalized_body: ", "dkim.record: v=DKIM1; p=\"\\\\", "spf: a.example v=spf1  -all", "spf: a", "sample: headers",
    "privacy: drop", "privacy: hash", "", "From: a@example.com", "Subject: =?utf-8?q?x?=", "Subject: caf\u{e9} ", "\u{1}", "--b--",
];

#[test]
fn laws_hold_over_failure_reports_that_are_written() {
    let written = RefCell::new(0);
    let config = Config { cases: cases(), failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&prop::collection::vec(prop::sample::select(DRAFT), 0..8), |lines| {
            *written.borrow_mut() += failure::failure_roundtrip(lines.join("\n").as_bytes());
            Ok(())
        })
        .unwrap();
    // A generator of which nothing can be written would prove nothing.
    let written = *written.borrow();
    assert!(written > cases() / 20, "{written} reports");
}

#[test]
fn laws_hold_over_drafts_of_failure_reports_that_were_found() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/failure_roundtrip");
    let mut written = 0;
    for seed in std::fs::read_dir(seeds).expect("the seeds").flatten() {
        written += failure::failure_roundtrip(&std::fs::read(seed.path()).expect("a seed can be read"));
    }
    assert!(written >= 3, "{written} reports");
}

#[test]
fn laws_hold_over_any_octets() {
    let config = Config { cases: 2_000, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&prop::collection::vec(any::<u8>(), 0..200), |octets| {
            reports::aggregate(&octets);
            reports::container(&octets);
            reports::tls_report(&octets);
            reports::failure(&octets);
            Ok(())
        })
        .unwrap();
}

#[test]
fn laws_hold_over_the_shared_cases_and_what_was_found() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut inputs = Vec::new();
    for target in ["aggregate", "aggregate_roundtrip", "container", "conservation", "failure", "tls_report"] {
        let Ok(folder) = std::fs::read_dir(root.join("seeds").join(target)) else { continue };
        inputs.extend(folder.flatten().map(|file| std::fs::read(file.path()).expect("a seed can be read")));
    }
    let vectors = root.join("../dmarc-core/tests/vectors/reports");
    for file in std::fs::read_dir(vectors).expect("the shared cases").flatten() {
        let text = std::fs::read_to_string(file.path()).expect("a vector file can be read");
        let cases: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        for case in cases["cases"].as_array().expect("cases") {
            // Cases of writing have none.
            for input in case["inputs"].as_array().into_iter().flatten() {
                inputs.extend(input["text"].as_str().map(|text| text.as_bytes().to_vec()));
            }
        }
    }
    assert!(inputs.len() > 80, "{} inputs", inputs.len());
    let mut judged = 0;
    for octets in inputs {
        reports::aggregate(&octets);
        judged += reports::same_key(&octets);
        reports::aggregate_roundtrip(&octets);
        reports::packing(&octets);
        reports::container(&octets);
        reports::tls_report(&octets);
        reports::failure(&octets);
    }
    assert!(judged >= 3, "the keys of {judged} reports");
}
