//! What a directive stands for, whatever its spelling, and which directives say nothing new.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::terms::{Directive, DomainSpec, Mechanism, Qualifier};

/// A mechanism apart from its spelling.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub(super) enum Meaning {
    /// Addresses.
    Range(Range),
    /// Anything that depends on DNS, in one spelling.
    Other(String),
}

/// Addresses of one family, by their first and last one.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub(super) struct Range {
    family: u8,
    first: u128,
    last: u128,
}

impl Range {
    /// Whether it holds all addresses of another one.
    pub(super) fn holds(&self, other: &Self) -> bool {
        self.family == other.family && self.first <= other.first && other.last <= self.last
    }
}

impl Meaning {
    pub(super) fn of(mechanism: &Mechanism) -> Self {
        match mechanism {
            Mechanism::Ip4(network) => Self::Range(Range {
                family: 4,
                first: u32::from(network.first()).into(),
                last: u32::from(network.last()).into(),
            }),
            Mechanism::Ip6(network) => {
                Self::Range(Range { family: 6, first: network.first().into(), last: network.last().into() })
            }
            other => Self::Other(spelling(other)),
        }
    }
}

fn spelling(mechanism: &Mechanism) -> String {
    let mut text = mechanism.name().to_owned();
    if let Some(domain) = mechanism.domain() {
        text.push(':');
        text.push_str(&domain_spelling(domain));
    }
    if let Mechanism::A(_, cidr) | Mechanism::Mx(_, cidr) = mechanism {
        // Writing to a String cannot fail.
        let _ = write!(text, "/{}//{}", cidr.ip4_length(), cidr.ip6_length());
    }
    text
}

/// A domain-spec with its literals in lower case and without a final dot; the case of a macro
/// letter has a meaning (RFC 7208, 7.3).
pub(super) fn domain_spelling(domain: &DomainSpec) -> String {
    let string = domain.as_macro_string();
    let mut text = String::with_capacity(string.as_str().len());
    let mut done = 0;
    for (place, _) in string.placed_macros() {
        text.push_str(&string.as_str().get(done..place.start).unwrap_or_default().to_ascii_lowercase());
        text.push_str(string.as_str().get(place.clone()).unwrap_or_default());
        done = place.end;
    }
    text.push_str(&string.as_str().get(done..).unwrap_or_default().to_ascii_lowercase());
    if string.is_literal() && text.ends_with('.') {
        text.pop();
    }
    text
}

/// Why a directive changes nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Redundant {
    /// The same mechanism stands before it.
    DuplicateOf(usize),
    /// A range before it holds all of it, or one behind it does with the same result.
    Within(usize),
}

/// For each directive, in order, why it could be left out.
pub(super) fn redundant(directives: &[&Directive]) -> Vec<Option<Redundant>> {
    let meanings: Vec<Meaning> = directives.iter().map(|found| Meaning::of(&found.mechanism)).collect();
    let holders = holders(&meanings);
    // What stands before it already: such a directive never matches, whatever its qualifier.
    let mut seen: BTreeMap<&Meaning, usize> = BTreeMap::new();
    let mut result: Vec<Option<Redundant>> = Vec::with_capacity(directives.len());
    for ((index, meaning), around) in meanings.iter().enumerate().zip(&holders) {
        let first = *seen.entry(meaning).or_insert(index);
        let before = around.iter().find(|wider| **wider < index).map(|wider| Redundant::Within(*wider));
        result.push(before.or_else(|| (first != index).then_some(Redundant::DuplicateOf(first))));
    }
    // What comes behind it, with nothing of another qualifier between that could match.
    let runs = qualifier_runs(directives, &result);
    for ((index, around), slot) in holders.iter().enumerate().zip(result.iter_mut()) {
        if !matches!(slot, Some(Redundant::Within(_))) {
            let same_run = |wider: &&usize| runs.get(**wider) == runs.get(index);
            *slot = around.iter().find(same_run).map(|wider| Redundant::Within(*wider)).or(*slot);
        }
    }
    result
}

/// For each range the wider ones that hold it, the narrowest first.
fn holders(meanings: &[Meaning]) -> Vec<Vec<usize>> {
    let mut ranges: Vec<(Range, usize)> = meanings
        .iter()
        .enumerate()
        .filter_map(
            |(index, meaning)| if let Meaning::Range(range) = meaning { Some((*range, index)) } else { None },
        )
        .collect();
    // Prefixes lie within each other or apart: sorted by first address, the widest first, those
    // that hold a range are on a stack when it comes. There are at most 128 prefix lengths.
    ranges.sort_by_key(|(range, index)| (range.family, range.first, std::cmp::Reverse(range.last), *index));
    let mut result: Vec<Vec<usize>> = vec![Vec::new(); meanings.len()];
    let mut stack: Vec<(Range, usize)> = Vec::new();
    for (range, index) in ranges {
        while stack.last().is_some_and(|(wider, _)| !wider.holds(&range)) {
            stack.pop();
        }
        if let Some(slot) = result.get_mut(index) {
            slot.extend(stack.iter().rev().filter(|(wider, _)| *wider != range).map(|(_, index)| *index));
        }
        // Of equal ranges the first stands for all.
        if stack.last().is_none_or(|(wider, _)| *wider != range) {
            stack.push((range, index));
        }
    }
    result
}

/// Numbers that are the same for directives with only one qualifier between them, where those that
/// never match do not count.
fn qualifier_runs(directives: &[&Directive], dead: &[Option<Redundant>]) -> Vec<usize> {
    let mut run = 0;
    let mut last: Option<Qualifier> = None;
    directives
        .iter()
        .zip(dead)
        .map(|(found, why)| {
            if why.is_none() {
                run += usize::from(last.is_some_and(|last| last != found.qualifier()));
                last = Some(found.qualifier());
            }
            run
        })
        .collect()
}
