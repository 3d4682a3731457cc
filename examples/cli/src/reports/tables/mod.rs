//! The records of reports as rows: lines of JSON, CSV, and Parquet.
//!
//! All three are made of the same table, and have the same columns.

mod cell;
mod csv;
#[cfg(feature = "parquet")]
mod parquet;

use std::io;

use dmarc_core::report::arrow::{RecordTable, RecordTableBuilder};

use self::cell::Row;
use crate::args::TableForm;
use crate::json;
use crate::output::Out;
use crate::problem::Problem;

/// Writes the tables of one input after the other.
pub(super) enum Writer {
    /// What is rendered is written as it is.
    Text,
    #[cfg(feature = "parquet")]
    Parquet(Box<parquet::Writer>),
}

/// The table of an input, ready to be written.
pub(super) enum Rendered {
    Octets(Vec<u8>),
    #[cfg(feature = "parquet")]
    Table(RecordTable),
}

/// How tables are rendered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Renderer {
    form: TableForm,
    /// Whether a person looks on.
    shown: bool,
}

impl Renderer {
    /// For what is written there.
    pub(super) fn new(form: TableForm, out: &Out) -> Self {
        Self { form, shown: out.is_terminal() }
    }

    /// The rows of a table.
    #[cfg_attr(not(feature = "parquet"), allow(clippy::needless_pass_by_value, reason = "Parquet keeps it"))]
    pub(super) fn render(self, table: RecordTable) -> io::Result<Rendered> {
        let mut octets = Vec::new();
        match self.form {
            TableForm::Jsonl => {
                for batch in table.batches() {
                    let batch = batch.map_err(io::Error::other)?;
                    for row in 0..batch.num_rows() {
                        json::compact(&mut octets, &Row(&batch, row))?;
                        octets.push(b'\n');
                    }
                }
            }
            TableForm::Csv => {
                for batch in table.batches() {
                    let batch = batch.map_err(io::Error::other)?;
                    octets.append(&mut csv::rows(&batch, self.shown)?);
                }
            }
            #[cfg(feature = "parquet")]
            TableForm::Parquet => return Ok(Rendered::Table(table)),
            #[cfg(not(feature = "parquet"))]
            TableForm::Parquet => {}
        }
        Ok(Rendered::Octets(octets))
    }
}

impl Writer {
    /// Begins a table.
    pub(super) fn new(form: TableForm, out: &mut Out) -> Result<Self, Problem> {
        let schema = RecordTableBuilder::new().finish().schema();
        match form {
            TableForm::Jsonl => Ok(Self::Text),
            TableForm::Csv => {
                out.octets(&csv::header(&schema).map_err(|error| Problem::Stream { error })?)?;
                Ok(Self::Text)
            }
            #[cfg(feature = "parquet")]
            TableForm::Parquet => Ok(Self::Parquet(Box::new(parquet::Writer::new(schema)?))),
            #[cfg(not(feature = "parquet"))]
            TableForm::Parquet => Err(Problem::NoParquet),
        }
    }

    /// Writes the table of an input.
    pub(super) fn write(&mut self, rendered: Rendered, out: &mut Out) -> Result<(), Problem> {
        match (self, rendered) {
            (_, Rendered::Octets(octets)) => out.octets(&octets),
            #[cfg(feature = "parquet")]
            (Self::Parquet(writer), Rendered::Table(table)) => writer.write(&table, out),
            #[cfg(feature = "parquet")]
            (Self::Text, Rendered::Table(_)) => Ok(()),
        }
    }

    /// Ends the table.
    pub(super) fn finish(self, out: &mut Out) -> Result<(), Problem> {
        match self {
            Self::Text => out.flush(),
            #[cfg(feature = "parquet")]
            Self::Parquet(writer) => writer.finish(out),
        }
    }
}
