//! All TLSA records of one mail host: what a sender makes of them, and how they stand to the certificates
//! that the host shows (RFC 7672, 2.2; RFC 7671, 8).

use std::collections::BTreeMap;

use serde::Serialize;

use crate::diagnostics::Diagnostic;
use crate::name::DomainName;
use crate::transport::certificate::Certificate;

use super::rules::{
    INSECURE, NAME_MISMATCH, NO_MATCH, NONE_USABLE, ONE_RECORD, SHA512_ONLY, STALE_COMBINATION, UNPROVEN,
};
use super::{Association, Match, TRUST_ANCHOR};

/// What a sender that knows DANE does with a host (RFC 7672, 2.2).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Dane {
    /// It insists on TLS and on a certificate that the records name.
    Authenticated,
    /// It insists on TLS with any certificate: none of the records can be used.
    Encrypted,
    /// DANE does not apply: there are no records, or they are not signed.
    Opportunistic,
    /// It holds the mail back: the lookup failed.
    Deferred,
    /// The answer says nothing of signatures, or is not known.
    Unknown,
}

/// The certificates that a host showed, and the names that it is looked up by.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// The chain, that of the host first.
    pub chain: &'a [Certificate],
    /// Reference names: the host, and the domain if its MX records are signed (RFC 7672, 3.2.2).
    pub names: &'a [DomainName],
}

/// The records of one host.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Host {
    /// The host.
    pub host: DomainName,
    /// Where the records stand, such as `_25._tcp.mx.example.com`.
    pub name: DomainName,
    /// The records.
    pub records: Vec<Association>,
    /// Whether they are signed; `None` if the answer does not say.
    pub secure: Option<bool>,
}

impl Host {
    /// What a sender does.
    #[must_use]
    pub fn dane(&self) -> Dane {
        match self.secure {
            _ if self.records.is_empty() => Dane::Opportunistic,
            Some(false) => Dane::Opportunistic,
            None => Dane::Unknown,
            Some(true) if self.usable().next().is_some() => Dane::Authenticated,
            Some(true) => Dane::Encrypted,
        }
    }

    fn usable(&self) -> impl Iterator<Item = &Association> {
        self.records.iter().filter(|record| record.is_usable())
    }

    /// Whether a usable record names a certificate that the host shows; `None` if there is none to compare.
    #[must_use]
    pub fn matches(&self, shown: &Shown<'_>) -> Option<bool> {
        if shown.chain.is_empty() || self.usable().next().is_none() {
            return None;
        }
        Some(self.usable().any(|record| self.authenticates(record, shown)))
    }

    /// Whether one record is enough: with usage 2 the name has to be right too.
    fn authenticates(&self, record: &Association, shown: &Shown<'_>) -> bool {
        let named = || shown.chain.first().is_some_and(|leaf| is_for(leaf, shown.names));
        match record.compare(shown.chain) {
            Match::Certificate(_) => record.usage != TRUST_ANCHOR || named(),
            _ => false,
        }
    }

    /// What is to say about the records as a set.
    #[must_use]
    pub fn findings(&self, shown: Option<&Shown<'_>>) -> Vec<Diagnostic> {
        let name = self.name.to_string();
        let name = || name.clone();
        let mut found = Vec::new();
        if self.records.is_empty() {
            return found;
        }
        match self.secure {
            Some(true) => {}
            Some(false) => found.push(INSECURE.anywhere().arg("name", name())),
            None => found.push(UNPROVEN.anywhere().arg("name", name())),
        }
        let usable: Vec<&Association> = self.usable().collect();
        match usable.as_slice() {
            [] => found.push(NONE_USABLE.anywhere().arg("name", name())),
            [_] => found.push(ONE_RECORD.anywhere().arg("name", name())),
            _ => {}
        }
        if !usable.is_empty() && usable.iter().all(|record| record.matching == 2) {
            found.push(SHA512_ONLY.anywhere().arg("name", name()));
        }
        if let Some(shown) = shown.filter(|shown| !shown.chain.is_empty()) {
            found.extend(self.compared(&usable, shown));
        }
        found
    }

    /// How the records stand to the certificates.
    fn compared(&self, usable: &[&Association], shown: &Shown<'_>) -> Vec<Diagnostic> {
        if usable.is_empty() {
            return Vec::new();
        }
        let matching = |record: &&&Association| matches!(record.compare(shown.chain), Match::Certificate(_));
        let Some(first) = usable.iter().find(matching) else {
            let found = NO_MATCH.anywhere().arg("host", self.host.to_string());
            return vec![found.arg("name", self.name.to_string())];
        };
        if !usable.iter().any(|record| self.authenticates(record, shown)) {
            let names = shown.chain.first().map(|leaf| leaf.names().to_vec()).unwrap_or_default();
            debug_assert_eq!(first.usage, TRUST_ANCHOR);
            return vec![NAME_MISMATCH.anywhere().arg("host", self.host.to_string()).arg("names", names)];
        }
        // RFC 7671, 8: each combination of parameters in use must have a record that matches.
        let mut combinations: BTreeMap<(u8, u8, u8), bool> = BTreeMap::new();
        for record in usable {
            let key = (record.usage, record.selector, record.matching);
            *combinations.entry(key).or_default() |= matching(&record);
        }
        let stale = combinations.into_iter().filter(|(_, matched)| !matched);
        stale
            .map(|((usage, selector, matching), _)| {
                let combination = format!("{usage} {selector} {matching}");
                STALE_COMBINATION
                    .anywhere()
                    .arg("name", self.name.to_string())
                    .arg("combination", combination)
            })
            .collect()
    }
}

/// Whether a certificate is for one of the names; `*` stands for one whole first label (RFC 7672, 3.2.3).
fn is_for(certificate: &Certificate, names: &[DomainName]) -> bool {
    let is = |presented: &str, name: &DomainName| {
        let presented = presented.trim_end_matches('.').to_ascii_lowercase();
        match presented.strip_prefix("*.") {
            Some(rest) => name.as_str().split_once('.').is_some_and(|(_, parent)| parent == rest),
            None => presented == name.as_str(),
        }
    };
    certificate.names().iter().any(|presented| names.iter().any(|name| is(presented, name)))
}
