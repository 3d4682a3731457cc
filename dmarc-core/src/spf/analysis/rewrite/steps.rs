//! The rewrites that remove, move or merge terms.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::{Change, Kind, Risk, Use, edit, of_record, proof, tries};
use crate::spf::analysis::ends::Outcome;
use crate::spf::analysis::matches::{network, own_cost};
use crate::spf::analysis::policies::{PolicyState, is_redirect, policy_spec, reached};
use crate::spf::analysis::sets::{AddressSet, Family};
use crate::spf::analysis::tree::{leads_to, voids};
use crate::spf::analysis::{Analysis, tree};
use crate::spf::ranges::{Redundant, redundant};
use crate::spf::record::Record;
use crate::spf::terms::{Directive, Mechanism, Term};

/// From this many lookups on, a policy is near the limit (see `spf/near-lookup-limit`).
const ROOM: u32 = 3;

/// Terms that are looked at for a move, the dearest first: who has to move more has another plan.
const MOVED: usize = 40;

/// Whether the policy is over a limit or near one, so that more than tidying is called for.
pub(super) fn is_large(analysis: &Analysis) -> bool {
    let limit = analysis.conventions.lookups;
    let most = [analysis.ipv4.most, analysis.ipv6.most];
    most.iter().any(|most| most.is_none_or(|most| most.saturating_add(ROOM) > limit))
}

/// Whether every client stays within the limits.
pub(super) fn fits(analysis: &Analysis) -> bool {
    let within = |count: Option<u32>, limit| count.is_some_and(|count| count <= limit);
    [&analysis.ipv4, &analysis.ipv6].into_iter().all(|interval| {
        within(interval.most, analysis.conventions.lookups)
            && within(interval.most_voids, analysis.conventions.voids)
    })
}

fn change(
    kind: Kind,
    analysis: &Analysis,
    record: &Record,
    terms: &BTreeSet<usize>,
    risks: Vec<Risk>,
) -> Option<Change> {
    if terms.is_empty() {
        return None;
    }
    let shown = terms.iter().filter_map(|index| record.terms().get(*index));
    Some(Change {
        kind,
        terms: shown.map(|term| edit::text(record, term)).collect(),
        left: Vec::new(),
        records: vec![(analysis.domain.clone(), edit::without(record, terms.iter().copied()))],
        risks,
    })
}

/// Never reached, written twice, within another range, or without any address.
pub(super) fn idle(analysis: &Analysis, record: &Record) -> Option<Change> {
    let reachable: BTreeSet<usize> = reached(record).map(|(index, _)| index).collect();
    let directives: Vec<(usize, &Directive)> =
        reached(record).filter_map(|(index, term)| Some((index, term.directive()?))).collect();
    let plain: Vec<&Directive> = directives.iter().map(|(_, directive)| *directive).collect();
    let mut idle: BTreeSet<usize> = directives
        .iter()
        .zip(redundant(&plain))
        .filter(|(_, why)| matches!(why, Some(Redundant::DuplicateOf(_) | Redundant::Within(_))))
        .map(|((index, _), _)| *index)
        .collect();
    let mut tries = tries(analysis);
    for (index, term) in record.terms().iter().enumerate() {
        let acts = term.directive().is_some() || is_redirect(term);
        if acts && !reachable.contains(&index)
            || reachable.contains(&index) && finds_nothing(analysis, term, &mut tries)
        {
            idle.insert(index);
        }
    }
    change(Kind::RemoveIdle, analysis, record, &idle, vec![])
}

/// Whether a term names a host or a list of hosts without an address in either family.
fn finds_nothing(analysis: &Analysis, term: &Term, tries: &mut usize) -> bool {
    let Some(directive) = term.directive() else { return false };
    let mut all_void = |family| {
        let found = voids(term, &analysis.domain, family, &analysis.policies, &analysis.conventions);
        if found.is_empty() || *tries == 0 {
            return false;
        }
        *tries -= 1;
        !matters(analysis, directive, family)
    };
    matches!(directive.mechanism, Mechanism::A(..) | Mechanism::Mx(..) | Mechanism::Exists(_))
        && Family::ALL.into_iter().all(&mut all_void)
}

/// Whether a mechanism matches any address of a family, or may.
fn matters(analysis: &Analysis, directive: &Directive, family: Family) -> bool {
    let text = format!("v=spf1 {} -all", mechanism_of(directive));
    let Some(record) = Record::read(&text) else { return true };
    let alone = of_record(analysis, record);
    let surface = alone.surface_without_limits(family);
    surface.part(Outcome::Fail) != AddressSet::all(family)
}

fn mechanism_of(directive: &Directive) -> String {
    let mechanism = &directive.mechanism;
    let mut text = mechanism.name().to_owned();
    if let Some(domain) = mechanism.domain() {
        text.push(':');
        text.push_str(domain.as_str());
    }
    if let Mechanism::A(_, cidr) | Mechanism::Mx(_, cidr) = mechanism {
        text.push_str(&cidr.to_string());
    }
    text
}

/// Includes that break the policy.
pub(super) fn broken(analysis: &Analysis, record: &Record) -> Option<Change> {
    let is_broken = |term: &Term| {
        let names = leads_to(term, &analysis.domain).unwrap_or_default();
        names.iter().any(|name| match analysis.policies.state(name) {
            PolicyState::None | PolicyState::Several { .. } => true,
            PolicyState::Record(record) => !record.is_usable(),
            _ => false,
        })
    };
    let terms = reached(record).filter(|(_, term)| is_broken(term)).map(|(index, _)| index).collect();
    change(Kind::RemoveBroken, analysis, record, &terms, vec![])
}

/// Terms that can go without a change, the dearest first, as the answers are now.
pub(super) fn covered(analysis: &Analysis, record: &Record) -> Option<Change> {
    if !proof::is_possible(analysis) {
        return None;
    }
    let mut costs: Vec<(u64, usize)> = lookups(analysis, record)
        .into_iter()
        .filter(|(_, cost)| *cost > 0)
        .map(|(index, cost)| (cost, index))
        .collect();
    costs.sort_by(|one, other| other.cmp(one));
    let mut gone = BTreeSet::new();
    for (_, index) in costs.into_iter().take(tries(analysis)) {
        let mut attempt = gone.clone();
        attempt.insert(index);
        let Some(shorter) = Record::read(edit::without(record, attempt.iter().copied())) else { continue };
        let after = of_record(analysis, shorter);
        if proof::equal(analysis, &after) == Some(true) {
            gone = attempt;
        }
    }
    change(Kind::RemoveCovered, analysis, record, &gone, vec![Risk::AnswersChange])
}

/// What each reached term costs, with everything below it; what has no end costs most.
pub(super) fn lookups(analysis: &Analysis, record: &Record) -> BTreeMap<usize, u64> {
    let own = |term: &Term| u64::from(own_cost(term, &analysis.conventions));
    let mut costs = tree::Costs::new(&analysis.policies, &analysis.conventions);
    let mut below = |term: &Term| costs.below_term(&analysis.domain, term);
    reached(record)
        .map(|(index, term)| (index, below(term).map_or(u64::MAX, |below| own(term).saturating_add(below))))
        .collect()
}

/// Terms whose use is known to be nothing.
pub(super) fn unused(analysis: &Analysis, record: &Record, usage: &Use) -> Option<Change> {
    let unused = |term: &Term| {
        let all = term.directive().is_some_and(|directive| directive.mechanism == Mechanism::All);
        !all && usage.get(&edit::text(record, term)) == Some(&0)
    };
    let terms = reached(record).filter(|(_, term)| unused(term)).map(|(index, _)| index).collect();
    change(Kind::RemoveUnused, analysis, record, &terms, vec![Risk::MailLost])
}

/// The dearest includes, as many as have to go, each to a subdomain of its own.
pub(super) fn subdomain(analysis: &Analysis, record: &Record) -> Option<Change> {
    if !is_large(analysis) {
        return None;
    }
    let mut costs: Vec<(u64, usize)> =
        lookups(analysis, record).into_iter().map(|(index, cost)| (cost, index)).collect();
    costs.sort_by(|one, other| other.cmp(one));
    let mut moved = BTreeSet::new();
    let mut records = Vec::new();
    for (_, index) in costs.into_iter().take(tries(analysis).min(MOVED)) {
        let Some(term) = record.terms().get(index) else { continue };
        let is_include = term.directive().is_some() && policy_spec(term).is_some();
        let target = leads_to(term, &analysis.domain).unwrap_or_default().into_iter().next();
        let Some(target) = target.filter(|_| is_include) else { continue };
        // The label that the owner of the service is known by: `example` of `_spf.example.net`.
        let Some(label) = target.labels().rev().nth(1) else { continue };
        let Ok(name) = analysis.domain.prepend(label) else { continue };
        let Some(all) = record.all() else { continue };
        if records.iter().any(|(taken, _)| *taken == name) {
            continue;
        }
        let text = format!("v=spf1 {} {}all", edit::mechanism_text(record, term), all.sign());
        records.push((name, text));
        moved.insert(index);
        let Some(rest) = Record::read(edit::without(record, moved.iter().copied())) else { break };
        if fits(&of_record(analysis, rest)) {
            break;
        }
    }
    let mut change = change(
        Kind::MoveToSubdomain,
        analysis,
        record,
        &moved,
        vec![Risk::SenderMustChange, Risk::MailLost],
    )?;
    change.records.extend(records);
    Some(change)
}

/// Ranges beside each other with one qualifier, as the fewest networks.
pub(super) fn merged(analysis: &Analysis, record: &Record) -> Option<Change> {
    let mut changes = BTreeMap::new();
    let mut terms = Vec::new();
    for run in runs(record, |_, term| network(term).is_some()) {
        let sets = union(run.iter().filter_map(|(_, term)| network(term)));
        let Some(qualifier) = run.first().and_then(|(_, term)| Some(term.directive()?.qualifier())) else {
            continue;
        };
        let shorter = edit::networks(&sets, qualifier);
        if shorter.len() < run.len() {
            terms.extend(run.iter().map(|(_, term)| edit::text(record, term)));
            put(&mut changes, &run, &shorter.join(" "));
        }
    }
    (!changes.is_empty()).then(|| Change {
        kind: Kind::MergeRanges,
        terms,
        left: Vec::new(),
        records: vec![(analysis.domain.clone(), edit::replaced(record, &changes))],
        risks: Vec::new(),
    })
}

/// Terms beside each other that are wanted and have one qualifier.
pub(super) fn runs(record: &Record, wanted: impl Fn(usize, &Term) -> bool) -> Vec<Vec<(usize, &Term)>> {
    let mut runs: Vec<Vec<(usize, &Term)>> = Vec::new();
    let mut last = None;
    for (index, term) in reached(record) {
        let qualifier = term.directive().filter(|_| wanted(index, term)).map(Directive::qualifier);
        match runs.last_mut().filter(|_| qualifier.is_some() && last == qualifier) {
            Some(run) => run.push((index, term)),
            None if qualifier.is_some() => runs.push(vec![(index, term)]),
            None => {}
        }
        last = qualifier;
    }
    runs
}

/// Replaces the terms of a run by a text.
pub(super) fn put(changes: &mut BTreeMap<usize, String>, run: &[(usize, &Term)], text: &str) {
    for (place, (index, _)) in run.iter().enumerate() {
        changes.insert(*index, if place == 0 { text.to_owned() } else { String::new() });
    }
}

/// Networks as one set per family.
pub(super) fn union(networks: impl Iterator<Item = (IpAddr, u8)>) -> [AddressSet; 2] {
    let networks: Vec<(IpAddr, u8)> = networks.collect();
    Family::ALL.map(|family| AddressSet::networks_of(family, networks.iter().copied()))
}
