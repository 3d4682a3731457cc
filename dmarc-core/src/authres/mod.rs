//! `Authentication-Results` (RFC 8601): what a receiver says that it checked.

mod result;
mod write;

pub use result::{AuthResult, UnknownResult};
pub use write::of_dmarc;
