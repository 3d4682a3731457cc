//! A change of records, rehearsed on reports.

use dmarc_core::assessment::rehearsal::Rehearse;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::convert;
use crate::errors::{self, DmarcError};
use crate::facts::Facts;

/// Replay reported rows through a change of records.
///
/// `request` is what JavaScript passes as well; the records in it count where there are no Facts.
#[pyfunction]
pub(crate) fn rehearse_facts<'py>(
    request: &Bound<'py, PyDict>,
    old: Option<&Bound<'py, Facts>>,
    new: Option<&Bound<'py, Facts>>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = request.py();
    let request: Rehearse = serde_json::from_value(convert::to_json(request)?)
        .map_err(|error| errors::argument("rehearse", &error))?;
    let known = |facts: Option<&Bound<'py, Facts>>| facts.map(|facts| facts.get().known());
    let (from, to) = (known(old), known(new));
    let found = py.detach(|| request.run_over(from, to));
    let found = found.map_err(|error| errors::coded::<DmarcError>(error.code(), &error))?;
    convert::to_python(py, &convert::view(&found)?)
}
