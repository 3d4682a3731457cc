//! What a plan says: why a step waits, what to watch, when the next step may come.

use crate::diagnostics::{document, rfc, rules};

rules! {
    /// A record that a plan needs cannot be looked up.
    UNRESOLVED = "plan/unresolved", Error, rfc(9989, "4.10"), [name];
    /// No DMARC record stands at the domain.
    NO_RECORD = "plan/no-record", Error, document("Forum Standaardisatie", "step 1"), [domain];
    /// Several DMARC records, of which none counts.
    SEVERAL_RECORDS = "plan/several-records", Error, rfc(9989, "4.10"), [domain, count];
    /// A DMARC record that gives receivers no policy.
    UNUSABLE_RECORD = "plan/unusable-record", Error, rfc(9989, "4.10.1"), [domain];
    /// A DMARC record with parts that receivers ignore.
    FLAWED_RECORD = "plan/flawed-record", Warning, rfc(9989, "4.8"), [domain];
    /// A DMARC record that asks for no aggregate reports.
    NO_RUA = "plan/no-rua", Error, document("Forum Standaardisatie", "step 1"), [domain, address];
    /// A domain that takes no mail has no address of its own for reports.
    NO_MAILBOX = "plan/no-mailbox", Error, rfc(9989, "8"), [domain];
    /// Reports that do not reach an address elsewhere.
    NOT_DELIVERED = "plan/not-delivered", Error, rfc(9990, "4"), [uri, line];
    /// The policy stands at another name.
    INHERITED = "plan/inherited", Notice, rfc(9989, "8"), [domain, from];
    /// The record of a public suffix domain.
    PUBLIC_SUFFIX = "plan/public-suffix", Notice, rfc(9989, "5.2"), [domain];
    /// No SPF record.
    NO_SPF = "plan/no-spf", Error, document("Forum Standaardisatie", "step 1"), [domain];
    /// Several SPF records, of which none counts.
    SEVERAL_SPF = "plan/several-spf", Error, rfc(7208, "4.5"), [domain, count];
    /// An SPF record with errors.
    UNUSABLE_SPF = "plan/unusable-spf", Error, rfc(7208, "4.6"), [domain];
    /// An SPF record that lets everybody through.
    OPEN_SPF = "plan/open-spf", Error, document("UBV 1.0", "MAIL-BESCHERM-004"), [domain, found];
    /// An SPF record with more look-ups than receivers make.
    SPF_LOOKUPS = "plan/spf-lookups", Error, rfc(7208, "4.6.4"), [domain, count];
    /// No reports.
    NO_REPORTS = "plan/no-reports", Error, document("Forum Standaardisatie", "step 2"), [domain, days];
    /// Reports cover too few days.
    WINDOW_TOO_SHORT = "plan/window-too-short", Warning, document("Forum Standaardisatie", "step 2"), [days, needed];
    /// Too few reporters.
    FEW_REPORTERS = "plan/few-reporters", Warning, document("Forum Standaardisatie", "step 2"), [count, needed];
    /// Too few messages.
    FEW_MESSAGES = "plan/few-messages", Warning, document("Forum Standaardisatie", "step 2"), [count, needed];
    /// A sender that authenticates as somebody else.
    MISCONFIGURED = "plan/misconfigured-sender", Error, document("Forum Standaardisatie", "step 3"), [stream, domain, messages, share];
    /// A host that sends steadily and authenticates as nobody.
    UNSIGNED_HOST = "plan/unsigned-host", Error, document("Forum Standaardisatie", "step 3"), [stream, domain, messages, share];
    /// A sender that passed before and does not now.
    BROKEN = "plan/broken-sender", Error, document("Forum Standaardisatie", "step 3"), [stream, domain, messages, share];
    /// A sender that only SPF passes for.
    SPF_ONLY = "plan/spf-only", Error, rfc(9989, "7.4"), [stream, domain, messages, share];
    /// A sender that only DKIM passes for, and that fails now and then.
    DKIM_ONLY = "plan/dkim-only", Warning, rfc(9989, "8"), [stream, domain, messages, share];
    /// A sender that only DKIM passes for, and that would lose a week of its mail if its key went.
    DKIM_ALONE = "plan/dkim-alone", Warning, rfc(9989, "8"), [stream, domain, messages, share];
    /// A sender that only SPF passes for, and that would lose a week of its mail if its entry went.
    SPF_ALONE = "plan/spf-alone", Warning, rfc(9989, "7.4"), [stream, domain, messages, share];
    /// Mail of which nobody can tell yet whose it is.
    UNIDENTIFIED = "plan/unidentified-mail", Warning, document("Forum Standaardisatie", "step 2"), [stream, domain, messages, share];
    /// The policy that stands has not stood long enough.
    TOO_EARLY = "plan/too-early", Notice, rfc(9989, "7.4"), [policy, days, needed];
    /// The step that is next would lose mail of a sender.
    WOULD_LOSE = "plan/would-lose", Error, rfc(9989, "5.1.6"), [stream, domain, messages, share];
    /// A domain without mail that does not say so in full.
    SAY_NO_MAIL = "plan/say-no-mail", Error, document("UBV 1.0", "MAIL-BESCHERM-001"), [domain, missing];
    /// Reports show mail of a domain that is said to send none.
    SENDS_AFTER_ALL = "plan/sends-after-all", Error, document("UBV 1.0", "5"), [domain, messages];

    /// Mail that a step loses and that no sender can save.
    STATED_LOSS = "plan/stated-loss", Warning, rfc(9989, "7.4"), [messages, weeks, share];
    /// Mail that a step loses and that the operator accepts to lose.
    ACCEPTED_LOSS = "plan/accepted-loss", Warning, rfc(9989, "5.1.6"), [streams, messages, share];
    /// Mail that fails behind a gateway of the receiver's own.
    BEHIND_GATEWAYS = "plan/behind-gateways", Notice, rfc(9989, "7.4"), [messages, weeks];
    /// Receivers of the other edition read a staged policy as a whole one.
    OTHER_EDITION = "plan/other-edition", Notice, rfc(9989, "A.6"), [value];
    /// Watch the reports.
    WATCH_REPORTS = "plan/watch-reports", Notice, document("Forum Standaardisatie", "step 2"), [address];
    /// Watch the senders that have to be mended.
    WATCH_SENDERS = "plan/watch-senders", Notice, document("Forum Standaardisatie", "step 3"), [streams];
    /// Watch mail that goes to spam folders.
    WATCH_QUARANTINE = "plan/watch-quarantine", Notice, document("Forum Standaardisatie", "step 4"), [];
    /// Watch mail that is refused.
    WATCH_REJECT = "plan/watch-reject", Notice, document("Forum Standaardisatie", "step 5"), [];
    /// Watch what becomes of mail that is sent on.
    WATCH_FORWARDED = "plan/watch-forwarded", Notice, rfc(9989, "7.4"), [messages];
    /// Watch abuse, senders that fail and senders that move.
    WATCH_ALWAYS = "plan/watch-always", Notice, document("Forum Standaardisatie", "step 6"), [];
    /// Set up new senders before they send.
    WATCH_NEW = "plan/watch-new-senders", Notice, document("Forum Standaardisatie", "step 6"), [domain];
    /// Watch attempts to send in the name of a domain without mail.
    WATCH_QUIET = "plan/watch-quiet", Notice, document("UBV 1.0", "MAIL-BESCHERM-001"), [domain];
    /// The step after wants days of reports.
    WHEN_REPORTS = "plan/when-reports", Notice, document("Forum Standaardisatie", "step 2"), [days, count];
    /// The step after wants senders to pass.
    WHEN_PASSING = "plan/when-passing", Notice, document("Forum Standaardisatie", "step 3"), [streams];
    /// The step after wants no new failures.
    WHEN_QUIET = "plan/when-quiet", Notice, document("Forum Standaardisatie", "step 4"), [share];
    /// The mailbox for reports must exist.
    WHEN_MAILBOX = "plan/when-mailbox", Notice, rfc(9989, "8"), [address];
}
