//! Macro expansion (RFC 7208, 7) over values that are known already.

use std::net::IpAddr;

use super::macro_string::{Expansion, Letter, Macro, MacroString, Part};
use crate::name::{DomainName, MAX_NAME};

/// What the macro letters stand for.
#[derive(Clone, Debug)]
pub(super) struct Values<'a> {
    /// `l`
    pub(super) local_part: &'a str,
    /// `o`
    pub(super) sender_domain: &'a str,
    /// `d`
    pub(super) domain: &'a str,
    /// `i`, `c` and `v`
    pub(super) ip: IpAddr,
    /// `p`, where it was needed and looked up.
    pub(super) validated: Option<&'a str>,
    /// `h`
    pub(super) helo: &'a str,
    /// `r`
    pub(super) receiver: Option<&'a str>,
    /// `t`
    pub(super) now: Option<i64>,
}

impl<'a> Values<'a> {
    /// Of a string that names the current domain and the family of the client, and nothing else.
    pub(super) const fn of_domain(domain: &'a str, ip: IpAddr) -> Self {
        let (local_part, sender_domain, helo) = ("", "", "");
        Self { local_part, sender_domain, domain, ip, validated: None, helo, receiver: None, now: None }
    }
}

/// Whether a string needs the validated name of the client.
pub(super) fn needs_validated_name(string: &MacroString) -> bool {
    uses(string, |letter| letter == Letter::ValidatedName)
}

/// Whether a string uses the sender's local-part.
pub(super) fn uses_local_part(string: &MacroString) -> bool {
    uses(string, |letter| matches!(letter, Letter::Sender | Letter::LocalPart))
}

fn uses(string: &MacroString, wanted: impl Fn(Letter) -> bool) -> bool {
    string.macros().any(|each| matches!(each, Macro::Expand(found) if wanted(found.letter)))
}

/// The string with its macros replaced.
pub(super) fn expand(string: &MacroString, values: &Values<'_>) -> String {
    let mut text = String::with_capacity(string.as_str().len());
    for part in string.parts() {
        match part {
            Part::Literal(literal) => text.push_str(literal),
            Part::Macro(Macro::Percent) => text.push('%'),
            Part::Macro(Macro::Space) => text.push(' '),
            Part::Macro(Macro::EscapedSpace) => text.push_str("%20"),
            Part::Macro(Macro::Expand(found)) => push_value(&mut text, found, values),
        }
    }
    text
}

fn push_value(text: &mut String, found: Expansion, values: &Values<'_>) {
    let value = transformed(&value(found.letter, values), found);
    if !found.escaped {
        text.push_str(&value);
        return;
    }
    // RFC 7208, 7.3: "URL escaping MUST be performed for characters not in the "unreserved" set".
    for octet in value.bytes() {
        if octet.is_ascii_alphanumeric() || b"-._~".contains(&octet) {
            text.push(char::from(octet));
        } else {
            text.push_str(&format!("%{octet:02X}"));
        }
    }
}

fn value(letter: Letter, values: &Values<'_>) -> String {
    match letter {
        Letter::Sender => format!("{}@{}", values.local_part, values.sender_domain),
        Letter::LocalPart => values.local_part.to_owned(),
        Letter::SenderDomain => values.sender_domain.to_owned(),
        Letter::Domain => values.domain.to_owned(),
        Letter::Address => dotted(values.ip),
        Letter::ValidatedName => values.validated.unwrap_or("unknown").to_owned(),
        Letter::Version => if values.ip.is_ipv4() { "in-addr" } else { "ip6" }.to_owned(),
        Letter::Helo => values.helo.to_owned(),
        Letter::ReadableAddress => values.ip.to_string(),
        Letter::Receiver => values.receiver.unwrap_or("unknown").to_owned(),
        Letter::Time => values.now.unwrap_or(0).to_string(),
    }
}

/// RFC 7208, 7.3: reversal first, "removal of left-hand parts" second, "rejoined using "." and not
/// the original splitting characters".
fn transformed(value: &str, found: Expansion) -> String {
    if found.keep.is_none() && !found.reversed && found.delimiters.is_empty() {
        return value.to_owned();
    }
    let mut parts: Vec<&str> = value.split(|each| found.delimiters.split_at(each)).collect();
    if found.reversed {
        parts.reverse();
    }
    let keep = found.keep.map_or(parts.len(), |keep| usize::try_from(keep).unwrap_or(usize::MAX));
    let first = parts.len().saturating_sub(keep);
    parts.get(first..).unwrap_or_default().join(".")
}

/// An address as labels: dotted quad, or 32 nibbles.
fn dotted(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let nibbles: Vec<String> = address
                .octets()
                .iter()
                .flat_map(|octet| [octet >> 4, octet & 15])
                .map(|n| format!("{n:x}"))
                .collect();
            nibbles.join(".")
        }
    }
}

/// The name of the PTR records of an address (RFC 1035, 3.5; RFC 3596, 2.5).
pub(super) fn reverse_name(ip: IpAddr) -> Option<DomainName> {
    let text = dotted(ip);
    let labels: Vec<&str> = text.rsplit('.').collect();
    let suffix = if ip.is_ipv4() { "in-addr.arpa" } else { "ip6.arpa" };
    DomainName::parse(&format!("{}.{suffix}", labels.join("."))).ok()
}

/// An expanded text as a name; `None` if it cannot be one.
///
/// RFC 7208, 7.3: "the left side is truncated to fit, by removing successive domain labels (and
/// their following dots) until the total length does not exceed 253 characters."
pub(super) fn target_name(text: &str) -> Option<DomainName> {
    let mut text = text.strip_suffix('.').unwrap_or(text);
    while text.len() > MAX_NAME {
        text = text.split_once('.')?.1;
    }
    DomainName::parse_with_spaces(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(text: &str) -> String {
        // RFC 7208, 7.4.
        let values = Values {
            local_part: "strong-bad",
            sender_domain: "email.example.com",
            domain: "email.example.com",
            ip: "192.0.2.3".parse().unwrap(),
            validated: Some("mx.example.org"),
            helo: "mx.example.org",
            receiver: None,
            now: Some(1),
        };
        expand(&MacroString::parse_explanation(text).unwrap(), &values)
    }

    #[test]
    fn the_examples_of_the_standard() {
        for (text, expected) in [
            ("%{s}", "strong-bad@email.example.com"),
            ("%{o}", "email.example.com"),
            ("%{d4}", "email.example.com"),
            ("%{d2}", "example.com"),
            ("%{d1}", "com"),
            ("%{dr}", "com.example.email"),
            ("%{d2r}", "example.email"),
            ("%{l}", "strong-bad"),
            ("%{l-}", "strong.bad"),
            ("%{lr}", "strong-bad"),
            ("%{lr-}", "bad.strong"),
            ("%{l1r-}", "strong"),
            ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
            ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
            ("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"),
            ("%{p} %{r} %{t} %%%_%-", "mx.example.org unknown 1 % %20"),
            ("%{S}", "strong-bad%40email.example.com"),
        ] {
            assert_eq!(expanded(text), expected, "{text}");
        }
    }

    #[test]
    fn addresses_have_reverse_names() {
        let name = |ip: &str| reverse_name(ip.parse().unwrap()).unwrap().to_string();
        assert_eq!(name("192.0.2.3"), "3.2.0.192.in-addr.arpa");
        assert!(name("2001:db8::cb01").starts_with("1.0.b.c.0.0.0.0."));
        assert!(name("2001:db8::cb01").ends_with("8.b.d.0.1.0.0.2.ip6.arpa"));
    }

    #[test]
    fn long_names_lose_labels_from_the_left() {
        let long = format!("{}example.com", "abcdefghi.".repeat(30));
        let name = target_name(&long).unwrap();
        assert!(name.as_str().len() <= MAX_NAME && name.as_str().ends_with(".example.com"));
        assert_eq!(target_name("a..example.com"), None);
    }
}
