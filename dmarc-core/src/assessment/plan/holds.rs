//! Who holds a policy up, by what reports show.

use crate::diagnostics::Rule;
use crate::dmarc::Policy;
use crate::streams::{Action, Because, Class, Node, Part};

use super::Blocked;
use super::evidence::{Evidence, Recent, name_of, percent, round, share, sum};
use super::rules::{
    BROKEN, DKIM_ALONE, DKIM_ONLY, MISCONFIGURED, SPF_ALONE, SPF_ONLY, UNIDENTIFIED, UNSIGNED_HOST,
};

impl Evidence<'_> {
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
        let named = |one: &Blocked, found: &[Blocked]| found.iter().any(|known| known.stream == one.stream);
        let alone: Vec<Blocked> = self.alone(node, base).filter(|one| !named(one, &found)).collect();
        found.extend(alone);
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
        let Recent { messages, failing, accidents } = self.recent(part);
        let limits = self.thresholds;
        let counts = |messages: u64| {
            messages >= limits.stream_messages || share(messages, base) >= limits.stream_share && messages > 0
        };
        match class {
            Class::Misconfigured | Class::Broken
                if counts(failing.saturating_sub(accidents)) && self.is_open(stream, part) =>
            {
                let rule = match (class, part.because) {
                    (Class::Broken, _) => &BROKEN,
                    (_, Some(Because::SteadyHost)) => &UNSIGNED_HOST,
                    _ => &MISCONFIGURED,
                };
                Some((rule, failing))
            }
            Class::AuthenticatedSpfOnly
                if policy == Policy::Reject
                    && counts(messages.saturating_sub(accidents))
                    && !self.is_accepted(stream)
                    && !self.is_silent(part) =>
            {
                Some((&SPF_ONLY, messages.saturating_sub(accidents)))
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

    /// Senders that pass by one mechanism alone and lose more than may be lost in the week in which that goes, before any
    /// report tells. They have some weeks to get the other; then the plan goes on with what there is.
    fn alone<'a>(&'a self, node: &'a Node, base: u64) -> impl Iterator<Item = Blocked> + 'a {
        let limits = self.thresholds;
        let one_week = limits.max_loss * limits.recent_weeks as f64;
        node.streams.iter().filter_map(move |((stream, class), part)| {
            let Recent { messages, accidents, .. } = self.recent(part);
            let messages = messages.saturating_sub(accidents);
            let (first, _) = part.weeks.first()?;
            let young = self.last_week().saturating_sub(*first) < limits.second_check_weeks;
            let rule = match class {
                Class::AuthenticatedDkimOnly => &DKIM_ALONE,
                Class::AuthenticatedSpfOnly => &SPF_ALONE,
                _ => return None,
            };
            let holds = young
                && messages >= limits.stream_messages
                && share(messages, base) > one_week
                && !self.is_accepted(stream)
                && !self.is_silent(part);
            holds.then(|| self.blocked(rule, stream, *class, part, messages, base))
        })
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
}
