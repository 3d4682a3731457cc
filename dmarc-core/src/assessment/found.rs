//! A lookup whose outcomes stay apart.

use crate::evaluation::{Answer, RecordSet};

/// A lookup, with what stands between records and ignorance kept apart.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Found<T> {
    /// The name has such records.
    Records(T),
    /// The name exists without them.
    NoData,
    /// The name does not exist.
    NxDomain,
    /// The lookup failed.
    Failed(String),
    /// It cannot be looked up here.
    NotKnown,
}

impl<T> Found<T> {
    /// Whether it is known what stands there.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        !matches!(self, Self::Failed(_) | Self::NotKnown)
    }

    /// The records.
    #[must_use]
    pub const fn records(&self) -> Option<&T> {
        match self {
            Self::Records(records) => Some(records),
            _ => None,
        }
    }

    /// `records`, `no-data`, `nxdomain`, `failure` or `not-known`.
    #[must_use]
    pub const fn status(&self) -> &'static str {
        match self {
            Self::Records(_) => "records",
            Self::NoData => "no-data",
            Self::NxDomain => "nxdomain",
            Self::Failed(_) => "failure",
            Self::NotKnown => "not-known",
        }
    }

    pub(super) fn from_answer(answer: Answer, read: impl FnOnce(RecordSet) -> T) -> Self {
        match answer {
            Answer::Records(set) => Self::Records(read(set)),
            Answer::NoData => Self::NoData,
            Answer::NxDomain => Self::NxDomain,
            Answer::Failure { reason } => Self::Failed(reason),
            Answer::NotAnswered => Self::Failed("no answer".to_owned()),
            _ => Self::NotKnown,
        }
    }
}
