//! `dmarc-check message`: whether a message passes DMARC, and why.

mod text;

use std::io::Read as _;
use std::path::Path;

use dmarc_core::assessment::{MessageRequest, Outcome as Assessed, Request};
use dmarc_core::dmarc::{Edition, Identifier};
use dmarc_core::limits::Limits;
use dmarc_core::time::UnixTime;

use crate::answers::Source;
use crate::args::{FailOn, Format, MessageArgs};
use crate::problem::Problem;
use crate::{Context, Outcome, findings, input};

/// Does what was asked.
pub(crate) fn run(context: &mut Context, args: &MessageArgs) -> Result<Outcome, Problem> {
    let request = request(args, context.edition_or(None))?;
    let (mut source, _) = Source::open(context, &args.source)?;
    let (assessed, _) = source.run(Request::Message(Box::new(request)));
    if let Some(problem) = source.unheard() {
        return Err(problem);
    }
    show(context, &assessed)
}

fn request(args: &MessageArgs, edition: Edition) -> Result<MessageRequest, Problem> {
    let mut request = match (&args.file, args.from.is_empty()) {
        (Some(_), false) => return Err(Problem::NotTogether { option: "--from", other: "FILE" }),
        (None, true) => return Err(Problem::NoMessage),
        (Some(path), true) => {
            let octets = octets(path)?;
            MessageRequest::received(String::from_utf8_lossy(&octets), edition)
        }
        (None, false) => {
            let mut request = MessageRequest::received("", edition);
            request.message = None;
            request.author = args.from.iter().map(|name| input::name(name)).collect::<Result<_, _>>()?;
            request
        }
    };
    request.spf = args.spf.as_ref().map(identifier).transpose()?;
    if !args.dkim.is_empty() {
        request.dkim = Some(args.dkim.iter().map(identifier).collect::<Result<_, _>>()?);
    }
    request.now = Some(UnixTime(args.now.unwrap_or_else(input::clock)));
    request.random = args.random;
    request.authserv_id = args.authserv_id.clone();
    Ok(request)
}

/// A domain and a result as they were typed. Without a domain, SPF passed for none.
fn identifier(typed: &crate::args::IdentifierArg) -> Result<Identifier, Problem> {
    let domain = (!typed.domain.is_empty()).then(|| input::name(&typed.domain)).transpose()?;
    Ok(Identifier { domain, result: typed.result })
}

/// The message: a file, or standard input.
fn octets(path: &Path) -> Result<Vec<u8>, Problem> {
    let limit = Limits::default().input_octets;
    if path.as_os_str() != "-" {
        return input::read(path, limit);
    }
    let mut octets = Vec::new();
    let input = std::io::stdin().lock();
    let read = input.take(limit.saturating_add(1)).read_to_end(&mut octets);
    match read.map_err(|error| Problem::Stream { error })? {
        0 => Err(Problem::EmptyInput),
        read if read as u64 > limit => Err(Problem::TooLarge { path: path.to_owned(), limit }),
        _ => Ok(octets),
    }
}

fn show(context: &mut Context, assessed: &Assessed) -> Result<Outcome, Problem> {
    let Some(report) = assessed.message() else { return Ok(Outcome::Fine) };
    match context.common.format() {
        Format::Json => context.out.document(&assessed.view(&context.catalog))?,
        Format::Text => {
            let text = text::of(report, assessed.cost(), context);
            context.out.text(&text)?;
        }
    }
    let fail_on = context.common.fail_on.unwrap_or(FailOn::Error);
    Ok(findings::outcome(fail_on, report.steps.iter().map(|step| step.severity)))
}
