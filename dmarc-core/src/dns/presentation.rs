//! Record data as text, both ways (RFC 1035, 5.1; RFC 3597, 5; RFC 6698, 2.2).
//!
//! [`Record::from_presentation`] reads a value of a snapshot or an answer document, such as
//! `10 mx.example.com.`; [`Record::to_presentation`] writes it, and reading that gives the record
//! back. Names are absolute, with or without a final dot. The zone-file reader shares the fields.
//!
//! A TXT value that starts with `"` is in presentation format: character-strings between quotes,
//! with `\DDD` and `\"`. Any other value is the joined text, which is cut into strings of 255
//! octets. A record is written as joined text where that gives its strings back, else between
//! quotes.

use std::fmt::Write as _;

use super::quoting::{self, Field};
use super::records::{Record, RecordType};
use super::{generic, ttl};
use crate::name::{DomainName, NameError};

/// Most octets of a character-string (RFC 1035, 3.3).
pub const MAX_STRING: usize = 255;
/// Most octets of the data of one record (RFC 1035, 3.2.1: a 16-bit length).
pub const MAX_DATA: usize = 65_535;

/// A text that is not data of the record type.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PresentationError {
    /// The data ends before a field.
    #[error("the {field} is missing")]
    Missing {
        /// What should have stood there.
        field: &'static str,
    },
    /// More text behind the last field.
    #[error("`{text}` is left over behind the data")]
    Extra {
        /// The first field that is left over.
        text: String,
    },
    /// Not a number, or one out of range.
    #[error("`{text}` is not a valid {field}")]
    Number {
        /// Which field.
        field: &'static str,
        /// What stands there.
        text: String,
    },
    /// Not an address of the family.
    #[error("`{text}` is not an {family} address")]
    Address {
        /// `IPv4` or `IPv6`.
        family: &'static str,
        /// What stands there.
        text: String,
    },
    /// Not a domain name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A relative name without an origin to complete it.
    #[error("`{text}` is relative, and no origin is known")]
    NoOrigin {
        /// The name.
        text: String,
    },
    /// Not an even number of hexadecimal digits.
    #[error("`{text}` is not hexadecimal data")]
    Hexadecimal {
        /// What stands there, shortened.
        text: String,
    },
    /// A backslash that is not followed by a character or by three digits up to 255.
    #[error("`{text}` is not a valid escape")]
    Escape {
        /// The backslash and what follows.
        text: String,
    },
    /// A quote without its partner.
    #[error("a quote is not closed")]
    UnclosedQuote,
    /// A character-string over [`MAX_STRING`] octets.
    #[error("a string of {octets} octets is longer than 255; split it into several strings")]
    LongString {
        /// Its length.
        octets: usize,
    },
    /// Data over [`MAX_DATA`] octets.
    #[error("data of {octets} octets is longer than 65535")]
    LongData {
        /// Its length.
        octets: usize,
    },
    /// Generic data (`\#`) whose length is not the one stated.
    #[error("generic data of {found} octets states a length of {stated}")]
    GenericLength {
        /// The length that it states.
        stated: usize,
        /// The length that it has.
        found: usize,
    },
    /// Generic data (`\#`) that is not data of the record type.
    #[error("the generic data is not {record_type} data")]
    Generic {
        /// The record type.
        record_type: RecordType,
    },
}

impl Record {
    /// Reads the data of a record from text, as a snapshot gives it.
    ///
    /// ```
    /// use dmarc_core::dns::{Record, RecordType};
    ///
    /// let record = Record::from_presentation(RecordType::Txt, r#""v=DMARC1; " "p=none""#)?;
    /// assert_eq!(record.joined_text().unwrap(), b"v=DMARC1; p=none");
    /// assert_eq!(record.to_presentation(), r#""v=DMARC1; " "p=none""#);
    /// # Ok::<(), dmarc_core::dns::PresentationError>(())
    /// ```
    ///
    /// # Errors
    /// [`PresentationError`] if the text is not data of that type.
    pub fn from_presentation(record_type: RecordType, text: &str) -> Result<Self, PresentationError> {
        if record_type == RecordType::Txt && !text.starts_with('"') {
            return joined(text.as_bytes());
        }
        let fields = quoting::split(text.as_bytes())?;
        read_data(record_type, &fields, &quoting::absolute_name)
    }

    /// The data as text, such that [`Record::from_presentation`] gives the record back.
    #[must_use]
    pub fn to_presentation(&self) -> String {
        match self {
            Self::A(address) => address.to_string(),
            Self::Aaaa(address) => address.to_string(),
            Self::Cname(name) | Self::Ns(name) | Self::Ptr(name) => dotted(name),
            Self::Mx { preference, exchange } => format!("{preference} {}", dotted(exchange)),
            // Only these two fields are kept: the others are written as their zero.
            Self::Soa { primary, minimum } => format!("{} . 0 0 0 0 {minimum}", dotted(primary)),
            Self::Tlsa { usage, selector, matching, data } => {
                let mut text = format!("{usage} {selector} {matching} ");
                for octet in data {
                    let _ = write!(text, "{octet:02x}");
                }
                text.trim_end().to_owned()
            }
            Self::Txt(strings) => text_value(strings),
        }
    }
}

/// Data as it should look: the same in every language.
pub(crate) fn example(mnemonic: &str) -> &'static str {
    match mnemonic {
        "A" => "192.0.2.1",
        "AAAA" => "2001:db8::1",
        "MX" => "10 mx.example.com.",
        "SOA" => "ns.example.com. hostmaster.example.com. 1 1d 2h 4w 5m",
        "TLSA" => "3 1 1 0123abcd…",
        "TXT" => "\"v=DMARC1; p=none\"",
        "$TTL" => "$TTL 3600",
        "$ORIGIN" => "$ORIGIN example.com.",
        "HTTPS" => "{\"status\": 200, \"content_type\": \"text/plain\", \"body\": \"…\"}",
        _ => "host.example.com.",
    }
}

/// Reads fields as data of a type; `name` completes the names.
pub(crate) fn read_data(
    record_type: RecordType,
    fields: &[Field<'_>],
    name: &dyn Fn(&[u8]) -> Result<DomainName, PresentationError>,
) -> Result<Record, PresentationError> {
    if fields.first().is_some_and(Field::is_generic_mark) {
        return generic::read(record_type, fields.get(1..).unwrap_or_default());
    }
    let mut fields = Fields { fields: fields.iter() };
    let record = match record_type {
        RecordType::A => Record::A(fields.address("IPv4")?),
        RecordType::Aaaa => Record::Aaaa(fields.address("IPv6")?),
        RecordType::Cname => Record::Cname(name(fields.next("target name")?)?),
        RecordType::Ns => Record::Ns(name(fields.next("name server")?)?),
        RecordType::Ptr => Record::Ptr(name(fields.next("target name")?)?),
        RecordType::Mx => {
            let preference = fields.number("preference")?;
            Record::Mx { preference, exchange: name(fields.next("mail exchange")?)? }
        }
        RecordType::Soa => {
            let primary = name(fields.next("primary name server")?)?;
            // The mailbox may hold an escaped dot, which no `DomainName` has; it is not kept.
            fields.next("mailbox")?;
            fields.number::<u32>("serial number")?;
            for field in ["refresh interval", "retry interval", "expiry"] {
                fields.seconds(field)?;
            }
            Record::Soa { primary, minimum: fields.seconds("minimum")? }
        }
        RecordType::Tlsa => Record::Tlsa {
            usage: fields.number("certificate usage")?,
            selector: fields.number("selector")?,
            matching: fields.number("matching type")?,
            data: quoting::hexadecimal(fields.rest())?,
        },
        RecordType::Txt => strings(fields.rest())?,
    };
    if let Some(extra) = fields.fields.next() {
        return Err(PresentationError::Extra { text: quoting::shown(extra.raw) });
    }
    Ok(record)
}

struct Fields<'a> {
    fields: std::slice::Iter<'a, Field<'a>>,
}

impl<'a> Fields<'a> {
    fn next(&mut self, field: &'static str) -> Result<&'a [u8], PresentationError> {
        self.fields.next().map(|found| found.raw).ok_or(PresentationError::Missing { field })
    }

    fn rest(&mut self) -> &'a [Field<'a>] {
        let rest = self.fields.as_slice();
        self.fields = [].iter();
        rest
    }

    fn number<N: std::str::FromStr>(&mut self, field: &'static str) -> Result<N, PresentationError> {
        let raw = self.next(field)?;
        quoting::number(raw).ok_or_else(|| PresentationError::Number { field, text: quoting::shown(raw) })
    }

    fn seconds(&mut self, field: &'static str) -> Result<u32, PresentationError> {
        let raw = self.next(field)?;
        // Unlike a time to live these are 32-bit numbers (RFC 1035, 3.3.13).
        quoting::number(raw)
            .or_else(|| ttl::read(raw))
            .ok_or_else(|| PresentationError::Number { field, text: quoting::shown(raw) })
    }

    fn address<A: std::str::FromStr>(&mut self, family: &'static str) -> Result<A, PresentationError> {
        let raw = self.next("address")?;
        std::str::from_utf8(raw)
            .ok()
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| PresentationError::Address { family, text: quoting::shown(raw) })
    }
}

/// Character-strings, each of which is one field.
fn strings(fields: &[Field<'_>]) -> Result<Record, PresentationError> {
    if fields.is_empty() {
        return Err(PresentationError::Missing { field: "text" });
    }
    let mut strings = Vec::with_capacity(fields.len());
    for field in fields {
        let string = quoting::unescape(field.raw)?;
        if string.len() > MAX_STRING {
            return Err(PresentationError::LongString { octets: string.len() });
        }
        strings.push(string);
    }
    within_data(strings)
}

/// A joined text, cut into strings as long as they may be.
fn joined(text: &[u8]) -> Result<Record, PresentationError> {
    within_data(cut(text))
}

/// A text cut into character-strings; an empty text is one empty string.
fn cut(text: &[u8]) -> Vec<Vec<u8>> {
    if text.is_empty() {
        return vec![Vec::new()];
    }
    text.chunks(MAX_STRING).map(<[u8]>::to_vec).collect()
}

fn within_data(strings: Vec<Vec<u8>>) -> Result<Record, PresentationError> {
    let octets = strings.iter().map(|string| string.len() + 1).sum();
    if octets > MAX_DATA {
        return Err(PresentationError::LongData { octets });
    }
    Ok(Record::Txt(strings))
}

fn text_value(strings: &[Vec<u8>]) -> String {
    let whole = strings.concat();
    match String::from_utf8(whole) {
        Ok(text) if !text.starts_with('"') && cut(text.as_bytes()) == strings => text,
        _ => quoting::quote(strings),
    }
}

/// An absolute name, with the characters escaped that mean something else in a zone file.
fn dotted(name: &DomainName) -> String {
    if name.is_root() {
        return ".".to_owned();
    }
    let mut text = String::with_capacity(name.as_str().len() + 1);
    for character in name.as_str().chars() {
        if matches!(character, '\\' | '"' | ';' | '(' | ')') {
            text.push('\\');
        }
        text.push(character);
    }
    text.push('.');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(record_type: RecordType, text: &str) -> Result<Record, PresentationError> {
        Record::from_presentation(record_type, text)
    }

    fn text(strings: &[&[u8]]) -> Record {
        Record::Txt(strings.iter().map(|string| string.to_vec()).collect())
    }

    #[test]
    fn a_value_of_each_type_is_read_and_written_back() {
        for (record_type, value) in [
            (RecordType::A, "192.0.2.1"),
            (RecordType::Aaaa, "2001:db8::1"),
            (RecordType::Cname, "www.example.com."),
            (RecordType::Cname, r#"\\\"\;a.example.com."#),
            (RecordType::Mx, "10 mx.example.com."),
            (RecordType::Mx, "0 ."),
            (RecordType::Ns, "ns.example.com."),
            (RecordType::Ptr, "host.example.com."),
            (RecordType::Soa, "ns.example.com. . 0 0 0 0 300"),
            (RecordType::Tlsa, "3 1 1 00ff"),
            (RecordType::Txt, "v=DMARC1; p=none"),
            (RecordType::Txt, r#""" "a""#),
            (RecordType::Txt, r#""a\"b" "\000\\" "\255""#),
        ] {
            let record = read(record_type, value).unwrap_or_else(|error| panic!("{value}: {error}"));
            assert_eq!(record.to_presentation(), value);
        }
    }

    #[test]
    fn strings_survive_whatever_their_borders() {
        let long = "x".repeat(300);
        for record in [
            text(&[b""]),
            text(&[b"", b""]),
            text(&[b"\"quoted\""]),
            text(&[b"\xff\x00\n"]),
            text(&["ü".as_bytes()]),
            // A border within a character: the joined text is UTF-8, its strings are not.
            text(&[&[0xc3], &[0xbc]]),
            text(&[&long.as_bytes()[..255], &long.as_bytes()[255..]]),
            text(&[&long.as_bytes()[..100], &long.as_bytes()[100..300]]),
        ] {
            let printed = record.to_presentation();
            assert_eq!(read(RecordType::Txt, &printed).as_ref(), Ok(&record), "{printed}");
        }
        assert_eq!(read(RecordType::Txt, &long).map(|record| record.to_presentation()), Ok(long));
    }

    #[test]
    fn what_is_wrong_is_named() {
        use PresentationError as E;
        let number = |field, text: &str| E::Number { field, text: text.to_owned() };
        for (record_type, value, error) in [
            (RecordType::A, "192.0.2.256", E::Address { family: "IPv4", text: "192.0.2.256".into() }),
            (RecordType::A, "192.0.2.1 x", E::Extra { text: "x".into() }),
            (RecordType::Aaaa, "", E::Missing { field: "address" }),
            (RecordType::Mx, "mx.example.com.", number("preference", "mx.example.com.")),
            (RecordType::Mx, "+1 mx.example.com.", number("preference", "+1")),
            (RecordType::Mx, "65536 mx.example.com.", number("preference", "65536")),
            (RecordType::Mx, "10", E::Missing { field: "mail exchange" }),
            (RecordType::Tlsa, "3 1 1 abc", E::Hexadecimal { text: "abc".into() }),
            (RecordType::Txt, "\"abc", E::UnclosedQuote),
            (RecordType::Txt, r#""\256""#, E::Escape { text: r"\256".into() }),
            (RecordType::Txt, r#""\2""#, E::Escape { text: r"\2".into() }),
        ] {
            assert_eq!(read(record_type, value), Err(error), "{value}");
        }
        let long = format!("\"{}\"", "x".repeat(256));
        assert_eq!(read(RecordType::Txt, &long), Err(E::LongString { octets: 256 }));
        let huge = "x".repeat(65_535);
        assert_eq!(read(RecordType::Txt, &huge), Err(E::LongData { octets: 65_792 }));
    }
}
