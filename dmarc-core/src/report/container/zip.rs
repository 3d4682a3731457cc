//! ZIP archives: every member, by the central directory (APPNOTE 4.3).

use std::cell::Cell;
use std::io::{self, BufReader, Read};

use rawzip::{CompressionMethod, ZipArchive};

use super::gzip::Told;
use super::{
    Broken, CUT, DAMAGED, DIRECTORY, ENCRYPTED, METHOD, SYSTEM_FILE, Spot, TOO_MANY_ENTRIES, Visitor, Walk,
};
use crate::report::Interruption;
use crate::text;

/// How a member begins, and how the sizes behind its data do.
const LOCAL: &[u8] = b"PK\x03\x04";
const DESCRIPTOR: &[u8] = b"PK\x07\x08";

impl Walk<'_> {
    pub(super) fn zip(&self, octets: &[u8], spot: &Spot, visitor: &mut dyn Visitor) {
        let Ok(archive) = ZipArchive::from_slice(octets) else {
            return self.cut_off(octets, spot, visitor);
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

    /// An archive without its directory, which stands at the end: it was cut off. Its members are
    /// read one after the other, as far as they go.
    fn cut_off(&self, octets: &[u8], spot: &Spot, visitor: &mut dyn Visitor) {
        let broke = Cell::new(false);
        let mut rest = octets;
        let mut count: u32 = 0;
        while let Some(local) = Local::read(rest) {
            count += 1;
            if count > self.limits.entries {
                let found = TOO_MANY_ENTRIES.anywhere().arg("limit", self.limits.entries);
                return visitor.refused(&spot.path, found);
            }
            rest = self.local(&local, spot, &broke, visitor);
            if self.meter.is_stopped() {
                return;
            }
        }
        // A member that broke off has said so.
        if !broke.get() {
            visitor.refused(&spot.path, cut());
        }
    }

    /// Reads one member of an archive without a directory; gives what stands behind it.
    fn local<'a>(
        &self,
        local: &Local<'a>,
        spot: &Spot,
        broke: &Cell<bool>,
        visitor: &mut dyn Visitor,
    ) -> &'a [u8] {
        let name = text::lossy(local.name);
        let inner = self.enter(spot, &name);
        let data = local.data();
        let mut used = data.len();
        if name.ends_with('/') {
            visitor.skipped(&inner.path, &DIRECTORY);
        } else if is_system_file(&name) {
            visitor.skipped(&inner.path, &SYSTEM_FILE);
        } else if local.encrypted {
            visitor.refused(&inner.path, ENCRYPTED.anywhere());
        } else if local.method == CompressionMethod::DEFLATE {
            let mut inflated = flate2::bufread::DeflateDecoder::new(data);
            self.member(Watched { inner: Told::new(&mut inflated, "ZIP"), broke }, &inner, visitor);
            used = usize::try_from(inflated.total_in()).unwrap_or(used);
        } else if local.method == CompressionMethod::STORE {
            let missing = local.size.is_some_and(|size| data.len() < size);
            let end = missing.then(|| io::Error::other(Interruption(cut())));
            self.member(Watched { inner: data.chain(Broken(end)), broke }, &inner, visitor);
        } else {
            let method = METHOD.anywhere().arg("method", local.method.to_string());
            visitor.refused(&inner.path, method);
        }
        if local.size.is_some() {
            return local.behind.get(data.len()..).unwrap_or_default();
        }
        // Where sizes stand behind the data, the next member is found by how it begins.
        let behind = local.behind.get(used..).unwrap_or_default();
        let next = memchr::memmem::find(behind, LOCAL).unwrap_or(behind.len());
        behind.get(next..).unwrap_or_default()
    }
}

fn cut() -> crate::diagnostics::Diagnostic {
    CUT.anywhere().arg("form", "ZIP")
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

/// A stream of which it is noted that it broke.
struct Watched<'a, R> {
    inner: R,
    broke: &'a Cell<bool>,
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.inner.read(into).inspect_err(|_| self.broke.set(true))
    }
}

/// What stands in front of each member (APPNOTE 4.3.7).
struct Local<'a> {
    encrypted: bool,
    method: CompressionMethod,
    name: &'a [u8],
    /// Octets of the packed data; none if they are told behind it (APPNOTE 4.3.9) or elsewhere.
    size: Option<usize>,
    /// The data, and whatever follows it.
    behind: &'a [u8],
}

impl<'a> Local<'a> {
    fn read(octets: &'a [u8]) -> Option<Self> {
        let field = |at: usize| Some(u16::from_le_bytes(octets.get(at..at + 2)?.try_into().ok()?));
        let size = u32::from_le_bytes(octets.get(18..22)?.try_into().ok()?);
        let (flags, method) = (field(6)?, field(8)?);
        let (name, extra) = (usize::from(field(26)?), usize::from(field(28)?));
        if !octets.starts_with(LOCAL) {
            return None;
        }
        Some(Self {
            encrypted: flags & 1 != 0,
            method: CompressionMethod::from(method),
            name: octets.get(30..30 + name)?,
            size: usize::try_from(size).ok().filter(|_| flags & 8 == 0 && size != u32::MAX),
            behind: octets.get(30 + name + extra..)?,
        })
    }

    /// The data, as much of it as there is; more than that if its size is not known.
    fn data(&self) -> &'a [u8] {
        let end = match self.size {
            Some(size) => size.min(self.behind.len()),
            None if self.method == CompressionMethod::STORE => {
                memchr::memmem::find(self.behind, DESCRIPTOR).unwrap_or(self.behind.len())
            }
            None => self.behind.len(),
        };
        self.behind.get(..end).unwrap_or_default()
    }
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
