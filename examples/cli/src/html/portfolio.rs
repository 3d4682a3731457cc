//! A portfolio as a page.

use dmarc_core::assessment::{PolicyInEffect, Portfolio, ProfileId};
use maud::{Markup, html};

use super::chart::{self, Part};
use super::{outside, sentence};
use crate::Context;
use crate::table::{moment, number, share};

/// Domains that are listed; all are in the CSV.
const DOMAINS: usize = 500;

/// The whole page.
pub(crate) fn page(portfolio: &Portfolio, context: &Context, now: i64) -> String {
    let words = &context.texts.report;
    let count = |count: usize| number(count as u64, context.texts.thousands);
    let known = portfolio.rows().len() - portfolio.with_policy(PolicyInEffect::Undetermined);
    let head = if portfolio.rows().is_empty() {
        words.nothing_listed.to_owned()
    } else if known == 0 {
        words.nothing_known.to_owned()
    } else {
        let strict = portfolio.strict();
        (words.strict)(&count(strict), &count(known), &share(strict as u64, known as u64))
    };
    let lead = html! {
        p class="lead" { strong { (head) } }
        p class="aside" { (words.strict_means) " " (moment(now).unwrap_or_default()) }
    };
    let body = html! {
        (policies(portfolio, context))
        @for profile in ProfileId::ALL { (requirements(portfolio, profile, context)) }
        (findings(portfolio, context))
        (domains(portfolio, context))
        (list(portfolio, context))
    };
    page_of(context, &lead, &body)
}

fn page_of(context: &Context, lead: &Markup, body: &Markup) -> String {
    super::page(context, context.texts.report.portfolio_title, lead, body, "")
}

fn policies(portfolio: &Portfolio, context: &Context) -> Markup {
    let words = &context.texts.report;
    let color = |policy| match policy {
        PolicyInEffect::Reject => chart::GOOD,
        PolicyInEffect::Quarantine => chart::CARE,
        PolicyInEffect::None | PolicyInEffect::NoPolicy => chart::BAD,
        PolicyInEffect::Undetermined => chart::OPEN,
    };
    let parts = PolicyInEffect::ALL.map(|policy| Part {
        count: portfolio.with_policy(policy) as u64,
        word: (words.policy)(policy).to_owned(),
        color: color(policy),
    });
    let inherited = portfolio.rows().iter().filter(|row| row.inherited_from.is_some()).count();
    let quiet = portfolio.rows().iter().filter(|row| row.without_mail == Some(true)).count();
    let count = |count: usize| number(count as u64, context.texts.thousands);
    html! {
        section {
            h2 { (words.policies) }
            (chart::bar("policies", words.policies, &parts))
            @if portfolio.strict_in_part() > 0 { p { ((words.in_part)(&count(portfolio.strict_in_part()))) } }
            @if inherited > 0 { p { (count(inherited)) " " (words.inherited) "." } }
            @if quiet > 0 { p { (count(quiet)) " " (words.without_mail) "." } }
        }
    }
}

fn requirements(portfolio: &Portfolio, profile: ProfileId, context: &Context) -> Markup {
    let (words, domain) = (&context.texts.report, &context.texts.domain);
    let of: Vec<_> = portfolio.rules().iter().filter(|(id, _, _)| *id == profile.as_str()).collect();
    let cell = |of: u64| number(of, context.texts.thousands);
    html! {
        @if !of.is_empty() {
            section {
                h2 { (words.name(profile.as_str())) }
                div class="wide" { table {
                    thead { tr {
                        th scope="col" { (domain.requirement) }
                        th scope="col" { (domain.about) }
                        th scope="col" class="number" { (domain.pass) }
                        th scope="col" class="number" { (domain.warn) }
                        th scope="col" class="number" { (domain.fail) }
                        th scope="col" class="number" { (domain.undetermined) }
                    } }
                    tbody { @for (_, id, verdicts) in of { tr {
                        th scope="row" class="id" { (id) }
                        td { (sentence(context.catalog.requirement(id))) }
                        td class="number" { (cell(verdicts.pass)) }
                        td class="number" { (cell(verdicts.warn)) }
                        td class="number" { (cell(verdicts.fail)) }
                        td class="number" { (cell(verdicts.undetermined)) }
                    } } }
                } }
            }
        }
    }
}

fn findings(portfolio: &Portfolio, context: &Context) -> Markup {
    let words = &context.texts.report;
    let found = portfolio.findings();
    html! {
        @if !found.is_empty() {
            section {
                h2 { (words.findings) }
                div class="wide" { table {
                    thead { tr {
                        th scope="col" class="number" { (words.domains) }
                        th scope="col" { (context.texts.reports.severity) }
                        th scope="col" { (words.rule) }
                        th scope="col" { (words.to_do) }
                    } }
                    tbody { @for (example, severity, domains, first) in found { tr {
                        td class="number" { (number(domains, context.texts.thousands)) }
                        td { (context.texts.severity(Some(severity)).0) }
                        td class="id" { (example.rule.code) }
                        td {
                            (sentence(&context.catalog.help(example)))
                            div class="aside" { (first.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")) }
                        }
                    } } }
                } }
            }
        }
    }
}

fn domains(portfolio: &Portfolio, context: &Context) -> Markup {
    let words = &context.texts.report;
    let rows = portfolio.worst_first();
    let more = rows.len().saturating_sub(DOMAINS);
    html! {
        section {
            h2 { (words.domains) }
            div class="wide" { table {
                caption { (words.worst) }
                thead { tr {
                    th scope="col" { (words.domain) }
                    th scope="col" { (context.texts.domain.policy) }
                    th scope="col" class="number" { (words.errors) }
                    th scope="col" { (words.not_met) }
                } }
                tbody { @for row in rows.iter().take(DOMAINS) { tr {
                    th scope="row" { (row.domain) }
                    td {
                        span class=(if row.strict { "mark good" } else { "mark bad" }) { ((words.policy)(row.policy)) }
                        @if let Some(tag) = row.in_part { " (" (tag) ")" }
                        @if let Some(of) = &row.inherited_from { div class="aside" { ((words.inherits_from)(of.as_str())) } }
                    }
                    td class="number" { (row.errors) }
                    td { (row.failed.join(", ")) }
                } } }
            } }
            @if more > 0 { p { ((words.more_domains)(&number(more as u64, context.texts.thousands))) } }
        }
    }
}

fn list(portfolio: &Portfolio, context: &Context) -> Markup {
    let words = &context.texts.report;
    html! {
        @if let Some(list) = portfolio.list().filter(|list| !list.problems.is_empty()) {
            section {
                h2 { (words.list_heading) }
                ul { @for problem in &list.problems {
                    li { ((words.line)(problem.line())) ": " (outside(&(words.problem)(problem))) }
                } }
                @if list.problems_left_out > 0 {
                    p { ((words.more_problems)(&number(list.problems_left_out as u64, context.texts.thousands))) }
                }
            }
        }
    }
}
