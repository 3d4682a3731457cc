//! The tree of a policy: each record with its terms, what they cost, and where they lead.
//!
//! A record that is reached twice is shown once, where it comes first, and counted each time. The
//! path tells why it comes again: it leads back to itself, stands twice in one record, or is reached
//! by two ways.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::conventions::{Conventions, VoidUnit};
use super::matches::own_cost;
use super::policies::{Found, Policies, PolicyState, address_type, hosts, is_redirect, policy_spec, reached};
use super::sets::Family;
use super::target::{Target, target};
use crate::diagnostics::Span;
use crate::dns::RecordType;
use crate::name::DomainName;
use crate::spf::record::Record;
use crate::spf::terms::{DomainSpec, Mechanism, Term};
use crate::text::lossy;

/// A record of a policy.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct PolicyNode {
    /// Where it stands.
    pub name: DomainName,
    /// What stands there: `record`, `several-records`, `no-record`, `failure`, `not-known`, or
    /// `not-visited` if the analysis ended before it.
    pub status: &'static str,
    /// Why it was seen before: then its terms are shown there.
    pub again: Option<Again>,
    /// Its text.
    pub text: Option<String>,
    /// Whether a receiver can evaluate it; null if there is no record.
    pub usable: Option<bool>,
    /// Terms that query DNS, its own and those below; null with a loop, or where it is not known.
    pub lookups: Option<u64>,
    /// Its terms that are shown here.
    pub terms: Vec<TermNode>,
}

/// Why a record comes again.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Again {
    /// It leads back to itself.
    Loop,
    /// The same record names it twice.
    Duplicate,
    /// Two ways lead to it.
    Diamond,
}

/// A term of a record.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct TermNode {
    /// The term.
    pub text: String,
    /// Byte range of its record.
    pub span: Span,
    /// Whether it can be reached: not behind `all`, nor a `redirect` beside it.
    pub reached: bool,
    /// Lookups that it costs by itself.
    pub own: u32,
    /// Lookups of the record that it leads to; null with a loop, or where it is not known.
    pub below: Option<u64>,
    /// Lookups up to and with the term itself, if nothing matched before; null behind a loop.
    pub running: Option<u64>,
    /// Void lookups that it causes for IPv4 clients.
    pub voids_ipv4: u32,
    /// Void lookups that it causes for IPv6 clients.
    pub voids_ipv6: u32,
    /// How many mail hosts it names, for `mx`.
    pub mail_hosts: Option<usize>,
    /// Whether its name depends on the client or the sender.
    pub depends: bool,
    /// The records that it leads to: one, or one per family with `%{v}`.
    pub policies: Vec<PolicyNode>,
}

/// The tree of a policy.
#[must_use]
pub(super) fn tree(policies: &Policies, conventions: &Conventions) -> PolicyNode {
    let costs = Costs::new(policies, conventions);
    let mut grow = Grow { costs, running: Some(0), path: Vec::new(), shown: BTreeSet::new() };
    grow.policy(policies.root(), None)
}

/// The plain sum over all terms that can be reached: null with a loop, or where it is not known.
#[must_use]
pub(super) fn sum(policies: &Policies, conventions: &Conventions) -> Option<u64> {
    Costs::new(policies, conventions).below(policies.root())
}

/// The names of the records that a term leads to; `None` if they depend on the client or sender.
pub(super) fn leads_to(term: &Term, current: &DomainName) -> Option<Vec<DomainName>> {
    let mut names = Vec::new();
    let Some(spec) = policy_spec(term) else { return Some(names) };
    for family in families_of(spec) {
        match target(Some(spec), current, *family) {
            Target::Name(name) if name.label_count() > 1 && !names.contains(&name) => names.push(name),
            Target::Name(_) | Target::Impossible(_) => {}
            Target::Macro => return None,
        }
    }
    Some(names)
}

/// The families that a domain-spec may lead to different names for: one stands for both without macros.
pub(super) fn families_of(spec: &DomainSpec) -> &'static [Family] {
    if spec.as_macro_string().is_literal() { &[Family::Ipv4] } else { &Family::ALL }
}

/// The void lookups of a term, with their names.
pub(super) fn voids(
    term: &Term,
    current: &DomainName,
    family: Family,
    policies: &Policies,
    conventions: &Conventions,
) -> Vec<(DomainName, RecordType)> {
    let Some(directive) = term.directive() else {
        let names = leads_to(term, current).unwrap_or_default();
        return names
            .into_iter()
            .filter(|name| policies.is_void(name))
            .map(|name| (name, RecordType::Txt))
            .collect();
    };
    let named = |spec| match target(spec, current, family) {
        Target::Name(name) => Some(name),
        _ => None,
    };
    let one = |name: Option<DomainName>, record_type| {
        let found = name.filter(|name| policies.answer(name, record_type) == Found::Void);
        found.map(|name| (name, record_type)).into_iter().collect()
    };
    match &directive.mechanism {
        Mechanism::A(spec, _) => one(named(spec.as_ref()), address_type(family)),
        Mechanism::Exists(spec) => one(named(Some(spec)), RecordType::A),
        Mechanism::Include(spec) => {
            let name = named(Some(spec)).filter(|name| policies.is_void(name));
            name.map(|name| (name, RecordType::Txt)).into_iter().collect()
        }
        Mechanism::Mx(spec, _) => {
            let Some(name) = named(spec.as_ref()) else { return Vec::new() };
            let Found::Records(records) = policies.answer(&name, RecordType::Mx) else {
                return one(Some(name), RecordType::Mx);
            };
            if conventions.void_unit == VoidUnit::Terms {
                return Vec::new();
            }
            hosts(records)
                .into_iter()
                .filter(|host| policies.addresses(host, family) == Found::Void)
                .map(|host| (host.clone(), address_type(family)))
                .collect()
        }
        Mechanism::All | Mechanism::Ip4(_) | Mechanism::Ip6(_) | Mechanism::Ptr(_) => Vec::new(),
    }
}

/// What records cost with everything below them; each is computed once.
pub(super) struct Costs<'a> {
    policies: &'a Policies,
    conventions: &'a Conventions,
    known: BTreeMap<DomainName, Option<u64>>,
    path: Vec<DomainName>,
}

impl<'a> Costs<'a> {
    pub(super) fn new(policies: &'a Policies, conventions: &'a Conventions) -> Self {
        Self { policies, conventions, known: BTreeMap::new(), path: Vec::new() }
    }

    fn below(&mut self, name: &DomainName) -> Option<u64> {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        if self.path.contains(name) {
            return None;
        }
        let policies = self.policies;
        let cost = match policies.state(name) {
            PolicyState::Record(record) => {
                self.path.push(name.clone());
                let costs: Vec<Option<u64>> =
                    reached(record).map(|(_, term)| self.term(name, term)).collect();
                self.path.pop();
                costs.into_iter().try_fold(0_u64, |sum, cost| sum.checked_add(cost?))
            }
            // A record that could not be looked up may cost anything.
            PolicyState::NotKnown | PolicyState::NotVisited | PolicyState::Failed { .. } => None,
            PolicyState::None | PolicyState::Several { .. } => Some(0),
        };
        // Whoever leads into a loop has no cost either, by whichever way it is entered.
        self.known.insert(name.clone(), cost);
        cost
    }

    fn term(&mut self, current: &DomainName, term: &Term) -> Option<u64> {
        let own = u64::from(own_cost(term, self.conventions));
        own.checked_add(self.below_term(current, term)?)
    }

    /// The record that a term leads to; the dearer one if the families have one each.
    pub(super) fn below_term(&mut self, current: &DomainName, term: &Term) -> Option<u64> {
        let costs: Vec<Option<u64>> = leads_to(term, current)?.iter().map(|name| self.below(name)).collect();
        costs.into_iter().try_fold(0_u64, |most, cost| Some(most.max(cost?)))
    }
}

struct Grow<'a> {
    costs: Costs<'a>,
    running: Option<u64>,
    path: Vec<DomainName>,
    shown: BTreeSet<DomainName>,
}

impl Grow<'_> {
    fn policy(&mut self, name: &DomainName, siblings: Option<&BTreeSet<DomainName>>) -> PolicyNode {
        let policies = self.costs.policies;
        let state = policies.state(name);
        let again = if self.path.contains(name) {
            Some(Again::Loop)
        } else if siblings.is_some_and(|siblings| siblings.contains(name)) {
            Some(Again::Duplicate)
        } else if self.shown.contains(name) {
            Some(Again::Diamond)
        } else {
            None
        };
        let record = state.record();
        let mut node = PolicyNode {
            name: name.clone(),
            status: state.as_str(),
            again,
            text: record.map(ToString::to_string),
            usable: record.map(Record::is_usable),
            lookups: self.costs.below(name),
            terms: Vec::new(),
        };
        match (record, again) {
            (Some(record), None) => {
                self.shown.insert(name.clone());
                self.path.push(name.clone());
                node.terms = self.terms(name, record);
                self.path.pop();
            }
            _ => {
                self.running = self.running.zip(node.lookups).and_then(|(sum, below)| sum.checked_add(below));
            }
        }
        node
    }

    fn terms(&mut self, name: &DomainName, record: &Record) -> Vec<TermNode> {
        let reachable: BTreeSet<usize> = reached(record).map(|(index, _)| index).collect();
        let mut siblings = BTreeSet::new();
        let mut terms: Vec<(usize, &Term)> = record.terms().iter().enumerate().collect();
        // Wherever a redirect stands, it is followed last.
        terms.sort_by_key(|(_, term)| is_redirect(term));
        let mut nodes: Vec<TermNode> = terms
            .into_iter()
            .map(|(index, term)| {
                let reached = reachable.contains(&index);
                let text = lossy(term.span.of(record.as_octets()));
                if reached {
                    self.reached(name, term, text, &mut siblings)
                } else {
                    TermNode {
                        text,
                        span: term.span,
                        // A modifier other than `redirect` is not part of the way.
                        reached: term.directive().is_none() && policy_spec(term).is_none(),
                        own: 0,
                        below: Some(0),
                        running: self.running,
                        voids_ipv4: 0,
                        voids_ipv6: 0,
                        mail_hosts: None,
                        depends: false,
                        policies: Vec::new(),
                    }
                }
            })
            .collect();
        nodes.sort_by_key(|node| node.span.start);
        nodes
    }

    fn reached(
        &mut self,
        name: &DomainName,
        term: &Term,
        text: String,
        siblings: &mut BTreeSet<DomainName>,
    ) -> TermNode {
        let own = own_cost(term, self.costs.conventions);
        let below = self.costs.below_term(name, term);
        let running = self.running.and_then(|sum| sum.checked_add(own.into()));
        self.running = running;
        let targets = leads_to(term, name);
        let policies: Vec<PolicyNode> =
            targets.iter().flatten().map(|target| self.policy(target, Some(siblings))).collect();
        siblings.extend(targets.into_iter().flatten());
        // Two records, one per family: the dearer one counts.
        self.running = running.zip(below).and_then(|(sum, below)| sum.checked_add(below));
        let (facts, conventions) = (self.costs.policies, self.costs.conventions);
        let voids =
            |family| u32::try_from(voids(term, name, family, facts, conventions).len()).unwrap_or(u32::MAX);
        TermNode {
            text,
            span: term.span,
            reached: true,
            own,
            below,
            running,
            voids_ipv4: voids(Family::Ipv4),
            voids_ipv6: voids(Family::Ipv6),
            mail_hosts: mail_hosts(term, name, facts),
            depends: depends(term, name),
            policies,
        }
    }
}

/// How many mail hosts an `mx` term names, the null MX not counted.
fn mail_hosts(term: &Term, current: &DomainName, policies: &Policies) -> Option<usize> {
    let Mechanism::Mx(spec, _) = &term.directive()?.mechanism else { return None };
    let Target::Name(name) = target(spec.as_ref(), current, Family::Ipv4) else { return None };
    match policies.answer(&name, RecordType::Mx) {
        Found::Records(records) => Some(hosts(records).len()),
        Found::Void => Some(0),
        Found::Failed | Found::NotKnown => None,
    }
}

/// Whether what a term matches depends on more than the client's address and the policy.
pub(super) fn depends(term: &Term, current: &DomainName) -> bool {
    let spec = match term.directive() {
        Some(directive) => match &directive.mechanism {
            Mechanism::Ptr(_) => return true,
            mechanism => mechanism.domain(),
        },
        None => policy_spec(term),
    };
    spec.is_some() && target(spec, current, Family::Ipv4) == Target::Macro
}
