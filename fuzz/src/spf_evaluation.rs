//! Laws of the evaluation of SPF policies, against a resolver that answers as it likes.

use std::net::Ipv4Addr;

use dmarc_core::dns::{Record, RecordType};
use dmarc_core::evaluation::{Answer, Evaluation, Question, Step};
use dmarc_core::name::DomainName;
use dmarc_core::spf::{CheckHost, Evaluated, SpfResult};

/// Domains that the resolver names; few, so that policies meet each other.
const NAMES: u8 = 6;
/// Terms of the records that it makes up.
const TERMS: &[&str] = &[
    "include:",
    "a:",
    "mx:",
    "ptr:",
    "exists:",
    "redirect=",
    "exp=",
    "-include:",
    "?a:",
    "~mx:",
    "exists:%{ir}.",
    "include:%{d1r}.",
    "a:%{p}.",
    "exists:%{l}.",
    "include:%{h}.",
];

/// Whatever the answers: the check ends in a few rounds, within its limits, and with the same
/// outcome if it is run again.
pub fn ends_within_budget(octets: &[u8]) {
    let check = CheckHost::mail_from([192, 0, 2, 1].into(), "info@n0.example.com", "n1.example.com");
    let found = run(&check, octets);
    assert_eq!(found, run(&check, octets), "the same answers, the same outcome");
    assert!(found.lookups <= check.conventions.lookups + 1 && found.voids <= check.conventions.voids + 1);
    let over = found.lookups > check.conventions.lookups || found.voids > check.conventions.voids;
    assert!(!over || found.result == Some(SpfResult::Permerror));
    assert_eq!(
        found.problem.is_some(),
        matches!(found.result, None | Some(SpfResult::None | SpfResult::Temperror | SpfResult::Permerror))
    );
    assert!(found.explanation.is_none() || found.result == Some(SpfResult::Fail));
    assert!(found.explanation.as_ref().is_none_or(|explanation| explanation.text.is_ascii()));
    let field = found.received_spf(&check);
    assert_eq!(field.is_some(), found.result.is_some());
    assert!(
        field
            .is_none_or(|field| field.len() < 998 && field.bytes().all(|octet| matches!(octet, 0x20..=0x7e)))
    );
}

fn run(check: &CheckHost, octets: &[u8]) -> Evaluated {
    let mut evaluation = Evaluation::new(check.clone());
    loop {
        match evaluation.step() {
            Step::Done(found) => return found,
            Step::Ask(questions) => {
                assert!(evaluation.rounds() <= 60, "rounds go on and on");
                for question in questions {
                    let answer = answer(&question, octets);
                    evaluation.answer(question, answer);
                }
            }
        }
    }
}

/// An answer that depends on the question and the octets alone.
fn answer(question: &Question, octets: &[u8]) -> Answer {
    let Question::Dns { name, record_type } = question else { return Answer::NotPossible };
    let seed = name
        .as_str()
        .bytes()
        .fold(record_type.code() as usize, |sum, octet| sum * 31 % 65_521 + usize::from(octet));
    let byte = |at: usize| octets.get((seed + at) % octets.len().max(1)).copied().unwrap_or(0);
    let host =
        |at: usize| -> DomainName { format!("n{}.example.com", byte(at) % NAMES).parse().expect("a name") };
    match byte(0) % 16 {
        0 => return Answer::NxDomain,
        1 => return Answer::NoData,
        2 => return Answer::Failure { reason: "SERVFAIL".to_owned() },
        3 if byte(1) % 8 == 0 => return Answer::NotAnswered,
        _ => {}
    }
    let count = usize::from(byte(2) % 13);
    let record = |at: usize| match record_type {
        RecordType::A => Record::A(Ipv4Addr::new(192, 0, 2, byte(at) % 4)),
        RecordType::Mx => Record::Mx { preference: byte(at).into(), exchange: host(at + 1) },
        RecordType::Ptr => Record::Ptr(host(at)),
        RecordType::Txt => Record::Txt(vec![policy(at, &byte, &host)]),
        _ => Record::Cname(host(at)),
    };
    // Several policies at one name end everything at once: one in eight will do.
    let count = if *record_type == RecordType::Txt && byte(3) % 8 > 0 { 1 } else { count };
    Answer::records((0..count).map(|index| record(4 + index * 7)).collect())
}

fn policy(at: usize, byte: &impl Fn(usize) -> u8, host: &impl Fn(usize) -> DomainName) -> Vec<u8> {
    let mut text = String::from("v=spf1");
    for index in 0..usize::from(byte(at) % 13) {
        let term = TERMS.get(usize::from(byte(at + index)) % TERMS.len()).copied().unwrap_or("a:");
        text.push_str(&format!(" {term}{}", host(at + 3 * index)));
    }
    text.push_str(
        [" -all", " ~all", "", " all", " ip4:192.0.2.0/25"]
            .get(usize::from(byte(at + 1)) % 5)
            .copied()
            .unwrap_or(""),
    );
    text.into_bytes()
}
