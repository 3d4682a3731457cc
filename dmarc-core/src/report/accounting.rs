//! A second, independent count of records and messages over the decoded text.
//!
//! It looks at bytes alone and shares no code with the reader, so that a record which the reader
//! loses shows up as a difference. It knows comments, CDATA and character references, and matches
//! the local names `record` and `count` in any case; it knows nothing of the schema otherwise.

/// What the scan has counted.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Tally {
    /// `record` elements that begin.
    pub records: u64,
    /// Records whose `count` is absent, cut off or unreadable.
    pub uncounted: u64,
    /// Sum of the readable counts; stops at 2⁶⁴−1.
    pub messages: u64,
}

/// Longest number that is looked at; the rest of a longer text cannot make it readable.
const NUMBER: usize = 64;
/// Longest tag name that matters: a prefix, a colon and `record`.
const NAME: usize = 128;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Text,
    /// Behind `<`.
    Open,
    /// In the name of a tag.
    Name {
        closing: bool,
    },
    /// In a tag behind its name; the quote that is open, and whether a slash came last.
    Tag {
        closing: bool,
        quote: u8,
        slash: bool,
    },
    /// Behind `<!`, with how much of `--` or `[CDATA[` was seen.
    Bang,
    Comment {
        dashes: u8,
    },
    Data {
        brackets: u8,
    },
    /// In `<?…?>`.
    Instruction {
        question: bool,
    },
    /// In any other `<!…>`.
    Other,
}

/// The scan: fed block by block.
#[derive(Clone, Debug)]
pub(super) struct Scan {
    state: State,
    name: Vec<u8>,
    /// The text of the `count` that is open.
    number: Option<Vec<u8>>,
    /// Whether a record is open, and whether its first count was seen to its end.
    open: Option<bool>,
    tally: Tally,
}

impl Scan {
    pub(super) fn new() -> Self {
        Self {
            state: State::Text,
            name: Vec::with_capacity(NAME),
            number: None,
            open: None,
            tally: Tally::default(),
        }
    }

    /// What was counted, with a record that is still open.
    pub(super) fn tally(&self) -> Tally {
        let open = u64::from(self.open == Some(false));
        Tally { uncounted: self.tally.uncounted + open, ..self.tally }
    }

    pub(super) fn feed(&mut self, mut octets: &[u8]) {
        while let Some((&octet, rest)) = octets.split_first() {
            match self.state {
                State::Text => {
                    let text = memchr::memchr(b'<', octets).unwrap_or(octets.len());
                    let (text, behind) = octets.split_at(text);
                    self.take(text);
                    octets = behind.get(1..).unwrap_or_default();
                    if !behind.is_empty() {
                        self.name.clear();
                        self.state = State::Open;
                    }
                    continue;
                }
                State::Comment { dashes: 0 } if octet != b'-' => {
                    octets = octets
                        .get(memchr::memchr(b'-', octets).unwrap_or(octets.len())..)
                        .unwrap_or_default();
                    continue;
                }
                _ => self.step(octet),
            }
            octets = rest;
        }
    }

    fn step(&mut self, octet: u8) {
        self.state = match self.state {
            State::Text => State::Text,
            State::Open => match octet {
                b'/' => State::Name { closing: true },
                b'!' => State::Bang,
                b'?' => State::Instruction { question: false },
                _ => {
                    self.push_name(octet);
                    self.behind_name(octet, false)
                }
            },
            State::Name { closing } => {
                self.push_name(octet);
                self.behind_name(octet, closing)
            }
            State::Tag { closing, quote, slash } => match octet {
                _ if quote != 0 => {
                    State::Tag { closing, quote: if octet == quote { 0 } else { quote }, slash: false }
                }
                b'"' | b'\'' => State::Tag { closing, quote: octet, slash: false },
                b'>' => self.tag(closing, slash),
                b'/' => State::Tag { closing, quote, slash: true },
                _ => State::Tag { closing, quote, slash: false },
            },
            State::Bang => {
                self.push_name(octet);
                match self.name.as_slice() {
                    b"-" | b"[" | b"[C" | b"[CD" | b"[CDA" | b"[CDAT" | b"[CDATA" => State::Bang,
                    b"--" => State::Comment { dashes: 0 },
                    b"[CDATA[" => State::Data { brackets: 0 },
                    _ if octet == b'>' => State::Text,
                    _ => State::Other,
                }
            }
            State::Comment { dashes } => match octet {
                b'-' => State::Comment { dashes: 2.min(dashes + 1) },
                b'>' if dashes == 2 => State::Text,
                _ => State::Comment { dashes: 0 },
            },
            State::Data { brackets } => match octet {
                b']' if brackets == 2 => {
                    self.take(b"]");
                    State::Data { brackets: 2 }
                }
                b']' => State::Data { brackets: brackets + 1 },
                b'>' if brackets == 2 => State::Text,
                _ => {
                    self.take(b"]]".get(..usize::from(brackets)).unwrap_or_default());
                    self.take(&[octet]);
                    State::Data { brackets: 0 }
                }
            },
            State::Instruction { question: true } if octet == b'>' => State::Text,
            State::Instruction { .. } => State::Instruction { question: octet == b'?' },
            State::Other if octet == b'>' => State::Text,
            State::Other => State::Other,
        };
    }

    fn push_name(&mut self, octet: u8) {
        if self.name.len() < NAME && !matches!(octet, b'>' | b'/') && !octet.is_ascii_whitespace() {
            self.name.push(octet);
        }
    }

    fn behind_name(&mut self, octet: u8, closing: bool) -> State {
        match octet {
            b'>' => self.tag(closing, false),
            b'/' => State::Tag { closing, quote: 0, slash: true },
            _ if octet.is_ascii_whitespace() => State::Tag { closing, quote: 0, slash: false },
            _ => State::Name { closing },
        }
    }

    /// A tag is complete.
    fn tag(&mut self, closing: bool, empty: bool) -> State {
        let local = self.name.rsplit(|octet| *octet == b':').next().unwrap_or_default();
        if local.eq_ignore_ascii_case(b"record") {
            if closing {
                self.close();
            } else {
                // A record that begins inside another ends that one.
                self.close();
                self.tally.records += 1;
                self.open = Some(false);
                if empty {
                    self.close();
                }
            }
        } else if local.eq_ignore_ascii_case(b"count") {
            if !closing && self.open == Some(false) {
                self.number = Some(Vec::new());
            }
            if (closing || empty)
                && let Some(number) = self.number.take()
            {
                match read_number(&number) {
                    Some(count) => self.tally.messages = self.tally.messages.saturating_add(count),
                    None => self.tally.uncounted += 1,
                }
                self.open = Some(true);
            }
        } else if self.number.is_some() && !closing {
            // An element inside of a count: whatever it is, it is not a number.
            self.take(b"?");
        }
        State::Text
    }

    fn close(&mut self) {
        if self.open.take() == Some(false) {
            self.tally.uncounted += 1;
        }
        self.number = None;
    }

    /// Text of a `count`.
    fn take(&mut self, text: &[u8]) {
        if let Some(number) = &mut self.number {
            // Blanks around the number may be long; they do not count against it.
            let text = if number.is_empty() { text.trim_ascii_start() } else { text };
            let room = NUMBER.saturating_sub(number.len());
            if text.trim_ascii_end().len() > room {
                number.extend(std::iter::repeat_n(b'?', room.max(1)));
            } else {
                number.extend(text.iter().take(room));
            }
        }
    }
}

/// A count: decimal digits that fit 63 bits, some of them perhaps as character references.
fn read_number(text: &[u8]) -> Option<u64> {
    let mut number: Option<u64> = None;
    let mut rest = text.trim_ascii();
    while let Some((&octet, behind)) = rest.split_first() {
        let digit = if octet == b'&' {
            let end = memchr::memchr(b';', behind)?;
            let reference = std::str::from_utf8(behind.get(..end)?).ok()?.strip_prefix('#')?;
            rest = behind.get(end + 1..)?;
            let code = match reference.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => reference.parse().ok()?,
            };
            char::from_u32(code)?.to_digit(10)?
        } else {
            rest = behind;
            char::from(octet).to_digit(10)?
        };
        number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(u64::from(digit))?);
    }
    number.filter(|number| i64::try_from(*number).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str) -> Tally {
        let mut whole = Scan::new();
        whole.feed(text.as_bytes());
        let mut split = Scan::new();
        for octet in text.as_bytes() {
            split.feed(&[*octet]);
        }
        assert_eq!(whole.tally(), split.tally(), "blocks do not matter");
        whole.tally()
    }

    #[test]
    fn records_and_counts_are_counted_in_any_case_and_prefix() {
        let text =
            "<r><record><count> 7\n</count></record><x:RECORD a='>'><x:Count>8</x:Count></x:RECORD></r>";
        assert_eq!(scan(text), Tally { records: 2, uncounted: 0, messages: 15 });
    }

    #[test]
    fn a_count_may_be_cdata_a_reference_or_hold_a_comment() {
        for count in ["<![CDATA[12]]>", "&#49;2", "1<!-- <count>9 -->2", "&#x31;&#50;", " 12 "] {
            let text = format!("<record><count>{count}</count></record>");
            assert_eq!(scan(&text), Tally { records: 1, uncounted: 0, messages: 12 }, "{count}");
        }
    }

    #[test]
    fn what_is_not_a_count_is_uncounted() {
        for count in ["", "-3", "7.0", "1,234", "x", "9223372036854775808", "1<b/>2", "+1"] {
            let text = format!("<record><count>{count}</count></record>");
            assert_eq!(scan(&text), Tally { records: 1, uncounted: 1, messages: 0 }, "{count}");
        }
        assert_eq!(scan("<record><count>3"), Tally { records: 1, uncounted: 1, messages: 0 });
        assert_eq!(
            scan("<record/><recordx/><count>3</count>"),
            Tally { records: 1, uncounted: 1, messages: 0 }
        );
    }

    #[test]
    fn comments_and_cdata_hold_no_records() {
        assert_eq!(scan("<!-- <record> --><![CDATA[<record>]]]><?record ?><!x <record>").records, 0);
    }
}
