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
    if !Record::is_record(&mended.text) {
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
        found.fix = found
            .fix
            .take()
            .and_then(|fix| {
                let edits = fix.edits.into_iter();
                edits
                    .map(|edit| Some(Edit { span: self.place(edit.span)?, ..edit }))
                    .collect::<Option<Vec<_>>>()
            })
            .map(Fix::new);
        Some(found)
    }

    fn place(&self, span: Span) -> Option<Span> {
        let original = |at: usize, inside: &dyn Fn(&Span) -> bool| {
            let (place, from) = self.kept.iter().find(|(place, _)| inside(place))?;
            Some(from + (at - place.start))
        };
        let start = original(span.start, &|place| {
            place.start <= span.start
                && (span.start < place.end || (place.end == self.text.len() && span.start == place.end))
        })?;
        if span.start == span.end {
            return Some(Span::empty(start));
        }
        let end = original(span.end, &|place| place.start < span.end && span.end <= place.end)?;
        (start < end).then(|| Span::new(start, end))
    }
}
