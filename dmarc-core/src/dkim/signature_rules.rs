//! Everything that can be found in a signature.

use crate::diagnostics::{rfc, rules};

rules! {
    /// The text is no signature.
    NO_SIGNATURE = "dkim-signature/no-signature", Error, rfc(6376, "3.5"), [];
    /// More octets than are looked at.
    TOO_LONG = "dkim-signature/too-long", Error, rfc(6376, "3.5"), [octets, limit];
    /// Tags that every signature has are missing.
    MISSING_TAGS = "dkim-signature/missing-tags", Error, rfc(6376, "6.1.1"), [tags];
    /// A version other than 1.
    INVALID_VERSION = "dkim-signature/invalid-version", Error, rfc(6376, "3.5"), [value];
    /// An algorithm that no standard defines.
    UNKNOWN_ALGORITHM = "dkim-signature/unknown-algorithm", Error, rfc(6376, "3.3"), [value];
    /// SHA-1, which nobody may sign with or accept.
    SHA1 = "dkim-signature/sha1", Error, rfc(8301, "3.1"), [];
    /// A domain that is none, or has a single label.
    INVALID_DOMAIN = "dkim-signature/invalid-domain", Error, rfc(6376, "3.5"), [value];
    /// A selector that is none.
    INVALID_SELECTOR = "dkim-signature/invalid-selector", Error, rfc(6376, "3.1"), [value];
    /// An identity that is none.
    INVALID_IDENTITY = "dkim-signature/invalid-identity", Error, rfc(6376, "3.5"), [value];
    /// An identity outside of the domain that signs.
    FOREIGN_IDENTITY = "dkim-signature/foreign-identity", Error, rfc(6376, "6.1.1"), [identity, domain];
    /// The From field is not signed.
    FROM_NOT_SIGNED = "dkim-signature/from-not-signed", Error, rfc(6376, "6.1.1"), [];
    /// A list of fields that is none.
    INVALID_HEADERS = "dkim-signature/invalid-headers", Error, rfc(6376, "3.5"), [value];
    /// A canonicalization that no standard defines.
    UNKNOWN_CANONICALIZATION = "dkim-signature/unknown-canonicalization", Error, rfc(6376, "3.5"), [value];
    /// No way to the key that verifiers know.
    UNKNOWN_QUERY = "dkim-signature/unknown-query", Error, rfc(6376, "3.5"), [value];
    /// A number that is none.
    INVALID_NUMBER = "dkim-signature/invalid-number", Error, rfc(6376, "3.5"), [tag, value];
    /// A hash or signature that is not base64.
    INVALID_BASE64 = "dkim-signature/invalid-base64", Error, rfc(6376, "3.5"), [tag];
    /// A body hash of the wrong length.
    INVALID_HASH = "dkim-signature/invalid-hash", Error, rfc(6376, "3.5"), [octets, expected];
    /// A value whose letters are not in the case of the standard.
    VALUE_CASE = "dkim-signature/value-case", Warning, rfc(6376, "3.2"), [tag, value];
    /// It ends before it begins.
    EXPIRES_BEFORE_SIGNED = "dkim-signature/expires-before-signed", Error, rfc(6376, "3.5"), [];
    /// Only a part of the body is signed.
    BODY_LENGTH = "dkim-signature/body-length", Warning, rfc(6376, "8.2"), [octets];
    /// It has expired.
    EXPIRED = "dkim-signature/expired", Notice, rfc(6376, "3.5"), [day];
    /// It was signed in the future.
    FUTURE_TIMESTAMP = "dkim-signature/future-timestamp", Warning, rfc(6376, "3.5"), [day];
    /// The domain that signs is not exactly that of the sender.
    NOT_FROM_DOMAIN = "dkim-signature/not-from-domain", Notice, rfc(9989, "4.4.1"), [domain, author];
}
