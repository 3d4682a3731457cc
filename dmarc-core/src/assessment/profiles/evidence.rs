//! What verdicts rest on, and what several requirements ask of the facts.

use crate::assessment::coherence;
use crate::assessment::domain::DomainReport;
use crate::assessment::found::Found;
use crate::assessment::profile::{Evidence, RuleVerdict};
use crate::dkim::{Keys, PublicKey, State};
use crate::dmarc::Policy;
use crate::dmarc::discovery::{Discovery, Existence, Requested};
use crate::name::DomainName;
use crate::text::lossy;

/// Reports of the last five weeks count as looked at: a month, and the days that the last ones take.
const RECENT: i64 = 35 * 86_400;

pub(super) fn spf_evidence(report: &DomainReport) -> Vec<Evidence> {
    let subject = format!("{} TXT", report.domain);
    match &report.spf {
        Found::Records(spf) if !spf.indexes.is_empty() => spf
            .indexes
            .iter()
            .filter_map(|index| spf.texts.get(*index))
            .map(|text| Evidence::dns(subject.clone(), lossy(text)))
            .collect(),
        Found::Records(_) => vec![Evidence::dns(subject, "no SPF record")],
        other => vec![Evidence::dns(subject, other.status())],
    }
}

pub(super) fn mx_evidence(report: &DomainReport) -> Vec<Evidence> {
    let subject = format!("{} MX", report.domain);
    match &report.mail.mx {
        Found::Records(mx) => mx
            .exchanges
            .iter()
            .map(|one| Evidence::dns(subject.clone(), format!("{} {}", one.preference, one.host)))
            .collect(),
        other => vec![Evidence::dns(subject, other.status())],
    }
}

pub(super) fn dmarc_evidence(report: &DomainReport) -> Vec<Evidence> {
    let subject = |name: &DomainName| format!("_dmarc.{name} TXT");
    match &report.discovered.discovery {
        Discovery::Record(found) => vec![Evidence::dns(subject(&found.policy_domain), lossy(&found.text))],
        Discovery::NoRecord => vec![Evidence::dns(subject(&report.domain), "no DMARC record")],
        Discovery::SeveralRecords { name, count } => {
            vec![Evidence::dns(subject(name), format!("{count} DMARC records"))]
        }
        Discovery::Failed { name, reason } => vec![Evidence::dns(subject(name), reason.clone())],
        Discovery::NotKnown { name } => vec![Evidence::dns(subject(name), "not-known")],
    }
}

/// What stands below `_domainkey`, and at each selector.
pub(super) fn key_evidence(report: &DomainReport) -> Vec<Evidence> {
    let above = Evidence::dns(format!("_domainkey.{} TXT", report.domain), report.keys.above.status());
    let at = report.keys.selectors.iter().map(|(selector, keys)| {
        let state = keys.state().map_or(keys.status(), State::as_str);
        let key = keys.keys().find_map(|key| {
            let bits = key.public_key().map(PublicKey::bits)?;
            Some(format!("{} {bits}, {state}", key.kind()))
        });
        let value = key.unwrap_or_else(|| state.to_owned());
        Evidence::dns(format!("{selector}._domainkey.{} TXT", report.domain), value)
    });
    std::iter::once(above).chain(at).collect()
}

/// What the reports say, as evidence.
pub(super) fn report_evidence(report: &DomainReport) -> Vec<Evidence> {
    let Some(state) = &report.reports else { return Vec::new() };
    let view = state.view();
    vec![
        Evidence::reports("reports", view.reports.to_string()),
        Evidence::reports("messages", view.messages.to_string()),
        Evidence::reports("messages with an aligned DKIM pass", view.dkim.pass.to_string()),
        Evidence::reports("messages with an aligned SPF pass", view.spf.pass.to_string()),
    ]
}

/// Whether it is settled which policy holds.
pub(in crate::assessment) fn policy_is_settled(report: &DomainReport) -> bool {
    !matches!(report.discovered.discovery, Discovery::Failed { .. } | Discovery::NotKnown { .. })
}

/// The three policies with what they are for.
pub(in crate::assessment) fn policies(report: &DomainReport) -> [(&'static str, Option<Requested>); 3] {
    [
        ("self", report.discovered.policy()),
        ("existing_subdomain", report.discovered.subdomain_policy(Existence::Exists)),
        ("nonexistent_subdomain", report.discovered.subdomain_policy(Existence::DoesNotExist)),
    ]
}

/// Whether mail of the domain and of every name below it that fails is to be rejected.
pub(super) fn rejects_throughout(report: &DomainReport) -> bool {
    let rejected = |policy: &Requested| policy.applied == Policy::Reject;
    policies(report).iter().all(|(_, policy)| policy.as_ref().is_some_and(rejected))
}

/// The tag and value that keep the policy from holding in full: test mode, or a share of the mail.
pub(in crate::assessment) fn partial(report: &DomainReport) -> Option<(&'static str, String)> {
    let values = report.discovered.found()?.record.effective()?;
    match (values.t, values.pct) {
        (Some(true), _) => Some(("t", "y".to_owned())),
        (_, Some(pct)) if pct < 100 => Some(("pct", pct.to_string())),
        _ => None,
    }
}

/// Whether the domain neither sends nor takes mail; `None` if that is not known.
pub(in crate::assessment) fn is_quiet(report: &DomainReport) -> Option<bool> {
    let none = matches!(report.mail.mx, Found::NoData | Found::NxDomain);
    match (report.sends.value, report.receives.value) {
        (Some(true), _) | (_, Some(true)) => Some(false),
        (Some(false), Some(false)) => Some(true),
        // Nobody may send, and no mail host is named.
        (Some(false), None) if none => Some(true),
        _ => None,
    }
}

/// Whether selectors were asked for, and none of them has a key in force.
pub(super) fn asked_in_vain(report: &DomainReport) -> bool {
    let without =
        |keys: &Keys| matches!(keys, Keys::NoData | Keys::NxDomain) || keys.state() == Some(State::Revoked);
    let asked = &report.keys.selectors;
    !asked.is_empty() && asked.iter().all(|(_, keys)| without(keys))
}

/// A failure, or a warning while the operator says that the rollout is under way.
pub(super) fn failing(report: &DomainReport) -> RuleVerdict {
    if report.context.is_implementing() { RuleVerdict::Warn } else { RuleVerdict::Fail }
}

/// Whether reports of the last weeks were given.
pub(super) fn recent_reports(report: &DomainReport) -> bool {
    let end = report.reports.as_ref().filter(|state| state.reports > 0).and_then(|state| state.end);
    match (end, report.now) {
        (Some(end), Some(now)) => now.0.saturating_sub(end) <= RECENT,
        _ => false,
    }
}

/// Whether SPF is missing; `None` if that is not known.
pub(super) fn lacks_spf(report: &DomainReport) -> Option<bool> {
    match &report.spf {
        Found::Records(spf) => Some(spf.indexes.is_empty()),
        Found::NoData | Found::NxDomain => Some(true),
        _ => None,
    }
}

/// Whether SPF says exactly `v=spf1 -all`.
pub(super) fn is_closed(report: &DomainReport) -> bool {
    coherence::is_closed(report)
}
