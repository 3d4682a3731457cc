//! Reports for an assessment: read once, with a digest of each file.

use std::path::PathBuf;

use dmarc_core::limits::Limits;
use dmarc_core::report::batch::{Batch, Collector, Keep};
use sha2::{Digest as _, Sha256};

use super::evidence::Digest;
use crate::problem::Problem;
use crate::reports::feed;
use crate::{Context, input};

/// Reads reports, and notes what was read.
pub(super) fn read(context: &Context, paths: &[PathBuf]) -> Result<(Batch, Vec<Digest>), Problem> {
    let mut collector = Collector::new(&Limits::default(), Keep::Sums);
    let mut digests = Vec::new();
    feed::all(context.texts, paths, input::find(paths), &mut collector, |collector, path, octets| {
        digests.push(Digest {
            path: path.clone(),
            octets: octets.len() as u64,
            sha256: Sha256::digest(octets).iter().map(|octet| format!("{octet:02x}")).collect(),
        });
        collector.feed(path, octets);
        Ok(())
    })?;
    Ok((collector.finish(), digests))
}
