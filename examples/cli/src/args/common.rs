//! Options of every command, and what they may be.

use clap::{Args, ValueEnum};
use dmarc_core::diagnostics::{Language, Severity};
use dmarc_core::dmarc::Edition;

use super::Job;

/// Options of every command.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Common {
    #[arg(long, global = true, value_name = "RFC", display_order = 100)]
    pub(crate) edition: Option<EditionArg>,
    #[arg(long, global = true, default_value = "en", display_order = 101)]
    pub(crate) lang: LanguageArg,
    #[arg(long, global = true, display_order = 102)]
    pub(crate) format: Option<FormatArg>,
    #[arg(long, global = true, value_name = "LEVEL", display_order = 103)]
    pub(crate) fail_on: Option<FailOn>,
}

impl Common {
    /// The form of the answer: text, unless something else was asked for.
    pub(crate) fn format(&self) -> Format {
        if self.format == Some(FormatArg::Json) { Format::Json } else { Format::Text }
    }

    /// The form of a table, if that was asked for.
    pub(crate) fn table(&self) -> Option<TableForm> {
        match self.format? {
            FormatArg::Jsonl => Some(TableForm::Jsonl),
            FormatArg::Csv => Some(TableForm::Csv),
            FormatArg::Parquet => Some(TableForm::Parquet),
            FormatArg::Text | FormatArg::Json | FormatArg::Html => None,
        }
    }

    /// The form of a report on domains, if it is neither text nor JSON.
    pub(crate) fn page(&self) -> Option<PageForm> {
        match self.format? {
            FormatArg::Csv => Some(PageForm::Csv),
            FormatArg::Html => Some(PageForm::Html),
            _ => None,
        }
    }

    /// The form that was asked for, if a job does not have it.
    pub(crate) fn unfit(&self, job: &Job) -> Option<&'static str> {
        let fits = match job {
            Job::Reports(_) => self.format != Some(FormatArg::Html),
            Job::Domain(_) | Job::Portfolio(_) => {
                !matches!(self.format, Some(FormatArg::Jsonl | FormatArg::Parquet))
            }
            _ => self.table().is_none() && self.format != Some(FormatArg::Html),
        };
        let option = self.table().map_or("--format html", TableForm::option);
        (!fits).then_some(option)
    }
}

/// `--edition`
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum EditionArg {
    Rfc9989,
    Rfc7489,
}

impl From<EditionArg> for Edition {
    fn from(arg: EditionArg) -> Self {
        match arg {
            EditionArg::Rfc9989 => Self::Rfc9989,
            EditionArg::Rfc7489 => Self::Rfc7489,
        }
    }
}

/// `--lang`
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LanguageArg {
    En,
    Nl,
}

impl From<LanguageArg> for Language {
    fn from(arg: LanguageArg) -> Self {
        match arg {
            LanguageArg::En => Self::En,
            LanguageArg::Nl => Self::Nl,
        }
    }
}

/// `--format`
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum FormatArg {
    Text,
    Json,
    Jsonl,
    Csv,
    Html,
    Parquet,
}

/// The form of an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Format {
    Text,
    Json,
}

/// The form of a report on domains.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum PageForm {
    Csv,
    Html,
}

/// The form of a table of records.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum TableForm {
    Jsonl,
    Csv,
    Parquet,
}

impl TableForm {
    /// How it is asked for.
    pub(crate) fn option(self) -> &'static str {
        match self {
            Self::Jsonl => "--format jsonl",
            Self::Csv => "--format csv",
            Self::Parquet => "--format parquet",
        }
    }
}

/// `--fail-on`
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum FailOn {
    Error,
    Warning,
    Never,
}

impl FailOn {
    /// Whether a finding of this severity counts.
    pub(crate) fn counts(self, severity: Severity) -> bool {
        match self {
            Self::Error => severity >= Severity::Error,
            Self::Warning => severity >= Severity::Warning,
            Self::Never => false,
        }
    }
}
