//! The list of tags of a key record (RFC 6376, 3.2 and 3.6.1), and what breaks it.

use crate::diagnostics::{self, Diagnostic, Effect, Parsed, Span};
use crate::limits::Limits;
use crate::syntax::tag_list::{self, Segment};
use crate::text::lossy;

use super::key::{Key, KeyType, Name as _, Service, Tag};
use super::material::{self, Stated};
use super::rules::{
    DUPLICATE_TAG, EMPTY_RECORD, EMPTY_SEGMENT, INVALID_OCTET, INVALID_TAG_NAME, INVALID_VERSION,
    MISSING_EQUALS, MISSING_KEY, NO_KEY_RECORD, OBSOLETE_TAG, REVOKED_KEY, TOO_LONG, TOO_MANY_TAGS,
    UNKNOWN_KEY_TYPE, UNKNOWN_TAG, UPPERCASE_TAG, VERSION_NOT_FIRST,
};
use super::{lint, paste};

/// The version, exactly.
const VERSION: &str = "DKIM1";
/// Tags of RFC 6376, 3.6.1.
const KNOWN: [&str; 7] = ["v", "h", "k", "n", "p", "s", "t"];
/// The tag of RFC 4871 that RFC 6376 removed.
const GRANULARITY: &str = "g";

/// The record with its findings, each fix with its effect.
pub(super) fn read(octets: &[u8], limits: &Limits) -> Parsed<Key> {
    let mut parsed = read_once(octets, limits);
    diagnostics::sort(&mut parsed.diagnostics);
    let before = parsed.value.as_ref();
    for fix in parsed.diagnostics.iter_mut().filter_map(|found| found.fix.as_mut()) {
        let after = read_once(&fix.apply(octets), limits).value;
        fix.effect = Some(effect(before, after.as_ref()));
    }
    parsed
}

/// What a mend does: a key that can be used lets mail pass that failed before.
fn effect(before: Option<&Key>, after: Option<&Key>) -> Effect {
    let usable = |key: Option<&Key>| key.is_some_and(|key| key.state() == super::State::Usable);
    let meaning = |key: &Key| {
        (
            key.kind.clone(),
            key.public_key.clone(),
            key.hashes.clone(),
            key.services.clone(),
            key.flags.clone(),
        )
    };
    match (usable(before), usable(after)) {
        (false, true) => Effect::Looser,
        (true, false) => Effect::Stricter,
        (true, true) if before.map(meaning) != after.map(meaning) => Effect::Mixed,
        _ => Effect::None,
    }
}

pub(super) fn is_record(octets: &[u8]) -> bool {
    let segments = tag_list::segments(octets, Limits::default().tags);
    if segments.iter().any(|segment| paste::armor(segment.span.of(octets))) {
        return false;
    }
    let mut pairs = segments.iter().filter_map(|segment| pair(octets, segment));
    let version = segments.first().and_then(|segment| pair(octets, segment));
    match version {
        Some((name, value)) if name.of(octets) == b"v" => value.of(octets) == VERSION.as_bytes(),
        _ => pairs.any(|(name, _)| KNOWN.iter().any(|known| known.as_bytes() == name.of(octets))),
    }
}

/// Name and value of a part, without folding white space around them.
fn pair(octets: &[u8], segment: &Segment) -> Option<(Span, Span)> {
    segment.pair.map(|(name, value)| (unfolded(octets, name), unfolded(octets, value)))
}

/// A span without SP, HTAB and line breaks at its ends (RFC 6376, 2.8: FWS).
fn unfolded(octets: &[u8], span: Span) -> Span {
    let inside = span.of(octets);
    let front = inside.len() - inside.trim_ascii_start().len();
    let length = inside.trim_ascii().len();
    Span::new(span.start + front, span.start + front + length)
}

fn read_once(octets: &[u8], limits: &Limits) -> Parsed<Key> {
    let none = |found: Diagnostic| Parsed { value: None, diagnostics: vec![found] };
    if octets.len() > limits.record_octets {
        let found = TOO_LONG.at(limits.record_octets..octets.len());
        return none(found.arg("octets", octets.len()).arg("limit", limits.record_octets));
    }
    if octets.trim_ascii().is_empty() {
        return none(EMPTY_RECORD.at(0..octets.len()));
    }
    if let Some(found) = paste::look(octets) {
        return Parsed { value: None, diagnostics: vec![found] };
    }
    if !is_record(octets) {
        return none(no_record(octets));
    }
    let mut found = Vec::new();
    let (tags, sound) = tags(octets, limits, &mut found);
    let key = key(octets, tags, sound, &mut found);
    Parsed { value: Some(key), diagnostics: found }
}

/// Why a text is no key record.
fn no_record(octets: &[u8]) -> Diagnostic {
    let first = tag_list::segments(octets, 2).into_iter().next();
    let Some((name, value)) = first.and_then(|segment| pair(octets, &segment)) else {
        return NO_KEY_RECORD.at(0..octets.len().min(40));
    };
    let shown = lossy(value.of(octets));
    let like: String = shown.chars().filter(char::is_ascii_alphanumeric).collect();
    let found = INVALID_VERSION.at(value).arg("value", shown.as_str());
    if !name.of(octets).eq_ignore_ascii_case(b"v") {
        return NO_KEY_RECORD.at(0..octets.len().min(40));
    }
    if like.eq_ignore_ascii_case(VERSION) || like.eq_ignore_ascii_case("dkim") {
        return found.fix(value, VERSION);
    }
    if like.to_ascii_lowercase().starts_with("dkim") {
        found
    } else {
        NO_KEY_RECORD.at(name.start..value.end)
    }
}

fn is_tag_name(name: &[u8]) -> bool {
    name.first().is_some_and(u8::is_ascii_alphabetic)
        && name.iter().all(|octet| octet.is_ascii_alphanumeric() || *octet == b'_')
}

/// The tags in order, and whether the list is one.
fn tags(octets: &[u8], limits: &Limits, found: &mut Vec<Diagnostic>) -> (Vec<Tag>, bool) {
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
        let plain = |octet: &u8| matches!(octet, b' '..=b'~' | b'\t' | b'\r' | b'\n');
        if let Some(at) = value.of(octets).iter().position(|octet| !plain(octet)) {
            let place = Span::new(value.start + at, value.start + at + 1);
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
        unknown(tag, found);
    }
    (tags, sound)
}

/// A tag that verifiers ignore.
fn unknown(tag: &Tag, found: &mut Vec<Diagnostic>) {
    if KNOWN.contains(&tag.name.as_str()) {
        return;
    }
    let lower = tag.name.to_ascii_lowercase();
    found.push(if KNOWN.contains(&lower.as_str()) {
        UPPERCASE_TAG.at(tag.name_span).arg("tag", tag.name.as_str()).fix(tag.name_span, lower)
    } else if tag.name == GRANULARITY {
        OBSOLETE_TAG.at(tag.name_span.start..tag.value_span.end).arg("tag", GRANULARITY)
    } else {
        UNKNOWN_TAG.at(tag.name_span).arg("tag", tag.name.as_str())
    });
}

/// The value of the tags.
fn key(octets: &[u8], tags: Vec<Tag>, sound: bool, found: &mut Vec<Diagnostic>) -> Key {
    let tag = |name: &str| tags.iter().find(|tag| tag.name == name);
    let version_late = tags.iter().skip(1).find(|tag| tag.name == "v");
    if let Some(version) = version_late {
        found.push(VERSION_NOT_FIRST.at(version.name_span.start..version.value_span.end));
    }
    let kind = tag("k").map_or(KeyType::Rsa, |tag| KeyType::named(&tag.value));
    let material = tag("p");
    let revoked = material.is_some_and(|tag| tag.value.is_empty());
    let mut public_key = None;
    match material {
        None => found.push(MISSING_KEY.at(octets.len()..octets.len())),
        Some(tag) if revoked => found.push(REVOKED_KEY.at(tag.name_span.start..tag.value_span.end)),
        Some(p) if !kind.is_unknown() => {
            let stated = Stated {
                octets,
                value: p.value_span,
                kind_at: tag("k").map(|tag| tag.value_span),
                tag_at: p.name_span.start,
                kind: &kind,
            };
            public_key = material::decode(&stated, found);
        }
        Some(_) => {}
    }
    if let (Some(tag), true) = (tag("k"), kind.is_unknown()) {
        found.push(UNKNOWN_KEY_TYPE.at(tag.value_span).arg("value", tag.value.as_str()));
    }
    let hashes = tag("h").map(|tag| lint::hashes(tag, found));
    let services = tag("s").map_or_else(|| vec![Service::Any], |tag| lint::services(tag, found));
    let flags = tag("t").map(|tag| lint::flags(tag, found)).unwrap_or_default();
    lint::whole(octets, tag("v").is_some(), tag("k"), &kind, found);
    let broken = !sound || version_late.is_some() || material.is_none();
    let notes = tag("n").map(|tag| tag.value.clone());
    Key { broken, revoked, kind, public_key, hashes, services, flags, notes, tags }
}
