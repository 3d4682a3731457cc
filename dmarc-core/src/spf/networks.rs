//! Networks of `ip4` and `ip6`, as written (RFC 7208, 5.6).

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

macro_rules! network {
    ($(#[doc = $doc:literal])+ $name:ident, $address:ty, $bits:ty, $most:literal) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
        pub struct $name {
            address: $address,
            length: Option<u8>,
        }

        impl $name {
            /// A network; `None` if the prefix is longer than an address.
            #[must_use]
            pub fn new(address: $address, length: Option<u8>) -> Option<Self> {
                length.is_none_or(|length| length <= $most).then_some(Self { address, length })
            }

            /// The address as written; bits behind the prefix are ignored.
            #[must_use]
            pub const fn address(&self) -> $address {
                self.address
            }

            /// The prefix length; that of a single address if none is written.
            #[must_use]
            pub fn length(&self) -> u8 {
                self.length.unwrap_or($most)
            }

            /// The prefix length as written.
            #[must_use]
            pub const fn written_length(&self) -> Option<u8> {
                self.length
            }

            /// Its first address.
            #[must_use]
            pub fn first(&self) -> $address {
                <$address>::from(<$bits>::from(self.address) & self.mask())
            }

            /// Its last address.
            #[must_use]
            pub fn last(&self) -> $address {
                <$address>::from(<$bits>::from(self.address) | !self.mask())
            }

            /// Whether an address lies in it.
            #[must_use]
            pub fn contains(&self, address: $address) -> bool {
                <$bits>::from(address) & self.mask() == <$bits>::from(self.first())
            }

            fn mask(&self) -> $bits {
                <$bits>::MAX.checked_shl(u32::from($most - self.length())).unwrap_or(0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.address.fmt(f)?;
                self.length.map_or(Ok(()), |length| write!(f, "/{length}"))
            }
        }
    };
}

network! {
    /// `ip4-network [ ip4-cidr-length ]`
    Ip4Network, Ipv4Addr, u32, 32
}
network! {
    /// `ip6-network [ ip6-cidr-length ]`
    Ip6Network, Ipv6Addr, u128, 128
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_know_their_ends() {
        let net = Ip4Network::new(Ipv4Addr::new(192, 0, 2, 77), Some(26)).unwrap();
        assert_eq!(net.first(), Ipv4Addr::new(192, 0, 2, 64));
        assert_eq!(net.last(), Ipv4Addr::new(192, 0, 2, 127));
        let all = Ip6Network::new(Ipv6Addr::LOCALHOST, Some(0)).unwrap();
        assert_eq!(all.first(), Ipv6Addr::UNSPECIFIED);
        assert!(all.contains(Ipv6Addr::LOCALHOST));
        assert_eq!(Ip4Network::new(Ipv4Addr::LOCALHOST, Some(33)), None);
    }
}
