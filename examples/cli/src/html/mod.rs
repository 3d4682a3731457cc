//! Reports as pages that stand by themselves: one file, nothing loaded from elsewhere, fit to be printed.
//!
//! Templates escape every value by its type. Colors are never the only sign: each verdict has its word.

mod chart;
pub(crate) mod domain;
mod plan;
pub(crate) mod portfolio;

use dmarc_core::assessment::RuleVerdict;
use dmarc_core::diagnostics::escape;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::Context;
use crate::texts::Texts;
use crate::versions;

/// Written by hand and part of the program.
const STYLE: &str = include_str!("style.css");
/// Most characters of one value from outside.
const VALUE: usize = 2_000;

/// A whole page.
fn page(context: &Context, title: &str, lead: &Markup, body: &Markup, below: &str) -> String {
    let language = context.texts.language.as_str();
    let words = &context.texts.report;
    let page = html! {
        (DOCTYPE)
        html lang=(language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header { h1 { (title) } (lead) }
                main { (body) }
                footer {
                    p { (below) }
                    p { ((words.made_by)(versions::PROGRAM)) }
                }
            }
        }
    };
    page.into_string() + "\n"
}

/// The word and class of a verdict.
fn verdict(texts: &Texts, verdict: RuleVerdict) -> (&'static str, &'static str) {
    let words = &texts.domain;
    match verdict {
        RuleVerdict::Pass => (words.pass, "good"),
        RuleVerdict::Warn => (words.warn, "care"),
        RuleVerdict::Fail => (words.fail, "bad"),
        RuleVerdict::NotApplicable => (words.not_applicable, "open"),
        RuleVerdict::Undetermined => (words.undetermined, "open"),
    }
}

/// A verdict as it stands in a cell.
fn mark(texts: &Texts, of: RuleVerdict) -> Markup {
    let (word, class) = verdict(texts, of);
    html! { span class={ "mark " (class) } { (word) } }
}

/// Text from outside: what hides or reorders is shown as an escape.
fn outside(text: &str) -> String {
    escape(text, VALUE)
}

/// A sentence that stands by itself.
fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// A sentence in which what stands between backquotes is code.
fn sentence(text: &str) -> Markup {
    let parts: Vec<&str> = text.split('`').collect();
    // An odd number of backquotes is no pair.
    if parts.len().is_multiple_of(2) {
        return html! { (text) };
    }
    html! {
        @for (index, part) in parts.iter().enumerate() {
            @if index % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}
