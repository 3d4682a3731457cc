//! One record under evaluation for many addresses: which are open, and which are decided.

use std::collections::BTreeMap;

use super::ends::{Cause, End, Outcome, Spent, Step};
use super::sets::AddressSet;
use crate::name::DomainName;

/// Addresses that are not decided yet, by what they have cost.
pub(super) type Open = BTreeMap<Spent, AddressSet>;
/// Addresses that are decided.
pub(super) type Decided = BTreeMap<(Outcome, End, Spent), AddressSet>;

/// One record under evaluation.
pub(super) struct Visit {
    pub(super) name: DomainName,
    pub(super) open: Open,
    pub(super) decided: Decided,
}

impl Visit {
    pub(super) fn new(name: &DomainName, open: Open) -> Self {
        Self { name: name.clone(), open, decided: Decided::new() }
    }

    pub(super) fn step(&self, term: usize) -> Step {
        Step { policy: self.name.clone(), term }
    }

    pub(super) fn end(&self, cause: Cause, term: Option<usize>) -> End {
        End { steps: term.map(|term| self.step(term)).into_iter().collect(), cause }
    }

    /// Decides all that is open.
    pub(super) fn stop(&mut self, outcome: Outcome, cause: Cause, term: Option<usize>) {
        let end = self.end(cause, term);
        for (spent, set) in std::mem::take(&mut self.open) {
            add(&mut self.decided, (outcome, end.clone(), spent), &set);
        }
    }

    /// Decides all that is open, and leaves it open.
    pub(super) fn all_may_be(&mut self, outcome: Outcome, cause: Cause, term: usize) {
        let open = self.open.clone();
        self.stop(outcome, cause, Some(term));
        self.open = open;
    }
}

pub(super) fn add(decided: &mut Decided, key: (Outcome, End, Spent), set: &AddressSet) {
    if !set.is_empty() {
        decided.entry(key).or_insert_with(|| AddressSet::empty(set.family())).add(set);
    }
}

pub(super) fn open_again(open: &mut Open, spent: Spent, set: &AddressSet) {
    if !set.is_empty() {
        open.entry(spent).or_insert_with(|| AddressSet::empty(set.family())).add(set);
    }
}
