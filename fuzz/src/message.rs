//! Laws of messages: what a header may hold, and what must hold of a verdict whatever was published.

use dmarc_core::authres::{AuthResult, AuthenticationResults, Evidence};
use dmarc_core::dmarc::{
    Alignment, DmarcResult, Edition, Evaluate, Evaluated, Identifier, Policy, alignment,
};
use dmarc_core::dns::Record;
use dmarc_core::evaluation::{Answer, Evaluation, Facts, Inquiry, Question, Step};
use dmarc_core::message::{authors, fields};
use dmarc_core::name::{AuthenticatedDomain, AuthorDomain, DomainName};

/// Law: any header is read without panic, its author domains are names, each once, and none beside a problem.
pub fn from_header(octets: &[u8]) {
    let header = fields(octets);
    let from: Vec<&str> =
        header.iter().filter(|field| field.is("From")).map(|field| field.value.as_str()).collect();
    let text = String::from_utf8_lossy(octets);
    for found in [authors(from.iter().copied()), authors([text.as_ref()])] {
        assert_eq!(found.domains.is_empty(), found.problem.is_some(), "neither an author nor a reason");
        for (index, domain) in found.domains.iter().enumerate() {
            assert!(!domain.is_root() && !found.domains.iter().take(index).any(|other| other == domain));
            assert_eq!(DomainName::parse(domain.as_str()).as_ref(), Ok(domain));
        }
    }
    // A comment before the field changes nothing.
    let commented = format!("(a (b@example.net) c) {text}");
    assert_eq!(authors([commented.as_str()]).domains, authors([text.as_ref()]).domains);
}

/// Law: any field is read without panic, its findings stand in it on character boundaries, and only what an
/// authserv-id vouches for is believed.
pub fn authentication_results(octets: &[u8]) {
    let text = String::from_utf8_lossy(octets);
    for parsed in [AuthenticationResults::parse(&text), AuthenticationResults::parse_arc(&text)] {
        let field = parsed.value.expect("there is always a field");
        for found in &parsed.diagnostics {
            let span = found.span.expect("findings of a field have a place");
            assert!(text.get(span.start..span.end).is_some(), "{} at {span:?}", found.rule.code);
        }
        for result in &field.results {
            assert!(result.result.is_none_or(|known| result.word.parse() == Ok(known)));
        }
    }
    let header = fields(&[b"Authentication-Results: ", octets].concat());
    let nobody = Evidence::of(&header, Some("nobody.invalid"));
    assert!(nobody.authserv_id.is_some() || nobody.spf.is_none() && nobody.dkim.is_empty());
    let topmost = Evidence::of(&header, None);
    assert!(topmost.authserv_id.is_some() || topmost.spf.is_none() && topmost.dkim.is_empty());
}

/// Names that are compared; the octets choose among them.
const NAMES: [&str; 8] = [
    "example.com",
    "mail.example.com",
    "a.b.example.com",
    "b.example.com",
    "com",
    "example.net",
    "x.net",
    "com.net",
];
/// Records that stand at them.
const TEXTS: [&str; 8] = [
    "v=DMARC1; p=reject",
    "v=DMARC1; p=none; sp=quarantine; np=reject",
    "v=DMARC1; p=quarantine; psd=n; adkim=s",
    "v=DMARC1; p=reject; psd=y; t=y",
    "v=DMARC1; p=bogus",
    "v=DMARC1; p=reject; pct=50; aspf=s",
    "v=spf1 -all",
    "v=DMARC1; rua=mailto:d@example.com",
];
const RESULTS: [AuthResult; 4] =
    [AuthResult::Pass, AuthResult::Pass, AuthResult::Fail, AuthResult::Temperror];

fn pick<T: Copy>(list: &[T], octets: &[u8], at: usize) -> T {
    let octet = octets.get(at).copied().unwrap_or(0);
    *list.get(usize::from(octet) % list.len()).expect("an index below the length")
}

fn name(text: &str) -> DomainName {
    text.parse().expect("a name")
}

/// What is published, each name with the answer that an octet chooses.
fn answers(octets: &[u8]) -> Vec<(Question, Answer)> {
    let mut answers = Vec::new();
    let names = [
        "example.com",
        "mail.example.com",
        "a.b.example.com",
        "b.example.com",
        "com",
        "net",
        "example.net",
        "x.net",
        "com.net",
    ];
    for (index, text) in names.iter().enumerate() {
        let octet = octets.get(index).copied().unwrap_or(0);
        let record = || Record::Txt(vec![pick(&TEXTS, &[octet >> 3], 0).as_bytes().to_vec()]);
        let answer = match octet % 8 {
            0 => Answer::Failure { reason: "SERVFAIL".to_owned() },
            1 | 2 => Answer::NxDomain,
            3 => Answer::NoData,
            _ => Answer::records(vec![record()]),
        };
        answers.push((Question::txt(name(&format!("_dmarc.{text}"))), answer));
        answers.push((
            Question::txt(name(text)),
            if octet % 2 == 0 { Answer::NoData } else { Answer::NxDomain },
        ));
        let suffix = name(text).rightmost(1);
        answers.push((Question::PublicSuffix { name: name(text) }, Answer::PublicSuffix(suffix)));
    }
    answers
}

fn check(octets: &[u8], edition: Edition) -> Evaluate {
    let mut check = Evaluate::new(AuthorDomain::new(name(pick(&NAMES, octets, 9))), edition);
    let identifier = |at: usize| Identifier {
        domain: Some(name(pick(&NAMES, octets, at))),
        result: pick(&RESULTS, octets, at + 1),
    };
    check.spf = Some(identifier(10));
    check.dkim = vec![identifier(12), identifier(14)];
    check.random = octets.get(16).map(|octet| u32::from(*octet));
    check
}

/// Runs a check whose questions are answered one after the other, in order or against it.
fn run(check: &Evaluate, answers: &[(Question, Answer)], backward: bool) -> Evaluated {
    let mut evaluation = Evaluation::new(check.clone());
    loop {
        match evaluation.step() {
            Step::Done(report) => return report,
            Step::Ask(questions) => {
                let mut questions: Vec<Question> = questions.into_iter().collect();
                if backward {
                    questions.reverse();
                }
                for question in questions {
                    let known = answers.iter().find(|(known, _)| *known == question);
                    let answer = known.map_or(Answer::NxDomain, |(_, answer)| answer.clone());
                    evaluation.answer(question, answer);
                }
            }
        }
    }
}

/// Laws: alignment is symmetric, strict alignment implies relaxed alignment, the order of answers does not
/// matter, a verdict asks no more than the standard allows, and a stricter policy never leads to a weaker
/// disposition.
pub fn evaluation(octets: &[u8]) {
    let answers = answers(octets);
    let mut facts = Facts::new();
    for (question, answer) in &answers {
        facts.insert(question.clone(), answer.clone());
    }
    let (one, other) = (name(pick(&NAMES, octets, 9)), name(pick(&NAMES, octets, 10)));
    for edition in Edition::ALL {
        let aligned = |one: &DomainName, other: &DomainName, mode| {
            let (author, domain) = (AuthorDomain::new(one.clone()), AuthenticatedDomain::new(other.clone()));
            let mut inquiry = Inquiry::new(&facts);
            alignment::aligned(&author, &domain, mode, edition, &mut inquiry)
                .expect("all is known")
                .is_aligned()
        };
        let relaxed = aligned(&one, &other, Alignment::Relaxed);
        assert_eq!(relaxed, aligned(&other, &one, Alignment::Relaxed), "{one} and {other}: not symmetric");
        if aligned(&one, &other, Alignment::Strict) == Some(true) {
            assert_eq!(relaxed, Some(true), "{one} and {other}: strict but not relaxed");
        }

        let check = check(octets, edition);
        let found = run(&check, &answers, false);
        assert_eq!(found, run(&check, &answers, true), "the order of answers matters");
        // Four walks of at most eight questions, and whether the author exists.
        assert!(found.queries.len() <= 4 * 8 + 1);
        let mut once = found.queries.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), found.queries.len(), "a question is asked twice");
        assert_eq!(
            found.result == Some(DmarcResult::Pass),
            found.spf_aligned() == Some(true) && usable(&found)
                || found.dkim_aligned() == Some(true) && usable(&found)
        );
        assert!(found.disposition.requested == Policy::None || found.result == Some(DmarcResult::Fail));
        stricter(&check, &answers, &found);
    }
}

fn usable(found: &Evaluated) -> bool {
    found.policy.is_some()
}

/// The same facts with every `p=none` and `p=quarantine` made a `p=reject`.
fn stricter(check: &Evaluate, answers: &[(Question, Answer)], weak: &Evaluated) {
    let strict: Vec<(Question, Answer)> = answers
        .iter()
        .map(|(question, answer)| {
            let Answer::Records(set) = answer else { return (question.clone(), answer.clone()) };
            let texts = set.records.iter().filter_map(Record::joined_text);
            let texts = texts.map(|text| {
                let text = String::from_utf8_lossy(&text).into_owned();
                let text =
                    ["none", "quarantine"].iter().fold(text, |text, word| text.replace(word, "reject"));
                Record::Txt(vec![text.into_bytes()])
            });
            (question.clone(), Answer::records(texts.collect::<Vec<_>>()))
        })
        .collect();
    let found = run(check, &strict, false);
    assert_eq!(found.result, weak.result, "the policy decides about the verdict");
    assert!(found.disposition.applied >= weak.disposition.applied, "stricter, and yet weaker");
}
