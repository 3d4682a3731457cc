//! Reading reports: inputs of every form, one batch.

use std::mem;
use std::num::NonZero;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

use dmarc_core::assessment::ReportState;
use dmarc_core::diagnostics::{Catalog, Language};
use dmarc_core::dmarc::Edition;
use dmarc_core::name::DomainName;
use dmarc_core::report::Draft;
use dmarc_core::report::aggregate::Organizations;
use dmarc_core::report::arrow::{Nested, RecordTable, kinds};
use dmarc_core::report::batch::{self, FindingView};
use dmarc_core::report::failure::Privacy;
use dmarc_core::streams::{Thresholds, judge};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString};
use serde_json::Value;

use crate::convert;
use crate::errors::{self, DmarcError};
use crate::facts::{self, Facts};
use crate::lanes::Read;
use crate::reading::{Reading, When};
use crate::table::{ReportTable, Table};

/// Read reports from octets, files, folders, or any iterable of them.
///
/// `reports` is bytes, a path of a file or folder (str or os.PathLike), a file opened for reading
/// octets, or an iterable of these and of pairs (name, bytes); a pair (name, exception) stands for
/// an input that could not be fetched, and is accounted for. Plain, gzip, ZIP and mail are told
/// apart by content. An iterable is consumed one by one, and the interpreter lock is released
/// while reports are read. Nothing raises because of a bad input: it is refused with a reason, and
/// the others are read. `limits` names those that are not the default. `privacy` says what becomes of
/// local-parts and subjects in failure reports: they are kept, hashed under `privacy_key`, or dropped.
/// `organizations` is what is known of organizational domains, for the alignment that is worked out
/// anew: their names, or Facts or a snapshot, which are looked at under `edition`. `digests` asks for
/// the column `xml_digest` of the table of reports, a digest over each octet of their documents; `rows` for what a change of records is
/// rehearsed on, as part of `Batch.state`. Many inputs are read by
/// `threads` threads, one per core unless told otherwise; what comes of it is the same for any number. What is summed
/// over many inputs (totals, sources, duplicates, classes) is worked out when it is asked for first.
#[pyfunction]
// Keyword arguments of Python.
#[allow(clippy::too_many_arguments)]
#[pyo3(signature = (reports, *, limits = None, lang = "en", privacy = "keep", privacy_key = None, organizations = None,
    digests = false, rows = false, edition = "rfc9989", threads = None))]
pub(crate) fn read_reports(
    reports: &Bound<'_, PyAny>,
    limits: Option<&Bound<'_, PyDict>>,
    lang: &str,
    privacy: &str,
    privacy_key: Option<&Bound<'_, PyAny>>,
    organizations: Option<&Bound<'_, PyAny>>,
    digests: bool,
    rows: bool,
    edition: &str,
    threads: Option<usize>,
) -> PyResult<Batch> {
    let language = convert::language(lang)?;
    let key = privacy_key.map(convert::octets).transpose()?.unwrap_or_default();
    let privacy = Privacy::named(privacy, &key)
        .ok_or_else(|| errors::argument("privacy", &"expected keep, hash or drop"))?;
    if matches!(privacy, Privacy::Hash(_)) && key.is_empty() {
        return Err(errors::argument("privacy_key", &"hashes need a key"));
    }
    let edition = convert::edition(edition)?;
    let organizations =
        organizations.map(|known| known_organizations(known, edition)).transpose()?.unwrap_or_default();
    let threads = match threads {
        None => thread::available_parallelism().map_or(1, NonZero::get),
        Some(0) => return Err(errors::argument("threads", &"at least one is needed")),
        Some(threads) => threads,
    };
    let mut reading = Reading::new(convert::limits(limits)?, privacy, organizations, digests, rows, threads);
    if !reading.feed(reports, When::Later)? {
        if let Ok(inputs) = reports.len() {
            reading.expect(inputs);
        }
        for report in reports.try_iter().map_err(|_| errors::wrong_type(FORMS, reports))? {
            let report = report?;
            if !reading.feed_pair(&report)? && !reading.feed(&report, When::Now)? {
                return Err(errors::wrong_type(FORMS, &report));
            }
        }
    }
    reports.py().detach(|| Ok(Batch::new(reading.finish()?, language)))
}

/// Write a report from plain data: a dict with "kind" ("aggregate", "failure" or "tls") and its parts.
///
/// Returns a dict with "document" (a str), "packed" (the octets of the file: the same in gzip, but for a
/// failure report, which is a mail), "file_name" and "subject". A report that its standard does not allow raises
/// DmarcError, which names the part; its code is "missing", "invalid" or "not-in-schema".
#[pyfunction]
#[pyo3(signature = (report, /))]
pub(crate) fn write_report<'py>(report: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyDict>> {
    let draft: Draft = serde_json::from_value(convert::to_json(report)?)
        .map_err(|error| errors::argument("report", &error))?;
    let written = draft.write().map_err(|error| errors::coded::<DmarcError>(error.code(), &error))?;
    let result = PyDict::new(report.py());
    result.set_item("packed", PyBytes::new(report.py(), &written.file()))?;
    result.set_item("document", written.document)?;
    result.set_item("file_name", written.file_name)?;
    result.set_item("subject", written.subject)?;
    Ok(result)
}

const FORMS: &str = "bytes, a path, a file, a pair of name and bytes, or an iterable of them";

/// What a caller knows of organizational domains: facts, a snapshot, or names.
fn known_organizations(known: &Bound<'_, PyAny>, edition: Edition) -> PyResult<Organizations> {
    if let Ok(facts) = known.cast::<Facts>() {
        return Ok(Organizations::from_facts(facts.get().known(), edition));
    }
    if known.is_instance_of::<PyDict>() || known.is_instance_of::<PyString>() {
        let snapshot = facts::read_snapshot(known)?;
        return Ok(Organizations::from_facts(
            dmarc_core::evaluation::Facts::from_snapshot(snapshot),
            edition,
        ));
    }
    let mut names = Vec::new();
    for name in known.try_iter().map_err(|_| errors::wrong_type("names, Facts or a snapshot", known))? {
        let name = name?.extract::<String>()?;
        names.push(DomainName::parse(&name).map_err(|error| errors::argument("organizations", &error))?);
    }
    Ok(Organizations::listed(names))
}

/// What was read from some inputs: reports, what was refused, and totals that add up.
///
/// messages_in = messages_out + messages_refused, always.
#[pyclass(frozen, module = "dmarc_py")]
pub(crate) struct Batch {
    /// What was read, until it is asked for the sums.
    read: Mutex<Option<Read>>,
    summed: OnceLock<Summed>,
    table: OnceLock<Arc<RecordTable>>,
    view: OnceLock<Value>,
    language: Language,
}

/// The sums of what was read.
struct Summed {
    batch: batch::Batch,
    /// The records, until it is asked for them.
    unclassified: Mutex<RecordTable>,
}

impl Batch {
    const fn new(read: Read, language: Language) -> Self {
        Self {
            read: Mutex::new(Some(read)),
            summed: OnceLock::new(),
            table: OnceLock::new(),
            view: OnceLock::new(),
            language,
        }
    }

    /// The sums, made when it is asked for them first.
    fn summed(&self, py: Python<'_>) -> PyResult<&Summed> {
        if let Some(summed) = self.summed.get() {
            return Ok(summed);
        }
        py.detach(|| {
            let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(summed) = self.summed.get() {
                return Ok(summed);
            }
            let read = read.take().ok_or_else(|| errors::internal(&"sums were not made to their end"))?;
            let (batch, table) = read.finish();
            Ok(self.summed.get_or_init(|| Summed { batch, unclassified: Mutex::new(table) }))
        })
    }

    fn catalog(&self) -> &'static Catalog {
        convert::catalog_of(self.language)
    }

    fn batch(&self, py: Python<'_>) -> PyResult<&batch::Batch> {
        Ok(&self.summed(py)?.batch)
    }

    /// Everything but the records, made when it is asked for first.
    fn view(&self, py: Python<'_>) -> PyResult<&Value> {
        if let Some(view) = self.view.get() {
            return Ok(view);
        }
        let batch = self.batch(py)?;
        py.detach(|| {
            let view = convert::view(&batch.view(self.catalog()))?;
            Ok(self.view.get_or_init(|| view))
        })
    }

    /// The records, with their classes; what those are follows from all of them.
    fn table(&self, py: Python<'_>, nested: Option<Nested>) -> PyResult<Table> {
        let Summed { batch, unclassified } = self.summed(py)?;
        let table = py.detach(|| {
            self.table.get_or_init(|| {
                let mut table = unclassified.lock().unwrap_or_else(PoisonError::into_inner);
                let mut table = mem::replace(&mut *table, RecordTable::empty());
                table.classify(&judge(&batch.traces, &Thresholds::default()));
                Arc::new(table)
            })
        });
        Ok(Table { table: Arc::clone(table), nested })
    }

    fn part<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.view(py)?[name])
    }
}

/// The extensions of aggregate reports as rows, each with the key of its report.
fn extensions(view: &Value) -> Value {
    let mut rows = Vec::new();
    for report in view["reports"].as_array().into_iter().flatten() {
        for row in report["extensions"].as_array().into_iter().flatten() {
            let mut row = row.clone();
            if let Some(row) = row.as_object_mut() {
                row.insert("report_key".to_owned(), report["report_key"].clone());
            }
            rows.push(row);
        }
    }
    Value::Array(rows)
}

/// The policies of reports on TLS as rows, each with the key of its report; or what they nest.
fn policies(view: &Value, nested: Option<&str>) -> Value {
    let mut rows = Vec::new();
    for report in view["tls_reports"].as_array().into_iter().flatten() {
        for policy in report["policies"].as_array().into_iter().flatten() {
            let inner = nested.map(|name| policy[name].as_array().map_or(&[][..], Vec::as_slice));
            for row in inner.unwrap_or(std::slice::from_ref(policy)) {
                let mut row = row.clone();
                if let Some(row) = row.as_object_mut() {
                    row.remove("failures");
                    row.insert("key".to_owned(), report["key"].clone());
                    row.insert("policy_ordinal".to_owned(), policy["policy_ordinal"].clone());
                }
                rows.push(row);
            }
        }
    }
    Value::Array(rows)
}

#[pymethods]
impl Batch {
    /// Sums over all inputs: inputs, reports, records and messages, in, out and refused.
    #[getter]
    fn totals<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.batch(py)?.totals)
    }

    /// One dict per report: who, when, which policy, and sums over its records.
    #[getter]
    fn reports(&self, py: Python<'_>) -> PyResult<ReportTable> {
        ReportTable::new(py, &self.view(py)?["reports"], kinds::reports(&self.batch(py)?.reports))
    }

    /// Extensions of reports and their records, each as XML that stands by itself.
    #[getter]
    fn extensions(&self, py: Python<'_>) -> PyResult<ReportTable> {
        ReportTable::new(py, &extensions(self.view(py)?), kinds::extensions(&self.batch(py)?.reports))
    }

    /// Failure reports: one dict each, and a table to hand over.
    #[getter]
    fn failure_reports(&self, py: Python<'_>) -> PyResult<ReportTable> {
        ReportTable::new(
            py,
            &self.view(py)?["failure_reports"],
            kinds::failure_reports(&self.batch(py)?.failure_reports),
        )
    }

    /// Reports on TLS: one dict each with its policies and their failures, and a table to hand over.
    #[getter]
    fn tls_reports(&self, py: Python<'_>) -> PyResult<ReportTable> {
        ReportTable::new(py, &self.view(py)?["tls_reports"], kinds::tls_reports(&self.batch(py)?.tls_reports))
    }

    /// The policies of reports on TLS as a table.
    #[getter]
    fn tls_policies(&self, py: Python<'_>) -> PyResult<ReportTable> {
        ReportTable::new(
            py,
            &policies(self.view(py)?, None),
            kinds::tls_policies(&self.batch(py)?.tls_reports),
        )
    }

    /// The failures of reports on TLS as a table.
    #[getter]
    fn tls_failures(&self, py: Python<'_>) -> PyResult<ReportTable> {
        let failures = policies(self.view(py)?, Some("failures"));
        ReportTable::new(py, &failures, kinds::tls_failures(&self.batch(py)?.tls_reports))
    }

    /// What was not read, with code and message.
    #[getter]
    fn refused<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.part(py, "refused")
    }

    /// Members of containers that are no reports.
    #[getter]
    fn skipped<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.part(py, "skipped")
    }

    /// How often each rule was found, by code.
    #[getter]
    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.part(py, "findings")
    }

    /// Who sent: one dict per source, the one with most messages first.
    #[getter]
    fn sources<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.part(py, "sources")
    }

    /// Streams: one dict each with what it is, why, and what it rests on, the one with most messages first.
    #[getter]
    fn streams<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.part(py, "streams")
    }

    /// What changed while reports came in, as dicts.
    #[getter]
    fn changes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.part(py, "changes")
    }

    /// Every finding that was kept, with its report and its place: element, line and column. Handed over, it is
    /// the table of findings.
    #[getter]
    fn diagnostics(&self, py: Python<'_>) -> PyResult<ReportTable> {
        let (batch, catalog) = (self.batch(py)?, self.catalog());
        let rows = py.detach(|| {
            let found = batch.findings().map(|placed| FindingView::new(&placed, catalog));
            convert::view(&found.collect::<Vec<_>>())
        })?;
        ReportTable::new(py, &rows, kinds::findings(batch, catalog))
    }

    /// What the reports say about a domain and the names below it, summed: the value for
    /// "reports" in a check of the domain.
    fn state<'py>(&self, py: Python<'py>, domain: &str) -> PyResult<Bound<'py, PyAny>> {
        let domain = DomainName::parse(domain).map_err(|error| errors::argument("domain", &error))?;
        let batch = self.batch(py)?;
        let state = py.detach(|| convert::view(&ReportState::of(&domain, batch)))?;
        convert::to_python(py, &state)
    }

    /// The records as a table, one row per record.
    #[getter]
    fn records(&self, py: Python<'_>) -> PyResult<Table> {
        self.table(py, None)
    }

    /// The DKIM results of all records as a table, one row per result.
    #[getter]
    fn dkim_results(&self, py: Python<'_>) -> PyResult<Table> {
        self.table(py, Some(Nested::Dkim))
    }

    /// The SPF results of all records as a table, one row per result.
    #[getter]
    fn spf_results(&self, py: Python<'_>) -> PyResult<Table> {
        self.table(py, Some(Nested::Spf))
    }

    /// The reasons for other dispositions of all records as a table, one row per reason.
    #[getter]
    fn reasons(&self, py: Python<'_>) -> PyResult<Table> {
        self.table(py, Some(Nested::Reasons))
    }

    /// All tables by their names: records, reports, dkim_results, spf_results, reasons, findings, extensions,
    /// failure_reports, tls_reports, tls_policies and tls_failures.
    #[getter]
    fn tables<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let tables = PyDict::new(py);
        tables.set_item("records", self.records(py)?)?;
        tables.set_item("reports", self.reports(py)?)?;
        tables.set_item("dkim_results", self.dkim_results(py)?)?;
        tables.set_item("spf_results", self.spf_results(py)?)?;
        tables.set_item("reasons", self.reasons(py)?)?;
        tables.set_item("findings", self.diagnostics(py)?)?;
        tables.set_item("extensions", self.extensions(py)?)?;
        tables.set_item("failure_reports", self.failure_reports(py)?)?;
        tables.set_item("tls_reports", self.tls_reports(py)?)?;
        tables.set_item("tls_policies", self.tls_policies(py)?)?;
        tables.set_item("tls_failures", self.tls_failures(py)?)?;
        Ok(tables)
    }

    /// Everything but the records as plain data: the JSON of `dmarc-check reports`.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, self.view(py)?)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let totals = &self.batch(py)?.totals;
        Ok(format!("<Batch of {} reports, {} messages>", totals.reports, totals.messages_out))
    }
}
