//! Near misses in a list of reporting addresses: why an element is no URI, and what was meant.

use crate::diagnostics::{Diagnostic, Edit, Span};
use crate::syntax::{repair, tag_list, uri};
use crate::text::lossy;

use super::Edition;
use super::address::{is_element, split_size};
use super::rules::{
    INVALID_URI, MISSING_COMMA, MISSING_MAILTO, QUOTED_VALUE, RAW_EXCLAMATION, WRONG_SEPARATOR,
};
use super::tag::TagName;

/// The list without what was wrapped around it by mistake: quotation marks, which are reported, and
/// the backslash of an escaped separator, which is reported with the others of its kind.
pub(super) fn unwrapped(octets: &[u8], value: Span, tag: TagName, found: &mut Vec<Diagnostic>) -> Span {
    let mut inner = value;
    if octets.get(value.end) == Some(&b';') {
        let escapes = value.of(octets).iter().rev().take_while(|octet| **octet == b'\\').count();
        inner.end -= escapes;
    }
    let quotes = repair::surrounding_quotes(octets, inner);
    let (Some(first), Some(last)) = (quotes.first(), quotes.last()) else { return inner };
    if lossy(inner.of(octets)).split(',').all(|text| is_element(text.trim())) {
        return inner;
    }
    // A mark at one end alone may have its fellow inside: `mailto:"a@example.com"`.
    let elements = tag_list::elements(octets, inner, b',');
    let element = if first.span.start == inner.start { elements.first() } else { elements.last() };
    let text = lossy(element.unwrap_or(&inner).of(octets));
    let marks = text.chars().filter(|c| repair::is_quote(*c)).count();
    if quotes.len() == 1 && marks > 1 {
        return inner;
    }
    let place = Span::new(first.span.start, last.span.end);
    for edit in &quotes {
        if edit.span.start == inner.start {
            inner.start = edit.span.end;
        } else {
            inner.end = edit.span.start;
        }
    }
    // Nothing but quotation marks: there is no list inside.
    inner.end = inner.end.max(inner.start);
    found.push(QUOTED_VALUE.at(place).arg("tag", tag.as_str()).fix_edits(quotes));
    inner
}

/// Why an element is no URI, with a fix where one is clearly meant.
pub(super) fn malformed(octets: &[u8], bare: &str, span: Span, tag: TagName) -> Diagnostic {
    let invalid = INVALID_URI.at(span).arg("tag", tag.as_str()).arg("uri", bare);
    let front = |length: usize| Span::new(span.start, span.start + length);
    if let Some((address, gap)) = split_scheme(octets, bare, span) {
        return INVALID_URI
            .at(span.start..address.end)
            .arg("tag", tag.as_str())
            .arg("uri", Span::new(span.start, address.end).of(octets))
            .fix(gap, ":");
    }
    if let Some((name, rest)) = bare.split_once('=')
        && TagName::known(name.trim()).is_some()
        && is_element(rest)
    {
        return invalid.fix(front(name.len() + 1), "");
    }
    if let Some(end) = misspelt_scheme(bare) {
        return invalid.fix(front(end), "mailto:");
    }
    if uri::Mailto::parse_bare(bare).is_some() {
        let at = Span::empty(span.start);
        return MISSING_MAILTO.at(span).arg("tag", tag.as_str()).arg("address", bare).fix(at, "mailto:");
    }
    if let Some(diagnostic) = joined(bare, span, tag) {
        return diagnostic;
    }
    let wrapped = |c: char| repair::is_quote(c) || matches!(c, '<' | '>' | ' ');
    let stripped = bare.trim_matches(wrapped);
    if stripped != bare {
        if is_element(stripped) {
            return invalid.fix(span, stripped);
        }
        if uri::Mailto::parse_bare(stripped).is_some() {
            return invalid.fix(span, format!("mailto:{stripped}"));
        }
    }
    if let Some((scheme, rest)) = bare.split_once(':') {
        let mended = format!("{scheme}:{}", rest.trim_matches(wrapped));
        if mended != bare && is_element(&mended) {
            return invalid.fix(span, mended);
        }
    }
    if uri::is_uri(bare) && bare.contains('!') {
        return exclamation(bare, span, tag);
    }
    invalid
}

/// `mailto;a@example.com`: the address behind the separator, and the gap that should be a colon.
fn split_scheme(octets: &[u8], bare: &str, span: Span) -> Option<(Span, Span)> {
    if !bare.eq_ignore_ascii_case("mailto") {
        return None;
    }
    let [_, behind, ..] = *tag_list::segments(octets.get(span.end..)?, 3) else { return None };
    let address = behind.span.shifted(span.end);
    uri::Mailto::parse_bare(&lossy(address.of(octets)))?;
    Some((address, Span::new(span.end, address.start)))
}

/// An `!` that begins no size limit: an escape is meant, or a size with a unit too many.
fn exclamation(bare: &str, span: Span, tag: TagName) -> Diagnostic {
    let finding = |place: Span| RAW_EXCLAMATION.at(place).arg("tag", tag.as_str()).arg("uri", bare);
    let (front, back) = bare.rsplit_once('!').unwrap_or((bare, ""));
    if back.contains('@') || !front.contains('@') || front.contains('!') {
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

/// `mail to:a@…`, `malto:a@…`, `email:a@…`, `mailto=a@…`, `mailto a@…`, `mailto.a@…`, `mailtoa@…`: where the
/// address begins.
pub(super) fn misspelt_scheme(bare: &str) -> Option<usize> {
    let at = bare.find('@')?;
    let local = bare.get(..at)?;
    let glued = local.get(.."mailto".len()).filter(|word| word.eq_ignore_ascii_case("mailto"));
    let end = match local.rfind([':', '=', ' ', '\t']) {
        Some(sign) => sign + 1,
        None => glued?.len(),
    };
    let behind = bare.get(end..)?;
    let address = behind.trim_start_matches(['/', ' ', '\t', '.']);
    let scheme = bare.get(..end)?;
    let letters: String =
        scheme.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
    let known = matches!(letters.as_str(), "mail" | "email" | "maito" | "mailaddress");
    let close = known || (scheme.len() <= 12 && repair::distance(&letters, "mailto") <= 2);
    let proper = scheme.eq_ignore_ascii_case("mailto:") && address == behind;
    let bare_address = address.trim_end();
    let works =
        uri::Mailto::parse_bare(bare_address).is_some() && is_element(&format!("mailto:{bare_address}"));
    (close && !proper && works).then_some(bare.len() - address.len())
}

/// Two things in one element: another URI behind a blank, or another tag behind a blank.
fn joined(bare: &str, span: Span, tag: TagName) -> Option<Diagnostic> {
    let is_address = |text: &str| uri::Mailto::parse_bare(split_size(text, Edition::Rfc7489).0).is_some();
    let mut edits = Vec::new();
    let mut at = 0;
    for (index, word) in bare.split([' ', '\t']).enumerate() {
        let start = at;
        at += word.len() + 1;
        if word.is_empty() {
            continue;
        }
        let behind = bare.get(..start)?.trim_end().len();
        let gap = Span::new(span.start + behind, span.start + start);
        if index > 0 {
            let follows = bare.get(start..)?.split_once('=').map(|(name, _)| name.trim());
            if follows.and_then(TagName::known).is_some() {
                return edits.is_empty().then(|| WRONG_SEPARATOR.at(gap).arg("found", " ").fix(gap, "; "));
            }
            edits.push(Edit {
                span: gap,
                replacement: if is_address(word) { ",mailto:" } else { "," }.to_owned(),
            });
        }
        if !is_address(word) && !is_element(word) {
            return None;
        }
    }
    let first = edits.first()?.span;
    Some(MISSING_COMMA.at(first).arg("tag", tag.as_str()).fix_edits(edits))
}
