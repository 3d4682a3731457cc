//! Findings of a zone file: so many are kept, and each gets its line and column at the end.

use super::rules::MORE_FINDINGS;
use crate::diagnostics::{self, Diagnostic, Place, Span};

/// Findings of a zone file, while it is read.
#[derive(Debug)]
pub(super) struct Findings {
    list: Vec<Diagnostic>,
    limit: usize,
    further: usize,
}

impl Findings {
    /// None yet; at most `limit` are kept.
    pub(super) fn new(limit: usize) -> Self {
        Self { list: Vec::new(), limit, further: 0 }
    }

    /// Takes a finding, or counts it.
    pub(super) fn push(&mut self, found: Diagnostic) {
        if self.list.len() < self.limit {
            self.list.push(found);
        } else {
            self.further += 1;
        }
    }

    /// The findings in order of their place in the file.
    pub(super) fn finish(mut self, octets: &[u8]) -> Vec<Diagnostic> {
        diagnostics::sort(&mut self.list);
        // In order of their offsets, so that the lines are counted once.
        self.list.sort_by_key(|found| found.span.map(|span| span.start));
        let mut cursor = Cursor { octets, at: 0, line: 1, line_start: 0 };
        for found in &mut self.list {
            if let Some(span) = found.span {
                found.place = Some(cursor.place(span));
            }
        }
        if self.further > 0 {
            let at = Span::empty(octets.len());
            self.list.push(MORE_FINDINGS.at(at).arg("count", self.further).in_document(cursor.place(at)));
        }
        self.list
    }
}

/// A place that only moves forward.
struct Cursor<'a> {
    octets: &'a [u8],
    at: usize,
    line: u64,
    line_start: usize,
}

impl Cursor<'_> {
    fn place(&mut self, span: Span) -> Place {
        let passed = self.octets.get(self.at..span.start).unwrap_or_default();
        for (index, octet) in passed.iter().enumerate() {
            if *octet == b'\n' {
                self.line += 1;
                self.line_start = self.at + index + 1;
            }
        }
        self.at = self.at.max(span.start);
        let before = self.octets.get(self.line_start..span.start).unwrap_or_default();
        Place {
            path: String::new(),
            line: self.line,
            column: crate::text::char_count(before) as u64 + 1,
            offset: span.start as u64,
        }
    }
}
