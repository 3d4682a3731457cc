//! Tables through the Arrow PyCapsule interface: no pyarrow is needed to make or read them.

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StructArray};
use arrow_schema::{ArrowError, Field, FieldRef, Schema, SchemaRef};
use dmarc_core::report::arrow::{Nested, Place, RecordTable};
use pyo3::exceptions::PyRuntimeError;
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
    /// The lists of the records that it has as rows; `None` for the records themselves.
    pub(crate) nested: Option<Nested>,
}

impl Table {
    fn schema(&self) -> SchemaRef {
        self.nested.map_or_else(|| self.table.schema(), Nested::schema)
    }
}

#[pymethods]
impl Table {
    /// Names of the columns, in order.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    /// The schema, as an Arrow PyCapsule.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, self.schema().as_ref())?)
    }

    /// The rows in batches, as an Arrow PyCapsule; each call begins anew.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let place = Some(Place::default());
        let batches = Batches { table: Arc::clone(&self.table), nested: self.nested, place };
        let rows = ArrayIterator::new(batches, row(&self.schema()));
        Ok(to_stream_pycapsule(py, Box::new(rows), requested_schema)?)
    }

    fn __len__(&self) -> usize {
        self.nested.map_or_else(|| self.table.len(), |nested| self.table.nested_len(nested))
    }

    fn __repr__(&self) -> String {
        format!("<Table of {} rows, {} columns>", self.__len__(), self.schema().fields().len())
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

    fn __getitem__<'py>(&self, index: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.rows.bind(index.py()).as_any().get_item(index)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> PyResult<bool> {
        let rows = self.rows.bind(other.py()).as_any();
        match other.cast::<Self>() {
            Ok(table) => rows.eq(table.get().rows.bind(other.py())),
            Err(_) => rows.eq(other),
        }
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
    nested: Option<Nested>,
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
        let batch = match self.nested {
            None => Ok(batch),
            Some(nested) => nested.rows(&batch),
        };
        Some(batch.map(|batch| Arc::new(StructArray::from(batch)) as ArrayRef))
    }
}
