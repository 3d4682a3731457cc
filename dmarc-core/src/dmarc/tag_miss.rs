//! Near misses within a record: why a part or a value is not what was meant.
//!
//! The record itself is read strictly; here only causes are named, with a fix where one is clearly
//! meant.

use crate::diagnostics::{Diagnostic, Edit, Span};
use crate::syntax::repair::{self, Slip};
use crate::syntax::tag_list::{self, Segment};
use crate::syntax::uri;
use crate::text::lossy;

use super::Edition;
use super::reading::Reading;
use super::record::Tag;
use super::rules::{
    DUPLICATE_TAG, ESCAPED_SEPARATOR, HTML_ENTITY, INVALID_OCTET, INVALID_VALUE, INVISIBLE_CHARACTER,
    LINE_BREAK, MISSING_EQUALS, MISSPELT_TAG, NEWER_TAG, QUOTED_VALUE, REMOVED_TAG, TYPOGRAPHIC_CHARACTER,
    UNKNOWN_TAG, URI_AFTER_SEPARATOR, WRONG_SEPARATOR,
};
use super::tag::TagName;
use super::value;
use super::{address_miss, meant};

/// Whether a text is a value of the tag, by either edition.
pub(super) fn is_valid(tag: TagName, text: &str) -> bool {
    match tag {
        TagName::V => text == "DMARC1",
        TagName::P | TagName::Sp | TagName::Np => value::policy(text).is_some(),
        TagName::Adkim | TagName::Aspf => value::alignment(text).is_some(),
        TagName::Fo => Edition::ALL.iter().any(|edition| value::failure_options(text, *edition).is_some()),
        TagName::Psd => value::psd(text).is_some(),
        TagName::T => value::test_mode(text).is_some(),
        TagName::Pct => value::percentage(text).is_some(),
        TagName::Ri => value::interval(text).is_some(),
        TagName::Rf => value::report_format(text).is_some(),
        TagName::Rua | TagName::Ruf => {
            let first = text.split(',').next().unwrap_or_default().trim();
            uri::Mailto::parse_bare(first).is_some() || (uri::is_uri(first) && uri::mailto(first).is_ok())
        }
    }
}

/// Reports backslashes before separators, all in one finding. Whether there are any.
pub(super) fn escaped_separators(reading: &mut Reading<'_>) -> bool {
    let edits: Vec<Edit> = backslashes(reading.octets);
    let Some(first) = edits.first() else { return false };
    reading.found.push(ESCAPED_SEPARATOR.at(first.span.start..first.span.end + 1).fix_edits(edits));
    true
}

/// Edits that take away each run of backslashes before a `;`.
pub(super) fn backslashes(octets: &[u8]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut run = 0;
    for (at, octet) in octets.iter().enumerate() {
        match octet {
            b'\\' => run += 1,
            b';' if run > 0 => {
                edits.push(Edit { span: Span::new(at - run, at), replacement: String::new() });
                run = 0;
            }
            _ => run = 0,
        }
    }
    edits
}

/// Where character references of HTML stand.
pub(super) fn entity_places(octets: &[u8]) -> Vec<Span> {
    repair::entities(octets, Span::new(0, octets.len())).into_iter().map(|edit| edit.span).collect()
}

/// Reports each character reference of HTML; gives their places.
pub(super) fn html_entities(reading: &mut Reading<'_>) -> Vec<Span> {
    let edits = repair::entities(reading.octets, Span::new(0, reading.octets.len()));
    for edit in &edits {
        reading.found.push(
            HTML_ENTITY
                .at(edit.span)
                .arg("entity", edit.span.of(reading.octets))
                .fix(edit.span, edit.replacement.as_str()),
        );
    }
    edits.into_iter().map(|edit| edit.span).collect()
}

/// Reports octets that no part may hold, named by cause. Whether there are any.
pub(super) fn foreign_octets(reading: &mut Reading<'_>, span: Span) -> bool {
    let octets = reading.octets;
    let text = span.of(octets);
    if text.iter().all(|octet| matches!(octet, b' '..=b'~' | b'\t')) {
        return false;
    }
    let mut found = Vec::new();
    if let Some(at) = text.iter().position(|octet| matches!(octet, b'\r' | b'\n')) {
        let edits = line_breaks(octets, span);
        let place = edits.first().map_or(Span::empty(span.start + at), |edit| edit.span);
        found.push(LINE_BREAK.at(place).fix_edits(edits));
    }
    let hidden: Vec<Edit> = [Slip::Invisible, Slip::Blank]
        .into_iter()
        .flat_map(|kind| repair::slips(octets, span, kind))
        .collect();
    if let Some(first) = hidden.iter().map(|edit| edit.span).min() {
        found.push(INVISIBLE_CHARACTER.at(first).fix_edits(hidden));
    }
    let quotes = repair::slips(octets, span, Slip::Quote);
    if let Some(first) = quotes.first() {
        // A straight quotation mark at the other end goes along.
        let straight = text.iter().enumerate().filter(|(_, octet)| **octet == b'"').map(|(at, _)| Edit {
            span: Span::new(span.start + at, span.start + at + 1),
            replacement: String::new(),
        });
        let tag = text.split(|octet| *octet == b'=').next().map(lossy).unwrap_or_default();
        let place = first.span;
        found.push(
            QUOTED_VALUE
                .at(place)
                .arg("tag", tag.trim())
                .fix_edits(quotes.iter().cloned().chain(straight).collect()),
        );
    }
    for kind in [Slip::Dash, Slip::LookAlike] {
        let edits = repair::slips(octets, span, kind);
        if let Some(first) = edits.first() {
            let (place, meant) = (first.span, first.replacement.clone());
            found.push(
                TYPOGRAPHIC_CHARACTER
                    .at(place)
                    .arg("found", place.of(octets))
                    .arg("meant", meant)
                    .fix_edits(edits),
            );
        }
    }
    if found.is_empty() {
        let (place, shown) = address_miss::first_foreign(octets, span);
        found.push(INVALID_OCTET.at(place).arg("text", shown));
    }
    reading.found.append(&mut found);
    let meant: String = lossy(text).chars().filter(char::is_ascii_graphic).collect();
    reading.policy_meant |= meant.starts_with("p=");
    true
}

/// Each line break with the blanks behind it, replaced by one blank; by nothing at the end.
fn line_breaks(octets: &[u8], span: Span) -> Vec<Edit> {
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
        let replacement = if end >= octets.len() { "" } else { " " };
        edits.push(Edit { span: Span::new(at, end), replacement: replacement.to_owned() });
        at = end;
    }
    edits
}

/// A part without `=`: an address behind a semicolon, a colon or blank for the `=`, or other text.
pub(super) fn without_equals(reading: &mut Reading<'_>, index: usize) {
    if uri_after_separator(reading, index) {
        return;
    }
    let Some(segment) = reading.segments.get(index).copied() else { return };
    let text = lossy(segment.span.of(reading.octets));
    let trimmed = text.trim_end_matches('\\');
    let gap = trimmed.find([':', ' ', '\t']);
    let split = gap.and_then(|at| {
        let (name, rest) = trimmed.split_at(at);
        let value = rest.trim_start_matches([':', ' ', '\t']);
        let tag = TagName::known(name)?;
        is_valid(tag, value).then(|| (tag, Span::new(at, trimmed.len() - value.len())))
    });
    let found = MISSING_EQUALS.at(segment.span).arg("text", text.as_str());
    reading.found.push(match split {
        Some((tag, gap)) => {
            reading.policy_meant |= tag == TagName::P;
            found.fix(gap.shifted(segment.span.start), "=")
        }
        None => found,
    });
}

/// Whether a part is an address that belongs to the `rua` or `ruf` before it; then it is reported.
pub(super) fn uri_after_separator(reading: &mut Reading<'_>, index: usize) -> bool {
    let previous = index.checked_sub(1).and_then(|before| reading.segments.get(before)).copied();
    let (Some(previous), Some(segment)) = (previous, reading.segments.get(index).copied()) else {
        return false;
    };
    let tag = previous.pair.and_then(|(name, _)| TagName::known(&lossy(name.of(reading.octets))));
    // The part before may itself be an address behind a semicolon.
    let tag = tag.or_else(|| {
        let listed = reading.tags.last()?.known?;
        (previous.pair.is_none() && reading.found.last()?.rule == &URI_AFTER_SEPARATOR).then_some(listed)
    });
    let (Some(tag), Some(separator)) = (tag.filter(|tag| tag.is_uri_list()), previous.separator) else {
        return false;
    };
    let text = lossy(segment.span.of(reading.octets));
    let replacement = if uri::Mailto::parse_bare(&text).is_some() {
        ",mailto:"
    } else if uri::is_uri(&text) && uri::mailto(&text).is_ok() {
        ","
    } else {
        return false;
    };
    reading.found.push(
        URI_AFTER_SEPARATOR
            .at(segment.span)
            .arg("tag", tag.as_str())
            .arg("address", text)
            .fix(separator..segment.span.start, replacement),
    );
    true
}

/// A tag that is not in the registry: misspelt, or unknown.
pub(super) fn unknown(reading: &mut Reading<'_>, tag: &Tag, _segment: &Segment) {
    let lower = tag.name.to_ascii_lowercase();
    let absent = |name: &TagName| !reading.tags.iter().any(|tag| tag.known == Some(*name));
    let value = tag.value.trim_end_matches('\\');
    let mut near: Vec<(usize, TagName)> = TagName::ALL
        .into_iter()
        .filter(|name| *name != TagName::V && absent(name) && is_valid(*name, value))
        .filter_map(|name| {
            let distance =
                if synonym(&lower) == Some(name) { 0 } else { repair::distance(&lower, name.as_str()) };
            let allowed = match lower.len() {
                1 => 0,
                2..=4 => 1,
                _ => 2,
            };
            (distance <= allowed).then_some((distance, name))
        })
        .collect();
    near.sort_unstable();
    let meant = match near.as_slice() {
        [(_, name)] => Some(*name),
        [(best, name), (next, _), ..] if best < next => Some(*name),
        _ => None,
    };
    let found = match meant {
        Some(name) => {
            reading.policy_meant |= name == TagName::P;
            MISSPELT_TAG
                .at(tag.name_span)
                .arg("tag", tag.name.as_str())
                .arg("meant", name.as_str())
                .fix(tag.name_span, name.as_str())
        }
        None => UNKNOWN_TAG.at(tag.name_span).arg("tag", tag.name.as_str()),
    };
    reading.found.push(found);
}

/// Words that people write for a tag.
fn synonym(name: &str) -> Option<TagName> {
    Some(match name {
        "policy" | "beleid" => TagName::P,
        "subdomainpolicy" | "subpolicy" | "spolicy" => TagName::Sp,
        "percent" | "percentage" => TagName::Pct,
        "dkim" | "alignkim" => TagName::Adkim,
        "spf" => TagName::Aspf,
        "aggregate" | "reports" => TagName::Rua,
        "forensic" => TagName::Ruf,
        "test" | "testing" => TagName::T,
        _ => return None,
    })
}

/// A registered tag with a value: stands it twice, is it of this edition, is its value one.
pub(super) fn known_value(reading: &mut Reading<'_>, tag: &Tag, name: TagName, escaped: bool) {
    if duplicate(reading, tag, name) {
        // The finding about the earlier value, if any, stands already.
    }
    if name == TagName::V {
        return;
    }
    let edition = reading.edition;
    if !name.is_in(edition) {
        let found = other_edition(reading, tag, name);
        reading.found.push(found);
        return;
    }
    if name.is_uri_list() {
        return;
    }
    let valid = match name {
        TagName::Fo => value::failure_options(&tag.value, edition).is_some(),
        _ => is_valid(name, &tag.value),
    };
    let stripped = tag.value.trim_end_matches('\\');
    let cause_known = escaped && stripped != tag.value && is_valid(name, stripped);
    if !valid && !cause_known {
        let found = invalid(reading, tag, name);
        reading.found.push(found);
    }
}

/// Reports a tag that stood before already.
fn duplicate(reading: &mut Reading<'_>, tag: &Tag, name: TagName) -> bool {
    let earlier = reading
        .tags
        .iter()
        .filter(|other| other.known == Some(name) && other.name_span < tag.name_span)
        .map(|other| (other.value.clone(), other.name_span))
        .next_back();
    let Some((value, _)) = earlier else { return false };
    let mut found = DUPLICATE_TAG.at(tag.name_span.start..tag.value_span.end).arg("tag", name.as_str());
    let segment = reading.segments.iter().find(|segment| segment.span.start == tag.name_span.start).copied();
    if let Some(segment) = segment.filter(|_| value == tag.value) {
        found = found.fix(removal(&segment), "");
    }
    reading.found.push(found);
    true
}

/// The span that goes when a part is taken out, with one of its separators.
fn removal(segment: &Segment) -> Span {
    match segment.separator {
        Some(at) => Span::new(segment.outer.start, at + 1),
        // The last part takes the separator before it along; the first is the version, never removed.
        None => Span::new(segment.outer.start.saturating_sub(1), segment.outer.end),
    }
}

/// A tag of the other edition.
fn other_edition(reading: &Reading<'_>, tag: &Tag, name: TagName) -> Diagnostic {
    if reading.edition == Edition::Rfc7489 {
        return NEWER_TAG.at(tag.name_span).arg("tag", name.as_str());
    }
    let mut found = REMOVED_TAG
        .at(tag.name_span.start..tag.value_span.end)
        .arg("tag", name.as_str())
        .arg("value", tag.value.as_str());
    let default = match name {
        TagName::Pct => tag.value == "100",
        TagName::Ri => tag.value == "86400",
        _ => tag.value.eq_ignore_ascii_case("afrf"),
    };
    if name != TagName::Pct || default {
        // Only `pct` changes what happens to mail.
        found.severity = crate::diagnostics::Severity::Notice;
    }
    let segment = reading.segments.iter().find(|segment| segment.span.start == tag.name_span.start);
    match segment.filter(|_| default) {
        Some(segment) => found.fix(removal(segment), ""),
        None => found,
    }
}

/// A value that the grammar does not allow, named by cause.
fn invalid(reading: &Reading<'_>, tag: &Tag, name: TagName) -> Diagnostic {
    let text = tag.value.as_str();
    let quotes = repair::surrounding_quotes(reading.octets, tag.value_span);
    if !quotes.is_empty() {
        let unquoted = text.trim_matches(|c: char| repair::is_quote(c) || c.is_whitespace());
        if is_valid(name, unquoted) {
            return QUOTED_VALUE.at(tag.value_span).arg("tag", name.as_str()).fix_edits(quotes);
        }
    }
    if let Some((gap, found)) = meant::another_tag(text, name) {
        let gap = gap.shifted(tag.value_span.start);
        let mark = tag_list::mark(reading.octets, gap);
        return WRONG_SEPARATOR.at(mark).arg("found", found).fix(gap, "; ");
    }
    let found = INVALID_VALUE
        .at(tag.value_span)
        .arg("tag", name.as_str())
        .arg("value", text)
        .arg("allowed", allowed(name, reading.edition));
    match meant::value_of(name, text, reading.edition) {
        Some(replacement) => found.fix(tag.value_span, replacement),
        None => found,
    }
}

fn allowed(name: TagName, edition: Edition) -> &'static str {
    match (name, edition) {
        (TagName::Fo, Edition::Rfc9989) => "0, 1, d, s; 0, 1: not both",
        _ => name.allowed(),
    }
}
