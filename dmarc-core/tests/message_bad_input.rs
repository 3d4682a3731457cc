//! Messages made to cost much: what is asked and said stays bounded, and nothing panics.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    reason = "tests may do what the library must not"
)]

use dmarc_core::assessment::{MessageReport, MessageRequest, Request};
use dmarc_core::dmarc::{DmarcResult, Edition};
use dmarc_core::evaluation::{Answer, Evaluation, Question, Step};
use dmarc_core::message::{AUTHORS, FIELDS};

/// Questions per author domain: at most a walk of eight names, and whether the author exists.
const PER_AUTHOR: usize = 9;

/// The verdict, with how many questions were asked in how many rounds; every domain has a policy.
fn judge(message: &str, edition: Edition) -> (MessageReport, usize, u32) {
    let request = Request::Message(Box::new(MessageRequest::received(message, edition)));
    let mut evaluation = Evaluation::new(request);
    loop {
        match evaluation.step() {
            Step::Done(outcome) => {
                let report = outcome.message().expect("a message").clone();
                return (report, evaluation.asked().len(), evaluation.rounds());
            }
            Step::Ask(questions) => {
                for question in questions {
                    let answer = match &question {
                        Question::PublicSuffix { .. } => Answer::PublicSuffix("example".parse().unwrap()),
                        Question::Dns { name, .. } if name.as_str().starts_with("_dmarc.") => {
                            let text = b"v=DMARC1; p=reject".to_vec();
                            Answer::records(vec![dmarc_core::dns::Record::Txt(vec![text])])
                        }
                        _ => Answer::NoData,
                    };
                    evaluation.answer(question, answer);
                }
            }
        }
    }
}

fn from(value: &str) -> String {
    format!("From: {value}\r\nSubject: x\r\n\r\nHello\r\n")
}

#[test]
fn a_field_of_a_megabyte_is_one_author_or_none() {
    let million = 1 << 20;
    let kept = [
        format!("\"{}\" <a@d.example>", "x".repeat(million)),
        format!("{}@d.example", "x".repeat(million)),
        format!("{}<a@d.example>", "(c)\r\n ".repeat(million / 6)),
        format!("{}x{} a@d.example", "(".repeat(1_000), ")".repeat(1_000)),
    ];
    for (value, edition) in kept.iter().flat_map(|value| Edition::ALL.map(|edition| (value, edition))) {
        let (report, asked, rounds) = judge(&from(value), edition);
        assert_eq!(report.result, Some(DmarcResult::Fail), "{value:.40}");
        assert_eq!(report.evaluations[0].author.name().as_str(), "d.example");
        assert!(asked <= PER_AUTHOR && rounds <= 2, "{asked} questions in {rounds} rounds");
        assert!(report.steps.len() < 20);
    }
    for value in ["(".repeat(million), "\"".repeat(million + 1), "<".repeat(million), ",".repeat(million)] {
        let (report, asked, _) = judge(&from(&value), Edition::Rfc9989);
        assert_eq!((report.result, asked), (Some(DmarcResult::None), 0), "{value:.40}");
        assert!(report.steps.len() < 20);
    }
}

#[test]
fn of_ten_thousand_addresses_some_authors_are_evaluated() {
    let many: Vec<String> = (0..10_000).map(|number| format!("a@d{number}.example")).collect();
    let message = from(&many.join(", "));
    let (report, asked, rounds) = judge(&message, Edition::Rfc7489);
    assert_eq!((report.result, report.evaluations.len()), (Some(DmarcResult::Fail), AUTHORS));
    assert!(asked <= AUTHORS * PER_AUTHOR && rounds <= 2, "{asked} questions in {rounds} rounds");
    assert!(report.steps.len() <= 2 + AUTHORS * 20);
    // RFC 9989, 5.3.1 ends there.
    let (report, asked, _) = judge(&message, Edition::Rfc9989);
    assert_eq!((report.result, report.evaluations.len(), asked), (Some(DmarcResult::None), 0, 0));
}

#[test]
fn a_header_without_end_counts_and_a_text_without_header_has_no_author() {
    let (report, _, _) = judge("Subject: x\r\nFrom: a@d.example", Edition::Rfc9989);
    assert_eq!(report.result, Some(DmarcResult::Fail));
    let (report, asked, _) = judge("Hello\nthis is no header\n", Edition::Rfc9989);
    assert_eq!((report.result, asked), (Some(DmarcResult::None), 0));
}

#[test]
fn no_number_of_fields_hides_the_author() {
    let field = "DKIM-Signature: v=1; d=d.example; s=s\r\n";
    let message = format!("{}X: y\r\n z\r\nFrom: a@d.example\r\n\r\n", field.repeat(FIELDS + 10));
    let (report, asked, _) = judge(&message, Edition::Rfc9989);
    assert_eq!(report.result, Some(DmarcResult::Fail));
    assert!(asked <= PER_AUTHOR && report.signatures.len() <= dmarc_core::dmarc::SIGNATURES);
}

#[test]
fn of_many_results_and_signatures_some_count() {
    let result = "dkim=pass header.d=mail.d.example;".repeat(30_000);
    let message = format!("Authentication-Results: mx;{result}\r\nFrom: a@d.example\r\n\r\n");
    let (report, asked, _) = judge(&message, Edition::Rfc9989);
    assert!(asked <= 3 * PER_AUTHOR, "{asked}");
    assert!(report.evaluations[0].dkim.len() <= dmarc_core::dmarc::SIGNATURES);
}
