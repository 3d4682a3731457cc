//! Steps 2, 3 and 6: reports are read, the streams of the domain pass and are signed, and somebody keeps watching.

use super::{sending, with_mail};
use crate::assessment::profile::{Evidence, RuleVerdict, Ruling};
use crate::assessment::profile_rules::{
    FAILING_STREAM, FEW_DAYS, NEEDS_ATTENTION, NOT_WATCHED, OTHER_SIGNER, SPF_ONLY_STREAM, UNCLEAR_MAIL,
};
use crate::assessment::profiles::Facts;
use crate::assessment::profiles::evidence::{recent_reports, report_evidence};
use crate::streams::{Because, ChangeKind, Class, Judged, Stream};

/// Six weeks: "gedurende een periode van 6 tot 8 weken".
const DAYS: i64 = 42;
/// Share of the mail that may be unclear.
const UNCLEAR: f64 = 0.01;
/// Share of the mail below which a stream is an accident.
const SHARE: f64 = 0.001;

fn all(judged: &Judged) -> u64 {
    judged.streams.iter().map(|stream| stream.messages).fold(0, u64::saturating_add)
}

fn counts(judged: &Judged, messages: u64) -> bool {
    messages as f64 > all(judged) as f64 * SHARE
}

/// Whether a stream is sent by the organization or for it.
fn own(stream: &&Stream) -> bool {
    let sent_on = matches!(stream.class, Class::ForwardedIntact | Class::ForwardedModified);
    stream.class.is_legitimate() && !sent_on
}

/// The signing domain is exactly that of the author.
pub(super) fn identifiers(facts: &Facts<'_>) -> Ruling {
    sending(facts, || {
        let Some(judged) = facts.judged else { return Ruling::undetermined(["streams"]) };
        let mut ruling = Ruling::pass();
        let signed = judged.streams.iter().filter(own).filter(|stream| counts(judged, stream.dkim));
        for stream in signed {
            let key = stream.key.strip_prefix("dkim:").and_then(|key| key.split_once('/'));
            let Some((domain, _)) = key else { continue };
            ruling.evidence.push(Evidence::reports(
                format!("d= of {}", stream.header_from.join(", ")),
                domain.to_owned(),
            ));
            if stream.header_from.iter().any(|from| from != domain) {
                let reason = OTHER_SIGNER.anywhere().arg("stream", stream.key.as_str());
                ruling = ruling.because(reason.arg("domain", domain));
            }
        }
        if ruling.evidence.is_empty() {
            ruling.missing.push("streams");
        }
        ruling.settle(RuleVerdict::Warn)
    })
}

/// Reports of six weeks at least.
pub(super) fn reports(facts: &Facts<'_>) -> Ruling {
    with_mail(facts, || {
        let own = facts.readiness.iter().filter(|node| node.node == "self");
        let days = own.map(|node| node.days).max();
        let Some(days) = days.or_else(|| facts.readiness.iter().map(|node| node.days).max()) else {
            return Ruling::undetermined(["reports"]);
        };
        let ruling = Ruling::pass()
            .with(report_evidence(facts.report))
            .with([Evidence::reports("days that reports cover", days.to_string())]);
        if days >= DAYS {
            return ruling;
        }
        let reason = FEW_DAYS.anywhere().arg("days", days.unsigned_abs()).arg("wanted", DAYS.unsigned_abs());
        ruling.because(reason).settle(RuleVerdict::Warn)
    })
}

/// It is clear who sends.
pub(super) fn inventory(facts: &Facts<'_>) -> Ruling {
    with_mail(facts, || {
        let Some(judged) = facts.judged else { return Ruling::undetermined(["streams"]) };
        let unclear = judged.streams.iter().filter(|stream| stream.class == Class::Unknown);
        let unclear = unclear.map(|stream| stream.messages).fold(0, u64::saturating_add);
        let ruling = Ruling::pass().with([
            Evidence::reports("streams", judged.streams.len().to_string()),
            Evidence::reports("messages that are not clear yet", unclear.to_string()),
        ]);
        if unclear as f64 > all(judged) as f64 * UNCLEAR {
            let reason = UNCLEAR_MAIL.anywhere().arg("messages", unclear);
            return ruling.because(reason).settle(RuleVerdict::Warn);
        }
        ruling
    })
}

/// Every sender of the domain passes.
pub(super) fn repaired(facts: &Facts<'_>) -> Ruling {
    sending(facts, || {
        let Some(judged) = facts.judged else { return Ruling::undetermined(["streams"]) };
        let mut ruling = Ruling::pass();
        for stream in judged.streams.iter().filter(own) {
            let failing = stream.messages.saturating_sub(stream.passed);
            ruling.evidence.push(Evidence::reports(
                stream.key.clone(),
                format!("{} of {} messages pass", stream.passed, stream.messages),
            ));
            let fails = matches!(stream.class, Class::Misconfigured | Class::Broken);
            // What was mended since fails no more.
            if fails && stream.because != Because::PassedSince && counts(judged, failing) {
                let reason = FAILING_STREAM.anywhere().arg("stream", stream.key.as_str());
                ruling = ruling.because(reason.arg("messages", failing));
            }
        }
        ruling.settle(RuleVerdict::Fail)
    })
}

/// No sender passes by SPF alone.
pub(super) fn signed(facts: &Facts<'_>) -> Ruling {
    sending(facts, || {
        let Some(judged) = facts.judged else { return Ruling::undetermined(["streams"]) };
        let mut ruling = Ruling::pass();
        let alone = judged.streams.iter().filter(|stream| stream.class == Class::AuthenticatedSpfOnly);
        for stream in alone.filter(|stream| counts(judged, stream.messages)) {
            ruling.evidence.push(Evidence::reports(stream.key.clone(), stream.messages.to_string()));
            let reason = SPF_ONLY_STREAM.anywhere().arg("stream", stream.key.as_str());
            ruling = ruling.because(reason.arg("messages", stream.messages));
        }
        ruling.settle(RuleVerdict::Fail)
    })
}

/// Reports of the last weeks are read, and nothing in them needs attention.
pub(super) fn monitored(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    let asks = report.destinations.iter().any(|one| one.tag == "rua");
    if !asks && facts.judged.is_none() {
        // A domain without mail is closed, and needs nobody to watch it.
        return with_mail(facts, || {
            Ruling::pass()
                .because(NOT_WATCHED.anywhere().arg("domain", report.domain.to_string()))
                .settle(RuleVerdict::Warn)
        });
    }
    let Some(judged) = facts.judged else {
        return match report.context.reads_reports {
            Some(true) => Ruling::pass().with([Evidence::context("reports are read", "yes")]),
            Some(false) => Ruling::pass()
                .with([Evidence::context("reports are read", "no")])
                .because(NOT_WATCHED.anywhere().arg("domain", report.domain.to_string()))
                .settle(RuleVerdict::Fail),
            None => Ruling::undetermined(["reports"]),
        };
    };
    let mut ruling = Ruling::pass().with(report_evidence(report));
    if !recent_reports(report) {
        ruling.missing.push("reports");
    }
    let bad = |kind| matches!(kind, ChangeKind::BrokenStream | ChangeKind::AbuseRising);
    for change in judged.changes.iter().filter(|change| bad(change.kind)) {
        let reason = NEEDS_ATTENTION.anywhere().arg("subject", change.subject.as_str());
        ruling = ruling.because(reason.arg("since", change.since.as_str()));
    }
    ruling.settle(RuleVerdict::Warn)
}
