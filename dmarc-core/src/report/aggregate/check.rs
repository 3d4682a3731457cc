//! What can be said of a record, or of the head, once it is whole.

use super::build::Places;
use super::coded::{Disposition, DkimResult, SpfResult, Verdict};
use super::log::Log;
use super::model::{Head, Record, Schema};
use super::rules;

/// A day; RFC 9990, 3.1.1.4 has reports cover one UTC day.
const DAY: i64 = 86_400;

fn missing(absent: bool, element: &'static str, log: &mut Log, at: Places<'_>) {
    if absent {
        log.add(&rules::MISSING_ELEMENT, || at.event(), |found| found.arg("element", element));
    }
}

/// Checks what a whole record holds.
pub(super) fn record(record: &Record, head: &Head, log: &mut Log, at: Places<'_>) {
    missing(record.source_ip.is_none(), "source_ip", log, at);
    if record.count.is_none() {
        log.add(&rules::INVALID_COUNT, || at.event(), |found| found.arg("value", ""));
    }
    match &record.policy_evaluated {
        None => missing(true, "policy_evaluated", log, at),
        Some(evaluated) => {
            missing(evaluated.disposition.is_none(), "disposition", log, at);
            missing(evaluated.dkim.is_none(), "policy_evaluated/dkim", log, at);
            missing(evaluated.spf.is_none(), "policy_evaluated/spf", log, at);
        }
    }
    match &record.identifiers {
        None => missing(true, "identifiers", log, at),
        Some(identifiers) => missing(identifiers.header_from.is_none(), "header_from", log, at),
    }
    match &record.auth_results {
        None => missing(true, "auth_results", log, at),
        Some(results) => {
            for dkim in &results.dkim {
                missing(dkim.domain.is_none(), "dkim/domain", log, at);
                missing(dkim.result.is_none(), "dkim/result", log, at);
                // RFC 9990, Appendix A made the selector mandatory.
                missing(dkim.selector.is_none() && head.schema == Schema::Rfc9990, "dkim/selector", log, at);
            }
            for spf in &results.spf {
                missing(spf.domain.is_none(), "spf/domain", log, at);
                missing(spf.result.is_none(), "spf/result", log, at);
            }
        }
    }
    consistency(record, log, at);
}

fn consistency(record: &Record, log: &mut Log, at: Places<'_>) {
    let Some(results) = &record.auth_results else { return };
    let passes =
        |verdict: Option<&super::Coded<Verdict>>| verdict.is_some_and(|coded| coded.value() == Verdict::Pass);
    // RFC 9990, 3.1.1.9: `policy_evaluated` is "pass" only for what is authenticated and aligned.
    let dkim = passes(record.dkim_verdict());
    let dkim_passed = |result: &super::DkimAuth| {
        result.result.as_ref().is_some_and(|coded| coded.value() == DkimResult::Pass)
    };
    if dkim && !results.dkim.iter().any(dkim_passed) {
        log.add(&rules::UNFOUNDED_PASS, || at.event(), |found| found.arg("element", "dkim"));
    }
    let spf = passes(record.spf_verdict());
    let spf_passed = |result: &super::SpfAuth| {
        result.result.as_ref().is_some_and(|coded| coded.value() == SpfResult::Pass)
    };
    if spf && !results.spf.iter().any(spf_passed) {
        log.add(&rules::UNFOUNDED_PASS, || at.event(), |found| found.arg("element", "spf"));
    }
    let Some(evaluated) = &record.policy_evaluated else { return };
    if let Some(disposition) = &evaluated.disposition
        && matches!(disposition.value(), Disposition::Quarantine | Disposition::Reject)
        && (dkim || spf)
        && evaluated.reasons.is_empty()
    {
        log.add(
            &rules::ENFORCED_DESPITE_PASS,
            || at.event(),
            |found| found.arg("disposition", disposition.value().to_string()),
        );
    }
}

/// Checks what the head holds, once the report has ended.
pub(super) fn head(head: &Head, log: &mut Log, at: Places<'_>) {
    match &head.metadata {
        None => missing(true, "report_metadata", log, at),
        Some(metadata) => {
            missing(metadata.org_name.is_none(), "org_name", log, at);
            missing(metadata.email.is_none(), "email", log, at);
            missing(metadata.report_id.is_none(), "report_id", log, at);
            missing(metadata.begin.is_none(), "date_range/begin", log, at);
            missing(metadata.end.is_none(), "date_range/end", log, at);
            let time = |stamp: &Option<super::Timestamp>| stamp.as_ref()?.time;
            if let (Some(begin), Some(end)) = (time(&metadata.begin), time(&metadata.end)) {
                let seconds = end.0.saturating_sub(begin.0);
                if seconds < 0 {
                    log.add(
                        &rules::REVERSED_PERIOD,
                        || at.event(),
                        |found| found.arg("begin", begin.0).arg("end", end.0),
                    );
                } else if seconds > DAY {
                    log.add(&rules::LONG_PERIOD, || at.event(), |found| found.arg("seconds", seconds));
                }
            }
        }
    }
    match &head.policy {
        None => missing(true, "policy_published", log, at),
        Some(policy) => {
            missing(policy.domain.is_none(), "policy_published/domain", log, at);
            missing(policy.p.is_none(), "policy_published/p", log, at);
        }
    }
}
