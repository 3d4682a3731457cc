//! DMARC: the policy record, its discovery, and what a receiver acts on.

mod address;
mod address_miss;
pub mod alignment;
mod build;
mod compare;
pub mod discovery;
mod disposition;
pub mod edition;
mod effective;
mod evaluate;
mod existence;
pub mod external;
mod foreign;
mod lint;
mod meant;
mod mended;
mod near_miss;
mod reading;
mod record;
pub mod rules;
pub mod steps;
mod tag;
mod tag_miss;
mod value;
mod version;
pub mod walk;

pub use address::ReportUri;
pub use build::{BuildError, Built, RecordBuilder};
pub use compare::{Difference, compare};
pub use disposition::{Asked, Disposition, Override, Reason, ReasonKind};
pub use edition::Edition;
pub use effective::{Effective, Verdict};
pub use evaluate::{DmarcResult, Evaluate, Evaluated, Identifier, Judged, SIGNATURES};
pub use record::{Published, Record, Selection, Tag};
pub use tag::TagName;
pub use value::{Alignment, FailureOption, Policy, PublicSuffixFlag};
