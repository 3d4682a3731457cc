//! Rules of MTA-STS policy files.

use crate::diagnostics::{rfc, rules};

rules! {
    /// The file is empty.
    EMPTY = "mta-sts-policy/empty", Error, rfc(8461, "3.2"), [];
    /// The text is no policy file.
    NO_POLICY = "mta-sts-policy/no-policy", Error, rfc(8461, "3.2"), [];
    /// A web page instead of a policy file.
    WEB_PAGE = "mta-sts-policy/web-page", Error, rfc(8461, "3.2"), [];
    /// The record of `_mta-sts` instead of the policy file.
    RECORD_INSTEAD = "mta-sts-policy/record-instead", Error, rfc(8461, "3.2"), [];
    /// A byte order mark before the first line.
    BYTE_ORDER_MARK = "mta-sts-policy/byte-order-mark", Error, rfc(8461, "3.2"), [];
    /// A line with nothing in it.
    EMPTY_LINE = "mta-sts-policy/empty-line", Error, rfc(8461, "3.2"), [];
    /// A line that is no field.
    INVALID_LINE = "mta-sts-policy/invalid-line", Error, rfc(8461, "3.2"), [text];
    /// A blank before a field or before its colon.
    BLANK_AROUND_NAME = "mta-sts-policy/blank-around-name", Error, rfc(8461, "3.2"), [];
    /// The name of a known field, spelled otherwise.
    MISSPELLED_FIELD = "mta-sts-policy/misspelled-field", Error, rfc(8461, "3.2"), [field, meant];
    /// A field that no standard defines.
    UNKNOWN_FIELD = "mta-sts-policy/unknown-field", Notice, rfc(8461, "3.2"), [field];
    /// A value with a control character, or none at all.
    INVALID_VALUE = "mta-sts-policy/invalid-value", Error, rfc(8461, "3.2"), [field];
    /// A field that stands twice; the first counts.
    DUPLICATE_FIELD = "mta-sts-policy/duplicate-field", Warning, rfc(8461, "3.2"), [field];
    /// Fields that have to be there.
    MISSING_FIELD = "mta-sts-policy/missing-field", Error, rfc(8461, "3.2"), [fields];
    /// No `mx`, which only `mode: none` can do without.
    MISSING_MX = "mta-sts-policy/missing-mx", Error, rfc(8461, "3.2"), [mode];
    /// The version is not exactly `STSv1`.
    INVALID_VERSION = "mta-sts-policy/invalid-version", Error, rfc(8461, "3.2"), [value];
    /// A mode that does not exist.
    INVALID_MODE = "mta-sts-policy/invalid-mode", Error, rfc(8461, "3.2"), [value];
    /// A `max_age` that is no number of at most ten digits.
    INVALID_MAX_AGE = "mta-sts-policy/invalid-max-age", Error, rfc(8461, "3.2"), [value];
    /// A `max_age` above the maximum.
    LONG_MAX_AGE = "mta-sts-policy/long-max-age", Error, rfc(8461, "3.2"), [value];
    /// A `max_age` under a week: an attacker only has to wait.
    SHORT_MAX_AGE = "mta-sts-policy/short-max-age", Notice, rfc(8461, "3.2"), [seconds];
    /// A pattern that is neither a name nor `*.` and a name.
    INVALID_MX = "mta-sts-policy/invalid-mx", Error, rfc(8461, "3.2"), [value];
    /// Several names on one line.
    SEVERAL_MX = "mta-sts-policy/several-mx", Error, rfc(8461, "3.2"), [value];
    /// A dot behind a pattern.
    TRAILING_DOT = "mta-sts-policy/trailing-dot", Error, rfc(8461, "3.2"), [value];
    /// A name in its international form.
    UNICODE_MX = "mta-sts-policy/unicode-mx", Error, rfc(8461, "3.2"), [value, ascii];
    /// A wildcard that is not the whole first label.
    WILDCARD_MX = "mta-sts-policy/wildcard-mx", Error, rfc(8461, "4.1"), [value];
    /// A pattern that stands twice.
    DUPLICATE_MX = "mta-sts-policy/duplicate-mx", Notice, rfc(8461, "3.2"), [value];
    /// More octets than senders need to read.
    TOO_LONG = "mta-sts-policy/too-long", Error, rfc(8461, "3.3"), [octets, limit];
    /// A response that is not 200.
    STATUS = "mta-sts-policy/status", Error, rfc(8461, "3.3"), [url, status];
    /// A redirect, which senders must not follow.
    REDIRECT = "mta-sts-policy/redirect", Error, rfc(8461, "3.3"), [url, status];
    /// A media type that is not `text/plain`.
    MEDIA_TYPE = "mta-sts-policy/media-type", Warning, rfc(8461, "3.2"), [url, found];
    /// The policy could not be fetched.
    NOT_FETCHED = "mta-sts-policy/not-fetched", Error, rfc(8461, "3.3"), [url, reason];
}
