//! Reports that receivers send: aggregate reports, failure reports, reports on TLS, and the containers
//! that they come in.

mod accounting;
#[cfg(any(feature = "arrow", feature = "container"))]
pub(crate) mod address;
pub mod aggregate;
#[cfg(feature = "arrow")]
pub mod arrow;
#[cfg(feature = "container")]
pub mod batch;
#[cfg(feature = "container")]
pub mod container;
mod draft;
#[cfg(feature = "container")]
pub mod failure;
mod row;
mod source;
pub mod tls;

pub use accounting::Tally;
pub use draft::Draft;
pub use row::{DkimView, ReasonView, RowView, SpfView};

/// Reading from a container stopped, for a reason of its own.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.rule.code)]
pub(crate) struct Interruption(pub(crate) crate::diagnostics::Diagnostic);
