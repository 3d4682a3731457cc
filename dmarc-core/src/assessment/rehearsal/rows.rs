//! Reported rows that differ in nothing that DMARC looks at, with their messages: what is replayed.

use std::collections::HashMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::state::State;
use crate::authres::AuthResult;
use crate::name::DomainName;
use crate::report::aggregate::{Coded, DkimResult, Head, Record, SourceIp, SpfResult, SpfScope, Verdict};
use crate::report::batch::normalized;
use crate::streams::describe;

/// Signatures of a row that are replayed.
pub(super) const SIGNATURES: usize = 6;
/// Rows that are told apart; what is beyond counts as undecided.
const ROWS: usize = 500_000;

/// A row, but for its counts.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(super) struct Row {
    pub(super) policy_domain: String,
    pub(super) author: String,
    pub(super) ip: Option<IpAddr>,
    /// The domain that SPF was checked for, and the result; `None` if the report has none.
    pub(super) spf: Option<(String, AuthResult)>,
    /// `d=`, selector if the report has one, result.
    pub(super) dkim: Vec<(String, Option<String>, AuthResult)>,
    /// Whether the reporter's verdicts were a pass; `None` if neither can be read.
    pub(super) passed: Option<bool>,
    /// What streams know it by.
    pub(super) look: String,
}

/// What was reported of a row.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Counts {
    pub(super) messages: u64,
    /// Messages whose disposition was `quarantine` or `reject`.
    pub(super) enforced: u64,
}

/// Rows of reports, where a collector [gathers them](crate::report::batch::Collector::with_rows): small state in, small
/// state out, as [`Traces`](crate::streams::Traces) are.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(into = "State", try_from = "State")]
pub struct Rows {
    pub(super) rows: HashMap<Row, Counts>,
    /// Messages of rows beyond the limit.
    pub(super) left_out: u64,
}

/// The rows of the report that is being read.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReportRows(Rows);

impl ReportRows {
    /// Counts a record.
    pub(crate) fn add(&mut self, record: &Record) {
        let messages = record.messages().unwrap_or_default();
        let enforced = record.disposition().is_some_and(|done| matches!(done.raw(), "quarantine" | "reject"));
        let counts = Counts { messages, enforced: if enforced { messages } else { 0 } };
        self.0.add(Row::new(record), counts);
    }
}

impl Rows {
    /// Adds those of a report, whose head is whole by now.
    pub(crate) fn take(&mut self, head: &Head, report: ReportRows) {
        let policy = head.policy.as_ref();
        let domain = normalized(policy.and_then(|policy| policy.domain.as_deref()).unwrap_or_default());
        self.left_out = self.left_out.saturating_add(report.0.left_out);
        for (row, counts) in report.0.rows {
            self.add(Row { policy_domain: domain.clone(), ..row }, counts);
        }
    }

    pub(super) fn add(&mut self, row: Row, counts: Counts) {
        if self.rows.len() >= ROWS && !self.rows.contains_key(&row) {
            self.left_out = self.left_out.saturating_add(counts.messages);
            return;
        }
        let sum = self.rows.entry(row).or_default();
        sum.messages = sum.messages.saturating_add(counts.messages);
        sum.enforced = sum.enforced.saturating_add(counts.enforced);
    }

    /// Adds what another gathered.
    pub fn merge(&mut self, other: Self) {
        self.left_out = self.left_out.saturating_add(other.left_out);
        for (row, counts) in other.rows {
            self.add(row, counts);
        }
    }

    /// Those of a domain and of the domains below it, by where the policy was found. Messages that are not told apart
    /// may be of any domain, and go along.
    #[must_use]
    pub fn of(&self, domain: &DomainName) -> Self {
        let mut within: HashMap<&str, bool> = HashMap::new();
        let mut is_within = |name| {
            *within
                .entry(name)
                .or_insert_with(|| DomainName::parse(name).is_ok_and(|name| name.is_within(domain)))
        };
        let rows = self.rows.iter().filter(|(row, _)| is_within(&row.policy_domain));
        Self { rows: rows.map(|(row, counts)| (row.clone(), *counts)).collect(), left_out: self.left_out }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All of them in order, so that the same rows give the same work.
    pub(super) fn ordered(&self) -> Vec<(&Row, Counts)> {
        let mut ordered: Vec<_> = self.rows.iter().map(|(row, counts)| (row, *counts)).collect();
        ordered.sort_unstable_by_key(|(row, _)| *row);
        ordered
    }
}

impl Row {
    fn new(record: &Record) -> Self {
        let results = record.auth_results.as_ref();
        let of_scope = |scope: SpfScope| {
            results?.spf.iter().find(|each| each.scope.as_ref().is_some_and(|coded| coded.value() == scope))
        };
        // DMARC looks at MAIL FROM (RFC 9989, 4.4.2); a null one is checked as the greeting's name.
        let spf = of_scope(SpfScope::Mfrom)
            .or_else(|| results?.spf.iter().find(|each| each.scope.is_none()))
            .or_else(|| results?.spf.first());
        let spf = spf.and_then(|each| {
            let domain = normalized(each.domain.as_deref().filter(|domain| !domain.is_empty())?);
            Some((domain, of_spf(each.result.as_ref().map(Coded::value)?)?))
        });
        let dkim =
            results.into_iter().flat_map(|results| &results.dkim).take(SIGNATURES).filter_map(|each| {
                let domain = normalized(each.domain.as_deref().filter(|domain| !domain.is_empty())?);
                let result = of_dkim(each.result.as_ref().map(Coded::value)?)?;
                Some((domain, each.selector.as_deref().map(normalized), result))
            });
        let mut look = String::new();
        describe(&mut look, record);
        let verdicts = [record.dkim_verdict(), record.spf_verdict()].map(|verdict| verdict.map(Coded::value));
        Self {
            policy_domain: String::new(),
            author: normalized(record.header_from().unwrap_or_default()),
            ip: record.source_ip.as_ref().and_then(SourceIp::address),
            spf,
            dkim: dkim.collect(),
            passed: if verdicts.contains(&Some(Verdict::Pass)) {
                Some(true)
            } else {
                verdicts.contains(&Some(Verdict::Fail)).then_some(false)
            },
            look,
        }
    }
}

const fn of_spf(result: SpfResult) -> Option<AuthResult> {
    Some(match result {
        SpfResult::None => AuthResult::None,
        SpfResult::Neutral => AuthResult::Neutral,
        SpfResult::Pass => AuthResult::Pass,
        SpfResult::Fail => AuthResult::Fail,
        SpfResult::SoftFail => AuthResult::Softfail,
        SpfResult::TempError => AuthResult::Temperror,
        SpfResult::PermError => AuthResult::Permerror,
        _ => return None,
    })
}

const fn of_dkim(result: DkimResult) -> Option<AuthResult> {
    Some(match result {
        DkimResult::None => AuthResult::None,
        DkimResult::Neutral => AuthResult::Neutral,
        DkimResult::Pass => AuthResult::Pass,
        DkimResult::Fail => AuthResult::Fail,
        DkimResult::Policy => AuthResult::Policy,
        DkimResult::TempError => AuthResult::Temperror,
        DkimResult::PermError => AuthResult::Permerror,
        _ => return None,
    })
}
