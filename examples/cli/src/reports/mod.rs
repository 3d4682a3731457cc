//! `dmarc-check reports`: reports of every kind in files and folders.

mod board;
pub(crate) mod feed;
mod kinds;
mod tables;
mod text;
pub(crate) mod write;

use std::path::{Path, PathBuf};

use self::board::Board;
use self::feed::Going;
use self::tables::{Renderer, Writer};
use dmarc_core::diagnostics::{Severity, escape};
use dmarc_core::limits::Limits;
use dmarc_core::report::arrow::RecordTableBuilder;
use dmarc_core::report::batch::{Apart, Batch, BatchView, Collector, FindingView, Keep, Part, RefusedView};
use dmarc_core::streams::{Judged, Maps, Thresholds, Traces, judge_with};

use crate::answers::organizations;
use crate::args::{Format, ReportsArgs, TableForm};
use crate::input::Found;
use crate::problem::Problem;
use crate::table::number;
use crate::texts::Texts;
use crate::{Context, Outcome, findings, input, maps, output};

/// Findings of one report that are printed; ten times as many of one input. Each takes some 400
/// octets until its report has ended, since its line names the key of the report.
const FINDINGS: usize = 10_000;
/// Most characters of a path that are shown.
const PATH: usize = 300;

/// Does what was asked.
pub(crate) fn run(context: &mut Context, args: &ReportsArgs) -> Result<Outcome, Problem> {
    let keep = if args.findings { Keep::Findings } else { Keep::Sums };
    let mut limits = Limits::default();
    limits.findings = FINDINGS;
    let known = organizations(context, &args.zone, args.snapshot.as_deref())?;
    let mut collector = Collector::new(&limits, keep).with_privacy(args.privacy()).with_organizations(known);
    let table = context.common.table();
    if let Some(form) = table {
        let others = [(args.findings, "--findings"), (args.reporters, "--reporters")];
        if let Some((_, other)) = others.into_iter().find(|(given, _)| *given) {
            return Err(Problem::NotTogether { option: form.option(), other });
        }
    }
    let (mut known_senders, mut thresholds) = (Maps::default(), Thresholds::default());
    maps::read(&args.senders, &mut known_senders, &mut thresholds)?;
    // Before the file is made anew.
    #[cfg(not(feature = "parquet"))]
    if table == Some(TableForm::Parquet) {
        return Err(Problem::NoParquet);
    }
    let mut found = input::find(&args.paths);
    if let Some(path) = &args.output {
        leave_out(&mut found, path);
        context.out.redirect(path)?;
    }
    let unreadable = match table {
        Some(form) => {
            let judge = |traces: &Traces| judge_with(traces, &thresholds, &known_senders);
            rows(context, &args.paths, found, &mut collector, form, judge)?
        }
        None => sums(context.texts, &args.paths, found, &mut collector)?,
    };
    let batch = collector.finish();
    let outcome = outcome(context, &batch);
    if args.findings {
        let mut left_out: u64 = batch.findings.values().map(|found| found.count).sum();
        for placed in batch.findings() {
            context.out.line(&FindingView::new(&placed, &context.catalog))?;
            left_out = left_out.saturating_sub(1);
        }
        if left_out > 0 {
            let count = number(left_out, context.texts.thousands);
            let sentence = (context.texts.reports.findings_left_out)(&count);
            output::complain_with("output/left-out", Severity::Warning, &sentence, context.texts);
        }
    }
    let mut view = batch.view(&context.catalog);
    if !known_senders.is_empty() || thresholds != Thresholds::default() {
        let judged = judge_with(&batch.traces, &thresholds, &known_senders);
        (view.streams, view.changes, view.thresholds) = (judged.streams, judged.changes, judged.thresholds);
    }
    drop(batch);
    explain(&mut view, &unreadable, context);
    if args.findings || table.is_some() {
        complain(&view, context);
        let others = view.totals.failure_reports.saturating_add(view.totals.tls_reports);
        if table.is_some() && others > 0 {
            let sentence = (context.texts.tables.other_kinds)(&number(others, context.texts.thousands));
            output::complain_with("output/left-out", Severity::Notice, &sentence, context.texts);
        }
        return Ok(outcome);
    }
    if args.reporters {
        let board = Board::new(&view);
        complain(&view, context);
        match context.common.format() {
            Format::Json => context.out.document(&board)?,
            Format::Text => context.out.text(&board.text(context.texts, context.out.paint))?,
        }
        return Ok(outcome);
    }
    match context.common.format() {
        Format::Json => context.out.document(&view)?,
        Format::Text => {
            let text = text::of(&view, context.texts, context.out.paint, args.details);
            context.out.text(&text)?;
        }
    }
    Ok(outcome)
}

/// Reads every file for what it comes to.
fn sums(
    texts: &Texts,
    paths: &[PathBuf],
    found: Found,
    collector: &mut Collector,
) -> Result<feed::Unreadable, Problem> {
    let read = |apart: &Apart, path, file, hand_on: &mut dyn FnMut(Part, ()) -> Going| {
        let mut pieces = apart.pieces(path, file);
        while let Some(part) = pieces.next(&mut ()) {
            if hand_on(part, ()) == Going::Stopped {
                break;
            }
        }
        Ok(())
    };
    feed::all(texts, paths, found, collector, read, |()| Ok(()))
}

/// Writes every record as a row while the files are read.
fn rows(
    context: &mut Context,
    paths: &[PathBuf],
    found: Found,
    collector: &mut Collector,
    form: TableForm,
    judge: impl FnOnce(&Traces) -> Judged,
) -> Result<feed::Unreadable, Problem> {
    // What a record is follows from all of them: they are read once to know that, and once to write rows.
    let mut first = collector.clone();
    let again = Found { files: found.files.clone(), problems: Vec::new() };
    // What goes wrong now goes wrong again below, and is told there.
    let _told_below = sums(context.texts, paths, again, &mut first);
    let judged = judge(&first.finish().traces);
    let renderer = Renderer::new(form, &context.out);
    let mut writer = Writer::new(form, &mut context.out)?;
    let read = |apart: &Apart, path, file, hand_on: &mut dyn FnMut(Part, _) -> Going| {
        let mut pieces = apart.pieces(path, file);
        let mut builder = RecordTableBuilder::new().with_classes();
        while let Some(part) = pieces.next(&mut builder) {
            let next = RecordTableBuilder::new().with_classes();
            let mut rows = std::mem::replace(&mut builder, next).finish();
            rows.classify(&judged);
            let rendered = renderer.render(rows).map_err(|error| Problem::Stream { error })?;
            if hand_on(part, rendered) == Going::Stopped {
                break;
            }
        }
        Ok(())
    };
    let Context { texts, out, .. } = context;
    let unreadable = feed::all(texts, paths, found, collector, read, |rendered| writer.write(rendered, out))?;
    writer.finish(&mut context.out)?;
    Ok(unreadable)
}

/// The file that is written is not read, though it may lie among the others from the last time.
fn leave_out(found: &mut Found, output: &Path) {
    let Ok(output) = output.canonicalize() else { return };
    found.files.retain(|path| {
        path.file_name() != output.file_name() || path.canonicalize().is_ok_and(|path| path != output)
    });
}

/// Says of each file that could not be read why, under a code of its own.
fn explain(view: &mut BatchView, unreadable: &feed::Unreadable, context: &Context) {
    for refused in view.refused.iter_mut().filter(|refused| refused.container_path.is_empty()) {
        if let Some(problem) = unreadable.get(&refused.path) {
            refused.code = problem.code();
            refused.message = problem.sentence(context.texts);
            refused.help = String::new();
        }
    }
}

/// Says on standard error what was refused: a finding is about a report, and there is none.
fn complain(view: &BatchView, context: &Context) {
    for refused in &view.refused {
        let help = if refused.help.is_empty() { String::new() } else { format!("; {}", refused.help) };
        let sentence = format!("{}: {}{help}", escape(&place(refused), PATH), refused.message);
        output::complain_with(refused.code, Severity::Error, &sentence, context.texts);
    }
}

/// The input, and where in it.
fn place(refused: &RefusedView) -> String {
    if refused.container_path.is_empty() {
        refused.path.clone()
    } else {
        format!("{}/{}", refused.path, refused.container_path)
    }
}

/// Without a level only what was refused counts.
fn outcome(context: &Context, batch: &Batch) -> Outcome {
    let refused = batch.totals.inputs_refused > 0;
    let Some(fail_on) = context.common.fail_on else {
        return if refused { Outcome::Findings } else { Outcome::Fine };
    };
    let of_refused = batch.refused.iter().map(|refused| refused.found.severity);
    let of_unreadable = refused.then_some(Severity::Error);
    let of_reports = batch.findings.values().map(|found| found.severity);
    findings::outcome(fail_on, of_refused.chain(of_unreadable).chain(of_reports))
}
