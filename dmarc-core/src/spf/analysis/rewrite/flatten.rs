//! Flattening: the addresses that a term stands for now, written into own records.

use std::collections::{BTreeMap, BTreeSet};

use super::redirect::{Redirected, redirected};
use super::steps::{fits, is_large, lookups, put, runs, union};
use super::{Change, Kind, Left, LeftReason, Risk, changed, edit, of_record, tries};
use crate::name::DomainName;
use crate::spf::analysis::Analysis;
use crate::spf::analysis::ends::Outcome;
use crate::spf::analysis::matches::network;
use crate::spf::analysis::policies::{PolicyState, is_redirect};
use crate::spf::analysis::sets::{AddressSet, Family};
use crate::spf::lint::ANSWER_OCTETS;
use crate::spf::record::Record;
use crate::spf::terms::{Mechanism, Qualifier, Term};

/// Flattens the dearest terms, as few as it takes.
pub(super) fn flatten(analysis: &Analysis, record: &Record) -> Option<Change> {
    if !is_large(analysis) {
        return None;
    }
    let mut costs: Vec<(u64, usize)> = lookups(analysis, record)
        .into_iter()
        .filter(|(_, cost)| *cost > 0)
        .map(|(index, cost)| (cost, index))
        .collect();
    costs.sort_by(|one, other| other.cmp(one));
    let mut known = Known::default();
    let mut left = Vec::new();
    let mut best = None;
    for (_, index) in costs.into_iter().take(tries(analysis)) {
        let Some(term) = record.terms().get(index) else { continue };
        let mut leave = |reason| left.push(Left { term: edit::text(record, term), reason });
        if is_redirect(term) {
            match redirected(analysis, record, term) {
                Ok(redirected) => known.redirect = Some((index, redirected)),
                Err(reason) => {
                    leave(reason);
                    continue;
                }
            }
        } else {
            match addresses(analysis, record, term) {
                Ok(sets) => drop(known.terms.insert(index, sets)),
                Err(reason) => {
                    leave(reason);
                    continue;
                }
            }
        }
        let Some(records) = spread(analysis, record, &known) else { continue };
        let change = Change {
            kind: Kind::Flatten,
            terms: known
                .indices()
                .filter_map(|index| Some(edit::text(record, record.terms().get(index)?)))
                .collect(),
            left: left.clone(),
            records,
            risks: vec![Risk::AddressesGoStale],
        };
        let Some(after) = changed(analysis, &change) else { continue };
        best = Some(change);
        if fits(&after) {
            break;
        }
    }
    best
}

/// The terms whose addresses are known.
#[derive(Default)]
struct Known {
    terms: BTreeMap<usize, [AddressSet; 2]>,
    redirect: Option<(usize, Redirected)>,
}

impl Known {
    fn indices(&self) -> impl Iterator<Item = usize> {
        self.terms.keys().copied().chain(self.redirect.iter().map(|(index, _)| *index))
    }
}

/// What a term matches now, or why that cannot be written down.
fn addresses(analysis: &Analysis, record: &Record, term: &Term) -> Result<[AddressSet; 2], LeftReason> {
    let mechanism = term.directive().map(|directive| &directive.mechanism);
    if !matches!(mechanism, Some(Mechanism::Include(_) | Mechanism::A(..) | Mechanism::Mx(..))) {
        return Err(LeftReason::Query);
    }
    let text = format!("v=spf1 {} -all", edit::mechanism_text(record, term));
    let alone = of_record(analysis, Record::read(text).ok_or(LeftReason::Error)?);
    reason(&alone, &[Outcome::Pass, Outcome::Fail]).map_or_else(
        || Ok(Family::ALL.map(|family| alone.surface_without_limits(family).part(Outcome::Pass))),
        Err,
    )
}

/// Why a policy cannot be written down by addresses; `None` if it gives these results alone.
pub(super) fn reason(alone: &Analysis, wanted: &[Outcome]) -> Option<LeftReason> {
    let surfaces = Family::ALL.map(|family| alone.surface_without_limits(family));
    let mut outcomes = surfaces.iter().flat_map(|surface| surface.parts()).map(|(outcome, _)| outcome);
    if surfaces.iter().any(|surface| !surface.is_determined()) {
        Some(LeftReason::Undetermined)
    } else if outcomes.all(|outcome| wanted.contains(&outcome)) {
        None
    } else {
        Some(LeftReason::Error)
    }
}

/// The records that hold these addresses: the domain's own, and `_spf1…` for what does not fit there.
fn spread(analysis: &Analysis, record: &Record, known: &Known) -> Option<Vec<(DomainName, String)>> {
    let runs = runs(record, |index, term| known.terms.contains_key(&index) || network(term).is_some());
    let runs = runs.iter().filter(|run| run.iter().any(|(index, _)| known.terms.contains_key(index)));
    let mut inline = BTreeMap::new();
    let mut outside = BTreeMap::new();
    let mut records = Vec::new();
    let mut names = Names { analysis, taken: BTreeSet::new(), next: 1 };
    for run in runs {
        let qualifier = run.first()?.1.directive()?.qualifier();
        let mut sets = union(run.iter().filter_map(|(_, term)| network(term)));
        for (index, _) in run {
            for (set, more) in sets.iter_mut().zip(known.terms.get(index).into_iter().flatten()) {
                set.add(more);
            }
        }
        put(&mut inline, run, &edit::networks(&sets, qualifier).join(" "));
        put(&mut outside, run, &names.includes(&sets, qualifier, &mut records)?);
    }
    // What stands in place of a redirect comes last, as the redirect does (RFC 7208, 6.1).
    let (mut inline_end, mut outside_end) = (String::new(), String::new());
    if let Some((index, redirected)) = &known.redirect {
        for changes in [&mut inline, &mut outside] {
            changes.insert(*index, String::new());
        }
        for (qualifier, sets) in &redirected.parts {
            inline_end.push_str(&format!(" {}", edit::networks(sets, *qualifier).join(" ")));
            outside_end.push_str(&format!(" {}", names.includes(sets, *qualifier, &mut records)?));
        }
        for end in [&mut inline_end, &mut outside_end] {
            end.push_str(&format!(" {}all", redirected.rest.sign()));
        }
    }
    let domain = analysis.domain.clone();
    let ended = |changes, end: &str| edit::replaced(record, changes).trim_end().to_owned() + end;
    let whole = ended(&inline, &inline_end);
    if whole.len() + domain.as_str().len() <= ANSWER_OCTETS {
        return Some(vec![(domain, whole)]);
    }
    records.insert(0, (domain, ended(&outside, &outside_end)));
    Some(records)
}

/// Names of records that are not in use.
struct Names<'a> {
    analysis: &'a Analysis,
    taken: BTreeSet<DomainName>,
    next: u32,
}

impl Names<'_> {
    fn next(&mut self) -> Option<DomainName> {
        loop {
            let name = self.analysis.domain.prepend(&format!("_spf{}", self.next)).ok()?;
            self.next += 1;
            let free = matches!(self.analysis.policies.state(&name), PolicyState::NotVisited);
            if free && self.taken.insert(name.clone()) {
                return Some(name);
            }
        }
    }

    /// The terms that include records of these addresses, with those records. Within an include
    /// everything matches by passing; the include has the qualifier.
    fn includes(
        &mut self,
        sets: &[AddressSet; 2],
        qualifier: Qualifier,
        records: &mut Vec<(DomainName, String)>,
    ) -> Option<String> {
        let sign = if qualifier == Qualifier::Pass { "" } else { qualifier.sign() };
        let filled = self.fill(&edit::networks(sets, Qualifier::Pass))?;
        let includes: Vec<String> = filled.iter().map(|(name, _)| format!("{sign}include:{name}")).collect();
        records.extend(filled);
        Some(includes.join(" "))
    }

    /// Records that fit an answer each (RFC 7208, 3.4).
    fn fill(&mut self, terms: &[String]) -> Option<Vec<(DomainName, String)>> {
        let mut records = Vec::new();
        let mut left = terms.iter().peekable();
        while left.peek().is_some() {
            let name = self.next()?;
            let mut text = "v=spf1".to_owned();
            let room = ANSWER_OCTETS.saturating_sub(name.as_str().len() + " -all".len());
            while let Some(term) =
                left.next_if(|term| text == "v=spf1" || text.len() + 1 + term.len() <= room)
            {
                text.push(' ');
                text.push_str(term);
            }
            text.push_str(" -all");
            records.push((name, text));
        }
        Some(records)
    }
}
