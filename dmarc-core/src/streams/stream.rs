//! One stream, with what it rests on.

use std::net::IpAddr;

use serde::Serialize;

use super::action::Action;
use super::class::{Because, Class, Confidence};
use super::facts::{Item, Sum};
use super::key::Check;
use super::lookup::Named;
use super::trace::{Example, day};
use crate::time::UnixTime;

/// Pieces of evidence that are shown of a stream: those with most messages.
const EVIDENCE: usize = 5;
/// Author domains that are named.
const AUTHORS: usize = 20;
/// Weeks that make a trend: the last ones against those before.
const TREND: usize = 4;

/// Messages of one origin that are the same thing.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Stream {
    /// The organization: the topmost domain at which a policy was found.
    pub domain: String,
    /// What it is known by: `dkim:d/selector`, `spf:domain`, `foreign:domain`, `via:host`, `gateway:network` or
    /// `network:first address`, with the number of the autonomous system (`AS64500`) where the caller has one.
    pub key: String,
    /// What the caller calls it; `None` if the caller has no name for it.
    pub named: Option<Named>,
    /// The firm that delivers it, where a name of a well-known one shows.
    pub provider: Option<&'static str>,
    /// What it is.
    pub class: Class,
    /// How sure that is: the confidence of most of its messages.
    pub confidence: Confidence,
    /// The rule that says so, of most of its messages.
    pub because: Because,
    /// What to do about it.
    pub action: Action,
    /// Messages.
    pub messages: u64,
    /// Messages that pass DMARC.
    pub passed: u64,
    /// Messages for which DKIM passes and aligns.
    pub dkim: u64,
    /// Messages for which SPF passes and aligns.
    pub spf: u64,
    /// Messages whose disposition was `quarantine` or `reject`.
    pub enforced: u64,
    /// Author domains; at most twenty.
    pub header_from: Vec<String>,
    /// Source addresses that were told apart.
    pub hosts: u64,
    /// Who saw it.
    pub reporters: u64,
    /// First day (UTC) of the first report.
    pub first_day: Option<String>,
    /// Last day (UTC) of the last report.
    pub last_day: Option<String>,
    /// Messages of a week in the last four weeks against those before, `null` if there are not eight.
    pub trend: Option<f64>,
    /// Messages by week, each by its first day.
    pub weeks: Vec<Week>,
    /// The same, by weeks counted from the first Monday of 1970.
    #[serde(skip)]
    pub(super) counted: Vec<(i64, u64)>,
    /// What it rests on, most messages first.
    pub evidence: Vec<Evidence>,
}

/// Messages of a week.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Week {
    /// Its first day.
    pub begin: String,
    /// Messages.
    pub messages: u64,
}

/// Records that look alike, and the rule that they fall under.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Evidence {
    /// The rule.
    pub because: Because,
    /// How sure it is.
    pub confidence: Confidence,
    /// Messages.
    pub messages: u64,
    /// Network of the sources: 24 bits of IPv4, 48 of IPv6.
    pub network: Option<IpAddr>,
    /// The author domain.
    pub header_from: String,
    /// The domain that SPF was checked for.
    pub envelope: Option<String>,
    /// Whether it passed.
    pub spf: &'static str,
    /// Signatures, as `d=` and the selector without what rotates, each with `pass`, `fail` or `unknown`.
    pub dkim: Vec<String>,
    /// The first of the records.
    pub example: Option<Example>,
}

/// What is gathered of a stream.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) sum: Sum,
    passed: u64,
    dkim: u64,
    spf: u64,
    enforced: u64,
    first: Option<i64>,
    last: Option<i64>,
    provider: Option<&'static str>,
    /// The caller's name of most of its messages.
    named: Option<(u64, Named)>,
    header_from: Vec<String>,
    evidence: Vec<Evidence>,
}

impl Gathered {
    pub(super) fn add(&mut self, item: &Item<'_>, confidence: Confidence, because: Because) {
        let trace = item.trace;
        self.sum.add(item);
        let part = |applies: bool| if applies { trace.messages } else { 0 };
        self.passed = self.passed.saturating_add(part(item.passes()));
        self.dkim = self.dkim.saturating_add(part(item.dkim));
        self.spf = self.spf.saturating_add(part(item.spf));
        self.enforced = self.enforced.saturating_add(trace.enforced);
        self.first = [self.first, trace.first].into_iter().flatten().min();
        self.last = self.last.max(trace.last);
        self.provider = self.provider.or_else(|| item.provider().map(|provider| provider.name));
        let author = item.key.author;
        if self.header_from.len() < AUTHORS && !self.header_from.iter().any(|known| known == author) {
            self.header_from.push(author.to_owned());
        }
        let at = self.evidence.partition_point(|other| other.messages >= trace.messages);
        if at < EVIDENCE {
            self.evidence.insert(at, Evidence::new(item, confidence, because));
            self.evidence.truncate(EVIDENCE);
        }
    }

    /// What the caller calls some of its messages.
    pub(super) fn name(&mut self, named: Option<Named>, messages: u64) {
        if let Some(named) = named
            && self.named.as_ref().is_none_or(|(most, _)| messages > *most)
        {
            self.named = Some((messages, named));
        }
    }

    pub(super) fn stream(mut self, domain: &str, key: String, class: Class) -> Stream {
        let most = self.evidence.first();
        let (because, confidence) = most.map_or((Because::TooLittle, Confidence::Low), |evidence| {
            (evidence.because, evidence.confidence)
        });
        self.header_from.sort_unstable();
        Stream {
            domain: domain.to_owned(),
            key,
            named: self.named.map(|(_, named)| named),
            provider: self.provider,
            class,
            confidence,
            because,
            action: Action::of(class, because),
            messages: self.sum.messages,
            passed: self.passed,
            dkim: self.dkim,
            spf: self.spf,
            enforced: self.enforced,
            header_from: self.header_from,
            hosts: self.sum.hosts(),
            reporters: self.sum.reporters(),
            first_day: self.first.map(|first| UnixTime(first).day()),
            last_day: self.last.map(|last| UnixTime(last).day()),
            trend: trend(self.sum.by_week()),
            weeks: self
                .sum
                .by_week()
                .iter()
                .map(|(week, messages)| Week { begin: day(*week), messages: *messages })
                .collect(),
            counted: self.sum.by_week().to_vec(),
            evidence: self.evidence,
        }
    }
}

/// The last weeks against those before, the last one that has any being the last.
fn trend(weeks: &[(i64, u64)]) -> Option<f64> {
    let ((first, _), (last, _)) = (weeks.first()?, weeks.last()?);
    let before = last.saturating_sub(*first).saturating_add(1).saturating_sub(TREND as i64);
    if before < TREND as i64 {
        return None;
    }
    let from = last.saturating_sub(TREND as i64);
    let sum = |late: bool| {
        weeks.iter().filter(|(week, _)| (*week > from) == late).map(|(_, n)| *n as f64).sum::<f64>()
    };
    let (late, early) = (sum(true) / TREND as f64, sum(false) / before as f64);
    // Two decimals: more would say more than is known.
    (early > 0.0).then(|| (late / early * 100.0).round() / 100.0)
}

impl Evidence {
    fn new(item: &Item<'_>, confidence: Confidence, because: Because) -> Self {
        let key = &item.key;
        let dkim = key
            .signatures
            .iter()
            .map(|signature| format!("{}/{} {}", signature.domain, signature.family, word(signature.result)));
        Self {
            because,
            confidence,
            messages: item.trace.messages,
            network: key.network,
            header_from: key.author.to_owned(),
            envelope: key.envelope.map(str::to_owned),
            spf: word(key.spf),
            dkim: dkim.collect(),
            example: item.trace.example.clone(),
        }
    }
}

const fn word(check: Check) -> &'static str {
    match check {
        Check::Pass => "pass",
        Check::Fail => "fail",
        Check::Temporary => "temperror",
        Check::Unknown => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::trend;

    #[test]
    fn a_trend_wants_weeks_before_and_after() {
        let weeks = |counts: &[u64]| (10..).zip(counts.iter().copied()).collect::<Vec<_>>();
        assert_eq!(trend(&weeks(&[10; 7])), None);
        assert_eq!(trend(&weeks(&[10; 8])), Some(1.0));
        assert_eq!(trend(&weeks(&[10, 10, 10, 10, 20, 20, 20, 20])), Some(2.0));
        assert!(trend(&[(i64::MIN, 5), (i64::MAX, 5)]).is_some());
        assert_eq!(trend(&[(i64::MIN, 5)]), None);
        assert_eq!(trend(&[]), None);
    }
}
