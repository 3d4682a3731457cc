//! Tables through the Arrow PyCapsule interface: no pyarrow is needed to make or read them.

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StructArray};
use arrow_schema::{ArrowError, Field, FieldRef, Schema, SchemaRef};
use dmarc_core::report::arrow::{Place, RecordTable};
use pyo3::exceptions::{PyIndexError, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyList};
use pyo3_arrow::ffi::{ArrayIterator, to_schema_pycapsule, to_stream_pycapsule};
use serde_json::Value;

use crate::convert;

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

/// Rows as dicts, and the same as an Arrow table for pandas, Polars, DuckDB, pyarrow and others.
#[pyclass(frozen, module = "dmarc_py")]
pub(crate) struct ReportTable {
    rows: Py<PyList>,
    batches: Vec<RecordBatch>,
}

impl ReportTable {
    /// A table of the rows that the core shows and of those that it makes for Arrow.
    pub(crate) fn new(
        py: Python<'_>,
        rows: &Value,
        batches: Result<Vec<RecordBatch>, ArrowError>,
    ) -> PyResult<Self> {
        let rows = convert::to_python(py, rows)?.cast_into::<PyList>()?.unbind();
        let batches = batches.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        Ok(Self { rows, batches })
    }

    fn schema(&self) -> SchemaRef {
        self.batches.first().map_or_else(|| Arc::new(Schema::empty()), RecordBatch::schema)
    }
}

#[pymethods]
impl ReportTable {
    /// Names of the columns of the table, in order.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    /// The schema, as an Arrow PyCapsule.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, self.schema().as_ref())?)
    }

    /// The rows, as an Arrow PyCapsule; each call begins anew.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let batches = self.batches.clone().into_iter();
        let batches = batches.map(|batch| Ok(Arc::new(StructArray::from(batch)) as ArrayRef));
        let rows = ArrayIterator::new(batches, row(&self.schema()));
        Ok(to_stream_pycapsule(py, Box::new(rows), requested_schema)?)
    }

    fn __len__(&self, py: Python<'_>) -> usize {
        self.rows.bind(py).len()
    }

    fn __getitem__<'py>(&self, py: Python<'py>, index: isize) -> PyResult<Bound<'py, PyAny>> {
        let rows = self.rows.bind(py);
        let index = if index < 0 { index.saturating_add_unsigned(rows.len()) } else { index };
        let index = usize::try_from(index).map_err(|_| PyIndexError::new_err("index out of range"))?;
        rows.get_item(index).map_err(|_| PyIndexError::new_err("index out of range"))
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        format!(
            "<ReportTable of {} rows, {} columns>",
            self.rows.bind(py).len(),
            self.schema().fields().len()
        )
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
