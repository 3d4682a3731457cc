//! What is to say about a policy as a whole.

use super::ends::Cause;
use super::policies::PolicyState;
use super::rules::{
    BROKEN_TARGET, LOOKUP_LIMIT, LOOKUP_SUM, MAIL_HOST_LIMIT, NEAR_LOOKUP_LIMIT, NO_RECORD, POLICY_FAILED,
    POLICY_LOOP, REPEATED_TARGET, TARGET_WITHOUT_RECORD, VOID_LIMIT, VOID_TERM,
};
use super::sets::Family;
use super::tree::{Again, PolicyNode, TermNode, voids};
use super::{Analysis, Conventions, Interval};
use crate::diagnostics::{Diagnostic, Span, Subject};
use crate::name::DomainName;
use crate::spf::record::Record;

/// A count is near the limit from here on: one more sender with three lookups of its own, as mail
/// services have, would break the policy.
const NEAR: u32 = 3;

/// Findings with the text that each span is about.
pub(super) fn findings(analysis: &Analysis, tree: &PolicyNode) -> Vec<(Diagnostic, Vec<u8>)> {
    let mut found = Vec::new();
    let root = &analysis.domain;
    let subject =
        |index| Subject { name: Some(root.to_string()), record_type: Some("TXT".to_owned()), index };
    for diagnostic in Record::select(analysis.policies.texts()).diagnostics {
        let index = diagnostic.subject.as_ref().and_then(|subject| subject.index);
        let text = index.and_then(|index| analysis.policies.texts().get(index)).cloned().unwrap_or_default();
        found.push((diagnostic.about(subject(index)), text));
    }
    match analysis.policies.state(root) {
        PolicyState::None => {
            found.push((NO_RECORD.anywhere().arg("domain", root.to_string()), Vec::new()));
        }
        PolicyState::Record(record) => counts(analysis, record, &mut found),
        _ => {}
    }
    for (name, state) in analysis.policies.iter() {
        if let PolicyState::Failed { reason } = state {
            let failed = POLICY_FAILED.anywhere().arg("name", name.to_string());
            found.push((failed.arg("reason", reason.as_str()).about(about(name)), Vec::new()));
        }
    }
    walk(analysis, tree, &mut found);
    found.sort_by(|(one, _), (other, _)| {
        // The domain's own record first, the others by name.
        let away = |found: &Diagnostic| {
            found.subject.as_ref().is_some_and(|about| about.name.as_deref() != Some(root.as_str()))
        };
        (away(one), &one.subject, one.span, one.rule.code).cmp(&(
            away(other),
            &other.subject,
            other.span,
            other.rule.code,
        ))
    });
    found
}

fn about(name: &DomainName) -> Subject {
    Subject { name: Some(name.to_string()), record_type: Some("TXT".to_owned()), index: None }
}

/// The limits, each once: for the family that needs more.
fn counts(analysis: &Analysis, record: &Record, found: &mut Vec<(Diagnostic, Vec<u8>)>) {
    let conventions = &analysis.conventions;
    let mut push = |diagnostic: Diagnostic| {
        found.push((diagnostic.about(about(&analysis.domain)), record.as_octets().to_vec()));
    };
    let dearest = |pick: fn(&Interval) -> Option<u32>| {
        Family::ALL
            .into_iter()
            .filter_map(|family| Some((pick(analysis.interval(family))?, family)))
            // Of equals the first one, as people think of IPv4 first.
            .reduce(|one, other| if other.0 > one.0 { other } else { one })
    };
    let most = dearest(|interval| interval.most);
    // What is found in the record alone knows the limit of the standard, and no other.
    let static_sum = record.lookup_terms() > Conventions::default().lookups as usize;
    match most {
        // The record alone is over the limit: it has its own finding.
        Some((count, _)) if count > conventions.lookups && static_sum => {}
        Some((count, family)) if count > conventions.lookups => {
            let at = term_of(analysis, Cause::LookupLimit, record);
            push(
                at.map_or_else(|| LOOKUP_LIMIT.anywhere(), |span| LOOKUP_LIMIT.at(span))
                    .arg("count", count)
                    .arg("limit", conventions.lookups)
                    .arg("family", family.as_str()),
            );
        }
        Some((count, _)) if analysis.sum.is_some_and(|sum| sum > conventions.lookups.into()) => {
            let sum = analysis.sum.unwrap_or_default();
            push(LOOKUP_SUM.anywhere().arg("sum", sum).arg("limit", conventions.lookups).arg("most", count));
        }
        Some((count, _)) if count.saturating_add(NEAR) > conventions.lookups => {
            push(NEAR_LOOKUP_LIMIT.anywhere().arg("count", count).arg("limit", conventions.lookups));
        }
        _ => {}
    }
    if let Some((count, family)) =
        dearest(|interval| interval.most_voids).filter(|(count, _)| *count > conventions.voids)
    {
        let at = term_of(analysis, Cause::VoidLimit, record);
        push(
            at.map_or_else(|| VOID_LIMIT.anywhere(), |span| VOID_LIMIT.at(span))
                .arg("count", count)
                .arg("limit", conventions.voids)
                .arg("family", family.as_str()),
        );
    }
}

/// The term of the domain's own record by which evaluations end for a cause.
fn term_of(analysis: &Analysis, cause: Cause, record: &Record) -> Option<Span> {
    let ends = Family::ALL.into_iter().flat_map(|family| analysis.surface(family).ends());
    let first =
        ends.filter(|(_, end, _)| end.cause == cause).filter_map(|(_, end, _)| end.steps.first()).min()?;
    record.terms().get(first.term).map(|term| term.span)
}

/// What is to say about each term, in the order of the tree.
fn walk(analysis: &Analysis, node: &PolicyNode, found: &mut Vec<(Diagnostic, Vec<u8>)>) {
    let Some(record) = analysis.policies.state(&node.name).record() else { return };
    for (term, shown) in record.terms().iter().zip(&node.terms) {
        let mut push = |diagnostic: Diagnostic| {
            let diagnostic = diagnostic.about(about(&node.name));
            found.push((diagnostic, record.as_octets().to_vec()));
        };
        let text = shown.text.as_str();
        if !shown.reached {
            continue;
        }
        let [ipv4, ipv6] = Family::ALL
            .map(|family| voids(term, &node.name, family, &analysis.policies, &analysis.conventions));
        // A name with addresses of one family alone is no mistake; one without any is. What an
        // include finds has a finding of its own.
        let both = ipv4.iter().find(|(name, _)| ipv6.iter().any(|(other, _)| other == name));
        if let Some((name, _)) = both.filter(|_| shown.policies.is_empty()) {
            push(VOID_TERM.at(shown.span).arg("term", text).arg("name", name.to_string()));
        }
        let limit = analysis.conventions.mx_hosts;
        if let Some(count) = shown.mail_hosts.filter(|count| *count > limit as usize) {
            push(MAIL_HOST_LIMIT.at(shown.span).arg("term", text).arg("count", count).arg("limit", limit));
        }
        for policy in &shown.policies {
            targets(analysis, shown, policy, &mut push);
        }
        for policy in &shown.policies {
            walk(analysis, policy, found);
        }
    }
}

fn targets(analysis: &Analysis, term: &TermNode, policy: &PolicyNode, push: &mut impl FnMut(Diagnostic)) {
    let name = policy.name.to_string();
    let at = |rule: &'static crate::diagnostics::Rule| {
        rule.at(term.span).arg("term", term.text.as_str()).arg("name", name.as_str())
    };
    match analysis.policies.state(&policy.name) {
        PolicyState::None => push(at(&TARGET_WITHOUT_RECORD)),
        PolicyState::Several { .. } => push(at(&BROKEN_TARGET)),
        PolicyState::Record(record) if !record.is_usable() => push(at(&BROKEN_TARGET)),
        _ => {}
    }
    match policy.again {
        Some(Again::Loop) => push(at(&POLICY_LOOP)),
        Some(Again::Diamond) => {
            if let Some(count) = policy.lookups {
                push(at(&REPEATED_TARGET).arg("count", count.saturating_add(1)));
            }
        }
        // The record that names it twice has a finding of its own.
        Some(Again::Duplicate) | None => {}
    }
}
