//! Everything that can be found in an SPF record.

use crate::diagnostics::{rfc, rules};

rules! {
    /// The text is no SPF record.
    NOT_A_RECORD = "spf/not-a-record", Error, rfc(7208, "4.5"), [text];
    /// More octets than a TXT record can hold.
    TOO_LONG = "spf/too-long", Error, rfc(7208, "3.3"), [octets, limit];
    /// A part of the record that is neither a directive nor a modifier.
    INVALID_TERM = "spf/invalid-term", Error, rfc(7208, "4.6.1"), [text];
    /// `redirect` or `exp` more than once.
    REPEATED_MODIFIER = "spf/repeated-modifier", Error, rfc(7208, "6"), [modifier];
}
