//! The reading of one input: its documents, what is counted of each, and what becomes of the rest.

use std::io::Read;

use super::apart::{self, Apart, Known, Sums};
use super::collect::{Keep, Sink};
use super::entry::Entry;
use super::file_name;
use super::key::Key;
use super::octets::Passing;
use super::signers::ReportSigners;
use super::sources::{ReportSources, Room};
use super::{Batch, Refused, Skipped};
use crate::assessment::rehearsal::ReportRows;
use crate::diagnostics::{Diagnostic, Rule};
use crate::limits::Limits;
use crate::report::accounting::Tally;
use crate::report::aggregate::{self, Found, Item, Organizations, Reader, Summary, quote};
use crate::report::container::{self, Broken, Visitor, Walk};
use crate::report::failure::{Parts, Privacy};
use crate::report::tls;
use crate::streams::ReportTraces;

/// Findings kept of one input, so many times the limit per report.
const FINDINGS_PER_INPUT: usize = 10;
/// Things of one input that are listed which were refused, and as many that are no reports; all are counted. More than
/// one archive may have members.
const LISTED: u64 = 20_000;
/// Octets of a document that are looked at to tell its kind.
const HEAD: usize = 256;
/// Octets that one input may leave behind, over all its reports.
pub(super) const HELD: u64 = 16 << 20;

/// Octets that a mail of a mailbox may leave behind for each of its own, beyond that. Real mails leave one or two.
const LEFT_PER_OCTET: u64 = 8;

/// What is known of an input that is read piece by piece.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Progress {
    /// Reports of any kind.
    reports: u64,
    refused: u64,
    skipped: u64,
    incomplete: bool,
}

/// The reading of one input.
pub(super) struct Reading<'a> {
    pub(super) limits: Limits,
    keep: Keep,
    pub(super) privacy: &'a Privacy,
    organizations: &'a Organizations,
    digests: bool,
    rows: bool,
    pub(super) path: String,
    sink: &'a mut dyn Sink,
    pub(super) batch: &'a mut Batch,
    pub(super) known: Known<'a>,
    room: usize,
    pub(super) held: u64,
    sources: usize,
    progress: Progress,
}

/// The report that is being read.
struct Current {
    entry: Entry,
    key: Key,
    sources: ReportSources,
    signers: ReportSigners,
    traces: ReportTraces,
    rows: Option<Box<ReportRows>>,
    /// Whether sources were left out.
    crowded: bool,
    /// The first extension that was left out.
    left_out: Option<String>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        apart: &'a Apart,
        path: String,
        sink: &'a mut dyn Sink,
        batch: &'a mut Batch,
        known: Known<'a>,
    ) -> Self {
        let Apart { limits, keep, privacy, organizations, digests, rows } = apart;
        Self {
            limits: limits.clone(),
            keep: *keep,
            privacy,
            organizations,
            digests: *digests,
            rows: *rows,
            path,
            sink,
            batch,
            known,
            room: limits.findings.saturating_mul(FINDINGS_PER_INPUT),
            held: 0,
            sources: limits.sources,
            progress: Progress::default(),
        }
    }

    /// Goes on with an input of which some was read.
    pub(super) const fn resume(mut self, progress: Progress) -> Self {
        self.progress = progress;
        self
    }

    /// Whether the input has left behind as much as it may.
    pub(super) const fn is_full(&self) -> bool {
        self.held > HELD
    }

    /// Stops in the middle of an input.
    pub(super) fn pause(self) -> Progress {
        self.batch.totals.refused();
        self.progress
    }

    /// Notes a report.
    pub(super) const fn count(&mut self, complete: bool) {
        self.progress.reports += 1;
        self.progress.incomplete |= !complete;
    }

    fn current(&self, container_path: &str) -> Current {
        Current {
            entry: Entry::new(&self.path, container_path),
            key: Key::new(),
            sources: ReportSources::default(),
            signers: ReportSigners::default(),
            traces: ReportTraces::default(),
            rows: self.rows.then(Box::default),
            crowded: false,
            left_out: None,
        }
    }

    /// Findings that may still be kept of this input.
    pub(super) fn room(&self) -> usize {
        // Findings are built only where they can be kept.
        if self.keep == Keep::Sums { 0 } else { self.room }
    }

    /// Notes that findings were kept.
    pub(super) fn taken(&mut self, kept: usize) {
        self.room -= kept.min(self.room);
    }

    /// Notes what is no report.
    pub(super) fn refuse_or_skip(&mut self, path: &str, found: Diagnostic, member: bool) {
        if member && is_other_content(found.rule) {
            return self.skipped(path, found.rule);
        }
        self.refuse(path, found);
    }

    pub(super) fn refuse(&mut self, container_path: &str, found: Diagnostic) {
        self.progress.refused += 1;
        add(&mut self.batch.totals.refused, 1);
        if self.progress.refused > LISTED {
            return;
        }
        self.batch.refused.push(Refused {
            path: self.path.clone(),
            container_path: container_path.to_owned(),
            found,
        });
    }

    /// Takes the end of a report.
    fn complete(&mut self, current: Current, summary: Summary, notes: Vec<Diagnostic>, room: &mut u64) {
        let Current { mut entry, key, sources, signers, traces, rows, crowded, left_out } = current;
        entry.conformance = Some(summary.conformance());
        let Summary { head, complete, findings, .. } = summary;
        let records;
        (entry.report_key, records) = key.finish(&head);
        let more = entry.extend(None, &head.extensions, room).map(|extension| quote(&extension.name));
        // Those of the report come first, although they may stand behind the records.
        entry.extensions.sort_by_key(|placed| placed.record_ordinal);
        entry.head = head;
        entry.complete = complete;
        entry.findings = findings;
        let misnamed = file_name::compare(&entry.path, &entry.container_path, &entry.head);
        for note in notes.into_iter().chain(misnamed) {
            entry.findings.push(note);
        }
        if let Some(name) = left_out.or(more) {
            let found = aggregate::rules::EXTENSION_TOO_LARGE.anywhere();
            entry.findings.push(found.arg("element", name).arg("limit", HELD));
        }
        if crowded {
            entry
                .findings
                .push(aggregate::rules::TOO_MANY_SOURCES.anywhere().arg("limit", self.limits.sources));
        }
        let sums = Sums { records, sources: sources.into_list(), signers, traces, rows };
        match &mut self.known {
            Known::Here(seen) => apart::settle(self.batch, seen, &mut entry, sums, &self.limits),
            Known::Later(waiting) => {
                waiting.reserve_exact(usize::from(waiting.is_empty()));
                waiting.push(sums);
            }
        }
        self.count(complete);
        self.held = self.held.saturating_add(entry.held());
        // Read apart, most documents are one report.
        self.batch.reports.reserve_exact(usize::from(self.batch.reports.is_empty()));
        self.batch.reports.push(entry);
    }

    /// Files what was found in a report once nothing can be added to it any more.
    fn seal(&mut self, from: usize) {
        let mut room = self.room();
        for entry in self.batch.reports.get_mut(from..).unwrap_or_default() {
            for found in entry.findings.counts() {
                let sum = self.batch.findings.entry(found.rule.code).or_insert(Found { count: 0, ..*found });
                add(&mut sum.count, found.count);
            }
            let kept = entry.findings.keep(room);
            room -= kept.min(room);
            self.room -= kept.min(self.room);
            self.sink.report(entry);
        }
    }

    pub(super) fn finish(mut self) {
        let Progress { reports, refused, incomplete, .. } = self.progress;
        let nothing = reports == 0;
        if nothing && refused == 0 {
            self.refuse("", container::NO_REPORT.anywhere());
        }
        let totals = &mut self.batch.totals;
        totals.inputs += 1;
        totals.inputs_refused += u64::from(nothing);
        totals.inputs_incomplete += u64::from(!nothing && (incomplete || refused > 0));
        totals.refused();
    }

    fn account(&mut self, from: usize, tally: Tally, whole: bool) {
        let entries = self.batch.reports.get_mut(from..).unwrap_or_default();
        let records: u64 = entries.iter().map(|entry| entry.records).sum();
        let messages = entries.iter().fold(0_u64, |sum, entry| sum.saturating_add(entry.messages));
        if let Some(entry) = entries.last_mut() {
            entry.skipped_records = tally.records.saturating_sub(records);
        }
        if whole
            && (records, messages) != (tally.records, tally.messages)
            && let Some(entry) = entries.last_mut()
        {
            let found = aggregate::rules::UNACCOUNTED.anywhere();
            let found = found.arg("records", tally.records.saturating_sub(records));
            entry.findings.push(found.arg("messages", tally.messages.saturating_sub(messages)));
        }
        let totals = &mut self.batch.totals;
        totals.reports += entries.len() as u64;
        add(&mut totals.records_in, tally.records);
        add(&mut totals.records_uncounted, tally.uncounted);
        add(&mut totals.messages_in, tally.messages);
        add(&mut totals.records, records);
        add(&mut totals.messages_out, messages);
    }
}

/// What an archive may hold beside reports.
fn is_other_content(rule: &Rule) -> bool {
    use aggregate::rules::{EMPTY, HTML, JSON, NOT_XML, OTHER_ROOT};
    [&EMPTY, &HTML, &JSON, &NOT_XML, &OTHER_ROOT].into_iter().any(|other| other == rule)
}

impl Visitor for Reading<'_> {
    fn begin(&mut self, octets: u64) {
        self.room = self.limits.findings.saturating_mul(FINDINGS_PER_INPUT);
        self.held = self.held.saturating_sub(octets.saturating_mul(LEFT_PER_OCTET));
        self.sources = self.limits.sources;
    }

    fn document(&mut self, path: &str, input: &mut dyn Read, member: bool, walk: &Walk<'_>) {
        let mut head = Vec::with_capacity(HEAD);
        let told = Read::take(&mut *input, HEAD as u64).read_to_end(&mut head);
        let is_json = tls::looks_like(&head);
        // Where the stream broke already, it is to break again for the reader.
        let mut input = head.chain(Broken(told.err())).chain(input);
        if is_json {
            return self.take_tls(path, &mut input, member, walk);
        }
        let mut input = Passing::new(input, self.digests);
        let from = self.batch.reports.len();
        let limits = Limits { findings: self.limits.findings.min(self.room()), ..self.limits.clone() };
        let mut reader = Reader::counting(&mut input as &mut dyn Read, &limits)
            .with_organizations(self.organizations.clone());
        // The next report begins with its first record, or ends without one.
        let mut current: Option<Current> = None;
        let mut refused = None;
        let mut stopped = false;
        let mut room = HELD.saturating_sub(self.held);
        while let Some(item) = reader.next() {
            match item {
                Item::Record(record) => {
                    let current = current.get_or_insert_with(|| self.current(path));
                    current.entry.count(&record);
                    current.key.record(&record);
                    current.signers.add(&record);
                    let look = current.traces.add(&record, self.limits.traces);
                    if let Some(rows) = &mut current.rows {
                        rows.add(&record);
                    }
                    self.sink.look(look);
                    match current.sources.add(&record, self.sources) {
                        Room::NotNeeded => {}
                        Room::Taken => self.sources -= 1,
                        Room::Exceeded => current.crowded = true,
                    }
                    let extensions = &record.extensions;
                    if let Some(left_out) = current.entry.extend(Some(record.ordinal), extensions, &mut room)
                    {
                        current.left_out.get_or_insert_with(|| quote(&left_out.name));
                    }
                    if self.keep == Keep::Records {
                        self.sink.record(reader.head(), &record);
                        current.entry.kept.push(record);
                    } else {
                        self.sink.take(reader.head(), record);
                    }
                }
                Item::Report(summary) => {
                    let current = current.take().unwrap_or_else(|| self.current(path));
                    self.sink.last();
                    self.complete(current, *summary, walk.take_notes(), &mut room);
                    // A document may be a long row of small reports.
                    if self.held > HELD {
                        stopped = true;
                        refused = Some(container::UNPACKED_TOO_LARGE.anywhere().arg("limit", HELD));
                        break;
                    }
                }
                Item::Refused(found) => refused = Some(found),
            }
        }
        if let Some(found) = refused {
            if member && is_other_content(found.rule) {
                // What was found in its packing says nothing about the next member.
                walk.take_notes();
                return self.skipped(path, found.rule);
            }
            self.refuse(path, found);
        }
        let entries = self.batch.reports.get(from..).unwrap_or_default();
        let whole = !stopped && entries.iter().all(|entry| entry.complete);
        // Behind the last octet that the reader needed, or could read.
        let (tally, cut) = reader.into_tally();
        let (octets, digest) = input.finish();
        for entry in self.batch.reports.get_mut(from..).unwrap_or_default() {
            entry.octets = octets;
            entry.xml_digest.clone_from(&digest);
        }
        if let Some(entry) = self.batch.reports.get_mut(from..).and_then(<[_]>::last_mut) {
            for note in walk.take_notes() {
                entry.findings.push(note);
            }
            let cut = cut.filter(|cut| entry.findings.counts().all(|found| found.rule != cut.rule));
            cut.into_iter().for_each(|cut| entry.findings.push(cut));
        } else {
            walk.take_notes();
        }
        self.account(from, tally, whole);
        self.seal(from);
        if self.held > HELD {
            walk.stop(container::UNPACKED_TOO_LARGE.anywhere().arg("limit", HELD));
        }
    }

    fn refused(&mut self, path: &str, found: Diagnostic) {
        self.refuse(path, found);
    }

    fn failure(&mut self, path: &str, parts: &Parts, walk: &Walk<'_>) {
        self.take_failure(path, parts, walk);
    }

    fn skipped(&mut self, path: &str, rule: &'static Rule) {
        self.progress.skipped += 1;
        add(&mut self.batch.totals.skipped, 1);
        if self.progress.skipped > LISTED {
            return;
        }
        self.batch.skipped.push(Skipped { path: self.path.clone(), container_path: path.to_owned(), rule });
    }
}

pub(super) fn add(sum: &mut u64, more: u64) {
    *sum = sum.saturating_add(more);
}
