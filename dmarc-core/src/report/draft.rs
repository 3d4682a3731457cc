//! A report of any kind that is to be written, as plain data.

use serde::Deserialize;

use super::aggregate::{self, WriteError, Written};
#[cfg(feature = "container")]
use super::failure;
use super::tls;

/// A report to be written; as data, its member `kind` says which: `aggregate`, `failure` or
/// `tls`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Draft {
    /// An aggregate report.
    Aggregate(Box<aggregate::Draft>),
    /// A failure report.
    #[cfg(feature = "container")]
    Failure(Box<failure::Draft>),
    /// A report on TLS.
    Tls(Box<tls::Draft>),
}

impl Draft {
    /// Writes the report.
    ///
    /// # Errors
    /// [`WriteError`] with the part that the standard would not allow.
    pub fn write(&self) -> Result<Written, WriteError> {
        match self {
            Self::Aggregate(draft) => draft.write(),
            #[cfg(feature = "container")]
            Self::Failure(draft) => draft.write(),
            Self::Tls(draft) => draft.write(),
        }
    }
}
