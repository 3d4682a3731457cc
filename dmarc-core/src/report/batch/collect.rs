//! The collector: one input at a time, whose octets can be dropped afterwards.

use std::io::BufRead;

use super::apart::{self, Apart, Known, Part};
use super::entry::Entry;
use super::reading::add;
use super::seen::Seen;
use super::{Batch, Refused};
use crate::limits::Limits;
use crate::report::aggregate::{self, Head, Organizations, Record};
use crate::report::failure::Privacy;

/// What a collector keeps of each report, beside its sums.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Ord, PartialOrd)]
pub enum Keep {
    /// The sums alone; findings are counted.
    Sums,
    /// The findings as well, a bounded number of each report.
    #[default]
    Findings,
    /// The records as well.
    Records,
}

/// Takes reports as they are read, so that a table can be built without keeping records.
pub trait Sink {
    /// What streams know the record by that is handed on next, for whoever wants to look it up later.
    fn look(&mut self, _look: &str) {}

    /// One record. Its report may turn out to be incomplete; `head` is what is known so far.
    fn record(&mut self, head: &Head, record: &Record);

    /// The same record, where nobody else needs it any more.
    fn take(&mut self, head: &Head, record: Record) {
        self.record(head, &record);
    }

    /// The records of the report under way are all there: those that come are of the next one. Its end is told
    /// once everything about its document is known.
    fn last(&mut self) {}

    /// The end of a report, after its records.
    fn report(&mut self, entry: &Entry);
}

/// Collects reports from inputs, one at a time.
#[derive(Clone, Debug)]
pub struct Collector {
    apart: Apart,
    batch: Batch,
    seen: Seen,
}

impl Collector {
    /// A collector without inputs.
    #[must_use]
    pub fn new(limits: &Limits, keep: Keep) -> Self {
        Self {
            apart: Apart {
                limits: limits.clone(),
                keep,
                privacy: Privacy::Keep,
                organizations: Organizations::default(),
                digests: false,
                rows: false,
            },
            batch: Batch::default(),
            seen: Seen::default(),
        }
    }

    /// What becomes of local-parts and subjects in failure reports that are read from now on.
    #[must_use]
    pub fn with_privacy(mut self, privacy: Privacy) -> Self {
        self.apart.privacy = privacy;
        self
    }

    /// What is known of organizational domains, for the alignment of inputs that are read from now on.
    #[must_use]
    pub fn with_organizations(mut self, organizations: Organizations) -> Self {
        self.apart.organizations = organizations;
        self
    }

    /// Whether [`Entry::xml_digest`] is worked out for inputs that are read from now on. It takes a digest over each
    /// octet of a document, and is not done unless it is asked for.
    #[must_use]
    pub const fn with_digests(mut self, digests: bool) -> Self {
        self.apart.digests = digests;
        self
    }

    /// Whether [`Batch::rows`] are gathered of inputs that are read from now on. It takes memory for each row that
    /// looks different, and is not done unless it is asked for.
    #[must_use]
    pub const fn with_rows(mut self, rows: bool) -> Self {
        self.apart.rows = rows;
        self
    }

    /// Reads one input; gives the reports that it holds.
    pub fn feed(&mut self, path: impl Into<String>, octets: &[u8]) -> &[Entry] {
        self.feed_into(path, octets, &mut ())
    }

    /// Reads one input, and hands each record on as it is read.
    pub fn feed_into(&mut self, path: impl Into<String>, octets: &[u8], sink: &mut dyn Sink) -> &[Entry] {
        let before = self.batch.reports.len();
        let known = Known::Here(&mut self.seen);
        self.apart.read_into(path.into(), octets, sink, &mut self.batch, known);
        self.batch.reports.get(before..).unwrap_or_default()
    }

    /// Reads one input from a stream, and hands each record on as it is read; gives the reports that it holds. Of a
    /// mailbox no more than one mail is held, see [`Apart::pieces`].
    pub fn feed_from(
        &mut self,
        path: impl Into<String>,
        input: impl BufRead,
        sink: &mut dyn Sink,
    ) -> &[Entry] {
        let before = self.batch.reports.len();
        let mut pieces = self.apart.pieces(path, input);
        while let Some(part) = pieces.next(sink) {
            apart::collect(&mut self.batch, &mut self.seen, part, &self.apart.limits);
        }
        self.batch.reports.get(before..).unwrap_or_default()
    }

    /// What reads inputs for this collector, in other threads for example; see [`Self::collect`].
    #[must_use]
    pub fn apart(&self) -> Apart {
        self.apart.clone()
    }

    /// Collects an input that was read apart; gives the reports that it holds. Inputs collected in their
    /// order come to the same as inputs fed in their order.
    pub fn collect(&mut self, part: Part) -> &[Entry] {
        let before = self.batch.reports.len();
        apart::collect(&mut self.batch, &mut self.seen, part, &self.apart.limits);
        self.batch.reports.get(before..).unwrap_or_default()
    }

    /// Notes an input whose octets could not be had, such as an unreadable file.
    pub fn unreadable(&mut self, path: impl Into<String>, detail: &str) {
        self.batch.totals.inputs += 1;
        self.batch.totals.inputs_refused += 1;
        add(&mut self.batch.totals.refused, 1);
        self.batch.refused.push(Refused {
            path: path.into(),
            container_path: String::new(),
            found: aggregate::rules::UNREADABLE.anywhere().arg("detail", detail),
        });
    }

    /// What was collected so far.
    #[must_use]
    pub const fn batch(&self) -> &Batch {
        &self.batch
    }

    /// What was collected.
    #[must_use]
    pub fn finish(self) -> Batch {
        self.batch
    }
}
