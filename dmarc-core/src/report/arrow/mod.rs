//! Reports as Arrow tables: one row per record, typed columns, null where something is absent.
//!
//! What a whole report says (who reports, the period, the policy) is kept once per report and
//! repeated when a table is read, in batches of a bounded size. Enumerated values are normalized,
//! `unknown` where they are not understood; a column `…_raw` has the text as written where it
//! differs. This module names types of `arrow-array` and `arrow-schema` in public, and is the only
//! one that names types of another crate.
//!
//! `header_from_org`, `dkim_aligned_calc`, `spf_aligned_calc`, `verdict_consistent` and `aligned` of a single
//! result are worked out while reading; null where what is known of organizational domains does not tell.

#[cfg(feature = "container")]
mod classes;
mod columns;
#[cfg(feature = "container")]
pub mod kinds;
mod report;
mod results;
mod schema;
mod texts;
mod values;

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, RecordBatch, new_null_array};
use arrow_schema::{ArrowError, SchemaRef};

use self::columns::Columns;
use self::report::ReportValues;
pub use self::results::Nested;
use super::aggregate::{Head, Record};

/// Rows of a batch at most.
const ROWS: usize = 8_192;
/// Octets of text in a batch, from which on it ends early. Offsets of `utf8` have 31 bits.
const OCTETS: usize = 64 << 20;

/// Gathers the records of reports into a [`RecordTable`]; a sink of
#[cfg_attr(feature = "container", doc = "[`Collector::feed_into`](super::batch::Collector::feed_into).")]
#[cfg_attr(not(feature = "container"), doc = "a batch.")]
pub struct RecordTableBuilder {
    table: RecordTable,
    columns: Columns,
    octets: usize,
    /// Reports with the rows they have in the columns that are under way.
    runs: Vec<Run>,
    /// Reports whose records are all there and whose values are not.
    ahead: usize,
    #[cfg(feature = "container")]
    looks: Option<classes::Looks>,
}

impl Default for RecordTableBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl RecordTableBuilder {
    /// No records yet.
    #[must_use]
    pub fn new() -> Self {
        let table =
            RecordTable { schema: schema::records(), reports: Vec::new(), chunks: Vec::new(), rows: 0 };
        Self {
            table,
            columns: Columns::new(),
            octets: 0,
            runs: Vec::new(),
            ahead: 0,
            #[cfg(feature = "container")]
            looks: None,
        }
    }

    /// The same, for a table that can be told the classes of its rows: see [`RecordTable::classify`].
    #[cfg(feature = "container")]
    #[must_use]
    pub fn with_classes(mut self) -> Self {
        self.looks = Some(classes::Looks::default());
        self
    }

    /// Adds a record of the report under way.
    pub fn push(&mut self, record: &Record) {
        let octets = report::octets(record);
        if self.columns.len() >= ROWS || (self.columns.len() > 0 && self.octets + octets > OCTETS) {
            self.end_chunk();
        }
        let report = self.table.reports.len() + self.ahead;
        match self.runs.last_mut() {
            Some(run) if run.report == report => run.rows += 1,
            _ => self.runs.push(Run { report, rows: 1 }),
        }
        self.octets += octets;
        #[cfg(feature = "container")]
        if let Some(looks) = &mut self.looks {
            looks.push(record);
        }
        self.columns.push(record);
    }

    /// The records pushed from now on belong to the next report, although [`Self::end_report`] was not called
    /// for this one yet.
    pub fn next_report(&mut self) {
        self.ahead += 1;
    }

    /// Ends the first report that did not end: the records pushed for it belong to it.
    pub fn end_report(&mut self, report_key: &str, head: &Head) {
        self.ahead = self.ahead.saturating_sub(1);
        self.table.reports.push(ReportValues::new(report_key, head));
    }

    /// The table of everything pushed.
    #[must_use]
    pub fn finish(mut self) -> RecordTable {
        self.end_chunk();
        let of_the_last_rows = self.table.chunks.last().and_then(|chunk| chunk.runs.last()).copied();
        while of_the_last_rows.is_some_and(|run| run.report >= self.table.reports.len()) {
            self.end_report("", &Head::default());
        }
        #[cfg(feature = "container")]
        if let Some(looks) = self.looks {
            let texts = Arc::new(looks.texts);
            self.table.chunks.iter_mut().for_each(|chunk| chunk.texts = Arc::clone(&texts));
        }
        self.table
    }

    fn end_chunk(&mut self) {
        let rows = self.columns.len();
        if rows == 0 {
            return;
        }
        let columns = self.columns.finish().into_iter();
        // A column of nulls only is made again when it is read.
        let columns = columns.map(|column| column.filter(|column| column.null_count() < rows));
        let columns: Vec<Option<ArrayRef>> = columns.collect();
        #[cfg(feature = "container")]
        let columns = [columns, vec![None; classes::COLUMNS.len()]].concat();
        let runs = std::mem::take(&mut self.runs);
        #[cfg(feature = "container")]
        let looks = self.looks.as_mut().map(|looks| std::mem::take(&mut looks.rows)).unwrap_or_default();
        self.table.chunks.push(Chunk {
            rows,
            columns,
            runs,
            #[cfg(feature = "container")]
            looks,
            #[cfg(feature = "container")]
            texts: Arc::default(),
        });
        self.table.rows += rows;
        self.octets = 0;
    }
}

#[cfg(feature = "container")]
impl super::batch::Sink for RecordTableBuilder {
    fn look(&mut self, look: &str) {
        if let Some(looks) = &mut self.looks {
            looks.tell(look);
        }
    }

    fn record(&mut self, _: &Head, record: &Record) {
        self.push(record);
    }

    fn last(&mut self) {
        self.next_report();
    }

    fn report(&mut self, entry: &super::batch::Entry) {
        self.end_report(&entry.report_key, &entry.head);
    }
}

/// Consecutive rows of one report.
#[derive(Clone, Copy, Debug)]
struct Run {
    report: usize,
    rows: usize,
}

/// Columns of the records of some reports.
#[derive(Clone, Debug)]
struct Chunk {
    rows: usize,
    /// `record_ordinal` and the columns behind those of the report; `None` for nulls only.
    columns: Vec<Option<ArrayRef>>,
    runs: Vec<Run>,
    /// What each row looks like, by its place in `texts`.
    #[cfg(feature = "container")]
    looks: Vec<u32>,
    /// What rows look like; the chunks of one builder share them.
    #[cfg(feature = "container")]
    texts: Arc<Vec<String>>,
}

/// The records of some reports, to be read as often as one likes.
#[derive(Clone, Debug)]
pub struct RecordTable {
    schema: SchemaRef,
    reports: Vec<ReportValues>,
    chunks: Vec<Chunk>,
    rows: usize,
}

impl RecordTable {
    /// A table without records.
    #[must_use]
    pub fn empty() -> Self {
        RecordTableBuilder::new().finish()
    }

    /// Adds the rows of another table behind its own.
    pub fn append(&mut self, other: Self) {
        let reports = self.reports.len();
        self.reports.extend(other.reports);
        self.chunks.extend(other.chunks.into_iter().map(|mut chunk| {
            chunk.runs.iter_mut().for_each(|run| run.report += reports);
            chunk
        }));
        self.rows += other.rows;
    }

    /// Fills in `stream_key`, `stream_class` and `class_confidence`, of a table that was built
    /// [with classes](RecordTableBuilder::with_classes); null for records that were not judged.
    #[cfg(feature = "container")]
    pub fn classify(&mut self, judged: &crate::streams::Judged) {
        for chunk in &mut self.chunks {
            let domains = chunk.runs.iter().flat_map(|run| {
                let domain = self.reports.get(run.report).map_or("", ReportValues::policy_domain);
                std::iter::repeat_n(domain, run.rows)
            });
            let looks = chunk.looks.iter().map(|look| chunk.texts.get(*look as usize).map(String::as_str));
            let filled = classes::columns(judged, domains.zip(looks));
            let from = chunk.columns.len().saturating_sub(filled.len());
            for (column, filled) in chunk.columns.iter_mut().skip(from).zip(filled) {
                *column = (filled.len() == chunk.rows && filled.null_count() < chunk.rows).then_some(filled);
            }
        }
    }

    /// How many records it has.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows
    }

    /// Whether it has none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Names and types of its columns; the same for every table of this version.
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// The rows from a place on, as many as one batch takes; `None` behind the last one.
    ///
    /// # Errors
    /// [`ArrowError`] if the columns do not make a batch.
    pub fn batch(&self, place: Place) -> Option<Result<(RecordBatch, Place), ArrowError>> {
        let chunk = self.chunks.get(place.chunk)?;
        let (runs, rows) = self.window(chunk, place.row);
        let next = if place.row + rows >= chunk.rows {
            Place { chunk: place.chunk + 1, row: 0 }
        } else {
            Place { chunk: place.chunk, row: place.row + rows }
        };
        Some(self.assemble(chunk, place.row, rows, &runs).map(|batch| (batch, next)))
    }

    /// All rows, in batches of a bounded size.
    pub fn batches(&self) -> impl Iterator<Item = Result<RecordBatch, ArrowError>> + '_ {
        let mut place = Some(Place::default());
        std::iter::from_fn(move || match self.batch(place?)? {
            Ok((batch, next)) => {
                place = Some(next);
                Some(Ok(batch))
            }
            Err(error) => {
                place = None;
                Some(Err(error))
            }
        })
    }

    /// The runs from a row on, until the texts of their reports fill a batch.
    fn window(&self, chunk: &Chunk, row: usize) -> (Vec<Run>, usize) {
        let (mut skip, mut rows, mut room) = (row, 0, OCTETS);
        let mut runs = Vec::new();
        for run in &chunk.runs {
            let left = run.rows.saturating_sub(skip);
            skip = skip.saturating_sub(run.rows);
            if left == 0 {
                continue;
            }
            let each = self.reports.get(run.report).map_or(1, ReportValues::octets).max(1);
            // One row always fits: its texts came out of one report.
            let fitting = left.min((room / each).max(usize::from(rows == 0)));
            if fitting > 0 {
                runs.push(Run { report: run.report, rows: fitting });
                rows += fitting;
                room = room.saturating_sub(fitting.saturating_mul(each));
            }
            if fitting < left {
                break;
            }
        }
        (runs, rows)
    }

    fn assemble(
        &self,
        chunk: &Chunk,
        row: usize,
        rows: usize,
        runs: &[Run],
    ) -> Result<RecordBatch, ArrowError> {
        let spread = runs.iter().filter_map(|run| Some((self.reports.get(run.report)?, run.rows)));
        let (report_key, of_the_report) = report::columns(spread);
        let mut columns = vec![report_key];
        let mut of_the_record = chunk.columns.iter();
        let place_of_nulls = |index: usize| self.schema.field(index).data_type();
        let record_ordinal = of_the_record.next().and_then(Option::as_ref);
        columns.push(
            record_ordinal.map_or_else(|| new_null_array(place_of_nulls(1), rows), |c| c.slice(row, rows)),
        );
        columns.extend(of_the_report);
        for column in of_the_record {
            columns.push(match column {
                Some(column) => column.slice(row, rows),
                None => new_null_array(place_of_nulls(columns.len()), rows),
            });
        }
        RecordBatch::try_new(Arc::clone(&self.schema), columns)
    }
}

/// A place in a table, from which on rows are read.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Place {
    chunk: usize,
    row: usize,
}

#[cfg(test)]
mod tests {
    use arrow_array::cast::AsArray;
    use arrow_array::types::Int32Type;

    use super::*;
    use crate::report::aggregate::{Identifiers, Metadata};

    fn head(org_name: &str) -> Head {
        Head {
            metadata: Some(Metadata { org_name: Some(org_name.to_owned()), ..Metadata::default() }),
            ..Head::default()
        }
    }

    fn record(ordinal: u64) -> Record {
        let identifiers =
            Identifiers { header_from: Some("Example.COM".to_owned()), ..Identifiers::default() };
        Record { ordinal, identifiers: Some(identifiers), ..Record::default() }
    }

    /// Reporter and ordinal of each row, batch by batch.
    fn rows(table: &RecordTable) -> Vec<Vec<(String, i32)>> {
        let of_a_batch = |batch: RecordBatch| {
            let names = batch.column_by_name("reporter_org").unwrap().as_string::<i32>().clone();
            let ordinals =
                batch.column_by_name("record_ordinal").unwrap().as_primitive::<Int32Type>().clone();
            let pairs = names.iter().zip(&ordinals);
            pairs.map(|(name, ordinal)| (name.unwrap_or_default().to_owned(), ordinal.unwrap())).collect()
        };
        table.batches().map(|batch| of_a_batch(batch.unwrap())).collect()
    }

    #[test]
    fn every_record_is_a_row_with_the_values_of_its_report() {
        let mut builder = RecordTableBuilder::new();
        for (name, count) in [("one", 3), ("none", 0), ("two", ROWS as u64 + 1)] {
            (0..count).for_each(|ordinal| builder.push(&record(ordinal)));
            builder.end_report("00", &head(name));
        }
        let table = builder.finish();
        let batches = rows(&table);
        assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), [ROWS, 4]);
        let all: Vec<_> = batches.concat();
        assert_eq!(all.len(), table.len());
        assert_eq!(
            all[..4].iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
            ["one", "one", "one", "two"]
        );
        assert_eq!(all.last(), Some(&("two".to_owned(), ROWS as i32)));
        assert_eq!(rows(&table), batches, "a table can be read again");
    }

    #[test]
    fn a_long_text_of_a_report_makes_batches_shorter_and_not_larger() {
        let long = head(&"x".repeat(OCTETS / 10));
        let mut builder = RecordTableBuilder::new();
        (0..25).for_each(|ordinal| builder.push(&record(ordinal)));
        builder.end_report("00", &long);
        let batches = rows(&builder.finish());
        assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), [9, 9, 7]);
    }

    #[test]
    fn records_may_come_before_the_end_of_the_report_before_is_told() {
        let mut builder = RecordTableBuilder::new();
        for _ in ["one", "two"] {
            builder.push(&record(0));
            builder.next_report();
        }
        for name in ["one", "two"] {
            builder.end_report("00", &head(name));
        }
        builder.push(&record(5));
        builder.end_report("00", &head("three"));
        let expected = [("one".to_owned(), 0), ("two".to_owned(), 0), ("three".to_owned(), 5)];
        assert_eq!(rows(&builder.finish()), [expected]);
    }

    #[test]
    fn rows_of_a_report_that_never_ended_are_kept() {
        let mut builder = RecordTableBuilder::new();
        builder.push(&record(0));
        assert_eq!(rows(&builder.finish()), [[(String::new(), 0)]]);
    }
}
