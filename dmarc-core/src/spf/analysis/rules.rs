//! Everything that can be found in a policy as a whole: its record, and what that leads to.

use crate::diagnostics::{rfc, rules};

rules! {
    /// A domain without an SPF record.
    NO_RECORD = "spf/no-record", Error, rfc(7208, "4.5"), [domain];
    /// A policy that needs more lookups than receivers make.
    LOOKUP_LIMIT = "spf/lookup-limit", Error, rfc(7208, "4.6.4"), [count, limit, family];
    /// A policy that is as large as it may get.
    NEAR_LOOKUP_LIMIT = "spf/near-lookup-limit", Notice, rfc(7208, "4.6.4"), [count, limit];
    /// No client needs too many lookups, but the plain sum of the terms is over the limit.
    LOOKUP_SUM = "spf/lookup-sum", Notice, rfc(7208, "4.6.4"), [sum, limit, most];
    /// A policy with more lookups that find nothing than receivers accept.
    VOID_LIMIT = "spf/void-limit", Error, rfc(7208, "4.6.4"), [count, limit, family];
    /// A term whose lookup finds nothing.
    VOID_TERM = "spf/void-term", Warning, rfc(7208, "4.6.4"), [term, name];
    /// A policy that leads back to itself.
    POLICY_LOOP = "spf/policy-loop", Error, rfc(7208, "4.6.4"), [term, name];
    /// An `include` or `redirect` of a name without an SPF record.
    TARGET_WITHOUT_RECORD = "spf/target-without-record", Error, rfc(7208, "5.2"), [term, name];
    /// An `include` or `redirect` of a record that is broken, or that there are several of.
    BROKEN_TARGET = "spf/broken-target", Error, rfc(7208, "5.2"), [term, name];
    /// A record that several ways lead to, so that it costs lookups each time.
    REPEATED_TARGET = "spf/repeated-target", Notice, rfc(7208, "4.6.4"), [term, name, count];
    /// More mail hosts than one `mx` term may have.
    MAIL_HOST_LIMIT = "spf/mail-host-limit", Error, rfc(7208, "4.6.4"), [term, count, limit];
    /// A record that could not be looked up, so that receivers cannot decide.
    POLICY_FAILED = "spf/policy-failed", Error, rfc(7208, "4.4"), [name, reason];
}
