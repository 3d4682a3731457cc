//! The short way for plain tokens: tags written exactly as the schema has them, and texts without
//! references.
//!
//! They are taken straight from the decoded text, as far as it lies ready. Everything else
//! (attributes, prefixes, other names, comments, CDATA, references, a token across two blocks) is
//! left to quick-xml, which goes on where this stopped. Both ways feed the same [`Build`], at the
//! same places: what is read does not depend on which way a token took.
//!
//! [`Build`]: super::build::Build

use std::io::{BufRead, Read};

use super::node::Node;
use super::read::Reader;

/// A plain token, with how many octets it takes.
enum Token {
    /// Nothing between two tags.
    Blank(usize),
    Start(Node, usize),
    /// A start tag, so many octets of text, and the end tag.
    Leaf(Node, usize),
    End(Node),
}

impl<R: Read> Reader<R> {
    /// Takes plain tokens until a record is whole, or until something else comes; `false` if there
    /// was none.
    pub(super) fn plain(&mut self) -> bool {
        let mut any = false;
        while !self.build.complete && !self.done {
            let Some(token) = self.token() else { break };
            any = true;
            let octets = self.take_token(&token);
            self.xml.get_mut().consume(octets);
        }
        any
    }

    fn token(&self) -> Option<Token> {
        let open = self.build.log.stack.last().filter(|open| open.name.is_none())?;
        let source = self.xml.get_ref();
        let ready = source.ready().as_bytes();
        let blank = blank(ready);
        if blank > 0 {
            let short = (blank as u64) < source.token();
            let between = !open.node.is_text() && short && ready.get(blank) == Some(&b'<');
            return between.then_some(Token::Blank(blank));
        }
        let Some(node) = open.node.opened_by(ready) else {
            // What quick-xml saw begin it must see end, or its list of open elements would grow.
            return (self.seen_open == 0 && open.node.closed_by(ready)).then_some(Token::End(open.node));
        };
        if self.build.log.stack.len() as u64 >= u64::from(self.limits.element_depth) {
            return None;
        }
        let tag = node.name().len() + 2;
        if node.is_text() {
            let text = ready.get(tag..)?;
            let length = memchr::memchr2(b'<', b'&', text)?;
            if node.closed_by(text.get(length..)?) && self.build.has_room(length, &self.limits) {
                return Some(Token::Leaf(node, length));
            }
        }
        Some(Token::Start(node, tag))
    }

    fn take_token(&mut self, token: &Token) -> usize {
        let source = self.xml.get_mut();
        match *token {
            Token::Blank(octets) => octets,
            Token::End(node) => {
                source.mark_event();
                self.build.end(source);
                self.closed();
                node.name().len() + 3
            }
            Token::Start(node, octets) => {
                self.begin(node);
                octets
            }
            Token::Leaf(node, octets) => {
                let tag = node.name().len() + 2;
                if !self.begin(node) {
                    // A second one, which is skipped.
                    return tag;
                }
                let source = self.xml.get_mut();
                source.mark_ahead(tag + octets);
                let text = source.ready().get(tag..tag + octets).unwrap_or_default();
                self.build.leaf(node, text, source);
                2 * tag + 1 + octets
            }
        }
    }

    /// Begins an element; `false` if it is skipped.
    fn begin(&mut self, node: Node) -> bool {
        let source = self.xml.get_mut();
        source.mark_event();
        match self.build.plain(node, source, &self.limits) {
            Ok(Node::Unknown) => return false,
            Ok(node) if node.is_text() => source.mark_element(),
            Ok(_) => {}
            Err(found) => self.stop(found),
        }
        true
    }
}

/// How many blanks a text begins with.
fn blank(text: &[u8]) -> usize {
    let mut length = 0;
    // Indentation, eight blanks at a time.
    while let Some(eight) = text.get(length..length + 8).and_then(|eight| <[u8; 8]>::try_from(eight).ok()) {
        let other = u64::from_le_bytes(eight) ^ u64::from_le_bytes([b' '; 8]);
        length += other.trailing_zeros() as usize / 8;
        if other != 0 {
            if eight.get(other.trailing_zeros() as usize / 8).is_some_and(u8::is_ascii_whitespace) {
                length += 1;
                continue;
            }
            return length;
        }
    }
    let rest = text.get(length..).unwrap_or_default();
    length + rest.iter().take_while(|octet| octet.is_ascii_whitespace()).count()
}
