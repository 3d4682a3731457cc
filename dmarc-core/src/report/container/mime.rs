//! Parts of a mail: header fields, boundaries and transfer encodings (RFC 2045, 2046).
//!
//! A part is a slice of its mail, so that a mail of any shape costs no more than its octets. What
//! the fields say is read by `mail-parser`, from those fields alone that matter here.

use std::borrow::Cow;

use mail_parser::{Message, MessageParser, MimeHeaders};

/// Octets of a header field that are looked at; a line has 998 at most (RFC 5322, 2.1.1).
const FIELD: usize = 8 << 10;
/// The fields that tell what a part is.
const NAMES: [&[u8]; 3] = [b"content-type", b"content-disposition", b"content-transfer-encoding"];
/// The first of them as one reporter writes it.
const WITHOUT_HYPHEN: &[u8] = b"contenttype";
/// Octets of the line that `uuencode` takes at most.
const LINE: usize = 45;

/// A mail, or a part of one: its fields and its body.
pub(in crate::report) struct Entity<'a> {
    fields: Option<Message<'static>>,
    /// The body as it stands in the mail.
    pub(in crate::report) body: &'a [u8],
}

/// What a part holds, by its label.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::report) enum Label {
    Multipart,
    Message,
    Html,
    Text,
    Other,
}

impl<'a> Entity<'a> {
    pub(in crate::report) fn new(octets: &'a [u8]) -> Self {
        let (head, body) = split(octets);
        let parser = MessageParser::new().with_mime_headers().default_header_ignore();
        Self { fields: parser.parse_headers(&relevant(head)).map(Message::into_owned), body }
    }

    /// Its type and subtype, in lower case; `None` where it has no label.
    pub(in crate::report) fn media(&self) -> Option<(String, String)> {
        let content = self.fields.as_ref()?.content_type()?;
        let form = content.subtype().unwrap_or_default();
        Some((content.ctype().to_ascii_lowercase(), form.to_ascii_lowercase()))
    }

    /// A parameter of its label.
    pub(in crate::report) fn parameter(&self, name: &str) -> Option<&str> {
        self.fields.as_ref()?.content_type()?.attribute(name).filter(|value| !value.is_empty())
    }

    /// The name that it was given as an attachment.
    pub(in crate::report) fn name(&self) -> Option<&str> {
        self.fields.as_ref()?.attachment_name()
    }

    /// The character set that its text is labeled with.
    pub(in crate::report) fn charset(&self) -> Option<&str> {
        self.parameter("charset")
    }

    /// What its label says; `digest` if it is a part of one.
    pub(in crate::report) fn label(&self, digest: bool) -> Label {
        let Some(content) = self.fields.as_ref().and_then(MimeHeaders::content_type) else {
            // RFC 2046, 5.1.5: a part of a digest is a message by default, any other is text.
            return if digest { Label::Message } else { Label::Text };
        };
        let is = |word: &str, text: Option<&str>| text.is_some_and(|text| text.eq_ignore_ascii_case(word));
        let (kind, form) = (Some(content.ctype()), content.subtype());
        if is("multipart", kind) && self.parameter("boundary").is_some() {
            Label::Multipart
        } else if is("message", kind) && (is("rfc822", form) || is("global", form)) {
            Label::Message
        } else if is("text", kind) {
            if is("html", form) { Label::Html } else { Label::Text }
        } else {
            Label::Other
        }
    }

    pub(in crate::report) fn is_digest(&self) -> bool {
        let content = self.fields.as_ref().and_then(MimeHeaders::content_type);
        content.and_then(|content| content.subtype()).is_some_and(|form| form.eq_ignore_ascii_case("digest"))
    }

    /// The parts of a multipart body.
    pub(in crate::report) fn parts(&self) -> Parts<'a> {
        let delimiter = format!("--{}", self.parameter("boundary").unwrap_or_default()).into_bytes();
        let mut parts = Parts { rest: Some(self.body), delimiter };
        // What stands before the first boundary is for readers without MIME.
        parts.next();
        parts
    }

    /// The body without its transfer encoding. A body that is plainly not encoded as labeled is
    /// left as it is.
    pub(in crate::report) fn decoded(&self) -> Cow<'a, [u8]> {
        let encoding = self.fields.as_ref().and_then(MimeHeaders::content_transfer_encoding);
        let is = |word: &str| encoding.is_some_and(|encoding| encoding.trim().eq_ignore_ascii_case(word));
        // No octet of base64 or of a uuencoded file begins like this.
        let plain = matches!(self.body.trim_ascii_start().first(), Some(b'<' | 0x1f));
        if is("quoted-printable") {
            Cow::Owned(quoted_printable(self.body))
        } else if is("base64") && !plain {
            Cow::Owned(base64(self.body))
        } else if (is("x-uuencode") || is("uuencode")) && !plain {
            Cow::Owned(uuencoded(self.body))
        } else {
            Cow::Borrowed(self.body)
        }
    }
}

/// The parts between the boundaries of a multipart body (RFC 2046, 5.1.1). The last one may end
/// without a boundary, where a mail was cut.
pub(in crate::report) struct Parts<'a> {
    rest: Option<&'a [u8]>,
    delimiter: Vec<u8>,
}

impl<'a> Iterator for Parts<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest.take()?;
        for at in memchr::memmem::find_iter(rest, &self.delimiter) {
            let (before, behind) = rest.split_at(at);
            if !(before.is_empty() || before.ends_with(b"\n")) {
                continue;
            }
            let behind = behind.get(self.delimiter.len()..).unwrap_or_default();
            let (line, next) = line(behind);
            if line.trim_ascii().is_empty() {
                self.rest = Some(next);
            } else if !line.starts_with(b"--") {
                // Another boundary that begins with this one.
                continue;
            }
            let before = before.strip_suffix(b"\n").unwrap_or(before);
            return Some(before.strip_suffix(b"\r").unwrap_or(before));
        }
        Some(rest)
    }
}

/// The first line, without its end, and what stands behind it.
fn line(octets: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memchr(b'\n', octets).and_then(|end| octets.split_at_checked(end)) {
        Some((line, behind)) => {
            (line.strip_suffix(b"\r").unwrap_or(line), behind.get(1..).unwrap_or_default())
        }
        None => (octets, &[]),
    }
}

/// Header section and body: an empty line divides them.
fn split(octets: &[u8]) -> (&[u8], &[u8]) {
    let mut rest = octets;
    while !rest.is_empty() {
        let (first, behind) = line(rest);
        if first.is_empty() {
            let head = octets.len() - rest.len();
            return (octets.get(..head).unwrap_or_default(), behind);
        }
        rest = behind;
    }
    (octets, &[])
}

/// The first field of each name in [`NAMES`], with the lines that continue it.
fn relevant(head: &[u8]) -> Vec<u8> {
    let mut fields = Vec::new();
    let mut open = [true; NAMES.len()];
    let mut room = 0;
    let mut rest = head;
    while !rest.is_empty() {
        let (mut first, behind) = line(rest);
        rest = behind;
        if !first.first().is_some_and(u8::is_ascii_whitespace) {
            let colon = memchr::memchr(b':', first).unwrap_or(0);
            let name = first.get(..colon).unwrap_or_default().trim_ascii_end();
            let is = |known: &[u8]| name.eq_ignore_ascii_case(known);
            let bare = is(WITHOUT_HYPHEN);
            let known = NAMES
                .iter()
                .zip(&mut open)
                .enumerate()
                .find(|(at, (known, _))| is(known) || bare && *at == 0);
            room = if known.is_some_and(|(_, (_, open))| std::mem::take(open)) { FIELD } else { 0 };
            if bare && room > 0 {
                fields.extend_from_slice(NAMES[0]);
                first = first.get(colon..).unwrap_or_default();
            }
        }
        if room > 0 {
            let first = first.get(..room.min(first.len())).unwrap_or_default();
            fields.extend_from_slice(first);
            fields.extend_from_slice(b"\r\n");
            room -= first.len();
        }
    }
    fields.extend_from_slice(b"\r\n");
    fields
}

/// RFC 2045, 6.8: octets that are no sign of base64 are passed over; padding ends the data.
pub(in crate::report) fn base64(body: &[u8]) -> Vec<u8> {
    let mut octets = Vec::with_capacity(body.len() / 4 * 3 + 3);
    let mut bits: u32 = 0;
    let mut count = 0;
    for octet in body {
        let value = match octet {
            b'A'..=b'Z' => octet - b'A',
            b'a'..=b'z' => octet - b'a' + 26,
            b'0'..=b'9' => octet - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = (bits << 6) | u32::from(value);
        count += 1;
        if count == 4 {
            let [_, group @ ..] = bits.to_be_bytes();
            octets.extend_from_slice(&group);
            (bits, count) = (0, 0);
        }
    }
    // Two signs hold one octet, three hold two.
    match count {
        2 => octets.push((bits >> 4).to_be_bytes()[3]),
        3 => octets.extend_from_slice(&(bits >> 2).to_be_bytes()[2..]),
        _ => {}
    }
    octets
}

/// RFC 2045, 6.7: a sign that stands for nothing is kept.
fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut octets = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = memchr::memchr(b'=', rest) {
        let (before, behind) = rest.split_at(at);
        octets.extend_from_slice(before);
        let behind = behind.get(1..).unwrap_or_default();
        let digit = |at: usize| behind.get(at).and_then(|octet| char::from(*octet).to_digit(16));
        let (end, next) = line(behind);
        rest = if let (Some(high), Some(low)) = (digit(0), digit(1)) {
            octets.extend(u8::try_from(high * 16 + low));
            behind.get(2..).unwrap_or_default()
        } else if end.len() < LINE && end.trim_ascii().is_empty() {
            // A soft line break, perhaps with blanks that were added on the way.
            next
        } else {
            octets.push(b'=');
            behind
        };
    }
    octets.extend_from_slice(rest);
    octets
}

/// The lines between `begin` and `end` as POSIX has them: a length, and four signs for three octets.
fn uuencoded(body: &[u8]) -> Vec<u8> {
    let mut octets = Vec::new();
    let mut rest = body;
    let mut inside = false;
    while !rest.is_empty() {
        let (first, behind) = line(rest);
        rest = behind;
        if !inside {
            inside = first.starts_with(b"begin ");
            continue;
        }
        let Some((length, signs)) = first.split_first() else { continue };
        if first == b"end" {
            break;
        }
        let value = |octet: u8| u32::from(octet.wrapping_sub(b' ') & 63);
        let length = usize::try_from(value(*length)).unwrap_or(0).min(LINE);
        let from = octets.len();
        for group in signs.chunks(4) {
            let bits = (0..4).fold(0, |bits, at| bits << 6 | group.get(at).map_or(0, |octet| value(*octet)));
            let [_, group @ ..] = bits.to_be_bytes();
            octets.extend_from_slice(&group);
        }
        octets.truncate(from + length);
    }
    octets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transfer_encodings_are_read_leniently() {
        assert_eq!(base64(b"SGVs\r\nbG8=\n--\nfooter"), b"Hello");
        assert_eq!(base64(b"SGVsbG8"), b"Hello");
        assert_eq!(base64(b"SGVsbA=="), b"Hell");
        assert_eq!(quoted_printable(b"a=3Db=\r\nc= \nd=zz=C3=a9="), "a=bcd=zz\u{e9}".as_bytes());
        assert_eq!(uuencoded(b"begin 644 a\n%2&5L;&\\ \n`\nend\nrest"), b"Hello");
    }

    #[test]
    fn parts_stand_between_their_own_boundaries() {
        let mail = b"Content-Type: multipart/mixed;\r\n boundary=b\r\n\r\npreamble\r\n--b\r\n\r\none\r\n--bc\r\n\r\n--b \r\n\r\ntwo";
        let entity = Entity::new(mail);
        assert_eq!(entity.label(false), Label::Multipart);
        let parts: Vec<&[u8]> = entity.parts().collect();
        assert_eq!(parts, [&b"\r\none\r\n--bc\r\n"[..], &b"\r\ntwo"[..]]);
        let closed =
            Entity::new(b"Content-Type: multipart/x; boundary=b\n\n--b\n\none\n--b--\n--b\nepilogue");
        assert_eq!(closed.parts().count(), 1);
    }
}
