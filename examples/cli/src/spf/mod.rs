//! `dmarc-check spf`: what a policy costs, whom it authorizes, and how it could be written instead.

mod changes;
mod client;
mod grid;
mod surface;
mod text;
mod tree;

use std::ffi::{OsStr, OsString};

use dmarc_core::assessment::{Other, Outcome as Assessed, Request, SpfRequest, is_record_text};
use dmarc_core::diagnostics::Severity;
use dmarc_core::dmarc::Edition;
use dmarc_core::inspect::{self, RecordKind};
use dmarc_core::name::DomainName;
use dmarc_core::spf::analysis::view;
use dmarc_core::spf::{CheckHost, Record};

use crate::answers::Source;
use crate::args::{CountArg, FailOn, Format, SpfArgs};
use crate::problem::Problem;
use crate::{Context, Outcome, findings, input, record};

/// Stands for the domain of a text of which it is not known where it is to be published: nobody is asked
/// about it. RFC 6761, 6.4 keeps it free.
const NAMELESS: &str = "unnamed.invalid";

/// Does what was asked.
pub(crate) fn run(context: &mut Context, args: SpfArgs) -> Result<Outcome, Problem> {
    let (args, given) = with_policy(args)?;
    if given == OsStr::new("-") {
        if let Some(option) = further(&args) {
            return Err(Problem::NotTogether { option, other: "-" });
        }
        return record::each_line(context, |context, line, number| one_text(context, line, Some(number)));
    }
    let octets = record::octets(given);
    if !(args.as_text || is_record_text(&octets)) {
        if args.at.is_some() {
            return Err(Problem::NotTogether { option: "--at", other: "NAME" });
        }
        let text = String::from_utf8_lossy(&octets).into_owned();
        let name =
            input::name(&text).map_err(|error| Problem::NotAPolicy { text, error: Box::new(error) })?;
        return policy(context, &args, name, None);
    }
    match String::from_utf8(octets) {
        // Whoever is asked nothing but the text answers for the text alone.
        Ok(text) if further(&args).is_some() && Record::read(&text).is_some() => {
            let name = place(&args)?;
            policy(context, &args, name, Some(text))
        }
        Ok(text) => one_text(context, text.as_bytes(), None),
        Err(error) => one_text(context, error.as_bytes(), None),
    }
}

/// An option that asks for more than a text alone can tell.
fn further(args: &SpfArgs) -> Option<&'static str> {
    let given = [
        ("--zone", !args.source.zone.is_empty()),
        ("--snapshot", args.source.snapshot.is_some()),
        ("--resolver", args.source.resolver.is_some()),
        ("--at", args.at.is_some()),
        ("--ip", args.ip.is_some()),
        ("--compare", args.compare.is_some()),
        ("--rewrite", args.rewrite),
        ("--count", !args.count.is_empty()),
    ];
    given.into_iter().find(|(_, given)| *given).map(|(option, _)| option)
}

/// What is to be looked at. `--zone` takes any number of files: if nothing is left, the last of them that is
/// no file was meant.
fn with_policy(mut args: SpfArgs) -> Result<(SpfArgs, OsString), Problem> {
    if let Some(given) = args.policy.take() {
        return Ok((args, given));
    }
    let zones = &mut args.source.zone;
    let meant = (zones.len() > 1).then(|| zones.pop_if(|path| !path.exists())).flatten();
    meant.map(|path| (args, path.into_os_string())).ok_or(Problem::NoPolicy)
}

/// Where a text is to be published: as it was said, or else where the sender is.
fn place(args: &SpfArgs) -> Result<DomainName, Problem> {
    if let Some(at) = &args.at {
        return input::name(at);
    }
    let sender = match args.mail_from.as_deref() {
        None | Some("") => args.helo.as_deref(),
        Some(sender) => sender.rsplit('@').next(),
    };
    let of_sender = sender.filter(|_| args.mail_from.is_some()).and_then(|name| DomainName::parse(name).ok());
    of_sender.map_or_else(|| input::name(NAMELESS), Ok)
}

/// A text by itself.
fn one_text(context: &mut Context, octets: &[u8], number: Option<u64>) -> Result<Outcome, Problem> {
    // Many texts are for programs, unless somebody asks to read them.
    let format = match (context.common.format, number) {
        (None, Some(_)) => Format::Json,
        _ => context.common.format(),
    };
    let fail_on = context.common.fail_on.unwrap_or(FailOn::Error);
    if format == Format::Json {
        let seen = view::record(octets, &context.catalog);
        match number {
            None => context.out.document(&seen)?,
            Some(_) => context.out.line(&seen)?,
        }
        let found = seen["diagnostics"].as_array().into_iter().flatten();
        let severities = found.map(|found| match found["severity"].as_str() {
            Some("error") => Severity::Error,
            Some("warning") => Severity::Warning,
            _ => Severity::Notice,
        });
        return Ok(findings::outcome(fail_on, severities));
    }
    let seen = inspect::record(octets, RecordKind::Spf, Edition::Rfc9989, &context.catalog);
    let separator = if number.is_some_and(|number| number > 1) { "\n" } else { "" };
    let text = record::text::of(&seen, octets, number, context.texts, context.out.paint);
    context.out.text(&format!("{separator}{text}"))?;
    Ok(findings::outcome(fail_on, seen.diagnostics.iter().map(|found| found.severity)))
}

/// The policy of a domain, or a text as if it were published there.
fn policy(
    context: &mut Context,
    args: &SpfArgs,
    domain: DomainName,
    text: Option<String>,
) -> Result<Outcome, Problem> {
    let nameless = domain.as_str() == NAMELESS;
    let mut request = SpfRequest::new(domain);
    request.record = text;
    request.rewrite = args.rewrite;
    request.conventions = CountArg::conventions(&args.count);
    request.compare = args.compare.as_deref().map(other).transpose()?;
    request.check_host = args.ip.map(|ip| {
        let sender = args.mail_from.clone().unwrap_or_else(|| format!("postmaster@{}", request.domain));
        let mut check = CheckHost::mail_from(ip, sender, args.helo.clone().unwrap_or_default());
        check.conventions = request.conventions.clone();
        check
    });
    let (source, _) = Source::open(context, &args.source)?;
    let mut source = if nameless { source.nameless(request.domain.clone()) } else { source };
    let (assessed, _) = source.run(Request::Spf(Box::new(request)));
    if let Some(problem) = source.unheard() {
        return Err(problem);
    }
    show(context, &assessed)
}

/// What a policy is compared with.
fn other(text: &str) -> Result<Other, Problem> {
    if is_record_text(text) {
        return Ok(Other::Record(text.to_owned()));
    }
    input::name(text).map(Other::Domain)
}

fn show(context: &mut Context, assessed: &Assessed) -> Result<Outcome, Problem> {
    let Some(report) = assessed.spf() else { return Ok(Outcome::Fine) };
    let found = report.analysis.findings();
    match context.common.format() {
        Format::Json => context.out.document(&assessed.view(&context.catalog))?,
        Format::Text => {
            let text = text::of(report, &found, assessed.cost(), context);
            context.out.text(&text)?;
        }
    }
    let fail_on = context.common.fail_on.unwrap_or(FailOn::Error);
    Ok(findings::outcome(fail_on, found.iter().map(|(found, _)| found.severity)))
}
