//! What may be typed for the checks of records, domains and messages.

use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use dmarc_core::assessment::ProfileId;
use dmarc_core::authres::{AuthResult, UnknownResult};
use dmarc_core::inspect::RecordKind;
use dmarc_core::spf::analysis::{Conventions, VoidUnit};

/// `record`
#[derive(Debug, Args)]
pub(crate) struct RecordArgs {
    #[arg(value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) text: OsString,
    #[arg(long, default_value = "auto")]
    pub(crate) kind: RecordKindArg,
}

/// `--kind`
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum RecordKindArg {
    Auto,
    Dmarc,
    Spf,
    Dkim,
    DkimSignature,
    MtaSts,
    MtaStsPolicy,
    TlsRpt,
    Tlsa,
}

impl From<RecordKindArg> for RecordKind {
    fn from(arg: RecordKindArg) -> Self {
        match arg {
            RecordKindArg::Auto => Self::Auto,
            RecordKindArg::Dmarc => Self::Dmarc,
            RecordKindArg::Spf => Self::Spf,
            RecordKindArg::Dkim => Self::Dkim,
            RecordKindArg::DkimSignature => Self::DkimSignature,
            RecordKindArg::MtaSts => Self::MtaSts,
            RecordKindArg::MtaStsPolicy => Self::MtaStsPolicy,
            RecordKindArg::TlsRpt => Self::TlsRpt,
            RecordKindArg::Tlsa => Self::Tlsa,
        }
    }
}

/// `domain`
#[derive(Debug, Args)]
pub(crate) struct DomainArgs {
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    #[command(flatten)]
    pub(crate) source: SourceArgs,
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub(crate) reports: Vec<PathBuf>,
    #[arg(long, visible_alias = "evidence", value_name = "FILE")]
    pub(crate) save: Option<PathBuf>,
    #[arg(long, value_name = "yes|no")]
    pub(crate) sends: Option<YesNoArg>,
    #[arg(long, value_name = "yes|no")]
    pub(crate) receives: Option<YesNoArg>,
    #[arg(long, value_name = "SELECTOR")]
    pub(crate) selector: Vec<String>,
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) message: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) mta_sts_policy: Option<PathBuf>,
    #[arg(long, conflicts_with = "mta_sts_policy")]
    pub(crate) fetch: bool,
    #[arg(long, value_name = "NAME")]
    pub(crate) subdomain: Vec<String>,
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Vec<ProfileArg>,
    #[command(flatten)]
    pub(crate) known: KnownArgs,
    #[arg(id = "domain_details", long = "details")]
    pub(crate) details: bool,
    #[arg(long, value_name = "EPOCH", allow_negative_numbers = true)]
    pub(crate) now: Option<i64>,
}

/// `portfolio`
#[derive(Debug, Args)]
pub(crate) struct PortfolioArgs {
    #[arg(value_name = "FILE")]
    pub(crate) list: PathBuf,
    #[command(flatten)]
    pub(crate) source: SourceArgs,
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Vec<ProfileArg>,
    #[arg(long, value_name = "EPOCH", allow_negative_numbers = true)]
    pub(crate) now: Option<i64>,
}

/// What only the operator of a domain knows, besides whether it sends and receives.
#[derive(Debug, Args)]
pub(crate) struct KnownArgs {
    #[arg(long, value_name = "1-4")]
    pub(crate) phase: Option<u8>,
    #[arg(long, value_name = "NAME|NETWORK")]
    pub(crate) known_sender: Vec<String>,
    #[arg(long, value_name = "RULE=TEXT")]
    pub(crate) explain: Vec<ExplainArg>,
    #[arg(id = "received_message", long = "received", value_name = "FILE", num_args = 1..)]
    pub(crate) received: Vec<PathBuf>,
    #[arg(id = "own_authserv_id", long = "authserv-id", value_name = "NAME")]
    pub(crate) authserv_id: Option<String>,
    #[arg(id = "context_file", long = "context", value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) senders: SendersArgs,
}

/// What is known of senders.
#[derive(Debug, Args)]
pub(crate) struct SendersArgs {
    #[arg(id = "names_file", long = "names", value_name = "FILE")]
    pub(crate) names: Vec<PathBuf>,
    #[arg(id = "known_file", long = "known", value_name = "FILE")]
    pub(crate) known: Vec<PathBuf>,
    #[arg(id = "thresholds_file", long = "thresholds", value_name = "FILE|JSON")]
    pub(crate) thresholds: Option<String>,
}

/// `--explain`: why a requirement is not met.
#[derive(Clone, Debug)]
pub(crate) struct ExplainArg {
    /// Its identifier.
    pub(crate) id: String,
    /// The explanation.
    pub(crate) text: String,
}

impl FromStr for ExplainArg {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (id, text) = text.split_once('=').ok_or("RULE=TEXT")?;
        Ok(Self { id: id.trim().to_ascii_uppercase(), text: text.trim().to_owned() })
    }
}

/// `--profile`
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ProfileArg {
    Ubv,
    Forum,
    InternetNl,
    Baseline,
}

impl From<ProfileArg> for ProfileId {
    fn from(arg: ProfileArg) -> Self {
        match arg {
            ProfileArg::Ubv => Self::Ubv,
            ProfileArg::Forum => Self::Forum,
            ProfileArg::InternetNl => Self::InternetNl,
            ProfileArg::Baseline => Self::Baseline,
        }
    }
}

/// Who answers the questions of a command.
#[derive(Debug, Args)]
pub(crate) struct SourceArgs {
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) zone: Vec<PathBuf>,
    #[arg(long, value_name = "FILE", conflicts_with = "zone")]
    pub(crate) snapshot: Option<PathBuf>,
    #[arg(long, value_name = "system|ADDR:PORT")]
    pub(crate) resolver: Option<ResolverArg>,
    #[arg(long)]
    pub(crate) trust_ad: bool,
}

impl SourceArgs {
    /// Whether zones or a snapshot answer, so that the network is asked only if a server is named.
    pub(crate) fn is_offline(&self) -> bool {
        !self.zone.is_empty() || self.snapshot.is_some()
    }
}

/// `change`
#[derive(Debug, Args)]
pub(crate) struct ChangeArgs {
    #[arg(id = "changed_domain", value_name = "NAME")]
    pub(crate) name: Option<String>,
    #[arg(id = "from_files", long = "from", value_name = "FILE", num_args = 1.., required = true)]
    pub(crate) from: Vec<PathBuf>,
    #[arg(id = "to_files", long = "to", value_name = "FILE", num_args = 1.., required_unless_present = "set", conflicts_with = "set")]
    pub(crate) to: Vec<PathBuf>,
    #[arg(long, value_name = "TAG=VALUE", num_args = 1.., requires = "changed_domain")]
    pub(crate) set: Vec<String>,
    #[arg(id = "change_reports", long = "reports", value_name = "PATH", num_args = 1.., required = true)]
    pub(crate) reports: Vec<PathBuf>,
    #[arg(long, value_name = "SENDER=KEY")]
    pub(crate) signs: Vec<String>,
    #[arg(long, value_name = "N|N%")]
    pub(crate) max_loss: Option<LossArg>,
    #[command(flatten)]
    pub(crate) senders: SendersArgs,
}

/// `plan`
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    #[arg(id = "plan_name", value_name = "NAME")]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) source: SourceArgs,
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub(crate) reports: Vec<PathBuf>,
    #[arg(long, value_name = "STREAM")]
    pub(crate) accept: Vec<String>,
    #[arg(id = "plan_rua", long = "rua", value_name = "ADDRESS")]
    pub(crate) rua: Option<String>,
    #[arg(long, value_name = "DAYS")]
    pub(crate) window: Option<u32>,
    #[arg(id = "plan_max_loss", long = "max-loss", value_name = "N%", value_parser = share_of_loss)]
    pub(crate) max_loss: Option<LossArg>,
    #[arg(long, value_name = "yes|no")]
    pub(crate) sends: Option<YesNoArg>,
    #[arg(long, value_name = "yes|no")]
    pub(crate) receives: Option<YesNoArg>,
    #[arg(long, value_name = "SELECTOR")]
    pub(crate) selector: Vec<String>,
    #[arg(long, value_name = "EPOCH", allow_negative_numbers = true)]
    pub(crate) now: Option<i64>,
}

/// A share: a number of messages says nothing of the next weeks.
fn share_of_loss(text: &str) -> Result<LossArg, &'static str> {
    match text.parse()? {
        LossArg::Messages(_) => Err("N%"),
        share @ LossArg::Share(_) => Ok(share),
    }
}

/// `--max-loss`: messages, or a share of them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LossArg {
    Messages(u64),
    Share(f64),
}

impl FromStr for LossArg {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.strip_suffix('%') {
            Some(percent) => match percent.parse::<f64>() {
                Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(Self::Share(percent / 100.0)),
                _ => Err("0%…100%"),
            },
            None => text.parse().map(Self::Messages).map_err(|_| "N, N%"),
        }
    }
}

/// `dkim`
#[derive(Debug, Args)]
pub(crate) struct DkimArgs {
    #[arg(value_name = "NAME", id = "key_name")]
    pub(crate) name: String,
    #[arg(long, value_name = "SELECTOR", num_args = 1..)]
    pub(crate) selector: Vec<String>,
    #[command(flatten)]
    pub(crate) source: SourceArgs,
}

/// `spf`
#[derive(Debug, Args)]
pub(crate) struct SpfArgs {
    #[arg(value_name = "NAME|TEXT|-", allow_hyphen_values = true)]
    pub(crate) policy: Option<OsString>,
    #[arg(long = "text")]
    pub(crate) as_text: bool,
    #[arg(long, value_name = "NAME")]
    pub(crate) at: Option<String>,
    #[command(flatten)]
    pub(crate) source: SourceArgs,
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) ip: Option<IpAddr>,
    #[arg(long, value_name = "SENDER", requires = "ip")]
    pub(crate) mail_from: Option<String>,
    #[arg(long, value_name = "HOST", requires = "ip")]
    pub(crate) helo: Option<String>,
    #[arg(long, value_name = "NAME|TEXT")]
    pub(crate) compare: Option<String>,
    #[arg(long)]
    pub(crate) rewrite: bool,
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) count: Vec<CountArg>,
}

/// `--count`: a convention by which lookups are counted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CountArg {
    Lookups(u32),
    Voids(u32),
    MxHosts(u32),
    PMacro(bool),
    VoidUnit(VoidUnit),
}

impl FromStr for CountArg {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (key, value) = text.split_once('=').ok_or("KEY=VALUE")?;
        let number = || value.parse().map_err(|_| "KEY=0, KEY=1, …");
        Ok(match (key, value) {
            ("lookups", _) => Self::Lookups(number()?),
            ("voids", _) => Self::Voids(number()?),
            ("mx-hosts", _) => Self::MxHosts(number()?),
            ("p-macro", "yes") => Self::PMacro(true),
            ("p-macro", "no") => Self::PMacro(false),
            ("void-unit", "answers") => Self::VoidUnit(VoidUnit::Answers),
            ("void-unit", "terms") => Self::VoidUnit(VoidUnit::Terms),
            _ => return Err("lookups=N, voids=N, mx-hosts=N, p-macro=yes|no, void-unit=answers|terms"),
        })
    }
}

impl CountArg {
    /// The default conventions with these instead; of two for one thing the last counts.
    pub(crate) fn conventions(given: &[Self]) -> Conventions {
        let mut conventions = Conventions::default();
        for each in given {
            match *each {
                Self::Lookups(count) => conventions.lookups = count,
                Self::Voids(count) => conventions.voids = count,
                Self::MxHosts(count) => conventions.mx_hosts = count,
                Self::PMacro(counts) => conventions.p_macro = counts,
                Self::VoidUnit(unit) => conventions.void_unit = unit,
            }
        }
        conventions
    }
}

/// `--sends`, `--receives`
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum YesNoArg {
    Yes,
    No,
}

impl YesNoArg {
    pub(crate) fn is_yes(self) -> bool {
        self == Self::Yes
    }
}

/// `message`
#[derive(Debug, Args)]
pub(crate) struct MessageArgs {
    #[arg(value_name = "FILE|-")]
    pub(crate) file: Option<PathBuf>,
    #[arg(long, value_name = "DOMAIN")]
    pub(crate) from: Vec<String>,
    #[arg(long, value_name = "ID")]
    pub(crate) authserv_id: Option<String>,
    #[arg(long, value_name = "DOMAIN=RESULT")]
    pub(crate) spf: Option<IdentifierArg>,
    #[arg(long, value_name = "DOMAIN=RESULT", num_args = 1..)]
    pub(crate) dkim: Vec<IdentifierArg>,
    #[arg(long, value_name = "EPOCH", allow_negative_numbers = true)]
    pub(crate) now: Option<i64>,
    #[arg(long, value_name = "NUMBER")]
    pub(crate) random: Option<u32>,
    #[command(flatten)]
    pub(crate) source: SourceArgs,
}

/// `--spf` and `--dkim`
#[derive(Clone, Debug)]
pub(crate) struct IdentifierArg {
    /// The domain, as typed; empty for none.
    pub(crate) domain: String,
    /// The result.
    pub(crate) result: AuthResult,
}

impl FromStr for IdentifierArg {
    type Err = UnknownResult;

    fn from_str(text: &str) -> Result<Self, UnknownResult> {
        let (domain, result) = text.rsplit_once('=').unwrap_or((text, ""));
        Ok(Self { domain: domain.to_owned(), result: result.parse()? })
    }
}

/// `--resolver`
#[derive(Clone, Copy, Debug)]
pub(crate) enum ResolverArg {
    /// The servers that this machine uses.
    System,
    /// One server.
    Server(SocketAddr),
}

impl FromStr for ResolverArg {
    type Err = std::net::AddrParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "system" {
            return Ok(Self::System);
        }
        // A bare address means the port that every DNS server listens on.
        text.parse::<SocketAddr>()
            .or_else(|error| text.parse().map(|ip| SocketAddr::new(ip, 53)).map_err(|_| error))
            .map(Self::Server)
    }
}
