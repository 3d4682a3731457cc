//! The results of authentication methods, by their registered words (RFC 8601, 2.7).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A result of SPF, DKIM or another method. Not every method has all of them.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum AuthResult {
    /// Nothing to check.
    None,
    /// Authenticated.
    Pass,
    /// Not authenticated.
    #[serde(alias = "hardfail")]
    Fail,
    /// Probably not authenticated (SPF).
    Softfail,
    /// Authenticated, but not acceptable to the receiver.
    Policy,
    /// No statement.
    Neutral,
    /// A failure that a later attempt may not meet.
    Temperror,
    /// A failure that every attempt meets.
    Permerror,
}

impl AuthResult {
    /// Each of them.
    pub const ALL: [Self; 8] = [
        Self::None,
        Self::Pass,
        Self::Fail,
        Self::Softfail,
        Self::Policy,
        Self::Neutral,
        Self::Temperror,
        Self::Permerror,
    ];

    /// `none`, `pass`, `fail`, `softfail`, `policy`, `neutral`, `temperror` or `permerror`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Softfail => "softfail",
            Self::Policy => "policy",
            Self::Neutral => "neutral",
            Self::Temperror => "temperror",
            Self::Permerror => "permerror",
        }
    }
}

impl fmt::Display for AuthResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is no result.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is no result: use none, pass, fail, softfail, policy, neutral, temperror or permerror")]
pub struct UnknownResult(pub String);

impl FromStr for AuthResult {
    type Err = UnknownResult;

    // `hardfail` was registered for SPF before `fail` was (RFC 8601, 2.7.2).
    fn from_str(text: &str) -> Result<Self, UnknownResult> {
        if text.eq_ignore_ascii_case("hardfail") {
            return Ok(Self::Fail);
        }
        Self::ALL
            .into_iter()
            .find(|result| text.eq_ignore_ascii_case(result.as_str()))
            .ok_or_else(|| UnknownResult(text.chars().take(40).collect()))
    }
}
