//! What was seen of one policy domain: its traces, who reported when, which policy they found, and the time
//! that reports cover.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::trace::{Example, REPORTERS, Trace, WEEKS, put, week};
use super::traces::REST;
use crate::report::aggregate::{Coded, PublishedPolicy, Timestamp};
use crate::report::batch::{Entry, ReportSigners, digest};

/// Policies and selectors that are told apart, and stretches of time without a gap.
const POLICIES: usize = 50;
const RECORDS: usize = 50;
const SELECTORS: usize = 2_000;
/// Days on which a record was found that are told apart.
const DAYS: usize = 2_000;
/// Days with a report that are kept of a reporter: four weeks.
const RECENT: usize = 28;
/// Seconds in a day.
pub(super) const DAY: i64 = 86_400;
const STRETCHES: usize = 500;
/// Longest name of a reporter, in characters.
const NAME: usize = 100;
/// Longest period of a report that counts as time covered, in seconds: a report on years covers nothing.
const LONGEST: i64 = 32 * 86_400;

/// Everything that is kept of one policy domain.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Seen {
    pub(super) traces: BTreeMap<String, Trace>,
    /// By digest of the name, as text: keys of objects are texts in JSON.
    pub(super) reporters: BTreeMap<String, Reporter>,
    /// Messages by week, by selector and domain of the signatures that passed, as `selector/domain`.
    pub(super) selectors: BTreeMap<String, Vec<(i64, u64)>>,
    /// Messages by week, under each policy that was found, as `p/sp`.
    pub(super) policies: BTreeMap<String, Vec<(i64, u64)>>,
    /// Messages by day since 1970 on which a report begins, under each record that was found, as
    /// `p/sp/np/pct/t`.
    pub(super) records: BTreeMap<String, Vec<(i64, u64)>>,
    /// Begin and end of each stretch that reports cover, in seconds since the epoch; in order.
    pub(super) covered: Vec<(i64, i64)>,
}

/// Who reports, and when.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Reporter {
    pub(super) name: String,
    /// Messages by week.
    pub(super) weeks: Vec<(i64, u64)>,
    /// The last days since 1970 on which its reports begin; in order, at most [`RECENT`].
    pub(super) days: Vec<i64>,
    /// The last day of which it told.
    pub(super) told: Option<i64>,
}

impl Reporter {
    fn day(&mut self, day: i64) {
        if let Err(at) = self.days.binary_search(&day) {
            self.days.insert(at, day);
            if self.days.len() > RECENT {
                self.days.remove(0);
            }
        }
    }

    fn merge(&mut self, other: Self) {
        if self.name.is_empty() {
            self.name = other.name;
        }
        other.weeks.into_iter().for_each(|each| put(&mut self.weeks, each, WEEKS));
        other.days.into_iter().for_each(|day| self.day(day));
        self.told = self.told.max(other.told);
    }
}

impl Seen {
    pub(super) fn take(
        &mut self,
        entry: &Entry,
        traces: HashMap<String, Trace>,
        signers: &ReportSigners,
        mut room: usize,
    ) {
        let metadata = entry.head.metadata.as_ref();
        let time = |stamp: Option<&Timestamp>| Some(stamp?.time?.0);
        let first = time(metadata.and_then(|metadata| metadata.begin.as_ref()));
        let end = time(metadata.and_then(|metadata| metadata.end.as_ref()));
        // An end that is exclusive belongs to the day before.
        let last = end.map(|end| end.saturating_sub(1));
        let name = metadata.and_then(|metadata| metadata.org_name.as_deref().or(metadata.email.as_deref()));
        let reporter =
            metadata.map(|metadata| digest(metadata.org_name.as_deref(), metadata.email.as_deref()));
        let known = reporter.map(|reporter| reporter.to_string());
        if let Some(known) = known
            && (self.reporters.len() < REPORTERS * 16 || self.reporters.contains_key(&known))
        {
            let into = self.reporters.entry(known).or_default();
            if into.name.is_empty() {
                into.name = name.unwrap_or_default().chars().take(NAME).collect();
            }
            if let Some(first) = first {
                put(&mut into.weeks, (week(first), entry.messages), WEEKS);
                into.day(first.div_euclid(DAY));
                let until = last.filter(|last| (0..LONGEST).contains(&last.saturating_sub(first)));
                into.told = into.told.max(Some(until.unwrap_or(first).div_euclid(DAY)));
            }
        }
        if let Some(first) = first {
            let week = week(first);
            self.policy(entry, week);
            self.record(entry, first.div_euclid(DAY));
            for (domain, selector, messages) in signers.signed() {
                let key = format!("{selector}/{domain}").to_ascii_lowercase();
                if self.selectors.len() < SELECTORS || self.selectors.contains_key(&key) {
                    put(self.selectors.entry(key).or_default(), (week, messages), WEEKS);
                }
            }
            if let Some(end) = end.filter(|end| (1..=LONGEST).contains(&end.saturating_sub(first))) {
                cover(&mut self.covered, (first, end));
            }
        }
        let mut traces: Vec<(String, Trace)> = traces.into_iter().collect();
        if traces.len() > room {
            // Which of them are told apart must not be left to chance.
            traces.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        }
        for (key, mut trace) in traces {
            trace.place(reporter, first, last, &entry.report_key);
            self.add(key, trace, &mut room);
        }
    }

    /// Adds a trace, under its own key as long as there is room.
    fn add(&mut self, key: String, trace: Trace, room: &mut usize) {
        if let Some(sum) = self.traces.get_mut(&key) {
            sum.merge(&trace);
        } else if key != REST && *room > 0 {
            *room -= 1;
            self.traces.insert(key, trace);
        } else {
            self.traces.entry(REST.to_owned()).or_default().merge(&trace);
        }
    }

    fn policy(&mut self, entry: &Entry, week: i64) {
        let Some(policy) = &entry.head.policy else { return };
        let word = |coded: Option<String>| coded.unwrap_or_default().chars().take(20).collect::<String>();
        let p = word(policy.p.as_ref().map(|coded| coded.value().to_string()));
        let sp = word(
            policy
                .sp
                .as_ref()
                .filter(|coded| !Coded::raw(coded).is_empty())
                .map(|coded| coded.value().to_string()),
        );
        let key = format!("{p}/{sp}");
        if self.policies.len() < POLICIES || self.policies.contains_key(&key) {
            put(self.policies.entry(key).or_default(), (week, entry.messages), WEEKS);
        }
    }

    /// The record that the reporter found, by what makes it stricter or weaker.
    fn record(&mut self, entry: &Entry, day: i64) {
        let Some(policy) = &entry.head.policy else { return };
        let word = |word: Option<String>| word.unwrap_or_default().chars().take(12).collect::<String>();
        let request = |coded: &Option<Coded<PublishedPolicy>>| {
            let coded = coded.as_ref().filter(|coded| !Coded::raw(coded).is_empty());
            word(coded.map(|coded| coded.value().to_string()))
        };
        let pct = word(policy.pct.as_ref().and_then(|pct| pct.value).map(|pct| pct.to_string()));
        let test = word(policy.testing.as_ref().map(|coded| coded.raw().to_ascii_lowercase()));
        let key = [request(&policy.p), request(&policy.sp), request(&policy.np), pct, test].join("/");
        if self.records.len() < RECORDS || self.records.contains_key(&key) {
            put(self.records.entry(key).or_default(), (day, entry.messages), DAYS);
        }
    }

    pub(super) fn merge(&mut self, other: Self, room: &mut usize) {
        for (key, trace) in other.traces {
            self.add(key, trace, room);
        }
        for (digest, reporter) in other.reporters {
            self.reporters.entry(digest).or_default().merge(reporter);
        }
        for (into, of) in [(&mut self.policies, other.policies), (&mut self.selectors, other.selectors)] {
            for (key, weeks) in of {
                let into = into.entry(key).or_default();
                weeks.into_iter().for_each(|each| put(into, each, WEEKS));
            }
        }
        for (key, days) in other.records {
            let into = self.records.entry(key).or_default();
            days.into_iter().for_each(|each| put(into, each, DAYS));
        }
        other.covered.into_iter().for_each(|each| cover(&mut self.covered, each));
    }
}

/// Adds a stretch of time to others that do not touch.
pub(super) fn cover(stretches: &mut Vec<(i64, i64)>, (mut begin, mut end): (i64, i64)) {
    // Some end a second before the next one begins.
    let touches =
        |(one, other): &(i64, i64)| *one <= end.saturating_add(1) && begin <= other.saturating_add(1);
    let from = stretches.iter().position(touches);
    if let Some(from) = from {
        let until = from + stretches.iter().skip(from).take_while(|each| touches(each)).count();
        for (one, other) in stretches.drain(from..until) {
            (begin, end) = (begin.min(one), end.max(other));
        }
    }
    if stretches.len() < STRETCHES {
        let at = stretches.partition_point(|(one, _)| *one < begin);
        stretches.insert(at, (begin, end));
    }
}

impl Trace {
    /// Says when, by whom and where all of it was seen.
    pub(super) fn place(
        &mut self,
        reporter: Option<u64>,
        first: Option<i64>,
        last: Option<i64>,
        report_key: &str,
    ) {
        self.reporters = reporter.map(|reporter| (reporter, self.messages)).into_iter().collect();
        self.weeks = first.map(|first| (week(first), self.messages)).into_iter().collect();
        (self.first, self.last) = (first, last);
        let record_ordinal = self.example.as_ref().map_or(0, |example| example.record_ordinal);
        self.example = Some(Example { report_key: report_key.to_owned(), record_ordinal });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_that_is_covered_is_a_union() {
        let mut stretches = Vec::new();
        for each in [(10, 20), (40, 50), (21, 30), (0, 5), (5, 9), (29, 41)] {
            cover(&mut stretches, each);
        }
        assert_eq!(stretches, [(0, 50)]);
        cover(&mut stretches, (60, 70));
        cover(&mut stretches, (62, 64));
        assert_eq!(stretches, [(0, 50), (60, 70)]);
    }
}
