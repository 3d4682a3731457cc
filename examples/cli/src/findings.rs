//! Findings as a person reads them, and what they mean for the exit status.

use dmarc_core::diagnostics::{Labels, Severity, View, render_view};

use crate::Outcome;
use crate::args::FailOn;
use crate::output::Paint;
use crate::texts::Texts;

/// Most findings of one text that are written out; the rest are counted. All are in the JSON.
const SHOWN: usize = 50;

/// Whether a command ends with 1 for these findings.
pub(crate) fn outcome(fail_on: FailOn, severities: impl IntoIterator<Item = Severity>) -> Outcome {
    if severities.into_iter().any(|severity| fail_on.counts(severity)) {
        Outcome::Findings
    } else {
        Outcome::Fine
    }
}

/// The heading, and each finding with its place underlined in `source`.
pub(crate) fn text(found: &[View], source: &[u8], texts: &Texts, paint: Paint) -> String {
    listed(&found.iter().map(|view| (view, source)).collect::<Vec<_>>(), texts, paint)
}

/// The same for findings that each have a source of their own.
pub(crate) fn about_many(found: &[(View, &[u8])], texts: &Texts, paint: Paint) -> String {
    listed(&found.iter().map(|(view, source)| (view, *source)).collect::<Vec<_>>(), texts, paint)
}

fn listed(found: &[(&View, &[u8])], texts: &Texts, paint: Paint) -> String {
    if found.is_empty() {
        return format!("{}\n", paint.paint(Paint::GOOD, texts.record.no_findings));
    }
    let heading = format!("{}: {}", texts.record.findings, summary(found, texts));
    let mut text = format!("{}\n", paint.paint(Paint::HEADING, &heading));
    for (view, source) in found.iter().take(SHOWN) {
        text.push('\n');
        text.push_str(&one(view, source, texts, paint));
    }
    if let Some(more) = found.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        text.push('\n');
        text.push_str(&(texts.record.more_findings)(more));
        text.push('\n');
    }
    text
}

/// How many there are of each severity.
fn summary(found: &[(&View, &[u8])], texts: &Texts) -> String {
    let count = |severity| found.iter().filter(|(view, _)| view.severity == severity).count();
    (texts.record.count)(count(Severity::Error), count(Severity::Warning), count(Severity::Notice))
}

/// One finding.
fn one(view: &View, source: &[u8], texts: &Texts, paint: Paint) -> String {
    let plain = render_view(view, source, &Labels::of(texts.language));
    if !paint.on {
        return plain;
    }
    let style = Paint::of(view.severity);
    let mut text = String::with_capacity(plain.len() + 64);
    for (index, line) in plain.lines().enumerate() {
        let painted = match line.split_once(':') {
            // The label and the code.
            Some((label, message)) if index == 0 => format!("{}:{message}", paint.paint(style, label)),
            // The line that underlines the place.
            _ if line.trim_start_matches([' ', '|']).starts_with('^') => paint.paint(style, line),
            // `help`, `see` and `fix`.
            Some((label, rest)) if !line.starts_with("  | ") => {
                format!("{}:{rest}", paint.paint(Paint::ASIDE, label))
            }
            _ => line.to_owned(),
        };
        text.push_str(&painted);
        text.push('\n');
    }
    text
}
