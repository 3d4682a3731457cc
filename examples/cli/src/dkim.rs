//! `dmarc-check dkim`: the keys that a domain publishes.

use anstyle::Style;
use dmarc_core::assessment::{Outcome as Assessed, Request};
use dmarc_core::diagnostics::{View, escape};
use dmarc_core::dkim::{Flag, Key, Keys, Presence, Selectors, State};
use dmarc_core::name::DomainName;

use crate::answers::Source;
use crate::args::{DkimArgs, FailOn, Format};
use crate::output::Paint;
use crate::problem::Problem;
use crate::table::{Column, Rows, Tone};
use crate::texts::Texts;
use crate::{Context, Outcome, findings, input};

/// What stands between a selector and its domain.
const LABEL: &str = "._domainkey.";

/// Does what was asked.
pub(crate) fn run(context: &mut Context, args: &DkimArgs) -> Result<Outcome, Problem> {
    let (domain, mut selectors) = match args.name.to_ascii_lowercase().rfind(LABEL) {
        Some(at) => {
            let (selector, domain) = args.name.split_at(at);
            (input::name(domain.get(LABEL.len()..).unwrap_or_default())?, vec![input::name(selector)?])
        }
        None => (input::name(&args.name)?, Vec::new()),
    };
    for selector in &args.selector {
        selectors.push(input::name(selector)?);
    }
    let (mut source, _) = Source::open(context, &args.source)?;
    let (assessed, _) = source.run(Request::Dkim { domain, selectors });
    if let Some(problem) = source.unheard() {
        return Err(problem);
    }
    show(context, &assessed)
}

fn show(context: &mut Context, assessed: &Assessed) -> Result<Outcome, Problem> {
    let Some(report) = assessed.dkim() else { return Ok(Outcome::Fine) };
    let found = report.findings();
    match context.common.format() {
        Format::Json => context.out.document(&assessed.view(&context.catalog))?,
        Format::Text => {
            let (texts, paint) = (context.texts, context.out.paint);
            let views: Vec<(View, &[u8])> = found
                .iter()
                .map(|(found, text)| (View::new(found, &context.catalog, text), text.as_slice()))
                .collect();
            let mut text = headline(report, texts, paint);
            text.push_str(&table(report, texts, paint));
            text.push_str(&format!("\n{}", findings::about_many(&views, texts, paint)));
            let cost = assessed.cost();
            let asked = (texts.domain.cost)(cost.asked, cost.rounds);
            text.push_str(&format!("\n{}\n", paint.paint(Paint::ASIDE, &asked)));
            context.out.text(&text)?;
        }
    }
    let fail_on = context.common.fail_on.unwrap_or(FailOn::Error);
    Ok(findings::outcome(fail_on, found.iter().map(|(found, _)| found.severity)))
}

fn headline(report: &Selectors, texts: &Texts, paint: Paint) -> String {
    let words = &texts.keys;
    let (style, sentence): (Style, _) = match report.presence() {
        Presence::Present => (Paint::GOOD, words.present),
        Presence::Absent => (Paint::CARE, words.absent),
        _ => (Paint::CARE, words.undetermined),
    };
    let domain = escape(&report.domain.to_unicode(), 300);
    let mut text = format!("{}: {}\n", paint.paint(Paint::HEADING, &domain), paint.paint(style, sentence));
    if report.selectors.is_empty() && report.presence() == Presence::Undetermined {
        text.push_str(&format!("\n{}\n", words.no_selectors));
    }
    text
}

fn table(report: &Selectors, texts: &Texts, paint: Paint) -> String {
    if report.selectors.is_empty() {
        return String::new();
    }
    let words = &texts.keys;
    let columns = [(words.selector, Column::Text), (words.state, Column::Text), (words.key, Column::Text)];
    let mut rows = Rows::new(paint, &columns);
    for (selector, keys) in &report.selectors {
        row(&mut rows, selector, keys, texts);
    }
    format!("\n{}", rows.text())
}

fn row(rows: &mut Rows, selector: &DomainName, keys: &Keys, texts: &Texts) {
    let words = &texts.keys;
    let (state, tone) = match keys {
        Keys::NoData | Keys::NxDomain => (words.no_key, Tone::Bad),
        Keys::Failed(_) => (words.failed, Tone::Care),
        Keys::NotKnown => (words.not_known, Tone::Aside),
        _ => match keys.state() {
            Some(State::Usable) => (words.usable, Tone::Good),
            Some(State::Revoked) => (words.revoked, Tone::Care),
            Some(State::UnknownKeyType) => (words.unknown_key_type, Tone::Bad),
            Some(State::TooSmall) => (words.too_small, Tone::Bad),
            Some(State::NotForMail) => (words.not_for_mail, Tone::Care),
            Some(State::NoUsableHash) => (words.no_usable_hash, Tone::Bad),
            None if keys.keys().count() > 1 => (words.several, Tone::Bad),
            _ => (words.invalid, Tone::Bad),
        },
    };
    let described: Vec<String> = keys.keys().filter_map(|key| describe(key, texts)).collect();
    rows.row([
        (escape(&selector.to_unicode(), 300).as_str(), Tone::Plain),
        (state, tone),
        (described.join("; ").as_str(), Tone::Aside),
    ]);
}

/// Type, size and flags of a key that can be read.
fn describe(key: &Key, texts: &Texts) -> Option<String> {
    let bits = u64::try_from(key.public_key()?.bits()).ok()?;
    let has = |flag: &Flag| key.flags().contains(flag);
    let kind = key.kind().to_string();
    Some((texts.record.dkim_key)(&escape(&kind, 40), bits, has(&Flag::Testing), has(&Flag::Strict)))
}
