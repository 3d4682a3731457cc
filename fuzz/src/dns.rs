//! Laws of zone files, snapshots, record data and DNS messages.

use dmarc_core::diagnostics::{Arg, Diagnostic};
use dmarc_core::dns::snapshot::{NameEntry, Snapshot};
use dmarc_core::dns::{Record, RecordType, Zone};
use dmarc_core::evaluation::{Answer, AnswerDocument, Facts, Question};
use dmarc_core::limits::Limits;
use dmarc_core::name::DomainName;

/// Small limits, so that short inputs reach them.
fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.zone_octets = 2_000;
    limits.zone_records = 12;
    limits.findings = 20;
    limits
}

/// Whatever the octets: a zone file is read without a panic, the same way twice; findings lie in
/// the file, in order, each with its line and column; what it knows survives being saved.
pub fn zone_file(octets: &[u8]) -> Vec<Diagnostic> {
    let origin = DomainName::parse("example.com").expect("a name");
    let with_origin = Zone::parse(octets, Some(&origin), &limits());
    let without = Zone::parse(octets, None, &limits());
    check_findings(octets, &with_origin.diagnostics);
    check_findings(octets, &without.diagnostics);
    assert_eq!(with_origin.diagnostics, Zone::parse(octets, Some(&origin), &limits()).diagnostics);
    if let Some(zone) = with_origin.value {
        let apex = zone.apex().clone();
        let mut questions = Vec::new();
        for front in ["", "www", "x.a.b", "*"] {
            let Ok(name) = (if front.is_empty() { Ok(apex.clone()) } else { apex.prepend(front) }) else {
                continue;
            };
            let types = [RecordType::A, RecordType::Cname, RecordType::Mx, RecordType::Txt];
            questions.extend(types.map(|record_type| Question::dns(name.clone(), record_type)));
        }
        let mut facts = Facts::new();
        facts.add_zone(zone);
        saved(&facts, &questions);
        let outside = Question::txt(DomainName::parse("outside.test").expect("a name"));
        if !apex.is_root() && !DomainName::parse("outside.test").expect("a name").is_within(&apex) {
            assert_eq!(facts.look_up(&outside), None, "nothing follows for names outside the zone");
        }
    }
    let mut found = with_origin.diagnostics;
    found.extend(without.diagnostics);
    found
}

fn check_findings(octets: &[u8], found: &[Diagnostic]) {
    let mut last = 0;
    for one in found {
        let span = one.span.expect("a finding in a zone file has a place");
        assert!(span.start <= span.end && span.end <= octets.len(), "{} lies outside", one.rule.code);
        assert!(last <= span.start, "findings are in order");
        last = span.start;
        let place = one.place.as_ref().expect("a line and a column");
        let line = octets[..span.start].iter().filter(|octet| **octet == b'\n').count() as u64 + 1;
        assert_eq!((place.line, place.offset), (line, span.start as u64));
        for arg in one.rule.args {
            let value = one.argument(arg).unwrap_or_else(|| panic!("{} lacks {arg}", one.rule.code));
            let Arg::Text(text) = value else { continue };
            assert!(text.len() < 1_000, "{}: {arg} is not shortened", one.rule.code);
        }
    }
    assert!(found.len() <= limits().findings + 1);
}

/// Whatever the octets: a snapshot that is read is written and read back; findings aside, what it
/// knows survives being saved.
pub fn snapshot(octets: &[u8]) -> Vec<Diagnostic> {
    let Ok(snapshot) = Snapshot::from_json(octets, &limits()) else { return Vec::new() };
    let json = serde_json::to_string(&snapshot).expect("a snapshot has a JSON form");
    let again = Snapshot::from_json(&json, &Limits::default()).expect("what was written can be read");
    assert_eq!(again, snapshot);
    let mut questions = Vec::new();
    for (text, entry) in &snapshot.names {
        let Ok(name) = DomainName::parse(text) else { continue };
        questions.extend(RecordType::ALL.map(|record_type| Question::dns(name.clone(), record_type)));
        questions.push(Question::PublicSuffix { name: name.clone() });
        questions.extend(name.parent().map(Question::txt));
        questions.extend(name.prepend("below").map(Question::txt));
        if matches!(entry, NameEntry::NxDomain) {
            let answer = Facts::from_snapshot(&snapshot).look_up(&Question::txt(name));
            // Another way to write the name may say otherwise, which is a finding.
            assert!(answer.is_some());
        }
    }
    questions.extend(snapshot.https.keys().map(|url| Question::Https { url: url.clone() }));
    saved(&Facts::from_snapshot(&snapshot), &questions);
    snapshot.findings()
}

/// Facts that are saved and read give the same answers, and know nothing else.
pub fn saved(facts: &Facts, questions: &[Question]) {
    let snapshot = facts.to_snapshot(questions);
    let json = serde_json::to_string(&snapshot).expect("a snapshot has a JSON form");
    let read = Snapshot::from_json(&json, &Limits::default()).expect("what was written can be read");
    assert_eq!(read, snapshot);
    assert_eq!(read.findings(), []);
    let again = Facts::from_snapshot(read);
    for question in questions {
        let answer = facts.look_up(question);
        assert_eq!(again.look_up(question), answer, "{question:?}");
        if let Some(answer) = &answer {
            document(question, answer);
        }
    }
    assert_eq!(serde_json::to_string(&again.to_snapshot(questions)).expect("JSON"), json);
}

/// An answer survives its document, with the question and by itself.
fn document(question: &Question, answer: &Answer) {
    assert_eq!(AnswerDocument::from(answer).into_answer(question).as_ref(), Ok(answer));
    let json = serde_json::to_string(answer).expect("JSON");
    assert_eq!(&serde_json::from_str::<Answer>(&json).expect("an answer"), answer);
}

/// Whatever the text: record data that is read is written and read back.
pub fn presentation(text: &str) {
    for record_type in RecordType::ALL {
        if let Ok(record) = Record::from_presentation(record_type, text) {
            assert_eq!(record.record_type(), record_type);
            round_trip(&record);
        }
    }
}

/// Whatever the strings: a TXT record survives its text, as a value and in a zone file.
pub fn strings(strings: &[Vec<u8>]) {
    let record = Record::Txt(strings.to_vec());
    round_trip(&record);
    let file = format!("$ORIGIN t.\n@ 1 SOA a a 1 1 1 1 1\nx TXT {}\n", dmarc_core::dns::quote(strings));
    let parsed = Zone::parse(&file, None, &Limits::default());
    assert_eq!(parsed.diagnostics, []);
    let mut facts = Facts::new();
    facts.add_zone(parsed.value.expect("a zone"));
    let answer = facts.look_up(&Question::txt(DomainName::parse("x.t").expect("a name")));
    assert!(matches!(answer, Some(Answer::Records(set)) if set.records == [record]));
}

fn round_trip(record: &Record) {
    let printed = record.to_presentation();
    let read = Record::from_presentation(record.record_type(), &printed);
    assert_eq!(read.as_ref(), Ok(record), "{printed}");
}

/// Whatever the octets: a message is read without a panic, and an answer from it fits the question
/// and survives being saved. The query that the question makes is one that the reader accepts.
pub fn dns_wire(octets: &[u8]) {
    for record_type in RecordType::ALL {
        let name = asked_name(octets).unwrap_or_else(|| DomainName::parse("example.com").expect("a name"));
        let question = Question::dns(name, record_type);
        if let Ok(answer) = Answer::from_message(&question, octets) {
            let mut facts = Facts::new();
            facts.insert(question.clone(), answer.clone());
            assert_eq!(facts.look_up(&question), Some(answer), "the answer fits the question");
            saved(&facts, std::slice::from_ref(&question));
        }
        let mut message = question.to_message(7).expect("a question to the DNS");
        message[2] |= 0x80;
        message[3] |= 0x80;
        assert_eq!(Answer::from_message(&question, &message), Ok(Answer::NoData));
    }
}

/// The first name of a message, so that the question is often the one that it answers.
fn asked_name(octets: &[u8]) -> Option<DomainName> {
    let mut rest = octets.get(12..)?;
    let mut text = String::new();
    while let Some((&length, behind)) = rest.split_first().filter(|(length, _)| **length != 0) {
        let (label, behind) = behind.split_at_checked(usize::from(length))?;
        text.push_str(std::str::from_utf8(label).ok()?);
        text.push('.');
        rest = behind;
    }
    DomainName::parse(&text).ok()
}
