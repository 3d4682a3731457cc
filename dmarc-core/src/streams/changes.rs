//! What changed while reports came in. All of it follows from the weeks that were counted; no clock is read.

use std::collections::BTreeMap;

use serde::Serialize;

use super::class::Class;
use super::seen::{DAY, Reporter, Seen};
use super::stream::Stream;
use super::trace::{day, total};
use super::traces::Traces;
use crate::time::UnixTime;

/// Weeks that come first: what is there from then on is not new.
const MEMORY: i64 = 4;
/// Weeks without a report after which a reporter is silent.
const SILENCE: i64 = 2;
/// Days without a report after which one that reports daily is silent.
const SILENT_DAYS: i64 = 3;
/// Days with a report that make a daily reporter.
const DAILY: usize = 14;
/// Part of the weeks or days before in which a reporter reported, to be missed.
const REGULAR: f64 = 0.75;
/// Abuse rises by this factor over the median of the weeks before, and by so many messages.
const RISE: f64 = 2.5;
const RISE_MESSAGES: u64 = 50;
/// Changes of one kind that are told.
const EACH: usize = 50;

/// What kind of change it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ChangeKind {
    /// A sender that fails since then.
    BrokenStream,
    /// More unauthorised mail than before.
    AbuseRising,
    /// A sender that was not seen in the first weeks.
    NewStream,
    /// Reporters found different policies in the same week.
    PolicySeenDifferently,
    /// A reporter that reported on most days, and not on the last three; or in most weeks, and not in the last two.
    SilentReporter,
    /// A selector that was not used in the first weeks.
    NewSelector,
    /// A selector that is not used any more.
    SelectorGone,
}

/// One change.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// Of which organization.
    pub domain: String,
    /// What kind.
    pub kind: ChangeKind,
    /// What changed: a stream's key, a reporter, a selector, policies.
    pub subject: String,
    /// First day (UTC) of the week in which it did; the first day without a report, where a daily one is missed.
    pub since: String,
    /// Messages that it is about.
    pub messages: u64,
}

/// Every change, by domain and kind.
pub(super) fn changes(
    traces: &Traces,
    streams: &[Stream],
    broken: &BTreeMap<(String, String), i64>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for (domain, seen) in traces.domains() {
        let Some((first, last)) = bounds(seen) else { continue };
        let mut of_domain = Vec::new();
        let mut add_since = |kind, subject: &str, since, messages| {
            let (domain, subject) = (domain.to_owned(), subject.to_owned());
            of_domain.push(Change { domain, kind, subject, since, messages });
        };
        silent(seen, &mut add_since);
        let mut add = |kind, subject: &str, week, messages| add_since(kind, subject, day(week), messages);
        selectors(seen, first, last, &mut add);
        policies(seen, &mut add);
        let of = streams.iter().filter(|stream| stream.domain == domain);
        let mut abuse: BTreeMap<i64, u64> = (first..=last).take(520).map(|week| (week, 0)).collect();
        for stream in of {
            if let Some(week) = broken.get(&(domain.to_owned(), stream.key.clone()))
                && stream.class == Class::Broken
            {
                add(ChangeKind::BrokenStream, &stream.key, *week, stream.messages);
            }
            if stream.class == Class::Unauthorised {
                for (week, messages) in &stream.counted {
                    if let Some(sum) = abuse.get_mut(week) {
                        *sum = sum.saturating_add(*messages);
                    }
                }
            }
            let begins = stream.counted.first().map(|(week, _)| *week);
            if let Some(week) = begins.filter(|week| *week >= first.saturating_add(MEMORY))
                && matches!(
                    stream.class,
                    Class::AuthenticatedBoth
                        | Class::AuthenticatedDkimOnly
                        | Class::AuthenticatedSpfOnly
                        | Class::Misconfigured
                )
            {
                add(ChangeKind::NewStream, &stream.key, week, stream.messages);
            }
        }
        if let Some((week, messages)) = rising(&abuse) {
            add(ChangeKind::AbuseRising, domain, week, messages);
        }
        of_domain.sort_by(|one, other| (one.kind, other.messages).cmp(&(other.kind, one.messages)));
        let mut counts: BTreeMap<ChangeKind, usize> = BTreeMap::new();
        of_domain.retain(|change| {
            let count = counts.entry(change.kind).or_default();
            *count += 1;
            *count <= EACH
        });
        changes.extend(of_domain);
    }
    changes
}

/// The first and the last week of any report.
fn bounds(seen: &Seen) -> Option<(i64, i64)> {
    let weeks = || seen.reporters.values().flat_map(|reporter| &reporter.weeks).map(|(week, _)| *week);
    weeks().min().zip(weeks().max())
}

fn silent(seen: &Seen, add: &mut impl FnMut(ChangeKind, &str, String, u64)) {
    let reporters = || seen.reporters.values();
    let told = latest(reporters().filter_map(|reporter| reporter.told));
    let weeks = reporters().filter_map(|reporter| Some(reporter.weeks.last()?.0));
    let Some(last) = latest(weeks) else { return };
    for reporter in seen.reporters.values() {
        let (Some((from, _)), Some((until, _))) = (reporter.weeks.first(), reporter.weeks.last()) else {
            continue;
        };
        let since = match missed_since(reporter, told) {
            Some(day) => UnixTime(day.saturating_mul(DAY)).day(),
            None => {
                let span = until.saturating_sub(*from).saturating_add(1);
                let regular = reporter.weeks.len() as f64 >= REGULAR * span as f64;
                if span < MEMORY || !regular || last.saturating_sub(*until) < SILENCE {
                    continue;
                }
                day(until.saturating_add(1))
            }
        };
        let messages = total(reporter.weeks.iter().map(|(_, messages)| *messages));
        add(ChangeKind::SilentReporter, &reporter.name, since, messages);
    }
}

/// Up to when reporters told: where there are three or more, one of them alone may have a wrong clock.
fn latest(times: impl Iterator<Item = i64>) -> Option<i64> {
    let mut times: Vec<i64> = times.collect();
    times.sort_unstable_by_key(|time| std::cmp::Reverse(*time));
    times.get(usize::from(times.len() > 2)).copied()
}

/// The first day of which a daily reporter does not tell, if it is missed for longer than it ever was.
fn missed_since(reporter: &Reporter, told: Option<i64>) -> Option<i64> {
    let (first, last) = reporter.days.first().zip(reporter.days.last())?;
    let span = last.saturating_sub(*first).saturating_add(1);
    let daily = reporter.days.len() >= DAILY && reporter.days.len() as f64 >= REGULAR * span as f64;
    let gaps = reporter.days.iter().zip(reporter.days.iter().skip(1));
    let longest = gaps.map(|(one, next)| next.saturating_sub(*one)).max().unwrap_or_default();
    let missed = told?.saturating_sub(reporter.told?);
    (daily && missed >= SILENT_DAYS.max(longest)).then(|| reporter.told.map(|day| day.saturating_add(1)))?
}

fn selectors(seen: &Seen, first: i64, last: i64, add: &mut impl FnMut(ChangeKind, &str, i64, u64)) {
    for (selector, weeks) in &seen.selectors {
        let (Some((from, _)), Some((until, _))) = (weeks.first(), weeks.last()) else { continue };
        let messages = total(weeks.iter().map(|(_, messages)| *messages));
        if *from >= first.saturating_add(MEMORY) {
            add(ChangeKind::NewSelector, selector, *from, messages);
        }
        let gone = last.saturating_sub(*until);
        // A mailing a month must be missed twice.
        if gone > 2 * MEMORY || (gone >= MEMORY && weeks.len() as i64 >= MEMORY) {
            add(ChangeKind::SelectorGone, selector, until.saturating_add(1), messages);
        }
    }
}

/// The last week in which reporters found several policies.
fn policies(seen: &Seen, add: &mut impl FnMut(ChangeKind, &str, i64, u64)) {
    let mut by_week: BTreeMap<i64, Vec<(&str, u64)>> = BTreeMap::new();
    for (policy, weeks) in &seen.policies {
        for (week, messages) in weeks {
            by_week.entry(*week).or_default().push((policy, *messages));
        }
    }
    // One week in which it was changed is no difference.
    let differing: Vec<_> = by_week.iter().filter(|(_, policies)| policies.len() > 1).collect();
    if let (true, Some((week, policies))) = (differing.len() > 1, differing.last()) {
        let names: Vec<&str> = policies.iter().map(|(policy, _)| *policy).collect();
        add(
            ChangeKind::PolicySeenDifferently,
            &names.join(", "),
            **week,
            total(policies.iter().map(|(_, messages)| *messages)),
        );
    }
}

/// The first of the last weeks in which far more comes than the median of those before.
fn rising(weeks: &BTreeMap<i64, u64>) -> Option<(i64, u64)> {
    let counts: Vec<(i64, u64)> = weeks.iter().map(|(week, messages)| (*week, *messages)).collect();
    let late = counts.len().checked_sub(MEMORY as usize).filter(|late| *late >= MEMORY as usize)?;
    let (before, last) = counts.split_at(late);
    let mut sorted: Vec<u64> = before.iter().map(|(_, messages)| *messages).collect();
    sorted.sort_unstable();
    let median = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
    let much = |messages: u64| {
        messages as f64 >= RISE * median as f64 && messages >= median.saturating_add(RISE_MESSAGES)
    };
    last.iter().copied().find(|(_, messages)| much(*messages))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abuse_rises_over_what_was_usual() {
        let weeks = |counts: &[u64]| (0..).zip(counts.iter().copied()).collect::<BTreeMap<i64, u64>>();
        assert_eq!(rising(&weeks(&[10, 12, 9, 11, 10, 12, 90, 10])), Some((6, 90)));
        assert_eq!(rising(&weeks(&[10, 12, 9, 11, 10, 12, 30, 10])), None);
        assert_eq!(rising(&weeks(&[10, 900])), None);
    }
}
