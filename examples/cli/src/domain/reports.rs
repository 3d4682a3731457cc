//! Reports for an assessment: read once, with a digest of each file.

use std::path::PathBuf;

use dmarc_core::limits::Limits;
use dmarc_core::report::batch::{Apart, Batch, Collector, Keep};
use sha2::{Digest as _, Sha256};

use super::evidence::Digest;
use crate::problem::Problem;
use crate::reports::feed;
use crate::{Context, input};

/// Reads reports, and notes what was read.
pub(super) fn read(context: &Context, paths: &[PathBuf]) -> Result<(Batch, Vec<Digest>), Problem> {
    let mut collector = Collector::new(&Limits::default(), Keep::Sums);
    let mut digests = Vec::new();
    let read = |apart: &Apart, path: String, octets: &[u8]| {
        let sha256 = Sha256::digest(octets).iter().map(|octet| format!("{octet:02x}")).collect();
        let digest = Digest { path: path.clone(), octets: octets.len() as u64, sha256 };
        Ok((apart.read(path, octets, &mut ()), digest))
    };
    feed::all(context.texts, paths, input::find(paths), &mut collector, read, |digest| {
        digests.push(digest);
        Ok(())
    })?;
    Ok((collector.finish(), digests))
}
