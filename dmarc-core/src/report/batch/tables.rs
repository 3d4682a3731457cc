//! The tables of a batch beside that of its records, as plain data: the rows that the Arrow tables hold, under the same
//! names.
//!
//! Times are seconds since the epoch. Null means absent; `…_raw` is what the reporter wrote, where it differs.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Batch, Entry, Placed};
use crate::diagnostics::{Arg, Catalog, Severity};
use crate::report::aggregate::{Coded, Record, Schema, Testing, Timestamp, Word};
use crate::report::row::{domain, report_id};

/// Members of the views that are no columns: lists of objects, and what only the view has.
const NO_COLUMNS: [&str; 7] =
    ["path", "container_path", "duplicate_of", "complete", "findings", "other", "policies"];

/// The tables of a batch but that of its records.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TablesView {
    /// One row per aggregate report.
    pub reports: Vec<ReportRow>,
    /// One row per DKIM result of each record that was kept.
    pub dkim_results: Vec<DkimRow>,
    /// One row per SPF result.
    pub spf_results: Vec<SpfRow>,
    /// One row per reason for another disposition than the policy asks.
    pub reasons: Vec<ReasonRow>,
    /// One row per finding that was kept.
    pub findings: Vec<FindingRow>,
    /// One row per extension.
    pub extensions: Vec<ExtensionRow>,
    /// One row per failure report.
    pub failure_reports: Vec<Map<String, Value>>,
    /// One row per report on TLS.
    pub tls_reports: Vec<Map<String, Value>>,
    /// One row per policy of each report on TLS.
    pub tls_policies: Vec<Map<String, Value>>,
    /// One row per failure of each policy.
    pub tls_failures: Vec<Map<String, Value>>,
}

/// One aggregate report.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ReportRow {
    /// Digest of what the report says.
    pub report_key: String,
    /// Digest of its document, see [`Entry::xml_digest`].
    pub xml_digest: Option<String>,
    /// Who reports.
    pub org_name: Option<String>,
    /// Their address.
    pub email: Option<String>,
    /// More ways to reach them.
    pub extra_contact_info: Vec<String>,
    /// The reporter's own key.
    pub report_id: Option<String>,
    /// Begin of the period.
    pub begin: Option<i64>,
    /// End of the period.
    pub end: Option<i64>,
    /// `version`, as written.
    pub version: Option<String>,
    /// Namespace of the root element.
    pub namespace: Option<String>,
    /// What wrote the report.
    pub generator: Option<String>,
    /// What was wrong with the record, by the reporter.
    pub errors: Vec<String>,
    /// Which schema it follows.
    pub schema: Schema,
    /// Where the policy was found, as A-labels.
    pub policy_domain: Option<String>,
    /// `p`.
    pub policy_p: Option<&'static str>,
    /// `sp`.
    pub policy_sp: Option<&'static str>,
    /// `np`.
    pub policy_np: Option<&'static str>,
    /// `adkim`.
    pub policy_adkim: Option<&'static str>,
    /// `aspf`.
    pub policy_aspf: Option<&'static str>,
    /// `fo`, as written.
    pub policy_fo: Option<String>,
    /// `discovery_method`.
    pub policy_discovery: Option<&'static str>,
    /// `pct`, where it is a percentage.
    pub policy_pct: Option<u8>,
    /// `testing`.
    pub policy_testing: Option<bool>,
    /// Records read whole.
    pub record_count: u64,
    /// Their messages.
    pub message_count: u64,
    /// Records that begin and were not read whole, see [`Entry::skipped_records`].
    pub skipped_records: u64,
    /// Where the same report was read before.
    pub duplicate_of: Option<String>,
    /// The input, and where in it.
    pub container_path: String,
    /// Octets of its document, see [`Entry::octets`].
    pub bytes: u64,
    /// Whether it was read to its end.
    pub complete: bool,
}

/// One DKIM result.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DkimRow {
    /// The report.
    pub report_key: String,
    /// Position of the record in it, from 0.
    pub record_ordinal: u64,
    /// Position of the result in that, from 0.
    pub result_ordinal: u64,
    /// The signing domain, as A-labels.
    pub domain: Option<String>,
    /// The domain as written.
    pub domain_raw: Option<String>,
    /// Its selector.
    pub selector: Option<String>,
    /// The result.
    pub result: Option<&'static str>,
    /// The result as written.
    pub result_raw: Option<String>,
    /// The result in words.
    pub human_result: Option<String>,
    /// Whether the domain is aligned with the author domain, passed or not; null if that cannot be known.
    pub aligned: Option<bool>,
}

/// One SPF result.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SpfRow {
    /// The report.
    pub report_key: String,
    /// Position of the record in it, from 0.
    pub record_ordinal: u64,
    /// Position of the result in that, from 0.
    pub result_ordinal: u64,
    /// The domain that was checked, as A-labels.
    pub domain: Option<String>,
    /// The domain as written.
    pub domain_raw: Option<String>,
    /// `mfrom` or `helo`.
    pub scope: Option<&'static str>,
    /// The result.
    pub result: Option<&'static str>,
    /// The result as written.
    pub result_raw: Option<String>,
    /// The result in words.
    pub human_result: Option<String>,
    /// Whether the domain is aligned with the author domain, passed or not; null if that cannot be known.
    pub aligned: Option<bool>,
}

/// One reason for another disposition than the policy asks.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ReasonRow {
    /// The report.
    pub report_key: String,
    /// Position of the record in it, from 0.
    pub record_ordinal: u64,
    /// Position of the reason in that, from 0.
    pub result_ordinal: u64,
    /// Which.
    #[serde(rename = "type")]
    pub reason_type: Option<&'static str>,
    /// The reason as written.
    pub type_raw: Option<String>,
    /// In the receiver's words.
    pub comment: Option<String>,
    /// Language of these words.
    pub lang: Option<String>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FindingRow {
    /// The report.
    pub report_key: String,
    /// Position of the record that it is about, from 0; null for the report as a whole.
    pub record_ordinal: Option<u64>,
    /// What programs match on.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Path of elements, or the field.
    pub path: Option<String>,
    /// Line in the decoded text, from 1.
    pub line: Option<u64>,
    /// Column in the line, from 1.
    pub column: Option<u64>,
    /// The value that it is about, shortened.
    pub raw: Option<String>,
    /// What is wrong, in words.
    pub message: String,
    /// The input, and where in it.
    pub container_path: String,
}

/// One extension.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ExtensionRow {
    /// The report.
    pub report_key: String,
    /// Position of the record, from 0; null for the report as a whole.
    pub record_ordinal: Option<u64>,
    /// Its namespace.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// The whole of it, as XML that stands by itself.
    pub xml: String,
}

fn word<T: Word>(coded: Option<&Coded<T>>) -> Option<&'static str> {
    coded.map(|coded| coded.value().as_str())
}

fn raw<T: Word>(coded: Option<&Coded<T>>) -> Option<String> {
    coded.and_then(Coded::differing).map(str::to_owned)
}

/// A domain as A-labels, and as written where that differs.
fn name(written: Option<&str>) -> (Option<String>, Option<String>) {
    let read = written.map(domain);
    let raw = read.as_ref().and_then(|(_, differing)| *differing).map(str::to_owned);
    (read.map(|(name, _)| name.into_owned()), raw)
}

impl Placed<'_> {
    /// Input and place within it, as one text.
    #[must_use]
    pub fn place(&self) -> String {
        if self.container_path.is_empty() {
            self.path.to_owned()
        } else {
            format!("{}/{}", self.path, self.container_path)
        }
    }
}

impl ReportRow {
    /// The row of a report.
    #[must_use]
    pub fn new(entry: &Entry) -> Self {
        let metadata = entry.head.metadata.clone().unwrap_or_default();
        let policy = entry.head.policy.clone().unwrap_or_default();
        let time = |stamp: Option<Timestamp>| Some(stamp?.time?.0);
        Self {
            report_key: entry.report_key.clone(),
            xml_digest: entry.xml_digest.clone(),
            org_name: metadata.org_name,
            email: metadata.email,
            extra_contact_info: metadata.extra_contact_info,
            report_id: metadata.report_id.map(|id| report_id(&id).to_owned()),
            begin: time(metadata.begin),
            end: time(metadata.end),
            version: entry.head.version.clone(),
            namespace: entry.head.namespace.clone(),
            generator: metadata.generator,
            errors: metadata.errors,
            schema: entry.head.schema,
            policy_domain: name(policy.domain.as_deref()).0,
            policy_p: word(policy.p.as_ref()),
            policy_sp: word(policy.sp.as_ref()),
            policy_np: word(policy.np.as_ref()),
            policy_adkim: word(policy.adkim.as_ref()),
            policy_aspf: word(policy.aspf.as_ref()),
            policy_fo: policy.fo,
            policy_discovery: word(policy.discovery_method.as_ref()),
            policy_pct: policy.pct.and_then(|pct| pct.value),
            policy_testing: policy.testing.and_then(|testing| match testing.value() {
                Testing::Yes => Some(true),
                Testing::No => Some(false),
                Testing::Unknown => None,
            }),
            record_count: entry.records,
            message_count: entry.messages,
            skipped_records: entry.skipped_records,
            duplicate_of: entry.duplicate_of.clone(),
            container_path: entry.place(),
            bytes: entry.octets,
            complete: entry.complete,
        }
    }
}

impl FindingRow {
    /// The row of a finding, with the sentence of `catalog`.
    #[must_use]
    pub fn new(placed: &Placed<'_>, catalog: &Catalog) -> Self {
        let found = placed.found;
        let place = found.place.as_ref();
        let value = found.args.iter().find(|(name, _)| *name == "value").map(|(_, value)| match value {
            Arg::Text(text) => text.clone(),
            Arg::Number(number) => number.to_string(),
            Arg::List(texts) => texts.join(", "),
        });
        Self {
            report_key: placed.key.to_owned(),
            record_ordinal: place.and_then(|place| record_ordinal(&place.path)),
            code: found.rule.code,
            severity: found.severity,
            path: place.map(|place| place.path.clone()),
            line: place.map(|place| place.line),
            column: place.map(|place| place.column),
            raw: value,
            message: catalog.message(found),
            container_path: placed.place(),
        }
    }
}

/// The record that a path of elements leads to; paths count from 1.
fn record_ordinal(path: &str) -> Option<u64> {
    let (_, behind) = path.split_once("/record[")?;
    behind.split(']').next()?.parse::<u64>().ok()?.checked_sub(1)
}

impl TablesView {
    fn add(&mut self, entry: &Entry, record: &Record) {
        let (report_key, record_ordinal) = (&entry.report_key, record.ordinal);
        let results = record.auth_results.as_ref();
        for (result_ordinal, result) in (0..).zip(results.iter().flat_map(|results| &results.dkim)) {
            let (domain, domain_raw) = name(result.domain.as_deref());
            self.dkim_results.push(DkimRow {
                report_key: report_key.clone(),
                record_ordinal,
                result_ordinal,
                domain,
                domain_raw,
                selector: result.selector.clone(),
                result: word(result.result.as_ref()),
                result_raw: raw(result.result.as_ref()),
                human_result: result.human_result.clone(),
                aligned: result.aligned,
            });
        }
        for (result_ordinal, result) in (0..).zip(results.iter().flat_map(|results| &results.spf)) {
            let (domain, domain_raw) = name(result.domain.as_deref());
            self.spf_results.push(SpfRow {
                report_key: report_key.clone(),
                record_ordinal,
                result_ordinal,
                domain,
                domain_raw,
                scope: word(result.scope.as_ref()),
                result: word(result.result.as_ref()),
                result_raw: raw(result.result.as_ref()),
                human_result: result.human_result.clone(),
                aligned: result.aligned,
            });
        }
        let evaluated = record.policy_evaluated.as_ref();
        for (result_ordinal, reason) in (0..).zip(evaluated.iter().flat_map(|evaluated| &evaluated.reasons)) {
            self.reasons.push(ReasonRow {
                report_key: report_key.clone(),
                record_ordinal,
                result_ordinal,
                reason_type: word(reason.reason_type.as_ref()),
                type_raw: raw(reason.reason_type.as_ref()),
                comment: reason.comment.clone(),
                lang: reason.lang.clone(),
            });
        }
    }
}

impl Batch {
    /// The tables beside that of the records, with the sentences of `catalog`. Results and reasons are those of the
    /// records that were kept.
    #[must_use]
    pub fn tables(&self, catalog: &Catalog) -> TablesView {
        let mut tables = TablesView {
            reports: self.reports.iter().map(ReportRow::new).collect(),
            findings: self.findings().map(|placed| FindingRow::new(&placed, catalog)).collect(),
            ..TablesView::default()
        };
        self.records().for_each(|(entry, record)| tables.add(entry, record));
        for entry in &self.reports {
            tables.extensions.extend(entry.extensions.iter().map(|placed| ExtensionRow {
                report_key: entry.report_key.clone(),
                record_ordinal: placed.record_ordinal,
                namespace: placed.extension.namespace.clone(),
                name: placed.extension.name.clone(),
                xml: placed.extension.xml.clone(),
            }));
        }
        for entry in &self.failure_reports {
            tables.failure_reports.push(columns(
                &entry.report.view(),
                &[("key", &entry.key), ("container_path", &entry.place())],
            ));
        }
        for entry in &self.tls_reports {
            let (key, view) = (&entry.key, entry.report.view());
            tables.tls_reports.push(columns(&view, &[("key", key), ("container_path", &entry.place())]));
            for policy in &view.policies {
                let mut row = columns(policy, &[("key", key)]);
                row.remove("failures");
                tables.tls_policies.push(row);
                for failure in &policy.failures {
                    let mut row = columns(failure, &[("key", key)]);
                    row.insert("policy_ordinal".to_owned(), policy.policy_ordinal.into());
                    tables.tls_failures.push(row);
                }
            }
        }
        tables
    }
}

/// The columns of a view, and some beside them.
fn columns(view: &impl Serialize, more: &[(&str, &String)]) -> Map<String, Value> {
    // A view is an object always.
    let mut row = match serde_json::to_value(view) {
        Ok(Value::Object(row)) => row,
        _ => Map::new(),
    };
    NO_COLUMNS.iter().for_each(|name| drop(row.remove(*name)));
    for (name, text) in more {
        row.insert((*name).to_owned(), (*text).clone().into());
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_tells_the_record() {
        assert_eq!(record_ordinal("feedback/record[3]/row/count"), Some(2));
        assert_eq!(record_ordinal("feedback/record[x]"), None);
        assert_eq!(record_ordinal("feedback/policy_published/p"), None);
    }
}
