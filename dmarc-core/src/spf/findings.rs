//! One pass over a text: the record that a receiver reads, and everything that is to say about it.

use super::record::Record;
use super::rules::{INVALID_TERM, NOT_A_RECORD, REPEATED_MODIFIER, TOO_LONG};
use super::terms::{Modifier, TermKind};
use crate::diagnostics::{Diagnostic, Parsed, Span, sort};

/// Reads a text and finds what is wrong with it.
pub(super) fn inspect(octets: &[u8]) -> Parsed<Record> {
    let mut diagnostics = Vec::new();
    let Some(record) = Record::read(octets) else {
        diagnostics.push(NOT_A_RECORD.at(Span::empty(0)).arg("text", octets));
        return Parsed { value: None, diagnostics };
    };
    if octets.len() > Record::MAX_OCTETS {
        let excess = Span::new(Record::MAX_OCTETS, octets.len());
        diagnostics.push(TOO_LONG.at(excess).arg("octets", octets.len()).arg("limit", Record::MAX_OCTETS));
    }
    for term in record.terms().iter().filter(|term| term.kind == TermKind::Invalid) {
        diagnostics.push(INVALID_TERM.at(term.span).arg("text", term.span.of(octets)));
    }
    repeated_modifiers(&record, &mut diagnostics);
    sort(&mut diagnostics);
    Parsed { value: Some(record), diagnostics }
}

fn repeated_modifiers(record: &Record, diagnostics: &mut Vec<Diagnostic>) {
    for wanted in ["redirect", "exp"] {
        let found = record.terms().iter().filter(|term| {
            term.modifier().is_some_and(|m| !matches!(m, Modifier::Unknown { .. }) && m.name() == wanted)
        });
        for term in found.skip(1) {
            diagnostics.push(REPEATED_MODIFIER.at(term.span).arg("modifier", wanted));
        }
    }
}
