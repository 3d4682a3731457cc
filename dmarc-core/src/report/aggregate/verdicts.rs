//! Whether a record agrees with itself: its verdicts with its results, its disposition with the policy.
//!
//! Only a contradiction that is certain is found. A report may hold the dispositions of several policies
//! (RFC 9990, 3.3), and a receiver may have left results out (3.1.3): nothing here is an error.

use super::alignment;
use super::build::Places;
use super::coded::{Coded, Disposition, DkimResult, PublishedPolicy, SpfResult, Testing, Verdict};
use super::log::{Log, quote};
use super::model::{AuthResults, Head, PolicyEvaluated, PolicyPublished, Record};
use super::rules;
use crate::diagnostics::Rule;

/// Checks a whole record, whose alignment was worked out.
pub(super) fn check(record: &Record, head: &Head, log: &mut Log, at: Places<'_>) {
    if record.alignment.is_subdomain == Some(false)
        && let Some(domain) = head.policy.as_ref().and_then(|policy| policy.domain.as_deref())
        && let Some(author) = record.header_from()
        && !alignment::is_same(author, domain)
    {
        log.add(
            &rules::OUTSIDE_POLICY_DOMAIN,
            || at.event(),
            |found| found.arg("domain", quote(author)).arg("policy_domain", quote(domain)),
        );
    }
    let Some(evaluated) = &record.policy_evaluated else { return };
    if let Some(results) = &record.auth_results {
        let passed = |passed: bool, aligned| Judged { passed, aligned };
        let is = |found: Option<&'static Rule>, element, log: &mut Log| {
            if let Some(rule) = found {
                log.add(rule, || at.event(), |found| found.arg("element", element));
            }
        };
        let (dkim, spf) = passes(results);
        is(passed(dkim, record.alignment.dkim).contradicts(evaluated.dkim.as_ref()), "dkim", log);
        is(passed(spf, record.alignment.spf).contradicts(evaluated.spf.as_ref()), "spf", log);
    }
    disposition(record, evaluated, head.policy.as_ref(), log, at);
}

/// Whether any signature passed, and whether any SPF check did.
fn passes(results: &AuthResults) -> (bool, bool) {
    let dkim = |result: &Coded<DkimResult>| result.value() == DkimResult::Pass;
    let spf = |result: &Coded<SpfResult>| result.value() == SpfResult::Pass;
    (
        results.dkim.iter().any(|one| one.result.as_ref().is_some_and(dkim)),
        results.spf.iter().any(|one| one.result.as_ref().is_some_and(spf)),
    )
}

/// What the results of one mechanism come to.
struct Judged {
    /// Whether any passed.
    passed: bool,
    /// Whether any passed and is aligned.
    aligned: Option<bool>,
}

impl Judged {
    /// RFC 9990, 3.1.1.9: a verdict is "pass" only for what is authenticated and aligned.
    fn contradicts(&self, verdict: Option<&Coded<Verdict>>) -> Option<&'static Rule> {
        match (verdict.map(Coded::value)?, self.aligned) {
            (Verdict::Pass, _) if !self.passed => Some(&rules::UNFOUNDED_PASS),
            (Verdict::Pass, Some(false)) => Some(&rules::UNALIGNED_PASS),
            (Verdict::Fail, Some(true)) => Some(&rules::UNFOUNDED_FAIL),
            _ => None,
        }
    }
}

/// How strong a disposition is, or a policy; `None` for one that is not understood.
const fn strength(policy: PublishedPolicy) -> Option<u8> {
    match policy {
        PublishedPolicy::None => Some(0),
        PublishedPolicy::Quarantine => Some(1),
        PublishedPolicy::Reject => Some(2),
        PublishedPolicy::Unknown => None,
    }
}

/// The policies that may apply to a record: the weakest and the strongest of them.
fn asked(policy: &PolicyPublished, is_subdomain: bool) -> Option<(u8, u8)> {
    let read = |coded: Option<&Coded<PublishedPolicy>>| match coded {
        // An empty one is as none at all.
        Some(coded) if !coded.raw().is_empty() => Some(strength(coded.value())),
        _ => None,
    };
    let p = read(policy.p.as_ref())??;
    let (mut weakest, mut strongest) = (p, p);
    if is_subdomain {
        // RFC 9989, 4.7: `np` is for names that do not exist, else `sp`; each defaults to the one before.
        let sp = read(policy.sp.as_ref()).unwrap_or(Some(p))?;
        let np = read(policy.np.as_ref()).unwrap_or(Some(sp))?;
        (weakest, strongest) = (sp.min(np), sp.max(np));
    }
    let is_tested = policy.testing.as_ref().is_some_and(|testing| testing.value() != Testing::No);
    let is_sampled = policy.pct.as_ref().is_some_and(|pct| pct.value != Some(100) && !pct.raw.is_empty());
    if is_tested || is_sampled {
        // RFC 9989, 4.7 (`t`), and RFC 7489, 6.6.4 (`pct`): one level below, for some of the mail or for all.
        weakest = weakest.saturating_sub(1);
    }
    Some((weakest, strongest))
}

fn disposition(
    record: &Record,
    evaluated: &PolicyEvaluated,
    policy: Option<&PolicyPublished>,
    log: &mut Log,
    at: Places<'_>,
) {
    let Some(disposition) = evaluated.disposition.as_ref().map(Coded::value) else { return };
    let verdicts = [evaluated.dkim.as_ref(), evaluated.spf.as_ref()].map(|coded| coded.map(Coded::value));
    let passed = verdicts.contains(&Some(Verdict::Pass));
    let failed = verdicts == [Some(Verdict::Fail), Some(Verdict::Fail)];
    let applied = match disposition {
        Disposition::Pass if failed => {
            return log.add(&rules::UNFOUNDED_DISPOSITION, || at.event(), |found| found);
        }
        Disposition::None => 0,
        Disposition::Quarantine => 1,
        Disposition::Reject => 2,
        Disposition::Pass | Disposition::Unknown => return,
    };
    // RFC 9990, 3.1.1.9: a reason tells why something else was done.
    if !evaluated.reasons.is_empty() {
        return;
    }
    let add = |log: &mut Log, rule: &'static Rule| {
        log.add(rule, || at.event(), |found| found.arg("disposition", disposition.to_string()));
    };
    if passed {
        if applied > 0 {
            add(log, &rules::ENFORCED_DESPITE_PASS);
        }
        return;
    }
    let Some(policy) = policy else { return };
    let is_subdomain = record.alignment.is_subdomain;
    // Of another domain, or of none that can be read, nobody knows which policy applies.
    let is_of_policy = is_subdomain == Some(true)
        || record
            .header_from()
            .zip(policy.domain.as_deref())
            .is_some_and(|(one, other)| alignment::is_same(one, other));
    let Some((weakest, strongest)) = asked(policy, is_subdomain == Some(true)).filter(|_| is_of_policy)
    else {
        return;
    };
    if applied > strongest {
        add(log, &rules::BEYOND_POLICY);
    } else if failed && applied < weakest {
        add(log, &rules::SHORT_OF_POLICY);
    }
}
