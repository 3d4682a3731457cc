//! Near misses within a record: why a part or a value is not what was meant.
//!
//! The record itself is read strictly; here only causes are named, with a fix where one is clearly
//! meant.

use crate::diagnostics::{Diagnostic, Edit, Fix, Span};
use crate::syntax::repair;
use crate::syntax::tag_list::{self, Segment};
use crate::syntax::uri;
use crate::text::lossy;

use super::reading::Reading;
use super::record::Tag;
use super::rules::{
    DUPLICATE_TAG, ESCAPED_SEPARATOR, HTML_ENTITY, INVALID_OCTET, INVALID_VALUE, MISSING_EQUALS,
    MISSPELT_TAG, NEWER_TAG, QUOTED_VALUE, REMOVED_TAG, UNKNOWN_TAG, URI_AFTER_SEPARATOR, WRONG_SEPARATOR,
};
use super::tag::TagName;
use super::{Edition, foreign, meant, value};

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
    if let Some(first) = edits.first().map(|edit| edit.span) {
        let found = HTML_ENTITY.at(first).arg("entity", first.of(reading.octets));
        reading.found.push(found.fix_edits(edits.clone()));
    }
    edits.into_iter().map(|edit| edit.span).collect()
}

/// Where HTML is reported that keeps a `p` from being read.
pub(super) fn policy_behind_entities(reading: &Reading<'_>) -> Option<Span> {
    let edits = repair::entities(reading.octets, Span::new(0, reading.octets.len()));
    let place = edits.first()?.span;
    let text = Fix::new(edits).apply(reading.octets);
    let is_policy =
        |segment: &Segment| segment.pair.is_some_and(|(name, _)| name.of(&text).eq_ignore_ascii_case(b"p"));
    tag_list::segments(&text, reading.segments.len() + 1).iter().any(is_policy).then_some(place)
}

/// Reports octets that no part may hold, named by cause. Whether there are any.
pub(super) fn foreign_octets(reading: &mut Reading<'_>, span: Span) -> bool {
    let octets = reading.octets;
    let text = span.of(octets);
    if foreign::is_plain(text) {
        return false;
    }
    let tag = text.split(|octet| *octet == b'=').next().map(lossy).unwrap_or_default();
    let mut found = foreign::look(octets, span, tag.trim(), " ");
    let meant: String = foreign::mended(octets, span).chars().filter(char::is_ascii_graphic).collect();
    if meant.starts_with("p=") {
        reading.policy_meant = found.first().and_then(|found| found.span);
    }
    reading.found.append(&mut found);
    true
}

/// A value with an octet that cannot be mended by itself: the whole value may still be clear, as in
/// `p=réject`.
pub(super) fn foreign_value(reading: &mut Reading<'_>, tag: &Tag, name: TagName) {
    let clear = meant::value_of(name, &tag.value, reading.edition);
    if let (Some(last), Some(value)) = (reading.found.last_mut(), clear)
        && last.rule == &INVALID_OCTET
    {
        let found = last.clone();
        *last = found.fix(tag.value_span, value);
    }
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
            if tag == TagName::P {
                reading.policy_meant = Some(segment.span);
            }
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
    let list = previous.pair.map(|(_, value)| lossy(value.of(reading.octets))).unwrap_or_default();
    let element = list.rsplit(',').next().unwrap_or_default().trim();
    if element.eq_ignore_ascii_case("mailto") && uri::Mailto::parse_bare(&text).is_some() {
        // `mailto;a@example.com`: the list itself reports it.
        return true;
    }
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
pub(super) fn unknown(reading: &mut Reading<'_>, tag: &Tag) {
    // Nobody reads the value: what it holds does not matter.
    if reading.found.last().is_some_and(|last| {
        last.rule == &INVALID_OCTET && last.span.is_some_and(|place| tag.value_span.start <= place.start)
    }) {
        reading.found.pop();
    }
    let lower = tag.name.to_ascii_lowercase();
    let absent = |name: &TagName| !reading.tags.iter().any(|tag| tag.known == Some(*name));
    let value = tag.value.trim_end_matches('\\');
    // The value must fit the tag that is meant, or be a near miss of its own.
    let fits =
        |name: TagName| is_valid(name, value) || meant::value_of(name, value, reading.edition).is_some();
    let mut near: Vec<(usize, TagName)> = TagName::ALL
        .into_iter()
        .filter(|name| *name != TagName::V && absent(name) && fits(*name))
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
            if name == TagName::P {
                reading.policy_meant = Some(tag.name_span);
            }
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
    // What is left of the value without its backslash is read again by itself.
    let cause_known = escaped && tag.value.ends_with('\\');
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
