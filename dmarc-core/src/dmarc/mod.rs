//! DMARC: the policy record, its discovery, and what a receiver acts on.

mod address;
mod address_miss;
mod build;
mod compare;
pub mod discovery;
pub mod edition;
mod effective;
pub mod external;
mod foreign;
mod lint;
mod meant;
mod mended;
mod near_miss;
mod reading;
mod record;
pub mod rules;
mod tag;
mod tag_miss;
mod value;
mod version;
pub mod walk;

pub use address::ReportUri;
pub use build::{BuildError, Built, RecordBuilder};
pub use compare::{Difference, compare};
pub use edition::Edition;
pub use effective::{Effective, Verdict};
pub use record::{Published, Record, Selection, Tag};
pub use tag::TagName;
pub use value::{Alignment, FailureOption, Policy, PublicSuffixFlag};
