//! What only the operator of a domain knows, and whether it agrees with itself and with what is seen.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::domain::DomainReport;
use super::plan::Wishes;
use super::profile_rules::{
    CONTEXT_PHASE, CONTEXT_SENDER, CONTEXT_SENDS, CONTEXT_UNKNOWN_PHASE, CONTEXT_UNKNOWN_REQUIREMENT,
};
use super::profiles::ProfileId;
use super::received::{self, Received};
use super::selectors::SigningKey;
use crate::diagnostics::Diagnostic;
use crate::name::DomainName;
use crate::spf::Mechanism;
use crate::streams::{KnownSender, Maps, Prefix, Standing, Thresholds};

/// The phases of UBV 1.0, chapter 5, in which DMARC is being rolled out; the fourth keeps what was reached.
const ROLLOUT: std::ops::RangeInclusive<u8> = 1..=3;
/// The last phase.
const LAST: u8 = 4;

/// What only the operator knows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Context {
    /// Whether the domain sends mail.
    pub sends: Option<bool>,
    /// Whether the domain receives mail.
    pub receives: Option<bool>,
    /// DKIM selectors that are in use, or were.
    pub selectors: Vec<DomainName>,
    /// Keys that signatures of messages name.
    pub signed: Vec<SigningKey>,
    /// Names below the domain that are looked at as well.
    pub subdomains: Vec<DomainName>,
    /// Whether DMARC is being rolled out, so that `p=none` is allowed for the time being.
    pub implementation_phase: bool,
    /// The phase of the rollout (UBV 1.0, chapter 5): 1 insight, 2 SPF and DKIM, 3 enforcement, 4 monitoring. In
    /// the first three `p=none` is allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<u8>,
    /// Senders that may send in the domain's name: names of theirs, as in their SPF records, envelopes or signatures,
    /// and addresses or networks. A short form of `maps.known`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub known_senders: Vec<String>,
    /// Why a requirement is not met, by its identifier: "comply or explain".
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub explanations: BTreeMap<String, String>,
    /// Days after which a DKIM key is to be renewed; the documents advise half a year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_days: Option<u32>,
    /// Whether somebody reads the aggregate reports, where none are given here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reads_reports: Option<bool>,
    /// The authserv-id of the domain's own servers (RFC 8601, 2.5).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authserv_id: Option<String>,
    /// What those servers wrote into messages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub received: Vec<Received>,
    /// Whether mail that comes in is checked on SPF, DKIM and DMARC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checks_inbound: Option<bool>,
    /// Whether the domain's servers send over TLS wherever that is offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sends_with_tls: Option<bool>,
    /// Whether they verify DANE.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verifies_dane: Option<bool>,
    /// How good each version of TLS is, in the words of whoever looked: `TLSv1.2`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tls_levels: BTreeMap<String, TlsLevel>,
    /// What is known of senders: whose addresses are, who sends for the domain and who does not.
    #[serde(skip_serializing_if = "Maps::is_empty")]
    pub maps: Maps,
    /// The numbers that the classes of streams rest on.
    pub thresholds: Thresholds,
    /// What is asked of the plan.
    #[serde(skip_serializing_if = "is_default")]
    pub plan: Wishes,
}

fn is_default(wishes: &Wishes) -> bool {
    *wishes == Wishes::default()
}

/// How the guidelines of the NCSC class a setting of TLS.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TlsLevel {
    /// Not to be used.
    Insufficient,
    /// To be phased out.
    PhaseOut,
    /// Sufficient.
    Sufficient,
    /// Good.
    Good,
}

impl Context {
    /// Whether DMARC is being rolled out.
    #[must_use]
    pub fn is_implementing(&self) -> bool {
        self.implementation_phase || self.phase.is_some_and(|phase| ROLLOUT.contains(&phase))
    }

    /// Takes what the domain's own servers wrote into messages that they received.
    pub fn receive<'a>(&mut self, messages: impl IntoIterator<Item = &'a [u8]>) {
        let room = received::MESSAGES.saturating_sub(self.received.len());
        let own = self.authserv_id.clone();
        let read = messages.into_iter().take(room).map(|one| Received::of_message(one, own.as_deref()));
        self.received.extend(read);
    }

    /// What is known of senders in all: `maps`, and behind them `known_senders`.
    #[must_use]
    pub fn senders(&self) -> Maps {
        let mut maps = self.maps.clone();
        maps.known.extend(self.known_senders.iter().filter_map(|text| {
            let prefix: Option<Prefix> = text.parse().ok();
            let name = DomainName::parse(text).ok().filter(|_| prefix.is_none());
            let names: Vec<DomainName> = name.into_iter().collect();
            let prefixes: Vec<Prefix> = prefix.into_iter().collect();
            let known = !names.is_empty() || !prefixes.is_empty();
            known.then(|| KnownSender {
                name: None,
                standing: Standing::Ours,
                dkim: names.clone(),
                spf: names,
                prefixes,
            })
        }));
        maps
    }

    /// What the senders that may send in the domain's name are called: a name, or what they are known by.
    pub(super) fn named_senders(&self) -> Vec<String> {
        let ours = self.senders().known.into_iter().filter(|sender| sender.standing == Standing::Ours);
        ours.flat_map(|KnownSender { name, dkim, mut spf, prefixes, .. }| {
            spf.extend(dkim.into_iter().filter(|domain| !spf.contains(domain)).collect::<Vec<_>>());
            let by = spf.iter().map(ToString::to_string).chain(prefixes.iter().map(ToString::to_string));
            name.map_or_else(|| by.collect(), |name| vec![name])
        })
        .collect()
    }

    /// Whether the operator named the sender that a term of an SPF record is about: its name or one above it, or
    /// its network or one around it.
    pub(super) fn knows(&self, domain: &DomainName, mechanism: &Mechanism) -> bool {
        let senders = self.senders();
        let mut ours = senders.known.iter().filter(|sender| sender.standing == Standing::Ours);
        let network = match mechanism {
            Mechanism::Ip4(network) => network.to_string(),
            Mechanism::Ip6(network) => network.to_string(),
            _ => {
                let name = mechanism.domain().map(|spec| DomainName::parse(&spec.to_string()));
                let Some(name) = name.unwrap_or_else(|| Ok(domain.clone())).ok() else { return false };
                return ours.any(|sender| sender.spf.iter().any(|known| name.is_within(known)));
            }
        };
        let Ok(network) = network.parse::<Prefix>() else { return false };
        ours.any(|sender| sender.prefixes.iter().any(|known| known.holds(&network)))
    }

    /// Where it contradicts itself, or what is seen.
    pub(super) fn findings(&self, report: &DomainReport) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let passed = report.reports.as_ref().map_or(0, |state| state.view().aligned);
        if self.sends == Some(false) && passed > 0 {
            let diagnostic = CONTEXT_SENDS.anywhere().arg("domain", report.domain.to_string());
            found.push(diagnostic.arg("messages", passed));
        }
        match self.phase {
            Some(LAST) if self.implementation_phase => {
                found.push(CONTEXT_PHASE.anywhere().arg("phase", u64::from(LAST)));
            }
            Some(phase) if !(1..=LAST).contains(&phase) => {
                found.push(CONTEXT_UNKNOWN_PHASE.anywhere().arg("phase", u64::from(phase)));
            }
            _ => {}
        }
        let known: BTreeSet<&str> = ProfileId::ALL.into_iter().flat_map(ProfileId::requirements).collect();
        let unknown = self.explanations.keys().filter(|id| !known.contains(id.as_str()));
        found.extend(unknown.map(|id| CONTEXT_UNKNOWN_REQUIREMENT.anywhere().arg("id", id.as_str())));
        let unreadable = self.known_senders.iter().filter(|text| !is_sender(text));
        found.extend(unreadable.map(|text| CONTEXT_SENDER.anywhere().arg("text", text.as_str())));
        found
    }
}

/// Whether a text names a sender: a domain, an address or a network.
fn is_sender(text: &str) -> bool {
    if text.parse::<Prefix>().is_ok() {
        return true;
    }
    !text.contains('/') && DomainName::parse(text).is_ok_and(|name| name.label_count() > 1)
}
