//! Answers read from messages that are put together octet by octet, so that the reader is not
//! tested with its own writer.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fence is around the library; tests read files and print"
)]
#![cfg(feature = "dns-wire")]

use dmarc_core::dns::wire::WireError;
use dmarc_core::dns::{Record, RecordType};
use dmarc_core::evaluation::{Answer, Question};
use dmarc_core::name::DomainName;

const A: u16 = 1;
const CNAME: u16 = 5;
const SOA: u16 = 6;
const MX: u16 = 15;
const TXT: u16 = 16;
const AAAA: u16 = 28;
const TLSA: u16 = 52;

/// Recursion desired and available, as a resolver answers.
const RESOLVER: u16 = 0x8180;
const AUTHENTIC: u16 = 0x0020;
const TRUNCATED: u16 = 0x0200;
const AUTHORITATIVE: u16 = 0x8400;

/// One record of a message: owner, type, time to live and data.
type Wire<'a> = (&'a str, u16, u32, Vec<u8>);

fn name(text: &str) -> Vec<u8> {
    let mut octets = Vec::new();
    for label in text.split('.').filter(|label| !label.is_empty()) {
        octets.push(u8::try_from(label.len()).unwrap());
        octets.extend(label.bytes());
    }
    octets.push(0);
    octets
}

fn message(flags: u16, question: (&str, u16), answers: &[Wire<'_>], authorities: &[Wire<'_>]) -> Vec<u8> {
    let mut octets = vec![0, 7];
    octets.extend(flags.to_be_bytes());
    for count in [1, answers.len(), authorities.len(), 0] {
        octets.extend(u16::try_from(count).unwrap().to_be_bytes());
    }
    octets.extend(name(question.0));
    octets.extend(question.1.to_be_bytes());
    octets.extend([0, 1]);
    for (owner, record_type, ttl, data) in answers.iter().chain(authorities) {
        octets.extend(name(owner));
        octets.extend(record_type.to_be_bytes());
        octets.extend([0, 1]);
        octets.extend(ttl.to_be_bytes());
        octets.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        octets.extend(data);
    }
    octets
}

fn question(text: &str, record_type: RecordType) -> Question {
    Question::dns(DomainName::parse(text).unwrap(), record_type)
}

fn soa() -> Vec<u8> {
    [name("ns.example.com"), name("h.example.com"), vec![0; 20]].concat()
}

fn failed(reason: &str) -> Result<Answer, WireError> {
    Ok(Answer::Failure { reason: reason.to_owned() })
}

#[test]
fn a_query_is_the_one_of_the_standard() {
    let octets = question("_dmarc.example.com", RecordType::Txt).to_message(0x1234).unwrap();
    // Identifier; RD and AD; one question, and one record (EDNS) in the last section.
    assert_eq!(octets[..12], [0x12, 0x34, 0x01, 0x20, 0, 1, 0, 0, 0, 0, 0, 1]);
    let asked = [name("_dmarc.example.com"), vec![0, 16, 0, 1]].concat();
    assert_eq!(octets[12..12 + asked.len()], asked[..]);
    // EDNS: root, type 41, 1232 octets, no flags.
    assert_eq!(octets[12 + asked.len()..], [0, 0, 41, 4, 0xd0, 0, 0, 0, 0, 0, 0]);
    let signed = question("_dmarc.example.com", RecordType::Txt).to_message_with_signatures(0).unwrap();
    assert_eq!(signed[12 + asked.len()..], [0, 0, 41, 4, 0xd0, 0, 0, 0x80, 0, 0, 0]);
}

#[test]
fn records_of_each_type_are_read() {
    for (record_type, data, text) in [
        (A, vec![192, 0, 2, 1], "192.0.2.1"),
        (AAAA, [vec![0x20, 1, 0x0d, 0xb8], vec![0; 11], vec![1]].concat(), "2001:db8::1"),
        (MX, [vec![0, 10], name("MX.example.com")].concat(), "10 mx.example.com."),
        (TXT, b"\x05one, \x00\x03\xfftw".to_vec(), r#""one, " "" "\255tw""#),
        (TLSA, vec![3, 1, 1, 0xab, 0xcd], "3 1 1 abcd"),
        (SOA, soa(), "ns.example.com. . 0 0 0 0 0"),
    ] {
        let asked = RecordType::from_code(record_type).unwrap();
        let octets = message(
            RESOLVER | AUTHENTIC,
            ("Example.com", record_type),
            &[("eXample.com", record_type, 300, data)],
            &[],
        );
        let Ok(Answer::Records(set)) = Answer::from_message(&question("example.com", asked), &octets) else {
            panic!("{asked}: no records")
        };
        assert_eq!(set.records.iter().map(Record::to_presentation).collect::<Vec<_>>(), [text]);
        assert_eq!((set.ttl, set.authentic), (Some(300), Some(true)));
    }
}

#[test]
fn aliases_are_followed_in_any_order_and_the_lowest_time_counts() {
    let octets = message(
        RESOLVER,
        ("a.example.com", A),
        &[
            ("c.example.com", A, 60, vec![192, 0, 2, 1]),
            ("b.example.com", CNAME, 30, name("c.example.com")),
            ("a.example.com", CNAME, 90, name("b.example.com")),
            ("other.example.com", A, 1, vec![192, 0, 2, 9]),
        ],
        &[],
    );
    let Ok(Answer::Records(set)) = Answer::from_message(&question("a.example.com", RecordType::A), &octets)
    else {
        panic!("no records")
    };
    assert_eq!(set.records, [Record::A([192, 0, 2, 1].into())]);
    assert_eq!(
        set.aliases.iter().map(DomainName::as_str).collect::<Vec<_>>(),
        ["b.example.com", "c.example.com"]
    );
    assert_eq!((set.ttl, set.authentic), (Some(30), Some(false)));
}

#[test]
fn what_the_standards_keep_apart_stays_apart() {
    let asked = question("a.example.com", RecordType::A);
    let read = |flags, answers: &[Wire<'_>], authorities: &[Wire<'_>]| {
        Answer::from_message(&asked, &message(flags, ("a.example.com", A), answers, authorities))
    };
    let alias: &[Wire<'_>] = &[("a.example.com", CNAME, 5, name("b.example.net"))];
    assert_eq!(read(RESOLVER, &[], &[]), Ok(Answer::NoData));
    assert_eq!(read(RESOLVER, alias, &[]), Ok(Answer::NoData));
    assert_eq!(read(RESOLVER | 3, &[], &[]), Ok(Answer::NxDomain));
    assert_eq!(read(RESOLVER | 3, alias, &[]), Ok(Answer::NxDomain));
    assert_eq!(read(RESOLVER | 2, &[], &[]), failed("SERVFAIL"));
    assert_eq!(read(RESOLVER | 5, &[], &[]), failed("REFUSED"));
    assert_eq!(read(RESOLVER | 11, &[], &[]), failed("RCODE11"));
    let looping: &[Wire<'_>] = &[
        ("a.example.com", CNAME, 5, name("b.example.com")),
        ("b.example.com", CNAME, 5, name("a.example.com")),
    ];
    assert_eq!(read(RESOLVER, looping, &[]), failed("CNAME LOOP"));
}

#[test]
fn a_referral_is_not_no_data() {
    let asked = question("a.example.com", RecordType::A);
    let read = |flags, answers: &[Wire<'_>], authorities: &[Wire<'_>]| {
        Answer::from_message(&asked, &message(flags, ("a.example.com", A), answers, authorities))
    };
    let alias: &[Wire<'_>] = &[("a.example.com", CNAME, 5, name("b.example.net"))];
    let referral: &[Wire<'_>] = &[("example.com", 2, 5, name("ns.example.com"))];
    assert_eq!(read(0x8000, &[], referral), failed("REFERRAL"));
    assert_eq!(read(AUTHORITATIVE, alias, &[]), failed("REFERRAL"));
    assert_eq!(read(AUTHORITATIVE, &[], &[]), Ok(Answer::NoData));
    assert_eq!(read(AUTHORITATIVE, alias, &[("example.net", SOA, 5, soa())]), Ok(Answer::NoData));
}

#[test]
fn a_message_that_is_no_answer_says_why() {
    let asked = question("a.example.com", RecordType::A);
    let read = |octets: &[u8]| Answer::from_message(&asked, octets);
    let whole = message(RESOLVER, ("a.example.com", A), &[("a.example.com", A, 5, vec![192, 0, 2, 1])], &[]);
    assert!(read(&whole).is_ok());
    assert_eq!(read(&message(0x0100, ("a.example.com", A), &[], &[])), Err(WireError::NotAResponse));
    assert_eq!(read(&message(RESOLVER, ("b.example.com", A), &[], &[])), Err(WireError::OtherQuestion));
    assert_eq!(read(&message(RESOLVER, ("a.example.com", TXT), &[], &[])), Err(WireError::OtherQuestion));
    // Truncated within a record: what is left need not decode.
    let mut cut = message(
        RESOLVER | TRUNCATED,
        ("a.example.com", A),
        &[("a.example.com", A, 5, vec![192, 0, 2, 1])],
        &[],
    );
    cut.truncate(cut.len() - 3);
    assert_eq!(read(&cut), Err(WireError::Truncated));
    for length in 0..whole.len() {
        assert!(matches!(read(&whole[..length]), Err(WireError::Malformed { .. })), "{length}");
    }
    let url = Question::Https { url: "https://example.com/".to_owned() };
    assert_eq!(url.to_message(0), Err(WireError::NotDns));
    assert_eq!(Answer::from_message(&url, &whole), Err(WireError::NotDns));
    let dotted = [vec![0, 10, 4], b"a.b\xff\0".to_vec()].concat();
    let mail = message(RESOLVER, ("a.example.com", MX), &[("a.example.com", MX, 5, dotted)], &[]);
    let mail = Answer::from_message(&question("a.example.com", RecordType::Mx), &mail);
    assert!(matches!(mail, Err(WireError::Name(_))), "{mail:?}");
}

#[test]
fn a_time_to_live_with_its_highest_bit_set_is_zero() {
    let record = ("a.example.com", A, 0x8000_0001, vec![192, 0, 2, 1]);
    let octets = message(RESOLVER, ("a.example.com", A), &[record], &[]);
    let answer = Answer::from_message(&question("a.example.com", RecordType::A), &octets);
    assert!(matches!(answer, Ok(Answer::Records(set)) if set.ttl == Some(0)));
}
