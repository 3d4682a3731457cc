//! A second, independent count of records and messages over the decoded text.
//!
//! It looks at bytes alone and shares no code with the reader, so that a record which the reader
//! loses shows up as a difference. It knows quotes, comments, CDATA and character references, and
//! matches the local names `record` and `count` in any case; it knows nothing of the schema
//! otherwise, so that it never counts less than a reader can find.

/// What the scan has counted.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Tally {
    /// `record` elements that begin.
    pub records: u64,
    /// Records whose `count` is absent, cut off or unreadable.
    pub uncounted: u64,
    /// Sum of the readable counts within records; stops at 2⁶⁴−1.
    pub messages: u64,
}

/// Octets of a tag that are kept until its end: more than its name needs.
const NAME: usize = 64;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Text,
    /// Behind `<`.
    Open,
    /// In a tag: the quote that is open, and whether a slash came last.
    Tag {
        quote: u8,
        slash: bool,
    },
    /// Behind `<!`, with what was seen of `--` or `[CDATA[` in the name.
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
    /// The local name of a tag, as far as it was seen, or what stands behind `<!`.
    name: Vec<u8>,
    /// Whether the name of the tag goes on, and whether it is an end tag.
    naming: bool,
    closing: bool,
    number: Option<Number>,
    /// Records that are open within each other.
    depth: u64,
    /// Whether the outermost one has a readable count.
    counted: bool,
    tally: Tally,
}

impl Scan {
    #[cfg(feature = "container")]
    pub(super) fn new() -> Self {
        Self {
            state: State::Text,
            name: Vec::with_capacity(NAME),
            naming: false,
            closing: false,
            number: None,
            depth: 0,
            counted: false,
            tally: Tally::default(),
        }
    }

    /// What was counted, with a record that is still open.
    #[cfg(feature = "container")]
    pub(super) fn tally(&self) -> Tally {
        let open = u64::from(self.depth > 0 && !self.counted);
        Tally { uncounted: self.tally.uncounted + open, ..self.tally }
    }

    pub(super) fn feed(&mut self, mut octets: &[u8]) {
        while let Some((&octet, rest)) = octets.split_first() {
            octets = match self.state {
                State::Text => {
                    let (text, behind) =
                        octets.split_at(memchr::memchr(b'<', octets).unwrap_or(octets.len()));
                    self.take(text, true);
                    match behind.split_first() {
                        Some((_, behind)) => self.whole_tag(behind),
                        None => behind,
                    }
                }
                State::Comment { dashes: 0 } => {
                    let dash = memchr::memchr(b'-', octets).unwrap_or(octets.len());
                    let (_, behind) = octets.split_at(dash);
                    if !behind.is_empty() {
                        self.state = State::Comment { dashes: 1 };
                    }
                    behind.get(1..).unwrap_or_default()
                }
                _ => {
                    self.step(octet);
                    rest
                }
            };
        }
    }

    /// Takes a tag that lies within the block as a whole, which nearly all do.
    fn whole_tag<'a>(&mut self, octets: &'a [u8]) -> &'a [u8] {
        let (closing, name) = match octets.strip_prefix(b"/") {
            Some(name) => (true, name),
            None => (false, octets),
        };
        // Mostly a tag is a name and nothing else.
        if let Some((name, behind)) = name.split_at_checked(letters(name)) {
            let (empty, behind) = match behind {
                [b'>', behind @ ..] => (false, Some(behind)),
                [b'/', b'>', behind @ ..] => (true, Some(behind)),
                _ => (false, None),
            };
            if let Some(behind) = behind {
                self.tag(name, closing, empty);
                return behind;
            }
        }
        let plain = octets.first().is_some_and(|first| !matches!(first, b'!' | b'?'));
        let end = memchr::memchr3(b'>', b'"', b'\'', octets);
        let tag = end.filter(|at| plain && octets.get(*at) == Some(&b'>'));
        let Some((tag, behind)) = tag.and_then(|end| octets.split_at_checked(end)) else {
            self.state = State::Open;
            return octets;
        };
        let tag = tag.strip_prefix(b"/").unwrap_or(tag);
        let name =
            tag.split(|octet| octet.is_ascii_whitespace() || *octet == b'/').next().unwrap_or_default();
        let local = name.rsplit(|octet| *octet == b':').next().unwrap_or_default();
        self.tag(local, closing, tag.ends_with(b"/"));
        behind.get(1..).unwrap_or_default()
    }

    fn step(&mut self, octet: u8) {
        self.state = match self.state {
            State::Text => State::Text,
            State::Open => {
                self.name.clear();
                self.naming = true;
                self.closing = octet == b'/';
                match octet {
                    b'/' => State::Tag { quote: 0, slash: false },
                    b'!' => State::Bang,
                    b'?' => State::Instruction { question: false },
                    b'>' => {
                        self.tag(b"", false, false);
                        State::Text
                    }
                    _ => self.in_tag(octet, 0),
                }
            }
            State::Tag { quote, slash } if octet == b'>' && quote == 0 => {
                let name = std::mem::take(&mut self.name);
                self.tag(&name, self.closing, slash);
                self.name = name;
                State::Text
            }
            State::Tag { quote, .. } => self.in_tag(octet, quote),
            State::Bang => {
                self.name.push(octet);
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
            State::Data { brackets } => self.in_data(octet, brackets),
            State::Instruction { question: true } if octet == b'>' => State::Text,
            State::Instruction { .. } => State::Instruction { question: octet == b'?' },
            State::Other if octet == b'>' => State::Text,
            State::Other => State::Other,
        };
    }

    fn in_tag(&mut self, octet: u8, quote: u8) -> State {
        match octet {
            _ if quote != 0 => {
                return State::Tag { quote: if octet == quote { 0 } else { quote }, slash: false };
            }
            b'"' | b'\'' => {
                self.naming = false;
                return State::Tag { quote: octet, slash: false };
            }
            b':' if self.naming => self.name.clear(),
            b'/' => self.naming = false,
            _ if octet.is_ascii_whitespace() => self.naming = false,
            _ if self.naming && self.name.len() < NAME => self.name.push(octet),
            _ => {}
        }
        State::Tag { quote: 0, slash: octet == b'/' }
    }

    fn in_data(&mut self, octet: u8, brackets: u8) -> State {
        match octet {
            b'>' if brackets == 2 => State::Text,
            b']' if brackets == 2 => {
                self.take(b"]", false);
                State::Data { brackets }
            }
            b']' => State::Data { brackets: brackets + 1 },
            _ => {
                // Brackets that closed nothing are text.
                self.take(b"]]".get(..brackets.into()).unwrap_or_default(), false);
                self.take(&[octet], false);
                State::Data { brackets: 0 }
            }
        }
    }

    /// A tag is complete.
    fn tag(&mut self, local: &[u8], closing: bool, empty: bool) {
        if local.eq_ignore_ascii_case(b"record") {
            if !closing {
                self.tally.records += 1;
                self.depth += 1;
                match self.depth {
                    1 => self.counted = false,
                    // A record within a record is nothing that a count could belong to.
                    _ => self.tally.uncounted += 1,
                }
            }
            if closing || empty {
                self.tally.uncounted += u64::from(self.depth == 1 && !self.counted);
                self.depth = self.depth.saturating_sub(1);
            }
        } else if local.eq_ignore_ascii_case(b"count") {
            if !closing {
                self.number = (self.depth > 0).then(Number::default);
            }
            if (closing || empty)
                && let Some(count) = self.number.take().and_then(Number::value)
            {
                self.tally.messages = self.tally.messages.saturating_add(count);
                self.counted = true;
            }
        } else if let Some(number) = &mut self.number {
            // An element inside of a count: whatever it is, it is not a number.
            number.bad |= !closing;
        }
    }

    /// Text, perhaps of a `count`.
    fn take(&mut self, text: &[u8], references: bool) {
        if let Some(number) = &mut self.number {
            for octet in text {
                number.push(*octet, references);
            }
        }
    }
}

/// How many octets from the start on are letters or others that mean nothing in a tag: quotes, blanks, `:`, `/` and `>`
/// are all below 0x40. Eight at a time, since there are two tags for each value.
fn letters(octets: &[u8]) -> usize {
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    let (words, rest) = octets.as_chunks();
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let low = !(word | word << 1) & HIGH;
        if low != 0 {
            return 8 * at + low.trailing_zeros() as usize / 8;
        }
    }
    octets.len() - rest.len() + rest.iter().take_while(|octet| **octet >= 0x40).count()
}

/// A count, digit by digit: decimal, with blanks around it, some of it perhaps as character
/// references.
#[derive(Clone, Copy, Debug, Default)]
struct Number {
    value: u64,
    digits: bool,
    /// A blank behind the digits.
    ended: bool,
    bad: bool,
    reference: Option<Reference>,
}

/// `&#…;` so far.
#[derive(Clone, Copy, Debug, Default)]
struct Reference {
    hash: bool,
    hexadecimal: bool,
    code: u32,
}

impl Number {
    fn push(&mut self, octet: u8, references: bool) {
        match self.reference {
            None if octet == b'&' && references => self.reference = Some(Reference::default()),
            None => self.plain(octet),
            Some(_) if octet == b'&' => self.bad = true,
            Some(reference) if octet == b';' => {
                self.reference = None;
                self.plain(u8::try_from(reference.code).unwrap_or(b'?'));
            }
            Some(mut reference) => {
                let radix = if reference.hexadecimal { 16 } else { 10 };
                match char::from(octet).to_digit(radix) {
                    Some(digit) if reference.hash => {
                        reference.code = reference.code.saturating_mul(radix).saturating_add(digit);
                    }
                    _ if octet == b'#' => reference.hash = true,
                    _ if octet == b'x' => reference.hexadecimal = true,
                    _ => self.bad = true,
                }
                self.reference = Some(reference);
            }
        }
    }

    fn plain(&mut self, octet: u8) {
        if octet.is_ascii_whitespace() {
            self.ended |= self.digits;
            return;
        }
        let digit = char::from(octet).to_digit(10).filter(|_| !self.ended);
        let value = digit.and_then(|digit| self.value.checked_mul(10)?.checked_add(digit.into()));
        match value {
            Some(value) => self.value = value,
            None => self.bad = true,
        }
        self.digits = true;
    }

    /// The number, if it is one that fits 63 bits.
    fn value(self) -> Option<u64> {
        let whole = self.digits && !self.bad && self.reference.is_none();
        Some(self.value).filter(|value| whole && i64::try_from(*value).is_ok())
    }
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
        assert_eq!(whole.tally(), split.tally(), "blocks do not matter: {text}");
        whole.tally()
    }

    #[test]
    fn letters_end_where_a_tag_may_mean_something() {
        let name = "record_that_is_longer_than_a_word@[]é";
        for end in ["", ">", "/", ":", " ", "\"", "'", "=", "-", "0", "\n"] {
            for from in (0..name.len()).filter(|from| name.is_char_boundary(*from)) {
                let written = format!("{}{end}{name}", &name[from..]);
                let expected = if end.is_empty() { written.len() } else { name.len() - from };
                assert_eq!(letters(written.as_bytes()), expected, "{written}");
            }
        }
    }

    #[test]
    fn records_and_counts_are_counted_in_any_case_and_prefix() {
        let text = "<r><record><count> 7\n</count></record><x:RECORD a='>'><x:Count b=\">\">8</x:Count></x:RECORD></r>";
        assert_eq!(scan(text), Tally { records: 2, uncounted: 0, messages: 15 });
    }

    #[test]
    fn a_count_may_be_cdata_a_reference_or_hold_a_comment() {
        for count in [
            "<![CDATA[12]]>",
            "&#49;2",
            "1<!-- <count>9 -->2",
            "&#x31;&#50;",
            " 12 ",
            "1<?a?>2",
            "&#00049;2&#10;",
        ] {
            let text = format!("<record><count>{count}</count></record>");
            assert_eq!(scan(&text), Tally { records: 1, uncounted: 0, messages: 12 }, "{count}");
        }
    }

    #[test]
    fn what_is_not_a_count_is_uncounted() {
        for count in [
            "",
            "-3",
            "7.0",
            "1,234",
            "x",
            "9223372036854775808",
            "1<b/>2",
            "+1",
            "1 2",
            "&#49",
            "<![CDATA[1]]]]>",
        ] {
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
    fn comments_cdata_and_quotes_hold_no_records() {
        assert_eq!(scan("<><record></record>").records, 1);
        let text =
            "<!-- <record> --><![CDATA[<record>]] ><record>]]]><?record ?><!x <record><a b=\"<record>\"/>";
        assert_eq!(scan(text).records, 0);
    }

    #[test]
    fn a_record_within_a_record_hides_no_count() {
        let text = "<record><x><record/></x><count>5</count></record>";
        assert_eq!(scan(text), Tally { records: 2, uncounted: 1, messages: 5 });
    }

    proptest::proptest! {
        #[test]
        fn blocks_never_matter(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..24)) {
            scan(&pieces.concat());
        }
    }

    const PIECES: &[&str] = &[
        "<",
        ">",
        "/",
        "</",
        "/>",
        "\"",
        "'",
        "=",
        ":",
        " ",
        "-",
        "--",
        "!",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "]",
        "?",
        "<?",
        "?>",
        "&#52;",
        "record",
        "RECORD",
        "count",
        "x:count",
        "<record>",
        "</record>",
        "<count>7",
        "</count>",
        "row_of_elements",
        "é@[",
    ];
}
