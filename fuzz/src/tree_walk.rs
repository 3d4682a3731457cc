//! Laws of policy discovery: whatever the zone holds and whatever is answered, it ends, asks a
//! bounded number of names, and gives the same for the same facts.

use dmarc_core::diagnostics::Severity;
use dmarc_core::dmarc::discovery::{Discovered, Discovery, discover};
use dmarc_core::dmarc::walk::targets;
use dmarc_core::dmarc::{Edition, Record};
use dmarc_core::dns;
use dmarc_core::evaluation::{Answer, Check, Evaluation, Inquiry, Question, Step, Unknown};
use dmarc_core::limits::Limits;
use dmarc_core::name::{AuthorDomain, DomainName};

struct Walk {
    author: AuthorDomain,
    edition: Edition,
}

impl Check for Walk {
    type Report = Discovered;

    fn run(&self, inquiry: &mut Inquiry<'_>) -> Result<Discovered, Unknown> {
        discover(&self.author, self.edition, inquiry)
    }
}

/// Records that stand in the zones of the law; the octets choose among them.
const TEXTS: [&str; 8] = [
    "v=DMARC1; p=reject",
    "v=DMARC1; p=none; sp=quarantine; np=reject",
    "v=DMARC1; p=quarantine; psd=n",
    "v=DMARC1; p=reject; psd=y; np=none; t=y",
    "v=DMARC1; p=bogus",
    "v=DMARC1; rua=mailto:d@example.com",
    "v=spf1 -all",
    "v=DMARC1",
];

/// The first octet gives the number of labels, each further one an answer.
pub fn tree_walk(octets: &[u8]) {
    let [labels, answers @ ..] = octets else { return };
    let name = vec!["a"; usize::from(labels % 14) + 1].join(".");
    let author = AuthorDomain::new(name.parse::<DomainName>().expect("a name"));
    for edition in Edition::ALL {
        let (first, asked) = run(&author, edition, answers);
        let (second, _) = run(&author, edition, answers);
        assert_eq!(format!("{first:?}"), format!("{second:?}"), "the same facts, another report");
        let walked = targets(author.name()).len();
        let most = match edition {
            // The walk, and whether the domain exists.
            Edition::Rfc9989 => walked + 1,
            // The domain, its suffix and its organizational domain, and whether it exists.
            _ => 4,
        };
        assert!(walked <= 8 && asked <= most, "{asked} questions for {walked} targets");
        check(&author, &first);
    }
}

fn run(author: &AuthorDomain, edition: Edition, answers: &[u8]) -> (Discovered, usize) {
    let mut evaluation = Evaluation::new(Walk { author: author.clone(), edition });
    for _ in 0..=Limits::default().rounds * 2 {
        match evaluation.step() {
            Step::Done(report) => return (report, evaluation.asked().len()),
            Step::Ask(questions) => {
                assert!(!questions.is_empty(), "a round without questions");
                for question in questions {
                    // The answer depends on the question alone, not on when it is put.
                    let key = question_key(&question);
                    let octet = answers.get(key % answers.len().max(1)).copied().unwrap_or(0);
                    if let Some(answer) = answer(&question, octet) {
                        evaluation.answer(question, answer);
                    }
                }
            }
        }
    }
    panic!("discovery does not end");
}

fn question_key(question: &Question) -> usize {
    format!("{question:?}").bytes().fold(7, |key: usize, octet| (key * 31 + usize::from(octet)) % 9_973)
}

fn answer(question: &Question, octet: u8) -> Option<Answer> {
    let text = |at: u8| dns::Record::Txt(vec![TEXTS[usize::from(at) % TEXTS.len()].as_bytes().to_vec()]);
    Some(match (question, octet % 16) {
        (_, 0) => return None,
        (_, 1) => Answer::NotPossible,
        (_, 2) => Answer::Failure { reason: "SERVFAIL".to_owned() },
        (Question::PublicSuffix { name }, part) => {
            Answer::PublicSuffix(name.rightmost(usize::from(part % 4)))
        }
        (_, 3 | 4) => Answer::NoData,
        (_, 5 | 6) => Answer::NxDomain,
        (_, 7) => Answer::records(vec![text(octet >> 4), text(octet >> 5)]),
        _ => Answer::records(vec![text(octet >> 4)]),
    })
}

fn check(author: &AuthorDomain, found: &Discovered) {
    let is_above = |name: &DomainName| {
        *author.name() == author.name().rightmost(author.name().label_count()) && {
            *name == author.name().rightmost(name.label_count())
        }
    };
    if let Some(organizational) = &found.organizational_domain {
        assert!(is_above(organizational.name()), "an organizational domain that is not above");
    }
    if let Discovery::Record(record) = &found.discovery {
        assert!(is_above(&record.policy_domain));
        assert!(Record::is_record(&record.text));
        let errors = Record::parse(&record.text, found.edition).diagnostics;
        let usable = errors.iter().all(|error| error.severity < Severity::Error);
        assert!(!usable || found.policy().is_some() || found.existence.is_none());
    } else {
        assert!(found.policy().is_none(), "a policy without a record");
    }
}
