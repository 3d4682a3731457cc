//! Inputs read from a stream: a mailbox some mails at a time.

use std::io::{self, BufRead, Chain, Cursor, Read};

use super::apart::{Apart, Known, Part};
use super::collect::{Progress, Reading, Sink};
use crate::limits::Limits;
use crate::report::aggregate::rules::UNREADABLE;
use crate::report::container::{self, HEAD, Mailbox, TOO_MANY_MAILS, Visitor};

/// Octets of mails in one piece, about. They are packed mostly, so that some megabytes of rows come of them.
const PIECE: u64 = 256 << 10;

/// One input that is read from a stream; see [`Apart::pieces`].
pub struct Pieces<'a, R> {
    apart: &'a Apart,
    path: String,
    state: State<R>,
    progress: Progress,
}

enum State<R> {
    Unread(R),
    Mailbox(OpenMailbox<Chain<Cursor<Vec<u8>>, R>>),
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
        if mailbox.read_some(&mut reading, limits) {
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
pub(super) struct OpenMailbox<R> {
    mailbox: Mailbox<R>,
    number: u32,
}

impl<R: BufRead> OpenMailbox<R> {
    pub(super) fn new(input: R, limits: &Limits) -> Self {
        Self { mailbox: Mailbox::new(input, limits.input_octets), number: 0 }
    }

    /// Reads the mails of one piece; tells whether the mailbox has ended.
    pub(super) fn read_some(&mut self, reading: &mut Reading<'_>, limits: &Limits) -> bool {
        let mut size: u64 = 0;
        while size < PIECE {
            match self.mailbox.next() {
                Ok(None) => return true,
                Err(error) => {
                    reading.refused("", UNREADABLE.anywhere().arg("detail", error.to_string()));
                    return true;
                }
                Ok(Some(_)) if self.number >= limits.mails => {
                    reading.refused("", TOO_MANY_MAILS.anywhere().arg("limit", limits.mails));
                    return true;
                }
                Ok(Some(mail)) => {
                    self.number += 1;
                    size = size.saturating_add(mail.size());
                    container::of_mailbox(&mail, self.number, limits, reading);
                }
            }
        }
        false
    }
}
