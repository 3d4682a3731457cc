//! Zones that nobody publishes in earnest: SPF ends on them with the result that RFC 7208 gives, after
//! little work.

use std::net::Ipv4Addr;

use dmarc_core::diagnostics::{Diagnostic, Severity};
use dmarc_core::dns::{Record, RecordType, Snapshot};
use dmarc_core::evaluation::{Answer, Check, Evaluation, Facts, Question, Step};
use dmarc_core::limits::Limits;
use dmarc_core::spf::analysis::{Analysis, Analyze, Family, Outcome};
use dmarc_core::spf::{Became, CheckHost, Evaluated, Problem, SpfResult};

const CLIENT: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);

fn run<C: Check>(check: C, answer: impl Fn(&str, RecordType) -> Answer) -> C::Report {
    let mut evaluation = Evaluation::with_facts(check, Facts::new(), Limits::default());
    loop {
        match evaluation.step() {
            Step::Done(report) => return report,
            Step::Ask(questions) => {
                for question in questions {
                    let Question::Dns { name, record_type } = &question else { panic!("{question:?}") };
                    let answer = answer(name.as_str(), *record_type);
                    evaluation.answer(question, answer);
                }
            }
        }
    }
}

fn check_host(answer: impl Fn(&str, RecordType) -> Answer) -> Evaluated {
    run(CheckHost::mail_from(CLIENT.into(), "info@example.com", "mx.example.com"), answer)
}

fn analyze(answer: impl Fn(&str, RecordType) -> Answer) -> Analysis {
    run(Analyze::new("example.com".parse().unwrap()), answer)
}

fn texts<T: Into<Vec<u8>>>(texts: impl IntoIterator<Item = T>) -> Answer {
    Answer::records(texts.into_iter().map(|text| Record::Txt(vec![text.into()])).collect())
}

/// The one policy of `example.com`, and nothing else.
fn policy(text: &str) -> impl Fn(&str, RecordType) -> Answer + '_ {
    move |name, record_type| match (name, record_type) {
        ("example.com", RecordType::Txt) => texts([text]),
        _ => Answer::NxDomain,
    }
}

#[test]
fn an_answer_of_another_type_is_a_failed_lookup() {
    // Also an alias that was not followed to its end, such as one that leads to itself.
    let alias = |name: &str| Answer::records(vec![Record::Cname(name.parse().unwrap())]);
    for wrong in [|_: &str| Answer::records(vec![Record::A(CLIENT)]), alias] {
        let zone = |name: &str, record_type| match record_type {
            RecordType::Txt => wrong(name),
            _ => Answer::NxDomain,
        };
        assert_eq!(check_host(zone).result, Some(SpfResult::Temperror));
        assert!(analyze(zone).surface(Family::Ipv4).part(Outcome::Temperror).contains(CLIENT.into()));
        let mixed = |name: &str, _| {
            Answer::records([texts(["v=spf1 +all"]), wrong(name)].into_iter().flat_map(records).collect())
        };
        assert_eq!(check_host(mixed).result, Some(SpfResult::Temperror));
    }
    for mechanism in ["a", "mx", "exists"] {
        let text = format!("v=spf1 {mechanism}:a.example.com +all");
        let zone = |_: &str, _| texts([text.as_str()]);
        let found = check_host(zone);
        assert_eq!(
            (found.result, found.trace.iter().next().unwrap().became),
            (Some(SpfResult::Temperror), Became::Ended)
        );
        assert!(analyze(zone).surface(Family::Ipv4).part(Outcome::Temperror).contains(CLIENT.into()));
    }
}

fn records(answer: Answer) -> Vec<Record> {
    if let Answer::Records(set) = answer { set.records } else { Vec::new() }
}

#[test]
fn an_alias_that_leads_to_itself_is_a_failed_lookup() {
    let zone = r#"{ "complete": true, "names": {
        "example.com": { "CNAME": ["a.example.com."] },
        "a.example.com": { "CNAME": ["example.com."] } } }"#;
    let snapshot = Snapshot::from_json(zone, &Limits::default()).unwrap();
    let check = CheckHost::mail_from(CLIENT.into(), "info@example.com", "mx.example.com");
    let facts = Facts::from_snapshot(snapshot);
    let Step::Done(found) = Evaluation::with_facts(check, facts, Limits::default()).step() else {
        panic!("the zone is complete")
    };
    assert_eq!(found.result, Some(SpfResult::Temperror));
}

#[test]
fn a_text_of_64_kilobytes_is_read_to_its_end() {
    let mut text = "v=spf1".to_owned();
    for number in 0_u32..3_800 {
        text.push_str(&format!(" ip4:198.51.{}.{}", number / 256, number % 256));
    }
    text.push_str(" ip4:192.0.2.1 -all");
    assert!(text.len() > 63_000);
    let found = check_host(policy(&text));
    assert_eq!((found.result, found.lookups), (Some(SpfResult::Pass), 0));
    assert_eq!(found.term.unwrap().text(), "ip4:192.0.2.1");
    assert!(
        found.diagnostics.iter().any(|(found, _)| found.rule.code == "spf/large-record"),
        "{:?}",
        found.diagnostics
    );
    assert_eq!(analyze(policy(&text)).surface(Family::Ipv4).part(Outcome::Pass).size(), "3801");
    // Of 7,000 terms the third that finds nothing ends the check.
    let found = check_host(policy(&format!("v=spf1{}", " a:x.%{d}".repeat(7_000))));
    assert_eq!((found.result, found.lookups), (Some(SpfResult::Permerror), 3));
}

#[test]
fn one_policy_among_a_thousand_texts_is_found() {
    let others = |count: usize| (0..count).map(|number| format!("verification={number}"));
    let of = |policies: usize| {
        move |_: &str, record_type| match record_type {
            RecordType::Txt => {
                texts(others(1_000 - policies).chain(vec!["v=spf1 -all".to_owned(); policies]))
            }
            _ => Answer::NxDomain,
        }
    };
    assert_eq!(check_host(of(0)).result, Some(SpfResult::None));
    assert_eq!(check_host(of(1)).result, Some(SpfResult::Fail));
    for count in [2, 1_000] {
        let found = check_host(of(count));
        assert_eq!(found.problem, Some(Problem::SeveralRecords { domain: "example.com".to_owned() }));
    }
}

#[test]
fn ten_thousand_addresses_of_a_host_are_all_compared() {
    // RFC 7208, 4.6.4 limits the hosts of `mx` and the names of `ptr`, not the addresses of `a`.
    let zone = |name: &str, record_type| match (name, record_type) {
        ("example.com", RecordType::Txt) => texts(["v=spf1 a:many.example.com -all"]),
        ("many.example.com", RecordType::A) => {
            let others = (0..9_999_u32).map(|number| Record::A(Ipv4Addr::from(0x0a00_0000 + 2 * number)));
            Answer::records(others.chain([Record::A(CLIENT)]).collect())
        }
        _ => Answer::NxDomain,
    };
    let found = check_host(zone);
    assert_eq!((found.result, found.lookups), (Some(SpfResult::Pass), 1));
    assert_eq!(analyze(zone).surface(Family::Ipv4).part(Outcome::Pass).size(), "10000");
}

#[test]
fn names_beyond_the_longest_lose_labels_or_are_none() {
    // 255 characters: as a sender's domain it is no name (RFC 7208, 4.3), in a term it loses its first
    // label (7.3).
    let long = format!("{}a.example.com", "abcdefghijk.".repeat(21)).split_off(10);
    let long = format!("{}{long}", "x".repeat(255 - long.len()));
    assert_eq!(long.len(), 255);
    let sender = format!("info@{long}");
    let found = run(CheckHost::mail_from(CLIENT.into(), sender, "mx.example.com"), |_, _| Answer::NxDomain);
    assert!(matches!(found.problem, Some(Problem::InvalidDomain { .. })), "{:?}", found.problem);
    let text = format!("v=spf1 a:{long} -all");
    let shorter = long.split_once('.').unwrap().1.to_owned();
    let zone = |name: &str, record_type| match record_type {
        RecordType::Txt => texts([text.clone()]),
        RecordType::A if name == shorter => Answer::records(vec![Record::A(CLIENT)]),
        _ => Answer::NxDomain,
    };
    assert_eq!(check_host(zone).result, Some(SpfResult::Pass));
    assert!(analyze(zone).surface(Family::Ipv4).part(Outcome::Pass).contains(CLIENT.into()));
}

/// `example.com` includes `n1.example.com`, and so on to the last.
fn chain(length: usize) -> impl Fn(&str, RecordType) -> Answer {
    move |name, record_type| {
        let number: usize = name.strip_suffix(".example.com").map_or(0, |label| label[1..].parse().unwrap());
        match record_type {
            RecordType::Txt if number < length => {
                texts([format!("v=spf1 include:n{}.example.com", number + 1)])
            }
            RecordType::Txt => texts(["v=spf1 ip4:192.0.2.1"]),
            _ => Answer::NxDomain,
        }
    }
}

/// The same check over all answers at once, so that no limit on rounds ends it.
fn known<C: Check>(check: C, length: usize) -> C::Report {
    let mut evaluation = Evaluation::new(check);
    for number in 0..=length {
        let name = if number == 0 { "example.com".to_owned() } else { format!("n{number}.example.com") };
        let answer = chain(length)(&name, RecordType::Txt);
        evaluation.answer(Question::txt(name.parse().unwrap()), answer);
    }
    match evaluation.step() {
        Step::Done(report) => report,
        Step::Ask(questions) => panic!("not known: {questions:?}"),
    }
}

#[test]
fn includes_within_each_other_end_at_the_limit() {
    let check = || CheckHost::mail_from(CLIENT.into(), "info@example.com", "mx.example.com");
    for found in [check_host(chain(100)), known(check(), 100)] {
        assert_eq!((found.lookups, &found.problem), (11, &Some(Problem::TooManyLookups { limit: 10 })));
    }
    let analysis = known(Analyze::new("example.com".parse().unwrap()), 100);
    assert_eq!((analysis.sum, analysis.ipv4.most), (Some(100), Some(100)));
    assert_eq!(analysis.surface(Family::Ipv4).part(Outcome::Permerror).size(), (1_u64 << 32).to_string());
    assert_eq!(analysis.surface_without_limits(Family::Ipv4).part(Outcome::Pass).size(), "1");
    let analysis = known(Analyze::new("example.com".parse().unwrap()), 1_000);
    assert_eq!((analysis.sum, analysis.ipv4.most), (None, None));

    // A caller may allow more, but not without end.
    for (length, result) in [(100, SpfResult::Pass), (1_000, SpfResult::Permerror)] {
        let mut check = check();
        check.conventions.lookups = u32::MAX;
        assert_eq!(known(check, length).result, Some(result), "{length}");
    }
}

#[test]
fn every_octet_has_its_place_in_a_record_or_none() {
    for octet in 0..=u8::MAX {
        let mut text = b"v=spf1 a:x".to_vec();
        text.push(octet);
        text.extend_from_slice(b".example.com -all");
        // RFC 7208, 7.1: a macro-string is visible ASCII; `%` begins a macro, and a blank ends the term.
        let usual = matches!(octet, b'!'..=b'~') && octet != b'%';
        let zone = |name: &str, record_type| match (name, record_type) {
            ("example.com", RecordType::Txt) => texts([text.clone()]),
            _ => Answer::NxDomain,
        };
        let result = if usual { SpfResult::Fail } else { SpfResult::Permerror };
        let found = check_host(zone);
        assert_eq!(found.result, Some(result), "octet {octet}");
        let is_error = |found: &Diagnostic| found.severity == Severity::Error;
        assert!(usual || found.diagnostics.iter().any(|(found, _)| is_error(found)), "octet {octet}");
        let outcome = if usual { Outcome::Fail } else { Outcome::Permerror };
        assert!(analyze(zone).surface(Family::Ipv4).part(outcome).contains(CLIENT.into()), "octet {octet}");
    }
}
