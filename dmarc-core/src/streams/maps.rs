//! What the caller knows of senders: who an address belongs to, and who sends for the organization or does not.
//!
//! The core ships no list of addresses. A caller that has one passes it, as typed values or as CSV
//! ([`Maps::read_names`], [`Maps::read_known`]); what it says is used, and shown as the caller's.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::prefix::Prefix;
use crate::name::DomainName;

/// Contradictions that are told.
const TOLD: usize = 50;

/// Everything that the caller knows.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Maps {
    /// Who networks belong to. Of several that hold an address the smallest counts.
    pub networks: Vec<NetworkName>,
    /// Who hosts belong to, by the domain of their names in reverse DNS.
    pub hosts: Vec<HostName>,
    /// Names of addresses in reverse DNS; nothing is looked up.
    pub reverse: BTreeMap<IpAddr, String>,
    /// Senders that the caller knows.
    pub known: Vec<KnownSender>,
}

/// Who a network belongs to.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkName {
    /// The network.
    pub prefix: Prefix,
    /// What the caller calls it.
    #[serde(default)]
    pub name: Option<String>,
    /// Number of its autonomous system: streams that are known by their network then are known by that.
    #[serde(default)]
    pub asn: Option<u32>,
    /// What kind of firm it is, in the caller's words.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
}

/// Who the hosts below a domain belong to.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostName {
    /// The domain.
    pub domain: DomainName,
    /// What the caller calls it.
    pub name: String,
    /// What kind of firm it is, in the caller's words.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
}

/// Whether a sender sends for the organization.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It does.
    Ours,
    /// It does not.
    NotOurs,
}

/// A sender that the caller knows, by any of these.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownSender {
    /// What the caller calls it.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether it sends for the organization.
    pub standing: Standing,
    /// Domains of signatures that pass; what is below counts too.
    #[serde(default)]
    pub dkim: Vec<DomainName>,
    /// Domains in `MAIL FROM` for which SPF passes; what is below counts too.
    #[serde(default)]
    pub spf: Vec<DomainName>,
    /// Networks that it sends from.
    #[serde(default)]
    pub prefixes: Vec<Prefix>,
}

/// Something in the maps that contradicts something else in them.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
#[non_exhaustive]
pub enum Contradiction {
    /// The same network, domain or sender both sends for the organization and does not: neither is followed.
    KnownAndDenied {
        /// It.
        value: String,
    },
    /// A network or domain with two names or numbers: the first is taken.
    TwoNames {
        /// It.
        value: String,
        /// What it is called first.
        one: String,
        /// What it is called after that.
        other: String,
    },
}

impl Maps {
    /// Whether they say nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.networks.is_empty() && self.hosts.is_empty() && self.known.is_empty()
    }

    /// Adds what others say, behind what is there.
    pub fn extend(&mut self, other: Self) {
        self.networks.extend(other.networks);
        self.hosts.extend(other.hosts);
        self.reverse.extend(other.reverse);
        self.known.extend(other.known);
    }

    /// What contradicts itself; at most fifty of it.
    #[must_use]
    pub fn contradictions(&self) -> Vec<Contradiction> {
        let mut found = BTreeSet::new();
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        let mut name = |value: String, called: String| match names.get(&value) {
            Some(one) if *one != called && found.len() < TOLD => {
                found.insert(Contradiction::TwoNames { value, one: one.clone(), other: called });
            }
            Some(_) => {}
            None => {
                names.insert(value, called);
            }
        };
        for network in &self.networks {
            let asn = network.asn.map(|asn| format!("AS{asn}"));
            let called = [network.name.clone(), asn].into_iter().flatten().collect::<Vec<_>>().join(", ");
            name(network.prefix.to_string(), called);
        }
        for host in &self.hosts {
            name(host.domain.to_string(), host.name.clone());
        }
        let mut standings: BTreeMap<String, Standing> = BTreeMap::new();
        for sender in &self.known {
            let dkim = sender.dkim.iter().map(|domain| format!("dkim:{domain}"));
            let spf = sender.spf.iter().map(|domain| format!("spf:{domain}"));
            let prefixes = sender.prefixes.iter().map(ToString::to_string);
            for value in dkim.chain(spf).chain(prefixes) {
                let before = *standings.entry(value.clone()).or_insert(sender.standing);
                if before != sender.standing && found.len() < TOLD {
                    found.insert(Contradiction::KnownAndDenied { value });
                }
            }
        }
        found.into_iter().collect()
    }
}
