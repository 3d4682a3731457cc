//! What `check_host` finds out (RFC 7208, 2.6), and how it came to that.

use serde::{Deserialize, Serialize};

use super::trace::{PlacedTerm, Steps};
use crate::diagnostics::Diagnostic;
use crate::evaluation::Question;
use crate::name::DomainName;

/// A result of SPF (RFC 7208, 2.6).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SpfResult {
    /// No domain to check, or no record.
    None,
    /// The record says nothing about the client.
    Neutral,
    /// The client may send.
    Pass,
    /// The client may not send.
    Fail,
    /// The client probably may not send.
    Softfail,
    /// A lookup failed; a later check may succeed.
    Temperror,
    /// The record cannot be evaluated.
    Permerror,
}

impl SpfResult {
    /// `none`, `neutral`, `pass`, `fail`, `softfail`, `temperror` or `permerror`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Neutral => "neutral",
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Softfail => "softfail",
            Self::Temperror => "temperror",
            Self::Permerror => "permerror",
        }
    }
}

impl From<super::Qualifier> for SpfResult {
    fn from(qualifier: super::Qualifier) -> Self {
        match qualifier {
            super::Qualifier::Pass => Self::Pass,
            super::Qualifier::Neutral => Self::Neutral,
            super::Qualifier::Softfail => Self::Softfail,
            super::Qualifier::Fail => Self::Fail,
        }
    }
}

/// Which identity was checked (RFC 7208, 2.3 and 2.4).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Identity {
    /// The HELO or EHLO name.
    Helo,
    /// The reverse-path.
    Mailfrom,
}

impl Identity {
    /// `helo` or `mailfrom`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Helo => "helo",
            Self::Mailfrom => "mailfrom",
        }
    }
}

/// Why an evaluation ended in an error, or could not go on.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Problem {
    /// There is no domain name to check (RFC 7208, 4.3).
    InvalidDomain {
        /// What stands in its place.
        domain: String,
    },
    /// The domain has no SPF record (RFC 7208, 4.5).
    NoRecord {
        /// The domain.
        domain: String,
    },
    /// The domain has several SPF records (RFC 7208, 4.5).
    SeveralRecords {
        /// The domain.
        domain: String,
    },
    /// The record has a syntax error (RFC 7208, 4.6).
    SyntaxError {
        /// Domain of the record.
        domain: String,
    },
    /// The target of an `include` or `redirect` has no usable record (RFC 7208, 5.2 and 6.1).
    TargetWithoutRecord {
        /// The target.
        domain: String,
    },
    /// More terms that query DNS than are evaluated (RFC 7208, 4.6.4).
    TooManyLookups {
        /// How many are.
        limit: u32,
    },
    /// More queries that find nothing than are allowed (RFC 7208, 4.6.4).
    TooManyVoidLookups {
        /// How many are.
        limit: u32,
    },
    /// More mail hosts than one `mx` may have (RFC 7208, 4.6.4).
    TooManyMailHosts {
        /// The domain.
        domain: String,
        /// How many there may be.
        limit: u32,
    },
    /// A lookup failed (RFC 7208, 4.4 and 5).
    LookupFailed {
        /// What was asked.
        question: Question,
        /// Why it failed.
        reason: String,
    },
    /// A fact that cannot be looked up here: no result follows.
    NotKnown {
        /// What was asked.
        question: Question,
    },
}

/// The text that the domain gives for a `fail` (RFC 7208, 6.2). It comes from a third party, and
/// says nothing that the receiver vouches for.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Explanation {
    /// The domain whose record named it.
    pub domain: DomainName,
    /// The text, ASCII.
    pub text: String,
}

/// What `check_host` found out.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluated {
    /// Which identity was checked.
    pub identity: Identity,
    /// The domain that was checked; `None` if there is none.
    pub domain: Option<DomainName>,
    /// The result; `None` if a fact is missing that cannot be looked up.
    pub result: Option<SpfResult>,
    /// The term that decided; `None` if none matched.
    pub term: Option<PlacedTerm>,
    /// Why the result is an error or `none`, or is missing.
    pub problem: Option<Problem>,
    /// What the domain says about a `fail`.
    pub explanation: Option<Explanation>,
    /// Terms that query DNS, as far as they were evaluated.
    pub lookups: u32,
    /// Queries that found nothing.
    pub voids: u32,
    /// Every term that was evaluated, in order; none with [`super::Trace::Off`].
    pub trace: Steps,
    /// What is to say about the TXT records of the domain, each with its text.
    pub diagnostics: Vec<(Diagnostic, Vec<u8>)>,
}
