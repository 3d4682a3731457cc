//! A portfolio as a person reads it.

use dmarc_core::assessment::{PolicyInEffect, Portfolio, ProfileId};
use dmarc_core::diagnostics::escape;

use crate::Context;
use crate::output::Paint;
use crate::table::{Column, Rows, Tone, number, share};

/// Domains, findings and lines that are shown.
const SHOWN: usize = 15;
/// Most characters of a line.
const LINE: usize = 300;

/// The share, the policies, totals per requirement, findings, the worst domains, and the list itself.
pub(super) fn of(portfolio: &Portfolio, context: &Context) -> String {
    let words = &context.texts.report;
    let paint = context.out.paint;
    let thousands = context.texts.thousands;
    let count = |count: usize| number(count as u64, thousands);
    let rows = portfolio.rows();
    if rows.is_empty() {
        return format!("{}\n{}", words.nothing_listed, list(portfolio, context));
    }
    let heading = |title: &str| format!("\n{}\n", paint.paint(Paint::HEADING, title));
    let known = rows.len() - portfolio.with_policy(PolicyInEffect::Undetermined);
    let head = if known == 0 {
        words.nothing_known.to_owned()
    } else {
        let strict = portfolio.strict();
        (words.strict)(&count(strict), &count(known), &share(strict as u64, known as u64))
    };
    let mut text = format!("{}\n", paint.paint(Paint::HEADING, &head));
    text.push_str(&format!("{}\n", paint.paint(Paint::ASIDE, words.strict_means)));
    if portfolio.strict_in_part() > 0 {
        text.push_str(&format!("{}\n", (words.in_part)(&count(portfolio.strict_in_part()))));
    }
    text.push_str(&heading(words.policies));
    let mut table = Rows::new(
        paint,
        &[
            (context.texts.domain.policy, Column::Text),
            (words.domains, Column::Number),
            (words.share, Column::Number),
        ],
    );
    for policy in PolicyInEffect::ALL {
        let of = portfolio.with_policy(policy);
        let tone = match policy {
            PolicyInEffect::Reject => Tone::Good,
            PolicyInEffect::Quarantine => Tone::Care,
            PolicyInEffect::None | PolicyInEffect::NoPolicy => Tone::Bad,
            PolicyInEffect::Undetermined => Tone::Aside,
        };
        table.row([
            ((words.policy)(policy), if of > 0 { tone } else { Tone::Aside }),
            (count(of).as_str(), Tone::Plain),
            (share(of as u64, rows.len() as u64).as_str(), Tone::Aside),
        ]);
    }
    text.push_str(&table.text());
    let inherited = rows.iter().filter(|row| row.inherited_from.is_some()).count();
    let quiet = rows.iter().filter(|row| row.without_mail == Some(true)).count();
    for (of, what) in [(inherited, words.inherited), (quiet, words.without_mail)] {
        if of > 0 {
            text.push_str(&format!("  {} {what}\n", count(of)));
        }
    }
    for profile in ProfileId::ALL {
        text.push_str(&requirements(portfolio, profile, context));
    }
    text.push_str(&findings(portfolio, context));
    text.push_str(&worst(portfolio, context));
    text.push_str(&list(portfolio, context));
    text
}

fn requirements(portfolio: &Portfolio, profile: ProfileId, context: &Context) -> String {
    let (words, domain) = (&context.texts.report, &context.texts.domain);
    let paint = context.out.paint;
    let of: Vec<_> = portfolio.rules().iter().filter(|(id, _, _)| *id == profile.as_str()).collect();
    if of.is_empty() {
        return String::new();
    }
    let mut table = Rows::new(
        paint,
        &[
            (domain.requirement, Column::Text),
            (domain.pass, Column::Number),
            (domain.warn, Column::Number),
            (domain.fail, Column::Number),
            (domain.undetermined, Column::Number),
            (domain.about, Column::Text),
        ],
    );
    for (_, id, verdicts) in of {
        let cell = |of: u64| number(of, context.texts.thousands);
        table.row([
            (*id, Tone::Plain),
            (cell(verdicts.pass).as_str(), if verdicts.pass > 0 { Tone::Good } else { Tone::Aside }),
            (cell(verdicts.warn).as_str(), if verdicts.warn > 0 { Tone::Care } else { Tone::Aside }),
            (cell(verdicts.fail).as_str(), if verdicts.fail > 0 { Tone::Bad } else { Tone::Aside }),
            (cell(verdicts.undetermined).as_str(), Tone::Aside),
            (context.catalog.requirement(id), Tone::Plain),
        ]);
    }
    let name = words.name(profile.as_str());
    format!("\n{}\n{}", paint.paint(Paint::HEADING, name), table.text())
}

fn findings(portfolio: &Portfolio, context: &Context) -> String {
    let words = &context.texts.report;
    let found = portfolio.findings();
    if found.is_empty() {
        return String::new();
    }
    let mut table = Rows::new(
        context.out.paint,
        &[
            (words.domains, Column::Number),
            (context.texts.reports.severity, Column::Text),
            (words.rule, Column::Text),
            (words.to_do, Column::Text),
        ],
    );
    for (example, severity, domains, first) in found.into_iter().take(SHOWN) {
        let (severity, tone) = context.texts.severity(Some(severity));
        let names: Vec<String> = first.iter().take(2).map(ToString::to_string).collect();
        table.noted_row(
            [
                (number(domains, context.texts.thousands).as_str(), Tone::Plain),
                (severity, tone),
                (example.rule.code, Tone::Plain),
                (context.catalog.help(example).as_str(), Tone::Plain),
            ],
            &names.join(", "),
        );
    }
    format!("\n{}\n{}", context.out.paint.paint(Paint::HEADING, words.findings), table.text())
}

fn worst(portfolio: &Portfolio, context: &Context) -> String {
    let words = &context.texts.report;
    let rows = portfolio.worst_first();
    let mut table = Rows::new(
        context.out.paint,
        &[
            (words.domain, Column::Text),
            (context.texts.domain.policy, Column::Text),
            (words.errors, Column::Number),
            (words.not_met, Column::Text),
        ],
    );
    for row in rows.iter().take(SHOWN) {
        let inherited = row.inherited_from.as_ref().map(|of| (words.inherits_from)(of.as_str()));
        let part = row.in_part.map(|tag| format!("({tag})"));
        let policy = [Some((words.policy)(row.policy).to_owned()), part, inherited];
        let policy = policy.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let tone = if row.strict { Tone::Plain } else { Tone::Bad };
        table.row([
            (row.domain.to_string().as_str(), Tone::Plain),
            (policy.as_str(), tone),
            (row.errors.to_string().as_str(), Tone::Plain),
            (row.failed.join(", ").as_str(), Tone::Aside),
        ]);
    }
    let mut text = format!("\n{}\n{}", context.out.paint.paint(Paint::HEADING, words.worst), table.text());
    if let Some(more) = rows.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        text.push_str(&format!(
            "  {}\n",
            (words.more_domains)(&number(more as u64, context.texts.thousands))
        ));
    }
    text
}

/// What is wrong with the list.
fn list(portfolio: &Portfolio, context: &Context) -> String {
    let words = &context.texts.report;
    let Some(list) = portfolio.list().filter(|list| !list.problems.is_empty()) else { return String::new() };
    let mut text = format!("\n{}\n", context.out.paint.paint(Paint::HEADING, words.list_heading));
    for problem in list.problems.iter().take(SHOWN) {
        let line = format!("{}: {}", (words.line)(problem.line()), (words.problem)(problem));
        text.push_str(&format!("  {}\n", escape(&line, LINE)));
    }
    let more = list.problems.len().saturating_sub(SHOWN) + list.problems_left_out;
    if more > 0 {
        let more = number(more as u64, context.texts.thousands);
        text.push_str(&format!("  {}\n", (words.more_problems)(&more)));
    }
    text
}
