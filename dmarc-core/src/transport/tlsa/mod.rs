//! TLSA records of mail hosts: DANE for SMTP (RFC 6698; RFC 7671; RFC 7672; acronyms of RFC 7218).
//!
//! A record is read from its text form; what has been answered is [`Association::from_record`]. Signatures
//! of certificates are not verified: a match says that the certificate is the one that the record names.

mod host;
mod judge;
mod reading;
pub mod rules;

use serde::Serialize;
use sha2::{Digest as _, Sha256, Sha512};

pub use host::{Dane, Host, Shown};

use crate::diagnostics::Parsed;
use crate::dns;
use crate::limits::Limits;

use super::certificate::Certificate;

/// Certificate usages (RFC 6698, 2.1.1; RFC 7218, 2.1).
const USAGES: [(u8, &str); 5] =
    [(0, "PKIX-TA"), (1, "PKIX-EE"), (2, "DANE-TA"), (3, "DANE-EE"), (PRIVATE, "PrivCert")];
/// Selectors (RFC 6698, 2.1.2; RFC 7218, 2.2).
const SELECTORS: [(u8, &str); 3] = [(0, "Cert"), (1, "SPKI"), (PRIVATE, "PrivSel")];
/// Matching types (RFC 6698, 2.1.3; RFC 7218, 2.3).
const MATCHINGS: [(u8, &str); 4] = [(0, "Full"), (1, "SHA2-256"), (2, "SHA2-512"), (PRIVATE, "PrivMatch")];
/// The value for private use of each parameter.
const PRIVATE: u8 = 255;
/// The usage of a trust anchor: a certificate above that of the host.
const TRUST_ANCHOR: u8 = 2;
/// The usage of the certificate of the host itself.
const END_ENTITY: u8 = 3;

fn name_of(names: &[(u8, &'static str)], value: u8) -> Option<&'static str> {
    names.iter().find(|(number, _)| *number == value).map(|(_, name)| *name)
}

/// The data of a TLSA record (RFC 6698, 2.1).
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct Association {
    /// Certificate usage.
    pub usage: u8,
    /// Selector.
    pub selector: u8,
    /// Matching type.
    pub matching: u8,
    /// Certificate association data.
    pub data: Vec<u8>,
}

/// What a record says about a chain of certificates.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Match {
    /// This certificate of the chain, from 0, is the one that the record names.
    Certificate(usize),
    /// None is.
    None,
    /// The record cannot be used.
    Unusable,
}

impl Association {
    /// The data of an answered record; `None` if it is of another type.
    #[must_use]
    pub fn from_record(record: &dns::Record) -> Option<Self> {
        match record {
            dns::Record::Tlsa { usage, selector, matching, data } => {
                Some(Self { usage: *usage, selector: *selector, matching: *matching, data: data.clone() })
            }
            _ => None,
        }
    }

    /// Record data as it stands in a message: three octets, and what follows them.
    #[must_use]
    pub fn from_rdata(octets: &[u8]) -> Option<Self> {
        let ([usage, selector, matching], data) = octets.split_first_chunk()?;
        Some(Self { usage: *usage, selector: *selector, matching: *matching, data: data.to_vec() })
    }

    /// The text form: three numbers and hexadecimal digits (RFC 6698, 2.2).
    #[must_use]
    pub fn to_presentation(&self) -> String {
        let Self { usage, selector, matching, data } = self.clone();
        dns::Record::Tlsa { usage, selector, matching, data }.to_presentation()
    }

    /// Acronym of the usage, if it has one.
    #[must_use]
    pub fn usage_name(&self) -> Option<&'static str> {
        name_of(&USAGES, self.usage)
    }

    /// Acronym of the selector, if it has one.
    #[must_use]
    pub fn selector_name(&self) -> Option<&'static str> {
        name_of(&SELECTORS, self.selector)
    }

    /// Acronym of the matching type, if it has one.
    #[must_use]
    pub fn matching_name(&self) -> Option<&'static str> {
        name_of(&MATCHINGS, self.matching)
    }

    /// Whether a mail server can use it (RFC 7672, 3.1): usage 2 or 3, known parameters, sound data.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        matches!(self.usage, TRUST_ANCHOR | END_ENTITY) && judge::fault(self).is_none()
    }

    /// Compares it with a chain of certificates, that of the host first.
    ///
    /// Usage 3 looks at the first one alone, usage 2 at those above it (RFC 7672, 3.1). Whether the chain
    /// leads there by its signatures is not verified.
    #[must_use]
    pub fn compare(&self, chain: &[Certificate]) -> Match {
        if !self.is_usable() {
            return Match::Unusable;
        }
        let mut candidates = chain.iter().enumerate();
        let found = match self.usage {
            END_ENTITY => candidates.next().filter(|(_, certificate)| self.is_of(certificate)),
            _ => candidates.skip(1).find(|(_, certificate)| self.is_of(certificate)),
        };
        found.map_or(Match::None, |(index, _)| Match::Certificate(index))
    }

    /// Whether the data is that of a certificate, by selector and matching type.
    fn is_of(&self, certificate: &Certificate) -> bool {
        let selected = match self.selector {
            0 => certificate.der(),
            _ => certificate.public_key(),
        };
        match self.matching {
            0 => self.data == selected,
            1 => self.data == Sha256::digest(selected).as_slice(),
            _ => self.data == Sha512::digest(selected).as_slice(),
        }
    }

    /// The record that names a certificate with the parameters of this one.
    #[must_use]
    pub fn with_certificate(&self, certificate: &Certificate) -> Self {
        let selected = if self.selector == 0 { certificate.der() } else { certificate.public_key() };
        let data = match self.matching {
            0 => selected.to_vec(),
            1 => Sha256::digest(selected).to_vec(),
            _ => Sha512::digest(selected).to_vec(),
        };
        Self { data, ..*self }
    }
}

/// The text of a TLSA record.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Record {
    written: Written,
    association: Option<Association>,
}

/// The parts as they are written; `None` where a part is missing.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Written {
    /// Certificate usage.
    pub usage: Option<String>,
    /// Selector.
    pub selector: Option<String>,
    /// Matching type.
    pub matching: Option<String>,
    /// Certificate association data.
    pub data: Option<String>,
}

/// What a sender acts on.
#[derive(Serialize)]
pub(crate) struct Effective {
    usage: u8,
    usage_name: Option<&'static str>,
    selector: u8,
    selector_name: Option<&'static str>,
    matching: u8,
    matching_name: Option<&'static str>,
    /// Hexadecimal, in lower case.
    data: String,
}

impl Effective {
    pub(crate) fn new(association: &Association) -> Self {
        Self {
            usage: association.usage,
            usage_name: association.usage_name(),
            selector: association.selector,
            selector_name: association.selector_name(),
            matching: association.matching,
            matching_name: association.matching_name(),
            data: association.data.iter().map(|octet| format!("{octet:02x}")).collect(),
        }
    }
}

impl Record {
    /// Reads the text form of the record data. Any octets are accepted.
    ///
    /// ```
    /// use dmarc_core::transport::tlsa::Record;
    ///
    /// let text = "3 1 1 0c72ac70b745ac19998811b131d662c9ac69dbdbe7cb23e5b514b56664c5d3d6";
    /// let record = Record::parse(text).value.expect("it is a TLSA record");
    /// assert!(record.association().is_some_and(|association| association.is_usable()));
    /// ```
    #[must_use]
    pub fn parse(octets: impl AsRef<[u8]>) -> Parsed<Self> {
        Self::parse_within(octets.as_ref(), &Limits::default())
    }

    /// [`Record::parse`] with limits of the caller's choice.
    #[must_use]
    pub fn parse_within(octets: &[u8], limits: &Limits) -> Parsed<Self> {
        reading::parse(octets, limits)
    }

    /// Whether a text begins as the data of a TLSA record.
    #[must_use]
    pub fn is_record(octets: &[u8]) -> bool {
        reading::is_record(octets)
    }

    /// The parts as they are written.
    #[must_use]
    pub const fn written(&self) -> &Written {
        &self.written
    }

    /// The data; `None` if the text breaks the grammar. A mail server may still not be able to use it:
    /// see [`Association::is_usable`].
    #[must_use]
    pub const fn association(&self) -> Option<&Association> {
        self.association.as_ref()
    }

    pub(crate) fn effective(&self) -> Option<Effective> {
        self.association.as_ref().filter(|one| one.is_usable()).map(Effective::new)
    }
}
