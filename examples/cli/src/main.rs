//! `dmarc-check`: reads DMARC and SPF records, aggregate reports and whole domains on the command line.
//!
//! The library decides; this program reads files, asks name servers, shows progress and prints. Results go to
//! standard output, everything else to standard error.

#![forbid(unsafe_code)]

mod answers;
mod args;
mod cells;
mod change;
mod dkim;
mod domain;
mod findings;
mod html;
mod input;
mod json;
mod maps;
mod message;
mod output;
mod plan;
mod portfolio;
mod problem;
mod record;
mod reports;
mod senders;
mod sources;
mod spf;
mod streams;
mod table;
mod texts;
mod usage;
mod versions;

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

use dmarc_core::diagnostics::{Catalog, Language, Severity};
use dmarc_core::dmarc::Edition;

use args::{Cli, Common, Job, ReportJob};
use output::Out;
use problem::Problem;
use texts::Texts;

/// What every command needs.
pub(crate) struct Context {
    pub(crate) common: Common,
    pub(crate) texts: &'static Texts,
    pub(crate) catalog: Catalog,
    pub(crate) out: Out,
}

impl Context {
    /// The edition that was asked for; else that of the evidence at hand; else the newest.
    pub(crate) fn edition_or(&self, saved: Option<Edition>) -> Edition {
        self.common.edition.map(Edition::from).or(saved).unwrap_or(Edition::Rfc9989)
    }
}

/// How a job ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// All is well.
    Fine,
    /// Findings at the level that was chosen.
    Findings,
}

fn main() -> ExitCode {
    let typed: Vec<OsString> = env::args_os().collect();
    let language = args::language(&typed);
    let texts = texts::of(language);
    match args::parse(typed, language) {
        Ok(cli) => finish(run(cli, language, texts), texts),
        // Help and version are answers, not mistakes.
        Err(answer) if !answer.use_stderr() => {
            let _nobody_reads = answer.print();
            ExitCode::SUCCESS
        }
        Err(mistake) => {
            let (code, sentence) = usage::explain(&mistake, texts);
            output::complain_with(code, Severity::Error, &sentence, texts);
            ExitCode::from(2)
        }
    }
}

fn run(cli: Cli, language: Language, texts: &'static Texts) -> Result<Outcome, Problem> {
    if let Some(option) = cli.common.unfit(&cli.job) {
        return Err(Problem::NotTogether { option, other: cli.job.name() });
    }
    let mut context =
        Context { common: cli.common, texts, catalog: Catalog::embedded(language), out: Out::new() };
    let outcome = match cli.job {
        Job::Record(args) => record::run(&mut context, &args),
        Job::Reports(args) => reports::run(&mut context, &args),
        Job::Report(ReportJob::Write(args)) => reports::write::run(&mut context, &args),
        Job::Domain(args) => domain::run(&mut context, args),
        Job::Portfolio(args) => portfolio::run(&mut context, &args),
        Job::Spf(args) => spf::run(&mut context, args),
        Job::Dkim(args) => dkim::run(&mut context, &args),
        Job::Message(args) => message::run(&mut context, &args),
        Job::Change(args) => change::run(&mut context, &args),
        Job::Plan(args) => plan::run(&mut context, args),
    }?;
    context.out.flush()?;
    Ok(outcome)
}

fn finish(result: Result<Outcome, Problem>, texts: &Texts) -> ExitCode {
    match result {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(problem) => {
            output::complain(&problem, Severity::Error, texts);
            ExitCode::from(2)
        }
    }
}
