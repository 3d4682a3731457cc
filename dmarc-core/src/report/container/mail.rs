//! Mail: each part of each message, and messages within messages (RFC 5322, 2045, 2046).

use std::io::{BufReader, Read};

use mail_parser::mailbox::mbox::MessageIterator;
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::kind::{self, Kind};
use super::{OTHER_PART, Spot, TOO_MANY_ENTRIES, Visitor, Walk};

/// A byte order mark in front of a text says that it is UTF-8, whatever its XML declaration says:
/// the mail's own charset has been applied already.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Header fields and parts of a mail, so many times the limit on entries.
const FIELDS_PER_ENTRY: u64 = 10;

impl Walk<'_> {
    pub(super) fn mail(&self, octets: &[u8], spot: &Spot, visitor: &mut dyn Visitor) {
        // A parsed part or field takes many times the octets of its line: count before parsing.
        let fields = u64::from(self.limits.entries).saturating_mul(FIELDS_PER_ENTRY);
        if markers(octets) > fields {
            return visitor.refused(&spot.path, TOO_MANY_ENTRIES.anywhere().arg("limit", fields));
        }
        // The other fields, such as addresses, say nothing about a report.
        let parser = MessageParser::new().with_mime_headers().default_header_ignore();
        match parser.parse(octets) {
            Some(message) => self.message(&message, spot, visitor),
            None => visitor.document(&spot.path, &mut &*octets, spot.member, self),
        }
    }

    pub(super) fn mbox(&self, octets: &[u8], spot: &Spot, visitor: &mut dyn Visitor) {
        for (index, message) in MessageIterator::new(octets).enumerate() {
            if index as u64 >= u64::from(self.limits.entries) {
                let found = TOO_MANY_ENTRIES.anywhere().arg("limit", self.limits.entries);
                return visitor.refused(&spot.path, found);
            }
            // The input is a slice: it cannot fail to be read.
            let Ok(message) = message else { return };
            self.mail(message.contents(), &spot.member(&format!("message {}", index + 1)), visitor);
            if self.meter.is_stopped() {
                return;
            }
        }
    }

    fn message(&self, message: &Message<'_>, spot: &Spot, visitor: &mut dyn Visitor) {
        for (index, part) in message.parts.iter().enumerate() {
            let inner = spot.member(&name(part, index));
            match &part.body {
                PartType::Multipart(_) => {}
                PartType::Message(nested) => match inner.inner(self.limits) {
                    Ok(deeper) => self.message(nested, &deeper, visitor),
                    Err(found) => visitor.refused(&inner.path, found),
                },
                PartType::Text(text) | PartType::Html(text) => {
                    let looks = text.trim_start().trim_start_matches('\u{feff}');
                    let html = matches!(part.body, PartType::Html(_)) || !looks.starts_with('<');
                    if html && kind::tell(text.as_bytes()) == Kind::Document {
                        visitor.skipped(&inner.path, &OTHER_PART);
                    } else {
                        let mut marked = MARK.chain(looks.as_bytes());
                        self.part(&mut marked, &inner, visitor);
                    }
                }
                PartType::Binary(octets) | PartType::InlineBinary(octets) => {
                    self.slice(octets, &inner, visitor);
                }
            }
            if self.meter.is_stopped() {
                return;
            }
        }
    }

    fn part(&self, input: &mut dyn Read, spot: &Spot, visitor: &mut dyn Visitor) {
        self.unknown(&mut BufReader::new(self.meter.read(input)), spot, visitor);
    }
}

fn name(part: &MessagePart<'_>, index: usize) -> String {
    part.attachment_name().map_or_else(|| format!("part {index}"), str::to_owned)
}

/// Lines that begin like a header field or a boundary, and what divides their values.
fn markers(octets: &[u8]) -> u64 {
    let mut count = 0;
    for line in octets.split(|octet| *octet == b'\n') {
        let name = line.iter().take(80).position(|octet| !(octet.is_ascii_alphanumeric() || *octet == b'-'));
        let field = name.is_some_and(|at| line.get(at) == Some(&b':'));
        count += u64::from(field || line.starts_with(b"--"));
        if field || line.first().is_some_and(u8::is_ascii_whitespace) {
            count += memchr::memchr_iter(b';', line).count() as u64;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_boundaries_are_counted_and_packed_lines_are_not() {
        assert_eq!(markers(b"A: b;c\n c: d;\n--x\nSGVsbG8gd29ybGQ6\n<a:b;>\n\n"), 4);
    }
}
