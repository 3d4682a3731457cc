//! Sets of addresses as minimal ranges (crate `range-set-blaze`).

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::RangeInclusive;

use range_set_blaze::{RangeMapBlaze, RangeSetBlaze, SortedDisjoint};
use serde::{Deserialize, Serialize, Serializer};

/// The family of a client's address.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// IPv4, and what is mapped into IPv6 (RFC 7208, 5).
    Ipv4,
    /// IPv6 without what is mapped into it.
    Ipv6,
}

/// `::ffff:0:0/96`: RFC 7208, 5 treats these clients as IPv4.
const MAPPED: RangeInclusive<u128> = 0xffff_0000_0000..=0xffff_ffff_ffff;

impl Family {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Ipv4, Self::Ipv6];

    /// The family of a client, and its address in it.
    #[must_use]
    pub const fn of(address: IpAddr) -> (Self, IpAddr) {
        let address = address.to_canonical();
        match address {
            IpAddr::V4(_) => (Self::Ipv4, address),
            IpAddr::V6(_) => (Self::Ipv6, address),
        }
    }

    /// `ipv4` or `ipv6`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
        }
    }

    /// The address that stands for no client.
    pub(in crate::spf) const fn unspecified(self) -> IpAddr {
        match self {
            Self::Ipv4 => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            Self::Ipv6 => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        }
    }

    const fn bits(self) -> u32 {
        match self {
            Self::Ipv4 => 32,
            Self::Ipv6 => 128,
        }
    }

    fn address(self, number: u128) -> IpAddr {
        match self {
            Self::Ipv4 => IpAddr::V4(Ipv4Addr::from(u32::try_from(number).unwrap_or(u32::MAX))),
            Self::Ipv6 => IpAddr::V6(Ipv6Addr::from(number)),
        }
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u32::from(address).into(),
        IpAddr::V6(address) => address.into(),
    }
}

/// Addresses of one family, from first to last.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct AddressRange {
    /// The first address.
    pub first: IpAddr,
    /// The last address.
    pub last: IpAddr,
}

impl AddressRange {
    /// The length of the prefix that it is, if it is one.
    #[must_use]
    pub fn prefix_length(&self) -> Option<u32> {
        let bits = Family::of(self.first).0.bits();
        let (first, last) = (number(self.first), number(self.last));
        let differ = first ^ last;
        let free = 128 - differ.leading_zeros();
        // All bits behind the prefix are 0 in the first and 1 in the last address.
        (differ.count_ones() == free && first & differ == 0).then(|| bits - free)
    }
}

/// An address, `network/length`, or `first-last`.
impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.prefix_length() {
            Some(_) if self.first == self.last => write!(f, "{}", self.first),
            Some(length) => write!(f, "{}/{length}", self.first),
            None => write!(f, "{}-{}", self.first, self.last),
        }
    }
}

impl Serialize for AddressRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A set of addresses of one family.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AddressSet {
    family: Family,
    numbers: RangeSetBlaze<u128>,
}

impl AddressSet {
    /// No addresses.
    #[must_use]
    pub fn empty(family: Family) -> Self {
        Self { family, numbers: RangeSetBlaze::new() }
    }

    /// Every address that a client of the family can have.
    #[must_use]
    pub fn all(family: Family) -> Self {
        let last = u128::MAX >> (128 - family.bits());
        let mut numbers = RangeSetBlaze::from_iter([0..=last]);
        if family == Family::Ipv6 {
            numbers = numbers - RangeSetBlaze::from_iter([MAPPED]);
        }
        Self { family, numbers }
    }

    /// The networks of some addresses; those of the other family count for nothing.
    pub fn networks_of(family: Family, networks: impl IntoIterator<Item = (IpAddr, u8)>) -> Self {
        let numbers = networks.into_iter().filter_map(|network| numbers_of(family, network));
        Self { family, numbers: numbers.collect() }
    }

    /// All that is in any of the sets, which are of one family; `None` if there are no sets.
    pub(super) fn joined(sets: Vec<Self>) -> Option<Self> {
        let family = sets.first()?.family;
        if let [_] = sets.as_slice() {
            return sets.into_iter().next();
        }
        let numbers = sets.iter().flat_map(|set| set.numbers.ranges()).collect();
        Some(Self { family, numbers })
    }

    /// How many ranges it is made of.
    pub(super) fn len(&self) -> usize {
        self.numbers.ranges_len()
    }

    /// The family of its addresses.
    #[must_use]
    pub const fn family(&self) -> Family {
        self.family
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// Whether an address is one of them.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let (family, address) = Family::of(address);
        family == self.family && self.numbers.contains(number(address))
    }

    /// The lowest address.
    #[must_use]
    pub fn first(&self) -> Option<IpAddr> {
        self.numbers.first().map(|number| self.family.address(number))
    }

    /// How many there are, in decimal: up to 2^128.
    #[must_use]
    pub fn size(&self) -> String {
        self.numbers.len().to_string()
    }

    /// Its addresses as the fewest ranges, in order.
    ///
    /// No IPv6 client has a mapped IPv4 address; a range goes on across them.
    #[must_use]
    pub fn ranges(&self) -> Vec<AddressRange> {
        let around = |edge: Option<u128>| edge.is_some_and(|edge| self.numbers.contains(edge));
        let bridged = self.family == Family::Ipv6
            && around(MAPPED.start().checked_sub(1))
            && around(MAPPED.end().checked_add(1));
        let range = |range: RangeInclusive<u128>| AddressRange {
            first: self.family.address(*range.start()),
            last: self.family.address(*range.end()),
        };
        if bridged {
            let whole = union(&self.numbers, &RangeSetBlaze::from_iter([MAPPED]));
            return whole.ranges().map(range).collect();
        }
        self.numbers.ranges().map(range).collect()
    }

    /// Its addresses as the fewest networks, in order.
    #[must_use]
    pub fn networks(&self) -> Vec<AddressRange> {
        self.ranges().iter().flat_map(networks).collect()
    }

    /// What is in both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self { family: self.family, numbers: &self.numbers & &other.numbers }
    }

    /// What is in this one alone.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        Self { family: self.family, numbers: &self.numbers - &other.numbers }
    }

    /// Takes in another set of the same family.
    pub fn add(&mut self, other: &Self) {
        self.numbers = union(&self.numbers, &other.numbers);
    }
}

/// The numbers of a network; `None` if it is of the other family.
fn numbers_of(family: Family, (address, length): (IpAddr, u8)) -> Option<RangeInclusive<u128>> {
    let bits = family.bits();
    let free = bits.saturating_sub(length.into());
    let host = 1_u128.checked_shl(free).map_or(u128::MAX, |size| size - 1);
    let first = number(address) & !host;
    (address.is_ipv4() == (bits == 32)).then_some(first..=first | host)
}

/// Networks in an order: an address belongs to the first one that holds it.
pub(super) struct Owners {
    family: Family,
    owners: RangeMapBlaze<u128, usize>,
    all: RangeSetBlaze<u128>,
}

impl Owners {
    pub(super) fn new(family: Family, networks: impl DoubleEndedIterator<Item = (IpAddr, u8)>) -> Self {
        let networks: Vec<(IpAddr, u8)> = networks.collect();
        let ranges = || {
            let placed = networks.iter().enumerate();
            placed.filter_map(|(place, network)| Some((numbers_of(family, *network)?, place)))
        };
        // Of ranges that overlap, the last one that is given counts.
        let mut last_first: Vec<(RangeInclusive<u128>, usize)> = ranges().collect();
        last_first.reverse();
        let owners = last_first.into_iter().collect();
        Self { family, owners, all: ranges().map(|(range, _)| range).collect() }
    }

    /// The parts of a set that belong to each network, by its place in the order, and what is left.
    pub(super) fn split(&self, set: &AddressSet) -> (BTreeMap<usize, AddressSet>, AddressSet) {
        let family = self.family;
        let mut parts: BTreeMap<usize, Vec<RangeInclusive<u128>>> = BTreeMap::new();
        for (range, place) in (&self.owners & &set.numbers).range_values() {
            parts.entry(*place).or_default().push(range);
        }
        let part = |ranges: Vec<_>| AddressSet { family, numbers: ranges.into_iter().collect() };
        let parts = parts.into_iter().map(|(place, ranges)| (place, part(ranges))).collect();
        (parts, AddressSet { family, numbers: &set.numbers - &self.all })
    }
}

/// What is in either set. The crate's `|=` counts what two sets share twice for a moment, which is too
/// much for most of all IPv6 addresses.
fn union(one: &RangeSetBlaze<u128>, other: &RangeSetBlaze<u128>) -> RangeSetBlaze<u128> {
    (one.ranges() | other.ranges()).into_range_set_blaze()
}

/// The fewest networks that make up a range (crate `ipnet`).
fn networks(range: &AddressRange) -> Vec<AddressRange> {
    match (range.first, range.last) {
        (IpAddr::V4(first), IpAddr::V4(last)) => ipnet::Ipv4Subnets::new(first, last, 0)
            .map(|net| AddressRange { first: net.network().into(), last: net.broadcast().into() })
            .collect(),
        (IpAddr::V6(first), IpAddr::V6(last)) => ipnet::Ipv6Subnets::new(first, last, 0)
            .map(|net| AddressRange { first: net.network().into(), last: net.broadcast().into() })
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(networks: &[(&str, u8)]) -> AddressSet {
        let networks: Vec<(IpAddr, u8)> =
            networks.iter().map(|(address, length)| (address.parse().unwrap(), *length)).collect();
        let family = Family::of(networks[0].0).0;
        AddressSet::networks_of(family, networks)
    }

    fn shown(ranges: &[AddressRange]) -> Vec<String> {
        ranges.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn neighbors_become_one_range() {
        let set = set(&[("192.0.2.0", 25), ("192.0.2.128", 26), ("192.0.2.77", 32)]);
        assert_eq!(shown(&set.ranges()), ["192.0.2.0-192.0.2.191"]);
        assert_eq!(shown(&set.networks()), ["192.0.2.0/25", "192.0.2.128/26"]);
        assert_eq!(set.size(), "192");
        assert_eq!(set.first(), Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 0))));
    }

    #[test]
    fn everyone_is_one_range_per_family() {
        assert_eq!(shown(&AddressSet::all(Family::Ipv4).ranges()), ["0.0.0.0/0"]);
        assert_eq!(shown(&AddressSet::all(Family::Ipv6).ranges()), ["::/0"]);
        assert_eq!(shown(&set(&[("2001:db8::", 0)]).ranges()), ["::/0"]);
        assert!(!AddressSet::all(Family::Ipv6).contains("::ffff:192.0.2.1".parse().unwrap()));
        assert!(AddressSet::all(Family::Ipv4).contains("::ffff:192.0.2.1".parse().unwrap()));
    }

    #[test]
    fn sets_that_share_most_addresses_are_joined() {
        let mut all = AddressSet::all(Family::Ipv6);
        all.add(&set(&[("8000::", 1)]));
        assert_eq!(all, AddressSet::all(Family::Ipv6));
    }

    #[test]
    fn sets_that_share_addresses_are_joined_at_once() {
        let sets = ["::", "8000::", "8000::"].map(|first| set(&[(first, 1)])).to_vec();
        assert_eq!(AddressSet::joined(sets), Some(set(&[("::", 0)])));
        let all = vec![AddressSet::all(Family::Ipv6), AddressSet::all(Family::Ipv6)];
        assert_eq!(AddressSet::joined(all), Some(AddressSet::all(Family::Ipv6)));
        assert_eq!(AddressSet::joined(Vec::new()), None);
    }

    #[test]
    fn an_address_belongs_to_the_first_network_that_holds_it() {
        let networks = [("192.0.2.4", 31), ("2001:db8::", 32), ("192.0.2.0", 29), ("192.0.2.0", 30)];
        let networks = networks.map(|(address, length)| (address.parse::<IpAddr>().unwrap(), length));
        let owners = Owners::new(Family::Ipv4, networks.into_iter());
        let (parts, rest) = owners.split(&set(&[("192.0.2.0", 28)]));
        let parts: Vec<_> = parts.iter().map(|(place, part)| (*place, shown(&part.ranges()))).collect();
        assert_eq!(
            parts,
            [
                (0, vec!["192.0.2.4/31".to_owned()]),
                (2, vec!["192.0.2.0/30".to_owned(), "192.0.2.6/31".to_owned()]),
            ]
        );
        assert_eq!(shown(&rest.ranges()), ["192.0.2.8/29"]);
    }

    #[test]
    fn host_bits_do_not_count() {
        assert_eq!(shown(&set(&[("2001:db8::1", 32)]).ranges()), ["2001:db8::/32"]);
        assert_eq!(shown(&set(&[("192.0.2.1", 32)]).ranges()), ["192.0.2.1"]);
    }
}
