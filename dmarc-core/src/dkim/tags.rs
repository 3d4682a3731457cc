//! Lists of `name=value` tags as DKIM writes them (RFC 6376, 3.2), in keys and in signatures.

use crate::diagnostics::{Diagnostic, Span};
use crate::limits::Limits;
use crate::syntax::tag_list::{self, Segment};
use crate::text::lossy;

use super::rules::{
    DUPLICATE_TAG, EMPTY_SEGMENT, INVALID_OCTET, INVALID_TAG_NAME, MISSING_EQUALS, OBSOLETE_TAG,
    TOO_MANY_TAGS, UNKNOWN_TAG, UPPERCASE_TAG,
};

/// One `name=value` part, as written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Tag {
    /// The name.
    pub name: String,
    /// The value, without blanks around it.
    pub value: String,
    /// Where the name stands.
    pub name_span: Span,
    /// Where the value stands.
    pub value_span: Span,
}

/// The tags of one kind of list.
pub(super) struct Known {
    /// Tags that the standard defines.
    pub(super) tags: &'static [&'static str],
    /// Tags that it defined once.
    pub(super) obsolete: &'static [&'static str],
    /// Whether values may hold letters beyond ASCII (RFC 8616, 5).
    pub(super) unicode: bool,
}

/// Name and value of a part, without folding white space around them.
pub(super) fn pair(octets: &[u8], segment: &Segment) -> Option<(Span, Span)> {
    segment.pair.map(|(name, value)| (unfolded(octets, name), unfolded(octets, value)))
}

/// A span without SP, HTAB and line breaks at its ends (RFC 6376, 2.8: FWS).
fn unfolded(octets: &[u8], span: Span) -> Span {
    let inside = span.of(octets);
    let front = inside.len() - inside.trim_ascii_start().len();
    let length = inside.trim_ascii().len();
    Span::new(span.start + front, span.start + front + length)
}

/// The first character that no value may hold; an octet that is not UTF-8 counts as a character.
fn foreign(value: &[u8], known: &Known) -> Option<Span> {
    let mut at = 0;
    for chunk in value.utf8_chunks() {
        for character in chunk.valid().chars() {
            let end = at + character.len_utf8();
            let allowed = match character {
                ' '..='~' | '\t' | '\r' | '\n' => true,
                _ => known.unicode && !character.is_ascii() && !character.is_control(),
            };
            if !allowed {
                return Some(Span::new(at, end));
            }
            at = end;
        }
        if !chunk.invalid().is_empty() {
            return Some(Span::new(at, at + 1));
        }
    }
    None
}

fn is_tag_name(name: &[u8]) -> bool {
    name.first().is_some_and(u8::is_ascii_alphabetic)
        && name.iter().all(|octet| octet.is_ascii_alphanumeric() || *octet == b'_')
}

/// The tags in order, and whether the list is one.
pub(super) fn read(
    octets: &[u8],
    known: &Known,
    limits: &Limits,
    found: &mut Vec<Diagnostic>,
) -> (Vec<Tag>, bool) {
    let mut tags: Vec<Tag> = Vec::new();
    let segments = tag_list::segments(octets, limits.tags + 1);
    let before = found.len();
    for (index, segment) in segments.iter().enumerate() {
        if index == limits.tags {
            found.push(TOO_MANY_TAGS.at(segment.span).arg("limit", limits.tags));
            break;
        }
        let whole = unfolded(octets, segment.span);
        if whole.start == whole.end {
            // One separator may stand at the end.
            if let Some(separator) = segment.separator {
                found.push(
                    EMPTY_SEGMENT.at(separator..separator + 1).fix(segment.outer.start..separator + 1, ""),
                );
            }
            continue;
        }
        let Some((name, value)) = pair(octets, segment) else {
            found.push(MISSING_EQUALS.at(whole).arg("text", lossy(whole.of(octets))));
            continue;
        };
        let text = lossy(name.of(octets));
        if !is_tag_name(name.of(octets)) {
            found.push(INVALID_TAG_NAME.at(name).arg("tag", text));
            continue;
        }
        if let Some(at) = foreign(value.of(octets), known) {
            let place = Span::new(value.start + at.start, value.start + at.end);
            found.push(INVALID_OCTET.at(place).arg("text", lossy(place.of(octets))));
            continue;
        }
        if tags.iter().any(|tag| tag.name == text) {
            found.push(DUPLICATE_TAG.at(name.start..value.end).arg("tag", text));
            continue;
        }
        tags.push(Tag { name: text, value: lossy(value.of(octets)), name_span: name, value_span: value });
    }
    let sound = found.len() == before;
    for tag in &tags {
        unknown(tag, known, found);
    }
    (tags, sound)
}

/// A tag that verifiers ignore.
fn unknown(tag: &Tag, known: &Known, found: &mut Vec<Diagnostic>) {
    if known.tags.contains(&tag.name.as_str()) {
        return;
    }
    let lower = tag.name.to_ascii_lowercase();
    found.push(if known.tags.contains(&lower.as_str()) {
        UPPERCASE_TAG.at(tag.name_span).arg("tag", tag.name.as_str()).fix(tag.name_span, lower)
    } else if known.obsolete.contains(&tag.name.as_str()) {
        OBSOLETE_TAG.at(tag.name_span.start..tag.value_span.end).arg("tag", tag.name.as_str())
    } else {
        UNKNOWN_TAG.at(tag.name_span).arg("tag", tag.name.as_str())
    });
}
