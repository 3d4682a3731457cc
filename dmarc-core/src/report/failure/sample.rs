//! What the message that failed says of itself, by its header.

use mail_parser::MessageParser;

use super::model::Sample;
use super::parts::SamplePart;
use super::words::SampleKind;
use crate::message;

/// Octets of a header that are looked at.
const HEADER: usize = 256 << 10;
/// Characters of a subject that are kept; a line of mail has fewer (RFC 5322, 2.1.1).
const SUBJECT: usize = 1_000;

/// Reads a sample; the author is also asked for where nothing else is there.
pub(super) fn read(part: &SamplePart) -> Sample {
    let octets = part.octets.trim_ascii_start();
    let header = octets.get(..HEADER.min(octets.len())).unwrap_or_default();
    let parser = MessageParser::new().header_text("Subject").header_id("Message-ID").default_header_ignore();
    let parsed = parser.parse_headers(header);
    let fields = message::fields(header);
    let from = fields.iter().filter(|field| field.is("From")).map(|field| field.value.as_str());
    let cut = |text: &str| text.trim().chars().take(SUBJECT).collect::<String>();
    let kind = if octets.is_empty() {
        SampleKind::None
    } else if part.headers_only || !has_body(octets) {
        SampleKind::Headers
    } else {
        SampleKind::Full
    };
    let id = fields.iter().find(|field| field.is("Message-ID")).map(|field| cut(&field.value));
    Sample {
        kind,
        message_id: id.map(|id| unbracketed(&id)),
        subject: parsed.as_ref().and_then(|parsed| parsed.subject()).map(cut),
        header_from: message::authors(from).domains.first().map(|name| name.as_str().to_owned()),
    }
}

/// A message id without its angle brackets.
pub(super) fn unbracketed(id: &str) -> String {
    let id = id.trim();
    id.strip_prefix('<').and_then(|id| id.strip_suffix('>')).unwrap_or(id).trim().to_owned()
}

/// Whether anything but blanks stands behind the header.
fn has_body(octets: &[u8]) -> bool {
    let end = memchr::memmem::find(octets, b"\n\r\n").map(|at| at + 3);
    let end = [end, memchr::memmem::find(octets, b"\n\n").map(|at| at + 2)].into_iter().flatten().min();
    end.is_some_and(|end| !octets.get(end..).unwrap_or_default().trim_ascii().is_empty())
}
