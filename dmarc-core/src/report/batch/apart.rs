//! Inputs read apart from each other, several at once if need be, and collected in their order.
//!
//! What depends on other inputs (whether a report was seen before, and so whether its sources count) is
//! settled when the input is collected. The batch is then the same as if each had been fed in turn.

use std::io::BufRead;

use super::collect::{Keep, Sink};
use super::key::Records;
use super::pieces::{OpenMailbox, Pieces};
use super::reading::{Reading, add};
use super::seen::Seen;
use super::signers::ReportSigners;
use super::sources::{Key, Source};
use super::{Batch, Entry, Totals};
use crate::assessment::rehearsal::ReportRows;
use crate::limits::Limits;
use crate::report::aggregate::{Found, Organizations};
use crate::report::container::{self, Walk};
use crate::report::failure::Privacy;
use crate::streams::ReportTraces;

/// Reads inputs for a [`Collector`](super::Collector), without looking at what it has; can be shared by threads.
#[derive(Clone, Debug)]
pub struct Apart {
    pub(super) limits: Limits,
    pub(super) keep: Keep,
    pub(super) privacy: Privacy,
    pub(super) organizations: Organizations,
    pub(super) digests: bool,
    pub(super) rows: bool,
}

/// One input that was read, to be collected with [`Collector::collect`](super::Collector::collect).
#[derive(Debug, Default)]
pub struct Part {
    pub(super) batch: Batch,
    pub(super) sums: Vec<Sums>,
}

/// Who sent and signed, by one aggregate report.
#[derive(Debug)]
pub(super) struct Sums {
    /// What its records say.
    pub(super) records: Option<Records>,
    pub(super) sources: Vec<(Key, Source)>,
    pub(super) signers: ReportSigners,
    pub(super) traces: ReportTraces,
    pub(super) rows: Option<Box<ReportRows>>,
}

/// Where it is known which reports were read before.
pub(super) enum Known<'a> {
    /// Here.
    Here(&'a mut Seen),
    /// By the one who collects: the sums wait for that, a pair for each aggregate report.
    Later(&'a mut Vec<Sums>),
}

impl Apart {
    /// Reads one input, and hands each record on as it is read. The entries that the sink gets do not say yet
    /// whether they are duplicates.
    #[must_use]
    pub fn read(&self, path: impl Into<String>, octets: &[u8], sink: &mut dyn Sink) -> Part {
        let mut part = Part::default();
        self.read_into(path.into(), octets, sink, &mut part.batch, Known::Later(&mut part.sums));
        part
    }

    /// Reads one input from a stream. A mailbox comes in pieces of some mails each, so that neither it nor its rows are
    /// held as a whole; any other input is one piece.
    ///
    /// ```
    /// use dmarc_core::limits::Limits;
    /// use dmarc_core::report::batch::{Collector, Keep};
    ///
    /// let mailbox = b"From a@example.com Thu Feb 29 12:00:00 2024\n\n<feedback><record><row><count>3</count></row></record></feedback>\n";
    /// let mut collector = Collector::new(&Limits::default(), Keep::Sums);
    /// let apart = collector.apart();
    /// let mut pieces = apart.pieces("reports.mbox", &mailbox[..]);
    /// while let Some(part) = pieces.next(&mut ()) {
    ///     collector.collect(part);
    /// }
    /// assert_eq!(collector.finish().totals.messages_out, 3);
    /// ```
    #[must_use]
    pub fn pieces<R: BufRead>(&self, path: impl Into<String>, input: R) -> Pieces<'_, R> {
        Pieces::new(self, path.into(), input)
    }

    pub(super) fn read_into(
        &self,
        path: String,
        octets: &[u8],
        sink: &mut dyn Sink,
        batch: &mut Batch,
        known: Known<'_>,
    ) {
        let mut reading = Reading::new(self, path, sink, batch, known);
        if container::is_mailbox(octets) {
            let mut mailbox = OpenMailbox::new(octets, &self.limits);
            while !mailbox.read_some(&mut reading) {}
        } else {
            let walk = Walk::new(octets, &self.limits);
            walk.input(octets, &mut reading);
        }
        reading.finish();
    }
}

/// Settles whether a report counts, and adds up who sent and signed if so.
pub(super) fn settle(batch: &mut Batch, seen: &mut Seen, entry: &mut Entry, sums: Sums, limits: &Limits) {
    if seen.settle(batch, entry, sums.records) {
        batch.sources.take(&entry.head, sums.sources);
        batch.traces.take(entry, sums.traces, &sums.signers, limits.traces);
        batch.signers.take(&entry.head, sums.signers);
        if let Some(rows) = sums.rows {
            batch.rows.get_or_insert_default().take(&entry.head, *rows);
        }
    }
}

/// Adds a part behind what a batch has.
pub(super) fn collect(batch: &mut Batch, seen: &mut Seen, part: Part, limits: &Limits) {
    let Part { batch: more, sums } = part;
    batch.totals.absorb(&more.totals);
    for (mut entry, sums) in more.reports.into_iter().zip(sums) {
        settle(batch, seen, &mut entry, sums, limits);
        batch.reports.push(entry);
    }
    for mut answer in more.failure_reports {
        answer.settle(&mut seen.keys);
        batch.failure_reports.push(answer);
    }
    for mut answer in more.tls_reports {
        answer.settle(&mut seen.keys);
        if answer.duplicate_of.is_some() {
            let report = &answer.report;
            let sessions = report.successful_sessions().saturating_add(report.failed_sessions());
            add(&mut batch.totals.sessions_duplicate, sessions);
        }
        batch.tls_reports.push(answer);
    }
    batch.refused.extend(more.refused);
    batch.skipped.extend(more.skipped);
    for (code, found) in more.findings {
        let sum = batch.findings.entry(code).or_insert(Found { count: 0, ..found });
        add(&mut sum.count, found.count);
    }
}

impl Totals {
    /// Adds the sums of one more input. Duplicates are counted when they are known.
    fn absorb(&mut self, more: &Self) {
        for (sum, more) in [
            (&mut self.inputs, more.inputs),
            (&mut self.inputs_refused, more.inputs_refused),
            (&mut self.inputs_incomplete, more.inputs_incomplete),
            (&mut self.refused, more.refused),
            (&mut self.skipped, more.skipped),
            (&mut self.reports, more.reports),
            (&mut self.records_in, more.records_in),
            (&mut self.records, more.records),
            (&mut self.records_uncounted, more.records_uncounted),
            (&mut self.messages_in, more.messages_in),
            (&mut self.messages_out, more.messages_out),
            (&mut self.failure_reports, more.failure_reports),
            (&mut self.tls_reports, more.tls_reports),
            (&mut self.sessions_in, more.sessions_in),
            (&mut self.sessions_out, more.sessions_out),
            (&mut self.sessions_failed, more.sessions_failed),
        ] {
            add(sum, more);
        }
        self.refused();
    }

    /// What the scans counted and nothing read has.
    pub(super) fn refused(&mut self) {
        self.messages_refused = self.messages_in.saturating_sub(self.messages_out);
        self.sessions_refused = self.sessions_in.saturating_sub(self.sessions_out);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Collector;
    use super::*;
    use crate::diagnostics::{Catalog, Language};

    fn report(id: u32, count: u32) -> Vec<u8> {
        let record = "<record><row><source_ip>192.0.2.1</source_ip><count>COUNT</count><policy_evaluated><dkim>pass</dkim>\
             </policy_evaluated></row><identifiers><header_from>a.example</header_from></identifiers><auth_results><dkim>\
             <domain>example.com</domain><selector>s</selector></dkim></auth_results></record>";
        let record = record.replace("COUNT", &count.to_string());
        format!(
            "<feedback><report_metadata><report_id>{id}</report_id></report_metadata><policy_published>\
             <domain>example.com</domain></policy_published>{record}<record><row><count>x</count></row></record></feedback>"
        )
        .into_bytes()
    }

    #[test]
    fn inputs_read_apart_and_collected_are_what_they_are_if_fed() {
        let tls =
            br#"{"organization-name": "a", "report-id": "1", "policies": [{"policy": {"policy-type": "sts",
            "policy-domain": "a.example"}, "summary": {"total-successful-session-count": 5,
            "total-failure-session-count": 2}}]}"#;
        let failure = b"Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\
            Content-Type: message/feedback-report\n\nFeedback-Type: auth-failure\n--b--\n";
        let two = [report(1, 3), report(4, 9), report(4, 9)].concat();
        let inputs: Vec<Vec<u8>> = vec![
            report(1, 3),
            two,
            report(1, 3),
            b"<html/>".to_vec(),
            tls.to_vec(),
            failure.to_vec(),
            report(5, 1)[..200].to_vec(),
            tls.to_vec(),
            failure.to_vec(),
            report(4, 9),
        ];
        let limits = Limits { findings: 1, ..Limits::default() };
        let collector = || Collector::new(&limits, Keep::Records).with_rows(true);
        let (mut fed, mut collected) = (collector(), collector());
        let apart = collected.apart();
        let parts: Vec<Part> = inputs.iter().rev().map(|octets| apart.read("x", octets, &mut ())).collect();
        for (octets, part) in inputs.iter().zip(parts.into_iter().rev()) {
            fed.feed("x", octets);
            collected.collect(part);
        }
        let (fed, collected) = (fed.finish(), collected.finish());
        let totals = fed.totals;
        assert!(
            totals.messages_duplicate > 0 && totals.sessions_duplicate == 7 && totals.inputs_refused == 1
        );
        assert!(fed.failure_reports[1].duplicate_of.is_some());
        let catalog = Catalog::embedded(Language::En);
        assert_eq!(collected.view(&catalog), fed.view(&catalog));
        assert_eq!(collected.signers, fed.signers);
        assert_eq!(collected.traces, fed.traces);
        assert!(fed.rows.is_some() && collected.rows == fed.rows);
        assert_eq!(collected.reports, fed.reports);
        assert_eq!(collected.findings, fed.findings);
    }
}
