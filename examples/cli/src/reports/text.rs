//! A batch of reports as a person reads it.

use std::collections::BTreeMap;

use dmarc_core::diagnostics::escape;
use dmarc_core::report::batch::{BatchView, EntryView};

use super::kinds;
use crate::output::Paint;
use crate::table::{Column, Rows, Tone, day, number};
use crate::texts::Texts;
use crate::{sources, streams};

/// Most rows of a table of reporters.
const REPORTERS: usize = 20;
/// Most refused inputs that are written out.
const REFUSED: usize = 40;

/// A part of a sum, and how it is told.
type Part = (u64, fn(&str) -> String);

/// Totals, reporters, sources, what was refused and what was found.
pub(crate) fn of(view: &BatchView, texts: &Texts, paint: Paint, details: bool) -> String {
    let mut text = totals(view, texts, paint);
    if !view.reports.is_empty() {
        text.push_str(&reporters(view, texts, paint));
    }
    text.push_str(&streams::table(&view.streams, texts, paint, details));
    text.push_str(&streams::changes(&view.changes, texts, paint));
    if !view.sources.is_empty() {
        text.push_str(&format!("\n{}\n", paint.paint(Paint::HEADING, texts.reports.sources)));
        text.push_str(&sources::tables(&view.sources, texts, paint));
    }
    text.push_str(&kinds::failures(view, texts, paint));
    text.push_str(&kinds::sessions(view, texts, paint));
    text.push_str(&refused(view, texts, paint));
    text.push_str(&findings(view, texts, paint));
    text
}

fn totals(view: &BatchView, texts: &Texts, paint: Paint) -> String {
    let words = &texts.reports;
    let totals = &view.totals;
    let count = |count: u64| number(count, texts.thousands);
    let of_a_kind = view.reports.iter().filter(|entry| entry.duplicate_of.is_some()).count() as u64;
    let duplicates = of_a_kind + kinds::duplicates(view);
    let all = totals.reports + totals.failure_reports + totals.tls_reports;
    let period = period(view.reports.iter());
    let mut text = String::new();
    text.push_str(&paint.paint(Paint::HEADING, &(words.headline)(&count(all - duplicates))));
    if let Some((begin, end)) = period {
        text.push_str(&format!(", {}", (words.period)(&begin, &end)));
    }
    text.push_str("\n\n");
    let mut rows = Rows::new(
        paint,
        &[(words.what, Column::Text), (words.count, Column::Number), (words.of_which, Column::Text)],
    );
    let notes = |parts: &[Part]| {
        let parts: Vec<String> =
            parts.iter().filter(|(part, _)| *part > 0).map(|(part, say)| say(&count(*part))).collect();
        parts.join(", ")
    };
    let lines = [
        (
            words.inputs,
            totals.inputs,
            notes(&[
                (totals.inputs_refused, words.refused_part),
                (totals.inputs_incomplete, words.incomplete_part),
                (view.skipped.len() as u64, words.skipped_part),
            ]),
        ),
        (
            words.reports,
            totals.reports,
            notes(&[
                (of_a_kind, words.duplicate_part),
                (view.conflicts.len() as u64, words.conflict_part),
                (view.resent.len() as u64, words.resent_part),
                (view.overlaps.len() as u64, words.overlap_part),
            ]),
        ),
        (words.records, totals.records, notes(&[(totals.records_uncounted, words.uncounted_part)])),
        (
            words.messages,
            totals.messages_out,
            notes(&[
                (totals.messages_duplicate, words.duplicate_part),
                (totals.messages_conflicting, words.conflict_part),
                (totals.messages_resent, words.resent_part),
                (totals.messages_refused, words.lost_part),
            ]),
        ),
    ];
    let others = [
        (words.failure_reports, totals.failure_reports, String::new()),
        (words.tls_reports, totals.tls_reports, String::new()),
        (
            words.sessions,
            totals.sessions_out,
            notes(&[
                (totals.sessions_failed, words.failed_part),
                (totals.sessions_duplicate, words.duplicate_part),
                (totals.sessions_refused, words.lost_part),
            ]),
        ),
    ];
    let lines =
        lines.into_iter().chain(others.into_iter().filter(|(_, sum, _)| *sum > 0)).collect::<Vec<_>>();
    for (what, sum, note) in &lines {
        let tone = if note.is_empty() { Tone::Plain } else { Tone::Care };
        rows.row([(*what, Tone::Plain), (count(*sum).as_str(), Tone::Plain), (note.as_str(), tone)]);
    }
    text.push_str(&rows.text());
    text
}

/// First and last day of reports.
fn period<'a>(reports: impl Iterator<Item = &'a EntryView> + Clone) -> Option<(String, String)> {
    let begin = reports.clone().filter_map(|entry| entry.begin).min()?;
    let end = reports.filter_map(|entry| entry.end).max()?;
    // An end that is midnight belongs to the day before.
    Some((day(begin)?, day(end.saturating_sub(1))?))
}

/// Reports and messages per reporter, those with most messages first.
fn reporters(view: &BatchView, texts: &Texts, paint: Paint) -> String {
    let words = &texts.reports;
    let mut groups: BTreeMap<&str, Vec<&EntryView>> = BTreeMap::new();
    for entry in view.reports.iter().filter(|entry| entry.counts()) {
        let name = entry.org_name.as_deref().or(entry.email.as_deref()).unwrap_or(words.unnamed);
        groups.entry(name).or_default().push(entry);
    }
    let messages =
        |entries: &[&EntryView]| entries.iter().fold(0_u64, |sum, entry| sum.saturating_add(entry.messages));
    let mut groups: Vec<_> =
        groups.into_iter().map(|(name, group)| (messages(&group), name, group)).collect();
    groups.sort_by_key(|(messages, _, _)| std::cmp::Reverse(*messages));
    let mut rows = Rows::new(
        paint,
        &[
            (words.reporter, Column::Text),
            (words.reports, Column::Number),
            (words.messages, Column::Number),
            (words.first, Column::Text),
            (words.last, Column::Text),
        ],
    );
    for (messages, name, group) in groups.iter().take(REPORTERS) {
        let (first, last) = period(group.iter().copied()).unwrap_or_default();
        rows.row([
            (*name, Tone::Plain),
            (number(group.len() as u64, texts.thousands).as_str(), Tone::Plain),
            (number(*messages, texts.thousands).as_str(), Tone::Plain),
            (first.as_str(), Tone::Aside),
            (last.as_str(), Tone::Aside),
        ]);
    }
    let mut text = format!("\n{}\n{}", paint.paint(Paint::HEADING, words.reporters), rows.text());
    text.push_str(&sources::more(groups.len(), REPORTERS, texts));
    text
}

fn refused(view: &BatchView, texts: &Texts, paint: Paint) -> String {
    if view.refused.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n", paint.paint(Paint::HEADING, texts.reports.refused));
    for refused in view.refused.iter().take(REFUSED) {
        let label = paint.paint(Paint::BAD, refused.code);
        let place = escape(&super::place(refused), super::PATH);
        text.push_str(&format!("  {place}\n    {label}: {}\n", refused.message));
        if !refused.help.is_empty() {
            text.push_str(&format!("    {}\n", refused.help));
        }
    }
    text.push_str(&sources::more(view.refused.len(), REFUSED, texts));
    text
}

/// How often each rule was found, by severity.
fn findings(view: &BatchView, texts: &Texts, paint: Paint) -> String {
    if view.findings.is_empty() {
        return String::new();
    }
    let words = &texts.reports;
    let mut severities = BTreeMap::new();
    let others = view.failure_reports.iter().flat_map(|entry| &entry.findings);
    let others = others.chain(view.tls_reports.iter().flat_map(|entry| &entry.findings));
    for found in view.reports.iter().flat_map(|entry| &entry.findings).chain(others) {
        severities.insert(found.code, found.severity);
    }
    let mut found: Vec<_> = view.findings.iter().collect();
    found.sort_by_key(|(code, count)| {
        (std::cmp::Reverse(severities.get(**code).copied()), std::cmp::Reverse(**count))
    });
    let mut rows = Rows::new(
        paint,
        &[(words.severity, Column::Text), (words.count, Column::Number), (words.finding, Column::Text)],
    );
    for (code, count) in found {
        let severity = severities.get(code).copied();
        let (label, tone) = texts.severity(severity);
        rows.row([
            (label, tone),
            (number(*count, texts.thousands).as_str(), Tone::Plain),
            (*code, Tone::Plain),
        ]);
    }
    let heading = paint.paint(Paint::HEADING, words.findings);
    format!("\n{heading}\n{}\n  {}\n", rows.text(), words.findings_hint)
}
