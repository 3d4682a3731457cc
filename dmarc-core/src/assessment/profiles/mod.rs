//! Profiles: guidance documents turned into functions over the facts of a domain.
//!
//! A profile is a table of requirements; each has a function from the facts to a verdict. A requirement without
//! evidence is undetermined, and says what is missing.

mod baseline;
pub(super) mod evidence;
mod forum;
pub(super) mod internet_nl;
mod keys;
mod spf_cost;
mod ubv;

use serde::{Deserialize, Serialize};

use super::domain::DomainReport;
use super::profile::{Judgement, Level, Profile, RuleVerdict, Ruling};
use super::readiness::{Readiness, readiness};
use crate::streams::Judged;

/// What a requirement is judged by.
pub(super) struct Facts<'a> {
    pub(super) report: &'a DomainReport,
    /// Who sends; `None` without reports.
    pub(super) judged: Option<&'a Judged>,
    /// Whether the policy can be made stricter, by policy node.
    pub(super) readiness: Vec<Readiness>,
}

/// A requirement of a document.
pub(super) struct Requirement {
    pub(super) id: &'static str,
    pub(super) level: Level,
    pub(super) section: &'static str,
    pub(super) judge: fn(&Facts<'_>) -> Ruling,
}

const fn prescription(
    id: &'static str,
    section: &'static str,
    judge: fn(&Facts<'_>) -> Ruling,
) -> Requirement {
    Requirement { id, level: Level::Prescription, section, judge }
}

const fn advice(id: &'static str, section: &'static str, judge: fn(&Facts<'_>) -> Ruling) -> Requirement {
    Requirement { id, level: Level::Advice, section, judge }
}

/// A document with its requirements.
pub(super) struct Guidance {
    pub(super) id: ProfileId,
    /// As it is cited.
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    pub(super) date: &'static str,
    pub(super) requirements: &'static [Requirement],
}

/// A profile by its name.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ProfileId {
    /// Edustandaard, Uniforme Beveiligingsvoorschriften 1.0.
    Ubv,
    /// Forum Standaardisatie, six steps to a strict policy.
    Forum,
    /// The mail test of Internet.nl, emulated.
    InternetNl,
    /// What the RFCs advise.
    Baseline,
}

impl ProfileId {
    /// Every profile, in the order in which they are judged.
    pub const ALL: [Self; 4] = [Self::Ubv, Self::Forum, Self::InternetNl, Self::Baseline];

    /// The word of the JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ubv => "ubv",
            Self::Forum => "forum",
            Self::InternetNl => "internet-nl",
            Self::Baseline => "baseline",
        }
    }

    const fn guidance(self) -> &'static Guidance {
        match self {
            Self::Ubv => &ubv::GUIDANCE,
            Self::Forum => &forum::GUIDANCE,
            Self::InternetNl => &internet_nl::GUIDANCE,
            Self::Baseline => &baseline::GUIDANCE,
        }
    }

    /// Its requirements by their identifiers, in the order of the document.
    pub fn requirements(self) -> impl Iterator<Item = &'static str> {
        self.guidance().requirements.iter().map(|requirement| requirement.id)
    }
}

/// Judges the profiles that were chosen, each once, in their own order.
pub(super) fn judge(report: &DomainReport, chosen: &[ProfileId]) -> Vec<Profile> {
    let reported = report.reports.as_ref().is_some_and(|state| state.reports > 0);
    let judged = report.judged.as_ref().filter(|_| reported);
    let readiness = judged.map(readiness).unwrap_or_default();
    let facts = Facts { report, judged, readiness };
    let chosen = ProfileId::ALL.into_iter().filter(|id| chosen.contains(id));
    chosen.map(|id| id.guidance().judge(&facts)).collect()
}

impl Guidance {
    fn judge(&self, facts: &Facts<'_>) -> Profile {
        let rules = self.requirements.iter().map(|requirement| self.judge_one(requirement, facts)).collect();
        Profile { id: self.id.as_str(), version: self.version, date: self.date, rules }
    }

    fn judge_one(&self, requirement: &Requirement, facts: &Facts<'_>) -> Judgement {
        let Ruling { verdict, evidence, reasons, missing, ours } = (requirement.judge)(facts);
        let deviates = matches!(verdict, RuleVerdict::Fail | RuleVerdict::Warn);
        let explanations = &facts.report.context.explanations;
        let explanation = explanations.get(requirement.id).filter(|_| deviates).cloned();
        let source = format!("{} {} ({}), {}", self.name, self.version, self.date, requirement.section);
        Judgement {
            id: requirement.id,
            level: requirement.level,
            source,
            verdict,
            evidence,
            reasons,
            missing,
            explanation,
            ours,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ProfileId;

    #[test]
    fn a_requirement_has_one_identifier_of_its_own() {
        let all: Vec<&str> = ProfileId::ALL.into_iter().flat_map(ProfileId::requirements).collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    }
}
