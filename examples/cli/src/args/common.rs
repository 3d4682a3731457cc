//! Options of every command, and what they may be.

use clap::{Args, ValueEnum};
use dmarc_core::diagnostics::{Language, Severity};
use dmarc_core::dmarc::Edition;

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
            FormatArg::Text | FormatArg::Json => None,
        }
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
    Parquet,
}

/// The form of an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Format {
    Text,
    Json,
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
