//! Reading reports: inputs of every form, one batch.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dmarc_core::assessment::ReportState;
use dmarc_core::diagnostics::Catalog;
use dmarc_core::dmarc::Edition;
use dmarc_core::limits::Limits;
use dmarc_core::name::DomainName;
use dmarc_core::report::Draft;
use dmarc_core::report::aggregate::Organizations;
use dmarc_core::report::arrow::{RecordTableBuilder, kinds};
use dmarc_core::report::batch::{self, Collector, FindingView, Keep};
use dmarc_core::report::failure::Privacy;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString, PyTuple};
use serde_json::Value;

use crate::convert;
use crate::errors::{self, DmarcError};
use crate::facts::{self, Facts};
use crate::table::{ReportTable, Table};

/// Read reports from octets, files, folders, or any iterable of them.
///
/// `reports` is bytes, a path of a file or folder (str or os.PathLike), a file opened for reading
/// octets, or an iterable of these and of pairs (name, bytes); a pair (name, exception) stands for
/// an input that could not be fetched, and is accounted for. Plain, gzip, ZIP and mail are told
/// apart by content. An iterable is consumed one by one, and the interpreter lock is released
/// while a report is read. Nothing raises because of a bad input: it is refused with a reason, and
/// the others are read. `limits` names those that are not the default. `privacy` says what becomes of
/// local-parts and subjects in failure reports: they are kept, hashed under `privacy_key`, or dropped.
/// `organizations` is what is known of organizational domains, for the alignment that is worked out
/// anew: their names, or Facts or a snapshot, which are looked at under `edition`.
#[pyfunction]
#[pyo3(signature = (reports, *, limits = None, lang = "en", privacy = "keep", privacy_key = None, organizations = None,
    edition = "rfc9989"))]
pub(crate) fn read_reports(
    reports: &Bound<'_, PyAny>,
    limits: Option<&Bound<'_, PyDict>>,
    lang: &str,
    privacy: &str,
    privacy_key: Option<&Bound<'_, PyAny>>,
    organizations: Option<&Bound<'_, PyAny>>,
    edition: &str,
) -> PyResult<Batch> {
    let catalog = convert::catalog(lang)?;
    let key = privacy_key.map(convert::octets).transpose()?.unwrap_or_default();
    let privacy = Privacy::named(privacy, &key)
        .ok_or_else(|| errors::argument("privacy", &"expected keep, hash or drop"))?;
    if matches!(privacy, Privacy::Hash(_)) && key.is_empty() {
        return Err(errors::argument("privacy_key", &"hashes need a key"));
    }
    let edition = convert::edition(edition)?;
    let organizations =
        organizations.map(|known| known_organizations(known, edition)).transpose()?.unwrap_or_default();
    let mut reading = Reading::new(convert::limits(limits)?, privacy, organizations);
    if !reading.feed(reports)? {
        for report in reports.try_iter().map_err(|_| errors::wrong_type(FORMS, reports))? {
            let report = report?;
            if !reading.feed(&report)? && !reading.feed_pair(&report)? {
                return Err(errors::wrong_type(FORMS, &report));
            }
        }
    }
    Ok(reports.py().detach(|| reading.finish(catalog)))
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

/// A batch under way.
struct Reading {
    limits: Limits,
    collector: Collector,
    table: RecordTableBuilder,
    octets_given: u64,
}

impl Reading {
    fn new(limits: Limits, privacy: Privacy, organizations: Organizations) -> Self {
        let collector =
            Collector::new(&limits, Keep::Findings).with_privacy(privacy).with_organizations(organizations);
        Self { limits, collector, table: RecordTableBuilder::new(), octets_given: 0 }
    }

    /// Reads an input that is octets, a path or a file; whether it is one.
    fn feed(&mut self, report: &Bound<'_, PyAny>) -> PyResult<bool> {
        let py = report.py();
        py.check_signals()?;
        if let Ok(octets) = report.cast::<PyBytes>() {
            let (name, octets) = (self.next_name(), octets.as_bytes());
            py.detach(|| self.read(&name, octets));
        } else if let Some(path) = path_of(report)? {
            py.detach(|| self.read_path(&path));
        } else if let Some(octets) = convert::bytes(report)? {
            let name = self.next_name();
            py.detach(|| self.read(&name, &octets));
        } else if report.hasattr("read")? {
            let octets = convert::octets(&report.call_method0("read")?)?;
            let name = report.getattr_opt("name")?.and_then(|name| name.extract::<String>().ok());
            let name = name.unwrap_or_else(|| self.next_name());
            py.detach(|| self.read(&name, &octets));
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// Reads a pair of name and octets, or of name and why there are none; whether it is one.
    fn feed_pair(&mut self, report: &Bound<'_, PyAny>) -> PyResult<bool> {
        let Ok(pair) = report.cast::<PyTuple>() else { return Ok(false) };
        let Ok((name, given)) = pair.extract::<(String, Bound<'_, PyAny>)>() else { return Ok(false) };
        if let Some(octets) = convert::bytes(&given)? {
            report.py().detach(|| self.read(&name, &octets));
        } else if given.is_instance_of::<PyException>() {
            self.collector.unreadable(name, &given.str()?.to_string_lossy());
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// A name for octets that came without one.
    fn next_name(&mut self) -> String {
        self.octets_given += 1;
        format!("bytes {}", self.octets_given)
    }

    fn read(&mut self, name: &str, octets: &[u8]) {
        self.collector.feed_into(name, octets, &mut self.table);
    }

    /// Reads a file, or every file below a folder, in the order of their names.
    fn read_path(&mut self, path: &Path) {
        let name = path.to_string_lossy();
        if path.is_dir() {
            match entries(path) {
                Ok(entries) => entries.iter().for_each(|entry| self.read_path(entry)),
                Err(error) => self.collector.unreadable(name, &reason(&error)),
            }
            return;
        }
        match self.octets_of(path) {
            Ok(octets) => self.read(&name, &octets),
            Err(error) => self.collector.unreadable(name, &reason(&error)),
        }
    }

    /// The octets of a file; one too large is read as far as it takes to see that it is.
    fn octets_of(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut octets = Vec::new();
        fs::File::open(path)?.take(self.limits.input_octets.saturating_add(1)).read_to_end(&mut octets)?;
        Ok(octets)
    }

    fn finish(self, catalog: &'static Catalog) -> Batch {
        let table = Arc::new(self.table.finish());
        Batch { batch: Arc::new(self.collector.finish()), table, catalog }
    }
}

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

/// What the system says, without its number.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split_once(" (os error").map_or(text.as_str(), |(reason, _)| reason).to_owned()
}

/// The path that a str or an os.PathLike is.
fn path_of(object: &Bound<'_, PyAny>) -> PyResult<Option<PathBuf>> {
    if object.is_instance_of::<PyString>() || object.hasattr("__fspath__")? {
        return object.extract().map(Some);
    }
    Ok(None)
}

/// Files and folders in a folder, by name. A link to a folder is left out: it may lead back up.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let leads_up = path.is_symlink() && path.is_dir();
        // A pipe or a device would be waited for.
        let is_special = path.metadata().is_ok_and(|what| !what.is_file() && !what.is_dir());
        if !leads_up && !is_special {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// What was read from some inputs: reports, what was refused, and totals that add up.
///
/// messages_in = messages_out + messages_refused, always.
#[pyclass(frozen, module = "dmarc_py")]
pub(crate) struct Batch {
    batch: Arc<batch::Batch>,
    table: Arc<dmarc_core::report::arrow::RecordTable>,
    catalog: &'static Catalog,
}

impl Batch {
    fn view(&self, py: Python<'_>) -> PyResult<Value> {
        py.detach(|| convert::view(&self.batch.view(self.catalog)))
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
        convert::to_python(py, &self.batch.totals)
    }

    /// One dict per report: who, when, which policy, and sums over its records.
    #[getter]
    fn reports<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.part(py, "reports")
    }

    /// Extensions of reports and their records, each as XML that stands by itself.
    #[getter]
    fn extensions(&self, py: Python<'_>) -> PyResult<ReportTable> {
        ReportTable::new(py, &extensions(&self.view(py)?), kinds::extensions(&self.batch.reports))
    }

    /// Failure reports: one dict each, and a table to hand over.
    #[getter]
    fn failure_reports(&self, py: Python<'_>) -> PyResult<ReportTable> {
        ReportTable::new(
            py,
            &self.view(py)?["failure_reports"],
            kinds::failure_reports(&self.batch.failure_reports),
        )
    }

    /// Reports on TLS: one dict each with its policies and their failures, and a table to hand over.
    #[getter]
    fn tls_reports(&self, py: Python<'_>) -> PyResult<ReportTable> {
        ReportTable::new(py, &self.view(py)?["tls_reports"], kinds::tls_reports(&self.batch.tls_reports))
    }

    /// The policies of reports on TLS as a table.
    #[getter]
    fn tls_policies(&self, py: Python<'_>) -> PyResult<ReportTable> {
        ReportTable::new(py, &policies(&self.view(py)?, None), kinds::tls_policies(&self.batch.tls_reports))
    }

    /// The failures of reports on TLS as a table.
    #[getter]
    fn tls_failures(&self, py: Python<'_>) -> PyResult<ReportTable> {
        let failures = policies(&self.view(py)?, Some("failures"));
        ReportTable::new(py, &failures, kinds::tls_failures(&self.batch.tls_reports))
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

    /// Every finding that was kept, with its report and its place: element, line and column.
    #[getter]
    fn diagnostics<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let found = self.batch.findings().map(|placed| FindingView::new(&placed, self.catalog));
        found.map(|found| convert::to_python(py, &found)).collect()
    }

    /// What the reports say about a domain and the names below it, summed: the value for
    /// "reports" in a check of the domain.
    fn state<'py>(&self, py: Python<'py>, domain: &str) -> PyResult<Bound<'py, PyAny>> {
        let domain = DomainName::parse(domain).map_err(|error| errors::argument("domain", &error))?;
        let state = py.detach(|| convert::view(&ReportState::of(&domain, &self.batch)))?;
        convert::to_python(py, &state)
    }

    /// The records as a table, one row per record.
    #[getter]
    fn records(&self) -> Table {
        Table { table: Arc::clone(&self.table) }
    }

    /// Everything but the records as plain data: the JSON of `dmarc-check reports`.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.view(py)?)
    }

    fn __repr__(&self) -> String {
        let totals = &self.batch.totals;
        format!("<Batch of {} reports, {} messages>", totals.reports, totals.messages_out)
    }
}
