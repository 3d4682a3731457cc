//! What may be typed: commands and options, with their explanations in the reader's language.

mod reports;

use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Arg, ArgAction, Args, Command, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use dmarc_core::authres::{AuthResult, UnknownResult};
use dmarc_core::diagnostics::{Language, Severity};
use dmarc_core::dmarc::Edition;
use dmarc_core::inspect::RecordKind;
use dmarc_core::spf::analysis::{Conventions, VoidUnit};

pub(crate) use self::reports::{ReportJob, ReportsArgs, WriteArgs};
use crate::texts::{Texts, of};

/// Everything that was typed.
#[derive(Debug, Parser)]
#[command(name = "dmarc-check", disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) job: Job,
    #[command(flatten)]
    pub(crate) common: Common,
}

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

/// The jobs.
#[derive(Debug, Subcommand)]
pub(crate) enum Job {
    Record(RecordArgs),
    Reports(ReportsArgs),
    #[command(subcommand)]
    Report(ReportJob),
    Domain(DomainArgs),
    Spf(SpfArgs),
    Dkim(DkimArgs),
    Message(MessageArgs),
}

impl Job {
    /// How it is called.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Record(_) => "record",
            Self::Reports(_) => "reports",
            Self::Report(_) => "report",
            Self::Domain(_) => "domain",
            Self::Spf(_) => "spf",
            Self::Dkim(_) => "dkim",
            Self::Message(_) => "message",
        }
    }
}

/// `record`
#[derive(Debug, Args)]
pub(crate) struct RecordArgs {
    #[arg(value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) text: OsString,
    #[arg(long, default_value = "auto")]
    pub(crate) kind: RecordKindArg,
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
    #[arg(long, value_name = "FILE")]
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
    #[arg(long, value_name = "EPOCH", allow_negative_numbers = true)]
    pub(crate) now: Option<i64>,
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

/// The command with its explanations in a language.
pub(crate) fn command(language: Language) -> Command {
    let texts = of(language);
    let command = Cli::command()
        .version(env!("CARGO_PKG_VERSION"))
        .long_version(crate::versions::long())
        .about(texts.help.about)
        .after_help(texts.help.exit_codes);
    let mut command = localized(command, texts);
    for (name, about) in [
        ("record", texts.help.record),
        ("reports", texts.help.reports),
        ("domain", texts.help.domain),
        ("spf", texts.help.spf),
        ("dkim", texts.help.dkim),
        ("message", texts.help.message),
    ] {
        command = command.mut_subcommand(name, |sub| localized(sub.about(about), texts));
    }
    command = command.mut_subcommand("report", |sub| {
        let about = texts.help.report_write;
        let sub = sub.mut_subcommand("write", |sub| localized(sub.about(about), texts));
        localized(sub.about(about), texts)
    });
    command
}

/// Headings and the explanation of each option of one command.
fn localized(command: Command, texts: &'static Texts) -> Command {
    let help = &texts.help;
    let template = format!("{{about}}\n\n{}: {{usage}}\n\n{{all-args}}{{after-help}}\n", help.usage);
    let flag = Arg::new("help").short('h').long("help").action(ArgAction::Help).display_order(105);
    let command =
        command.disable_help_flag(true).help_template(template).subcommand_help_heading(help.commands);
    let command = if command.get_version().is_some() {
        command
            .disable_version_flag(true)
            .arg(Arg::new("version").short('V').long("version").action(ArgAction::Version).display_order(104))
    } else {
        command
    };
    command.arg(flag).mut_args(|arg| {
        let heading = if arg.is_positional() { help.arguments } else { help.options };
        let text = explanation(texts, arg.get_id().as_str());
        let arg = arg.help_heading(heading).help(text);
        // The explanation names them.
        if arg.get_action().takes_values() {
            arg.hide_default_value(true).hide_possible_values(true)
        } else {
            arg
        }
    })
}

/// What an option does, by its name.
fn explanation(texts: &Texts, id: &str) -> &'static str {
    let help = &texts.help;
    match id {
        "edition" => help.edition,
        "lang" => help.lang,
        "format" => help.format,
        "fail_on" => help.fail_on,
        "text" => help.text,
        "kind" => help.kind,
        "paths" => help.paths,
        "findings" => help.findings,
        "reporters" => texts.tables.reporters_option,
        "known_zone" => texts.tables.zone_option,
        "known_snapshot" => texts.tables.snapshot_option,
        "table_output" => texts.tables.output,
        "privacy" => help.privacy,
        "privacy_key" => help.privacy_key,
        "rows" => help.rows,
        "head" => help.head,
        "output" => help.output,
        "names" => help.names,
        "zone" => help.zone,
        "snapshot" => help.snapshot,
        "resolver" => help.resolver,
        "trust_ad" => help.trust_ad,
        "save" => help.save,
        "sends" => help.sends,
        "receives" => help.receives,
        "selector" => help.selector,
        "message" => help.signed_message,
        "mta_sts_policy" => help.mta_sts_policy,
        "fetch" => help.fetch,
        "subdomain" => help.subdomain,
        "now" => help.now,
        "policy" => help.policy,
        "as_text" => help.as_text,
        "at" => help.at,
        "ip" => help.ip,
        "mail_from" => help.mail_from,
        "helo" => help.helo,
        "compare" => help.compare,
        "rewrite" => help.rewrite,
        "count" => help.count,
        "key_name" => help.key_name,
        "file" => help.file,
        "from" => help.from,
        "authserv_id" => help.authserv_id,
        "spf" => help.spf_result,
        "dkim" => help.dkim_result,
        "random" => help.random,
        "version" => help.version,
        "help" => help.help,
        "reports" => help.reports_option,
        _ => "",
    }
}
