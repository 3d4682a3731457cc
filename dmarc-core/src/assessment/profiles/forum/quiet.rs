//! Domains without mail: null MX, SPF `-all`, `p=reject`, no DKIM record.

use crate::assessment::found::Found;
use crate::assessment::profile::{RuleVerdict, Ruling};
use crate::assessment::profiles::Facts;
use crate::assessment::profiles::evidence::{
    asked_in_vain, dmarc_evidence, is_closed, is_quiet, key_evidence, mx_evidence, policy_is_settled,
    spf_evidence,
};
use crate::assessment::rules::{PARKED_KEY, PARKED_MX, PARKED_POLICY, PARKED_SPF};
use crate::dkim::Presence;
use crate::dmarc::Policy;

/// The ruling for a domain without mail; undetermined if it is not known whether it is one.
fn quiet(facts: &Facts<'_>, ruling: impl FnOnce() -> Ruling) -> Ruling {
    match is_quiet(facts.report) {
        Some(true) => ruling().settle(RuleVerdict::Fail),
        Some(false) => Ruling::not_applicable(),
        None => Ruling::undetermined(["context:sends", "context:receives"]),
    }
}

pub(super) fn mx(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    quiet(facts, || {
        let mut ruling = Ruling::pass().with(mx_evidence(report));
        match &report.mail.mx {
            Found::Records(mx) if mx.is_null() => ruling,
            other if other.is_settled() => {
                ruling.because(PARKED_MX.anywhere().arg("domain", report.domain.to_string()))
            }
            _ => {
                ruling.missing.push("dns:mx");
                ruling
            }
        }
    })
}

pub(super) fn spf(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    quiet(facts, || {
        let mut ruling = Ruling::pass().with(spf_evidence(report));
        if !report.spf.is_settled() {
            ruling.missing.push("dns:txt");
        } else if !is_closed(report) {
            ruling = ruling.because(PARKED_SPF.anywhere().arg("domain", report.domain.to_string()));
        }
        ruling
    })
}

pub(super) fn dmarc(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    quiet(facts, || {
        let mut ruling = Ruling::pass().with(dmarc_evidence(report));
        let rejects = report.discovered.policy().is_some_and(|policy| policy.applied == Policy::Reject);
        if !policy_is_settled(report) {
            ruling.missing.push("dns:dmarc");
        } else if !rejects {
            ruling = ruling.because(PARKED_POLICY.anywhere().arg("domain", report.domain.to_string()));
        }
        ruling
    })
}

pub(super) fn dkim(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    quiet(facts, || {
        let mut ruling = Ruling::pass().with(key_evidence(report));
        match report.keys.presence() {
            Presence::Absent => {}
            Presence::Present => {
                ruling = ruling.because(PARKED_KEY.anywhere().arg("domain", report.domain.to_string()));
            }
            Presence::Undetermined if asked_in_vain(report) => {}
            Presence::Undetermined => ruling.missing.push("dns:selectors"),
        }
        ruling
    })
}
