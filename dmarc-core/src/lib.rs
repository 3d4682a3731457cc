//! Reads e-mail authentication records and reports, says what a receiver does with them, and says
//! precisely what is wrong with them.
//!
//! Three promises: no I/O, no clock and no panic on input; every finding can be pointed at, looked
//! up and acted upon; Rust, Python and JavaScript give one answer.

#![forbid(unsafe_code)]

pub mod assessment;
pub mod diagnostics;
pub mod dmarc;
pub mod dns;
pub mod evaluation;
pub mod inspect;
pub mod limits;
pub mod name;
#[cfg(feature = "report")]
pub mod report;
pub mod spf;
pub mod syntax;
pub mod text;
pub mod time;

/// The rule tables of every module; a new table is one more row here.
pub(crate) fn rule_tables() -> Vec<&'static [&'static diagnostics::Rule]> {
    vec![
        dmarc::rules::RULES,
        dns::rules::RULES,
        inspect::RULES,
        assessment::rules::RULES,
        spf::rules::RULES,
        #[cfg(feature = "report")]
        report::aggregate::rules::RULES,
        #[cfg(feature = "container")]
        report::container::RULES,
    ]
}
