//! ZIP archives: every member, by the central directory (APPNOTE 4.3).

use std::io::{self, BufReader, Read};

use rawzip::{CompressionMethod, ZipArchive};

use super::gzip::Told;
use super::{CUT, DAMAGED, DIRECTORY, ENCRYPTED, METHOD, SYSTEM_FILE, Spot, TOO_MANY_ENTRIES, Visitor, Walk};
use crate::report::Interruption;
use crate::text;

impl Walk<'_> {
    pub(super) fn zip(&self, octets: &[u8], spot: &Spot, visitor: &mut dyn Visitor) {
        let Ok(archive) = ZipArchive::from_slice(octets) else {
            return self.first_member(octets, spot, visitor);
        };
        let mut entries = archive.entries();
        let mut count: u32 = 0;
        loop {
            let entry = match entries.next_entry() {
                Ok(Some(entry)) => entry,
                Ok(None) => return,
                Err(error) => return visitor.refused(&spot.path, damaged(&error)),
            };
            count += 1;
            if count > self.limits.entries {
                let found = TOO_MANY_ENTRIES.anywhere().arg("limit", self.limits.entries);
                return visitor.refused(&spot.path, found);
            }
            let name = text::lossy(entry.file_path().as_bytes());
            let inner = self.enter(spot, &name);
            if entry.is_dir() {
                visitor.skipped(&inner.path, &DIRECTORY);
            } else if is_system_file(&name) {
                visitor.skipped(&inner.path, &SYSTEM_FILE);
            } else if entry.flags().is_encrypted() {
                visitor.refused(&inner.path, ENCRYPTED.anywhere());
            } else {
                match archive.get_entry(entry.wayfinder()) {
                    Err(error) => visitor.refused(&inner.path, damaged(&error)),
                    Ok(member) => {
                        let data = member.data();
                        let checksum = member.claim_verifier().crc;
                        match entry.compression_method() {
                            CompressionMethod::STORE => {
                                self.member(Checked::new(data, checksum), &inner, visitor);
                            }
                            CompressionMethod::DEFLATE => {
                                let inflated = flate2::bufread::DeflateDecoder::new(data);
                                let checked = Checked::new(Told::new(inflated, "ZIP"), checksum);
                                self.member(checked, &inner, visitor);
                            }
                            other => visitor
                                .refused(&inner.path, METHOD.anywhere().arg("method", other.to_string())),
                        }
                    }
                }
            }
            if self.meter.is_stopped() {
                return;
            }
        }
    }

    fn member(&self, data: impl Read, spot: &Spot, visitor: &mut dyn Visitor) {
        self.unknown(&mut BufReader::new(self.meter.read(data)), spot, visitor);
    }

    /// An archive without its directory, which stands at the end: it was cut off. Its first member
    /// may still be whole, or whole in part.
    fn first_member(&self, octets: &[u8], spot: &Spot, visitor: &mut dyn Visitor) {
        let cut = || CUT.anywhere().arg("form", "ZIP");
        let Some((name, method, data)) = local_header(octets) else {
            return visitor.refused(&spot.path, cut());
        };
        let inner = self.enter(spot, &text::lossy(name));
        if method != 8 {
            return visitor.refused(&inner.path, cut());
        }
        let inflated = Told::new(flate2::bufread::DeflateDecoder::new(data), "ZIP");
        // A whole first member says nothing about the others.
        let noting = AtEnd { inner: inflated, at_end: Some(|| self.notes.borrow_mut().push(cut())) };
        self.member(noting, &inner, visitor);
    }
}

/// A member whose checksum is compared once all of it has come out, so that nothing is held back.
struct Checked<R> {
    inner: R,
    crc: flate2::Crc,
    expected: u32,
}

impl<R> Checked<R> {
    fn new(inner: R, expected: u32) -> Self {
        Self { inner, crc: flate2::Crc::new(), expected }
    }
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.crc.update(into.get(..read).unwrap_or_default());
        if read == 0 && !into.is_empty() && self.crc.sum() != self.expected {
            let found = DAMAGED.anywhere().arg("form", "ZIP").arg("detail", "wrong checksum");
            return Err(io::Error::other(Interruption(found)));
        }
        Ok(read)
    }
}

/// A stream that does something once at its end.
struct AtEnd<R, F> {
    inner: R,
    at_end: Option<F>,
}

impl<R: Read, F: FnOnce()> Read for AtEnd<R, F> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        if read == 0
            && let Some(at_end) = self.at_end.take()
        {
            at_end();
        }
        Ok(read)
    }
}

/// Name, method and data of the local header at the start (APPNOTE 4.3.7).
fn local_header(octets: &[u8]) -> Option<(&[u8], u16, &[u8])> {
    let field = |at: usize| Some(u16::from_le_bytes(octets.get(at..at + 2)?.try_into().ok()?));
    let encrypted = field(6)? & 1 != 0;
    let (method, name, extra) = (field(8)?, usize::from(field(26)?), usize::from(field(28)?));
    if encrypted || !octets.starts_with(b"PK\x03\x04") {
        return None;
    }
    Some((octets.get(30..30 + name)?, method, octets.get(30 + name + extra..)?))
}

fn damaged(error: &rawzip::Error) -> crate::diagnostics::Diagnostic {
    DAMAGED.anywhere().arg("form", "ZIP").arg("detail", error.to_string())
}

/// Files that macOS and Windows put beside the real ones.
fn is_system_file(name: &str) -> bool {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    name.starts_with("__MACOSX")
        || file.starts_with("._")
        || matches!(file, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}
