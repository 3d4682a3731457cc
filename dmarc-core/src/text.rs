//! Octets shown as text.

/// Octets as text; each octet that is not part of valid UTF-8 shows as one U+FFFD.
#[must_use]
pub fn lossy(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len());
    for chunk in octets.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n('\u{fffd}', chunk.invalid().len()));
    }
    text
}

/// How many characters [`lossy`] shows for octets.
#[must_use]
pub fn char_count(octets: &[u8]) -> usize {
    octets.utf8_chunks().map(|chunk| chunk.valid().chars().count() + chunk.invalid().len()).sum()
}

/// How many UTF-16 units [`lossy`] shows for octets.
#[must_use]
pub fn utf16_count(octets: &[u8]) -> usize {
    octets.utf8_chunks().map(|chunk| chunk.valid().encode_utf16().count() + chunk.invalid().len()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_octet_that_is_not_utf8_is_one_character() {
        let octets = b"a\xe2\x82 \xff\xc3\xa9";
        assert_eq!(lossy(octets), "a\u{fffd}\u{fffd} \u{fffd}é");
        assert_eq!(char_count(octets), 6);
        assert_eq!(utf16_count("a😀".as_bytes()), 3);
    }
}
