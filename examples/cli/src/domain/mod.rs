//! `dmarc-check domain`: a domain by its records in the DNS and by its reports.

mod csv;
pub(crate) mod evidence;
mod keys;
mod known;
mod mail;
mod reports;
pub(crate) mod screen;
mod text;

use std::collections::BTreeSet;
use std::path::PathBuf;

use dmarc_core::assessment::{Outcome as Assessed, ProfileId, ReportState, Request};
use dmarc_core::evaluation::{Evaluation, Facts, Question};
use dmarc_core::name::DomainName;
use dmarc_core::time::UnixTime;

use crate::answers::Source;
use crate::args::{DomainArgs, FailOn, Format, PageForm, ProfileArg};
use crate::problem::Problem;
use crate::{Context, Outcome, findings, html, input};
use evidence::Evidence;

/// Does what was asked.
pub(crate) fn run(context: &mut Context, args: DomainArgs) -> Result<Outcome, Problem> {
    let args = with_names(args);
    let (mut source, snapshot) = Source::open(context, &args.source)?;
    let smtp = snapshot.as_ref().and_then(|snapshot| snapshot.smtp.clone());
    let saved = match snapshot.zip(args.source.snapshot.as_ref()) {
        Some((snapshot, path)) => Evidence::of(&snapshot, path)?,
        None => None,
    };
    let names = names(&args, saved.as_ref())?;
    if names.len() > 1 && context.common.page() == Some(PageForm::Html) {
        // One page is about one domain; `portfolio` is about many.
        return Err(Problem::NotTogether { option: "--format html", other: "NAME NAME" });
    }
    if let Some(path) = &args.mta_sts_policy {
        if names.len() > 1 {
            return Err(Problem::NotTogether { option: "--mta-sts-policy", other: "NAME NAME" });
        }
        source = source.with_policy(path)?;
    }
    if args.fetch {
        if args.source.is_offline() && args.source.resolver.is_none() {
            return Err(Problem::NotTogether { option: "--fetch", other: "--zone, --snapshot" });
        }
        source = source.fetching();
    }
    let edition = context.edition_or(saved.as_ref().map(|saved| saved.edition));
    let now = args.now.or(saved.as_ref().map(|saved| saved.now)).unwrap_or_else(input::clock);
    let mut evidence = Evidence::new(edition, now);
    evidence.context = known::context_of(&args, saved.as_ref())?;
    counted(context, &args, &names, saved, &mut evidence)?;

    let profiles = profiles_of(&args.profile);
    let mut used = Facts::new();
    let mut asked = BTreeSet::new();
    let mut outcome = Outcome::Fine;
    for (index, name) in names.iter().enumerate() {
        let reports = evidence.reports.get(&name.to_string()).cloned();
        let asked_for = Request::Domain {
            domain: name.clone(),
            edition,
            now: Some(UnixTime(now)),
            context: Box::new(evidence.context.clone()),
            reports: reports.map(Box::new),
            smtp: smtp.clone(),
            signed: Vec::new(),
            received: Vec::new(),
            profiles: profiles.clone(),
        };
        let (assessed, evaluation) = source.run(asked_for);
        if let Some(problem) = source.unheard() {
            return Err(problem);
        }
        remember(&evaluation, &mut used, &mut asked);
        if show(context, &assessed, index, &args)? == Outcome::Findings {
            outcome = Outcome::Findings;
        }
    }
    if let Some(path) = &args.save {
        evidence.domains = names.iter().map(ToString::to_string).collect();
        let mut snapshot = used.to_snapshot(&asked);
        snapshot.smtp = smtp;
        evidence.save(snapshot, path)?;
    }
    Ok(outcome)
}

/// The profiles that were named; all of them if none was.
pub(crate) fn profiles_of(args: &[ProfileArg]) -> Vec<ProfileId> {
    if args.is_empty() { ProfileId::ALL.to_vec() } else { args.iter().map(|arg| (*arg).into()).collect() }
}

/// An option that takes several files also takes a name behind them: if no name is left, the last value
/// that is no file was meant as one.
fn with_names(mut args: DomainArgs) -> DomainArgs {
    if args.names.is_empty() {
        for values in [&mut args.source.zone, &mut args.reports, &mut args.message] {
            let is_name =
                |path: &PathBuf| !path.exists() && path.to_str().is_some_and(|text| !text.contains('/'));
            if values.len() > 1
                && let Some(name) = values.pop_if(|path| is_name(path))
            {
                args.names.push(name.to_string_lossy().into_owned());
                break;
            }
        }
    }
    args
}

/// The domains to judge: those that were named, or else those that the evidence is about.
fn names(args: &DomainArgs, saved: Option<&Evidence>) -> Result<Vec<DomainName>, Problem> {
    let texts = match saved {
        Some(saved) if args.names.is_empty() => &saved.domains,
        _ => &args.names,
    };
    if texts.is_empty() {
        return Err(Problem::NoNames);
    }
    texts.iter().map(|text| input::name(text)).collect()
}

/// What reports say about each domain: those that were given, or else what the evidence keeps.
fn counted(
    context: &Context,
    args: &DomainArgs,
    names: &[DomainName],
    saved: Option<Evidence>,
    evidence: &mut Evidence,
) -> Result<(), Problem> {
    if args.reports.is_empty() {
        if let Some(saved) = saved {
            (evidence.reports, evidence.inputs) = (saved.reports, saved.inputs);
        }
        return Ok(());
    }
    let (batch, inputs) = reports::read(context, &args.reports)?;
    evidence.inputs = inputs;
    evidence.reports = names.iter().map(|name| (name.to_string(), ReportState::of(name, &batch))).collect();
    Ok(())
}

/// Keeps the answers that were given, for the evidence.
fn remember(evaluation: &Evaluation<Request>, used: &mut Facts, asked: &mut BTreeSet<Question>) {
    for (question, answer) in evaluation.facts().answers() {
        asked.insert(question.clone());
        used.insert(question.clone(), answer.clone());
    }
}

/// Prints one verdict.
fn show(
    context: &mut Context,
    assessed: &Assessed,
    index: usize,
    args: &DomainArgs,
) -> Result<Outcome, Problem> {
    match context.common.format() {
        _ if context.common.page() == Some(PageForm::Html) => {
            let evidence = args.save.as_ref().and_then(|path| path.file_name());
            let evidence = evidence.map(|name| name.to_string_lossy().into_owned());
            let page = html::domain::page(assessed, context, evidence.as_deref());
            context.out.text(&page)?;
        }
        _ if context.common.page() == Some(PageForm::Csv) => {
            let octets = csv::of(assessed, context, index == 0).map_err(|error| Problem::Stream { error })?;
            context.out.octets(&octets)?;
        }
        Format::Json => context.out.document(&assessed.view(&context.catalog))?,
        Format::Text => {
            let separator = if index > 0 { "\n" } else { "" };
            let text = text::of(assessed, context, args.details);
            context.out.text(&format!("{separator}{text}"))?;
        }
    }
    let fail_on = context.common.fail_on.unwrap_or(FailOn::Error);
    let found = assessed.domain().map(|report| report.diagnostics.as_slice()).unwrap_or_default();
    Ok(findings::outcome(fail_on, found.iter().map(|(found, _)| found.severity)))
}
