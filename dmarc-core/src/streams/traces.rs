//! All traces, by the domain where the policy was found: the state that goes from one run to the next.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::seen::{Seen, cover};
use super::trace::{Trace, describe, total};
use crate::limits::Limits;
use crate::name::DomainName;
use crate::report::aggregate::Record;
use crate::report::batch::{Entry, ReportSigners, normalized};

/// What was seen, per policy domain. Small state in, small state out: bounded by what looks different, not by
/// records.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Traces {
    domains: BTreeMap<String, Seen>,
    /// How many traces there are, where that was counted: a portfolio has thousands of domains.
    #[serde(skip)]
    count: Count,
}

/// A sum that is worked out once; two states are equal whether or not it was.
#[derive(Clone, Copy, Debug, Default)]
struct Count(Option<usize>);

impl PartialEq for Count {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Count {}

/// Seconds in a day.
const DAY: u64 = 86_400;

/// What a record beyond the limit counts under.
pub(super) const REST: &str = "- - -? ????";

impl Traces {
    /// Adds what a report shows, whose head is whole by now. `limit` is the number of traces that are told
    /// apart; what is beyond it counts as one.
    pub(crate) fn take(
        &mut self,
        entry: &Entry,
        report: ReportTraces,
        signers: &ReportSigners,
        limit: usize,
    ) {
        let count = self.count.0.unwrap_or_else(|| self.len());
        let room = limit.saturating_sub(count);
        let policy = entry.head.policy.as_ref();
        let domain = policy.and_then(|policy| policy.domain.as_deref()).unwrap_or_default();
        let seen = self.domains.entry(normalized(domain)).or_default();
        let before = seen.traces.len();
        seen.take(entry, report.traces, signers, room);
        self.count = Count(Some(count + seen.traces.len() - before));
    }

    /// Adds what another run counted. No more traces are told apart than [`Limits::traces`] has by default,
    /// however many runs there are.
    pub fn merge(&mut self, other: Self) {
        let mut room = Limits::default().traces.saturating_sub(self.len());
        self.count = Count::default();
        for (domain, seen) in other.domains {
            self.domains.entry(domain).or_default().merge(seen, &mut room);
        }
    }

    /// Those of a domain and of the domains below it, by where the policy was found.
    #[must_use]
    pub fn of(&self, domain: &DomainName) -> Self {
        let within = |name: &str| DomainName::parse(name).is_ok_and(|name| name.is_within(domain));
        let domains = self.domains.iter().filter(|(name, _)| within(name));
        Self {
            domains: domains.map(|(name, seen)| (name.clone(), seen.clone())).collect(),
            count: Count::default(),
        }
    }

    /// How many traces there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.domains.values().map(|seen| seen.traces.len()).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.domains.values().all(|seen| seen.traces.is_empty())
    }

    /// Messages beyond the traces that are told apart.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        total(self.domains.values().filter_map(|seen| seen.traces.get(REST)).map(|rest| rest.messages))
    }

    /// The reporter with most messages: its name, its messages, and those of all.
    #[must_use]
    pub fn largest_reporter(&self) -> Option<(&str, u64, u64)> {
        let mut reporters: BTreeMap<&str, (&str, u64)> = BTreeMap::new();
        for (digest, reporter) in self.domains.values().flat_map(|seen| &seen.reporters) {
            let sum = reporters.entry(digest).or_insert((&reporter.name, 0));
            sum.1 = sum.1.saturating_add(total(reporter.weeks.iter().map(|(_, messages)| *messages)));
        }
        let all = total(reporters.values().map(|(_, messages)| *messages));
        let (name, messages) = reporters.into_values().max_by_key(|(_, messages)| *messages)?;
        Some((name, messages, all))
    }

    /// Days that reports on any of the domains cover, each counted once.
    #[must_use]
    pub fn covered_days(&self) -> u64 {
        let mut all = Vec::new();
        let stretches = self.domains.values().flat_map(|seen| &seen.covered);
        stretches.for_each(|each| cover(&mut all, *each));
        let seconds = all.iter().map(|(begin, end)| end.abs_diff(*begin)).fold(0, u64::saturating_add);
        // An end is often the last second.
        seconds.saturating_add(DAY / 2) / DAY
    }

    /// Under each record that was found at a domain, as `p/sp/np/pct/t`: messages by the day since 1970 on which
    /// a report begins.
    pub(crate) fn records(&self, domain: &DomainName) -> impl Iterator<Item = (&str, &[(i64, u64)])> {
        let seen = self.domains.get(domain.as_str()).into_iter();
        seen.flat_map(|seen| &seen.records).map(|(key, days)| (key.as_str(), days.as_slice()))
    }

    pub(super) fn domains(&self) -> impl Iterator<Item = (&str, &Seen)> {
        self.domains.iter().map(|(domain, seen)| (domain.as_str(), seen))
    }
}

/// The traces of the report that is being read.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReportTraces {
    traces: HashMap<String, Trace>,
    text: String,
}

impl ReportTraces {
    /// Counts a record; one that looks like no other counts among the rest once there are so many. Gives what it
    /// looks like.
    pub(crate) fn add(&mut self, record: &Record, limit: usize) -> &str {
        describe(&mut self.text, record);
        if let Some(trace) = self.traces.get_mut(&self.text) {
            trace.count(record);
        } else {
            let key = if self.traces.len() < limit { self.text.clone() } else { REST.to_owned() };
            self.traces.entry(key).or_default().count(record);
        }
        &self.text
    }
}
