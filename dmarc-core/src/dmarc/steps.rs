//! How a verdict came about: each step with a code and typed facts, which the catalog tells in a language.

use crate::authres::AuthResult;
use crate::diagnostics::{Diagnostic, rfc, rules};

use super::alignment::Aligned;
use super::discovery::{Discovery, Existence, Found, FoundAt};
use super::disposition::{Asked, ReasonKind};
use super::effective::Verdict;
use super::evaluate::{DmarcResult, Evaluated, Judged, SIGNATURES};
use super::walk::LocationState;

rules! {
    /// Who the author of the message is.
    AUTHOR = "message/author", Notice, rfc(9989, "5.3.1"), [author];

    /// The author domain has a record of its own.
    OWN_RECORD = "message/own-record", Notice, rfc(9989, "4.10.1"), [author];
    /// The record of the organizational domain holds.
    ORGANIZATION_RECORD = "message/organization-record", Notice, rfc(9989, "4.10.1"), [author, domain];
    /// The record of the public suffix domain holds.
    SUFFIX_RECORD = "message/public-suffix-record", Notice, rfc(9989, "4.10.1"), [author, domain];
    /// No record holds for the author.
    NO_RECORD = "message/no-record", Notice, rfc(9989, "4.10.1"), [author];
    /// Several records stand at one name, so that none of them counts.
    SEVERAL_RECORDS = "message/several-records", Error, rfc(9989, "4.10"), [domain, count];
    /// The record that holds gives no policy.
    UNUSABLE_RECORD = "message/unusable-record", Error, rfc(9989, "4.10.1"), [domain];
    /// The record that holds is taken as `p=none`.
    ACTS_AS_NONE = "message/acts-as-none", Warning, rfc(9989, "4.10.1"), [domain];
    /// A lookup failed that decides which record holds.
    LOOKUP_FAILED = "message/lookup-failed", Warning, rfc(9989, "5.3.6"), [name, reason];
    /// What decides which record holds cannot be looked up here.
    NOT_KNOWN = "message/not-known", Warning, rfc(9989, "4.10"), [name];
    /// The author domain does not exist.
    NO_SUCH_AUTHOR = "message/no-such-author", Notice, rfc(9989, "3.2.13"), [author];
    /// What is asked for mail that fails.
    POLICY = "message/policy", Notice, rfc(9989, "4.10.1"), [policy, tag, domain];
    /// Test mode asks for less.
    TEST_MODE = "message/test-mode", Notice, rfc(9989, "4.7"), [policy, requested];
    /// The share of mail that the policy holds for leaves this message out.
    SAMPLED_OUT = "message/sampled-out", Notice, rfc(7489, "6.6.4"), [pct, policy, requested];

    /// There is no result of a mechanism.
    NOT_CHECKED = "message/not-checked", Notice, rfc(9989, "5.3.3"), [mechanism];
    /// A mechanism did not pass.
    NO_PASS = "message/no-pass", Notice, rfc(9989, "4.4"), [mechanism, domain, result];
    /// A mechanism passed without a domain.
    NO_DOMAIN = "message/no-domain", Notice, rfc(9989, "3.2.4"), [mechanism, result];
    /// The authenticated domain is the author domain.
    IDENTICAL = "message/identical", Notice, rfc(9989, "4.4"), [mechanism, domain];
    /// The authenticated domain and the author have one organizational domain.
    SAME_ORGANIZATION = "message/same-organization", Notice, rfc(9989, "4.4"),
        [mechanism, domain, author, organization];
    /// The authenticated domain belongs to the organization of the author, whichever of their names is
    /// its domain.
    RELATED = "message/related", Notice, rfc(9989, "4.4"), [mechanism, domain, author];
    /// The authenticated domain is another name, and alignment is strict.
    STRICT = "message/strict-alignment", Notice, rfc(9989, "4.4"), [mechanism, domain, author, tag];
    /// The authenticated domain has another organizational domain than the author.
    OTHER_ORGANIZATION = "message/other-organization", Notice, rfc(9989, "4.4"),
        [mechanism, domain, author, organization, author_organization];
    /// The authenticated domain belongs to another organization than the author.
    UNRELATED = "message/unrelated", Notice, rfc(9989, "4.4"), [mechanism, domain, author];
    /// Whether the authenticated domain is aligned does not matter.
    NOT_COMPARED = "message/not-compared", Notice, rfc(9989, "4.10.2"), [mechanism, domain];
    /// A lookup failed that decides about alignment.
    ALIGNMENT_FAILED = "message/alignment-failed", Warning, rfc(9989, "5.3.6"),
        [mechanism, domain, author, name, reason];
    /// What decides about alignment cannot be looked up here.
    ALIGNMENT_NOT_KNOWN = "message/alignment-not-known", Warning, rfc(9989, "4.10.2"),
        [mechanism, domain, author, name];
    /// A mechanism ended in a temporary error, and could have been aligned.
    TEMPORARY_ERROR = "message/temporary-error", Warning, rfc(7489, "6.6.2"), [mechanism, domain, author];
    /// More signatures than are looked at.
    MANY_SIGNATURES = "message/many-signatures", Warning, rfc(6376, "8.4"), [count, limit];

    /// The message passes.
    PASS = "message/pass", Notice, rfc(9989, "5.3.5"), [author, mechanisms];
    /// The message fails.
    FAIL = "message/fail", Warning, rfc(9989, "5.3.5"), [author, requested];
    /// DMARC does not apply.
    NONE = "message/none", Notice, rfc(9989, "5.3.2"), [author];
    /// No verdict because of a failure that may pass.
    TEMPERROR = "message/temperror", Warning, rfc(9989, "5.3.6"), [author];
    /// No verdict because of the record.
    PERMERROR = "message/permerror", Error, rfc(9989, "9.2"), [author];
    /// No verdict because of facts that are missing here.
    UNDETERMINED = "message/undetermined", Warning, rfc(9989, "5.3"), [author];
    /// The receiver does something else than what is requested.
    OVERRIDDEN = "message/overridden", Notice, rfc(9989, "7.4"), [reason, requested, applied];
}

/// The steps of an evaluation, of a message with `signatures` signatures.
pub(super) fn of(evaluated: &Evaluated, signatures: usize) -> Vec<Diagnostic> {
    let mut steps = vec![AUTHOR.anywhere().arg("author", evaluated.author.to_string())];
    record(evaluated, &mut steps);
    if let Some(asked) = &evaluated.policy {
        policy(evaluated, asked, &mut steps);
    }
    match &evaluated.spf {
        Some(spf) => steps.push(identifier("SPF", "aspf", spf, evaluated)),
        None => steps.push(NOT_CHECKED.anywhere().arg("mechanism", "SPF")),
    }
    if evaluated.dkim.is_empty() {
        steps.push(NOT_CHECKED.anywhere().arg("mechanism", "DKIM"));
    }
    for dkim in &evaluated.dkim {
        steps.push(identifier("DKIM", "adkim", dkim, evaluated));
    }
    if signatures > evaluated.dkim.len() {
        steps.push(MANY_SIGNATURES.anywhere().arg("count", signatures).arg("limit", SIGNATURES));
    }
    steps.push(result(evaluated));
    overridden(evaluated, &mut steps);
    steps
}

/// Which record holds, or why none does.
fn record(evaluated: &Evaluated, steps: &mut Vec<Diagnostic>) {
    let author = evaluated.author.to_string();
    for location in &evaluated.discovered.visited {
        if let LocationState::Several { count } = location.state {
            let domain = location.name.to_string();
            steps.push(SEVERAL_RECORDS.anywhere().arg("domain", domain).arg("count", count));
        }
    }
    match &evaluated.discovered.discovery {
        Discovery::Record(found) => {
            steps.push(place(found, &author));
            let domain = found.policy_domain.to_string();
            match found.record.verdict() {
                Verdict::Unusable | Verdict::NotARecord => {
                    steps.push(UNUSABLE_RECORD.anywhere().arg("domain", domain));
                }
                Verdict::ActsAsNone => steps.push(ACTS_AS_NONE.anywhere().arg("domain", domain)),
                Verdict::Usable => {}
            }
        }
        Discovery::NoRecord => steps.push(NO_RECORD.anywhere().arg("author", author)),
        Discovery::SeveralRecords { .. } => {}
        Discovery::Failed { name, reason } => {
            steps.push(LOOKUP_FAILED.anywhere().arg("name", name.to_string()).arg("reason", reason.as_str()));
        }
        Discovery::NotKnown { name } => {
            steps.push(NOT_KNOWN.anywhere().arg("name", name.to_string()));
        }
    }
}

fn place(found: &Found, author: &str) -> Diagnostic {
    let domain = found.policy_domain.to_string();
    match found.found_at {
        FoundAt::Domain => OWN_RECORD.anywhere().arg("author", author),
        FoundAt::OrganizationalDomain => {
            ORGANIZATION_RECORD.anywhere().arg("author", author).arg("domain", domain)
        }
        FoundAt::PublicSuffixDomain => SUFFIX_RECORD.anywhere().arg("author", author).arg("domain", domain),
    }
}

/// What the record asks for a message that fails.
fn policy(evaluated: &Evaluated, asked: &Asked, steps: &mut Vec<Diagnostic>) {
    let Some(found) = evaluated.discovered.found() else { return };
    if evaluated.discovered.existence == Some(Existence::DoesNotExist) {
        steps.push(NO_SUCH_AUTHOR.anywhere().arg("author", evaluated.author.to_string()));
    }
    let published = asked.published.as_str();
    let requested = asked.requested.as_str();
    steps.push(
        POLICY
            .anywhere()
            .arg("policy", published)
            .arg("tag", asked.tag.as_str())
            .arg("domain", found.policy_domain.to_string()),
    );
    match asked.reason {
        Some(ReasonKind::PolicyTestMode) => {
            steps.push(TEST_MODE.anywhere().arg("policy", published).arg("requested", requested));
        }
        Some(ReasonKind::SampledOut) => {
            let pct = asked.pct.unwrap_or(100);
            let step = SAMPLED_OUT.anywhere().arg("pct", pct);
            steps.push(step.arg("policy", published).arg("requested", requested));
        }
        _ => {}
    }
}

/// What SPF or one signature means for the author.
fn identifier(mechanism: &str, tag: &str, judged: &Judged, evaluated: &Evaluated) -> Diagnostic {
    let result = judged.identifier.result;
    let Some(domain) = judged.identifier.domain.as_ref().map(ToString::to_string) else {
        return NO_DOMAIN.anywhere().arg("mechanism", mechanism).arg("result", result.as_str());
    };
    let author = evaluated.author.to_string();
    let about = |rule: &'static crate::diagnostics::Rule| {
        rule.anywhere().arg("mechanism", mechanism).arg("domain", domain.as_str())
    };
    let aligned = match (&judged.aligned, result) {
        (Some(aligned), AuthResult::Pass) => aligned,
        (Some(aligned), _) if aligned.is_aligned() == Some(true) => {
            return about(&TEMPORARY_ERROR).arg("author", author);
        }
        (Some(aligned @ Aligned::Open { .. }), _) => aligned,
        (None, AuthResult::Pass) => return about(&NOT_COMPARED),
        _ => return about(&NO_PASS).arg("result", result.as_str()),
    };
    match aligned {
        Aligned::Identical => about(&IDENTICAL),
        Aligned::SameOrganization { organizational_domain: Some(organization) } => {
            about(&SAME_ORGANIZATION).arg("author", author).arg("organization", organization.to_string())
        }
        Aligned::SameOrganization { organizational_domain: None } => about(&RELATED).arg("author", author),
        Aligned::Strict => about(&STRICT).arg("author", author).arg("tag", tag),
        Aligned::OtherOrganization { organizational_domain: Some(organization), author: Some(of_author) } => {
            about(&OTHER_ORGANIZATION)
                .arg("author", author)
                .arg("organization", organization.to_string())
                .arg("author_organization", of_author.to_string())
        }
        Aligned::OtherOrganization { .. } => about(&UNRELATED).arg("author", author),
        Aligned::Open { name, failure: Some(reason) } => about(&ALIGNMENT_FAILED)
            .arg("author", author)
            .arg("name", name.to_string())
            .arg("reason", reason.as_str()),
        Aligned::Open { name, failure: None } => {
            about(&ALIGNMENT_NOT_KNOWN).arg("author", author).arg("name", name.to_string())
        }
    }
}

fn result(evaluated: &Evaluated) -> Diagnostic {
    let about =
        |rule: &'static crate::diagnostics::Rule| rule.anywhere().arg("author", evaluated.author.to_string());
    match evaluated.result {
        Some(DmarcResult::Pass) => {
            let aligned = [("SPF", evaluated.spf_aligned()), ("DKIM", evaluated.dkim_aligned())];
            let mechanisms = aligned.iter().filter(|(_, aligned)| *aligned == Some(true));
            about(&PASS).arg("mechanisms", mechanisms.map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>())
        }
        Some(DmarcResult::Fail) => about(&FAIL).arg("requested", evaluated.disposition.requested.as_str()),
        Some(DmarcResult::None) => about(&NONE),
        Some(DmarcResult::Temperror) => about(&TEMPERROR),
        Some(DmarcResult::Permerror) => about(&PERMERROR),
        None => about(&UNDETERMINED),
    }
}

fn overridden(evaluated: &Evaluated, steps: &mut Vec<Diagnostic>) {
    let disposition = &evaluated.disposition;
    let own = |kind: ReasonKind| !matches!(kind, ReasonKind::PolicyTestMode | ReasonKind::SampledOut);
    if let Some(reason) = disposition.reasons.iter().rev().find(|reason| own(reason.kind)) {
        steps.push(
            OVERRIDDEN
                .anywhere()
                .arg("reason", reason.kind.as_str())
                .arg("requested", disposition.requested.as_str())
                .arg("applied", disposition.applied.as_str()),
        );
    }
}
