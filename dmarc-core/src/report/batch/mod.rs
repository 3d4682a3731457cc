//! Many inputs at once: reports, what was refused, and totals that add up.
//!
//! Messages in = messages out + messages refused. What goes in is counted by a scan of the decoded
//! text that shares no code with the reader; what comes out are the records that were read whole.
//! One bad input never stops the others.
//!
//! ```
//! use dmarc_core::limits::Limits;
//! use dmarc_core::report::batch::{self, Input};
//!
//! let xml = b"<feedback><record><row><count>3</count></row></record></feedback>";
//! let batch = batch::read([Input::new("report.xml", xml)], &Limits::default());
//! assert_eq!(batch.totals.messages_out, 3);
//! ```

mod apart;
mod collect;
mod entry;
mod file_name;
mod key;
mod kinds;
mod octets;
mod pieces;
mod reading;
mod seen;
mod signers;
mod sources;
mod tables;
mod tallies;
mod view;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::assessment::rehearsal::Rows;
use crate::diagnostics::{Diagnostic, Rule};
use crate::limits::Limits;
use crate::report::aggregate::{Found, Head, Record};
use crate::report::container;
use crate::report::failure::Privacy;
use crate::streams::Traces;

pub use apart::{Apart, Part};
pub use collect::{Collector, Keep, Sink};
pub use entry::{Entry, PlacedExtension, Recomputed};
pub use kinds::{Answer, FailureEntry, Placed, TlsEntry};
pub use pieces::Pieces;
pub(crate) use signers::ReportSigners;
pub use signers::{Signer, Signers};
pub use sources::{Outcomes, Source, SourceView, Sources};
pub(crate) use sources::{digest, normalized};
pub use tables::{DkimRow, ExtensionRow, FindingRow, ReasonRow, ReportRow, SpfRow, TablesView};
pub use tallies::Tallies;
pub use view::{
    AnswerView, BatchView, EntryView, FindingView, FoundView, PairView, PolicyView, RefusedView, SkippedView,
};

/// One input: its name, which is shown and never looked at, and its octets.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    path: String,
    octets: Result<Cow<'a, [u8]>, String>,
}

impl<'a> Input<'a> {
    /// An input from octets that the caller keeps or gives away.
    pub fn new(path: impl Into<String>, octets: impl Into<Cow<'a, [u8]>>) -> Self {
        Self { path: path.into(), octets: Ok(octets.into()) }
    }

    /// An input whose octets could not be had, and why.
    pub fn unreadable(path: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { path: path.into(), octets: Err(detail.into()) }
    }
}

/// Something that was not read, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// The input.
    pub path: String,
    /// Where in the input; empty for the input itself.
    pub container_path: String,
    /// Why.
    pub found: Diagnostic,
}

/// A member of a container that is no report.
#[derive(Clone, Debug, PartialEq)]
pub struct Skipped {
    /// The input.
    pub path: String,
    /// Where in the input.
    pub container_path: String,
    /// Why.
    pub rule: &'static Rule,
}

/// Sums over all inputs; each stops at 2⁶⁴−1.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Totals {
    /// Inputs given.
    pub inputs: u64,
    /// Inputs of which no report was read.
    pub inputs_refused: u64,
    /// Inputs of which something was read and something may be missing.
    pub inputs_incomplete: u64,
    /// Inputs and parts of inputs that were refused; [`Batch::refused`] lists the first 20,000 of each input.
    pub refused: u64,
    /// Members of containers that are no reports; [`Batch::skipped`] lists the first 20,000 of each input.
    pub skipped: u64,
    /// Aggregate reports read, whole or in part.
    pub reports: u64,
    /// Records that begin, by the scan.
    pub records_in: u64,
    /// Records read whole.
    pub records: u64,
    /// Records that begin and have no readable count, by the scan.
    pub records_uncounted: u64,
    /// Messages by the scan.
    pub messages_in: u64,
    /// Messages of the records read whole.
    pub messages_out: u64,
    /// Messages by the scan that no record has.
    pub messages_refused: u64,
    /// Messages of reports that were seen before; they are in `messages_out` as well.
    pub messages_duplicate: u64,
    /// Messages of reports with the identifiers of one before and other content; they are in `messages_out` as well,
    /// and in no other sum.
    pub messages_conflicting: u64,
    /// Messages of reports whose records were read before, about part of the same period and under another identifier;
    /// they are in `messages_out` as well, and in no other sum.
    pub messages_resent: u64,
    /// Messages of reports that share part of their period with one before, with other records; they count everywhere.
    pub messages_overlapping: u64,
    /// Failure reports read.
    pub failure_reports: u64,
    /// Reports on TLS read, whole or in part.
    pub tls_reports: u64,
    /// Sessions in the totals of reports on TLS, by a scan of the text.
    pub sessions_in: u64,
    /// Sessions of the policies that were read.
    pub sessions_out: u64,
    /// Sessions by the scan that no policy has.
    pub sessions_refused: u64,
    /// Sessions among `sessions_out` that failed.
    pub sessions_failed: u64,
    /// Sessions of reports that were seen before; they are in `sessions_out` as well.
    pub sessions_duplicate: u64,
}

/// What was read from all inputs.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Batch {
    /// Aggregate reports, in the order of the inputs.
    pub reports: Vec<Entry>,
    /// Failure reports, in the order of the inputs.
    pub failure_reports: Vec<FailureEntry>,
    /// Reports on TLS, in the order of the inputs.
    pub tls_reports: Vec<TlsEntry>,
    /// What was not read.
    pub refused: Vec<Refused>,
    /// Members of containers that are no reports.
    pub skipped: Vec<Skipped>,
    /// Sums over all inputs.
    pub totals: Totals,
    /// Who sent, over all reports but duplicates and conflicts.
    pub sources: Sources,
    /// Which DKIM keys signed, over the same reports.
    pub signers: Signers,
    /// Records that look alike, over all reports but duplicates: what streams are told apart by.
    pub traces: Traces,
    /// The rows that a change of records is rehearsed on, over the same reports; `None` unless the collector
    /// [gathers them](Collector::with_rows) and there was a report.
    pub rows: Option<Rows>,
    /// How often each rule was found in reports.
    pub findings: BTreeMap<&'static str, Found>,
}

impl Batch {
    /// Every record that was kept, with its report.
    pub fn records(&self) -> impl Iterator<Item = (&Entry, &Record)> {
        self.reports.iter().flat_map(|entry| entry.kept.iter().map(move |record| (entry, record)))
    }

    /// Every finding that was kept, with its report: those of aggregate reports first, then those of failure
    /// reports, then those of reports on TLS.
    pub fn findings(&self) -> impl Iterator<Item = Placed<'_>> {
        let aggregate = self.reports.iter().flat_map(Entry::placed);
        let failure = self.failure_reports.iter().flat_map(Answer::placed);
        aggregate.chain(failure).chain(self.tls_reports.iter().flat_map(Answer::placed))
    }
}

/// Whether an input that begins like this is a mailbox, which is read mail by mail whatever its size.
#[must_use]
pub fn is_mailbox(head: &[u8]) -> bool {
    container::is_mailbox(head)
}

/// Reads any number of inputs and keeps all records.
pub fn read<'a>(inputs: impl IntoIterator<Item = Input<'a>>, limits: &Limits) -> Batch {
    read_with(inputs, limits, Privacy::Keep)
}

/// Reads any number of inputs and keeps all records; local-parts and subjects of failure reports as told.
pub fn read_with<'a>(
    inputs: impl IntoIterator<Item = Input<'a>>,
    limits: &Limits,
    privacy: Privacy,
) -> Batch {
    collect(inputs, Collector::new(limits, Keep::Records).with_privacy(privacy))
}

/// Reads any number of inputs into a collector, as that was told.
pub fn collect<'a>(inputs: impl IntoIterator<Item = Input<'a>>, mut collector: Collector) -> Batch {
    for input in inputs {
        match input.octets {
            Ok(octets) => {
                collector.feed(input.path, &octets);
            }
            Err(detail) => collector.unreadable(input.path, &detail),
        }
    }
    collector.finish()
}

/// Takes records as they are read, before it is known whether their report is whole.
impl Sink for () {
    fn record(&mut self, _: &Head, _: &Record) {}

    fn report(&mut self, _: &Entry) {}
}
