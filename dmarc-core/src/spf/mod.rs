//! SPF: the record, its grammar and its findings (RFC 7208).
//!
//! [`Record::parse`] reads one record with everything that is to say about it; [`Record::read`]
//! reads what a receiver needs and no more; [`Record::select`] finds the record among the TXT
//! records of a name; [`RecordBuilder`] makes one.

pub mod analysis;
mod build;
mod characters;
mod diagnose;
mod draft;
mod effect;
mod findings;
mod grammar;
mod lint;
pub mod macro_string;
mod names;
mod pasted;
mod ranges;
mod record;
pub mod rules;
mod select;
mod sizes;
mod terms;
mod tokens;
mod values;
mod version;
pub mod view;

pub use build::{BuildError, Built, RecordBuilder};
pub use record::Record;
pub use select::{Selected, Selection};
pub use terms::{
    Directive, DomainSpec, DualCidr, Ip4Network, Ip6Network, Mechanism, Modifier, Qualifier, Term, TermKind,
};
