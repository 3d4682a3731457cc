//! MAIL-BESCHERM-001: a domain without mail says so in every record.

use crate::assessment::found::Found;
use crate::assessment::profile::{RuleVerdict, Ruling};
use crate::assessment::profiles::Facts;
use crate::assessment::profiles::evidence::{
    asked_in_vain, dmarc_evidence, is_closed, is_quiet, key_evidence, mx_evidence, policies,
    policy_is_settled, rejects_throughout, spf_evidence,
};
use crate::assessment::rules::{PARKED_KEY, PARKED_MX, PARKED_POLICY, PARKED_SPF};
use crate::dkim::Presence;
use crate::dmarc::Policy;

pub(super) fn closed(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    let mut evidence = mx_evidence(report);
    evidence.extend(spf_evidence(report));
    evidence.extend(dmarc_evidence(report));
    match is_quiet(report) {
        Some(false) => return Ruling::not_applicable().with(mx_evidence(report)),
        None => return Ruling::undetermined(["context:sends", "context:receives"]).with(evidence),
        Some(true) => {}
    }
    let domain = report.domain.to_string();
    let mut ruling = Ruling::pass().with(evidence);
    match &report.mail.mx {
        Found::Records(mx) if mx.is_null() => {}
        other if other.is_settled() => {
            ruling = ruling.because(PARKED_MX.anywhere().arg("domain", domain.as_str()));
        }
        _ => ruling.missing.push("dns:mx"),
    }
    match &report.spf {
        Found::Records(_) if is_closed(report) => {}
        other if other.is_settled() => {
            ruling = ruling.because(PARKED_SPF.anywhere().arg("domain", domain.as_str()));
        }
        _ => ruling.missing.push("dns:txt"),
    }
    let [(_, own), ..] = policies(report);
    let rejected = own.is_some_and(|policy| policy.applied == Policy::Reject);
    if !policy_is_settled(report) || (rejected && report.discovered.open_below.is_some()) {
        ruling.missing.push("dns:dmarc");
    } else if !rejects_throughout(report) {
        ruling = ruling.because(PARKED_POLICY.anywhere().arg("domain", domain.as_str()));
    }
    // RFC 8020: NXDOMAIN proves that nothing exists below; anything else leaves selectors open, but for
    // those that were asked for.
    ruling.evidence.extend(key_evidence(report));
    match report.keys.presence() {
        Presence::Absent => {}
        Presence::Present => {
            ruling = ruling.because(PARKED_KEY.anywhere().arg("domain", domain.as_str()));
        }
        _ if asked_in_vain(report) => {}
        _ => ruling.missing.push("dns:selectors"),
    }
    ruling.settle(RuleVerdict::Fail)
}
