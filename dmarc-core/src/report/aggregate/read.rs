//! The reader: decoded bytes in, one record at a time out.

use std::collections::VecDeque;
use std::io::Read;

use quick_xml::events::{BytesRef, BytesStart, Event};

use super::build::{Build, Start, Whereabouts};
use super::extension::value;
use super::gather::{bound_prefix, namespace};
use super::item::{Item, Summary};
use super::log::quote;
use super::model::Head;
use super::node::Node;
use super::organizations::Organizations;
use super::rules;
use crate::diagnostics::{Diagnostic, Rule};
use crate::limits::Limits;
use crate::report::accounting::Scan;
use crate::report::source::{At, Declared, Source};

/// Octets of a document for each thing in it that belongs to no report.
const PER_FOREIGN: u64 = 64;

/// Octets that markup may add to the longest text within one token.
const MARKUP: usize = 4 << 10;

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
    pub(super) ended: Option<Box<Summary>>,
    pub(super) ready: VecDeque<Item>,
    /// Text before the first root.
    pub(super) leading: String,
    /// Whether the last event of quick-xml left it between two tokens.
    between: bool,
    /// Elements that quick-xml saw begin and not end.
    pub(super) seen_open: u64,
    /// Depth of an element outside of any report.
    foreign: u64,
    pub(super) started: bool,
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
            Event::Comment(_) | Event::PI(_) => self.build.foreign += 1,
            Event::Eof => self.end_of_input(),
        }
        self.bound_foreign();
    }

    /// Stops once there is much more than a report.
    fn bound_foreign(&mut self) {
        if self.build.foreign > self.limits.foreign {
            let source = self.xml.get_ref();
            let limit = self.limits.foreign.saturating_add(source.offset() / PER_FOREIGN);
            if self.build.foreign > limit {
                let found = self.build.log.breaking(&rules::TOO_MUCH_ELSE, source.event_at());
                self.stop(found.arg("limit", limit));
            }
        }
    }

    pub(super) fn find(&mut self, rule: &'static Rule, args: impl FnOnce(Diagnostic) -> Diagnostic) {
        let source = self.xml.get_ref();
        self.build.log.add(rule, || source.event_at(), args);
    }

    pub(super) fn note_encoding(&mut self) {
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
    pub(super) fn close(&mut self) {
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
        let (head, records, log) = self.build.reset(&self.limits);
        Box::new(Summary { head, complete, records, findings: log.findings, broken: log.broken })
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

    /// Ends the reading; a report that ended comes last.
    pub(super) const fn finish(&mut self) {
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
        if let Some(record) = self.build.take_record() {
            return Some(Item::Record(record));
        }
        let ready = self.ready.pop_front();
        ready.or_else(|| self.ended.take_if(|_| self.done).map(Item::Report))
    }
}
