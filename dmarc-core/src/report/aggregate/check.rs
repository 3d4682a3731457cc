//! What can be said of a record, or of the head, once it is whole.

use super::build::Places;
use super::log::Log;
use super::model::{Head, Record, Schema};
use super::{conformance, rules, verdicts};

/// A day; RFC 9990, 3.1.1.4 has reports cover one UTC day.
const DAY: i64 = 86_400;

fn missing(absent: bool, element: &'static str, log: &mut Log, at: Places<'_>) {
    if absent {
        log.breaks(&rules::MISSING_ELEMENT);
        log.add(&rules::MISSING_ELEMENT, || at.event(), |found| found.arg("element", element));
    }
}

/// Checks what a whole record holds.
pub(super) fn record(record: &Record, head: &Head, log: &mut Log, at: Places<'_>) {
    missing(record.source_ip.is_none(), "source_ip", log, at);
    if record.count.is_none() {
        log.breaks(&rules::INVALID_COUNT);
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
    conformance::record(record, head, log, at);
    verdicts::check(record, head, log, at);
}

/// Checks what the head holds, once the report has ended.
pub(super) fn head(head: &Head, log: &mut Log, at: Places<'_>) {
    conformance::head(head, log, at);
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
                } else if seconds == 0 {
                    log.add(&rules::EMPTY_PERIOD, || at.event(), |found| found.arg("begin", begin.0));
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
