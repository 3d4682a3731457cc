//! The caller's maps, ready to be asked.

use std::collections::HashMap;
use std::net::IpAddr;

use serde::Serialize;

use super::facts::Item;
use super::key::Check;
use super::maps::{Maps, Standing};
use super::prefix::ByPrefix;

/// What the caller calls somebody.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Named {
    /// The name.
    pub name: String,
    /// What kind of firm it is, in the caller's words.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// How the caller knows: `sender`, `network` or `reverse-dns`.
    pub by: &'static str,
}

/// Whether the caller says that a sender is the organization's.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Said {
    Ours {
        /// By its network, or its envelope: mail that is sent on shows others.
        at_source: bool,
    },
    NotOurs,
    /// Both: neither is followed.
    Both,
}

type Known<'a> = (Option<Standing>, Option<&'a str>);

/// The maps by what they are about.
pub(super) struct Lookup<'a> {
    networks: ByPrefix<(Option<&'a str>, Option<u32>, Option<&'a str>)>,
    hosts: HashMap<&'a str, (&'a str, Option<&'a str>)>,
    reverse: &'a std::collections::BTreeMap<IpAddr, String>,
    /// A standing of `None` stands for both.
    prefixes: ByPrefix<Known<'a>>,
    dkim: HashMap<&'a str, Known<'a>>,
    spf: HashMap<&'a str, Known<'a>>,
    is_empty: bool,
}

impl<'a> Lookup<'a> {
    pub(super) fn new(maps: &'a Maps) -> Self {
        let mut lookup = Self {
            networks: ByPrefix::new(),
            hosts: HashMap::new(),
            reverse: &maps.reverse,
            prefixes: ByPrefix::new(),
            dkim: HashMap::new(),
            spf: HashMap::new(),
            is_empty: maps.is_empty(),
        };
        for network in &maps.networks {
            let said = (network.name.as_deref(), network.asn, network.kind.as_deref());
            // Of two names the first is taken, and what it leaves open from the second.
            if let Some((before, said)) = lookup.networks.insert(network.prefix, said) {
                *before = (before.0.or(said.0), before.1.or(said.1), before.2.or(said.2));
            }
        }
        for host in &maps.hosts {
            lookup.hosts.entry(host.domain.as_str()).or_insert((&host.name, host.kind.as_deref()));
        }
        for sender in &maps.known {
            let said = (Some(sender.standing), sender.name.as_deref());
            for prefix in &sender.prefixes {
                if let Some((before, said)) = lookup.prefixes.insert(*prefix, said) {
                    join(before, said);
                }
            }
            for (into, domains) in [(&mut lookup.dkim, &sender.dkim), (&mut lookup.spf, &sender.spf)] {
                for domain in domains {
                    join(into.entry(domain.as_str()).or_insert(said), said);
                }
            }
        }
        lookup
    }

    /// The number of the autonomous system that mail comes from.
    pub(super) fn asn(&self, item: &Item<'_>) -> Option<u32> {
        item.trace.hosts.iter().find_map(|host| self.networks.find(*host)?.1)
    }

    /// What the caller calls the sender of a trace.
    pub(super) fn name(&self, item: &Item<'_>) -> Option<Named> {
        if self.is_empty {
            return None;
        }
        let named = |name: &str, kind: Option<&str>, by| Named {
            name: name.to_owned(),
            kind: kind.map(str::to_owned),
            by,
        };
        let sender = self.said(item).into_iter().find_map(|(_, name, _)| name);
        if let Some(name) = sender {
            return Some(named(name, None, "sender"));
        }
        item.trace.hosts.iter().find_map(|host| {
            if let Some((Some(name), _, kind)) = self.networks.find(*host) {
                return Some(named(name, *kind, "network"));
            }
            let reverse = self.reverse.get(host)?.trim_end_matches('.').to_ascii_lowercase();
            let (name, kind) = above(&reverse, &self.hosts)?;
            Some(named(name, *kind, "reverse-dns"))
        })
    }

    /// What the caller says of the sender of a trace; `None` if it says nothing.
    pub(super) fn standing(&self, item: &Item<'_>) -> Option<Said> {
        if self.is_empty {
            return None;
        }
        let said = self.said(item);
        let of = |standing| said.iter().any(|(of, ..)| of.is_none_or(|of| of == standing));
        match (of(Standing::Ours), of(Standing::NotOurs)) {
            (true, true) => Some(Said::Both),
            (true, false) => Some(Said::Ours { at_source: said.iter().any(|(.., at_source)| *at_source) }),
            (false, true) => Some(Said::NotOurs),
            (false, false) => None,
        }
    }

    /// Standing, name, and whether it is known by where it comes from.
    fn said(&self, item: &Item<'_>) -> Vec<(Option<Standing>, Option<&'a str>, bool)> {
        let mut said = Vec::new();
        let mut hosts = item.trace.hosts.iter().map(|host| self.prefixes.find(*host));
        // A network is what all of its hosts are.
        if let Some(Some(first)) = hosts.next()
            && hosts.all(|other| other == Some(first))
        {
            said.push((first.0, first.1, true));
        }
        if let Some(envelope) = item.key.envelope.filter(|_| item.key.spf == Check::Pass)
            && let Some(known) = above(envelope, &self.spf)
        {
            said.push((known.0, known.1, true));
        }
        let signed = item.key.signatures.iter().filter(|signature| signature.result == Check::Pass);
        let signed = signed.filter_map(|signature| above(signature.domain, &self.dkim));
        said.extend(signed.map(|known| (known.0, known.1, false)));
        said
    }
}

fn join<'a>(before: &mut Known<'a>, said: Known<'a>) {
    if before.0 != said.0 {
        before.0 = None;
    }
    before.1 = before.1.or(said.1);
}

/// What is known of a name, or of the closest one above it.
fn above<'m, T>(name: &str, known: &'m HashMap<&str, T>) -> Option<&'m T> {
    let parents = name.match_indices('.').filter_map(|(at, _)| name.get(at + 1..));
    std::iter::once(name).chain(parents).find_map(|name| known.get(name))
}
