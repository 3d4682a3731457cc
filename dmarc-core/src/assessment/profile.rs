//! Profiles: lists of requirements, each with a level, a verdict and its evidence.

use serde::Serialize;

use crate::diagnostics::{Catalog, Diagnostic};

/// How binding a requirement is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// To be met, or the deviation explained.
    Prescription,
    /// Recommended; never fails.
    Advice,
}

impl Level {
    /// The word of the JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Prescription => "prescription",
            Self::Advice => "advice",
        }
    }
}

/// What the evidence says about a requirement.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize)]
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

impl RuleVerdict {
    /// Every verdict, best first.
    pub const ALL: [Self; 5] = [Self::Pass, Self::Warn, Self::Fail, Self::Undetermined, Self::NotApplicable];

    /// The word of the JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Warn => "warn",
            Self::NotApplicable => "not-applicable",
            Self::Undetermined => "undetermined",
        }
    }
}

/// One observation that a verdict rests on.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Evidence {
    /// `dns`, `reports`, `smtp`, `message` or `context`.
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

    /// What the headers of a message say.
    #[must_use]
    pub fn message(subject: impl Into<String>, value: impl Into<String>) -> Self {
        Self { kind: "message", subject: subject.into(), value: value.into() }
    }

    /// What the operator says.
    #[must_use]
    pub fn context(subject: impl Into<String>, value: impl Into<String>) -> Self {
        Self { kind: "context", subject: subject.into(), value: value.into() }
    }
}

impl Evidence {
    /// The same in the language of `catalog`; what records, hosts and the operator say stays as it is.
    #[must_use]
    pub fn said(&self, catalog: &Catalog) -> Self {
        let [subject, value] = [&self.subject, &self.value].map(|text| catalog.phrase(text).into_owned());
        Self { kind: self.kind, subject, value }
    }
}

/// What a requirement comes to, before it is known which one it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Ruling {
    pub(super) verdict: RuleVerdict,
    pub(super) evidence: Vec<Evidence>,
    pub(super) reasons: Vec<Diagnostic>,
    pub(super) missing: Vec<&'static str>,
    pub(super) ours: Option<RuleVerdict>,
}

impl Ruling {
    /// A ruling without evidence yet.
    pub(super) const fn new(verdict: RuleVerdict) -> Self {
        Self { verdict, evidence: Vec::new(), reasons: Vec::new(), missing: Vec::new(), ours: None }
    }

    /// Met.
    pub(super) const fn pass() -> Self {
        Self::new(RuleVerdict::Pass)
    }

    /// It does not concern the domain.
    pub(super) const fn not_applicable() -> Self {
        Self::new(RuleVerdict::NotApplicable)
    }

    /// The same, with what it rests on.
    pub(super) fn with(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Self {
        self.evidence.extend(evidence);
        self
    }

    /// The same, with a reason.
    pub(super) fn because(mut self, reason: Diagnostic) -> Self {
        self.reasons.push(reason);
        self
    }

    /// Undetermined for want of evidence.
    pub(super) fn undetermined(missing: impl IntoIterator<Item = &'static str>) -> Self {
        Self { missing: missing.into_iter().collect(), ..Self::new(RuleVerdict::Undetermined) }
    }

    /// `worse` with the reasons there are; undetermined if nothing is wrong and something is missing; else met.
    pub(super) fn settle(mut self, worse: RuleVerdict) -> Self {
        self.verdict = match (self.reasons.is_empty(), self.missing.is_empty()) {
            (false, _) => worse,
            (true, false) => RuleVerdict::Undetermined,
            (true, true) => RuleVerdict::Pass,
        };
        self
    }
}

/// The judgement of one requirement.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Judgement {
    /// Identifier of the requirement in its document.
    pub id: &'static str,
    /// How binding it is.
    pub level: Level,
    /// Where it is written: document, version, date and section.
    pub source: String,
    /// What the evidence says.
    pub verdict: RuleVerdict,
    /// What the verdict rests on.
    pub evidence: Vec<Evidence>,
    /// Why it is not a pass; for a profile that emulates others, also where they part from the RFCs.
    pub reasons: Vec<Diagnostic>,
    /// Evidence that would be needed to decide; names of kinds and what is asked of them.
    pub missing: Vec<&'static str>,
    /// What the operator says to a deviation: "comply or explain".
    pub explanation: Option<String>,
    /// By the RFCs, where the profile emulates somebody else's verdict.
    pub ours: Option<RuleVerdict>,
}

/// A judged profile.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Profile {
    /// Short name.
    pub id: &'static str,
    /// Version of the document.
    pub version: &'static str,
    /// Its date: a year, a month or a day.
    pub date: &'static str,
    /// Judgements in the order of the document.
    pub rules: Vec<Judgement>,
}

impl Profile {
    /// How many requirements have this verdict.
    #[must_use]
    pub fn count(&self, verdict: RuleVerdict) -> usize {
        self.rules.iter().filter(|rule| rule.verdict == verdict).count()
    }
}
