//! Many domains in one run: how many have a strict policy, which requirements they meet, and what to mend first.
//!
//! [`DomainList`] reads the list, [`Portfolio`] folds the reports; [`PortfolioRequest`] does both over a snapshot. "Strict" is what the guidance measures
//! ("voldoende strikt"): an effective policy of `quarantine` or `reject`. Where that policy holds in part only (`t=y`,
//! `pct` below 100, a weaker `sp` or `np`), the domain counts, and is counted apart besides.

mod list;
mod request;
mod view;

use std::collections::BTreeMap;

pub use list::{DomainList, ListProblem};
pub use request::{Listed, PortfolioRequest};
use serde::Serialize;

use super::domain::DomainReport;
use super::profile::RuleVerdict;
use super::profiles::evidence::{is_quiet, partial, policies, policy_is_settled};
use crate::diagnostics::{Diagnostic, Severity};
use crate::dmarc::Policy;
use crate::name::DomainName;

/// Domains that are named of one finding.
const NAMED: usize = 5;

/// The policy in effect at a domain.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyInEffect {
    /// Mail that fails is to be rejected.
    Reject,
    /// It is to be treated as suspicious.
    Quarantine,
    /// Nothing is asked.
    None,
    /// There is no usable record.
    NoPolicy,
    /// It is not known here.
    Undetermined,
}

impl PolicyInEffect {
    /// Every one, strictest first.
    pub const ALL: [Self; 5] =
        [Self::Reject, Self::Quarantine, Self::None, Self::NoPolicy, Self::Undetermined];

    fn of(report: &DomainReport) -> Self {
        match report.discovered.policy() {
            _ if !policy_is_settled(report) => Self::Undetermined,
            None => Self::NoPolicy,
            Some(requested) => match requested.policy {
                Policy::None => Self::None,
                Policy::Quarantine => Self::Quarantine,
                _ => Self::Reject,
            },
        }
    }

    /// Whether it counts as strict.
    #[must_use]
    pub const fn is_strict(self) -> bool {
        matches!(self, Self::Reject | Self::Quarantine)
    }

    /// The word of the JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reject => "reject",
            Self::Quarantine => "quarantine",
            Self::None => "none",
            Self::NoPolicy => "no-policy",
            Self::Undetermined => "undetermined",
        }
    }
}

/// What is kept of one domain.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PortfolioRow {
    /// The domain.
    pub domain: DomainName,
    /// The policy in effect.
    pub policy: PolicyInEffect,
    /// Whether that is strict.
    pub strict: bool,
    /// What keeps it from holding in full: `t`, `pct`, `sp` or `np`.
    pub in_part: Option<&'static str>,
    /// Where the policy comes from, if that is another name.
    pub inherited_from: Option<DomainName>,
    /// Whether it neither sends nor takes mail; null if that is not known.
    pub without_mail: Option<bool>,
    /// Requirements that are not met.
    pub failed: Vec<&'static str>,
    /// How many requirements have a warning, or cannot be determined.
    pub warned: usize,
    /// Those that cannot be determined.
    pub undetermined: usize,
    /// Findings in its records that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
}

/// How often each verdict was given for a requirement.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Verdicts {
    /// Met.
    pub pass: u64,
    /// Met in part, or an advice not followed.
    pub warn: u64,
    /// Not met.
    pub fail: u64,
    /// Not determined for want of evidence.
    pub undetermined: u64,
    /// It does not concern the domain.
    pub not_applicable: u64,
}

impl Verdicts {
    const fn slot(&mut self, verdict: RuleVerdict) -> &mut u64 {
        match verdict {
            RuleVerdict::Pass => &mut self.pass,
            RuleVerdict::Warn => &mut self.warn,
            RuleVerdict::Fail => &mut self.fail,
            RuleVerdict::Undetermined => &mut self.undetermined,
            RuleVerdict::NotApplicable => &mut self.not_applicable,
        }
    }
}

/// How many domains have a finding.
#[derive(Clone, Debug)]
struct Found {
    /// The first of them.
    example: Diagnostic,
    severity: Severity,
    domains: u64,
    first: Vec<DomainName>,
}

/// The sums over many domains.
///
/// ```
/// use dmarc_core::assessment::Portfolio;
///
/// let portfolio = Portfolio::default();
/// assert_eq!(portfolio.strict_share(), None);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Portfolio {
    rows: Vec<PortfolioRow>,
    /// By profile and requirement, in the order of the documents.
    rules: Vec<(&'static str, &'static str, Verdicts)>,
    findings: BTreeMap<&'static str, Found>,
    list: Option<DomainList>,
}

impl Portfolio {
    /// A portfolio of the domains of a list: what is wrong with the list is stated in the result.
    #[must_use]
    pub fn of_list(list: DomainList) -> Self {
        Self { list: Some(list), ..Self::default() }
    }

    /// Adds the report on a domain.
    pub fn add(&mut self, report: &DomainReport) {
        let policy = PolicyInEffect::of(report);
        let found_at = report.discovered.found().map(|found| &found.policy_domain);
        let mut row = PortfolioRow {
            domain: report.domain.clone(),
            policy,
            strict: policy.is_strict(),
            in_part: in_part(report).filter(|_| policy.is_strict()),
            inherited_from: found_at.filter(|name| **name != report.domain).cloned(),
            without_mail: is_quiet(report),
            failed: Vec::new(),
            warned: 0,
            undetermined: 0,
            errors: 0,
            warnings: 0,
        };
        for profile in &report.profiles {
            for judgement in &profile.rules {
                match judgement.verdict {
                    RuleVerdict::Fail => row.failed.push(judgement.id),
                    RuleVerdict::Warn => row.warned += 1,
                    RuleVerdict::Undetermined => row.undetermined += 1,
                    _ => {}
                }
                let slot = self.rules.iter().position(|(_, id, _)| *id == judgement.id);
                let slot = slot.unwrap_or_else(|| {
                    self.rules.push((profile.id, judgement.id, Verdicts::default()));
                    self.rules.len() - 1
                });
                if let Some((_, _, verdicts)) = self.rules.get_mut(slot) {
                    *verdicts.slot(judgement.verdict) += 1;
                }
            }
        }
        let mut told: Vec<&'static str> = Vec::new();
        for (diagnostic, _) in &report.diagnostics {
            match diagnostic.severity {
                Severity::Error => row.errors += 1,
                Severity::Warning => row.warnings += 1,
                Severity::Notice => continue,
            }
            // A domain counts once per rule.
            if told.contains(&diagnostic.rule.code) {
                continue;
            }
            told.push(diagnostic.rule.code);
            let found = self.findings.entry(diagnostic.rule.code).or_insert_with(|| Found {
                example: diagnostic.clone(),
                severity: diagnostic.severity,
                domains: 0,
                first: Vec::new(),
            });
            found.domains += 1;
            found.severity = found.severity.max(diagnostic.severity);
            if found.first.len() < NAMED {
                found.first.push(report.domain.clone());
            }
        }
        self.rows.push(row);
    }

    /// What is kept of each domain, in the order in which they were added.
    #[must_use]
    pub fn rows(&self) -> &[PortfolioRow] {
        &self.rows
    }

    /// The same, the worst first: without a policy, then by requirements that fail and errors.
    #[must_use]
    pub fn worst_first(&self) -> Vec<&PortfolioRow> {
        let mut rows: Vec<&PortfolioRow> = self.rows.iter().collect();
        rows.sort_by_key(|row| {
            let open = match row.policy {
                PolicyInEffect::NoPolicy => 0,
                PolicyInEffect::None => 1,
                _ if row.in_part.is_some() => 2,
                PolicyInEffect::Undetermined => 3,
                _ => 4,
            };
            (open, std::cmp::Reverse((row.failed.len(), row.errors, row.warned)), row.domain.clone())
        });
        rows
    }

    /// How many domains have this policy.
    #[must_use]
    pub fn with_policy(&self, policy: PolicyInEffect) -> usize {
        self.rows.iter().filter(|row| row.policy == policy).count()
    }

    /// How many domains have a strict policy.
    #[must_use]
    pub fn strict(&self) -> usize {
        self.rows.iter().filter(|row| row.strict).count()
    }

    /// How many of those have it in part only.
    #[must_use]
    pub fn strict_in_part(&self) -> usize {
        self.rows.iter().filter(|row| row.in_part.is_some()).count()
    }

    /// The share of domains with a strict policy, of those whose policy is known; `None` if there are none.
    #[must_use]
    pub fn strict_share(&self) -> Option<f64> {
        let known = self.rows.len() - self.with_policy(PolicyInEffect::Undetermined);
        (known > 0).then(|| self.strict() as f64 / known as f64)
    }

    /// The findings in the records of the domains, worst first: by severity, then by how many domains have it. Each
    /// with the first of its kind, how many domains have it, and some of these.
    #[must_use]
    pub fn findings(&self) -> Vec<(&Diagnostic, Severity, u64, &[DomainName])> {
        let mut found: Vec<&Found> = self.findings.values().collect();
        found.sort_by_key(|found| std::cmp::Reverse((found.severity, found.domains)));
        found
            .into_iter()
            .map(|found| (&found.example, found.severity, found.domains, found.first.as_slice()))
            .collect()
    }

    /// How often each verdict was given, by profile and requirement.
    #[must_use]
    pub fn rules(&self) -> &[(&'static str, &'static str, Verdicts)] {
        &self.rules
    }

    /// The list, if it was made of one.
    #[must_use]
    pub const fn list(&self) -> Option<&DomainList> {
        self.list.as_ref()
    }
}

/// What keeps a strict policy from holding in full.
fn in_part(report: &DomainReport) -> Option<&'static str> {
    if let Some((tag, _)) = partial(report) {
        return Some(tag);
    }
    let [(_, own), below @ ..] = policies(report);
    let own = own?.policy;
    below
        .iter()
        .filter_map(|(_, policy)| policy.as_ref())
        .find(|policy| policy.policy < own)
        .map(|one| one.tag)
}
