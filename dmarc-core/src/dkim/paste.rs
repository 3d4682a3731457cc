//! Key records that were copied with something around them: a zone-file line, quotation marks, the
//! lines of a PEM file. One cause, one fix; what else is wrong shows once it is mended.

use crate::diagnostics::{Diagnostic, Edit, Span};
use crate::syntax::repair;

use super::rules::{CERTIFICATE, ESCAPED_SEPARATOR, PASTED_LINE, PEM_ARMOR, PRIVATE_KEY, QUOTED_RECORD};

/// How the lines around the text of a PEM file begin and end (RFC 7468, 2).
const ARMOR: &str = "-----";

/// Whether a text holds a line of a PEM file.
pub(super) fn armor(text: &[u8]) -> bool {
    text.windows(ARMOR.len()).any(|window| window == ARMOR.as_bytes())
}

/// The first thing that stands around or between the tags and does not belong to them.
pub(super) fn look(octets: &[u8]) -> Option<Diagnostic> {
    let text = std::str::from_utf8(octets).ok()?;
    if let Some(record) = repair::pasted_line(text, "p=") {
        let found = PASTED_LINE.at(0..octets.len());
        return Some(found.fix(0..octets.len(), record));
    }
    quotes(text).or_else(|| escapes(text)).or_else(|| pem(text))
}

fn removal(start: usize, end: usize) -> Edit {
    Edit { span: Span::new(start, end), replacement: String::new() }
}

/// Quotation marks at the start and the end, and those between two character-strings.
fn quotes(text: &str) -> Option<Diagnostic> {
    let start = text.len() - text.trim_start().len();
    if !text.trim_start().starts_with('"') {
        return None;
    }
    let mut edits: Vec<Edit> = Vec::new();
    for (at, _) in text.match_indices('"') {
        match edits.last_mut() {
            // The end of one string and the start of the next, with what is between them.
            Some(last) if text.get(last.span.end..at).is_some_and(|gap| gap.trim().is_empty()) => {
                last.span.end = at + 1;
            }
            _ => edits.push(removal(at, at + 1)),
        }
    }
    Some(QUOTED_RECORD.at(start..start + 1).fix_edits(edits))
}

/// Backslashes in front of separators.
fn escapes(text: &str) -> Option<Diagnostic> {
    let edits: Vec<Edit> = text.match_indices("\\;").map(|(at, _)| removal(at, at + 1)).collect();
    let first = edits.first()?.span;
    Some(ESCAPED_SEPARATOR.at(first.start..first.end + 1).fix_edits(edits))
}

/// The lines of a PEM file around the key. Where there are no tags, those of a key come in their place.
fn pem(text: &str) -> Option<Diagnostic> {
    let mut edits = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..)?.find(ARMOR).map(|offset| at + offset) {
        let label = text.get(start + ARMOR.len()..)?;
        let Some(length) = label.find(ARMOR) else {
            edits.push(removal(start, start + ARMOR.len()));
            break;
        };
        at = start + length + 2 * ARMOR.len();
        let names = |what: &str| label.get(..length).is_some_and(|label| label.contains(what));
        if names("PRIVATE KEY") {
            return Some(PRIVATE_KEY.at(start..at));
        }
        if names("CERTIFICATE") {
            return Some(CERTIFICATE.at(start..at));
        }
        edits.push(removal(start, at));
    }
    let first = edits.first_mut()?;
    let place = first.span;
    if !text.get(..place.start)?.contains('=') {
        first.replacement = "v=DKIM1; p=".to_owned();
    }
    Some(PEM_ARMOR.at(place).fix_edits(edits))
}
