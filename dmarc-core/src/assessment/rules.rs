//! What can be found in the facts of a domain, beside what its records show by themselves.

use crate::diagnostics::{document, rfc, rules};

rules! {
    /// No DMARC record holds for the domain.
    NO_DMARC = "domain/no-dmarc", Error, rfc(9989, "5.1"), [domain];
    /// The DMARC record stands at the domain itself instead of below `_dmarc`.
    MISPLACED_DMARC = "domain/misplaced-dmarc", Error, rfc(9989, "4.5"), [domain];
    /// No SPF record.
    NO_SPF = "domain/no-spf", Error, rfc(7208, "4.5"), [domain];
    /// A lookup that failed.
    LOOKUP_FAILED = "domain/lookup-failed", Error, rfc(9989, "5.3.6"), [name, reason];
    /// A fact that cannot be looked up here.
    NOT_KNOWN = "domain/not-known", Notice, rfc(9989, "4.10"), [name];
    /// A reporting address whose host has not agreed to receive the reports.
    NOT_AUTHORIZED = "domain/not-authorized", Error, rfc(9990, "4"), [uri, name];
    /// A reporting address whose host cannot agree: the name for that would be too long.
    AGREEMENT_TOO_LONG = "domain/agreement-too-long", Error, rfc(9990, "4"), [uri, host];
    /// A reporting address whose host names one at another host in its agreement.
    OVERRIDE_ELSEWHERE = "domain/override-elsewhere", Error, rfc(9990, "4"), [uri, name];
    /// Whether a reporting address is authorized cannot be looked up here.
    AUTHORIZATION_UNKNOWN = "domain/authorization-unknown", Notice, rfc(9990, "4"), [uri, name];
    /// A null MX at a domain that sends mail: receivers may refuse its mail.
    NULL_MX_SENDS = "domain/null-mx-sends", Warning, rfc(7505, "4.2"), [domain];
    /// A null MX at a domain that takes mail.
    RECEIVES_WITH_NULL_MX = "domain/receives-with-null-mx", Error, rfc(7505, "3"), [domain];
    /// A domain without mail that could say so with a null MX.
    NULL_MX_ADVISED = "domain/null-mx-advised", Notice, rfc(7505, "1"), [domain];
    /// A domain that sends mail, and whose SPF record allows nobody to.
    SENDS_WITHOUT_PERMISSION = "domain/sends-without-permission", Error, rfc(7208, "2.3"), [domain];
    /// A domain without mail whose policy lets abuse of its name pass.
    QUIET_POLICY_NONE = "domain/quiet-policy-none", Warning, rfc(9989, "4.7"), [domain];
    /// Reports go to a domain that takes no mail.
    DESTINATION_TAKES_NO_MAIL = "domain/destination-takes-no-mail", Error, rfc(7505, "4.2"), [uri, host];
    /// A mail host that the MTA-STS policy does not name.
    MTA_STS_HOST_MISSING = "domain/mta-sts-host-missing", Error, rfc(8461, "4.1"), [host, mode];
    /// A pattern of the MTA-STS policy that names no mail host.
    MTA_STS_PATTERN_IDLE = "domain/mta-sts-pattern-idle", Notice, rfc(8461, "4.1"), [pattern];
    /// An MTA-STS policy of a domain that takes no mail.
    MTA_STS_WITHOUT_MAIL = "domain/mta-sts-without-mail", Notice, rfc(8461, "3"), [domain];
    /// Protection in transport, and nobody hears when it fails.
    NO_TLS_RPT = "domain/no-tls-rpt", Notice, rfc(8460, "3"), [domain];
    /// Records in a zone that is not signed.
    NOT_SIGNED = "domain/not-signed", Warning, document("UBV 1.0", "2.1"), [names];
    /// TLSA records behind MX records that are not signed.
    INSECURE_MX = "domain/insecure-mx", Warning, rfc(7672, "2.2.1"), [domain];
    /// A wildcard that answers for every DKIM selector.
    WILDCARD_KEY = "domain/wildcard-key", Warning, rfc(6376, "6.1.2"), [name];
    /// Mail was signed with a key that is not there any more.
    SEEN_KEY_GONE = "domain/seen-key-gone", Notice, rfc(6376, "3.6.1"), [name];
    /// More selectors are known than are asked for.
    SELECTORS_LEFT_OUT = "domain/selectors-left-out", Notice, rfc(6376, "3.1"), [count, limit];
    /// More names below the domain are known than are looked at.
    SUBDOMAINS_LEFT_OUT = "domain/subdomains-left-out", Notice, document("UBV 1.0", "MAIL-BESCHERM-004"), [count, limit];
    /// A name below the domain that sends mail, without an SPF record.
    SUBDOMAIN_WITHOUT_SPF = "domain/subdomain-without-spf", Warning, rfc(7208, "4.5"), [name];
    /// A mail host that offers no STARTTLS.
    NO_STARTTLS = "mx/no-starttls", Error, rfc(3207, "4"), [host];
    /// A certificate for other names than that of the host.
    CERTIFICATE_NAME = "mx/certificate-name", Error, rfc(8461, "4.2"), [host, names];
    /// A certificate whose time is over.
    CERTIFICATE_EXPIRED = "mx/certificate-expired", Error, rfc(8461, "4.2"), [host];
    /// An observation of a mail host that cannot be read.
    UNREADABLE_OBSERVATION = "mx/unreadable-observation", Notice, rfc(7672, "2.2"), [host, reason];

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
    /// A domain without mail that publishes a DKIM key.
    PARKED_KEY = "ubv/parked-key", Warning, document("UBV 1.0", "MAIL-BESCHERM-001"), [domain];
    /// Mail that no DKIM signature of the domain covers.
    UNSIGNED_MAIL = "ubv/unsigned-mail", Warning, document("UBV 1.0", "MAIL-BESCHERM-005"), [messages, total];
    /// A mail host without TLSA records that senders can use.
    NO_DANE = "ubv/no-dane", Warning, document("UBV 1.0", "MAIL-BEVEILIG-002"), [host];
    /// MX records that are not signed, so that DANE protects the hosts but not the way to them.
    MX_UNSIGNED = "ubv/mx-unsigned", Warning, document("UBV 1.0", "MAIL-BEVEILIG-002"), [domain];
    /// MTA-STS instead of DANE.
    STS_INSTEAD = "ubv/sts-instead", Notice, document("UBV 1.0", "MAIL-BEVEILIG-002"), [domain];
}
