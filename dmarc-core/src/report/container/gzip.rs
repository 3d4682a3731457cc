//! gzip with any number of members (RFC 1952), and what stands behind them.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

use super::{CUT, DAMAGED};
use crate::report::Interruption;

/// A gzip stream: its members one after the other.
///
/// Octets behind the last member that are no further member are told and left alone; NUL octets
/// are padding.
pub(super) struct Gzip<R, F> {
    /// The member at hand; none behind the last one.
    member: Option<Told<GzDecoder<R>>>,
    junk: F,
}

impl<R: BufRead, F: FnMut(&[u8])> Gzip<R, F> {
    pub(super) fn new(input: R, junk: F) -> Self {
        Self { member: Some(Told::new(GzDecoder::new(input), "gzip")), junk }
    }

    /// Goes on to the next member, if there is one.
    fn next(&mut self) -> io::Result<()> {
        let Some(member) = self.member.take() else { return Ok(()) };
        let mut input = member.inner.into_inner();
        loop {
            let behind = input.fill_buf()?;
            let padding = behind.iter().take_while(|octet| **octet == 0).count();
            if padding == 0 {
                if matches!(behind, [0x1f] | [0x1f, 0x8b, ..]) {
                    self.member = Some(Told::new(GzDecoder::new(input), "gzip"));
                } else {
                    (self.junk)(behind.trim_ascii());
                }
                return Ok(());
            }
            input.consume(padding);
        }
    }
}

impl<R: BufRead, F: FnMut(&[u8])> Read for Gzip<R, F> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        while let Some(member) = &mut self.member {
            let read = member.read(into)?;
            if read > 0 {
                return Ok(read);
            }
            self.next()?;
        }
        Ok(0)
    }
}

/// A decoder whose errors say what is wrong with the packed data.
pub(super) struct Told<R> {
    inner: R,
    form: &'static str,
}

impl<R> Told<R> {
    pub(super) const fn new(inner: R, form: &'static str) -> Self {
        Self { inner, form }
    }
}

impl<R: Read> Read for Told<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.inner.read(into).map_err(|error| {
            if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Interruption>) {
                return error;
            }
            let found = match error.kind() {
                io::ErrorKind::UnexpectedEof => CUT.anywhere().arg("form", self.form),
                _ => DAMAGED.anywhere().arg("form", self.form).arg("detail", error.to_string()),
            };
            io::Error::other(Interruption(found))
        })
    }
}
