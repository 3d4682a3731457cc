//! Findings as text, with the place underlined.

use super::{Catalog, Diagnostic, Severity, Subject, View};

/// Outside text made safe to show: control, format and invisible characters become `\u{…}`
/// escapes, and what is longer than `max` characters is cut with `…`.
#[must_use]
pub fn escape(text: &str, max: usize) -> String {
    let mut result = String::with_capacity(text.len().min(max * 4));
    for (count, character) in text.chars().enumerate() {
        if count >= max {
            result.push('…');
            break;
        }
        push_escaped(&mut result, character);
    }
    result
}

/// Whether a character would not show, or would change how its neighbors show.
fn hides(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' | '\u{61c}' | '\u{180e}')
}

fn push_escaped(result: &mut String, character: char) {
    if hides(character) {
        for unit in character.escape_unicode() {
            result.push(unit);
        }
    } else {
        result.push(character);
    }
}

/// How many characters of context are shown on each side of a place in a long line.
const CONTEXT: usize = 60;

/// A finding as plain text: a headline, the line it is about with the place underlined, help,
/// reference, and the fix with its effect. `source` is the text that the span is about.
#[must_use]
pub fn render(found: &Diagnostic, catalog: &Catalog, source: &[u8], labels: &Labels<'_>) -> String {
    render_view(&View::new(found, catalog, source), source, labels)
}

/// A finding with its sentences as plain text, as [`render`] draws it.
#[must_use]
pub fn render_view(view: &View, source: &[u8], labels: &Labels<'_>) -> String {
    let severity = match view.severity {
        Severity::Error => labels.error,
        Severity::Warning => labels.warning,
        Severity::Notice => labels.notice,
    };
    let mut text = format!("{severity}[{}]: {}\n", view.code, view.message);
    if let Some(subject) = &view.subject {
        text.push_str(&about(subject, labels));
    }
    if let Some(span) = view.span {
        let (from, to) = if has_lines(view) { line_of(source, span.start) } else { (0, source.len()) };
        let part = source.get(from..to.max(span.end)).unwrap_or_default();
        let (line, under) = frame(part, span.start.saturating_sub(from), span.end.saturating_sub(from));
        text.push_str(&format!("  | {line}\n  | {under}\n"));
    } else if let Some(place) = &view.place {
        text.push_str(&format!(
            "  {} {}, {}:{}\n",
            labels.at,
            escape(&place.path, 120),
            place.line,
            place.column
        ));
    }
    if !view.help.is_empty() {
        text.push_str(&format!("  {}: {}\n", labels.help, view.help));
    }
    text.push_str(&format!("  {}: {}\n", labels.reference, view.reference));
    if let Some(fix) = &view.fix {
        let start = fix.edits.first().map_or(0, |edit| edit.span.start);
        let (from, to) = if has_lines(view) {
            line_of(fix.result.as_bytes(), start.min(fix.result.len()))
        } else {
            (0, fix.result.len())
        };
        let result = fix.result.get(from..to).unwrap_or(&fix.result);
        text.push_str(&format!(
            "  {} ({}): {}\n",
            labels.fix,
            labels.effect(fix.effect),
            escape(result, 200)
        ));
    }
    text
}

/// The record that a finding is about, if it is known where it stands.
fn about(subject: &Subject, labels: &Labels<'_>) -> String {
    let Some(name) = &subject.name else { return String::new() };
    let kind = subject.record_type.as_deref().unwrap_or_default();
    format!("  {} {}\n", labels.at, format!("{} {kind}", escape(name, 260)).trim_end())
}

/// Whether a finding is about a text of several lines: only the one with the place is shown then.
fn has_lines(view: &View) -> bool {
    view.code.starts_with("mta-sts-policy/")
}

/// Where the line that holds an offset begins and ends, without its end, LF or CRLF.
fn line_of(source: &[u8], at: usize) -> (usize, usize) {
    let (before, after) = source.split_at_checked(at).unwrap_or((source, &[]));
    let from = before.iter().rposition(|octet| *octet == b'\n').map_or(0, |end| end + 1);
    let length = after.iter().position(|octet| *octet == b'\n').unwrap_or(after.len());
    let to = at.min(source.len()) + length;
    let is_pair = to > from && to < source.len() && source.get(to - 1) == Some(&b'\r');
    (from, if is_pair { to - 1 } else { to })
}

/// One line around the place with hidden characters escaped, and the line that underlines it.
fn frame(source: &[u8], start: usize, end: usize) -> (String, String) {
    let before = crate::text::lossy(source.get(..start).unwrap_or(source));
    let inside = crate::text::lossy(source.get(start..end).unwrap_or_default());
    let after = crate::text::lossy(source.get(end..).unwrap_or_default());
    let mut line = String::new();
    let skip = before.chars().count().saturating_sub(CONTEXT);
    if skip > 0 {
        line.push('…');
    }
    before.chars().skip(skip).for_each(|character| push_escaped(&mut line, character));
    let indent = line.chars().count();
    let marked = escape(&inside, CONTEXT * 2);
    let width = marked.chars().count().max(1);
    line.push_str(&marked);
    line.push_str(&escape(&after, CONTEXT));
    (line, format!("{}{}", " ".repeat(indent), "^".repeat(width)))
}

/// The few words around a finding, in the language of the catalog.
#[derive(Clone, Copy, Debug)]
pub struct Labels<'a> {
    /// Headline of an error.
    pub error: &'a str,
    /// Headline of a warning.
    pub warning: &'a str,
    /// Headline of a notice.
    pub notice: &'a str,
    /// Before a place in a document.
    pub at: &'a str,
    /// Before the help.
    pub help: &'a str,
    /// Before the reference.
    pub reference: &'a str,
    /// Before the fix.
    pub fix: &'a str,
    /// Names of the effects none, stricter, looser, mixed.
    pub effects: [&'a str; 4],
}

impl Labels<'_> {
    /// The labels of a language.
    #[must_use]
    pub fn of(language: super::Language) -> Labels<'static> {
        match language {
            super::Language::En => Labels {
                error: "error",
                warning: "warning",
                notice: "notice",
                at: "at",
                help: "help",
                reference: "see",
                fix: "fix",
                effects: [
                    "no effect on the policy",
                    "makes the policy stricter",
                    "makes the policy looser",
                    "stricter in part, looser in part",
                ],
            },
            super::Language::Nl => Labels {
                error: "fout",
                warning: "waarschuwing",
                notice: "ter info",
                at: "bij",
                help: "advies",
                reference: "zie",
                fix: "verbetering",
                effects: [
                    "geen gevolg voor het beleid",
                    "maakt het beleid strenger",
                    "maakt het beleid soepeler",
                    "deels strenger, deels soepeler",
                ],
            },
        }
    }

    fn effect(&self, effect: super::Effect) -> &str {
        match effect {
            super::Effect::None => self.effects[0],
            super::Effect::Stricter => self.effects[1],
            super::Effect::Looser => self.effects[2],
            super::Effect::Mixed => self.effects[3],
        }
    }
}
