//! Steps 4 and 5: the policy is `quarantine`, then `reject`, for all of the mail.

use crate::assessment::profile::{RuleVerdict, Ruling};
use crate::assessment::profile_rules::{NOT_QUARANTINE, NOT_REJECT};
use crate::assessment::profiles::Facts;
use crate::assessment::profiles::evidence::{dmarc_evidence, partial, policy_is_settled};
use crate::assessment::rules::{NO_DMARC, POLICY_PARTIAL};
use crate::diagnostics::Rule;
use crate::dmarc::Policy;

pub(super) fn quarantine(facts: &Facts<'_>) -> Ruling {
    at_least(facts, Policy::Quarantine, &NOT_QUARANTINE)
}

pub(super) fn reject(facts: &Facts<'_>) -> Ruling {
    at_least(facts, Policy::Reject, &NOT_REJECT)
}

fn at_least(facts: &Facts<'_>, wanted: Policy, rule: &'static Rule) -> Ruling {
    let report = facts.report;
    let ruling = Ruling::pass().with(dmarc_evidence(report));
    if !policy_is_settled(report) {
        return Ruling::undetermined(["dns:dmarc"]).with(ruling.evidence);
    }
    let domain = report.domain.to_string();
    let Some(requested) = report.discovered.policy() else {
        return ruling.because(NO_DMARC.anywhere().arg("domain", domain)).settle(RuleVerdict::Fail);
    };
    if requested.policy < wanted {
        let reason = rule.anywhere().arg("domain", domain).arg("policy", requested.policy.as_str());
        // "Voldoende strikt" is what the documents call both.
        let strict = requested.policy > Policy::None;
        return ruling.because(reason).settle(if strict { RuleVerdict::Warn } else { RuleVerdict::Fail });
    }
    match partial(report) {
        Some((tag, value)) => ruling
            .because(POLICY_PARTIAL.anywhere().arg("tag", tag).arg("value", value))
            .settle(RuleVerdict::Warn),
        None => ruling,
    }
}
