//! Everything that can be found in a DMARC policy record.

use crate::diagnostics::{rfc, rules};

rules! {
    /// The text is empty.
    EMPTY_RECORD = "dmarc/empty-record", Error, rfc(9989, "4.7"), [];
    /// The text does not begin with a DMARC version tag.
    MISSING_VERSION = "dmarc/missing-version", Error, rfc(9989, "4.7"), [];
    /// The version tag is not the first one.
    VERSION_NOT_FIRST = "dmarc/version-not-first", Error, rfc(9989, "4.7"), [];
    /// The version is not exactly `DMARC1`.
    INVALID_VERSION = "dmarc/invalid-version", Error, rfc(9989, "4.7"), [value];
    /// The text is a record of another kind.
    OTHER_RECORD = "dmarc/other-record", Error, rfc(9989, "4.5"), [kind];
    /// A blank before the version tag.
    LEADING_BLANK = "dmarc/leading-blank", Error, rfc(9989, "4.8"), [];
    /// A separator before the version tag.
    LEADING_SEPARATOR = "dmarc/leading-separator", Error, rfc(9989, "4.8"), [];
    /// Quotation marks around the record belong to a zone file, not to the record.
    QUOTED_RECORD = "dmarc/quoted-record", Error, rfc(1035, "5.1"), [];
    /// A whole zone-file line or tool answer instead of the record.
    PASTED_LINE = "dmarc/pasted-line", Error, rfc(9989, "4.5"), [];
    /// A separator that is escaped as in a zone file.
    ESCAPED_SEPARATOR = "dmarc/escaped-separator", Error, rfc(1035, "5.1"), [];
    /// Tags parted by something other than a semicolon.
    WRONG_SEPARATOR = "dmarc/wrong-separator", Error, rfc(9989, "4.8"), [found];
    /// A character reference of HTML.
    HTML_ENTITY = "dmarc/html-entity", Error, rfc(9989, "4.8"), [entity];
    /// Characters that do not show.
    INVISIBLE_CHARACTER = "dmarc/invisible-character", Error, rfc(9989, "4.8"), [];
    /// A typographic character where an ASCII one is meant.
    TYPOGRAPHIC_CHARACTER = "dmarc/typographic-character", Error, rfc(9989, "4.8"), [found, meant];
    /// A line break inside the record.
    LINE_BREAK = "dmarc/line-break", Error, rfc(9989, "4.8"), [];
    /// An octet that no tag may hold.
    INVALID_OCTET = "dmarc/invalid-octet", Error, rfc(9989, "4.8"), [text];
    /// Quotation marks around a value.
    QUOTED_VALUE = "dmarc/quoted-value", Error, rfc(9989, "4.8"), [tag];
    /// More tags than are looked at.
    TOO_MANY_TAGS = "dmarc/too-many-tags", Error, rfc(9989, "4.8"), [limit];
    /// More octets than are looked at.
    TOO_LONG = "dmarc/too-long", Error, rfc(9989, "4.5"), [octets, limit];

    /// More findings than are listed.
    TOO_MANY_FINDINGS = "dmarc/too-many-findings", Warning, rfc(9989, "4.8"), [count];

    /// Nothing between two separators.
    EMPTY_SEGMENT = "dmarc/empty-segment", Warning, rfc(9989, "4.8"), [];
    /// A part without `=`.
    MISSING_EQUALS = "dmarc/missing-equals", Warning, rfc(9989, "4.8"), [text];
    /// A name that cannot be a tag name.
    INVALID_TAG_NAME = "dmarc/invalid-tag-name", Warning, rfc(9989, "4.8"), [tag];
    /// A tag that is not in the DMARC Tag Registry.
    UNKNOWN_TAG = "dmarc/unknown-tag", Warning, rfc(9989, "4.7"), [tag];
    /// A tag that is not in the registry, but close to one that is.
    MISSPELT_TAG = "dmarc/misspelt-tag", Warning, rfc(9989, "4.7"), [tag, meant];
    /// A tag name in upper case.
    UPPERCASE_TAG = "dmarc/uppercase-tag", Warning, rfc(6376, "3.2"), [tag];
    /// The same tag twice.
    DUPLICATE_TAG = "dmarc/duplicate-tag", Error, rfc(6376, "3.2"), [tag];
    /// A tag that RFC 9989 removed.
    REMOVED_TAG = "dmarc/removed-tag", Warning, rfc(9989, "C.5.2"), [tag, value];
    /// A tag that only readers of RFC 9989 know.
    NEWER_TAG = "dmarc/newer-tag", Notice, rfc(9989, "4.7"), [tag];
    /// A tag without a value.
    EMPTY_VALUE = "dmarc/empty-value", Error, rfc(9989, "4.8"), [tag];
    /// A tag value that its grammar does not allow.
    INVALID_VALUE = "dmarc/invalid-value", Error, rfc(9989, "4.8"), [tag, value, allowed];
    /// No `p` tag.
    MISSING_POLICY = "dmarc/missing-policy", Error, rfc(9989, "4.10.1"), [];
    /// `p` does not follow the version tag.
    TAG_ORDER = "dmarc/tag-order", Warning, rfc(7489, "6.3"), [];
    /// A version tag without the separator that RFC 7489 asks for.
    MISSING_SEPARATOR = "dmarc/missing-separator", Warning, rfc(7489, "6.4"), [];

    /// An address without `mailto:`.
    MISSING_MAILTO = "dmarc/missing-mailto", Error, rfc(9989, "4.7"), [tag, address];
    /// A reporting address that is no URI.
    INVALID_URI = "dmarc/invalid-uri", Error, rfc(9989, "4.8"), [tag, uri];
    /// A `mailto:` URI that names no address mail could be sent to.
    NO_ADDRESS = "dmarc/no-address", Error, rfc(6068, "2"), [tag, uri];
    /// Nothing between two commas.
    EMPTY_URI = "dmarc/empty-uri", Warning, rfc(9989, "4.8"), [tag];
    /// Two URIs without a comma between them.
    MISSING_COMMA = "dmarc/missing-comma", Error, rfc(9989, "4.8"), [tag];
    /// A reporting address behind a semicolon.
    URI_AFTER_SEPARATOR = "dmarc/uri-after-separator", Error, rfc(9989, "4.8"), [tag, address];
    /// A scheme that receivers do not send reports to.
    UNSUPPORTED_SCHEME = "dmarc/unsupported-scheme", Warning, rfc(9989, "4.7"), [tag, scheme];
    /// Slashes between `mailto:` and the address.
    MAILTO_SLASHES = "dmarc/mailto-slashes", Warning, rfc(6068, "2"), [tag];
    /// A local-part that mail systems may refuse.
    UNUSUAL_ADDRESS = "dmarc/unusual-address", Warning, rfc(5322, "3.4.1"), [tag, address];
    /// A size limit, which RFC 9989 disregards.
    OBSOLETE_SIZE = "dmarc/obsolete-size", Notice, rfc(9989, "4.8"), [tag, size];
    /// An exclamation mark that begins no size limit.
    RAW_EXCLAMATION = "dmarc/raw-exclamation", Error, rfc(9989, "4.8"), [tag, uri];
    /// More addresses than every sender of reports has to support.
    MANY_URIS = "dmarc/many-uris", Notice, rfc(7489, "6.2"), [tag, count];

    /// `p=none` without a place for reports.
    NO_REPORTS = "dmarc/no-reports", Notice, rfc(9989, "5.1.4"), [];
    /// `fo` without `ruf`.
    FO_WITHOUT_RUF = "dmarc/fo-without-ruf", Notice, rfc(9989, "4.7"), [];
    /// `t=y` asks for one level less.
    TEST_MODE = "dmarc/test-mode", Notice, rfc(9989, "4.7"), [];
    /// `t=y` without a policy that it could soften.
    TEST_MODE_WITHOUT_EFFECT = "dmarc/test-mode-without-effect", Notice, rfc(9989, "4.7"), [];
    /// `pct` below 100: the policy holds for part of the mail.
    PARTIAL_POLICY = "dmarc/partial-policy", Notice, rfc(7489, "6.3"), [pct];
    /// An interval that no receiver keeps.
    REPORT_INTERVAL = "dmarc/report-interval", Notice, rfc(7489, "6.3"), [seconds];
    /// Subdomains are protected less than the domain.
    WEAKER_SUBDOMAINS = "dmarc/weaker-subdomains", Warning, rfc(9989, "3.2.9"), [tag, value, policy];
    /// Failure reports are not to be sent for a public suffix domain.
    RUF_WITH_PSD = "dmarc/ruf-with-psd", Warning, rfc(9991, "2"), [];
    /// The record says that its domain is a public suffix.
    PSD_RECORD = "dmarc/psd-record", Notice, rfc(9989, "4.7"), [];
    /// Longer than one character-string.
    LONG_RECORD = "dmarc/long-record", Notice, rfc(1035, "3.3"), [octets];
    /// Several DMARC records at one name.
    SEVERAL_RECORDS = "dmarc/several-records", Error, rfc(9989, "4.10"), [count];
}
