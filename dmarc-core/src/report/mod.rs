//! Reports that receivers send: aggregate reports, and the containers that they come in.

pub mod aggregate;
#[cfg(feature = "arrow")]
pub mod arrow;
