//! The grammar of one term (RFC 7208, 12), strict: a text is a term, or it is not.

use nom::branch::alt;
use nom::bytes::complete::{take_while, take_while_m_n};
use nom::character::complete::{char, digit1, one_of};
use nom::combinator::{all_consuming, eof, map, map_opt, map_res, opt, recognize, rest, verify};
use nom::error::{Error, ErrorKind};
use nom::sequence::{pair, preceded, terminated};
use nom::{IResult, Parser};

use super::macro_string::{Macro, MacroString};
use super::networks::{Ip4Network, Ip6Network};
use super::terms::{Directive, DomainSpec, DualCidr, Mechanism, Modifier, Qualifier, TermKind};

/// `directive / modifier`, from one end of the text to the other.
pub(super) fn term(text: &[u8]) -> Option<TermKind> {
    // Non-ASCII and control octets occur nowhere in the grammar; all below sees visible ASCII.
    let text = text.is_ascii().then(|| std::str::from_utf8(text).ok()).flatten()?;
    let (_, kind) =
        alt((map(directive, TermKind::Directive), map(modifier, TermKind::Modifier))).parse(text).ok()?;
    Some(kind)
}

/// `directive = [ qualifier ] mechanism`
fn directive(input: &str) -> IResult<&str, Directive> {
    let qualifier = opt(map_opt(one_of("+-?~"), Qualifier::of));
    map((qualifier, mechanism), |(written, mechanism)| Directive { written, mechanism }).parse(input)
}

/// `mechanism = ( all / include / a / mx / ptr / ip4 / ip6 / exists )`
fn mechanism(input: &str) -> IResult<&str, Mechanism> {
    terminated(alt((ip4, include, all, a, mx, ip6, exists, ptr)), eof).parse(input)
}

/// A word of the grammar, in any case (RFC 5234, 2.3). Like `tag_no_case`, which folds characters by
/// the tables of Unicode and so takes most of the time of a record.
fn keyword<'a>(word: &'static str) -> impl Fn(&'a str) -> IResult<&'a str, &'a str> {
    move |input| match input.split_at_checked(word.len()) {
        Some((found, rest)) if found.eq_ignore_ascii_case(word) => Ok((rest, found)),
        _ => Err(nom::Err::Error(Error::new(input, ErrorKind::Tag))),
    }
}

/// `all = "all"`
fn all(input: &str) -> IResult<&str, Mechanism> {
    map((keyword("all"), eof), |_| Mechanism::All).parse(input)
}

/// `include = "include" ":" domain-spec`
fn include(input: &str) -> IResult<&str, Mechanism> {
    map(preceded(keyword("include:"), domain_spec), Mechanism::Include).parse(input)
}

/// `a = "a" [ ":" domain-spec ] [ dual-cidr-length ]`
fn a(input: &str) -> IResult<&str, Mechanism> {
    map(preceded(keyword("a"), target), |(domain, cidr)| Mechanism::A(domain, cidr)).parse(input)
}

/// `mx = "mx" [ ":" domain-spec ] [ dual-cidr-length ]`
fn mx(input: &str) -> IResult<&str, Mechanism> {
    map(preceded(keyword("mx"), target), |(domain, cidr)| Mechanism::Mx(domain, cidr)).parse(input)
}

/// `ptr = "ptr" [ ":" domain-spec ]`
fn ptr(input: &str) -> IResult<&str, Mechanism> {
    map(preceded(keyword("ptr"), opt(preceded(char(':'), domain_spec))), Mechanism::Ptr).parse(input)
}

/// `exists = "exists" ":" domain-spec`
fn exists(input: &str) -> IResult<&str, Mechanism> {
    map(preceded(keyword("exists:"), domain_spec), Mechanism::Exists).parse(input)
}

/// `ip4 = "ip4" ":" ip4-network [ ip4-cidr-length ]`
fn ip4(input: &str) -> IResult<&str, Mechanism> {
    let network = map_res(take_while(|each: char| each.is_ascii_digit() || each == '.'), str::parse);
    map_opt(preceded(keyword("ip4:"), pair(network, opt(ip4_cidr_length))), |(address, length)| {
        Ip4Network::new(address, length).map(Mechanism::Ip4)
    })
    .parse(input)
}

/// `ip6 = "ip6" ":" ip6-network [ ip6-cidr-length ]`
fn ip6(input: &str) -> IResult<&str, Mechanism> {
    let network =
        map_res(take_while(|each: char| each.is_ascii_hexdigit() || each == ':' || each == '.'), str::parse);
    map_opt(preceded(keyword("ip6:"), pair(network, opt(ip6_cidr_length))), |(address, length)| {
        Ip6Network::new(address, length).map(Mechanism::Ip6)
    })
    .parse(input)
}

/// `ip4-cidr-length = "/" ("0" / %x31-39 0*1DIGIT) ; value range 0-32`
fn ip4_cidr_length(input: &str) -> IResult<&str, u8> {
    preceded(char('/'), |input| length(input, 32)).parse(input)
}

/// `ip6-cidr-length = "/" ("0" / %x31-39 0*2DIGIT) ; value range 0-128`
fn ip6_cidr_length(input: &str) -> IResult<&str, u8> {
    preceded(char('/'), |input| length(input, 128)).parse(input)
}

/// A number without leading zeros, from 0 to `most`.
fn length(input: &str, most: u8) -> IResult<&str, u8> {
    let no_leading_zero = verify(digit1, |digits: &str| digits == "0" || !digits.starts_with('0'));
    verify(map_res(no_leading_zero, str::parse), |length| *length <= most).parse(input)
}

/// `[ ":" domain-spec ] [ dual-cidr-length ]`
///
/// A domain-spec may hold slashes, but it ends in a top label or a macro, never in `/24`. What
/// looks like prefix lengths at the end therefore is.
fn target(input: &str) -> IResult<&str, (Option<DomainSpec>, DualCidr)> {
    let (domain, cidr) = split_cidr(input);
    let (_, domain) = all_consuming(opt(preceded(char(':'), domain_spec))).parse(domain)?;
    let (rest, cidr) = all_consuming(dual_cidr_length).parse(cidr)?;
    Ok((rest, (domain, cidr)))
}

/// Cuts `[ "/" 1*DIGIT ] [ "//" 1*DIGIT ]` off the end.
pub(super) fn split_cidr(text: &str) -> (&str, &str) {
    let before = text.trim_end_matches(|each: char| each.is_ascii_digit());
    let mut head = text;
    if before.len() < text.len() {
        if let Some(ip6) = before.strip_suffix("//") {
            let ip4 = ip6.trim_end_matches(|each: char| each.is_ascii_digit());
            head = ip4.strip_suffix('/').filter(|_| ip4.len() < ip6.len()).unwrap_or(ip6);
        } else if let Some(ip4) = before.strip_suffix('/') {
            head = ip4;
        }
    }
    text.split_at(head.len())
}

/// `dual-cidr-length = [ ip4-cidr-length ] [ "/" ip6-cidr-length ]`
fn dual_cidr_length(input: &str) -> IResult<&str, DualCidr> {
    // `//64` has no IPv4 length, which a plain `opt` finds by failing on the second slash.
    map(pair(opt(ip4_cidr_length), opt(preceded(char('/'), ip6_cidr_length))), |(ip4, ip6)| DualCidr {
        ip4,
        ip6,
    })
    .parse(input)
}

/// `domain-spec = macro-string domain-end`, up to the end of the text.
///
/// `domain-end = ( "." toplabel [ "." ] ) / macro-expand`
pub(super) fn domain_spec(input: &str) -> IResult<&str, DomainSpec> {
    map_opt(rest, |text: &str| {
        let string = MacroString::parse(text)?;
        let ends_well = match string.literal_end() {
            None => true,
            Some(end) => {
                let end = end.strip_suffix('.').unwrap_or(end);
                end.rsplit_once('.').is_some_and(|(_, label)| is_toplabel(label))
            }
        };
        // RFC 7208, 7.2: c, r and t "are allowed only in "exp" text".
        (ends_well && !uses_explanation_letter(&string)).then_some(DomainSpec(string))
    })
    .parse(input)
}

/// Whether a macro stands there that only explanation texts may use.
pub(super) fn uses_explanation_letter(string: &MacroString) -> bool {
    string.macros().any(|each| matches!(each, Macro::Expand(found) if found.letter.is_for_explanations()))
}

/// `toplabel = ( *alphanum ALPHA *alphanum ) / ( 1*alphanum "-" *( alphanum / "-" ) alphanum )`
pub(super) fn is_toplabel(label: &str) -> bool {
    if !label.is_empty() && label.bytes().all(|each| each.is_ascii_alphabetic()) {
        return true;
    }
    let hyphen = label.contains('-');
    !label.is_empty()
        && label.bytes().all(|each| each.is_ascii_alphanumeric() || each == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
        && (hyphen || label.bytes().any(|each| each.is_ascii_alphabetic()))
}

/// `modifier = redirect / explanation / unknown-modifier`
fn modifier(input: &str) -> IResult<&str, Modifier> {
    let (value, name) = terminated(name, char('=')).parse(input)?;
    // An unknown modifier is one "where name is not any known modifier": no second try for these.
    if name.eq_ignore_ascii_case("redirect") {
        return map(domain_spec, Modifier::Redirect).parse(value);
    }
    if name.eq_ignore_ascii_case("exp") {
        return map(domain_spec, Modifier::Explanation).parse(value);
    }
    map_opt(rest, |text: &str| {
        let value = MacroString::parse(text)?;
        (!uses_explanation_letter(&value)).then(|| Modifier::Unknown { name: name.to_owned(), value })
    })
    .parse(value)
}

/// `name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." )`
pub(super) fn name(input: &str) -> IResult<&str, &str> {
    recognize(pair(
        take_while_m_n(1, 1, |each: char| each.is_ascii_alphabetic()),
        take_while(|each: char| each.is_ascii_alphanumeric() || "-_.".contains(each)),
    ))
    .parse(input)
}

/// `version = "v=spf1"`
const VERSION: &[u8] = b"v=spf1";

/// The length of a `version` that is followed by a space or the end (RFC 7208, 4.5).
pub(super) fn version(octets: &[u8]) -> Option<usize> {
    let (version, rest) = octets.split_at_checked(VERSION.len())?;
    (version.eq_ignore_ascii_case(VERSION) && matches!(rest.first(), None | Some(b' ')))
        .then_some(version.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_term(text: &str) -> bool {
        term(text.as_bytes()).is_some()
    }

    #[test]
    fn terms_of_the_grammar() {
        for text in [
            "all",
            "-ALL",
            "?a",
            "a/24",
            "a//64",
            "a/24//64",
            "a:foo:bar/baz.example.com",
            "mx:%{d}/8",
            "ptr:x.example",
            "ip4:1.2.3.4/0",
            "ip6:::/0",
            "ip6:::ffff:1.2.3.4/96",
            "exists:%{ir}.x.example.",
            "redirect=%{d}",
            "exp=a.b",
            "foo=",
            "foo=%%",
            "include=x",
            "all=",
            "a:%%",
            "a:.com",
            "a:x.a-1",
            "a:x.example/32//128",
            "A.b_c-d=e",
        ] {
            assert!(is_term(text), "{text}");
        }
    }

    #[test]
    fn texts_that_are_no_terms() {
        for text in [
            "",
            "-",
            "all.",
            "all:",
            "all/8",
            "include",
            "include:",
            "include/24",
            "include:com",
            "a:",
            "a:localhost",
            "a:111.222.33.44",
            "a:foo.example.com:8080",
            "a/",
            "a/33",
            "a/032",
            "a//129",
            "a///1",
            "a/24/64",
            "ptr/24",
            "ip4:1.2.3",
            "ip4:01.2.3.4",
            "ip4:1.2.3.4//32",
            "ip4:1.2.3.4/33",
            "ip6:1.2.3.4",
            "ip6:::1/129",
            "exists:x.example/8",
            "redirect=",
            "exp=",
            "redirect:x.example",
            "-foo=bar",
            "=bar",
            "1foo=bar",
            "foo=%",
            "exp=%{c}.example.com",
            "a:x.-com",
            "a:x.com-",
            "a:x.example..",
            "a:%{d}.",
            "a:%{d}x",
            "foo=%{t}",
            "ip4:1.2.3.4/",
            "a:x.1",
            "?redirect=x.example",
        ] {
            assert!(!is_term(text), "{text}");
        }
    }
}
