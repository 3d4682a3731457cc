//! One record under evaluation for many addresses: which are open, and which are decided.

use std::collections::BTreeMap;

use super::ends::{Cause, End, Outcome, Spent, Step};
use super::sets::AddressSet;
use crate::name::DomainName;

/// Addresses that are not decided yet, by what they have cost.
pub(super) type Open = BTreeMap<Spent, AddressSet>;
/// Addresses that are decided.
pub(super) type Decided = BTreeMap<(Outcome, End, Spent), AddressSet>;

/// Sets by what they have in common. They are joined when all are there: to join each one with all
/// before it would copy those every time.
pub(super) struct Gathered<K>(BTreeMap<K, Vec<AddressSet>>);

impl<K: Ord> Gathered<K> {
    pub(super) const fn new() -> Self {
        Self(BTreeMap::new())
    }

    pub(super) fn add(&mut self, key: K, set: AddressSet) {
        if !set.is_empty() {
            self.0.entry(key).or_default().push(set);
        }
    }

    pub(super) fn joined(self) -> BTreeMap<K, AddressSet> {
        self.0.into_iter().filter_map(|(key, sets)| Some((key, AddressSet::joined(sets)?))).collect()
    }
}

/// The same with the places of the decisions left out.
pub(super) fn without_places(decided: &Decided) -> Decided {
    let mut bare = Gathered::new();
    for ((outcome, end, spent), set) in decided {
        bare.add((*outcome, End { steps: Vec::new(), cause: end.cause }, *spent), set.clone());
    }
    bare.joined()
}

/// Whether the places are kept where addresses are decided.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Places {
    Kept,
    /// All that is asked is what addresses get and what that costs.
    Dropped,
}

/// One record under evaluation.
pub(super) struct Visit {
    pub(super) name: DomainName,
    pub(super) open: Open,
    pub(super) decided: Gathered<(Outcome, End, Spent)>,
    places: Places,
}

impl Visit {
    pub(super) fn new(name: &DomainName, open: Open, places: Places) -> Self {
        Self { name: name.clone(), open, decided: Gathered::new(), places }
    }

    pub(super) fn end(&self, cause: Cause, term: Option<usize>) -> End {
        let term = term.filter(|_| self.places == Places::Kept);
        End { steps: term.map(|term| self.step(term)).into_iter().collect(), cause }
    }

    /// The end that a term of this record leads to, as seen from here.
    pub(super) fn through(&self, term: usize, mut end: End) -> End {
        if self.places == Places::Kept {
            end.steps.insert(0, self.step(term));
        }
        end
    }

    fn step(&self, term: usize) -> Step {
        Step { policy: self.name.clone(), term }
    }

    /// Decides all that is open.
    pub(super) fn stop(&mut self, outcome: Outcome, cause: Cause, term: Option<usize>) {
        let end = self.end(cause, term);
        for (spent, set) in std::mem::take(&mut self.open) {
            self.decided.add((outcome, end.clone(), spent), set);
        }
    }

    /// Decides all that is open, and leaves it open.
    pub(super) fn all_may_be(&mut self, outcome: Outcome, cause: Cause, term: usize) {
        let open = self.open.clone();
        self.stop(outcome, cause, Some(term));
        self.open = open;
    }
}

pub(super) fn open_again(open: &mut Open, spent: Spent, set: AddressSet) {
    if set.is_empty() {
        return;
    }
    match open.entry(spent) {
        std::collections::btree_map::Entry::Vacant(free) => drop(free.insert(set)),
        std::collections::btree_map::Entry::Occupied(mut taken) => taken.get_mut().add(&set),
    }
}
