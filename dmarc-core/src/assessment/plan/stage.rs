//! The stages from no policy to `reject`, by edition.
//!
//! RFC 7489 raises `pct`; RFC 9989 has none, and `t=y` asks for one level less (RFC 9989, A.6).

use crate::dmarc::{Edition, Policy};

/// One stage of the way.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Stage {
    pub(super) policy: Policy,
    /// `t=y`.
    pub(super) test: bool,
    /// `pct`, where it is not 100.
    pub(super) pct: u8,
    /// Days that it stands before the next one.
    pub(super) days: i64,
}

const fn stage(policy: Policy, test: bool, pct: u8, days: i64) -> Stage {
    Stage { policy, test, pct, days }
}

/// Days at `none`, and in all at `quarantine`: RFC 9989, 7.4 asks for a month each.
const MONTH: i64 = 28;
const WEEK: i64 = 7;

const WITH_TEST: &[Stage] = &[
    stage(Policy::None, false, 100, MONTH),
    stage(Policy::Quarantine, true, 100, WEEK),
    stage(Policy::Quarantine, false, 100, MONTH),
    stage(Policy::Reject, true, 100, WEEK),
    stage(Policy::Reject, false, 100, 0),
];

const WITH_PCT: &[Stage] = &[
    stage(Policy::None, false, 100, MONTH),
    stage(Policy::Quarantine, false, 10, WEEK),
    stage(Policy::Quarantine, false, 50, WEEK),
    stage(Policy::Quarantine, false, 100, 2 * WEEK),
    stage(Policy::Reject, false, 10, WEEK),
    stage(Policy::Reject, false, 50, WEEK),
    stage(Policy::Reject, false, 100, 0),
];

/// The stages of an edition, weakest first.
pub(super) const fn ladder(edition: Edition) -> &'static [Stage] {
    match edition {
        Edition::Rfc7489 => WITH_PCT,
        _ => WITH_TEST,
    }
}

impl Stage {
    const fn strength(&self) -> (Policy, bool, u8) {
        (self.policy, !self.test, self.pct)
    }

    /// What receivers do with mail that fails, where all of it is selected.
    pub(super) fn applied(&self) -> Policy {
        if self.test { self.policy.softened() } else { self.policy }
    }
}

/// The strongest stage that is no stricter than what is published.
pub(super) fn position(edition: Edition, policy: Policy, test: bool, pct: u8) -> usize {
    let published = (policy, !test, pct);
    ladder(edition).iter().rposition(|stage| stage.strength() <= published).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_stands_at_the_strongest_stage_that_it_reaches() {
        let at = |policy, test, pct| position(Edition::Rfc9989, policy, test, pct);
        assert_eq!([at(Policy::None, true, 100), at(Policy::Quarantine, true, 100)], [0, 1]);
        assert_eq!([at(Policy::Quarantine, false, 100), at(Policy::Reject, true, 100)], [2, 3]);
        assert_eq!(at(Policy::Reject, false, 100), 4);
        let at = |policy, pct| position(Edition::Rfc7489, policy, false, pct);
        assert_eq!(
            [at(Policy::Quarantine, 0), at(Policy::Quarantine, 25), at(Policy::Quarantine, 100)],
            [0, 1, 3]
        );
        assert_eq!([at(Policy::Reject, 5), at(Policy::Reject, 100)], [3, 6]);
    }

    #[test]
    fn each_stage_is_stricter_than_the_one_before() {
        for edition in [Edition::Rfc9989, Edition::Rfc7489] {
            let strengths: Vec<_> = ladder(edition).iter().map(Stage::strength).collect();
            assert!(strengths.is_sorted() && strengths.last() == Some(&(Policy::Reject, true, 100)));
        }
    }
}
