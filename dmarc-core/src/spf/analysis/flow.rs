//! Evaluation over sets of addresses (RFC 7208, 4.6 to 6.1): each term takes its addresses from those
//! that are still undecided, and what every one of them has cost so far goes along.
//!
//! Where a match depends on the client or the sender, or an answer is missing, both ways are followed.
//! A result then is one of several for the same address, and [`Flow::is_exact`] is false.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::rc::Rc;

use super::conventions::{Conventions, VoidUnit};
use super::ends::{Cause, End, Outcome, Spent, Step};
use super::policies::{Found, Policies, PolicyState, hosts, policy_spec, reached};
use super::sets::{AddressSet, Family};
use super::target::{Target, target, uses_validated_name};
use crate::dns::{Record as DnsRecord, RecordType};
use crate::name::DomainName;
use crate::spf::terms::{Mechanism, Term};
use crate::text::lossy;

/// Whether the limits on lookups and voids hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Limited {
    /// As a receiver evaluates.
    Yes,
    /// As the policy reads, were there no limits.
    No,
}

/// Addresses that are not decided yet, by what they have cost.
type Open = BTreeMap<Spent, AddressSet>;
/// Addresses that are decided.
pub(super) type Decided = BTreeMap<(Outcome, End, Spent), AddressSet>;

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
    policies: &'a Policies,
    conventions: &'a Conventions,
    family: Family,
    limited: Limited,
    /// Terms that are taken to match, all others of their kind not to; without it both is followed.
    matching: Option<&'a Atoms>,
    path: Vec<DomainName>,
    known: BTreeMap<DomainName, Rc<Decided>>,
    loops: u32,
    visits: u32,
    exact: bool,
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

    fn term(&mut self, visit: &mut Visit, index: usize, term: &Term) {
        let Some(directive) = term.directive() else { return self.redirect(visit, index, term) };
        let outcome = Outcome::from(directive.qualifier());
        let mechanism = &directive.mechanism;
        if mechanism.queries() {
            self.spend(visit, index, self.cost(term));
            if visit.open.is_empty() {
                return;
            }
        }
        match mechanism {
            Mechanism::All => visit.stop(outcome, Cause::Match, Some(index)),
            Mechanism::Ip4(net) => {
                self.take(visit, index, outcome, [(IpAddr::V4(net.first()), net.length())]);
            }
            Mechanism::Ip6(net) => {
                self.take(visit, index, outcome, [(IpAddr::V6(net.first()), net.length())]);
            }
            // The target of `ptr` is compared, never asked for; the answer depends on the client.
            Mechanism::Ptr(_) => self.maybe(visit, index, outcome, Void::No),
            Mechanism::Include(_) => self.include(visit, index, term, outcome),
            Mechanism::A(spec, cidr) => match target(spec.as_ref(), &visit.name, self.family) {
                Target::Name(name) => {
                    self.addresses(
                        visit,
                        index,
                        outcome,
                        &name,
                        (cidr.ip4_length(), cidr.ip6_length()),
                        Void::Yes,
                    );
                }
                Target::Impossible(_) => {}
                Target::Macro => self.maybe(visit, index, outcome, Void::Yes),
            },
            Mechanism::Exists(spec) => match target(Some(spec), &visit.name, self.family) {
                Target::Name(name) => match self.policies.answer(&name, RecordType::A) {
                    Found::Records(_) => visit.stop(outcome, Cause::Match, Some(index)),
                    Found::Void => self.void(visit, index),
                    Found::Failed => visit.stop(Outcome::Temperror, Cause::Failure, Some(index)),
                    Found::NotKnown => self.maybe(visit, index, outcome, Void::Yes),
                },
                Target::Impossible(_) => {}
                Target::Macro => self.maybe(visit, index, outcome, Void::Yes),
            },
            Mechanism::Mx(spec, cidr) => match target(spec.as_ref(), &visit.name, self.family) {
                Target::Name(name) => {
                    self.mail_hosts(visit, index, outcome, &name, (cidr.ip4_length(), cidr.ip6_length()));
                }
                Target::Impossible(_) => {}
                Target::Macro => self.maybe(visit, index, outcome, Void::Yes),
            },
        }
    }

    /// What a term costs by itself.
    fn cost(&self, term: &Term) -> u32 {
        own_cost(term, self.conventions)
    }

    fn addresses(
        &mut self,
        visit: &mut Visit,
        index: usize,
        outcome: Outcome,
        name: &DomainName,
        lengths: (u8, u8),
        void: Void,
    ) {
        match self.policies.addresses(name, self.family) {
            Found::Records(records) => {
                let networks = records.iter().filter_map(|record| match record {
                    DnsRecord::A(address) => Some((IpAddr::V4(*address), lengths.0)),
                    DnsRecord::Aaaa(address) => Some((IpAddr::V6(*address), lengths.1)),
                    _ => None,
                });
                self.take(visit, index, outcome, networks);
            }
            Found::Void if void == Void::Yes => self.void(visit, index),
            Found::Void => {}
            Found::Failed => visit.stop(Outcome::Temperror, Cause::Failure, Some(index)),
            Found::NotKnown => self.maybe(visit, index, outcome, void),
        }
    }

    fn mail_hosts(
        &mut self,
        visit: &mut Visit,
        index: usize,
        outcome: Outcome,
        name: &DomainName,
        lengths: (u8, u8),
    ) {
        let records = match self.policies.answer(name, RecordType::Mx) {
            Found::Records(records) => records,
            Found::Void => return self.void(visit, index),
            Found::Failed => return visit.stop(Outcome::Temperror, Cause::Failure, Some(index)),
            Found::NotKnown => return self.maybe(visit, index, outcome, Void::Yes),
        };
        let hosts = hosts(records);
        if hosts.len() > self.conventions.mx_hosts as usize {
            return visit.stop(Outcome::Permerror, Cause::MxLimit, Some(index));
        }
        let void = match self.conventions.void_unit {
            VoidUnit::Answers => Void::Yes,
            VoidUnit::Terms => Void::No,
        };
        for host in hosts {
            if visit.open.is_empty() {
                return;
            }
            self.addresses(visit, index, outcome, host, lengths, void);
        }
    }

    /// RFC 7208, 5.2.
    fn include(&mut self, visit: &mut Visit, index: usize, term: &Term, outcome: Outcome) {
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
    fn redirect(&mut self, visit: &mut Visit, index: usize, term: &Term) {
        self.spend(visit, index, self.cost(term));
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

    fn take(
        &self,
        visit: &mut Visit,
        index: usize,
        outcome: Outcome,
        networks: impl IntoIterator<Item = (IpAddr, u8)>,
    ) {
        let wanted = AddressSet::networks_of(self.family, networks);
        if wanted.is_empty() {
            return;
        }
        let end = visit.end(Cause::Match, Some(index));
        for (spent, set) in std::mem::take(&mut visit.open) {
            add(&mut visit.decided, (outcome, end.clone(), spent), &set.and(&wanted));
            open_again(&mut visit.open, spent, &set.without(&wanted));
        }
    }

    /// Follows both ways: the term matches, and it does not.
    fn maybe(&mut self, visit: &mut Visit, index: usize, outcome: Outcome, void: Void) {
        if let Some(matching) = self.matching {
            let record = self.policies.state(&visit.name).record();
            let text =
                record.and_then(|record| Some(lossy(record.terms().get(index)?.span.of(record.as_octets()))));
            if text.is_some_and(|text| matching.contains(&(visit.name.clone(), text))) {
                visit.stop(outcome, Cause::Match, Some(index));
            }
            return;
        }
        self.exact = false;
        visit.all_may_be(outcome, Cause::MayMatch, index);
        if void == Void::Yes {
            let open = visit.open.clone();
            self.void(visit, index);
            for (spent, set) in open {
                open_again(&mut visit.open, spent, &set);
            }
        }
    }

    fn spend(&self, visit: &mut Visit, index: usize, lookups: u32) {
        self.charge(visit, index, Spent { lookups, voids: 0 });
    }

    fn void(&self, visit: &mut Visit, index: usize) {
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

/// What a term that is evaluated costs by itself (RFC 7208, 4.6.4).
pub(super) fn own_cost(term: &Term, conventions: &Conventions) -> u32 {
    let (queries, spec) = match (term.directive(), policy_spec(term)) {
        (Some(directive), _) => (directive.mechanism.queries(), directive.mechanism.domain()),
        (None, Some(spec)) => (true, Some(spec)),
        (None, None) => (false, None),
    };
    let validated = conventions.p_macro && uses_validated_name(spec);
    u32::from(queries) + u32::from(queries && validated)
}

/// Whether a query that finds nothing counts.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Void {
    Yes,
    No,
}

/// One record under evaluation.
struct Visit {
    name: DomainName,
    open: Open,
    decided: Decided,
}

impl Visit {
    fn new(name: &DomainName, open: Open) -> Self {
        Self { name: name.clone(), open, decided: Decided::new() }
    }

    fn step(&self, term: usize) -> Step {
        Step { policy: self.name.clone(), term }
    }

    fn end(&self, cause: Cause, term: Option<usize>) -> End {
        End { steps: term.map(|term| self.step(term)).into_iter().collect(), cause }
    }

    /// Decides all that is open.
    fn stop(&mut self, outcome: Outcome, cause: Cause, term: Option<usize>) {
        let end = self.end(cause, term);
        for (spent, set) in std::mem::take(&mut self.open) {
            add(&mut self.decided, (outcome, end.clone(), spent), &set);
        }
    }

    /// Decides all that is open, and leaves it open.
    fn all_may_be(&mut self, outcome: Outcome, cause: Cause, term: usize) {
        let open = self.open.clone();
        self.stop(outcome, cause, Some(term));
        self.open = open;
    }
}

fn add(decided: &mut Decided, key: (Outcome, End, Spent), set: &AddressSet) {
    if !set.is_empty() {
        decided.entry(key).or_insert_with(|| AddressSet::empty(set.family())).add(set);
    }
}

fn open_again(open: &mut Open, spent: Spent, set: &AddressSet) {
    if !set.is_empty() {
        open.entry(spent).or_insert_with(|| AddressSet::empty(set.family())).add(set);
    }
}
