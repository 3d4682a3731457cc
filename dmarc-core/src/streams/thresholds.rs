//! The numbers that classes rest on.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

/// A number that a threshold cannot be.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ThresholdsError {
    /// A share that is not between 0 and 1.
    #[error("a share is between 0 and 1, not {value}")]
    NotAShare {
        /// What was given.
        value: f64,
    },
    /// A count of days, weeks, reporters or messages that is 0, or beyond all reports.
    #[error("a count is between 1 and {most}, not {value}")]
    NotACount {
        /// What was given.
        value: u64,
        /// The largest count that means something.
        most: u64,
    },
}

/// Largest count of a threshold: more than all reports of a lifetime have.
const MOST: u64 = 1_000_000_000;

impl Thresholds {
    /// Whether each number is one that it can be.
    ///
    /// # Errors
    /// The first that is not.
    pub fn check(&self) -> Result<(), ThresholdsError> {
        for value in [self.accident, self.home_share, self.gateway_share, self.bare_presence] {
            is_share(value)?;
        }
        for value in [
            self.gateway_messages,
            self.foreign_span,
            self.provider_weeks,
            self.bare_weeks,
            self.reporters,
            self.bare_hosts,
            self.unseen_days,
        ] {
            is_count(value)?;
        }
        Ok(())
    }
}

fn is_share(value: f64) -> Result<f64, ThresholdsError> {
    // Not a number is in no range.
    if (0.0..=1.0).contains(&value) { Ok(value) } else { Err(ThresholdsError::NotAShare { value }) }
}

const fn is_count(value: u64) -> Result<u64, ThresholdsError> {
    if value >= 1 && value <= MOST {
        Ok(value)
    } else {
        Err(ThresholdsError::NotACount { value, most: MOST })
    }
}

fn share<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    is_share(f64::deserialize(deserializer)?).map_err(D::Error::custom)
}

fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    is_count(u64::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// What counts as much, often and long. They are printed with every result; each can be changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Thresholds {
    /// Share of failing messages beside passing ones of the same host up to which a failure is an accident.
    #[serde(deserialize_with = "share")]
    pub accident: f64,
    /// Part of a stream's messages that a network carries to be at home there, unless SPF tells.
    #[serde(deserialize_with = "share")]
    pub home_share: f64,
    /// Part of a reporter's messages that come from networks only it sees, to be those of its gateway.
    #[serde(deserialize_with = "share")]
    pub gateway_share: f64,
    /// Messages of a reporter below which no gateway is seen.
    #[serde(deserialize_with = "count")]
    pub gateway_messages: u64,
    /// Weeks from first to last for a sender that authenticates as somebody else.
    #[serde(deserialize_with = "count")]
    pub foreign_span: u64,
    /// Weeks in which a known provider sends to be more than one mailing.
    #[serde(deserialize_with = "count")]
    pub provider_weeks: u64,
    /// Weeks in which a host that authenticates as nobody sends.
    #[serde(deserialize_with = "count")]
    pub bare_weeks: u64,
    /// Part of the weeks from its first to its last in which it does.
    #[serde(deserialize_with = "share")]
    pub bare_presence: f64,
    /// Reporters that see a sender.
    #[serde(deserialize_with = "count")]
    pub reporters: u64,
    /// Hosts in the network of a sender that authenticates as nobody.
    #[serde(deserialize_with = "count")]
    pub bare_hosts: u64,
    /// Days without a message after which a term of the SPF record, or a key, counts as not seen in use.
    #[serde(deserialize_with = "count")]
    pub unseen_days: u64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            accident: 0.25,
            home_share: 0.2,
            gateway_share: 0.6,
            gateway_messages: 10,
            foreign_span: 4,
            provider_weeks: 2,
            bare_weeks: 7,
            bare_presence: 0.6,
            reporters: 2,
            bare_hosts: 4,
            unseen_days: 28,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_cannot_be_is_refused() {
        let read = |text: &str| serde_json::from_str::<Thresholds>(text);
        assert!(read(r#"{ "accident": 0.5, "unseen_days": 90 }"#).is_ok());
        for wrong in [r#"{ "accident": 1.5 }"#, r#"{ "unseen_days": 0 }"#, r#"{ "no_such": 1 }"#] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        let wrong = Thresholds { home_share: f64::NAN, ..Thresholds::default() };
        assert!(matches!(wrong.check(), Err(ThresholdsError::NotAShare { .. })));
        assert_eq!(Thresholds::default().check(), Ok(()));
    }
}
