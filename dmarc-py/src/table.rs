//! Tables through the Arrow PyCapsule interface: no pyarrow is needed to make or read them.

use std::sync::Arc;

use arrow_array::{ArrayRef, StructArray};
use arrow_schema::{ArrowError, Field, FieldRef, Schema};
use dmarc_core::report::arrow::{Place, RecordTable};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use pyo3_arrow::ffi::{ArrayIterator, to_schema_pycapsule, to_stream_pycapsule};

/// A table that pandas, Polars, DuckDB, pyarrow and others read, as often as they like.
///
/// It has no rows in Python: hand it over, as in `polars.DataFrame(table)` or
/// `pyarrow.table(table)`. Columns and their types are the same for every table.
#[pyclass(frozen, module = "dmarc_py")]
pub(crate) struct Table {
    pub(crate) table: Arc<RecordTable>,
}

#[pymethods]
impl Table {
    /// Names of the columns, in order.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.table.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    /// The schema, as an Arrow PyCapsule.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, self.table.schema().as_ref())?)
    }

    /// The rows in batches, as an Arrow PyCapsule; each call begins anew.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let batches = Batches { table: Arc::clone(&self.table), place: Some(Place::default()) };
        let rows = ArrayIterator::new(batches, row(&self.table.schema()));
        Ok(to_stream_pycapsule(py, Box::new(rows), requested_schema)?)
    }

    fn __len__(&self) -> usize {
        self.table.len()
    }

    fn __repr__(&self) -> String {
        format!("<Table of {} rows, {} columns>", self.table.len(), self.table.schema().fields().len())
    }
}

/// A row as the struct that a stream of batches is made of.
fn row(schema: &Schema) -> FieldRef {
    let row = Field::new_struct("", schema.fields().clone(), false);
    Arc::new(row.with_metadata(schema.metadata().clone()))
}

/// The batches of a table, made one by one as they are read.
struct Batches {
    table: Arc<RecordTable>,
    place: Option<Place>,
}

impl Iterator for Batches {
    type Item = Result<ArrayRef, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (batch, next) = match self.table.batch(self.place.take()?)? {
            Ok(read) => read,
            Err(error) => return Some(Err(error)),
        };
        self.place = Some(next);
        Some(Ok(Arc::new(StructArray::from(batch))))
    }
}
