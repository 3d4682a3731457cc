//! Reads the entries of a zone file (RFC 1035, 5; RFC 2308, 4; RFC 3597, 5).

use super::mnemonics::{self, Mnemonic};
use super::presentation::{self, PresentationError};
use super::quoting::{self, Field};
use super::records::{Record, RecordType};
use super::rules::{
    INCOMPLETE_LINE, INVALID_DATA, INVALID_NAME, INVALID_TTL, MISSING_DOT, NO_ORIGIN, NO_OWNER,
    REFUSED_DIRECTIVE, REPEATED_SOA, TOO_LARGE, TOO_MANY_RECORDS, UNBALANCED_PARENTHESIS, UNCLOSED_QUOTE,
    UNKNOWN_DIRECTIVE, UNKNOWN_TYPE, UNQUOTED_TEXT, UNUSED_CLASS,
};
use super::tree::{Key, Tree};
use super::ttl;
use super::zone::{Entry as ZoneEntry, Node, Zone};
use super::zone_findings::Findings;
use super::zone_finish;
use super::zone_lexer::{Entry, Fault, Lexer, Token};
use crate::diagnostics::{Parsed, Span};
use crate::limits::Limits;
use crate::name::DomainName;

/// A zone file being read.
pub(super) struct Reader<'a> {
    pub(super) octets: &'a [u8],
    limits: &'a Limits,
    origin: Origin,
    owner: Owner,
    /// Value of `$TTL`, which records without one take (RFC 2308, 4).
    default_ttl: Option<u32>,
    /// The last one stated, which they take without a `$TTL` (RFC 1035, 5.1).
    last_ttl: Option<u32>,
    pub(super) nodes: Tree<Node>,
    pub(super) records: usize,
    pub(super) partial: bool,
    /// Owner and data of the first SOA record.
    pub(super) soa: Option<(DomainName, Record)>,
    /// What may name the zone if there is no SOA record: what the caller says, and the first `$ORIGIN`.
    pub(super) origins: (Option<DomainName>, Option<DomainName>),
    pub(super) found: Findings,
}

/// What completes relative names.
#[derive(Clone, Debug)]
enum Origin {
    None,
    /// An `$ORIGIN` that could not be read: what it would complete is skipped, and reported once.
    Broken,
    Name(DomainName),
}

/// Whose records the next entry holds if it names no owner.
#[derive(Clone, Debug)]
enum Owner {
    None,
    /// A name that could not be read, and was reported.
    Broken,
    Name(DomainName, Key),
}

/// Why a name cannot be completed.
enum NameFault {
    /// It was reported already.
    Known,
    Error(PresentationError),
}

impl<'a> Reader<'a> {
    pub(super) fn new(octets: &'a [u8], origin: Option<&DomainName>, limits: &'a Limits) -> Self {
        Self {
            octets,
            limits,
            origin: origin.map_or(Origin::None, |name| Origin::Name(name.clone())),
            owner: Owner::None,
            default_ttl: None,
            last_ttl: None,
            nodes: Tree::default(),
            records: 0,
            partial: false,
            soa: None,
            origins: (origin.cloned(), None),
            found: Findings::new(limits.findings),
        }
    }

    pub(super) fn read(mut self) -> Parsed<Zone> {
        if self.octets.len() > self.limits.zone_octets {
            let limit = self.limits.zone_octets;
            self.found.push(TOO_LARGE.at(Span::empty(0)).arg("limit", limit));
            return Parsed { value: None, diagnostics: self.found.finish(self.octets) };
        }
        // A byte order mark would become part of the first name.
        let start = if self.octets.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let mut lexer = Lexer::new(self.octets, start);
        let mut entry = Entry::default();
        while lexer.next_into(&mut entry) {
            self.entry(&entry);
            if self.records > self.limits.zone_records {
                // A part of a zone would answer that names do not exist which the rest holds.
                let at = entry.tokens.first().map_or(0, |token| token.span.start);
                let limit = self.limits.zone_records;
                self.found.push(TOO_MANY_RECORDS.at(Span::empty(at)).arg("limit", limit));
                return Parsed { value: None, diagnostics: self.found.finish(self.octets) };
            }
        }
        zone_finish::finish(self)
    }

    fn entry(&mut self, entry: &Entry<'a>) {
        match entry.fault {
            Some(Fault::UnclosedQuote(span)) => self.found.push(UNCLOSED_QUOTE.at(span)),
            Some(Fault::Unbalanced(span)) => self.found.push(UNBALANCED_PARENTHESIS.at(span)),
            None => {}
        }
        let broken = entry.fault.is_some();
        let mut tokens = entry.tokens.as_slice();
        if !entry.indented
            && let Some((first, rest)) = tokens.split_first()
        {
            if !first.field.quoted && first.field.raw.starts_with(b"$") {
                return self.directive(first, rest, broken);
            }
            self.take_owner(first);
            tokens = rest;
        }
        if matches!(self.owner, Owner::None) {
            if !broken && let Some(first) = tokens.first() {
                self.found.push(NO_OWNER.at(Span::empty(first.span.start)));
            }
            return;
        }
        self.record(entry, tokens, broken);
    }

    fn directive(&mut self, name: &Token<'_>, rest: &[Token<'_>], broken: bool) {
        let text = quoting::shown(name.field.raw).to_ascii_uppercase();
        match text.as_str() {
            "$ORIGIN" => {
                let origin = rest.first().map(|token| (token, self.complete(token.field.raw)));
                self.origin = match origin {
                    _ if broken => Origin::Broken,
                    None => {
                        self.incomplete(name, "data");
                        Origin::Broken
                    }
                    Some((_, Ok(origin))) => {
                        self.origins.1.get_or_insert_with(|| origin.clone());
                        Origin::Name(origin)
                    }
                    Some((token, Err(fault))) => {
                        self.report_name(token, fault);
                        Origin::Broken
                    }
                };
                // Names below an origin that is not known may be any.
                self.partial |= matches!(self.origin, Origin::Broken);
            }
            "$TTL" => match rest.first() {
                _ if broken => {}
                None => self.incomplete(name, "data"),
                Some(token) => match ttl::read(token.field.raw) {
                    Some(seconds) => self.default_ttl = Some(seconds),
                    None => self
                        .found
                        .push(INVALID_TTL.at(token.span).arg("value", quoting::shown(token.field.raw))),
                },
            },
            "$INCLUDE" | "$GENERATE" => {
                self.found.push(REFUSED_DIRECTIVE.at(name.span).arg("directive", text));
                self.partial = true;
                return;
            }
            _ => {
                self.found.push(UNKNOWN_DIRECTIVE.at(name.span).arg("directive", text));
                self.partial = true;
                return;
            }
        }
        if !broken && let Some(extra) = rest.get(1) {
            let fault = PresentationError::Extra { text: quoting::shown(extra.field.raw) };
            self.invalid_data(extra.span, &text, extra.field.raw, &fault);
        }
    }

    fn take_owner(&mut self, token: &Token<'_>) {
        self.owner = match self.complete(token.field.raw) {
            Ok(name) => {
                self.check_dot(token, &name);
                let key = Key::of(&name);
                Owner::Name(name, key)
            }
            Err(fault) => {
                self.report_name(token, fault);
                Owner::Broken
            }
        };
    }

    fn record(&mut self, entry: &Entry<'a>, tokens: &[Token<'a>], broken: bool) {
        let header = self.header(entry, tokens, broken);
        if header.other_class || !matches!(self.owner, Owner::Name(..)) {
            return;
        }
        self.records += 1;
        let at = entry.tokens.first().map_or(0, |token| token.span.start);
        let stated = header.ttl.or(self.default_ttl).or(self.last_ttl);
        self.last_ttl = header.ttl.or(self.last_ttl);
        let (record_type, is_dname) = match header.mnemonic {
            Some(Mnemonic::Known(record_type)) => (Some(record_type), false),
            // Its data is that of a CNAME record.
            Some(Mnemonic::Dname) => (Some(RecordType::Cname), true),
            Some(Mnemonic::Other | Mnemonic::BesideAlias) | None => (None, false),
        };
        let record = match record_type {
            Some(record_type) if !broken => self.data(entry, record_type, is_dname, header.data),
            _ => None,
        };
        if let Some(record @ Record::Soa { .. }) = &record
            && !self.is_first_soa(record, at)
        {
            return;
        }
        let Owner::Name(_, key) = &self.owner else { return };
        let node = self.nodes.entry(key);
        if !node.seen {
            node.seen = true;
            node.at = at;
        }
        match (record, record_type) {
            (Some(record), _) if is_dname => {
                let extras = node.extras();
                extras.other = true;
                extras.dname = Some(ZoneEntry { ttl: stated, record });
            }
            (Some(record), _) => node.push(ZoneEntry { ttl: stated, record }),
            (None, Some(record_type)) if !is_dname => node.extras().broken.push(record_type),
            (None, _) => match header.mnemonic {
                Some(Mnemonic::Other) => node.extras().other = true,
                Some(Mnemonic::BesideAlias) => {}
                _ => node.extras().broken_any = true,
            },
        }
    }

    /// Whether this SOA record belongs into the zone: a file holds one. The copy at the end of a
    /// zone transfer is left out without a word.
    fn is_first_soa(&mut self, record: &Record, at: usize) -> bool {
        let Owner::Name(owner, _) = &self.owner else { return false };
        match &self.soa {
            None => {
                self.soa = Some((owner.clone(), record.clone()));
                true
            }
            Some((apex, first)) => {
                if apex != owner || first != record {
                    let found = REPEATED_SOA.at(Span::empty(at));
                    let apex = apex.to_string();
                    self.found.push(found.arg("name", owner.to_string()).arg("apex", apex));
                }
                false
            }
        }
    }

    /// `[TTL] [class] type` or `[class] [TTL] type` (RFC 1035, 5.1).
    fn header<'t>(&mut self, entry: &Entry<'a>, mut tokens: &'t [Token<'a>], broken: bool) -> Header<'t, 'a> {
        let mut header = Header { ttl: None, other_class: false, mnemonic: None, data: &[] };
        let mut class_seen = false;
        let mut ttl_seen = false;
        while let Some((token, rest)) = tokens.split_first() {
            tokens = rest;
            let text = std::str::from_utf8(token.field.raw).unwrap_or_default();
            if !ttl_seen && text.starts_with(|first: char| first.is_ascii_digit()) {
                ttl_seen = true;
                header.ttl = ttl::read(token.field.raw);
                if header.ttl.is_none() {
                    self.found.push(INVALID_TTL.at(token.span).arg("value", quoting::shown(token.field.raw)));
                }
                continue;
            }
            if !class_seen && let Some(is_internet) = class(text) {
                class_seen = true;
                header.other_class = !is_internet;
                if header.other_class {
                    self.found.push(UNUSED_CLASS.at(token.span).arg("class", text.to_ascii_uppercase()));
                }
                continue;
            }
            header.mnemonic = mnemonics::read(text);
            if header.mnemonic.is_none() && !header.other_class && !matches!(self.owner, Owner::Broken) {
                self.found.push(UNKNOWN_TYPE.at(token.span).arg("value", quoting::shown(token.field.raw)));
            }
            header.data = rest;
            return header;
        }
        if !broken
            && !header.other_class
            && let Some(last) = entry.tokens.last()
        {
            self.incomplete(last, "type");
        }
        header
    }

    fn data(
        &mut self,
        entry: &Entry<'_>,
        record_type: RecordType,
        is_dname: bool,
        tokens: &[Token<'_>],
    ) -> Option<Record> {
        let Some((first, last)) = tokens.first().zip(tokens.last()) else {
            let last = entry.tokens.last()?;
            self.incomplete(last, "data");
            return None;
        };
        let fields: Vec<Field<'_>> = tokens.iter().map(|token| token.field).collect();
        let shown = if is_dname { "DNAME" } else { record_type.as_str() };
        let known = std::cell::Cell::new(false);
        let complete = |raw: &[u8]| {
            self.complete(raw).map_err(|fault| match fault {
                NameFault::Error(error) => error,
                NameFault::Known => {
                    known.set(true);
                    PresentationError::NoOrigin { text: String::new() }
                }
            })
        };
        match presentation::read_data(record_type, &fields, &complete) {
            Ok(record) => {
                self.check_data(record_type, tokens);
                Some(record)
            }
            Err(_) if known.get() => None,
            Err(error) => {
                let span = Span::new(first.span.start, last.span.end);
                self.invalid_data(span, shown, span.of(self.octets), &error);
                None
            }
        }
    }

    /// What is odd about data that can be read.
    fn check_data(&mut self, record_type: RecordType, tokens: &[Token<'_>]) {
        let names = match record_type {
            RecordType::Cname | RecordType::Ns | RecordType::Ptr => 0..1,
            RecordType::Mx => 1..2,
            RecordType::Soa => 0..2,
            RecordType::Txt => {
                if let Some(cut) = tokens.last().filter(|token| token.cut) {
                    self.found.push(UNQUOTED_TEXT.at(cut.span).arg("value", quoting::shown(cut.field.raw)));
                }
                return;
            }
            RecordType::A | RecordType::Aaaa | RecordType::Tlsa => return,
        };
        for token in tokens.get(names).unwrap_or_default() {
            if let Ok(name) = self.complete(token.field.raw) {
                self.check_dot(token, &name);
            }
        }
    }

    /// A relative name that ends like the origin was probably meant to be absolute.
    fn check_dot(&mut self, token: &Token<'_>, name: &DomainName) {
        let Origin::Name(origin) = &self.origin else { return };
        // Below a top-level domain `test` in `test.` may well be meant.
        if token.field.raw.ends_with(b".") || origin.label_count() < 2 || !name.is_below(origin) {
            return;
        }
        let origin = origin.as_str();
        let front = name.as_str().strip_suffix(origin).and_then(|front| front.strip_suffix('.'));
        let twice = front.and_then(|front| front.strip_suffix(origin));
        if twice.is_some_and(|front| front.is_empty() || front.ends_with('.')) {
            let value = quoting::shown(token.field.raw);
            let found = MISSING_DOT.at(token.span).arg("value", value).arg("became", name.to_string());
            self.found.push(found.fix(Span::empty(token.span.end), "."));
        }
    }

    /// A name, completed with the origin if it is relative.
    fn complete(&self, raw: &[u8]) -> Result<DomainName, NameFault> {
        let relative = raw == b"@" || !raw.ends_with(b".");
        let origin = match (&self.origin, relative) {
            (_, false) => {
                return quoting::absolute_name(raw).map_err(NameFault::Error);
            }
            (Origin::Broken, true) => return Err(NameFault::Known),
            (Origin::None, true) => {
                let text = quoting::shown(raw);
                return Err(NameFault::Error(PresentationError::NoOrigin { text }));
            }
            (Origin::Name(origin), true) => origin,
        };
        if raw == b"@" {
            return Ok(origin.clone());
        }
        let front = quoting::name_text(raw).map_err(NameFault::Error)?;
        origin.prepend(&front).map_err(|error| NameFault::Error(error.into()))
    }

    fn report_name(&mut self, token: &Token<'_>, fault: NameFault) {
        match fault {
            NameFault::Known => {}
            NameFault::Error(PresentationError::NoOrigin { .. }) => {
                self.found.push(NO_ORIGIN.at(token.span).arg("value", quoting::shown(token.field.raw)));
            }
            NameFault::Error(error) => {
                let found = INVALID_NAME.at(token.span).arg("value", quoting::shown(token.field.raw));
                self.found.push(found.arg("reason", error.to_string()));
            }
        }
    }

    fn invalid_data(&mut self, span: Span, record_type: &str, value: &[u8], error: &PresentationError) {
        let found = INVALID_DATA.at(span).arg("record_type", record_type);
        let found = found.arg("value", quoting::shown(value)).arg("reason", error.to_string());
        self.found.push(found.arg("expected", presentation::example(record_type)));
    }

    fn incomplete(&mut self, last: &Token<'_>, missing: &'static str) {
        self.found.push(INCOMPLETE_LINE.at(Span::empty(last.span.end)).arg("missing", missing));
    }
}

/// What stands before the data of a record.
struct Header<'t, 'a> {
    ttl: Option<u32>,
    other_class: bool,
    mnemonic: Option<Mnemonic>,
    data: &'t [Token<'a>],
}

/// Whether a class is the one of the Internet; `None` if the text is no class.
fn class(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("IN") {
        return Some(true);
    }
    if ["CH", "CS", "HS"].iter().any(|other| text.eq_ignore_ascii_case(other)) {
        return Some(false);
    }
    let digits = text.get(..5).filter(|front| front.eq_ignore_ascii_case("CLASS")).and(text.get(5..))?;
    quoting::number::<u16>(digits.as_bytes()).map(|code| code == 1)
}
