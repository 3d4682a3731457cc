//! What the reader gives.

use super::conformance::Conformance;
use super::findings::Findings;
use super::model::{Head, Record};
use crate::diagnostics::{Diagnostic, Rule};

/// What the reader comes across, in document order.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Item {
    /// One whole record.
    Record(Record),
    /// The end of a report, after its records.
    Report(Box<Summary>),
    /// The input is no report, for this reason.
    Refused(Diagnostic),
}

/// A report without its records.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Summary {
    /// Metadata and policy.
    pub head: Head,
    /// Whether the report was read to its end.
    pub complete: bool,
    /// Records that were read whole.
    pub records: u64,
    /// What was found.
    pub findings: Findings,
    /// What it breaks of its schema.
    pub(super) broken: Vec<(&'static Rule, &'static str)>,
}

impl Summary {
    /// Whether the report is as the schema of its edition has it.
    #[must_use]
    pub fn conformance(&self) -> Conformance {
        Conformance::new(self.head.schema, self.complete, &self.broken, &self.findings)
    }
}
