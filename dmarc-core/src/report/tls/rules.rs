//! What can be found in a report on TLS.

use crate::diagnostics::{rfc, rules};

rules! {
    /// The text ends too early: what was whole before is kept.
    TRUNCATED = "tls-report/truncated", Error, rfc(8259, "2"), [];
    /// The text is not JSON from here on: what was whole before is kept.
    SYNTAX = "tls-report/syntax", Error, rfc(8259, "2"), [detail];
    /// A document over the limit: what was whole before is kept.
    TOO_LARGE = "tls-report/too-large", Error, rfc(8460, "5.2"), [limit];
    /// A text over the limit; it is left out.
    TEXT_TOO_LONG = "tls-report/text-too-long", Error, rfc(8460, "5.2"), [name, limit];
    /// Policies or failures over the limit; the rest of them is left out.
    TOO_MANY_ENTRIES = "tls-report/too-many-entries", Error, rfc(8460, "5.2"), [name, limit];
    /// Something behind the report.
    TRAILING_JUNK = "tls-report/trailing-junk", Notice, rfc(8259, "2"), [text];
    /// An octet that the encoding does not have; it shows as U+FFFD.
    UNDECODABLE = "tls-report/undecodable", Warning, rfc(8259, "8.1"), [];
    /// Another encoding than UTF-8, or a byte order mark.
    ENCODING = "tls-report/encoding", Notice, rfc(8259, "8.1"), [encoding];

    /// The same name twice in one object; the first counts.
    DUPLICATE_NAME = "tls-report/duplicate-name", Warning, rfc(7493, "2.3"), [name];
    /// A name that the standard does not have here; it is kept.
    UNKNOWN_NAME = "tls-report/unknown-name", Notice, rfc(8460, "4.4"), [name];
    /// A name in another spelling than the standard's.
    NAME_SPELLING = "tls-report/name-spelling", Notice, rfc(8460, "4.4"), [name, meant];
    /// A member that the standard demands.
    MISSING_NAME = "tls-report/missing-name", Warning, rfc(8460, "4.4"), [name];
    /// A member without a value.
    EMPTY_VALUE = "tls-report/empty-value", Notice, rfc(8460, "4.4"), [name];
    /// A value of another JSON type than the standard's, which can be understood.
    VALUE_FORM = "tls-report/value-form", Notice, rfc(8460, "4.4"), [name, expected];
    /// A value that cannot be understood; it is left out.
    INVALID_VALUE = "tls-report/invalid-value", Warning, rfc(8460, "4.4"), [name, value];
    /// A count that is not a whole number from 0 to 2⁶³−1.
    INVALID_COUNT = "tls-report/invalid-count", Error, rfc(8460, "4.4"), [name, value];
    /// A word that the standard does not have here.
    UNKNOWN_VALUE = "tls-report/unknown-value", Warning, rfc(8460, "4.3"), [name, value];
    /// A word in another spelling than the standard's.
    VALUE_SPELLING = "tls-report/value-spelling", Notice, rfc(8460, "4.3"), [name, value, meant];
    /// An address that is none.
    INVALID_IP = "tls-report/invalid-ip", Warning, rfc(8460, "4.4"), [name, value];
    /// A domain that is no domain name.
    INVALID_DOMAIN = "tls-report/invalid-domain", Notice, rfc(8460, "4.4"), [name, value];
    /// A time that cannot be read.
    INVALID_TIME = "tls-report/invalid-time", Warning, rfc(8460, "4.4"), [name, value];
    /// A time in another form than the standard's, which can be understood.
    TIME_FORM = "tls-report/time-form", Notice, rfc(8460, "4.4"), [name, value, meant];
    /// A period that ends before it begins.
    REVERSED_PERIOD = "tls-report/reversed-period", Warning, rfc(8460, "4.4"), [begin, end];
    /// A report without policies.
    NO_POLICIES = "tls-report/no-policies", Warning, rfc(8460, "4.4"), [];
    /// Failures in detail, and a total of none.
    UNCOUNTED_FAILURES = "tls-report/uncounted-failures", Notice, rfc(8460, "4.4"), [sessions];
}
