//! Aggregate reports: RFC 7489, Appendix C, RFC 9990, Appendix A, and what is really sent.
//!
//! Elements are matched by local name, since namespaces are written in many ways. Every value
//! keeps what the reporter wrote; a word that is not understood is `Unknown`, never a default.

mod alignment;
mod broken;
mod build;
mod check;
mod coded;
mod conformance;
mod extension;
mod fill;
mod findings;
mod gather;
mod item;
mod log;
mod model;
mod node;
mod organizations;
mod plain;
mod read;
mod report;
pub mod rules;
mod slots;
mod values;
mod verdicts;
mod write;

pub use alignment::Alignment;
pub use coded::{
    Coded, DiscoveryMethod, Disposition, DkimResult, PublishedAlignment, PublishedPolicy, ReasonType,
    SpfResult, SpfScope, Testing, Verdict, Word,
};
pub(crate) use coded::{Understood, words};
pub use conformance::Conformance;
pub use extension::Extension;
pub use findings::{Findings, Found};
pub use item::{Item, Summary};
pub(crate) use log::quote;
pub use model::{
    AuthResults, Count, DkimAuth, Head, Identifiers, Metadata, Percentage, PolicyEvaluated, PolicyPublished,
    Reason, Record, Schema, SourceIp, SpfAuth, Timestamp,
};
pub use organizations::{Given, Organizations};
pub use read::Reader;
pub use report::{Outcome, Report, read};
pub(crate) use values::{is_domain, source_ip};
pub(in crate::report) use write::unique_id;
pub use write::{Draft, DraftDkim, DraftReason, DraftRecord, DraftSpf, WriteError, Written};
