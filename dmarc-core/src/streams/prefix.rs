//! A network as it is written: an address, and how many of its bits count.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A network: `192.0.2.0/24`, `2001:db8::/32`, or one address.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Prefix {
    first: IpAddr,
    length: u8,
}

/// A text that is no network.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no address or network: {0}")]
pub struct NoPrefix(String);

impl Prefix {
    /// The network of an address; bits beyond `length` do not count. `None` if the family has fewer bits.
    #[must_use]
    pub fn new(address: IpAddr, length: u8) -> Option<Self> {
        let first = match address {
            IpAddr::V4(address) => {
                let beyond = 32_u8.checked_sub(length)?;
                IpAddr::V4((u32::from(address) & u32::MAX.checked_shl(beyond.into()).unwrap_or(0)).into())
            }
            IpAddr::V6(address) => {
                let beyond = 128_u8.checked_sub(length)?;
                IpAddr::V6((u128::from(address) & u128::MAX.checked_shl(beyond.into()).unwrap_or(0)).into())
            }
        };
        Some(Self { first, length })
    }

    /// Its first address.
    #[must_use]
    pub const fn first(&self) -> IpAddr {
        self.first
    }

    /// Whether an address lies in it.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        address.is_ipv4() == self.first.is_ipv4() && Self::new(address, self.length) == Some(*self)
    }

    /// Whether all of a network lies in it.
    #[must_use]
    pub fn holds(&self, other: &Self) -> bool {
        self.length <= other.length && self.contains(other.first)
    }
}

impl FromStr for Prefix {
    type Err = NoPrefix;

    fn from_str(text: &str) -> Result<Self, NoPrefix> {
        let wrong = || NoPrefix(text.chars().take(80).collect());
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let length = match length {
            Some(length) => length.parse().map_err(|_| wrong())?,
            None if address.is_ipv4() => 32,
            None => 128,
        };
        Self::new(address, length).ok_or_else(wrong)
    }
}

impl TryFrom<String> for Prefix {
    type Error = NoPrefix;

    fn try_from(text: String) -> Result<Self, NoPrefix> {
        text.parse()
    }
}

impl From<Prefix> for String {
    fn from(prefix: Prefix) -> Self {
        prefix.to_string()
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = if self.first.is_ipv4() { 32 } else { 128 };
        if self.length == all {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}/{}", self.first, self.length)
        }
    }
}

/// Something that is known of networks; the smallest one that an address lies in counts.
#[derive(Clone, Debug)]
pub(super) struct ByPrefix<T> {
    of: HashMap<Prefix, T>,
    /// Lengths that occur, by family.
    lengths: [BTreeSet<u8>; 2],
}

impl<T> ByPrefix<T> {
    pub(super) fn new() -> Self {
        Self { of: HashMap::new(), lengths: [BTreeSet::new(), BTreeSet::new()] }
    }

    /// Keeps what is known of a network, or gives it back if something is known already.
    pub(super) fn insert(&mut self, prefix: Prefix, known: T) -> Option<(&mut T, T)> {
        let [ipv4, ipv6] = &mut self.lengths;
        (if prefix.first.is_ipv4() { ipv4 } else { ipv6 }).insert(prefix.length);
        match self.of.entry(prefix) {
            std::collections::hash_map::Entry::Occupied(before) => Some((before.into_mut(), known)),
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(known);
                None
            }
        }
    }

    pub(super) fn find(&self, address: IpAddr) -> Option<&T> {
        let [ipv4, ipv6] = &self.lengths;
        let lengths = if address.is_ipv4() { ipv4 } else { ipv6 };
        lengths.iter().rev().find_map(|length| self.of.get(&Prefix::new(address, *length)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_read_masked_and_written() {
        let read = |text: &str| text.parse::<Prefix>().map(|prefix| prefix.to_string());
        assert_eq!(read("192.0.2.77/24").unwrap(), "192.0.2.0/24");
        assert_eq!(read("2001:db8::1").unwrap(), "2001:db8::1");
        assert_eq!(read("0.0.0.0/0").unwrap(), "0.0.0.0/0");
        assert!(read("192.0.2.0/33").is_err() && read("example.com").is_err() && read("::/129").is_err());
    }

    #[test]
    fn the_smallest_network_counts() {
        let mut known = ByPrefix::new();
        known.insert("192.0.2.0/24".parse().unwrap(), "all");
        known.insert("192.0.2.7".parse().unwrap(), "one");
        assert_eq!(known.find("192.0.2.7".parse().unwrap()), Some(&"one"));
        assert_eq!(known.find("192.0.2.8".parse().unwrap()), Some(&"all"));
        assert_eq!(known.find("2001:db8::1".parse().unwrap()), None);
        assert!("192.0.2.0/24".parse::<Prefix>().unwrap().contains("192.0.2.9".parse().unwrap()));
        let holds = |one: &str, other: &str| one.parse::<Prefix>().unwrap().holds(&other.parse().unwrap());
        assert!(holds("192.0.2.0/24", "192.0.2.64/26") && holds("::/0", "2001:db8::1"));
        assert!(!holds("192.0.2.64/26", "192.0.2.0/24") && !holds("0.0.0.0/0", "::/0"));
    }
}
