//! Near misses in a list of reporting addresses: why an element is no URI, and what was meant.

use crate::diagnostics::{Diagnostic, Edit, Span};
use crate::syntax::repair::{self, Slip};
use crate::syntax::uri;
use crate::text::lossy;

use super::address::split_size;
use super::rules::{
    INVALID_OCTET, INVALID_URI, INVISIBLE_CHARACTER, MISSING_COMMA, MISSING_MAILTO, NO_ADDRESS, QUOTED_VALUE,
    RAW_EXCLAMATION, TYPOGRAPHIC_CHARACTER, WRONG_SEPARATOR,
};
use super::tag::TagName;

/// An element that holds octets which no URI may hold, named by cause.
pub(super) fn foreign(octets: &[u8], element: Span, tag: TagName, found: &mut Vec<Diagnostic>) {
    let before = found.len();
    let mut meant = lossy(element.of(octets));
    for kind in [Slip::Invisible, Slip::Blank, Slip::Quote] {
        let edits = repair::slips(octets, element, kind);
        if let Some(first) = edits.first() {
            let edits =
                edits.iter().map(|edit| Edit { replacement: String::new(), ..edit.clone() }).collect();
            found.push(INVISIBLE_CHARACTER.at(first.span).fix_edits(edits));
            if kind == Slip::Quote
                && let Some(last) = found.last_mut()
            {
                let fix = last.fix.take();
                *last = QUOTED_VALUE.at(first.span).arg("tag", tag.as_str());
                last.fix = fix;
            }
        }
    }
    for kind in [Slip::Dash, Slip::LookAlike] {
        let edits = repair::slips(octets, element, kind);
        if let Some(first) = edits.first() {
            found.push(
                TYPOGRAPHIC_CHARACTER
                    .at(first.span)
                    .arg("found", first.span.of(octets))
                    .arg("meant", first.replacement.as_str())
                    .fix_edits(edits),
            );
        }
    }
    if found.len() == before {
        let (place, shown) = first_foreign(octets, element);
        found.push(INVALID_OCTET.at(place).arg("text", shown));
        return;
    }
    // What is left once these are mended may still be no address: say so in the same pass.
    meant = meant
        .chars()
        .filter_map(|c| match repair::slip(c) {
            Some((Slip::Dash | Slip::LookAlike, meant)) => meant.chars().next(),
            Some(_) => None,
            None => Some(c),
        })
        .collect();
    if meant.is_ascii()
        && uri::is_uri(&meant)
        && meant.to_ascii_lowercase().starts_with("mailto:")
        && uri::mailto(&meant).is_err()
    {
        found.push(NO_ADDRESS.at(element).arg("tag", tag.as_str()).arg("uri", element.of(octets)));
    }
}

/// The first character of a span that is no printable ASCII.
pub(super) fn first_foreign(octets: &[u8], span: Span) -> (Span, String) {
    let mut first = None;
    repair::each_char(octets, span, |place, c| {
        if first.is_none() && !matches!(c, ' '..='~') {
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

/// Why an element is no URI, with a fix where one is clearly meant.
pub(super) fn malformed(bare: &str, span: Span, tag: TagName) -> Diagnostic {
    let invalid = |fix: Option<String>| {
        let diagnostic = INVALID_URI.at(span).arg("tag", tag.as_str()).arg("uri", bare);
        match fix {
            Some(replacement) => diagnostic.fix(span, replacement),
            None => diagnostic,
        }
    };
    if uri::Mailto::parse_bare(bare).is_some() {
        let at = Span::empty(span.start);
        return MISSING_MAILTO.at(span).arg("tag", tag.as_str()).arg("address", bare).fix(at, "mailto:");
    }
    if let Some(diagnostic) = misspelt_scheme(bare, span, tag) {
        return diagnostic;
    }
    if let Some(diagnostic) = joined(bare, span, tag) {
        return diagnostic;
    }
    let stripped = bare.trim_matches(|c| repair::is_quote(c) || matches!(c, '<' | '>' | ' '));
    if stripped != bare {
        if uri::is_uri(stripped) {
            return invalid(Some(stripped.to_owned()));
        }
        if uri::Mailto::parse_bare(stripped).is_some() {
            return invalid(Some(format!("mailto:{stripped}")));
        }
    }
    if let Some((scheme, rest)) = bare.split_once(':') {
        let inner = rest.trim_matches(|c| repair::is_quote(c) || matches!(c, '<' | '>' | ' '));
        let mended = format!("{scheme}:{inner}");
        if mended != bare && uri::is_uri(&mended) && uri::mailto(&mended).is_ok() {
            return invalid(Some(mended));
        }
    }
    if uri::is_uri(bare) && bare.contains('!') {
        return exclamation(bare, span, tag);
    }
    invalid(None)
}

/// An `!` that begins no size limit: an escape is meant, or a size with a unit too many.
fn exclamation(bare: &str, span: Span, tag: TagName) -> Diagnostic {
    let finding = |place: Span| RAW_EXCLAMATION.at(place).arg("tag", tag.as_str()).arg("uri", bare);
    let (front, back) = bare.rsplit_once('!').unwrap_or((bare, ""));
    if back.contains('@') || !front.contains('@') {
        let marks: Vec<Edit> = bare
            .match_indices('!')
            .map(|(at, _)| Edit {
                span: Span::new(span.start + at, span.start + at + 1),
                replacement: "%21".to_owned(),
            })
            .collect();
        return finding(marks.first().map_or(span, |edit| edit.span)).fix_edits(marks);
    }
    let suffix = Span::new(span.start + front.len(), span.end);
    let digits: String = back.chars().take_while(char::is_ascii_digit).collect();
    let unit = match back.get(digits.len()..).unwrap_or_default().to_ascii_lowercase().as_str() {
        "" if digits.is_empty() => return finding(suffix).fix(suffix, ""),
        "kb" | "kib" => 'k',
        "mb" | "mib" => 'm',
        "gb" | "gib" => 'g',
        "tb" | "tib" => 't',
        _ => return finding(suffix),
    };
    if digits.is_empty() {
        return finding(suffix);
    }
    finding(suffix).fix(suffix, format!("!{digits}{unit}"))
}

/// `mail to:a@…`, `malto:a@…`, `mailto;a@…`, `mailto=a@…`, `mailto a@…`.
pub(super) fn misspelt_scheme(bare: &str, span: Span, tag: TagName) -> Option<Diagnostic> {
    let at = bare.find('@')?;
    let end = bare.get(..at)?.rfind([':', '=', ' '])?;
    let scheme = bare.get(..end)?.trim();
    let compact: String =
        scheme.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
    let address = bare.get(end + 1..)?.trim();
    let close = !compact.is_empty() && repair::distance(&compact, "mailto") <= 2 && scheme.len() <= 12;
    let valid_already = scheme.eq_ignore_ascii_case("mailto")
        && bare.as_bytes().get(end) == Some(&b':')
        && bare.get(end + 1..) == Some(address);
    if !close || valid_already || uri::Mailto::parse_bare(address).is_none() {
        return None;
    }
    Some(
        INVALID_URI.at(span).arg("tag", tag.as_str()).arg("uri", bare).fix(span, format!("mailto:{address}")),
    )
}

/// Two things in one element: another URI behind a blank, or another tag behind a comma or blank.
fn joined(bare: &str, span: Span, tag: TagName) -> Option<Diagnostic> {
    let at = bare.find([' ', '\t'])?;
    let (first, rest) = bare.split_at(at);
    let second = rest.trim_start();
    let gap = Span::new(span.start + at, span.start + at + (rest.len() - second.len()));
    let good = |text: &str| {
        let (text, _) = split_size(text);
        uri::Mailto::parse_bare(text).is_some() || (uri::is_uri(text) && uri::mailto(text).is_ok())
    };
    if !good(first) {
        return None;
    }
    if second.split_whitespace().all(good) {
        return Some(MISSING_COMMA.at(gap).arg("tag", tag.as_str()).fix(gap, ","));
    }
    let (name, _) = second.split_once('=')?;
    TagName::known(name.trim())?;
    Some(WRONG_SEPARATOR.at(gap).arg("found", " ").fix(gap, "; "))
}
