//! What can be found in the facts of a domain, beside what its records show by themselves.

use crate::diagnostics::{document, rfc, rules};

rules! {
    /// No DMARC record holds for the domain.
    NO_DMARC = "domain/no-dmarc", Error, rfc(9989, "5.1"), [domain];
    /// The DMARC record stands at the domain itself instead of below `_dmarc`.
    MISPLACED_DMARC = "domain/misplaced-dmarc", Error, rfc(9989, "4.5"), [domain];
    /// No SPF record.
    NO_SPF = "domain/no-spf", Error, rfc(7208, "4.5"), [domain];
    /// A null MX beside other mail hosts.
    NULL_MX_NOT_ALONE = "domain/null-mx-not-alone", Error, rfc(7505, "3"), [domain];
    /// A lookup that failed.
    LOOKUP_FAILED = "domain/lookup-failed", Error, rfc(9989, "5.3.6"), [name, reason];
    /// A fact that cannot be looked up here.
    NOT_KNOWN = "domain/not-known", Notice, rfc(9989, "4.10"), [name];
    /// A reporting address whose host has not agreed to receive the reports.
    NOT_AUTHORIZED = "domain/not-authorized", Error, rfc(9990, "4"), [uri, name];
    /// Whether a reporting address is authorized cannot be looked up here.
    AUTHORIZATION_UNKNOWN = "domain/authorization-unknown", Notice, rfc(9990, "4"), [uri, name];

    /// No name below `_domainkey`, so no DKIM key.
    NO_DKIM_KEY = "ubv/no-dkim-key", Warning, document("UBV 1.0", "MAIL-BESCHERM-003"), [domain];
    /// The policy in effect asks for nothing.
    POLICY_NONE = "ubv/policy-none", Warning, document("UBV 1.0", "MAIL-BESCHERM-007"), [scope, tag];
    /// The policy in effect holds in part only.
    POLICY_PARTIAL = "ubv/policy-partial", Warning, document("UBV 1.0", "MAIL-BESCHERM-007"), [tag, value];
    /// The record in effect gives no usable policy.
    POLICY_UNUSABLE = "ubv/policy-unusable", Warning, document("UBV 1.0", "MAIL-BESCHERM-007"), [domain];
    /// An alignment tag that is not valid.
    ALIGNMENT_INVALID = "ubv/alignment-invalid", Warning, document("UBV 1.0", "MAIL-BESCHERM-008"), [tag, value];
    /// No usable address for aggregate reports.
    NO_RUA = "ubv/no-rua", Warning, document("UBV 1.0", "MAIL-BESCHERM-009"), [domain];
    /// The SPF record is not usable.
    SPF_UNUSABLE = "ubv/spf-unusable", Warning, document("UBV 1.0", "MAIL-BESCHERM-004"), [domain];
    /// The SPF record does not end in `~all` or `-all`.
    SPF_ALL = "ubv/spf-all", Warning, document("UBV 1.0", "MAIL-BESCHERM-004"), [found];
    /// More DNS-querying terms than a receiver evaluates.
    SPF_LOOKUPS = "ubv/spf-lookups", Warning, document("UBV 1.0", "MAIL-BESCHERM-004"), [count];
    /// A domain without mail that accepts mail.
    PARKED_MX = "ubv/parked-mx", Warning, document("UBV 1.0", "MAIL-BESCHERM-001"), [domain];
    /// A domain without mail whose SPF record is not exactly `v=spf1 -all`.
    PARKED_SPF = "ubv/parked-spf", Warning, document("UBV 1.0", "MAIL-BESCHERM-001"), [domain];
    /// A domain without mail whose policy is not `reject` throughout.
    PARKED_POLICY = "ubv/parked-policy", Warning, document("UBV 1.0", "MAIL-BESCHERM-001"), [domain];
    /// Mail that no DKIM signature of the domain covers.
    UNSIGNED_MAIL = "ubv/unsigned-mail", Warning, document("UBV 1.0", "MAIL-BESCHERM-005"), [messages, total];
}
