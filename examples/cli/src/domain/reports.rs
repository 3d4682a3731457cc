//! Reports for an assessment: read once, with a digest of each file.

use std::io::{self, BufReader, Read};
use std::path::PathBuf;

use dmarc_core::limits::Limits;
use dmarc_core::report::batch::{Apart, Batch, Collector, Keep, Part};
use sha2::{Digest as _, Sha256};

use super::evidence::Digest;
use crate::problem::Problem;
use crate::reports::feed::{self, Going, Opened};
use crate::{Context, input};

/// Reads reports, and notes what was read.
pub(super) fn read(context: &Context, paths: &[PathBuf]) -> Result<(Batch, Vec<Digest>), Problem> {
    let mut collector = Collector::new(&Limits::default(), Keep::Sums);
    let mut digests = Vec::new();
    let read = |apart: &Apart, path: String, file: Opened, hand_on: &mut dyn FnMut(Part, _) -> Going| {
        let mut file = BufReader::new(Digested { inner: file, sha256: Sha256::new(), octets: 0 });
        let mut pieces = apart.pieces(path.clone(), &mut file);
        let mut last = None;
        while let Some(part) = pieces.next(&mut ()) {
            if let Some(part) = last.replace(part)
                && hand_on(part, None) == Going::Stopped
            {
                return Ok(());
            }
        }
        drop(pieces);
        // What is over a limit was not read, and belongs to the file. A file that fails has been told as such.
        io::copy(&mut file, &mut io::sink()).ok();
        let Digested { sha256, octets, .. } = file.into_inner();
        let sha256 = sha256.finalize().iter().map(|octet| format!("{octet:02x}")).collect();
        if let Some(part) = last {
            hand_on(part, Some(Digest { path, octets, sha256 }));
        }
        Ok(())
    };
    feed::all(context.texts, paths, input::find(paths), &mut collector, read, |digest| {
        digests.extend(digest);
        Ok(())
    })?;
    Ok((collector.finish(), digests))
}

/// A stream whose octets are counted and digested.
struct Digested<R> {
    inner: R,
    sha256: Sha256,
    octets: u64,
}

impl<R: Read> Read for Digested<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.sha256.update(into.get(..read).unwrap_or_default());
        self.octets = self.octets.saturating_add(read as u64);
        Ok(read)
    }
}
