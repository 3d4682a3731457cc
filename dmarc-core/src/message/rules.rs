//! What can be found about the authors of a message.

use crate::diagnostics::{rfc, rules};

rules! {
    /// There is no `From` field.
    NO_FROM = "message/no-from", Error, rfc(5322, "3.6"), [];
    /// There are several `From` fields.
    SEVERAL_FROM = "message/several-from", Error, rfc(5322, "3.6"), [count];
    /// The `From` field is not a list of addresses.
    MALFORMED_FROM = "message/malformed-from", Error, rfc(5322, "3.6.2"), [text];
    /// The `From` field holds no address.
    NO_ADDRESS = "message/no-address", Error, rfc(6854, "3"), [];
    /// An address without a domain name, such as one with an address literal.
    NOT_A_DOMAIN = "message/not-a-domain", Error, rfc(9989, "5.3.1"), [text];
    /// The authors are of several domains.
    SEVERAL_AUTHORS = "message/several-authors", Warning, rfc(9989, "11.5"), [domains, count];
    /// More author domains than are evaluated.
    MANY_AUTHORS = "message/many-authors", Warning, rfc(9989, "11.5"), [count, limit];
}
