//! The shape that the command line, Python and JavaScript show: `dmarc-check/reports/1`.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::{Answer, Batch, Entry, Placed, PlacedExtension, Recomputed, SourceView, Tallies, Totals};
use crate::diagnostics::{Catalog, Severity, View};
use crate::report::aggregate::{
    Coded, Conformance, Findings, Found, Percentage, PolicyPublished, Schema, Timestamp, Word,
};
use crate::report::failure::{FailureReport, FailureView};
use crate::report::tls::{TlsReport, TlsView};
use crate::streams::{Change, Judged, Stream, Thresholds, judge};

/// Everything about a batch.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BatchView {
    /// `dmarc-check/reports/1`.
    pub schema: &'static str,
    /// Sums over all inputs.
    pub totals: Totals,
    /// Aggregate reports, in the order of the inputs.
    pub reports: Vec<EntryView>,
    /// Aggregate reports that were read before, and so are not added up.
    pub duplicates: Vec<PairView>,
    /// Those with the identifiers of one before and other content; they are not added up either.
    pub conflicts: Vec<PairView>,
    /// Those whose records were read before under another identifier; they are not added up either.
    pub resent: Vec<PairView>,
    /// Those that share part of their period with one before, with other records; they are added up.
    pub overlaps: Vec<PairView>,
    /// Failure reports, in the order of the inputs.
    pub failure_reports: Vec<AnswerView<FailureView>>,
    /// Reports on TLS, in the order of the inputs.
    pub tls_reports: Vec<AnswerView<TlsView>>,
    /// What was not read.
    pub refused: Vec<RefusedView>,
    /// Members of containers that are no reports.
    pub skipped: Vec<SkippedView>,
    /// How often each rule was found in reports.
    pub findings: BTreeMap<&'static str, u64>,
    /// Who sent, the one with most messages first.
    pub sources: Vec<SourceView>,
    /// The same by stream, most messages first.
    pub streams: Vec<Stream>,
    /// What changed while reports came in.
    pub changes: Vec<Change>,
    /// The numbers that the classes of streams rest on.
    pub thresholds: Thresholds,
}

/// A report, and one that was read before it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PairView {
    /// Input and place of the report.
    pub report: String,
    /// Those of the first one.
    pub first: String,
    /// Messages of the report.
    pub messages: u64,
}

/// One report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EntryView {
    /// The input.
    pub path: String,
    /// Where in the input.
    pub container_path: String,
    /// Digest of what the report says.
    pub report_key: String,
    /// Where the same report was read before.
    pub duplicate_of: Option<String>,
    /// Where a report with the same identifiers and other content was read before.
    pub conflict_of: Option<String>,
    /// Where the same records about part of the same period were read before under another identifier.
    pub resent_of: Option<String>,
    /// Where a report of the same reporter about part of the same period was read before, with other records.
    pub overlap_of: Option<String>,
    /// Who reports.
    pub org_name: Option<String>,
    /// Their address.
    pub email: Option<String>,
    /// The reporter's own key.
    pub report_id: Option<String>,
    /// Begin of the period, in seconds since the epoch.
    pub begin: Option<i64>,
    /// End of the period.
    pub end: Option<i64>,
    /// Which schema it follows.
    pub schema: Schema,
    /// Namespace of its root element.
    pub namespace: Option<String>,
    /// Its version, as written.
    pub version: Option<String>,
    /// Whether it was read to its end.
    pub complete: bool,
    /// Whether it is as the schema of its edition has it, and what it breaks.
    pub conformance: Option<Conformance>,
    /// The policy that the reporter found.
    pub policy: PolicyView,
    /// Records read whole.
    pub records: u64,
    /// Their messages.
    pub messages: u64,
    /// Messages per disposition, as written.
    pub dispositions: Tallies,
    /// Messages per aligned DKIM verdict, as written.
    pub dkim: Tallies,
    /// Messages per aligned SPF verdict, as written.
    pub spf: Tallies,
    /// Messages by whether verdicts follow from results and identifiers.
    pub recomputed: Recomputed,
    /// Extensions of the report and of its records.
    pub extensions: Vec<PlacedExtension>,
    /// How often each rule was found.
    pub findings: Vec<FoundView>,
}

/// A report of another kind: where it came from, and the columns of its table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AnswerView<T> {
    /// Digest of what the report says.
    pub key: String,
    /// The input.
    pub path: String,
    /// Where in the input.
    pub container_path: String,
    /// Where the same report was read before.
    pub duplicate_of: Option<String>,
    /// Whether it was read to its end, and nothing was left out for its size.
    pub complete: bool,
    /// What it says.
    #[serde(flatten)]
    pub report: T,
    /// How often each rule was found.
    pub findings: Vec<FoundView>,
}

impl<T> AnswerView<T> {
    fn new<R>(answer: &Answer<R>, view: impl Fn(&R) -> T) -> Self {
        Self {
            key: answer.key.clone(),
            path: answer.path.clone(),
            container_path: answer.container_path.clone(),
            duplicate_of: answer.duplicate_of.clone(),
            complete: answer.complete,
            report: view(&answer.report),
            findings: counts(&answer.findings),
        }
    }
}

fn counts(findings: &Findings) -> Vec<FoundView> {
    let view =
        |found: &Found| FoundView { code: found.rule.code, severity: found.severity, count: found.count };
    findings.counts().map(view).collect()
}

/// A policy as the reporter wrote it; what is absent is null.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PolicyView {
    /// Where the record was found.
    pub domain: Option<String>,
    /// `p`.
    pub p: Option<String>,
    /// `sp`.
    pub sp: Option<String>,
    /// `np`.
    pub np: Option<String>,
    /// `adkim`.
    pub adkim: Option<String>,
    /// `aspf`.
    pub aspf: Option<String>,
    /// `pct`: a number where it is one.
    pub pct: Option<PctView>,
    /// `fo`.
    pub fo: Option<String>,
    /// `testing`.
    pub testing: Option<String>,
    /// `discovery_method`.
    pub discovery_method: Option<String>,
}

/// A percentage: a number where it is one, else the text.
#[derive(Clone, Debug, PartialEq)]
pub struct PctView(Percentage);

impl Serialize for PctView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.value {
            Some(number) => serializer.serialize_u8(number),
            // RFC 7489, Appendix C has any integer here, also one that is no percentage.
            None => match self.0.raw.parse::<i16>() {
                Ok(number) => serializer.serialize_i16(number),
                Err(_) => serializer.serialize_str(&self.0.raw),
            },
        }
    }
}

/// How often one rule was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FoundView {
    /// The rule.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// How often.
    pub count: u64,
}

/// Something that was not read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RefusedView {
    /// The input.
    pub path: String,
    /// Where in the input.
    pub container_path: String,
    /// Why, for programs.
    pub code: &'static str,
    /// Why, for people.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// A member of a container that is no report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SkippedView {
    /// The input.
    pub path: String,
    /// Where in the input.
    pub container_path: String,
    /// Why.
    pub code: &'static str,
}

/// One finding, with its report: a line of `--findings`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FindingView {
    /// The input.
    pub path: String,
    /// Where in the input.
    pub container_path: String,
    /// The report.
    pub report_key: String,
    /// The finding, with its place in the document.
    #[serde(flatten)]
    pub finding: View,
}

impl FindingView {
    /// A finding with the sentences of `catalog`.
    #[must_use]
    pub fn new(placed: &Placed<'_>, catalog: &Catalog) -> Self {
        Self {
            path: placed.path.to_owned(),
            container_path: placed.container_path.to_owned(),
            report_key: placed.key.to_owned(),
            finding: View::new(placed.found, catalog, b""),
        }
    }
}

fn raw<T: Word>(coded: Option<&Coded<T>>) -> Option<String> {
    coded.map(|coded| coded.raw().to_owned())
}

impl PolicyView {
    fn new(policy: &PolicyPublished) -> Self {
        Self {
            domain: policy.domain.clone(),
            p: raw(policy.p.as_ref()),
            sp: raw(policy.sp.as_ref()),
            np: raw(policy.np.as_ref()),
            adkim: raw(policy.adkim.as_ref()),
            aspf: raw(policy.aspf.as_ref()),
            pct: policy.pct.clone().map(PctView),
            fo: policy.fo.clone(),
            testing: raw(policy.testing.as_ref()),
            discovery_method: raw(policy.discovery_method.as_ref()),
        }
    }
}

impl EntryView {
    /// Whether it is added up.
    #[must_use]
    pub const fn counts(&self) -> bool {
        self.duplicate_of.is_none() && self.conflict_of.is_none() && self.resent_of.is_none()
    }

    /// What is shown of a report.
    #[must_use]
    pub fn new(entry: &Entry) -> Self {
        let metadata = entry.head.metadata.clone().unwrap_or_default();
        let time = |stamp: Option<Timestamp>| Some(stamp?.time?.0);
        Self {
            path: entry.path.clone(),
            container_path: entry.container_path.clone(),
            report_key: entry.report_key.clone(),
            duplicate_of: entry.duplicate_of.clone(),
            conflict_of: entry.conflict_of.clone(),
            resent_of: entry.resent_of.clone(),
            overlap_of: entry.overlap_of.clone(),
            org_name: metadata.org_name,
            email: metadata.email,
            report_id: metadata.report_id,
            begin: time(metadata.begin),
            end: time(metadata.end),
            schema: entry.head.schema,
            namespace: entry.head.namespace.clone(),
            version: entry.head.version.clone(),
            complete: entry.complete,
            conformance: entry.conformance.clone(),
            policy: entry.head.policy.as_ref().map(PolicyView::new).unwrap_or_default(),
            records: entry.records,
            messages: entry.messages,
            dispositions: entry.dispositions.clone(),
            dkim: entry.dkim.clone(),
            spf: entry.spf.clone(),
            recomputed: entry.recomputed,
            extensions: entry.extensions.clone(),
            findings: counts(&entry.findings),
        }
    }
}

impl Batch {
    fn pairs(&self, first: impl Fn(&Entry) -> Option<&String>) -> Vec<PairView> {
        let pair = |entry: &Entry| {
            Some(PairView { report: entry.place(), first: first(entry)?.clone(), messages: entry.messages })
        };
        self.reports.iter().filter_map(pair).collect()
    }

    /// What is shown of the batch, with the sentences of `catalog`.
    #[must_use]
    pub fn view(&self, catalog: &Catalog) -> BatchView {
        let Judged { streams, changes, thresholds, .. } = judge(&self.traces, &Thresholds::default());
        BatchView {
            schema: "dmarc-check/reports/1",
            totals: self.totals,
            reports: self.reports.iter().map(EntryView::new).collect(),
            duplicates: self.pairs(|entry| entry.duplicate_of.as_ref()),
            conflicts: self.pairs(|entry| entry.conflict_of.as_ref()),
            resent: self.pairs(|entry| entry.resent_of.as_ref()),
            overlaps: self.pairs(|entry| entry.overlap_of.as_ref()),
            failure_reports: self
                .failure_reports
                .iter()
                .map(|answer| AnswerView::new(answer, FailureReport::view))
                .collect(),
            tls_reports: self
                .tls_reports
                .iter()
                .map(|answer| AnswerView::new(answer, TlsReport::view))
                .collect(),
            refused: self
                .refused
                .iter()
                .map(|refused| RefusedView {
                    path: refused.path.clone(),
                    container_path: refused.container_path.clone(),
                    code: refused.found.rule.code,
                    message: catalog.message(&refused.found),
                    help: catalog.help(&refused.found),
                })
                .collect(),
            skipped: self
                .skipped
                .iter()
                .map(|skipped| SkippedView {
                    path: skipped.path.clone(),
                    container_path: skipped.container_path.clone(),
                    code: skipped.rule.code,
                })
                .collect(),
            findings: self.findings.iter().map(|(code, found)| (*code, found.count)).collect(),
            sources: self.sources.view(),
            streams,
            changes,
            thresholds,
        }
    }
}
