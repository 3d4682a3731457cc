//! MAIL-BESCHERM-007, 008 and 009: the policy is enforced, aligned, and reported on.

use crate::assessment::destination::Destination;
use crate::assessment::profile::{Evidence, RuleVerdict, Ruling};
use crate::assessment::profiles::Facts;
use crate::assessment::profiles::evidence::{
    dmarc_evidence, failing, partial, policies, policy_is_settled, recent_reports, report_evidence,
};
use crate::assessment::rules::{
    ALIGNMENT_INVALID, NO_DMARC, NO_RUA, POLICY_NONE, POLICY_PARTIAL, POLICY_UNUSABLE,
};
use crate::dmarc::discovery::Discovery;
use crate::dmarc::external::Authorization;
use crate::dmarc::{Policy, TagName};

/// MAIL-BESCHERM-007: the policy in effect for the domain and its subdomains is enforced.
pub(super) fn enforced(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    let mut ruling = Ruling::pass().with(dmarc_evidence(report));
    if !policy_is_settled(report) {
        return Ruling::undetermined(["dns:dmarc"]).with(ruling.evidence);
    }
    let domain = report.domain.to_string();
    let Discovery::Record(found) = &report.discovered.discovery else {
        ruling.verdict = RuleVerdict::Fail;
        return ruling.because(NO_DMARC.anywhere().arg("domain", domain));
    };
    if found.record.effective().is_none() {
        ruling.verdict = RuleVerdict::Fail;
        return ruling.because(POLICY_UNUSABLE.anywhere().arg("domain", domain));
    }
    for (scope, policy) in policies(report) {
        let Some(policy) = policy else { continue };
        if policy.policy == Policy::None {
            ruling = ruling.because(POLICY_NONE.anywhere().arg("scope", scope).arg("tag", policy.tag));
            ruling.verdict = failing(report);
        }
    }
    if ruling.verdict == RuleVerdict::Pass && report.discovered.open_below.is_some() {
        ruling.verdict = RuleVerdict::Undetermined;
        ruling.missing = vec!["dns:dmarc"];
    }
    if let Some((tag, value)) = partial(report).filter(|_| ruling.verdict == RuleVerdict::Pass) {
        ruling = ruling.because(POLICY_PARTIAL.anywhere().arg("tag", tag).arg("value", value));
        ruling.verdict = RuleVerdict::Warn;
    }
    ruling
}

/// MAIL-BESCHERM-008: alignment is at least relaxed.
pub(super) fn aligned(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    let mut ruling = Ruling::pass().with(dmarc_evidence(report));
    if !policy_is_settled(report) {
        return Ruling::undetermined(["dns:dmarc"]).with(ruling.evidence);
    }
    let record = match &report.discovered.discovery {
        Discovery::Record(found) if found.record.effective().is_some() => &found.record,
        _ => {
            ruling.verdict = RuleVerdict::Fail;
            return ruling.because(NO_DMARC.anywhere().arg("domain", report.domain.to_string()));
        }
    };
    for tag in [TagName::Adkim, TagName::Aspf] {
        let Some(value) = record.published().get(tag) else { continue };
        if !matches!(value.to_ascii_lowercase().as_str(), "r" | "s") {
            // Receivers fall back to relaxed: what the rule asks, but not what was meant.
            ruling =
                ruling.because(ALIGNMENT_INVALID.anywhere().arg("tag", tag.as_str()).arg("value", value));
        }
    }
    ruling.settle(RuleVerdict::Warn)
}

/// MAIL-BESCHERM-009: reports have a place to go, and are looked at.
pub(super) fn reported(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    if !policy_is_settled(report) {
        return Ruling::undetermined(["dns:dmarc"]).with(dmarc_evidence(report));
    }
    let mut ruling = Ruling::new(RuleVerdict::Warn).with(dmarc_evidence(report));
    let rua: Vec<_> = report.destinations.iter().filter(|one| one.tag == "rua").collect();
    let good = |one: &&&Destination| {
        matches!(one.authorization, Authorization::SameOrganization | Authorization::Authorized)
    };
    let refused = |one: &&&Destination| {
        matches!(one.authorization, Authorization::NotAuthorized | Authorization::OverrideElsewhere)
    };
    ruling.reasons.extend(rua.iter().filter(refused).filter_map(|one| one.finding()));
    if rua.is_empty() {
        return ruling.because(NO_RUA.anywhere().arg("domain", report.domain.to_string()));
    }
    if rua.iter().any(|one| good(&one)) {
        if recent_reports(report) {
            ruling.verdict = RuleVerdict::Pass;
            ruling.evidence.extend(report_evidence(report));
        } else if let Some(read) = report.context.reads_reports {
            ruling.verdict = if read { RuleVerdict::Pass } else { RuleVerdict::Warn };
            ruling.evidence.push(Evidence::context("reports are read", if read { "yes" } else { "no" }));
            if !read {
                ruling = ruling.because(
                    crate::assessment::profile_rules::REPORTS_UNREAD
                        .anywhere()
                        .arg("domain", report.domain.to_string()),
                );
            }
        } else {
            ruling.verdict = RuleVerdict::Undetermined;
            ruling.missing.push("reports");
        }
    } else if ruling.reasons.len() < rua.len() {
        ruling.verdict = RuleVerdict::Undetermined;
        ruling.missing.push("dns:authorization");
    }
    ruling
}
