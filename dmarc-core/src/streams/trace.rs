//! What is kept of many records that look alike: who sent from where and how it authenticated, and how much,
//! when and by whom it was seen.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::key::family;
use crate::name::{DomainName, MAX_NAME, is_plain};
use crate::report::address::push_address;
use crate::report::aggregate::{Coded, DkimResult, ReasonType, Record, SpfResult, SpfScope, Verdict};
use crate::time::UnixTime;

/// Signatures of a record that are told apart; senders put on one or two, lists and gateways one more.
const SIGNATURES: usize = 6;
/// Weeks, reporters and hosts that are told apart in one trace; what is beyond counts in its messages.
pub(super) const WEEKS: usize = 260;
pub(super) const REPORTERS: usize = 64;
pub(super) const HOSTS: usize = 8;
/// Seconds in a week, and from 1970-01-01 to the first Monday.
const WEEK: i64 = 7 * 86_400;
const MONDAY: i64 = 4 * 86_400;

/// The week of a moment, counted from the first Monday of 1970.
pub(crate) const fn week(time: i64) -> i64 {
    time.saturating_sub(MONDAY).div_euclid(WEEK)
}

/// The first day of a week.
pub(super) fn day(week: i64) -> String {
    UnixTime(week.saturating_mul(WEEK).saturating_add(MONDAY)).day()
}

/// How much was seen of records that look alike.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Trace {
    /// Messages.
    pub messages: u64,
    /// Records.
    pub records: u64,
    /// Messages whose disposition was `quarantine` or `reject`.
    pub enforced: u64,
    /// Messages whose reason is a forwarder or a list.
    pub forwarded: u64,
    /// Messages of which a comment says `arc=pass`.
    pub arc: u64,
    /// Messages by the week in which the report begins, counted from the first Monday of 1970; in order.
    pub weeks: Vec<(i64, u64)>,
    /// Messages by reporter, a digest of its name; in order.
    pub reporters: Vec<(u64, u64)>,
    /// Source addresses; at most eight.
    pub hosts: Vec<IpAddr>,
    /// Begin of the first report, in seconds since the epoch.
    pub first: Option<i64>,
    /// Last second of the last report.
    pub last: Option<i64>,
    /// The first of its records.
    pub example: Option<Example>,
}

/// Where a record stands.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Example {
    /// The report.
    pub report_key: String,
    /// Position in the report, from 0.
    pub record_ordinal: u64,
}

impl Trace {
    /// Counts a record, but for its time and its reporter.
    pub(super) fn count(&mut self, record: &Record) {
        let messages = record.messages().unwrap_or_default();
        add(&mut self.messages, messages);
        self.records += 1;
        if self.example.is_none() {
            self.example = Some(Example { record_ordinal: record.ordinal, ..Example::default() });
        }
        if let Some(address) = record.source_ip.as_ref().and_then(crate::report::aggregate::SourceIp::address)
            && self.hosts.len() < HOSTS
            && let Err(at) = self.hosts.binary_search(&address)
        {
            self.hosts.insert(at, address);
        }
        let Some(evaluated) = &record.policy_evaluated else { return };
        if evaluated.disposition.as_ref().is_some_and(|done| matches!(done.raw(), "quarantine" | "reject")) {
            add(&mut self.enforced, messages);
        }
        let forwarded = evaluated.reasons.iter().any(|reason| {
            matches!(
                reason.reason_type.as_ref().map(Coded::value),
                Some(ReasonType::Forwarded | ReasonType::TrustedForwarder | ReasonType::MailingList)
            )
        });
        if forwarded {
            add(&mut self.forwarded, messages);
        }
        let says_arc =
            |text: &str| text.as_bytes().windows(8).any(|part| part.eq_ignore_ascii_case(b"arc=pass"));
        if evaluated.reasons.iter().any(|reason| reason.comment.as_deref().is_some_and(says_arc)) {
            add(&mut self.arc, messages);
        }
    }

    /// Adds what another counted.
    pub(super) fn merge(&mut self, other: &Self) {
        add(&mut self.messages, other.messages);
        add(&mut self.records, other.records);
        add(&mut self.enforced, other.enforced);
        add(&mut self.forwarded, other.forwarded);
        add(&mut self.arc, other.arc);
        other.weeks.iter().for_each(|each| put(&mut self.weeks, *each, WEEKS));
        other.reporters.iter().for_each(|each| put(&mut self.reporters, *each, REPORTERS));
        for host in &other.hosts {
            if self.hosts.len() < HOSTS
                && let Err(at) = self.hosts.binary_search(host)
            {
                self.hosts.insert(at, *host);
            }
        }
        self.first = [self.first, other.first].into_iter().flatten().min();
        self.last = self.last.max(other.last);
        if self.example.is_none() {
            self.example.clone_from(&other.example);
        }
    }
}

/// Adds to the sum of a key in a list that is in order.
pub(super) fn put<K: Ord + Copy>(list: &mut Vec<(K, u64)>, (key, more): (K, u64), limit: usize) {
    match list.binary_search_by(|(known, _)| known.cmp(&key)) {
        Ok(at) => {
            if let Some((_, sum)) = list.get_mut(at) {
                add(sum, more);
            }
        }
        Err(at) if list.len() < limit => list.insert(at, (key, more)),
        Err(_) => {}
    }
}

/// A sum that stops at the largest number.
pub(crate) fn total(counts: impl IntoIterator<Item = u64>) -> u64 {
    counts.into_iter().fold(0, u64::saturating_add)
}

pub(super) fn add(sum: &mut u64, more: u64) {
    *sum = sum.saturating_add(more);
}

/// What a record shows of itself, as text: the key of its trace.
///
/// Network (or the address, where nothing passes), author domain, SPF domain and result, the reporter's verdicts and those worked out, then each
/// signature with its result. A text is small, can be compared, and stands in a saved state as it is.
pub(crate) fn describe(into: &mut String, record: &Record) {
    into.clear();
    match record.source_ip.as_ref().and_then(crate::report::aggregate::SourceIp::address) {
        Some(address) => push_address(into, if passes(record) { network(address) } else { address }),
        None => into.push('-'),
    }
    into.push(' ');
    name(into, record.header_from());
    into.push(' ');
    let results = record.auth_results.as_ref();
    // The envelope's check says more than the greeting's.
    let of_scope = |scope: SpfScope| {
        results?.spf.iter().find(|each| each.scope.as_ref().is_some_and(|coded| coded.value() == scope))
    };
    let checked = of_scope(SpfScope::Mfrom)
        .or_else(|| results?.spf.iter().find(|each| each.scope.is_none()))
        .or_else(|| results?.spf.first());
    name(into, checked.and_then(|checked| checked.domain.as_deref()));
    into.push(match checked.and_then(|checked| checked.result.as_ref()).map(Coded::value) {
        Some(SpfResult::Pass) => '+',
        Some(SpfResult::Unknown) | None => '?',
        Some(SpfResult::TempError) => '~',
        Some(_) => '-',
    });
    into.push(' ');
    for verdict in [record.dkim_verdict(), record.spf_verdict()] {
        into.push(match verdict.map(Coded::value) {
            Some(Verdict::Pass) => '+',
            Some(Verdict::Fail) => '-',
            _ => '?',
        });
    }
    // What the reader worked out knows the published modes, and what the caller said of organizations.
    for aligned in [record.alignment.dkim, record.alignment.spf] {
        into.push(match aligned {
            Some(true) => '+',
            Some(false) => '-',
            None => '?',
        });
    }
    let Some(results) = results else { return };
    for signature in results.dkim.iter().filter(|each| each.domain.is_some()).take(SIGNATURES) {
        into.push(' ');
        name(into, signature.domain.as_deref());
        into.push('/');
        family(into, signature.selector.as_deref().unwrap_or_default());
        into.push(match signature.result.as_ref().map(Coded::value) {
            Some(DkimResult::Pass) => '+',
            Some(DkimResult::Unknown) | None => '?',
            Some(DkimResult::TempError) => '~',
            Some(_) => '-',
        });
    }
}

/// Whether anything passes, in whatever name. Where nothing does, hosts are told apart one by one.
fn passes(record: &Record) -> bool {
    let Some(results) = &record.auth_results else { return record.dmarc_pass() == Some(true) };
    let dkim = results.dkim.iter().filter_map(|each| each.result.as_ref());
    let spf = results.spf.iter().filter_map(|each| each.result.as_ref());
    record.dmarc_pass() == Some(true)
        || dkim.map(Coded::value).any(|result| result == DkimResult::Pass)
        || spf.map(Coded::value).any(|result| result == SpfResult::Pass)
}

/// The network of an address: 24 bits of IPv4, 48 of IPv6.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(address) => IpAddr::V4((u32::from(address) & !0xff).into()),
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) & !((1 << 80) - 1)).into()),
    }
}

/// A name in lower case without its final dot; `-` if there is none.
fn name(into: &mut String, text: Option<&str>) {
    let text = text.unwrap_or_default();
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.is_empty() {
        into.push('-');
    } else if is_plain(text) {
        into.push_str(text);
    } else if text.is_ascii() {
        let plain = |c: char| if c.is_ascii_graphic() { c.to_ascii_lowercase() } else { '_' };
        into.extend(text.chars().take(MAX_NAME).map(plain));
    } else {
        match DomainName::parse(text) {
            Ok(name) => into.push_str(name.as_str()),
            Err(_) => into.push('-'),
        }
    }
}
