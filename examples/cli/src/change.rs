//! `dmarc-check change`: what becomes of reported mail under other records.

use std::collections::BTreeMap;
use std::path::PathBuf;

use dmarc_core::assessment::rehearsal::{
    Change, Rehearsal, Rehearsed, Signs, StreamFate, check_tag, rehearse, what_if,
};
use dmarc_core::diagnostics::escape;
use dmarc_core::dmarc::Edition;
use dmarc_core::limits::Limits;
use dmarc_core::name::DomainName;
use dmarc_core::report::batch::{Batch, Collector, Keep};
use dmarc_core::streams::{Maps, Thresholds, judge_with};

use crate::answers::{facts_of, public_suffix};
use crate::args::{ChangeArgs, Format, LossArg};
use crate::output::Paint;
use crate::problem::Problem;
use crate::table::{Column, Rows as Table, Tone, number, share};
use crate::texts::Texts;
use crate::{Context, Outcome, input, maps, streams};

/// Most rows of the table.
const SHOWN: usize = 15;
/// Most characters of a name, and of a record.
const NAME: usize = 60;
const RECORD: usize = 500;

/// Does what was asked.
pub(crate) fn run(context: &mut Context, args: &ChangeArgs) -> Result<Outcome, Problem> {
    let from = facts_of(context, &args.from)?;
    let name = args.name.as_deref().map(domain).transpose()?;
    let (to, record) = match &name {
        Some(name) if !args.set.is_empty() => {
            let (to, record) =
                what_if(&from, name, &tags(&args.set)?).map_err(|error| Problem::NotRehearsed { error })?;
            (to, Some(record))
        }
        _ => (facts_of(context, &args.to)?, None),
    };
    let Batch { traces, rows, .. } = read(&args.reports)?;
    let rows = rows.unwrap_or_default();
    let (traces, rows) = match &name {
        Some(name) => (traces.of(name), rows.of(name)),
        None => (traces, rows),
    };
    let (mut known, mut thresholds) = (Maps::default(), Thresholds::default());
    maps::read(&args.senders, &mut known, &mut thresholds)?;
    let judged = judge_with(&traces, &thresholds, &known);
    let signs = args.signs.iter().map(|each| signs(each)).collect::<Result<Vec<_>, _>>()?;
    let change =
        Change { from: &from, to: &to, signs: &signs, public_suffix: &|name| Some(public_suffix(name)) };
    let editions: Vec<Edition> = match context.common.edition {
        Some(edition) => vec![edition.into()],
        None => vec![Edition::Rfc9989, Edition::Rfc7489],
    };
    let rehearsal = Rehearsal { record, ..rehearse(&rows, &change, &judged, &editions) };
    match context.common.format() {
        Format::Json => context.out.document(&rehearsal)?,
        Format::Text => {
            let mut text = text(&rehearsal, context.texts, context.out.paint);
            text.push_str(&destinations(&rehearsal, context));
            context.out.text(&text)?;
        }
    }
    let over = rehearsal.editions.iter().any(|rehearsed| is_over(rehearsed, args.max_loss));
    Ok(if over { Outcome::Findings } else { Outcome::Fine })
}

/// Reads reports one by one, and gathers their rows.
fn read(paths: &[PathBuf]) -> Result<Batch, Problem> {
    let limits = Limits::default();
    let found = input::find(paths);
    let mut collector = Collector::new(&limits, Keep::Sums).with_rows(true);
    if let Some((_, problem)) = found.problems.into_iter().next() {
        return Err(problem);
    }
    if found.files.is_empty() {
        return Err(Problem::NoFiles { path: paths.first().cloned().unwrap_or_default() });
    }
    for path in found.files {
        let octets = input::read(&path, limits.input_octets)?;
        collector.feed(path.to_string_lossy(), &octets);
    }
    Ok(collector.finish())
}

fn domain(text: &str) -> Result<DomainName, Problem> {
    DomainName::parse(text).map_err(|error| Problem::NotAName { name: text.to_owned(), error: Some(error) })
}

/// Each `TAG=VALUE`; one without a value is taken away.
fn tags(given: &[String]) -> Result<BTreeMap<String, Option<String>>, Problem> {
    let tag = |text: &String| {
        let wrong = || Problem::NotSet { text: text.clone() };
        let (tag, value) = text.split_once('=').ok_or_else(wrong)?;
        let value = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
        let tag = tag.trim().to_ascii_lowercase();
        check_tag(&tag, value.as_deref()).map_err(|_| wrong())?;
        Ok((tag, value))
    };
    given.iter().map(tag).collect()
}

/// `SENDER=SELECTOR._domainkey.DOMAIN`
fn signs(text: &str) -> Result<Signs, Problem> {
    let wrong = || Problem::NotSigns { text: text.to_owned() };
    let (sender, key) = text.split_once('=').ok_or_else(wrong)?;
    let (selector, domain) = key.split_once("._domainkey.").ok_or_else(wrong)?;
    let name = |text| DomainName::parse(text).map_err(|_| wrong());
    Ok(Signs { sender: sender.to_ascii_lowercase(), domain: name(domain)?, selector: name(selector)? })
}

fn is_over(rehearsed: &Rehearsed, limit: Option<LossArg>) -> bool {
    match limit {
        None => false,
        Some(LossArg::Messages(most)) => rehearsed.loss > most,
        Some(LossArg::Share(most)) => rehearsed.loss_share.is_some_and(|share| share > most),
    }
}

fn text(rehearsal: &Rehearsal, texts: &Texts, paint: Paint) -> String {
    let mut text = String::new();
    if let Some(record) = &rehearsal.record {
        let shown = (texts.change.record)(record.name.as_str(), &escape(&record.to, RECORD));
        text.push_str(&format!("{shown}\n"));
    }
    for rehearsed in &rehearsal.editions {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&edition(rehearsed, texts, paint));
    }
    if rehearsal.left_out > 0 {
        text.push_str(&format!(
            "\n  {}\n",
            (texts.change.left_out)(&number(rehearsal.left_out, texts.thousands))
        ));
    }
    text
}

/// Where reports would go that do not go there now, with what is wrong with it.
fn destinations(rehearsal: &Rehearsal, context: &Context) -> String {
    let words = &context.texts.change;
    let mut text = String::new();
    for new in &rehearsal.destinations {
        let uri = escape(&new.destination.uri, RECORD);
        let sentence = match new.finding() {
            Some(found) => context.out.paint.paint(Paint::CARE, &context.catalog.message(&found)),
            None => (words.agrees)(&uri),
        };
        text.push_str(&format!("\n  {}: {sentence}\n", escape(new.policy_domain.as_str(), NAME)));
        if let Some(line) = &new.destination.publish {
            text.push_str(&format!("    {}\n    {line}\n", (words.publish)(new.destination.host.as_str())));
        }
    }
    text
}

fn edition(rehearsed: &Rehearsed, texts: &Texts, paint: Paint) -> String {
    let words = &texts.change;
    let count = |count| number(count, texts.thousands);
    let name = rehearsed.edition.to_string();
    let mut text = format!("{}\n\n", paint.paint(Paint::HEADING, &(words.heading)(&name)));
    let tone = if rehearsed.loss > 0 { Paint::BAD } else { Paint::GOOD };
    let percent =
        rehearsed.loss_share.map_or_else(|| "-".to_owned(), |share| format!("{:.2}%", share * 100.0));
    text.push_str(&format!("  {}\n", paint.paint(tone, &(words.loss)(&count(rehearsed.loss), &percent))));
    let by = &rehearsed.loss_by;
    for (messages, word) in [
        (by.change, words.by_change),
        (by.misconfigured, words.by_misconfigured),
        (by.broken, words.by_broken),
        (by.forwarded, words.by_forwarded),
        (by.accidents, words.by_accidents),
    ] {
        if messages > 0 {
            text.push_str(&format!("    {}\n", word(&count(messages))));
        }
    }
    text.push_str(&format!("  {}\n", (words.stopped)(&count(rehearsed.stopped))));
    let totals = &rehearsed.totals;
    text.push_str(&format!("  {}\n", (words.passes)(&count(totals.gained), &count(totals.lost_pass))));
    if totals.undecided > 0 {
        text.push_str(&format!("  {}\n", (words.undecided)(&count(totals.undecided))));
    }
    if let Some(honored) = rehearsed.yardstick.share {
        text.push_str(&format!("  {}\n", (words.yardstick)(&format!("{:.0}%", honored * 100.0))));
    }
    let changed: Vec<&StreamFate> = rehearsed.streams.iter().filter(|stream| is_changed(stream)).collect();
    if changed.is_empty() {
        text.push_str(&format!("  {}\n", words.nothing));
        return text;
    }
    let mut table = Table::new(
        paint,
        &[
            (texts.streams.name, Column::Text),
            (texts.streams.what, Column::Text),
            (texts.reports.messages, Column::Number),
            (words.passed_before, Column::Number),
            (words.passed_after, Column::Number),
            (words.newly, Column::Number),
            (words.open, Column::Number),
        ],
    );
    for stream in changed.iter().take(SHOWN) {
        let fates = &stream.fates;
        let lost = fates.newly_enforced > 0;
        let tone = match (lost, stream.class.is_legitimate()) {
            (true, true) => Tone::Bad,
            (true, false) => Tone::Good,
            _ => Tone::Plain,
        };
        table.row([
            (streams::known(&stream.key).as_str(), Tone::Plain),
            ((texts.streams.class)(stream.class), Tone::Plain),
            (count(fates.messages).as_str(), Tone::Plain),
            (share(fates.passed_before, fates.messages).as_str(), Tone::Plain),
            (share(fates.passed_after, fates.messages).as_str(), Tone::Plain),
            (count(fates.newly_enforced).as_str(), tone),
            (count(fates.undecided).as_str(), Tone::Aside),
        ]);
    }
    text.push('\n');
    text.push_str(&table.text());
    if let Some(more) = changed.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        let messages = changed.iter().skip(SHOWN).map(|stream| stream.fates.newly_enforced).sum::<u64>();
        text.push_str(&format!("\n  {}\n", (words.more)(&count(more as u64), &count(messages))));
    }
    text
}

const fn is_changed(stream: &StreamFate) -> bool {
    let fates = &stream.fates;
    fates.newly_enforced > 0
        || fates.gained > 0
        || fates.lost_pass > 0
        || fates.released > 0
        || fates.undecided > 0
}
