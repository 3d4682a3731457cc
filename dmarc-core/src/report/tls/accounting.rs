//! A second count of sessions, which shares no code with the reader.

use memchr::memchr2;

/// Sessions that a document states in its totals, wherever they stand.
pub(crate) fn sessions(octets: &[u8]) -> u64 {
    let (mut sum, mut rest) = (0_u64, octets);
    while let Some(at) = memchr::memchr(b'"', rest) {
        let Some((name, behind)) = string(rest.get(at + 1..).unwrap_or_default()) else { return sum };
        rest = behind;
        let Some(value) = behind.trim_ascii_start().strip_prefix(b":") else { continue };
        if is_total(name) {
            let value = value.trim_ascii_start();
            sum = sum.saturating_add(number(value.strip_prefix(b"\"").unwrap_or(value).trim_ascii_start()));
        }
    }
    sum
}

/// The octets up to the quotation mark, and those behind it.
fn string(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut from = 0;
    loop {
        let at = from + memchr2(b'"', b'\\', octets.get(from..)?)?;
        if octets.get(at) == Some(&b'"') {
            return Some((octets.get(..at)?, octets.get(at + 1..)?));
        }
        from = at + 2;
    }
}

fn is_total(name: &[u8]) -> bool {
    let decoded = if name.contains(&b'\\') {
        let quoted = [b"\"", name, b"\""].concat();
        serde_json::from_slice::<String>(&quoted).unwrap_or_default()
    } else {
        String::from_utf8_lossy(name).into_owned()
    };
    let letters: String =
        decoded.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    letters == "totalsuccessfulsessioncount" || letters == "totalfailuresessioncount"
}

/// The number that the text begins with, if that is all of it.
fn number(text: &[u8]) -> u64 {
    let digits = text.iter().take_while(|octet| octet.is_ascii_digit()).count();
    let behind = text.get(digits..).unwrap_or_default();
    let behind = match behind.strip_prefix(b".") {
        Some(fraction) => {
            let zeros = fraction.iter().take_while(|octet| **octet == b'0').count();
            fraction.get(zeros..).unwrap_or_default()
        }
        None => behind,
    };
    if behind
        .first()
        .is_some_and(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'-' | b'+'))
    {
        return 0;
    }
    let number = std::str::from_utf8(text.get(..digits).unwrap_or_default()).unwrap_or_default();
    number.parse::<i64>().ok().and_then(|number| u64::try_from(number).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::sessions;

    #[test]
    fn totals_are_counted_and_nothing_else() {
        let json = br#"{"total-successful-session-count": 3, "x": "total-failure-session-count", "failed-session-count": 9,
            "total\u002dfailure-session-count" : "4", "Total_Failure_Session_Count": 2.0, "total-failure-session-count": -1,
            "total-failure-session-count": "x", "s": "\"total-failure-session-count\": 5"}"#;
        assert_eq!(sessions(json), 9);
    }
}
