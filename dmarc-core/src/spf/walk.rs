//! The evaluation itself: records, terms and their matches (RFC 7208, 4.4 to 6.2).

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use super::analysis::VoidUnit;
use super::check::{CheckHost, Trace};
use super::lookup::{Budget, Found};
use super::networks::{Ip4Network, Ip6Network};
use super::outcome::{Explanation, Problem, SpfResult};
use super::published::{Policy, Published};
use super::terms::{Directive, DomainSpec, DualCidr, Mechanism, Modifier};
use super::trace::{AskedFor, Became, PlacedTerm, Steps};
use crate::dns;
use crate::evaluation::{Inquiry, Question, Unknown};
use crate::name::DomainName;

/// Includes and redirects within each other that are followed, whatever number of lookups a caller
/// allows: as many as there are records that an analysis reads.
const DEPTH: usize = 110;

/// Why an evaluation ends before a record gives its result.
pub(super) enum End {
    /// A fact is missing.
    Unknown(Unknown),
    /// An error, which is the result of the whole check.
    Problem(Box<Problem>),
}

impl From<Unknown> for End {
    fn from(unknown: Unknown) -> Self {
        Self::Unknown(unknown)
    }
}

impl From<Problem> for End {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

/// What a record gives.
pub(super) struct Decision {
    /// `none` where there is no record.
    pub(super) result: SpfResult,
    /// The term that matched.
    pub(super) term: Option<PlacedTerm>,
}

impl Decision {
    const fn of(result: SpfResult) -> Self {
        Self { result, term: None }
    }
}

/// What an evaluation has spent.
#[derive(Default)]
pub(super) struct Spent {
    pub(super) lookups: u32,
    pub(super) voids: u32,
    pub(super) trace: Steps,
}

/// One evaluation on its way.
pub(super) struct Walk<'a, 'f> {
    pub(super) check: &'a CheckHost,
    /// The client, where an IPv4-mapped address is the IPv4 address that it stands for.
    pub(super) ip: IpAddr,
    pub(super) inquiry: &'a mut Inquiry<'f>,
    pub(super) budget: Budget,
    trace: Steps,
    /// Names of the client that were looked up and hold its address.
    pub(super) validated: Option<Vec<DomainName>>,
}

impl<'a, 'f> Walk<'a, 'f> {
    pub(super) fn new(check: &'a CheckHost, inquiry: &'a mut Inquiry<'f>) -> Self {
        let budget = Budget::new(&check.conventions);
        Self { check, ip: check.ip.to_canonical(), inquiry, budget, trace: Steps::default(), validated: None }
    }

    pub(super) fn into_spent(self) -> Spent {
        Spent { lookups: self.budget.lookups(), voids: self.budget.voids(), trace: self.trace }
    }

    /// The whole check, with the explanation of a `fail`.
    pub(super) fn run(&mut self, domain: &DomainName) -> Result<(Decision, Option<Explanation>), End> {
        let found = self.look_up(&Question::txt(domain.clone()))?;
        let decision = self.check_host(domain, &found, 0)?;
        let explanation = match &decision {
            // The record that gave the result explains it, which after a `redirect` is another one.
            Decision { result: SpfResult::Fail, term: Some(term) } => self.explained(term)?,
            _ => None,
        };
        Ok((decision, explanation))
    }

    fn explained(&mut self, term: &PlacedTerm) -> Result<Option<Explanation>, End> {
        let Some(target) = term.record().explanation() else { return Ok(None) };
        let text = self.explanation(target, term.domain())?;
        Ok(text.map(|text| Explanation { domain: term.domain().clone(), text }))
    }

    /// `check_host` from the TXT records of the domain on (RFC 7208, 4.5).
    fn check_host(&mut self, domain: &DomainName, found: &Found<'_>, depth: usize) -> Result<Decision, End> {
        match &*found.published(domain) {
            Published::Policy(policy) => self.policy(policy, depth),
            Published::Broken => Err(Problem::SyntaxError { domain: domain.to_string() }.into()),
            Published::Several => Err(Problem::SeveralRecords { domain: domain.to_string() }.into()),
            Published::None => Ok(Decision::of(SpfResult::None)),
        }
    }

    fn policy(&mut self, policy: &Arc<Policy>, depth: usize) -> Result<Decision, End> {
        let lookups_left = self.budget.lookups_left();
        let place = if self.check.trace == Trace::Full { self.trace.enter(policy) } else { 0 };
        let found = self.terms(policy, place, depth);
        if matches!(found, Err(End::Unknown(_))) {
            self.expect(policy, lookups_left);
        }
        found
    }

    fn terms(&mut self, policy: &Arc<Policy>, place: usize, depth: usize) -> Result<Decision, End> {
        for (index, directive) in policy.directives() {
            let (became, target) = match self.directive(policy, index, directive, depth) {
                Ok(matched) => matched,
                Err(end) => {
                    self.note((place, index), depth, AskedFor::Nothing, Became::Ended);
                    return Err(end);
                }
            };
            self.note((place, index), depth, target.map_or(AskedFor::Nothing, AskedFor::from), became);
            if became == Became::Match {
                return Ok(Decision {
                    result: directive.qualifier().into(),
                    term: Some(PlacedTerm::new(Arc::clone(policy), index)),
                });
            }
        }
        let terms = policy.record().terms().iter().enumerate();
        let redirect = terms.filter_map(|(index, term)| Some((index, term.modifier()?))).find_map(
            |(index, modifier)| match modifier {
                Modifier::Redirect(target) => Some((index, target)),
                _ => None,
            },
        );
        match redirect {
            Some((index, target)) => self.redirect(policy, (place, index), target, depth),
            // RFC 7208, 4.7: "a result of "neutral", just as if "?all" were specified as the last
            // directive."
            None => Ok(Decision::of(SpfResult::Neutral)),
        }
    }

    fn note(&mut self, place: (usize, usize), depth: usize, asked_for: AskedFor, became: Became) {
        if self.check.trace == Trace::Full {
            let spent = (self.budget.lookups(), self.budget.voids());
            self.trace.push(place, depth, became, asked_for, spent);
        }
    }

    /// RFC 7208, 6.1.
    fn redirect(
        &mut self,
        policy: &Policy,
        (place, index): (usize, usize),
        target: &DomainSpec,
        depth: usize,
    ) -> Result<Decision, End> {
        let step = self.trace.len();
        self.note((place, index), depth, AskedFor::Nothing, Became::Match);
        self.budget.spend_lookup()?;
        let Ok((name, text)) = self.target(Some(target), policy, index)? else {
            // A local-part outside ASCII leaves no name to redirect to, which is as good as none.
            return Err(Problem::TargetWithoutRecord { domain: target.to_string() }.into());
        };
        self.trace.amend(step, text.clone().into(), self.budget.lookups());
        match self.inner(name, depth)? {
            // RFC 7208, 6.1: "if no SPF record is found, or if the <target-name> is malformed, the
            // result is a "permerror" rather than "none"."
            Decision { result: SpfResult::None, .. } => {
                Err(Problem::TargetWithoutRecord { domain: text.into_owned() }.into())
            }
            decision => Ok(decision),
        }
    }

    /// `check_host` of another domain, by `include` or `redirect`.
    fn inner(&mut self, name: Option<DomainName>, depth: usize) -> Result<Decision, End> {
        // RFC 7208, 4.3: a malformed domain, or one that is not of several labels, gives "none".
        let Some(name) = name.filter(|name| name.as_str().contains('.')) else {
            return Ok(Decision::of(SpfResult::None));
        };
        if depth >= DEPTH {
            return Err(self.budget.exceeded().into());
        }
        let found = self.look_up_counted(&Question::txt(name.clone()))?;
        self.check_host(&name, &found, depth + 1)
    }

    /// Whether a directive matches, with the target that it looked at.
    fn directive<'t>(
        &mut self,
        policy: &'t Policy,
        index: usize,
        directive: &'t Directive,
        depth: usize,
    ) -> Result<(Became, Option<Cow<'t, str>>), End> {
        let mechanism = &directive.mechanism;
        if mechanism.queries() {
            self.budget.spend_lookup()?;
        }
        match (mechanism, self.ip) {
            (Mechanism::All, _) => return Ok((Became::Match, None)),
            (Mechanism::Ip4(network), IpAddr::V4(ip)) => return Ok((became(network.contains(ip)), None)),
            (Mechanism::Ip6(network), IpAddr::V6(ip)) => return Ok((became(network.contains(ip)), None)),
            (Mechanism::Ip4(_) | Mechanism::Ip6(_), _) => return Ok((Became::OtherFamily, None)),
            _ => {}
        }
        let (name, text) = match self.target(mechanism.domain(), policy, index)? {
            Ok(found) => found,
            Err(became) => return Ok((became, None)),
        };
        let became = match (mechanism, name) {
            (Mechanism::Include(_), name) => self.include(name, &text, depth)?,
            // RFC 7208, 4.8 leaves a name that cannot exist open: it is taken as not existing.
            (_, None) => Became::ImpossibleName,
            (Mechanism::A(_, cidr), Some(name)) => {
                let found = self.look_up_counted(&self.addresses_of(&name))?;
                self.address_matches(&found, *cidr)
            }
            (Mechanism::Mx(_, cidr), Some(name)) => self.mx(&name, *cidr)?,
            (Mechanism::Ptr(_), Some(name)) => {
                let names = self.validated_names()?;
                became(names.iter().any(|validated| validated.is_within(&name)))
            }
            // RFC 7208, 5.7: "a DNS A RR lookup (even when the connection type is IPv6)".
            (_, Some(name)) => match self.look_up_counted(&Question::dns(name, dns::RecordType::A))? {
                Found::Records(_) => Became::Match,
                Found::Nothing => Became::NothingFound,
            },
        };
        Ok((became, Some(text)))
    }

    /// RFC 7208, 5.2.
    fn include(&mut self, name: Option<DomainName>, text: &str, depth: usize) -> Result<Became, End> {
        match self.inner(name, depth)?.result {
            SpfResult::Pass => Ok(Became::Match),
            SpfResult::None => Err(Problem::TargetWithoutRecord { domain: text.to_owned() }.into()),
            _ => Ok(Became::NoMatch),
        }
    }

    /// RFC 7208, 5.4: "check_host() MUST NOT apply the implicit MX rules of [RFC5321]".
    fn mx(&mut self, name: &DomainName, cidr: DualCidr) -> Result<Became, End> {
        let found = self.look_up_counted(&Question::dns(name.clone(), dns::RecordType::Mx))?;
        if matches!(found, Found::Nothing) {
            return Ok(Became::NothingFound);
        }
        let mut hosts: Vec<(u16, &DomainName)> = (found.records().iter())
            .filter_map(|record| match record {
                // The null MX (RFC 7505) has no addresses.
                dns::Record::Mx { preference, exchange } if !exchange.is_root() => {
                    Some((*preference, exchange))
                }
                _ => None,
            })
            .collect();
        // More are a permanent error, as the test suite of the standard has it, whatever their order.
        let limit = self.check.conventions.mx_hosts;
        if hosts.len() > usize::try_from(limit).unwrap_or(usize::MAX) {
            return Err(Problem::TooManyMailHosts { domain: name.to_string(), limit }.into());
        }
        hosts.sort_by_key(|(preference, _)| *preference);
        let mut became = Became::NoMatch;
        for (_, host) in &hosts {
            let question = self.addresses_of(host);
            let found = if self.check.conventions.void_unit == VoidUnit::Answers {
                self.look_up_counted(&question)
            } else {
                self.look_up(&question)
            };
            if matches!(found, Err(End::Unknown(_))) {
                for (_, host) in &hosts {
                    self.inquiry.expect(self.addresses_of(host));
                }
            }
            became = self.address_matches(&found?, cidr);
            if became == Became::Match {
                break;
            }
        }
        Ok(if became == Became::Match { became } else { Became::NoMatch })
    }

    pub(super) fn addresses_of(&self, name: &DomainName) -> Question {
        let record_type = if self.ip.is_ipv4() { dns::RecordType::A } else { dns::RecordType::Aaaa };
        Question::dns(name.clone(), record_type)
    }

    pub(super) fn address_matches(&self, found: &Found<'_>, cidr: DualCidr) -> Became {
        if matches!(found, Found::Nothing) {
            return Became::NothingFound;
        }
        became(found.records().iter().any(|record| match (record, self.ip) {
            (dns::Record::A(address), IpAddr::V4(ip)) => {
                Ip4Network::new(*address, Some(cidr.ip4_length())).is_some_and(|network| network.contains(ip))
            }
            (dns::Record::Aaaa(address), IpAddr::V6(ip)) => {
                Ip6Network::new(*address, Some(cidr.ip6_length())).is_some_and(|network| network.contains(ip))
            }
            _ => false,
        }))
    }
}

const fn became(matched: bool) -> Became {
    if matched { Became::Match } else { Became::NoMatch }
}
