//! The next safe move, as a part of the report on a domain.

use dmarc_core::assessment::plan::{Blocked, Plan, Publication, Track};
use dmarc_core::diagnostics::Diagnostic;
use maud::{Markup, html};

use super::{capitalized, outside, sentence};
use crate::Context;
use crate::table::number;

/// Streams of a loss that are named.
const LOST: usize = 5;

/// Where the domain stands on the six steps.
pub(super) fn stairs(plan: &Plan, context: &Context) -> Markup {
    let words = &context.texts.plan;
    let state = match (plan.track, plan.step) {
        (_, None) => words.unknown.to_owned(),
        (Track::NoMail, Some(6)) => words.quiet_done.to_owned(),
        (Track::NoMail, _) => words.quiet.to_owned(),
        (_, Some(step)) => (words.step)(step, words.step_name(step)),
    };
    html! {
        p { strong { (capitalized(&state)) "." } }
        @if plan.track == Track::Mail && plan.step.is_some() {
            ol class="stairs" aria-label=(words.steps_label) {
                @for (step, name) in (1u8..).zip(words.steps) {
                    @let class = match plan.step { Some(now) if step < now => "done", Some(now) if step == now => "now", _ => "" };
                    li class=(class) aria-current=[(class == "now").then_some("step")] { span class="step" { (step) } " " (name) }
                }
            }
        }
    }
}

/// What holds the next step up, the lines to publish, what they cost, and the way back.
pub(super) fn section(plan: &Plan, context: &Context) -> Markup {
    let words = &context.texts.plan;
    let publish = match plan.next_step {
        Some(step) => (words.publish_to)(step, words.step_name(step)),
        None => words.publish.to_owned(),
    };
    html! {
        section id="plan" {
            h2 { (words.title) }
            @if !plan.blocked_by.is_empty() {
                h3 { (words.blocked) }
                ul { @for blocked in &plan.blocked_by { li { (held(blocked, context)) } } }
            }
            h3 { (publish) }
            @if plan.publish.is_empty() { p { (words.nothing) } } @else { (lines(&plan.publish, context)) }
            @if !plan.then.is_empty() { h3 { (words.then) } (lines(&plan.then, context)) }
            (loss(plan, context))
            (list(words.watch, &plan.watch, context))
            @if plan.after.earliest.is_some() || !plan.after.conditions.is_empty() {
                h3 { (words.after) }
                @if let Some(earliest) = plan.after.earliest { p { (capitalized(&(words.earliest)(&earliest.day()))) ":" } }
                ul { @for one in &plan.after.conditions { li { (sentence(&context.catalog.message(one))) } } }
            }
            @if !plan.roll_back.is_empty() { h3 { (words.back) } (lines(&plan.roll_back, context)) }
            (list(words.notes, &plan.notes, context))
        }
    }
}

fn held(blocked: &Blocked, context: &Context) -> Markup {
    html! {
        strong { (sentence(&capitalized(&context.catalog.message(&blocked.reason)))) }
        div { (sentence(&capitalized(&context.catalog.help(&blocked.reason)))) }
        div class="aside" { span class="id" { (blocked.reason.rule.code) } }
    }
}

/// Lines of a zone file: what goes stands behind a semicolon.
fn lines(publications: &[Publication], context: &Context) -> Markup {
    let words = &context.texts.plan;
    let each = |one: &Publication| {
        let old = one.old_line().map(|old| format!("; {}: {}\n", words.gone, outside(&old)));
        let new = one.zone_line().map(|new| format!("{}\n", outside(&new)));
        [old, new].into_iter().flatten().collect::<String>()
    };
    html! { pre { (publications.iter().map(each).collect::<String>()) } }
}

fn loss(plan: &Plan, context: &Context) -> Markup {
    let (loss, words, texts) = (&plan.loss, &context.texts.plan, context.texts);
    if loss.messages == 0 {
        return html! {};
    }
    let count = |count| number(count, texts.thousands);
    let percent = loss.share.map_or_else(|| "-".to_owned(), |share| format!("{:.2}%", share * 100.0));
    html! {
        h3 { (words.loss) }
        p { (capitalized(&(words.lost)(&count(loss.messages), &percent, loss.weeks))) "." }
        @if loss.residual > 0 { p { ((words.residual)(&count(loss.residual))) "." } }
        ul {
            @for one in loss.streams.iter().take(LOST) {
                @let known = one.stream.split_once(':').map_or(one.stream.as_str(), |(_, known)| known);
                li { (count(one.messages)) " × " code { (outside(known)) } " (" ((texts.streams.class)(one.class)) ")" }
            }
            @if let Some(more) = loss.streams.len().checked_sub(LOST).filter(|more| *more > 0) { li { ((words.more)(more)) } }
        }
    }
}

fn list(title: &str, found: &[Diagnostic], context: &Context) -> Markup {
    html! {
        @if !found.is_empty() {
            h3 { (title) }
            ul { @for one in found { li {
                (sentence(&capitalized(&context.catalog.message(one))))
                div class="aside" { (sentence(&context.catalog.help(one))) }
            } } }
        }
    }
}
