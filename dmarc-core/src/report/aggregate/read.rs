//! The reader: decoded bytes in, one record at a time out.

use std::collections::VecDeque;
use std::io::Read;

use quick_xml::errors::{Error as XmlError, SyntaxError};
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::PrefixDeclaration;

use super::build::{Build, Start, Whereabouts};
use super::conformance::Conformance;
use super::extension::value;
use super::findings::Findings;
use super::log::quote;
use super::model::{Head, Record};
use super::node::Node;
use super::organizations::Organizations;
use super::rules;
use crate::diagnostics::{Diagnostic, Rule};
use crate::limits::Limits;
use crate::report::Interruption;
use crate::report::accounting::Scan;
use crate::report::source::{At, Declared, Source, TokenTooLong};

/// Octets that markup may add to the longest text within one token.
const MARKUP: usize = 4 << 10;

/// Octets of a text that is no XML, of which a finding quotes the start.
const QUOTED: usize = 1 << 10;

/// What the reader comes across, in document order.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Item {
    /// One whole record.
    Record(Record),
    /// The end of a report, after its records.
    Report(Box<Summary>),
    /// The input is no report, for this reason.
    Refused(Diagnostic),
}

/// A report without its records.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Summary {
    /// Metadata and policy.
    pub head: Head,
    /// Whether the report was read to its end.
    pub complete: bool,
    /// Records that were read whole.
    pub records: u64,
    /// What was found.
    pub findings: Findings,
    /// What it breaks of its schema.
    broken: Vec<(&'static Rule, &'static str)>,
}

impl Summary {
    /// Whether the report is as the schema of its edition has it.
    #[must_use]
    pub fn conformance(&self) -> Conformance {
        Conformance::new(self.head.schema, self.complete, &self.broken, &self.findings)
    }
}

impl<R: Read> Whereabouts for Source<R> {
    fn event(&self) -> At {
        self.event_at()
    }

    fn element(&self) -> At {
        self.element_at()
    }
}

/// Reads aggregate reports from decoded bytes; memory does not grow with the report.
///
/// An input may hold several reports, one after the other. What follows a break is not guessed:
/// whole records before it are given, the open one never is.
///
/// ```
/// use dmarc_core::limits::Limits;
/// use dmarc_core::report::aggregate::{Item, Reader};
///
/// let xml = b"<feedback><record><row><count>3</count></row></record></feedback>";
/// let records = Reader::new(&xml[..], &Limits::default())
///     .filter(|item| matches!(item, Item::Record(record) if record.messages() == Some(3)));
/// assert_eq!(records.count(), 1);
/// ```
pub struct Reader<R> {
    pub(super) xml: quick_xml::Reader<Source<R>>,
    buffer: Vec<u8>,
    pub(super) limits: Limits,
    pub(super) build: Build,
    /// A report that ended; what follows it may still be found to be junk.
    ended: Option<Box<Summary>>,
    pub(super) ready: VecDeque<Item>,
    /// Text before the first root.
    leading: String,
    /// Whether the last event of quick-xml left it between two tokens.
    between: bool,
    /// Elements that quick-xml saw begin and not end.
    pub(super) seen_open: u64,
    /// Depth of an element outside of any report.
    foreign: u64,
    started: bool,
    pub(super) done: bool,
}

impl<R: Read> Reader<R> {
    /// A reader of decoded bytes: an unpacked XML document in any encoding.
    pub fn new(input: R, limits: &Limits) -> Self {
        Self::with_scan(input, limits, None)
    }

    /// The same reader with what is known of organizational domains, for the alignment that it works out.
    #[must_use]
    pub fn with_organizations(mut self, organizations: Organizations) -> Self {
        self.build.organizations = organizations;
        self
    }

    /// A reader that also counts records and messages by a separate scan.
    #[cfg(feature = "container")]
    pub(crate) fn counting(input: R, limits: &Limits) -> Self {
        Self::with_scan(input, limits, Some(Scan::new()))
    }

    fn with_scan(input: R, limits: &Limits, scan: Option<Scan>) -> Self {
        let token = limits.text_octets.saturating_add(MARKUP);
        let mut xml = quick_xml::Reader::from_reader(Source::new(input, token, scan));
        let config = xml.config_mut();
        // Tags are matched by local name here; a bare ampersand is text.
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        Self {
            xml,
            buffer: Vec::new(),
            limits: limits.clone(),
            build: Build::new(limits, Organizations::default()),
            ended: None,
            ready: VecDeque::new(),
            leading: String::new(),
            between: false,
            seen_open: 0,
            foreign: 0,
            started: false,
            done: false,
        }
    }

    /// What is known so far of the report that is being read; real reports put it before their
    /// records.
    #[must_use]
    pub const fn head(&self) -> &Head {
        &self.build.head
    }

    /// Reads what is left for the scan alone, and gives what it counted over the whole input.
    ///
    /// An input that cannot be read further is counted as far as it goes, and the reason is given.
    #[cfg(feature = "container")]
    pub(crate) fn into_tally(mut self) -> (crate::report::Tally, Option<Diagnostic>) {
        let cut = self.xml.get_mut().drain();
        (self.xml.into_inner().into_scan().map(|scan| scan.tally()).unwrap_or_default(), cut)
    }

    fn step(&mut self) {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        self.xml.get_mut().mark_event();
        match self.xml.read_event_into(&mut buffer) {
            Ok(event) => {
                // It stops before the markup behind a text.
                self.between = !matches!(event, Event::Text(_) | Event::Eof);
                match event {
                    Event::Start(_) => self.seen_open += 1,
                    Event::End(_) => self.seen_open = self.seen_open.saturating_sub(1),
                    _ => {}
                }
                self.take(event);
            }
            Err(error) => {
                if !self.mends(&error, &buffer) {
                    self.fail(&error, &buffer);
                }
            }
        }
        self.buffer = buffer;
    }

    fn take(&mut self, event: Event<'_>) {
        self.note_encoding();
        let inside = !self.build.log.stack.is_empty();
        match event {
            Event::Start(tag) if inside => self.start(&tag, false),
            Event::Empty(tag) if inside => self.start(&tag, true),
            Event::End(tag) if inside => self.end(tag.local_name().as_ref()),
            Event::Text(text) if inside => self.text(text.as_ref(), text.contains('&')),
            Event::CData(text) if inside => self.text(text.as_ref(), false),
            Event::GeneralRef(reference) if inside => self.reference(&reference),
            Event::Start(tag) => self.root(&tag, false),
            Event::Empty(tag) => self.root(&tag, true),
            Event::End(tag) => match self.foreign {
                0 => self.junk(tag.name().as_ref()),
                _ => self.foreign -= 1,
            },
            Event::Text(text) => self.junk(text.as_ref()),
            Event::CData(text) => self.junk(text.as_ref()),
            Event::GeneralRef(reference) => self.junk(reference.as_ref()),
            Event::Decl(_) => {
                if self.xml.get_ref().event_at().offset > 0 && !self.started {
                    self.find(&rules::LATE_DECLARATION, |found| found);
                }
            }
            Event::DocType(text) => self.doctype(text.as_ref()),
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => self.end_of_input(),
        }
    }

    fn find(&mut self, rule: &'static Rule, args: impl FnOnce(Diagnostic) -> Diagnostic) {
        let source = self.xml.get_ref();
        self.build.log.add(rule, || source.event_at(), args);
    }

    fn note_encoding(&mut self) {
        let source = self.xml.get_mut();
        while let Some(at) = source.take_bad() {
            self.build.log.add(&rules::UNDECODABLE, || at, |found| found);
        }
        match source.take_declared() {
            None => {}
            Some(Declared::UnknownLabel(label)) => {
                self.find(&rules::UNKNOWN_ENCODING, |found| found.arg("encoding", quote(&label)));
            }
            Some(Declared::Utf32) => {
                let at = self.xml.get_ref().event_at();
                let found = self.build.log.breaking(&rules::UNSUPPORTED_ENCODING, at);
                self.stop(found.arg("encoding", "UTF-32"));
            }
        }
    }

    fn root(&mut self, tag: &BytesStart<'_>, empty: bool) {
        let local = tag.local_name();
        let local = local.as_ref();
        if self.foreign > 0 || self.done {
            self.foreign += u64::from(!empty && !self.done);
            return;
        }
        if !local.eq_ignore_ascii_case(Node::Feedback.name()) {
            if self.started {
                self.junk(local);
                self.foreign += u64::from(!empty);
                return;
            }
            let at = self.xml.get_ref().event_at();
            let found = if local.eq_ignore_ascii_case("html") {
                self.build.log.breaking(&rules::HTML, at)
            } else if self.leading.trim().is_empty() {
                self.build.log.breaking(&rules::OTHER_ROOT, at).arg("root", quote(local))
            } else {
                self.no_xml(at)
            };
            return self.stop(found);
        }
        self.ready.extend(self.ended.take().map(Item::Report));
        if !self.leading.trim().is_empty() {
            let text = quote(self.leading.trim());
            self.find(&rules::LEADING_JUNK, |found| found.arg("text", text));
        }
        self.leading.clear();
        self.started = true;
        self.build.root(local, namespace(tag));
        for attribute in tag.attributes().with_checks(false).flatten() {
            if let Some(prefix) = bound_prefix(&attribute) {
                self.build.bound(1, prefix, value(&attribute).trim(), self.xml.get_ref());
            }
        }
        if empty {
            self.close();
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, empty: bool) {
        let name = tag.local_name();
        let mut start =
            Start { local: name.as_ref(), namespaced: tag.name().prefix().is_some(), empty, lang: None, tag };
        if !tag.attributes_raw().is_empty() {
            for attribute in tag.attributes().with_checks(false).flatten() {
                if let Some(prefix) = bound_prefix(&attribute) {
                    start.namespaced = true;
                    let depth = self.build.log.stack.len() + 1;
                    self.build.bound(depth, prefix, value(&attribute).trim(), self.xml.get_ref());
                }
                if attribute.key.local_name().as_ref() == "lang" {
                    start.lang = Some(attribute.value.as_ref().to_owned());
                }
            }
        }
        let source = self.xml.get_ref();
        let depth = self.build.log.stack.len();
        match self.build.start(&start, source, &self.limits) {
            Ok(node) => {
                if node.is_text() {
                    self.xml.get_mut().mark_element();
                }
                if empty && self.build.log.stack.len() > depth {
                    self.close();
                }
            }
            Err(found) => self.stop(found),
        }
    }

    fn end(&mut self, local: &str) {
        let source = self.xml.get_ref();
        match self.build.end_tag(local, source) {
            Ok(()) => self.closed(),
            Err(found) => self.stop(found),
        }
    }

    /// Closes the innermost element.
    fn close(&mut self) {
        let source = self.xml.get_ref();
        self.build.end(source);
        self.closed();
    }

    pub(super) fn closed(&mut self) {
        if self.build.log.stack.is_empty() {
            self.ended = Some(self.summary(true));
        }
    }

    fn summary(&mut self, complete: bool) -> Box<Summary> {
        let next = Build::new(&self.limits, self.build.organizations.clone());
        let build = std::mem::replace(&mut self.build, next);
        Box::new(Summary {
            head: build.head,
            complete,
            records: build.whole,
            findings: build.log.findings,
            broken: build.log.broken,
        })
    }

    fn text(&mut self, text: &str, ampersand: bool) {
        if ampersand {
            self.find(&rules::BARE_AMPERSAND, |found| found);
        }
        // XML 1.0, 2.11: whatever ends a line, it is a line feed.
        if memchr::memchr(b'\r', text.as_bytes()).is_some() {
            self.characters(&text.replace("\r\n", "\n").replace('\r', "\n"));
        } else {
            self.characters(text);
        }
    }

    fn characters(&mut self, text: &str) {
        let source = self.xml.get_ref();
        if let Err(found) = self.build.text(text, source, &self.limits) {
            self.stop(found);
        }
    }

    fn reference(&mut self, reference: &BytesRef<'_>) {
        let name = reference.as_ref();
        let mut octets = [0; 4];
        let text = match name {
            "amp" => "&",
            "lt" => "<",
            "gt" => ">",
            "quot" => "\"",
            "apos" => "'",
            _ => match reference.resolve_char_ref() {
                Ok(Some(character)) => character.encode_utf8(&mut octets),
                _ => {
                    self.find(&rules::UNKNOWN_ENTITY, |found| found.arg("entity", quote(name)));
                    let text = format!("&{name};");
                    return self.text(&text, false);
                }
            },
        };
        // A carriage return that is written as a reference is one.
        self.characters(text);
    }

    /// Something outside of any report.
    fn junk(&mut self, text: &str) {
        // Some writers pad with NUL octets.
        if text.trim_matches(|c: char| c.is_whitespace() || c == '\0').is_empty() && !text.contains('\0') {
            return;
        }
        if !self.started {
            if self.leading.len() < 400 {
                self.leading.push_str(&quote(text));
            }
            return;
        }
        let source = self.xml.get_ref();
        let Some(ended) = &mut self.ended else { return };
        let found = self.build.log.breaking(&rules::TRAILING_JUNK, source.event_at());
        ended.findings.add(&rules::TRAILING_JUNK, || found.arg("text", quote(text.trim())));
    }

    fn doctype(&mut self, text: &str) {
        let name = text.trim_start().get(..4).unwrap_or_default();
        let rule =
            if name.eq_ignore_ascii_case("html") && !self.started { &rules::HTML } else { &rules::DOCTYPE };
        let found = self.build.log.breaking(rule, self.xml.get_ref().event_at());
        self.stop(found);
    }

    fn end_of_input(&mut self) {
        if !self.build.log.stack.is_empty() {
            let element = self.build.log.stack.last().map(|open| quote(open.name())).unwrap_or_default();
            let found = self.build.log.breaking(&rules::TRUNCATED, self.xml.get_ref().event_at());
            return self.stop(found.arg("element", element));
        }
        if self.started {
            return self.finish();
        }
        let at = self.xml.get_ref().event_at();
        let found = self.no_xml(at);
        self.stop(found);
    }

    /// What an input is that does not start as XML, although there may be tags further on.
    fn no_xml(&self, at: At) -> Diagnostic {
        let leading = self.leading.trim();
        if leading.is_empty() {
            self.build.log.breaking(&rules::EMPTY, at)
        } else if leading.starts_with(['{', '[']) {
            self.build.log.breaking(&rules::JSON, at)
        } else {
            let leading = quote(leading);
            self.build.log.breaking(&rules::NOT_XML, at).arg("start", leading)
        }
    }

    /// Whether an error is only the last `>` that is missing; the report is closed then.
    fn mends(&mut self, error: &XmlError, buffer: &[u8]) -> bool {
        if !matches!(error, XmlError::Syntax(SyntaxError::UnclosedTag)) || self.build.log.stack.len() != 1 {
            return false;
        }
        let Some(name) = buffer.strip_prefix(b"</") else { return false };
        let name = String::from_utf8_lossy(name.trim_ascii());
        let local = name.rsplit(':').next().unwrap_or_default();
        if !self.build.log.stack.last().is_some_and(|open| open.closes(local)) {
            return false;
        }
        self.find(&rules::MISSING_BRACKET, |found| found);
        self.close();
        self.finish();
        true
    }

    fn fail(&mut self, error: &XmlError, buffer: &[u8]) {
        self.note_encoding();
        let at = self.xml.get_ref().event_at();
        let log = &self.build.log;
        let inside = !log.stack.is_empty();
        let open = log.stack.last().map(|open| quote(open.name())).unwrap_or_default();
        let found = match error {
            XmlError::Io(io) => match io.get_ref() {
                Some(inner)
                    if inner.is::<TokenTooLong>()
                        && !inside
                        && !self.started
                        && !buffer.starts_with(b"<") =>
                {
                    let text = buffer.get(..QUOTED.min(buffer.len())).unwrap_or_default();
                    log.breaking(&rules::NOT_XML, at).arg("start", quote(crate::text::lossy(text).trim()))
                }
                Some(inner) if inner.is::<TokenTooLong>() => {
                    log.breaking(&rules::TEXT_TOO_LONG, at).arg("limit", self.limits.text_octets)
                }
                Some(inner) => match inner.downcast_ref::<Interruption>() {
                    Some(Interruption(found)) => {
                        Diagnostic { place: log.breaking(found.rule, at).place, ..found.clone() }
                    }
                    None => log.breaking(&rules::UNREADABLE, at).arg("detail", quote(&io.to_string())),
                },
                None => log.breaking(&rules::UNREADABLE, at).arg("detail", quote(&io.to_string())),
            },
            XmlError::Syntax(SyntaxError::InvalidBangMarkup) if inside => {
                log.breaking(&rules::SYNTAX, at).arg("detail", "<!")
            }
            // Markup that never ends is a cut, inside of a report.
            XmlError::Syntax(_) if inside => log.breaking(&rules::TRUNCATED, at).arg("element", open),
            other if inside || self.started => {
                log.breaking(&rules::SYNTAX, at).arg("detail", quote(&other.to_string()))
            }
            _ => log.breaking(&rules::NOT_XML, at).arg("start", quote(self.leading.trim())),
        };
        self.stop(found);
    }

    /// Ends the reading with a finding: of the report that is open, of the one that just ended,
    /// or of the input.
    pub(super) fn stop(&mut self, found: Diagnostic) {
        if self.done {
            return;
        }
        if !self.build.log.stack.is_empty() {
            self.build.log.findings.push(found);
            let summary = self.summary(false);
            self.ready.push_back(Item::Report(summary));
        } else if let Some(ended) = &mut self.ended {
            ended.findings.push(found);
        } else {
            self.ready.push_back(Item::Refused(found));
        }
        self.finish();
    }

    fn finish(&mut self) {
        self.ready.extend(self.ended.take().map(Item::Report));
        self.done = true;
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        // A report that ended comes behind its last record.
        while !self.build.complete && self.ready.is_empty() && !self.done {
            if !self.between || !self.plain() {
                self.step();
            }
        }
        self.build.take_record().map(Item::Record).or_else(|| self.ready.pop_front())
    }
}

/// The prefix that an attribute binds to a namespace; empty if it binds names without one.
fn bound_prefix<'a>(attribute: &Attribute<'a>) -> Option<&'a str> {
    attribute.key.as_namespace_binding().map(|binding| match binding {
        PrefixDeclaration::Default => "",
        PrefixDeclaration::Named(prefix) => prefix,
    })
}

/// The namespace that a root element stands in.
fn namespace(tag: &BytesStart<'_>) -> Option<String> {
    let name = tag.name();
    let prefix = name.prefix();
    tag.attributes().with_checks(false).flatten().find_map(|attribute| {
        let key = attribute.key.as_ref();
        let bound = match prefix {
            None => key == "xmlns",
            Some(prefix) => key.strip_prefix("xmlns:") == Some(prefix.as_ref()),
        };
        bound.then(|| quote(attribute.value.trim()))
    })
}
