//! Elements and texts become the head and the records of a report.

use quick_xml::events::BytesStart;

use super::alignment;
use super::check;
use super::extension::{Capture, Extension, Names};
use super::log::{Log, Open, quote};
use super::model::{DkimAuth, Head, Reason, Record, Schema, SpfAuth};
use super::node::{Named, Node};
use super::organizations::Organizations;
use super::rules;
use super::slots::{fill, more};
use crate::diagnostics::Diagnostic;
use crate::limits::Limits;
use crate::report::source::At;

/// Longest texts that a record, or the head, may hold together.
const TEXTS_PER_RECORD: usize = 16;

/// How deep the elements of a plain report lie, at most.
const DEPTH: usize = 6;

/// Where reading stands.
pub(super) trait Whereabouts {
    /// Begin of the last token, for findings about a tag.
    fn event(&self) -> At;
    /// Begin of the element whose text was read last, for findings about a value.
    fn element(&self) -> At;
}

/// Records of any size that a report may have, and octets that each further one takes at least: half of the least that
/// the schema allows.
const SMALL_RECORDS: u64 = 1 << 16;
const LEAST_RECORD: u64 = 128;

/// [`Whereabouts`] of any input.
pub(super) type Places<'a> = &'a dyn Whereabouts;

/// A start tag, as far as it matters.
pub(super) struct Start<'a> {
    pub(super) local: &'a str,
    /// Whether it has a prefix or declares a namespace.
    pub(super) namespaced: bool,
    pub(super) empty: bool,
    pub(super) lang: Option<String>,
    /// As it came.
    pub(super) tag: &'a BytesStart<'a>,
}

/// The report that is being read.
#[derive(Debug)]
pub(super) struct Build {
    pub(super) log: Log,
    pub(super) head: Head,
    /// The record that is open, or the whole one that is to be taken.
    pub(super) record: Record,
    /// Whether a record is whole and was not taken yet.
    pub(super) complete: bool,
    /// Text of the open element that holds one.
    text: String,
    /// Whether an element stands inside that text.
    mixed: bool,
    /// Elements, comments and the like so far that belong to no report.
    pub(super) foreign: u64,
    /// Octets of text in the record, or in the head before it.
    texts: usize,
    /// Records that were read whole.
    pub(super) whole: u64,
    pub(super) names: Names,
    /// The extension that is open.
    pub(super) capture: Option<Box<Capture>>,
    /// Extensions of the record that is open.
    pub(super) record_extensions: Vec<Extension>,
    /// Octets of extensions outside of records, and of those in the record.
    pub(super) extensions: (usize, usize),
    /// How many they may be of each.
    pub(super) room_for_extensions: usize,
    /// What the caller knows of them.
    pub(super) organizations: Organizations,
    /// The author domain of the last record.
    author: alignment::Author<'static>,
}

impl Build {
    pub(super) fn new(limits: &Limits, organizations: Organizations) -> Self {
        Self {
            log: Log::new(limits.findings),
            head: Head::default(),
            record: Record::default(),
            complete: false,
            text: String::new(),
            mixed: false,
            foreign: 0,
            texts: 0,
            whole: 0,
            names: Names::default(),
            capture: None,
            record_extensions: Vec::new(),
            extensions: (0, 0),
            room_for_extensions: limits.text_octets,
            organizations,
            author: alignment::Author::default(),
        }
    }

    /// Gives what is left of a report behind its records, and gets ready for the next one.
    pub(super) fn reset(&mut self, limits: &Limits) -> (Head, u64, Log) {
        let log = std::mem::replace(&mut self.log, Log::new(limits.findings));
        if log.in_record {
            // It never ended.
            self.record = Record::default();
        }
        self.text.clear();
        self.mixed = false;
        self.texts = 0;
        self.names = Names::default();
        self.capture = None;
        self.record_extensions.clear();
        self.extensions = (0, 0);
        (std::mem::take(&mut self.head), std::mem::take(&mut self.whole), log)
    }

    /// Begins a report.
    pub(super) fn root(&mut self, local: &str, namespace: Option<String>) {
        self.head.namespace = namespace;
        let name = (local != Node::Feedback.name()).then(|| local.into());
        self.log.stack.reserve(DEPTH);
        self.log.stack.push(Open::new(Node::Feedback, name));
    }

    /// Takes a start tag inside of a report; gives the node, so that the caller can mark texts.
    /// Nothing is opened for a stray `schema` tag, which some reporters write and never close.
    pub(super) fn start(
        &mut self,
        tag: &Start<'_>,
        at: Places<'_>,
        limits: &Limits,
    ) -> Result<Node, Diagnostic> {
        let Some(parent) = self.log.stack.last().map(|open| open.node) else { return Ok(Node::Unknown) };
        if parent == Node::Feedback && is_schema(tag.local) && !tag.empty {
            self.log.breaks(&rules::UNKNOWN_ELEMENT);
            self.log.add(
                &rules::UNKNOWN_ELEMENT,
                || at.event(),
                |found| found.arg("element", quote(tag.local)),
            );
            self.names.leave(self.log.stack.len());
            return Ok(Node::Unknown);
        }
        if self.log.stack.len() as u64 >= u64::from(limits.element_depth) {
            return Err(self.log.breaking(&rules::TOO_DEEP, at.event()).arg("limit", limits.element_depth));
        }
        let named = if self.is_foreign(parent, tag) { Named::Not } else { parent.find(tag.local) };
        let (node, name) = match named {
            Named::Exactly(node) => (node, None),
            Named::Otherwise(node) => {
                self.log.breaks(&rules::ELEMENT_NAME);
                self.log.add(
                    &rules::ELEMENT_NAME,
                    || at.event(),
                    |found| found.arg("element", quote(tag.local)).arg("meant", node.name()),
                );
                (node, Some(tag.local.into()))
            }
            Named::Not => {
                self.unknown(parent, tag, at);
                self.capture(parent, tag);
                (Node::Unknown, Some(tag.local.into()))
            }
        };
        self.begin(node, tag.local, name, tag.lang.as_deref(), at, limits)
    }

    /// Begins a known element that is written as the schema has it and has no attributes.
    pub(super) fn plain(&mut self, node: Node, at: Places<'_>, limits: &Limits) -> Result<Node, Diagnostic> {
        self.begin(node, node.name(), None, None, at, limits)
    }

    fn begin(
        &mut self,
        node: Node,
        local: &str,
        name: Option<Box<str>>,
        lang: Option<&str>,
        at: Places<'_>,
        limits: &Limits,
    ) -> Result<Node, Diagnostic> {
        self.log.child(node, at);
        let node = if self.open(node, limits, at)? { node } else { Node::Unknown };
        let name = if node == Node::Unknown { Some(local.into()) } else { name };
        self.log.stack.push(Open::new(node, name));
        if node.is_text() {
            self.text.clear();
            self.mixed = false;
            if node == Node::ReasonComment {
                self.language(lang);
            }
        }
        Ok(node)
    }

    fn unknown(&mut self, parent: Node, tag: &Start<'_>, at: Places<'_>) {
        // RFC 9990, 5: extensions are namespaced; unknown ones are skipped without a word.
        let extension = match parent {
            Node::Unknown | Node::Extension => true,
            Node::Record | Node::Feedback => tag.namespaced,
            _ => false,
        };
        self.mixed |= parent.is_text();
        self.foreign += 1;
        if !extension {
            self.log.breaks(&rules::UNKNOWN_ELEMENT);
            self.log.add(
                &rules::UNKNOWN_ELEMENT,
                || at.event(),
                |found| found.arg("element", quote(tag.local)),
            );
        }
    }

    /// Makes room for what an element holds; `false` if it is skipped.
    fn open(&mut self, node: Node, limits: &Limits, at: Places<'_>) -> Result<bool, Diagnostic> {
        self.seen(node);
        let duplicate = match node {
            Node::Metadata => fill(&mut self.head.metadata),
            Node::Policy => fill(&mut self.head.policy),
            Node::Evaluated => fill(&mut self.record.policy_evaluated),
            Node::Identifiers => fill(&mut self.record.identifiers),
            Node::AuthResults => {
                self.record.auth_results.get_or_insert_default();
                false
            }
            Node::Record => {
                if self.log.records >= limits.records || self.is_crowded(at) {
                    let found = self.log.breaking(&rules::TOO_MANY_RECORDS, at.event());
                    return Err(found.arg("limit", self.log.records));
                }
                // The one before was taken.
                self.record.ordinal = self.log.records;
                self.log.records += 1;
                self.log.record_rules.clear();
                self.log.in_record = true;
                self.texts = 0;
                self.extensions.1 = 0;
                false
            }
            Node::Reason => match &mut self.record.policy_evaluated {
                Some(evaluated) => {
                    return Ok(more(&mut evaluated.reasons, Reason::default(), node, &mut self.log, at));
                }
                None => true,
            },
            Node::Dkim => return Ok(self.result(node, at)),
            Node::Spf => return Ok(self.result(node, at)),
            _ => false,
        };
        if duplicate {
            self.foreign += 1;
            self.log.breaks(&rules::DUPLICATE_ELEMENT);
            self.log.add(&rules::DUPLICATE_ELEMENT, || at.event(), |found| found.arg("element", node.name()));
        }
        Ok(!duplicate)
    }

    /// Whether records are so small that they are none, and so many that it matters. Looked at now and then.
    fn is_crowded(&self, at: Places<'_>) -> bool {
        let records = self.log.records;
        records >= SMALL_RECORDS
            && records.is_multiple_of(SMALL_RECORDS / 16)
            && records - SMALL_RECORDS > at.event().offset / LEAST_RECORD
    }

    fn seen(&mut self, node: Node) {
        if node.is_rfc9990() || node == Node::Np {
            self.head.schema = Schema::Rfc9990;
        }
    }

    fn result(&mut self, node: Node, at: Places<'_>) -> bool {
        let Some(results) = self.record.auth_results.as_mut() else { return false };
        if node == Node::Dkim {
            more(&mut results.dkim, DkimAuth::default(), node, &mut self.log, at)
        } else {
            more(&mut results.spf, SpfAuth::default(), node, &mut self.log, at)
        }
    }

    /// Takes a piece of text.
    pub(super) fn text(&mut self, text: &str, at: Places<'_>, limits: &Limits) -> Result<(), Diagnostic> {
        let node = self.log.stack.last().map_or(Node::Unknown, |open| open.node);
        if node.is_text() {
            self.texts += text.len();
            if self.text.len() + text.len() > limits.text_octets
                || self.texts > limits.text_octets.saturating_mul(TEXTS_PER_RECORD)
            {
                return Err(self
                    .log
                    .breaking(&rules::TEXT_TOO_LONG, at.event())
                    .arg("limit", limits.text_octets));
            }
            self.text.push_str(text);
        } else if let Some(capture) = &mut self.capture {
            capture.text(text);
        } else if node != Node::Unknown && node != Node::Extension && !is_blank(text) {
            self.log.breaks(&rules::STRAY_TEXT);
            self.log.add(&rules::STRAY_TEXT, || at.event(), |found| found.arg("text", quote(text.trim())));
        }
        Ok(())
    }

    /// Takes the record that is whole.
    pub(super) fn take_record(&mut self) -> Option<Record> {
        std::mem::take(&mut self.complete).then(|| std::mem::take(&mut self.record))
    }

    /// Takes an end tag.
    pub(super) fn end_tag(&mut self, local: &str, at: Places<'_>) -> Result<(), Diagnostic> {
        if self.log.stack.last().is_some_and(|open| open.closes(local)) {
            self.end(at);
            return Ok(());
        }
        if is_schema(local) {
            return Ok(());
        }
        // An unknown element that is never closed does no harm; any other does.
        let unknown = self.log.stack.iter().rev().take_while(|open| open.node == Node::Unknown).count();
        let outer = self.log.stack.iter().rev().nth(unknown);
        if unknown > 0 && outer.is_some_and(|open| open.closes(local)) {
            let name = self.log.stack.last().map(|open| quote(open.name())).unwrap_or_default();
            self.log.add(&rules::UNCLOSED_ELEMENT, || at.event(), |found| found.arg("element", name));
            let keep = self.log.stack.len() - unknown;
            self.log.stack.truncate(keep);
            self.captured(at);
            self.end(at);
            return Ok(());
        }
        let expected = self.log.stack.last().map(|open| quote(open.name())).unwrap_or_default();
        Err(self
            .log
            .breaking(&rules::NOT_WELL_FORMED, at.event())
            .arg("expected", expected)
            .arg("found", quote(local)))
    }

    /// Takes the end of the innermost element.
    pub(super) fn end(&mut self, at: Places<'_>) {
        let node = self.log.stack.last().map_or(Node::Unknown, |open| open.node);
        match node {
            node if node.is_text() => {
                let text = std::mem::take(&mut self.text);
                self.value(node, &text, self.mixed, at);
                self.text = text;
            }
            Node::Record => {
                self.record.extensions = std::mem::take(&mut self.record_extensions).into();
                alignment::work_out(&mut self.record, &self.head, &self.organizations, &mut self.author);
                check::record(&self.record, &self.head, &mut self.log, at);
                self.log.in_record = false;
                self.log.record_rules.sort_unstable_by_key(|rule| rule.code);
                self.record.rules = std::mem::take(&mut self.log.record_rules).into();
                self.whole += 1;
                self.complete = true;
            }
            Node::Feedback => {
                check::head(&self.head, &mut self.log, at);
                if self.log.records == 0 {
                    self.log.breaks(&rules::NO_RECORDS);
                    self.log.add(&rules::NO_RECORDS, || at.event(), |found| found);
                }
            }
            Node::Unknown => {
                let depth = self.log.stack.len();
                if self.capture.as_mut().is_some_and(|capture| capture.end(depth)) {
                    self.captured(at);
                }
            }
            _ => {}
        }
        self.log.stack.pop();
        if self.log.stack.len() < self.names.deepest {
            self.names.leave(self.log.stack.len());
        }
    }

    /// Notes that an element begins which holds nothing but a text; [`Self::leaf`] takes the text.
    pub(super) fn begin_leaf(&mut self, node: Node, at: Places<'_>) {
        self.seen(node);
        self.log.child(node, at);
    }

    /// Takes a whole element that holds a text, is written as the schema has it and has no
    /// attributes. [`Self::has_room`] comes first.
    pub(super) fn leaf(&mut self, node: Node, text: &str, at: Places<'_>) {
        self.texts += text.len();
        self.log.stack.push(Open::new(node, None));
        if node == Node::ReasonComment {
            self.language(None);
        }
        self.value(node, text, false, at);
        self.log.stack.pop();
    }

    /// Notes the language of a comment.
    fn language(&mut self, lang: Option<&str>) {
        let evaluated = self.record.policy_evaluated.as_mut();
        if let Some(reason) = evaluated.and_then(|evaluated| evaluated.reasons.last_mut()) {
            reason.lang = lang.map(str::to_owned);
        }
    }

    /// Whether a text is surely within the limits.
    pub(super) fn has_room(&self, text: usize, limits: &Limits) -> bool {
        text <= limits.text_octets && self.texts + text <= limits.text_octets.saturating_mul(TEXTS_PER_RECORD)
    }
}

/// Seen in reports of one large retailer: `<schema>` behind the root, without an end.
fn is_schema(local: &str) -> bool {
    local.eq_ignore_ascii_case("schema")
}

/// Whether a text is nothing but blanks.
fn is_blank(text: &str) -> bool {
    text.bytes().all(|octet| octet.is_ascii_whitespace())
}
