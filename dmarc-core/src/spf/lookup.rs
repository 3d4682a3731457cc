//! Lookups of an evaluation, and what it may still spend (RFC 7208, 4.6.4).

use std::borrow::Cow;

use super::analysis::Conventions;
use super::outcome::Problem;
use super::published::Published;
use super::walk::{End, Walk};
use crate::dns;
use crate::evaluation::{Answer, Fact, Question};
use crate::name::DomainName;

/// What a lookup found.
pub(super) enum Found<'f> {
    /// Records, at least one. All are of the type that was asked for: facts hold no others.
    Records(Fact<'f>),
    /// No such name, or no such records there.
    Nothing,
}

impl<'f> Found<'f> {
    /// The records.
    pub(super) fn records(&self) -> &[dns::Record] {
        match self {
            Self::Records(fact) => match fact.answer() {
                Answer::Records(set) => &set.records,
                _ => &[],
            },
            Self::Nothing => &[],
        }
    }

    /// The SPF record among TXT records at a domain.
    pub(super) fn published(&self, domain: &DomainName) -> Cow<'f, Published> {
        match self {
            Self::Records(fact) => fact.published().map(Cow::Borrowed),
            Self::Nothing => None,
        }
        .unwrap_or_else(|| Cow::Owned(Published::read(domain, self.records())))
    }
}

/// What an evaluation has spent, and may spend.
pub(super) struct Budget {
    lookups: u32,
    voids: u32,
    lookup_limit: u32,
    void_limit: u32,
}

impl Budget {
    pub(super) const fn new(conventions: &Conventions) -> Self {
        Self { lookups: 0, voids: 0, lookup_limit: conventions.lookups, void_limit: conventions.voids }
    }

    pub(super) const fn lookups(&self) -> u32 {
        self.lookups
    }

    pub(super) const fn voids(&self) -> u32 {
        self.voids
    }

    /// Terms that may still query DNS.
    pub(super) fn lookups_left(&self) -> usize {
        usize::try_from(self.lookup_limit.saturating_sub(self.lookups)).unwrap_or(usize::MAX)
    }

    /// Counts a term that queries DNS: `include`, `a`, `mx`, `ptr`, `exists`, `redirect`. Of the
    /// usual ten the tenth is fine, the eleventh is not.
    pub(super) fn spend_lookup(&mut self) -> Result<(), Problem> {
        self.lookups = self.lookups.saturating_add(1);
        if self.lookups > self.lookup_limit {
            return Err(self.exceeded());
        }
        Ok(())
    }

    /// The problem of a policy that goes on beyond what is followed.
    pub(super) const fn exceeded(&self) -> Problem {
        Problem::TooManyLookups { limit: self.lookup_limit }
    }

    fn spend_void(&mut self) -> Result<(), Problem> {
        self.voids = self.voids.saturating_add(1);
        if self.voids > self.void_limit {
            return Err(Problem::TooManyVoidLookups { limit: self.void_limit });
        }
        Ok(())
    }
}

impl<'f> Walk<'_, 'f> {
    /// A lookup whose failure is the result of the whole check (RFC 7208, 5).
    pub(super) fn look_up(&mut self, question: &Question) -> Result<Found<'f>, End> {
        match self.answer(question)? {
            Ok(found) => Ok(found),
            Err(reason) => Err(Problem::LookupFailed { question: question.clone(), reason }.into()),
        }
    }

    /// The same for a lookup that counts where it finds nothing.
    pub(super) fn look_up_counted(&mut self, question: &Question) -> Result<Found<'f>, End> {
        let found = self.look_up(question)?;
        if matches!(found, Found::Nothing) {
            self.budget.spend_void()?;
        }
        Ok(found)
    }

    /// A lookup whose failure does no more than find nothing: of `ptr` and `exp`.
    pub(super) fn try_look_up(&mut self, question: &Question) -> Result<Option<Found<'f>>, End> {
        Ok(self.answer(question)?.ok())
    }

    fn answer(&mut self, question: &Question) -> Result<Result<Found<'f>, String>, End> {
        let fact = self.inquiry.find(question)?;
        Ok(match fact.answer() {
            Answer::Records(_) => Ok(Found::Records(fact)),
            Answer::NoData | Answer::NxDomain => Ok(Found::Nothing),
            Answer::Failure { reason } => Err(reason.clone()),
            // Put twice without an answer: to a receiver that is a timeout.
            Answer::NotAnswered => Err("not answered".to_owned()),
            // A certain result cannot follow from what is not known.
            _ => return Err(Problem::NotKnown { question: question.clone() }.into()),
        })
    }
}
