//! A table as a Parquet file.

use std::io;

use arrow_schema::SchemaRef;
use dmarc_core::report::arrow::RecordTable;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use crate::output::Out;
use crate::problem::Problem;

/// Rows of a row group: it is held in memory until it is written.
const ROWS: usize = 1 << 16;

/// Writes Parquet.
pub(in crate::reports) struct Writer {
    inner: ArrowWriter<Vec<u8>>,
}

impl Writer {
    /// A file with these columns.
    pub(super) fn new(schema: SchemaRef) -> Result<Self, Problem> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(ROWS))
            .build();
        let inner = ArrowWriter::try_new(Vec::new(), schema, Some(properties)).map_err(broken)?;
        Ok(Self { inner })
    }

    /// Adds rows, and hands on what is complete.
    pub(super) fn write(&mut self, table: &RecordTable, out: &mut Out) -> Result<(), Problem> {
        for batch in table.batches() {
            let batch = batch.map_err(|error| Problem::Stream { error: io::Error::other(error) })?;
            self.inner.write(&batch).map_err(broken)?;
        }
        self.hand_on(out)
    }

    /// Ends the file.
    pub(super) fn finish(mut self, out: &mut Out) -> Result<(), Problem> {
        self.inner.finish().map_err(broken)?;
        self.hand_on(out)?;
        out.flush()
    }

    fn hand_on(&mut self, out: &mut Out) -> Result<(), Problem> {
        let octets = std::mem::take(self.inner.inner_mut());
        out.octets(&octets)
    }
}

fn broken(error: ParquetError) -> Problem {
    Problem::Stream { error: io::Error::other(error) }
}
