//! The report on a domain on one screen: the verdict per profile, the step, who sends, and what to do first.

use dmarc_core::assessment::{DomainReport, Outcome as Assessed, RuleVerdict, TopAction};
use dmarc_core::dmarc::Policy;
use dmarc_core::dmarc::discovery::Discovery;
use serde_json::Value;

use super::text::Page;
use crate::output::Paint;
use crate::table::{Column, Rows, Tone};
use crate::texts::Texts;
use crate::{Context, streams};

/// Actions that are shown.
const ACTIONS: usize = 6;

/// What the policy comes to, in a sentence, and how that reads.
pub(crate) fn headline(report: &DomainReport, texts: &Texts) -> (anstyle::Style, &'static str) {
    let words = &texts.domain;
    match (&report.discovered.discovery, report.discovered.policy()) {
        (_, Some(requested)) => match requested.applied {
            Policy::None => (Paint::BAD, words.open),
            Policy::Quarantine => (Paint::CARE, words.half),
            _ => (Paint::GOOD, words.closed),
        },
        (Discovery::Failed { .. } | Discovery::NotKnown { .. }, _) => (Paint::CARE, words.not_known),
        _ => (Paint::BAD, words.no_policy),
    }
}

/// The step that the plan has the domain at.
pub(crate) fn step(view: &Value) -> Option<String> {
    match &view["plan"]["step"] {
        Value::Number(step) => Some(step.to_string()),
        Value::String(step) => Some(step.clone()),
        _ => None,
    }
}

impl Page<'_> {
    /// Everything below the headline.
    pub(super) fn screen(&self, assessed: &Assessed, context: &Context) -> String {
        let words = &self.texts.report;
        let mut text = self.verdicts();
        if let Some(step) = step(&assessed.view(&context.catalog)) {
            text.push_str(&format!("\n{}\n", (words.step)(&step)));
            let hint = (words.plan_hint)(self.report.domain.as_str());
            text.push_str(&format!("{}\n", self.paint.paint(Paint::ASIDE, &hint)));
        }
        text.push_str(&self.actions(context));
        if let Some(judged) = &self.report.judged {
            text.push_str(&streams::table(&judged.streams, self.texts, self.paint, false));
        }
        text.push_str(&format!("\n{}\n", self.paint.paint(Paint::ASIDE, words.details_hint)));
        text
    }

    fn verdicts(&self) -> String {
        let (words, domain) = (&self.texts.report, &self.texts.domain);
        let mut rows = Rows::new(
            self.paint,
            &[
                (words.guidance, Column::Text),
                (domain.pass, Column::Number),
                (domain.warn, Column::Number),
                (domain.fail, Column::Number),
                (domain.undetermined, Column::Number),
                (domain.not_applicable, Column::Number),
            ],
        );
        for profile in &self.report.profiles {
            let count = |verdict| profile.count(verdict);
            let cell = |verdict, tone| {
                let count = count(verdict);
                (count.to_string(), if count > 0 { tone } else { Tone::Aside })
            };
            let name = format!("{} {}", words.name(profile.id), profile.version);
            let cells = [
                cell(RuleVerdict::Pass, Tone::Good),
                cell(RuleVerdict::Warn, Tone::Care),
                cell(RuleVerdict::Fail, Tone::Bad),
                cell(RuleVerdict::Undetermined, Tone::Aside),
                cell(RuleVerdict::NotApplicable, Tone::Aside),
            ];
            let cells = cells.iter().map(|(text, tone)| (text.as_str(), *tone));
            rows.row(std::iter::once((name.as_str(), Tone::Plain)).chain(cells));
        }
        format!("\n{}", rows.text())
    }

    fn actions(&self, context: &Context) -> String {
        let words = &self.texts.report;
        let all = self.report.actions();
        let mut text = self.heading(words.actions);
        if all.is_empty() {
            text.push_str(&self.aside(words.no_actions));
        }
        for (index, action) in all.iter().take(ACTIONS).enumerate() {
            text.push_str(&self.action(index + 1, action, context));
        }
        if let Some(more) = all.len().checked_sub(ACTIONS).filter(|more| *more > 0) {
            text.push_str(&self.aside(&(words.more_actions)(more)));
        }
        text
    }

    fn action(&self, number: usize, action: &TopAction, context: &Context) -> String {
        let message = context.catalog.message(&action.reason);
        let help = context.catalog.help(&action.reason);
        let mut ids = action.requirements.clone();
        ids.push(action.reason.rule.code);
        let ids = self.paint.paint(Paint::ASIDE, &format!("[{}]", ids.join(", ")));
        format!("  {number}. {message}\n     → {help}\n     {ids}\n")
    }
}
