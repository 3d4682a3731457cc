//! Records as plain data: what Python and JavaScript pass where a whole zone or snapshot is meant.

use serde::Deserialize;

use crate::dns::{Snapshot, Zone};
use crate::evaluation::Facts;
use crate::limits::Limits;
use crate::name::DomainName;

/// A text that is no zone file.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("zone file {index} cannot be read: {code}")]
pub struct NotAZone {
    /// Which one, from 0.
    pub index: usize,
    /// Code of what was found in it first.
    pub code: &'static str,
}

impl NotAZone {
    /// A code for programs, as rules have.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "records/zone"
    }
}

/// Records as plain data: zone files, a snapshot, or both.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Records {
    /// Zone files.
    pub zone_files: Vec<String>,
    /// What completes relative names in them.
    pub origin: Option<DomainName>,
    /// A snapshot.
    pub snapshot: Option<Box<Snapshot>>,
}

impl Records {
    /// What they know.
    ///
    /// # Errors
    /// A text that is no zone file.
    pub fn facts(&self) -> Result<Facts, NotAZone> {
        let mut facts = Facts::new();
        for (index, text) in self.zone_files.iter().enumerate() {
            let parsed = Zone::parse(text, self.origin.as_ref(), &Limits::default());
            let code = parsed.diagnostics.first().map_or("dns/zone", |found| found.rule.code);
            facts.add_zone(parsed.value.ok_or(NotAZone { index, code })?);
        }
        if let Some(snapshot) = &self.snapshot {
            facts.add_snapshot(snapshot.as_ref());
        }
        Ok(facts)
    }
}
