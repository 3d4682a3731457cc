//! Reports that receivers send: aggregate reports, and the containers that they come in.

mod accounting;
pub mod aggregate;
#[cfg(feature = "arrow")]
pub mod arrow;
#[cfg(feature = "container")]
pub mod batch;
#[cfg(feature = "container")]
pub mod container;
mod row;
mod source;

pub use accounting::Tally;
pub use row::{DkimView, ReasonView, RowView, SpfView};

/// Reading from a container stopped, for a reason of its own.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.rule.code)]
pub(crate) struct Interruption(pub(crate) crate::diagnostics::Diagnostic);
