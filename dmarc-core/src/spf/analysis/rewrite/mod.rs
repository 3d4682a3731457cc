//! Rewrites of a policy that is too large, or has terms that do nothing, each with what it changes.
//!
//! They come in the order in which they are to be tried: what does nothing goes first, flattening is
//! the last resort. A rewrite is compared with the policy as it reads, were there no limits, since
//! a policy over the limit authorizes almost nobody; equality is proved for the answers at hand, and
//! for them alone. Each rewrite builds on those before it that change nothing.

mod edit;
mod flatten;
mod proof;
mod redirect;
mod steps;

use std::collections::BTreeMap;

use serde::Serialize;

use super::ends::Outcome;
use super::policies::Policies;
use super::sets::Family;
use super::surface::Difference;
use super::{Analysis, PolicyVerdict};
use crate::name::DomainName;
use crate::spf::record::Record;
use crate::syntax::strings;
use crate::text::lossy;

/// How often mail needed a term of the record, by the text of the term.
pub type Use = BTreeMap<String, u64>;

/// What a rewrite does.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// Removes terms that are never reached, stand twice, or find nothing.
    RemoveIdle,
    /// Removes terms that lead to no usable record, and break the policy.
    RemoveBroken,
    /// Removes terms whose addresses other terms have too.
    RemoveCovered,
    /// Removes terms that no report needed.
    RemoveUnused,
    /// Moves senders to a subdomain of their own.
    MoveToSubdomain,
    /// Writes ranges as the fewest networks.
    MergeRanges,
    /// Writes the addresses of other names into own records.
    Flatten,
}

/// What can go wrong with a rewrite.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Risk {
    /// It holds as long as the answers stay what they are.
    AnswersChange,
    /// Addresses of others go stale: the policy has to be compared again and again.
    AddressesGoStale,
    /// Somebody who was authorized no longer is.
    MailLost,
    /// Senders have to use the subdomain in their return path first.
    SenderMustChange,
}

/// A record that a rewrite publishes.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Proposed {
    /// Where.
    pub name: DomainName,
    /// Its text.
    pub text: String,
    /// Octets of the text.
    pub octets: usize,
    /// Octets of its data in an answer: each character-string has one more for its length.
    pub wire_octets: usize,
    /// Its character-strings (RFC 7208, 3.3).
    pub strings: Vec<String>,
}

impl Proposed {
    fn new(name: DomainName, text: String) -> Self {
        let strings: Vec<String> = strings::split(text.as_bytes()).into_iter().map(lossy).collect();
        Self { name, octets: text.len(), wire_octets: text.len() + strings.len(), strings, text }
    }
}

/// A term that a rewrite leaves, and why.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Left {
    /// The term.
    pub term: String,
    /// Why.
    pub reason: LeftReason,
}

/// Why a rewrite leaves a term.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum LeftReason {
    /// What it gives depends on the client or the sender, or is not known.
    Undetermined,
    /// It asks anew for each message, so that its addresses of today are another policy.
    Query,
    /// What it leads to is an error, or a lookup that failed.
    Error,
    /// The explanation of a `fail` would be lost (RFC 7208, 6.2).
    Explanation,
}

/// A rewrite with what it comes to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rewrite {
    /// What it does.
    pub kind: Kind,
    /// The terms that it removes, moves, merges or flattens.
    pub terms: Vec<String>,
    /// Terms that it would have to change too, and cannot.
    pub left: Vec<Left>,
    /// What to publish.
    pub records: Vec<Proposed>,
    /// The plain sum of lookups afterwards.
    pub sum: Option<u64>,
    /// Most lookups and most void lookups afterwards, of either family.
    pub most: Option<u32>,
    /// Most void lookups afterwards, of either family.
    pub most_voids: Option<u32>,
    /// Whether every client then gets a result within the limits.
    pub fits: bool,
    /// Whether every address gets what the policy gives it as it reads; `None` if that is not known.
    pub equal: Option<bool>,
    /// Where it does not.
    pub differences: Vec<Difference>,
    /// What can go wrong.
    pub risks: Vec<Risk>,
}

/// Work that one rewrite may take, as [`Analysis::work`] counts it; real policies take some thousands for
/// each of a dozen analyses.
const WORK: u64 = 4_000_000;

/// How often a rewrite of this policy may be tried in another form.
fn tries(analysis: &Analysis) -> usize {
    usize::try_from(WORK / analysis.work().max(1)).unwrap_or(usize::MAX).max(1)
}

/// A change to be tried: records to publish at the domain and below it.
struct Change {
    kind: Kind,
    terms: Vec<String>,
    left: Vec<Left>,
    records: Vec<(DomainName, String)>,
    risks: Vec<Risk>,
}

/// The rewrites of a policy, in the order in which they are to be tried.
#[must_use]
pub fn rewrites(analysis: &Analysis, usage: Option<&Use>) -> Vec<Rewrite> {
    let Some(record) = analysis.policies.state(&analysis.domain).record().filter(|record| record.is_usable())
    else {
        return Vec::new();
    };
    let mut plan = Plan { original: analysis, base: record.clone(), now: None, rewrites: Vec::new() };
    plan.attempt(steps::idle);
    plan.attempt(steps::broken);
    plan.attempt(steps::covered);
    if let Some(usage) = usage {
        plan.attempt(|analysis, record| steps::unused(analysis, record, usage));
    }
    plan.attempt(steps::subdomain);
    plan.attempt(steps::merged);
    plan.attempt(flatten::flatten);
    plan.rewrites
}

struct Plan<'a> {
    original: &'a Analysis,
    /// The record with every rewrite so far that changes nothing.
    base: Record,
    /// The policy with that record; `None` while it is the original one.
    now: Option<Analysis>,
    rewrites: Vec<Rewrite>,
}

impl Plan<'_> {
    fn attempt(&mut self, step: impl FnOnce(&Analysis, &Record) -> Option<Change>) {
        let now = self.now.as_ref().unwrap_or(self.original);
        let Some(change) = step(now, &self.base) else { return };
        let Some(after) = changed(self.original, &change) else { return };
        let rewrite = outcome(self.original, &after, change);
        let keeps = matches!(rewrite.kind, Kind::RemoveIdle | Kind::MergeRanges | Kind::RemoveBroken);
        if keeps && let Some(record) = after.policies.state(&after.domain).record() {
            self.base = record.clone();
            self.now = Some(of_record(self.original, record.clone()));
        }
        self.rewrites.push(rewrite);
    }
}

/// The same facts with another record at the domain.
fn of_record(analysis: &Analysis, record: Record) -> Analysis {
    Analysis::of(analysis.policies.with_record(&analysis.domain, record), &analysis.conventions)
}

/// The policy after a change.
fn changed(analysis: &Analysis, change: &Change) -> Option<Analysis> {
    let mut policies: Policies = analysis.policies.clone();
    for (name, text) in &change.records {
        // A record of a stream's own is no part of this policy; it does no harm to know it.
        policies = policies.with_record(name, Record::read(text).filter(Record::is_usable)?);
    }
    Some(Analysis::of(policies, &analysis.conventions))
}

fn outcome(before: &Analysis, after: &Analysis, change: Change) -> Rewrite {
    let differences: Vec<Difference> = Family::ALL
        .into_iter()
        .flat_map(|family| {
            before.surface_without_limits(family).differences(after.surface_without_limits(family))
        })
        .collect();
    let mut risks = change.risks;
    let lost = |found: &Difference| found.outcome == Outcome::Pass && !found.removed.is_empty();
    if differences.iter().any(lost) && !risks.contains(&Risk::MailLost) {
        risks.push(Risk::MailLost);
    }
    let most = |pick: fn(&super::Interval) -> Option<u32>| Some(pick(&after.ipv4)?.max(pick(&after.ipv6)?));
    Rewrite {
        kind: change.kind,
        terms: change.terms,
        left: change.left,
        records: change.records.into_iter().map(|(name, text)| Proposed::new(name, text)).collect(),
        sum: after.sum,
        most: most(|interval| interval.most),
        most_voids: most(|interval| interval.most_voids),
        fits: after.verdict == PolicyVerdict::Valid,
        equal: proof::equal(before, after),
        differences,
        risks,
    }
}
