//! What a policy would act on: the messages of one author domain, or of the names below it, by stream.

use std::collections::BTreeMap;

use super::class::{Because, Class};
use super::facts::Item;
use super::trace::{put, total};

/// Weeks and reporters that are told apart.
const LISTED: usize = 1_000;

/// Everything under one policy: that of the domain itself (`p`), or that of the names below it (`sp`).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Node {
    /// Where the policy was found.
    pub policy_domain: String,
    /// Whether these are names below it.
    pub below: bool,
    /// Begin and end of each stretch of time that reports cover, in seconds since the epoch; in order.
    pub covered: Vec<(i64, i64)>,
    /// Messages by reporter.
    pub reporters: Vec<(u64, u64)>,
    /// By key and class.
    pub streams: BTreeMap<(String, Class), Part>,
}

/// The part of a stream that is under one policy.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Part {
    /// The rule of most of its messages.
    pub because: Option<Because>,
    /// Messages.
    pub messages: u64,
    /// Messages that pass DMARC.
    pub passed: u64,
    /// Messages by week, and those of them that pass.
    pub weeks: Vec<(i64, u64)>,
    /// Messages that pass, by week.
    pub passing_weeks: Vec<(i64, u64)>,
    /// Messages by week that are no more than accidents beside mail of the same sender that passes better.
    pub accident_weeks: Vec<(i64, u64)>,
    most: u64,
}

impl Node {
    pub(super) fn add(
        &mut self,
        item: &Item<'_>,
        stream: &str,
        class: Class,
        because: Because,
        accidents: &[(i64, u64)],
    ) {
        let trace = item.trace;
        trace.reporters.iter().for_each(|each| put(&mut self.reporters, *each, LISTED));
        let part = self.streams.entry((stream.to_owned(), class)).or_default();
        part.messages = part.messages.saturating_add(trace.messages);
        trace.weeks.iter().for_each(|each| put(&mut part.weeks, *each, LISTED));
        if item.passes() {
            part.passed = part.passed.saturating_add(trace.messages);
            trace.weeks.iter().for_each(|each| put(&mut part.passing_weeks, *each, LISTED));
        }
        accidents.iter().for_each(|each| put(&mut part.accident_weeks, *each, LISTED));
        if trace.messages >= part.most {
            (part.because, part.most) = (Some(because), trace.messages);
        }
    }

    /// Messages of all streams.
    #[must_use]
    pub fn messages(&self) -> u64 {
        total(self.streams.values().map(|part| part.messages))
    }
}
