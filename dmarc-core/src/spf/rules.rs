//! Everything that can be found in an SPF record.

use crate::diagnostics::{rfc, rules};

rules! {
    /// The text is no SPF record.
    NOT_A_RECORD = "spf/not-a-record", Error, rfc(7208, "4.5"), [text];
    /// The text is a record of another kind.
    OTHER_RECORD = "spf/other-record", Error, rfc(7208, "4.5"), [kind];
    /// A Sender ID record, which no SPF receiver reads.
    SENDER_ID = "spf/sender-id", Error, rfc(6686, "5"), [];
    /// Terms of an SPF record without its version.
    MISSING_VERSION = "spf/missing-version", Error, rfc(7208, "4.5"), [];
    /// A version that is not exactly `v=spf1`, followed by a space or the end.
    INVALID_VERSION = "spf/invalid-version", Error, rfc(7208, "4.5"), [version];
    /// A blank before the version.
    LEADING_BLANK = "spf/leading-blank", Error, rfc(7208, "4.5"), [];
    /// Quotation marks that belong to a zone file or a text, not to the record.
    QUOTED_RECORD = "spf/quoted-record", Error, rfc(1035, "5.1"), [];
    /// A whole zone-file line or tool answer instead of the record.
    PASTED_LINE = "spf/pasted-line", Error, rfc(7208, "3.1"), [];
    /// More octets than a TXT record can hold.
    TOO_LONG = "spf/too-long", Error, rfc(7208, "3.3"), [octets, limit];
    /// Several SPF records at one name.
    SEVERAL_RECORDS = "spf/several-records", Error, rfc(7208, "4.5"), [count];

    /// A typographic character where an ASCII one is meant.
    TYPOGRAPHIC_CHARACTER = "spf/typographic-character", Error, rfc(7208, "12"), [found, meant];
    /// Characters that do not show.
    INVISIBLE_CHARACTER = "spf/invisible-character", Error, rfc(7208, "12"), [found];
    /// A tab, line break or no-break space where only a space may stand.
    WRONG_BLANK = "spf/wrong-blank", Error, rfc(7208, "4.6.1"), [found];
    /// A control character.
    CONTROL_CHARACTER = "spf/control-character", Error, rfc(7208, "12"), [found];
    /// A character reference of HTML.
    HTML_ENTITY = "spf/html-entity", Error, rfc(7208, "12"), [entity];
    /// A domain name that is not written in A-labels.
    NON_ASCII_NAME = "spf/non-ascii-name", Error, rfc(7208, "4.3"), [name, meant];
    /// Characters outside ASCII.
    NON_ASCII = "spf/non-ascii", Error, rfc(7208, "12"), [text];
    /// Terms parted by something other than a space.
    WRONG_SEPARATOR = "spf/wrong-separator", Error, rfc(7208, "4.6.1"), [found];
    /// A space inside a term.
    BLANK_IN_TERM = "spf/blank-in-term", Error, rfc(7208, "4.6.1"), [term];
    /// No colon between a mechanism and its value.
    MISSING_COLON = "spf/missing-colon", Error, rfc(7208, "12"), [name, meant];
    /// Several colons in a row.
    REPEATED_COLON = "spf/repeated-colon", Error, rfc(7208, "12"), [name];
    /// Several qualifiers before one mechanism.
    REPEATED_QUALIFIER = "spf/repeated-qualifier", Error, rfc(7208, "4.6.1"), [text];
    /// A qualifier before a modifier.
    QUALIFIED_MODIFIER = "spf/qualified-modifier", Error, rfc(7208, "4.6.1"), [modifier];
    /// A modifier with a colon instead of an equals sign.
    COLON_FOR_EQUALS = "spf/colon-for-equals", Error, rfc(7208, "12"), [modifier];
    /// A mechanism with an equals sign instead of a colon: an unknown modifier, which is ignored.
    EQUALS_FOR_COLON = "spf/equals-for-colon", Warning, rfc(7208, "6"), [mechanism];
    /// A mechanism name that is close to a known one.
    MISSPELT_MECHANISM = "spf/misspelt-mechanism", Error, rfc(7208, "4.6.1"), [name, meant];
    /// A mechanism that does not exist.
    UNKNOWN_MECHANISM = "spf/unknown-mechanism", Error, rfc(7208, "4.6.1"), [name];
    /// An address or network on its own.
    BARE_ADDRESS = "spf/bare-address", Error, rfc(7208, "4.6.1"), [address, meant];
    /// A domain name on its own.
    BARE_NAME = "spf/bare-name", Error, rfc(7208, "4.6.1"), [name];
    /// Characters behind a mechanism that takes no value.
    TRAILING_CHARACTER = "spf/trailing-character", Error, rfc(7208, "12"), [mechanism, found];
    /// A value for a mechanism that takes none.
    UNEXPECTED_VALUE = "spf/unexpected-value", Error, rfc(7208, "12"), [mechanism, value];
    /// A mechanism or modifier without the value that it needs.
    MISSING_VALUE = "spf/missing-value", Error, rfc(7208, "4.6.1"), [name];
    /// `ip4` with an IPv6 address, or `ip6` with an IPv4 address.
    WRONG_FAMILY = "spf/wrong-family", Error, rfc(7208, "5.6"), [mechanism, address, meant];
    /// A text that is no address, where one is expected.
    INVALID_ADDRESS = "spf/invalid-address", Error, rfc(7208, "5.6"), [mechanism, value];
    /// A prefix length that is no number in range, or is written with leading zeros.
    INVALID_PREFIX_LENGTH = "spf/invalid-prefix-length", Error, rfc(7208, "12"), [text];
    /// A prefix length on a term that takes none.
    UNEXPECTED_PREFIX_LENGTH = "spf/unexpected-prefix-length", Error, rfc(7208, "12"), [name, text];
    /// An address where a domain name is expected.
    ADDRESS_FOR_NAME = "spf/address-for-name", Error, rfc(7208, "7.1"), [name, address];
    /// A domain name with a port.
    PORT_IN_NAME = "spf/port-in-name", Error, rfc(7208, "7.1"), [port];
    /// A name of one label.
    SINGLE_LABEL = "spf/single-label", Error, rfc(7208, "7.1"), [name];
    /// A text that is no domain name, where one is expected.
    INVALID_NAME = "spf/invalid-name", Error, rfc(7208, "7.1"), [value];
    /// A macro that is not well formed.
    INVALID_MACRO = "spf/invalid-macro", Error, rfc(7208, "7.1"), [text];
    /// A macro that only explanation texts may use.
    EXPLANATION_MACRO = "spf/explanation-macro", Error, rfc(7208, "7.2"), [text];
    /// A part of the record that is neither a directive nor a modifier.
    INVALID_TERM = "spf/invalid-term", Error, rfc(7208, "4.6.1"), [text];
    /// `redirect` or `exp` more than once.
    REPEATED_MODIFIER = "spf/repeated-modifier", Error, rfc(7208, "6"), [modifier];

    /// More terms that query DNS than a receiver evaluates.
    TOO_MANY_LOOKUPS = "spf/too-many-lookups", Error, rfc(7208, "4.6.4"), [count, limit];
    /// A web address where a domain name is expected.
    URL_FOR_NAME = "spf/url-for-name", Error, rfc(7208, "7.1"), [value];
    /// A mail address where a domain name is expected.
    MAILBOX_FOR_NAME = "spf/mailbox-for-name", Error, rfc(7208, "7.1"), [value];
    /// Several names in one term.
    LIST_IN_TERM = "spf/list-in-term", Warning, rfc(7208, "4.6.1"), [name];
    /// A name that cannot exist in DNS.
    IMPOSSIBLE_NAME = "spf/impossible-name", Warning, rfc(7208, "4.8"), [name];
    /// A character that does not occur in host names.
    UNUSUAL_CHARACTER = "spf/unusual-character", Warning, rfc(7208, "7.1"), [found, name];
    /// A modifier that is close to a known one, and ignored.
    MISSPELT_MODIFIER = "spf/misspelt-modifier", Warning, rfc(7208, "6"), [name, meant];
    /// A modifier that is not known, and ignored.
    UNKNOWN_MODIFIER = "spf/unknown-modifier", Warning, rfc(7208, "6"), [name];
    /// The version once more.
    REPEATED_VERSION = "spf/repeated-version", Warning, rfc(7208, "4.5"), [];
    /// Neither `all` nor `redirect`: whoever is not listed gets neutral.
    NO_ALL = "spf/no-all", Warning, rfc(7208, "4.7"), [];
    /// `all` that lets everyone pass.
    PASS_ALL = "spf/pass-all", Warning, rfc(7208, "5.1"), [text];
    /// `?all`, which is as good as no record.
    NEUTRAL_ALL = "spf/neutral-all", Warning, rfc(7208, "8.2"), [];
    /// `all` more than once.
    SEVERAL_ALL = "spf/several-all", Warning, rfc(7208, "5.1"), [];
    /// A mechanism behind `all`, which is never reached.
    TERM_AFTER_ALL = "spf/term-after-all", Warning, rfc(7208, "5.1"), [term];
    /// A `redirect` beside `all`, which is never followed.
    REDIRECT_BESIDE_ALL = "spf/redirect-beside-all", Warning, rfc(7208, "6.1"), [];
    /// `redirect` or `exp` before a mechanism.
    MODIFIER_POSITION = "spf/modifier-position", Notice, rfc(7208, "6"), [modifier];
    /// The mechanism `ptr`, which should not be used.
    PTR = "spf/ptr", Warning, rfc(7208, "5.5"), [];
    /// The macro `%{p}`, which should not be used.
    P_MACRO = "spf/p-macro", Warning, rfc(7208, "7.3"), [text];
    /// Bits behind the prefix length, which do not count.
    HOST_BITS = "spf/host-bits", Warning, rfc(7208, "5.6"), [network, meant];
    /// A range that holds every address.
    EVERY_ADDRESS = "spf/every-address", Warning, rfc(7208, "11.4"), [term];
    /// A very large range.
    LARGE_RANGE = "spf/large-range", Notice, rfc(7208, "11.4"), [term, size];
    /// The same mechanism twice.
    DUPLICATE_TERM = "spf/duplicate-term", Warning, rfc(7208, "4.6.2"), [term, first];
    /// A range within another one.
    SUBSUMED_RANGE = "spf/subsumed-range", Warning, rfc(7208, "4.6.2"), [range, wider];
    /// Longer than one character-string.
    LONG_RECORD = "spf/long-record", Notice, rfc(7208, "3.3"), [octets, strings];
    /// A record that may not fit an answer over UDP.
    LARGE_RECORD = "spf/large-record", Notice, rfc(7208, "3.4"), [octets, limit];
    /// TXT records at one name that together may not fit an answer over UDP.
    LARGE_ANSWER = "spf/large-answer", Notice, rfc(7208, "3.4"), [octets, limit];
}
