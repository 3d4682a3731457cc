//! Which addresses a term takes from those that are open (RFC 7208, 5), and what it costs.

use std::net::IpAddr;

use super::conventions::{Conventions, VoidUnit};
use super::ends::{Cause, Outcome};
use super::flow::Flow;
use super::policies::{Found, hosts, policy_spec};
use super::sets::{AddressSet, Owners};
use super::target::{Target, target};
use super::visit::{Visit, open_again};
use crate::dns::{Record as DnsRecord, RecordType};
use crate::name::DomainName;
use crate::spf::expand::needs_validated_name;
use crate::spf::terms::{Mechanism, Term};
use crate::text::lossy;

/// What a term that is evaluated costs by itself (RFC 7208, 4.6.4).
pub(super) fn own_cost(term: &Term, conventions: &Conventions) -> u32 {
    let (queries, spec) = match (term.directive(), policy_spec(term)) {
        (Some(directive), _) => (directive.mechanism.queries(), directive.mechanism.domain()),
        (None, Some(spec)) => (true, Some(spec)),
        (None, None) => (false, None),
    };
    let validated =
        conventions.p_macro && spec.is_some_and(|spec| needs_validated_name(spec.as_macro_string()));
    u32::from(queries) + u32::from(queries && validated)
}

/// The network that a term writes down.
pub(super) fn network(term: &Term) -> Option<(IpAddr, u8)> {
    match &term.directive()?.mechanism {
        Mechanism::Ip4(net) => Some((net.first().into(), net.length())),
        Mechanism::Ip6(net) => Some((net.first().into(), net.length())),
        _ => None,
    }
}

/// Whether a query that finds nothing counts.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Void {
    Yes,
    No,
}

impl Flow<'_> {
    pub(super) fn term(&mut self, visit: &mut Visit, index: usize, term: &Term) {
        let Some(directive) = term.directive() else { return self.redirect(visit, index, term) };
        let outcome = Outcome::from(directive.qualifier());
        let mechanism = &directive.mechanism;
        if mechanism.queries() {
            self.spend(visit, index, own_cost(term, self.conventions));
            if visit.open.is_empty() {
                return;
            }
        }
        match mechanism {
            Mechanism::All => visit.stop(outcome, Cause::Match, Some(index)),
            Mechanism::Ip4(_) | Mechanism::Ip6(_) => self.take(visit, index, outcome, network(term)),
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
            visit.decided.add((outcome, end.clone(), spent), set.and(&wanted));
            open_again(&mut visit.open, spent, set.without(&wanted));
        }
    }

    /// What terms that are networks take, each from what those before it leave.
    pub(super) fn take_in_order(&mut self, visit: &mut Visit, terms: &[(usize, &Term)]) {
        let owners = Owners::new(self.family, terms.iter().filter_map(|(_, term)| network(term)));
        for (spent, set) in std::mem::take(&mut visit.open) {
            self.work.add(terms.len());
            let (parts, rest) = owners.split(&set);
            for (place, part) in parts {
                let Some((index, term)) = terms.get(place) else { continue };
                let Some(directive) = term.directive() else { continue };
                let end = visit.end(Cause::Match, Some(*index));
                visit.decided.add((Outcome::from(directive.qualifier()), end, spent), part);
            }
            open_again(&mut visit.open, spent, rest);
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
                open_again(&mut visit.open, spent, set);
            }
        }
    }
}
