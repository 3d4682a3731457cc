//! What can be wrong with a zone file or a snapshot.

use crate::diagnostics::{document, rfc, rules};

rules! {
    /// A CNAME record beside other data, or a second CNAME record, at one name.
    ALIAS_CONFLICT = "dns/alias-conflict", Error, rfc(1034, "3.6.2"), [name];
    /// The same record twice; name servers keep one.
    DUPLICATE_RECORD = "dns/duplicate-record", Notice, rfc(2181, "5"), [name, record_type];
    /// A line without a type, or without data.
    INCOMPLETE_LINE = "dns/incomplete-line", Error, rfc(1035, "5.1"), [missing];
    /// Record data that its type does not allow.
    INVALID_DATA = "dns/invalid-data", Error, rfc(1035, "3.3"), [record_type, value, reason, expected];
    /// A text that is not a domain name.
    INVALID_NAME = "dns/invalid-name", Error, rfc(1035, "3.1"), [value, reason];
    /// A line that is not a rule of the public suffix list.
    INVALID_SUFFIX_RULE = "dns/invalid-suffix-rule", Error,
        document("Public Suffix List", "Format"), [value];
    /// A time to live that is not a number of seconds up to 2147483647.
    INVALID_TTL = "dns/invalid-ttl", Error, rfc(2181, "8"), [value];
    /// A relative name that ends like its origin: the final dot was probably forgotten.
    MISSING_DOT = "dns/missing-dot", Warning, rfc(1035, "5.1"), [value, became];
    /// A zone file in which nothing says what the zone is called.
    NO_APEX = "dns/no-apex", Error, rfc(1035, "5.2"), [];
    /// A relative name without an origin to complete it.
    NO_ORIGIN = "dns/no-origin", Error, rfc(1035, "5.1"), [value];
    /// A first record that leaves out its owner.
    NO_OWNER = "dns/no-owner", Error, rfc(1035, "5.1"), [];
    /// A zone file without a SOA record.
    NO_SOA = "dns/no-soa", Warning, rfc(1035, "5.2"), [apex];
    /// A record whose owner lies outside the zone.
    OUT_OF_ZONE = "dns/out-of-zone", Error, rfc(1035, "5.2"), [name, apex];
    /// A directive that would read other files or make up names; the reader opens nothing.
    REFUSED_DIRECTIVE = "dns/refused-directive", Error, rfc(1035, "5.1"), [directive];
    /// A second SOA record, with which the file is not one zone.
    REPEATED_SOA = "dns/repeated-soa", Error, rfc(1035, "5.2"), [name, apex];
    /// One name of a snapshot, written in two ways.
    REPEATED_NAME = "dns/repeated-name", Error, rfc(4343, "2"), [value, name];
    /// A zone file with more findings than are kept.
    MORE_FINDINGS = "dns/more-findings", Notice, rfc(1035, "5.2"), [count];
    /// A zone file with more octets than the limit.
    TOO_LARGE = "dns/too-large", Error, rfc(1035, "5.2"), [limit];
    /// A zone file with more records than the limit.
    TOO_MANY_RECORDS = "dns/too-many-records", Error, rfc(1035, "5.2"), [limit];
    /// A parenthesis without its partner.
    UNBALANCED_PARENTHESIS = "dns/unbalanced-parenthesis", Error, rfc(1035, "5.1"), [];
    /// A quote that is not closed on its line.
    UNCLOSED_QUOTE = "dns/unclosed-quote", Error, rfc(1035, "5.1"), [];
    /// A directive that no standard knows.
    UNKNOWN_DIRECTIVE = "dns/unknown-directive", Error, rfc(1035, "5.1"), [directive];
    /// A mnemonic that is no record type.
    UNKNOWN_TYPE = "dns/unknown-type", Error, rfc(3597, "5"), [value];
    /// A text without quotes that a semicolon cuts off: what follows is a comment.
    UNQUOTED_TEXT = "dns/unquoted-text", Warning, rfc(1035, "5.1"), [value];
    /// A record of another class than IN.
    UNUSED_CLASS = "dns/unused-class", Warning, rfc(1035, "3.2.4"), [class];
}
