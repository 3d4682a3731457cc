//! Generic record data, `\# length hexadecimal` (RFC 3597, 5), read as data of a known type.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::presentation::PresentationError;
use super::quoting::{self, Field};
use super::records::{Record, RecordType};
use crate::name::DomainName;

/// Reads what follows `\#` as data of a type.
pub(crate) fn read(record_type: RecordType, fields: &[Field<'_>]) -> Result<Record, PresentationError> {
    let octets = octets(fields)?;
    decode(record_type, &octets).ok_or(PresentationError::Generic { record_type })
}

/// The octets of what follows `\#`.
pub(crate) fn octets(fields: &[Field<'_>]) -> Result<Vec<u8>, PresentationError> {
    let (length, digits) = fields.split_first().ok_or(PresentationError::Missing { field: "data length" })?;
    let stated: u16 = quoting::number(length.raw).ok_or_else(|| PresentationError::Number {
        field: "data length",
        text: quoting::shown(length.raw),
    })?;
    let octets = quoting::hexadecimal(digits)?;
    if octets.len() != usize::from(stated) {
        return Err(PresentationError::GenericLength { stated: usize::from(stated), found: octets.len() });
    }
    Ok(octets)
}

/// Record data as it stands on the wire, without compression.
fn decode(record_type: RecordType, octets: &[u8]) -> Option<Record> {
    let mut input = Input(octets);
    let record = match record_type {
        RecordType::A => Record::A(Ipv4Addr::from(input.array::<4>()?)),
        RecordType::Aaaa => Record::Aaaa(Ipv6Addr::from(input.array::<16>()?)),
        RecordType::Cname => Record::Cname(input.name()?),
        RecordType::Ns => Record::Ns(input.name()?),
        RecordType::Ptr => Record::Ptr(input.name()?),
        RecordType::Mx => {
            Record::Mx { preference: u16::from_be_bytes(input.array()?), exchange: input.name()? }
        }
        RecordType::Soa => {
            let primary = input.name()?;
            while !input.string()?.is_empty() {}
            // Serial number, refresh, retry and expiry are not kept.
            input.array::<16>()?;
            Record::Soa { primary, minimum: u32::from_be_bytes(input.array()?) }
        }
        RecordType::Tlsa => {
            let [usage, selector, matching] = input.array()?;
            Record::Tlsa { usage, selector, matching, data: std::mem::take(&mut input.0).to_vec() }
        }
        RecordType::Txt => {
            let mut strings = vec![input.string()?.to_vec()];
            while !input.0.is_empty() {
                strings.push(input.string()?.to_vec());
            }
            Record::Txt(strings)
        }
    };
    input.0.is_empty().then_some(record)
}

struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*array)
    }

    /// A length and that many octets: a character-string, or a label of an uncompressed name.
    fn string(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = self.0.split_first()?;
        let (string, rest) = rest.split_at_checked(usize::from(*length))?;
        self.0 = rest;
        Some(string)
    }

    fn name(&mut self) -> Option<DomainName> {
        let mut text = String::new();
        loop {
            let label = self.string()?;
            if label.is_empty() {
                break;
            }
            if label.contains(&b'.') || !label.is_ascii() {
                return None;
            }
            text.push_str(std::str::from_utf8(label).ok()?);
            text.push('.');
        }
        if text.is_empty() { Some(DomainName::root()) } else { DomainName::parse(&text).ok() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(record_type: RecordType, text: &str) -> Result<Record, PresentationError> {
        Record::from_presentation(record_type, text)
    }

    #[test]
    fn known_types_are_decoded() {
        for (record_type, generic, usual) in [
            (RecordType::A, r"\# 4 C0 000201", "192.0.2.1"),
            (RecordType::Mx, r"\# 11 000a 02 6d78 04 74657374 00", "10 mx.test."),
            (RecordType::Cname, r"\# 1 00", "."),
            (RecordType::Tlsa, r"\# 5 030101abcd", "3 1 1 abcd"),
            (RecordType::Soa, r"\# 22 00 00 00000001 00000002 00000003 00000004 0000012c", ". . 0 0 0 0 300"),
        ] {
            assert_eq!(
                read(record_type, generic).map(|record| record.to_presentation()),
                Ok(usual.to_owned())
            );
        }
        let text = r#""" \# 1 00"#;
        assert!(read(RecordType::Txt, text).is_ok(), "only the first field makes it generic");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        use PresentationError as E;
        let a = RecordType::A;
        assert_eq!(read(a, r"\# 4 C000"), Err(E::GenericLength { stated: 4, found: 2 }));
        assert_eq!(read(a, r"\# 3 C00002"), Err(E::Generic { record_type: a }));
        assert_eq!(read(a, r"\#"), Err(E::Missing { field: "data length" }));
        let loops = read(RecordType::Cname, r"\# 2 c000");
        assert_eq!(loops, Err(E::Generic { record_type: RecordType::Cname }));
    }
}
