//! `dmarc-check record`: one record as an argument, or one per line of standard input.

pub(crate) mod text;

use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead, BufReader, Read, StdinLock};

use dmarc_core::diagnostics::Severity;
use dmarc_core::inspect::{self, RecordKind};
use dmarc_core::transport::mta_sts_policy;

use crate::args::{FailOn, Format, RecordArgs};
use crate::problem::Problem;
use crate::{Context, Outcome, findings, output};

/// Octets of a line that are kept: a record has at most 65,535, and a line without end must not fill
/// the memory.
const LINE: usize = 16 << 20;

/// Does what was asked.
pub(crate) fn run(context: &mut Context, args: &RecordArgs) -> Result<Outcome, Problem> {
    if args.text == OsStr::new("-") {
        return match RecordKind::from(args.kind) {
            RecordKind::MtaStsPolicy => whole(context, args),
            RecordKind::Auto if begins_as_policy()? => whole(context, args),
            _ => lines(context, args),
        };
    }
    one(context, args, &octets(args.text.clone()), None)
}

/// The octets of an argument, as they were typed where the system allows any.
pub(crate) fn octets(text: OsString) -> Vec<u8> {
    #[cfg(unix)]
    {
        std::os::unix::ffi::OsStringExt::into_vec(text)
    }
    #[cfg(not(unix))]
    {
        text.to_string_lossy().into_owned().into_bytes()
    }
}

/// Every line of standard input, each answered before the next is read.
fn lines(context: &mut Context, args: &RecordArgs) -> Result<Outcome, Problem> {
    each_line(context, |context, line, number| one(context, args, line, Some(number)))
}

/// Whether standard input begins as a policy file; nothing is taken from it.
fn begins_as_policy() -> Result<bool, Problem> {
    let mut input = io::stdin().lock();
    let start = input.fill_buf().map_err(|error| Problem::Stream { error })?;
    Ok(start.split(|octet| *octet == b'\n').next().is_some_and(mta_sts_policy::File::is_policy))
}

/// All of standard input as one text.
fn whole(context: &mut Context, args: &RecordArgs) -> Result<Outcome, Problem> {
    let mut text = Vec::new();
    let mut input = io::stdin().lock().take(LINE as u64);
    input.read_to_end(&mut text).map_err(|error| Problem::Stream { error })?;
    one(context, args, &text, None)
}

/// Reads standard input line by line; each is answered before the next is read.
pub(crate) fn each_line(
    context: &mut Context,
    mut answer: impl FnMut(&mut Context, &[u8], u64) -> Result<Outcome, Problem>,
) -> Result<Outcome, Problem> {
    let mut input = BufReader::with_capacity(64 << 10, io::stdin().lock());
    let mut line = Vec::new();
    let mut number = 0_u64;
    let mut outcome = Outcome::Fine;
    while !context.out.is_closed() {
        line.clear();
        let Some(complete) = next_line(&mut input, &mut line).map_err(|error| Problem::Stream { error })?
        else {
            break;
        };
        number += 1;
        if !complete {
            let problem = Problem::LongLine { number, limit: LINE };
            output::complain(&problem, Severity::Warning, context.texts);
        }
        if answer(context, &line, number)? == Outcome::Findings {
            outcome = Outcome::Findings;
        }
        // Whoever types sees each answer at once; a file is written in large parts.
        if input.buffer().is_empty() {
            context.out.flush()?;
        }
    }
    if number == 0 && !context.out.is_closed() {
        return Err(Problem::EmptyInput);
    }
    Ok(outcome)
}

/// Reads a line without its end, LF or CRLF; `None` at the end of the input, `Some(false)` if only the
/// first [`LINE`] octets were kept.
fn next_line(input: &mut BufReader<StdinLock<'_>>, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
    let read = input.by_ref().take(LINE as u64 + 2).read_until(b'\n', line)?;
    if read == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        return Ok(Some(true));
    }
    if line.len() <= LINE {
        return Ok(Some(true));
    }
    line.truncate(LINE);
    input.skip_until(b'\n')?;
    Ok(Some(false))
}

fn one(
    context: &mut Context,
    args: &RecordArgs,
    octets: &[u8],
    number: Option<u64>,
) -> Result<Outcome, Problem> {
    let common = context.common;
    let view = inspect::record(octets, args.kind.into(), context.edition_or(None), &context.catalog);
    match (common.format(), number) {
        (Format::Json, None) if args.text != OsStr::new("-") => context.out.document(&view)?,
        (Format::Json, _) => context.out.line(&view)?,
        (Format::Text, _) => {
            let mut text = text::of(&view, octets, number, context.texts, context.out.paint);
            if number.is_some_and(|number| number > 1) {
                text.insert(0, '\n');
            }
            context.out.text(&text)?;
        }
    }
    let fail_on = common.fail_on.unwrap_or(FailOn::Error);
    Ok(findings::outcome(fail_on, view.diagnostics.iter().map(|found| found.severity)))
}
