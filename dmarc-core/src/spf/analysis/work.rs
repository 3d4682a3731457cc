//! How much work one evaluation over sets may be.

use super::sets::AddressSet;

/// What has been done, counted in ranges and terms that were looked at, so that it is the same on every
/// machine. Policies that people publish take some thousands.
#[derive(Clone, Debug, Default)]
pub(super) struct Work {
    done: u64,
    records: u32,
    cut: bool,
}

impl Work {
    /// Of one evaluation: a fraction of a second.
    pub(super) const MOST: u64 = 600_000;
    /// Records that one evaluation enters. With limits, ten terms end it long before; without, records
    /// are evaluated once, except those on a loop.
    const RECORDS: u32 = 2_000;
    /// Records within each other; more than are fetched, so that only a loop gets there.
    const DEPTH: usize = 128;
    /// Different costs that are told apart; real policies have under twenty.
    const GROUPS: usize = 512;

    /// The work of looking at these sets once.
    pub(super) fn of<'a>(sets: impl Iterator<Item = &'a AddressSet>) -> usize {
        sets.map(|set| 1 + set.len()).sum()
    }

    pub(super) fn add(&mut self, more: usize) {
        self.done = self.done.saturating_add(u64::try_from(more).unwrap_or(u64::MAX));
        self.cut |= self.done > Self::MOST;
    }

    /// One more record, so deep within others.
    pub(super) const fn enter(&mut self, depth: usize) {
        self.records = self.records.saturating_add(1);
        self.cut |= self.records > Self::RECORDS || depth > Self::DEPTH;
    }

    /// So many costs at one time.
    pub(super) const fn groups(&mut self, count: usize) {
        self.cut |= count > Self::GROUPS;
    }

    /// So many lookups of one client: more than can be counted are not known.
    pub(super) const fn counted(&mut self, lookups: u32) {
        self.cut |= lookups == u32::MAX;
    }

    /// Whether it was too much, so that nothing more is to be done.
    pub(super) const fn is_cut(&self) -> bool {
        self.cut
    }

    pub(super) const fn done(&self) -> u64 {
        self.done
    }
}
