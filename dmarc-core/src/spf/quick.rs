//! The terms that nearly every record is made of, read in one pass.
//!
//! [`term`] knows `all`, `a`, `mx`, `ip4`, `ip6`, and `include`, `a` and `mx` with a plain name, all in
//! lower case. Everything else it leaves to [`grammar`](super::grammar), which stays the description
//! of what a term is: what is read here the grammar reads alike, as the tests below prove.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::grammar::is_toplabel;
use super::macro_string::MacroString;
use super::networks::{Ip4Network, Ip6Network};
use super::terms::{Directive, DomainSpec, DualCidr, Mechanism, Qualifier};

/// Hands on a directive of the kinds that are known here; `None` says nothing about the text.
///
/// A directive goes from where it is read to where it stays: to move it up step by step takes longer than
/// to read it.
#[inline]
pub(super) fn term<T>(text: &[u8], take: impl FnOnce(Directive) -> T) -> Option<T> {
    let (sign, rest) = text.split_first()?;
    let written = Qualifier::of(char::from(*sign));
    let text = if written.is_some() { rest } else { text };
    mechanism(text, |mechanism| take(Directive { written, mechanism }))
}

#[inline]
fn mechanism<T>(text: &[u8], take: impl FnOnce(Mechanism) -> T) -> Option<T> {
    if let Some(network) = text.strip_prefix(b"ip4:") {
        return Some(take(Mechanism::Ip4(ip4(network)?)));
    }
    if let Some(network) = text.strip_prefix(b"ip6:") {
        return Some(take(Mechanism::Ip6(ip6(network)?)));
    }
    if let Some(domain) = text.strip_prefix(b"include:") {
        return Some(take(Mechanism::Include(name(domain)?)));
    }
    if text == b"all" {
        return Some(take(Mechanism::All));
    }
    if let Some(target) = text.strip_prefix(b"a") {
        let (domain, cidr) = self::target(target)?;
        return Some(take(Mechanism::A(domain, cidr)));
    }
    let (domain, cidr) = target(text.strip_prefix(b"mx")?)?;
    Some(take(Mechanism::Mx(domain, cidr)))
}

/// `[ ":" domain-spec ] [ ip4-cidr-length ]`
fn target(text: &[u8]) -> Option<(Option<DomainSpec>, DualCidr)> {
    let slash = text.iter().position(|octet| *octet == b'/').unwrap_or(text.len());
    let (domain, cidr) = text.split_at_checked(slash)?;
    let cidr = DualCidr { ip4: length(cidr, 32)?, ip6: None };
    if domain.is_empty() {
        return Some((None, cidr));
    }
    Some((Some(name(domain.strip_prefix(b":")?)?), cidr))
}

/// A domain-spec without macros, of the characters that host names have.
fn name(text: &[u8]) -> Option<DomainSpec> {
    let is_plain = |octet: &u8| octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'-' | b'_');
    let dot = text.iter().rposition(|octet| *octet == b'.')?;
    let text = text.iter().all(is_plain).then(|| std::str::from_utf8(text).ok()).flatten()?;
    is_toplabel(text.get(dot + 1..)?).then(|| DomainSpec(MacroString::literal(text)))
}

/// `ip4-network [ ip4-cidr-length ]`
fn ip4(text: &[u8]) -> Option<Ip4Network> {
    let (one, rest) = number(text, 255)?;
    let (two, rest) = number(rest.strip_prefix(b".")?, 255)?;
    let (three, rest) = number(rest.strip_prefix(b".")?, 255)?;
    let (four, rest) = number(rest.strip_prefix(b".")?, 255)?;
    Ip4Network::new(Ipv4Addr::new(one, two, three, four), length(rest, 32)?)
}

/// `ip6-network [ ip6-cidr-length ]`, where the address is eight groups or ends in `::`.
fn ip6(text: &[u8]) -> Option<Ip6Network> {
    let mut groups = [0; 8];
    let mut rest = text;
    for (place, found) in groups.iter_mut().enumerate() {
        (*found, rest) = group(rest)?;
        if place == 7 {
            break;
        }
        rest = rest.strip_prefix(b":")?;
        if let Some(behind) = rest.strip_prefix(b":") {
            rest = behind;
            break;
        }
    }
    Ip6Network::new(Ipv6Addr::from(groups), length(rest, 128)?)
}

/// One to four hexadecimal digits, and what follows them.
fn group(text: &[u8]) -> Option<(u16, &[u8])> {
    let digits = text.iter().take(4).map_while(|octet| char::from(*octet).to_digit(16));
    let (count, value) = digits.fold((0, 0), |(count, value), digit| (count + 1, value << 4 | digit));
    let rest = text.get(count..).filter(|_| count > 0)?;
    Some((u16::try_from(value).ok()?, rest))
}

/// `[ "/" number ]` up to the end.
fn length(text: &[u8], most: u8) -> Option<Option<u8>> {
    if text.is_empty() {
        return Some(None);
    }
    let (length, rest) = number(text.strip_prefix(b"/")?, most)?;
    rest.is_empty().then_some(Some(length))
}

/// A number without leading zeros, from 0 to `most`, and what follows it.
fn number(text: &[u8], most: u8) -> Option<(u8, &[u8])> {
    let digit = |text: &[u8]| text.first().filter(|octet| octet.is_ascii_digit()).map(|octet| octet - b'0');
    let (mut value, mut rest) = (digit(text)?, text.get(1..)?);
    while let Some(next) = digit(rest).filter(|_| value > 0) {
        value = value.checked_mul(10)?.checked_add(next)?;
        rest = rest.get(1..)?;
    }
    (value <= most).then_some((value, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spf::grammar;
    use crate::spf::terms::TermKind;

    /// Texts put together of parts that belong together, and of parts that do not.
    fn texts() -> impl Iterator<Item = String> {
        const SIGNS: [&str; 5] = ["", "+", "-", "?", "~~"];
        const NAMES: [&str; 13] =
            ["all", "a", "mx", "a:", "mx:", "include:", "ip4:", "ip6:", "ptr", "ALL", "IP4:", "include", ""];
        const VALUES: [&str; 40] = [
            "",
            ".",
            "x",
            "x.example",
            "_x.y-z.example",
            "x.example.",
            "x..example",
            ".example",
            "x.1",
            "x.-a",
            "x.a-1",
            "x.a-",
            "%{d}.example",
            "x:y.example",
            "é.example",
            "x.example\u{7f}",
            "1.2.3.4",
            "1.2.3",
            "1.2.3.4.5",
            "0.0.0.0",
            "255.255.255.255",
            "256.2.3.4",
            "1.2.3.999",
            "01.2.3.4",
            "1.2.3.00",
            "2001:db8::",
            "2001:db8::1",
            "::",
            "::1",
            "1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7::",
            "1:2:3:4:5:6:7:8:9",
            "1:2:3:4:5:6:7:8::",
            "1:2:3:4:5:6::7",
            "12345::",
            "A:b:C::",
            "1::2::",
            "1:",
            "1:2",
            "::ffff:1.2.3.4",
        ];
        const TAILS: [&str; 16] = [
            "", "/", "/0", "/8", "/00", "/08", "/32", "/33", "/128", "/129", "/256", "/1x", "/24/24", "//64",
            "/24//64", " ",
        ];
        let pairs = SIGNS.iter().flat_map(|sign| NAMES.iter().map(move |name| format!("{sign}{name}")));
        pairs.flat_map(|start| {
            let ends = VALUES.iter().flat_map(|value| TAILS.iter().map(move |tail| (*value, *tail)));
            ends.map(move |(value, tail)| format!("{start}{value}{tail}")).collect::<Vec<_>>()
        })
    }

    #[test]
    fn what_is_read_here_the_grammar_reads_alike() {
        let mut read = 0;
        for text in texts() {
            if let Some(directive) = term(text.as_bytes(), |directive| directive) {
                assert_eq!(Some(TermKind::Directive(directive)), grammar::term(text.as_bytes()), "{text}");
                read += 1;
            }
        }
        assert!(read > 200, "{read} texts are read here");
    }

    #[test]
    fn the_usual_terms_are_read_here() {
        for text in ["-all", "a", "mx", "ip4:192.0.2.0/24", "ip6:2001:db8::/32", "include:_spf.example.com"] {
            assert!(term(text.as_bytes(), drop).is_some(), "{text}");
        }
    }
}
