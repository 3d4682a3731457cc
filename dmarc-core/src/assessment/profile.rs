//! Profiles: lists of requirements, each with a level, a verdict and its evidence.

use serde::Serialize;

use crate::diagnostics::Diagnostic;

/// How binding a requirement is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// To be met, or the deviation explained.
    Prescription,
    /// Recommended; never fails.
    Advice,
}

/// What the evidence says about a requirement.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleVerdict {
    /// Met.
    Pass,
    /// Not met.
    Fail,
    /// An advice not followed, or a prescription met in part.
    Warn,
    /// It does not concern this domain.
    NotApplicable,
    /// The evidence was not supplied.
    Undetermined,
}

/// One observation that a verdict rests on.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Evidence {
    /// `dns`, `reports`, `smtp` or `context`.
    pub kind: &'static str,
    /// What was looked at: a name with its record type, or what was counted.
    pub subject: String,
    /// What was seen: the record text, an answer, a count.
    pub value: String,
}

impl Evidence {
    /// What DNS says.
    #[must_use]
    pub fn dns(subject: impl Into<String>, value: impl Into<String>) -> Self {
        Self { kind: "dns", subject: subject.into(), value: value.into() }
    }

    /// What reports say.
    #[must_use]
    pub fn reports(subject: impl Into<String>, value: impl Into<String>) -> Self {
        Self { kind: "reports", subject: subject.into(), value: value.into() }
    }

    /// What was seen at a mail host.
    #[must_use]
    pub fn smtp(subject: impl Into<String>, value: impl Into<String>) -> Self {
        Self { kind: "smtp", subject: subject.into(), value: value.into() }
    }

    /// What the operator says.
    #[must_use]
    pub fn context(subject: impl Into<String>, value: impl Into<String>) -> Self {
        Self { kind: "context", subject: subject.into(), value: value.into() }
    }
}

/// The judgement of one requirement.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Judgement {
    /// Identifier of the requirement in its document.
    pub id: &'static str,
    /// How binding it is.
    pub level: Level,
    /// What the evidence says.
    pub verdict: RuleVerdict,
    /// What the verdict rests on.
    pub evidence: Vec<Evidence>,
    /// Why it is not a pass.
    pub reasons: Vec<Diagnostic>,
    /// Evidence that would be needed to decide; names of kinds and what is asked of them.
    pub missing: Vec<&'static str>,
}

impl Judgement {
    /// A judgement without evidence yet.
    #[must_use]
    pub const fn new(id: &'static str, level: Level, verdict: RuleVerdict) -> Self {
        Self { id, level, verdict, evidence: Vec::new(), reasons: Vec::new(), missing: Vec::new() }
    }

    /// The same, with what it rests on.
    #[must_use]
    pub fn with(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Self {
        self.evidence.extend(evidence);
        self
    }

    /// The same, with a reason.
    #[must_use]
    pub fn because(mut self, reason: Diagnostic) -> Self {
        self.reasons.push(reason);
        self
    }

    /// Undetermined for want of evidence.
    #[must_use]
    pub fn undetermined(
        id: &'static str,
        level: Level,
        missing: impl IntoIterator<Item = &'static str>,
    ) -> Self {
        Self { missing: missing.into_iter().collect(), ..Self::new(id, level, RuleVerdict::Undetermined) }
    }
}

/// A judged profile.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Profile {
    /// Short name.
    pub id: &'static str,
    /// Version of the document.
    pub version: &'static str,
    /// Judgements in the order of the document.
    pub rules: Vec<Judgement>,
}
