//! What would change: another policy beside this one, and other ways to write it.

use dmarc_core::assessment::SpfReport;
use dmarc_core::diagnostics::escape;
use dmarc_core::spf::analysis::rewrite::{Proposed, Rewrite, Risk};
use dmarc_core::spf::analysis::{Analysis, Difference, Family, Outcome, Surface};

use super::NAMELESS;
use crate::output::Paint;
use crate::texts::Texts;
use crate::texts::policy::Policy;

/// Most characters of a record or term.
const SHOWN: usize = 4_000;
/// Ranges of one kind that are named; the JSON has all of them.
const RANGES: usize = 24;

/// What another policy adds and removes.
pub(super) fn comparison(report: &SpfReport, texts: &Texts, paint: Paint) -> String {
    let Some(other) = &report.other else { return String::new() };
    let words = &texts.policy;
    let analysis = &report.analysis;
    let with = match other.policies.state(&other.domain).record() {
        Some(record) if other.domain == analysis.domain => escape(&record.to_string(), SHOWN),
        _ => other.domain.to_string(),
    };
    let mut text = format!("\n{}\n", paint.paint(Paint::HEADING, &(words.compared)(&with)));
    let (limited, found) = compared(analysis, other, Analysis::surface);
    let (unlimited, as_read) = compared(analysis, other, Analysis::surface_without_limits);
    let same = found.is_empty() == as_read.is_empty() && shown(&found) == shown(&as_read);
    if same {
        text.push_str(&verdict(limited, &found, words.equal, texts, paint));
        return text;
    }
    // A policy over the limit authorizes almost nobody: how the two read is told apart from that.
    text.push_str(&format!("  {}\n", words.as_they_read));
    text.push_str(&verdict(unlimited, &as_read, words.equal, texts, paint));
    text.push_str(&format!("  {}\n", words.with_limits));
    text.push_str(&verdict(limited, &found, words.equal, texts, paint));
    text
}

fn shown(found: &[Difference]) -> Vec<String> {
    let ranges = |found: &Difference| {
        let added = found.added.ranges().iter().map(|range| format!("+{range}")).collect::<Vec<_>>();
        let removed = found.removed.ranges().iter().map(|range| format!("-{range}")).collect::<Vec<_>>();
        format!("{} {added:?} {removed:?}", found.outcome.as_str())
    };
    found.iter().map(ranges).collect()
}

fn compared<'a>(
    one: &'a Analysis,
    other: &'a Analysis,
    surface: fn(&'a Analysis, Family) -> &'a Surface,
) -> (bool, Vec<Difference>) {
    let pairs = || Family::ALL.into_iter().map(|family| (surface(one, family), surface(other, family)));
    let determined = pairs().all(|(one, other)| one.is_determined() && other.is_determined());
    (determined, pairs().flat_map(|(one, other)| one.differences(other)).collect())
}

fn verdict(determined: bool, found: &[Difference], equal: &str, texts: &Texts, paint: Paint) -> String {
    let words = &texts.policy;
    let mut text = String::new();
    if !determined {
        text.push_str(&format!("    {}\n", paint.paint(Paint::CARE, words.not_comparable)));
    } else if found.is_empty() {
        text.push_str(&format!("    {}\n", paint.paint(Paint::GOOD, equal)));
    }
    text.push_str(&differences(found, "    ", texts, paint));
    text
}

/// Which addresses get another result: those that come to pass first, then those that no longer do.
fn differences(found: &[Difference], indent: &str, texts: &Texts, paint: Paint) -> String {
    let mut moves = Vec::new();
    for (from, to) in found.iter().flat_map(|from| found.iter().map(move |to| (from, to))) {
        let set = from.removed.and(&to.added);
        if from.family == to.family && !set.is_empty() {
            let (rank, sign, style) = match (from.outcome, to.outcome) {
                (_, Outcome::Pass) => (0, '+', Paint::GOOD),
                (Outcome::Pass, _) => (1, '-', Paint::BAD),
                _ => (2, '~', Paint::CARE),
            };
            moves.push((rank, from.family, from.outcome, to.outcome, sign, style, set));
        }
    }
    moves.sort_by_key(|(rank, family, from, to, ..)| (*rank, *family, *from, *to));
    let mut text = String::new();
    for (_, of, from, to, sign, style, set) in moves {
        let count = super::surface::size(&set, texts);
        let title = (texts.policy.moved)(family(of), &count, from.as_str(), to.as_str());
        text.push_str(&format!("{indent}{title}\n"));
        let ranges = set.ranges();
        for range in ranges.iter().take(RANGES) {
            text.push_str(&format!("{indent}  {}\n", paint.paint(style, &format!("{sign} {range}"))));
        }
        if let Some(more) = ranges.len().checked_sub(RANGES).filter(|more| *more > 0) {
            text.push_str(&format!("{indent}  {}\n", (texts.record.more_findings)(more)));
        }
    }
    text
}

const fn family(family: Family) -> &'static str {
    match family {
        Family::Ipv4 => "IPv4",
        Family::Ipv6 => "IPv6",
    }
}

/// Other ways to write the policy, in the order in which they are to be tried.
pub(super) fn rewrites(report: &SpfReport, texts: &Texts, paint: Paint) -> String {
    let Some(rewrites) = &report.rewrites else { return String::new() };
    let words = &texts.policy;
    let mut text = format!("\n{}\n", paint.paint(Paint::HEADING, words.rewrites));
    if rewrites.is_empty() {
        text.push_str(&format!("  {}\n", words.no_rewrites));
        return text;
    }
    text.push_str(&format!("  {}\n", paint.paint(Paint::ASIDE, words.rewrites_intro)));
    for (index, rewrite) in rewrites.iter().enumerate() {
        text.push_str(&one(index + 1, rewrite, &report.analysis, texts, paint));
    }
    if let Some(check) = drift_check(rewrites, &report.analysis) {
        text.push_str(&format!("\n  {}:\n    {check}\n", words.drift));
    }
    text
}

fn one(number: usize, rewrite: &Rewrite, analysis: &Analysis, texts: &Texts, paint: Paint) -> String {
    let words = &texts.policy;
    let style = match (rewrite.fits, rewrite.equal) {
        (true, Some(true)) => Paint::GOOD,
        (false, _) => Paint::BAD,
        _ => Paint::CARE,
    };
    let before = most(analysis, |interval| interval.most);
    let before_voids = most(analysis, |interval| interval.most_voids);
    let conventions = &analysis.conventions;
    let over = rewrite.most.is_some_and(|most| most > conventions.lookups)
        || rewrite.most_voids.is_some_and(|most| most > conventions.voids);
    let fits = match rewrite.fits {
        true => words.fits,
        false if over => words.does_not_fit,
        // Within the limits, as far as that is known, and still an error or an open question for somebody.
        false => words.not_for_all,
    };
    let fits = paint.paint(style, fits);
    let mut text = format!(
        "\n  {}\n",
        paint.paint(Paint::HEADING, &format!("{number}. {}", (words.kind)(rewrite.kind)))
    );
    let mut line = |label: &str, value: &str| text.push_str(&format!("     {label}: {value}\n"));
    let counts = (words.counts)(
        &count(before),
        &count(rewrite.most),
        &count(before_voids),
        &count(rewrite.most_voids),
    );
    line(words.count, &format!("{counts}; {fits}"));
    let list = |terms: &[String]| terms.iter().map(|term| escape(term, 120)).collect::<Vec<_>>().join(" ");
    line(words.terms, &list(&rewrite.terms));
    if !rewrite.left.is_empty() {
        let left = rewrite
            .left
            .iter()
            .map(|left| format!("{} ({})", escape(&left.term, 120), (words.left_reason)(left.reason)));
        line(words.left, &left.collect::<Vec<_>>().join(" "));
    }
    line(words.proof, &proof(rewrite, words, paint));
    let risks: Vec<&str> = rewrite.risks.iter().map(|risk| (words.risk)(*risk)).collect();
    line(words.risks, if risks.is_empty() { words.no_risk.to_owned() } else { risks.join("; ") }.as_str());
    text.push_str(&differences(&rewrite.differences, "       ", texts, paint));
    text.push_str(&format!("     {}:\n", words.publish));
    for record in &rewrite.records {
        text.push_str(&zone_lines(record, words, paint));
    }
    text
}

fn most(analysis: &Analysis, pick: fn(&dmarc_core::spf::analysis::Interval) -> Option<u32>) -> Option<u32> {
    Some(pick(&analysis.ipv4)?.max(pick(&analysis.ipv6)?))
}

fn count(count: Option<u32>) -> String {
    count.map_or_else(|| "?".to_owned(), |count| count.to_string())
}

fn proof(rewrite: &Rewrite, words: &Policy, paint: Paint) -> String {
    match rewrite.equal {
        Some(true) => paint.paint(Paint::GOOD, words.proven_equal),
        Some(false) => paint.paint(Paint::CARE, words.not_equal),
        None => paint.paint(Paint::CARE, words.equality_not_known),
    }
}

/// A record as a zone file has it: character-strings of at most 255 octets, a line each.
fn zone_lines(record: &Proposed, words: &Policy, paint: Paint) -> String {
    let quoted = |string: &String| {
        format!("\"{}\"", escape(&string.replace('\\', "\\\\").replace('"', "\\\""), SHOWN))
    };
    let strings: Vec<String> = record.strings.iter().map(quoted).collect();
    let size = paint.paint(Paint::ASIDE, &format!("; {}", (words.size)(record.octets, record.strings.len())));
    match strings.as_slice() {
        [one] => format!("       {size}\n       {}. IN TXT {one}\n", record.name),
        many => {
            let lines = many.join("\n           ");
            format!("       {size}\n       {}. IN TXT (\n           {lines} )\n", record.name)
        }
    }
}

/// A command that later says what others have changed since. Only where it can be typed as it stands.
fn drift_check(rewrites: &[Rewrite], analysis: &Analysis) -> Option<String> {
    let stale = |risk: &Risk| matches!(risk, Risk::AddressesGoStale | Risk::AnswersChange);
    let record = analysis.policies.state(&analysis.domain).record()?.to_string();
    let plain = record.chars().all(|character| matches!(character, ' '..='~') && character != '\'');
    let plain = plain && analysis.domain.as_str() != NAMELESS;
    let needed = rewrites.iter().any(|rewrite| rewrite.risks.iter().any(stale));
    (needed && plain).then(|| format!("dmarc-check spf {} --compare '{record}'", analysis.domain))
}
