//! What the traces of an organization say together: where each signature is at home, what each network carries,
//! whose gateways there are.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use super::classify::ratio;
use super::key::{Check, Key, NO_SELECTOR, Signed, related};
use super::providers::{self, Kind, Provider};
use super::thresholds::Thresholds;
use super::trace::{Trace, add, put, total};

/// Hosts of a network that are told apart over all its traces.
const HOSTS: usize = 64;
/// Weeks and reporters of several traces that are told apart.
const LISTED: usize = 1_000;
/// Selectors of a domain that may be meant where a reporter names none.
const MEANT: usize = 64;

/// One trace, looked at in its organization.
#[derive(Debug)]
pub(super) struct Item<'a> {
    pub(super) key: Key<'a>,
    pub(super) trace: &'a Trace,
    /// The domain where the policy was found.
    pub(super) organization: &'a str,
    /// The organization's own signature: one that passes, or else one that does not.
    pub(super) own: Option<Signed<'a>>,
    /// DKIM passes and aligns.
    pub(super) dkim: bool,
    /// SPF passes and aligns.
    pub(super) spf: bool,
}

impl<'a> Item<'a> {
    pub(super) fn new(key: Key<'a>, trace: &'a Trace, organization: &'a str) -> Self {
        let own = |passes: bool| {
            key.signatures.iter().copied().find(|signature| {
                related(signature.domain, key.author, organization)
                    && (signature.result == Check::Pass) == passes
            })
        };
        let own = own(true).or_else(|| own(false));
        let no_results = key.signatures.is_empty() && key.spf == Check::Unknown;
        // What is certain, then what the names suggest, and the reporter's verdict only where it shows nothing.
        let dkim = match (key.dkim_aligned, own) {
            (Check::Pass, _) => true,
            (Check::Fail, _) if !no_results => false,
            (_, Some(own)) => own.result == Check::Pass,
            (_, None) => key.signatures.is_empty() && key.dkim_verdict == Check::Pass,
        };
        let spf = match (key.spf_aligned, key.envelope) {
            (Check::Pass, _) => true,
            (Check::Fail, _) if !no_results => false,
            (_, Some(envelope)) if !no_results => {
                key.spf == Check::Pass && related(envelope, key.author, organization)
            }
            _ => key.spf_verdict == Check::Pass,
        };
        Self { key, trace, organization, own, dkim, spf }
    }

    pub(super) const fn passes(&self) -> bool {
        self.dkim || self.spf
    }

    pub(super) fn has_results(&self) -> bool {
        !self.key.signatures.is_empty() || self.key.spf != Check::Unknown
    }

    pub(super) fn relates(&self, name: &str) -> bool {
        related(name, self.key.author, self.organization)
    }

    /// The name of somebody else that passes: the envelope's, or a signature's.
    pub(super) fn foreign(&self) -> Option<&'a str> {
        let signature = self
            .key
            .signatures
            .iter()
            .find(|signature| signature.result == Check::Pass && !self.relates(signature.domain));
        signature.map(|signature| signature.domain).or_else(|| self.foreign_envelope())
    }

    /// The envelope's domain, if it is somebody else's and passes.
    pub(super) fn foreign_envelope(&self) -> Option<&'a str> {
        self.key.envelope.filter(|name| self.key.spf == Check::Pass && !self.relates(name))
    }

    /// The firm that delivers it, by a signature or an envelope domain of its own.
    pub(super) fn provider(&self) -> Option<&'static Provider> {
        let signed = self.key.signatures.iter().filter(|signature| signature.result == Check::Pass);
        let names = signed.map(|signature| signature.domain).chain(self.foreign_envelope());
        names.filter(|name| !self.relates(name)).find_map(providers::find)
    }

    pub(super) fn same_envelope(&self, other: &Self) -> bool {
        self.key.envelope.is_none() || other.key.envelope.is_none() || self.key.envelope == other.key.envelope
    }

    /// Whether it carries the same signature of the organization, as far as reporters name selectors.
    pub(super) fn same_signature(&self, other: &Self) -> bool {
        match (self.own, other.own) {
            (Some(one), Some(other)) => {
                one.domain == other.domain
                    && (one.family == other.family
                        || one.family == NO_SELECTOR
                        || other.family == NO_SELECTOR)
            }
            (None, None) => true,
            _ => false,
        }
    }

    /// Whether they may come from the same hosts: they share one, or there are more than are kept.
    pub(super) fn same_hosts(&self, other: &Self) -> bool {
        other.trace.hosts.len() >= super::trace::HOSTS
            || self.trace.hosts.iter().any(|host| other.trace.hosts.contains(host))
    }

    pub(super) fn in_week(&self, week: i64) -> u64 {
        let at = self.trace.weeks.binary_search_by_key(&week, |(week, _)| *week);
        at.ok().and_then(|at| self.trace.weeks.get(at)).map_or(0, |(_, messages)| *messages)
    }

    /// Messages before a week.
    pub(super) fn before(&self, first: i64) -> u64 {
        total(self.trace.weeks.iter().filter(|(week, _)| *week < first).map(|(_, messages)| *messages))
    }
}

/// What several traces come to.
#[derive(Clone, Debug, Default)]
pub(super) struct Sum {
    pub(super) messages: u64,
    weeks: Vec<(i64, u64)>,
    reporters: Vec<(u64, u64)>,
    hosts: Vec<IpAddr>,
}

impl Sum {
    pub(super) fn add(&mut self, item: &Item<'_>) {
        self.messages = self.messages.saturating_add(item.trace.messages);
        item.trace.weeks.iter().for_each(|each| put(&mut self.weeks, *each, LISTED));
        item.trace.reporters.iter().for_each(|each| put(&mut self.reporters, *each, LISTED));
        for host in &item.trace.hosts {
            if self.hosts.len() < HOSTS && !self.hosts.contains(host) {
                self.hosts.push(*host);
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        self.messages = self.messages.saturating_add(other.messages);
        other.weeks.iter().for_each(|each| put(&mut self.weeks, *each, LISTED));
        other.reporters.iter().for_each(|each| put(&mut self.reporters, *each, LISTED));
        for host in &other.hosts {
            if self.hosts.len() < HOSTS && !self.hosts.contains(host) {
                self.hosts.push(*host);
            }
        }
    }

    pub(super) fn by_week(&self) -> &[(i64, u64)] {
        &self.weeks
    }

    pub(super) fn weeks(&self) -> u64 {
        self.weeks.len() as u64
    }

    /// Weeks from the first to the last.
    pub(super) fn span(&self) -> u64 {
        match (self.weeks.first(), self.weeks.last()) {
            (Some((first, _)), Some((last, _))) => last.abs_diff(*first).saturating_add(1),
            _ => 0,
        }
    }

    /// Whether each week is four behind the one before it.
    pub(super) fn is_monthly(&self) -> bool {
        self.weeks
            .windows(2)
            .all(|pair| matches!(pair, [(one, _), (next, _)] if (4..=5).contains(&next.saturating_sub(*one))))
    }

    pub(super) fn reporters(&self) -> u64 {
        self.reporters.len() as u64
    }

    pub(super) fn hosts(&self) -> u64 {
        self.hosts.len() as u64
    }
}

/// What each network carries.
pub(super) struct Networks<'a> {
    all: HashMap<IpAddr, Sum>,
    /// Messages that SPF allows in the organization's name.
    allowed: HashMap<IpAddr, u64>,
    /// Hosts that SPF allows, by network; none where there are more than are kept.
    allowed_hosts: HashMap<IpAddr, BTreeSet<IpAddr>>,
    /// Messages of a signature from hosts that SPF does not allow beside others that it does.
    apart: HashMap<(&'a str, IpAddr), u64>,
    /// What fails, by host, by network.
    failing: HashMap<IpAddr, BTreeMap<IpAddr, Sum>>,
    gateways: HashMap<IpAddr, u64>,
}

impl<'a> Networks<'a> {
    pub(super) fn new(items: &[Item<'a>], thresholds: &Thresholds) -> Self {
        let mut all: HashMap<IpAddr, Sum> = HashMap::new();
        let mut allowed: HashMap<IpAddr, u64> = HashMap::new();
        let mut failing: HashMap<IpAddr, BTreeMap<IpAddr, Sum>> = HashMap::new();
        let mut allowed_hosts: HashMap<IpAddr, BTreeSet<IpAddr>> = HashMap::new();
        let mut reporters: HashMap<u64, u64> = HashMap::new();
        for item in items {
            let Some(network) = item.key.network else { continue };
            all.entry(network).or_default().add(item);
            if item.spf {
                add(allowed.entry(network).or_default(), item.trace.messages);
                allowed_hosts.entry(network).or_default().extend(&item.trace.hosts);
            }
            if !item.passes() {
                let hosts = failing.entry(network).or_default();
                let host = item.trace.hosts.first().copied().unwrap_or(network);
                if hosts.len() < HOSTS || hosts.contains_key(&host) {
                    hosts.entry(host).or_default().add(item);
                }
            }
            for (reporter, messages) in &item.trace.reporters {
                add(reporters.entry(*reporter).or_default(), *messages);
            }
        }
        // Networks that one reporter sees and nobody else.
        let mut alone: HashMap<u64, Vec<(IpAddr, u64)>> = HashMap::new();
        for (network, sum) in &all {
            let Some((reporter, most)) = sum.reporters.iter().max_by_key(|(_, messages)| *messages) else {
                continue;
            };
            if ratio(*most, sum.messages) >= 0.95 && !allowed.contains_key(network) {
                alone.entry(*reporter).or_default().push((*network, *most));
            }
        }
        let mut gateways = HashMap::new();
        for (reporter, mut networks) in alone {
            let of_reporter = reporters.get(&reporter).copied().unwrap_or_default();
            if of_reporter < thresholds.gateway_messages {
                continue;
            }
            networks.sort_by_key(|(network, messages)| (std::cmp::Reverse(*messages), *network));
            // A receiver has one or two of them.
            let most = total(networks.iter().take(2).map(|(_, messages)| *messages));
            if ratio(most, of_reporter) < thresholds.gateway_share {
                continue;
            }
            for (network, messages) in networks.into_iter().take(2) {
                if ratio(messages, of_reporter) >= 0.1 {
                    gateways.insert(network, reporter);
                }
            }
        }
        let mut networks = Self { all, allowed, allowed_hosts, apart: HashMap::new(), failing, gateways };
        for item in items {
            if let (Some(own), Some(network)) = (item.own, item.key.network)
                && item.dkim
                && networks.is_apart(item, network)
            {
                add(networks.apart.entry((own.domain, network)).or_default(), item.trace.messages);
            }
        }
        networks
    }

    /// Whether an item comes from hosts of which SPF allows none, while it allows their neighbors.
    pub(super) fn is_apart(&self, item: &Item<'_>, network: IpAddr) -> bool {
        let hosts = &item.trace.hosts;
        // Where not all are kept, those that SPF allows may be among them.
        !item.spf
            && !hosts.is_empty()
            && hosts.len() < super::trace::HOSTS
            && self.allowed_hosts.get(&network).is_some_and(|allowed| {
                allowed.len() < super::trace::HOSTS && hosts.iter().all(|host| !allowed.contains(host))
            })
    }

    pub(super) fn is_gateway(&self, network: IpAddr) -> bool {
        self.gateways.contains_key(&network)
    }

    /// Whether the domain's SPF record allows what comes from there, by a part that is no accident.
    pub(super) fn is_allowed(&self, network: IpAddr) -> bool {
        let all = self.all.get(&network).map_or(0, |sum| sum.messages);
        ratio(self.allowed.get(&network).copied().unwrap_or_default(), all) >= 0.02
    }

    /// What fails from a host; its network's where the host is not known.
    pub(super) fn failing(&self, network: IpAddr, host: Option<IpAddr>) -> Sum {
        let hosts = self.failing.get(&network);
        hosts.and_then(|hosts| hosts.get(&host.unwrap_or(network))).cloned().unwrap_or_default()
    }

    /// What fails from all hosts of a network.
    pub(super) fn failing_neighbors(&self, network: IpAddr) -> Sum {
        let mut all = Sum::default();
        self.failing.get(&network).into_iter().flat_map(BTreeMap::values).for_each(|sum| all.merge(sum));
        all
    }

    /// Hosts of a network that send in so many weeks, and fail.
    pub(super) fn steady_hosts(&self, network: IpAddr, weeks: u64) -> u64 {
        let hosts = self.failing.get(&network).into_iter().flat_map(BTreeMap::values);
        hosts.filter(|sum| sum.weeks() >= weeks).count() as u64
    }
}

/// A signature: its domain and the family of its selectors.
type Signer<'a> = (&'a str, &'a str);

/// Where the organization's signatures come from.
pub(super) struct Signers<'a> {
    /// By domain, then by family.
    passing: HashMap<&'a str, BTreeMap<&'a str, Origins<'a>>>,
    /// Signatures with a named selector, passing or not, by network.
    named: HashMap<IpAddr, BTreeSet<Signer<'a>>>,
}

#[derive(Default)]
struct Origins<'a> {
    messages: u64,
    networks: HashMap<IpAddr, u64>,
    /// Messages by the envelope domain that passed with them.
    envelopes: HashMap<&'a str, u64>,
    /// Messages from networks that SPF allows.
    allowed: u64,
}

impl<'a> Signers<'a> {
    pub(super) fn new(items: &[Item<'a>]) -> Self {
        let mut passing: HashMap<&str, BTreeMap<&str, Origins<'a>>> = HashMap::new();
        let mut named: HashMap<IpAddr, BTreeSet<Signer<'a>>> = HashMap::new();
        for item in items {
            let (Some(own), Some(network)) = (item.own, item.key.network) else { continue };
            if own.family != NO_SELECTOR {
                named.entry(network).or_default().insert((own.domain, own.family));
            }
            if !item.dkim {
                continue;
            }
            let origins = passing.entry(own.domain).or_default().entry(own.family).or_default();
            add(&mut origins.messages, item.trace.messages);
            add(origins.networks.entry(network).or_default(), item.trace.messages);
            if item.spf {
                add(&mut origins.allowed, item.trace.messages);
            }
            if let Some(envelope) = item.foreign_envelope() {
                add(origins.envelopes.entry(envelope).or_default(), item.trace.messages);
            }
        }
        Self { passing, named }
    }

    /// The family of a signature; where the reporter names no selector, the only one that others saw of the
    /// domain in that network.
    pub(super) fn named<'b>(&'b self, (domain, family): Signer<'b>, network: Option<IpAddr>) -> &'b str {
        let there = network.and_then(|network| self.named.get(&network)).filter(|_| family == NO_SELECTOR);
        let mut there = there.into_iter().flatten().filter(|(of, _)| *of == domain);
        match (there.next(), there.next()) {
            (Some((_, only)), None) => only,
            _ => family,
        }
    }

    /// Whether somebody makes this signature so that it passes. Where a reporter names no selector, others may
    /// say which signatures come from that network.
    pub(super) fn made(&self, (domain, family): Signer<'a>, network: Option<IpAddr>) -> bool {
        let Some(families) = self.passing.get(domain) else { return false };
        if family != NO_SELECTOR {
            return families.contains_key(family);
        }
        let named = network.and_then(|network| self.named.get(&network));
        let mut named = named.into_iter().flatten().filter(|(of, _)| *of == domain).peekable();
        named.peek().is_none() || named.any(|(_, family)| families.contains_key(family))
    }

    /// Whether a network is where the signature is made.
    pub(super) fn at_home(
        &self,
        signer: Signer<'a>,
        network: IpAddr,
        item: &Item<'a>,
        networks: &Networks<'a>,
        thresholds: &Thresholds,
    ) -> bool {
        if networks.is_allowed(network) && !networks.is_apart(item, network) {
            return true;
        }
        let known = |name| providers::find(name).is_some_and(|provider| provider.kind == Kind::Sender);
        if item.foreign_envelope().is_some_and(known) {
            return true;
        }
        let Some(families) = self.passing.get(signer.0) else { return false };
        if signer.1 != NO_SELECTOR {
            let origins = families.get(signer.1);
            return origins.is_some_and(|origins| origins.are_home(network, item, networks, thresholds));
        }
        // Where a reporter names no selector, any of the domain's may be meant.
        let mut meant = families.values().take(MEANT);
        meant.any(|origins| origins.are_home(network, item, networks, thresholds))
    }
}

impl<'a> Origins<'a> {
    fn are_home(
        &self,
        network: IpAddr,
        item: &Item<'a>,
        networks: &Networks<'a>,
        thresholds: &Thresholds,
    ) -> bool {
        let there = match item.own.filter(|_| networks.is_apart(item, network)) {
            Some(own) => networks.apart.get(&(own.domain, network)).copied().unwrap_or_default(),
            None => self.networks.get(&network).copied().unwrap_or_default(),
        };
        let share = ratio(there, self.messages);
        let seen = networks.all.get(&network).map_or(0, Sum::reporters);
        if ratio(self.allowed, self.messages) >= 0.5 {
            // SPF tells where it is at home; a range that was forgotten is seen by many.
            return share >= 0.05 && seen >= 4 && item.foreign_envelope().is_none();
        }
        let usual = item.foreign_envelope().is_some_and(|envelope| {
            let part = self.envelopes.get(envelope).copied().unwrap_or_default();
            ratio(part, self.messages) >= thresholds.home_share
        });
        usual || share >= thresholds.home_share
    }
}
