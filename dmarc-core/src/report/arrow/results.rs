//! The lists of records as tables of their own: one row per DKIM result, SPF result and reason.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::{Int32Builder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, ListArray, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, SchemaRef};

use super::{RecordTable, schema};

/// A list that each record has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Nested {
    /// DKIM results.
    Dkim,
    /// SPF results.
    Spf,
    /// Reasons for another disposition than the policy asks.
    Reasons,
}

impl Nested {
    /// The column of the table of records.
    const fn column(self) -> &'static str {
        match self {
            Self::Dkim => "dkim",
            Self::Spf => "spf",
            Self::Reasons => "reasons",
        }
    }

    /// Name of the table, in the metadata of its schema.
    const fn table(self) -> &'static str {
        match self {
            Self::Dkim => "dmarc-core/dkim_results",
            Self::Spf => "dmarc-core/spf_results",
            Self::Reasons => "dmarc-core/reasons",
        }
    }

    fn fields(self) -> Fields {
        match self {
            Self::Dkim => schema::dkim(),
            Self::Spf => schema::spf(),
            Self::Reasons => schema::reasons(),
        }
    }

    /// Names and types of the columns; the same for every table of this version.
    #[must_use]
    pub fn schema(self) -> SchemaRef {
        let mut fields = vec![
            Arc::new(Field::new("report_key", DataType::Utf8, false)),
            Arc::new(Field::new("record_ordinal", DataType::Int32, false)),
            Arc::new(Field::new("result_ordinal", DataType::Int32, false)),
        ];
        fields.extend(self.fields().iter().cloned());
        let metadata = [
            ("schema_name", self.table()),
            ("schema_version", "1"),
            ("crate_version", env!("CARGO_PKG_VERSION")),
        ];
        let metadata: HashMap<_, _> =
            metadata.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        Arc::new(Schema::new(fields).with_metadata(metadata))
    }

    /// The rows of a batch of records, as a batch of their own.
    ///
    /// # Errors
    /// [`ArrowError`] if it is no batch of a [`RecordTable`].
    pub fn rows(self, records: &RecordBatch) -> Result<RecordBatch, ArrowError> {
        let missing = |name: &str| ArrowError::SchemaError(format!("no column {name}"));
        let column = |name: &str| records.column_by_name(name).ok_or_else(|| missing(name));
        let lists: &ListArray = column(self.column())?.as_list_opt().ok_or_else(|| missing(self.column()))?;
        let keys = column("report_key")?.as_string_opt::<i32>().ok_or_else(|| missing("report_key"))?;
        let ordinals = column("record_ordinal")?.as_primitive_opt::<Int32Type>();
        let ordinals = ordinals.ok_or_else(|| missing("record_ordinal"))?;
        let mut report_key = StringBuilder::new();
        let (mut record_ordinal, mut result_ordinal) = (Int32Builder::new(), Int32Builder::new());
        let offsets = lists.value_offsets();
        for ((key, ordinal), ends) in keys.iter().zip(ordinals).zip(offsets.windows(2)) {
            let [from, to] = *ends else { continue };
            for place in 0..to.saturating_sub(from) {
                report_key.append_value(key.unwrap_or_default());
                record_ordinal.append_value(ordinal.unwrap_or_default());
                result_ordinal.append_value(place);
            }
        }
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(report_key.finish()),
            Arc::new(record_ordinal.finish()),
            Arc::new(result_ordinal.finish()),
        ];
        let place =
            |offset: Option<&i32>| offset.and_then(|offset| usize::try_from(*offset).ok()).unwrap_or(0);
        let (from, to) = (place(offsets.first()), place(offsets.last()));
        let values = lists.values().as_struct_opt().ok_or_else(|| missing(self.column()))?;
        columns.extend(values.columns().iter().map(|column| column.slice(from, to.saturating_sub(from))));
        RecordBatch::try_new(self.schema(), columns)
    }
}

impl RecordTable {
    /// How many rows the table of these lists has.
    #[must_use]
    pub fn nested_len(&self, nested: Nested) -> usize {
        // Behind `record_ordinal`, `report_key` and the columns of the report stand those of the chunk.
        let before = 1 + schema::of_the_report().len();
        let place = self.schema.index_of(nested.column()).ok().and_then(|place| place.checked_sub(before));
        let lists = |chunk: &super::Chunk| {
            let column = chunk.columns.get(place?)?.as_ref()?;
            Some(column.as_list_opt::<i32>()?.values().len())
        };
        self.chunks.iter().filter_map(lists).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::aggregate::{AuthResults, DkimAuth, Head, Record};
    use crate::report::arrow::RecordTableBuilder;

    #[test]
    fn every_result_is_a_row_that_knows_its_record() {
        let mut builder = RecordTableBuilder::new();
        let push = |builder: &mut RecordTableBuilder, ordinal: u64, results: usize| {
            let one = |number| DkimAuth { selector: Some(format!("s{number}")), ..DkimAuth::default() };
            let found = AuthResults { dkim: (0..results).map(one).collect(), ..AuthResults::default() };
            let record = Record { ordinal, auth_results: Some(found), ..Record::default() };
            builder.push(&record);
        };
        for (ordinal, results) in [(0, 2), (1, 0), (2, 1)] {
            push(&mut builder, ordinal, results);
        }
        builder.end_report("00", &Head::default());
        let table = builder.finish();
        assert_eq!([Nested::Dkim, Nested::Spf].map(|nested| table.nested_len(nested)), [3, 0]);
        let records = table.batches().next().unwrap().unwrap();
        let rows = Nested::Dkim.rows(&records).unwrap();
        let numbers = |name: &str| {
            let column = rows.column_by_name(name).unwrap().as_primitive::<Int32Type>();
            column.values().to_vec()
        };
        assert_eq!(numbers("record_ordinal"), [0, 0, 2]);
        assert_eq!(numbers("result_ordinal"), [0, 1, 0]);
        let selectors = rows.column_by_name("selector").unwrap().as_string::<i32>();
        assert_eq!(selectors.iter().flatten().collect::<Vec<_>>(), ["s0", "s1", "s0"]);
        // A window of a batch has the rows of its records alone.
        assert_eq!(Nested::Dkim.rows(&records.slice(1, 2)).unwrap().num_rows(), 1);
    }
}
