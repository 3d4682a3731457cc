//! What aggregate reports say about one domain, summed: an assessment holds sums, never rows.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::rehearsal::Rows;
use crate::name::DomainName;
use crate::report::batch::{Batch, Entry, EntryView, Outcomes, Signer, SourceView, Sources};
use crate::streams::{Judged, Maps, Thresholds, Traces, judge_with};

/// The reports about one domain and the names below it, summed.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportState {
    /// Inputs that were given, whatever they are about.
    pub inputs: u64,
    /// Inputs of which nothing could be read.
    pub inputs_refused: u64,
    /// Reports about the domain, each counted once.
    pub reports: u64,
    /// Who sent them.
    pub reporters: u64,
    /// Messages that they count.
    pub messages: u64,
    /// Begin of the first, in epoch seconds.
    pub begin: Option<i64>,
    /// End of the last, in epoch seconds.
    pub end: Option<i64>,
    /// Who sends.
    pub sources: Sources,
    /// Keys of the domain and of names below it, by which mail was signed that passed DMARC; the one with
    /// most messages first.
    pub signers: Vec<Signer>,
    /// What streams are told apart by.
    pub traces: Traces,
    /// What a change of records is rehearsed on, where it was gathered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<Box<Rows>>,
    /// Reports about other domains; they count in nothing else.
    pub elsewhere: u32,
    /// Reports about the domain that end before they begin.
    pub backwards: u32,
}

/// How the sums are shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReportStateView {
    /// Inputs that were given, whatever they are about.
    pub inputs: u64,
    /// Inputs of which nothing could be read.
    pub inputs_refused: u64,
    /// Reports about the domain, each counted once.
    pub reports: u64,
    /// Who sent them.
    pub reporters: u64,
    /// Messages that they count.
    pub messages: u64,
    /// Messages for which either mechanism passed.
    pub aligned: u64,
    /// By DKIM verdict.
    pub dkim: Outcomes,
    /// By SPF verdict.
    pub spf: Outcomes,
    /// Begin of the first, in epoch seconds.
    pub begin: Option<i64>,
    /// End of the last, in epoch seconds.
    pub end: Option<i64>,
    /// Who sends, the one with most messages first.
    pub sources: Vec<SourceView>,
    /// Keys of the domain and of names below it, by which mail was signed that passed DMARC; the one with
    /// most messages first.
    pub signers: Vec<Signer>,
}

impl ReportState {
    /// What a batch says about a domain and the names below it. A report that came twice counts once.
    #[must_use]
    pub fn of(domain: &DomainName, batch: &Batch) -> Self {
        let mut reporters = BTreeSet::new();
        let mut state = Self {
            inputs: batch.totals.inputs,
            inputs_refused: batch.totals.inputs_refused,
            sources: batch.sources.of(domain),
            signers: batch.signers.of(domain),
            traces: batch.traces.of(domain),
            rows: batch.rows.as_ref().map(|rows| Box::new(rows.of(domain))),
            ..Self::default()
        };
        for entry in batch.reports.iter().filter(|entry| entry.counts()) {
            if !is_about(entry, domain) {
                state.elsewhere = state.elsewhere.saturating_add(1);
                continue;
            }
            let view = EntryView::new(entry);
            state.backwards = state
                .backwards
                .saturating_add(u32::from(view.begin.zip(view.end).is_some_and(|(begin, end)| end < begin)));
            state.reports += 1;
            state.messages = state.messages.saturating_add(view.messages);
            state.begin = [state.begin, view.begin].into_iter().flatten().min();
            state.end = state.end.max(view.end);
            reporters.insert(view.org_name.or(view.email));
        }
        state.reporters = reporters.len() as u64;
        state
    }

    /// Who sends, what that is, and what changed.
    #[must_use]
    pub fn judged(&self) -> Judged {
        self.judged_with(&Thresholds::default(), &Maps::default())
    }

    /// The same with what the caller knows of senders.
    #[must_use]
    pub fn judged_with(&self, thresholds: &Thresholds, maps: &Maps) -> Judged {
        judge_with(&self.traces, thresholds, maps)
    }

    /// How the sums are shown.
    #[must_use]
    pub fn view(&self) -> ReportStateView {
        let sources = self.sources.view();
        let sum = |pick: fn(&SourceView) -> u64| sources.iter().map(pick).fold(0, u64::saturating_add);
        let outcomes = |pick: fn(&SourceView) -> &Outcomes| {
            sources.iter().map(pick).fold(Outcomes::default(), |sum, one| Outcomes {
                pass: sum.pass.saturating_add(one.pass),
                fail: sum.fail.saturating_add(one.fail),
                unknown: sum.unknown.saturating_add(one.unknown),
            })
        };
        ReportStateView {
            inputs: self.inputs,
            inputs_refused: self.inputs_refused,
            reports: self.reports,
            reporters: self.reporters,
            messages: self.messages,
            aligned: sum(|source| source.aligned),
            dkim: outcomes(|source| &source.dkim),
            spf: outcomes(|source| &source.spf),
            begin: self.begin,
            end: self.end,
            sources,
            signers: self.signers.clone(),
        }
    }
}

/// Whether the policy of a report was found at the domain or below it.
fn is_about(entry: &Entry, domain: &DomainName) -> bool {
    let policy = entry.head.policy.as_ref();
    policy
        .and_then(|policy| policy.domain.as_deref())
        .and_then(|name| DomainName::parse(name).ok())
        .is_some_and(|name| name.is_within(domain))
}
