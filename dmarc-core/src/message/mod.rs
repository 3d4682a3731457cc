//! A message, as far as its header tells who its author is (RFC 9989, 5.3.1).

mod authors;
mod from;
mod header;
pub mod rules;

pub use authors::{AUTHORS, Authors, Problem};
pub use from::authors;
pub use header::{FIELDS, Field, fields};
