//! The key record as a value: what is written in it, and what a verifier can do with it.

use crate::diagnostics::Parsed;
use crate::limits::Limits;

use super::material::{LEAST_BITS, PublicKey};
use super::reading;
use super::tags::Tag;
use super::words::{Flag, Hash, KeyType, Service};

/// What a verifier of mail can do with a key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum State {
    /// Verify signatures.
    Usable,
    /// Nothing: `p` is empty, so that every signature fails for good (RFC 6376, 6.1.2).
    Revoked,
    /// Nothing: the type is not known, and the record ignored.
    UnknownKeyType,
    /// Nothing: it has fewer than 1024 bits (RFC 8301, 3.2).
    TooSmall,
    /// Nothing: the key is for other services than mail.
    NotForMail,
    /// Nothing: no hash algorithm that may be used is allowed.
    NoUsableHash,
    /// Nothing: the record breaks the grammar, or its key cannot be decoded.
    Invalid,
}

impl State {
    /// The word that all languages use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Usable => "usable",
            Self::Revoked => "revoked",
            Self::UnknownKeyType => "unknown-key-type",
            Self::TooSmall => "too-small",
            Self::NotForMail => "not-for-mail",
            Self::NoUsableHash => "no-usable-hash",
            Self::Invalid => "invalid",
        }
    }
}

/// A DKIM key record.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Key {
    pub(super) tags: Vec<Tag>,
    /// Whether the list of tags breaks the grammar, or lacks a tag.
    pub(super) broken: bool,
    pub(super) revoked: bool,
    pub(super) kind: KeyType,
    pub(super) public_key: Option<PublicKey>,
    pub(super) hashes: Option<Vec<Hash>>,
    pub(super) services: Vec<Service>,
    pub(super) flags: Vec<Flag>,
    pub(super) notes: Option<String>,
}

impl Key {
    /// Reads a key record: the character-strings of the TXT record, joined. Any octets are accepted.
    ///
    /// ```
    /// use dmarc_core::dkim::{Key, State};
    ///
    /// let parsed = Key::parse("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
    /// let key = parsed.value.expect("it is a key record");
    /// assert_eq!(key.state(), State::Usable);
    /// assert_eq!(key.public_key().map(|key| key.bits()), Some(256));
    /// ```
    #[must_use]
    pub fn parse(octets: impl AsRef<[u8]>) -> Parsed<Self> {
        Self::parse_within(octets.as_ref(), &Limits::default())
    }

    /// [`Key::parse`] with limits of the caller's choice.
    #[must_use]
    pub fn parse_within(octets: &[u8], limits: &Limits) -> Parsed<Self> {
        reading::read(octets, limits)
    }

    /// Whether a text reads as a key record: a list of tags that key records have, and no other version.
    #[must_use]
    pub fn is_record(octets: &[u8]) -> bool {
        reading::is_record(octets)
    }

    /// What a verifier of mail can do with it.
    #[must_use]
    pub fn state(&self) -> State {
        let for_mail = |service: &Service| matches!(service, Service::Any | Service::Email);
        match (&self.kind, &self.public_key) {
            _ if self.broken => State::Invalid,
            _ if self.revoked => State::Revoked,
            (KeyType::Unknown(_), _) => State::UnknownKeyType,
            _ if !self.services.iter().any(for_mail) => State::NotForMail,
            _ if self.hashes.as_ref().is_some_and(|all| !all.contains(&Hash::Sha256)) => State::NoUsableHash,
            (_, None) => State::Invalid,
            (KeyType::Rsa, Some(key)) if key.bits() < LEAST_BITS => State::TooSmall,
            _ => State::Usable,
        }
    }

    /// Tags as written, in order.
    #[must_use]
    pub fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// The type that `k` names; RSA if it is absent.
    #[must_use]
    pub const fn kind(&self) -> &KeyType {
        &self.kind
    }

    /// The key; `None` if it is revoked, of an unknown type, or cannot be decoded.
    #[must_use]
    pub const fn public_key(&self) -> Option<&PublicKey> {
        self.public_key.as_ref()
    }

    /// Hash algorithms that signatures may use; `None` if all are allowed.
    #[must_use]
    pub fn hashes(&self) -> Option<&[Hash]> {
        self.hashes.as_deref()
    }

    /// Services that the key is for.
    #[must_use]
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// Flags.
    #[must_use]
    pub fn flags(&self) -> &[Flag] {
        &self.flags
    }

    /// What the `n` tag says to people.
    #[must_use]
    pub fn notes(&self) -> Option<&str> {
        self.notes.as_deref()
    }
}
