//! What is known, and the runs over it that note what is not.

use std::borrow::{Borrow, Cow};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fact::{Fact, Known};
use super::{Answer, Question, RecordSet, document};
use crate::diagnostics::Diagnostic;
use crate::dns::{Alias, Reply, Snapshot, Table, Zone, failure};
use crate::name::DomainName;

/// Most CNAME records that are followed for one question. Real chains have a handful; BIND stops
/// after 16 too.
const ALIASES: usize = 16;
/// Reason of the failure of a CNAME that leads back to itself.
const LOOP: &str = "CNAME LOOP";
/// Reason of the failure of more aliases than are followed.
const CHAIN: &str = "CNAME CHAIN TOO LONG";
/// Reason of the failure that stands for an answer to another question.
const MISMATCH: &str = "MISMATCH";

/// What is known: answers, and whole zones and snapshots that answer by themselves.
///
/// A test zone, a cache, a saved investigation and a replay are the same type. Ordered, so that
/// the same facts give the same bytes.
///
/// A question is put to the answers first, then to the zones (the one with the longest name that
/// covers it), then to the snapshots in the order in which they were added. An alias is followed
/// through all of them. What none of them knows is `None`: a name outside the zones, at or below a
/// delegation, or in no complete snapshot. The caller decides what that means. One with a resolver
/// asks it; one without says [`Answer::NotPossible`].
#[derive(Clone, Debug, Default)]
pub struct Facts {
    answers: BTreeMap<Question, Known>,
    zones: BTreeMap<DomainName, Arc<Zone>>,
    snapshots: Vec<Arc<Table>>,
}

impl Facts {
    /// Nothing known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What a snapshot knows. What is wrong with it says [`Snapshot::findings`].
    #[must_use]
    pub fn from_snapshot(snapshot: impl Borrow<Snapshot>) -> Self {
        let mut facts = Self::new();
        facts.add_snapshot(snapshot);
        facts
    }

    /// Adds what a snapshot knows, behind what is known already; returns what is wrong with it.
    pub fn add_snapshot(&mut self, snapshot: impl Borrow<Snapshot>) -> Vec<Diagnostic> {
        let (table, found) = Table::build(snapshot.borrow());
        self.snapshots.push(Arc::new(table));
        found
    }

    /// Adds a zone. Of two zones with one name the last counts.
    pub fn add_zone(&mut self, zone: Zone) {
        self.zones.insert(zone.apex().clone(), Arc::new(zone));
    }

    /// Takes an answer; the last one to a question counts.
    ///
    /// What cannot answer the question counts as a failure: records of another type, a suffix that
    /// the name does not end with. No records at all is [`Answer::NoData`].
    pub fn insert(&mut self, question: Question, answer: Answer) {
        let answer = match answer {
            Answer::Records(set) if set.records.is_empty() => Answer::NoData,
            answer => answer,
        };
        let answer = if document::fits(&question, &answer) { answer } else { failure(MISMATCH) };
        let known = Known::new(&question, answer);
        self.answers.insert(question, known);
    }

    /// Drops the answer to a question that was given by itself.
    pub fn forget(&mut self, question: &Question) {
        self.answers.remove(question);
    }

    /// The answer to a question; `None` if it was never asked and nothing loaded knows it.
    #[must_use]
    pub fn look_up(&self, question: &Question) -> Option<Answer> {
        self.found(question).map(Cow::into_owned)
    }

    /// The same without a copy, where the answer stands somewhere as it is.
    fn found(&self, question: &Question) -> Option<Cow<'_, Answer>> {
        let mut alias = match self.reply(question)? {
            Reply::Answer(answer) => return Some(answer),
            Reply::Alias(alias) => alias,
        };
        let Question::Dns { name, record_type } = question else { return None };
        let mut aliases: Vec<DomainName> = Vec::new();
        let mut ttl = alias.ttl;
        let mut authentic = alias.authentic;
        loop {
            let Alias { target, .. } = alias;
            if target == *name || aliases.contains(&target) {
                return Some(Cow::Owned(failure(LOOP)));
            }
            aliases.push(target.clone());
            if aliases.len() > ALIASES {
                return Some(Cow::Owned(failure(CHAIN)));
            }
            match self.reply(&Question::dns(target, *record_type))? {
                Reply::Alias(next) => {
                    ttl = shorter(ttl, next.ttl);
                    authentic = both(authentic, next.authentic);
                    alias = next;
                }
                Reply::Answer(answer) => {
                    let Answer::Records(set) = &*answer else { return Some(answer) };
                    aliases.extend(set.aliases.iter().cloned());
                    let (ttl, authentic) = (shorter(ttl, set.ttl), both(authentic, set.authentic));
                    let set = RecordSet { records: set.records.clone(), aliases, ttl, authentic };
                    return Some(Cow::Owned(Answer::Records(set)));
                }
            }
        }
    }

    /// What the first source that knows says.
    fn reply(&self, question: &Question) -> Option<Reply<'_>> {
        if let Some(known) = self.answers.get(question) {
            return Some(Reply::Answer(Cow::Borrowed(&known.answer)));
        }
        if let Question::Dns { name, record_type } = question
            && let Some(zone) = self.zone_of(name)
            && let Some(reply) = zone.reply(name, *record_type)
        {
            return Some(reply);
        }
        self.snapshots.iter().find_map(|snapshot| snapshot.reply(question))
    }

    /// The zone with the longest name that covers a name.
    fn zone_of(&self, name: &DomainName) -> Option<&Zone> {
        if self.zones.is_empty() {
            return None;
        }
        let mut next = Some(name.clone());
        while let Some(apex) = next {
            if let Some(zone) = self.zones.get(&apex) {
                return Some(zone);
            }
            next = apex.parent();
        }
        None
    }

    /// Answers given one by one, by question.
    pub fn answers(&self) -> impl Iterator<Item = (&Question, &Answer)> {
        self.answers.iter().map(|(question, known)| (question, &known.answer))
    }
}

/// The shorter of two times, where both are known the lower.
fn shorter(one: Option<u32>, other: Option<u32>) -> Option<u32> {
    [one, other].into_iter().flatten().min()
}

/// Whether both are authentic; unknown if that does not follow.
fn both(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// Uses of facts that a run notes before it looks for those that it noted twice.
const MANY_USED: usize = 64;

/// A fact that is missing ended this run; the [`Inquiry`] knows which.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Unknown(());

/// What a run has used, in that order; a fact may stand there several times.
#[derive(Debug, Default)]
struct Used<'a> {
    /// Many an evaluation asks once: that takes no room elsewhere.
    first: Option<(Cow<'a, Question>, Fact<'a>)>,
    further: Vec<(Cow<'a, Question>, Fact<'a>)>,
}

impl<'a> Used<'a> {
    fn note(&mut self, question: Cow<'a, Question>, fact: Fact<'a>) {
        if self.first.is_none() {
            self.first = Some((question, fact));
            return;
        }
        if self.further.len() >= MANY_USED && self.further.len() == self.further.capacity() {
            // A run that asks the same things for ever takes no more room for it.
            self.further.sort_by(|(one, _), (other, _)| one.cmp(other));
            self.further.dedup_by(|(one, _), (other, _)| one == other);
        }
        self.further.push((question, fact));
    }

    fn iter(&self) -> impl Iterator<Item = &(Cow<'a, Question>, Fact<'a>)> {
        self.first.iter().chain(&self.further)
    }
}

/// One run of a check over the facts.
#[derive(Debug)]
pub struct Inquiry<'a> {
    facts: &'a Facts,
    used: Used<'a>,
    supposed: BTreeMap<Question, Arc<Answer>>,
    needed: BTreeSet<Question>,
    useful: BTreeSet<Question>,
}

impl<'a> Inquiry<'a> {
    /// A run over these facts.
    #[must_use]
    pub fn new(facts: &'a Facts) -> Self {
        Self {
            facts,
            used: Used::default(),
            supposed: BTreeMap::new(),
            needed: BTreeSet::new(),
            useful: BTreeSet::new(),
        }
    }

    /// The answer to a question.
    ///
    /// # Errors
    /// [`Unknown`] if nobody has answered it yet; it is noted as needed.
    pub fn ask(&mut self, question: impl Borrow<Question>) -> Result<Answer, Unknown> {
        self.find(question.borrow()).map(|fact| fact.answer().clone())
    }

    /// The answer to a question as [`Inquiry::ask`] gives it, without a copy where the facts hold it.
    pub(crate) fn find(&mut self, question: &Question) -> Result<Fact<'a>, Unknown> {
        if let Some(answer) = self.supposed.get(question) {
            return Ok(Fact::Made(Arc::clone(answer)));
        }
        let facts: &'a Facts = self.facts;
        let (question, fact) = match facts.answers.get_key_value(question) {
            Some((question, known)) => (Cow::Borrowed(question), Fact::Known(known)),
            None => match facts.found(question) {
                Some(Cow::Borrowed(answer)) => (Cow::Owned(question.clone()), Fact::Held(answer)),
                Some(Cow::Owned(answer)) => (Cow::Owned(question.clone()), Fact::Made(Arc::new(answer))),
                None => {
                    self.needed.insert(question.clone());
                    return Err(Unknown(()));
                }
            },
        };
        self.used.note(question, fact.clone());
        Ok(fact)
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
    pub fn expect(&mut self, question: impl Borrow<Question>) {
        let question = question.borrow();
        if self.facts.found(question).is_none() {
            self.useful.insert(question.clone());
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

    /// Runs a part as if a question had this answer, whatever the facts say: a record that is not
    /// published yet.
    ///
    /// # Errors
    /// [`Unknown`] if the part met a missing fact.
    pub fn supposing<T>(
        &mut self,
        question: Question,
        answer: Answer,
        part: impl FnOnce(&mut Self) -> Result<T, Unknown>,
    ) -> Result<T, Unknown> {
        let before = self.supposed.insert(question.clone(), Arc::new(answer));
        let found = part(self);
        match before {
            Some(before) => self.supposed.insert(question, before),
            None => self.supposed.remove(&question),
        };
        found
    }

    /// The facts that this run used, in order.
    #[must_use]
    pub fn used(&self) -> BTreeMap<&Question, &Answer> {
        self.used.iter().map(|(question, fact)| (&**question, fact.answer())).collect()
    }

    /// Whether this run used a fact.
    pub(crate) fn has_used(&self, question: &Question) -> bool {
        self.used.iter().any(|(used, _)| **used == *question)
    }

    /// The questions that were needed, and those that were only useful.
    pub(super) fn into_open(self, _why: Unknown) -> (BTreeSet<Question>, BTreeSet<Question>) {
        let useful = self.useful.difference(&self.needed).cloned().collect();
        (self.needed, useful)
    }
}
