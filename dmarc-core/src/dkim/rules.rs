//! Everything that can be found in a DKIM key record.

use crate::diagnostics::{rfc, rules};

rules! {
    /// The text is empty.
    EMPTY_RECORD = "dkim/empty-record", Error, rfc(6376, "3.6.1"), [];
    /// The text is no list of tags of a key.
    NO_KEY_RECORD = "dkim/no-key-record", Error, rfc(6376, "3.6.1"), [];
    /// The version is not exactly `DKIM1`.
    INVALID_VERSION = "dkim/invalid-version", Error, rfc(6376, "3.6.1"), [value];
    /// The version tag is not the first one.
    VERSION_NOT_FIRST = "dkim/version-not-first", Error, rfc(6376, "3.6.1"), [];
    /// A key record without a version.
    NO_VERSION = "dkim/no-version", Notice, rfc(6376, "3.6.1"), [];
    /// A whole zone-file line or tool answer instead of the record.
    PASTED_LINE = "dkim/pasted-line", Error, rfc(6376, "3.6.2.2"), [];
    /// Quotation marks that belong to a zone file, not to the record.
    QUOTED_RECORD = "dkim/quoted-record", Error, rfc(1035, "5.1"), [];
    /// A separator that is escaped as in a zone file.
    ESCAPED_SEPARATOR = "dkim/escaped-separator", Error, rfc(1035, "5.1"), [];
    /// The armor of a PEM file around the key.
    PEM_ARMOR = "dkim/pem-armor", Error, rfc(6376, "3.6.1"), [];
    /// An octet that no tag may hold.
    INVALID_OCTET = "dkim/invalid-octet", Error, rfc(6376, "3.2"), [text];
    /// More octets than are looked at.
    TOO_LONG = "dkim/too-long", Error, rfc(6376, "3.6.2.2"), [octets, limit];
    /// More tags than are looked at.
    TOO_MANY_TAGS = "dkim/too-many-tags", Error, rfc(6376, "3.2"), [limit];

    /// Nothing between two separators.
    EMPTY_SEGMENT = "dkim/empty-segment", Error, rfc(6376, "3.2"), [];
    /// A part without `=`.
    MISSING_EQUALS = "dkim/missing-equals", Error, rfc(6376, "3.2"), [text];
    /// A name that cannot be a tag name.
    INVALID_TAG_NAME = "dkim/invalid-tag-name", Error, rfc(6376, "3.2"), [tag];
    /// The same tag twice.
    DUPLICATE_TAG = "dkim/duplicate-tag", Error, rfc(6376, "3.2"), [tag];
    /// A tag in upper case.
    UPPERCASE_TAG = "dkim/uppercase-tag", Error, rfc(6376, "3.2"), [tag];
    /// A tag that key records do not have.
    UNKNOWN_TAG = "dkim/unknown-tag", Notice, rfc(6376, "3.2"), [tag];
    /// A tag of older key records.
    OBSOLETE_TAG = "dkim/obsolete-tag", Notice, rfc(6376, "C"), [tag];
    /// A value whose letters are not in the case of the standard.
    VALUE_CASE = "dkim/value-case", Warning, rfc(6376, "3.2"), [tag, value];

    /// No `p` tag.
    MISSING_KEY = "dkim/missing-key", Error, rfc(6376, "3.6.1"), [];
    /// The key is revoked.
    REVOKED_KEY = "dkim/revoked-key", Warning, rfc(6376, "3.6.1"), [];
    /// A key type that no standard defines.
    UNKNOWN_KEY_TYPE = "dkim/unknown-key-type", Error, rfc(6376, "3.6.1"), [value];
    /// A key that is of another type than `k` says.
    KEY_TYPE_MISMATCH = "dkim/key-type-mismatch", Error, rfc(8463, "4.2"), [stated, found];
    /// A key that is not base64.
    INVALID_BASE64 = "dkim/invalid-base64", Error, rfc(6376, "3.6.1"), [text];
    /// Base64 whose end is missing.
    INCOMPLETE_BASE64 = "dkim/incomplete-base64", Error, rfc(6376, "3.6.1"), [];
    /// A key that is cut off.
    TRUNCATED_KEY = "dkim/truncated-key", Error, rfc(6376, "3.6.2.2"), [octets, expected];
    /// Something behind the key.
    TRAILING_OCTETS = "dkim/trailing-octets", Error, rfc(6376, "3.6.1"), [octets];
    /// Octets that are no public key.
    INVALID_KEY = "dkim/invalid-key", Error, rfc(6376, "3.6.1"), [stated];
    /// An exponent that RSA cannot have.
    INVALID_EXPONENT = "dkim/invalid-exponent", Error, rfc(6376, "3.3.2"), [exponent];
    /// An exponent other than 65537.
    UNUSUAL_EXPONENT = "dkim/unusual-exponent", Notice, rfc(6376, "3.3.2"), [exponent];
    /// An RSA key that verifiers must not use.
    WEAK_KEY = "dkim/weak-key", Error, rfc(8301, "3.2"), [bits];
    /// An RSA key below the recommended size.
    SHORT_KEY = "dkim/short-key", Warning, rfc(8301, "3.2"), [bits];
    /// An RSA key above what every verifier handles.
    LARGE_KEY = "dkim/large-key", Warning, rfc(8301, "3.2"), [bits];
    /// An RSA key without the wrapping that is usual.
    BARE_RSA_KEY = "dkim/bare-rsa-key", Notice, rfc(6376, "3.6.1"), [];
    /// An Ed25519 key that is not 32 octets long.
    ED25519_LENGTH = "dkim/ed25519-length", Error, rfc(8463, "4.2"), [octets];
    /// An Ed25519 key with the wrapping of other keys around it.
    WRAPPED_ED25519_KEY = "dkim/wrapped-ed25519-key", Error, rfc(8463, "4.2"), [];
    /// A private key, published.
    PRIVATE_KEY = "dkim/private-key", Error, rfc(6376, "3.6.1"), [];
    /// A certificate instead of a key.
    CERTIFICATE = "dkim/certificate", Error, rfc(6376, "3.6.1"), [];

    /// Only hash algorithms that verifiers do not use.
    NO_USABLE_HASH = "dkim/no-usable-hash", Error, rfc(8301, "3.1"), [value];
    /// SHA-1 is still listed.
    SHA1_LISTED = "dkim/sha1-listed", Notice, rfc(8301, "3.1"), [];
    /// A hash algorithm that no standard defines.
    UNKNOWN_HASH = "dkim/unknown-hash", Notice, rfc(6376, "3.6.1"), [value];
    /// A service that no standard defines.
    UNKNOWN_SERVICE = "dkim/unknown-service", Notice, rfc(6376, "3.6.1"), [value];
    /// The key is not for mail.
    NOT_FOR_MAIL = "dkim/not-for-mail", Warning, rfc(6376, "3.6.1"), [value];
    /// A flag that no standard defines.
    UNKNOWN_FLAG = "dkim/unknown-flag", Notice, rfc(6376, "3.6.1"), [value];
    /// The domain only tests DKIM.
    TEST_FLAG = "dkim/test-flag", Warning, rfc(6376, "3.6.1"), [];
    /// Nothing between two colons.
    EMPTY_ELEMENT = "dkim/empty-element", Warning, rfc(6376, "3.6.1"), [tag];

    /// Several keys at one selector.
    SEVERAL_KEYS = "dkim/several-keys", Warning, rfc(6376, "3.6.2.2"), [count, name];
    /// No key at a selector.
    NO_KEY_AT_SELECTOR = "dkim/no-key-at-selector", Error, rfc(6376, "6.1.2"), [name];
    /// The lookup of a selector failed.
    UNREADABLE_SELECTOR = "dkim/unreadable-selector", Warning, rfc(6376, "6.1.2"), [reason, name];
    /// A wildcard revokes every key.
    REVOKING_WILDCARD = "dkim/revoking-wildcard", Notice, rfc(6376, "3.6.1"), [name];

    /// A record that needs several character-strings.
    LONG_RECORD = "dkim/long-record", Notice, rfc(6376, "3.6.2.2"), [octets, strings];
}
