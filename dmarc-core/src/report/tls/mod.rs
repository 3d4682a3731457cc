//! Reports on TLS in transport: RFC 8460, and what is really sent.
//!
//! A report is a JSON document. Every value keeps what the reporter wrote; a word that is not understood
//! is `Unknown`, never a default. What was whole before a break is kept. Members that the standard does not
//! have are kept as they stand. What a mail's subject or a file's name says is not looked at: the body wins
//! (RFC 8460, 5.6).
//!
//! ```
//! use dmarc_core::limits::Limits;
//! use dmarc_core::report::tls;
//!
//! let json = br#"{ "report-id": "1", "policies": [
//!     { "policy": { "policy-type": "sts" }, "summary": { "total-successful-session-count": 3 } } ] }"#;
//! let read = tls::read(json, &Limits::default()).unwrap();
//! assert_eq!(read.report.successful_sessions(), 3);
//! ```

#[cfg(feature = "container")]
mod accounting;
mod json;
mod model;
mod read;
pub mod rules;
mod values;
mod view;
mod words;
mod write;

#[cfg(feature = "container")]
pub(crate) use accounting::sessions;
pub use model::{Failure, Other, Policy, TlsReport};
#[cfg(feature = "container")]
pub(crate) use read::looks_like;
pub use read::{Read, read};
pub use view::{TlsFailureView, TlsPolicyView, TlsView};
pub use words::{PolicyType, ResultType};
pub use write::{Draft, DraftFailure, DraftPolicy};
