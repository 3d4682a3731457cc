//! The list of tags of a key record (RFC 6376, 3.2 and 3.6.1), and what breaks it.

use crate::diagnostics::{self, Diagnostic, Effect, Parsed};
use crate::limits::Limits;
use crate::syntax::tag_list;
use crate::text::{boundary, lossy};

use super::key::Key;
use super::material::{self, Stated};
use super::rules::{
    EMPTY_RECORD, INVALID_VERSION, MISSING_KEY, NO_KEY_RECORD, REVOKED_KEY, TOO_LONG, UNKNOWN_KEY_TYPE,
    VERSION_NOT_FIRST,
};
use super::tags::{self, Known, Tag, pair};
use super::words::{KeyType, Name as _, Service};
use super::{lint, paste};

/// The version, exactly.
const VERSION: &str = "DKIM1";
/// Tags of RFC 6376, 3.6.1, and the one of RFC 4871 that it removed.
static KNOWN: Known = Known { tags: &["v", "h", "k", "n", "p", "s", "t"], obsolete: &["g"], unicode: false };

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
        _ => pairs.any(|(name, _)| KNOWN.tags.iter().any(|known| known.as_bytes() == name.of(octets))),
    }
}

fn read_once(octets: &[u8], limits: &Limits) -> Parsed<Key> {
    let none = |found: Diagnostic| Parsed { value: None, diagnostics: vec![found] };
    if octets.len() > limits.record_octets {
        let found = TOO_LONG.at(boundary(octets, limits.record_octets)..octets.len());
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
    let (tags, sound) = tags::read(octets, &KNOWN, limits, &mut found);
    let key = key(octets, tags, sound, &mut found);
    Parsed { value: Some(key), diagnostics: found }
}

/// Why a text is no key record.
fn no_record(octets: &[u8]) -> Diagnostic {
    let first = tag_list::segments(octets, 2).into_iter().next();
    let Some((name, value)) = first.and_then(|segment| pair(octets, &segment)) else {
        return NO_KEY_RECORD.at(0..boundary(octets, 40));
    };
    let shown = lossy(value.of(octets));
    let like: String = shown.chars().filter(char::is_ascii_alphanumeric).collect();
    let found = INVALID_VERSION.at(value).arg("value", shown.as_str());
    let is_version = name.of(octets) == b"v" && value.of(octets) == VERSION.as_bytes();
    if is_version || !name.of(octets).eq_ignore_ascii_case(b"v") {
        return NO_KEY_RECORD.at(0..boundary(octets, 40));
    }
    if like.eq_ignore_ascii_case(VERSION) || like.eq_ignore_ascii_case("dkim") {
        // The name may be what is wrong: `V=DKIM1`.
        return found.fix(name.start..value.end, format!("v={VERSION}"));
    }
    if like.to_ascii_lowercase().starts_with("dkim") {
        found
    } else {
        NO_KEY_RECORD.at(name.start..value.end)
    }
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
