//! One value of an Arrow column, as JSON and as text.

use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch, StructArray};
use arrow_schema::DataType;
use chrono::{DateTime, SecondsFormat};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

/// A value.
pub(super) enum Cell<'a> {
    /// It is absent.
    Null,
    Text(&'a str),
    Number(i64),
    Truth(bool),
    /// ISO 8601, UTC.
    Time(String),
    /// Octets, in hexadecimal.
    Octets(String),
    List(&'a dyn Array, Range<usize>),
    Struct(&'a StructArray, usize),
}

impl<'a> Cell<'a> {
    /// The value of a column in a row; the table has no other types than these.
    pub(super) fn of(column: &'a dyn Array, row: usize) -> Self {
        if column.is_null(row) {
            return Self::Null;
        }
        match column.data_type() {
            DataType::Utf8 => Self::Text(column.as_string::<i32>().value(row)),
            DataType::Int8 => Self::Number(column.as_primitive::<Int8Type>().value(row).into()),
            DataType::Int16 => Self::Number(column.as_primitive::<Int16Type>().value(row).into()),
            DataType::Int32 => Self::Number(column.as_primitive::<Int32Type>().value(row).into()),
            DataType::Int64 => Self::Number(column.as_primitive::<Int64Type>().value(row)),
            DataType::Boolean => Self::Truth(column.as_boolean().value(row)),
            DataType::Timestamp(..) => time(column.as_primitive::<TimestampMicrosecondType>().value(row))
                .map_or(Self::Null, Self::Time),
            DataType::Binary => Self::Octets(
                column.as_binary::<i32>().value(row).iter().map(|octet| format!("{octet:02x}")).collect(),
            ),
            DataType::List(_) => {
                let list = column.as_list::<i32>();
                let place = |at: usize| list.value_offsets()[at] as usize;
                Self::List(list.values().as_ref(), place(row)..place(row + 1))
            }
            DataType::Struct(_) => Self::Struct(column.as_struct(), row),
            _ => Self::Null,
        }
    }
}

/// Microseconds since the epoch as `2026-11-22T00:00:00Z`; nothing for a year that has no date.
fn time(microseconds: i64) -> Option<String> {
    Some(DateTime::from_timestamp_micros(microseconds)?.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Time(text) | Self::Octets(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_i64(*number),
            Self::Truth(truth) => serializer.serialize_bool(*truth),
            Self::List(values, rows) => {
                let mut list = serializer.serialize_seq(Some(rows.len()))?;
                for row in rows.clone() {
                    list.serialize_element(&Cell::of(*values, row))?;
                }
                list.end()
            }
            Self::Struct(fields, row) => {
                let mut map = serializer.serialize_map(Some(fields.num_columns()))?;
                for (field, column) in fields.fields().iter().zip(fields.columns()) {
                    map.serialize_entry(field.name(), &Cell::of(column.as_ref(), *row))?;
                }
                map.end()
            }
        }
    }
}

/// A row of a table, as an object.
pub(super) struct Row<'a>(pub(super) &'a RecordBatch, pub(super) usize);

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(batch, row) = self;
        let mut map = serializer.serialize_map(Some(batch.num_columns()))?;
        for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            map.serialize_entry(field.name(), &Cell::of(column.as_ref(), *row))?;
        }
        map.end()
    }
}
