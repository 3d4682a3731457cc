//! Failure reports and reports on TLS as a person reads them.

use std::collections::BTreeMap;

use dmarc_core::report::batch::{AnswerView, BatchView};
use dmarc_core::report::failure::FailureView;
use dmarc_core::report::tls::TlsView;

use crate::output::Paint;
use crate::sources;
use crate::table::{Column, Rows, Tone, day, number};
use crate::texts::Texts;

/// Most rows of a table.
const ROWS: usize = 20;

/// Reports of these kinds that were seen before.
pub(super) fn duplicates(view: &BatchView) -> u64 {
    let failure = view.failure_reports.iter().filter(|entry| entry.duplicate_of.is_some());
    (failure.count() + view.tls_reports.iter().filter(|entry| entry.duplicate_of.is_some()).count()) as u64
}

/// Failure reports, in the order in which they were read.
pub(super) fn failures(view: &BatchView, texts: &Texts, paint: Paint) -> String {
    let words = &texts.reports;
    let entries: Vec<&AnswerView<FailureView>> =
        view.failure_reports.iter().filter(|entry| entry.duplicate_of.is_none()).collect();
    if entries.is_empty() {
        return String::new();
    }
    let mut rows = Rows::new(
        paint,
        &[
            (words.first, Column::Text),
            (words.from, Column::Text),
            (words.source, Column::Text),
            (words.failed, Column::Text),
            (words.outcome, Column::Text),
            (words.messages, Column::Number),
        ],
    );
    for entry in entries.iter().take(ROWS) {
        let report = &entry.report;
        let from = report.header_from.as_ref().or(report.reported_domain.first());
        let source = report.source_ip.as_ref().or(report.source_ip_raw.as_ref());
        let failed = if report.auth_failure.is_empty() {
            report.feedback_type.unwrap_or_default().to_owned()
        } else {
            report.auth_failure.join(", ")
        };
        rows.row([
            (report.arrival.and_then(day).unwrap_or_default().as_str(), Tone::Aside),
            (from.map_or("", String::as_str), Tone::Plain),
            (source.map_or("", String::as_str), Tone::Plain),
            (failed.as_str(), Tone::Plain),
            (report.delivery_result.unwrap_or_default(), Tone::Plain),
            (
                report.incidents.map_or_else(String::new, |sum| number(sum, texts.thousands)).as_str(),
                Tone::Plain,
            ),
        ]);
    }
    let heading = paint.paint(Paint::HEADING, words.failure_reports);
    format!("\n{heading}\n{}{}", rows.text(), sources::more(entries.len(), ROWS, texts))
}

/// Sessions with and without TLS, per domain and kind of policy, those with most failures first.
pub(super) fn sessions(view: &BatchView, texts: &Texts, paint: Paint) -> String {
    let words = &texts.reports;
    let entries: Vec<&AnswerView<TlsView>> =
        view.tls_reports.iter().filter(|entry| entry.duplicate_of.is_none()).collect();
    if entries.is_empty() {
        return String::new();
    }
    let mut groups: BTreeMap<(&str, &str), (u64, u64)> = BTreeMap::new();
    let mut reasons: BTreeMap<(&str, &str), (u64, &str)> = BTreeMap::new();
    for policy in entries.iter().flat_map(|entry| &entry.report.policies) {
        let domain = policy.policy_domain.as_deref().unwrap_or(words.unnamed);
        let sum = groups.entry((domain, policy.policy_type.unwrap_or_default())).or_default();
        sum.0 = sum.0.saturating_add(policy.success.unwrap_or_default());
        sum.1 = sum.1.saturating_add(policy.failure.unwrap_or_default());
        for failure in &policy.failures {
            let word = failure.result_type_raw.as_deref().or(failure.result_type).unwrap_or_default();
            let host = failure.receiving_host.as_deref().unwrap_or_default();
            let sum = reasons.entry((word, host)).or_insert((0, domain));
            sum.0 = sum.0.saturating_add(failure.sessions.unwrap_or_default());
        }
    }
    let count = |count: u64| number(count, texts.thousands);
    let mut all: Vec<_> = groups.into_iter().collect();
    all.sort_by_key(|(_, (_, failed))| std::cmp::Reverse(*failed));
    let mut rows = Rows::new(
        paint,
        &[
            (words.domain, Column::Text),
            (words.policy, Column::Text),
            (words.succeeded, Column::Number),
            (words.failed, Column::Number),
        ],
    );
    for ((domain, policy), (succeeded, failed)) in all.iter().take(ROWS) {
        let tone = if *failed > 0 { Tone::Care } else { Tone::Plain };
        rows.row([
            (*domain, Tone::Plain),
            (*policy, Tone::Plain),
            (count(*succeeded).as_str(), Tone::Plain),
            (count(*failed).as_str(), tone),
        ]);
    }
    let heading = paint.paint(Paint::HEADING, words.tls_reports);
    let mut text = format!("\n{heading}\n{}{}", rows.text(), sources::more(all.len(), ROWS, texts));
    if !reasons.is_empty() {
        let mut all: Vec<_> = reasons.into_iter().collect();
        all.sort_by_key(|(_, (sessions, _))| std::cmp::Reverse(*sessions));
        let mut rows = Rows::new(
            paint,
            &[
                (words.reason, Column::Text),
                (words.domain, Column::Text),
                (words.host, Column::Text),
                (words.sessions, Column::Number),
            ],
        );
        for ((reason, host), (sessions, domain)) in all.iter().take(ROWS) {
            rows.row([
                (*reason, Tone::Plain),
                (*domain, Tone::Plain),
                (*host, Tone::Plain),
                (count(*sessions).as_str(), Tone::Care),
            ]);
        }
        text.push_str(&format!("\n{}{}", rows.text(), sources::more(all.len(), ROWS, texts)));
    }
    text
}
