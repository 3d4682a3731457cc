//! What one input may unpack to, over all its members.

use std::cell::{Cell, RefCell};
use std::io::{self, Read};

use super::{RATIO, UNPACKED_TOO_LARGE};
use crate::diagnostics::Diagnostic;
use crate::limits::Limits;
use crate::report::Interruption;

/// Below this much the ratio does not matter: small texts that repeat pack well.
const HARMLESS: u64 = 1 << 20;

/// Counts what comes out of an input.
pub(crate) struct Meter<'a> {
    limits: &'a Limits,
    packed: u64,
    unpacked: Cell<u64>,
    /// Why the walk has ended, and whether a document was told.
    stopped: RefCell<Option<(Diagnostic, bool)>>,
}

impl<'a> Meter<'a> {
    pub(super) fn new(packed: u64, limits: &'a Limits) -> Self {
        Self { limits, packed: packed.max(1), unpacked: Cell::new(0), stopped: RefCell::default() }
    }

    pub(super) fn read<R: Read>(&self, inner: R) -> Metered<'_, 'a, R> {
        Metered { inner, meter: self }
    }

    /// Ends the walk.
    pub(super) fn stop(&self, found: Diagnostic) {
        self.stopped.borrow_mut().get_or_insert((found, false));
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.borrow().is_some()
    }

    /// Why the walk ended, if no document was told.
    pub(super) fn untold(&self) -> Option<Diagnostic> {
        self.stopped.borrow_mut().take().filter(|(_, told)| !told).map(|(found, _)| found)
    }

    fn count(&self, octets: usize) -> io::Result<()> {
        let unpacked = self.unpacked.get().saturating_add(octets as u64);
        self.unpacked.set(unpacked);
        if unpacked > self.limits.unpacked_octets {
            self.stop(UNPACKED_TOO_LARGE.anywhere().arg("limit", self.limits.unpacked_octets));
        } else if unpacked > HARMLESS && unpacked / self.packed >= self.limits.ratio {
            self.stop(RATIO.anywhere().arg("limit", self.limits.ratio));
        }
        self.check()
    }

    fn check(&self) -> io::Result<()> {
        match &mut *self.stopped.borrow_mut() {
            None => Ok(()),
            Some((found, told)) => {
                *told = true;
                Err(io::Error::other(Interruption(found.clone())))
            }
        }
    }
}

/// A stream whose octets are counted.
pub(super) struct Metered<'m, 'a, R> {
    inner: R,
    meter: &'m Meter<'a>,
}

impl<R: Read> Read for Metered<'_, '_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.meter.check()?;
        let read = self.inner.read(into)?;
        self.meter.count(read)?;
        Ok(read)
    }
}
