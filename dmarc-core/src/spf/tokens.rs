//! Broken terms: what was meant by each, as far as one thing is.
//!
//! Works from space to space. What spans a space (`include: x`) is joined first, what lacks one
//! (`a,mx`) is parted, and each term is then mended by [`diagnose`] step by step, so that several
//! slips in one term each get their own finding.

use std::collections::VecDeque;
use std::ops::Range;

use super::diagnose::{Found, diagnose, is_name_with_value, network};
use super::draft::{Change, Draft};
use super::grammar;
use super::record::tokens;
use super::rules::{BLANK_IN_TERM, MISSING_COLON, WRONG_SEPARATOR};
use super::terms::Mechanism;
use crate::diagnostics::{Diagnostic, Span};

/// Slips that are mended in one term before it is left as it is.
const SLIPS: usize = 8;

/// The draft with its terms mended, and the findings about them. The version stands at the front.
pub(super) fn mend(draft: &Draft, version: usize, diagnostics: &mut Vec<Diagnostic>) -> Draft {
    let mut result = draft.part(0..version);
    let mut queue: VecDeque<Range<usize>> =
        tokens(draft.text(), version).map(|span| span.start..span.end).collect();
    let mut done = version;
    while let Some(token) = queue.pop_front() {
        // Blanks are kept as they are.
        result.push_part(draft, done..token.start);
        let (found, end) = match join(draft, &token, &queue) {
            Some((finding, change, taken)) => {
                let end = queue.drain(..taken).next_back().map_or(token.end, |last| last.end);
                let changes = [(change.0.start - token.start..change.0.end - token.start, change.1)];
                let whole = draft.part(token.start..end);
                diagnostics.push(finding.fix_edits(whole.edits(&changes)));
                (whole.changed(&changes), end)
            }
            None => (draft.part(token.clone()), token.end),
        };
        mend_term(found, &mut result, diagnostics);
        done = end;
    }
    result.push_part(draft, done..draft.len());
    result
}

/// Parts a term at wrong separators and mends what comes of it.
fn mend_term(term: Draft, result: &mut Draft, diagnostics: &mut Vec<Diagnostic>) {
    if grammar::term(term.text()).is_some() {
        result.push_part(&term, 0..term.len());
        return;
    }
    let Some(changes) = separators(&term) else {
        let mended = mend_piece(term, diagnostics);
        result.push_part(&mended, 0..mended.len());
        return;
    };
    let first = changes.first().map_or(0..0, |(range, _)| range.clone());
    let found = WRONG_SEPARATOR.at(term.span(first.clone())).arg("found", term.part(first).text());
    diagnostics.push(found.fix_edits(term.edits(&changes)));
    let parted = term.changed(&changes);
    let mut done = 0;
    for piece in tokens(parted.text(), 0) {
        result.push_part(&parted, done..piece.start);
        let mended = mend_piece(parted.part(piece.start..piece.end), diagnostics);
        result.push_part(&mended, 0..mended.len());
        done = piece.end;
    }
    result.push_part(&parted, done..parted.len());
}

fn mend_piece(mut piece: Draft, diagnostics: &mut Vec<Diagnostic>) -> Draft {
    for _ in 0..SLIPS {
        if grammar::term(piece.text()).is_some() {
            break;
        }
        let Found { finding, changes } = diagnose(&piece);
        match changes {
            Some(changes) => {
                diagnostics.push(finding.fix_edits(piece.edits(&changes)));
                piece = piece.changed(&changes);
            }
            None => {
                diagnostics.push(finding);
                break;
            }
        }
    }
    piece
}

/// A term that goes on behind a space: the finding, the change, and how many more tokens it takes.
fn join(
    draft: &Draft,
    token: &Range<usize>,
    queue: &VecDeque<Range<usize>>,
) -> Option<(Diagnostic, Change, usize)> {
    let text = |range: &Range<usize>| std::str::from_utf8(draft.text().get(range.clone())?).ok();
    let next = queue.front()?;
    let (one, other) = (text(token)?, text(next)?);
    let is_term = |text: &str| grammar::term(text.as_bytes()).is_some();
    let gap = token.end..next.start;
    let place = draft.span(gap.clone());
    let in_term = |place: Span, end: usize| {
        BLANK_IN_TERM.at(place).arg("term", shown(draft, token.start..end).as_slice())
    };
    if is_term(other) {
        // `- all`: a qualifier is no term, and what follows would be one with it.
        let qualifies = matches!(one, "+" | "-" | "~" | "?") && is_term(&format!("{one}{other}"));
        return qualifies.then(|| (in_term(place, next.end), (gap, String::new()), 1));
    }
    // `include: x`, `include :x`, `a /24`
    let touches = one.ends_with([':', '=', '/']) || other.starts_with([':', '=', '/']);
    if touches && is_term(&format!("{one}{other}")) {
        return Some((in_term(place, next.end), (gap, String::new()), 1));
    }
    // `redirect = x`
    if let Some((last, third)) = queue.get(1).and_then(|last| Some((last, text(last)?)))
        && matches!(other, ":" | "=")
        && is_term(&format!("{one}{other}{third}"))
    {
        let span = token.end..last.start;
        return Some((in_term(draft.span(span.clone()), last.end), (span, other.to_owned()), 2));
    }
    // `include x`
    let name = is_name_with_value(one.trim_start_matches(['+', '-', '~', '?']))?;
    let sign = if Mechanism::NAMES.contains(&name) { ":" } else { "=" };
    is_term(&format!("{one}{sign}{other}")).then(|| {
        let found = MISSING_COLON.at(place).arg("name", name).arg("meant", sign);
        (found, (gap, sign.to_owned()), 1)
    })
}

fn shown(draft: &Draft, range: Range<usize>) -> Vec<u8> {
    draft.text().get(range).unwrap_or_default().to_vec()
}

/// The commas and semicolons in a term that part terms, and what belongs there.
fn separators(term: &Draft) -> Option<Vec<Change>> {
    let text = term.ascii()?;
    let mut changes: Vec<Change> = Vec::new();
    let mut in_macro = false;
    let mut piece = 0;
    for (at, each) in text.char_indices() {
        match each {
            '{' => in_macro = true,
            '}' => in_macro = false,
            ',' | ';' if !in_macro => {
                let behind = text.get(at + 1..).unwrap_or_default();
                let next = behind.split([',', ';']).next().unwrap_or_default();
                let before = text.get(piece..at).unwrap_or_default();
                let edge = behind.trim_start_matches([',', ';']).is_empty();
                let replacement =
                    if edge || before.is_empty() { Some("") } else { parts(before, next, each) };
                if let Some(replacement) = replacement {
                    changes.push((at..at + 1, replacement.to_owned()));
                    piece = at + 1;
                }
            }
            _ => {}
        }
    }
    (!changes.is_empty()).then_some(changes)
}

/// What belongs between two pieces, if a comma or semicolon between them parts terms.
fn parts(before: &str, next: &str, separator: char) -> Option<&'static str> {
    let bare = next.trim_start_matches(['+', '-', '~', '?']);
    let name = bare.split([':', '=', '/']).next().unwrap_or_default().to_ascii_lowercase();
    let reads_as_term = grammar::term(next.as_bytes()).is_some()
        || (name.len() < bare.len() && Mechanism::NAMES.contains(&name.as_str()));
    if reads_as_term {
        return Some(" ");
    }
    let lists = |mechanism: &str| {
        before.to_ascii_lowercase().trim_start_matches(['+', '-', '~', '?']).starts_with(mechanism)
            || !before.contains(':')
    };
    match network(next) {
        Some("ip4") if lists("ip4:") => Some(" ip4:"),
        Some("ip6") if lists("ip6:") => Some(" ip6:"),
        // A semicolon is as good as never part of a name.
        _ if separator == ';' || next.is_empty() => Some(" "),
        _ => None,
    }
}
