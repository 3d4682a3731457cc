//! MAIL-BESCHERM-003 and 004: SPF, DKIM and DMARC apply, and SPF names the senders and no others.

use crate::assessment::attribution::TermUse;
use crate::assessment::found::Found;
use crate::assessment::profile::{Evidence, RuleVerdict, Ruling};
use crate::assessment::profile_rules::UNKNOWN_SENDER;
use crate::assessment::profiles::Facts;
use crate::assessment::profiles::evidence::{
    dmarc_evidence, failing, is_closed, key_evidence, lacks_spf, policy_is_settled, report_evidence,
    spf_evidence,
};
use crate::assessment::profiles::spf_cost::{self, End};
use crate::assessment::rules::{
    NO_DKIM_KEY, NO_DMARC, NO_SPF, SPF_ALL, SPF_LOOKUPS, SPF_UNUSABLE, SUBDOMAIN_WITHOUT_SPF,
};
use crate::dkim::Presence;
use crate::spf::{self, Mechanism, Qualifier};
use crate::text::lossy;

/// MAIL-BESCHERM-003: SPF, DKIM and DMARC all apply, to the names below that send mail too.
pub(super) fn applied(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    let domain = report.domain.to_string();
    let mut evidence = spf_evidence(report);
    evidence.extend(dmarc_evidence(report));
    if report.sends.value == Some(false) && report.receives.value != Some(true) {
        // A domain without mail has no keys: MAIL-BESCHERM-001 is its rule.
        return Ruling::not_applicable().with(evidence);
    }
    let mut ruling = Ruling::pass().with(evidence);
    match lacks_spf(report) {
        Some(true) => ruling = ruling.because(NO_SPF.anywhere().arg("domain", domain.as_str())),
        Some(false) => {}
        None => ruling.missing.push("dns:txt"),
    }
    if !policy_is_settled(report) {
        ruling.missing.push("dns:dmarc");
    } else if report.discovered.policy().is_none() {
        ruling = ruling.because(NO_DMARC.anywhere().arg("domain", domain.as_str()));
    }
    // A signature that verifies and aligns proves a valid key.
    let verified = report.reports.as_ref().is_some_and(|state| state.view().dkim.pass > 0);
    match report.keys.presence() {
        _ if verified => ruling.evidence.extend(report_evidence(report)),
        Presence::Present => ruling.evidence.extend(key_evidence(report)),
        Presence::Absent => {
            ruling.evidence.extend(key_evidence(report));
            ruling = ruling.because(NO_DKIM_KEY.anywhere().arg("domain", domain));
        }
        Presence::Undetermined => ruling.missing.push("dns:selectors"),
    }
    for below in report.subdomains.iter().filter(|below| below.reported) {
        let name = below.name.to_string();
        ruling.evidence.push(Evidence::dns(
            format!("{name} TXT"),
            match below.lacks_spf() {
                Some(true) => "no SPF record",
                Some(false) => "SPF record",
                None => "not-known",
            },
        ));
        if below.lacks_spf() == Some(true) {
            ruling = ruling.because(SUBDOMAIN_WITHOUT_SPF.anywhere().arg("name", name));
        }
    }
    ruling.settle(failing(report))
}

/// MAIL-BESCHERM-004: exactly one SPF record, that ends in `~all` or `-all`, within ten lookups, and allows
/// senders that are in use or known, and no others.
pub(super) fn authorized(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    let domain = report.domain.to_string();
    let fail = Ruling::new(RuleVerdict::Fail).with(spf_evidence(report));
    let found = match &report.spf {
        Found::Records(found) => found,
        other if other.is_settled() => return fail.because(NO_SPF.anywhere().arg("domain", domain)),
        _ => return Ruling::undetermined(["dns:txt"]).with(spf_evidence(report)),
    };
    let Some(record) = &found.record else {
        return fail.because(match found.indexes.len() {
            0 => NO_SPF.anywhere().arg("domain", domain),
            count => spf::rules::SEVERAL_RECORDS.anywhere().arg("count", count),
        });
    };
    if !record.is_usable() {
        return fail.because(SPF_UNUSABLE.anywhere().arg("domain", domain));
    }
    let mut ruling = fail;
    match spf_cost::end(report) {
        End::All(Qualifier::Fail | Qualifier::Softfail) => {}
        End::All(other) => ruling = ruling.because(SPF_ALL.anywhere().arg("found", other.as_str())),
        End::None => ruling = ruling.because(SPF_ALL.anywhere().arg("found", "none")),
        End::Unknown => ruling.missing.push("dns:spf-redirect"),
    }
    match spf_cost::lookups(report) {
        Some(count) => {
            ruling.evidence.push(Evidence::dns("SPF lookups", count.to_string()));
            if count > spf_cost::LIMIT {
                ruling = ruling.because(SPF_LOOKUPS.anywhere().arg("count", count));
            }
        }
        None if spf_cost::exceeds(report) => {
            ruling = ruling.because(SPF_LOOKUPS.anywhere().arg("count", record.lookup_terms()));
        }
        None => ruling.missing.push("dns:spf-includes"),
    }
    let broken = !ruling.reasons.is_empty();
    let ruling = known(facts, record, ruling);
    ruling.settle(if broken { RuleVerdict::Fail } else { RuleVerdict::Warn })
}

/// Adds the terms that allow senders whom neither the operator nor reports know: which of them may send is not
/// for the record to tell.
fn known(facts: &Facts<'_>, record: &spf::Record, mut ruling: Ruling) -> Ruling {
    let report = facts.report;
    let context = &report.context;
    if is_closed(report) {
        return ruling;
    }
    let seen = report.attribution.as_ref();
    let named = context.named_senders();
    if named.is_empty() && seen.is_none() {
        ruling.missing.push("context:known-senders");
        return ruling;
    }
    let mut open = false;
    for (term, directive) in record.directives() {
        let allows = directive.qualifier() == Qualifier::Pass && directive.mechanism != Mechanism::All;
        if !allows || context.knows(&report.domain, &directive.mechanism) {
            continue;
        }
        let text = lossy(term.span.of(record.as_octets()));
        let found =
            seen.and_then(|seen| seen.terms.iter().find(|one| one.chain.is_empty() && one.term == text));
        match found.map(|one| one.seen) {
            Some(TermUse::Needed | TermUse::DkimToo) => {}
            Some(TermUse::Unresolved) => open = true,
            _ => ruling = ruling.because(UNKNOWN_SENDER.anywhere().arg("term", text)),
        }
    }
    if open {
        ruling.missing.push("dns:spf-includes");
        ruling.missing.dedup();
    }
    if seen.is_some() {
        ruling.evidence.extend(report_evidence(report));
    }
    if !named.is_empty() {
        ruling.evidence.push(Evidence::context("known senders", named.join(", ")));
    }
    ruling
}
