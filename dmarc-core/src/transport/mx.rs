//! Where mail for a domain goes: MX records, the null MX, and what holds without any (RFC 5321, 5.1;
//! RFC 7505).

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::diagnostics::{Diagnostic, rfc, rules};
use crate::name::DomainName;

rules! {
    /// A null MX beside other mail hosts.
    NULL_MX_NOT_ALONE = "domain/null-mx-not-alone", Error, rfc(7505, "3"), [domain];
    /// A null MX with another preference than 0.
    NULL_PREFERENCE = "mx/null-preference", Warning, rfc(7505, "3"), [domain, preference];
    /// An address where a host name belongs.
    ADDRESS = "mx/address", Error, rfc(5321, "5.1"), [host];
    /// A host that stands twice.
    DUPLICATE = "mx/duplicate", Notice, rfc(5321, "5.1"), [host];
    /// A host name that is an alias.
    ALIAS = "mx/alias", Warning, rfc(5321, "5.1"), [host, target];
    /// A host without an address.
    NO_ADDRESS = "mx/no-address", Error, rfc(5321, "5.1"), [host];
    /// A host that no server elsewhere can reach.
    UNREACHABLE = "mx/unreachable", Warning, rfc(5321, "5.1"), [host, address];
    /// No MX record: mail goes to the address of the domain itself.
    IMPLICIT = "mx/implicit", Notice, rfc(5321, "5.1"), [domain];
}

/// One MX record.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct Exchange {
    /// Lower is tried first.
    pub preference: u16,
    /// The host; the root says that there is none.
    pub host: DomainName,
}

/// Where senders take mail for a domain.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Hash)]
#[non_exhaustive]
pub enum Delivery {
    /// To its mail hosts.
    Hosts,
    /// Nowhere: the domain says that it takes no mail (RFC 7505, 3).
    Null,
    /// To the address of the domain itself, for want of MX records (RFC 5321, 5.1).
    Implicit,
    /// Nowhere: there are neither MX records nor addresses.
    Nowhere,
}

impl Delivery {
    /// `hosts`, `null`, `implicit` or `nowhere`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hosts => "hosts",
            Self::Null => "null",
            Self::Implicit => "implicit",
            Self::Nowhere => "nowhere",
        }
    }
}

/// Whether the records say that the domain takes no mail.
///
/// RFC 7505 asks for one record of preference 0; another preference has no other meaning. Beside other
/// hosts the record is void, and those count.
#[must_use]
pub fn is_null(exchanges: &[Exchange]) -> bool {
    !exchanges.is_empty() && exchanges.iter().all(|one| one.host.is_root())
}

/// The hosts that senders try, each once, in order of preference.
#[must_use]
pub fn hosts(exchanges: &[Exchange]) -> Vec<&DomainName> {
    let mut ordered: Vec<&Exchange> = exchanges.iter().filter(|one| !one.host.is_root()).collect();
    ordered.sort();
    let mut seen = BTreeSet::new();
    ordered.into_iter().map(|one| &one.host).filter(|host| seen.insert(*host)).collect()
}

/// Whether a host name is an address: senders look it up as a name, and find nothing.
#[must_use]
pub fn is_address(host: &DomainName) -> bool {
    let text = host.as_str().trim_start_matches('[').trim_end_matches(']');
    text.parse::<IpAddr>().is_ok() || text.get(..5).is_some_and(|tag| tag.eq_ignore_ascii_case("ipv6:"))
}

/// Whether an address leads nowhere from outside: loopback, link-local, private, unspecified.
#[must_use]
pub const fn is_unreachable(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            address.is_loopback()
                || address.is_private()
                || address.is_link_local()
                || address.is_unspecified()
                || address.is_broadcast()
        }
        IpAddr::V6(address) => {
            address.is_loopback()
                || address.is_unspecified()
                || address.is_unique_local()
                || address.is_unicast_link_local()
        }
    }
}

/// What is to say about the MX records of a domain as they stand.
#[must_use]
pub fn findings(domain: &DomainName, exchanges: &[Exchange]) -> Vec<Diagnostic> {
    let name = || domain.to_string();
    let mut found = Vec::new();
    let nulls = || exchanges.iter().filter(|one| one.host.is_root());
    if nulls().next().is_some() && exchanges.len() > 1 {
        found.push(NULL_MX_NOT_ALONE.anywhere().arg("domain", name()));
    } else if let Some(null) = nulls().find(|null| null.preference != 0) {
        found.push(NULL_PREFERENCE.anywhere().arg("domain", name()).arg("preference", null.preference));
    }
    let mut seen: BTreeSet<&DomainName> = BTreeSet::new();
    let mut told: BTreeSet<&DomainName> = BTreeSet::new();
    for one in exchanges.iter().filter(|one| !one.host.is_root()) {
        if !seen.insert(&one.host) && told.insert(&one.host) {
            found.push(DUPLICATE.anywhere().arg("host", one.host.to_string()));
        }
    }
    for host in seen.into_iter().filter(|host| is_address(host)) {
        found.push(ADDRESS.anywhere().arg("host", host.to_string()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> DomainName {
        DomainName::parse(text).unwrap()
    }

    fn exchanges(list: &[(u16, &str)]) -> Vec<Exchange> {
        list.iter().map(|(preference, host)| Exchange { preference: *preference, host: name(host) }).collect()
    }

    #[test]
    fn a_null_entry_beside_hosts_is_void() {
        let mixed = exchanges(&[(0, "."), (20, "b.test"), (10, "a.test"), (30, "b.test")]);
        assert!(!is_null(&mixed));
        assert_eq!(hosts(&mixed), [&name("a.test"), &name("b.test")]);
        assert!(is_null(&exchanges(&[(10, ".")])));
        assert!(!is_null(&[]));
    }

    #[test]
    fn addresses_are_told_from_names() {
        for text in ["192.0.2.1", "[192.0.2.1]", "[ipv6:2001:db8::1]", "2001:db8::1"] {
            assert!(is_address(&name(text)), "{text}");
        }
        for text in ["mx.test", "1.2.3.4.test", "192.0.2"] {
            assert!(!is_address(&name(text)), "{text}");
        }
    }
}
