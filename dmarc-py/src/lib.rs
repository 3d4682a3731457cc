//! Python binding of `dmarc-core`: the module `dmarc_py._native`, which the package `dmarc_py`
//! re-exports.
//!
//! It registers names and converts values; it decides nothing. Conversions stand in `convert`,
//! exceptions in `errors`.

mod convert;
mod errors;

use pyo3::prelude::*;

/// Every rule of the library: code, severity, reference, summary and arguments.
#[pyfunction]
fn rules(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    convert::to_python(py, &convert::view(&dmarc_core::diagnostics::all())?)
}

/// The compiled part of dmarc_py.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::rules;
    #[pymodule_export]
    use crate::errors::DmarcError;

    use super::{Bound, PyAnyMethods, PyModule, PyModuleMethods, PyResult};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::errors::prepare(&module.py().get_type::<DmarcError>())?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
