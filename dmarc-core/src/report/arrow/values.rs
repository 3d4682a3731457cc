//! What the columns hold, worked out of a record.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::name::DomainName;
use crate::report::aggregate::{Coded, DkimAuth, DkimResult, PublishedAlignment, Record, SpfAuth, SpfScope};
pub(super) use crate::report::row::{domain, report_id};

/// The domain of an address, as lower-case A-labels.
pub(super) fn address_domain(address: &str) -> Option<String> {
    let (_, domain) = address.rsplit_once('@')?;
    let name = DomainName::parse(domain.trim_end_matches('>')).ok()?;
    Some(name.as_str().to_owned())
}

/// The network of an address, for grouping: /24 or /48.
pub(super) fn prefix(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => format!("{}/24", Ipv4Addr::from_bits(address.to_bits() & (u32::MAX << 8))),
        IpAddr::V6(address) => format!("{}/48", Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 80))),
    }
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

/// The author domain of a record with the alignment modes of its report.
#[derive(Default)]
pub(super) struct Author {
    name: Option<DomainName>,
}

impl Author {
    pub(super) fn of(record: &Record) -> Self {
        Self { name: record.header_from().and_then(|text| DomainName::parse(text).ok()) }
    }

    /// Whether it lies below the domain that published the policy.
    pub(super) fn is_below(&self, policy_domain: Option<&DomainName>) -> Option<bool> {
        Some(self.name.as_ref()?.is_below(policy_domain?))
    }

    /// Whether a domain is aligned with it, as far as the names alone tell: the same name is in
    /// every mode, another name is not in strict mode, and names that end in different labels
    /// belong to different organizations. Anything else needs the organizational domain.
    pub(super) fn is_aligned(&self, domain: &str, mode: Option<PublishedAlignment>) -> Option<bool> {
        let author = self.name.as_ref()?;
        let domain = DomainName::parse(domain).ok()?;
        if *author == domain {
            Some(true)
        } else if mode == Some(PublishedAlignment::Strict) || author.rightmost(1) != domain.rightmost(1) {
            Some(false)
        } else {
            None
        }
    }
}

/// The signature that says most: one that passes before others, one that is aligned before one
/// that may be, then in the order of the report.
pub(super) fn best_signature<'a>(results: &'a [DkimAuth], aligned: &[Option<bool>]) -> Option<&'a DkimAuth> {
    let rank = |result: &DkimAuth, aligned: Option<bool>| {
        let passes = result.result.as_ref().is_some_and(|result| result.value() == DkimResult::Pass);
        match (passes, aligned) {
            (true, Some(true)) => 0,
            (true, None) => 1,
            (true, Some(false)) => 2,
            (false, _) => 3,
        }
    };
    let ranked = results.iter().zip(aligned.iter().copied());
    // `min_by_key` gives the first of equals.
    ranked.min_by_key(|(result, aligned)| rank(result, *aligned)).map(|(result, _)| result)
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
        let (instance, domain) = word.strip_prefix("as[")?.split_once("].d=")?;
        Some((instance.parse::<u32>().ok()?, domain))
    });
    let last = sealers.max_by_key(|(instance, _)| *instance);
    (!result.is_empty()).then_some((result, last.map(|(_, domain)| domain)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_grouped_by_its_network() {
        assert_eq!(prefix("192.0.2.77".parse().unwrap()), "192.0.2.0/24");
        assert_eq!(prefix("2001:db8:1:2::3".parse().unwrap()), "2001:db8:1::/48");
        assert_eq!(prefix("::ffff:192.0.2.77".parse().unwrap()), "192.0.2.0/24");
    }

    #[test]
    fn arc_is_read_from_the_comment_that_the_rfc_shows() {
        let comment = "arc=pass as[2].d=d2.example as[2].s=s1 as[1].d=d1.example as[1].s=s3";
        assert_eq!(arc(comment), Some(("pass", Some("d2.example"))));
        assert_eq!(arc("looks like a mailing list"), None);
    }

    #[test]
    fn alignment_is_told_only_where_the_names_tell_it() {
        let author = Author { name: DomainName::parse("a.example.com").ok() };
        let relaxed = Some(PublishedAlignment::Relaxed);
        assert_eq!(author.is_aligned("A.example.com.", relaxed), Some(true));
        assert_eq!(author.is_aligned("example.com", relaxed), None);
        assert_eq!(author.is_aligned("example.com", Some(PublishedAlignment::Strict)), Some(false));
        assert_eq!(author.is_aligned("a.example.org", None), Some(false));
    }
}
