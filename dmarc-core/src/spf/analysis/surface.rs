//! The authorized surface: which addresses get which result, and by which term.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::ends::{End, Outcome, Spent};
use super::sets::{AddressSet, Family};
use super::visit::{Decided, Gathered};

/// What a policy gives the clients of one family.
///
/// Every address has exactly one outcome; [`Outcome::Undetermined`] is that of an address whose result
/// depends on more than its policy and the answers at hand.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Surface {
    family: Family,
    parts: BTreeMap<Outcome, AddressSet>,
    decided: Decided,
}

/// What an address gets, and where that is decided.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Verdict {
    /// The result.
    pub outcome: Outcome,
    /// Every place where it may be decided; one if the outcome is determined by the policy.
    pub ends: Vec<(Outcome, End, Spent)>,
}

/// How the surfaces of two policies differ, for one outcome.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Difference {
    /// The outcome.
    pub outcome: Outcome,
    /// The family.
    pub family: Family,
    /// Addresses that only the second policy gives it.
    pub added: AddressSet,
    /// Addresses that only the first policy gives it.
    pub removed: AddressSet,
}

impl Surface {
    pub(super) fn new(family: Family, decided: Decided) -> Self {
        let mut possible = Gathered::new();
        for ((outcome, ..), set) in &decided {
            possible.add(*outcome, set.clone());
        }
        let possible = possible.joined();
        // An address that stands under two outcomes, or under the unknown one, has none of them.
        let mut seen = AddressSet::empty(family);
        let mut undetermined = AddressSet::empty(family);
        for (outcome, set) in &possible {
            if *outcome == Outcome::Undetermined {
                undetermined.add(set);
            }
            undetermined.add(&seen.and(set));
            seen.add(set);
        }
        let mut parts: BTreeMap<Outcome, AddressSet> = possible
            .into_iter()
            .filter(|(outcome, _)| *outcome != Outcome::Undetermined)
            .map(|(outcome, set)| (outcome, set.without(&undetermined)))
            .collect();
        parts.insert(Outcome::Undetermined, undetermined);
        parts.retain(|_, set| !set.is_empty());
        Self { family, parts, decided }
    }

    /// The family that it is about.
    #[must_use]
    pub const fn family(&self) -> Family {
        self.family
    }

    /// Each outcome that some address gets, with those addresses.
    pub fn parts(&self) -> impl Iterator<Item = (Outcome, &AddressSet)> {
        self.parts.iter().map(|(outcome, set)| (*outcome, set))
    }

    /// The addresses that get an outcome.
    #[must_use]
    pub fn part(&self, outcome: Outcome) -> AddressSet {
        self.parts.get(&outcome).cloned().unwrap_or_else(|| AddressSet::empty(self.family))
    }

    /// What an address gets, and where; `None` for an address of the other family.
    #[must_use]
    pub fn verdict(&self, address: IpAddr) -> Option<Verdict> {
        let outcome = self.parts().find(|(_, set)| set.contains(address))?.0;
        let ends = self.decided.iter().filter(|(_, set)| set.contains(address));
        Some(Verdict { outcome, ends: ends.map(|(key, _)| key.clone()).collect() })
    }

    /// Where each outcome is decided, with the addresses that come there.
    pub fn ends(&self) -> impl Iterator<Item = (Outcome, &End, &AddressSet)> {
        self.decided.iter().map(|((outcome, end, _), set)| (*outcome, end, set))
    }

    /// Whether the result of every address is known.
    #[must_use]
    pub fn is_determined(&self) -> bool {
        !self.parts.contains_key(&Outcome::Undetermined)
    }

    /// How another policy's surface differs from this one; empty if every address gets the same.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        let differences = Outcome::ALL.into_iter().map(|outcome| {
            let (one, other) = (self.part(outcome), other.part(outcome));
            Difference {
                outcome,
                family: self.family,
                added: other.without(&one),
                removed: one.without(&other),
            }
        });
        differences.filter(|found| !found.added.is_empty() || !found.removed.is_empty()).collect()
    }
}
