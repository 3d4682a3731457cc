//! DNS data as values: records, zone files, snapshots and the wire format. Nothing here asks.

pub mod records;

pub use records::{Record, RecordType};
