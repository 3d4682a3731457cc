//! What can be found in an aggregate report.

use crate::diagnostics::{document, rfc, rules};

rules! {
    /// An input without a single octet, or with blanks alone.
    EMPTY = "report/empty", Error, rfc(9990, "3.1.1"), [];
    /// An input that is no XML at all.
    NOT_XML = "report/not-xml", Error, rfc(9990, "3.1.1"), [start];
    /// A web page instead of a report.
    HTML = "report/html", Error, rfc(9990, "3.1.1"), [];
    /// JSON that is no report on TLS.
    JSON = "report/json", Error, rfc(9990, "3.1.1"), [];
    /// XML with another root element than `feedback`.
    OTHER_ROOT = "report/other-root", Error, rfc(9990, "3.1.1"), [root];
    /// A document type definition, which could hold entities that grow without end.
    DOCTYPE = "report/doctype", Error, rfc(9990, "8"), [];
    /// An encoding that is not read.
    UNSUPPORTED_ENCODING = "report/unsupported-encoding", Error, document("XML 1.0", "4.3.3"), [encoding];
    /// The text ends inside an element: what was whole before is kept.
    TRUNCATED = "report/truncated", Error, rfc(9990, "3.1.1"), [element];
    /// Tags that do not fit together: what was whole before is kept.
    NOT_WELL_FORMED = "report/not-well-formed", Error, document("XML 1.0", "2.1"), [expected, found];
    /// Markup that is not XML: what was whole before is kept.
    SYNTAX = "report/syntax", Error, document("XML 1.0", "2.1"), [detail];
    /// The input cannot be read, or not to its end: what was whole before is kept.
    UNREADABLE = "report/unreadable", Error, rfc(9990, "3.1.1"), [detail];
    /// A text over the limit.
    TEXT_TOO_LONG = "report/text-too-long", Error, rfc(9990, "8"), [limit];
    /// Elements within elements over the limit.
    TOO_DEEP = "report/too-deep", Error, rfc(9990, "8"), [limit];
    /// Records over the limit.
    TOO_MANY_RECORDS = "report/too-many-records", Error, rfc(9990, "8"), [limit];
    /// So much that belongs to no report that what may follow is not looked for.
    TOO_MUCH_ELSE = "report/too-much-else", Error, rfc(9990, "8"), [limit];
    /// One kind of element repeated over the limit; the rest of them is left out.
    TOO_MANY_ENTRIES = "report/too-many-entries", Warning, rfc(9990, "3.1.3"), [element, limit];
    /// Extensions over the limit, of the report or of one record: this one is left out.
    EXTENSION_TOO_LARGE = "report/extension-too-large", Warning, rfc(9990, "5"), [element, limit];
    /// An extension with a name or a character that XML does not have; it is left out.
    EXTENSION_MALFORMED = "report/extension-malformed", Warning, rfc(9990, "5"), [element];
    /// Source addresses over the limit; the rest of them is summed as one.
    TOO_MANY_SOURCES = "report/too-many-sources", Warning, rfc(9990, "8"), [limit];
    /// The second count of records or messages differs from what the reader found.
    UNACCOUNTED = "report/unaccounted", Warning, rfc(9990, "3.1.1"), [records, messages];

    /// An octet that the encoding does not have; it shows as U+FFFD.
    UNDECODABLE = "report/undecodable", Warning, document("XML 1.0", "4.3.3"), [];
    /// An encoding name that nobody knows; the text is read as UTF-8.
    UNKNOWN_ENCODING = "report/unknown-encoding", Warning, document("XML 1.0", "4.3.3"), [encoding];
    /// An ampersand that should be `&amp;`; it is kept.
    BARE_AMPERSAND = "report/bare-ampersand", Notice, document("XML 1.0", "2.4"), [];
    /// An entity that is not one of the five of XML; it is kept as written.
    UNKNOWN_ENTITY = "report/unknown-entity", Warning, document("XML 1.0", "4.1"), [entity];
    /// Something in front of the XML declaration.
    LATE_DECLARATION = "report/late-declaration", Notice, document("XML 1.0", "2.8"), [];
    /// Text in front of the report.
    LEADING_JUNK = "report/leading-junk", Warning, document("XML 1.0", "2.1"), [text];
    /// Something behind the report that is no other report.
    TRAILING_JUNK = "report/trailing-junk", Notice, document("XML 1.0", "2.1"), [text];
    /// The last `>` is missing.
    MISSING_BRACKET = "report/missing-bracket", Notice, document("XML 1.0", "3.1"), [];
    /// An element that is not closed, inside of one that is.
    UNCLOSED_ELEMENT = "report/unclosed-element", Warning, document("XML 1.0", "3.1"), [element];
    /// Text where only elements can stand; it is left out.
    STRAY_TEXT = "report/stray-text", Warning, rfc(9990, "A"), [text];

    /// An element that neither schema has here; it is left out.
    UNKNOWN_ELEMENT = "report/unknown-element", Notice, rfc(9990, "5"), [element];
    /// An element name in another spelling than the schema's.
    ELEMENT_NAME = "report/element-name", Notice, rfc(9990, "A"), [element, meant];
    /// An element before one that the schema has in front of it.
    ELEMENT_ORDER = "report/element-order", Notice, rfc(9990, "A"), [element];
    /// A second element where the schema has one; both are read.
    REPEATED_ELEMENT = "report/repeated-element", Notice, rfc(9990, "A"), [element];
    /// A second element where the schema has one; the first counts.
    DUPLICATE_ELEMENT = "report/duplicate-element", Warning, rfc(9990, "A"), [element];
    /// An element that both schemas demand.
    MISSING_ELEMENT = "report/missing-element", Warning, rfc(9990, "A"), [element];
    /// An element without the value that the schema demands.
    EMPTY_ELEMENT = "report/empty-element", Notice, rfc(9990, "A"), [element];
    /// An element that the schema of the report's edition demands, and the other does not.
    SCHEMA_MISSING = "report/schema-missing", Notice, rfc(7489, "C"), [element];
    /// An element that the schema of the report's edition does not have, or not so often.
    SCHEMA_ELEMENT = "report/schema-element", Notice, rfc(9990, "A"), [element];
    /// A value that the schema of the report's edition does not have.
    SCHEMA_VALUE = "report/schema-value", Notice, rfc(9990, "A"), [element, value];
    /// Another namespace than that of the report's edition, or none in RFC 9990.
    SCHEMA_NAMESPACE = "report/schema-namespace", Notice, rfc(9990, "A"), [namespace, expected];
    /// A report without records.
    NO_RECORDS = "report/no-records", Warning, rfc(9990, "3.1.1"), [];

    /// A word that the schema does not have here.
    UNKNOWN_VALUE = "report/unknown-value", Warning, rfc(9990, "A"), [element, value];
    /// A word in another spelling than the schema's, or an older word for the same.
    VALUE_SPELLING = "report/value-spelling", Notice, rfc(9990, "A"), [element, value, meant];
    /// A count that is not a whole number from 0 to 2⁶³−1.
    INVALID_COUNT = "report/invalid-count", Error, rfc(9990, "3.1.1.8"), [value];
    /// A source address that is none.
    INVALID_IP = "report/invalid-ip", Warning, rfc(9990, "3.1.1.8"), [value];
    /// A domain that is no domain name.
    INVALID_DOMAIN = "report/invalid-domain", Notice, rfc(9990, "A"), [element, value];
    /// A time that is not a number of seconds.
    INVALID_TIME = "report/invalid-time", Warning, rfc(9990, "3.1.1.4"), [element, value];
    /// A time in a form that can be understood but is not whole seconds.
    TIME_FORM = "report/time-form", Notice, rfc(9990, "3.1.1.4"), [element, value, seconds];
    /// A period that ends before it begins.
    REVERSED_PERIOD = "report/reversed-period", Warning, rfc(9990, "3.1.1.4"), [begin, end];
    /// A period of more than a day.
    LONG_PERIOD = "report/long-period", Notice, rfc(9990, "3.1.1.4"), [seconds];
    /// A percentage that is not a number from 0 to 100.
    INVALID_PERCENTAGE = "report/invalid-percentage", Notice, rfc(7489, "6.3"), [value];

    /// A period without a second.
    EMPTY_PERIOD = "report/empty-period", Notice, rfc(9990, "3.1.1.4"), [begin];

    /// A verdict of pass though no result of that mechanism passed.
    UNFOUNDED_PASS = "report/unfounded-pass", Notice, rfc(9990, "3.1.1.9"), [element];
    /// A verdict of pass though none of the results that passed is aligned.
    UNALIGNED_PASS = "report/unaligned-pass", Notice, rfc(9990, "3.1.1.9"), [element];
    /// A verdict of fail though a result passed and is aligned.
    UNFOUNDED_FAIL = "report/unfounded-fail", Notice, rfc(9990, "3.1.1.9"), [element];
    /// A disposition of `pass` (RFC 9990) though both verdicts are fail.
    UNFOUNDED_DISPOSITION = "report/unfounded-disposition", Notice, rfc(9990, "3.1.1.9"), [];
    /// A disposition weaker than the policy asks for mail that failed, without a reason.
    SHORT_OF_POLICY = "report/short-of-policy", Notice, rfc(9990, "3.1.1.9"), [disposition];
    /// A disposition stronger than the policy asks, without a reason.
    BEYOND_POLICY = "report/beyond-policy", Notice, rfc(9990, "3.1.1.9"), [disposition];
    /// An author domain that does not lie within the domain of the policy.
    OUTSIDE_POLICY_DOMAIN = "report/outside-policy-domain", Warning, rfc(9990, "3.1"), [domain, policy_domain];
    /// An enforced disposition though a verdict passed, without a reason.
    ENFORCED_DESPITE_PASS = "report/enforced-despite-pass", Notice, rfc(9990, "3.1.1.9"), [disposition];
}
