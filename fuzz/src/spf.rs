//! Laws of SPF records.

use dmarc_core::diagnostics::{Catalog, Diagnostic, Severity, Span, View};
use dmarc_core::spf::{Record, TermKind, view};

/// Fixes applied one after another before the law counts as broken. Each one mends one finding of
/// a text of a few hundred octets.
const STEPS: usize = 400;

/// Whatever the octets: what is read prints as it was given, every place lies in the text and on
/// character boundaries, verdict and findings agree, and every finding can be shown.
pub fn record(octets: &[u8]) {
    let parsed = Record::parse(octets);
    assert_eq!(parsed.value, Record::read(octets), "findings do not change what a receiver reads");
    let errors = parsed.diagnostics.iter().filter(|found| found.severity == Severity::Error).count();
    match &parsed.value {
        None => assert!(errors > 0, "a text that is no record has a finding that says why"),
        Some(record) => {
            assert_eq!(record.as_octets(), octets);
            let (published, effective) = view::views(record);
            assert_eq!(effective.is_some(), record.is_usable());
            assert_eq!(published.terms.len(), record.terms().len());
            assert!(record.is_usable() || errors > 0, "an unusable record has an error");
            let invalid = record.terms().iter().any(|term| term.kind == TermKind::Invalid);
            assert!(!(invalid && record.is_usable()));
            for term in record.terms() {
                assert!(is_place(octets, term.span));
            }
        }
    }
    let catalog = Catalog::default();
    let mut last: Option<(Option<Span>, &str)> = None;
    for found in &parsed.diagnostics {
        let key = (found.span, found.rule.code);
        assert!(last.is_none_or(|last| last <= key), "findings are in order");
        last = Some(key);
        assert!(found.span.is_some_and(|span| is_place(octets, span)), "{} has no place", found.rule.code);
        let _ = View::new(found, &catalog, octets);
        check_fix(octets, found);
    }
}

/// Edits lie in the text, in order and apart, and what lies outside of them stays.
pub(crate) fn check_fix(octets: &[u8], found: &Diagnostic) {
    let Some(fix) = &found.fix else { return };
    let mut kept = Vec::new();
    let mut done = 0;
    let mut grown = 0;
    for edit in &fix.edits {
        assert!(is_place(octets, edit.span), "{}: an edit without a place", found.rule.code);
        assert!(edit.span.start >= done, "{}: edits overlap", found.rule.code);
        kept.extend_from_slice(&octets[done..edit.span.start]);
        done = edit.span.end;
        grown += edit.replacement.len();
    }
    kept.extend_from_slice(&octets[done..]);
    assert_eq!(fix.apply(octets).len(), kept.len() + grown);
}

/// Mends in one text that may uncover another mistake of the same kind, which hid behind the first.
pub(crate) const UNCOVERED: usize = 4;

/// Applying fixes until none is left ends; each application lowers the count of its rule, or makes
/// the text a record, but for a few that uncover another mistake.
pub fn fixes(octets: &[u8]) {
    let mut text = octets.to_vec();
    let mut uncovered = 0;
    for _ in 0..STEPS {
        let parsed = Record::parse(&text);
        let Some(found) = parsed.diagnostics.iter().find(|found| found.fix.is_some()) else { return };
        let Some(fix) = &found.fix else { return };
        let after = fix.apply(&text);
        let again = Record::parse(&after);
        let count = |all: &[Diagnostic]| all.iter().filter(|each| each.rule == found.rule).count();
        let becomes_record = parsed.value.is_none() && again.value.is_some();
        let helps = becomes_record || count(&again.diagnostics) < count(&parsed.diagnostics);
        uncovered += usize::from(!helps);
        assert!(
            uncovered <= UNCOVERED,
            "{} in {:?}, then {:?}",
            found.rule.code,
            String::from_utf8_lossy(&text),
            String::from_utf8_lossy(&after),
        );
        text = after;
    }
    panic!("fixes go on and on: {:?}", String::from_utf8_lossy(octets));
}

/// Whether a span lies in the text and on the boundaries of characters; an octet that is not UTF-8
/// counts as a character.
pub(crate) fn is_place(octets: &[u8], span: Span) -> bool {
    span.start <= span.end && [span.start, span.end].into_iter().all(|at| is_boundary(octets, at))
}

fn is_boundary(octets: &[u8], at: usize) -> bool {
    if at > octets.len() {
        return false;
    }
    let mut start = 0;
    for chunk in octets.utf8_chunks() {
        let end = start + chunk.valid().len();
        if at <= end {
            return chunk.valid().is_char_boundary(at - start);
        }
        start = end + chunk.invalid().len();
        if at <= start {
            return true;
        }
    }
    true
}
