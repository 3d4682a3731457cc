//! Who sends: messages per source address, summed over reports, small enough to keep and to merge.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Tallies;
use crate::name::{DomainName, MAX_NAME};
use crate::report::aggregate::{Coded, Head, Record, Timestamp, Verdict};
use crate::time::UnixTime;

/// Author domains that are named per source; a source with more is shared hosting or hostile.
const NAMES: usize = 50;
/// Longest key that is no address or name, in characters.
const TEXT: usize = 100;

/// Messages by the aligned verdict of one mechanism.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Outcomes {
    /// Authenticated and aligned.
    pub pass: u64,
    /// Not both.
    pub fail: u64,
    /// Absent, or not understood.
    pub unknown: u64,
}

impl Outcomes {
    fn add(&mut self, verdict: Option<&Coded<Verdict>>, messages: u64) {
        let sum = match verdict.map(Coded::value) {
            Some(Verdict::Pass) => &mut self.pass,
            Some(Verdict::Fail) => &mut self.fail,
            _ => &mut self.unknown,
        };
        *sum = sum.saturating_add(messages);
    }

    fn merge(&mut self, other: Self) {
        self.pass = self.pass.saturating_add(other.pass);
        self.fail = self.fail.saturating_add(other.fail);
        self.unknown = self.unknown.saturating_add(other.unknown);
    }
}

/// What was reported about one source address.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Source {
    /// Messages.
    pub messages: u64,
    /// Records.
    pub records: u64,
    /// Messages for which either mechanism passed.
    pub aligned: u64,
    /// By DKIM verdict.
    pub dkim: Outcomes,
    /// By SPF verdict.
    pub spf: Outcomes,
    /// By disposition, as written.
    pub dispositions: Tallies,
    /// Author domains, in lower case and in order; at most fifty.
    pub header_from: Vec<String>,
    /// Reporters, as digests of their names, in order.
    pub reporters: Vec<u64>,
    /// Begin of the first report, in seconds since the epoch.
    pub first: Option<i64>,
    /// Last second of the last report.
    pub last: Option<i64>,
}

impl Source {
    fn merge(&mut self, other: &Self) {
        self.messages = self.messages.saturating_add(other.messages);
        self.records = self.records.saturating_add(other.records);
        self.aligned = self.aligned.saturating_add(other.aligned);
        self.dkim.merge(other.dkim);
        self.spf.merge(other.spf);
        self.dispositions.merge(&other.dispositions);
        for name in &other.header_from {
            self.name(name);
        }
        for reporter in &other.reporters {
            insert(&mut self.reporters, *reporter);
        }
        self.first = [self.first, other.first].into_iter().flatten().min();
        self.last = self.last.max(other.last);
    }

    fn name(&mut self, name: &str) {
        if let Err(at) = self.header_from.binary_search_by(|known| known.as_str().cmp(name))
            && self.header_from.len() < NAMES
        {
            self.header_from.reserve_exact(1);
            self.header_from.insert(at, name.to_owned());
        }
    }

    fn count(&mut self, record: &Record) {
        let messages = record.messages().unwrap_or_default();
        self.records += 1;
        self.messages = self.messages.saturating_add(messages);
        if record.dmarc_pass() == Some(true) {
            self.aligned = self.aligned.saturating_add(messages);
        }
        self.dkim.add(record.dkim_verdict(), messages);
        self.spf.add(record.spf_verdict(), messages);
        self.dispositions.add(record.disposition().map(Coded::raw), messages);
        if let Some(name) = record.header_from()
            && self.header_from.last().is_none_or(|known| known != name)
        {
            self.name(&normalized(name));
        }
    }
}

/// Sources per policy domain: the aggregated state that an assessment works on.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sources {
    domains: BTreeMap<String, BTreeMap<String, Source>>,
}

/// One source, over all policy domains that were asked for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SourceView {
    /// The address in its canonical form, or what the reporter wrote.
    pub source_ip: String,
    /// Messages.
    pub messages: u64,
    /// Records.
    pub records: u64,
    /// Messages for which either mechanism passed.
    pub aligned: u64,
    /// By DKIM verdict.
    pub dkim: Outcomes,
    /// By SPF verdict.
    pub spf: Outcomes,
    /// By disposition, as written.
    pub dispositions: Tallies,
    /// Author domains.
    pub header_from: Vec<String>,
    /// How many reporters saw it.
    pub reporters: u64,
    /// First day (UTC) of the first report that names it.
    pub first_day: Option<String>,
    /// Last day (UTC) of the last report that names it.
    pub last_day: Option<String>,
}

impl Sources {
    /// Adds the sources of a report, whose head is whole by now.
    pub(super) fn take(&mut self, head: &Head, report: Vec<(Key, Source)>) {
        if report.is_empty() {
            return;
        }
        let policy_domain = head.policy.as_ref().and_then(|policy| policy.domain.as_deref());
        let metadata = head.metadata.as_ref();
        let reporter =
            metadata.map(|metadata| digest(metadata.org_name.as_deref(), metadata.email.as_deref()));
        let time = |stamp: Option<&Timestamp>| Some(stamp?.time?.0);
        let first = time(metadata.and_then(|metadata| metadata.begin.as_ref()));
        // An end that is exclusive belongs to the day before.
        let last = time(metadata.and_then(|metadata| metadata.end.as_ref())).map(|end| end.saturating_sub(1));
        let into = self.domains.entry(normalized(policy_domain.unwrap_or_default())).or_default();
        for (key, mut source) in report {
            source.reporters.extend(reporter);
            (source.first, source.last) = (first, last);
            add(into, key.text(), source);
        }
    }

    /// Adds what another counted.
    pub fn merge(&mut self, other: Self) {
        for (domain, sources) in other.domains {
            let into = self.domains.entry(domain).or_default();
            for (ip, source) in sources {
                add(into, ip, source);
            }
        }
    }

    /// Those of a domain and of the domains below it, by where the policy was found.
    #[must_use]
    pub fn of(&self, domain: &DomainName) -> Self {
        let within = |name: &str| DomainName::parse(name).is_ok_and(|name| name.is_within(domain));
        let domains = self.domains.iter().filter(|(name, _)| within(name));
        Self { domains: domains.map(|(name, sources)| (name.clone(), sources.clone())).collect() }
    }

    /// Policy domains, in lower case.
    pub fn domains(&self) -> impl Iterator<Item = &str> {
        self.domains.keys().map(String::as_str)
    }

    /// How many sources there are, over all policy domains.
    #[must_use]
    pub fn len(&self) -> usize {
        self.domains.values().map(BTreeMap::len).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.domains.is_empty()
    }

    /// Every source once, over all policy domains.
    pub(crate) fn all(&self) -> BTreeMap<&str, Source> {
        let mut all: BTreeMap<&str, Source> = BTreeMap::new();
        for (ip, source) in self.domains.values().flatten() {
            all.entry(ip).or_default().merge(source);
        }
        all
    }

    /// Every source once, the one with most messages first.
    #[must_use]
    pub fn view(&self) -> Vec<SourceView> {
        let mut views: Vec<SourceView> = self.all().into_iter().map(|(ip, source)| source.view(ip)).collect();
        views.sort_by_key(|view| std::cmp::Reverse(view.messages));
        views
    }
}

/// The sources of the report that is being read.
#[derive(Debug, Default)]
pub(super) struct ReportSources {
    sources: BTreeMap<Key, Source>,
}

/// A source, cheaper than its text.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub(super) enum Key {
    Address(IpAddr),
    Text(String),
    /// All beyond the limit.
    Rest,
}

impl Key {
    fn text(self) -> String {
        match self {
            Self::Address(ip) => ip.to_string(),
            Self::Text(text) => text,
            Self::Rest => "…".to_owned(),
        }
    }
}

/// What a record did to the room for sources.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Room {
    NotNeeded,
    Taken,
    Exceeded,
}

impl ReportSources {
    /// The sources in order, in as little memory as they need.
    pub(super) fn into_list(self) -> Vec<(Key, Source)> {
        self.sources.into_iter().collect()
    }

    /// Counts a record; one of a new source counts under `…` if there is no room left.
    pub(super) fn add(&mut self, record: &Record, room: usize) -> Room {
        let key = match &record.source_ip {
            Some(ip) => match ip.address() {
                Some(address) => Key::Address(address),
                None => Key::Text(ip.text().chars().take(TEXT).collect()),
            },
            None => Key::Text(String::new()),
        };
        if let Some(source) = self.sources.get_mut(&key) {
            source.count(record);
            return Room::NotNeeded;
        }
        let (key, taken) = if room > 0 { (key, Room::Taken) } else { (Key::Rest, Room::Exceeded) };
        self.sources.entry(key).or_default().count(record);
        taken
    }
}

fn add(into: &mut BTreeMap<String, Source>, ip: String, source: Source) {
    match into.get_mut(&ip) {
        Some(known) => known.merge(&source),
        None => {
            into.insert(ip, source);
        }
    }
}

fn insert(list: &mut Vec<u64>, number: u64) {
    if let Err(at) = list.binary_search(&number) {
        list.insert(at, number);
    }
}

impl Source {
    fn view(self, ip: &str) -> SourceView {
        SourceView {
            source_ip: ip.to_owned(),
            messages: self.messages,
            records: self.records,
            aligned: self.aligned,
            dkim: self.dkim,
            spf: self.spf,
            dispositions: self.dispositions,
            header_from: self.header_from,
            reporters: self.reporters.len() as u64,
            first_day: self.first.map(|first| UnixTime(first).day()),
            last_day: self.last.map(|last| UnixTime(last).day()),
        }
    }
}

pub(crate) fn normalized(name: &str) -> String {
    let name = name.strip_suffix('.').unwrap_or(name);
    if name.is_ascii() {
        return name.get(..MAX_NAME).unwrap_or(name).to_ascii_lowercase();
    }
    match DomainName::parse(name) {
        Ok(name) => name.as_str().to_owned(),
        Err(_) => name.chars().take(TEXT).collect(),
    }
}

pub(crate) fn digest(name: Option<&str>, email: Option<&str>) -> u64 {
    let host = email.and_then(|email| email.rsplit('@').next()).unwrap_or_default();
    let name = name.unwrap_or_default();
    let digest = Sha256::new().chain_update(name).chain_update([0]).chain_update(host).finalize();
    // 52 bits: a number that JSON readers everywhere keep exactly.
    digest.iter().take(7).fold(0, |number, octet| (number << 8 | u64::from(*octet)) & ((1 << 52) - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_and_final_dot() {
        assert_eq!(normalized("Example.COM."), "example.com");
        assert_eq!(normalized("bücher.example"), "xn--bcher-kva.example");
    }
}
