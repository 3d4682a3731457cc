//! A table as CSV: lists as JSON in one cell, and no cell that a spreadsheet takes for a formula.

use std::borrow::Cow;
use std::io;

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use csv::Writer;
use dmarc_core::diagnostics::escape;

use super::cell::Cell;
use crate::cells::guarded;
use crate::json;

/// The names of the columns, as a line.
pub(super) fn header(schema: &Schema) -> io::Result<Vec<u8>> {
    let mut writer = Writer::from_writer(Vec::new());
    writer.write_record(schema.fields().iter().map(|field| field.name()))?;
    finish(writer)
}

/// The rows of a batch, as lines; `shown` if a person looks on, to whom no control character goes.
pub(super) fn rows(batch: &RecordBatch, shown: bool) -> io::Result<Vec<u8>> {
    let mut writer = Writer::from_writer(Vec::new());
    for row in 0..batch.num_rows() {
        for column in batch.columns() {
            match Cell::of(column.as_ref(), row) {
                Cell::Null => writer.write_field("")?,
                Cell::Text(text) => {
                    let text = if shown { Cow::Owned(escape(text, usize::MAX)) } else { Cow::Borrowed(text) };
                    writer.write_field(guarded(&text).as_ref())?;
                }
                Cell::Time(text) | Cell::Octets(text) => writer.write_field(text)?,
                Cell::Number(number) => writer.write_field(number.to_string())?,
                Cell::Truth(truth) => writer.write_field(if truth { "true" } else { "false" })?,
                nested @ (Cell::List(..) | Cell::Struct(..)) => {
                    let mut text = Vec::new();
                    json::compact(&mut text, &nested)?;
                    writer.write_field(text)?;
                }
            }
        }
        writer.write_record(None::<&[u8]>)?;
    }
    finish(writer)
}

fn finish(writer: Writer<Vec<u8>>) -> io::Result<Vec<u8>> {
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}
