//! Evaluation over sets of addresses (RFC 7208, 4.6 to 6.1): each term takes its addresses from those
//! that are still undecided, and what every one of them has cost so far goes along.
//!
//! Where a match depends on the client or the sender, or an answer is missing, both ways are followed.
//! A result then is one of several for the same address, and [`Flow::is_exact`] is false.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::conventions::Conventions;
use super::ends::{Cause, End, Outcome, Spent};
use super::matches::{network, own_cost};
use super::policies::{Policies, PolicyState, policy_spec, reached};
use super::sets::{AddressSet, Family};
use super::target::{Target, target};
use super::visit::{Decided, Gathered, Open, Places, Visit, open_again};
use super::work::Work;
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
    pub(super) work: Work,
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
            work: Work::default(),
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
            return self.all(&root, self.everyone(), Outcome::None, Cause::NoRecord);
        }
        self.enter(&root, self.everyone())
    }

    /// Decides all addresses that come to a record alike.
    fn all(&self, name: &DomainName, open: Open, outcome: Outcome, cause: Cause) -> Decided {
        let mut visit = self.visit(name, open);
        visit.stop(outcome, cause, None);
        visit.decided.joined()
    }

    fn visit(&self, name: &DomainName, open: Open) -> Visit {
        let places = match self.limited {
            Limited::Yes => Places::Kept,
            Limited::No => Places::Dropped,
        };
        Visit::new(name, open, places)
    }

    /// Whether each address got one result, and its cost is that of every such client.
    pub(super) const fn is_exact(&self) -> bool {
        self.exact && self.finite
    }

    /// Whether it was too much work to go to the end.
    pub(super) const fn is_cut(&self) -> bool {
        self.work.is_cut()
    }

    /// What it took, in ranges and terms that were looked at.
    pub(super) const fn work(&self) -> u64 {
        self.work.done()
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
            self.path.push(name.clone());
            let decided = self.policy(name, open);
            self.path.pop();
            return decided;
        }
        if self.path.contains(name) {
            self.loops += 1;
            self.finite = false;
            return self.all(name, open, Outcome::Permerror, Cause::Loop);
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
        self.applied(name, &decided, open)
    }

    /// What a record decides, for these addresses.
    fn applied(&mut self, name: &DomainName, decided: &Decided, open: Open) -> Decided {
        let (groups, ends) = (open.len(), decided.len());
        let both = |open: usize, decided: usize| open.saturating_mul(ends).saturating_add(decided * groups);
        self.work.add(both(Work::of(open.values()), Work::of(decided.values())));
        if self.work.is_cut() {
            return self.cut(name, open);
        }
        let mut applied = Gathered::new();
        for (before, addresses) in &open {
            for ((outcome, end, spent), set) in decided {
                let spent = before.and(*spent);
                self.work.counted(spent.lookups);
                applied.add((*outcome, end.clone(), spent), set.and(addresses));
            }
        }
        if self.work.is_cut() {
            return self.cut(name, open);
        }
        applied.joined()
    }

    fn policy(&mut self, name: &DomainName, open: Open) -> Decided {
        self.work.enter(self.path.len());
        if self.work.is_cut() {
            return self.cut(name, open);
        }
        let policies = self.policies;
        let record = match policies.state(name) {
            PolicyState::Record(record) if record.is_usable() => record,
            PolicyState::Record(_) => return self.all(name, open, Outcome::Permerror, Cause::Syntax),
            PolicyState::Several { .. } => {
                return self.all(name, open, Outcome::Permerror, Cause::SeveralRecords);
            }
            PolicyState::None => return self.all(name, open, Outcome::None, Cause::NoRecord),
            PolicyState::Failed { .. } => return self.all(name, open, Outcome::Temperror, Cause::Failure),
            PolicyState::NotKnown | PolicyState::NotVisited => return self.not_known(name, open),
        };
        let mut visit = self.visit(name, open);
        let terms: Vec<(usize, &Term)> = reached(record).collect();
        // Networks beside each other take their addresses at once.
        let beside = |(_, one): &(usize, &Term), (_, other): &(usize, &Term)| {
            network(one).is_some() && network(other).is_some()
        };
        for run in terms.chunk_by(beside) {
            if visit.open.is_empty() {
                break;
            }
            self.work.add(Work::of(visit.open.values()).saturating_add(run.len()));
            self.bound(&mut visit);
            match run {
                [(index, term)] if network(term).is_none() => self.term(&mut visit, *index, term),
                networks => self.take_in_order(&mut visit, networks),
            }
        }
        visit.stop(Outcome::Neutral, Cause::NoMatch, None);
        let decided = visit.decided.joined();
        if self.has_costs() { decided } else { cheapest(decided) }
    }

    fn not_known(&mut self, name: &DomainName, open: Open) -> Decided {
        self.exact = false;
        self.finite = false;
        self.all(name, open, Outcome::Undetermined, Cause::NotKnown)
    }

    fn cut(&mut self, name: &DomainName, open: Open) -> Decided {
        self.exact = false;
        self.finite = false;
        self.all(name, open, Outcome::Undetermined, Cause::TooLarge)
    }

    /// Whether it matters what each address costs. Without limits, and with no greatest count to be
    /// found any more, the least is all that is asked.
    fn has_costs(&self) -> bool {
        self.limited == Limited::Yes || self.finite
    }

    /// Keeps the work within bounds.
    fn bound(&mut self, visit: &mut Visit) {
        self.work.groups(visit.open.len());
        if self.work.is_cut() {
            self.exact = false;
            self.finite = false;
            visit.stop(Outcome::Undetermined, Cause::TooLarge, None);
        } else if !self.has_costs() && visit.open.len() > 1 {
            let least = visit.open.keys().copied().reduce(Spent::least).unwrap_or_default();
            let set = AddressSet::joined(std::mem::take(&mut visit.open).into_values().collect());
            visit.open.extend(set.map(|set| (least, set)));
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
        let mut open = Gathered::new();
        for ((inner, end, spent), set) in self.inner(visit, index, &name) {
            let outcome = match inner {
                Outcome::Pass => outcome,
                Outcome::Fail | Outcome::Softfail | Outcome::Neutral => {
                    open.add(spent, set);
                    continue;
                }
                Outcome::None => Outcome::Permerror,
                // It may be anything, also no match.
                Outcome::Undetermined => {
                    open.add(spent, set.clone());
                    inner
                }
                Outcome::Temperror | Outcome::Permerror => inner,
            };
            visit.decided.add((outcome, visit.through(index, end), spent), set);
        }
        visit.open = open.joined();
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
        for ((inner, end, spent), set) in self.inner(visit, index, &name) {
            let outcome = if inner == Outcome::None { Outcome::Permerror } else { inner };
            visit.decided.add((outcome, visit.through(index, end), spent), set);
        }
    }

    /// What the policy of another name makes of all that is open.
    fn inner(&mut self, visit: &mut Visit, index: usize, name: &DomainName) -> Decided {
        if self.policies.is_void(name) {
            self.void(visit, index);
        }
        let open = std::mem::take(&mut visit.open);
        if open.is_empty() {
            return Decided::new();
        }
        let decided = self.enter(name, open);
        self.work.add(decided.keys().map(|(_, end, _)| 1 + end.steps.len()).sum());
        decided
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
                    visit.decided.add((Outcome::Permerror, end, spent), set);
                }
                None => open_again(&mut visit.open, spent, set),
            }
        }
    }
}

/// For each end what the cheapest of its addresses cost.
fn cheapest(decided: Decided) -> Decided {
    let mut least: BTreeMap<(Outcome, End), Spent> = BTreeMap::new();
    let mut sets = Gathered::new();
    for ((outcome, end, spent), set) in decided {
        let key = (outcome, end);
        least.entry(key.clone()).and_modify(|least| *least = least.least(spent)).or_insert(spent);
        sets.add(key, set);
    }
    let spent = |key: &(Outcome, End)| least.get(key).copied().unwrap_or_default();
    sets.joined().into_iter().map(|(key, set)| ((key.0, key.1.clone(), spent(&key)), set)).collect()
}
