//! Frozen classes over the views of the core.

use std::sync::Arc;

use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::Value;

use crate::convert;

/// A text read as a record: what was written, what a receiver acts on, and what was found.
#[pyclass(frozen, eq, module = "dmarc_py")]
#[derive(Clone, PartialEq)]
pub(crate) struct Record {
    view: Arc<Value>,
}

impl Record {
    /// From a view whose spans are in characters.
    pub(crate) fn new(view: Value) -> Self {
        Self { view: Arc::new(view) }
    }

    /// Whether the strict reading accepts it: a record, and no error was found.
    pub(crate) fn is_accepted(&self) -> bool {
        self.view["verdict"] != "not-a-record" && self.error_codes().is_empty()
    }

    /// Codes of the errors found.
    pub(crate) fn error_codes(&self) -> Vec<&str> {
        let errors = diagnostics(&self.view).filter(|found| found["severity"] == "error");
        errors.filter_map(|found| found["code"].as_str()).collect()
    }
}

fn diagnostics(view: &Value) -> impl Iterator<Item = &Value> {
    view["diagnostics"].as_array().into_iter().flatten()
}

#[pymethods]
impl Record {
    /// The text as given; an octet that is not UTF-8 shows as U+FFFD.
    #[getter]
    fn input(&self) -> &str {
        self.view["input"].as_str().unwrap_or_default()
    }

    /// `dmarc`, `spf` or `unknown`.
    #[getter]
    fn kind(&self) -> &str {
        self.view["kind"].as_str().unwrap_or_default()
    }

    /// The edition it was read by: `rfc9989` or `rfc7489`.
    #[getter]
    fn edition(&self) -> &str {
        self.view["edition"].as_str().unwrap_or_default()
    }

    /// `usable`, `acts-as-none`, `unusable` or `not-a-record`.
    #[getter]
    fn verdict(&self) -> &str {
        self.view["verdict"].as_str().unwrap_or_default()
    }

    /// What is written, as text by tag; None where a tag is absent.
    #[getter]
    fn published<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.view["published"])
    }

    /// What a receiver acts on, after defaults; None if it acts on nothing.
    #[getter]
    fn effective<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.view["effective"])
    }

    /// What was found, by position in the text, then by code.
    #[getter]
    fn diagnostics(&self) -> Vec<Diagnostic> {
        diagnostics(&self.view).map(|found| Diagnostic::new(found.clone())).collect()
    }

    /// Everything as plain data: the JSON of `dmarc-check record`, with spans in characters.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &*self.view)
    }

    fn __repr__(&self) -> String {
        format!("<Record {} {} {:?}>", self.kind(), self.verdict(), self.input())
    }
}

/// One thing found in a record.
#[pyclass(frozen, eq, module = "dmarc_py")]
#[derive(Clone, PartialEq)]
pub(crate) struct Diagnostic {
    view: Value,
}

impl Diagnostic {
    /// From a view whose spans are in characters.
    pub(crate) fn new(view: Value) -> Self {
        Self { view }
    }
}

#[pymethods]
impl Diagnostic {
    /// What programs match on: `area/kebab-case`.
    #[getter]
    fn code(&self) -> &str {
        self.view["code"].as_str().unwrap_or_default()
    }

    /// `error`, `warning` or `notice`.
    #[getter]
    fn severity(&self) -> &str {
        self.view["severity"].as_str().unwrap_or_default()
    }

    /// Start and end, counted in characters as Python strings are; None if it has no one place.
    #[getter]
    fn span(&self) -> Option<(u64, u64)> {
        convert::span(&self.view["span"])
    }

    /// Where it is in a document, as line and column from 1; None for a record.
    #[getter]
    fn place<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.view["place"])
    }

    /// What is wrong here, in one line.
    #[getter]
    fn message(&self) -> &str {
        self.view["message"].as_str().unwrap_or_default()
    }

    /// What to do.
    #[getter]
    fn help(&self) -> &str {
        self.view["help"].as_str().unwrap_or_default()
    }

    /// Where it is written, such as `RFC 9989, 4.7`.
    #[getter]
    fn reference(&self) -> &str {
        self.view["reference"].as_str().unwrap_or_default()
    }

    /// What the message is about, by name.
    #[getter]
    fn args<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.view["args"])
    }

    /// The record it is about, as name, type and index; None where that is clear.
    #[getter]
    fn subject<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.view["subject"])
    }

    /// A change that mends it; None where none is clearly meant.
    #[getter]
    fn fix(&self) -> Option<Fix> {
        (!self.view["fix"].is_null()).then(|| Fix { view: self.view["fix"].clone() })
    }

    /// Everything as plain data.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.view)
    }

    fn __repr__(&self) -> String {
        format!("<Diagnostic {} {}: {}>", self.severity(), self.code(), self.message())
    }
}

/// A change that mends a finding, and what it does to the policy.
#[pyclass(frozen, eq, module = "dmarc_py")]
#[derive(Clone, PartialEq)]
pub(crate) struct Fix {
    view: Value,
}

#[pymethods]
impl Fix {
    /// `none`, `stricter`, `looser` or `mixed`; only `none` may be applied unseen.
    #[getter]
    fn effect(&self) -> &str {
        self.view["effect"].as_str().unwrap_or_default()
    }

    /// Replacements by position, each as `{"span": (start, end), "replacement": text}`.
    #[getter]
    fn edits<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        let edits = self.view["edits"].as_array().into_iter().flatten();
        edits
            .map(|edit| {
                let dict = PyDict::new(py);
                dict.set_item("span", convert::span(&edit["span"]))?;
                dict.set_item("replacement", edit["replacement"].as_str())?;
                Ok(dict)
            })
            .collect()
    }

    /// The whole text after the edits.
    #[getter]
    fn result(&self) -> &str {
        self.view["result"].as_str().unwrap_or_default()
    }

    /// Everything as plain data.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.view)
    }

    fn __repr__(&self) -> String {
        format!("<Fix effect={} result={:?}>", self.effect(), self.result())
    }
}

impl Record {
    /// The record as an object, for an exception to hold.
    pub(crate) fn into_object(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        self.into_bound_py_any(py)
    }
}
