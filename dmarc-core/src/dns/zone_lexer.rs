//! Entries of a zone file as tokens: comments, parentheses and quotes (RFC 1035, 5.1).
//!
//! A broken entry ends where the next line that can be read starts, so that a quote or parenthesis
//! that is not closed costs its own entry only. No octet is read more than twice.

use super::quoting::Field;
use crate::diagnostics::Span;

/// One token, its escapes still in place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Token<'a> {
    /// The token, and whether it stood between quotes.
    pub(crate) field: Field<'a>,
    /// Where it stands in the file, quotes not included.
    pub(crate) span: Span,
    /// Whether a comment follows it directly, without a blank.
    pub(crate) cut: bool,
}

/// Why an entry cannot be read to its end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fault {
    /// A quote that is not closed on its line.
    UnclosedQuote(Span),
    /// A parenthesis without its partner.
    Unbalanced(Span),
}

/// One entry: a line, or several within parentheses.
#[derive(Debug, Default)]
pub(crate) struct Entry<'a> {
    /// Its tokens; those before the fault, if there is one.
    pub(crate) tokens: Vec<Token<'a>>,
    /// Whether it starts with a blank, so that the owner is left out.
    pub(crate) indented: bool,
    /// What is wrong with it.
    pub(crate) fault: Option<Fault>,
}

/// Reads entries one by one.
#[derive(Debug)]
pub(crate) struct Lexer<'a> {
    octets: &'a [u8],
    at: usize,
}

impl<'a> Lexer<'a> {
    /// Starts at an offset, which begins a line.
    pub(crate) fn new(octets: &'a [u8], at: usize) -> Self {
        Self { octets, at }
    }

    /// The next entry that is not empty, put into `entry`; `false` at the end of the file.
    pub(crate) fn next_into(&mut self, entry: &mut Entry<'a>) -> bool {
        while self.at < self.octets.len() {
            self.read(entry);
            if !entry.tokens.is_empty() || entry.fault.is_some() {
                return true;
            }
        }
        false
    }

    fn peek(&self) -> Option<u8> {
        self.octets.get(self.at).copied()
    }

    fn read(&mut self, entry: &mut Entry<'a>) {
        entry.tokens.clear();
        entry.fault = None;
        entry.indented = self.peek().is_some_and(is_blank);
        let mut opened: Option<Opened> = None;
        while let Some(octet) = self.peek() {
            match octet {
                b'\n' => {
                    self.at += 1;
                    match &mut opened {
                        None => return,
                        Some(opened) => {
                            opened.next_line.get_or_insert((self.at, entry.tokens.len()));
                        }
                    }
                }
                _ if is_blank(octet) => self.at += 1,
                b';' => self.skip_comment(),
                b'(' => {
                    if let Some(opened) = opened.take() {
                        // Groups do not nest: the first one was never closed.
                        return self.resume_behind(&opened, entry);
                    }
                    opened = Some(Opened { at: self.at, next_line: None });
                    self.at += 1;
                }
                b')' => {
                    if opened.take().is_none() {
                        let span = Span::new(self.at, self.at + 1);
                        entry.fault.get_or_insert(Fault::Unbalanced(span));
                    }
                    self.at += 1;
                }
                b'"' => self.quoted(entry),
                _ => self.plain(entry),
            }
        }
        if let Some(opened) = opened {
            self.resume_behind(&opened, entry);
        }
    }

    /// Gives up on an open parenthesis: its line is the entry, and reading goes on behind it.
    fn resume_behind(&mut self, opened: &Opened, entry: &mut Entry<'a>) {
        if let Some((at, tokens)) = opened.next_line {
            self.at = at;
            entry.tokens.truncate(tokens);
        } else if let Some(end) = self.rest().iter().position(|octet| *octet == b'\n') {
            self.at += end + 1;
        } else {
            self.at = self.octets.len();
        }
        entry.fault = Some(Fault::Unbalanced(Span::new(opened.at, opened.at + 1)));
    }

    fn rest(&self) -> &'a [u8] {
        self.octets.get(self.at..).unwrap_or_default()
    }

    fn skip_comment(&mut self) {
        let rest = self.rest();
        self.at += rest.iter().position(|octet| *octet == b'\n').unwrap_or(rest.len());
    }

    fn quoted(&mut self, entry: &mut Entry<'a>) {
        let open = self.at;
        let body = self.octets.get(open + 1..).unwrap_or_default();
        let mut escaped = false;
        for (length, &octet) in body.iter().enumerate() {
            match octet {
                b'\n' => {
                    // Left for the line to end at.
                    self.at = open + 1 + length;
                    entry.fault.get_or_insert(Fault::UnclosedQuote(Span::new(open, open + 1)));
                    return;
                }
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => {
                    self.at = open + length + 2;
                    return self.push(entry, Span::new(open + 1, open + 1 + length), true);
                }
                _ => {}
            }
        }
        self.at = self.octets.len();
        entry.fault.get_or_insert(Fault::UnclosedQuote(Span::new(open, open + 1)));
    }

    fn plain(&mut self, entry: &mut Entry<'a>) {
        let start = self.at;
        let mut escaped = false;
        for &octet in self.rest() {
            if octet == b'\n' || (!escaped && ends_token(octet)) {
                break;
            }
            escaped = !escaped && octet == b'\\';
            self.at += 1;
        }
        self.push(entry, Span::new(start, self.at), false);
    }

    fn push(&self, entry: &mut Entry<'a>, span: Span, quoted: bool) {
        // What follows a fault on the same line is not what it seems.
        if entry.fault.is_none() {
            let field = Field { raw: span.of(self.octets), quoted };
            entry.tokens.push(Token { field, span, cut: !quoted && self.peek() == Some(b';') });
        }
    }
}

#[derive(Debug)]
struct Opened {
    at: usize,
    /// Where the line after the parenthesis starts, and how many tokens stand before it.
    next_line: Option<(usize, usize)>,
}

/// The token that starts at an offset. It reads that token only: the entry that it belongs to may
/// be as long as the file, and many findings may be about one owner.
pub(crate) fn token_at(octets: &[u8], at: usize) -> Span {
    let mut lexer = Lexer::new(octets, at);
    let mut entry = Entry::default();
    lexer.plain(&mut entry);
    Span::new(at, lexer.at)
}

fn is_blank(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t' | b'\r' | b'\x0b' | b'\x0c')
}

fn ends_token(octet: u8) -> bool {
    is_blank(octet) || matches!(octet, b';' | b'(' | b')' | b'"')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, Option<Fault>)> {
        let mut lexer = Lexer::new(text.as_bytes(), 0);
        let mut entry = Entry::default();
        let mut entries = Vec::new();
        while lexer.next_into(&mut entry) {
            let mut tokens: Vec<_> =
                entry.tokens.iter().map(|token| crate::text::lossy(token.field.raw)).collect();
            if entry.indented {
                tokens.insert(0, String::new());
            }
            entries.push((tokens.join("|"), entry.fault));
        }
        entries
    }

    #[test]
    fn comments_and_parentheses_are_taken_off() {
        let text = "a IN SOA ( b ; one (\r\n c\n ) d ; two\n\n  ; nothing\n\te \"f ; (\" \\; g\n";
        assert_eq!(read(text), [("a|IN|SOA|b|c|d".to_owned(), None), ("|e|f ; (|\\;|g".to_owned(), None)]);
    }

    #[test]
    fn an_open_parenthesis_costs_its_own_line_only() {
        let fault = |at| Some(Fault::Unbalanced(Span::new(at, at + 1)));
        assert_eq!(
            read("a ( b\nc d ( e\nf )\ng"),
            [("a|b".to_owned(), fault(2)), ("c|d|e|f".to_owned(), None), ("g".to_owned(), None)]
        );
        assert_eq!(read("a ( b\nc"), [("a|b".to_owned(), fault(2)), ("c".to_owned(), None)]);
        assert_eq!(read("a ) b\nc"), [("a".to_owned(), fault(2)), ("c".to_owned(), None)]);
        assert_eq!(read("a ( ( b\nc"), [("a".to_owned(), fault(2)), ("c".to_owned(), None)]);
    }

    #[test]
    fn an_open_quote_ends_with_its_line() {
        let fault = |at| Some(Fault::UnclosedQuote(Span::new(at, at + 1)));
        assert_eq!(read("a \"b\nc"), [("a".to_owned(), fault(2)), ("c".to_owned(), None)]);
        assert_eq!(read("a ( \"b\n x )\nc"), [("a".to_owned(), fault(4)), ("c".to_owned(), None)]);
        assert_eq!(read("a \"b\\\"\\\nc\""), [("a".to_owned(), fault(2)), ("c".to_owned(), fault(9))]);
        assert_eq!(read("a \""), [("a".to_owned(), fault(2))]);
    }

    #[test]
    fn a_token_is_read_by_itself() {
        assert_eq!(token_at(b"x a\\ b(c", 2), Span::new(2, 6));
        assert_eq!(token_at(b"x", 9), Span::new(9, 9));
    }

    #[test]
    fn many_open_parentheses_are_read_in_linear_time() {
        let text = "(x\n".repeat(100_000);
        assert_eq!(read(&text).len(), 100_000);
    }
}
