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
use super::terms::{Mechanism, Modifier, TermKind};
use crate::diagnostics::Diagnostic;

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
        let (mut found, mut end) = (draft.part(token.clone()), token.end);
        while let Some(join) = join(draft, &found, end, &queue) {
            let last = queue.drain(..join.taken).next_back().map_or(end, |last| last.end);
            let mut whole = found.clone();
            whole.push_part(draft, end..last);
            // The gap is all that changes; with three parts it holds the one in the middle.
            let changes = [(found.len()..found.len() + (join.gap.end - end), join.replacement)];
            diagnostics.push(join.finding.fix_edits(whole.edits(&changes)));
            (found, end) = (whole.changed(&changes), last);
        }
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

/// A term that goes on behind a space.
struct Join {
    finding: Diagnostic,
    /// What stands between, in the draft.
    gap: Range<usize>,
    /// What belongs there.
    replacement: String,
    /// How many more tokens belong to the term.
    taken: usize,
}

/// Whether a term, which ends at an offset of the draft, goes on behind the space.
fn join(draft: &Draft, term: &Draft, end: usize, queue: &VecDeque<Range<usize>>) -> Option<Join> {
    let text = |range: &Range<usize>| std::str::from_utf8(draft.text().get(range.clone())?).ok();
    let next = queue.front()?;
    let (one, other) = (term.ascii()?, text(next)?);
    // Anything with an equals sign may be an unknown modifier: that tells nothing.
    let is_term = |text: &str| {
        grammar::term(text.as_bytes())
            .is_some_and(|kind| !matches!(kind, TermKind::Modifier(Modifier::Unknown { .. })))
    };
    let gap = end..next.start;
    let place = draft.span(gap.clone());
    let blank = |gap: Range<usize>, replacement: &str, shown: String, taken: usize| {
        let finding = BLANK_IN_TERM.at(draft.span(gap.clone())).arg("term", shown);
        Some(Join { finding, gap, replacement: replacement.to_owned(), taken })
    };
    // `- all`: a qualifier is no term.
    let is_qualifier = matches!(one, "+" | "-" | "~" | "?");
    if is_qualifier
        && other.starts_with(|first: char| first.is_ascii_alphanumeric() || "+-~?".contains(first))
    {
        return blank(gap, "", format!("{one} {other}"), 1);
    }
    // What begins with a qualifier begins a term.
    let stands_alone =
        |text: &str| grammar::term(text.as_bytes()).is_some() || text.starts_with(['+', '-', '~', '?']);
    if stands_alone(other) {
        return None;
    }
    let body = one.trim_start_matches(['+', '-', '~', '?']);
    let is_name = |text: &str| {
        Mechanism::NAMES.iter().chain(&["redirect", "exp"]).any(|name| name.eq_ignore_ascii_case(text))
    };
    // `include: x`, `include :x`, `a:x.example /24`
    let unfinished = body.strip_suffix([':', '=']).is_some_and(is_name);
    let continued =
        (other.starts_with([':', '=']) && is_name(body)) || (other.starts_with('/') && is_term(one));
    if (unfinished || continued) && is_term(&format!("{one}{other}")) {
        return blank(gap, "", format!("{one} {other}"), 1);
    }
    // `redirect = x`
    if let Some((last, third)) = queue.get(1).and_then(|last| Some((last, text(last)?)))
        && matches!(other, ":" | "=")
        && is_name(body)
        && !stands_alone(third)
        && is_term(&format!("{one}{other}{third}"))
    {
        return blank(end..last.start, other, format!("{one} {other} {third}"), 2);
    }
    // `include x`
    let name = is_name_with_value(body)?;
    let sign = if Mechanism::NAMES.contains(&name) { ":" } else { "=" };
    is_term(&format!("{one}{sign}{other}")).then(|| {
        let finding = MISSING_COLON.at(place).arg("name", name).arg("meant", sign);
        Join { finding, gap, replacement: sign.to_owned(), taken: 1 }
    })
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
