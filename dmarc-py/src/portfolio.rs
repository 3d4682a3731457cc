//! Many domains in one run.

use dmarc_core::assessment::PortfolioRequest;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::convert;
use crate::errors::{self, DmarcError};
use crate::facts::Facts;

/// Judge many domains over what is known of them.
///
/// `request` is what JavaScript passes as well; the records in it count where there are no Facts.
#[pyfunction]
pub(crate) fn portfolio_facts<'py>(
    request: &Bound<'py, PyDict>,
    facts: Option<&Bound<'py, Facts>>,
    lang: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let py = request.py();
    let catalog = convert::catalog(lang)?;
    let request: PortfolioRequest = serde_json::from_value(convert::to_json(request)?)
        .map_err(|error| errors::argument("portfolio", &error))?;
    let facts = facts.map(|facts| facts.get().known());
    let view = py.detach(|| {
        let portfolio = match facts {
            Some(facts) => request.run_over(facts),
            None => request.run()?,
        };
        Ok(portfolio.view(catalog))
    });
    let view = view.map_err(|error: dmarc_core::assessment::NotAZone| {
        errors::coded::<DmarcError>(error.code(), &error)
    })?;
    convert::to_python(py, &view)
}
