//! The two generations of the standard.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Which standard a reader follows. Always chosen by the caller.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Edition {
    /// RFC 7489 (2015): public suffixes, `pct`.
    Rfc7489,
    /// RFC 9989 (2026): tree walk, `np`, `psd`, `t`.
    Rfc9989,
}

impl Edition {
    /// Both, the older first.
    pub const ALL: [Self; 2] = [Self::Rfc7489, Self::Rfc9989];

    /// `rfc7489` or `rfc9989`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rfc7489 => "rfc7489",
            Self::Rfc9989 => "rfc9989",
        }
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no edition.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is no edition: use rfc9989 or rfc7489")]
pub struct UnknownEdition(pub String);

impl FromStr for Edition {
    type Err = UnknownEdition;

    fn from_str(text: &str) -> Result<Self, UnknownEdition> {
        match text.to_ascii_lowercase().as_str() {
            "rfc7489" => Ok(Self::Rfc7489),
            "rfc9989" => Ok(Self::Rfc9989),
            _ => Err(UnknownEdition(text.to_owned())),
        }
    }
}
