//! Step 1: SPF, DKIM and DMARC are published.

use super::{sending, with_mail};
use crate::assessment::profile::{Evidence, RuleVerdict, Ruling};
use crate::assessment::profile_rules::SMALL_KEY;
use crate::assessment::profiles::Facts;
use crate::assessment::profiles::evidence::{
    dmarc_evidence, is_closed, is_quiet, policy_is_settled, spf_evidence,
};
use crate::assessment::profiles::keys;
use crate::assessment::profiles::spf_cost::{self, End};
use crate::assessment::profiles::ubv::signatures::renewed;
use crate::assessment::rules::{
    NO_DMARC, NO_RUA, NO_SPF, PARKED_SPF, POLICY_UNUSABLE, SPF_ALL, SPF_LOOKUPS, SPF_UNUSABLE,
};
use crate::dkim::{Keys, State};
use crate::dmarc::discovery::Discovery;
use crate::spf::{self, Qualifier};

/// SPF is there as TXT, works, and ends in `~all` or `-all`; in `-all` alone at a domain that never sends.
pub(super) fn spf(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    with_mail(facts, || {
        let domain = report.domain.to_string();
        let mut ruling = Ruling::pass().with(spf_evidence(report));
        let fail = RuleVerdict::Fail;
        if !report.spf.is_settled() {
            return Ruling::undetermined(["dns:txt"]).with(ruling.evidence);
        }
        let Some(found) = report.spf.records().filter(|found| !found.indexes.is_empty()) else {
            return ruling.because(NO_SPF.anywhere().arg("domain", domain)).settle(fail);
        };
        let Some(record) = &found.record else {
            let several = spf::rules::SEVERAL_RECORDS.anywhere().arg("count", found.indexes.len());
            return ruling.because(several).settle(fail);
        };
        if !record.is_usable() {
            return ruling.because(SPF_UNUSABLE.anywhere().arg("domain", domain)).settle(fail);
        }
        if report.sends.value == Some(false) && !is_closed(report) {
            ruling = ruling.because(PARKED_SPF.anywhere().arg("domain", domain));
        }
        match spf_cost::end(report) {
            End::All(Qualifier::Fail | Qualifier::Softfail) => {}
            End::All(other) => ruling = ruling.because(SPF_ALL.anywhere().arg("found", other.as_str())),
            End::None => ruling = ruling.because(SPF_ALL.anywhere().arg("found", "none")),
            End::Unknown => ruling.missing.push("dns:spf-redirect"),
        }
        match spf_cost::lookups(report) {
            Some(count) if count > spf_cost::LIMIT => {
                ruling = ruling.because(SPF_LOOKUPS.anywhere().arg("count", count));
            }
            Some(_) => {}
            None => ruling.missing.push("dns:spf-includes"),
        }
        ruling.settle(fail)
    })
}

/// A key that verifies signatures, of at least 2048 bits if it is RSA.
pub(super) fn dkim(facts: &Facts<'_>) -> Ruling {
    let usable = |keys: &Keys| keys.state() == Some(State::Usable);
    sending(facts, || keys::keys(facts.report, &SMALL_KEY, usable).settle(RuleVerdict::Fail))
}

/// A DMARC record with an address for reports.
pub(super) fn dmarc(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    let mut ruling = Ruling::pass().with(dmarc_evidence(report));
    if !policy_is_settled(report) {
        return Ruling::undetermined(["dns:dmarc"]).with(ruling.evidence);
    }
    let domain = report.domain.to_string();
    match &report.discovered.discovery {
        Discovery::Record(found) if found.record.effective().is_some() => {}
        Discovery::Record(_) => ruling = ruling.because(POLICY_UNUSABLE.anywhere().arg("domain", domain)),
        _ => ruling = ruling.because(NO_DMARC.anywhere().arg("domain", domain)),
    }
    let asks = report.destinations.iter().any(|one| one.tag == "rua");
    // A domain without mail has nothing to find out.
    if ruling.reasons.is_empty() && !asks && is_quiet(report) != Some(true) {
        return ruling
            .because(NO_RUA.anywhere().arg("domain", report.domain.to_string()))
            .settle(RuleVerdict::Warn);
    }
    ruling.settle(RuleVerdict::Fail)
}

/// Keys are renewed about twice a year: as in UBV.
pub(super) fn rotation(facts: &Facts<'_>) -> Ruling {
    sending(facts, || {
        let ruling = renewed(facts);
        let old = Evidence::context(
            "days after which a key is renewed",
            facts.report.context.key_days.map_or_else(|| "190".to_owned(), |days| days.to_string()),
        );
        ruling.with([old])
    })
}
