//! The form of a mail: fields in lines, words in other scripts, parts in a multipart (RFC 2045 to 2047, RFC 5322).
//!
//! No crate at hand writes mail without asking for a clock or the name of the host, and what is needed is little.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Characters of a line that are aimed at (RFC 5322, 2.1.1).
const LINE: usize = 78;
/// Characters of a line at most (RFC 5322, 2.1.1).
pub(super) const LONGEST: usize = 998;
/// Octets that one encoded word holds: with what stands round it, it has 75 characters at most (RFC 2047, 2).
const WORD: usize = 45;

/// A field, folded where a single blank lets it; what is unfolded is the value again. `None` if a line would be
/// too long.
pub(super) fn field(name: &str, value: &str) -> Option<String> {
    let mut out = format!("{name}:");
    let mut column = out.len();
    for word in words(value) {
        if column + 1 + word.len() > LINE && column > 0 && !value.is_empty() {
            out.push_str("\r\n");
            column = 0;
        }
        if column + 1 + word.len() > LONGEST {
            return None;
        }
        out.push(' ');
        out.push_str(word);
        column += 1 + word.len();
    }
    out.push_str("\r\n");
    Some(out)
}

/// What stands between single blanks; several in a row would not survive a fold.
fn words(value: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(value);
    std::iter::from_fn(move || {
        let text = rest?;
        let octets = text.as_bytes();
        let is_blank = |at: usize| matches!(octets.get(at), Some(b' ' | b'\t') | None);
        let at = (1..octets.len())
            .find(|at| octets.get(*at) == Some(&b' ') && !is_blank(at - 1) && !is_blank(at + 1));
        let (word, behind) = match at.and_then(|at| text.split_at_checked(at)) {
            Some((word, behind)) => (word, behind.get(1..)),
            None => (text, None),
        };
        rest = behind;
        Some(word)
    })
}

/// A text of people as it can stand in a field: as it is, or in encoded words.
pub(super) fn spoken(text: &str) -> String {
    let is_plain = text.bytes().all(|octet| (b' '..=b'~').contains(&octet));
    let fits = words(text).all(|word| word.len() < LINE);
    if is_plain && fits && text.trim() == text {
        return text.to_owned();
    }
    let mut encoded = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        // An encoded word holds whole characters (RFC 2047, 5).
        if word.len() + c.len_utf8() > WORD {
            encoded.push(std::mem::take(&mut word));
        }
        word.push(c);
    }
    encoded.push(word);
    let encoded = encoded.iter().map(|word| format!("=?utf-8?B?{}?=", STANDARD.encode(word)));
    encoded.collect::<Vec<_>>().join(" ")
}

/// Whether octets can stand in a mail as they are, once their lines end in CR LF (RFC 5322, 2.1; RFC 2045, 2.7).
pub(super) fn is_seven_bit(octets: &[u8]) -> bool {
    let lines = || octets.split(|octet| *octet == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines().all(|line| {
        line.len() <= LONGEST && line.iter().all(|octet| matches!(octet, 1..=9 | 11..=12 | 14..=127))
    })
}

/// Octets with CR LF at the end of each line.
pub(super) fn with_crlf(octets: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(octets.len() + octets.len() / 32);
    for line in octets.split_inclusive(|octet| *octet == b'\n') {
        let Some(text) = line.strip_suffix(b"\n") else {
            out.extend_from_slice(line);
            continue;
        };
        out.extend_from_slice(text.strip_suffix(b"\r").unwrap_or(text));
        out.extend_from_slice(b"\r\n");
    }
    out
}

/// A part: its label, how it is encoded, and its octets so encoded. A message that is not of seven bits goes as
/// `message/global`, since `message/rfc822` may not be encoded (RFC 2046, 5.2.1; RFC 6532, 3.7).
pub(super) fn part(label: &str, octets: &[u8]) -> String {
    let plain = is_seven_bit(octets).then(|| String::from_utf8(with_crlf(octets)).ok()).flatten();
    match plain {
        Some(text) => {
            let end = if text.ends_with("\r\n") { "" } else { "\r\n" };
            format!("Content-Type: {label}\r\nContent-Transfer-Encoding: 7bit\r\n\r\n{text}{end}")
        }
        None => {
            let label = if label == "message/rfc822" { "message/global" } else { label };
            let charset = if label.starts_with("text/") && std::str::from_utf8(octets).is_ok() {
                "; charset=utf-8"
            } else {
                ""
            };
            let encoded = lines_of(&STANDARD.encode(octets), "\r\n");
            format!(
                "Content-Type: {label}{charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n"
            )
        }
    }
}

/// Base64 in lines of 72 characters.
pub(super) fn lines_of(encoded: &str, between: &str) -> String {
    // Base64 is of ASCII alone, so that every place is the border of a character.
    let lines = encoded.as_bytes().chunks(72).map(|line| std::str::from_utf8(line).unwrap_or_default());
    lines.collect::<Vec<_>>().join(between)
}

/// 32 hexadecimal digits that these texts are known by.
pub(super) fn digest(texts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for text in texts {
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(text.as_bytes());
    }
    digest.finalize().iter().take(16).map(|octet| format!("{octet:02x}")).collect()
}

/// A border that stands in none of the parts (RFC 2046, 5.1.1).
pub(super) fn boundary(parts: &[&str]) -> String {
    let mut boundary = format!("=_{}", digest(parts));
    while parts.iter().any(|part| part.contains(&boundary)) {
        boundary = format!("=_{}", digest(&[&boundary]));
    }
    boundary
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_folded_at_single_blanks_and_no_line_is_longer_than_it_must_be() {
        let value = format!("{} {} b  c {}", "a".repeat(60), "a".repeat(30), "d".repeat(80));
        let folded = field("Name", &value).unwrap();
        let lines: Vec<_> = folded.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[..2].iter().all(|line| line.len() <= LINE) && lines[1].contains("b  c"), "{folded}");
        assert_eq!(folded.trim_end().replace("\r\n", ""), format!("Name: {value}"));
        assert_eq!(field("Name", &"a".repeat(998)), None);
        assert_eq!(field("Name", "").unwrap(), "Name: \r\n");
    }

    #[test]
    fn words_of_other_scripts_are_encoded_whole() {
        assert_eq!(spoken("plain"), "plain");
        let text = "\u{fc}".repeat(60);
        let encoded = spoken(&text);
        assert!(encoded.split(' ').all(|word| word.len() <= 75));
        let mail = format!("Subject: {encoded}\r\n\r\n");
        let parsed = mail_parser::MessageParser::default().parse(mail.as_bytes()).unwrap();
        assert_eq!(parsed.subject(), Some(text.as_str()));
    }

    #[test]
    fn what_is_not_of_seven_bits_is_encoded() {
        assert!(is_seven_bit(b"a\r\nb\n") && !is_seven_bit(b"a\rb") && !is_seven_bit(b"a\0"));
        assert!(!is_seven_bit("\u{e9}".as_bytes()) && !is_seven_bit(&[b'a'; 999]));
        assert_eq!(with_crlf(b"a\nb\r\nc"), b"a\r\nb\r\nc");
        assert!(part("message/rfc822", b"A: \xff\n").starts_with("Content-Type: message/global\r\n"));
    }
}
