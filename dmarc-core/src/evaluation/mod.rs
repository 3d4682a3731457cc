//! Ask and answer: a check is a plain function over what is known.
//!
//! A [`Check`] runs over [`Facts`]. Where a fact is missing, `?` ends that run; the caller learns
//! the question, looks it up, and the check runs again. The core never asks anybody itself.
//!
//! ```
//! use dmarc_core::evaluation::{Answer, Check, Evaluation, Inquiry, Question, Step, Unknown};
//! use dmarc_core::name::DomainName;
//!
//! struct HasText(DomainName);
//! impl Check for HasText {
//!     type Report = bool;
//!     fn run(&self, inquiry: &mut Inquiry<'_>) -> Result<bool, Unknown> {
//!         Ok(matches!(inquiry.ask(Question::txt(self.0.clone()))?, Answer::Records(_)))
//!     }
//! }
//!
//! let mut evaluation = Evaluation::new(HasText("example.com".parse()?));
//! let report = loop {
//!     match evaluation.step() {
//!         Step::Ask(questions) => for question in questions {
//!             evaluation.answer(question, Answer::NoData);
//!         },
//!         Step::Done(report) => break report,
//!     }
//! };
//! assert!(!report);
//! # Ok::<(), dmarc_core::name::NameError>(())
//! ```

mod answer;
mod document;
mod fact;
mod facts;
mod question;
mod save;

use std::collections::{BTreeMap, BTreeSet};

pub use answer::{Answer, RecordSet};
pub(crate) use document::body as document_body;
pub use document::{AnswerDocument, AnswerError, AnswerStatus};
pub(crate) use fact::Fact;
pub use facts::{Facts, Inquiry, Unknown};
pub use question::{Question, Questions};

use crate::limits::Limits;

/// A check: a plain function over what is known.
pub trait Check {
    /// What it finds out.
    type Report;

    /// Runs over the facts. It runs again from the start after each round, so it holds
    /// record-sized work only, and the same facts give the same report.
    ///
    /// # Errors
    /// [`Unknown`] where a fact is missing; the inquiry knows which.
    fn run(&self, inquiry: &mut Inquiry<'_>) -> Result<Self::Report, Unknown>;

    /// Asks for all that [`Check::run`] asks for, with the same end, and makes no report where that saves work.
    ///
    /// # Errors
    /// [`Unknown`] where a fact is missing.
    fn probe(&self, inquiry: &mut Inquiry<'_>) -> Result<(), Unknown> {
        self.run(inquiry).map(drop)
    }

    /// Completes the report once no fact is missing; does nothing unless a check needs it.
    #[must_use]
    fn finish(&self, report: Self::Report, _facts: &Facts, _limits: &Limits) -> Self::Report {
        report
    }
}

/// What a caller spends on a check whose answers it has to look up.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Serialize)]
pub struct Cost {
    /// Rounds of questions.
    pub rounds: u32,
    /// Questions, each counted once.
    pub asked: u32,
}

/// What a check would cost a caller that starts without facts and takes its answers from `facts`.
///
/// It depends on the facts alone, not on which of them were at hand: a replay gives the same.
pub fn cost<C: Check>(check: &C, facts: &Facts, limits: &Limits) -> Cost {
    let mut known = Facts::new();
    let mut put: BTreeSet<Question> = BTreeSet::new();
    let mut rounds = 0;
    while rounds < limits.rounds {
        let mut inquiry = Inquiry::new(&known);
        let Err(unknown) = check.probe(&mut inquiry) else { break };
        let (needed, useful) = inquiry.into_open(unknown);
        rounds += 1;
        for question in needed.into_iter().chain(useful) {
            let answer = facts.look_up(&question).unwrap_or(Answer::NotPossible);
            put.insert(question.clone());
            known.insert(question, answer);
        }
    }
    Cost { rounds, asked: u32::try_from(put.len()).unwrap_or(u32::MAX) }
}

/// What an evaluation needs next.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Step<R> {
    /// Look these up, and [`Evaluation::answer`] each.
    Ask(Questions),
    /// Finished.
    Done(R),
}

/// How many times a question is put before it counts as [`Answer::NotAnswered`].
const ASKED_AT_MOST: u32 = 2;

/// A check with the facts it has so far.
#[derive(Clone, Debug)]
pub struct Evaluation<C> {
    check: C,
    facts: Facts,
    limits: Limits,
    put: BTreeMap<Question, u32>,
    rounds: u32,
}

impl<C: Check> Evaluation<C> {
    /// A check that knows nothing yet.
    #[must_use]
    pub fn new(check: C) -> Self {
        Self::with_facts(check, Facts::new(), Limits::default())
    }

    /// A check over facts at hand: a zone, a snapshot, the answers of an earlier evaluation.
    #[must_use]
    pub fn with_facts(check: C, facts: Facts, limits: Limits) -> Self {
        Self { check, facts, limits, put: BTreeMap::new(), rounds: 0 }
    }

    /// Runs the check as far as the facts reach.
    ///
    /// It ends after [`Limits::rounds`] rounds at the latest: a question that was put twice
    /// without an answer, or beyond [`Limits::questions`], counts as [`Answer::NotAnswered`].
    pub fn step(&mut self) -> Step<C::Report> {
        loop {
            let mut inquiry = Inquiry::new(&self.facts);
            let (needed, useful) = match self.check.run(&mut inquiry) {
                Ok(report) => return Step::Done(self.check.finish(report, &self.facts, &self.limits)),
                Err(unknown) => inquiry.into_open(unknown),
            };
            let mut questions = Questions::default();
            let last_round = self.rounds >= self.limits.rounds;
            for question in needed {
                let put = self.put.get(&question).copied().unwrap_or(0);
                let over_budget = put == 0 && self.put.len() >= self.limits.questions as usize;
                if last_round || put >= ASKED_AT_MOST || over_budget {
                    self.facts.insert(question, Answer::NotAnswered);
                } else {
                    self.put.insert(question.clone(), put + 1);
                    questions.needed.push(question);
                }
            }
            if questions.needed.is_empty() {
                // Everything needed was given up: the check goes on without it.
                continue;
            }
            for question in useful {
                if self.put.len() < self.limits.questions as usize && !self.put.contains_key(&question) {
                    self.put.insert(question.clone(), 1);
                    questions.useful.push(question);
                }
            }
            self.rounds += 1;
            return Step::Ask(questions);
        }
    }

    /// Takes an answer. It may be to any question, asked or not; the last one counts.
    pub fn answer(&mut self, question: Question, answer: Answer) {
        self.facts.insert(question, answer);
    }

    /// What is known so far.
    #[must_use]
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// What is known so far, to load more into it: a zone, a snapshot.
    pub const fn facts_mut(&mut self) -> &mut Facts {
        &mut self.facts
    }

    /// What was known at the end, for the next evaluation.
    #[must_use]
    pub fn into_facts(self) -> Facts {
        self.facts
    }

    /// Rounds of questions so far.
    #[must_use]
    pub const fn rounds(&self) -> u32 {
        self.rounds
    }

    /// Questions put so far, each once.
    #[must_use]
    pub fn asked(&self) -> BTreeSet<&Question> {
        self.put.keys().collect()
    }

    /// The check.
    #[must_use]
    pub const fn check(&self) -> &C {
        &self.check
    }
}
