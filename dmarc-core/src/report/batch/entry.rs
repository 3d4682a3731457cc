//! One report of a batch.

use serde::Serialize;

use super::{Placed, Tallies};
use crate::report::aggregate::{Coded, Conformance, Extension, Findings, Head, Record, Word};

/// Octets that a report takes outside its entry, about: three tallies, and its key among the others.
const OUTSIDE: usize = 512;

/// An extension, and where in its report it stands.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PlacedExtension {
    /// The record; `None` for the report as a whole.
    pub record_ordinal: Option<u64>,
    /// The extension.
    #[serde(flatten)]
    pub extension: Extension,
}

/// Messages by whether the reporter's verdicts agree with the alignment that was worked out.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Recomputed {
    /// Both verdicts follow from results and identifiers.
    pub agree: u64,
    /// A verdict contradicts them.
    pub contradict: u64,
    /// It cannot be known: see [`Alignment`](crate::report::aggregate::Alignment).
    pub unknown: u64,
}

/// One report: what it says, and where it came from.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Entry {
    /// The input.
    pub path: String,
    /// Where in the input; empty for the input itself.
    pub container_path: String,
    /// Digest of what the report says: 32 hexadecimal digits.
    pub report_key: String,
    /// The first 128 bits of the SHA-256 of its document, unpacked and as it is encoded: 32 hexadecimal digits. `None`
    /// while it is read, and unless the collector [works it out](super::Collector::with_digests).
    pub xml_digest: Option<String>,
    /// Octets of its document, unpacked and as it is encoded, as far as it could be read; reports of one document have
    /// it in common.
    pub octets: u64,
    /// Where the same report was read before.
    pub duplicate_of: Option<String>,
    /// Where a report with the same reporter, domain, identifier and period, and other content, was read before.
    pub conflict_of: Option<String>,
    /// Where the same records of the same reporter, about the same domain and part of the same period, were read before
    /// under another identifier.
    pub resent_of: Option<String>,
    /// Where a report of the same reporter about the same domain and part of the same period was read before, with
    /// other records.
    pub overlap_of: Option<String>,
    /// Metadata and policy.
    pub head: Head,
    /// Whether the report was read to its end.
    pub complete: bool,
    /// Records read whole.
    pub records: u64,
    /// Their messages.
    pub messages: u64,
    /// Records of its document that begin and were not read whole. Of several reports in one document the last one has
    /// those of all.
    pub skipped_records: u64,
    /// Messages per disposition, as written.
    pub dispositions: Tallies,
    /// Messages per aligned DKIM verdict, as written.
    pub dkim: Tallies,
    /// Messages per aligned SPF verdict, as written.
    pub spf: Tallies,
    /// Messages by whether verdicts and results agree.
    pub recomputed: Recomputed,
    /// Extensions of the report and of its records.
    pub extensions: Vec<PlacedExtension>,
    /// Whether it is as the schema of its edition has it; `None` while it is read.
    pub conformance: Option<Conformance>,
    /// What was found.
    pub findings: Findings,
    /// The records, if the collector keeps them.
    pub kept: Vec<Record>,
}

impl Entry {
    pub(super) fn new(path: &str, container_path: &str) -> Self {
        Self {
            path: path.to_owned(),
            container_path: container_path.to_owned(),
            report_key: String::new(),
            xml_digest: None,
            octets: 0,
            duplicate_of: None,
            conflict_of: None,
            resent_of: None,
            overlap_of: None,
            head: Head::default(),
            complete: false,
            records: 0,
            messages: 0,
            skipped_records: 0,
            dispositions: Tallies::default(),
            dkim: Tallies::default(),
            spf: Tallies::default(),
            recomputed: Recomputed::default(),
            extensions: Vec::new(),
            conformance: None,
            findings: Findings::default(),
            kept: Vec::new(),
        }
    }

    /// Takes the extensions of a record, or of the report, as far as there is room; gives the first one that
    /// is left out.
    pub(super) fn extend<'a>(
        &mut self,
        record_ordinal: Option<u64>,
        extensions: &'a [Extension],
        room: &mut u64,
    ) -> Option<&'a Extension> {
        let mut left_out = None;
        for extension in extensions {
            match room.checked_sub(extension.held()) {
                Some(left) => {
                    *room = left;
                    self.extensions.push(PlacedExtension { record_ordinal, extension: extension.clone() });
                }
                None => left_out = left_out.or(Some(extension)),
            }
        }
        left_out
    }

    pub(super) fn count(&mut self, record: &Record) {
        fn raw<T: Word>(coded: Option<&Coded<T>>) -> Option<&str> {
            coded.map(Coded::raw)
        }
        let messages = record.messages().unwrap_or_default();
        self.records += 1;
        self.messages = self.messages.saturating_add(messages);
        self.dispositions.add(raw(record.disposition()), messages);
        self.dkim.add(raw(record.dkim_verdict()), messages);
        self.spf.add(raw(record.spf_verdict()), messages);
        let sum = match record.alignment.consistent {
            Some(true) => &mut self.recomputed.agree,
            Some(false) => &mut self.recomputed.contradict,
            None => &mut self.recomputed.unknown,
        };
        *sum = sum.saturating_add(messages);
    }

    /// Every finding that was kept, with its place.
    pub(super) fn placed(&self) -> impl Iterator<Item = Placed<'_>> {
        let Self { path, container_path, report_key: key, findings, .. } = self;
        findings.kept().iter().map(move |found| Placed { path, container_path, key, found })
    }

    /// Whether it is added up: it is neither a duplicate of one before, nor in conflict with it, nor its records sent again.
    #[must_use]
    pub const fn counts(&self) -> bool {
        self.duplicate_of.is_none() && self.conflict_of.is_none() && self.resent_of.is_none()
    }

    /// Input and place within it, as one text.
    #[must_use]
    pub fn place(&self) -> String {
        if self.container_path.is_empty() {
            self.path.clone()
        } else {
            format!("{}/{}", self.path, self.container_path)
        }
    }

    /// Octets that it takes in memory, its records and findings not counted.
    pub(in crate::report) fn held(&self) -> u64 {
        let mut held = size_of::<Self>() + OUTSIDE + self.path.len() + self.container_path.len();
        if let Some(metadata) = &self.head.metadata {
            let texts = [&metadata.org_name, &metadata.email, &metadata.report_id, &metadata.generator];
            held += texts.into_iter().flatten().map(String::len).sum::<usize>();
            held +=
                metadata.extra_contact_info.iter().chain(&metadata.errors).map(String::len).sum::<usize>();
        }
        if let Some(policy) = &self.head.policy {
            held += policy.domain.as_ref().map_or(0, String::len) + policy.fo.as_ref().map_or(0, String::len);
        }
        held as u64 + self.extensions.iter().map(|placed| placed.extension.held()).sum::<u64>()
    }
}
