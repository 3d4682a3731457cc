//! MAIL-BESCHERM-005 and 006: mail is signed, and keys are renewed.

use super::of_senders;
use crate::assessment::domain::DomainReport;
use crate::assessment::profile::{Evidence, RuleVerdict, Ruling};
use crate::assessment::profile_rules::{KEY_TOO_OLD, ONE_KEY, UNSIGNED_STREAM};
use crate::assessment::profiles::Facts;
use crate::assessment::profiles::evidence::{failing, key_evidence, report_evidence};
use crate::assessment::rules::UNSIGNED_MAIL;
use crate::dkim::State;
use crate::streams::{Class, Stream};

/// Days after which a key is renewed where the operator sets no other period: half a year, and a week to change.
const PERIOD: u32 = 190;
const DAY: i64 = 86_400;
/// Share of a stream that may go without a signature that verifies: some break on the way.
const BROKEN: f64 = 0.02;

/// MAIL-BESCHERM-005: all mail carries a signature of the domain that verifies.
pub(super) fn signed(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    of_senders(facts, || {
        let Some(state) = report.reports.as_ref().filter(|state| state.messages > 0) else {
            return Ruling::undetermined(["reports"]);
        };
        let mut ruling = Ruling::pass().with(report_evidence(report));
        let Some(judged) = facts.judged.filter(|judged| !judged.streams.is_empty()) else {
            // Sums without streams: whose the unsigned mail is, nobody can tell.
            let view = state.view();
            let unsigned = view.messages.saturating_sub(view.dkim.pass);
            if unsigned > 0 {
                let reason = UNSIGNED_MAIL.anywhere().arg("messages", unsigned);
                ruling = Ruling::undetermined(["context:known-senders"]).with(ruling.evidence);
                return ruling.because(reason.arg("total", view.messages));
            }
            return ruling;
        };
        for stream in judged.streams.iter().filter(|stream| own(stream)) {
            let unsigned = stream.messages.saturating_sub(stream.dkim);
            if unsigned as f64 > stream.messages as f64 * BROKEN {
                ruling = ruling.because(
                    UNSIGNED_STREAM
                        .anywhere()
                        .arg("stream", stream.key.as_str())
                        .arg("messages", unsigned)
                        .arg("total", stream.messages),
                );
            }
        }
        if judged.streams.iter().all(|stream| !own(stream)) {
            ruling.missing.push("streams");
        }
        ruling.settle(failing(report))
    })
}

/// Whether a stream is sent by the organization or for it.
fn own(stream: &Stream) -> bool {
    let sent_on = matches!(stream.class, Class::ForwardedIntact | Class::ForwardedModified);
    stream.class.is_legitimate() && !sent_on
}

/// MAIL-BESCHERM-006: a second key is ready, and no key is used for longer than the period.
pub(in crate::assessment::profiles) fn renewed(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    of_senders(facts, || {
        let mut ruling = Ruling::pass().with(key_evidence(report));
        let usable = |keys: &crate::dkim::Keys| keys.state() == Some(State::Usable);
        let ready = report.keys.selectors.iter().filter(|(_, keys)| usable(keys)).count();
        match ready {
            0 => ruling.missing.push("dns:selectors"),
            1 => {
                ruling = ruling.because(ONE_KEY.anywhere().arg("domain", report.domain.to_string()));
            }
            _ => {}
        }
        let days = report.context.key_days.unwrap_or(PERIOD);
        let used = in_use(report);
        if used.is_empty() {
            ruling.missing.push("reports:selectors");
        }
        for (selector, first, last) in used {
            let age = last.saturating_sub(first) / DAY;
            ruling.evidence.push(Evidence::reports(
                format!("days that selector {selector} is seen in use"),
                age.to_string(),
            ));
            if age > i64::from(days) {
                let reason = KEY_TOO_OLD.anywhere().arg("selector", selector).arg("days", age.unsigned_abs());
                ruling = ruling.because(reason.arg("limit", u64::from(days)));
            }
        }
        ruling.settle(RuleVerdict::Warn)
    })
}

/// Selectors of the domain that sign now, with the first and the last second in which reports name them.
fn in_use(report: &DomainReport) -> Vec<(String, i64, i64)> {
    let signers = report.reports.as_ref().map(|state| state.signers.as_slice()).unwrap_or_default();
    let own = signers.iter().filter(|signer| signer.domain == report.domain);
    own.filter_map(|signer| Some((signer.selector.to_string(), signer.first?, signer.last?))).collect()
}
