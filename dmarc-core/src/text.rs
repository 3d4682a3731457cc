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

/// The offset, or the start of the character that it would cut.
#[must_use]
pub(crate) fn boundary(octets: &[u8], at: usize) -> usize {
    let at = at.min(octets.len());
    let cut = (1..=3).filter_map(|back| at.checked_sub(back)).find(|start| {
        let longer = (at - start + 1)..=4;
        longer.into_iter().any(|length| {
            let character = octets.get(*start..start + length).map(std::str::from_utf8);
            matches!(character, Some(Ok(text)) if text.chars().count() == 1)
        })
    });
    cut.unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boundary_cuts_no_character() {
        let text = "aé€𝄞".as_bytes();
        let boundaries: Vec<usize> = (0..=text.len() + 1).map(|at| boundary(text, at)).collect();
        assert_eq!(boundaries, [0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10]);
        assert_eq!(boundary(b"\xff\x80\x80", 2), 2);
    }

    #[test]
    fn each_octet_that_is_not_utf8_is_one_character() {
        let octets = b"a\xe2\x82 \xff\xc3\xa9";
        assert_eq!(lossy(octets), "a\u{fffd}\u{fffd} \u{fffd}é");
        assert_eq!(char_count(octets), 6);
        assert_eq!(utf16_count("a😀".as_bytes()), 3);
    }
}
