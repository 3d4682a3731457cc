//! SPF by RFC 7208.

use crate::assessment::domain::DomainReport;
use crate::assessment::profile::{Evidence, RuleVerdict, Ruling};
use crate::assessment::profile_rules::{SPF_END, SPF_PTR, VOID_LOOKUPS};
use crate::assessment::profiles::Facts;
use crate::assessment::profiles::evidence::spf_evidence;
use crate::assessment::profiles::spf_cost::{self, End};
use crate::assessment::rules::{NO_SPF, SPF_LOOKUPS, SPF_UNUSABLE};
use crate::spf::analysis::{Conventions, PolicyNode};
use crate::spf::{self, Mechanism, Qualifier, Record};

/// Void lookups that receivers allow (RFC 7208, 4.6.4).
const VOIDS: u64 = 2;

/// One record that can be evaluated.
pub(super) fn record(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    let ruling = Ruling::pass().with(spf_evidence(report));
    if !report.spf.is_settled() {
        return Ruling::undetermined(["dns:txt"]).with(ruling.evidence);
    }
    let domain = report.domain.to_string();
    let fail = RuleVerdict::Fail;
    match report.spf.records().map_or((0, None), |found| (found.indexes.len(), found.record.as_ref())) {
        // RFC 7208, 3: to publish a record is a choice.
        (0, _) => ruling.because(NO_SPF.anywhere().arg("domain", domain)).settle(RuleVerdict::Warn),
        (_, Some(record)) if record.is_usable() => ruling,
        (_, Some(_)) => ruling.because(SPF_UNUSABLE.anywhere().arg("domain", domain)).settle(fail),
        (count, None) => {
            ruling.because(spf::rules::SEVERAL_RECORDS.anywhere().arg("count", count)).settle(fail)
        }
    }
}

/// The record, where there is one to ask more of; else the ruling without it.
fn usable(report: &DomainReport) -> Result<&Record, Ruling> {
    let record = report.spf.records().and_then(|found| found.record.as_ref());
    match record.filter(|record| record.is_usable()) {
        Some(record) => Ok(record),
        None if report.spf.is_settled() => Err(Ruling::not_applicable().with(spf_evidence(report))),
        None => Err(Ruling::undetermined(["dns:txt"]).with(spf_evidence(report))),
    }
}

/// At most ten terms that query DNS.
pub(super) fn lookups(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    let record = match usable(report) {
        Ok(record) => record,
        Err(ruling) => return ruling,
    };
    let count = spf_cost::lookups(report).or_else(|| {
        // The terms of the record itself may be too many already.
        spf_cost::exceeds(report).then(|| record.lookup_terms() as u64)
    });
    let Some(count) = count else {
        return Ruling::undetermined(["dns:spf-includes"]).with(spf_evidence(report));
    };
    let ruling = Ruling::pass().with([Evidence::dns("SPF lookups", count.to_string())]);
    if count > spf_cost::LIMIT {
        return ruling.because(SPF_LOOKUPS.anywhere().arg("count", count)).settle(RuleVerdict::Fail);
    }
    ruling
}

/// At most two lookups that find nothing.
pub(super) fn voids(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    if let Err(ruling) = usable(report) {
        return ruling;
    }
    let Some(tree) = report.policies.as_ref().map(|policies| policies.tree(&Conventions::default())) else {
        return Ruling::undetermined(["dns:spf-includes"]);
    };
    let count = [of(&tree, false), of(&tree, true)].into_iter().max().unwrap_or_default();
    let mut ruling = Ruling::pass().with([Evidence::dns("SPF void lookups", count.to_string())]);
    if count > VOIDS {
        ruling = ruling.because(VOID_LOOKUPS.anywhere().arg("count", count));
    } else if tree.lookups.is_none() {
        ruling.missing.push("dns:spf-includes");
    }
    ruling.settle(RuleVerdict::Warn)
}

/// Void lookups of a record and of those that it leads to. The tree shows each record once, so that it ends.
fn of(node: &PolicyNode, ipv6: bool) -> u64 {
    let reached = node.terms.iter().filter(|term| term.reached);
    let costs = reached.map(|term| {
        let own = u64::from(if ipv6 { term.voids_ipv6 } else { term.voids_ipv4 });
        term.policies.iter().map(|below| of(below, ipv6)).fold(own, u64::saturating_add)
    });
    costs.fold(0, u64::saturating_add)
}

/// It ends in `all` or `redirect`, and not in one that lets anyone through.
pub(super) fn end(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    if let Err(ruling) = usable(report) {
        return ruling;
    }
    let ruling = Ruling::pass().with(spf_evidence(report));
    match spf_cost::end(report) {
        End::All(Qualifier::Fail | Qualifier::Softfail | Qualifier::Neutral) => ruling,
        End::All(other) => {
            ruling.because(SPF_END.anywhere().arg("found", other.as_str())).settle(RuleVerdict::Warn)
        }
        End::None => ruling.because(SPF_END.anywhere().arg("found", "none")).settle(RuleVerdict::Warn),
        End::Unknown => Ruling::undetermined(["dns:spf-redirect"]).with(ruling.evidence),
    }
}

/// RFC 7208, 5.5: "This mechanism SHOULD NOT be published."
pub(super) fn pointers(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    let record = match usable(report) {
        Ok(record) => record,
        Err(ruling) => return ruling,
    };
    let ruling = Ruling::pass().with(spf_evidence(report));
    let found = record.directives().any(|(_, directive)| matches!(directive.mechanism, Mechanism::Ptr(_)));
    if found {
        let reason = SPF_PTR.anywhere().arg("domain", report.domain.to_string());
        return ruling.because(reason).settle(RuleVerdict::Warn);
    }
    ruling
}
