//! One pass over a text: the record that a receiver reads, and everything that is to say about it.
//!
//! A usable record is only looked over. Any other text is mended first, in steps that each know
//! the original: characters, version, terms; every step reports what it mended. What results is
//! looked over like a usable record, so that one reading tells all there is to tell.

use super::draft::Draft;
use super::record::{Record, read_term, tokens};
use super::rules::{REPEATED_MODIFIER, TOO_LONG};
use super::terms::Term;
use super::{characters, effect, lint, tokens as broken, version};
use crate::diagnostics::{Diagnostic, Fix, Parsed, Span, sort};

/// Reads a text and finds what is to say about it.
pub(super) fn inspect(octets: &[u8]) -> Parsed<Record> {
    let mut diagnostics = Vec::new();
    let record = Record::read(octets);
    if octets.len() > Record::MAX_OCTETS {
        // No TXT record holds this: what its parts would mean is of no use to anybody.
        let limit = Record::MAX_OCTETS;
        let start = (0..=limit).rev().find(|at| octets.get(*at).is_none_or(|octet| octet & 0xc0 != 0x80));
        let excess = Span::new(start.unwrap_or(limit), octets.len());
        diagnostics.push(TOO_LONG.at(excess).arg("octets", octets.len()).arg("limit", limit));
        return Parsed { value: record, diagnostics };
    }
    match &record {
        Some(record) if record.is_usable() => {
            lint::lint(octets, record.terms(), &mut diagnostics);
            lint::size(octets, &mut diagnostics);
        }
        _ => mended(octets, &mut diagnostics),
    }
    drop_unsafe_fixes(octets, &mut diagnostics);
    effect::compute(octets, &mut diagnostics);
    sort(&mut diagnostics);
    Parsed { value: record, diagnostics }
}

/// Mends a text that is no usable record, and looks over what was meant.
fn mended(octets: &[u8], diagnostics: &mut Vec<Diagnostic>) {
    let draft = characters::mend(octets, diagnostics);
    let Some(draft) = version::mend(draft, diagnostics) else { return };
    let start = super::grammar::version(draft.text()).unwrap_or(0);
    let draft: Draft = broken::mend(&draft, start, diagnostics);
    let mut terms: Vec<Term> = Vec::new();
    for span in tokens(draft.text(), start) {
        read_term(draft.text(), span, &mut terms);
    }
    let mut found = Vec::new();
    lint::lint(draft.text(), &terms, &mut found);
    for mut each in found {
        // Between broken terms, taking one away may join its neighbors: mending comes first.
        let removes = |fix: &Fix| fix.edits.iter().any(|edit| edit.replacement.is_empty());
        if each.rule != &REPEATED_MODIFIER {
            each.fix = each.fix.filter(|fix| !removes(fix));
        }
        diagnostics.push(draft.in_original(octets, each));
    }
    lint::size(octets, diagnostics);
}

/// Takes away fixes that would join octets to a character that nobody wrote.
fn drop_unsafe_fixes(octets: &[u8], diagnostics: &mut [Diagnostic]) {
    if std::str::from_utf8(octets).is_ok() {
        return;
    }
    let outside_ascii =
        |at: Option<usize>| at.and_then(|at| octets.get(at)).is_some_and(|octet| !octet.is_ascii());
    for found in diagnostics {
        let joins = |fix: &Fix| {
            fix.edits.iter().any(|edit| {
                edit.replacement.is_empty()
                    && outside_ascii(edit.span.start.checked_sub(1))
                    && outside_ascii(Some(edit.span.end))
            })
        };
        found.fix = found.fix.take().filter(|fix| !joins(fix));
    }
}
