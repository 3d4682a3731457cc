//! Reports of the other kinds: on single messages that failed, and on TLS.

use std::collections::BTreeMap;
use std::io::Read;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::apart::Known;
use super::key;
use super::reading::{HELD, Reading, add};
use crate::diagnostics::Diagnostic;
use crate::limits::Limits;
use crate::report::aggregate::{Findings, Found};
use crate::report::container::{self, Walk};
use crate::report::failure::{self, FailureReport, Parts};
use crate::report::tls::{self, TlsReport};

/// Octets of a document that must be held as a whole, and one more.
const DOCUMENT: u64 = (16 << 20) + 1;

/// One report of another kind: what it says, and where it came from.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Answer<T> {
    /// The input.
    pub path: String,
    /// Where in the input; empty for the input itself.
    pub container_path: String,
    /// Digest of what the report says: 32 hexadecimal digits.
    pub key: String,
    /// Where the same report was read before.
    pub duplicate_of: Option<String>,
    /// Whether it was read to its end, and nothing was left out for its size.
    pub complete: bool,
    /// What it says.
    pub report: T,
    /// What was found.
    pub findings: Findings,
}

/// A failure report of a batch.
pub type FailureEntry = Answer<FailureReport>;
/// A report on TLS of a batch.
pub type TlsEntry = Answer<TlsReport>;

impl<T> Answer<T> {
    /// Input and place within it, as one text.
    #[must_use]
    pub fn place(&self) -> String {
        if self.container_path.is_empty() {
            self.path.clone()
        } else {
            format!("{}/{}", self.path, self.container_path)
        }
    }
}

impl<T> Answer<T> {
    /// Tells whether it was read before.
    pub(super) fn settle(&mut self, keys: &mut BTreeMap<String, String>) {
        match keys.get(&self.key) {
            Some(first) => self.duplicate_of = Some(first.clone()),
            None => {
                keys.insert(self.key.clone(), self.place());
            }
        }
    }
}

/// A digest of what a report says, whatever it came in.
fn digest(kind: &str, report: &impl Serialize) -> String {
    // Texts, numbers and lists have a JSON form always.
    let json = serde_json::to_vec(report).unwrap_or_default();
    key::hex(
        Sha256::new()
            .chain_update(kind)
            .chain_update([0])
            .chain_update(json)
            .finalize()
            .iter()
            .take(key::OCTETS),
    )
}

impl Reading<'_> {
    /// Takes a failure report.
    pub(super) fn take_failure(&mut self, path: &str, parts: &Parts, walk: &Walk<'_>) {
        let failure::Read { mut report, complete, findings, .. } =
            failure::of(parts, &self.room_for_findings());
        // Of all that it says, so that what is hidden does not make two reports one.
        let key = digest("failure", &report);
        self.privacy.apply(&mut report);
        let held = report.held();
        add(&mut self.batch.totals.failure_reports, 1);
        let mut answer = self.answer(path, key, complete, report, findings, walk);
        self.seal_findings(&mut answer.findings);
        self.batch.failure_reports.push(answer);
        self.hold(held, walk);
    }

    /// Takes a JSON document, which is a report on TLS or none at all.
    pub(super) fn take_tls(&mut self, path: &str, input: &mut dyn Read, member: bool, walk: &Walk<'_>) {
        let mut octets = Vec::new();
        let told = Read::take(&mut *input, DOCUMENT).read_to_end(&mut octets);
        let broke = told.err().map(|error| container::finding(&error));
        let limits = self.room_for_findings();
        match tls::read(&octets, &limits) {
            Err(found) => {
                walk.take_notes();
                match broke {
                    Some(broke) => self.refuse(path, broke),
                    None => self.refuse_or_skip(path, found, member),
                }
            }
            Ok(tls::Read { report, complete, mut findings, .. }) => {
                if let Some(broke) = broke {
                    findings.push(broke);
                }
                let (succeeded, failed) = (report.successful_sessions(), report.failed_sessions());
                let totals = &mut self.batch.totals;
                add(&mut totals.tls_reports, 1);
                add(&mut totals.sessions_in, tls::sessions(&octets));
                add(&mut totals.sessions_out, succeeded.saturating_add(failed));
                add(&mut totals.sessions_failed, failed);
                let held = report.held();
                let key = digest("tls", &report);
                let mut answer = self.answer(path, key, complete, report, findings, walk);
                if answer.duplicate_of.is_some() {
                    add(&mut self.batch.totals.sessions_duplicate, succeeded.saturating_add(failed));
                }
                self.seal_findings(&mut answer.findings);
                self.batch.tls_reports.push(answer);
                self.hold(held, walk);
            }
        }
    }

    fn answer<T>(
        &mut self,
        container_path: &str,
        key: String,
        complete: bool,
        report: T,
        mut findings: Findings,
        walk: &Walk<'_>,
    ) -> Answer<T> {
        for note in walk.take_notes() {
            findings.push(note);
        }
        let mut answer = Answer {
            path: self.path.clone(),
            container_path: container_path.to_owned(),
            key,
            duplicate_of: None,
            complete,
            report,
            findings,
        };
        if let Known::Here(seen) = &mut self.known {
            answer.settle(&mut seen.keys);
        }
        self.count(complete);
        answer
    }

    /// The limits with as many findings as can still be kept of this input.
    fn room_for_findings(&self) -> Limits {
        Limits { findings: self.limits.findings.min(self.room()), ..self.limits.clone() }
    }

    fn hold(&mut self, held: u64, walk: &Walk<'_>) {
        self.held = self.held.saturating_add(held);
        if self.held > HELD {
            walk.stop(container::UNPACKED_TOO_LARGE.anywhere().arg("limit", HELD));
        }
    }

    /// Files what was found in a report.
    pub(super) fn seal_findings(&mut self, findings: &mut Findings) {
        for found in findings.counts() {
            let sum = self.batch.findings.entry(found.rule.code).or_insert(Found { count: 0, ..*found });
            add(&mut sum.count, found.count);
        }
        let room = self.room();
        self.taken(findings.keep(room));
    }
}

/// A finding, and the report that it is of.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Placed<'a> {
    /// The input.
    pub path: &'a str,
    /// Where in the input.
    pub container_path: &'a str,
    /// The report.
    pub key: &'a str,
    /// What was found.
    pub found: &'a Diagnostic,
}

impl<T> Answer<T> {
    /// Every finding that was kept, with its place.
    pub(super) fn placed(&self) -> impl Iterator<Item = Placed<'_>> {
        let Self { path, container_path, key, findings, .. } = self;
        findings.kept().iter().map(move |found| Placed { path, container_path, key, found })
    }
}
