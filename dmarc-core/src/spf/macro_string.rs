//! Macro strings (RFC 7208, 7.1 and 12), parsed before anything is expanded.
//!
//! [`MacroString`] keeps its text as written, and where its macros stand. Expansion belongs to the
//! evaluation; here a string only is, or is not, well formed. `%{c}`, `%{r}` and `%{t}` parse, as
//! in the grammar; that they belong to explanation texts alone is checked by the caller (7.2).

use std::fmt;
use std::ops::Range;

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{anychar, digit0};
use nom::combinator::{consumed, map, map_opt, opt, value};
use nom::multi::fold_many0;
use nom::sequence::delimited;
use nom::{IResult, Parser};

/// A text with macros, as written.
#[derive(Clone, Debug, Eq, PartialEq, Hash)]
pub struct MacroString {
    text: Box<str>,
    macros: Box<[(Range<usize>, Macro)]>,
}

/// One macro of a [`MacroString`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum Macro {
    /// `%{…}`.
    Expand(Expansion),
    /// `%%`, a percent sign.
    Percent,
    /// `%_`, a space.
    Space,
    /// `%-`, a space in URL form: `%20`.
    EscapedSpace,
}

/// What stands between the braces of `%{…}`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct Expansion {
    /// Which value.
    pub letter: Letter,
    /// Whether the letter is in upper case: the value is then percent-encoded.
    pub escaped: bool,
    /// How many parts are kept, from the right; all if absent. Never 0.
    pub keep: Option<u32>,
    /// Whether the parts are reversed first.
    pub reversed: bool,
    /// Where the value is split; at dots if none are given.
    pub delimiters: Delimiters,
}

/// The letter of a macro (RFC 7208, 7.2).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum Letter {
    /// `s`: the sender.
    Sender,
    /// `l`: local-part of the sender.
    LocalPart,
    /// `o`: domain of the sender.
    SenderDomain,
    /// `d`: the domain whose record is evaluated.
    Domain,
    /// `i`: the client's address.
    Address,
    /// `p`: the client's validated name.
    ValidatedName,
    /// `v`: `in-addr` or `ip6`.
    Version,
    /// `h`: the HELO name.
    Helo,
    /// `c`: the client's address in readable form; explanation texts only.
    ReadableAddress,
    /// `r`: the receiving host; explanation texts only.
    Receiver,
    /// `t`: the time; explanation texts only.
    Time,
}

impl Letter {
    fn of(letter: char) -> Option<Self> {
        Some(match letter.to_ascii_lowercase() {
            's' => Self::Sender,
            'l' => Self::LocalPart,
            'o' => Self::SenderDomain,
            'd' => Self::Domain,
            'i' => Self::Address,
            'p' => Self::ValidatedName,
            'v' => Self::Version,
            'h' => Self::Helo,
            'c' => Self::ReadableAddress,
            'r' => Self::Receiver,
            't' => Self::Time,
            _ => return None,
        })
    }

    /// Whether only explanation texts may use it (RFC 7208, 7.2).
    #[must_use]
    pub const fn is_for_explanations(self) -> bool {
        matches!(self, Self::ReadableAddress | Self::Receiver | Self::Time)
    }
}

/// A set of delimiters out of `.-+,/_=`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct Delimiters(u8);

impl Delimiters {
    const ALL: &str = ".-+,/_=";

    fn of(text: &str) -> Self {
        let bits = Self::ALL.chars().enumerate().filter(|(_, each)| text.contains(*each));
        Self(bits.fold(0, |set, (bit, _)| set | 1 << bit))
    }

    /// Whether a value is split at this character: at a dot, if no delimiters are given.
    #[must_use]
    pub fn split_at(self, character: char) -> bool {
        if self.0 == 0 {
            return character == '.';
        }
        Self::ALL.chars().position(|each| each == character).is_some_and(|bit| self.0 & (1 << bit) != 0)
    }

    /// Whether none are given.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// A piece of a [`MacroString`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Part<'a> {
    /// Text that stands for itself.
    Literal(&'a str),
    /// A macro.
    Macro(Macro),
}

impl MacroString {
    /// Reads `macro-string`; `None` if the text is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // Most texts hold no macro: one look at each octet tells.
        if text.bytes().all(|octet| octet.is_ascii_graphic() && octet != b'%') {
            return Some(Self::literal(text));
        }
        let (rest, macros) = macro_string(text).ok()?;
        rest.is_empty().then(|| Self { text: text.into(), macros: macros.into() })
    }

    /// A text that is known to hold no macro, and nothing that a macro string may not hold.
    pub(super) fn literal(text: &str) -> Self {
        Self { text: text.into(), macros: Box::default() }
    }

    /// Reads `explain-string = *( macro-string / SP )`, what the TXT record of `exp=` holds.
    #[must_use]
    pub fn parse_explanation(text: &str) -> Option<Self> {
        let mut macros = Vec::new();
        let mut at = 0;
        for word in text.split(' ') {
            let (rest, found) = macro_string(word).ok()?;
            if !rest.is_empty() {
                return None;
            }
            macros.extend(found.into_iter().map(|(range, each)| (range.start + at..range.end + at, each)));
            at += word.len() + 1;
        }
        Some(Self { text: text.into(), macros: macros.into() })
    }

    /// The text as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its macros, in order.
    pub fn macros(&self) -> impl Iterator<Item = Macro> + '_ {
        self.macros.iter().map(|(_, each)| *each)
    }

    /// Its macros with their places in the text.
    pub(super) fn placed_macros(&self) -> &[(Range<usize>, Macro)] {
        &self.macros
    }

    /// Whether it stands for itself alone.
    #[must_use]
    pub fn is_literal(&self) -> bool {
        self.macros.is_empty()
    }

    /// Its pieces, in order.
    #[must_use]
    pub fn parts(&self) -> Vec<Part<'_>> {
        let mut parts = Vec::with_capacity(self.macros.len() * 2 + 1);
        let mut done = 0;
        for (range, each) in &self.macros {
            self.push_literal(&mut parts, done..range.start);
            parts.push(Part::Macro(*each));
            done = range.end;
        }
        self.push_literal(&mut parts, done..self.text.len());
        parts
    }

    fn push_literal<'a>(&'a self, parts: &mut Vec<Part<'a>>, range: Range<usize>) {
        if let Some(literal) = self.text.get(range).filter(|literal| !literal.is_empty()) {
            parts.push(Part::Literal(literal));
        }
    }

    /// The literal text behind the last macro; `None` if the string ends in a macro.
    pub(super) fn literal_end(&self) -> Option<&str> {
        let start = self.macros.last().map_or(0, |(range, _)| range.end);
        if start == self.text.len() && !self.macros.is_empty() { None } else { self.text.get(start..) }
    }
}

impl fmt::Display for MacroString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// `macro-string = *( macro-expand / macro-literal )`: the macros with their places; what is left
/// over is no macro string.
fn macro_string(input: &str) -> IResult<&str, Vec<(Range<usize>, Macro)>> {
    let count = input.bytes().filter(|octet| *octet == b'%').count();
    let piece = consumed(alt((map(macro_literals, |()| None), map(macro_expand, Some))));
    let (rest, (_, macros)) = fold_many0(
        piece,
        || (0, Vec::with_capacity(count)),
        |(at, mut macros), (text, found): (&str, Option<Macro>)| {
            let end = at + text.len();
            if let Some(found) = found {
                macros.push((at..end, found));
            }
            (end, macros)
        },
    )
    .parse(input)?;
    Ok((rest, macros))
}

/// `macro-literal = %x21-24 / %x26-7E`: visible characters except `%`.
fn macro_literals(input: &str) -> IResult<&str, ()> {
    value((), take_while1(|each: char| each.is_ascii_graphic() && each != '%')).parse(input)
}

/// `macro-expand = ( "%{" macro-letter transformers *delimiter "}" ) / "%%" / "%_" / "%-"`
pub(super) fn macro_expand(input: &str) -> IResult<&str, Macro> {
    alt((
        map(delimited(tag("%{"), expansion, tag("}")), Macro::Expand),
        value(Macro::Percent, tag("%%")),
        value(Macro::Space, tag("%_")),
        value(Macro::EscapedSpace, tag("%-")),
    ))
    .parse(input)
}

/// `macro-letter transformers *delimiter`, where `transformers = *DIGIT [ "r" ]`.
fn expansion(input: &str) -> IResult<&str, Expansion> {
    let letter = map_opt(anychar, |each| Some((Letter::of(each)?, each.is_ascii_uppercase())));
    let delimiters = take_while(|each| Delimiters::ALL.contains(each));
    map(
        (letter, keep, opt(alt((tag("r"), tag("R")))), delimiters),
        |((letter, escaped), keep, reversed, delimiters)| Expansion {
            letter,
            escaped,
            keep,
            reversed: reversed.is_some(),
            delimiters: Delimiters::of(delimiters),
        },
    )
    .parse(input)
}

/// The digits of `transformers`.
fn keep(input: &str) -> IResult<&str, Option<u32>> {
    map_opt(digit0, |digits: &str| {
        if digits.is_empty() {
            return Some(None);
        }
        // A number beyond u32 keeps every part of any name, as the largest one does.
        let number = digits.parse().unwrap_or(u32::MAX);
        // RFC 7208, 7.3: "If a DIGIT is specified, the value MUST be nonzero."
        (number > 0).then_some(Some(number))
    })
    .parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_in_order() {
        let string = MacroString::parse("%{ir}.%{v}._spf.%{d2}").unwrap();
        assert_eq!(string.parts().len(), 5);
        assert_eq!(string.literal_end(), None);
        assert!(matches!(
            string.macros().next(),
            Some(Macro::Expand(Expansion { letter: Letter::Address, reversed: true, .. }))
        ));
    }

    #[test]
    fn delimiters_and_numbers_are_read() {
        let string = MacroString::parse("%{L99999999999r+-}x").unwrap();
        let Some(Macro::Expand(found)) = string.macros().next() else { panic!("a macro") };
        assert_eq!((found.escaped, found.keep, found.reversed), (true, Some(u32::MAX), true));
        assert!(found.delimiters.split_at('+') && !found.delimiters.split_at('.'));
        assert_eq!(string.literal_end(), Some("x"));
    }

    #[test]
    fn malformed_macros_are_refused() {
        for text in ["%", "%{d", "%{d0}", "%{x}", "%{d r}", "a%b", "%{}", "%{dr2}"] {
            assert_eq!(MacroString::parse(text), None, "{text}");
        }
    }

    #[test]
    fn explanations_hold_spaces() {
        let string = MacroString::parse_explanation("see %{c} at %{t}").unwrap();
        assert_eq!(string.parts().len(), 4);
        assert_eq!(MacroString::parse("a b"), None);
    }
}
