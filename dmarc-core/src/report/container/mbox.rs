//! Mailboxes, one mail at a time (RFC 4155, and the forms that quote `From `: mboxo and mboxrd).
//!
//! No more than one mail is held. A mail over the limit is passed over, and the next one is read.

use std::io::{self, BufRead, Read};

/// Octets of a line that are looked at in one go; a line that divides mails is never that long.
const LINE: u64 = 8 << 10;
/// How a line that divides mails begins.
const DIVIDER: &[u8] = b"From ";

/// Whether an input begins as a mailbox does.
pub(crate) fn is_mailbox(head: &[u8]) -> bool {
    head.starts_with(DIVIDER)
}

/// A mailbox that is being read.
pub(crate) struct Mailbox<R> {
    input: R,
    /// Octets that a mail may have.
    limit: u64,
    mail: Vec<u8>,
    line: Vec<u8>,
    /// Whether what comes next stands at the start of a line, and whether the line before was empty.
    fresh: bool,
    behind_empty: bool,
    state: State,
}

enum State {
    /// No mail has begun.
    Start,
    /// The line that divides mails has been read.
    Begun,
    /// The input has failed; the mail in front of that was given.
    Broken(io::Error),
    Ended,
}

/// One mail.
pub(crate) enum Mail<'a> {
    Whole(&'a [u8]),
    /// It is over the limit.
    TooLarge,
}

impl Mail<'_> {
    /// Octets, at least one, so that any number of mails adds up to something.
    pub(crate) fn size(&self) -> u64 {
        match self {
            Self::Whole(octets) => octets.len() as u64 + 1,
            Self::TooLarge => 1,
        }
    }
}

impl<R: BufRead> Mailbox<R> {
    pub(crate) fn new(input: R, limit: u64) -> Self {
        Self {
            input,
            limit,
            mail: Vec::new(),
            line: Vec::new(),
            fresh: true,
            behind_empty: true,
            state: State::Start,
        }
    }

    /// The next mail, without the quotes of lines that begin with `From `.
    ///
    /// # Errors
    ///
    /// If the input cannot be read any further; the part of a mail in front of that was given before.
    pub(crate) fn next(&mut self) -> io::Result<Option<Mail<'_>>> {
        self.mail.clear();
        let mut begun = match std::mem::replace(&mut self.state, State::Ended) {
            State::Start => false,
            State::Begun => true,
            State::Broken(error) => return Err(error),
            State::Ended => return Ok(None),
        };
        let mut size: u64 = 0;
        loop {
            let fresh = self.fresh;
            match self.piece() {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) if begun => {
                    self.state = State::Broken(error);
                    break;
                }
                Err(error) => return Err(error),
            }
            if fresh && self.line.starts_with(DIVIDER) && (!begun || self.divides()) {
                self.behind_empty = false;
                if begun {
                    self.state = State::Begun;
                    break;
                }
                begun = true;
                continue;
            }
            self.behind_empty = fresh && self.line.trim_ascii().is_empty();
            if begun {
                let text = if fresh { unquoted(&self.line) } else { &self.line };
                size = size.saturating_add(text.len() as u64);
                if size <= self.limit {
                    self.mail.extend_from_slice(text);
                }
            }
        }
        if size > self.limit {
            return Ok(Some(Mail::TooLarge));
        }
        Ok(begun.then_some(Mail::Whole(&self.mail)))
    }

    /// Reads a line, or so much of it as is looked at in one go; `false` at the end.
    fn piece(&mut self) -> io::Result<bool> {
        self.line.clear();
        Read::take(&mut self.input, LINE).read_until(b'\n', &mut self.line)?;
        self.fresh = self.line.ends_with(b"\n");
        Ok(!self.line.is_empty())
    }

    /// Whether a line that begins like one divides mails. It has a sender and a date (RFC 4155, Appendix A); some
    /// programs leave the date out. Prose that begins with the same word divides nothing.
    fn divides(&self) -> bool {
        let rest = self.line.get(DIVIDER.len()..).unwrap_or_default();
        let is_time =
            |at: &[u8]| matches!(at, [a, b, b':', c, d] if [a, b, c, d].into_iter().all(u8::is_ascii_digit));
        let is_year = |word: &[u8]| word.len() == 4 && word.iter().all(u8::is_ascii_digit);
        let mut words = rest.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        if self.behind_empty && words.clone().count() < 2 {
            return true;
        }
        words.any(is_year) && rest.windows(5).any(is_time)
    }
}

/// A line without one of the `>` that were put in front of `From `.
fn unquoted(line: &[u8]) -> &[u8] {
    let quotes = line.iter().take_while(|octet| **octet == b'>').count();
    let is_quoted = quotes > 0 && line.get(quotes..).is_some_and(|rest| rest.starts_with(DIVIDER));
    if is_quoted { line.get(1..).unwrap_or_default() } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mails(text: &str, limit: u64) -> Vec<Option<String>> {
        let mut mailbox = Mailbox::new(text.as_bytes(), limit);
        let mut mails = Vec::new();
        while let Some(mail) = mailbox.next().unwrap() {
            mails.push(match mail {
                Mail::Whole(octets) => Some(String::from_utf8_lossy(octets).into_owned()),
                Mail::TooLarge => None,
            });
        }
        mails
    }

    #[test]
    fn lines_with_a_date_divide_and_prose_does_not() {
        let text = "From a@b Wed Nov 15 00:00:00 2023\none\n\nFrom now on\nFrom x\n>From y\n>>From z\n\nFrom a@b\ntwo\n\
            From - Wed Nov 15 00:00:00 2023\r\n";
        let one = "one\n\nFrom now on\nFrom x\nFrom y\n>From z\n\n";
        assert_eq!(mails(text, 100), [Some(one.to_owned()), Some("two\n".to_owned()), Some(String::new())]);
        assert_eq!(mails(text, 10), [None, Some("two\n".to_owned()), Some(String::new())]);
        assert!(mails("", 10).is_empty());
        assert!(mails("no mailbox\n", 10).is_empty());
    }

    #[test]
    fn a_long_line_is_one_line() {
        let long = format!("From a\n{}From b\nend\n", "x".repeat(20_000));
        assert_eq!(mails(&long, 100_000).len(), 1);
        assert_eq!(mails(&long, 10_000), [None]);
    }

    #[test]
    fn what_stands_in_front_of_a_failure_is_given() {
        struct Failing;
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("gone"))
            }
        }
        let input = io::BufReader::new(b"From a\none\n".chain(Failing));
        let mut mailbox = Mailbox::new(input, 100);
        assert!(matches!(mailbox.next(), Ok(Some(Mail::Whole(b"one\n")))));
        assert!(mailbox.next().is_err());
        assert!(matches!(mailbox.next(), Ok(None)));
    }
}
