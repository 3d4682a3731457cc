//! All streams of all organizations, and the class of each record.

use std::collections::{BTreeMap, HashMap};

use super::changes::{Change, changes};
use super::class::{Because, Class, Confidence};
use super::classify::Organization;
use super::facts::Item;
use super::key::{Key, within};
use super::lookup::{Lookup, Said};
use super::maps::Maps;
use super::node::Node;
use super::stream::{Gathered, Stream};
use super::thresholds::Thresholds;
use super::trace::describe;
use super::traces::{REST, Traces};
use crate::report::aggregate::{Head, Record};

/// Streams that are told of those that the caller denies, or says two things of.
const DOUBTS: usize = 50;

/// The class of one record.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct RowClass<'a> {
    /// The stream, as [`Stream::key`].
    pub stream: &'a str,
    /// What it is.
    pub class: Class,
    /// How sure that is.
    pub confidence: Confidence,
    /// Which rule says so.
    pub because: Because,
}

/// What the traces come to, and what that rests on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judged {
    /// The streams: those with most messages first.
    pub streams: Vec<Stream>,
    /// What changed while reports came in.
    pub changes: Vec<Change>,
    /// What each policy would act on.
    pub nodes: Vec<Node>,
    /// The numbers that the classes rest on.
    pub thresholds: Thresholds,
    /// Streams that pass although the caller says that they are not the organization's, with their messages.
    pub denied: BTreeMap<String, u64>,
    /// Streams of which the caller says both: neither was followed.
    pub torn: BTreeMap<String, u64>,
    rows: HashMap<String, HashMap<String, Row>>,
}

#[derive(Clone, Debug, PartialEq)]
struct Row {
    stream: usize,
    confidence: Confidence,
    because: Because,
}

impl Judged {
    /// What a record is; `None` if it was not among the traces.
    #[must_use]
    pub fn of(&self, head: &Head, record: &Record) -> Option<RowClass<'_>> {
        let domain = head.policy.as_ref().and_then(|policy| policy.domain.as_deref()).unwrap_or_default();
        let mut text = String::new();
        describe(&mut text, record);
        self.look_up(&crate::report::batch::normalized(domain), &text)
    }

    /// The same by the policy domain and by what a record looks like.
    pub(crate) fn look_up(&self, domain: &str, look: &str) -> Option<RowClass<'_>> {
        let rows = self.rows.get(domain)?;
        let row = rows.get(look).or_else(|| rows.get(REST))?;
        let stream = self.streams.get(row.stream)?;
        Some(RowClass {
            stream: &stream.key,
            class: stream.class,
            confidence: row.confidence,
            because: row.because,
        })
    }
}

/// The shortest name above a domain that has a policy of its own, or the domain.
pub(super) fn organization<'a>(domains: &[&'a str], domain: &'a str) -> &'a str {
    let above = domains.iter().copied().filter(|other| !other.is_empty() && within(domain, other));
    above.min_by_key(|name| name.len()).unwrap_or(domain)
}

/// Says what each stream is.
#[must_use]
pub fn judge(traces: &Traces, thresholds: &Thresholds) -> Judged {
    judge_with(traces, thresholds, &Maps::default())
}

/// Says what each stream is, with what the caller knows of senders.
#[must_use]
pub fn judge_with(traces: &Traces, thresholds: &Thresholds, maps: &Maps) -> Judged {
    let lookup = Lookup::new(maps);
    let domains: Vec<&str> = traces.domains().map(|(domain, _)| domain).collect();
    let mut organizations: BTreeMap<&str, Vec<(&str, &str, Item<'_>)>> = BTreeMap::new();
    for (domain, of) in traces.domains() {
        let organization = organization(&domains, domain);
        for (text, trace) in &of.traces {
            let Some(key) = Key::parse(text) else { continue };
            let items = organizations.entry(organization).or_default();
            items.push((domain, text, Item::new(key, trace, organization)));
        }
    }
    let mut judged = Judged { thresholds: thresholds.clone(), ..Judged::default() };
    let mut found: BTreeMap<(&str, String, Class), Gathered> = BTreeMap::new();
    let mut rows = Vec::new();
    let mut broken = BTreeMap::new();
    let mut nodes: BTreeMap<(&str, bool), Node> = BTreeMap::new();
    for (organization, items) in organizations {
        let (places, items): (Vec<_>, Vec<_>) =
            items.into_iter().map(|(domain, text, item)| ((domain, text), item)).unzip();
        // What it looks things up in is as large as all items, and is gone before sums are made.
        let (verdicts, accidents) = {
            let organized = Organization::new(&items, thresholds);
            let verdicts = organized.verdicts(&lookup);
            let rare =
                items.iter().zip(&verdicts).map(|(item, found)| organized.accidents(item, found.class));
            let rare: Vec<_> = rare.collect();
            (verdicts, rare)
        };
        let judgements = verdicts.into_iter().zip(accidents);
        for ((place, item), (verdict, accidents)) in places.into_iter().zip(&items).zip(judgements) {
            let key = (organization, verdict.stream, verdict.class);
            let gathered = found.entry(key.clone()).or_default();
            gathered.add(item, verdict.confidence, verdict.because);
            gathered.name(lookup.name(item), item.trace.messages);
            let doubt = match lookup.standing(item) {
                Some(Said::NotOurs) if item.passes() => Some(&mut judged.denied),
                Some(Said::Both) => Some(&mut judged.torn),
                _ => None,
            };
            if let Some(doubt) = doubt
                && (doubt.len() < DOUBTS || doubt.contains_key(&key.1))
            {
                let sum = doubt.entry(key.1.clone()).or_default();
                *sum = sum.saturating_add(item.trace.messages);
            }
            if let Some(week) = verdict.since {
                let since = broken.entry((organization.to_owned(), key.1.clone())).or_insert(week);
                *since = week.min(*since);
            }
            let (policy_domain, _) = place;
            let node = nodes.entry((policy_domain, item.key.author != policy_domain)).or_default();
            node.add(item, &key.1, verdict.class, verdict.because, &accidents);
            rows.push((place, key, verdict.confidence, verdict.because));
        }
    }
    let mut order: Vec<_> = found.into_iter().collect();
    order.sort_by(|(key, one), (other, than)| (than.sum.messages, key).cmp(&(one.sum.messages, other)));
    let places: HashMap<_, usize> =
        order.iter().enumerate().map(|(at, (key, _))| (key.clone(), at)).collect();
    judged.streams = order
        .into_iter()
        .map(|((domain, key, class), gathered)| gathered.stream(domain, key, class))
        .collect();
    judged.changes = changes(traces, &judged.streams, &broken);
    judged.nodes = nodes
        .into_iter()
        .map(|((policy_domain, below), node)| {
            let covered = traces.domains().find(|(domain, _)| *domain == policy_domain);
            let covered = covered.map(|(_, seen)| seen.covered.clone()).unwrap_or_default();
            Node { policy_domain: policy_domain.to_owned(), below, covered, ..node }
        })
        .collect();
    for ((domain, text), key, confidence, because) in rows {
        let Some(stream) = places.get(&key).copied() else { continue };
        let row = Row { stream, confidence, because };
        judged.rows.entry(domain.to_owned()).or_default().insert(text.to_owned(), row);
    }
    judged
}
