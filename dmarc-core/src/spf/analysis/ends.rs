//! What an evaluation gives, where it ends, and what it has spent by then.

use serde::Serialize;

use crate::name::DomainName;
use crate::spf::terms::Qualifier;

/// What an evaluation gives (RFC 7208, 2.6).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Outcome {
    /// Authorized.
    Pass,
    /// Weakly not authorized.
    Softfail,
    /// Nothing is said.
    Neutral,
    /// Not authorized.
    Fail,
    /// No record.
    None,
    /// A lookup failed.
    Temperror,
    /// The policy is broken, or goes beyond a limit.
    Permerror,
    /// It does not follow from what is known.
    Undetermined,
}

impl Outcome {
    /// Every outcome, in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::Pass,
        Self::Softfail,
        Self::Neutral,
        Self::Fail,
        Self::None,
        Self::Temperror,
        Self::Permerror,
        Self::Undetermined,
    ];

    /// Its name, in lower case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Softfail => "softfail",
            Self::Neutral => "neutral",
            Self::Fail => "fail",
            Self::None => "none",
            Self::Temperror => "temperror",
            Self::Permerror => "permerror",
            Self::Undetermined => "undetermined",
        }
    }
}

impl From<Qualifier> for Outcome {
    fn from(qualifier: Qualifier) -> Self {
        match qualifier {
            Qualifier::Pass => Self::Pass,
            Qualifier::Softfail => Self::Softfail,
            Qualifier::Neutral => Self::Neutral,
            Qualifier::Fail => Self::Fail,
        }
    }
}

/// Why an evaluation ends where it does.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Cause {
    /// The term matches.
    Match,
    /// The term may match: that depends on the client or sender, or on an answer that is missing.
    MayMatch,
    /// No term matches (RFC 7208, 4.7).
    NoMatch,
    /// More terms that query DNS than are allowed.
    LookupLimit,
    /// More void lookups than are allowed.
    VoidLimit,
    /// More mail hosts than are allowed.
    MxLimit,
    /// The record has a syntax error.
    Syntax,
    /// There is no record.
    NoRecord,
    /// There are several records.
    SeveralRecords,
    /// The policy leads back to itself.
    Loop,
    /// A lookup failed.
    Failure,
    /// It is not known what stands there.
    NotKnown,
    /// It would be too much work to follow the policy further.
    TooLarge,
}

/// A term on the way to the end: the name of the record, and which of its terms.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct Step {
    /// Where the record stands.
    pub policy: DomainName,
    /// Which of its terms, from 0.
    pub term: usize,
}

/// Where an evaluation ends: the includes and redirects that lead there, and the last term.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct End {
    /// From the record of the domain inward; empty where no term is to blame.
    pub steps: Vec<Step>,
    /// Why.
    pub cause: Cause,
}

/// What has been spent on the way (RFC 7208, 4.6.4).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct Spent {
    /// Terms that query DNS.
    pub lookups: u32,
    /// Void lookups.
    pub voids: u32,
}

impl Spent {
    pub(super) const fn and(self, other: Self) -> Self {
        Self {
            lookups: self.lookups.saturating_add(other.lookups),
            voids: self.voids.saturating_add(other.voids),
        }
    }

    /// The least of each.
    pub(super) fn least(self, other: Self) -> Self {
        Self { lookups: self.lookups.min(other.lookups), voids: self.voids.min(other.voids) }
    }
}
