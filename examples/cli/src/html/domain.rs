//! The report on a domain as a page, fit to be handed to who has to comply or explain.

use dmarc_core::assessment::plan::Plan;
use dmarc_core::assessment::{DomainReport, Judgement, Level, Outcome as Assessed, Profile, RuleVerdict};
use dmarc_core::diagnostics::{Severity, View};
use maud::{Markup, html};
use serde_json::Value;

use super::chart::{self, Part};
use super::{capitalized, mark, outside, plan, sentence, verdict};
use crate::Context;
use crate::domain::screen::headline;
use crate::output::Paint;
use crate::streams;
use crate::table::{moment, number, share};
use crate::texts::Texts;

/// Actions that stand on the page.
const ACTIONS: usize = 10;
/// Streams and findings that are listed.
const LISTED: usize = 60;

/// The whole page. `evidence` is the file in which the evidence is saved.
pub(crate) fn page(assessed: &Assessed, context: &Context, evidence: Option<&str>) -> String {
    let Some(report) = assessed.domain() else { return String::new() };
    let words = &context.texts.report;
    let view = assessed.view(&context.catalog);
    let plan = dmarc_core::assessment::plan::plan(report, None);
    let name = report.domain.to_unicode();
    let when = report.now.and_then(|now| moment(now.0)).unwrap_or_default();
    let lead = html! {
        @let (tone, text) = stand(report, context.texts);
        p class={ "lead stand " (tone) } { strong { (capitalized(text)) "." } }
        p class="aside" { ((context.texts.domain.under)(report.edition.as_str(), &when)) }
        nav aria-label=(words.contents) { ul {
            li { a href="#summary" { (words.summary) } }
            li { a href="#actions" { (words.actions) } }
            li { a href="#plan" { (context.texts.plan.title) } }
            @if report.judged.is_some() { li { a href="#streams" { (context.texts.streams.heading) } } }
            @for profile in &report.profiles { li { a href={ "#" (profile.id) } { (words.name(profile.id)) } } }
            li { a href="#records" { (words.records) } }
            @if !report.diagnostics.is_empty() { li { a href="#findings" { (words.findings) } } }
        } }
    };
    let body = html! {
        (summary(report, &plan, context))
        (actions(report, context))
        (plan::section(&plan, context))
        (senders(report, context))
        @for profile in &report.profiles { (requirements(profile, context)) }
        (records(&view, context))
        (findings(report, context))
    };
    let below = evidence
        .map_or_else(|| words.no_evidence_file.to_owned(), |path| (words.evidence_file)(&outside(path)));
    super::page(context, &(words.title)(&outside(&name)), &lead, &body, &below)
}

/// What the policy comes to, and how that reads.
fn stand(report: &DomainReport, texts: &Texts) -> (&'static str, &'static str) {
    let (style, text) = headline(report, texts);
    let tone = match style {
        Paint::GOOD => "good",
        Paint::CARE => "care",
        _ => "bad",
    };
    (tone, text)
}

/// A bar per profile, and the step.
fn summary(report: &DomainReport, plan: &Plan, context: &Context) -> Markup {
    let words = &context.texts.report;
    let color = |of| match of {
        RuleVerdict::Pass => chart::GOOD,
        RuleVerdict::Warn => chart::CARE,
        RuleVerdict::Fail => chart::BAD,
        RuleVerdict::Undetermined => chart::OPEN,
        RuleVerdict::NotApplicable => chart::FAINT,
    };
    let parts = |profile: &Profile| {
        RuleVerdict::ALL.map(|of| Part {
            count: profile.count(of) as u64,
            word: verdict(context.texts, of).0.to_owned(),
            color: color(of),
        })
    };
    html! {
        section id="summary" {
            h2 { (words.summary) }
            (plan::stairs(plan, context))
            @for profile in &report.profiles {
                h3 { (words.name(profile.id)) " " (profile.version) " (" (profile.date) ")" }
                (chart::bar(&format!("verdicts-{}", profile.id), &(words.chart_verdicts)(words.name(profile.id)), &parts(profile)))
            }
        }
    }
}

fn actions(report: &DomainReport, context: &Context) -> Markup {
    let words = &context.texts.report;
    let all = report.actions();
    html! {
        section id="actions" {
            h2 { (words.actions) }
            @if all.is_empty() { p { (words.no_actions) } }
            ol class="actions" { @for action in all.iter().take(ACTIONS) { li {
                strong { (sentence(&capitalized(&context.catalog.help(&action.reason)))) }
                div { (sentence(&context.catalog.message(&action.reason))) }
                div class="aside" {
                    span class="id" { (action.reason.rule.code) }
                    @for id in &action.requirements { " · " span class="id" { (id) } }
                }
            } } }
        }
    }
}

fn senders(report: &DomainReport, context: &Context) -> Markup {
    let Some(judged) = report.judged.as_ref().filter(|judged| !judged.streams.is_empty()) else {
        return html! {};
    };
    let (words, texts) = (&context.texts.streams, context.texts);
    let rows = streams::rows_of(&judged.streams, texts);
    let weeks = streams::by_week(judged);
    html! {
        section id="streams" {
            h2 { (words.heading) }
            h3 { (texts.report.chart_weeks) }
            (chart::columns("weeks", texts.report.chart_weeks, &weeks, [texts.report.passing, texts.report.not_passing]))
            div class="wide" { table {
                thead { tr {
                    th scope="col" { (words.name) }
                    th scope="col" { (words.what) }
                    th scope="col" class="number" { (texts.reports.messages) }
                    th scope="col" class="number" { (texts.reports.spf) }
                    th scope="col" class="number" { (texts.reports.dkim) }
                    th scope="col" { (words.to_do) }
                } }
                tbody { @for row in rows.iter().take(LISTED) { tr {
                    th scope="row" { (row.name) }
                    td { (row.class) }
                    td class="number" { (number(row.messages, texts.thousands)) }
                    td class="number" { (share(row.spf, row.messages)) }
                    td class="number" { (share(row.dkim, row.messages)) }
                    td { (row.action) }
                } } }
            } }
        }
    }
}

fn requirements(profile: &Profile, context: &Context) -> Markup {
    let (words, domain) = (&context.texts.report, &context.texts.domain);
    html! {
        section id=(profile.id) {
            h2 { (words.name(profile.id)) " " (profile.version) " (" (profile.date) ")" }
            div class="wide" { table {
                thead { tr {
                    th scope="col" { (domain.requirement) }
                    th scope="col" { (domain.verdict) }
                    th scope="col" { (domain.about) }
                } }
                tbody { @for judgement in &profile.rules { tr {
                    th scope="row" class="id" { (judgement.id) }
                    td {
                        (mark(context.texts, judgement.verdict))
                        @if let Some(ours) = judgement.ours.filter(|ours| *ours != judgement.verdict) {
                            div class="note" { ((words.ours)(verdict(context.texts, ours).0)) }
                        }
                        div class="note aside" {
                            (match judgement.level { Level::Prescription => words.prescription, Level::Advice => words.advice })
                        }
                    }
                    td { (requirement(judgement, context)) }
                } } }
            } }
        }
    }
}

fn requirement(judgement: &Judgement, context: &Context) -> Markup {
    let (words, domain) = (&context.texts.report, &context.texts.domain);
    let missing: Vec<&str> = judgement.missing.iter().map(|kind| domain.evidence(kind)).collect();
    html! {
        (sentence(context.catalog.requirement(judgement.id)))
        @for reason in &judgement.reasons {
            div class="note" {
                (sentence(&context.catalog.message(reason))) " "
                span class="id aside" { (reason.rule.code) }
                div class="aside" { "→ " (sentence(&context.catalog.help(reason))) }
            }
        }
        @if let Some(explanation) = &judgement.explanation {
            div class="explained" { strong { (words.explanation) ": " } (outside(explanation)) }
        }
        @if !missing.is_empty() { div class="note" { (words.missing) ": " (missing.join(", ")) } }
        @if !judgement.evidence.is_empty() {
            details {
                summary { (words.evidence) }
                ul { @for evidence in judgement.evidence.iter().map(|one| one.said(&context.catalog)) {
                    li { (outside(&evidence.subject)) ": " code { (outside(&evidence.value)) } }
                } }
            }
        }
        div class="note aside" { (words.source) ": " (context.catalog.phrase(&judgement.source)) }
    }
}

/// The records as they were found.
fn records(view: &Value, context: &Context) -> Markup {
    let text = |path: &str| view.pointer(path).and_then(Value::as_str).map(outside);
    let mut shown: Vec<(String, String)> = Vec::new();
    let named = [
        ("/records/dmarc/name", "/records/dmarc/text"),
        ("/records/spf/name", "/records/spf/text"),
        ("/records/mta_sts/name", "/records/mta_sts/text"),
        ("/records/tls_rpt/name", "/records/tls_rpt/text"),
    ];
    for (name, record) in named {
        if let (Some(name), Some(record)) = (text(name), text(record)) {
            shown.push((format!("{name} TXT"), record));
        }
    }
    let hosts = view.pointer("/records/mx/hosts").and_then(Value::as_array);
    for host in hosts.into_iter().flatten() {
        let name = text("/records/mx/name").unwrap_or_default();
        let exchange = host["exchange"].as_str().map(outside).unwrap_or_default();
        shown.push((format!("{name} MX"), format!("{} {exchange}", host["preference"])));
    }
    let selectors = view.pointer("/records/dkim/selectors").and_then(Value::as_array);
    for selector in selectors.into_iter().flatten() {
        let (name, status) = (selector["name"].as_str().unwrap_or_default(), &selector["status"]);
        let record = selector.pointer("/records/0/text").and_then(Value::as_str);
        let record = record.or(status.as_str()).unwrap_or_default();
        shown.push((format!("{} TXT", outside(name)), outside(record)));
    }
    html! {
        section id="records" {
            h2 { (context.texts.report.records) }
            @for (name, record) in shown { h3 { (name) } pre { (record) } }
        }
    }
}

fn findings(report: &DomainReport, context: &Context) -> Markup {
    let words = &context.texts.report;
    let views: Vec<View> =
        report.diagnostics.iter().map(|(found, source)| View::new(found, &context.catalog, source)).collect();
    html! {
        @if !views.is_empty() {
            section id="findings" {
                h2 { (words.findings) }
                div class="wide" { table {
                    thead { tr {
                        th scope="col" { (context.texts.reports.severity) }
                        th scope="col" { (words.what) }
                        th scope="col" { (words.to_do) }
                        th scope="col" { (words.rule) }
                    } }
                    tbody { @for found in views.iter().take(LISTED) { tr {
                        td {
                            @let class = match found.severity { Severity::Error => "bad", Severity::Warning => "care", Severity::Notice => "open" };
                            span class={ "mark " (class) } { (context.texts.severity(Some(found.severity)).0) }
                        }
                        td { (sentence(&found.message)) }
                        td { (sentence(&found.help)) }
                        td class="id" { (found.code) }
                    } } }
                } }
            }
        }
    }
}
