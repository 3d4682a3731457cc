//! Who sends, as a table: messages, and what share of them passes.

use std::cmp::Reverse;

use dmarc_core::report::batch::{Outcomes, SourceView};

use crate::output::Paint;
use crate::table::{Column, Rows, Tone, number, share};
use crate::texts::Texts;

/// Most rows of one table.
const SHOWN: usize = 10;
/// Most author domains that are named in a row.
const NAMES: usize = 1;

/// The sources with most messages, and those with most messages that fail.
pub(crate) fn tables(sources: &[SourceView], texts: &Texts, paint: Paint) -> String {
    let all: Vec<&SourceView> = sources.iter().collect();
    let mut text = table(&all, texts, paint);
    let failed = |source: &SourceView| source.messages.saturating_sub(source.aligned);
    let mut failing: Vec<&SourceView> = sources.iter().filter(|source| failed(source) > 0).collect();
    failing.sort_by_key(|source| Reverse(failed(source)));
    // Where the first table has every source, a second one would say nothing new.
    if !failing.is_empty() && sources.len() > SHOWN {
        text.push_str(&format!("\n{}\n", paint.paint(Paint::HEADING, texts.reports.failing)));
        text.push_str(&table(&failing, texts, paint));
    }
    text
}

fn table(sources: &[&SourceView], texts: &Texts, paint: Paint) -> String {
    let words = &texts.reports;
    let mut rows = Rows::new(
        paint,
        &[
            (words.source, Column::Text),
            (words.messages, Column::Number),
            (words.dkim, Column::Number),
            (words.spf, Column::Number),
            (words.dmarc, Column::Number),
            (words.first, Column::Text),
            (words.last, Column::Text),
            (words.from, Column::Text),
        ],
    );
    for source in sources.iter().take(SHOWN) {
        let messages = source.messages;
        let passes = |outcomes: &Outcomes| share(outcomes.pass, messages);
        let aligned = source.aligned;
        let tone = match aligned {
            _ if aligned == messages => Tone::Good,
            0 => Tone::Bad,
            _ => Tone::Care,
        };
        rows.row([
            (source.source_ip.as_str(), Tone::Plain),
            (number(messages, texts.thousands).as_str(), Tone::Plain),
            (passes(&source.dkim).as_str(), Tone::Plain),
            (passes(&source.spf).as_str(), Tone::Plain),
            (share(aligned, messages).as_str(), tone),
            (source.first_day.as_deref().unwrap_or("-"), Tone::Aside),
            (source.last_day.as_deref().unwrap_or("-"), Tone::Aside),
            (names(&source.header_from, texts).as_str(), Tone::Aside),
        ]);
    }
    let mut text = rows.text();
    text.push_str(&rest(sources.get(SHOWN..).unwrap_or_default(), texts));
    text
}

/// One line on the sources that the table leaves out.
fn rest(sources: &[&SourceView], texts: &Texts) -> String {
    if sources.is_empty() {
        return String::new();
    }
    let sum = |part: fn(&SourceView) -> u64| {
        sources.iter().map(|source| part(source)).fold(0_u64, u64::saturating_add)
    };
    let messages = sum(|source| source.messages);
    let passed = share(sum(|source| source.aligned), messages);
    let count = number(sources.len() as u64, texts.thousands);
    let sentence = (texts.reports.other_sources)(&count, &number(messages, texts.thousands), &passed);
    format!("\n  {sentence}\n")
}

fn names(names: &[String], texts: &Texts) -> String {
    let mut text = names.iter().take(NAMES).cloned().collect::<Vec<_>>().join(", ");
    if let Some(more) = names.len().checked_sub(NAMES).filter(|more| *more > 0) {
        text.push_str(&(texts.reports.more_names)(more));
    }
    text
}

/// One line where a list was cut.
pub(crate) fn more(all: usize, shown: usize, texts: &Texts) -> String {
    match all.checked_sub(shown) {
        Some(more) if more > 0 => format!("\n  {}\n", (texts.record.more_findings)(more)),
        _ => String::new(),
    }
}
