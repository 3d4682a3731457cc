//! Reads e-mail authentication records and reports, says what a receiver does with them, and says
//! precisely what is wrong with them.
//!
//! Three promises: no I/O, no clock and no panic on input; every finding can be pointed at, looked
//! up and acted upon; Rust, Python and JavaScript give one answer.
//!
//! # Where to begin
//!
//! - A record text: [`dmarc::Record::parse`], [`spf::Record::parse`], or [`inspect::record`] for the
//!   form that programs pass on.
//! - A domain: [`assessment::Request`] in an [`evaluation::Evaluation`]. The core asks, the caller
//!   looks up and answers; [`evaluation`] shows the loop.
//! - Facts at hand: [`evaluation::Facts`] from a [`dns::Zone`] or a [`dns::Snapshot`].
//! - Reports: [`report::batch`] for any number of inputs, [`report::aggregate`] for one.
//! - Sentences: [`diagnostics::Catalog`]; every rule: [`diagnostics::all`].
//!
//! # Features
//!
//! `report` (XML reports), `container` (gzip, zlib, ZIP and mail around them), `dns-wire` (questions
//! and answers as DNS messages), `arrow` (tables), `text-en` and `text-nl` (the embedded catalogs).
//! Features add items and never change results.
//!
//! # Left out
//!
//! Looking things up, reading files, telling the time, and sending anything: the caller does that.

#![forbid(unsafe_code)]

#[cfg(feature = "container")]
pub mod assessment;
pub mod authres;
pub mod diagnostics;
pub mod dkim;
pub mod dmarc;
pub mod dns;
pub mod evaluation;
pub mod inspect;
pub mod limits;
pub mod message;
pub mod name;
#[cfg(feature = "report")]
pub mod report;
pub mod spf;
#[cfg(feature = "container")]
pub mod streams;
pub mod syntax;
pub mod text;
pub mod time;
pub mod transport;

/// The rule tables of every module; a new table is one more row here.
pub(crate) fn rule_tables() -> Vec<&'static [&'static diagnostics::Rule]> {
    vec![
        authres::rules::RULES,
        dkim::rules::RULES,
        dkim::signature_rules::RULES,
        dmarc::rules::RULES,
        dmarc::steps::RULES,
        dns::rules::RULES,
        inspect::RULES,
        message::rules::RULES,
        #[cfg(feature = "container")]
        assessment::rules::RULES,
        #[cfg(feature = "container")]
        assessment::plan::rules::RULES,
        #[cfg(feature = "container")]
        assessment::profile_rules::RULES,
        #[cfg(feature = "container")]
        assessment::report_findings::RULES,
        spf::rules::RULES,
        spf::analysis::rules::RULES,
        transport::mta_sts::RULES,
        transport::mta_sts_policy::rules::RULES,
        transport::mx::RULES,
        transport::tls_rpt::RULES,
        transport::tlsa::rules::RULES,
        #[cfg(feature = "report")]
        report::aggregate::rules::RULES,
        #[cfg(feature = "container")]
        report::container::RULES,
        #[cfg(feature = "container")]
        report::failure::rules::RULES,
        #[cfg(feature = "report")]
        report::tls::rules::RULES,
    ]
}

/// The examples of the project's README run as tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
