//! URIs (RFC 3986) and `mailto:` addresses (RFC 6068), as far as reporting addresses need them.
//!
//! The grammar is that of RFC 3986, appendix A, on octets. Left out: resolving references.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while_m_n, take_while1};
use nom::character::complete::{char, satisfy};
use nom::combinator::{all_consuming, opt, recognize};
use nom::multi::{many0_count, many1_count};
use nom::sequence::{delimited, pair, preceded, terminated};
use nom::{IResult, Parser};

use crate::name::DomainName;

/// Whether a text is a `URI` of RFC 3986 (with a scheme; a relative reference is none).
#[must_use]
pub fn is_uri(text: &str) -> bool {
    all_consuming(uri).parse(text).is_ok()
}

/// The scheme of a text that begins with one, without its colon.
#[must_use]
pub fn scheme_of(text: &str) -> Option<&str> {
    terminated(scheme, char(':')).parse(text).ok().map(|(_, scheme)| scheme)
}

/// `URI = scheme ":" hier-part [ "?" query ] [ "#" fragment ]`
fn uri(input: &str) -> IResult<&str, &str> {
    recognize((
        scheme,
        char(':'),
        hier_part,
        opt(preceded(char('?'), query)),
        opt(preceded(char('#'), query)),
    ))
    .parse(input)
}

/// `scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )`
fn scheme(input: &str) -> IResult<&str, &str> {
    recognize(pair(
        satisfy(|c| c.is_ascii_alphabetic()),
        take_while(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')),
    ))
    .parse(input)
}

/// `hier-part = "//" authority path-abempty / path-absolute / path-rootless / path-empty`
fn hier_part(input: &str) -> IResult<&str, &str> {
    alt((recognize((tag("//"), authority, path)), path)).parse(input)
}

/// `authority = [ userinfo "@" ] host [ ":" port ]`
fn authority(input: &str) -> IResult<&str, &str> {
    let userinfo =
        recognize(many0_count(alt((unit(|c| is_unreserved(c) || is_sub_delim(c) || c == ':'), escape))));
    recognize((
        opt(terminated(userinfo, char('@'))),
        host,
        opt(preceded(char(':'), take_while(|c: char| c.is_ascii_digit()))),
    ))
    .parse(input)
}

/// `host = IP-literal / IPv4address / reg-name`
fn host(input: &str) -> IResult<&str, &str> {
    alt((
        recognize(delimited(
            char('['),
            take_while1(|c: char| is_unreserved(c) || is_sub_delim(c) || c == ':'),
            char(']'),
        )),
        recognize(many0_count(alt((unit(|c| is_unreserved(c) || is_sub_delim(c)), escape)))),
    ))
    .parse(input)
}

/// Any of the paths: `*( pchar / "/" )`
fn path(input: &str) -> IResult<&str, &str> {
    recognize(many0_count(alt((unit(|c| is_pchar(c) || c == '/'), escape)))).parse(input)
}

/// `query = *( pchar / "/" / "?" )`; `fragment` is the same.
fn query(input: &str) -> IResult<&str, &str> {
    recognize(many0_count(alt((unit(|c| is_pchar(c) || matches!(c, '/' | '?')), escape)))).parse(input)
}

fn unit<'a>(
    allowed: impl Fn(char) -> bool,
) -> impl Parser<&'a str, Output = &'a str, Error = nom::error::Error<&'a str>> {
    take_while1(allowed)
}

/// `pct-encoded = "%" HEXDIG HEXDIG`
fn escape(input: &str) -> IResult<&str, &str> {
    recognize(pair(char('%'), take_while_m_n(2, 2, |c: char| c.is_ascii_hexdigit()))).parse(input)
}

/// `unreserved = ALPHA / DIGIT / "-" / "." / "_" / "~"`
fn is_unreserved(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~')
}

fn is_sub_delim(c: char) -> bool {
    matches!(c, '!' | '$' | '&' | '\'' | '(' | ')' | '*' | '+' | ',' | ';' | '=')
}

/// `pchar = unreserved / pct-encoded / sub-delims / ":" / "@"`, without the escapes.
fn is_pchar(c: char) -> bool {
    is_unreserved(c) || is_sub_delim(c) || matches!(c, ':' | '@')
}

/// The address of a `mailto:` URI.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mailto {
    /// Local-part, decoded; case kept.
    pub local_part: String,
    /// Destination host.
    pub domain: DomainName,
}

impl Mailto {
    /// Whether the local-part is a dot-atom or a quoted-string (RFC 5322, 3.2).
    #[must_use]
    pub fn is_plain(&self) -> bool {
        let atom = |text: &str| !text.is_empty() && text.chars().all(is_atext);
        self.local_part.split('.').all(atom)
            || all_consuming(quoted_string).parse(self.local_part.as_str()).is_ok()
    }

    /// Whether a text before the `@` or after it could be part of a plain address: used to tell a
    /// bare address from other text.
    #[must_use]
    pub fn parse_bare(text: &str) -> Option<Self> {
        let (local_part, domain) = text.rsplit_once('@')?;
        let address = Self { local_part: local_part.to_owned(), domain: DomainName::parse(domain).ok()? };
        (address.is_plain() && is_host(&address.domain) && address.domain.label_count() > 1)
            .then_some(address)
    }
}

/// Whether a name could be that of a host: letters, digits, hyphens, and the underscore that is seen.
fn is_host(name: &DomainName) -> bool {
    !name.is_root()
        && name.labels().all(|label| {
            label.bytes().all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_'))
        })
}

/// `atext` of RFC 5322, 3.2.3.
fn is_atext(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
}

/// `quoted-string`, without folding (RFC 5322, 3.2.4).
fn quoted_string(input: &str) -> IResult<&str, &str> {
    let plain = take_while1(|c: char| matches!(c, ' '..='~') && !matches!(c, '"' | '\\'));
    let escaped = recognize(pair(char('\\'), satisfy(|c| matches!(c, ' '..='~'))));
    recognize(delimited(char('"'), many1_count(alt((plain, escaped))), char('"'))).parse(input)
}

/// Why a `mailto:` URI names no address.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MailtoError {
    /// Nothing with an `@` in it.
    NoAddress,
    /// The local-part is empty, no UTF-8, or holds controls.
    LocalPart,
    /// What follows the `@` is no domain name.
    Domain,
}

/// The address of a `mailto:` URI (RFC 6068, 2): fragment and headers are cut off, the rest is
/// split at its last raw `@`, and only then percent-decoded, once.
///
/// # Errors
/// [`MailtoError`] if there is no address that mail could be sent to.
pub fn mailto(uri: &str) -> Result<Mailto, MailtoError> {
    let rest = uri.split_once(':').map_or("", |(_, rest)| rest);
    let rest = rest.split(['#', '?']).next().unwrap_or_default();
    let (local_part, domain) = rest.rsplit_once('@').ok_or(MailtoError::NoAddress)?;
    let local_part = decode(local_part).ok_or(MailtoError::LocalPart)?;
    if local_part.is_empty() || local_part.chars().any(char::is_control) {
        return Err(MailtoError::LocalPart);
    }
    let domain = decode(domain).ok_or(MailtoError::Domain)?;
    let domain = DomainName::parse(&domain).map_err(|_| MailtoError::Domain)?;
    if is_host(&domain) { Ok(Mailto { local_part, domain }) } else { Err(MailtoError::Domain) }
}

/// Percent-decoding, once; `None` if the result is not UTF-8 or an escape is broken.
fn decode(text: &str) -> Option<String> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        if *first == b'%' {
            let digits = std::str::from_utf8(tail.get(..2)?).ok()?;
            octets.push(u8::from_str_radix(digits, 16).ok()?);
            rest = tail.get(2..)?;
        } else {
            octets.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(octets).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_need_a_scheme_and_legal_characters() {
        for good in ["mailto:a@example.com", "https://r.example/x?y#z", "mailto:", "http://[2001:db8::1]:80/"]
        {
            assert!(is_uri(good), "{good}");
        }
        for bad in [
            "a@example.com",
            "mailto:a b@example.com",
            "mailto:a@[192.0.2.1]",
            "x:%4",
            "1x:y",
            "mailto:<a@b>",
        ] {
            assert!(!is_uri(bad), "{bad}");
        }
    }

    #[test]
    fn an_encoded_at_sign_never_delimits() {
        assert_eq!(mailto("mailto:a@example.com%40evil.example"), Err(MailtoError::Domain));
        let address = mailto("mailto:a%40b@example.com").unwrap();
        assert_eq!((address.local_part.as_str(), address.domain.as_str()), ("a@b", "example.com"));
        assert_eq!(mailto("mailto:a%0D%0Ab@example.com"), Err(MailtoError::LocalPart));
        assert_eq!(mailto("mailto:a@b%C3%BCcher.example").unwrap().domain.as_str(), "xn--bcher-kva.example");
        assert_eq!(mailto("mailto:?to=a@example.com"), Err(MailtoError::NoAddress));
    }
}
