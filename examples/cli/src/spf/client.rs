//! What one client gets: the result of `check_host`, and every step on the way there.

use anstyle::Style;
use dmarc_core::diagnostics::escape;
use dmarc_core::evaluation::Question;
use dmarc_core::spf::analysis::Analysis;
use dmarc_core::spf::{Became, CheckHost, Evaluated, Problem, SpfResult, TraceStep};

use super::grid::{self, Cell, Line};
use crate::output::Paint;
use crate::table::Column;
use crate::texts::Texts;

/// Most characters of a name, term or text of others.
const SHOWN: usize = 300;
/// Most characters of a term in the list of steps.
const TERM: usize = 64;

/// The result, the deciding term, what it cost, the explanation, and the steps.
pub(super) fn text(
    analysis: &Analysis,
    check: &CheckHost,
    found: &Evaluated,
    texts: &Texts,
    paint: Paint,
) -> String {
    let words = &texts.policy;
    let mut text = format!(
        "\n{}\n",
        paint.paint(
            Paint::HEADING,
            &(words.client)(
                &check.ip.to_string(),
                &escape(&check.sender_address(), SHOWN),
                &escape(&check.helo, SHOWN)
            )
        )
    );
    if found.domain.as_ref().is_some_and(|domain| *domain != analysis.domain) {
        let domain = found.domain.as_ref().map(ToString::to_string).unwrap_or_default();
        text.push_str(&format!("  {}\n", paint.paint(Paint::CARE, &(words.other_domain)(&domain))));
    }
    let result = found.result.map_or(words.not_known_result, SpfResult::as_str);
    let mut sentence = paint.paint(style(found.result), result);
    if let Some(term) = &found.term {
        let (term, domain) = (escape(term.text(), SHOWN), term.domain().to_string());
        sentence.push_str(&(words.by_term)(&term, &domain));
    } else if let Some(problem) = &found.problem {
        sentence.push_str(&format!(": {}", why(problem, texts)));
    } else {
        sentence.push_str(&format!(": {}", words.no_term));
    }
    text.push_str(&format!("  {sentence}\n"));
    let limits = &check.conventions;
    let spent = (words.spent)(found.lookups, limits.lookups, found.voids, limits.voids);
    text.push_str(&format!("  {spent}\n"));
    if let Some(explanation) = &found.explanation {
        let said = (words.explanation)(&explanation.domain.to_string(), &escape(&explanation.text, SHOWN));
        text.push_str(&format!("  {said}\n"));
    }
    if !found.trace.is_empty() {
        text.push('\n');
        text.push_str(&steps(found, texts, paint));
    }
    text
}

fn steps(found: &Evaluated, texts: &Texts, paint: Paint) -> String {
    let words = &texts.policy;
    let title = |title: &str| Cell::styled(title, Paint::HEADING);
    let mut lines =
        vec![Line::Cells(vec![title(words.step), title(words.so_far), title(words.voids), title("")])];
    let trace: Vec<TraceStep> = found.trace.iter().collect();
    for step in outward_first(&trace) {
        let style = match step.became {
            Became::Match => Paint::GOOD,
            Became::Ended => Paint::BAD,
            _ => Paint::ASIDE,
        };
        let target = step.target().filter(|target| !step.term.text().contains(target));
        let target = target.filter(|target| *target != step.term.domain().as_str());
        let target = target.map_or(String::new(), |target| format!(" → {}", escape(target, TERM)));
        lines.push(Line::Cells(vec![
            Cell::new(format!("{}{}{target}", "   ".repeat(step.depth), escape(step.term.text(), TERM))),
            Cell::new(step.lookups.to_string()),
            Cell::new(step.voids.to_string()),
            Cell::styled((words.became)(step.became), style),
        ]));
    }
    grid::text(&[Column::Text, Column::Number, Column::Number, Column::Text], &lines, paint)
}

/// The steps with each include before what it leads to; an evaluation knows only afterwards what came of it.
fn outward_first(trace: &[TraceStep]) -> Vec<&TraceStep> {
    let mut ordered: Vec<&TraceStep> = Vec::with_capacity(trace.len());
    // Up to where the steps of each depth are in order; what follows there belongs to the next step.
    let mut settled: Vec<usize> = Vec::new();
    for step in trace {
        settled.resize(settled.len().max(step.depth + 1), ordered.len());
        settled.truncate(step.depth + 1);
        let place = settled.last().copied().unwrap_or_default().min(ordered.len());
        ordered.insert(place, step);
        if let Some(settled) = settled.last_mut() {
            *settled = ordered.len();
        }
    }
    ordered
}

const fn style(result: Option<SpfResult>) -> Style {
    match result {
        Some(SpfResult::Pass) => Paint::GOOD,
        Some(SpfResult::Fail | SpfResult::Permerror | SpfResult::Temperror) => Paint::BAD,
        _ => Paint::CARE,
    }
}

/// Why there is an error, or no result.
fn why(problem: &Problem, texts: &Texts) -> String {
    let words = &texts.policy.why;
    let name = |name: &str| escape(name, SHOWN);
    match problem {
        Problem::InvalidDomain { domain } => (words.invalid_domain)(&name(domain)),
        Problem::NoRecord { domain } => (words.no_record)(&name(domain)),
        Problem::SeveralRecords { domain } => (words.several_records)(&name(domain)),
        Problem::SyntaxError { domain } => (words.syntax_error)(&name(domain)),
        Problem::TargetWithoutRecord { domain } => (words.target)(&name(domain)),
        Problem::TooManyLookups { limit } => (words.lookups)(*limit),
        Problem::TooManyVoidLookups { limit } => (words.voids)(*limit),
        Problem::TooManyMailHosts { domain, limit } => (words.mail_hosts)(&name(domain), *limit),
        Problem::LookupFailed { question, reason } => (words.failed)(&name(&asked(question)), &name(reason)),
        Problem::NotKnown { question } => (words.not_known)(&name(&asked(question))),
        _ => String::new(),
    }
}

fn asked(question: &Question) -> String {
    match question {
        Question::Dns { name, record_type } => format!("{name} {}", record_type.as_str()),
        _ => String::new(),
    }
}
