//! DMARC by RFC 9989 and 9990, or 7489 where that edition was asked for.

use crate::assessment::profile::{Evidence, RuleVerdict, Ruling};
use crate::assessment::profile_rules::{BLIND_POLICY, HASTY_POLICY, RECORD_ERRORS, WEAKER_BELOW};
use crate::assessment::profiles::Facts;
use crate::assessment::profiles::evidence::{
    dmarc_evidence, is_quiet, policies, policy_is_settled, recent_reports, report_evidence,
};
use crate::assessment::readiness::Verdict;
use crate::assessment::rules::{NO_DMARC, NO_RUA, POLICY_NONE, POLICY_PARTIAL, POLICY_UNUSABLE};
use crate::diagnostics::Severity;
use crate::dmarc::discovery::Discovery;
use crate::dmarc::external::Authorization;
use crate::dmarc::{self, Policy};

/// A record whose policy receivers act on, without errors that they ignore.
pub(super) fn record(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    let ruling = Ruling::pass().with(dmarc_evidence(report));
    if !policy_is_settled(report) {
        return Ruling::undetermined(["dns:dmarc"]).with(ruling.evidence);
    }
    let domain = report.domain.to_string();
    match &report.discovered.discovery {
        Discovery::Record(found) if found.record.effective().is_none() => {
            ruling.because(POLICY_UNUSABLE.anywhere().arg("domain", domain)).settle(RuleVerdict::Fail)
        }
        Discovery::Record(found) => {
            let diagnostics = dmarc::Record::parse(&found.text, report.edition).diagnostics;
            let errors = diagnostics.iter().filter(|found| found.severity == Severity::Error).count();
            if errors == 0 {
                return ruling;
            }
            ruling.because(RECORD_ERRORS.anywhere().arg("count", errors)).settle(RuleVerdict::Warn)
        }
        _ => ruling.because(NO_DMARC.anywhere().arg("domain", domain)).settle(RuleVerdict::Fail),
    }
}

/// The ruling where a policy holds: not applicable without one.
fn with_policy(facts: &Facts<'_>, ruling: impl FnOnce(&dmarc::discovery::Requested) -> Ruling) -> Ruling {
    let report = facts.report;
    if !policy_is_settled(report) {
        return Ruling::undetermined(["dns:dmarc"]).with(dmarc_evidence(report));
    }
    match report.discovered.policy() {
        Some(requested) => ruling(&requested),
        None => Ruling::not_applicable().with(dmarc_evidence(report)),
    }
}

/// A policy that asks for something, for all of the mail.
pub(super) fn policy(facts: &Facts<'_>) -> Ruling {
    with_policy(facts, |requested| {
        let ruling = Ruling::pass().with(dmarc_evidence(facts.report));
        if requested.policy == Policy::None {
            let reason = POLICY_NONE.anywhere().arg("scope", "self").arg("tag", requested.tag);
            return ruling.because(reason).settle(RuleVerdict::Warn);
        }
        match super::super::evidence::partial(facts.report) {
            Some((tag, value)) => ruling
                .because(POLICY_PARTIAL.anywhere().arg("tag", tag).arg("value", value))
                .settle(RuleVerdict::Warn),
            None => ruling,
        }
    })
}

/// Names below are not weaker than the domain itself: subdomains are not forgotten.
pub(super) fn below(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    with_policy(facts, |own| {
        let mut ruling = Ruling::pass().with(dmarc_evidence(report));
        if report.discovered.open_below.is_some() {
            ruling.missing.push("dns:dmarc");
        }
        let [_, below @ ..] = policies(report);
        let mut told = None;
        for requested in below.iter().filter_map(|(_, policy)| policy.as_ref()) {
            if requested.policy < own.policy && told != Some(requested.tag) {
                told = Some(requested.tag);
                let reason = WEAKER_BELOW.anywhere().arg("tag", requested.tag);
                ruling = ruling.because(reason.arg("policy", requested.policy.as_str()));
            }
        }
        ruling.settle(RuleVerdict::Warn)
    })
}

/// Aggregate reports are asked for.
pub(super) fn reports(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    with_policy(facts, |requested| {
        let ruling = Ruling::pass().with(dmarc_evidence(report));
        if report.destinations.iter().any(|one| one.tag == "rua") {
            return ruling;
        }
        if is_quiet(report) == Some(true) {
            return Ruling::not_applicable().with(ruling.evidence);
        }
        let domain = report.domain.to_string();
        let reason = if requested.policy == Policy::None {
            NO_RUA.anywhere().arg("domain", domain)
        } else {
            BLIND_POLICY.anywhere().arg("domain", domain).arg("policy", requested.policy.as_str())
        };
        ruling.because(reason).settle(RuleVerdict::Warn)
    })
}

/// Hosts elsewhere have agreed to receive reports.
pub(super) fn destinations(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    with_policy(facts, |_| {
        if report.destinations.is_empty() {
            return Ruling::not_applicable().with(dmarc_evidence(report));
        }
        let mut ruling = Ruling::pass();
        for one in &report.destinations {
            ruling.evidence.push(Evidence::dns(one.uri.clone(), one.authorization.as_str()));
            match one.authorization {
                Authorization::SameOrganization | Authorization::Authorized => {}
                Authorization::NotAuthorized | Authorization::OverrideElsewhere => {
                    ruling.reasons.extend(one.finding());
                }
                _ => ruling.missing.push("dns:authorization"),
            }
        }
        ruling.missing.dedup();
        ruling.settle(RuleVerdict::Fail)
    })
}

/// RFC 9989, 7.4: a policy is made stricter where reports show that nothing is lost.
pub(super) fn rollout(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    with_policy(facts, |requested| {
        if requested.policy == Policy::None || is_quiet(report) == Some(true) {
            return Ruling::not_applicable().with(dmarc_evidence(report));
        }
        let own = facts.readiness.iter().filter(|node| node.node == "self").max_by_key(|node| node.base);
        let Some(node) = own else { return Ruling::undetermined(["reports"]) };
        let mut ruling = Ruling::pass().with(report_evidence(report));
        let ready = if requested.policy == Policy::Reject { node.reject } else { node.quarantine };
        if ready == Verdict::NotReady {
            let reason = HASTY_POLICY.anywhere().arg("policy", requested.policy.as_str());
            ruling = ruling.because(reason.arg("days", node.days.unsigned_abs()));
        } else if ready == Verdict::NotEnoughData || !recent_reports(report) {
            ruling.missing.push("reports");
        }
        ruling.settle(RuleVerdict::Warn)
    })
}
