//! A verdict on a message as a person reads it.

use anstyle::Style;
use dmarc_core::assessment::MessageReport;
use dmarc_core::authres::{Chosen, Evidence};
use dmarc_core::diagnostics::{Severity, View, escape};
use dmarc_core::dmarc::{DmarcResult, Evaluated, Judged};
use dmarc_core::evaluation::Cost;

use crate::output::Paint;
use crate::table::{Column, Rows, Tone};
use crate::texts::message::Message;
use crate::{Context, findings};

/// Most characters of a name that are shown.
const NAME: usize = 300;

/// Headline, policy, results, reasons, cost.
pub(super) fn of(report: &MessageReport, cost: Cost, context: &Context) -> String {
    let words = &context.texts.message;
    let paint = context.out.paint;
    let heading = |title: &str| format!("\n{}\n", paint.paint(Paint::HEADING, title));
    let mut text = headline(report, words, paint);
    if let Some(evaluated) = report.evaluated() {
        text.push_str(&facts(evaluated, words));
        let judged = evaluated.spf.iter().map(|spf| ("SPF", spf));
        let judged: Vec<_> = judged.chain(evaluated.dkim.iter().map(|dkim| ("DKIM", dkim))).collect();
        if !judged.is_empty() {
            text.push_str(&heading(words.alignment));
            text.push_str(&results(&judged, words, paint));
        }
    }
    if let Some(evidence) = &report.evidence {
        text.push_str(&heading(words.receiver));
        for line in receiver(evidence, words) {
            text.push_str(&format!("  {line}\n"));
        }
    }
    text.push_str(&signatures(report, context));
    text.push_str(&heading(words.why));
    for (number, step) in report.steps.iter().enumerate() {
        let style = match step.severity {
            Severity::Error => Paint::BAD,
            Severity::Warning => Paint::CARE,
            Severity::Notice => Style::new(),
        };
        let sentence = context.catalog.message(step);
        text.push_str(&format!("  {:>2}. {}\n", number + 1, paint.paint(style, &sentence)));
    }
    if let Some(field) = report.evaluated().and_then(dmarc_core::authres::of_dmarc) {
        text.push_str(&heading(words.field));
        text.push_str(&format!("  {field}\n"));
    }
    let asked = (context.texts.domain.cost)(cost.asked, cost.rounds);
    text.push_str(&format!("\n{}\n", paint.paint(Paint::ASIDE, &asked)));
    text
}

/// The key that each signature names, and what is wrong with the signatures.
fn signatures(report: &MessageReport, context: &Context) -> String {
    let views = report.signature_views(&context.catalog);
    if views.is_empty() {
        return String::new();
    }
    let (words, paint) = (&context.texts.message, context.out.paint);
    let mut text = format!("\n{}\n", paint.paint(Paint::HEADING, words.signatures));
    for view in &views {
        let tag = |name: &str| escape(view.effective[name].as_str().unwrap_or("?"), NAME);
        text.push_str(&format!("  {}._domainkey.{} ({})\n", tag("s"), tag("d"), tag("a")));
    }
    let found: Vec<(View, &[u8])> = views
        .iter()
        .flat_map(|view| view.diagnostics.iter().map(|found| (found.clone(), view.input.as_bytes())))
        .collect();
    text.push_str(&format!("\n{}", findings::about_many(&found, context.texts, paint)));
    text
}

fn headline(report: &MessageReport, words: &Message, paint: Paint) -> String {
    let (style, sentence) = match report.result {
        Some(DmarcResult::Pass) => (Paint::GOOD, words.pass),
        Some(DmarcResult::Fail) => (Paint::BAD, words.fail),
        Some(DmarcResult::None) => (Paint::CARE, words.none),
        Some(DmarcResult::Temperror) => (Paint::CARE, words.temperror),
        Some(DmarcResult::Permerror) => (Paint::BAD, words.permerror),
        None => (Paint::CARE, words.undetermined),
    };
    let name = match report.evaluated() {
        Some(evaluated) => escape(&evaluated.author.name().to_unicode(), NAME),
        None => words.no_author.to_owned(),
    };
    format!(
        "{}: {}\n{}\n",
        paint.paint(Paint::HEADING, &name),
        paint.paint(style, sentence),
        paint.paint(Paint::ASIDE, &(words.under)(report.edition.as_str()))
    )
}

/// Author, organization and policy.
fn facts(evaluated: &Evaluated, words: &Message) -> String {
    let mut lines = vec![(words.author, evaluated.author.to_string())];
    if let Some(organization) = &evaluated.organizational_domain {
        lines.push((words.organization, organization.to_string()));
    }
    if let (Some(policy), Some(found)) = (&evaluated.policy, evaluated.discovered.found()) {
        let published = policy.published.as_str();
        let mut asked = (words.asked)(published, policy.tag.as_str(), &found.policy_domain.to_string());
        if policy.requested != policy.published {
            asked.push_str(&(words.softened)(policy.requested.as_str()));
        }
        lines.push((words.policy, asked));
    }
    let width = lines.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
    let mut text = String::from("\n");
    for (label, value) in lines {
        let gap = " ".repeat(width - label.chars().count());
        text.push_str(&format!("  {label}{gap}  {value}\n"));
    }
    text
}

/// Who is believed, and what was checked.
fn receiver(evidence: &Evidence, words: &Message) -> Vec<String> {
    let id = evidence.authserv_id.as_ref().map(|id| escape(id, NAME));
    let mut lines = vec![match (id, evidence.chosen) {
        (Some(id), Some(Chosen::Given)) => (words.given)(&id),
        (Some(id), _) => (words.topmost)(&id),
        _ => words.nobody.to_owned(),
    }];
    let believed = || evidence.statements.iter().filter(|statement| statement.is_trusted);
    if evidence.authserv_id.is_some() {
        let mut methods = Vec::new();
        for found in believed().flat_map(|statement| &statement.field.results) {
            let method = escape(&found.method.to_uppercase(), NAME);
            if found.result.is_some() && !methods.contains(&method) {
                methods.push(method);
            }
        }
        lines.push(match methods.is_empty() {
            true => words.not_checked.to_owned(),
            false => (words.checked)(&methods.join(", ")),
        });
    }
    if let Some(dmarc) = &evidence.dmarc {
        lines.push((words.said)(dmarc.result.as_str()));
        match dmarc.is_honored() {
            Some(true) => lines.push(words.honored.to_owned()),
            Some(false) => lines.push(words.not_honored.to_owned()),
            None => {}
        }
    }
    let ignored = evidence.statements.len() - believed().count();
    if ignored > 0 {
        lines.push((words.ignored)(ignored));
    }
    lines
}

fn results(judged: &[(&str, &Judged)], words: &Message, paint: Paint) -> String {
    let mut rows = Rows::new(
        paint,
        &[
            (words.mechanism, Column::Text),
            (words.domain, Column::Text),
            (words.result, Column::Text),
            (words.aligned, Column::Text),
        ],
    );
    for (mechanism, judged) in judged {
        let domain = judged.identifier.domain.as_ref().map_or("-".to_owned(), ToString::to_string);
        let (aligned, tone) = match judged.aligned_pass() {
            Some(true) => (words.yes, Tone::Good),
            Some(false) => (words.no, Tone::Bad),
            None => (words.open, Tone::Aside),
        };
        rows.row([
            (*mechanism, Tone::Plain),
            (domain.as_str(), Tone::Plain),
            (judged.identifier.result.as_str(), Tone::Plain),
            (aligned, tone),
        ]);
    }
    rows.text()
}
