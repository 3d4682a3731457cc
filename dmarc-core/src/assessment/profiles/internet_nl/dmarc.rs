//! DMARC: a record in its closed grammar, and a policy that is active.

use super::grammar::{self, Policy, Record};
use super::{Seen, Texts, beside, by};
use crate::assessment::profile::{Evidence, RuleVerdict, Ruling};
use crate::assessment::profile_rules::{
    NL_BELOW, NL_DESTINATION, NL_INHERITED, NL_PARTIAL, NL_SYNTAX, NL_TESTING,
};
use crate::assessment::profiles::Facts;
use crate::assessment::profiles::evidence::{partial, policies, policy_is_settled};
use crate::assessment::rules::{NO_DMARC, POLICY_NONE};
use crate::dmarc;
use crate::dmarc::external::Authorization;
use crate::name::DomainName;
use crate::text::lossy;

/// Whether it takes a text for a DMARC record: "the only TXT whose lower-cased text begins `v=dmarc1`".
pub(super) fn begins(text: &[u8]) -> bool {
    text.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"v=dmarc1"))
}

/// What it finds.
enum State<'a> {
    /// A record, and whether it is that of the organizational domain.
    Record(&'a [u8], bool),
    /// None, or several.
    None,
    /// It cannot be looked up here.
    Unknown,
}

fn found<'a>(facts: &'a Facts<'_>) -> State<'a> {
    let Some(seen) = &facts.report.internet_nl else { return State::Unknown };
    match (of(&seen.own), &seen.organization) {
        (Some(texts), _) if !texts.is_empty() => one(&texts, false),
        (None, _) => State::Unknown,
        (Some(_), Some((_, texts))) => match of(texts) {
            Some(texts) => one(&texts, true),
            None => State::Unknown,
        },
        (Some(_), None) if seen.suffix_unknown => State::Unknown,
        (Some(_), None) => State::None,
    }
}

/// The texts that it takes for records; `None` if it is not known what stands there.
fn of(texts: &Texts) -> Option<Vec<&[u8]>> {
    let all = texts.records().map(Vec::as_slice).unwrap_or_default();
    texts.is_settled().then(|| all.iter().map(Vec::as_slice).filter(|text| begins(text)).collect())
}

fn one<'a>(texts: &[&'a [u8]], inherited: bool) -> State<'a> {
    match texts {
        [text] => State::Record(text, inherited),
        _ => State::None,
    }
}

fn evidence(facts: &Facts<'_>) -> Vec<Evidence> {
    let shown = |name: &DomainName, texts: &Texts| {
        let subject = format!("_dmarc.{name} TXT");
        match texts.records() {
            Some(texts) => {
                texts.iter().map(|text| Evidence::dns(subject.clone(), lossy(text))).collect::<Vec<_>>()
            }
            None => vec![Evidence::dns(subject, texts.status())],
        }
    };
    let Some(Seen { own, organization, .. }) = &facts.report.internet_nl else { return Vec::new() };
    let above = organization.iter().flat_map(|(name, texts)| shown(name, texts));
    shown(&facts.report.domain, own).into_iter().chain(above).collect()
}

/// By the RFCs, whether a record with a usable policy applies; `None` if that is not known.
fn applies(facts: &Facts<'_>) -> Option<bool> {
    policy_is_settled(facts.report).then(|| facts.report.discovered.policy().is_some())
}

fn ours(met: Option<bool>) -> RuleVerdict {
    met.map_or(RuleVerdict::Undetermined, by)
}

/// A record, that its grammar reads.
pub(super) fn existence(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    let theirs = match found(facts) {
        State::Unknown => None,
        State::None => Some(false),
        State::Record(text, ..) => Some(grammar::read(text).is_some()),
    };
    let applies = applies(facts);
    let Some(met) = theirs else {
        return beside(Ruling::undetermined(["dns:dmarc"]).with(evidence(facts)), ours(applies));
    };
    let mut ruling = Ruling::new(by(met)).with(evidence(facts));
    if let (State::Record(text, ..), false) = (found(facts), met) {
        ruling = ruling.because(NL_SYNTAX.anywhere().arg("text", lossy(text)));
    } else if !met {
        ruling = ruling.because(NO_DMARC.anywhere().arg("domain", report.domain.to_string()));
    }
    if applies == Some(!met) && !matches!(found(facts), State::Record(..) if !met) {
        let theirs = if met { "record" } else { "none" };
        let reason = NL_INHERITED.anywhere().arg("domain", report.domain.to_string());
        ruling = ruling.because(reason.arg("theirs", theirs));
    }
    beside(ruling, ours(applies))
}

/// The policy that it reads: `p` of an own record, `sp` of one that is inherited, lowered in test mode.
fn read<'a>(facts: &'a Facts<'_>) -> Option<(Option<(Policy, Record)>, State<'a>)> {
    let state = found(facts);
    let read = match &state {
        State::Unknown => return None,
        State::None => None,
        State::Record(text, inherited) => grammar::read(text).map(|record| {
            let asked = if *inherited { record.sp.unwrap_or(record.p) } else { record.p };
            (if record.testing { asked.lowered() } else { asked }, record)
        }),
    };
    Some((read, state))
}

/// A policy of `quarantine` or `reject`.
pub(super) fn policy(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    let strict = |policy: &dmarc::discovery::Requested| policy.applied > dmarc::Policy::None;
    let ours = ours(
        policy_is_settled(report)
            .then(|| policies(report).iter().all(|(_, policy)| policy.as_ref().is_some_and(strict))),
    );
    let Some((read, _)) = read(facts) else {
        return beside(Ruling::undetermined(["dns:dmarc"]).with(evidence(facts)), ours);
    };
    let Some((policy, record)) = read else {
        let reason = NO_DMARC.anywhere().arg("domain", report.domain.to_string());
        let ruling = Ruling::new(RuleVerdict::Fail).with(evidence(facts)).because(reason);
        return beside(ruling, ours);
    };
    let met = policy > Policy::None;
    let mut ruling = Ruling::new(by(met)).with(evidence(facts));
    if record.testing {
        ruling = ruling.because(NL_TESTING.anywhere().arg("policy", policy.as_str()));
    } else if !met {
        ruling = ruling.because(POLICY_NONE.anywhere().arg("scope", "self").arg("tag", "p"));
    }
    if met {
        let [_, below @ ..] = policies(report);
        let weaker = below.iter().filter_map(|(_, policy)| policy.as_ref()).find(|policy| !strict(policy));
        if let Some(weaker) = weaker {
            let reason = NL_BELOW.anywhere().arg("tag", weaker.tag).arg("policy", weaker.policy.as_str());
            ruling = ruling.because(reason);
        }
        if let Some(pct) = record.pct.filter(|pct| *pct < 100 && partial(report).is_some()) {
            ruling = ruling.because(NL_PARTIAL.anywhere().arg("pct", u64::from(pct)));
        }
        // Only looked at if the policy passes, and never worse than a notice.
        let refused = report.destinations.iter().find(|one| {
            matches!(one.authorization, Authorization::NotAuthorized | Authorization::OverrideElsewhere)
        });
        if let Some(one) = refused {
            ruling.verdict = RuleVerdict::Warn;
            ruling = ruling.because(NL_DESTINATION.anywhere().arg("uri", one.uri.as_str()));
        }
    }
    beside(ruling, ours)
}

/// Whether it takes the policy for one that lets no mail through; then it does not ask for DKIM.
pub(super) fn rejects(facts: &Facts<'_>) -> bool {
    match found(facts) {
        State::Record(text, inherited) => grammar::read(text).is_some_and(|record| match inherited {
            true => record.sp.unwrap_or(record.p) == Policy::Reject,
            false => record.p == Policy::Reject,
        }),
        _ => false,
    }
}
