//! What each reporter's reports are like: the schema, what was found in them, how many are whole.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use dmarc_core::diagnostics::Severity;
use dmarc_core::report::batch::{BatchView, EntryView};
use serde::Serialize;

use crate::output::Paint;
use crate::table::{Column, Rows, Tone, number, share};
use crate::texts::Texts;

/// Kinds of findings that are named per reporter; all are in the JSON.
const KINDS: usize = 5;

/// All reporters, the one with most messages first.
#[derive(Debug, Serialize)]
pub(super) struct Board {
    schema: &'static str,
    reporters: Vec<Reporter>,
}

/// One reporter. Reports that were seen before do not count.
#[derive(Debug, Serialize)]
struct Reporter {
    /// Its name, or else its address; null if its reports have neither.
    reporter: Option<String>,
    reports: u64,
    messages: u64,
    /// Reports per schema.
    schemas: BTreeMap<&'static str, u64>,
    /// Reports that were read to their end.
    complete: u64,
    /// Their share, from 0 to 1.
    complete_share: f64,
    /// Reports that are as the schema of their edition has it.
    conforming: u64,
    /// Their share, from 0 to 1.
    conforming_share: f64,
    /// Reports in which nothing was found.
    clean: u64,
    /// What was found, the most frequent first.
    findings: Vec<Kind>,
}

/// What was found under one code.
#[derive(Debug, Serialize)]
struct Kind {
    code: &'static str,
    severity: Severity,
    count: u64,
    /// In how many reports.
    reports: u64,
}

impl Board {
    /// The board of a batch.
    pub(super) fn new(view: &BatchView) -> Self {
        let mut groups: BTreeMap<Option<&str>, Vec<&EntryView>> = BTreeMap::new();
        for entry in view.reports.iter().filter(|entry| entry.counts()) {
            groups.entry(entry.org_name.as_deref().or(entry.email.as_deref())).or_default().push(entry);
        }
        let mut reporters: Vec<Reporter> =
            groups.into_iter().map(|(name, entries)| Reporter::new(name, &entries)).collect();
        reporters.sort_by_key(|reporter| Reverse(reporter.messages));
        Self { schema: "dmarc-check/reporters/1", reporters }
    }

    /// The board as a person reads it.
    pub(super) fn text(&self, texts: &Texts, paint: Paint) -> String {
        let words = &texts.tables;
        if self.reporters.is_empty() {
            return format!("{}\n", words.no_reports);
        }
        let mut rows = Rows::new(
            paint,
            &[
                (texts.reports.reporter, Column::Text),
                (texts.reports.reports, Column::Number),
                (texts.reports.messages, Column::Number),
                (words.schema, Column::Text),
                (words.whole, Column::Number),
                (words.conforms, Column::Number),
                (words.found, Column::Text),
                (texts.reports.count, Column::Number),
            ],
        );
        for reporter in &self.reporters {
            let count = |count: u64| number(count, texts.thousands);
            let whole = if reporter.complete == reporter.reports { Tone::Good } else { Tone::Bad };
            let mut found = reporter.found(texts).into_iter();
            let (first, times, tone) =
                found.next().unwrap_or((words.nothing_found.to_owned(), String::new(), Tone::Good));
            rows.row([
                (reporter.reporter.as_deref().unwrap_or(texts.reports.unnamed), Tone::Plain),
                (count(reporter.reports).as_str(), Tone::Plain),
                (count(reporter.messages).as_str(), Tone::Plain),
                (reporter.schemas(texts).as_str(), Tone::Plain),
                (share(reporter.complete, reporter.reports).as_str(), whole),
                (share(reporter.conforming, reporter.reports).as_str(), Tone::Plain),
                (first.as_str(), tone),
                (times.as_str(), Tone::Plain),
            ]);
            for (code, times, tone) in found {
                let nothing = ("", Tone::Plain);
                let found = [(code.as_str(), tone), (times.as_str(), Tone::Plain)];
                rows.row([nothing; 6].into_iter().chain(found));
            }
        }
        format!("{}\n{}", paint.paint(Paint::HEADING, texts.reports.reporters), rows.text())
    }
}

impl Reporter {
    fn new(name: Option<&str>, entries: &[&EntryView]) -> Self {
        let mut schemas = BTreeMap::new();
        let mut kinds: BTreeMap<&'static str, Kind> = BTreeMap::new();
        for entry in entries {
            *schemas.entry(entry.schema.as_str()).or_default() += 1;
            for found in &entry.findings {
                let kind = kinds.entry(found.code).or_insert(Kind {
                    code: found.code,
                    severity: found.severity,
                    count: 0,
                    reports: 0,
                });
                kind.count = kind.count.saturating_add(found.count);
                kind.reports += 1;
            }
        }
        let mut findings: Vec<Kind> = kinds.into_values().collect();
        findings.sort_by_key(|kind| Reverse(kind.count));
        let count =
            |counts: fn(&EntryView) -> bool| entries.iter().filter(|entry| counts(entry)).count() as u64;
        let complete = count(|entry| entry.complete);
        let conforming = count(|entry| entry.conformance.as_ref().is_some_and(|found| found.conforms));
        let messages = entries.iter().fold(0_u64, |sum, entry| sum.saturating_add(entry.messages));
        Self {
            reporter: name.map(str::to_owned),
            reports: entries.len() as u64,
            messages,
            schemas,
            complete,
            complete_share: complete as f64 / entries.len() as f64,
            conforming,
            conforming_share: conforming as f64 / entries.len() as f64,
            clean: count(|entry| entry.findings.is_empty()),
            findings,
        }
    }

    /// The schemas, with the number of reports where there are several.
    fn schemas(&self, texts: &Texts) -> String {
        let several = self.schemas.len() > 1;
        let one = |(schema, count): (&&str, &u64)| {
            if several {
                format!("{schema} ({})", number(*count, texts.thousands))
            } else {
                (*schema).to_owned()
            }
        };
        self.schemas.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    /// The most frequent findings, how often, and how they read.
    fn found(&self, texts: &Texts) -> Vec<(String, String, Tone)> {
        let one = |kind: &Kind| {
            let tone = texts.severity(Some(kind.severity)).1;
            (kind.code.to_owned(), number(kind.count, texts.thousands), tone)
        };
        let mut lines: Vec<_> = self.findings.iter().take(KINDS).map(one).collect();
        if let Some(more) = self.findings.len().checked_sub(KINDS).filter(|more| *more > 0) {
            lines.push(((texts.tables.more_found)(more), String::new(), Tone::Aside));
        }
        lines
    }
}
