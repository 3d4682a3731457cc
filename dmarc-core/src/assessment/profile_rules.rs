//! Why a requirement of a profile is not met, and where an emulated verdict parts from the RFCs.

use crate::diagnostics::{document, rfc, rules};

rules! {
    /// The operator says that the domain sends nothing, and reports show that it does.
    CONTEXT_SENDS = "context/sends-contradicted", Warning, document("UBV 1.0", "5"), [domain, messages];
    /// The last phase of the rollout, and yet it is said to be under way.
    CONTEXT_PHASE = "context/phase-contradicted", Warning, document("UBV 1.0", "5"), [phase];
    /// A phase that the document does not have.
    CONTEXT_UNKNOWN_PHASE = "context/unknown-phase", Warning, document("UBV 1.0", "5"), [phase];
    /// An explanation for a requirement that no profile has.
    CONTEXT_UNKNOWN_REQUIREMENT = "context/unknown-requirement", Warning, document("UBV 1.0", "1.1"), [id];
    /// A known sender that is neither a domain nor an address or a network.
    CONTEXT_SENDER = "context/unreadable-sender", Warning, document("UBV 1.0", "MAIL-BESCHERM-004"), [text];

    /// Several mail streams under one author domain.
    SHARED_DOMAIN = "ubv/shared-domain", Notice, document("UBV 1.0", "MAIL-BESCHERM-002"), [domain, streams];
    /// A sender that SPF allows, and that neither reports nor the operator know.
    UNKNOWN_SENDER = "ubv/unknown-sender", Notice, document("UBV 1.0", "MAIL-BESCHERM-004"), [term];
    /// A sender of the domain whose mail is not all signed.
    UNSIGNED_STREAM = "ubv/unsigned-stream", Warning, document("UBV 1.0", "MAIL-BESCHERM-005"), [stream, messages, total];
    /// One DKIM key, and none to change to.
    ONE_KEY = "ubv/one-key", Notice, document("UBV 1.0", "MAIL-BESCHERM-006"), [domain];
    /// A DKIM key that has been in use for longer than it should be.
    KEY_TOO_OLD = "ubv/key-too-old", Notice, document("UBV 1.0", "MAIL-BESCHERM-006"), [selector, days, limit];
    /// Nobody reads the aggregate reports.
    REPORTS_UNREAD = "ubv/reports-unread", Warning, document("UBV 1.0", "MAIL-BESCHERM-009"), [domain];
    /// Inbound mail is not checked, by what the operator says.
    INBOUND_UNCHECKED = "ubv/inbound-unchecked", Warning, document("UBV 1.0", "MAIL-BESCHERM-010"), [domain];
    /// A server that did not check SPF, DKIM and DMARC of a message.
    INBOUND_NOT_CHECKED = "ubv/inbound-not-checked", Warning, document("UBV 1.0", "MAIL-BESCHERM-010"), [server];
    /// A message that failed DMARC under an enforcing policy, and was delivered all the same.
    INBOUND_DELIVERED = "ubv/inbound-delivered", Notice, rfc(9989, "5.4"), [server];
    /// A mail host with a version of TLS that the guidelines call insufficient.
    TLS_INSUFFICIENT = "ubv/tls-insufficient", Warning, document("UBV 1.0", "MAIL-BEVEILIG-001"), [host, protocol];
    /// Outbound mail is not sent over TLS, by what the operator says.
    OUTBOUND_NO_TLS = "ubv/outbound-without-tls", Warning, document("UBV 1.0", "MAIL-BEVEILIG-001"), [domain];
    /// Outbound mail is sent without a look at DANE, by what the operator says.
    OUTBOUND_NO_DANE = "ubv/outbound-without-dane", Warning, document("UBV 1.0", "MAIL-BEVEILIG-002"), [domain];

    /// A DKIM key below 2048 bits.
    SMALL_KEY = "forum/small-key", Warning, document("Forum Standaardisatie", "step 1"), [selector, bits];
    /// A signing domain that is not that of the author.
    OTHER_SIGNER = "forum/other-signer", Notice, document("Forum Standaardisatie", "step 1"), [stream, domain];
    /// Reports of fewer days than the guidance asks for.
    FEW_DAYS = "forum/few-days", Notice, document("Forum Standaardisatie", "step 2"), [days, wanted];
    /// Mail that is not clear yet.
    UNCLEAR_MAIL = "forum/unclear-mail", Notice, document("Forum Standaardisatie", "step 2"), [messages];
    /// A sender of the domain whose mail does not pass.
    FAILING_STREAM = "forum/failing-stream", Warning, document("Forum Standaardisatie", "step 3"), [stream, messages];
    /// A sender that passes by SPF alone: its mail is lost when it is sent on.
    SPF_ONLY_STREAM = "forum/spf-only-stream", Warning, document("Forum Standaardisatie", "step 3"), [stream, messages];
    /// A policy that is no stricter than `none`.
    NOT_QUARANTINE = "forum/not-quarantine", Warning, document("Forum Standaardisatie", "step 4"), [domain, policy];
    /// A policy that is no stricter than `quarantine`.
    NOT_REJECT = "forum/not-reject", Warning, document("Forum Standaardisatie", "step 5"), [domain, policy];
    /// Nobody is watching: no reports of the last weeks.
    NOT_WATCHED = "forum/not-watched", Warning, document("Forum Standaardisatie", "step 6"), [domain];
    /// A sender that fails now, or abuse that rises.
    NEEDS_ATTENTION = "forum/needs-attention", Warning, document("Forum Standaardisatie", "step 6"), [subject, since];

    /// Their grammar refuses a record that receivers act on.
    NL_SYNTAX = "internet-nl/dmarc-syntax", Notice, rfc(9989, "4.7"), [text];
    /// They read the record of the public suffix list's organizational domain, and receivers walk the tree.
    NL_INHERITED = "internet-nl/dmarc-inherited", Notice, rfc(9989, "4.10"), [domain, theirs];
    /// They look at `p` alone, and a policy for names below is weaker.
    NL_BELOW = "internet-nl/dmarc-below", Notice, rfc(9989, "4.7"), [tag, policy];
    /// They count a policy that holds for part of the mail in full.
    NL_PARTIAL = "internet-nl/dmarc-partial", Notice, rfc(7489, "6.6.4"), [pct];
    /// They lower the policy by test mode.
    NL_TESTING = "internet-nl/dmarc-testing", Notice, rfc(9989, "4.7"), [policy];
    /// A reporting address that has not been authorized, which lowers their verdict to a notice.
    NL_DESTINATION = "internet-nl/dmarc-destination", Notice, rfc(9990, "4"), [uri];
    /// They read no key: that a name exists is enough for them.
    NL_NO_KEY_READ = "internet-nl/dkim-not-read", Notice, rfc(6376, "3.6.1"), [domain];
    /// A name server that denies `_domainkey`, and a key below it.
    NL_EMPTY_NAME = "internet-nl/dkim-denied", Notice, rfc(8020, "2"), [domain];
    /// They count lookups in other units than the RFC.
    NL_COUNT = "internet-nl/spf-count", Notice, rfc(7208, "4.6.4"), [theirs, ours];
    /// They accept a record that receivers do not evaluate.
    NL_ACCEPTED = "internet-nl/spf-accepted", Notice, rfc(7208, "4.6"), [domain];
    /// An included record that lets anyone through.
    NL_INCLUDED_OPEN = "internet-nl/spf-included-open", Notice, rfc(7208, "5.2"), [name];
    /// A name that the policy leads to has no record.
    NL_LEADS_NOWHERE = "internet-nl/spf-leads-nowhere", Notice, rfc(7208, "5.2"), [name];
    /// A null MX is advised.
    NL_NULL_MX = "internet-nl/null-mx-advised", Notice, rfc(7505, "3"), [domain];
    /// A null MX beside other MX records.
    NL_NULL_MX_BESIDE = "internet-nl/null-mx-beside", Notice, rfc(7505, "3"), [domain];

    /// More void lookups than receivers allow.
    VOID_LOOKUPS = "baseline/void-lookups", Warning, rfc(7208, "4.6.4"), [count];
    /// A mechanism that should not be published.
    SPF_PTR = "baseline/spf-ptr", Warning, rfc(7208, "5.5"), [domain];
    /// A record that ends in nothing, or lets anyone through.
    SPF_END = "baseline/spf-end", Warning, rfc(7208, "4.7"), [found];
    /// A key that verifiers must not accept, or that says nothing.
    WEAK_KEY = "baseline/weak-key", Warning, rfc(8301, "3.2"), [selector, bits];
    /// An enforcing policy without anybody to report to.
    BLIND_POLICY = "baseline/blind-policy", Warning, rfc(9989, "5.1.3"), [domain, policy];
    /// A policy that was made stricter before reports showed that it can be.
    HASTY_POLICY = "baseline/hasty-policy", Notice, rfc(9989, "7.4"), [policy, days];
    /// Findings in a record that a receiver ignores or misreads.
    RECORD_ERRORS = "baseline/record-errors", Warning, rfc(9989, "4.8"), [count];
    /// A policy for names below that is weaker than that of the domain.
    WEAKER_BELOW = "baseline/weaker-below", Warning, rfc(9989, "4.7"), [tag, policy];
}
