//! MAIL-BESCHERM-010: mail that comes in is checked, and the sender's policy honored.

use crate::assessment::profile::{Evidence, RuleVerdict, Ruling};
use crate::assessment::profile_rules::{INBOUND_DELIVERED, INBOUND_NOT_CHECKED, INBOUND_UNCHECKED};
use crate::assessment::profiles::Facts;
use crate::assessment::profiles::evidence::mx_evidence;
use crate::assessment::received::Received;

/// Judges by what the domain's own servers wrote into messages, else by what the operator says.
pub(super) fn checked(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    if report.receives.value == Some(false) {
        return Ruling::not_applicable().with(mx_evidence(report));
    }
    let context = &report.context;
    let own: Vec<&Received> = context.received.iter().filter(|one| one.authserv_id.is_some()).collect();
    if own.is_empty() {
        return match context.checks_inbound {
            Some(true) => Ruling::pass().with([Evidence::context("inbound mail is checked", "yes")]),
            Some(false) => Ruling::new(RuleVerdict::Fail)
                .with([Evidence::context("inbound mail is checked", "no")])
                .because(INBOUND_UNCHECKED.anywhere().arg("domain", report.domain.to_string())),
            None => Ruling::undetermined(["message"]),
        };
    }
    let mut ruling = Ruling::pass();
    let (mut unchecked, mut delivered) = (false, false);
    for one in own {
        let server = one.authserv_id.clone().unwrap_or_default();
        let dmarc = one.dmarc.as_deref().unwrap_or("-");
        let said = |found: bool| if found { "checked" } else { "-" };
        ruling.evidence.push(Evidence::message(
            format!("Authentication-Results of {server}"),
            format!("spf {}, dkim {}, dmarc {dmarc}", said(one.spf), said(one.dkim)),
        ));
        if !one.is_complete() && !unchecked {
            unchecked = true;
            ruling = ruling.because(INBOUND_NOT_CHECKED.anywhere().arg("server", server.as_str()));
        }
        // RFC 9989, 5.4: the receiver has the last word, so that this is no failure.
        if one.honored == Some(false) && !delivered {
            delivered = true;
            ruling = ruling.because(INBOUND_DELIVERED.anywhere().arg("server", server));
        }
    }
    ruling.settle(if unchecked { RuleVerdict::Fail } else { RuleVerdict::Warn })
}
