//! What reports say to a plan: who holds a step up, what a step would lose, and how long a policy has stood.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::dmarc::Effective;
use crate::streams::{Because, Class, Judged, Node, Part, week};

use super::super::domain::DomainReport;
use super::LostStream;
use super::thresholds::{DAY, Thresholds};

/// Reports on the domain, as far as a plan looks at them.
pub(super) struct Evidence<'a> {
    pub(super) judged: &'a Judged,
    /// Those of the domain itself, and of the names below it.
    pub(super) own: Option<&'a Node>,
    pub(super) below: Option<&'a Node>,
    pub(super) thresholds: &'a Thresholds,
    accepted: &'a [String],
    pub(super) domain: String,
    /// Begin of the first and end of the last report, in seconds since the epoch.
    pub(super) begin: i64,
    pub(super) end: i64,
    /// Days that reports cover.
    pub(super) days: i64,
    /// Who reported.
    pub(super) reporters: usize,
}

/// What a stream did in the last weeks.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Recent {
    pub(super) messages: u64,
    pub(super) failing: u64,
    /// Messages that pass worse than the sender's own beside them, now and then.
    pub(super) accidents: u64,
}

impl<'a> Evidence<'a> {
    /// `None` if no report is about a policy at the domain.
    pub(super) fn of(
        report: &'a DomainReport,
        judged: &'a Judged,
        thresholds: &'a Thresholds,
    ) -> Option<Self> {
        let at = |below: bool| {
            judged
                .nodes
                .iter()
                .find(|node| node.policy_domain == report.domain.as_str() && node.below == below)
        };
        let (own, below) = (at(false), at(true));
        let covered = &own.or(below)?.covered;
        let (begin, _) = covered.first()?;
        let (_, end) = covered.last()?;
        let days = covered.iter().map(|(begin, end)| end.saturating_sub(*begin)).fold(0, i64::saturating_add);
        let mut reporters: Vec<u64> = [own, below]
            .into_iter()
            .flatten()
            .flat_map(|node| &node.reporters)
            .map(|(who, _)| *who)
            .collect();
        reporters.sort_unstable();
        reporters.dedup();
        Some(Self {
            judged,
            own,
            below,
            thresholds,
            accepted: &report.context.plan.accept,
            domain: report.domain.to_string(),
            begin: *begin,
            end: *end,
            // An end is often the last second.
            days: days.saturating_add(DAY / 2) / DAY,
            reporters: reporters.len(),
        })
    }

    fn nodes(&self) -> impl Iterator<Item = &'a Node> {
        [self.own, self.below].into_iter().flatten()
    }

    pub(super) fn last_week(&self) -> i64 {
        week(self.end.saturating_sub(1))
    }

    /// Weeks that are looked at, as far as reports go back.
    pub(super) fn weeks(&self) -> u64 {
        self.last_week().abs_diff(week(self.begin)).saturating_add(1).min(self.thresholds.recent_weeks)
    }

    /// Messages of the last weeks, of any kind.
    pub(super) fn messages(&self) -> u64 {
        sum(self.nodes().flat_map(|node| node.streams.values()).map(|part| self.recent(part).messages))
    }

    pub(super) fn recent(&self, part: &Part) -> Recent {
        let first = self.last_week().saturating_sub_unsigned(self.thresholds.recent_weeks.saturating_sub(1));
        let of = |weeks: &[(i64, u64)]| sum(weeks.iter().filter(|(week, _)| *week >= first).map(|(_, n)| *n));
        let messages = of(&part.weeks);
        let failing = messages.saturating_sub(of(&part.passing_weeks));
        Recent { messages, failing, accidents: of(&part.accident_weeks) }
    }

    /// Messages that are the organization's, or may be.
    pub(super) fn base(&self) -> u64 {
        let counts = |class: Class| class.is_legitimate() || class == Class::Unknown;
        let parts = self.nodes().flat_map(|node| &node.streams).filter(|((_, class), _)| counts(*class));
        sum(parts.map(|(_, part)| self.recent(part).messages))
    }

    pub(super) fn is_accepted(&self, stream: &str) -> bool {
        self.accepted.iter().any(|accepted| accepted == stream)
    }

    /// Weeks in which messages fail that are no accidents: first, last, how many.
    pub(super) fn failing_weeks(part: &Part) -> Option<(i64, i64, u64)> {
        let in_week = |of: &[(i64, u64)], week: i64| {
            let at = of.binary_search_by_key(&week, |(known, _)| *known).ok();
            at.and_then(|at| of.get(at)).map_or(0, |(_, messages)| *messages)
        };
        let mut failing = part.weeks.iter().filter(|(week, messages)| {
            let passing = in_week(&part.passing_weeks, *week);
            passing.saturating_add(in_week(&part.accident_weeks, *week)) < *messages
        });
        let (first, _) = failing.next()?;
        let (mut last, mut count) = (*first, 1_u64);
        for (week, _) in failing {
            (last, count) = (*week, count.saturating_add(1));
        }
        Some((*first, last, count))
    }

    /// Whether what fails has stopped: for a steady sender two weeks tell, for others five.
    pub(super) fn has_stopped(&self, part: &Part) -> bool {
        let Some((first, last, count)) = Self::failing_weeks(part) else { return true };
        let span = last.abs_diff(first).saturating_add(1);
        let steady = count >= 2 && count.saturating_mul(2) >= span;
        let silent = self.last_week().saturating_sub(last);
        silent
            >= if steady { self.thresholds.silent_weeks } else { self.thresholds.recent_weeks.cast_signed() }
    }

    /// Whether a policy that is stricter loses what fails here, as far as anybody can mend it.
    pub(super) fn is_open(&self, stream: &str, part: &Part) -> bool {
        part.because != Some(Because::PassedSince) && !self.is_accepted(stream) && !self.has_stopped(part)
    }

    /// What a policy loses that acts on what fails: messages of the last weeks of legitimate streams, those first that
    /// nobody can mend.
    pub(super) fn losses(&self, below: bool) -> Vec<LostStream> {
        let Some(node) = (if below { self.below } else { self.own }) else { return Vec::new() };
        let lost = |((stream, class), part): (&(String, Class), &Part)| {
            let Recent { failing, accidents, .. } = self.recent(part);
            let stopped = part.because == Some(Because::PassedSince) || self.has_stopped(part);
            // Accidents of a sender that is mended go on.
            let messages = if stopped { accidents.min(failing) } else { failing };
            (class.is_legitimate() && messages > 0).then(|| LostStream {
                stream: stream.clone(),
                class: *class,
                messages,
            })
        };
        node.streams.iter().filter_map(lost).collect()
    }

    /// Messages of the last weeks that fail behind a gateway of the receiver's own, forged ones among them.
    pub(super) fn behind_gateways(&self, below: bool) -> u64 {
        let nodes = [self.own, self.below.filter(|_| below)];
        let parts = nodes.into_iter().flatten().flat_map(|node| &node.streams);
        let behind = parts.filter(|((_, class), _)| *class == Class::RecipientGateway);
        sum(behind.map(|(_, part)| self.recent(part).failing))
    }

    /// Messages of legitimate streams in the last weeks.
    pub(super) fn legitimate(&self) -> u64 {
        sum(self
            .nodes()
            .flat_map(|node| &node.streams)
            .filter(|((_, class), _)| class.is_legitimate())
            .map(|(_, part)| self.recent(part).messages))
    }

    /// Streams by class whose failures are over, and those that are accepted: a rehearsal of all reports still has
    /// them.
    pub(super) fn is_over(&self, stream: &str, class: Class) -> bool {
        let key = (stream.to_owned(), class);
        let mut parts = self.nodes().filter_map(|node| node.streams.get(&key)).peekable();
        self.is_accepted(stream)
            || (parts.peek().is_some()
                && parts.all(|part| part.because == Some(Because::PassedSince) || self.has_stopped(part)))
    }
}

/// Since when reports find the record that stands, in seconds since the epoch; `None` if none does.
pub(super) fn since(report: &DomainReport, values: &Effective) -> Option<i64> {
    let records = report.reports.as_ref()?.traces.records(&report.domain);
    let mut days: BTreeMap<i64, (u64, u64)> = BTreeMap::new();
    for (key, messages) in records {
        let matches = is_it(key, values);
        for (day, messages) in messages {
            let (same, other) = days.entry(*day).or_default();
            let into = if matches { same } else { other };
            *into = into.saturating_add((*messages).max(1));
        }
    }
    let mut since = None;
    for (day, (same, other)) in days {
        // Caches hold the old record for a day or two: what most reporters find counts.
        if other > same {
            since = None;
        } else if since.is_none() {
            since = Some(day);
        }
    }
    since.map(|day| day.saturating_mul(DAY))
}

/// Whether a reported record is the one that stands, as far as the report says.
fn is_it(key: &str, values: &Effective) -> bool {
    let mut parts = key.split('/');
    let mut next = || parts.next().unwrap_or_default();
    let (p, sp, _np, pct, test) = (next(), next(), next(), next(), next());
    let expected = values.pct.unwrap_or(100).to_string();
    let on = values.t == Some(true);
    p == values.p.as_str()
        && (sp.is_empty() || sp == values.sp.as_str())
        && (pct.is_empty() || values.pct.is_none() || pct == expected)
        && (test.is_empty() || (test == "y") == on)
}

/// A stream without the word that says what it is known by.
pub(super) fn name_of(stream: &str) -> String {
    let name = stream.split_once(':').map_or(stream, |(_, name)| name);
    match name.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => format!("{name}/24"),
        Ok(IpAddr::V6(_)) => format!("{name}/48"),
        Err(_) => name.to_owned(),
    }
}

pub(super) fn sum(counts: impl IntoIterator<Item = u64>) -> u64 {
    counts.into_iter().fold(0, u64::saturating_add)
}

pub(super) fn share(part: u64, whole: u64) -> f64 {
    // What is not the organization's may be more than all of its mail.
    if whole == 0 { 0.0 } else { (part as f64 / whole as f64).min(1.0) }
}

/// Four decimals: a hundredth of a percent.
pub(super) fn round(share: f64) -> f64 {
    (share * 10_000.0).round() / 10_000.0
}

/// A share for a sentence.
pub(super) fn percent(share: f64) -> String {
    format!("{:.2}%", share * 100.0)
}
