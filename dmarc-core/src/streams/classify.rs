//! From traces to classes: each trace is looked at beside the others of its organization.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use super::class::{Because, Class, Confidence};
use super::facts::{Item, Networks, Signers, Sum};
use super::lookup::{Lookup, Said};
use super::providers;
use super::thresholds::Thresholds;
use super::trace::{add, total};

/// Passing traces of one host that others are looked at beside: those with most messages.
const BESIDE: usize = 64;

/// What a trace is, why, and which stream it belongs to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Verdict {
    pub(super) class: Class,
    pub(super) confidence: Confidence,
    pub(super) because: Because,
    pub(super) stream: String,
    /// The week in which it broke.
    pub(super) since: Option<i64>,
}

/// The traces of one organization.
pub(super) struct Organization<'a> {
    pub(super) thresholds: &'a Thresholds,
    pub(super) items: &'a [Item<'a>],
    networks: Networks<'a>,
    signers: Signers<'a>,
    /// Items that pass, by where they come from and whom they name.
    pub(super) passing: HashMap<(Option<IpAddr>, &'a str), Vec<usize>>,
    /// Whoever passes in a name that is not the organization's.
    foreign: HashMap<&'a str, Sum>,
    /// Weeks that reports are about.
    weeks: u64,
}

impl<'a> Organization<'a> {
    pub(super) fn new(items: &'a [Item<'a>], thresholds: &'a Thresholds) -> Self {
        let networks = Networks::new(items, thresholds);
        let signers = Signers::new(items);
        let mut passing: HashMap<_, Vec<usize>> = HashMap::new();
        let mut foreign: HashMap<&str, Sum> = HashMap::new();
        let mut all = Sum::default();
        for (at, item) in items.iter().enumerate() {
            all.add(item);
            if item.passes() {
                passing.entry((item.key.network, item.key.author)).or_default().push(at);
            }
            if let Some(name) = item.foreign() {
                foreign.entry(name).or_default().add(item);
            }
        }
        for at in passing.values_mut() {
            let messages = |at: &usize| items.get(*at).map_or(0, |item| item.trace.messages);
            at.sort_by_key(|at| std::cmp::Reverse(messages(at)));
            at.truncate(BESIDE);
        }
        Self { thresholds, items, networks, signers, passing, foreign, weeks: all.span() }
    }

    /// One verdict per item, in order.
    pub(super) fn verdicts(&self, lookup: &Lookup<'_>) -> Vec<Verdict> {
        let mut verdicts: Vec<Option<Verdict>> = self.items.iter().map(|item| self.first(item)).collect();
        // What sends on is known by now, by host where only some of a network do.
        let mut forwarders: BTreeSet<IpAddr> = BTreeSet::new();
        let mut known: BTreeMap<IpAddr, BTreeMap<Class, u64>> = BTreeMap::new();
        for (item, verdict) in self.items.iter().zip(&verdicts) {
            let (Some(verdict), Some(network)) = (verdict, item.key.network) else { continue };
            if matches!(verdict.class, Class::ForwardedIntact | Class::ForwardedModified) {
                forwarders.extend(&item.trace.hosts);
            }
            add(known.entry(network).or_default().entry(verdict.class).or_default(), item.trace.messages);
        }
        for (item, verdict) in self.items.iter().zip(&mut verdicts) {
            if verdict.is_none() {
                *verdict = Some(self.second(item, &forwarders, &known));
            }
        }
        let verdicts = verdicts.into_iter().flatten().zip(self.items);
        verdicts.map(|(verdict, item)| by_number(self.told(verdict, item, lookup), item, lookup)).collect()
    }

    /// What the caller says of a sender goes before what reports suggest; what passes stays what it is.
    fn told(&self, verdict: Verdict, item: &Item<'a>, lookup: &Lookup<'_>) -> Verdict {
        let sure = |class, stream| self::verdict(class, Confidence::High, Because::Caller, stream);
        match lookup.standing(item) {
            Some(Said::Ours { at_source }) => match verdict.class {
                Class::ForwardedIntact | Class::ForwardedModified | Class::RecipientGateway if !at_source => {
                    verdict
                }
                Class::ForwardedIntact
                | Class::ForwardedModified
                | Class::RecipientGateway
                | Class::Unauthorised
                | Class::Unknown => {
                    let class = match (item.dkim, item.spf) {
                        (true, true) => Class::AuthenticatedBoth,
                        (true, false) => Class::AuthenticatedDkimOnly,
                        (false, true) => Class::AuthenticatedSpfOnly,
                        (false, false) => return sure(Class::Misconfigured, stranger(item)),
                    };
                    sure(class, self.stream(item))
                }
                _ => verdict,
            },
            Some(Said::NotOurs) if !item.passes() => sure(Class::Unauthorised, stranger(item)),
            _ => verdict,
        }
    }

    /// What is clear from the item and those that pass beside it.
    fn first(&self, item: &Item<'a>) -> Option<Verdict> {
        if let Some(network) = item.key.network.filter(|network| self.networks.is_gateway(*network)) {
            let stream = format!("gateway:{network}");
            return Some(verdict(
                Class::RecipientGateway,
                Confidence::Medium,
                Because::GatewayOfReporter,
                stream,
            ));
        }
        if !item.has_results() {
            return None;
        }
        if item.spf || item.dkim {
            return Some(self.passes(item));
        }
        self.beside(item).or_else(|| self.signature_broken(item))
    }

    /// DKIM or SPF aligns.
    fn passes(&self, item: &Item<'a>) -> Verdict {
        let sure = |class, because, item| verdict(class, Confidence::High, because, self.stream(item));
        if item.spf && item.dkim {
            return sure(Class::AuthenticatedBoth, Because::SpfAligned, item);
        }
        // A check that fails now and then does not make another sender.
        if let Some(usual) = self.usual(item, |other| other.dkim && other.spf) {
            return sure(Class::AuthenticatedBoth, Because::Accident, usual);
        }
        if item.spf {
            return sure(Class::AuthenticatedSpfOnly, Because::SpfAligned, item);
        }
        if self.at_home(item) {
            return sure(Class::AuthenticatedDkimOnly, Because::DkimAtHome, item);
        }
        let confidence = if item.trace.arc > 0 || item.trace.forwarded > 0 {
            Confidence::High
        } else {
            Confidence::Medium
        };
        verdict(Class::ForwardedIntact, confidence, Because::DkimElsewhere, forwarder(item))
    }

    /// Whether a signature comes from where it is made.
    fn at_home(&self, item: &Item<'a>) -> bool {
        let (Some(own), Some(network)) = (item.own, item.key.network) else { return true };
        self.signers.at_home((own.domain, own.family), network, item, &self.networks, self.thresholds)
    }

    /// Nothing aligns, and other mail of the same host does: an accident, or something that broke.
    fn beside(&self, item: &Item<'a>) -> Option<Verdict> {
        if let Some(usual) = self.usual(item, Item::passes) {
            let class = self.passes(usual).class;
            return Some(verdict(class, Confidence::Medium, Because::Accident, self.stream(usual)));
        }
        let beside = self.passing.get(&(item.key.network, item.key.author))?;
        let beside: Vec<_> = beside
            .iter()
            .filter_map(|at| self.items.get(*at))
            .filter(|other| {
                item.same_envelope(other) && item.same_hosts(other) && (other.spf || self.at_home(other))
            })
            .collect();
        let best = beside.iter().max_by_key(|other| other.trace.messages)?;
        let passing = |week: i64| total(beside.iter().map(|other| other.in_week(week)));
        // The first week in which more fails than passes.
        let (onset, _) = item.trace.weeks.iter().find(|(week, failing)| *failing > passing(*week))?;
        let before = total(beside.iter().map(|other| other.before(*onset)));
        let after = |other: &Item<'a>| other.trace.messages.saturating_sub(other.before(*onset));
        let mut since = total(beside.iter().map(|other| after(other)));
        let same = beside.iter().any(|other| item.same_signature(other));
        if !same {
            // A sender that moved to another envelope signs on: what fails is its neighbor's, behind the same firm.
            let moved = self.passing.get(&(item.key.network, item.key.author)).into_iter().flatten();
            let moved = moved.filter_map(|at| self.items.get(*at)).filter(|other| {
                other.own.is_some() && other.same_signature(best) && !other.same_envelope(item)
            });
            since = since.saturating_add(total(moved.map(after)));
        }
        if before > 0
            && ratio(since, since.saturating_add(item.trace.messages)) < if same { 0.5 } else { 0.1 }
        {
            let broken = verdict(Class::Broken, Confidence::High, Because::PassedBefore, self.stream(best));
            return Some(Verdict { since: Some(*onset), ..broken });
        }
        if before == 0 && since > 0 {
            return Some(verdict(
                Class::Misconfigured,
                Confidence::High,
                Because::PassedSince,
                self.stream(best),
            ));
        }
        None
    }

    /// The signature of a known key fails, somebody else's name passes: a list, or a forwarder that changes.
    fn signature_broken(&self, item: &Item<'a>) -> Option<Verdict> {
        let own = item.own?;
        let known = self.signers.made((own.domain, own.family), item.key.network);
        if known && item.foreign().is_some() {
            let because = Because::SignatureBroken;
            return Some(verdict(Class::ForwardedModified, Confidence::High, because, forwarder(item)));
        }
        None
    }

    /// The stream of mail that passes.
    fn stream(&self, item: &Item<'_>) -> String {
        match item.own.filter(|_| item.dkim) {
            Some(own) => {
                let family = self.signers.named((own.domain, own.family), item.key.network);
                format!("dkim:{}/{family}", own.domain)
            }
            None => format!("spf:{}", item.key.envelope.unwrap_or(item.key.author)),
        }
    }

    fn second(
        &self,
        item: &Item<'a>,
        forwarders: &BTreeSet<IpAddr>,
        known: &BTreeMap<IpAddr, BTreeMap<Class, u64>>,
    ) -> Verdict {
        let Some(network) = item.key.network else {
            return verdict(Class::Unknown, Confidence::Low, Because::TooLittle, "source:unknown".to_owned());
        };
        let there = known.get(&network);
        if !item.has_results() {
            return self.by_verdict(item, network, there);
        }
        // A sender of many hosts is not sent on because one of them sends on as well.
        let hosts = &item.trace.hosts;
        let sends_on = hosts.iter().filter(|host| forwarders.contains(host)).count();
        if sends_on > 0 && sends_on.saturating_mul(2) >= hosts.len() {
            let because = Because::ForwarderNetwork;
            return verdict(Class::ForwardedModified, Confidence::Medium, because, forwarder(item));
        }
        if item.trace.arc > 0 || item.trace.forwarded > 0 {
            return verdict(
                Class::ForwardedModified,
                Confidence::High,
                Because::ReceiverSays,
                forwarder(item),
            );
        }
        match item.foreign() {
            Some(name) => self.foreign_name(name),
            None => self.nobody(item, network),
        }
    }

    /// The reporter shows no results: its verdict, and what others say of the host.
    fn by_verdict(&self, item: &Item<'a>, network: IpAddr, there: Option<&BTreeMap<Class, u64>>) -> Verdict {
        let stream = format!("network:{network}");
        let most = there.and_then(|classes| classes.iter().max_by_key(|(_, messages)| **messages));
        if let Some((class, _)) = most {
            return verdict(*class, Confidence::Low, Because::KnownHost, stream);
        }
        let class = match (item.dkim, item.spf) {
            (true, true) => Class::AuthenticatedBoth,
            (true, false) => Class::AuthenticatedDkimOnly,
            (false, true) => Class::AuthenticatedSpfOnly,
            (false, false) => return self.nobody(item, network),
        };
        verdict(class, Confidence::Low, Because::TooLittle, stream)
    }

    /// Somebody else's name passes.
    fn foreign_name(&self, name: &str) -> Verdict {
        let sum = self.foreign.get(name).cloned().unwrap_or_default();
        let limits = self.thresholds;
        let known = providers::find(name);
        let stream = format!("foreign:{name}");
        if sum.reporters() >= limits.reporters {
            if known.is_some() && sum.weeks() >= limits.provider_weeks {
                let confidence =
                    if sum.span() >= limits.foreign_span { Confidence::High } else { Confidence::Medium };
                return verdict(Class::Misconfigured, confidence, Because::KnownProvider, stream);
            }
            if sum.span() > limits.foreign_span {
                return verdict(Class::Misconfigured, Confidence::Medium, Because::SteadyForeign, stream);
            }
        }
        if known.is_some() || self.weeks < limits.foreign_span {
            return verdict(Class::Unknown, Confidence::Low, Because::TooLittle, stream);
        }
        verdict(Class::Unauthorised, Confidence::Low, Because::ShortLived, stream)
    }

    /// Nothing passes in any name.
    fn nobody(&self, item: &Item<'a>, network: IpAddr) -> Verdict {
        let stream = format!("network:{network}");
        let limits = self.thresholds;
        let own_envelope = item.key.envelope.is_none_or(|envelope| item.relates(envelope));
        let sum = self.networks.failing(network, item.trace.hosts.first().copied());
        let weeks = sum.weeks();
        let is_steady = |sum: &Sum| {
            let weeks = sum.weeks();
            let steady = weeks >= limits.bare_weeks && ratio(weeks, sum.span()) >= limits.bare_presence;
            (steady || (weeks >= 3 && sum.is_monthly())) && sum.reporters() >= limits.reporters
        };
        // By its own weeks, or with its neighbors if it sends as they do: hosts of one sender take turns.
        let alone =
            || is_steady(&sum) && self.networks.steady_hosts(network, limits.bare_weeks) <= limits.bare_hosts;
        let together = || {
            let all = self.networks.failing_neighbors(network);
            is_steady(&all) && all.hosts() <= limits.bare_hosts && ratio(weeks, all.weeks()) >= 0.5
        };
        if own_envelope && (alone() || together()) {
            return verdict(Class::Misconfigured, Confidence::Medium, Because::SteadyHost, stream);
        }
        let confidence = if weeks >= 3 { Confidence::Low } else { Confidence::Medium };
        verdict(Class::Unauthorised, confidence, Because::NothingPasses, stream)
    }
}

fn verdict(class: Class, confidence: Confidence, because: Because, stream: String) -> Verdict {
    Verdict { class, confidence, because, stream, since: None }
}

/// Who sent on, by its own name if it has one.
fn forwarder(item: &Item<'_>) -> String {
    match (item.foreign_envelope(), item.key.network) {
        (Some(name), _) => format!("via:{name}"),
        (None, Some(network)) => format!("via:{network}"),
        (None, None) => "via:unknown".to_owned(),
    }
}

/// The stream of mail that does not pass in the organization's name.
fn stranger(item: &Item<'_>) -> String {
    match (item.foreign(), item.key.network) {
        (Some(name), _) => format!("foreign:{name}"),
        (None, Some(network)) => format!("network:{network}"),
        (None, None) => "source:unknown".to_owned(),
    }
}

/// A stream that is known by its network is known by the number that the caller has for that.
fn by_number(mut verdict: Verdict, item: &Item<'_>, lookup: &Lookup<'_>) -> Verdict {
    if let Some((kind, network)) = verdict.stream.split_once(':')
        && network.parse::<IpAddr>().is_ok()
        && let Some(asn) = lookup.asn(item)
    {
        verdict.stream = format!("{kind}:AS{asn}");
    }
    verdict
}

pub(super) fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
