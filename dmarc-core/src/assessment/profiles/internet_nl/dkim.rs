//! DKIM, as an answer for `_domainkey`, and the states of the null MX.

use super::{beside, by, dmarc};
use crate::assessment::found::Found;
use crate::assessment::profile::{Evidence, RuleVerdict, Ruling};
use crate::assessment::profile_rules::{NL_EMPTY_NAME, NL_NO_KEY_READ, NL_NULL_MX, NL_NULL_MX_BESIDE};
use crate::assessment::profiles::Facts;
use crate::assessment::profiles::evidence::{is_closed, key_evidence, mx_evidence};
use crate::assessment::rules::NO_DKIM_KEY;
use crate::dkim::{Keys, Presence};
use crate::text::lossy;
use crate::transport::mx::Delivery;

/// `_domainkey` exists. No key is read.
pub(super) fn existence(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    let ours = match report.keys.presence() {
        Presence::Present => RuleVerdict::Pass,
        Presence::Absent => RuleVerdict::Fail,
        Presence::Undetermined => RuleVerdict::Undetermined,
    };
    if dmarc::rejects(facts) && allows_nobody(facts) {
        return beside(Ruling::not_applicable().with(key_evidence(report)), RuleVerdict::NotApplicable);
    }
    let met = match &report.keys.above {
        Keys::Records(_) | Keys::NoData => true,
        Keys::NxDomain => false,
        _ => return beside(Ruling::undetermined(["dns:selectors"]).with(key_evidence(report)), ours),
    };
    let mut ruling = Ruling::new(by(met)).with(key_evidence(report));
    let domain = report.domain.to_string();
    if met && ours != RuleVerdict::Pass {
        ruling = ruling.because(NL_NO_KEY_READ.anywhere().arg("domain", domain));
    } else if !met && has_key(facts) {
        ruling = ruling.because(NL_EMPTY_NAME.anywhere().arg("domain", domain));
        // A key that answers is there, whatever is said of the name above it.
        return beside(ruling, RuleVerdict::Pass);
    } else if !met {
        ruling = ruling.because(NO_DKIM_KEY.anywhere().arg("domain", domain));
    }
    beside(ruling, ours)
}

fn has_key(facts: &Facts<'_>) -> bool {
    facts.report.keys.presence() == Presence::Present
}

/// Whether SPF is `v=spf1 [exp=…] -all [exp=…]` to the letter.
fn allows_nobody(facts: &Facts<'_>) -> bool {
    let record = facts.report.spf.records().and_then(|spf| spf.record.as_ref());
    record.is_some_and(|record| {
        let text = lossy(record.as_octets()).to_ascii_lowercase();
        let mut terms = text.split(' ').filter(|term| !term.starts_with("exp="));
        terms.next() == Some("v=spf1") && terms.eq(["-all"])
    })
}

/// A domain that takes no mail says so, and says nothing else.
pub(super) fn null_mx(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    let mail = &report.mail;
    let domain = report.domain.to_string();
    let ruling = Ruling::pass().with(mx_evidence(report));
    let beside_others = mail.mx.records().is_some_and(|mx| {
        let null = mx.exchanges.iter().filter(|one| one.host.is_root()).count();
        null > 0 && mx.exchanges.len() > null
    });
    match (&mail.mx, mail.delivery) {
        (Found::Failed(_) | Found::NotKnown, _) => {
            beside(Ruling::undetermined(["dns:mx"]).with(ruling.evidence), RuleVerdict::Undetermined)
        }
        _ if beside_others => {
            let ruling = ruling.because(NL_NULL_MX_BESIDE.anywhere().arg("domain", domain));
            beside(Ruling { verdict: RuleVerdict::Warn, ..ruling }, RuleVerdict::Fail)
        }
        (_, Some(Delivery::Implicit)) if is_closed(report) => {
            // It says so for information, which costs nothing.
            let shown = Evidence::dns(format!("{domain} A, AAAA"), "records");
            let ruling = ruling.with([shown]).because(NL_NULL_MX.anywhere().arg("domain", domain));
            beside(ruling, RuleVerdict::Warn)
        }
        _ => beside(ruling, RuleVerdict::Pass),
    }
}
