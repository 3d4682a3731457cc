//! SPF: one record, and a policy that is strict enough by its count.

use super::count::{Walk, is_parsed};
use super::{beside, by};
use crate::assessment::profile::{Evidence, RuleVerdict, Ruling};
use crate::assessment::profile_rules::{NL_ACCEPTED, NL_COUNT, NL_INCLUDED_OPEN, NL_LEADS_NOWHERE};
use crate::assessment::profiles::Facts;
use crate::assessment::profiles::evidence::spf_evidence;
use crate::assessment::profiles::spf_cost::{self, End};
use crate::assessment::rules::{NO_SPF, SPF_ALL, SPF_LOOKUPS, SPF_UNUSABLE};
use crate::spf::{self, Qualifier};

/// Exactly one record.
pub(super) fn existence(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    let evidence = spf_evidence(report);
    if !report.spf.is_settled() {
        return beside(Ruling::undetermined(["dns:txt"]).with(evidence), RuleVerdict::Undetermined);
    }
    let count = report.spf.records().map_or(0, |found| found.indexes.len());
    let ruling = Ruling::new(by(count == 1)).with(evidence);
    let domain = report.domain.to_string();
    let ruling = match count {
        0 => ruling.because(NO_SPF.anywhere().arg("domain", domain)),
        1 => ruling,
        count => ruling.because(spf::rules::SEVERAL_RECORDS.anywhere().arg("count", count)),
    };
    let verdict = ruling.verdict;
    beside(ruling, verdict)
}

/// It parses, leads to records, stays within ten by its own count, and ends in `~all` or `-all`.
pub(super) fn policy(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    let evidence = spf_evidence(report);
    let domain = report.domain.to_string();
    if !report.spf.is_settled() {
        return beside(Ruling::undetermined(["dns:txt"]).with(evidence), RuleVerdict::Undetermined);
    }
    let record = report.spf.records().and_then(|found| found.record.as_ref());
    let Some((record, policies)) = record.zip(report.policies.as_ref()) else {
        let reason = NO_SPF.anywhere().arg("domain", domain);
        return beside(Ruling::new(RuleVerdict::Fail).with(evidence).because(reason), RuleVerdict::Fail);
    };
    let walk = Walk::of(policies);
    let mut ruling = Ruling::pass().with(evidence);
    ruling.evidence.push(Evidence::dns("SPF lookups by the count of Internet.nl", walk.lookups.to_string()));
    let ended = spf_cost::end(report);
    if walk.syntax {
        ruling = ruling.because(SPF_UNUSABLE.anywhere().arg("domain", domain.as_str()));
    }
    match ended {
        End::All(Qualifier::Fail | Qualifier::Softfail) => {}
        End::All(other) => ruling = ruling.because(SPF_ALL.anywhere().arg("found", other.as_str())),
        End::None => ruling = ruling.because(SPF_ALL.anywhere().arg("found", "none")),
        End::Unknown => ruling.missing.push("dns:spf-redirect"),
    }
    if let Some(name) = &walk.open_include {
        ruling = ruling.because(NL_INCLUDED_OPEN.anywhere().arg("name", name.to_string()));
    }
    if let Some(name) = &walk.nowhere {
        ruling = ruling.because(NL_LEADS_NOWHERE.anywhere().arg("name", name.to_string()));
    }
    if walk.too_many {
        ruling = ruling.because(SPF_LOOKUPS.anywhere().arg("count", walk.lookups));
    }
    if walk.unknown && !walk.too_many {
        ruling.missing.push("dns:spf-includes");
    }
    ruling = ruling.settle(RuleVerdict::Fail);
    // What receivers make of the same record.
    let counted = spf_cost::lookups(report);
    let ours = match (counted, ended) {
        _ if !record.is_usable() => RuleVerdict::Fail,
        (Some(count), End::All(all)) => {
            let strict = matches!(all, Qualifier::Fail | Qualifier::Softfail);
            by(strict && count <= spf_cost::LIMIT && walk.nowhere.is_none() && walk.open_include.is_none())
        }
        (_, End::None) => RuleVerdict::Fail,
        _ if spf_cost::exceeds(report) => RuleVerdict::Fail,
        _ => RuleVerdict::Undetermined,
    };
    if let Some(count) = counted.filter(|count| record.is_usable() && *count != walk.lookups) {
        ruling = ruling.because(NL_COUNT.anywhere().arg("theirs", walk.lookups).arg("ours", count));
    }
    if !record.is_usable() && is_parsed(record) {
        ruling = ruling.because(NL_ACCEPTED.anywhere().arg("domain", domain));
    }
    beside(ruling, ours)
}
