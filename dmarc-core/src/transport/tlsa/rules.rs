//! Rules of TLSA records.

use crate::diagnostics::{rfc, rules};

rules! {
    /// The text is empty.
    EMPTY_RECORD = "tlsa/empty-record", Error, rfc(6698, "2.2"), [];
    /// The text is no TLSA record data.
    NO_RECORD = "tlsa/no-record", Error, rfc(6698, "2.2"), [];
    /// Quotation marks around the data.
    QUOTED_RECORD = "tlsa/quoted-record", Error, rfc(6698, "2.2"), [];
    /// A whole zone-file line or tool answer instead of the data.
    PASTED_LINE = "tlsa/pasted-line", Error, rfc(6698, "2.2"), [];
    /// A certificate or key as text instead of the data.
    PASTED_PEM = "tlsa/pasted-pem", Error, rfc(6698, "2.2"), [];
    /// Data alone, without the three parameters.
    MISSING_PARAMETERS = "tlsa/missing-parameters", Error, rfc(6698, "2.2"), [];
    /// Fewer than three parameters.
    MISSING_PARAMETER = "tlsa/missing-parameter", Error, rfc(6698, "2.2"), [parameter];
    /// A parameter that is neither a number of one octet nor an acronym.
    INVALID_PARAMETER = "tlsa/invalid-parameter", Error, rfc(6698, "2.2"), [parameter, value];
    /// A parameter by its acronym instead of its number.
    ACRONYM = "tlsa/acronym", Notice, rfc(7218, "2"), [value, number];
    /// A parameter value that is not assigned.
    UNASSIGNED = "tlsa/unassigned", Error, rfc(7672, "3.1"), [parameter, value];
    /// A parameter value for private use.
    PRIVATE = "tlsa/private", Warning, rfc(6698, "7.2"), [parameter];
    /// A usage that needs public certificate authorities, which mail servers do not rely on.
    PKIX_USAGE = "tlsa/pkix-usage", Warning, rfc(7672, "3.1.3"), [usage];
    /// No data behind the parameters.
    MISSING_DATA = "tlsa/missing-data", Error, rfc(6698, "2.2"), [];
    /// A character that is no hexadecimal digit.
    INVALID_HEX = "tlsa/invalid-hex", Error, rfc(6698, "2.2"), [text];
    /// An odd number of hexadecimal digits.
    ODD_HEX = "tlsa/odd-hex", Error, rfc(6698, "2.2"), [digits];
    /// Separators between the digits, as tools print fingerprints.
    SEPARATED_HEX = "tlsa/separated-hex", Error, rfc(6698, "2.2"), [];
    /// The digest in base64.
    BASE64 = "tlsa/base64", Error, rfc(6698, "2.2"), [];
    /// A digest of another length than the matching type has.
    DIGEST_LENGTH = "tlsa/digest-length", Error, rfc(6698, "2.1.3"), [matching, octets, expected];
    /// A digest where the matching type says that the whole certificate stands.
    DIGEST_AS_FULL = "tlsa/digest-as-full", Error, rfc(6698, "2.1.3"), [octets];
    /// Full data that is no certificate or no key.
    NOT_DECODABLE = "tlsa/not-decodable", Warning, rfc(7672, "3.1"), [selector];
    /// Generic data whose length is not what it says.
    GENERIC_DATA = "tlsa/generic-data", Error, rfc(3597, "5"), [];
    /// A whole certificate or key in the DNS.
    FULL_DATA = "tlsa/full-data", Notice, rfc(7672, "3.1.2"), [];
    /// A certificate, not its key: each renewal changes the record.
    WHOLE_CERTIFICATE = "tlsa/whole-certificate", Notice, rfc(7672, "3.1.1"), [];
    /// A trust anchor by its key alone.
    ANCHOR_KEY = "tlsa/anchor-key", Notice, rfc(7672, "3.1.2"), [];
    /// More octets than are looked at.
    TOO_LONG = "tlsa/too-long", Error, rfc(6698, "2.2"), [octets, limit];
    /// Records of which senders can use none.
    NONE_USABLE = "tlsa/none-usable", Error, rfc(7672, "2.2"), [name];
    /// Only digests that clients need not support.
    SHA512_ONLY = "tlsa/sha512-only", Warning, rfc(7671, "2"), [name];
    /// Records in a zone that is not signed.
    INSECURE = "tlsa/insecure", Warning, rfc(7672, "2.2"), [name];
    /// It is not known whether the records are signed.
    UNPROVEN = "tlsa/unproven", Notice, rfc(7672, "2.2"), [name];
    /// A lookup that fails, after which senders hold mail back.
    LOOKUP_FAILED = "tlsa/lookup-failed", Error, rfc(7672, "2.1.2"), [name, reason];
    /// One record: the next certificate has none yet.
    ONE_RECORD = "tlsa/one-record", Notice, rfc(7671, "8.1"), [name];
    /// The certificate that the host shows matches no usable record.
    NO_MATCH = "tlsa/no-match", Error, rfc(7672, "3.2"), [host, name];
    /// A combination of parameters of which no record matches the certificate.
    STALE_COMBINATION = "tlsa/stale-combination", Warning, rfc(7671, "8"), [name, combination];
    /// A trust anchor record matches, and the certificate is for another name.
    NAME_MISMATCH = "tlsa/name-mismatch", Error, rfc(7672, "3.2.2"), [host, names];
}
