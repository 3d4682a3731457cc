//! What one input may unpack to, over all its members.

use std::cell::{Cell, RefCell};
use std::io::{self, Read};

use super::{RATIO, UNPACKED_TOO_LARGE};
use crate::diagnostics::Diagnostic;
use crate::limits::Limits;
use crate::report::Interruption;

/// Below this much the ratio does not matter: small texts that repeat pack well.
pub(super) const HARMLESS: u64 = 1 << 20;

/// Up to this much the ratio of large inputs does not matter.
const SMALL: u64 = 64 << 20;

/// Counts what comes out of an input.
pub(crate) struct Meter<'a> {
    limits: &'a Limits,
    packed: u64,
    /// What may come out whatever the ratio.
    spare: u64,
    unpacked: Cell<u64>,
    /// Why the walk has ended, and whether a document was told.
    stopped: RefCell<Option<(Diagnostic, bool)>>,
}

impl<'a> Meter<'a> {
    pub(super) fn new(packed: u64, limits: &'a Limits, spare: u64) -> Self {
        Self { limits, packed: packed.max(1), spare, unpacked: Cell::new(0), stopped: RefCell::default() }
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

    /// How much may come out altogether.
    fn most(&self) -> u64 {
        self.by_ratio().max(self.spare).min(self.limits.unpacked_octets)
    }

    fn as_large(&self) -> u64 {
        self.packed.saturating_mul(self.limits.ratio_of_large).max(SMALL)
    }

    fn by_ratio(&self) -> u64 {
        self.packed.saturating_mul(self.limits.ratio).min(self.as_large())
    }

    /// What is left of what may come out whatever the ratio.
    pub(super) fn spare(&self) -> u64 {
        self.spare.saturating_sub(self.unpacked.get().saturating_sub(self.by_ratio()))
    }

    /// Ends the walk since more than [`Self::most`] comes out.
    fn exceed(&self) {
        self.stop(if self.most() == self.limits.unpacked_octets {
            UNPACKED_TOO_LARGE.anywhere().arg("limit", self.limits.unpacked_octets)
        } else if self.most() == self.as_large() {
            RATIO.anywhere().arg("limit", self.limits.ratio_of_large)
        } else {
            RATIO.anywhere().arg("limit", self.limits.ratio)
        });
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
        let room = self.meter.most().saturating_sub(self.meter.unpacked.get());
        // All that the limit allows comes out; the octet behind it ends the walk.
        let room = usize::try_from(room).unwrap_or(usize::MAX).saturating_add(1).min(into.len());
        let read = self.inner.read(into.get_mut(..room).unwrap_or_default())?;
        self.meter.unpacked.set(self.meter.unpacked.get().saturating_add(read as u64));
        if self.meter.unpacked.get() <= self.meter.most() {
            return Ok(read);
        }
        self.meter.exceed();
        match read {
            0 | 1 => self.meter.check().map(|()| 0),
            more => Ok(more - 1),
        }
    }
}
