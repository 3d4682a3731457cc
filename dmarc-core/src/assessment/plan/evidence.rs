//! What reports say to a plan: who holds a step up, what a step would lose, and how long a policy has stood.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::dmarc::{Effective, Policy};
use crate::streams::{Action, Because, Class, Judged, Node, Part, week};

use super::super::domain::DomainReport;
use super::rules::{BROKEN, DKIM_ONLY, MISCONFIGURED, SPF_ONLY, UNIDENTIFIED, UNSIGNED_HOST};
use super::thresholds::{DAY, Thresholds};
use super::{Blocked, LostStream};
use crate::diagnostics::Rule;

/// Reports on the domain, as far as a plan looks at them.
pub(super) struct Evidence<'a> {
    judged: &'a Judged,
    /// Those of the domain itself, and of the names below it.
    own: Option<&'a Node>,
    below: Option<&'a Node>,
    thresholds: &'a Thresholds,
    accepted: &'a [String],
    domain: String,
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
struct Recent {
    messages: u64,
    failing: u64,
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

    fn last_week(&self) -> i64 {
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

    fn recent(&self, part: &Part) -> Recent {
        let first = self.last_week().saturating_sub_unsigned(self.thresholds.recent_weeks.saturating_sub(1));
        let of = |weeks: &[(i64, u64)]| sum(weeks.iter().filter(|(week, _)| *week >= first).map(|(_, n)| *n));
        let messages = of(&part.weeks);
        Recent { messages, failing: messages.saturating_sub(of(&part.passing_weeks)) }
    }

    /// Messages that are the organization's, or may be.
    fn base(&self) -> u64 {
        let counts = |class: Class| class.is_legitimate() || class == Class::Unknown;
        let parts = self.nodes().flat_map(|node| &node.streams).filter(|((_, class), _)| counts(*class));
        sum(parts.map(|(_, part)| self.recent(part).messages))
    }

    pub(super) fn is_accepted(&self, stream: &str) -> bool {
        self.accepted.iter().any(|accepted| accepted == stream)
    }

    /// Weeks in which messages fail: first, last, how many.
    fn failing_weeks(part: &Part) -> Option<(i64, i64, u64)> {
        let mut failing = part.weeks.iter().filter(|(week, messages)| {
            let at = part.passing_weeks.binary_search_by_key(week, |(known, _)| *known).ok();
            let passing = at.and_then(|at| part.passing_weeks.get(at)).map_or(0, |(_, passing)| *passing);
            passing < *messages
        });
        let (first, _) = failing.next()?;
        let (mut last, mut count) = (*first, 1_u64);
        for (week, _) in failing {
            (last, count) = (*week, count.saturating_add(1));
        }
        Some((*first, last, count))
    }

    /// Whether what fails has stopped: for a steady sender two weeks tell, for others five.
    fn has_stopped(&self, part: &Part) -> bool {
        let Some((first, last, count)) = Self::failing_weeks(part) else { return true };
        let span = last.abs_diff(first).saturating_add(1);
        let steady = count >= 2 && count.saturating_mul(2) >= span;
        let silent = self.last_week().saturating_sub(last);
        silent
            >= if steady { self.thresholds.silent_weeks } else { self.thresholds.recent_weeks.cast_signed() }
    }

    /// Whether a policy that is stricter loses what fails here, as far as anybody can mend it.
    fn is_open(&self, stream: &str, part: &Part) -> bool {
        part.because != Some(Because::PassedSince) && !self.is_accepted(stream) && !self.has_stopped(part)
    }

    /// Who holds a policy up, most failing messages first.
    pub(super) fn holds(&self, below: bool, policy: Policy) -> Vec<Blocked> {
        let Some(node) = (if below { self.below } else { self.own }) else { return Vec::new() };
        let base = self.base().max(1);
        let mut found: Vec<Blocked> = node
            .streams
            .iter()
            .filter_map(|((stream, class), part)| {
                let (rule, messages) = self.reason(stream, *class, part, base, policy)?;
                Some(self.blocked(rule, stream, *class, part, messages, base))
            })
            .collect();
        found.extend(self.accidents(node, base));
        found.sort_by(|one, other| (other.messages, &one.stream).cmp(&(one.messages, &other.stream)));
        found
    }

    fn reason(
        &self,
        stream: &str,
        class: Class,
        part: &Part,
        base: u64,
        policy: Policy,
    ) -> Option<(&'static Rule, u64)> {
        let Recent { messages, failing } = self.recent(part);
        let limits = self.thresholds;
        let counts = |messages: u64| {
            messages >= limits.stream_messages || share(messages, base) >= limits.stream_share && messages > 0
        };
        match class {
            Class::Misconfigured | Class::Broken if counts(failing) && self.is_open(stream, part) => {
                let rule = match (class, part.because) {
                    (Class::Broken, _) => &BROKEN,
                    (_, Some(Because::SteadyHost)) => &UNSIGNED_HOST,
                    _ => &MISCONFIGURED,
                };
                Some((rule, failing))
            }
            Class::AuthenticatedSpfOnly
                if policy == Policy::Reject
                    && counts(messages)
                    && !self.is_accepted(stream)
                    && !self.is_silent(part) =>
            {
                Some((&SPF_ONLY, messages))
            }
            Class::Unauthorised | Class::Unknown if self.may_be_own(stream, part, failing, base) => {
                Some((&UNIDENTIFIED, failing))
            }
            _ => None,
        }
    }

    /// Whether a stream sends no more, by the same measure.
    fn is_silent(&self, part: &Part) -> bool {
        let (Some((first, _)), Some((last, _))) = (part.weeks.first(), part.weeks.last()) else {
            return true;
        };
        let span = last.abs_diff(*first).saturating_add(1);
        let steady = part.weeks.len() >= 2 && (part.weeks.len() as u64).saturating_mul(2) >= span;
        let silent = self.last_week().saturating_sub(*last);
        silent
            >= if steady { self.thresholds.silent_weeks } else { self.thresholds.recent_weeks.cast_signed() }
    }

    /// Whether mail that nothing speaks for may still turn out to be the organization's: it is too young to tell, and
    /// there is too much of it to leave open.
    fn may_be_own(&self, stream: &str, part: &Part, failing: u64, base: u64) -> bool {
        let limits = self.thresholds;
        let Some((first, last, count)) = Self::failing_weeks(part) else { return false };
        let young = self.last_week().saturating_sub(first) < limits.identify_weeks;
        let enough = if count >= 2 { limits.few_messages } else { limits.stream_messages };
        young
            && failing >= enough
            && share(failing, base) >= limits.stream_share
            && self.last_week().saturating_sub(last) <= limits.recent_weeks.cast_signed()
            && self.is_open(stream, part)
    }

    /// Senders that pass by one mechanism alone, where what fails of them comes to more than may be lost.
    fn accidents(&self, node: &Node, base: u64) -> Vec<Blocked> {
        let mut failing: Vec<(&str, &Part, u64)> = node
            .streams
            .iter()
            .filter(|((stream, class), _)| {
                *class == Class::AuthenticatedDkimOnly && !self.is_accepted(stream)
            })
            .map(|((stream, _), part)| (stream.as_str(), part, self.recent(part).failing))
            .filter(|(_, part, failing)| *failing > 0 && !self.is_silent(part))
            .collect();
        failing.sort_by_key(|(stream, _, failing)| (std::cmp::Reverse(*failing), *stream));
        let mut left = sum(failing.iter().map(|(_, _, failing)| *failing));
        let mut found = Vec::new();
        for (stream, part, messages) in failing {
            if share(left, base) <= self.thresholds.max_loss {
                break;
            }
            left = left.saturating_sub(messages);
            let class = Class::AuthenticatedDkimOnly;
            found.push(self.blocked(&DKIM_ONLY, stream, class, part, messages, base));
        }
        found
    }

    fn blocked(
        &self,
        rule: &'static Rule,
        stream: &str,
        class: Class,
        part: &Part,
        messages: u64,
        base: u64,
    ) -> Blocked {
        let known = self.judged.streams.iter().find(|known| known.key == stream && known.class == class);
        let author = known.and_then(|known| known.header_from.first()).unwrap_or(&self.domain);
        let share = share(messages, base);
        let reason = rule
            .anywhere()
            .arg("stream", name_of(stream))
            .arg("domain", author.as_str())
            .arg("messages", messages)
            .arg("share", percent(share));
        Blocked {
            stream: Some(stream.to_owned()),
            class: Some(class),
            action: Some(Action::of(class, part.because.unwrap_or(Because::TooLittle))),
            messages,
            share: Some(round(share)),
            reason,
        }
    }

    /// What a policy loses that acts on what fails: messages of the last weeks of legitimate streams, those first that
    /// nobody can mend.
    pub(super) fn losses(&self, below: bool) -> Vec<LostStream> {
        let Some(node) = (if below { self.below } else { self.own }) else { return Vec::new() };
        let lost = |((stream, class), part): (&(String, Class), &Part)| {
            let messages = self.recent(part).failing;
            let stopped = part.because == Some(Because::PassedSince) || self.has_stopped(part);
            (class.is_legitimate() && messages > 0 && !stopped).then(|| LostStream {
                stream: stream.clone(),
                class: *class,
                messages,
            })
        };
        node.streams.iter().filter_map(lost).collect()
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
