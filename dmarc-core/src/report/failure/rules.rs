//! What can be found in a failure report.

use crate::diagnostics::{rfc, rules};

rules! {
    /// A report without fields: what its prose says is read.
    PROSE = "failure/prose-only", Warning, rfc(5965, "2"), [];
    /// A report that is one by its label, and has neither fields nor prose that can be read.
    NO_FIELDS = "failure/no-fields", Error, rfc(5965, "2"), [];
    /// Fields in base64 without a label that says so.
    UNLABELED_BASE64 = "failure/unlabeled-base64", Notice, rfc(5965, "7.1"), [];
    /// A part with another label than the standard's.
    PART_TYPE = "failure/part-type", Notice, rfc(5965, "2"), [label, meant];
    /// The message that failed is missing.
    NO_SAMPLE = "failure/no-sample", Warning, rfc(5965, "2"), [];
    /// The author of the message that failed cannot be read.
    UNREADABLE_AUTHOR = "failure/unreadable-author", Notice, rfc(9989, "4.5"), [];
    /// Fields over the limit; the rest of them is left out.
    TOO_MANY_FIELDS = "failure/too-many-fields", Error, rfc(5965, "8"), [limit];
    /// A value over the limit; it is left out.
    TEXT_TOO_LONG = "failure/text-too-long", Error, rfc(5965, "8"), [field, limit];

    /// A line that is no field.
    STRAY_LINE = "failure/stray-line", Notice, rfc(5965, "3"), [text];
    /// A field that the standards demand.
    MISSING_FIELD = "failure/missing-field", Warning, rfc(6591, "3.1"), [field];
    /// A second field where there is one; the first counts.
    DUPLICATE_FIELD = "failure/duplicate-field", Warning, rfc(5965, "3.1"), [field];
    /// A field without a value.
    EMPTY_FIELD = "failure/empty-field", Notice, rfc(5965, "3.1"), [field];
    /// A field that the standards do not have; it is kept.
    UNKNOWN_FIELD = "failure/unknown-field", Notice, rfc(5965, "6"), [field];
    /// A field by its older name.
    OLD_FIELD = "failure/old-field", Notice, rfc(5965, "3.2"), [field, meant];
    /// A report about something else than authentication.
    OTHER_KIND = "failure/other-kind", Notice, rfc(6591, "3.1"), [kind];
    /// Another version of the format than 1.
    VERSION = "failure/version", Notice, rfc(5965, "3.1"), [value];
    /// A word that the standards do not have here.
    UNKNOWN_VALUE = "failure/unknown-value", Warning, rfc(6591, "3.2"), [field, value];
    /// Results of several mechanisms where there is to be one.
    SEVERAL_METHODS = "failure/several-methods", Notice, rfc(6591, "3.1"), [count];
    /// A list of aligned mechanisms that fits neither standard, or both.
    AMBIGUOUS_ALIGNMENT = "failure/ambiguous-alignment", Notice, rfc(9991, "4"), [value];
    /// A source address that is none.
    INVALID_IP = "failure/invalid-ip", Warning, rfc(5965, "3.2"), [value];
    /// Something behind a source address; it is left out.
    BEHIND_IP = "failure/text-behind-ip", Notice, rfc(5965, "3.2"), [value, meant];
    /// A time that cannot be read.
    INVALID_TIME = "failure/invalid-time", Warning, rfc(5322, "3.3"), [field, value];
    /// A number that is none, or too large.
    INVALID_NUMBER = "failure/invalid-number", Warning, rfc(5965, "3.2"), [field, value];
    /// A domain that is no domain name.
    INVALID_DOMAIN = "failure/invalid-domain", Notice, rfc(5965, "3.2"), [field, value];
}
