//! Values of fields: times, addresses and words without their comments.

use crate::report::aggregate::{SourceIp, Timestamp, source_ip};
use crate::time::UnixTime;

/// A date and time of mail (RFC 5322, 3.3), also with the zones of before.
pub(super) fn time(text: &str) -> Timestamp {
    let time = mail_parser::DateTime::parse_rfc822(text).filter(|time| time.is_valid() && time.year >= 1970);
    let is_date = text.bytes().any(|octet| octet.is_ascii_digit()) && text.contains(':');
    let time = time.filter(|_| is_date).map(|time| UnixTime(time.to_timestamp()));
    Timestamp { time, raw: text.to_owned() }
}

/// An address, also as a literal of SMTP (RFC 5321, 4.1.3), and whether something stands behind it.
pub(super) fn ip(text: &str) -> (SourceIp, bool) {
    let first =
        text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ',' | ';')).next().unwrap_or_default();
    let inner = first.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(first);
    let tagged = inner.get(..5).filter(|tag| tag.eq_ignore_ascii_case("ipv6:"));
    let inner = if tagged.is_some() { inner.get(5..).unwrap_or_default() } else { inner };
    let address = source_ip(inner).address();
    let usual = address.is_some_and(|address| address.to_string() == text);
    let ip = SourceIp { address, raw: (!usual).then(|| text.into()) };
    (ip, address.is_some() && first.len() < text.len())
}

/// A text without its comments (RFC 5322, 3.2.2), trimmed.
pub(super) fn without_comments(text: &str) -> String {
    let (mut kept, mut depth, mut escaped, mut quoted) = (String::new(), 0_u32, false, false);
    for c in text.chars() {
        if escaped {
            escaped = false;
            if depth == 0 {
                kept.push(c);
            }
            continue;
        }
        match c {
            '\\' if quoted || depth > 0 => {
                escaped = true;
                if depth == 0 {
                    kept.push(c);
                }
            }
            '"' if depth == 0 => {
                quoted = !quoted;
                kept.push(c);
            }
            '(' if !quoted => depth += 1,
            ')' if !quoted && depth > 0 => depth -= 1,
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept.trim().to_owned()
}

/// A path of the envelope without its angle brackets.
pub(super) fn path(text: &str) -> String {
    let inner = text.strip_prefix('<').and_then(|inner| inner.strip_suffix('>'));
    inner.unwrap_or(text).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_in_all_its_forms() {
        let read = |text: &str| {
            let (ip, behind) = ip(text);
            (ip.address().map(|ip| ip.to_string()), behind)
        };
        assert_eq!(read("192.0.2.1"), (Some("192.0.2.1".into()), false));
        assert_eq!(read("[IPv6:2001:DB8::1]"), (Some("2001:db8::1".into()), false));
        assert_eq!(read("ipv6:2001:db8::1"), (Some("2001:db8::1".into()), false));
        assert_eq!(read("192.0.2.1 (mail.example.com)"), (Some("192.0.2.1".into()), true));
        assert_eq!(read("[mail.example.com]"), (None, false));
        assert_eq!(read(""), (None, false));
    }

    #[test]
    fn a_time_may_have_a_comment_or_an_old_zone() {
        let read = |text: &str| time(text).time.map(|time| time.0);
        assert_eq!(read("Thu, 8 Mar 2005 14:00:00 EDT"), Some(1_110_304_800));
        assert_eq!(read("Wed, 14 Apr 2010 12:15:31 -0700 (PDT)"), Some(1_271_272_531));
        assert_eq!(read("yesterday"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn comments_are_left_out_and_quoted_brackets_are_not() {
        assert_eq!(without_comments("dmarc (a (b) \\) c) "), "dmarc");
        assert_eq!(without_comments("\"(x)\" (y)"), "\"(x)\"");
    }
}
