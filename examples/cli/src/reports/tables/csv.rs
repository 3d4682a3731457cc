//! A table as CSV: lists as JSON in one cell, and no cell that a spreadsheet takes for a formula.

use std::borrow::Cow;
use std::io;

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use csv::Writer;
use dmarc_core::diagnostics::escape;

use super::cell::Cell;
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

/// A text that no spreadsheet runs: what begins like a formula gets an apostrophe in front.
fn guarded(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Whether a text is a sign and decimal digits, with a point or without.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, part]
        .iter()
        .all(|digits| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_gets_an_apostrophe_and_numbers_do_not() {
        for text in [
            "=1+1", "+SUM(A1)", "-x", "@A1", "\tx", "\rx", "-", "+", "--1", "-1+2", "-1.", "-.5", "-inf",
            "+1e5",
        ] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in ["", "a=b", "-1", "+31", "-1.5", "0", "'=1", "a-b", " =1"] {
            assert_eq!(guarded(text), text);
        }
    }
}
