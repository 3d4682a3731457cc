//! Texts that are no DMARC record, and why: one finding per cause, with the change that makes it one.
//!
//! The causes are peeled off from the outside: a pasted line, quotation marks, blanks and separators
//! in front, then the version tag itself.

use crate::diagnostics::{Diagnostic, Edit, Span};
use crate::syntax::repair::{self, Slip};
use crate::text::lossy;

use super::rules::{
    EMPTY_RECORD, INVISIBLE_CHARACTER, LEADING_BLANK, LEADING_SEPARATOR, LINE_BREAK, MISSING_VERSION,
    OTHER_RECORD, PASTED_LINE, QUOTED_RECORD, TYPOGRAPHIC_CHARACTER,
};
use super::version;

/// The first words of records of other kinds, in lower case.
const OTHERS: [(&str, &str); 6] = [
    ("v=spf1", "SPF"),
    ("spf2.0/", "Sender ID"),
    ("v=dkim1", "DKIM"),
    ("v=stsv1", "MTA-STS"),
    ("v=tlsrptv1", "TLS-RPT"),
    ("v=bimi1", "BIMI"),
];

/// Octets of a text that are searched for causes. Longer texts are something else altogether.
const LOOKED_AT: usize = 16 << 10;

/// Why a text is not a DMARC record.
pub(super) fn why_not(octets: &[u8]) -> Vec<Diagnostic> {
    let text = lossy(octets);
    if text.trim().is_empty() {
        return vec![EMPTY_RECORD.at(0..octets.len())];
    }
    let lower = text.trim_start().to_ascii_lowercase();
    if let Some((start, kind)) = OTHERS.iter().find(|(start, _)| lower.starts_with(start)) {
        let front = text.len() - text.trim_start().len();
        return vec![OTHER_RECORD.at(front..front + start.len()).arg("kind", *kind)];
    }
    if octets.len() > LOOKED_AT {
        return vec![MISSING_VERSION.at(0..0)];
    }
    if std::str::from_utf8(octets).is_ok()
        && let Some(record) = repair::pasted_line(&text, "dmarc1")
        // `TXT record: v=DMARC1; …` is a label, not the name and the data of a record.
        && labeled(record.as_bytes()).is_none()
    {
        let found = PASTED_LINE.at(0..octets.len());
        // Where the record stands in the line as it is, only what is around it goes.
        return vec![match text.find(&record) {
            Some(at) => found.fix_edits(around(at, at + record.len(), octets.len())),
            None => found.fix(0..octets.len(), record),
        }];
    }
    if let Some(found) = labeled(octets) {
        return vec![found];
    }
    let mut found = Vec::new();
    let start = front(octets, &mut found);
    version::look(octets, start, &mut found);
    if found.is_empty() {
        found.push(MISSING_VERSION.at(start..start));
    }
    found
}

/// Typographic characters come from one program that changed the text: one cause, and one fix, however
/// many stand in it.
pub(super) fn join_typography(found: &mut Vec<Diagnostic>) {
    let is_one = |one: &Diagnostic| one.rule == &TYPOGRAPHIC_CHARACTER && one.fix.is_some();
    let mut edits: Vec<Edit> = Vec::new();
    for edit in
        found.iter().filter(|one| is_one(one)).filter_map(|one| one.fix.as_ref()).flat_map(|fix| &fix.edits)
    {
        if !edits.contains(edit) {
            edits.push(edit.clone());
        }
    }
    let Some(first) = found.iter().filter(|one| is_one(one)).min_by_key(|one| one.span).cloned() else {
        return;
    };
    found.retain(|one| !is_one(one));
    found.push(first.fix_edits(edits));
}

/// The edits that leave only a part of a text.
fn around(start: usize, end: usize, length: usize) -> Vec<Edit> {
    [Span::new(0, start), Span::new(end, length)]
        .into_iter()
        .filter(|span| span.start < span.end)
        .map(|span| Edit { span, replacement: String::new() })
        .collect()
}

/// A record behind a name or label: `_dmarc.example.com v=DMARC1; …`, `Value: v=DMARC1; …`.
fn labeled(octets: &[u8]) -> Option<Diagnostic> {
    let lower = octets.to_ascii_lowercase();
    let at = lower.windows(b"v=dmarc1".len()).position(|word| word == b"v=dmarc1")?;
    let front = std::str::from_utf8(octets.get(..at)?).ok()?;
    let label = front.trim_end_matches(|c: char| repair::is_quote(c) || c.is_whitespace());
    let apart = label.ends_with([':', '=']) || label.len() < front.len();
    let nested = front.to_ascii_lowercase().contains("dmarc1");
    if !apart || nested || label.contains(';') || !label.chars().any(char::is_alphanumeric) {
        return None;
    }
    let quoted = front.get(label.len()..).is_some_and(|gap| gap.contains(repair::is_quote));
    let rest = Span::new(at, octets.len());
    let end = repair::surrounding_quotes(octets, rest)
        .first()
        .filter(|_| quoted)
        .map_or(rest.end, |e| e.span.start);
    Some(PASTED_LINE.at(0..at).fix_edits(around(at, end, octets.len())))
}

/// Reports what stands in front of the version, and gives the offset behind it.
fn front(octets: &[u8], found: &mut Vec<Diagnostic>) -> usize {
    let whole = Span::new(0, octets.len());
    let quotes = quotation(octets, whole);
    let mut start = 0;
    if let Some(first) = quotes.first() {
        if first.span.start == 0 {
            start = first.span.end;
        }
        let place = first.span;
        found.push(QUOTED_RECORD.at(place).fix_edits(quotes));
    }
    loop {
        let rest = Span::new(start, octets.len());
        let blank = rest.of(octets).iter().take_while(|octet| octet.is_ascii_whitespace()).count();
        if blank > 0 {
            let place = Span::new(start, start + blank);
            let breaks = place.of(octets).iter().any(|octet| matches!(octet, b'\r' | b'\n'));
            let rule = if breaks { &LINE_BREAK } else { &LEADING_BLANK };
            merge(found, rule.at(place).fix(place, ""));
            start = place.end;
            continue;
        }
        let next = Span::new(start, octets.len().min(start + 4));
        let first = next.of(octets).utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
        let hidden = first.filter(|c| matches!(repair::slip(*c), Some((Slip::Invisible | Slip::Blank, _))));
        if let Some(place) = hidden.map(|c| Span::new(start, start + c.len_utf8())) {
            merge(found, INVISIBLE_CHARACTER.at(place).fix(place, ""));
            start = place.end;
            continue;
        }
        if rest.of(octets).first() == Some(&b';') {
            let place = Span::new(start, start + 1);
            merge(found, LEADING_SEPARATOR.at(place).fix(place, ""));
            start = place.end;
            continue;
        }
        return start;
    }
}

/// Adds a finding; a run of the same cause is one finding.
fn merge(found: &mut Vec<Diagnostic>, next: Diagnostic) {
    if let Some(last) = found.last_mut()
        && last.rule == next.rule
        && let (Some(span), Some(fix), Some(more)) = (&mut last.span, &mut last.fix, &next.fix)
        && next.span.is_some_and(|place| place.start == span.end)
    {
        span.end = next.span.map_or(span.end, |place| place.end);
        fix.edits.extend(more.edits.iter().cloned());
    } else {
        found.push(next);
    }
}

/// Edits that take away quotation marks around the record, and between its character-strings.
fn quotation(octets: &[u8], whole: Span) -> Vec<Edit> {
    // `\"v=DMARC1; …\"`, as in a text within a text.
    if octets.starts_with(b"\\\"") {
        return repair::places(octets, b"\\\"", "");
    }
    let mut edits = repair::surrounding_quotes(octets, whole);
    let straight = octets.iter().filter(|octet| **octet == b'"').count();
    let outer = edits.iter().any(|edit| edit.span.of(octets).contains(&b'"'));
    if outer && straight > 2 {
        let bounds = |edit: &Edit| edit.span;
        let inner_start = edits.iter().map(bounds).find(|span| span.start == 0).map_or(0, |span| span.end);
        let inner_end = edits
            .iter()
            .map(bounds)
            .find(|span| span.end == octets.len())
            .map_or(octets.len(), |span| span.start);
        let mut at = inner_start;
        while at < inner_end {
            let rest = Span::new(at, inner_end).of(octets);
            let Some(open) = rest.iter().position(|octet| *octet == b'"') else { break };
            let behind = rest.get(open + 1..).unwrap_or_default();
            let blank = behind.iter().take_while(|octet| octet.is_ascii_whitespace()).count();
            if behind.get(blank) == Some(&b'"') {
                let end = at + open + 1 + blank + 1;
                edits.push(Edit { span: Span::new(at + open, end), replacement: String::new() });
                at = end;
            } else {
                at += open + 1;
            }
        }
        edits.sort_by_key(|edit| edit.span);
    }
    edits
}
