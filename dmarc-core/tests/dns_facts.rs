//! Facts from several sources, and snapshots that cannot be read.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fence is around the library; tests read files and print"
)]

use dmarc_core::dns::snapshot::{NameEntry, Snapshot, SnapshotError, TypeEntry};
use dmarc_core::dns::{Record, RecordType, Zone};
use dmarc_core::evaluation::{Answer, Facts, Question, RecordSet};
use dmarc_core::limits::Limits;
use dmarc_core::name::DomainName;

fn name(text: &str) -> DomainName {
    DomainName::parse(text).unwrap()
}

fn txt(text: &str) -> Question {
    Question::txt(name(text))
}

fn text(text: &str) -> Record {
    Record::from_presentation(RecordType::Txt, text).unwrap()
}

fn snapshot(json: &str) -> Snapshot {
    Snapshot::from_json(json, &Limits::default()).unwrap()
}

fn zone(text: &str) -> Zone {
    Zone::parse(text, None, &Limits::default()).into_result().unwrap()
}

fn records(answer: Option<Answer>) -> Vec<Record> {
    match answer {
        Some(Answer::Records(set)) => set.records,
        other => panic!("no records: {other:?}"),
    }
}

#[test]
fn answers_come_before_zones_and_zones_before_snapshots() {
    let mut facts = Facts::from_snapshot(snapshot(
        r#"{"complete": true, "names": {"a.example.com": {"TXT": ["snapshot"]}, "b.example.net": {"TXT": ["snapshot"]}}}"#,
    ));
    assert_eq!(records(facts.look_up(&txt("a.example.com"))), [text("snapshot")]);
    facts.add_zone(zone("$ORIGIN example.com.\n@ 60 SOA ns h 1 1 1 1 60\na TXT zone\n"));
    assert_eq!(records(facts.look_up(&txt("a.example.com"))), [text("zone")]);
    assert_eq!(facts.look_up(&txt("b.example.com")), Some(Answer::NxDomain));
    assert_eq!(records(facts.look_up(&txt("b.example.net"))), [text("snapshot")]);
    facts.insert(txt("a.example.com"), Answer::records(vec![text("answer")]));
    assert_eq!(records(facts.look_up(&txt("a.example.com"))), [text("answer")]);
}

#[test]
fn an_alias_is_followed_from_a_zone_into_an_answer_and_a_snapshot() {
    let mut facts = Facts::new();
    facts.add_zone(zone(
        "$ORIGIN example.com.\n@ 60 SOA ns h 1 1 1 1 60\na 30 CNAME b.example.net.\nc CNAME d.example.org.\n",
    ));
    assert_eq!(facts.look_up(&txt("a.example.com")), None, "the target is not known yet");
    let set =
        RecordSet { records: vec![text("x")], ttl: Some(90), authentic: Some(true), ..RecordSet::default() };
    facts.insert(txt("b.example.net"), Answer::Records(set));
    let Some(Answer::Records(set)) = facts.look_up(&txt("a.example.com")) else { panic!("no records") };
    assert_eq!((set.ttl, set.authentic), (Some(30), None), "a zone file does not say what was validated");
    assert_eq!(set.aliases, [name("b.example.net")]);
    facts.add_snapshot(snapshot(r#"{"names": {"d.example.org": {"TXT": "TIMEOUT"}}}"#));
    assert_eq!(facts.look_up(&txt("c.example.com")), Some(Answer::Failure { reason: "TIMEOUT".into() }));
}

#[test]
fn an_answer_that_cannot_answer_the_question_counts_as_a_failure() {
    let mut facts = Facts::new();
    let mismatch = Some(Answer::Failure { reason: "MISMATCH".into() });
    facts.insert(txt("a.test"), Answer::records(vec![Record::A([192, 0, 2, 1].into())]));
    assert_eq!(facts.look_up(&txt("a.test")), mismatch);
    facts.insert(txt("a.test"), Answer::PublicSuffix(name("test")));
    assert_eq!(facts.look_up(&txt("a.test")), mismatch);
    facts.insert(txt("a.test"), Answer::Records(RecordSet::default()));
    assert_eq!(facts.look_up(&txt("a.test")), Some(Answer::NoData));
    let suffix = Question::PublicSuffix { name: name("a.test") };
    facts.insert(suffix.clone(), Answer::PublicSuffix(name("example")));
    assert_eq!(facts.look_up(&suffix), mismatch);
}

#[test]
fn saved_facts_keep_every_kind_of_answer() {
    let mut facts = Facts::new();
    let dns = |text: &str, record_type| Question::dns(name(text), record_type);
    let https = |url: &str| Question::Https { url: url.to_owned() };
    let suffix = |text: &str| Question::PublicSuffix { name: name(text) };
    let whole = RecordSet {
        records: vec![text("x"), text("\"a\" \"b\"")],
        aliases: vec![name("b.test"), name("c.test")],
        ttl: Some(60),
        authentic: Some(true),
    };
    let body = |body: &[u8]| Answer::Https { status: 200, content_type: None, body: body.to_vec() };
    let known = [
        (dns("a.test", RecordType::Txt), Answer::Records(whole)),
        (dns("a.test", RecordType::A), Answer::records(vec![Record::A([192, 0, 2, 1].into())])),
        (dns("a.test", RecordType::Mx), Answer::NoData),
        (dns("a.test", RecordType::Aaaa), Answer::NxDomain),
        (dns("a.test", RecordType::Ns), Answer::Failure { reason: "NXDOMAIN".into() }),
        (dns("a.test", RecordType::Ptr), Answer::Failure { reason: String::new() }),
        (dns("b.test", RecordType::A), Answer::NotPossible),
        (dns("b.test", RecordType::Mx), Answer::NotAnswered),
        (https("https://a.test/"), body(b"text")),
        (https("https://b.test/"), body(b"\xff\x00")),
        (https("https://c.test/"), Answer::Failure { reason: "TIMEOUT".into() }),
        (https("https://d.test/"), Answer::NotAnswered),
        (suffix("x.a.test"), Answer::PublicSuffix(name("a.test"))),
        (suffix("y.test"), Answer::PublicSuffix(DomainName::root())),
        (suffix("z.test"), Answer::NotPossible),
    ];
    for (question, answer) in &known {
        facts.insert(question.clone(), answer.clone());
    }
    let saved = facts.to_snapshot(known.iter().map(|(question, _)| question));
    assert_eq!(saved.findings(), []);
    let json = serde_json::to_string_pretty(&saved).unwrap();
    let read = snapshot(&json);
    assert_eq!(read, saved);
    let again = Facts::from_snapshot(&read);
    for (question, answer) in &known {
        assert_eq!(again.look_up(question).as_ref(), Some(answer), "{question:?} in {json}");
    }
    assert_eq!(again.look_up(&dns("a.test", RecordType::Tlsa)), None, "it was not asked");
    assert_eq!(again.look_up(&dns("test", RecordType::A)), None, "it was not asked");
}

#[test]
fn keys_that_a_snapshot_does_not_know_survive() {
    let json = r#"{"complete":false,"captured":"today","names":{},"smtp":{"mx":[1]},"reports":["a"],"schema":"x/1"}"#;
    let read = snapshot(json);
    assert_eq!(read.further.len(), 2);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&serde_json::to_string(&read).unwrap()).unwrap(),
        serde_json::from_str::<serde_json::Value>(json).unwrap()
    );
}

#[test]
fn a_document_that_is_no_snapshot_says_where_and_why() {
    let shape = |json: &str| match Snapshot::from_json(json, &Limits::default()) {
        Err(SnapshotError::Shape { line, message, .. }) => (line, message),
        other => panic!("{json}: {other:?}"),
    };
    for (json, line, parts) in [
        ("{\"names\": {\"a.test\": {\"TXT\": [\"x\", 1]}}}", 1, &["a.test", "TXT", "value 1", "integer"][..]),
        ("{\"names\": {\n\"a.test\": {\"TXT\": 5}}}", 2, &["a.test", "TXT", "a list of texts"]),
        ("{\"names\": {\"a.test\": []}}", 1, &["a.test", "an object of record types"]),
        ("{\"names\": {\"a.test\": {\"TXT\": {\"tll\": 5}}}}", 1, &["a.test", "TXT", "tll"]),
        ("{\"names\": {\"a.test\": {}, \"a.test\": {}}}", 1, &["the name `a.test` occurs twice"]),
        ("{\"names\": {\"a.test\": {\"A\": [], \"A\": []}}}", 1, &["the record type `A` occurs twice"]),
        ("{\"complete\": \"yes\"}", 1, &["boolean"]),
        ("{\"https\": {\"https://a/\": {\"status\": 70000}}}", 1, &["70000"]),
        ("[]", 1, &["Snapshot"]),
    ] {
        let (found, message) = shape(json);
        assert_eq!(found, line, "{json}: {message}");
        for part in parts {
            assert!(message.contains(part), "{json}: {message} lacks {part}");
        }
    }
    for json in ["", "{", "{\"names\": {\"a.test\": {\"TXT\": [\"x\"", "\u{0}", "<html>"] {
        let error = Snapshot::from_json(json, &Limits::default());
        assert!(matches!(error, Err(SnapshotError::Json { .. })), "{json}: {error:?}");
    }
    let mut limits = Limits::default();
    limits.zone_octets = 3;
    assert_eq!(Snapshot::from_json("{  }", &limits), Err(SnapshotError::TooLarge { limit: 3 }));
}

#[test]
fn a_snapshot_can_be_made_in_rust() {
    let types = [("TXT".to_owned(), TypeEntry::Data(vec!["v=DMARC1; p=none".to_owned()]))];
    let names = [("_dmarc.a.test".to_owned(), NameEntry::Types(types.into()))];
    let made = Snapshot { complete: true, names: names.into(), ..Snapshot::default() };
    assert_eq!(
        records(Facts::from_snapshot(&made).look_up(&txt("_dmarc.a.test"))),
        [text("v=DMARC1; p=none")]
    );
    assert_eq!(made, snapshot(&serde_json::to_string(&made).unwrap()));
}

#[test]
fn depth_and_size_do_not_break_the_reader() {
    let deep = format!("{{\"captured\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(Snapshot::from_json(deep, &Limits::default()).is_err());
    let names: Vec<String> =
        (0..10_000).map(|number| format!("\"n{number}.example.com\": {{\"TXT\": [\"{number}\"]}}")).collect();
    let large = snapshot(&format!("{{\"complete\": true, \"names\": {{{}}}}}", names.join(",")));
    let facts = Facts::from_snapshot(large);
    assert_eq!(records(facts.look_up(&txt("n9999.example.com"))), [text("9999")]);
    assert_eq!(facts.look_up(&txt("example.com")), Some(Answer::NoData));
}
