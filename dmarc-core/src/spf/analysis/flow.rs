//! Evaluation over sets of addresses (RFC 7208, 4.6 to 6.1): each term takes its addresses from those
//! that are still undecided, and what every one of them has cost so far goes along.
//!
//! Where a match depends on the client or the sender, or an answer is missing, both ways are followed.
//! A result then is one of several for the same address, and [`Flow::is_exact`] is false.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::conventions::Conventions;
use super::ends::{Cause, End, Outcome, Spent};
use super::matches::own_cost;
use super::policies::{Policies, PolicyState, policy_spec, reached};
use super::sets::{AddressSet, Family};
use super::target::{Target, target};
use super::visit::{Decided, Open, Visit, add, open_again};
use crate::name::DomainName;
use crate::spf::terms::Term;

/// Whether the limits on lookups and voids hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Limited {
    /// As a receiver evaluates.
    Yes,
    /// As the policy reads, were there no limits.
    No,
}

/// Terms whose match does not follow from the policy, by the record and their text.
pub(super) type Atoms = BTreeSet<(DomainName, String)>;

/// Records that one evaluation enters. With limits, ten terms end it long before; without, records
/// are evaluated once, except those on a loop.
const VISITS: u32 = 2_000;
/// Different costs that are told apart; real policies have under twenty.
const GROUPS: usize = 512;
/// Different ends that are told apart.
const ENDS: usize = 4_096;

/// An evaluation for all clients of one family.
pub(super) struct Flow<'a> {
    pub(super) policies: &'a Policies,
    pub(super) conventions: &'a Conventions,
    pub(super) family: Family,
    limited: Limited,
    /// Terms that are taken to match, all others of their kind not to; without it both is followed.
    pub(super) matching: Option<&'a Atoms>,
    path: Vec<DomainName>,
    known: BTreeMap<DomainName, Rc<Decided>>,
    loops: u32,
    visits: u32,
    pub(super) exact: bool,
    finite: bool,
}

impl<'a> Flow<'a> {
    pub(super) fn new(
        policies: &'a Policies,
        conventions: &'a Conventions,
        family: Family,
        limited: Limited,
    ) -> Self {
        Self {
            policies,
            conventions,
            family,
            limited,
            matching: None,
            path: Vec::new(),
            known: BTreeMap::new(),
            loops: 0,
            visits: 0,
            exact: true,
            finite: true,
        }
    }

    /// The same, were just these terms to match of all whose match is open.
    pub(super) const fn where_matching(mut self, atoms: &'a Atoms) -> Self {
        self.matching = Some(atoms);
        self
    }

    /// What every address of the family gets.
    pub(super) fn run(&mut self) -> Decided {
        let root = self.policies.root().clone();
        if root.label_count() < 2 {
            // RFC 7208, 4.3: a domain that "is not a multi-label domain name" gives "none".
            let mut visit = Visit::new(&root, self.everyone());
            visit.stop(Outcome::None, Cause::NoRecord, None);
            return visit.decided;
        }
        self.enter(&root, self.everyone())
    }

    /// Whether each address got one result, and its cost is that of every such client.
    pub(super) const fn is_exact(&self) -> bool {
        self.exact && self.finite
    }

    /// Whether the greatest cost is known.
    pub(super) const fn is_finite(&self) -> bool {
        self.finite
    }

    fn everyone(&self) -> Open {
        Open::from([(Spent::default(), AddressSet::all(self.family))])
    }

    /// `check_host` of one domain for all these addresses.
    fn enter(&mut self, name: &DomainName, open: Open) -> Decided {
        if self.limited == Limited::Yes {
            // The limit ends every loop (RFC 7208, 4.6.4).
            return self.policy(name, open);
        }
        if self.path.contains(name) {
            self.loops += 1;
            self.finite = false;
            let mut visit = Visit::new(name, open);
            visit.stop(Outcome::Permerror, Cause::Loop, None);
            return visit.decided;
        }
        // What a record decides does not depend on the addresses that come to it.
        let decided = match self.known.get(name) {
            Some(decided) => Rc::clone(decided),
            None => {
                let loops = self.loops;
                self.path.push(name.clone());
                let decided = Rc::new(self.policy(name, self.everyone()));
                self.path.pop();
                if self.loops == loops {
                    self.known.insert(name.clone(), Rc::clone(&decided));
                }
                decided
            }
        };
        let mut applied = Decided::new();
        for (before, addresses) in &open {
            for ((outcome, end, spent), set) in decided.as_ref() {
                add(&mut applied, (*outcome, end.clone(), before.and(*spent)), &set.and(addresses));
            }
        }
        applied
    }

    fn policy(&mut self, name: &DomainName, open: Open) -> Decided {
        let mut visit = Visit::new(name, open);
        self.visits += 1;
        if self.visits > VISITS {
            self.exact = false;
            self.finite = false;
            visit.stop(Outcome::Undetermined, Cause::NotKnown, None);
            return visit.decided;
        }
        let policies = self.policies;
        match policies.state(name) {
            PolicyState::Record(record) if record.is_usable() => {
                for (index, term) in reached(record) {
                    if visit.open.is_empty() {
                        break;
                    }
                    self.term(&mut visit, index, term);
                    self.bound(&mut visit);
                }
                visit.stop(Outcome::Neutral, Cause::NoMatch, None);
            }
            PolicyState::Record(_) => visit.stop(Outcome::Permerror, Cause::Syntax, None),
            PolicyState::Several { .. } => visit.stop(Outcome::Permerror, Cause::SeveralRecords, None),
            PolicyState::None => visit.stop(Outcome::None, Cause::NoRecord, None),
            PolicyState::Failed { .. } => visit.stop(Outcome::Temperror, Cause::Failure, None),
            PolicyState::NotKnown | PolicyState::NotVisited => {
                self.exact = false;
                self.finite = false;
                visit.stop(Outcome::Undetermined, Cause::NotKnown, None);
            }
        }
        visit.decided
    }

    /// Keeps the work within bounds, at the cost of detail.
    fn bound(&mut self, visit: &mut Visit) {
        if visit.open.len() > GROUPS {
            self.exact = false;
            self.finite = false;
            let most = visit.open.keys().fold(Spent::default(), |most, spent| Spent {
                lookups: most.lookups.max(spent.lookups),
                voids: most.voids.max(spent.voids),
            });
            for (_, set) in std::mem::take(&mut visit.open) {
                open_again(&mut visit.open, most, &set);
            }
        }
        if visit.decided.len() > ENDS {
            self.exact = false;
            self.finite = false;
            for ((outcome, end, spent), set) in std::mem::take(&mut visit.decided) {
                let end = End { steps: end.steps.into_iter().take(1).collect(), ..end };
                let spent = Spent { voids: 0, ..spent };
                add(&mut visit.decided, (outcome, end, spent), &set);
            }
        }
    }

    /// RFC 7208, 5.2.
    pub(super) fn include(&mut self, visit: &mut Visit, index: usize, term: &Term, outcome: Outcome) {
        let name = match target(policy_spec(term), &visit.name, self.family) {
            Target::Name(name) if name.label_count() > 1 => name,
            Target::Name(_) | Target::Impossible(_) => {
                return visit.stop(Outcome::Permerror, Cause::NoRecord, Some(index));
            }
            Target::Macro => {
                self.exact = false;
                self.finite = false;
                return visit.all_may_be(Outcome::Undetermined, Cause::NotKnown, index);
            }
        };
        let inner = self.inner(visit, index, &name);
        for ((inner, mut end, spent), set) in inner {
            let outcome = match inner {
                Outcome::Pass => outcome,
                Outcome::Fail | Outcome::Softfail | Outcome::Neutral => {
                    open_again(&mut visit.open, spent, &set);
                    continue;
                }
                Outcome::None => Outcome::Permerror,
                // It may be anything, also no match.
                Outcome::Undetermined => {
                    open_again(&mut visit.open, spent, &set);
                    inner
                }
                Outcome::Temperror | Outcome::Permerror => inner,
            };
            end.steps.insert(0, visit.step(index));
            add(&mut visit.decided, (outcome, end, spent), &set);
        }
    }

    /// RFC 7208, 6.1.
    pub(super) fn redirect(&mut self, visit: &mut Visit, index: usize, term: &Term) {
        self.spend(visit, index, own_cost(term, self.conventions));
        let name = match target(policy_spec(term), &visit.name, self.family) {
            Target::Name(name) if name.label_count() > 1 => name,
            Target::Name(_) | Target::Impossible(_) => {
                return visit.stop(Outcome::Permerror, Cause::NoRecord, Some(index));
            }
            Target::Macro => {
                self.exact = false;
                self.finite = false;
                return visit.stop(Outcome::Undetermined, Cause::NotKnown, Some(index));
            }
        };
        for ((inner, mut end, spent), set) in self.inner(visit, index, &name) {
            let outcome = if inner == Outcome::None { Outcome::Permerror } else { inner };
            end.steps.insert(0, visit.step(index));
            add(&mut visit.decided, (outcome, end, spent), &set);
        }
    }

    /// What the policy of another name makes of all that is open.
    fn inner(&mut self, visit: &mut Visit, index: usize, name: &DomainName) -> Decided {
        if self.policies.is_void(name) {
            self.void(visit, index);
        }
        let open = std::mem::take(&mut visit.open);
        if open.is_empty() { Decided::new() } else { self.enter(name, open) }
    }

    pub(super) fn spend(&self, visit: &mut Visit, index: usize, lookups: u32) {
        self.charge(visit, index, Spent { lookups, voids: 0 });
    }

    pub(super) fn void(&self, visit: &mut Visit, index: usize) {
        self.charge(visit, index, Spent { lookups: 0, voids: 1 });
    }

    fn charge(&self, visit: &mut Visit, index: usize, cost: Spent) {
        for (before, set) in std::mem::take(&mut visit.open) {
            let spent = before.and(cost);
            let cause = if spent.lookups > self.conventions.lookups {
                Some(Cause::LookupLimit)
            } else if spent.voids > self.conventions.voids {
                Some(Cause::VoidLimit)
            } else {
                None
            };
            match cause.filter(|_| self.limited == Limited::Yes) {
                Some(cause) => {
                    let end = visit.end(cause, Some(index));
                    add(&mut visit.decided, (Outcome::Permerror, end, spent), &set);
                }
                None => open_again(&mut visit.open, spent, &set),
            }
        }
    }
}
