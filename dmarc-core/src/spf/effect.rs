//! What a fix does to the policy that receivers act on.
//!
//! Two texts are compared by the result that each mechanism leads to, before and after, and by the
//! result of whoever no mechanism matches. From loose to strict: pass, neutral, softfail, fail.
//!
//! - A text without a usable record gives neither pass nor fail, so that it ranks with neutral:
//!   mending `v=spf1 –all` is stricter, mending a record that lists senders and ends in `-all` is
//!   mixed, since its senders pass from then on and all others fail.
//! - A mechanism that the other text does not have gives there what its default gives; a range
//!   gives what the range around it gives.
//! - The target of a `redirect` is not known here: against it, pass counts as looser, fail as
//!   stricter, the rest as mixed.
//! - Directives that are never reached, or say nothing new, do not count.

use std::collections::BTreeMap;

use super::ranges::{Meaning, domain_spelling, redundant};
use super::record::Record;
use super::terms::{Directive, Mechanism, Qualifier};
use crate::diagnostics::{Diagnostic, Effect};

/// Fixes whose effect is computed. Each costs a reading of the whole record, and nobody applies
/// hundreds of fixes to one record by hand; the effect of the others stays open.
const COMPUTED: usize = 100;

/// Computes the effect of every fix.
pub(super) fn compute(octets: &[u8], diagnostics: &mut [Diagnostic]) {
    let before = Policy::of(octets);
    for fix in diagnostics.iter_mut().filter_map(|found| found.fix.as_mut()).take(COMPUTED) {
        fix.effect = Some(between(&before, &Policy::of(&fix.apply(octets))));
    }
}

/// What a record gives to whom.
struct Policy {
    /// Mechanisms that count, in order.
    order: Vec<(Meaning, Qualifier)>,
    results: BTreeMap<Meaning, Qualifier>,
    default: Default,
}

/// What is given to whoever no mechanism matches.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Default {
    Result(Qualifier),
    Redirect(String),
}

impl Policy {
    fn of(octets: &[u8]) -> Self {
        let Some(record) = Record::read(octets).filter(Record::is_usable) else {
            return Self {
                order: Vec::new(),
                results: BTreeMap::new(),
                default: Default::Result(Qualifier::Neutral),
            };
        };
        let directives: Vec<&Directive> = record
            .directives()
            .map(|(_, directive)| directive)
            .filter(|directive| directive.mechanism != Mechanism::All)
            .collect();
        let order: Vec<(Meaning, Qualifier)> = directives
            .iter()
            .zip(redundant(&directives))
            .filter(|(_, why)| why.is_none())
            .map(|(directive, _)| (Meaning::of(&directive.mechanism), directive.qualifier()))
            .collect();
        let default = match record.redirect() {
            Some(target) => Default::Redirect(domain_spelling(target)),
            // RFC 7208, 4.7: without a match and without `redirect` the result is neutral.
            None => Default::Result(record.all().unwrap_or(Qualifier::Neutral)),
        };
        Self { results: order.iter().cloned().collect(), order, default }
    }

    /// What a mechanism leads to, here or by default.
    fn result(&self, meaning: &Meaning) -> Default {
        let around = || match meaning {
            Meaning::Range(range) => self.order.iter().find_map(|(each, result)| match each {
                Meaning::Range(wider) if wider.holds(range) => Some(*result),
                _ => None,
            }),
            Meaning::Other(_) => None,
        };
        match self.results.get(meaning).copied().or_else(around) {
            Some(result) => Default::Result(result),
            None => self.default.clone(),
        }
    }
}

fn between(before: &Policy, after: &Policy) -> Effect {
    let mut effect = change(&before.default, &after.default);
    for meaning in before.results.keys().chain(after.results.keys()) {
        if effect == Effect::Mixed {
            return effect;
        }
        effect = effect.and(change(&before.result(meaning), &after.result(meaning)));
    }
    let reordered = before.order.len() == after.order.len()
        && before.order != after.order
        && before.results == after.results
        && before
            .order
            .iter()
            .any(|(_, result)| before.order.first().is_some_and(|(_, first)| first != result));
    if reordered { Effect::Mixed } else { effect }
}

fn change(before: &Default, after: &Default) -> Effect {
    match (before, after) {
        _ if before == after => Effect::None,
        (Default::Result(before), Default::Result(after)) => Effect::from(after.cmp(before)),
        (_, Default::Result(Qualifier::Pass)) | (Default::Result(Qualifier::Fail), _) => Effect::Looser,
        (_, Default::Result(Qualifier::Fail)) | (Default::Result(Qualifier::Pass), _) => Effect::Stricter,
        _ => Effect::Mixed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effect(before: &str, after: &str) -> Effect {
        between(&Policy::of(before.as_bytes()), &Policy::of(after.as_bytes()))
    }

    #[test]
    fn effects_follow_the_results_given() {
        for (before, after, expected) in [
            ("v=spf1 \u{2013}all", "v=spf1 -all", Effect::Stricter),
            ("v=spf1 a \u{2013}all", "v=spf1 a -all", Effect::Mixed),
            ("v=spf1 all.", "v=spf1 all", Effect::Looser),
            ("v=spf1 ?all.", "v=spf1 ?all", Effect::None),
            ("v=spf1 -all a", "v=spf1 -all", Effect::None),
            ("v=spf1 a a -all", "v=spf1 a -all", Effect::None),
            ("v=spf1 ip4:10.0.0.0/8 ip4:10.1.0.0/16 -all", "v=spf1 ip4:10.0.0.0/8 -all", Effect::None),
            ("v=spf1 ip4:10.0.0.0/8 -all", "v=spf1 ip4:10.1.0.0/16 -all", Effect::Stricter),
            ("v=spf1 -all", "v=spf1 mx -all", Effect::Looser),
            ("v=spf1 a", "v=spf1 a redirect=x.example.com", Effect::Mixed),
            ("v=spf1 redirect=x.example.com", "v=spf1 a redirect=x.example.com", Effect::Looser),
            ("v=spf1 a -mx ~all", "v=spf1 -mx a ~all", Effect::Mixed),
            ("v=spf1 a mx ~all", "v=spf1 mx a ~all", Effect::None),
            ("v=spf1 A:%{D}.X.example/32 ~all", "v=spf1 a:%{D}.x.example. ~all", Effect::Mixed),
            ("v=spf1 A:X.example/32 ~all", "v=spf1 a:x.example. ~all", Effect::None),
        ] {
            assert_eq!(effect(before, after), expected, "{before} -> {after}");
        }
    }
}
