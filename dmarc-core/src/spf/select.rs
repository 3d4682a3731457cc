//! Which of the TXT records at a name is the SPF record (RFC 7208, 4.5).

use super::grammar;
use super::lint::ANSWER_OCTETS;
use super::record::Record;
use super::rules::{LARGE_ANSWER, NOT_A_RECORD, OTHER_RECORD, SEVERAL_RECORDS};
use crate::diagnostics::{Diagnostic, Subject, sort};
use crate::syntax::strings::MAX_STRING;

/// The outcome of looking for the SPF record in a set of TXT records.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Selection {
    /// What a receiver takes.
    pub selected: Selected,
    /// Findings; each names the record of the set that it is about, or none if it is about the set.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a receiver takes from a set of TXT records.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Selected {
    /// No SPF record: the result is `none`.
    None,
    /// The one SPF record.
    One {
        /// Which of the set.
        index: usize,
        /// The record.
        record: Record,
    },
    /// More than one, even if they are the same: the result is `permerror`.
    Several {
        /// Which of the set.
        indices: Vec<usize>,
    },
}

impl Record {
    /// Finds the SPF record among the TXT records of a name; each text is the strings of one
    /// record, joined.
    ///
    /// ```
    /// use dmarc_core::spf::{Record, Selected};
    ///
    /// let selection = Record::select(&["v=spf1 -all", "v=spf1 -all"]);
    /// assert_eq!(selection.selected, Selected::Several { indices: vec![0, 1] });
    /// ```
    #[must_use]
    pub fn select<T: AsRef<[u8]>>(records: &[T]) -> Selection {
        let mut diagnostics = Vec::new();
        let mut indices = Vec::new();
        let mut selected = Selected::None;
        for (index, octets) in records.iter().enumerate() {
            let parsed = Self::parse(octets);
            if let Some(record) = parsed.value {
                indices.push(index);
                selected = Selected::One { index, record };
            }
            // A text of another kind is nobody's business here; one that was meant as SPF is.
            let about_spf = |found: &Diagnostic| found.rule != &NOT_A_RECORD && found.rule != &OTHER_RECORD;
            let subject = Subject { name: None, record_type: Some("TXT".to_owned()), index: Some(index) };
            diagnostics.extend(
                parsed.diagnostics.into_iter().filter(about_spf).map(|found| found.about(subject.clone())),
            );
        }
        if indices.len() > 1 {
            diagnostics.push(SEVERAL_RECORDS.anywhere().arg("count", indices.len()));
            selected = Selected::Several { indices };
        }
        diagnostics.extend(answer_size(records));
        sort(&mut diagnostics);
        Selection { selected, diagnostics }
    }
}

/// All TXT records of a name come in one answer. A record that is too large by itself has its own
/// finding.
fn answer_size<T: AsRef<[u8]>>(records: &[T]) -> Option<Diagnostic> {
    let texts = || records.iter().map(AsRef::as_ref);
    let has_record = texts().any(|text| grammar::version(text).is_some());
    let single = texts().any(|text| text.len() > ANSWER_OCTETS);
    // Each character-string brings one octet for its length.
    let octets: usize = texts().map(|text| text.len() + text.len().div_ceil(MAX_STRING).max(1)).sum();
    (has_record && !single && octets > ANSWER_OCTETS)
        .then(|| LARGE_ANSWER.anywhere().arg("octets", octets).arg("limit", ANSWER_OCTETS))
}
