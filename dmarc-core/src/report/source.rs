//! Decoded bytes as UTF-8 text with line and column, in bounded memory.
//!
//! The encoding follows the byte order mark, then the XML declaration, then UTF-8 (XML 1.0,
//! appendix F). A byte that the encoding does not have becomes U+FFFD and its place is kept. What
//! is handed out is always valid UTF-8.

use std::cell::Cell;
use std::collections::VecDeque;
use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::accounting::Scan;
#[cfg(feature = "container")]
use crate::{diagnostics::Diagnostic, report::Interruption};

/// Octets that are read from the input at once.
const RAW: usize = 8 << 10;
/// Octets of text that a raw octet becomes at most: where it is no character, and in a one-octet encoding.
const EACH: usize = 3;
/// Room for what the decoder held back of the block before.
const SPARE: usize = 16;
/// Octets of text that one raw block becomes at most.
const TEXT: usize = EACH * RAW + SPARE;
/// How far an XML declaration is looked for.
const DECLARATION: usize = 512;

/// Line and column, both from 1; the column counts characters.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct At {
    pub(super) line: u64,
    pub(super) column: u64,
    pub(super) offset: u64,
}

/// Where a document begins.
const START: At = At { line: 1, column: 1, offset: 0 };

/// A place to come back to; line and column are worked out only when they are asked for, or when
/// its text is about to be dropped.
#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    offset: u64,
    resolved: Option<(u64, u64)>,
}

/// What was found out about the encoding.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Declared {
    /// The declaration names an encoding that nobody knows; the text is read as UTF-8.
    UnknownLabel(String),
    /// UTF-32, which is not read.
    Utf32,
}

/// Reading stopped because one token is longer than the limit.
#[derive(Debug, thiserror::Error)]
#[error("a text is longer than the limit")]
pub(super) struct TokenTooLong;

/// Room for a block of octets and for the text that it becomes, which is valid UTF-8 whatever was written to it.
struct Room {
    raw: Vec<u8>,
    text: Box<str>,
}

thread_local! {
    /// What the last source of this thread left: for a small document, clearing new room takes longer than filling it.
    static LEFT: Cell<Option<(Vec<u8>, Box<str>)>> = const { Cell::new(None) };
}

impl Room {
    fn new() -> Self {
        let left = LEFT.try_with(Cell::take).ok().flatten();
        let (raw, text) = left.unwrap_or_else(|| (vec![0; RAW], "\0".repeat(TEXT).into_boxed_str()));
        Self { raw, text }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let left = (std::mem::take(&mut self.raw), std::mem::take(&mut self.text));
        // A thread that ends keeps nothing.
        let _ = LEFT.try_with(|room| room.set(Some(left)));
    }
}

/// UTF-8 text made of decoded bytes.
pub(super) struct Source<R> {
    input: R,
    decoder: Decoder,
    room: Room,
    raw_start: usize,
    raw_end: usize,
    sniffed: bool,
    ended: bool,
    start: usize,
    end: usize,
    /// Offset, line and column of the text in `room`.
    base: At,
    /// The last place in it that was worked out: findings come in their order, and may be many.
    told: Cell<At>,
    event: Mark,
    element: Mark,
    /// Octets one token may take.
    token: u64,
    /// Offsets of octets that could not be decoded and were not told yet: at most a block of them.
    bad: VecDeque<At>,
    declared: Option<Declared>,
    scan: Option<Scan>,
}

impl<R: Read> Source<R> {
    pub(super) fn new(input: R, token: usize, scan: Option<Scan>) -> Self {
        Self {
            input,
            decoder: UTF_8.new_decoder_without_bom_handling(),
            room: Room::new(),
            raw_start: 0,
            raw_end: 0,
            sniffed: false,
            ended: false,
            start: 0,
            end: 0,
            base: START,
            told: Cell::new(START),
            event: Mark::default(),
            element: Mark::default(),
            token: token as u64,
            bad: VecDeque::new(),
            declared: None,
            scan,
        }
    }

    /// Offset in the text of the next octet.
    pub(super) fn offset(&self) -> u64 {
        self.base.offset + self.start as u64
    }

    /// The text that lies ready: valid as it stands, but perhaps cut within a token.
    ///
    /// None while something is odd about the encoding that is still to be told.
    pub(super) fn ready(&self) -> &str {
        if self.declared.is_some() || !self.bad.is_empty() {
            return "";
        }
        self.room.text.get(self.start..self.end).unwrap_or_default()
    }

    /// Octets one token may take.
    pub(super) const fn token(&self) -> u64 {
        self.token
    }

    /// Notes that a token begins here.
    pub(super) fn mark_event(&mut self) {
        self.event = Mark { offset: self.offset(), resolved: None };
    }

    /// Notes that a token begins so many octets from here.
    pub(super) fn mark_ahead(&mut self, octets: usize) {
        self.event = Mark { offset: self.offset() + octets as u64, resolved: None };
    }

    /// Notes that the element of the last token is the one that values belong to.
    pub(super) fn mark_element(&mut self) {
        self.element = self.event;
    }

    /// Where the last token begins.
    pub(super) fn event_at(&self) -> At {
        self.resolve(self.event)
    }

    /// Where the element begins that values belong to.
    pub(super) fn element_at(&self) -> At {
        self.resolve(self.element)
    }

    /// The next octet before the current offset that could not be decoded.
    pub(super) fn take_bad(&mut self) -> Option<At> {
        let offset = self.offset();
        self.bad.pop_front_if(|bad| bad.offset < offset)
    }

    /// What is odd about the encoding, once.
    pub(super) fn take_declared(&mut self) -> Option<Declared> {
        self.declared.take()
    }

    /// The scan, with everything that was decoded so far.
    #[cfg(feature = "container")]
    pub(super) fn into_scan(self) -> Option<Scan> {
        self.scan
    }

    /// Reads what is left, for the scan alone; gives why it could not be read to its end.
    #[cfg(feature = "container")]
    pub(super) fn drain(&mut self) -> Option<Diagnostic> {
        loop {
            self.start = self.end;
            // Nobody tells of them any more.
            self.bad.clear();
            match self.refill() {
                Ok(()) if self.end == 0 => return None,
                Ok(()) => {}
                Err(error) => {
                    let found = error.get_ref()?.downcast_ref::<Interruption>()?;
                    return Some(found.0.clone());
                }
            }
        }
    }

    fn resolve(&self, mark: Mark) -> At {
        match mark.resolved {
            Some((line, column)) => At { line, column, offset: mark.offset },
            None => At { offset: mark.offset, ..self.place(mark.offset) },
        }
    }

    /// The place of an offset of the text that lies here.
    fn place(&self, offset: u64) -> At {
        let told = self.told.get();
        let from = if told.offset <= offset { told } else { self.base };
        let within = |offset: u64| {
            let octets = usize::try_from(offset.saturating_sub(self.base.offset)).unwrap_or(usize::MAX);
            octets.min(self.end)
        };
        let between = self.room.text.as_bytes().get(within(from.offset)..within(offset));
        let at = advance(from, between.unwrap_or_default());
        self.told.set(at);
        at
    }

    /// Replaces the text, which must all be consumed, by what comes next; none at the end.
    fn refill(&mut self) -> io::Result<()> {
        let event = self.event_at();
        self.event.resolved = Some((event.line, event.column));
        if self.element.resolved.is_none() {
            let element = self.element_at();
            self.element.resolved = Some((element.line, element.column));
        }
        self.base = self.place(self.base.offset + self.end as u64);
        self.told.set(self.base);
        self.start = 0;
        self.end = 0;
        if !self.sniffed {
            self.sniff()?;
        }
        while self.end == 0 && !(self.ended && self.raw_start == self.raw_end) {
            if self.raw_start == self.raw_end {
                self.read_block()?;
            }
            self.decode();
        }
        self.place_bad();
        if let Some(scan) = &mut self.scan {
            scan.feed(self.room.text.as_bytes().get(..self.end).unwrap_or_default());
        }
        Ok(())
    }

    /// Works out line and column of the bad octets of this block, in one pass.
    fn place_bad(&mut self) {
        let base = self.base;
        let mut at = base;
        for bad in self.bad.iter_mut().filter(|bad| bad.offset >= base.offset) {
            let within = |offset: u64| usize::try_from(offset - base.offset).unwrap_or(usize::MAX);
            let between = self.room.text.as_bytes().get(within(at.offset)..within(bad.offset));
            at = advance(at, between.unwrap_or_default());
            *bad = at;
        }
    }

    fn read_block(&mut self) -> io::Result<()> {
        self.raw_start = 0;
        // After an error there is nothing more to read.
        self.raw_end = 0;
        self.ended = true;
        self.raw_end = read_some(&mut self.input, &mut self.room.raw)?;
        self.ended = self.raw_end == 0;
        Ok(())
    }

    fn sniff(&mut self) -> io::Result<()> {
        self.sniffed = true;
        while self.raw_end < DECLARATION {
            let read = match self.room.raw.get_mut(self.raw_end..) {
                Some(free) => read_some(&mut self.input, free)?,
                None => 0,
            };
            if read == 0 {
                self.ended = true;
                break;
            }
            self.raw_end += read;
        }
        let octets = self.room.raw.get(..self.raw_end).unwrap_or_default();
        let (encoding, skip, declared) = sniff(octets);
        self.decoder = encoding.new_decoder_without_bom_handling();
        self.raw_start = skip;
        self.declared = declared;
        Ok(())
    }

    fn decode(&mut self) {
        let last = self.ended;
        loop {
            let source = self.room.raw.get(self.raw_start..self.raw_end).unwrap_or_default();
            let Some(target) = self.room.text.get_mut(self.end..) else { return };
            let (result, read, written) =
                self.decoder.decode_to_str_without_replacement(source, target, last);
            self.raw_start += read;
            self.end += written;
            match result {
                DecoderResult::InputEmpty => return,
                // `TEXT` has room for every raw block; what is left is decoded next time.
                DecoderResult::OutputFull => return,
                DecoderResult::Malformed(_, _) => {
                    let offset = self.base.offset + self.end as u64;
                    self.bad.push_back(At { offset, ..self.base });
                    let Some(hole) = self.room.text.get_mut(self.end..) else { return };
                    let mut copy = UTF_8.new_decoder_without_bom_handling();
                    let (_, _, written) =
                        copy.decode_to_str_without_replacement("\u{fffd}".as_bytes(), hole, true);
                    self.end += written;
                }
            }
        }
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: Read> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let used = self.offset().saturating_sub(self.event.offset);
        if used > self.token {
            return Err(io::Error::other(TokenTooLong));
        }
        if self.start == self.end {
            self.refill()?;
        }
        // One octet over the limit is let through, so that it is passed at the same place however
        // the input is cut into blocks.
        let room = usize::try_from(self.token - used).unwrap_or(usize::MAX).saturating_add(1);
        let end = self.start.saturating_add(room).min(self.end);
        Ok(self.room.text.as_bytes().get(self.start..end).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.start = (self.start + amount).min(self.end);
    }
}

fn read_some(input: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match input.read(into) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

fn advance(at: At, text: &[u8]) -> At {
    let offset = at.offset + text.len() as u64;
    match memchr::memrchr(b'\n', text) {
        None => At { column: at.column + characters(text), offset, ..at },
        Some(last) => {
            let (before, behind) = text.split_at(last + 1);
            At {
                line: at.line + memchr::memchr_iter(b'\n', before).count() as u64,
                column: 1 + characters(behind),
                offset,
            }
        }
    }
}

/// Characters of valid UTF-8: all octets but continuations.
fn characters(text: &[u8]) -> u64 {
    text.iter().filter(|octet| (**octet & 0xc0) != 0x80).count() as u64
}

/// The encoding of a document, and how many octets of byte order mark to skip.
fn sniff(octets: &[u8]) -> (&'static Encoding, usize, Option<Declared>) {
    match octets {
        [0xef, 0xbb, 0xbf, ..] => (UTF_8, 3, None),
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] | [b'<', 0, 0, 0, ..] | [0, 0, 0, b'<', ..] => {
            (UTF_8, 0, Some(Declared::Utf32))
        }
        [0xff, 0xfe, ..] => (UTF_16LE, 2, None),
        [0xfe, 0xff, ..] => (UTF_16BE, 2, None),
        [b'<', 0, 1..=255, 0, ..] => (UTF_16LE, 0, None),
        [0, b'<', 0, 1..=255, ..] => (UTF_16BE, 0, None),
        _ => match declared_label(octets) {
            None => (UTF_8, 0, None),
            // Some names stand for encodings that no one may read, for safety.
            Some(label) => match Encoding::for_label_no_replacement(label) {
                // The declaration itself was readable as ASCII, so it is not UTF-16.
                Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => (UTF_8, 0, None),
                Some(encoding) => (encoding, 0, None),
                None => {
                    let label = crate::text::lossy(label);
                    (UTF_8, 0, Some(Declared::UnknownLabel(label)))
                }
            },
        },
    }
}

/// `encoding="…"` of an XML declaration.
fn declared_label(octets: &[u8]) -> Option<&[u8]> {
    let octets = octets.get(..DECLARATION.min(octets.len()))?;
    // A declaration further on, behind a first report perhaps, says nothing about the start.
    let declaration = octets.trim_ascii_start().strip_prefix(b"<?xml")?;
    let declaration = declaration.get(..memchr::memmem::find(declaration, b"?>")?)?;
    let behind = declaration.get(memchr::memmem::find(declaration, b"encoding")? + 8..)?;
    let behind = behind.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, behind) = behind.split_first()?;
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    behind.get(..memchr::memchr(*quote, behind)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(octets: &[u8]) -> (String, usize) {
        let mut source = Source::new(octets, 1 << 20, None);
        let mut text = String::new();
        source.read_to_string(&mut text).unwrap();
        let bad = std::iter::from_fn(|| source.take_bad()).count();
        (text, bad)
    }

    #[test]
    fn utf_16_is_read_by_its_byte_order_mark_and_without_one() {
        for (mark, little) in [(true, true), (true, false), (false, true), (false, false)] {
            let mut octets = Vec::new();
            let marked = if mark { "\u{feff}<?xml?>é😀" } else { "<?xml?>é😀" };
            for unit in marked.encode_utf16() {
                octets.extend(if little { unit.to_le_bytes() } else { unit.to_be_bytes() });
            }
            assert_eq!(text(&octets), ("<?xml?>é😀".to_owned(), 0));
        }
    }

    #[test]
    fn the_declared_encoding_is_honored() {
        let octets = b"<?xml version='1.0' encoding='ISO-8859-1'?>Gm\xfcnd";
        assert!(text(octets).0.ends_with("Gmünd"));
    }

    #[test]
    fn an_octet_that_is_not_utf8_is_replaced_and_counted() {
        assert_eq!(text(b"Gm\xfcnd"), ("Gm\u{fffd}nd".to_owned(), 1));
        assert_eq!(text(b"cut \xc3"), ("cut \u{fffd}".to_owned(), 1));
    }

    #[test]
    fn a_character_across_two_blocks_is_whole() {
        let mut octets = vec![b'x'; RAW - 1];
        octets.extend("é".as_bytes());
        let (text, bad) = text(&octets);
        assert!(text.ends_with("xé") && bad == 0);
    }

    #[test]
    fn places_count_lines_and_characters_across_blocks() {
        let octets = format!("{}\né{}<", "a\n".repeat(40_000), "b".repeat(70_000));
        let mut source = Source::new(octets.as_bytes(), 1 << 20, None);
        while source.offset() < octets.len() as u64 - 1 {
            let left = octets.len() - 1 - source.offset() as usize;
            let available = source.fill_buf().unwrap().len().min(left);
            source.consume(available);
        }
        source.mark_event();
        source.consume(1);
        assert!(source.fill_buf().unwrap().is_empty());
        let at = source.event_at();
        assert_eq!((at.line, at.column, at.offset), (40_002, 70_002, octets.len() as u64 - 1));
    }

    #[test]
    fn nothing_of_a_document_is_in_the_next() {
        let long = "é😀".repeat(RAW);
        for _ in 0..2 {
            assert_eq!(text(long.as_bytes()), (long.clone(), 0));
            assert_eq!(text(b"\xff\xfea\0"), ("a".to_owned(), 0));
            assert_eq!(text(b"x\xc3"), ("x\u{fffd}".to_owned(), 1));
            assert_eq!(text(b""), (String::new(), 0));
        }
        let mut outer = Source::new(long.as_bytes(), 1 << 20, None);
        assert!(outer.fill_buf().unwrap().starts_with("é".as_bytes()));
        assert_eq!(text(b"within"), ("within".to_owned(), 0));
        assert!(outer.fill_buf().unwrap().starts_with("é".as_bytes()));
    }

    #[test]
    fn places_may_be_asked_for_in_any_order() {
        let mut source = Source::new(&b"ab\ncd\nef"[..], 1 << 20, None);
        assert_eq!(source.fill_buf().unwrap().len(), 8);
        source.consume(4);
        source.mark_event();
        source.mark_element();
        source.consume(3);
        source.mark_event();
        for _ in 0..2 {
            let [event, element] =
                [source.event_at(), source.element_at()].map(|at| (at.line, at.column, at.offset));
            assert_eq!((event, element), ((3, 2, 7), (2, 2, 4)));
        }
    }

    #[test]
    fn a_token_over_the_limit_stops_reading() {
        let octets = vec![b'x'; 1 << 20];
        let mut source = Source::new(&octets[..], 1000, None);
        let error = source.read_to_end(&mut Vec::new()).unwrap_err();
        assert!(error.get_ref().unwrap().is::<TokenTooLong>());
    }
}
