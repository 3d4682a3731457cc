//! What the columns hold, worked out of a record.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::name::DomainName;
use crate::report::address::push_address;
use crate::report::aggregate::{Coded, DkimAuth, DkimResult, SpfAuth, SpfScope};
pub(super) use crate::report::row::{domain, report_id};

/// The domain of an address, as lower-case A-labels.
pub(super) fn address_domain(address: &str) -> Option<String> {
    let (_, domain) = address.rsplit_once('@')?;
    let name = DomainName::parse(domain.trim_end_matches('>')).ok()?;
    Some(name.as_str().to_owned())
}

/// Writes the network of an address, for grouping: /24 or /48.
pub(super) fn prefix(into: &mut String, address: IpAddr) {
    into.clear();
    let (network, length) = match address.to_canonical() {
        IpAddr::V4(address) => (Ipv4Addr::from_bits(address.to_bits() & (u32::MAX << 8)).into(), "/24"),
        IpAddr::V6(address) => (Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 80)).into(), "/48"),
    };
    push_address(into, network);
    into.push_str(length);
}

/// The 16 octets of an address; of IPv4, those of its mapped form (RFC 4291, 2.5.5.2).
pub(super) fn address_octets(address: IpAddr) -> [u8; 16] {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
        IpAddr::V6(address) => address.octets(),
    }
}

/// 4 or 6; a mapped address counts as what it maps.
pub(super) fn version(address: IpAddr) -> i8 {
    if address.to_canonical().is_ipv4() { 4 } else { 6 }
}

/// The signature that says most: one that passes before others, one that is aligned before one
/// that may be, then in the order of the report.
pub(super) fn best_signature(results: &[DkimAuth]) -> Option<&DkimAuth> {
    // `min_by_key` gives the first of equals.
    results.iter().min_by_key(|result| {
        let passes = result.result.as_ref().is_some_and(|result| result.value() == DkimResult::Pass);
        match (passes, result.aligned) {
            (true, Some(true)) => 0,
            (true, None) => 1,
            (true, Some(false)) => 2,
            (false, _) => 3,
        }
    })
}

/// The check of `MAIL FROM` before one without scope, and that before `HELO`.
pub(super) fn first_spf(results: &[SpfAuth]) -> Option<&SpfAuth> {
    results.iter().min_by_key(|result| match result.scope.as_ref().map(Coded::value) {
        Some(SpfScope::Mfrom) => 0,
        Some(SpfScope::Helo) => 2,
        _ => 1,
    })
}

/// ARC result and the domain of the last sealer, from a comment such as
/// `arc=pass as[1].d=example.com as[1].s=s1` (RFC 8617, 7.2.1).
pub(super) fn arc(comment: &str) -> Option<(&str, Option<&str>)> {
    let mut words = comment.split(|c: char| c.is_ascii_whitespace() || matches!(c, ';' | ',' | '(' | ')'));
    let result = words.clone().find_map(|word| word.strip_prefix("arc="))?;
    let sealers = words.by_ref().filter_map(|word| {
        // Some put all of it in brackets.
        let word = word.strip_prefix('[').unwrap_or(word);
        let (instance, domain) = word.strip_prefix("as[")?.split_once("].d=")?;
        Some((instance.parse::<u32>().ok()?, domain.trim_end_matches(']')))
    });
    let last = sealers.max_by_key(|(instance, _)| *instance);
    (!result.is_empty()).then_some((result, last.map(|(_, domain)| domain)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_grouped_by_its_network() {
        let prefix = |address: &str| {
            let mut written = "before".to_owned();
            prefix(&mut written, address.parse().unwrap());
            written
        };
        assert_eq!(prefix("192.0.2.77"), "192.0.2.0/24");
        assert_eq!(prefix("2001:db8:1:2::3"), "2001:db8:1::/48");
        assert_eq!(prefix("::ffff:192.0.2.77"), "192.0.2.0/24");
    }

    #[test]
    fn arc_is_read_from_the_comment_that_the_rfc_shows() {
        let comment = "arc=pass as[2].d=d2.example as[2].s=s1 as[1].d=d1.example as[1].s=s3";
        assert_eq!(arc(comment), Some(("pass", Some("d2.example"))));
        assert_eq!(arc("arc=fail [as[1].d=d1.example as[1].s=s3]"), Some(("fail", Some("d1.example"))));
        assert_eq!(arc("arc=pass [as[1].d=d1.example]"), Some(("pass", Some("d1.example"))));
        assert_eq!(arc("looks like a mailing list"), None);
    }
}
