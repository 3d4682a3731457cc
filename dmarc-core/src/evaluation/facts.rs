//! What is known, and the runs over it that note what is not.

use std::collections::{BTreeMap, BTreeSet};

use super::{Answer, Question};

/// What is known: answers, and whole zones and snapshots that answer by themselves.
///
/// A test zone, a cache, a saved investigation and a replay are the same type. Ordered, so that
/// the same facts give the same bytes.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    answers: BTreeMap<Question, Answer>,
}

impl Facts {
    /// Nothing known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes an answer; the last one to a question counts.
    pub fn insert(&mut self, question: Question, answer: Answer) {
        self.answers.insert(question, answer);
    }

    /// The answer to a question; `None` if it was never asked and nothing loaded knows it.
    #[must_use]
    pub fn look_up(&self, question: &Question) -> Option<Answer> {
        self.answers.get(question).cloned()
    }

    /// Answers given one by one, by question.
    pub fn answers(&self) -> impl Iterator<Item = (&Question, &Answer)> {
        self.answers.iter()
    }
}

/// A fact that is missing ended this run; the [`Inquiry`] knows which.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Unknown(());

/// One run of a check over the facts.
#[derive(Debug)]
pub struct Inquiry<'a> {
    facts: &'a Facts,
    used: BTreeMap<Question, Answer>,
    needed: BTreeSet<Question>,
    useful: BTreeSet<Question>,
}

impl<'a> Inquiry<'a> {
    /// A run over these facts.
    #[must_use]
    pub fn new(facts: &'a Facts) -> Self {
        Self { facts, used: BTreeMap::new(), needed: BTreeSet::new(), useful: BTreeSet::new() }
    }

    /// The answer to a question.
    ///
    /// # Errors
    /// [`Unknown`] if nobody has answered it yet; it is noted as needed.
    pub fn ask(&mut self, question: Question) -> Result<Answer, Unknown> {
        if let Some(answer) = self.used.get(&question) {
            return Ok(answer.clone());
        }
        match self.facts.look_up(&question) {
            Some(answer) => {
                self.used.insert(question, answer.clone());
                Ok(answer)
            }
            None => {
                self.needed.insert(question);
                Err(Unknown(()))
            }
        }
    }

    /// The answers to several questions that are all needed, asked in one round.
    ///
    /// # Errors
    /// [`Unknown`] if any is open; all open ones are noted.
    pub fn ask_all(&mut self, questions: impl IntoIterator<Item = Question>) -> Result<Vec<Answer>, Unknown> {
        let answers: Vec<_> = questions.into_iter().map(|question| self.ask(question)).collect();
        answers.into_iter().collect()
    }

    /// Notes a question that will probably be needed, so that it can be fetched in this round.
    pub fn expect(&mut self, question: Question) {
        if self.facts.look_up(&question).is_none() {
            self.useful.insert(question);
        }
    }

    /// Runs independent parts side by side: each runs, also after one of them met a missing fact,
    /// so that the rounds equal the longest chain of dependent questions.
    ///
    /// # Errors
    /// [`Unknown`] if any part met a missing fact.
    pub fn all<T>(
        &mut self,
        parts: impl IntoIterator<Item = impl FnOnce(&mut Self) -> Result<T, Unknown>>,
    ) -> Result<Vec<T>, Unknown> {
        let results: Vec<_> = parts.into_iter().map(|part| part(self)).collect();
        results.into_iter().collect()
    }

    /// Runs two independent parts of different types side by side.
    ///
    /// # Errors
    /// [`Unknown`] if either met a missing fact.
    pub fn both<A, B>(
        &mut self,
        one: impl FnOnce(&mut Self) -> Result<A, Unknown>,
        other: impl FnOnce(&mut Self) -> Result<B, Unknown>,
    ) -> Result<(A, B), Unknown> {
        let one = one(self);
        let other = other(self);
        Ok((one?, other?))
    }

    /// The facts that this run used, in order.
    #[must_use]
    pub const fn used(&self) -> &BTreeMap<Question, Answer> {
        &self.used
    }

    /// The questions that were needed, and those that were only useful.
    pub(super) fn into_open(self, _why: Unknown) -> (BTreeSet<Question>, BTreeSet<Question>) {
        let useful = self.useful.difference(&self.needed).cloned().collect();
        (self.needed, useful)
    }
}
