//! What to do first: the reasons of all profiles and the findings, each told once, most urgent first.

use std::cmp::Reverse;

use serde_json::{Value, json};

use super::domain::DomainReport;
use super::profile::{Level, RuleVerdict};
use super::profiles::ProfileId;
use crate::diagnostics::{Arg, Catalog, Diagnostic, Severity};

/// Something to do, with the requirements that it would help to meet.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct TopAction {
    /// Why, and what to do: the catalog has the sentences.
    pub reason: Diagnostic,
    /// The requirements that name it, in the order of the profiles.
    pub requirements: Vec<&'static str>,
    /// The worst of their verdicts; a failure for a finding that is an error.
    pub verdict: RuleVerdict,
    /// Whether one of them is a prescription.
    pub prescribed: bool,
}

/// Reasons that are about the same thing, however they are worded: what they are about, and which wording says most.
const TOPICS: &[(&str, &str, u8)] = &[
    ("ubv/policy-none", "policy", 0),
    ("forum/not-quarantine", "policy", 1),
    ("forum/not-reject", "policy", 2),
    ("domain/quiet-policy-none", "policy", 3),
    ("ubv/unsigned-stream", "stream", 2),
    ("forum/failing-stream", "stream", 0),
    ("forum/spf-only-stream", "stream", 1),
    ("forum/small-key", "key", 0),
    ("baseline/weak-key", "key", 1),
    ("dkim/short-key", "key", 2),
    ("ubv/no-rua", "reports", 0),
    ("dmarc/no-reports", "reports", 1),
    ("forum/not-watched", "reports", 2),
    ("baseline/blind-policy", "reports", 0),
    ("ubv/spf-all", "spf-end", 0),
    ("baseline/spf-end", "spf-end", 1),
    ("ubv/spf-unusable", "spf", 1),
    ("domain/no-spf", "no-spf", 0),
    ("domain/no-dmarc", "no-dmarc", 0),
    ("ubv/no-dane", "dane", 0),
];

/// What a reason is about: its topic with the thing it names, else the reason itself.
fn topic(reason: &Diagnostic) -> (String, u8) {
    let known = TOPICS.iter().find(|(code, _, _)| *code == reason.rule.code);
    let (name, order) = known.map_or((reason.rule.code, 0), |(_, topic, order)| (topic, *order));
    let of = ["stream", "selector", "host", "uri", "term", "name"];
    let thing = of.iter().find_map(|key| reason.argument(key)).map(|value| format!("{value:?}"));
    (format!("{name} {}", thing.unwrap_or_default()), order)
}

impl DomainReport {
    /// What to do first. Where somebody else's verdict is emulated, only what they alone see counts.
    #[must_use]
    pub fn actions(&self) -> Vec<TopAction> {
        let mut actions: Vec<(String, u8, TopAction)> = Vec::new();
        let mut note = |reason: &Diagnostic, id: Option<&'static str>, verdict, prescribed| {
            let (about, order) = topic(reason);
            if let Some((_, known, action)) = actions.iter_mut().find(|(other, _, _)| *other == about) {
                action.requirements.extend(id.filter(|id| !action.requirements.contains(id)));
                action.prescribed |= prescribed;
                if verdict == RuleVerdict::Fail {
                    action.verdict = verdict;
                }
                if order < *known {
                    (*known, action.reason) = (order, reason.clone());
                }
                return;
            }
            let requirements = id.into_iter().collect();
            let action = TopAction { reason: reason.clone(), requirements, verdict, prescribed };
            actions.push((about, order, action));
        };
        for profile in &self.profiles {
            let emulated = profile.id == ProfileId::InternetNl.as_str();
            for judgement in &profile.rules {
                let deviates = matches!(judgement.verdict, RuleVerdict::Fail | RuleVerdict::Warn);
                for reason in judgement.reasons.iter().filter(|_| deviates && !emulated) {
                    let prescribed = judgement.level == Level::Prescription;
                    note(reason, Some(judgement.id), judgement.verdict, prescribed);
                }
            }
        }
        for (finding, _) in &self.diagnostics {
            match finding.severity {
                Severity::Error => note(finding, None, RuleVerdict::Fail, false),
                Severity::Warning => note(finding, None, RuleVerdict::Warn, false),
                Severity::Notice => {}
            }
        }
        let mut actions: Vec<TopAction> = actions.into_iter().map(|(_, _, action)| action).collect();
        // Sorting keeps the order of the documents within each kind. The policy comes after what it would harm, and mail
        // that fails before that which may, the most of it first.
        let is_policy = |action: &TopAction| topic(&action.reason).0.starts_with("policy ");
        let messages = |action: &TopAction| match action.reason.argument("messages") {
            Some(Arg::Number(messages)) => *messages,
            _ => 0,
        };
        let waits = actions.iter().any(|action| topic(&action.reason).0.starts_with("stream "));
        actions.sort_by_key(|action| {
            let fails = action.verdict == RuleVerdict::Fail;
            let later = waits && is_policy(action);
            (
                !(fails && action.prescribed),
                !fails,
                !action.prescribed,
                later,
                action.reason.rule.code == "forum/spf-only-stream",
                Reverse(action.requirements.len()),
                Reverse(messages(action)),
            )
        });
        actions
    }
}

/// The JSON form.
pub(super) fn view(report: &DomainReport, catalog: &Catalog) -> Vec<Value> {
    let one = |action: TopAction| {
        json!({
            "code": action.reason.rule.code,
            "message": catalog.message(&action.reason),
            "help": catalog.help(&action.reason),
            "requirements": action.requirements,
            "verdict": action.verdict,
        })
    };
    report.actions().into_iter().map(one).collect()
}
