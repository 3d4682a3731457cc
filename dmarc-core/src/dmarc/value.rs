//! The values of single tags, each by its grammar (RFC 9989, 4.8; RFC 7489, 6.4).

use nom::branch::alt;
use nom::bytes::complete::{tag_no_case, take_while_m_n};
use nom::combinator::{all_consuming, value};
use nom::{IResult, Parser};
use serde::{Deserialize, Serialize};

use super::Edition;

/// What a domain owner asks for mail that fails. Ordered: later is stricter.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Policy {
    /// Nothing.
    None,
    /// Treat it as suspicious.
    Quarantine,
    /// Reject it.
    Reject,
}

impl Policy {
    /// `none`, `quarantine` or `reject`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Quarantine => "quarantine",
            Self::Reject => "reject",
        }
    }

    /// One level less: what `t=y` asks for (RFC 9989, 4.7), and what `pct` leaves for the mail that it
    /// does not select (RFC 7489, 6.6.4).
    #[must_use]
    pub fn softened(self) -> Self {
        match self {
            Self::Reject => Self::Quarantine,
            Self::Quarantine | Self::None => Self::None,
        }
    }
}

/// How closely names have to match. Ordered: later is stricter.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
pub enum Alignment {
    /// Same organizational domain.
    #[serde(rename = "r")]
    Relaxed,
    /// Same name.
    #[serde(rename = "s")]
    Strict,
}

/// What the record says about its own place in the tree (RFC 9989, 4.7).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PublicSuffixFlag {
    /// A public suffix domain.
    Y,
    /// The organizational domain.
    N,
    /// Unknown: the tree walk decides.
    U,
}

/// When failure reports are wanted (RFC 9989, 4.7, `fo`).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Hash, Serialize, Deserialize)]
pub enum FailureOption {
    /// If no mechanism gives an aligned pass.
    #[serde(rename = "0")]
    All,
    /// If any mechanism gives no aligned pass.
    #[serde(rename = "1")]
    Any,
    /// If a DKIM signature fails.
    #[serde(rename = "d")]
    Dkim,
    /// If SPF fails.
    #[serde(rename = "s")]
    Spf,
}

fn whole<T>(text: &str, parser: impl Fn(&str) -> IResult<&str, T>) -> Option<T> {
    all_consuming(parser).parse(text).ok().map(|(_, value)| value)
}

/// `dmarc-request = "none" / "quarantine" / "reject"` (RFC 9989, 4.8)
fn dmarc_request(input: &str) -> IResult<&str, Policy> {
    alt((
        value(Policy::None, tag_no_case("none")),
        value(Policy::Quarantine, tag_no_case("quarantine")),
        value(Policy::Reject, tag_no_case("reject")),
    ))
    .parse(input)
}

/// `dmarc-rors = "r" / "s"`
fn dmarc_rors(input: &str) -> IResult<&str, Alignment> {
    alt((value(Alignment::Relaxed, tag_no_case("r")), value(Alignment::Strict, tag_no_case("s"))))
        .parse(input)
}

/// `dmarc-yorn = "y" / "n"`
fn dmarc_yorn(input: &str) -> IResult<&str, bool> {
    alt((value(true, tag_no_case("y")), value(false, tag_no_case("n")))).parse(input)
}

/// `dmarc-psd = "y" / "n" / "u"`
fn dmarc_psd(input: &str) -> IResult<&str, PublicSuffixFlag> {
    alt((
        value(PublicSuffixFlag::Y, tag_no_case("y")),
        value(PublicSuffixFlag::N, tag_no_case("n")),
        value(PublicSuffixFlag::U, tag_no_case("u")),
    ))
    .parse(input)
}

fn dmarc_fo_letter(input: &str) -> IResult<&str, FailureOption> {
    alt((
        value(FailureOption::All, tag_no_case("0")),
        value(FailureOption::Any, tag_no_case("1")),
        value(FailureOption::Dkim, tag_no_case("d")),
        value(FailureOption::Spf, tag_no_case("s")),
    ))
    .parse(input)
}

/// `1*3DIGIT`
fn three_digits(input: &str) -> IResult<&str, &str> {
    take_while_m_n(1, 3, |c: char| c.is_ascii_digit()).parse(input)
}

/// Value of `p`, `sp` or `np`.
#[must_use]
pub(super) fn policy(text: &str) -> Option<Policy> {
    whole(text, dmarc_request)
}

/// Value of `adkim` or `aspf`.
#[must_use]
pub(super) fn alignment(text: &str) -> Option<Alignment> {
    whole(text, dmarc_rors)
}

/// Value of `t`.
#[must_use]
pub(super) fn test_mode(text: &str) -> Option<bool> {
    whole(text, dmarc_yorn)
}

/// Value of `psd`.
#[must_use]
pub(super) fn psd(text: &str) -> Option<PublicSuffixFlag> {
    whole(text, dmarc_psd)
}

/// Value of `pct`: RFC 7489, 6.4 takes three digits, 6.3 an integer between 0 and 100.
#[must_use]
pub(super) fn percentage(text: &str) -> Option<u8> {
    let (_, digits) = all_consuming(three_digits).parse(text).ok()?;
    digits.parse().ok().filter(|number| *number <= 100)
}

/// Value of `ri`: a 32-bit unsigned integer (RFC 7489, 6.3).
#[must_use]
pub(super) fn interval(text: &str) -> Option<u32> {
    if text.bytes().all(|octet| octet.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// Value of `rf`: a colon-separated list of keywords of which only `afrf` is defined.
#[must_use]
pub(super) fn report_format(text: &str) -> Option<()> {
    text.split(':').any(|word| word.trim_matches([' ', '\t']).eq_ignore_ascii_case("afrf")).then_some(())
}

/// Value of `fo`. RFC 7489 takes any list of letters, with blanks; RFC 9989, 4.8 at most one of `0` and
/// `1`, `d` and `s` at most once, no blanks.
#[must_use]
pub(super) fn failure_options(text: &str, edition: Edition) -> Option<Vec<FailureOption>> {
    let mut options = Vec::new();
    for word in text.split(':') {
        let word = match edition {
            Edition::Rfc7489 => word.trim_matches([' ', '\t']),
            Edition::Rfc9989 => word,
        };
        let option = whole(word, dmarc_fo_letter)?;
        if !options.contains(&option) {
            options.push(option);
        } else if edition == Edition::Rfc9989 {
            return None;
        }
    }
    let exclusive = options.contains(&FailureOption::All) && options.contains(&FailureOption::Any);
    (edition == Edition::Rfc7489 || !exclusive).then_some(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_whole_and_fold_case() {
        assert_eq!(policy("REJECT"), Some(Policy::Reject));
        assert_eq!(policy("rej"), None);
        assert_eq!(policy("rejected"), None);
        assert_eq!(percentage("007"), Some(7));
        assert_eq!(percentage("101"), None);
        assert_eq!(percentage("0100"), None);
        assert_eq!(interval("99999999999"), None);
        assert_eq!(interval(""), None);
        assert_eq!(report_format("afrf:other"), Some(()));
    }

    #[test]
    fn fo_differs_between_the_editions() {
        assert_eq!(failure_options("0:1:d:s", Edition::Rfc7489).map(|list| list.len()), Some(4));
        assert_eq!(failure_options("0:1:d:s", Edition::Rfc9989), None);
        assert!(failure_options("d:0:s", Edition::Rfc9989).is_some());
        assert_eq!(failure_options("d:d", Edition::Rfc9989), None);
        assert_eq!(failure_options("0 : d", Edition::Rfc9989), None);
    }
}
