//! Inputs read from a stream: a mailbox some mails at a time.

use std::io::{self, BufRead, Chain, Cursor, Read};

use super::apart::{Apart, Known, Part};
use super::collect::Sink;
use super::reading::{Progress, Reading};
use crate::limits::Limits;
use crate::report::aggregate::rules::UNREADABLE;
use crate::report::container::{self, HEAD, Mailbox, Mails, Visitor};

/// Octets of mails in one piece, about. They are packed mostly, so that some megabytes of rows come of them.
const PIECE: u64 = 256 << 10;

/// One input that is read from a stream; see [`Apart::pieces`].
pub struct Pieces<'a, R> {
    apart: &'a Apart,
    path: String,
    state: State<'a, R>,
    progress: Progress,
}

enum State<'a, R> {
    Unread(R),
    Mailbox(OpenMailbox<'a, Chain<Cursor<Vec<u8>>, R>>),
    Ended,
}

impl<R> std::fmt::Debug for Pieces<'_, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pieces")
            .field("path", &self.path)
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}

impl<'a, R: BufRead> Pieces<'a, R> {
    pub(super) fn new(apart: &'a Apart, path: String, input: R) -> Self {
        Self { apart, path, state: State::Unread(input), progress: Progress::default() }
    }

    /// Reads the next piece, and hands each record on as it is read; `None` behind the last one. The pieces are
    /// collected in their order, without one of another input between them.
    ///
    /// A stream that fails is an input that cannot be read, or not to its end.
    pub fn next(&mut self, sink: &mut dyn Sink) -> Option<Part> {
        let limits = &self.apart.limits;
        let mut mailbox = match std::mem::replace(&mut self.state, State::Ended) {
            State::Ended => return None,
            State::Mailbox(mailbox) => mailbox,
            State::Unread(mut input) => {
                let mut octets = Vec::new();
                let told = Read::take(&mut input, HEAD as u64).read_to_end(&mut octets);
                if told.is_ok() && container::is_mailbox(&octets) {
                    OpenMailbox::new(Cursor::new(octets).chain(input), limits)
                } else {
                    // One octet more than allowed is refused.
                    let room = limits.input_octets.saturating_add(1).saturating_sub(octets.len() as u64);
                    let told = told.and_then(|_| input.take(room).read_to_end(&mut octets));
                    return Some(self.whole(&octets, told.err(), sink));
                }
            }
        };
        let mut part = Part::default();
        let mut reading = self.reading(sink, &mut part);
        if mailbox.read_some(&mut reading) {
            reading.finish();
        } else {
            self.progress = reading.pause();
            self.state = State::Mailbox(mailbox);
        }
        Some(part)
    }

    /// Reads an input that is no mailbox.
    fn whole(&self, octets: &[u8], broke: Option<io::Error>, sink: &mut dyn Sink) -> Part {
        let Some(error) = broke else { return self.apart.read(self.path.clone(), octets, sink) };
        let mut part = Part::default();
        let mut reading = self.reading(sink, &mut part);
        reading.refuse("", UNREADABLE.anywhere().arg("detail", error.to_string()));
        reading.finish();
        part
    }

    fn reading<'b>(&self, sink: &'b mut dyn Sink, part: &'b mut Part) -> Reading<'b>
    where
        'a: 'b,
    {
        let known = Known::Later(&mut part.sums);
        Reading::new(self.apart, self.path.clone(), sink, &mut part.batch, known).resume(self.progress)
    }
}

/// A mailbox, and how far it was read.
pub(super) struct OpenMailbox<'a, R> {
    mailbox: Mailbox<R>,
    mails: Mails<'a>,
}

impl<'a, R: BufRead> OpenMailbox<'a, R> {
    pub(super) fn new(input: R, limits: &'a Limits) -> Self {
        Self { mailbox: Mailbox::new(input, limits.input_octets), mails: Mails::new(limits) }
    }

    /// Reads the mails of one piece; tells whether the mailbox has ended.
    pub(super) fn read_some(&mut self, reading: &mut Reading<'_>) -> bool {
        let mut size: u64 = 0;
        while size < PIECE {
            match self.mailbox.next() {
                Ok(None) => return true,
                Err(error) => {
                    reading.refused("", UNREADABLE.anywhere().arg("detail", error.to_string()));
                    return true;
                }
                Ok(Some(mail)) => {
                    size = size.saturating_add(mail.size());
                    if !self.mails.next(&mail, reading) || reading.is_full() {
                        return true;
                    }
                }
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::super::{Batch, Collector, Keep};
    use super::*;

    fn read(mails: impl Iterator<Item = Vec<u8>>) -> Batch {
        let mut mailbox = Vec::new();
        for mail in mails {
            mailbox.extend_from_slice(b"From a\n");
            mailbox.extend_from_slice(&mail);
            mailbox.extend_from_slice(b"\n\n");
        }
        let mut collector = Collector::new(&Limits::default(), Keep::Sums);
        collector.feed("box", &mailbox);
        collector.finish()
    }

    #[test]
    fn many_small_mails_make_no_bomb() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(b"<feedback>").unwrap();
        packed.write_all(&b"<record/>".repeat(200_000)).unwrap();
        let bomb = [b"Content-Type: a/b\n\n".to_vec(), packed.finish().unwrap()].concat();
        let mails = 10;
        let batch = read(std::iter::repeat_n(bomb.clone(), mails));
        assert_eq!(batch.totals.reports, mails as u64, "each is told");
        let most = (1 << 20) + bomb.len() * 300 * mails;
        assert!(batch.totals.records * 9 <= most as u64, "{} records", batch.totals.records);
    }

    #[test]
    fn what_a_mailbox_leaves_behind_is_bounded_by_its_size() {
        let tiny = read((0..40_000).map(|_| b"\n<feedback/>".to_vec()));
        assert!(tiny.totals.reports < 30_000, "{} reports", tiny.totals.reports);
        assert_eq!(tiny.totals.inputs_incomplete, 1);
        assert_eq!(tiny.refused.last().unwrap().found.rule.code, "container/unpacked-too-large");
        // Mails of the size of real ones never come to that.
        let real = read(
            (0..40_000).map(|_| [b"X: ".to_vec(), vec![b'x'; 600], b"\n\n<feedback/>".to_vec()].concat()),
        );
        assert_eq!((real.totals.reports, real.totals.inputs_incomplete), (40_000, 0));
    }
}
