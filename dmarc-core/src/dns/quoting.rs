//! Quotes, escapes and the small values in record data (RFC 1035, 5.1).

use std::fmt::Write as _;

use super::presentation::PresentationError;
use crate::name::{DomainName, NameError};

/// One field of record data, its escapes still in place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Field<'a> {
    /// The field, without its quotes.
    pub(crate) raw: &'a [u8],
    /// Whether it stood between quotes.
    pub(crate) quoted: bool,
}

impl Field<'_> {
    /// Whether this is `\#`, which starts generic data (RFC 3597, 5).
    pub(crate) fn is_generic_mark(&self) -> bool {
        !self.quoted && self.raw == b"\\#"
    }
}

/// Character-strings as a zone file writes them: each between quotes, with `\DDD` for what is not
/// printable ASCII.
#[must_use]
pub fn quote<S: AsRef<[u8]>>(strings: &[S]) -> String {
    let mut text = String::new();
    for (index, string) in strings.iter().enumerate() {
        text.push_str(if index == 0 { "\"" } else { " \"" });
        for &octet in string.as_ref() {
            match octet {
                b'"' | b'\\' => text.extend(['\\', char::from(octet)]),
                b' '..=b'~' => text.push(char::from(octet)),
                _ => {
                    let _ = write!(text, "\\{octet:03}");
                }
            }
        }
        text.push('"');
    }
    text
}

/// Splits data into fields at white space outside quotes.
pub(crate) fn split(text: &[u8]) -> Result<Vec<Field<'_>>, PresentationError> {
    let mut fields = Vec::new();
    let mut rest = text.trim_ascii_start();
    while let Some(&first) = rest.first() {
        let quoted = first == b'"';
        let body = if quoted { rest.get(1..).unwrap_or_default() } else { rest };
        let end = end_of(body, quoted);
        let (raw, behind) = body.split_at_checked(end).unwrap_or((body, &[]));
        if quoted && behind.is_empty() {
            return Err(PresentationError::UnclosedQuote);
        }
        fields.push(Field { raw, quoted });
        let behind = if quoted { behind.get(1..).unwrap_or_default() } else { behind };
        rest = behind.trim_ascii_start();
    }
    Ok(fields)
}

/// Where a field ends: at the closing quote, or at white space or a quote.
fn end_of(body: &[u8], quoted: bool) -> usize {
    let mut escaped = false;
    for (at, &octet) in body.iter().enumerate() {
        if escaped {
            escaped = false;
        } else if octet == b'\\' {
            escaped = true;
        } else if octet == b'"' || (!quoted && octet.is_ascii_whitespace()) {
            return at;
        }
    }
    body.len()
}

/// A field with its escapes resolved.
pub(crate) fn unescape(raw: &[u8]) -> Result<Vec<u8>, PresentationError> {
    let mut octets = Vec::with_capacity(raw.len());
    each_octet(raw, |octet, _| {
        octets.push(octet);
        Ok(())
    })?;
    Ok(octets)
}

/// Hands on each octet, and whether it was escaped.
fn each_octet(
    raw: &[u8],
    mut take: impl FnMut(u8, bool) -> Result<(), PresentationError>,
) -> Result<(), PresentationError> {
    let mut rest = raw;
    while let Some((&octet, behind)) = rest.split_first() {
        if octet != b'\\' {
            take(octet, false)?;
            rest = behind;
            continue;
        }
        let fault = || PresentationError::Escape { text: shown(rest.get(..4).unwrap_or(rest)) };
        match behind {
            [first, behind @ ..] if !first.is_ascii_digit() => {
                take(*first, true)?;
                rest = behind;
            }
            [a @ b'0'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', behind @ ..] => {
                let code = [a, b, c].iter().fold(0_u32, |code, digit| code * 10 + u32::from(*digit - b'0'));
                take(u8::try_from(code).map_err(|_| fault())?, true)?;
                rest = behind;
            }
            _ => return Err(fault()),
        }
    }
    Ok(())
}

/// A name that is absolute, with or without its final dot.
pub(crate) fn absolute_name(raw: &[u8]) -> Result<DomainName, PresentationError> {
    Ok(DomainName::parse(&name_text(raw)?)?)
}

/// The text of a name with its escapes resolved. What is escaped must be able to stand in a
/// [`DomainName`]: a dot within a label cannot.
pub(crate) fn name_text(raw: &[u8]) -> Result<String, PresentationError> {
    let fault = || PresentationError::Name(NameError::Character { text: shown(raw) });
    let mut octets = Vec::with_capacity(raw.len());
    each_octet(raw, |octet, escaped| {
        if escaped && (!octet.is_ascii_graphic() || octet == b'.') {
            return Err(fault());
        }
        octets.push(octet);
        Ok(())
    })?;
    String::from_utf8(octets).map_err(|_| fault())
}

/// Octets from hexadecimal digits, which may be spread over fields.
pub(crate) fn hexadecimal(fields: &[Field<'_>]) -> Result<Vec<u8>, PresentationError> {
    let digits: Vec<u8> = fields.iter().flat_map(|field| field.raw).copied().collect();
    let fault = || PresentationError::Hexadecimal { text: shown(&digits) };
    let mut octets = Vec::with_capacity(digits.len() / 2);
    for pair in digits.chunks(2) {
        let [high, low] = pair else { return Err(fault()) };
        let (Some(high), Some(low)) = (digit(*high), digit(*low)) else { return Err(fault()) };
        octets.push((high << 4) | low);
    }
    Ok(octets)
}

fn digit(octet: u8) -> Option<u8> {
    char::from(octet).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// A number of digits only: `+1` and an empty field are none.
pub(crate) fn number<N: std::str::FromStr>(raw: &[u8]) -> Option<N> {
    if raw.is_empty() || !raw.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(raw).ok()?.parse().ok()
}

/// A field for a message, shortened.
pub(crate) fn shown(raw: &[u8]) -> String {
    let mut text: String = crate::text::lossy(raw.get(..200).unwrap_or(raw)).chars().take(80).collect();
    if text.len() < raw.len() && raw.len() > 80 {
        text.push('…');
    }
    text
}
