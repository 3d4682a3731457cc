//! What transport security compares in a certificate (RFC 5280, 4.1): its octets, its key, its names and
//! how long it holds. Nothing is verified here: a signature is for whoever made the connection.

use spki::ObjectIdentifier;
use spki::der::asn1::{AnyRef, GeneralizedTime, OctetStringRef, UtcTime};
use spki::der::{self, Reader, SliceReader, Tag, TagNumber};

use crate::text::lossy;
use crate::time::UnixTime;

/// `subjectAltName` (RFC 5280, 4.2.1.6).
const ALTERNATIVE_NAMES: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");
/// `commonName` (RFC 5280, A.1).
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
/// Where the names of a host stand among other names: `dNSName`.
const DNS_NAME: Tag = Tag::ContextSpecific { constructed: false, number: TagNumber(2) };
/// Where the version stands, if it is written.
const VERSION: Tag = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };
/// Where extensions stand.
const EXTENSIONS: Tag = Tag::ContextSpecific { constructed: true, number: TagNumber(3) };

/// Octets that are no certificate.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a certificate in DER: {reason}")]
pub struct CertificateError {
    /// What the decoder says.
    pub reason: String,
}

impl From<der::Error> for CertificateError {
    fn from(error: der::Error) -> Self {
        Self { reason: error.to_string() }
    }
}

/// A certificate, decoded as far as transport security needs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Certificate {
    der: Vec<u8>,
    public_key: Vec<u8>,
    dns_names: Vec<String>,
    common_names: Vec<String>,
    valid_from: Option<UnixTime>,
    valid_until: Option<UnixTime>,
}

impl Certificate {
    /// Reads a certificate in DER.
    ///
    /// # Errors
    /// [`CertificateError`] if the octets are not one certificate and nothing else.
    pub fn from_der(octets: &[u8]) -> Result<Self, CertificateError> {
        let mut reader = SliceReader::new(octets)?;
        let mut found = Self {
            der: octets.to_vec(),
            public_key: Vec::new(),
            dns_names: Vec::new(),
            common_names: Vec::new(),
            valid_from: None,
            valid_until: None,
        };
        reader.sequence(|certificate| {
            certificate.sequence(|contents| found.read(contents))?;
            // The algorithm and the signature.
            certificate.tlv_bytes()?;
            certificate.tlv_bytes()?;
            Ok::<(), der::Error>(())
        })?;
        reader.finish()?;
        Ok(found)
    }

    fn read<'a>(&mut self, contents: &mut SliceReader<'a>) -> der::Result<()> {
        if Tag::peek(contents)? == VERSION {
            contents.tlv_bytes()?;
        }
        // Serial number, algorithm, issuer.
        for _ in 0..3 {
            contents.tlv_bytes()?;
        }
        contents.sequence(|validity| {
            self.valid_from = time(validity)?;
            self.valid_until = time(validity)?;
            Ok::<(), der::Error>(())
        })?;
        contents.sequence(|subject| {
            while !subject.is_finished() {
                self.common_name(subject.tlv_bytes()?)?;
            }
            Ok::<(), der::Error>(())
        })?;
        self.public_key = contents.tlv_bytes()?.to_vec();
        while !contents.is_finished() {
            let tag = Tag::peek(contents)?;
            let part: &'a [u8] = contents.tlv_bytes()?;
            if tag == EXTENSIONS {
                self.extensions(part)?;
            }
        }
        Ok(())
    }

    /// One relative name: a set of attributes.
    fn common_name(&mut self, part: &[u8]) -> der::Result<()> {
        let mut reader = SliceReader::new(AnyRef::try_from(part)?.value())?;
        while !reader.is_finished() {
            reader.sequence(|attribute| {
                let kind: ObjectIdentifier = attribute.decode()?;
                let value: AnyRef<'_> = attribute.decode()?;
                if kind == COMMON_NAME {
                    self.common_names.push(lossy(value.value()));
                }
                Ok::<(), der::Error>(())
            })?;
        }
        Ok(())
    }

    fn extensions(&mut self, part: &[u8]) -> der::Result<()> {
        let mut reader = SliceReader::new(AnyRef::try_from(part)?.value())?;
        reader.sequence(|list| {
            while !list.is_finished() {
                let (kind, value) = list.sequence(|extension| {
                    let kind: ObjectIdentifier = extension.decode()?;
                    let _critical: Option<bool> = extension.decode()?;
                    let value: &OctetStringRef = extension.decode()?;
                    Ok::<_, der::Error>((kind, value.as_bytes()))
                })?;
                if kind == ALTERNATIVE_NAMES {
                    self.alternative_names(value)?;
                }
            }
            Ok::<(), der::Error>(())
        })
    }

    fn alternative_names(&mut self, value: &[u8]) -> der::Result<()> {
        let mut reader = SliceReader::new(value)?;
        reader.sequence(|names| {
            while !names.is_finished() {
                let tag = Tag::peek(names)?;
                let name = names.tlv_bytes()?;
                if tag == DNS_NAME {
                    self.dns_names.push(lossy(AnyRef::try_from(name)?.value()));
                }
            }
            Ok::<(), der::Error>(())
        })
    }

    /// The whole certificate, as it was given.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Its `SubjectPublicKeyInfo`, in DER.
    #[must_use]
    pub fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    /// The host names that it is for: its DNS names, or else its common names (RFC 7672, 3.2.3).
    #[must_use]
    pub fn names(&self) -> &[String] {
        if self.dns_names.is_empty() { &self.common_names } else { &self.dns_names }
    }

    /// Its DNS names alone, which MTA-STS compares (RFC 8461, 4.2).
    #[must_use]
    pub fn dns_names(&self) -> &[String] {
        &self.dns_names
    }

    /// When it begins to hold.
    #[must_use]
    pub const fn valid_from(&self) -> Option<UnixTime> {
        self.valid_from
    }

    /// When it ends to hold.
    #[must_use]
    pub const fn valid_until(&self) -> Option<UnixTime> {
        self.valid_until
    }
}

/// One time; `None` if it is of a form that RFC 5280, 4.1.2.5 does not allow.
fn time(reader: &mut SliceReader<'_>) -> der::Result<Option<UnixTime>> {
    let seconds = match Tag::peek(reader)? {
        Tag::UtcTime => reader.decode::<UtcTime>()?.to_unix_duration(),
        Tag::GeneralizedTime => reader.decode::<GeneralizedTime>()?.to_unix_duration(),
        _ => {
            reader.tlv_bytes()?;
            return Ok(None);
        }
    };
    Ok(i64::try_from(seconds.as_secs()).ok().map(UnixTime))
}
