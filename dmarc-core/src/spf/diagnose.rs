//! One broken term: what is wrong with it, and what was meant, if that is clear.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use super::draft::{Change, Draft};
use super::grammar;
use super::rules::{
    BARE_ADDRESS, BARE_NAME, COLON_FOR_EQUALS, EQUALS_FOR_COLON, INVALID_TERM, MISSING_COLON, MISSING_VALUE,
    MISSPELT_MECHANISM, NON_ASCII, NON_ASCII_NAME, QUALIFIED_MODIFIER, REPEATED_QUALIFIER,
    TRAILING_CHARACTER, UNKNOWN_MECHANISM,
};
use super::terms::Mechanism;
use super::values;
use crate::diagnostics::{Diagnostic, Severity};
use crate::name::DomainName;
use crate::syntax::repair;

/// A finding about a term, and the changes that mend it.
pub(super) struct Found {
    pub(super) finding: Diagnostic,
    pub(super) changes: Option<Vec<Change>>,
}

impl Found {
    /// A finding without a fix.
    pub(super) fn plain(finding: Diagnostic) -> Self {
        Self { finding, changes: None }
    }

    /// A finding with a fix of one change.
    pub(super) fn fixed(finding: Diagnostic, range: Range<usize>, replacement: impl Into<String>) -> Self {
        Self { finding, changes: Some(vec![(range, replacement.into())]) }
    }
}

/// A term cut up for the search: `-`, `include`, `:example.com`.
pub(super) struct Pieces<'a> {
    pub(super) term: &'a Draft,
    pub(super) text: &'a str,
    /// Where the name starts and ends.
    pub(super) name: Range<usize>,
}

impl Pieces<'_> {
    /// What stands behind the name, with its colon, equals sign or slash.
    pub(super) fn rest(&self) -> &str {
        self.text.get(self.name.end..).unwrap_or_default()
    }

    /// The name as written.
    pub(super) fn written(&self) -> &str {
        self.text.get(self.name.clone()).unwrap_or_default()
    }

    pub(super) fn span(&self, range: Range<usize>) -> crate::diagnostics::Span {
        self.term.span(range)
    }
}

/// What is wrong with a text that is no term.
pub(super) fn diagnose(term: &Draft) -> Found {
    let Some(text) = term.ascii() else { return non_ascii(term) };
    let start = text.len() - text.trim_start_matches(['+', '-', '~', '?']).len();
    let body = text.get(start..).unwrap_or_default();
    let end = start + body.find([':', '=', '/']).unwrap_or(body.len());
    let pieces = Pieces { term, text, name: start..end };
    let lower = pieces.written().to_ascii_lowercase();
    match lower.as_str() {
        // A modifier takes no qualifier at all, so that several of them are one slip.
        "redirect" | "exp" => known_modifier(&pieces, if lower == "exp" { "exp" } else { "redirect" }),
        _ if start > 1 => repeated_qualifier(term, text, start),
        _ => match Mechanism::NAMES.iter().find(|known| **known == lower) {
            Some(name) if pieces.rest().starts_with('=') => equals_for_colon(&pieces, name),
            Some(name) => values::mechanism(&pieces, name),
            None => unknown(&pieces, body, &lower),
        },
    }
}

/// Octets that are not ASCII: perhaps a name in U-labels (RFC 7208, 4.3 asks for A-labels).
fn non_ascii(term: &Draft) -> Found {
    let octets = term.text();
    let first = octets.iter().position(|octet| !octet.is_ascii()).unwrap_or(0);
    let run = octets.iter().skip(first).take_while(|octet| !octet.is_ascii()).count();
    let text = octets.get(first..first + run).unwrap_or_default();
    let plain = || Found::plain(NON_ASCII.at(term.span(first..first + run)).arg("text", text));
    let Some(start) = octets.iter().position(|octet| matches!(octet, b':' | b'=')).map(|at| at + 1) else {
        return plain();
    };
    let rest = octets.get(start..).unwrap_or_default();
    let end = start + rest.iter().position(|octet| *octet == b'/').unwrap_or(rest.len());
    let name = octets.get(start..end).and_then(|name| std::str::from_utf8(name).ok()).unwrap_or_default();
    let outside = |start: usize, end: usize| {
        [octets.get(..start), octets.get(end..)].into_iter().flatten().all(<[u8]>::is_ascii)
    };
    match DomainName::parse(name) {
        // The name is all that is wrong: nothing else in the term lies outside ASCII.
        Ok(meant)
            if !name.is_ascii() && outside(start, end) && !name.contains('%') && meant.label_count() > 1 =>
        {
            let finding =
                NON_ASCII_NAME.at(term.span(start..end)).arg("name", name).arg("meant", meant.as_str());
            Found::fixed(finding, start..end, meant.as_str())
        }
        _ => plain(),
    }
}

fn repeated_qualifier(term: &Draft, text: &str, count: usize) -> Found {
    let signs = text.get(..count).unwrap_or_default();
    let finding = REPEATED_QUALIFIER.at(term.span(0..count)).arg("text", signs);
    let first = signs.chars().next();
    if signs.chars().all(|sign| Some(sign) == first) && count < text.len() {
        Found::fixed(finding, 1..count, "")
    } else {
        Found::plain(finding)
    }
}

fn known_modifier(pieces: &Pieces<'_>, name: &'static str) -> Found {
    let rest = pieces.rest();
    if pieces.name.start > 0 && !rest.is_empty() {
        let finding = QUALIFIED_MODIFIER.at(pieces.span(0..pieces.name.start)).arg("modifier", name);
        return Found::fixed(finding, 0..pieces.name.start, "");
    }
    let sign = pieces.name.end..pieces.name.end + 1;
    if rest.len() > 1 && rest.starts_with(':') {
        let finding = COLON_FOR_EQUALS.at(pieces.span(sign.clone())).arg("modifier", name);
        return Found::fixed(finding, sign, "=");
    }
    if rest.len() < 2 {
        return missing_value(pieces, name);
    }
    values::name(pieces, name, rest.starts_with('='))
}

pub(super) fn missing_value(pieces: &Pieces<'_>, name: &'static str) -> Found {
    Found::plain(MISSING_VALUE.at(pieces.span(0..pieces.text.len())).arg("name", name))
}

/// `-include=x`: without the qualifier it would be an unknown modifier.
fn equals_for_colon(pieces: &Pieces<'_>, name: &'static str) -> Found {
    let sign = pieces.name.end..pieces.name.end + 1;
    let mut finding = EQUALS_FOR_COLON.at(pieces.span(sign.clone())).arg("mechanism", name);
    // Here the term is no modifier, and nothing that is ignored.
    finding.severity = Severity::Error;
    if pieces.rest().len() > 1 && name != "all" {
        Found::fixed(finding, sign, ":")
    } else {
        Found::plain(finding)
    }
}

/// The mechanism that a text is an address or network of.
pub(super) fn network(text: &str) -> Option<&'static str> {
    let (address, length) = text.split_once('/').unwrap_or((text, "0"));
    if !length.bytes().all(|octet| octet.is_ascii_digit()) || length.is_empty() {
        return None;
    }
    match (address.parse::<Ipv4Addr>(), address.parse::<Ipv6Addr>()) {
        (Ok(_), _) => Some("ip4"),
        (_, Ok(_)) => Some("ip6"),
        _ => None,
    }
}

/// The name, if it is one that cannot stand without a value.
pub(super) fn is_name_with_value(text: &str) -> Option<&'static str> {
    ["include", "ip4", "ip6", "exists", "redirect", "exp"]
        .into_iter()
        .find(|name| text.eq_ignore_ascii_case(name))
}

fn unknown(pieces: &Pieces<'_>, body: &str, lower: &str) -> Found {
    let (start, end) = (pieces.name.start, pieces.name.end);
    if let Some(meant) = network(body) {
        let finding =
            BARE_ADDRESS.at(pieces.span(start..pieces.text.len())).arg("address", body).arg("meant", meant);
        return Found::fixed(finding, start..start, format!("{meant}:"));
    }
    // `all.`, `ptr;`: no name ends so.
    let trimmed = lower.trim_end_matches(|each: char| !each.is_ascii_alphanumeric());
    if let Some(name) = ["all", "ptr", "mx", "a"].into_iter().find(|name| *name == trimmed)
        && pieces.rest().is_empty()
    {
        let range = start + name.len()..pieces.text.len();
        let found = pieces.text.get(range.clone()).unwrap_or_default();
        let finding =
            TRAILING_CHARACTER.at(pieces.span(range.clone())).arg("mechanism", name).arg("found", found);
        return Found::fixed(finding, range, "");
    }
    if let Some(found) = glued_name(pieces, body) {
        return found;
    }
    if let Some(meant) = nearest(lower, pieces.rest()) {
        let finding = MISSPELT_MECHANISM.at(pieces.span(start..end)).arg("name", pieces.written());
        return Found::fixed(finding.arg("meant", meant), start..end, meant);
    }
    let is_name = grammar::name(pieces.written()).is_ok_and(|(rest, _)| rest.is_empty());
    if pieces.rest().starts_with('=') && is_name {
        if pieces.name.start > 0 {
            let finding = QUALIFIED_MODIFIER.at(pieces.span(0..start)).arg("modifier", pieces.written());
            return Found::plain(finding);
        }
        return values::macros(pieces, end + 1..pieces.text.len()).unwrap_or_else(|| {
            Found::plain(INVALID_TERM.at(pieces.span(0..pieces.text.len())).arg("text", pieces.text))
        });
    }
    if pieces.rest().is_empty() && grammar::domain_spec(body).is_ok() {
        return Found::plain(BARE_NAME.at(pieces.span(start..pieces.text.len())).arg("name", body));
    }
    if is_name && (pieces.rest().starts_with(':') || pieces.rest().is_empty()) {
        return Found::plain(UNKNOWN_MECHANISM.at(pieces.span(start..end)).arg("name", pieces.written()));
    }
    Found::plain(INVALID_TERM.at(pieces.span(0..pieces.text.len())).arg("text", pieces.text))
}

/// `ip4192.0.2.1`, `ip4;192.0.2.1`, `include_spf.example.com`: no colon behind the name.
fn glued_name(pieces: &Pieces<'_>, body: &str) -> Option<Found> {
    let lower = body.to_ascii_lowercase();
    for name in ["ip4", "ip6", "include", "exists"] {
        let Some(behind) = lower.strip_prefix(name) else { continue };
        let value = behind.trim_start_matches(['.', ';', ',', '-', '|']);
        let meant = match name {
            "ip4" | "ip6" => network(value).is_some(),
            _ => behind == value && grammar::domain_spec(value).is_ok() && !value.starts_with('.'),
        };
        if meant {
            let at = pieces.name.start + name.len();
            let range = at..at + (behind.len() - value.len());
            let place = if range.is_empty() {
                pieces.span(pieces.name.start..at)
            } else {
                pieces.span(range.clone())
            };
            let finding = MISSING_COLON.at(place).arg("name", name).arg("meant", ":");
            return Some(Found::fixed(finding, range, ":"));
        }
    }
    None
}

/// The one mechanism or modifier that a name is close to.
fn nearest(lower: &str, rest: &str) -> Option<&'static str> {
    let value = rest.get(1..).unwrap_or_default();
    let by_value =
        || if value.parse::<Ipv6Addr>().is_ok() || network(value) == Some("ip6") { "ip6" } else { "ip4" };
    match lower {
        "ipv4" | "ip-4" | "ip_4" | "ip4v" | "inet4" => return rest.starts_with(':').then_some("ip4"),
        "ipv6" | "ip-6" | "ip_6" | "ip6v" | "inet6" => return rest.starts_with(':').then_some("ip6"),
        "ip" | "ips" | "ipv" | "ipaddress" => return network(value).map(|_| by_value()),
        _ => {}
    }
    let needs_value = |name: &str| is_name_with_value(name).is_some();
    let most = |name: &str| if name.len() > 4 { 2 } else { 1 };
    let mut candidates: Vec<(usize, &'static str)> =
        ["all", "include", "ptr", "ip4", "ip6", "exists", "redirect"]
            .into_iter()
            .filter(|name| lower.len() > 1 && needs_value(name) != rest.is_empty())
            .filter(|name| *name != "all" || rest.is_empty())
            .map(|name| (repair::distance(lower, name), name))
            .filter(|(distance, name)| *distance <= most(name))
            .collect();
    candidates.sort_unstable();
    match candidates.as_slice() {
        [(_, only)] => Some(only),
        [(one, _), (other, _), ..] if one == other => network(value).map(|_| by_value()),
        [(_, closest), ..] => Some(closest),
        [] => None,
    }
}
