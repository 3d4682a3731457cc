//! What the `p` tag holds: base64 of a key, decoded down to its numbers.
//!
//! RFC 6376 asks for a bare `RSAPublicKey`; nearly every key in use wraps it in a
//! `SubjectPublicKeyInfo`, and verifiers take both. RFC 8463, 4.2 asks for the 32 octets of an
//! Ed25519 key with nothing around them.

use base64::Engine as _;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use pkcs1::RsaPublicKeyRef;
use pkcs1::der::{Decode, Header, Reader, SliceReader, Tag as DerTag, TagNumber};
use spki::{ObjectIdentifier, SubjectPublicKeyInfoRef};

use crate::diagnostics::{Diagnostic, Edit, Span};
use crate::text::lossy;

use super::rules::{
    BARE_RSA_KEY, CERTIFICATE, ED25519_LENGTH, INCOMPLETE_BASE64, INVALID_BASE64, INVALID_EXPONENT,
    INVALID_KEY, KEY_TYPE_MISMATCH, LARGE_KEY, PRIVATE_KEY, SHORT_KEY, TRAILING_OCTETS, TRUNCATED_KEY,
    UNUSUAL_EXPONENT, WEAK_KEY, WRAPPED_ED25519_KEY,
};
use super::words::{KeyType, Name as _};

/// RSA moduli below this many bits are never valid (RFC 8301, 3.2).
pub(super) const LEAST_BITS: usize = 1024;
/// What signers should use at least (RFC 8301, 3.2).
const RECOMMENDED_BITS: usize = 2048;
/// What every verifier handles (RFC 8301, 3.2).
const MOST_BITS: usize = 4096;
/// The exponent that signers should use (RFC 6376, 3.3.2).
const USUAL_EXPONENT: u64 = 65_537;
/// Octets of an Ed25519 key (RFC 8032, 5.1.5).
const ED25519_OCTETS: usize = 32;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// The last character may carry bits that count for nothing, as some writers leave them.
pub(super) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// A public key.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum PublicKey {
    /// An RSA key.
    Rsa(RsaKey),
    /// An Ed25519 key, as it is.
    Ed25519([u8; ED25519_OCTETS]),
}

impl PublicKey {
    /// Size in bits: of the modulus, or 256.
    #[must_use]
    pub const fn bits(&self) -> usize {
        match self {
            Self::Rsa(key) => key.bits,
            Self::Ed25519(_) => 8 * ED25519_OCTETS,
        }
    }
}

/// The numbers of an RSA key that tell its strength.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RsaKey {
    /// Bits of the modulus.
    pub bits: usize,
    /// The public exponent; `None` if it has more than 64 bits.
    pub exponent: Option<u64>,
    /// How it is wrapped.
    pub form: RsaForm,
}

/// How an RSA key is wrapped.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RsaForm {
    /// `SubjectPublicKeyInfo` (RFC 5280, 4.1.2.7), as nearly everywhere.
    SubjectPublicKeyInfo,
    /// A bare `RSAPublicKey` (RFC 8017, A.1.1), as RFC 6376, 3.6.1 describes it.
    Pkcs1,
}

impl RsaForm {
    /// `spki` or `pkcs1`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SubjectPublicKeyInfo => "spki",
            Self::Pkcs1 => "pkcs1",
        }
    }
}

/// Where the key stands, and what is said about it.
pub(super) struct Stated<'a> {
    pub octets: &'a [u8],
    /// The value of `p`.
    pub value: Span,
    /// The value of `k`; `None` if it is not written.
    pub kind_at: Option<Span>,
    /// Where the `p` tag begins.
    pub tag_at: usize,
    pub kind: &'a KeyType,
}

/// Decodes a key that is not empty.
pub(super) fn decode(stated: &Stated<'_>, found: &mut Vec<Diagnostic>) -> Option<PublicKey> {
    let bytes = base64(stated, found)?;
    match stated.kind {
        KeyType::Rsa => rsa(stated, &bytes, found),
        KeyType::Ed25519 => ed25519(stated, &bytes, found),
        KeyType::Unknown(_) => None,
    }
}

fn base64(stated: &Stated<'_>, found: &mut Vec<Diagnostic>) -> Option<Vec<u8>> {
    let value = stated.value;
    let mut compact = Vec::with_capacity(value.of(stated.octets).len());
    let mut foreign: Option<Span> = None;
    let mut edits = Vec::new();
    for (offset, octet) in value.of(stated.octets).iter().enumerate() {
        let place = Span::new(value.start + offset, value.start + offset + 1);
        match octet {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'=' => compact.push(*octet),
            // The alphabet for URLs (RFC 4648, 5).
            b'-' | b'_' => {
                let meant = if *octet == b'-' { "+" } else { "/" };
                edits.push(Edit { span: place, replacement: meant.to_owned() });
                foreign.get_or_insert(place);
            }
            b'"' | b'\\' => {
                edits.push(Edit { span: place, replacement: String::new() });
                foreign.get_or_insert(place);
            }
            _ => {
                let diagnostic = INVALID_BASE64.at(place).arg("text", lossy(place.of(stated.octets)));
                found.push(diagnostic);
                return None;
            }
        }
    }
    if let Some(place) = foreign {
        let shown = lossy(place.of(stated.octets));
        found.push(INVALID_BASE64.at(place).arg("text", shown).fix_edits(edits));
        return None;
    }
    if let Ok(bytes) = BASE64.decode(&compact) {
        return Some(bytes);
    }
    let bare = compact.iter().take_while(|octet| **octet != b'=').count();
    let (digits, end) = (compact.get(..bare).unwrap_or_default(), Span::empty(value.end));
    let padding = "=".repeat((4 - bare % 4) % 4);
    let mut whole = digits.to_vec();
    whole.extend_from_slice(padding.as_bytes());
    let incomplete = INCOMPLETE_BASE64.at(end);
    found.push(match BASE64.decode(&whole) {
        // Nothing but the padding is missing, or there is too little of it.
        Ok(_) if compact.len() == bare => incomplete.fix(end, padding),
        Ok(_) | Err(_) if compact.len() == bare => incomplete,
        _ => INVALID_BASE64.at(padding_at(stated, value)).arg("text", "="),
    });
    None
}

/// The first padding character, for padding that stands where none belongs.
fn padding_at(stated: &Stated<'_>, value: Span) -> Span {
    let at = value.of(stated.octets).iter().position(|octet| *octet == b'=').unwrap_or(0);
    Span::new(value.start + at, value.start + at + 1)
}

fn rsa(stated: &Stated<'_>, bytes: &[u8], found: &mut Vec<Diagnostic>) -> Option<PublicKey> {
    if bytes.len() == ED25519_OCTETS && outer(bytes).is_none() {
        found.push(mismatch(stated, "ed25519"));
        return None;
    }
    let (inner, form) = match SubjectPublicKeyInfoRef::from_der(bytes) {
        Ok(info) if info.algorithm.oid == RSA => match info.subject_public_key.as_bytes() {
            Some(inner) => (inner, RsaForm::SubjectPublicKeyInfo),
            None => return none(found, invalid(stated)),
        },
        Ok(info) if info.algorithm.oid == ED25519 => return none(found, mismatch(stated, "ed25519")),
        Ok(info) => {
            let oid = info.algorithm.oid.to_string();
            return none(
                found,
                KEY_TYPE_MISMATCH.at(stated.value).arg("stated", "rsa").arg("found", format!("OID {oid}")),
            );
        }
        Err(_) => (bytes, RsaForm::Pkcs1),
    };
    let Ok(key) = RsaPublicKeyRef::from_der(inner) else {
        return none(found, not_a_key(stated, bytes));
    };
    let modulus = key.modulus.as_bytes();
    let bits = 8 * modulus.len() - modulus.first().map_or(0, |octet| octet.leading_zeros() as usize);
    let exponent = key.public_exponent.as_bytes();
    let number = (exponent.len() <= 8)
        .then(|| exponent.iter().fold(0_u64, |number, octet| number << 8 | u64::from(*octet)));
    let shown = number.map_or_else(|| format!("over {} bits", 8 * (exponent.len() - 1)), |n| n.to_string());
    let odd = exponent.last().is_some_and(|octet| octet % 2 == 1);
    if !odd || number.is_some_and(|number| number < 3) {
        return none(found, INVALID_EXPONENT.at(stated.value).arg("exponent", shown));
    }
    if number != Some(USUAL_EXPONENT) {
        found.push(UNUSUAL_EXPONENT.at(stated.value).arg("exponent", shown));
    }
    if form == RsaForm::Pkcs1 {
        found.push(BARE_RSA_KEY.at(stated.value));
    }
    let size = match bits {
        ..LEAST_BITS => Some(&WEAK_KEY),
        LEAST_BITS..RECOMMENDED_BITS => Some(&SHORT_KEY),
        RECOMMENDED_BITS..=MOST_BITS => None,
        _ => Some(&LARGE_KEY),
    };
    found.extend(size.map(|rule| rule.at(stated.value).arg("bits", bits)));
    Some(PublicKey::Rsa(RsaKey { bits, exponent: number, form }))
}

fn ed25519(stated: &Stated<'_>, bytes: &[u8], found: &mut Vec<Diagnostic>) -> Option<PublicKey> {
    if let Ok(key) = <[u8; ED25519_OCTETS]>::try_from(bytes) {
        return Some(PublicKey::Ed25519(key));
    }
    let diagnostic = match SubjectPublicKeyInfoRef::from_der(bytes) {
        Ok(info) if info.algorithm.oid == ED25519 => {
            let diagnostic = WRAPPED_ED25519_KEY.at(stated.value);
            match info.subject_public_key.as_bytes().filter(|inner| inner.len() == ED25519_OCTETS) {
                Some(inner) => diagnostic.fix(stated.value, BASE64.encode(inner)),
                None => diagnostic,
            }
        }
        Ok(info) if info.algorithm.oid == RSA => mismatch(stated, "rsa"),
        _ if RsaPublicKeyRef::from_der(bytes).is_ok() => mismatch(stated, "rsa"),
        _ => match named(stated, bytes) {
            Some(named) => named,
            None => ED25519_LENGTH.at(stated.value).arg("octets", bytes.len()),
        },
    };
    none(found, diagnostic)
}

fn none(found: &mut Vec<Diagnostic>, diagnostic: Diagnostic) -> Option<PublicKey> {
    found.push(diagnostic);
    None
}

fn invalid(stated: &Stated<'_>) -> Diagnostic {
    INVALID_KEY.at(stated.value).arg("stated", stated.kind.as_str())
}

/// A key of the other type than `k` says, or leaves to its default.
fn mismatch(stated: &Stated<'_>, actual: &'static str) -> Diagnostic {
    let diagnostic =
        KEY_TYPE_MISMATCH.at(stated.value).arg("stated", stated.kind.as_str()).arg("found", actual);
    match stated.kind_at {
        Some(place) => diagnostic.fix(place, actual),
        None => diagnostic.fix(stated.tag_at..stated.tag_at, format!("k={actual}; ")),
    }
}

/// Why octets are no RSA key.
fn not_a_key(stated: &Stated<'_>, bytes: &[u8]) -> Diagnostic {
    let Some((held, expected)) = outer(bytes) else { return invalid(stated) };
    if held < expected {
        return TRUNCATED_KEY
            .at(Span::empty(stated.value.end))
            .arg("octets", bytes.len())
            .arg("expected", bytes.len() - held + expected);
    }
    if let Some(diagnostic) = named(stated, bytes) {
        return diagnostic;
    }
    if held > expected {
        return TRAILING_OCTETS.at(stated.value).arg("octets", held - expected);
    }
    invalid(stated)
}

/// Octets behind the header of the outer sequence, and how many it says there are.
fn outer(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut reader = SliceReader::new(bytes).ok()?;
    let header = Header::decode(&mut reader).ok()?;
    let expected = usize::try_from(header.length()).ok()?;
    (header.tag() == DerTag::Sequence)
        .then(|| (usize::try_from(reader.remaining_len()).unwrap_or(0), expected))
}

/// Another file that people take for a public key.
fn named(stated: &Stated<'_>, bytes: &[u8]) -> Option<Diagnostic> {
    let mut reader = SliceReader::new(bytes).ok()?;
    let header = Header::decode(&mut reader).ok()?;
    if header.tag() != DerTag::Sequence {
        return None;
    }
    let first = Header::decode(&mut reader).ok()?;
    if first.tag() == DerTag::Integer && first.length() == pkcs1::der::Length::ONE {
        // The version with which private keys begin: RSAPrivateKey and PrivateKeyInfo.
        return (reader.read_byte().ok()? == 0).then(|| PRIVATE_KEY.at(stated.value));
    }
    let version = DerTag::ContextSpecific { constructed: true, number: TagNumber(0) };
    let inside = Header::decode(&mut reader).ok()?;
    (first.tag() == DerTag::Sequence && inside.tag() == version).then(|| CERTIFICATE.at(stated.value))
}
