//! Python binding of `dmarc-core`: the module `dmarc_py._native`, which the package `dmarc_py`
//! re-exports.
//!
//! It registers names and converts values; it decides nothing. Conversions stand in `convert`,
//! exceptions in `errors`.

mod convert;
mod errors;
mod evaluation;
mod facts;
mod lanes;
mod portfolio;
mod reading;
mod records;
mod rehearsal;
mod reports;
mod table;
mod types;

use pyo3::prelude::*;

/// Reading many small reports is a quarter allocation with the allocator of the system.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The compiled part of dmarc_py.
#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::errors::{BuildError, DmarcError, EvaluationError, RejectedError};
    #[pymodule_export]
    use crate::evaluation::Evaluation;
    #[pymodule_export]
    use crate::facts::{Facts, question_message};
    #[pymodule_export]
    use crate::portfolio::portfolio_facts;
    #[pymodule_export]
    use crate::records::{build_dmarc, compare_dmarc, parse_dmarc, parse_record, parse_spf, rules};
    #[pymodule_export]
    use crate::rehearsal::rehearse_facts;
    #[pymodule_export]
    use crate::reports::{Batch, read_reports, write_report};
    #[pymodule_export]
    use crate::table::{ReportTable, Table};
    #[pymodule_export]
    use crate::types::{Diagnostic, Fix, Record};

    use super::{Bound, PyModule, PyModuleMethods, PyResult};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::errors::prepare(&module.py().get_type::<DmarcError>())?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
