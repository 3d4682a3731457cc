//! Octets that no part of a record may hold, named by cause: a line break, a character that does not
//! show, a quotation mark of a word processor, a look-alike.

use crate::diagnostics::{Diagnostic, Edit, Span};
use crate::name::DomainName;
use crate::syntax::repair::{self, Slip};
use crate::text::lossy;

use super::rules::{INVALID_OCTET, INVISIBLE_CHARACTER, LINE_BREAK, QUOTED_VALUE, TYPOGRAPHIC_CHARACTER};

/// Whether all octets may stand in a part: printable ASCII, SP and HTAB.
pub(super) fn is_plain(octets: &[u8]) -> bool {
    octets.iter().all(|octet| matches!(octet, b' '..=b'~' | b'\t'))
}

/// One finding per cause; `tag` is the name shown where quotation marks are the cause, `gap` what
/// stands for a line break once it is mended.
pub(super) fn look(octets: &[u8], span: Span, tag: &str, gap: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let breaks = line_breaks(octets, span, gap);
    if let Some(first) = breaks.first() {
        found.push(LINE_BREAK.at(first.span).fix_edits(breaks));
    }
    let slips = |kinds: &[Slip]| {
        let mut edits: Vec<Edit> = kinds.iter().flat_map(|kind| repair::slips(octets, span, *kind)).collect();
        edits.sort_by_key(|edit| edit.span);
        edits
    };
    let hidden = slips(&[Slip::Invisible, Slip::Blank]);
    if let Some(first) = hidden.first() {
        found.push(INVISIBLE_CHARACTER.at(first.span).fix_edits(hidden));
    }
    let quotes = slips(&[Slip::Quote]);
    if let Some(first) = quotes.first() {
        // A straight quotation mark at the other end goes along.
        let straight =
            span.of(octets).iter().enumerate().filter(|(_, octet)| **octet == b'"').map(|(at, _)| Edit {
                span: Span::new(span.start + at, span.start + at + 1),
                replacement: String::new(),
            });
        let place = Span::new(first.span.start, quotes.last().map_or(first.span.end, |last| last.span.end));
        let edits = quotes.iter().cloned().chain(straight).collect();
        found.push(QUOTED_VALUE.at(place).arg("tag", tag).fix_edits(edits));
    }
    let mut alike = slips(&[Slip::Dash, Slip::LookAlike]);
    alike.extend(repair::letters(octets, span));
    alike.sort_by_key(|edit| edit.span);
    if let Some(first) = alike.first() {
        let (place, meant) = (first.span, first.replacement.clone());
        found.push(
            TYPOGRAPHIC_CHARACTER
                .at(place)
                .arg("found", place.of(octets))
                .arg("meant", meant)
                .fix_edits(alike),
        );
    }
    if found.is_empty() {
        let (place, shown) = first(octets, span);
        let diagnostic = INVALID_OCTET.at(place).arg("text", shown);
        found.push(match a_labels(octets, span) {
            Some((domain, ascii)) => diagnostic.fix(domain, ascii),
            None => diagnostic,
        });
    }
    found
}

/// The part as it reads once everything that [`look`] can mend is mended.
pub(super) fn mended(octets: &[u8], span: Span) -> String {
    let edits: Vec<Edit> = look(octets, span, "", "")
        .into_iter()
        .filter_map(|found| found.fix)
        .flat_map(|fix| fix.edits)
        .map(|edit| Edit {
            span: Span::new(edit.span.start - span.start, edit.span.end.min(span.end) - span.start),
            ..edit
        })
        .collect();
    lossy(&crate::diagnostics::Fix::new(edits).apply(span.of(octets)))
}

/// The domain of an address that is spelled with other letters than ASCII, and the same name as
/// A-labels (RFC 8616, 6: addresses in records are conventional ones).
fn a_labels(octets: &[u8], span: Span) -> Option<(Span, String)> {
    let text = std::str::from_utf8(span.of(octets)).ok()?;
    let (front, domain) = text.rsplit_once('@')?;
    let domain = domain.trim_end();
    let plain = front.is_ascii()
        && !domain.is_empty()
        && domain.chars().all(|c| c.is_alphanumeric() || "-.".contains(c));
    let name = plain.then(|| DomainName::parse(domain).ok())??;
    let start = span.start + front.len() + 1;
    Some((Span::new(start, start + domain.len()), name.as_str().to_owned()))
}

/// Each line break with the blanks behind it, replaced by a gap; by nothing at the end.
fn line_breaks(octets: &[u8], span: Span, gap: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut at = span.start;
    while at < span.end {
        let rest = Span::new(at, octets.len()).of(octets);
        if !matches!(rest.first(), Some(b'\r' | b'\n')) {
            at += 1;
            continue;
        }
        let length = rest.iter().take_while(|octet| matches!(octet, b'\r' | b'\n' | b' ' | b'\t')).count();
        let end = at + length;
        let replacement = if end >= span.end { "" } else { gap };
        edits.push(Edit { span: Span::new(at, end), replacement: replacement.to_owned() });
        at = end;
    }
    edits
}

/// The first character of a span that is no printable ASCII, and how it is shown.
fn first(octets: &[u8], span: Span) -> (Span, String) {
    let mut first = None;
    repair::each_char(octets, span, |place, c| {
        if first.is_none() && !matches!(c, ' '..='~' | '\t') {
            first = Some(place);
        }
    });
    let invalid = span.of(octets).utf8_chunks().next().and_then(|chunk| {
        let at = span.start + chunk.valid().len();
        chunk.invalid().first().map(|_| Span::new(at, at + 1))
    });
    let place = match (first, invalid) {
        (Some(one), Some(other)) => one.min(other),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => span,
    };
    let shown = match place.of(octets) {
        [octet] if !octet.is_ascii() => format!("\\x{octet:02X}"),
        other => lossy(other),
    };
    (place, shown)
}
