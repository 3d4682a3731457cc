//! DKIM by RFC 6376 and 8301, and the null MX of RFC 7505.

use super::sending;
use crate::assessment::found::Found;
use crate::assessment::profile::{Evidence, RuleVerdict, Ruling};
use crate::assessment::profile_rules::{SPF_ONLY_STREAM, WEAK_KEY};
use crate::assessment::profiles::Facts;
use crate::assessment::profiles::evidence::{is_quiet, mx_evidence};
use crate::assessment::profiles::keys;
use crate::assessment::rules::PARKED_MX;
use crate::streams::Class;

/// Share of the mail below which a stream is an accident.
const SHARE: f64 = 0.001;

/// A key that verifies signatures, of 2048 bits; those that are not in force yet count.
pub(super) fn keys(facts: &Facts<'_>) -> Ruling {
    sending(facts, || keys::keys(facts.report, &WEAK_KEY, |_| true).settle(RuleVerdict::Warn))
}

/// RFC 9989, 7.4: before `reject`, mail is signed with DKIM, since SPF alone does not survive a forwarder.
pub(super) fn signed(facts: &Facts<'_>) -> Ruling {
    sending(facts, || {
        let Some(judged) = facts.judged else { return Ruling::undetermined(["streams"]) };
        let all = judged.streams.iter().map(|stream| stream.messages).fold(0, u64::saturating_add);
        let mut ruling = Ruling::pass();
        for stream in judged.streams.iter().filter(|stream| stream.class == Class::AuthenticatedSpfOnly) {
            ruling.evidence.push(Evidence::reports(stream.key.clone(), stream.messages.to_string()));
            if stream.messages as f64 > all as f64 * SHARE {
                let reason = SPF_ONLY_STREAM.anywhere().arg("stream", stream.key.as_str());
                ruling = ruling.because(reason.arg("messages", stream.messages));
            }
        }
        ruling.settle(RuleVerdict::Warn)
    })
}

/// A domain that takes no mail says so with a null MX, and names no other host beside it.
pub(super) fn null_mx(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    let ruling = Ruling::pass().with(mx_evidence(report));
    match (&report.mail.mx, is_quiet(report)) {
        (Found::Failed(_) | Found::NotKnown, _) => Ruling::undetermined(["dns:mx"]).with(ruling.evidence),
        (Found::Records(mx), Some(true)) if mx.is_null() => ruling,
        (_, Some(true)) => ruling
            .because(PARKED_MX.anywhere().arg("domain", report.domain.to_string()))
            .settle(RuleVerdict::Warn),
        (_, Some(false)) => Ruling::not_applicable().with(ruling.evidence),
        (_, None) => Ruling::undetermined(["context:sends", "context:receives"]).with(ruling.evidence),
    }
}
