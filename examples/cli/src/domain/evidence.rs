//! What a verdict rests on, in one file: `--save` writes it, `--snapshot` reads it.
//!
//! It is a DNS snapshot with one more key, so that every reader of snapshots can use it too.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use dmarc_core::assessment::{Context, ReportState};
use dmarc_core::dmarc::Edition;
use dmarc_core::dns::Snapshot;
use serde::{Deserialize, Serialize};

use crate::problem::Problem;
use crate::{json, versions};

/// Where it stands in the snapshot.
const KEY: &str = "evidence";
/// Name and version of its shape.
const SCHEMA: &str = "dmarc-check/evidence/1";

/// What a verdict rests on besides DNS.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Evidence {
    schema: String,
    /// Versions of what judged.
    versions: BTreeMap<String, String>,
    /// The edition that receivers were taken to follow.
    pub(crate) edition: Edition,
    /// When it was judged, in epoch seconds.
    pub(crate) now: i64,
    /// What the operator said of them.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) context: Context,
    /// The domains that were judged.
    pub(crate) domains: Vec<String>,
    /// What the reports say about each of them; absent where no reports were given.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) reports: BTreeMap<String, ReportState>,
    /// The reports that this was counted from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) inputs: Vec<Digest>,
}

fn is_default(context: &Context) -> bool {
    *context == Context::default()
}

/// One input, so that it can be told later whether it is still the same.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Digest {
    /// Its path as it was given or found.
    pub(crate) path: String,
    /// Its size.
    pub(crate) octets: u64,
    /// SHA-256, in hexadecimal.
    pub(crate) sha256: String,
}

impl Evidence {
    /// Evidence of a judgement.
    pub(crate) fn new(edition: Edition, now: i64) -> Self {
        let versions = [
            ("dmarc-check", versions::PROGRAM),
            ("dmarc-core", versions::PROGRAM),
            ("psl", versions::PUBLIC_SUFFIX_LIST),
        ];
        Self {
            schema: SCHEMA.to_owned(),
            versions: versions.map(|(name, version)| (name.to_owned(), version.to_owned())).into(),
            edition,
            now,
            context: Context::default(),
            domains: Vec::new(),
            reports: BTreeMap::new(),
            inputs: Vec::new(),
        }
    }

    /// The evidence in a snapshot, if there is any.
    pub(crate) fn of(snapshot: &Snapshot, path: &Path) -> Result<Option<Self>, Problem> {
        let Some(value) = snapshot.further.get(KEY) else { return Ok(None) };
        let not_usable = |reason: String| Problem::NotUsable { path: path.to_owned(), reason };
        let evidence: Self =
            serde_json::from_value(value.clone()).map_err(|error| not_usable(format!("{KEY}: {error}")))?;
        if evidence.schema != SCHEMA {
            return Err(not_usable(format!("{KEY}: schema `{}`, not `{SCHEMA}`", evidence.schema)));
        }
        Ok(Some(evidence))
    }

    /// Writes it with the answers that were used.
    pub(crate) fn save(&self, mut snapshot: Snapshot, path: &Path) -> Result<(), Problem> {
        let not_saved = |error| Problem::NotSaved { path: path.to_owned(), error };
        let value = serde_json::to_value(self).map_err(std::io::Error::from).map_err(not_saved)?;
        snapshot.captured = Some(self.now.into());
        snapshot.further.insert(KEY.to_owned(), value);
        let mut octets = Vec::new();
        json::pretty(&mut octets, &snapshot).map_err(not_saved)?;
        octets.push(b'\n');
        fs::write(path, octets).map_err(not_saved)
    }
}
