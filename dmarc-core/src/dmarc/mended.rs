//! What one mistake hides: a text is read again as if what hides more were mended, so that all
//! findings come in one pass.

use crate::diagnostics::{Diagnostic, Edit, Fix, Parsed, Rule, Severity, Span};
use crate::limits::Limits;

use super::Edition;
use super::reading::read;
use super::record::Record;
use super::rules::{
    ESCAPED_SEPARATOR, HTML_ENTITY, INVISIBLE_CHARACTER, LINE_BREAK, MISSPELT_TAG, QUOTED_VALUE,
    TYPOGRAPHIC_CHARACTER, WRONG_SEPARATOR,
};

/// Findings that hide others in the part that they are about.
static HIDING: [&Rule; 8] = [
    &ESCAPED_SEPARATOR,
    &HTML_ENTITY,
    &INVISIBLE_CHARACTER,
    &LINE_BREAK,
    &MISSPELT_TAG,
    &QUOTED_VALUE,
    &TYPOGRAPHIC_CHARACTER,
    &WRONG_SEPARATOR,
];

/// How often a text is read again. Each wrong separator may hide the next one, and a record has
/// about a dozen tags.
const DEPTH: usize = 12;

/// Octets up to which a text is read again: longer ones are no records that somebody wrote.
const LOOKED_AT: usize = 4 << 10;

/// One reading, with the findings that others hide.
pub(super) fn read_all(octets: &[u8], edition: Edition, limits: &Limits) -> Parsed<Record> {
    let mut parsed = read(octets, edition, limits);
    let hidden = hidden(octets, edition, limits, &parsed, DEPTH);
    parsed.diagnostics.extend(hidden);
    parsed
}

fn hidden(
    octets: &[u8],
    edition: Edition,
    limits: &Limits,
    parsed: &Parsed<Record>,
    depth: usize,
) -> Vec<Diagnostic> {
    let found = &parsed.diagnostics;
    let whole = parsed.value.is_none();
    let hiding = |one: &&Diagnostic| one.fix.is_some() && (whole || HIDING.contains(&one.rule));
    if depth == 0 || octets.len() > LOOKED_AT || !found.iter().any(|one| hiding(&one)) {
        return Vec::new();
    }
    let mended = Mended::by(found.iter().filter(hiding), octets);
    if mended.text == octets {
        return Vec::new();
    }
    let again = read(&mended.text, edition, limits);
    let deeper = hidden(&mended.text, edition, limits, &again, depth - 1);
    let least = if whole { Severity::Warning } else { Severity::Error };
    again
        .diagnostics
        .into_iter()
        .filter(|one| one.severity >= least)
        .chain(deeper)
        .filter_map(|one| mended.diagnostic(one))
        .filter(|one| !found.iter().any(|known| known.rule == one.rule && known.span == one.span))
        .collect()
}

/// A text with the edits of several findings made at once.
struct Mended {
    text: Vec<u8>,
    /// What stayed: its place in the mended text, and where it begins in the original.
    kept: Vec<(Span, usize)>,
}

impl Mended {
    /// Makes every fix of the findings; of two that touch the same place, the first.
    fn by<'a>(diagnostics: impl Iterator<Item = &'a Diagnostic>, octets: &[u8]) -> Self {
        let fixes = diagnostics.filter_map(|found| found.fix.as_ref());
        let fix = Fix::new(fixes.flat_map(|fix| fix.edits.iter().cloned()).collect());
        let mut kept = Vec::new();
        let (mut done, mut length) = (0, 0);
        let mut keep = |from: usize, to: usize, at: usize| kept.push((Span::new(at, at + (to - from)), from));
        let mut edits = Vec::new();
        for edit in fix.edits {
            if edit.span.start < done || edit.span.end < edit.span.start || edit.span.end > octets.len() {
                continue;
            }
            keep(done, edit.span.start, length);
            length += edit.span.start - done + edit.replacement.len();
            done = edit.span.end;
            edits.push(edit);
        }
        keep(done, octets.len(), length);
        Self { text: Fix::new(edits).apply(octets), kept }
    }

    /// A finding about the mended text, at its place in the original; none if that part was mended.
    fn diagnostic(&self, mut found: Diagnostic) -> Option<Diagnostic> {
        found.span = Some(self.place(found.span?)?);
        let edits = found.fix.take().and_then(|fix| {
            // An edit over a part that was mended would not do the same to the original.
            let place = |edit: Edit| {
                let whole = edit.replacement.is_empty() && self.touches(edit.span);
                let span = self.within_one(edit.span).filter(|_| !whole)?;
                Some(Edit { span, ..edit })
            };
            fix.edits.into_iter().map(place).collect::<Option<Vec<_>>>()
        });
        found.fix = edits.map(Fix::new);
        Some(found)
    }

    /// Whether a part that was mended begins where the span ends, or ends where it begins.
    fn touches(&self, span: Span) -> bool {
        let inner = self.kept.iter().skip(1).map(|(kept, _)| kept.start);
        let outer = self.kept.iter().rev().skip(1).map(|(kept, _)| kept.end);
        span.start < span.end
            && (inner.clone().any(|at| at == span.start) || outer.clone().any(|at| at == span.end))
    }

    /// The place of a span in the original; parts that were mended may lie inside.
    fn place(&self, span: Span) -> Option<Span> {
        if let Some(place) = self.within_one(span) {
            return Some(place);
        }
        let (first, from) =
            self.kept.iter().find(|(kept, _)| kept.start <= span.start && span.start < kept.end)?;
        let (last, to) = self.kept.iter().find(|(kept, _)| kept.start < span.end && span.end <= kept.end)?;
        let (start, end) = (from + (span.start - first.start), to + (span.end - last.start));
        (start < end).then(|| Span::new(start, end))
    }

    /// The place of a span that lies within one part that stayed.
    fn within_one(&self, span: Span) -> Option<Span> {
        let (kept, from) =
            self.kept.iter().find(|(kept, _)| kept.start <= span.start && span.end <= kept.end)?;
        let start = from + (span.start - kept.start);
        Some(Span::new(start, start + (span.end - span.start)))
    }
}
