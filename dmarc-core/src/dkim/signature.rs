//! The tags of a signature that alignment, reports and advice need (RFC 6376, 3.5).
//!
//! Nothing is verified here: that takes the message and the key. What is said is whether a verifier gets
//! as far as looking for the key.

use serde::Serialize;

use crate::diagnostics::{self, Diagnostic, Effect, Parsed, Span};
use crate::limits::Limits;
use crate::name::DomainName;
use crate::time::UnixTime;

use super::signature_reading;
use super::signature_rules::{EXPIRED, FUTURE_TIMESTAMP, NOT_FROM_DOMAIN};
use super::tags::Tag;
use super::words::{Algorithm, Canonicalization, Name};

/// How far a verifier gets before it looks for the key (RFC 6376, 6.1.1; RFC 8601, 2.7.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Standing {
    /// It looks for the key.
    Sound,
    /// The signature cannot be processed: it breaks the grammar, or uses what the verifier does not know.
    Neutral,
    /// The signature can never be valid: a tag is missing, or what it says is not allowed.
    PermError,
}

/// A `DKIM-Signature` field.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Signature {
    pub(super) tags: Vec<Tag>,
    pub(super) standing: Standing,
    pub(super) algorithm: Option<Algorithm>,
    pub(super) domain: Option<DomainName>,
    pub(super) selector: Option<DomainName>,
    pub(super) identity: Option<String>,
    pub(super) canonicalization: Option<(Canonicalization, Canonicalization)>,
    pub(super) headers: Vec<String>,
    pub(super) body_length: Option<u64>,
    pub(super) timestamp: Option<UnixTime>,
    pub(super) expiration: Option<UnixTime>,
}

impl Signature {
    /// Reads the value of a `DKIM-Signature` field, folded or not. Any octets are accepted.
    ///
    /// ```
    /// use dmarc_core::dkim::{Signature, Standing};
    ///
    /// let value = "v=1; a=rsa-sha256; d=example.com; s=mail; h=from:to; \
    ///              bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA";
    /// let signature = Signature::parse(value).value.expect("it is a signature");
    /// assert_eq!(signature.domain().map(|domain| domain.as_str()), Some("example.com"));
    /// assert_eq!(signature.standing(), Standing::Sound);
    /// ```
    #[must_use]
    pub fn parse(octets: impl AsRef<[u8]>) -> Parsed<Self> {
        Self::parse_within(octets.as_ref(), &Limits::default())
    }

    /// [`Signature::parse`] with limits of the caller's choice.
    #[must_use]
    pub fn parse_within(octets: &[u8], limits: &Limits) -> Parsed<Self> {
        let mut parsed = signature_reading::read(octets, limits);
        diagnostics::sort(&mut parsed.diagnostics);
        let sound = |parsed: &Parsed<Self>| {
            parsed.value.as_ref().is_some_and(|signature| signature.standing == Standing::Sound)
        };
        let before = sound(&parsed);
        for fix in parsed.diagnostics.iter_mut().filter_map(|found| found.fix.as_mut()) {
            let after = sound(&signature_reading::read(&fix.apply(octets), limits));
            fix.effect = Some(match (before, after) {
                (false, true) => Effect::Looser,
                (true, false) => Effect::Stricter,
                _ => Effect::None,
            });
        }
        parsed
    }

    /// Whether a text reads as a signature: `v=1` in front, or the tags that only signatures have.
    #[must_use]
    pub fn is_signature(octets: &[u8]) -> bool {
        signature_reading::is_signature(octets)
    }

    /// How far a verifier gets.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        self.standing
    }

    /// Tags as written, in order.
    #[must_use]
    pub fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// `a`: the algorithm.
    #[must_use]
    pub const fn algorithm(&self) -> Option<&Algorithm> {
        self.algorithm.as_ref()
    }

    /// `d`: who takes responsibility; alignment looks at this name. `None` if it is no domain.
    #[must_use]
    pub const fn domain(&self) -> Option<&DomainName> {
        self.domain.as_ref()
    }

    /// `s`: the selector; it may have several labels.
    #[must_use]
    pub const fn selector(&self) -> Option<&DomainName> {
        self.selector.as_ref()
    }

    /// The name at which the key stands (RFC 6376, 3.6.2.1); `None` if `s` or `d` is missing, or it would be
    /// too long.
    #[must_use]
    pub fn key_name(&self) -> Option<DomainName> {
        super::key_name(self.selector.as_ref()?, self.domain.as_ref()?)
    }

    /// `i`: on whose behalf it was signed; `@d` where the tag is absent. DMARC does not look at it.
    #[must_use]
    pub fn identity(&self) -> Option<&str> {
        self.identity.as_deref()
    }

    /// `c`: how header and body are made even before hashing.
    #[must_use]
    pub const fn canonicalization(&self) -> Option<&(Canonicalization, Canonicalization)> {
        self.canonicalization.as_ref()
    }

    /// `h`: names of the fields that are signed, as written.
    #[must_use]
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// `l`: octets of the body that are signed; `None` if all are.
    #[must_use]
    pub const fn body_length(&self) -> Option<u64> {
        self.body_length
    }

    /// `t`: when it was signed.
    #[must_use]
    pub const fn timestamp(&self) -> Option<UnixTime> {
        self.timestamp
    }

    /// `x`: until when it holds.
    #[must_use]
    pub const fn expiration(&self) -> Option<UnixTime> {
        self.expiration
    }

    /// What there is to say of a signature once it is known whose message it signs, and when it was read.
    ///
    /// Forum Standaardisatie wants `d` to be exactly the domain of the sender, also where relaxed alignment
    /// would do.
    #[must_use]
    pub fn compare(&self, author: Option<&DomainName>, now: Option<UnixTime>) -> Vec<Diagnostic> {
        let at = |name: &str| {
            let tag = self.tags.iter().find(|tag| tag.name == name);
            tag.map_or(Span::empty(0), |tag| tag.value_span)
        };
        let mut found = Vec::new();
        if let (Some(author), Some(domain)) = (author, &self.domain)
            && author != domain
        {
            let differs = NOT_FROM_DOMAIN.at(at("d"));
            found.push(differs.arg("domain", domain.as_str()).arg("author", author.as_str()));
        }
        if let (Some(now), Some(expiration)) = (now, self.expiration)
            && expiration < now
        {
            found.push(EXPIRED.at(at("x")).arg("day", expiration.day()));
        }
        if let (Some(now), Some(timestamp)) = (now, self.timestamp)
            && timestamp > now
        {
            found.push(FUTURE_TIMESTAMP.at(at("t")).arg("day", timestamp.day()));
        }
        diagnostics::sort(&mut found);
        found
    }

    /// What a verifier acts on.
    #[must_use]
    pub fn effective(&self) -> SignatureView<'_> {
        SignatureView {
            a: self.algorithm.as_ref().map(Name::as_str),
            d: self.domain.as_ref().map(DomainName::as_str),
            s: self.selector.as_ref().map(DomainName::as_str),
            i: self.identity.as_deref(),
            c: self.canonicalization.as_ref().map(|(header, body)| [header.as_str(), body.as_str()]),
            h: &self.headers,
            l: self.body_length,
            t: self.timestamp,
            x: self.expiration,
            standing: self.standing,
        }
    }
}

/// A signature as the JSON that all languages show.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SignatureView<'a> {
    /// Algorithm.
    pub a: Option<&'a str>,
    /// Domain.
    pub d: Option<&'a str>,
    /// Selector.
    pub s: Option<&'a str>,
    /// Identity.
    pub i: Option<&'a str>,
    /// Canonicalization of header and body.
    pub c: Option<[&'a str; 2]>,
    /// Signed fields.
    pub h: &'a [String],
    /// Octets of the body that are signed; null if all are.
    pub l: Option<u64>,
    /// Time of signing, in epoch seconds.
    pub t: Option<UnixTime>,
    /// End of validity, in epoch seconds.
    pub x: Option<UnixTime>,
    /// How far a verifier gets.
    pub standing: Standing,
}
