//! Texts of a report as numbers, times, addresses and names.

use std::net::{IpAddr, Ipv6Addr};

use super::model::{Count, Percentage, SourceIp, Timestamp};
use crate::name::{DomainName, MAX_NAME};
use crate::time::UnixTime;

/// Times from here on are milliseconds: those lie behind the year 2001, and as seconds beyond the year 9999.
const MILLISECONDS: i64 = 1_000_000_000_000;

/// How a time was written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum TimeForm {
    Seconds,
    /// With a fraction, or in milliseconds.
    Other,
    Unreadable,
}

/// A count: decimal digits that fit 63 bits, since tables carry signed numbers.
pub(super) fn count(text: &str) -> Count {
    let digits = !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
    let value =
        if digits { text.parse::<i64>().ok().and_then(|number| u64::try_from(number).ok()) } else { None };
    let usual = value.is_some() && (text.len() == 1 || !text.starts_with('0'));
    Count { value, raw: (!usual).then(|| text.into()) }
}

/// A time in seconds since the epoch, with or without a fraction, or in milliseconds.
pub(super) fn timestamp(text: &str) -> (Timestamp, TimeForm) {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|octet| octet.is_ascii_digit());
    let number =
        if !whole.is_empty() && digits(whole) && digits(fraction) { whole.parse::<i64>().ok() } else { None };
    let (time, form) = match number {
        None => (None, TimeForm::Unreadable),
        Some(number) if number >= MILLISECONDS => (Some(UnixTime(number / 1000)), TimeForm::Other),
        Some(number) if text.contains('.') => (Some(UnixTime(number)), TimeForm::Other),
        Some(number) => (Some(UnixTime(number)), TimeForm::Seconds),
    };
    (Timestamp { time, raw: text.to_owned() }, form)
}

/// An address, also in brackets; a port or a zone makes it none.
pub(crate) fn source_ip(text: &str) -> SourceIp {
    if let Ok(address) = text.parse::<std::net::Ipv4Addr>() {
        // `Ipv4Addr` reads its canonical form alone.
        return SourceIp { address: Some(IpAddr::V4(address)), raw: None };
    }
    let inner = text.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(text);
    let address = inner.parse::<IpAddr>().ok().map(|address| match address {
        IpAddr::V6(six) => mapped(six),
        four @ IpAddr::V4(_) => four,
    });
    let usual = address.is_some_and(|address| address.to_string() == text);
    SourceIp { address, raw: (!usual).then(|| text.into()) }
}

/// An IPv4 address that is written as IPv6 is that IPv4 address.
fn mapped(address: Ipv6Addr) -> IpAddr {
    address.to_ipv4_mapped().map_or(IpAddr::V6(address), IpAddr::V4)
}

/// A percentage from 0 to 100.
pub(super) fn percentage(text: &str) -> Percentage {
    let digits = text.bytes().all(|octet| octet.is_ascii_digit());
    let value = if digits { text.parse::<u8>().ok().filter(|number| *number <= 100) } else { None };
    Percentage { value, raw: text.to_owned() }
}

/// Whether a text is a domain name; plain ones are told without building one.
pub(crate) fn is_domain(text: &str) -> bool {
    let octets = text.strip_suffix('.').unwrap_or(text).as_bytes();
    let mut label = 0;
    for octet in octets {
        match octet {
            b'.' if label == 0 || label > crate::name::MAX_LABEL => return false,
            b'.' => label = 0,
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => label += 1,
            _ => return DomainName::parse(text).is_ok(),
        }
    }
    text.len() <= MAX_NAME && label > 0 && label <= crate::name::MAX_LABEL
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_digits_that_fit_63_bits() {
        assert_eq!(count("7"), Count { value: Some(7), raw: None });
        assert_eq!(count("007"), Count { value: Some(7), raw: Some("007".into()) });
        assert_eq!(count("9223372036854775807").value, Some(i64::MAX as u64));
        for text in ["", "-3", "+3", "7.0", "1,234", "9223372036854775808", "٣"] {
            assert_eq!(count(text).value, None, "{text}");
        }
    }

    #[test]
    fn a_time_may_have_a_fraction_or_be_in_milliseconds() {
        let read = |text: &str| {
            let (time, form) = timestamp(text);
            (time.time.map(|time| time.0), form)
        };
        assert_eq!(read("1337270400"), (Some(1_337_270_400), TimeForm::Seconds));
        assert_eq!(read("1337270400.0"), (Some(1_337_270_400), TimeForm::Other));
        assert_eq!(read("1337270400123"), (Some(1_337_270_400), TimeForm::Other));
        assert_eq!(read("253402300799"), (Some(253_402_300_799), TimeForm::Seconds), "the year 9999");
        assert_eq!(read("2012-05-17T16:00:00Z"), (None, TimeForm::Unreadable));
        assert_eq!(read(".5"), (None, TimeForm::Unreadable));
    }

    #[test]
    fn an_address_has_one_form_and_keeps_what_was_written() {
        let read = |text: &str| {
            let ip = source_ip(text);
            (ip.address().map(|ip| ip.to_string()), ip.differing().map(str::to_owned))
        };
        assert_eq!(read("192.0.2.1"), (Some("192.0.2.1".into()), None));
        assert_eq!(read("2001:DB8::1"), (Some("2001:db8::1".into()), Some("2001:DB8::1".into())));
        assert_eq!(read("::ffff:192.0.2.1").0, Some("192.0.2.1".into()));
        assert_eq!(read("[192.0.2.1]").0, Some("192.0.2.1".into()));
        for text in ["", "192.0.2.01", "192.0.2.1:25", "fe80::1%eth0", "mail.example.com"] {
            assert_eq!(read(text), (None, Some(text.into())), "{text}");
        }
    }

    #[test]
    fn names_are_told_from_other_texts() {
        assert!(is_domain("Example.COM.") && is_domain("_x.example") && is_domain("bücher.example"));
        assert!(!is_domain("a..b") && !is_domain("") && !is_domain("a b") && !is_domain(&"a".repeat(64)));
    }
}
