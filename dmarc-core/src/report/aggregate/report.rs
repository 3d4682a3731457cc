//! Whole reports, collected from the reader.

use std::io::Read;

use super::conformance::Conformance;
use super::findings::Findings;
use super::item::{Item, Summary};
use super::model::{Head, Record};
use super::read::Reader;
use crate::diagnostics::Diagnostic;
use crate::limits::Limits;

/// A report with all its records.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// Metadata and policy.
    pub head: Head,
    /// Records that were read whole, in document order.
    pub records: Vec<Record>,
    /// Whether the report was read to its end.
    pub complete: bool,
    /// What was found.
    pub findings: Findings,
    /// Whether it is as the schema of its edition has it.
    pub conformance: Conformance,
}

/// What an input held.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// Its reports: mostly one.
    pub reports: Vec<Report>,
    /// Why it is no report.
    pub refused: Option<Diagnostic>,
}

impl Report {
    /// A report from its records and what came behind them.
    #[must_use]
    pub fn new(records: Vec<Record>, summary: Summary) -> Self {
        let conformance = summary.conformance();
        let Summary { head, complete, findings, .. } = summary;
        Self { head, records, complete, findings, conformance }
    }
}

/// Reads every report of an unpacked input.
pub fn read(input: impl Read, limits: &Limits) -> Outcome {
    let mut outcome = Outcome::default();
    let mut records = Vec::new();
    for item in Reader::new(input, limits) {
        match item {
            Item::Record(record) => records.push(record),
            Item::Report(summary) => {
                records.shrink_to_fit();
                if outcome.reports.is_empty() {
                    // Mostly there is one; a list would make room for four.
                    outcome.reports.reserve_exact(1);
                }
                outcome.reports.push(Report::new(std::mem::take(&mut records), *summary));
            }
            Item::Refused(found) => outcome.refused = Some(found),
        }
    }
    outcome
}
