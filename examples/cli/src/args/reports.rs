//! What may be typed for `reports` and `report`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use dmarc_core::report::failure::Privacy;

use super::SendersArgs;

/// `reports`
#[derive(Debug, Args)]
pub(crate) struct ReportsArgs {
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<PathBuf>,
    #[arg(long)]
    pub(crate) findings: bool,
    #[arg(long, conflicts_with = "findings")]
    pub(crate) reporters: bool,
    #[arg(long, conflicts_with_all = ["findings", "reporters"])]
    pub(crate) details: bool,
    #[arg(id = "table_output", long = "output", value_name = "FILE", required_if_eq("format", "parquet"))]
    pub(crate) output: Option<PathBuf>,
    #[arg(id = "known_zone", long = "zone", value_name = "FILE", num_args = 1..)]
    pub(crate) zone: Vec<PathBuf>,
    #[arg(id = "known_snapshot", long = "snapshot", value_name = "FILE", conflicts_with = "known_zone")]
    pub(crate) snapshot: Option<PathBuf>,
    #[arg(long, value_name = "keep|hash|drop", default_value = "keep")]
    pub(crate) privacy: PrivacyArg,
    #[arg(long, value_name = "TEXT", required_if_eq("privacy", "hash"))]
    pub(crate) privacy_key: Option<String>,
    #[command(flatten)]
    pub(crate) senders: SendersArgs,
}

/// What becomes of local-parts and subjects in failure reports.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum PrivacyArg {
    /// They stay.
    #[default]
    Keep,
    /// Each becomes a hash under the key.
    Hash,
    /// They are left out.
    Drop,
}

impl ReportsArgs {
    /// The choice, with its key.
    pub(crate) fn privacy(&self) -> Privacy {
        match self.privacy {
            PrivacyArg::Keep => Privacy::Keep,
            PrivacyArg::Hash => Privacy::Hash(self.privacy_key.clone().unwrap_or_default().into_bytes()),
            PrivacyArg::Drop => Privacy::Drop,
        }
    }
}

/// `report`
#[derive(Debug, Subcommand)]
pub(crate) enum ReportJob {
    Write(WriteArgs),
}

/// `report write`
#[derive(Debug, Args)]
pub(crate) struct WriteArgs {
    #[arg(value_name = "ROWS")]
    pub(crate) rows: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) head: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) given: HeadArgs,
    #[arg(long, value_name = "FOLDER")]
    pub(crate) output: Option<PathBuf>,
}

/// What `report write` is told of the report besides a file; it counts before what is in that.
#[derive(Debug, Args)]
pub(crate) struct HeadArgs {
    #[arg(id = "report_kind", long = "kind", value_name = "aggregate|failure|tls")]
    pub(crate) kind: Option<WriteKindArg>,
    #[arg(long, value_name = "rfc9990|rfc7489")]
    pub(crate) schema: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) org_name: Option<String>,
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) email: Option<String>,
    #[arg(long, value_name = "DOMAIN")]
    pub(crate) submitter: Option<String>,
    #[arg(long, value_name = "ID")]
    pub(crate) report_id: Option<String>,
    #[arg(long, value_name = "EPOCH", allow_negative_numbers = true)]
    pub(crate) begin: Option<i64>,
    #[arg(long, value_name = "EPOCH", allow_negative_numbers = true)]
    pub(crate) end: Option<i64>,
    #[arg(id = "reported_domain", long = "domain", value_name = "DOMAIN")]
    pub(crate) domain: Option<String>,
    #[arg(id = "published_policy", long = "policy", value_name = "none|quarantine|reject")]
    pub(crate) policy: Option<String>,
    #[arg(long, value_name = "ID")]
    pub(crate) unique_id: Option<String>,
}

/// Which kind of report is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum WriteKindArg {
    /// An aggregate report.
    Aggregate,
    /// A failure report.
    Failure,
    /// A report on TLS.
    Tls,
}

impl WriteKindArg {
    /// As the draft of a report has it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Aggregate => "aggregate",
            Self::Failure => "failure",
            Self::Tls => "tls",
        }
    }
}
