//! Every error that the binding raises: `DmarcError`, a `ValueError`, with a `code`.

use std::fmt::Display;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::types::Record;

pyo3::create_exception!(
    dmarc_py,
    DmarcError,
    PyValueError,
    "Something could not be done. `code` says what, for programs.\n\nAll exceptions of dmarc_py are of this class."
);
pyo3::create_exception!(
    dmarc_py,
    RejectedError,
    DmarcError,
    "A text that the strict reading does not accept.\n\n`record` is what was read, with its findings."
);
pyo3::create_exception!(dmarc_py, BuildError, DmarcError, "Tags that make no valid record.");
pyo3::create_exception!(
    dmarc_py,
    EvaluationError,
    DmarcError,
    "A check, an answer, a zone or a snapshot that cannot be used."
);

/// Gives the class its `code`, which each exception overrides.
pub(crate) fn prepare(class: &Bound<'_, PyType>) -> PyResult<()> {
    class.setattr("code", "error")
}

/// An exception with its code.
pub(crate) fn coded<E: pyo3::type_object::PyTypeInfo>(code: &str, message: &impl Display) -> PyErr {
    Python::attach(|py| {
        let class = py.get_type::<E>();
        let raised = class.call1((message.to_string(),)).and_then(|raised| {
            raised.setattr("code", code)?;
            Ok(raised)
        });
        match raised {
            Ok(raised) => PyErr::from_value(raised),
            Err(error) => error,
        }
    })
}

/// An argument whose value cannot be used.
pub(crate) fn argument(name: &str, message: &impl Display) -> PyErr {
    coded::<DmarcError>("invalid-argument", &format!("{name}: {message}"))
}

/// An object of a type that is not taken here.
pub(crate) fn wrong_type(expected: &str, object: &Bound<'_, PyAny>) -> PyErr {
    let found = object.get_type().name().map_or_else(|_| "object".to_owned(), |name| name.to_string());
    PyTypeError::new_err(format!("expected {expected}, not {found}"))
}

/// A view that is no JSON data, which no view of the core is.
pub(crate) fn internal(error: &impl Display) -> PyErr {
    coded::<DmarcError>("internal", error)
}

/// A record that the strict reading does not accept; the exception holds it.
pub(crate) fn rejected(py: Python<'_>, record: Record) -> PyErr {
    let codes = record.error_codes();
    let message = if codes.is_empty() { "not a record of this kind".to_owned() } else { codes.join(", ") };
    let error = coded::<RejectedError>("rejected", &message);
    let held = record.into_object(py).and_then(|record| error.value(py).setattr("record", record));
    held.err().unwrap_or(error)
}
