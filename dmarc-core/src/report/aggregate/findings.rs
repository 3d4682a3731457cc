//! Findings of one report: a bounded number kept, all of them counted.

use crate::diagnostics::{Diagnostic, Rule, Severity};

/// How often one rule was found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Found {
    /// The rule.
    pub rule: &'static Rule,
    /// How bad it is.
    pub severity: Severity,
    /// How often.
    pub count: u64,
}

/// Findings of a report or of an input: the first ones whole, all of them counted per rule.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Findings {
    kept: Vec<Diagnostic>,
    /// A report has few different ones: they are searched from the front.
    counts: Vec<Found>,
    room: usize,
}

impl Findings {
    /// None yet; at most `room` are kept whole.
    #[must_use]
    pub fn new(room: usize) -> Self {
        Self { kept: Vec::new(), counts: Vec::new(), room }
    }

    /// Counts a finding, and keeps it if there is room; it is built only then.
    pub(crate) fn add(&mut self, rule: &'static Rule, build: impl FnOnce() -> Diagnostic) {
        self.count(rule, rule.severity, 1);
        if self.kept.len() < self.room {
            self.kept.push(build());
        }
    }

    /// Counts a finding that is built already.
    pub fn push(&mut self, found: Diagnostic) {
        self.add(found.rule, || found);
    }

    fn count(&mut self, rule: &'static Rule, severity: Severity, more: u64) {
        // Each rule is one static: its address tells it.
        match self.counts.iter_mut().find(|found| std::ptr::eq(found.rule, rule)) {
            Some(found) => found.count += more,
            None => self.counts.push(Found { rule, severity, count: more }),
        }
    }

    /// Adds the findings of another.
    pub fn absorb(&mut self, other: Self) {
        for found in other.counts {
            self.count(found.rule, found.severity, found.count);
        }
        let room = self.room.saturating_sub(self.kept.len());
        self.kept.extend(other.kept.into_iter().take(room));
    }

    /// Keeps at most so many; gives how many are left.
    #[cfg(feature = "container")]
    pub(crate) fn keep(&mut self, most: usize) -> usize {
        self.kept.truncate(most);
        self.kept.shrink_to_fit();
        self.kept.len()
    }

    /// The findings that were kept, in document order.
    #[must_use]
    pub fn kept(&self) -> &[Diagnostic] {
        &self.kept
    }

    /// How often each rule was found, by code.
    pub fn counts(&self) -> impl Iterator<Item = &Found> {
        let mut counts: Vec<&Found> = self.counts.iter().collect();
        counts.sort_unstable_by_key(|found| found.rule.code);
        counts.into_iter()
    }

    /// The rules that were found, each once.
    pub(super) fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        self.counts.iter().map(|found| found.rule)
    }

    /// How many findings there are, kept or not.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().map(|found| found.count).sum()
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }
}
