//! The assessment of a domain: its facts, the policy in effect, and which prescriptions it meets.
//!
//! A [`Request`] is a check that the command line, Python and JavaScript drive in the same loop; its
//! [`Outcome`] has one JSON form for all of them.

mod domain;
mod profile;
mod profiles;
mod reports;
mod request;
pub mod rules;
mod spf;
mod view;

pub use domain::{Context, DomainCheck, DomainReport, Found, MailHosts, SpfFound};
pub use profile::{Evidence, Judgement, Level, Profile, RuleVerdict};
pub use reports::{ReportState, ReportStateView};
pub use request::{Outcome, Request};
pub use spf::{Other, SpfReport, SpfRequest, is_record_text};
