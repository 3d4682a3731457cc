//! What a document weighs, told while it is read.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

use super::key::{OCTETS, hex};

/// Counts the octets that are read through it, and digests them if that is asked for.
pub(super) struct Passing<R> {
    input: R,
    octets: u64,
    digest: Option<Sha256>,
}

impl<R: Read> Passing<R> {
    pub(super) fn new(input: R, digests: bool) -> Self {
        Self { input, octets: 0, digest: digests.then(Sha256::new) }
    }

    /// How many octets were read, and the first 128 bits of their SHA-256.
    pub(super) fn finish(self) -> (u64, Option<String>) {
        let digest = self.digest.map(|digest| hex(digest.finalize().iter().take(OCTETS)));
        (self.octets, digest)
    }
}

impl<R: Read> Read for Passing<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(into)?;
        self.octets += read as u64;
        if let Some(digest) = &mut self.digest {
            digest.update(into.get(..read).unwrap_or_default());
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pass(octets: &[u8], digests: bool, block: usize) -> (u64, Option<String>) {
        let mut passing = Passing::new(octets, digests);
        let mut into = vec![0; block];
        while passing.read(&mut into).is_ok_and(|read| read > 0) {}
        passing.finish()
    }

    #[test]
    fn octets_are_counted_and_digested_in_any_blocks() {
        // FIPS 180-2, B.1.
        let digest = Some("ba7816bf8f01cfea414140de5dae2223".to_owned());
        for block in [1, 2, 8] {
            assert_eq!(pass(b"abc", true, block), (3, digest.clone()));
            assert_eq!(pass(b"abc", false, block), (3, None));
        }
    }
}
