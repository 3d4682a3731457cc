//! The values of a policy file: version, mode, lifetime and patterns.

use std::collections::BTreeSet;

use crate::diagnostics::{Diagnostic, Span};
use crate::name::DomainName;

use super::lines::{Field, KNOWN};
use super::pattern::is_domain;
use super::rules::{
    DUPLICATE_FIELD, DUPLICATE_MX, INVALID_MAX_AGE, INVALID_MODE, INVALID_MX, INVALID_VERSION, LONG_MAX_AGE,
    MISSING_FIELD, MISSING_MX, SEVERAL_MX, SHORT_MAX_AGE, TRAILING_DOT, UNICODE_MX, WILDCARD_MX,
};
use super::{MAX_AGE, Mode, Pattern, Policy};

/// Lifetimes below a week are called short (RFC 8461, 3.2: "in the range of weeks or greater").
const WEEK: u32 = 7 * 86_400;
/// Digits of a lifetime.
const DIGITS: usize = 10;

/// What the fields say; `None` where one of them is missing or not valid.
pub(super) fn policy(fields: &[Field], end: Span, found: &mut Vec<Diagnostic>) -> Option<Policy> {
    for name in KNOWN.into_iter().filter(|name| *name != "mx") {
        // RFC 8461, 3.2: "If any non-repeated field […] is duplicated, all entries except for the first
        // SHALL be ignored."
        for field in fields.iter().filter(|field| field.name == name).skip(1) {
            let place = field.name_span.start..field.value_span.end;
            found.push(DUPLICATE_FIELD.at(place).arg("field", name));
        }
    }
    let first = |name: &str| fields.iter().find(|field| field.name == name);
    let missing: Vec<&str> =
        KNOWN.into_iter().filter(|name| *name != "mx" && first(name).is_none()).collect();
    if !missing.is_empty() {
        found.push(MISSING_FIELD.at(end).arg("fields", missing.as_slice()));
    }
    let version = first("version").and_then(|field| version(field, found));
    let mode = first("mode").and_then(|field| mode(field, found));
    let max_age = first("max_age").and_then(|field| max_age(field, mode, found));
    let mx = patterns(fields, mode, end, found);
    version?;
    Some(Policy { mode: mode?, max_age: max_age?, mx: mx? })
}

fn version(field: &Field, found: &mut Vec<Diagnostic>) -> Option<()> {
    if field.value == "STSv1" {
        return Some(());
    }
    let diagnostic = INVALID_VERSION.at(field.value_span).arg("value", field.value.as_str());
    let like = field.value.trim_end_matches([';', '.']);
    found.push(if like.eq_ignore_ascii_case("STSv1") {
        diagnostic.fix(field.value_span, "STSv1")
    } else {
        diagnostic
    });
    None
}

/// Words that people write for a mode.
const MODES: [(&str, Mode); 8] = [
    ("enforced", Mode::Enforce),
    ("enforcing", Mode::Enforce),
    ("afdwingen", Mode::Enforce),
    ("test", Mode::Testing),
    ("testmode", Mode::Testing),
    ("report", Mode::Testing),
    ("off", Mode::None),
    ("disabled", Mode::None),
];

fn mode(field: &Field, found: &mut Vec<Diagnostic>) -> Option<Mode> {
    let mode = Mode::named(&field.value);
    if mode.is_none() {
        let diagnostic = INVALID_MODE.at(field.value_span).arg("value", field.value.as_str());
        let word = field.value.to_ascii_lowercase();
        let word = word.trim_end_matches([';', '.', ',']);
        let alike = MODES.into_iter().find(|(other, _)| *other == word).map(|(_, mode)| mode);
        found.push(match Mode::named(word).or(alike) {
            Some(meant) => diagnostic.fix(field.value_span, meant.as_str()),
            None => diagnostic,
        });
    }
    mode
}

fn max_age(field: &Field, mode: Option<Mode>, found: &mut Vec<Diagnostic>) -> Option<u32> {
    let value = field.value.as_str();
    let is_number = !value.is_empty() && value.bytes().all(|octet| octet.is_ascii_digit());
    let seconds = value.parse::<u64>().ok().filter(|_| is_number && value.len() <= DIGITS);
    let Some(seconds) = seconds else {
        let diagnostic = INVALID_MAX_AGE.at(field.value_span).arg("value", value);
        let digits: String = value.chars().filter(|sign| !matches!(sign, '.' | ',' | ' ' | '\'')).collect();
        // Digits in groups of three, as people write large numbers.
        let grouped = !value.contains('-')
            && value.split(['.', ',', ' ', '\'']).skip(1).all(|group| group.len() == 3)
            && digits.parse::<u32>().is_ok_and(|seconds| seconds <= MAX_AGE);
        found.push(if grouped && !is_number { diagnostic.fix(field.value_span, digits) } else { diagnostic });
        return None;
    };
    match u32::try_from(seconds).ok().filter(|seconds| *seconds <= MAX_AGE) {
        None => {
            let diagnostic = LONG_MAX_AGE.at(field.value_span).arg("value", value);
            found.push(diagnostic.fix(field.value_span, MAX_AGE.to_string()));
            None
        }
        Some(seconds) => {
            // On the way out, a short lifetime is what RFC 8461, 8.3 asks for.
            if seconds < WEEK && mode != Some(Mode::None) {
                found.push(SHORT_MAX_AGE.at(field.value_span).arg("seconds", seconds));
            }
            Some(seconds)
        }
    }
}

fn patterns(
    fields: &[Field],
    mode: Option<Mode>,
    end: Span,
    found: &mut Vec<Diagnostic>,
) -> Option<Vec<Pattern>> {
    let mut patterns: Vec<Pattern> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut sound = true;
    let mut any = false;
    for field in fields.iter().filter(|field| field.name == "mx") {
        any = true;
        match Pattern::parse(&field.value) {
            Some(pattern) => {
                if seen.insert(field.value.to_ascii_lowercase()) {
                    patterns.push(pattern);
                } else {
                    found.push(DUPLICATE_MX.at(field.value_span).arg("value", field.value.as_str()));
                }
            }
            None => {
                sound = false;
                found.push(not_a_pattern(field));
            }
        }
    }
    if let Some(mode) = mode.filter(|mode| !any && *mode != Mode::None) {
        found.push(MISSING_MX.at(end).arg("mode", mode.as_str()));
        sound = false;
    }
    sound.then_some(patterns)
}

/// Why a value names no host.
fn not_a_pattern(field: &Field) -> Diagnostic {
    let (place, value) = (field.value_span, field.value.as_str());
    let parts: Vec<&str> =
        value.split([',', ';', ' ', '\t']).map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 && parts.iter().all(|part| Pattern::parse(part).is_some()) {
        let lines = parts.join("\nmx: ");
        return SEVERAL_MX.at(place).arg("value", value).fix(place, lines);
    }
    if let Some(bare) = value.strip_suffix('.').filter(|bare| Pattern::parse(bare).is_some()) {
        return TRAILING_DOT.at(place).arg("value", value).fix(place, bare);
    }
    if !value.is_ascii() {
        let (star, bare) = value.strip_prefix("*.").map_or(("", value), |bare| ("*.", bare));
        if let Ok(name) = DomainName::parse(bare)
            && is_domain(name.as_str())
        {
            let ascii = format!("{star}{name}");
            return UNICODE_MX.at(place).arg("value", value).arg("ascii", ascii.as_str()).fix(place, ascii);
        }
    }
    if value.contains('*') {
        return WILDCARD_MX.at(place).arg("value", value);
    }
    INVALID_MX.at(place).arg("value", value)
}
