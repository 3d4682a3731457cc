//! The numbers that a plan rests on.

use serde::{Deserialize, Serialize};

/// Seconds in a day.
pub(super) const DAY: i64 = 86_400;

/// How long, how much and how many: printed with every plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Thresholds {
    /// Days of reports before the first policy (Forum step 2 asks for six to eight weeks, RFC 9989, 7.4 for a month).
    pub window_days: i64,
    /// Reporters that are asked for.
    pub reporters: usize,
    /// Messages that are asked for.
    pub messages: u64,
    /// Days after which a domain with few messages or reporters goes on as well.
    pub patience_days: i64,
    /// Weeks that are looked at for what fails now; long enough for a monthly mailing.
    pub recent_weeks: u64,
    /// Weeks without a failure after which a steady sender counts as mended.
    pub silent_weeks: i64,
    /// Weeks in which mail may still turn out to be the organization's.
    pub identify_weeks: i64,
    /// Weeks that a sender which passes by one mechanism alone has to get the other, before steps go on without it.
    pub second_check_weeks: i64,
    /// Messages of a sender that hold a step up.
    pub stream_messages: u64,
    /// The same of one that comes again.
    pub few_messages: u64,
    /// Share of all mail that holds a step up.
    pub stream_share: f64,
    /// Share of legitimate mail that a step may lose, beside what nobody can mend.
    pub max_loss: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            window_days: 28,
            reporters: 3,
            messages: 300,
            patience_days: 84,
            recent_weeks: 5,
            silent_weeks: 2,
            identify_weeks: 9,
            second_check_weeks: 8,
            stream_messages: 25,
            few_messages: 8,
            stream_share: 0.0005,
            max_loss: 0.001,
        }
    }
}

/// What the operator asks of a plan.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wishes {
    /// Streams, by their key, whose mail may be lost: they are not the organization's, or not worth waiting for.
    pub accept: Vec<String>,
    /// Where aggregate reports go, if the record names no address.
    pub rua: Option<String>,
    /// Days of reports before the first policy.
    pub window_days: Option<u32>,
    /// Messages in a million of legitimate mail that a step may lose, beside what nobody can mend.
    pub max_loss: Option<u32>,
}

impl Thresholds {
    pub(super) fn of(wishes: &Wishes) -> Self {
        let default = Self::default();
        Self {
            window_days: wishes.window_days.map_or(default.window_days, i64::from),
            max_loss: wishes.max_loss.map_or(default.max_loss, |parts| f64::from(parts) / 1e6),
            ..default
        }
    }
}
