//! Broken values: addresses, prefix lengths, domain names and macros of terms whose name is known.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use super::diagnose::{Found, Pieces, missing_value, network};
use super::grammar;
use super::macro_string::{Macro, MacroString, macro_expand};
use super::rules::{
    ADDRESS_FOR_NAME, EXPLANATION_MACRO, INVALID_ADDRESS, INVALID_MACRO, INVALID_NAME, INVALID_PREFIX_LENGTH,
    INVALID_TERM, MISSING_COLON, PORT_IN_NAME, REPEATED_COLON, SINGLE_LABEL, TRAILING_CHARACTER,
    UNEXPECTED_PREFIX_LENGTH, UNEXPECTED_VALUE, URL_FOR_NAME, WRONG_FAMILY,
};

/// What is wrong with a mechanism of a known name.
pub(super) fn mechanism(pieces: &Pieces<'_>, name: &'static str) -> Found {
    let (end, rest) = (pieces.name.end, pieces.rest());
    let all = end..pieces.text.len();
    match name {
        "all" if rest.starts_with('/') => unexpected_prefix(pieces, name, all),
        "all" if rest == ":" => {
            let finding =
                TRAILING_CHARACTER.at(pieces.span(all.clone())).arg("mechanism", name).arg("found", rest);
            Found::fixed(finding, all, "")
        }
        "all" => {
            Found::plain(UNEXPECTED_VALUE.at(pieces.span(all)).arg("mechanism", name).arg("value", rest))
        }
        "ip4" | "ip6" => address(pieces, name),
        _ if rest.starts_with('/') && matches!(name, "a" | "mx") => prefix_length(pieces, all, 32),
        _ if rest.starts_with('/') => unexpected_prefix(pieces, name, all),
        _ if rest.len() < 2 => missing_value(pieces, name),
        _ => self::name(pieces, name, matches!(name, "a" | "mx")),
    }
}

fn unexpected_prefix(pieces: &Pieces<'_>, name: &'static str, range: Range<usize>) -> Found {
    let text = pieces.text.get(range.clone()).unwrap_or_default();
    Found::plain(UNEXPECTED_PREFIX_LENGTH.at(pieces.span(range)).arg("name", name).arg("text", text))
}

/// `::x`: a second colon where one is enough.
fn repeated_colon(pieces: &Pieces<'_>, name: &'static str, start: usize) -> Option<Found> {
    let value = pieces.text.get(start..)?;
    let extra = value.len() - value.trim_start_matches(':').len();
    if extra == 0 || extra == value.len() {
        return None;
    }
    let finding = REPEATED_COLON.at(pieces.span(start..start + extra)).arg("name", name);
    Some(Found::fixed(finding, start..start + extra, ""))
}

/// The value of `ip4` or `ip6`.
fn address(pieces: &Pieces<'_>, name: &'static str) -> Found {
    let end = pieces.name.end;
    let rest = pieces.rest();
    if rest.strip_prefix('/').is_some_and(|value| network(value).is_some()) {
        let finding = MISSING_COLON.at(pieces.span(end..end + 1)).arg("name", name).arg("meant", ":");
        return Found::fixed(finding, end..end + 1, ":");
    }
    let Some(value) = rest.strip_prefix(':').filter(|value| !value.is_empty()) else {
        return missing_value(pieces, name);
    };
    let start = end + 1;
    let slash = start + value.find('/').unwrap_or(value.len());
    let address = pieces.text.get(start..slash).unwrap_or_default();
    let found = match (address.parse::<Ipv4Addr>(), address.parse::<Ipv6Addr>()) {
        (Ok(_), _) => Some("ip4"),
        (_, Ok(_)) => Some("ip6"),
        _ => None,
    };
    match found {
        // `ip4::192.0.2.1` also reads as an IPv6 address, which nobody meant.
        Some("ip6") if name == "ip4" && is_doubled_colon(address) => {
            repeated_colon(pieces, name, start).unwrap_or_else(|| invalid_address(pieces, name, start..slash))
        }
        Some(meant) if meant != name => {
            let finding = WRONG_FAMILY.at(pieces.span(start..slash)).arg("mechanism", name);
            Found::fixed(finding.arg("address", address).arg("meant", meant), pieces.name.clone(), meant)
        }
        Some(_) => prefix_length(pieces, slash..pieces.text.len(), if name == "ip4" { 32 } else { 128 }),
        None => bracketed(pieces, start..slash)
            .or_else(|| (name == "ip4").then(|| repeated_colon(pieces, name, start)).flatten())
            .unwrap_or_else(|| invalid_address(pieces, name, start..slash)),
    }
}

fn is_doubled_colon(address: &str) -> bool {
    address.strip_prefix(':').is_some_and(|rest| rest.trim_start_matches(':').parse::<Ipv4Addr>().is_ok())
}

fn invalid_address(pieces: &Pieces<'_>, name: &'static str, range: Range<usize>) -> Found {
    let value = pieces.text.get(range.clone()).unwrap_or_default();
    Found::plain(INVALID_ADDRESS.at(pieces.span(range)).arg("mechanism", name).arg("value", value))
}

/// `[2001:db8::1]`, as in a URL or an address literal.
fn bracketed(pieces: &Pieces<'_>, range: Range<usize>) -> Option<Found> {
    let text = pieces.text.get(range.clone())?;
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    network(inner)?;
    let finding =
        INVALID_ADDRESS.at(pieces.span(range.clone())).arg("mechanism", pieces.written()).arg("value", text);
    Some(Found::fixed(finding, range, inner))
}

/// What stands where a prefix length belongs, from its slash on.
fn prefix_length(pieces: &Pieces<'_>, range: Range<usize>, most: u8) -> Found {
    let text = pieces.text.get(range.clone()).unwrap_or_default();
    let finding = INVALID_PREFIX_LENGTH.at(pieces.span(range.clone())).arg("text", text);
    let digits = text.trim_start_matches('/');
    let mask = digits.parse::<Ipv4Addr>().ok().filter(|_| most == 32).and_then(mask_length);
    let slashes = text.len() - digits.len();
    // `/032` and `//24` on `ip4` mean one thing; on `a` and `mx` two slashes have their own meaning.
    let network = matches!(pieces.written().to_ascii_lowercase().as_str(), "ip4" | "ip6");
    let in_range = |number: &str| number.parse::<u8>().ok().filter(|length| *length <= most);
    let meant = match mask {
        Some(length) => Some(format!("/{length}")),
        None if digits.bytes().all(|octet| octet.is_ascii_digit()) && (slashes == 1 || network) => {
            in_range(digits).map(|length| format!("/{length}"))
        }
        None if slashes == 2 && !network => leading_zeros(digits, 128).map(|length| format!("//{length}")),
        None => dual(text),
    };
    match meant {
        Some(meant) if meant != text => Found::fixed(finding, range, meant),
        _ => Found::plain(finding),
    }
}

fn leading_zeros(digits: &str, most: u8) -> Option<u8> {
    if digits.is_empty() || !digits.bytes().all(|octet| octet.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().filter(|length| *length <= most)
}

/// `/024//064`: both lengths without their leading zeros.
fn dual(text: &str) -> Option<String> {
    let (ip4, ip6) = text.strip_prefix('/')?.split_once("//")?;
    Some(format!("/{}//{}", leading_zeros(ip4, 32)?, leading_zeros(ip6, 128)?))
}

/// The prefix length of a netmask such as 255.255.255.0.
fn mask_length(mask: Ipv4Addr) -> Option<u32> {
    let bits = u32::from(mask);
    (bits.count_ones() == bits.leading_ones() && bits != 0).then_some(bits.count_ones())
}

/// What is wrong with the domain-spec of a term. Its separator stands behind the name; `cidr` says
/// whether prefix lengths may follow.
pub(super) fn name(pieces: &Pieces<'_>, name: &'static str, cidr: bool) -> Found {
    let start = pieces.name.end + 1;
    let end = pieces.text.len();
    let value = pieces.text.get(start..).unwrap_or_default();
    if let Some(found) = macros(pieces, start..end).or_else(|| repeated_colon(pieces, name, start)) {
        return found;
    }
    if let Some(meant) = network(value).filter(|_| name != "redirect" && name != "exp") {
        let finding = ADDRESS_FOR_NAME.at(pieces.span(start..end)).arg("name", name).arg("address", value);
        return Found::fixed(finding, pieces.name.clone(), meant);
    }
    if network(value).is_some() {
        return Found::plain(
            ADDRESS_FOR_NAME.at(pieces.span(start..end)).arg("name", name).arg("address", value),
        );
    }
    if let Some(host) = host_of_url(value) {
        let finding = URL_FOR_NAME.at(pieces.span(start..end)).arg("value", value);
        return Found::fixed(finding, start..end, host);
    }
    let reads = |text: &str| grammar::domain_spec(text).is_ok();
    // `example.com/24`: everything from the slash, if a name stands before it.
    if let Some((at, _)) =
        value.char_indices().find(|(at, each)| *each == '/' && value.get(..*at).is_some_and(reads))
        && value
            .get(at..)
            .is_some_and(|tail| tail.bytes().all(|octet| octet.is_ascii_digit() || octet == b'/'))
    {
        let range = start + at..end;
        let takes_lengths = cidr && matches!(name, "a" | "mx");
        return if takes_lengths {
            prefix_length(pieces, range, 32)
        } else {
            unexpected_prefix(pieces, name, range)
        };
    }
    if let Some((host, port)) = value.rsplit_once(':').filter(|(host, port)| reads(host) && is_number(port)) {
        let range = start + host.len()..end;
        let finding = PORT_IN_NAME.at(pieces.span(range.clone())).arg("port", port);
        return Found::fixed(finding, range, "");
    }
    let is_label =
        |text: &str| text.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"-_".contains(&octet));
    if is_label(value.strip_suffix('.').unwrap_or(value)) {
        return Found::plain(SINGLE_LABEL.at(pieces.span(start..end)).arg("name", value));
    }
    Found::plain(INVALID_NAME.at(pieces.span(start..end)).arg("value", value))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit())
}

/// The host of a URL, where it is a domain name.
pub(super) fn host_of_url(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    let is_scheme = !scheme.is_empty() && scheme.bytes().all(|octet| octet.is_ascii_alphanumeric());
    (is_scheme && grammar::domain_spec(host).is_ok()).then_some(host)
}

/// The first macro that is not well formed, or does not belong here.
pub(super) fn macros(pieces: &Pieces<'_>, range: Range<usize>) -> Option<Found> {
    let text = pieces.text.get(range.clone())?;
    if let Some(string) = MacroString::parse(text) {
        let (place, _) = string
            .placed_macros()
            .iter()
            .find(|(_, each)| matches!(each, Macro::Expand(found) if found.letter.is_for_explanations()))?;
        let span = pieces.span(range.start + place.start..range.start + place.end);
        return Some(Found::plain(
            EXPLANATION_MACRO.at(span).arg("text", text.get(place.clone()).unwrap_or_default()),
        ));
    }
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let from = rest.get(at..)?;
        match macro_expand(from) {
            Ok((behind, _)) => rest = behind,
            Err(_) => {
                let start = text.len() - from.len();
                let length =
                    if from.starts_with("%{") { from.find('}').map_or(from.len(), |end| end + 1) } else { 1 };
                let span = pieces.span(range.start + start..range.start + start + length);
                let found = INVALID_MACRO.at(span).arg("text", from.get(..length).unwrap_or_default());
                return Some(Found::plain(found));
            }
        }
    }
    // Nothing but visible ASCII and macros: then it would have been read above.
    Some(Found::plain(INVALID_TERM.at(pieces.span(0..pieces.text.len())).arg("text", pieces.text)))
}
