//! Record types and record data (RFC 1035, 3.3; RFC 3596; RFC 6698).

use std::borrow::Cow;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::name::DomainName;

/// The record types that mail authentication asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum RecordType {
    /// IPv4 address.
    A,
    /// IPv6 address.
    Aaaa,
    /// Alias.
    Cname,
    /// Mail exchange.
    Mx,
    /// Name server.
    Ns,
    /// Name of an address.
    Ptr,
    /// Start of authority.
    Soa,
    /// TLSA (RFC 6698).
    Tlsa,
    /// Text.
    Txt,
}

impl RecordType {
    /// The mnemonic, in upper case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
            Self::Cname => "CNAME",
            Self::Mx => "MX",
            Self::Ns => "NS",
            Self::Ptr => "PTR",
            Self::Soa => "SOA",
            Self::Tlsa => "TLSA",
            Self::Txt => "TXT",
        }
    }

    /// Every type, by mnemonic.
    pub const ALL: [Self; 9] =
        [Self::A, Self::Aaaa, Self::Cname, Self::Mx, Self::Ns, Self::Ptr, Self::Soa, Self::Tlsa, Self::Txt];

    /// Its number in the registry of the DNS.
    #[must_use]
    pub fn code(self) -> u16 {
        match self {
            Self::A => 1,
            Self::Ns => 2,
            Self::Cname => 5,
            Self::Soa => 6,
            Self::Ptr => 12,
            Self::Mx => 15,
            Self::Txt => 16,
            Self::Aaaa => 28,
            Self::Tlsa => 52,
        }
    }

    /// The type of a number; `None` if mail authentication does not ask for it.
    #[must_use]
    pub fn from_code(code: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|record_type| record_type.code() == code)
    }
}

impl fmt::Display for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A mnemonic that is no [`RecordType`].
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is not a record type that is used here")]
pub struct UnknownRecordType(pub String);

impl FromStr for RecordType {
    type Err = UnknownRecordType;

    fn from_str(text: &str) -> Result<Self, UnknownRecordType> {
        Ok(match text.to_ascii_uppercase().as_str() {
            "A" => Self::A,
            "AAAA" => Self::Aaaa,
            "CNAME" => Self::Cname,
            "MX" => Self::Mx,
            "NS" => Self::Ns,
            "PTR" => Self::Ptr,
            "SOA" => Self::Soa,
            "TLSA" => Self::Tlsa,
            "TXT" => Self::Txt,
            _ => return Err(UnknownRecordType(text.to_owned())),
        })
    }
}

/// The data of one record.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
#[non_exhaustive]
pub enum Record {
    /// IPv4 address.
    A(Ipv4Addr),
    /// IPv6 address.
    Aaaa(Ipv6Addr),
    /// Alias target.
    Cname(DomainName),
    /// Mail exchange; [`DomainName::root`] is the null MX (RFC 7505).
    Mx {
        /// Lower is tried first.
        preference: u16,
        /// Host name.
        exchange: DomainName,
    },
    /// Name server.
    Ns(DomainName),
    /// Name of an address.
    Ptr(DomainName),
    /// Start of authority; only its negative time to live is kept (RFC 2308, 5).
    Soa {
        /// Primary name server.
        primary: DomainName,
        /// Seconds.
        minimum: u32,
    },
    /// TLSA (RFC 6698, 2.1).
    Tlsa {
        /// Certificate usage.
        usage: u8,
        /// Selector.
        selector: u8,
        /// Matching type.
        matching: u8,
        /// Certificate association data.
        data: Vec<u8>,
    },
    /// The character-strings of one TXT record, in order.
    Txt(Vec<Vec<u8>>),
}

impl Record {
    /// Its type.
    #[must_use]
    pub fn record_type(&self) -> RecordType {
        match self {
            Self::A(_) => RecordType::A,
            Self::Aaaa(_) => RecordType::Aaaa,
            Self::Cname(_) => RecordType::Cname,
            Self::Mx { .. } => RecordType::Mx,
            Self::Ns(_) => RecordType::Ns,
            Self::Ptr(_) => RecordType::Ptr,
            Self::Soa { .. } => RecordType::Soa,
            Self::Tlsa { .. } => RecordType::Tlsa,
            Self::Txt(_) => RecordType::Txt,
        }
    }

    /// The strings of a TXT record joined with nothing between them (RFC 7208, 3.3); `None` for
    /// other types.
    #[must_use]
    pub fn joined_text(&self) -> Option<Vec<u8>> {
        match self {
            Self::Txt(strings) => Some(strings.concat()),
            _ => None,
        }
    }

    /// The same without a copy where it is one string.
    pub(crate) fn text(&self) -> Option<Cow<'_, [u8]>> {
        match self {
            Self::Txt(strings) => match strings.as_slice() {
                [text] => Some(text.into()),
                strings => Some(strings.concat().into()),
            },
            _ => None,
        }
    }
}
