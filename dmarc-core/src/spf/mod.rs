//! SPF: the record, its grammar, its findings, and `check_host` (RFC 7208).
//!
//! [`Record::parse`] reads one record with everything that is to say about it; [`Record::read`]
//! reads what a receiver needs and no more; [`Record::select`] finds the record among the TXT
//! records of a name; [`RecordBuilder`] makes one. [`CheckHost`] evaluates the policy of a sender
//! for a client.

pub mod analysis;
mod build;
mod characters;
mod check;
mod diagnose;
mod draft;
mod effect;
mod expand;
mod findings;
mod grammar;
mod header;
mod lint;
mod lookup;
pub mod macro_string;
mod names;
mod networks;
mod outcome;
mod pasted;
mod published;
mod quick;
mod ranges;
mod record;
pub mod rules;
mod select;
mod sizes;
mod targets;
mod terms;
mod tokens;
mod trace;
mod values;
mod version;
pub mod view;
mod walk;

pub use build::{BuildError, Built, RecordBuilder};
pub use check::{CheckHost, Trace};
pub use networks::{Ip4Network, Ip6Network};
pub use outcome::{Evaluated, Explanation, Identity, Problem, SpfResult};
pub(crate) use published::Published;
pub use record::Record;
pub use select::{Selected, Selection};
pub use terms::{Directive, DomainSpec, DualCidr, Mechanism, Modifier, Qualifier, Term, TermKind};
pub use trace::{Became, PlacedTerm, Steps, TraceStep};
