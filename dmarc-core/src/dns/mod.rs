//! DNS data as values: records, zone files, snapshots and the wire format. Nothing here asks.

mod generic;
mod look_ups;
mod mnemonics;
pub mod presentation;
mod public_suffix;
mod quoting;
pub mod records;
pub mod rules;
pub mod snapshot;
mod snapshot_table;
mod source;
mod tree;
mod ttl;
#[cfg(feature = "dns-wire")]
pub mod wire;
pub mod zone;
mod zone_findings;
mod zone_finish;
mod zone_lexer;
mod zone_reader;

pub use look_ups::{Asked, LookUps, LookUpsView, ZoneLimits};
pub use presentation::PresentationError;
#[cfg(feature = "container")]
pub(crate) use public_suffix::SuffixRules;
pub use quoting::quote;
pub use records::{Record, RecordType};
pub use snapshot::Snapshot;
pub(crate) use snapshot_table::Table;
pub(crate) use source::{Alias, Reply, failure};
pub use zone::Zone;
