//! Flattening: the addresses that a term stands for now, written into own records.

use std::collections::{BTreeMap, BTreeSet};

use super::redirect::{Redirected, redirected};
use super::steps::{fits, is_large, lookups, put, range_of, runs, union};
use super::{Change, Kind, Risk, changed, edit, of_record};
use crate::name::DomainName;
use crate::spf::analysis::Analysis;
use crate::spf::analysis::ends::Outcome;
use crate::spf::analysis::policies::PolicyState;
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
    for (_, index) in costs {
        let Some(term) = record.terms().get(index) else { continue };
        if let Some(sets) = addresses(analysis, record, term) {
            known.terms.insert(index, sets);
        } else if let Some(redirected) = redirected(analysis, record, term) {
            known.redirect = Some((index, redirected));
        } else {
            left.push(edit::text(record, term));
            continue;
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

/// What a term matches now; `None` if that depends on the client, is not known, or is an error.
fn addresses(analysis: &Analysis, record: &Record, term: &Term) -> Option<[AddressSet; 2]> {
    // An `exists` or `ptr` that is written down is another policy.
    let mechanism = &term.directive()?.mechanism;
    if !matches!(mechanism, Mechanism::Include(_) | Mechanism::A(..) | Mechanism::Mx(..)) {
        return None;
    }
    let text = format!("v=spf1 {} -all", edit::mechanism_text(record, term));
    let alone = of_record(analysis, Record::read(text)?);
    let [ipv4, ipv6] = Family::ALL.map(|family| {
        let surface = alone.surface_without_limits(family);
        let plain = surface.parts().all(|(outcome, _)| matches!(outcome, Outcome::Pass | Outcome::Fail));
        plain.then(|| surface.part(Outcome::Pass))
    });
    Some([ipv4?, ipv6?])
}

/// The records that hold these addresses: the domain's own, and `_spf1…` for what does not fit there.
fn spread(analysis: &Analysis, record: &Record, known: &Known) -> Option<Vec<(DomainName, String)>> {
    let runs = runs(record, |index, term| known.terms.contains_key(&index) || range_of(term).is_some());
    let runs = runs.iter().filter(|run| run.iter().any(|(index, _)| known.terms.contains_key(index)));
    let mut inline = BTreeMap::new();
    let mut outside = BTreeMap::new();
    let mut records = Vec::new();
    let mut names = Names { analysis, taken: BTreeSet::new(), next: 1 };
    for run in runs {
        let qualifier = run.first()?.1.directive()?.qualifier();
        let mut sets = union(run.iter().filter_map(|(_, term)| range_of(term)));
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
