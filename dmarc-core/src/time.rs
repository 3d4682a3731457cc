//! Time as a value: the core reads no clock.

use serde::{Deserialize, Serialize};

/// Seconds since 1970-01-01T00:00:00 UTC, leap seconds not counted.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixTime(pub i64);
