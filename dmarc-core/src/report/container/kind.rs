//! What an input is, by its first octets.

use super::mbox::is_mailbox;

/// A container that is opened.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Form {
    Gzip,
    Zlib,
    Zip,
    Mail,
    Mbox,
}

/// What an input is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Form(Form),
    /// Known, and not opened.
    Unsupported(&'static str),
    /// Known, and never a report or anything that holds one.
    Foreign(&'static str),
    /// XML, or something that the reader of reports will name.
    Document,
}

/// Tells what an input is.
pub(super) fn tell(head: &[u8]) -> Kind {
    match head {
        [0x1f, 0x8b, ..] => Kind::Form(Form::Gzip),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Kind::Form(Form::Zip),
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Kind::Unsupported("7z"),
        [b'R', b'a', b'r', b'!', 0x1a, ..] => Kind::Unsupported("RAR"),
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => Kind::Unsupported("bzip2"),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Kind::Unsupported("xz"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Kind::Unsupported("Zstandard"),
        [b'L', b'Z', b'I', b'P', ..] => Kind::Unsupported("lzip"),
        [b'M', b'S', b'C', b'F', 0, 0, 0, 0, ..] => Kind::Unsupported("cabinet"),
        [0x1f, 0x9d, ..] => Kind::Unsupported("compress"),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Kind::Unsupported("Outlook .msg"),
        [b'!', b'B', b'D', b'N', ..] => Kind::Unsupported("Outlook .pst"),
        // [MS-OXTNEF], 2.1.3.1
        [0x78, 0x9f, 0x3e, 0x22, ..] => Kind::Unsupported("Outlook winmail.dat"),
        [b'%', b'P', b'D', b'F', ..] => Kind::Foreign("PDF"),
        _ if is_mailbox(head) => Kind::Form(Form::Mbox),
        _ if is_tar(head) => Kind::Unsupported("tar"),
        // RFC 1950, 2.2: deflate, and the first two octets are a multiple of 31.
        [0x78, second, ..] if (0x7800 | u16::from(*second)) % 31 == 0 && second & 0x20 == 0 => {
            Kind::Form(Form::Zlib)
        }
        _ if is_mail(head) => Kind::Form(Form::Mail),
        _ => Kind::Document,
    }
}

/// A header of a file in a tar archive: its name, and a sum of its octets in octal digits (POSIX, pax).
fn is_tar(head: &[u8]) -> bool {
    let Some(header) = head.first_chunk::<512>() else { return false };
    let digits = header.get(148..156).unwrap_or_default();
    let sum = digits
        .iter()
        .filter(|octet| octet.is_ascii_digit())
        .try_fold(0_u32, |sum, digit| char::from(*digit).to_digit(8).map(|digit| sum << 3 | digit));
    // The place of the sum itself counts as blanks.
    let counted: u32 = header.iter().map(|octet| u32::from(*octet)).sum::<u32>() + 8 * u32::from(b' ')
        - digits.iter().map(|octet| u32::from(*octet)).sum::<u32>();
    header.get(257..262) == Some(b"ustar") || sum == Some(counted)
}

/// `field-name ":"` in the first line, and nothing but header lines in the next ones (RFC 5322, 2.2).
fn is_mail(head: &[u8]) -> bool {
    let mut fields = 0;
    let mut lines = head.split(|octet| *octet == b'\n');
    // The last line may be cut; a mail has more than one line.
    lines.next_back();
    for line in lines.take(4) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            return fields > 0;
        }
        if fields > 0 && line.first().is_some_and(u8::is_ascii_whitespace) {
            continue;
        }
        let Some(colon) = memchr::memchr(b':', line) else { return false };
        let name = line.get(..colon).unwrap_or_default().trim_ascii_end();
        // RFC 5322, 3.6.8: printable ASCII but the colon; real names have letters and hyphens.
        if name.is_empty()
            || !name.iter().all(|octet| octet.is_ascii_alphanumeric() || *octet == b'-' || *octet == b'_')
        {
            return false;
        }
        fields += 1;
    }
    fields > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_tells_what_an_input_is() {
        assert_eq!(tell(b"\x1f\x8b\x08"), Kind::Form(Form::Gzip));
        assert_eq!(tell(b"PK\x03\x04"), Kind::Form(Form::Zip));
        assert_eq!(tell(b"\x78\x9c\x01"), Kind::Form(Form::Zlib));
        assert_eq!(tell(b"x\x01<"), Kind::Form(Form::Zlib));
        assert_eq!(tell(b"xml"), Kind::Document);
        assert_eq!(tell(b"7z\xbc\xaf\x27\x1c"), Kind::Unsupported("7z"));
        assert_eq!(tell(b"Received: from x\n by y\nSubject: z\n\n"), Kind::Form(Form::Mail));
        assert_eq!(tell(b"<?xml version='1.0'?>\n<a:b/>\n"), Kind::Document);
        assert_eq!(tell(b"This is not XML: no\nat all\n"), Kind::Document);
        assert_eq!(tell(b""), Kind::Document);
    }
}
