//! DKIM keys against the signatures that reports name: which keys are in use, which are not seen, and which
//! signatures have no key.
//!
//! Selectors cannot be listed through the DNS, so keys that nobody named stay unseen. A key that reports do not
//! show may sign mail that goes out less often than they cover.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::attribution::{days, is_recent};
use super::domain::DomainReport;
use crate::dkim::{KeyType, Keys, PublicKey, State};
use crate::name::DomainName;
use crate::streams::{family_of, origins};
use crate::time::UnixTime;

/// Signatures that fail which are listed, those with most messages first.
const FAILING: usize = 100;
/// Bits of an RSA key below which it is weak (RFC 8301, 3.2: signers SHOULD use 2048).
const WEAK: usize = 2048;

/// What reports show of the use of a key.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum KeyUse {
    /// Mail was signed with it in the last days.
    InUse,
    /// It was in use before, and not in the last days.
    Idle,
    /// No report names it.
    NeverSeen,
    /// Mail was signed with it in the last days, and there is no key that verifiers can use.
    Missing,
    /// It is not there any more, and was not in use in the last days.
    Gone,
    /// What stands there could not be looked up.
    NotKnown,
}

/// A key, with what reports show of it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct KeySeen {
    /// `d=` of its signatures.
    pub domain: DomainName,
    /// The selector.
    pub selector: DomainName,
    /// What reports show of its use.
    #[serde(rename = "use")]
    pub seen: KeyUse,
    /// What stands there: `records`, `no-data`, `nxdomain`, `failure`, `not-known`; `null` for a name below the
    /// domain, whose keys are not looked up.
    pub status: Option<&'static str>,
    /// What a verifier can do with it.
    pub state: Option<&'static str>,
    /// The type of the key.
    pub kind: Option<String>,
    /// Its bits.
    pub bits: Option<usize>,
    /// Whether it is shorter than it should be.
    pub weak: bool,
    /// Whether it is published, was in use before, and another key of the domain is in use since: one to retire.
    pub retire: bool,
    /// Messages that pass and are signed with it.
    pub messages: u64,
    /// Last day (UTC) of the last report that names it.
    pub last_day: Option<String>,
}

/// Signatures in the name of the domain that fail.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FailingSignature {
    /// `d=`.
    pub domain: String,
    /// The selector without digits and what separates them; `*` where reports name none.
    pub family: String,
    /// Messages on which it fails.
    pub failing: u64,
    /// Messages on which it passes.
    pub passing: u64,
    /// Whether a selector of this kind is known to have a key that verifiers can use; `null` if no such
    /// selector was looked up.
    pub has_key: Option<bool>,
    /// Last day (UTC) of the last report that shows it failing.
    pub last_day: Option<String>,
}

/// Keys and signatures.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Inventory {
    /// Days without mail after which a key counts as not in use.
    pub unseen_days: u64,
    /// Days that reports cover, each counted once.
    pub covered_days: u64,
    /// Each key that is known of, by domain and selector.
    pub keys: Vec<KeySeen>,
    /// Signatures of the domain, or of names below it, that fail; most messages first.
    pub failing: Vec<FailingSignature>,
}

impl Inventory {
    pub(super) fn of(report: &DomainReport) -> Option<Self> {
        let (reports, judged) = report.reports.as_ref().zip(report.judged.as_ref())?;
        let unseen_days = judged.thresholds.unseen_days;
        let since = reports.end.map(|end| end.saturating_sub(days(unseen_days)));
        let mut seen: BTreeMap<(&DomainName, &DomainName), (u64, Option<i64>)> = BTreeMap::new();
        for signer in &reports.signers {
            seen.insert((&signer.domain, &signer.selector), (signer.messages, signer.last));
        }
        let mut keys = Vec::new();
        for (selector, found) in &report.keys.selectors {
            let reported = seen.remove(&(&report.domain, selector));
            keys.push(key(&report.domain, selector, Some(found), reported, since));
        }
        // Names below the domain have keys of their own, and some selectors are beyond what is asked for.
        for ((domain, selector), reported) in seen {
            keys.push(key(domain, selector, None, Some(reported), since));
        }
        let in_use: BTreeSet<DomainName> =
            keys.iter().filter(|key| key.seen == KeyUse::InUse).map(|key| key.domain.clone()).collect();
        for key in &mut keys {
            key.retire = key.seen == KeyUse::Idle && key.status.is_some() && in_use.contains(&key.domain);
        }
        keys.sort_by(|one, other| (&one.domain, &one.selector).cmp(&(&other.domain, &other.selector)));
        let failing = failing(report, &keys);
        Some(Self { unseen_days, covered_days: reports.traces.covered_days(), keys, failing })
    }
}

fn key(
    domain: &DomainName,
    selector: &DomainName,
    found: Option<&Keys>,
    reported: Option<(u64, Option<i64>)>,
    since: Option<i64>,
) -> KeySeen {
    let public = found.and_then(|found| {
        found.keys().find_map(|key| Some((key.kind(), key.public_key().map(PublicKey::bits)?)))
    });
    let recent = reported.is_some_and(|(messages, last)| messages > 0 && is_recent(last, since));
    let usable = match found {
        Some(Keys::Failed(_) | Keys::NotKnown) => None,
        Some(found) => Some(found.keys().any(|key| key.state() == State::Usable)),
        None => None,
    };
    let seen = match (usable, reported) {
        (None, _) if found.is_some() => KeyUse::NotKnown,
        (Some(false), _) if recent => KeyUse::Missing,
        (Some(false), _) => KeyUse::Gone,
        (_, Some(_)) if recent => KeyUse::InUse,
        (_, Some(_)) => KeyUse::Idle,
        (_, None) => KeyUse::NeverSeen,
    };
    KeySeen {
        domain: domain.clone(),
        selector: selector.clone(),
        seen,
        status: found.map(Keys::status),
        state: found.and_then(Keys::state).map(State::as_str),
        kind: public.map(|(kind, _)| kind.to_string()),
        bits: public.map(|(_, bits)| bits),
        weak: public.is_some_and(|(kind, bits)| *kind == KeyType::Rsa && bits < WEAK),
        retire: false,
        messages: reported.map_or(0, |(messages, _)| messages),
        last_day: reported.and_then(|(_, last)| last).map(|last| UnixTime(last).day()),
    }
}

/// Signatures in the domain's name that fail, by what of their selectors does not rotate.
fn failing(report: &DomainReport, keys: &[KeySeen]) -> Vec<FailingSignature> {
    let Some((reports, judged)) = report.reports.as_ref().zip(report.judged.as_ref()) else {
        return Vec::new();
    };
    let mut sums: BTreeMap<(&str, &str), (u64, u64, Option<i64>)> = BTreeMap::new();
    for origin in origins(&reports.traces, judged) {
        for (domain, family, passed) in &origin.signatures {
            let own = || DomainName::parse(domain).is_ok_and(|name| name.is_within(&report.domain));
            let Some(passed) = passed else { continue };
            if !sums.contains_key(&(*domain, *family)) && !own() {
                continue;
            }
            let (failing, passing, last) = sums.entry((domain, family)).or_default();
            if *passed {
                *passing = passing.saturating_add(origin.messages);
            } else {
                *failing = failing.saturating_add(origin.messages);
                *last = (*last).max(origin.last);
            }
        }
    }
    let has_key = |domain: &str, family: &str| {
        let mut alike = keys.iter().filter(|key| {
            key.status.is_some()
                && key.domain.as_str() == domain
                && family_of(key.selector.as_str()) == family
        });
        let first = alike.next()?;
        let usable = |key: &KeySeen| key.state == Some(State::Usable.as_str());
        Some(usable(first) || alike.any(usable))
    };
    let failing = sums.into_iter().filter(|(_, (failing, ..))| *failing > 0);
    let mut failing: Vec<FailingSignature> = failing
        .map(|((domain, family), (failing, passing, last))| FailingSignature {
            domain: domain.to_owned(),
            family: family.to_owned(),
            failing,
            passing,
            has_key: has_key(domain, family),
            last_day: last.map(|last| UnixTime(last).day()),
        })
        .collect();
    failing.sort_by(|one, other| {
        (other.failing, &one.domain, &one.family).cmp(&(one.failing, &other.domain, &other.family))
    });
    failing.truncate(FAILING);
    failing
}
