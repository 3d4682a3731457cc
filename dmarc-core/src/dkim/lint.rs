//! What the lists and flags of a key record say, and what is unwise in a sound record.

use crate::diagnostics::{Diagnostic, Span};
use crate::syntax::strings;

use super::rules::{
    EMPTY_ELEMENT, LONG_RECORD, NO_USABLE_HASH, NO_VERSION, NOT_FOR_MAIL, SHA1_LISTED, TEST_FLAG,
    UNKNOWN_FLAG, UNKNOWN_HASH, UNKNOWN_SERVICE, VALUE_CASE,
};
use super::tags::Tag;
use super::words::{Flag, Hash, KeyType, Name, Service};

/// The elements of a list between colons, with their places.
fn elements<T: Name>(tag: &Tag, found: &mut Vec<Diagnostic>) -> Vec<(Span, T)> {
    let mut result = Vec::new();
    let mut at = tag.value_span.start;
    for part in tag.value.split(':') {
        let front = part.len() - part.trim_start().len();
        let text = part.trim();
        let place = Span::new(at + front, at + front + text.len());
        at += part.len() + 1;
        if text.is_empty() {
            found.push(EMPTY_ELEMENT.at(place).arg("tag", tag.name.as_str()));
            continue;
        }
        let value = T::named(text);
        case(tag, place, text, &value, found);
        result.push((place, value));
    }
    result
}

/// A value that differs from the standard's in the case of its letters only. The grammar lets that
/// pass (RFC 5234, 2.3), the prose does not (RFC 6376, 3.2), and verifiers differ.
fn case<T: Name>(tag: &Tag, place: Span, text: &str, value: &T, found: &mut Vec<Diagnostic>) {
    if !value.is_unknown() && value.as_str() != text {
        let diagnostic = VALUE_CASE.at(place).arg("tag", tag.name.as_str()).arg("value", text);
        found.push(diagnostic.fix(place, value.as_str()));
    }
}

/// The `h` tag.
pub(super) fn hashes(tag: &Tag, found: &mut Vec<Diagnostic>) -> Vec<Hash> {
    let all: Vec<(Span, Hash)> = elements(tag, found);
    for (place, hash) in &all {
        if hash.is_unknown() {
            found.push(UNKNOWN_HASH.at(*place).arg("value", hash.as_str()));
        }
    }
    let hashes: Vec<Hash> = all.iter().map(|(_, hash)| hash.clone()).collect();
    if !hashes.contains(&Hash::Sha256) {
        found.push(NO_USABLE_HASH.at(tag.value_span).arg("value", tag.value.as_str()));
    } else if let Some((place, _)) = all.iter().find(|(_, hash)| *hash == Hash::Sha1) {
        found.push(SHA1_LISTED.at(*place));
    }
    hashes
}

/// The `s` tag.
pub(super) fn services(tag: &Tag, found: &mut Vec<Diagnostic>) -> Vec<Service> {
    let all: Vec<(Span, Service)> = elements(tag, found);
    for (place, service) in &all {
        if service.is_unknown() {
            found.push(UNKNOWN_SERVICE.at(*place).arg("value", service.as_str()));
        }
    }
    let services: Vec<Service> = all.into_iter().map(|(_, service)| service).collect();
    if !services.iter().any(|service| matches!(service, Service::Any | Service::Email)) {
        found.push(NOT_FOR_MAIL.at(tag.value_span).arg("value", tag.value.as_str()));
    }
    services
}

/// The `t` tag.
pub(super) fn flags(tag: &Tag, found: &mut Vec<Diagnostic>) -> Vec<Flag> {
    let all: Vec<(Span, Flag)> = elements(tag, found);
    for (place, flag) in &all {
        match flag {
            Flag::Unknown(text) => found.push(UNKNOWN_FLAG.at(*place).arg("value", text.as_str())),
            Flag::Testing => found.push(TEST_FLAG.at(*place)),
            Flag::Strict => {}
        }
    }
    all.into_iter().map(|(_, flag)| flag).collect()
}

/// What concerns the record as a whole.
pub(super) fn whole(
    octets: &[u8],
    versioned: bool,
    k: Option<&Tag>,
    kind: &KeyType,
    found: &mut Vec<Diagnostic>,
) {
    if !versioned {
        found.push(NO_VERSION.at(0..0));
    }
    if let Some(tag) = k {
        case(tag, tag.value_span, &tag.value, kind, found);
    }
    let strings = strings::split(octets).len();
    if strings > 1 {
        let place = strings::MAX_STRING..octets.len();
        found.push(LONG_RECORD.at(place).arg("octets", octets.len()).arg("strings", strings));
    }
}
