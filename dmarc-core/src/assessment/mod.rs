//! The assessment of a domain: its facts, the policy in effect, and which prescriptions it meets.
//!
//! A [`Request`] is a check that the command line, Python and JavaScript drive in the same loop; its
//! [`Outcome`] has one JSON form for all of them.

mod actions;
mod attribution;
mod coherence;
mod context;
mod destination;
mod domain;
mod found;
mod inventory;
mod mail;
mod mail_findings;
mod mail_view;
mod message;
mod observation;
pub mod plan;
mod portfolio;
mod profile;
pub mod profile_rules;
mod profiles;
pub mod readiness;
mod received;
mod records;
pub mod rehearsal;
pub mod report_findings;
mod reports;
mod request;
pub mod rules;
mod selectors;
mod spf;
mod spf_tree;
mod subdomains;
mod view;

pub use actions::TopAction;
pub use attribution::{AddressSeen, Attribution, OutsideSender, TermSeen, TermUse};
pub use coherence::Stance;
pub use context::{Context, TlsLevel};
pub use destination::Destination;
pub use domain::{DomainCheck, DomainReport, SpfFound};
pub use found::Found;
pub use inventory::{FailingSignature, Inventory, KeySeen, KeyUse};
pub use mail::{Chosen, Fetched, MailFacts, MailHost, MailHosts, StrictTransport};
pub use message::{MessageReport, MessageRequest};
pub use observation::{Observation, Observations};
pub use portfolio::{
    DomainList, ListProblem, Listed, PolicyInEffect, Portfolio, PortfolioRequest, PortfolioRow, Verdicts,
};
pub use profile::{Evidence, Judgement, Level, Profile, RuleVerdict};
pub use profiles::ProfileId;
pub use received::Received;
pub use records::{NotAZone, Records};
pub use reports::{ReportState, ReportStateView};
pub use request::{Outcome, Request};
pub use selectors::{Known, Origin, SigningKey};
pub use spf::{Other, SpfReport, SpfRequest, is_record_text};
pub use spf_tree::{SpfTree, SpfTreeLookups, SpfTreeRequest};
pub use subdomains::Subdomain;
