//! What may be typed: commands and options, with their explanations in the reader's language.

mod checks;
mod common;
mod help;
mod reports;

use std::ffi::OsString;

use clap::{FromArgMatches, Parser, Subcommand};
use dmarc_core::diagnostics::Language;

pub(crate) use self::checks::{
    ChangeArgs, CountArg, DkimArgs, DomainArgs, IdentifierArg, KnownArgs, LossArg, MessageArgs, PlanArgs,
    PortfolioArgs, ProfileArg, RecordArgs, ResolverArg, SendersArgs, SourceArgs, SpfArgs, YesNoArg,
};
pub(crate) use self::common::{Common, FailOn, Format, PageForm, TableForm};
pub(crate) use self::help::command;
pub(crate) use self::reports::{HeadArgs, ReportJob, ReportsArgs, WriteArgs};

/// Everything that was typed.
#[derive(Debug, Parser)]
#[command(name = "dmarc-check", disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) job: Job,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// The jobs.
#[derive(Debug, Subcommand)]
pub(crate) enum Job {
    Record(RecordArgs),
    Reports(ReportsArgs),
    #[command(subcommand)]
    Report(ReportJob),
    Domain(DomainArgs),
    Portfolio(PortfolioArgs),
    Spf(SpfArgs),
    Dkim(DkimArgs),
    Message(MessageArgs),
    Change(ChangeArgs),
    Plan(PlanArgs),
}

impl Job {
    /// How it is called.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Record(_) => "record",
            Self::Reports(_) => "reports",
            Self::Report(_) => "report",
            Self::Domain(_) => "domain",
            Self::Portfolio(_) => "portfolio",
            Self::Spf(_) => "spf",
            Self::Dkim(_) => "dkim",
            Self::Message(_) => "message",
            Self::Change(_) => "change",
            Self::Plan(_) => "plan",
        }
    }
}

/// The language asked for, found before anything else is read: also a mistake in the rest is
/// explained in it.
pub(crate) fn language(typed: &[OsString]) -> Language {
    let mut language = Language::En;
    let mut words = typed.iter().skip(1).map(|word| word.to_string_lossy());
    while let Some(word) = words.next() {
        let value = match word.as_ref() {
            "--" => break,
            "--lang" => words.next(),
            other => other.strip_prefix("--lang=").map(|value| value.to_owned().into()),
        };
        match value.as_deref() {
            Some("nl") => language = Language::Nl,
            Some("en") => language = Language::En,
            _ => {}
        }
    }
    language
}

/// Reads what was typed.
pub(crate) fn parse(typed: Vec<OsString>, language: Language) -> Result<Cli, clap::Error> {
    let matches = command(language).try_get_matches_from(typed)?;
    Cli::from_arg_matches(&matches)
}
