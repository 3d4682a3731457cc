//! Times to live (RFC 1035, 3.2.1; RFC 2181, 8).

/// Longest time to live, in seconds (RFC 2181, 8: "a maximum of 2147483647").
pub(crate) const MAX: u32 = 0x7fff_ffff;

/// Reads seconds, or numbers with the units of common name servers: `1h30m`, `2W`.
pub(crate) fn read(raw: &[u8]) -> Option<u32> {
    let mut total: u64 = 0;
    let mut number: Option<u64> = None;
    for &octet in raw {
        if octet.is_ascii_digit() {
            let digit = u64::from(octet - b'0');
            // Saturating: what is over the maximum is refused below, however long it is.
            number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(digit));
            continue;
        }
        let unit = match octet.to_ascii_lowercase() {
            b's' => 1,
            b'm' => 60,
            b'h' => 3_600,
            b'd' => 86_400,
            b'w' => 604_800,
            _ => return None,
        };
        total = total.saturating_add(number.take()?.saturating_mul(unit));
    }
    match number {
        Some(seconds) => total = total.saturating_add(seconds),
        None if raw.is_empty() => return None,
        None => {}
    }
    u32::try_from(total).ok().filter(|seconds| *seconds <= MAX)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn units_add_up() {
        assert_eq!(read(b"3600"), Some(3600));
        assert_eq!(read(b"1h30m"), Some(5400));
        assert_eq!(read(b"1W2D"), Some(777_600));
        assert_eq!(read(b"1h30"), Some(3630));
        assert_eq!(read(b"2147483647"), Some(0x7fff_ffff));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in
            ["", "h", "1hh", "1x", "-1", "1.5h", "2147483648", "99999999999999999999999", "99999999999w"]
        {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }
}
