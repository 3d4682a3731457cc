//! What is to say about the reports that an assessment rests on, and about what the caller says of senders.
//!
//! Nothing here is a mistake of the domain: it is what makes its figures rest on less than they seem to.

use super::domain::DomainReport;
use super::reports::ReportState;
use crate::diagnostics::{Diagnostic, rfc, rules};
use crate::streams::Contradiction;
use crate::time::UnixTime;

/// Share of the mail that one reporter sees from which on the rest says little.
const LARGEST: f64 = 0.9;
/// Seconds that a report may end after the present: clocks differ, and days begin elsewhere earlier.
const AHEAD: i64 = 2 * 86_400;

rules! {
    /// Reports were given, and none of them is about the domain.
    REPORTS_NONE = "domain/reports-none", Warning, rfc(9990, "3.1.1"), [domain];
    /// Reports about other domains, which count in nothing.
    REPORTS_ELSEWHERE = "domain/reports-elsewhere", Notice, rfc(9990, "3.1.1"), [domain, count];
    /// Reports without a single message.
    REPORTS_EMPTY = "domain/reports-empty", Warning, rfc(9990, "3.1.1"), [domain];
    /// Reports that end before they begin.
    REPORTS_BACKWARDS = "domain/reports-backwards", Warning, rfc(9990, "3.1.1"), [count];
    /// Reports on days that are still to come.
    REPORTS_AHEAD = "domain/reports-ahead", Warning, rfc(9990, "3.1.1"), [day, today];
    /// One reporter sees almost all of the mail.
    ONE_REPORTER = "domain/one-reporter", Notice, rfc(9990, "2.1"), [reporter, percent];
    /// More kinds of mail than are told apart.
    STREAMS_LEFT_OUT = "domain/streams-left-out", Warning, rfc(9990, "3.1.1"), [messages];
    /// A sender that the caller both knows and denies.
    KNOWN_AND_DENIED = "domain/known-and-denied", Warning, rfc(9989, "8.3"), [value];
    /// A network or a domain to which the caller gives two names.
    TWO_NAMES = "domain/two-names", Notice, rfc(9989, "8.3"), [value, one, other];
    /// A sender that the caller denies, and that passes in the domain's name.
    DENIED_PASSES = "domain/denied-passes", Warning, rfc(9989, "8.3"), [stream, messages];
}

/// All of it.
pub(super) fn findings(report: &DomainReport) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for contradiction in report.context.senders().contradictions() {
        found.push(match contradiction {
            Contradiction::KnownAndDenied { value } => KNOWN_AND_DENIED.anywhere().arg("value", value),
            Contradiction::TwoNames { value, one, other } => {
                TWO_NAMES.anywhere().arg("value", value).arg("one", one).arg("other", other)
            }
        });
    }
    if let Some(judged) = &report.judged {
        // A contradiction in one place is told as that.
        if !found.iter().any(|one| one.rule == &KNOWN_AND_DENIED) {
            let torn = judged.torn.keys();
            found.extend(torn.map(|stream| KNOWN_AND_DENIED.anywhere().arg("value", stream.as_str())));
        }
        found.extend(judged.denied.iter().map(|(stream, messages)| {
            DENIED_PASSES.anywhere().arg("stream", stream.as_str()).arg("messages", *messages)
        }));
    }
    if let Some(reports) = &report.reports {
        of_reports(report, reports, &mut found);
    }
    found
}

fn of_reports(report: &DomainReport, reports: &ReportState, found: &mut Vec<Diagnostic>) {
    let domain = report.domain.to_string();
    if reports.inputs > 0 && reports.reports == 0 {
        found.push(REPORTS_NONE.anywhere().arg("domain", domain.as_str()));
    }
    if reports.elsewhere > 0 {
        found.push(
            REPORTS_ELSEWHERE
                .anywhere()
                .arg("domain", domain.as_str())
                .arg("count", u64::from(reports.elsewhere)),
        );
    }
    if reports.reports > 0 && reports.messages == 0 {
        found.push(REPORTS_EMPTY.anywhere().arg("domain", domain.as_str()));
    }
    if reports.backwards > 0 {
        found.push(REPORTS_BACKWARDS.anywhere().arg("count", u64::from(reports.backwards)));
    }
    if let (Some(end), Some(now)) = (reports.end, report.now)
        && end > now.0.saturating_add(AHEAD)
    {
        let day = UnixTime(end.saturating_sub(1)).day();
        found.push(REPORTS_AHEAD.anywhere().arg("day", day).arg("today", now.day()));
    }
    if let Some((name, messages, all)) = reports.traces.largest_reporter()
        && reports.reporters > 1
        && messages as f64 >= LARGEST * all as f64
    {
        let percent = (messages as f64 / all as f64 * 100.0).floor() as u64;
        found.push(ONE_REPORTER.anywhere().arg("reporter", name).arg("percent", percent));
    }
    let left_out = reports.traces.left_out();
    if left_out > 0 {
        found.push(STREAMS_LEFT_OUT.anywhere().arg("messages", left_out));
    }
}
