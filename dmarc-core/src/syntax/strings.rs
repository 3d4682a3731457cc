//! Character-strings of a TXT record (RFC 1035, 3.3.14), as a zone file writes them.

/// Most octets of one character-string (RFC 1035, 3.3).
pub const MAX_STRING: usize = 255;

/// Splits a text into character-strings of at most 255 octets. They join to the text again, with
/// nothing between them.
#[must_use]
pub fn split(text: &[u8]) -> Vec<&[u8]> {
    if text.is_empty() { vec![text] } else { text.chunks(MAX_STRING).collect() }
}

/// Character-strings in presentation format: quoted, with `"` and `\` escaped and every octet
/// outside printable ASCII as `\DDD` (RFC 1035, 5.1).
#[must_use]
pub fn quote(strings: &[&[u8]]) -> String {
    let mut text = String::new();
    for (index, string) in strings.iter().enumerate() {
        if index > 0 {
            text.push(' ');
        }
        text.push('"');
        for octet in *string {
            match octet {
                b'"' | b'\\' => {
                    text.push('\\');
                    text.push(char::from(*octet));
                }
                0x20..=0x7e => text.push(char::from(*octet)),
                _ => text.push_str(&format!("\\{octet:03}")),
            }
        }
        text.push('"');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_split_and_joins_again() {
        let text = vec![b'x'; 600];
        let strings = split(&text);
        assert_eq!(strings.iter().map(|string| string.len()).collect::<Vec<_>>(), [255, 255, 90]);
        assert_eq!(strings.concat(), text);
    }

    #[test]
    fn quotes_backslashes_and_octets_are_escaped() {
        assert_eq!(quote(&[b"a\"b\\", b"\xe9"]), r#""a\"b\\" "\233""#);
    }
}
