//! The SPF record and the DKIM keys against what reports show of their use.

use dmarc_core::assessment::{Attribution, Inventory, KeySeen, KeyUse, TermSeen, TermUse};
use dmarc_core::diagnostics::escape;
use dmarc_core::spf::analysis::Outcome;

use crate::output::Paint;
use crate::streams;
use crate::table::{Column, Rows, Tone, number, share};
use crate::texts::Texts;

/// Most rows of a table.
const SHOWN: usize = 20;
/// Most characters of a term.
const TERM: usize = 120;
/// Addresses that are named in a sentence.
const NAMED: usize = 3;

/// Which terms of the SPF record are in use; with those that they lead to if `details` is asked for.
pub(crate) fn attribution(found: &Attribution, texts: &Texts, paint: Paint, details: bool) -> String {
    let words = &texts.senders;
    let count = |count: u64| number(count, texts.thousands);
    let mut text = String::new();
    let terms: Vec<&TermSeen> = found.terms.iter().filter(|term| details || term.chain.is_empty()).collect();
    let days = count(found.unseen_days);
    if !terms.is_empty() {
        let mut rows = Rows::new(
            paint,
            &[
                (words.term, Column::Text),
                (texts.reports.messages, Column::Number),
                (words.passing, Column::Number),
                (words.last_seen, Column::Text),
                (words.usage, Column::Text),
            ],
        );
        for term in terms.iter().take(SHOWN) {
            let name = format!("{}{}", "· ".repeat(term.chain.len()), escape(&term.term, TERM));
            let (usage, tone) = usage(term, &days, texts);
            rows.row([
                (name.as_str(), Tone::Plain),
                (count(term.messages).as_str(), Tone::Plain),
                (share(term.aligned, term.messages).as_str(), Tone::Plain),
                (term.last_day.as_deref().unwrap_or("-"), Tone::Aside),
                (usage.as_str(), tone),
            ]);
        }
        text.push_str(&rows.text());
        if let Some(more) = terms.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            text.push_str(&format!("  {}\n", (words.more_terms)(&count(more as u64))));
        }
        text.push_str(&format!("  {}\n", (words.not_safe)(&count(found.covered_days), &days)));
    }
    let undetermined = found.messages.get(&Outcome::Undetermined).copied().unwrap_or_default();
    if undetermined > 0 {
        text.push_str(&format!("  {}\n", (words.undetermined)(&count(undetermined))));
    }
    for sender in found.outside.iter().take(SHOWN) {
        let mut addresses: Vec<String> =
            sender.addresses.iter().take(NAMED).map(ToString::to_string).collect();
        if sender.addresses.len() > NAMED {
            addresses.push("…".to_owned());
        }
        let name = streams::known(&sender.stream);
        let sentence = (words.outside)(&name, &count(sender.messages), &addresses.join(", "));
        text.push_str(&format!("  {sentence}\n"));
    }
    if details && !found.addresses.is_empty() {
        text.push('\n');
        text.push_str(&addresses(found, texts, paint));
    }
    if text.is_empty() { text } else { format!("\n{}\n{text}", paint.paint(Paint::HEADING, words.heading)) }
}

/// What reports show of the use of a term.
fn usage(term: &TermSeen, days: &str, texts: &Texts) -> (String, Tone) {
    let words = &texts.senders;
    let sentence = (words.seen)(term.seen, days);
    match (term.seen, term.unresolved) {
        (TermUse::Needed | TermUse::DkimToo, _) => (sentence, Tone::Good),
        (TermUse::Unresolved, Some(why)) => (format!("{sentence}: {}", (words.unresolved)(why)), Tone::Aside),
        _ => (sentence, Tone::Care),
    }
}

fn addresses(found: &Attribution, texts: &Texts, paint: Paint) -> String {
    let words = &texts.senders;
    let columns = [
        (words.address, Column::Text),
        (texts.reports.messages, Column::Number),
        ("SPF", Column::Text),
        (words.by_terms, Column::Text),
    ];
    let mut rows = Rows::new(paint, &columns);
    for seen in found.addresses.iter().take(SHOWN) {
        rows.row([
            (seen.address.to_string().as_str(), Tone::Plain),
            (number(seen.messages, texts.thousands).as_str(), Tone::Plain),
            (seen.result.as_str(), Tone::Plain),
            (seen.chain.join(" › ").as_str(), Tone::Aside),
        ]);
    }
    rows.text()
}

/// Which keys are in use, which are not, and which signatures fail.
pub(crate) fn inventory(found: &Inventory, texts: &Texts, paint: Paint) -> String {
    let words = &texts.senders;
    let mut text = String::new();
    let days = number(found.unseen_days, texts.thousands);
    if !found.keys.is_empty() {
        let columns = [
            (words.selector, Column::Text),
            (words.key, Column::Text),
            (texts.reports.messages, Column::Number),
            (words.last_seen, Column::Text),
            (words.usage, Column::Text),
        ];
        let mut rows = Rows::new(paint, &columns);
        for key in found.keys.iter().take(SHOWN) {
            let name = (texts.streams.selector_of)(key.selector.as_str(), key.domain.as_str());
            let (usage, tone) = key_usage(key, &days, texts);
            rows.row([
                (escape(&name, TERM).as_str(), Tone::Plain),
                (published(key, texts).as_str(), Tone::Plain),
                (number(key.messages, texts.thousands).as_str(), Tone::Plain),
                (key.last_day.as_deref().unwrap_or("-"), Tone::Aside),
                (usage.as_str(), tone),
            ]);
        }
        text.push_str(&rows.text());
        if let Some(more) = found.keys.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            text.push_str(&format!("  {}\n", (words.more_terms)(&number(more as u64, texts.thousands))));
        }
    }
    for signature in found.failing.iter().take(NAMED) {
        let sentence = if signature.passing == 0 { words.failing_without_key } else { words.failing };
        let (family, domain) = (escape(&signature.family, TERM), escape(&signature.domain, TERM));
        let sentence = sentence(&family, &domain, &number(signature.failing, texts.thousands));
        text.push_str(&format!("  {sentence}\n"));
    }
    if text.is_empty() { text } else { format!("\n{}\n{text}", paint.paint(Paint::HEADING, words.keys)) }
}

fn published(key: &KeySeen, texts: &Texts) -> String {
    match (&key.kind, key.bits, key.status) {
        (Some(kind), Some(bits), _) => format!("{kind} {bits}"),
        (_, _, None) => texts.senders.not_looked_up.to_owned(),
        _ => "-".to_owned(),
    }
}

fn key_usage(key: &KeySeen, days: &str, texts: &Texts) -> (String, Tone) {
    let words = &texts.senders;
    let mut sentence = (words.key_use)(key.seen, days);
    for (holds, word) in [(key.retire, words.retire), (key.weak, words.weak)] {
        if holds {
            sentence.push_str(&format!("; {word}"));
        }
    }
    let tone = match key.seen {
        KeyUse::Missing => Tone::Bad,
        _ if key.weak => Tone::Care,
        KeyUse::InUse => Tone::Good,
        KeyUse::Idle | KeyUse::NeverSeen => Tone::Care,
        _ => Tone::Aside,
    };
    (sentence, tone)
}
