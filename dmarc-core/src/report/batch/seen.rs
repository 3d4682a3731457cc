//! Which reports were read before: the same one, one that contradicts it, or one about part of its period.
//!
//! RFC 9990, 3.5.4 leaves it to the reader. A report of the same content counts once. A sender that repeats a
//! report must keep its identifiers, so one with the identifiers of another and different content is taken for a
//! repetition that went wrong: the first one that was read counts, the other is named and not added up. Nor is one
//! of the same reporter about the same domain and part of the same period, under another identifier, whose records
//! are all the same: it was sent again. With other records it cannot be told from a further part of what was seen
//! (large reporters send several a day): it is named, and counts in whole.

use std::collections::BTreeMap;

use super::key::Records;
use super::{Batch, Entry};
use crate::name::DomainName;
use crate::report::aggregate::{Head, Timestamp};
use crate::report::row;

/// Seconds that two periods may share without being told: some gateways run on into the next day.
const SLACK: i64 = 60;
/// Periods of one reporter and domain that are kept; two years of hourly reports.
const PERIODS: usize = 20_000;

/// Who reports about which domain.
type Series = (String, String);

/// The reports that were read so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// Where each content was read first.
    pub(super) keys: BTreeMap<String, String>,
    /// Where each identity was read first: the series, the identifier and the period.
    identities: BTreeMap<(Series, String, Option<i64>, Option<i64>), String>,
    periods: BTreeMap<Series, Periods>,
}

/// The periods of one series.
#[derive(Clone, Debug, Default)]
struct Periods {
    /// By begin: the end, and where it was read.
    all: BTreeMap<i64, (i64, String)>,
    longest: i64,
    /// By what the records say: begin, end, and where that was read.
    records: BTreeMap<Records, Vec<(i64, i64, String)>>,
}

impl Seen {
    /// Tells whether a report was read before; `true` if it is to be added up. `records` is what its records say.
    pub(super) fn settle(&mut self, batch: &mut Batch, entry: &mut Entry, records: Option<Records>) -> bool {
        let sum = &mut batch.totals;
        if let Some(first) = self.keys.get(&entry.report_key) {
            entry.duplicate_of = Some(first.clone());
            sum.messages_duplicate = sum.messages_duplicate.saturating_add(entry.messages);
            return false;
        }
        let place = entry.place();
        self.keys.insert(entry.report_key.clone(), place.clone());
        let Some(series) = series(&entry.head) else { return true };
        let metadata = entry.head.metadata.as_ref();
        let time = |stamp: Option<&Timestamp>| Some(stamp?.time?.0);
        let begin = time(metadata.and_then(|metadata| metadata.begin.as_ref()));
        let end = time(metadata.and_then(|metadata| metadata.end.as_ref()));
        let id = metadata.and_then(|metadata| metadata.report_id.as_deref()).map(row::report_id);
        // Without an identifier nobody can say that two are meant to be one.
        if let Some(id) = id.filter(|id| !id.is_empty()) {
            let identity = (series.clone(), id.to_owned(), begin, end);
            if let Some(first) = self.identities.get(&identity) {
                entry.conflict_of = Some(first.clone());
                sum.messages_conflicting = sum.messages_conflicting.saturating_add(entry.messages);
                return false;
            }
            self.identities.insert(identity, place.clone());
        }
        if let Some((begin, end)) = begin.zip(end) {
            let periods = self.periods.entry(series).or_default();
            entry.resent_of = records.and_then(|records| periods.resent(begin, end, records, &place));
            if entry.resent_of.is_some() {
                sum.messages_resent = sum.messages_resent.saturating_add(entry.messages);
                return false;
            }
            entry.overlap_of = periods.take(begin, end, place);
            if entry.overlap_of.is_some() {
                sum.messages_overlapping = sum.messages_overlapping.saturating_add(entry.messages);
            }
        }
        true
    }
}

/// Whether two periods share more time than the slack.
fn share(one: (i64, i64), other: (i64, i64)) -> bool {
    one.1.min(other.1).saturating_sub(one.0.max(other.0)) > SLACK
}

impl Periods {
    /// Gives where the same records were read about a period that shares time with this one; keeps them if they
    /// were not.
    fn resent(&mut self, begin: i64, end: i64, records: Records, place: &str) -> Option<String> {
        let room = self.all.len() < PERIODS;
        let known = self.records.entry(records).or_default();
        let first = known.iter().find(|known| share((known.0, known.1), (begin, end)));
        if let Some((_, _, first)) = first {
            return Some(first.clone());
        }
        if room {
            known.push((begin, end, place.to_owned()));
        }
        None
    }

    /// Adds a period; gives where one was read that shares time with it.
    fn take(&mut self, begin: i64, end: i64, place: String) -> Option<String> {
        let shares = |(other, (until, _)): &(&i64, &(i64, String))| share((**other, *until), (begin, end));
        let from = begin.saturating_sub(self.longest);
        let found = if from < end { self.all.range(from..end).find(shares) } else { None };
        let found = found.map(|(_, (_, place))| place.clone());
        if self.all.len() < PERIODS {
            self.longest = self.longest.max(end.saturating_sub(begin));
            self.all.entry(begin).or_insert((end, place));
        }
        found
    }
}

/// Who reports, by name and address, about which domain; `None` if the report does not say.
fn series(head: &Head) -> Option<Series> {
    let metadata = head.metadata.as_ref()?;
    let given = [&metadata.org_name, &metadata.email].into_iter().flatten();
    let reporter = given.map(|text| text.to_lowercase()).collect::<Vec<_>>().join("\n");
    let domain = head.policy.as_ref()?.domain.as_deref()?;
    let domain = DomainName::parse(domain).map_or_else(|_| domain.to_lowercase(), |name| name.to_string());
    (!reporter.trim().is_empty()).then_some((reporter, domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_share_time_only_beyond_the_slack() {
        let mut periods = Periods::default();
        let mut take = |begin, end| periods.take(begin, end, format!("{begin}"));
        assert_eq!(take(0, 86_407), None);
        assert_eq!(take(86_400, 172_800), None, "seconds into the next day");
        assert_eq!(take(172_800, 259_199), None);
        assert_eq!(take(90_000, 93_600).as_deref(), Some("86400"));
        assert_eq!(take(0, 259_200).as_deref(), Some("0"));
        assert_eq!(take(500, 400), None, "reversed");
        assert_eq!(take(i64::MIN, i64::MAX).as_deref(), Some("0"));
    }
}
