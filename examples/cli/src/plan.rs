//! `dmarc-check plan`: the next safe move of a domain, with the records to publish.

use std::path::PathBuf;

use dmarc_core::assessment::plan::{Blocked, Plan, Publication, Track, plan, plan_with_rows};
use dmarc_core::assessment::{ProfileId, ReportState, Request};
use dmarc_core::diagnostics::{Diagnostic, Severity, escape};
use dmarc_core::limits::Limits;
use dmarc_core::name::DomainName;
use dmarc_core::report::batch::{Collector, Keep};
use dmarc_core::time::UnixTime;

use crate::answers::{Source, public_suffix};
use crate::args::{Format, LossArg, PlanArgs, YesNoArg};
use crate::domain::evidence::Evidence;
use crate::output::{self, Paint};
use crate::problem::Problem;
use crate::table::number;
use crate::{Context, Outcome, input};

/// Most characters of a record that are shown.
const RECORD: usize = 4_000;
/// Most streams of a loss that are named.
const LOST: usize = 5;

/// Does what was asked.
pub(crate) fn run(context: &mut Context, args: PlanArgs) -> Result<Outcome, Problem> {
    let args = with_name(args);
    let (mut source, snapshot) = Source::open(context, &args.source)?;
    let saved = match snapshot.as_ref().zip(args.source.snapshot.as_ref()) {
        Some((snapshot, path)) => Evidence::of(snapshot, path)?,
        None => None,
    };
    let text = args.name.clone().or_else(|| saved.as_ref()?.domains.first().cloned());
    let name = input::name(&text.ok_or(Problem::NoNames)?)?;
    let edition = context.edition_or(saved.as_ref().map(|saved| saved.edition));
    let now = args.now.or(saved.as_ref().map(|saved| saved.now)).unwrap_or_else(input::clock);
    let asked = context_of(&args, saved.as_ref())?;
    let kept = || saved.as_ref()?.reports.get(&name.to_string()).cloned();
    let reports = read(context, &args.reports, &name).or_else(kept);
    let request = Request::Domain {
        domain: name,
        edition,
        now: Some(UnixTime(now)),
        context: Box::new(asked),
        reports: reports.map(Box::new),
        smtp: snapshot.and_then(|snapshot| snapshot.smtp),
        signed: Vec::new(),
        received: Vec::new(),
        profiles: ProfileId::ALL.to_vec(),
    };
    let (assessed, evaluation) = source.run(request);
    if let Some(problem) = source.unheard() {
        return Err(problem);
    }
    let Some(report) = assessed.domain() else { return Ok(Outcome::Fine) };
    let found = match report.reports.as_ref().and_then(|state| state.rows.as_ref()) {
        Some(rows) => {
            let mut facts = source.facts().clone();
            for (question, answer) in evaluation.facts().answers() {
                facts.insert(question.clone(), answer.clone());
            }
            plan_with_rows(report, rows, &facts, &|name| Some(public_suffix(name)))
        }
        None => plan(report, None),
    };
    match context.common.format() {
        Format::Json => context.out.document(&found.view(&context.catalog))?,
        Format::Text => {
            let page = Page { plan: &found, context };
            let text = page.text();
            context.out.text(&text)?;
        }
    }
    let held = found.blocked_by.iter().map(|blocked| blocked.reason.severity);
    let fail_on = context.common.fail_on.unwrap_or(crate::args::FailOn::Never);
    Ok(crate::findings::outcome(fail_on, held))
}

/// An option that takes several files also takes a name behind them.
fn with_name(mut args: PlanArgs) -> PlanArgs {
    if args.name.is_none() {
        for values in [&mut args.source.zone, &mut args.reports] {
            let is_name =
                |path: &PathBuf| !path.exists() && path.to_str().is_some_and(|text| !text.contains('/'));
            if values.len() > 1
                && let Some(name) = values.pop_if(|path| is_name(path))
            {
                args.name = Some(name.to_string_lossy().into_owned());
                break;
            }
        }
    }
    args
}

/// What only the operator knows: what was typed, else what the evidence keeps.
fn context_of(args: &PlanArgs, saved: Option<&Evidence>) -> Result<dmarc_core::assessment::Context, Problem> {
    let mut context = saved.map(|saved| saved.context.clone()).unwrap_or_default();
    context.sends = args.sends.map(YesNoArg::is_yes).or(context.sends);
    context.receives = args.receives.map(YesNoArg::is_yes).or(context.receives);
    if !args.selector.is_empty() {
        context.selectors = args.selector.iter().map(|text| input::name(text)).collect::<Result<_, _>>()?;
    }
    if !args.accept.is_empty() {
        context.plan.accept.clone_from(&args.accept);
    }
    if args.rua.is_some() {
        context.plan.rua.clone_from(&args.rua);
    }
    if args.window.is_some() {
        context.plan.window_days = args.window;
    }
    if let Some(LossArg::Share(share)) = args.max_loss {
        context.plan.max_loss = Some((share * 1e6).round() as u32);
    }
    Ok(context)
}

/// Reads reports one by one, with their rows. A folder without any is no reports; what cannot be read is said, and the
/// rest goes on.
fn read(context: &Context, paths: &[PathBuf], name: &DomainName) -> Option<ReportState> {
    if paths.is_empty() {
        return None;
    }
    let limits = Limits::default();
    let found = input::find(paths);
    let mut collector = Collector::new(&limits, Keep::Sums).with_rows(true);
    for (_, problem) in &found.problems {
        output::complain(problem, Severity::Warning, context.texts);
    }
    for path in found.files {
        match input::read(&path, limits.input_octets) {
            Ok(octets) => {
                collector.feed(path.to_string_lossy(), &octets);
            }
            Err(problem) => output::complain(&problem, Severity::Warning, context.texts),
        }
    }
    Some(ReportState::of(name, &collector.finish()))
}

/// A plan as a person reads it.
struct Page<'a> {
    plan: &'a Plan,
    context: &'a Context,
}

impl Page<'_> {
    fn text(&self) -> String {
        let mut text = self.headline();
        text.push_str(&self.blocked());
        text.push_str(&self.publish());
        text.push_str(&self.loss());
        text.push_str(&self.list(self.words().watch, &self.plan.watch));
        text.push_str(&self.after());
        text.push_str(&self.back());
        text.push_str(&self.list(self.words().notes, &self.plan.notes));
        text
    }

    fn words(&self) -> &'static crate::texts::plan::Plan {
        &self.context.texts.plan
    }

    fn paint(&self, style: anstyle::Style, text: &str) -> String {
        self.context.out.paint.paint(style, text)
    }

    fn heading(&self, title: &str) -> String {
        format!("\n{}\n", self.paint(Paint::HEADING, title))
    }

    fn headline(&self) -> String {
        let (plan, words) = (self.plan, self.words());
        let name = self.paint(Paint::HEADING, &plan.domain.to_string());
        let (style, state) = match (plan.track, plan.step) {
            (_, None) => (Paint::CARE, words.unknown.to_owned()),
            (Track::NoMail, Some(6)) => (Paint::GOOD, words.quiet_done.to_owned()),
            (Track::NoMail, _) => (Paint::BAD, words.quiet.to_owned()),
            (_, Some(step)) => {
                let style = match step {
                    6 => Paint::GOOD,
                    4 | 5 => Paint::CARE,
                    _ => Paint::BAD,
                };
                (style, (words.step)(step, words.step_name(step)))
            }
        };
        let as_of = plan.as_of.map(UnixTime::day).unwrap_or_default();
        let under = (words.under)(&plan.edition.as_str().to_uppercase().replace("RFC", "RFC "), &as_of);
        format!("{name}: {}\n{}\n", self.paint(style, &state), self.paint(Paint::ASIDE, &under))
    }

    fn blocked(&self) -> String {
        let words = self.words();
        if self.plan.blocked_by.is_empty() {
            return String::new();
        }
        let mut text = self.heading(words.blocked);
        for blocked in &self.plan.blocked_by {
            text.push_str(&self.held(blocked));
        }
        text
    }

    fn held(&self, blocked: &Blocked) -> String {
        let catalog = &self.context.catalog;
        let style = Paint::of(blocked.reason.severity);
        let mark = self.paint(style, "●");
        let mut text = format!("  {mark} {}\n", sentence(&catalog.message(&blocked.reason)));
        text.push_str(&format!("    → {}\n", self.paint(Paint::ADVICE, &catalog.help(&blocked.reason))));
        if let Some(stream) = &blocked.stream {
            let line = format!("{}  --accept {}", blocked.reason.rule.code, escape(stream, 200));
            text.push_str(&format!("    {}\n", self.paint(Paint::ASIDE, &line)));
        } else {
            text.push_str(&format!("    {}\n", self.paint(Paint::ASIDE, blocked.reason.rule.code)));
        }
        text
    }

    fn publish(&self) -> String {
        let (plan, words) = (self.plan, self.words());
        let mut text = String::new();
        if plan.publish.is_empty() {
            text.push_str(&self.heading(words.publish));
            text.push_str(&format!("  {}\n", words.nothing));
        } else {
            let title = match plan.next_step {
                Some(step) => (words.publish_to)(step, words.step_name(step)),
                None => words.publish.to_owned(),
            };
            text.push_str(&self.heading(&title));
            text.push_str(&self.lines(&plan.publish));
        }
        if !plan.then.is_empty() {
            text.push_str(&self.heading(words.then));
            text.push_str(&self.lines(&plan.then));
        }
        text
    }

    /// Lines of a zone file: what goes stands behind a semicolon.
    fn lines(&self, publications: &[Publication]) -> String {
        let words = self.words();
        let mut text = String::new();
        for each in publications {
            if let Some(old) = each.old_line() {
                let line = format!("; {}: {}", words.gone, escape(&old, RECORD));
                text.push_str(&format!("  {}\n", self.paint(Paint::ASIDE, &line)));
            }
            if let Some(line) = each.zone_line() {
                text.push_str(&format!("  {}\n", escape(&line, RECORD)));
            }
        }
        text
    }

    fn loss(&self) -> String {
        let (loss, words) = (&self.plan.loss, self.words());
        if loss.messages == 0 {
            return String::new();
        }
        let count = |count| number(count, self.context.texts.thousands);
        let percent = loss.share.map_or_else(|| "-".to_owned(), |share| format!("{:.2}%", share * 100.0));
        let mut text = self.heading(words.loss);
        let total = (words.lost)(&count(loss.messages), &percent, loss.weeks);
        text.push_str(&format!("  {total}\n"));
        if loss.residual > 0 {
            text.push_str(&format!("  {}\n", (words.residual)(&count(loss.residual))));
        }
        for one in loss.streams.iter().take(LOST) {
            let class = (self.context.texts.streams.class)(one.class);
            let known = one.stream.split_once(':').map_or(one.stream.as_str(), |(_, known)| known);
            text.push_str(&format!("    {} × {} ({class})\n", count(one.messages), escape(known, 80)));
        }
        if let Some(more) = loss.streams.len().checked_sub(LOST).filter(|more| *more > 0) {
            text.push_str(&format!("    {}\n", (words.more)(more)));
        }
        text
    }

    fn list(&self, title: &str, found: &[Diagnostic]) -> String {
        if found.is_empty() {
            return String::new();
        }
        let mut text = self.heading(title);
        for one in found {
            let catalog = &self.context.catalog;
            text.push_str(&format!("  {}\n", sentence(&catalog.message(one))));
            text.push_str(&format!("    → {}\n", self.paint(Paint::ADVICE, &catalog.help(one))));
        }
        text
    }

    fn after(&self) -> String {
        let (after, words) = (&self.plan.after, self.words());
        if after.earliest.is_none() && after.conditions.is_empty() {
            return String::new();
        }
        let mut text = self.heading(words.after);
        if let Some(earliest) = after.earliest {
            text.push_str(&format!("  {}\n", (words.earliest)(&earliest.day())));
        }
        for condition in &after.conditions {
            text.push_str(&format!("  - {}\n", self.context.catalog.message(condition)));
        }
        text
    }

    fn back(&self) -> String {
        if self.plan.roll_back.is_empty() {
            return String::new();
        }
        self.heading(self.words().back) + &self.lines(&self.plan.roll_back)
    }
}

/// A message with a capital, where it begins with a letter.
fn sentence(message: &str) -> String {
    let mut characters = message.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
