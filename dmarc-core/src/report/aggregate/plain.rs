//! The short way for plain tokens: tags written exactly as the schema has them, and texts without
//! references or line ends of Windows.
//!
//! They are taken straight from the decoded text, as far as it lies ready. Everything else
//! (attributes, prefixes, other names, comments, CDATA, references, a token across two blocks) is
//! left to quick-xml, which goes on where this stopped. Both ways feed the same [`Build`], at the
//! same places: what is read does not depend on which way a token took.
//!
//! [`Build`]: super::build::Build

use std::io::{BufRead, Read};

use super::read::Reader;

impl<R: Read> Reader<R> {
    /// Takes plain tokens until a record is whole, or until something else comes; `false` if there
    /// was none.
    pub(super) fn plain(&mut self) -> bool {
        let mut any = false;
        while !self.build.complete && !self.done && self.token() {
            any = true;
        }
        any
    }

    /// Takes blanks, and the tag behind them, with its text and its end if it holds nothing else.
    fn token(&mut self) -> bool {
        let depth = self.build.log.stack.len();
        let Some(open) = self.build.log.stack.last().filter(|open| open.name.is_none()) else { return false };
        let parent = open.node;
        let source = self.xml.get_mut();
        let ready = source.ready().as_bytes();
        let blank = if parent.is_text() { 0 } else { blank(ready) };
        if blank as u64 >= source.token() {
            return false;
        }
        let tag = ready.get(blank..).unwrap_or_default();
        if let Some(node) = parent.opened_by(tag) {
            if depth as u64 >= u64::from(self.limits.element_depth) {
                return false;
            }
            let octets = node.name().len() + 2;
            if node.is_text()
                && let Some(text) = tag.get(octets..)
                && let Some(length) = memchr::memchr3(b'<', b'&', b'\r', text)
                && node.closed_by(text.get(length..).unwrap_or_default())
                && self.build.has_room(length, &self.limits)
            {
                source.consume(blank);
                source.mark_event();
                source.mark_element();
                self.build.begin_leaf(node, source);
                // What is found about a value may be told of its end tag.
                source.mark_ahead(octets + length);
                let text = source.ready().get(octets..octets + length).unwrap_or_default();
                self.build.leaf(node, text, source);
                self.xml.get_mut().consume(octets + length + octets + 1);
                return true;
            }
            source.consume(blank);
            source.mark_event();
            match self.build.plain(node, source, &self.limits) {
                Ok(node) if node.is_text() => source.mark_element(),
                Ok(_) => {}
                Err(found) => self.stop(found),
            }
            self.xml.get_mut().consume(octets);
            return true;
        }
        // What quick-xml saw begin it must see end, or its list of open elements would grow.
        if self.seen_open > 0 || !parent.closed_by(tag) {
            return false;
        }
        source.consume(blank);
        source.mark_event();
        self.build.end(source);
        self.closed();
        self.xml.get_mut().consume(parent.name().len() + 3);
        true
    }
}

/// How many blanks a text begins with: mostly the end of a line and an indentation.
fn blank(text: &[u8]) -> usize {
    const SPACES: u128 = u128::from_le_bytes([b' '; 16]);
    let mut length = 0;
    while text.get(length).is_some_and(u8::is_ascii_whitespace) {
        length += 1;
        let Some(next) = text.get(length..).and_then(<[u8]>::first_chunk) else { continue };
        length += (u128::from_le_bytes(*next) ^ SPACES).trailing_zeros() as usize / 8;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::blank;

    #[test]
    fn blanks_are_counted_as_far_as_they_go() {
        for count in 0..40 {
            for (blanks, end) in
                [("\n", ""), (" ", "<"), ("\r\n\t ", "<a>                    "), (" ", "\u{a0}  ")]
            {
                let text = format!("{}{end}", blanks.repeat(count));
                assert_eq!(blank(text.as_bytes()), blanks.len() * count, "{text:?}");
            }
        }
    }
}
