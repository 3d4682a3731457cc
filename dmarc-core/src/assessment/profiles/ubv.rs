//! Edustandaard UBV 1.0 (2021): numbered prescriptions and advices for trustworthy mail traffic.
//!
//! Its identifiers are kept. A rule without evidence is undetermined, and says what is missing.

use super::ubv_transport;
use crate::assessment::coherence;
use crate::assessment::destination::Destination;
use crate::assessment::domain::DomainReport;
use crate::assessment::found::Found;
use crate::assessment::profile::{Evidence, Judgement, Level, Profile, RuleVerdict};
use crate::assessment::rules::{
    ALIGNMENT_INVALID, NO_DKIM_KEY, NO_DMARC, NO_RUA, NO_SPF, PARKED_KEY, PARKED_MX, PARKED_POLICY,
    PARKED_SPF, POLICY_NONE, POLICY_PARTIAL, POLICY_UNUSABLE, SPF_ALL, SPF_LOOKUPS, SPF_UNUSABLE,
    UNSIGNED_MAIL,
};
use crate::diagnostics::Diagnostic;
use crate::dkim::{Keys, Presence, State};
use crate::dmarc::discovery::{Discovery, Existence, Requested};
use crate::dmarc::external::Authorization;
use crate::dmarc::{Policy, TagName};
use crate::spf::{self, Mechanism, Qualifier};
use crate::text::lossy;

/// Reports of the last five weeks count as looked at: a month, and the days that the last ones take.
const RECENT: i64 = 35 * 86_400;
/// Terms that query DNS, at most (RFC 7208, 4.6.4).
const LOOKUPS: usize = 10;

/// Judges every rule of the document.
pub(in crate::assessment) fn judge(report: &DomainReport) -> Profile {
    let receives = report.receives.value;
    let inbound = |id, missing: &'static [&'static str]| {
        if receives == Some(false) {
            Judgement::new(id, Level::Prescription, RuleVerdict::NotApplicable).with(mx_evidence(report))
        } else {
            Judgement::undetermined(id, Level::Prescription, missing.iter().copied())
        }
    };
    let rules = vec![
        Judgement::new("MAIL-ALG-01", Level::Advice, RuleVerdict::NotApplicable),
        parked(report),
        sending(report, "MAIL-BESCHERM-002", Level::Advice, &["streams"]),
        applied(report),
        authorized_senders(report),
        signed(report),
        sending(report, "MAIL-BESCHERM-006", Level::Advice, &["reports:selectors", "dns:selectors"]),
        policy(report),
        alignment(report),
        reporting(report),
        inbound("MAIL-BESCHERM-010", &["message"]),
        ubv_transport::tls(report, mx_evidence(report)),
        ubv_transport::dane(report, mx_evidence(report)),
    ];
    Profile { id: "ubv", version: "1.0", rules }
}

fn sending(report: &DomainReport, id: &'static str, level: Level, missing: &[&'static str]) -> Judgement {
    if report.sends.value == Some(false) {
        return Judgement::new(id, level, RuleVerdict::NotApplicable).with(spf_evidence(report));
    }
    Judgement::undetermined(id, level, missing.iter().copied())
}

fn spf_evidence(report: &DomainReport) -> Vec<Evidence> {
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

fn mx_evidence(report: &DomainReport) -> Vec<Evidence> {
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

fn dmarc_evidence(report: &DomainReport) -> Vec<Evidence> {
    let subject = |name: &crate::name::DomainName| format!("_dmarc.{name} TXT");
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

/// Whether it is settled which policy holds.
fn policy_is_settled(report: &DomainReport) -> bool {
    !matches!(report.discovered.discovery, Discovery::Failed { .. } | Discovery::NotKnown { .. })
}

/// The three policies with what they are for.
fn policies(report: &DomainReport) -> [(&'static str, Option<Requested>); 3] {
    [
        ("self", report.discovered.policy()),
        ("existing_subdomain", report.discovered.subdomain_policy(Existence::Exists)),
        ("nonexistent_subdomain", report.discovered.subdomain_policy(Existence::DoesNotExist)),
    ]
}

/// MAIL-BESCHERM-001: a domain without mail says so in every record.
fn parked(report: &DomainReport) -> Judgement {
    const ID: &str = "MAIL-BESCHERM-001";
    let level = Level::Prescription;
    let none = matches!(report.mail.mx, Found::NoData | Found::NxDomain);
    let quiet = match (report.sends.value, report.receives.value) {
        (Some(true), _) | (_, Some(true)) => Some(false),
        (Some(false), Some(false)) => Some(true),
        // Nobody may send, and no mail host is named.
        (Some(false), None) if none => Some(true),
        _ => None,
    };
    let evidence = || {
        let mut all = mx_evidence(report);
        all.extend(spf_evidence(report));
        all.extend(dmarc_evidence(report));
        all
    };
    match quiet {
        Some(false) => {
            return Judgement::new(ID, level, RuleVerdict::NotApplicable).with(mx_evidence(report));
        }
        None => {
            return Judgement::undetermined(ID, level, ["context:sends", "context:receives"])
                .with(evidence());
        }
        Some(true) => {}
    }
    let domain = report.domain.to_string();
    let mut reasons: Vec<Diagnostic> = Vec::new();
    let mut missing = Vec::new();
    match &report.mail.mx {
        Found::Records(mx) if mx.is_null() => {}
        other if other.is_settled() => reasons.push(PARKED_MX.anywhere().arg("domain", domain.as_str())),
        _ => missing.push("dns:mx"),
    }
    match &report.spf {
        Found::Records(_) if coherence::is_closed(report) => {}
        other if other.is_settled() => reasons.push(PARKED_SPF.anywhere().arg("domain", domain.as_str())),
        _ => missing.push("dns:txt"),
    }
    let [own, below @ ..] = policies(report);
    let rejected = |(_, policy): &(&str, Option<Requested>)| {
        policy.as_ref().is_some_and(|policy| policy.applied == Policy::Reject)
    };
    let open_below = report.discovered.open_below.is_some();
    if !policy_is_settled(report) || (rejected(&own) && open_below) {
        missing.push("dns:dmarc");
    } else if !rejected(&own) || !below.iter().all(rejected) {
        reasons.push(PARKED_POLICY.anywhere().arg("domain", domain.as_str()));
    }
    let mut judgement = Judgement::new(ID, level, RuleVerdict::Pass).with(evidence());
    // RFC 8020: NXDOMAIN proves that nothing exists below; anything else leaves selectors open, but for
    // those that were asked for.
    judgement.evidence.extend(key_evidence(report));
    match report.keys.presence() {
        Presence::Absent => {}
        Presence::Present => reasons.push(PARKED_KEY.anywhere().arg("domain", domain.as_str())),
        _ if asked_in_vain(report) => {}
        _ => missing.push("dns:selectors"),
    }
    judgement.verdict = match (reasons.is_empty(), missing.is_empty()) {
        (false, _) => RuleVerdict::Fail,
        (true, false) => RuleVerdict::Undetermined,
        (true, true) => RuleVerdict::Pass,
    };
    judgement.reasons = reasons;
    judgement.missing = missing;
    judgement
}

/// What stands below `_domainkey`, and at each selector.
fn key_evidence(report: &DomainReport) -> Vec<Evidence> {
    let above = Evidence::dns(format!("_domainkey.{} TXT", report.domain), report.keys.above.status());
    let at = report.keys.selectors.iter().map(|(selector, keys)| {
        let state = keys.state().map_or(keys.status(), State::as_str);
        Evidence::dns(format!("{selector}._domainkey.{} TXT", report.domain), state)
    });
    std::iter::once(above).chain(at).collect()
}

/// Whether selectors were asked for, and none of them has a key in force.
fn asked_in_vain(report: &DomainReport) -> bool {
    let without =
        |keys: &Keys| matches!(keys, Keys::NoData | Keys::NxDomain) || keys.state() == Some(State::Revoked);
    let asked = &report.keys.selectors;
    !asked.is_empty() && asked.iter().all(|(_, keys)| without(keys))
}

/// MAIL-BESCHERM-003: SPF, DKIM and DMARC all apply.
fn applied(report: &DomainReport) -> Judgement {
    const ID: &str = "MAIL-BESCHERM-003";
    let domain = report.domain.to_string();
    let mut evidence = spf_evidence(report);
    evidence.extend(dmarc_evidence(report));
    let mut judgement = Judgement::undetermined(ID, Level::Prescription, ["dns:selectors"]).with(evidence);
    if report.sends.value == Some(false) && report.receives.value != Some(true) {
        // A domain without mail has no keys: MAIL-BESCHERM-001 is its rule.
        judgement.verdict = RuleVerdict::NotApplicable;
        judgement.missing.clear();
        return judgement;
    }
    let no_spf = match &report.spf {
        Found::Records(spf) => spf.indexes.is_empty(),
        Found::NoData | Found::NxDomain => true,
        _ => false,
    };
    if no_spf {
        judgement = judgement.because(NO_SPF.anywhere().arg("domain", domain.as_str()));
    }
    if policy_is_settled(report) && report.discovered.policy().is_none() {
        judgement = judgement.because(NO_DMARC.anywhere().arg("domain", domain.as_str()));
    }
    let verified = report.reports.as_ref().is_some_and(|state| state.view().dkim.pass > 0);
    if verified && judgement.reasons.is_empty() && policy_is_settled(report) && report.spf.is_settled() {
        // A signature that verifies and aligns proves a valid key.
        judgement.evidence.extend(report_evidence(report));
        judgement.missing.clear();
        judgement.verdict = RuleVerdict::Pass;
    } else if report.keys.presence() == Presence::Present
        && judgement.reasons.is_empty()
        && policy_is_settled(report)
        && report.spf.is_settled()
    {
        judgement.evidence.extend(key_evidence(report));
        judgement.missing.clear();
        judgement.verdict = RuleVerdict::Pass;
    } else if report.keys.presence() == Presence::Absent {
        judgement.evidence.extend(key_evidence(report));
        judgement.missing.clear();
        judgement = judgement.because(NO_DKIM_KEY.anywhere().arg("domain", domain));
        judgement.verdict = failing(report);
    } else if !judgement.reasons.is_empty() {
        judgement.verdict = failing(report);
    }
    judgement
}

/// A failure, or a warning while the operator says that the rollout is under way.
fn failing(report: &DomainReport) -> RuleVerdict {
    if report.context.implementation_phase { RuleVerdict::Warn } else { RuleVerdict::Fail }
}

/// MAIL-BESCHERM-004: exactly one SPF record, that ends in `~all` or `-all`, within ten lookups.
fn authorized_senders(report: &DomainReport) -> Judgement {
    const ID: &str = "MAIL-BESCHERM-004";
    let level = Level::Prescription;
    let domain = report.domain.to_string();
    let judgement = Judgement::new(ID, level, RuleVerdict::Fail).with(spf_evidence(report));
    let found = match &report.spf {
        Found::Records(found) => found,
        other if other.is_settled() => return judgement.because(NO_SPF.anywhere().arg("domain", domain)),
        _ => return Judgement::undetermined(ID, level, ["dns:txt"]).with(spf_evidence(report)),
    };
    let Some(record) = &found.record else {
        return judgement.because(match found.indexes.len() {
            0 => NO_SPF.anywhere().arg("domain", domain),
            count => spf::rules::SEVERAL_RECORDS.anywhere().arg("count", count),
        });
    };
    if !record.is_usable() {
        return judgement.because(SPF_UNUSABLE.anywhere().arg("domain", domain));
    }
    let mut judgement = judgement;
    let mut missing = Vec::new();
    match (record.all(), record.redirect()) {
        (Some(Qualifier::Fail | Qualifier::Softfail), _) => {}
        (None, Some(_)) => missing.push("dns:spf-redirect"),
        (all, _) => {
            let shown = all.map_or("none", Qualifier::as_str);
            judgement = judgement.because(SPF_ALL.anywhere().arg("found", shown));
        }
    }
    let lookups = record.lookup_terms();
    if lookups > LOOKUPS {
        judgement = judgement.because(SPF_LOOKUPS.anywhere().arg("count", lookups));
    } else if refers(record) {
        // What the included records cost is not counted here.
        missing.push("dns:spf-includes");
    }
    if !coherence::is_closed(report) {
        // Which of the authorized senders may send is not for the record to tell.
        missing.push("context:known-senders");
    }
    judgement.verdict = match (judgement.reasons.is_empty(), missing.is_empty()) {
        (false, _) => RuleVerdict::Fail,
        (true, true) => RuleVerdict::Pass,
        (true, false) => RuleVerdict::Undetermined,
    };
    judgement.missing = missing;
    judgement
}

/// Whether a record takes in other records, whose terms count too.
fn refers(record: &spf::Record) -> bool {
    let includes =
        record.directives().any(|(_, directive)| matches!(directive.mechanism, Mechanism::Include(_)));
    includes || record.redirect().is_some()
}

/// What the reports say, as evidence.
fn report_evidence(report: &DomainReport) -> Vec<Evidence> {
    let Some(state) = &report.reports else { return Vec::new() };
    let view = state.view();
    vec![
        Evidence::reports("reports", view.reports.to_string()),
        Evidence::reports("messages", view.messages.to_string()),
        Evidence::reports("messages with an aligned DKIM pass", view.dkim.pass.to_string()),
        Evidence::reports("messages with an aligned SPF pass", view.spf.pass.to_string()),
    ]
}

/// Whether reports of the last weeks were given.
fn recent_reports(report: &DomainReport) -> bool {
    let end = report.reports.as_ref().filter(|state| state.reports > 0).and_then(|state| state.end);
    match (end, report.now) {
        (Some(end), Some(now)) => now.0.saturating_sub(end) <= RECENT,
        _ => false,
    }
}

/// MAIL-BESCHERM-005: all mail carries a signature of the domain that verifies.
fn signed(report: &DomainReport) -> Judgement {
    const ID: &str = "MAIL-BESCHERM-005";
    let mut judgement = sending(report, ID, Level::Prescription, &["reports"]);
    let Some(state) = report.reports.as_ref().filter(|state| state.messages > 0) else { return judgement };
    if judgement.verdict == RuleVerdict::NotApplicable {
        return judgement;
    }
    let view = state.view();
    judgement.evidence.extend(report_evidence(report));
    let unsigned = view.messages.saturating_sub(view.dkim.pass);
    if unsigned == 0 {
        judgement.verdict = RuleVerdict::Pass;
        judgement.missing.clear();
    } else {
        // Whose mail that is decides: abuse is not signed either.
        judgement.missing = vec!["context:known-senders"];
        judgement =
            judgement.because(UNSIGNED_MAIL.anywhere().arg("messages", unsigned).arg("total", view.messages));
    }
    judgement
}

/// MAIL-BESCHERM-007: the policy in effect for the domain and its subdomains is enforced.
fn policy(report: &DomainReport) -> Judgement {
    const ID: &str = "MAIL-BESCHERM-007";
    let level = Level::Prescription;
    if !policy_is_settled(report) {
        return Judgement::undetermined(ID, level, ["dns:dmarc"]).with(dmarc_evidence(report));
    }
    let domain = report.domain.to_string();
    let mut judgement = Judgement::new(ID, level, RuleVerdict::Pass).with(dmarc_evidence(report));
    let Discovery::Record(found) = &report.discovered.discovery else {
        judgement.verdict = RuleVerdict::Fail;
        return judgement.because(NO_DMARC.anywhere().arg("domain", domain));
    };
    let Some(values) = found.record.effective() else {
        judgement.verdict = RuleVerdict::Fail;
        return judgement.because(POLICY_UNUSABLE.anywhere().arg("domain", domain));
    };
    for (scope, policy) in policies(report) {
        let Some(policy) = policy else { continue };
        if policy.policy == Policy::None {
            judgement = judgement.because(POLICY_NONE.anywhere().arg("scope", scope).arg("tag", policy.tag));
            judgement.verdict = failing(report);
        }
    }
    if judgement.verdict == RuleVerdict::Pass && report.discovered.open_below.is_some() {
        judgement.verdict = RuleVerdict::Undetermined;
        judgement.missing = vec!["dns:dmarc"];
    }
    let partial = match (values.t, values.pct) {
        (Some(true), _) => Some(("t", "y".to_owned())),
        (_, Some(pct)) if pct < 100 => Some(("pct", pct.to_string())),
        _ => None,
    };
    if let Some((tag, value)) = partial.filter(|_| judgement.verdict == RuleVerdict::Pass) {
        judgement = judgement.because(POLICY_PARTIAL.anywhere().arg("tag", tag).arg("value", value));
        judgement.verdict = RuleVerdict::Warn;
    }
    judgement
}

/// MAIL-BESCHERM-008: alignment is at least relaxed.
fn alignment(report: &DomainReport) -> Judgement {
    const ID: &str = "MAIL-BESCHERM-008";
    let level = Level::Prescription;
    if !policy_is_settled(report) {
        return Judgement::undetermined(ID, level, ["dns:dmarc"]).with(dmarc_evidence(report));
    }
    let mut judgement = Judgement::new(ID, level, RuleVerdict::Pass).with(dmarc_evidence(report));
    let record = match &report.discovered.discovery {
        Discovery::Record(found) if found.record.effective().is_some() => &found.record,
        _ => {
            judgement.verdict = RuleVerdict::Fail;
            return judgement.because(NO_DMARC.anywhere().arg("domain", report.domain.to_string()));
        }
    };
    for tag in [TagName::Adkim, TagName::Aspf] {
        let Some(value) = record.published().get(tag) else { continue };
        if !matches!(value.to_ascii_lowercase().as_str(), "r" | "s") {
            // Receivers fall back to relaxed: what the rule asks, but not what was meant.
            judgement.verdict = RuleVerdict::Warn;
            judgement =
                judgement.because(ALIGNMENT_INVALID.anywhere().arg("tag", tag.as_str()).arg("value", value));
        }
    }
    judgement
}

/// MAIL-BESCHERM-009: reports have a place to go, and are looked at.
fn reporting(report: &DomainReport) -> Judgement {
    const ID: &str = "MAIL-BESCHERM-009";
    let level = Level::Advice;
    if !policy_is_settled(report) {
        return Judgement::undetermined(ID, level, ["dns:dmarc"]).with(dmarc_evidence(report));
    }
    let mut judgement = Judgement::new(ID, level, RuleVerdict::Warn).with(dmarc_evidence(report));
    let rua: Vec<_> = report.destinations.iter().filter(|one| one.tag == "rua").collect();
    let good = |one: &&&Destination| {
        matches!(one.authorization, Authorization::SameOrganization | Authorization::Authorized)
    };
    let refused = |one: &&&Destination| {
        matches!(one.authorization, Authorization::NotAuthorized | Authorization::OverrideElsewhere)
    };
    judgement.reasons.extend(rua.iter().filter(refused).filter_map(|one| one.finding()));
    if rua.is_empty() {
        return judgement.because(NO_RUA.anywhere().arg("domain", report.domain.to_string()));
    }
    if rua.iter().any(|one| good(&one)) {
        if recent_reports(report) {
            judgement.verdict = RuleVerdict::Pass;
            judgement.evidence.extend(report_evidence(report));
        } else {
            judgement.verdict = RuleVerdict::Undetermined;
            judgement.missing.push("reports");
        }
    } else if judgement.reasons.len() < rua.len() {
        judgement.verdict = RuleVerdict::Undetermined;
        judgement.missing.push("dns:authorization");
    }
    judgement
}
