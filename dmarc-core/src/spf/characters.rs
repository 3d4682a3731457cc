//! Characters that a word processor, a web page or a zone file put into a record.
//!
//! Reads the text as given and produces the [`Draft`] that was meant, character by character: the
//! findings here are about single characters and quotation marks, never about terms.

use super::draft::Draft;
use super::pasted;
use super::rules::{
    CONTROL_CHARACTER, HTML_ENTITY, INVISIBLE_CHARACTER, LEADING_BLANK, QUOTED_RECORD, TYPOGRAPHIC_CHARACTER,
    WRONG_BLANK,
};
use crate::diagnostics::{Diagnostic, Edit, Span};
use crate::syntax::repair::{self, Slip};

/// One character of the text, or one octet that is no character.
struct Item<'a> {
    span: Span,
    kind: Kind<'a>,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Kind<'a> {
    /// Stands for itself.
    Keep,
    Space,
    /// A blank that is no SP.
    Blank,
    Invisible,
    Control,
    Quote(char),
    /// Another character was meant.
    Meant(&'static str),
    /// A character reference, with its meaning.
    Entity(&'a str),
}

/// The text with its characters mended, and what was wrong with them.
pub(super) fn mend(octets: &[u8], diagnostics: &mut Vec<Diagnostic>) -> Draft {
    let removed = pasted::line(octets).map(|found| {
        let edits = found.fix.as_ref().map(|fix| fix.edits.clone()).unwrap_or_default();
        diagnostics.push(found);
        edits
    });
    let entities = repair::entities(octets, Span::new(0, octets.len()));
    let items = items(octets, removed.as_deref().unwrap_or_default(), &entities);
    let pair = surrounding_pair(octets, &items, diagnostics);
    Mender { octets, items: &items, pair: &pair, draft: Draft::default(), diagnostics }.run()
}

struct Mender<'a> {
    octets: &'a [u8],
    items: &'a [Item<'a>],
    /// Spans that are dealt with already.
    pair: &'a [Edit],
    draft: Draft,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Mender<'_> {
    fn run(mut self) -> Draft {
        let mut at = 0;
        while let Some(item) = self.items.get(at) {
            let covered = self
                .pair
                .iter()
                .find(|edit| edit.span.start <= item.span.start && item.span.end <= edit.span.end);
            at += if covered.is_some() { 1 } else { self.step(at, item) };
        }
        self.draft
    }

    /// Deals with the item at an index and those that belong to it; returns how many that are.
    fn step(&mut self, at: usize, item: &Item<'_>) -> usize {
        match item.kind {
            Kind::Keep => self.draft.push(item.span.of(self.octets), item.span),
            Kind::Space | Kind::Blank => return self.blanks(at),
            Kind::Invisible => return self.invisible(at),
            Kind::Control => {
                let found =
                    CONTROL_CHARACTER.at(item.span).arg("found", code_point(item.span.of(self.octets)));
                self.diagnostics.push(found);
            }
            Kind::Quote(character) if self.is_stray(at, character) => self.quote(item.span),
            Kind::Quote(_) => self.draft.push(item.span.of(self.octets), item.span),
            Kind::Meant(meant) => {
                let found =
                    TYPOGRAPHIC_CHARACTER.at(item.span).arg("found", shown(item.span.of(self.octets)));
                self.diagnostics.push(found.arg("meant", meant).fix(item.span, meant));
                self.draft.push(meant.as_bytes(), item.span);
            }
            Kind::Entity(meant) => {
                let meant = if self.draft.is_empty() { meant.trim_start() } else { meant };
                let found = HTML_ENTITY.at(item.span).arg("entity", item.span.of(self.octets));
                self.diagnostics.push(found.fix(item.span, meant));
                self.draft.push(meant.as_bytes(), item.span);
            }
        }
        1
    }

    /// A run of blanks: fine where all are SP, one finding otherwise.
    fn blanks(&mut self, at: usize) -> usize {
        let rest = self.items.get(at..).unwrap_or_default();
        let run = rest.iter().take_while(|item| matches!(item.kind, Kind::Space | Kind::Blank)).count();
        let (Some(first), Some(last)) = (rest.first(), rest.get(run - 1)) else { return 1 };
        let span = Span::new(first.span.start, last.span.end);
        let wrong = rest.iter().take(run).find(|item| item.kind == Kind::Blank);
        if self.draft.is_empty() {
            if self.items.len() > run {
                self.diagnostics.push(LEADING_BLANK.at(span).fix(span, ""));
            }
        } else if let Some(wrong) = wrong {
            let meant = if rest.len() == run { "" } else { " " };
            let found = WRONG_BLANK.at(span).arg("found", code_point(wrong.span.of(self.octets)));
            self.diagnostics.push(found.fix(span, meant));
            self.draft.push(meant.as_bytes(), span);
        } else {
            self.draft.push(span.of(self.octets), span);
        }
        run
    }

    fn invisible(&mut self, at: usize) -> usize {
        let rest = self.items.get(at..).unwrap_or_default();
        let run = rest.iter().take_while(|item| item.kind == Kind::Invisible).count();
        let (Some(first), Some(last)) = (rest.first(), rest.get(run - 1)) else { return 1 };
        let span = Span::new(first.span.start, last.span.end);
        let found = INVISIBLE_CHARACTER.at(span).arg("found", code_point(first.span.of(self.octets)));
        self.diagnostics.push(found.fix(span, ""));
        run
    }

    /// Whether a quotation mark is a slip. A straight one may stand in a macro string, so that it
    /// is only taken for a slip where a term or a value begins or ends.
    fn is_stray(&self, at: usize, character: char) -> bool {
        let octet = |index: Option<usize>| {
            index.and_then(|index| self.items.get(index)).map(|item| (item.kind, item.span.of(self.octets)))
        };
        let edge = |neighbor: Option<(Kind<'_>, &[u8])>| {
            neighbor.is_none_or(|(kind, text)| kind != Kind::Keep || matches!(text, b":" | b"=" | b"\\"))
        };
        !character.is_ascii() || edge(octet(at.checked_sub(1))) || edge(octet(Some(at + 1)))
    }

    fn quote(&mut self, span: Span) {
        // In a zone file a quotation mark inside a string is written `\"`.
        let escaped = self.draft.text().last() == Some(&b'\\');
        let start =
            if escaped { self.draft.pop().map_or(span.start, |place| place.start) } else { span.start };
        let span = Span::new(start, span.end);
        self.diagnostics.push(QUOTED_RECORD.at(span).fix(span, ""));
    }
}

/// Cuts the text into items, leaving out what a pasted line brought along.
fn items<'a>(octets: &[u8], removed: &[Edit], entities: &'a [Edit]) -> Vec<Item<'a>> {
    let mut items = Vec::with_capacity(octets.len());
    let mut entities = entities.iter().peekable();
    let mut removed = removed.iter().peekable();
    let mut skip_to = 0;
    let mut add = |span: Span, kind: Kind<'a>| {
        while removed.next_if(|edit| edit.span.end <= span.start).is_some() {}
        if removed.peek().is_some_and(|edit| edit.span.start <= span.start) || span.start < skip_to {
            return;
        }
        while entities.next_if(|edit| edit.span.start < span.start).is_some() {}
        if let Some(entity) = entities.next_if(|edit| edit.span.start == span.start) {
            skip_to = entity.span.end;
            items.push(Item { span: entity.span, kind: Kind::Entity(&entity.replacement) });
        } else {
            items.push(Item { span, kind });
        }
    };
    let mut at = 0;
    for chunk in octets.utf8_chunks() {
        for character in chunk.valid().chars() {
            let span = Span::new(at, at + character.len_utf8());
            add(span, kind(character));
            at = span.end;
        }
        for octet in chunk.invalid() {
            add(Span::new(at, at + 1), octet_kind(*octet));
            at += 1;
        }
    }
    items
}

fn kind(character: char) -> Kind<'static> {
    match character {
        ' ' => Kind::Space,
        '\t'..='\r' => Kind::Blank,
        '"' | '\'' | '`' | '\u{b4}' => Kind::Quote(character),
        '\u{2dc}' | '\u{223c}' | '\u{ff5e}' | '\u{2053}' => Kind::Meant("~"),
        '\u{ff0b}' => Kind::Meant("+"),
        '\u{ff1f}' => Kind::Meant("?"),
        '\u{ff05}' => Kind::Meant("%"),
        '\u{ff0f}' | '\u{2044}' | '\u{2215}' => Kind::Meant("/"),
        _ if character.is_control() => Kind::Control,
        _ => match repair::slip(character) {
            Some((Slip::Invisible, _)) => Kind::Invisible,
            Some((Slip::Blank, _)) => Kind::Blank,
            Some((Slip::Quote, _)) => Kind::Quote(character),
            Some((Slip::Dash | Slip::LookAlike, meant)) => Kind::Meant(meant),
            None => Kind::Keep,
        },
    }
}

/// What an octet that is not UTF-8 is in Windows-1252, where dashes and quotes come from.
fn octet_kind(octet: u8) -> Kind<'static> {
    match octet {
        0x91..=0x94 => Kind::Quote('\u{201d}'),
        0x96 | 0x97 => Kind::Meant("-"),
        0x98 => Kind::Meant("~"),
        0xa0 => Kind::Blank,
        _ => Kind::Keep,
    }
}

/// A pair of quotation marks around the whole text: one finding, which takes both away.
fn surrounding_pair(octets: &[u8], items: &[Item<'_>], diagnostics: &mut Vec<Diagnostic>) -> Vec<Edit> {
    let mut visible = items.iter().filter(|item| !matches!(item.kind, Kind::Space | Kind::Blank));
    let (Some(first), Some(last)) = (visible.next(), visible.next_back()) else { return Vec::new() };
    let Kind::Quote(open) = first.kind else { return Vec::new() };
    let edits = match last.kind {
        _ if open == '"' => match pasted::strings(octets, first.span, pasted::Behind::Keep) {
            Some(edits) => edits,
            None => return Vec::new(),
        },
        Kind::Quote(close) if closes(open, close) => {
            [first.span, last.span].map(|span| Edit { span, replacement: String::new() }).to_vec()
        }
        _ => return Vec::new(),
    };
    diagnostics.push(QUOTED_RECORD.at(first.span).fix_edits(edits.clone()));
    edits
}

/// Whether one quotation mark closes what the other opened.
fn closes(open: char, close: char) -> bool {
    match open {
        '`' => matches!(close, '`' | '\'' | '\u{b4}'),
        '\u{201c}' | '\u{201e}' | '\u{201d}' => matches!(close, '\u{201c}' | '\u{201d}'),
        '\u{2018}' | '\u{201a}' | '\u{2019}' => matches!(close, '\u{2018}' | '\u{2019}'),
        '\u{ab}' => close == '\u{bb}',
        '\u{bb}' => close == '\u{ab}',
        '\u{2039}' => close == '\u{203a}',
        _ => open == close,
    }
}

/// A character that does not show, by its number.
fn code_point(octets: &[u8]) -> String {
    match std::str::from_utf8(octets).ok().and_then(|text| text.chars().next()) {
        Some(character) => format!("U+{:04X}", u32::from(character)),
        None => shown(octets),
    }
}

/// A character, or the octet in hexadecimal if it is none.
fn shown(octets: &[u8]) -> String {
    match std::str::from_utf8(octets) {
        Ok(text) => text.to_owned(),
        Err(_) => octets.iter().map(|octet| format!("0x{octet:02X}")).collect(),
    }
}
