//! SPF: the record, its grammar and its findings (RFC 7208).
//!
//! [`Record::parse`] reads one record with everything that is to say about it; [`Record::read`]
//! reads what a receiver needs and no more. Which of the TXT records at a name is the SPF record
//! is a question about the whole set.

mod findings;
mod grammar;
pub mod macro_string;
mod record;
pub mod rules;
mod terms;
pub mod view;

pub use record::Record;
pub use terms::{
    Directive, DomainSpec, DualCidr, Ip4Network, Ip6Network, Mechanism, Modifier, Qualifier, Term, TermKind,
};
