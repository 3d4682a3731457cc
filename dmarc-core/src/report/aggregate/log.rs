//! Where reading stands in the document, and the findings made there.

use std::borrow::Cow;
use std::fmt::Write;

use super::build::Places;
use super::findings::Findings;
use super::node::Node;
use super::rules;
use crate::diagnostics::{Diagnostic, Place, Rule};
use crate::report::source::At;

/// Longest argument of a finding, in characters: a finding quotes, it does not copy.
const QUOTE: usize = 200;

/// Most paths are no longer than this.
const PATH: usize = 64;

/// One element that is open.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) node: Node,
    /// Its local name, where that is not the schema's.
    pub(super) name: Option<Box<str>>,
    /// The places below it that began so far, a bit for each.
    pub(super) seen: u64,
}

impl Open {
    pub(super) const fn new(node: Node, name: Option<Box<str>>) -> Self {
        Self { node, name, seen: 0 }
    }

    pub(super) fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_else(|| self.node.name())
    }

    pub(super) fn closes(&self, local: &str) -> bool {
        match &self.name {
            None => self.node.name() == local,
            Some(name) => name.eq_ignore_ascii_case(local),
        }
    }
}

/// The open elements and the findings of the report that is being read.
#[derive(Debug)]
pub(super) struct Log {
    pub(super) stack: Vec<Open>,
    pub(super) findings: Findings,
    /// Rules found in the record that is open, each once.
    pub(super) record_rules: Vec<&'static Rule>,
    /// Whether a record is open.
    pub(super) in_record: bool,
    /// `record` elements that began, for paths.
    pub(super) records: u64,
    /// What the report breaks of its schema, and where that is told once for each: of which element.
    pub(super) broken: Vec<(&'static Rule, &'static str)>,
    /// Whether `report_metadata` has another order than RFC 7489 asks; RFC 9990 asks for none.
    pub(super) unsorted_metadata: bool,
}

impl Log {
    pub(super) fn new(room: usize) -> Self {
        Self {
            stack: Vec::new(),
            findings: Findings::new(room),
            record_rules: Vec::new(),
            in_record: false,
            records: 0,
            broken: Vec::new(),
            unsorted_metadata: false,
        }
    }

    /// Adds a finding; place and arguments are worked out only if it is kept.
    pub(super) fn add(
        &mut self,
        rule: &'static Rule,
        at: impl FnOnce() -> At,
        args: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        if self.in_record && !self.record_rules.iter().any(|known| std::ptr::eq(*known, rule)) {
            self.record_rules.push(rule);
        }
        let Self { stack, findings, records, .. } = self;
        findings.add(rule, || args(rule.anywhere()).in_document(place(stack, *records, at())));
    }

    /// Notes that a rule that is found is one of the schema.
    pub(super) fn breaks(&mut self, rule: &'static Rule) {
        self.is_new_break(rule, "");
    }

    /// Notes that a rule of the schema is broken; `true` if that was not known of this element.
    fn is_new_break(&mut self, rule: &'static Rule, element: &'static str) -> bool {
        let is_known = self.broken.iter().any(|known| std::ptr::eq(known.0, rule) && known.1 == element);
        if !is_known {
            self.broken.push((rule, element));
        }
        !is_known
    }

    /// Finds something about an element that breaks the schema, once in a report.
    pub(super) fn once(
        &mut self,
        rule: &'static Rule,
        element: &'static str,
        at: impl FnOnce() -> At,
        args: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        if self.is_new_break(rule, element) {
            self.add(rule, at, |found| args(found.arg("element", element)));
        }
    }

    /// Notes an element below the innermost one, and whether it stands where the schema has it.
    pub(super) fn child(&mut self, node: Node, at: Places<'_>) {
        let Some(open) = self.stack.last_mut() else { return };
        let bit = node.bit();
        if bit == 0 {
            return;
        }
        let (before, within) = (open.seen, open.node);
        open.seen |= bit;
        // Places are in the order of the schema: a higher bit stands behind this one.
        if before > bit && before & !(bit | (bit - 1)) != 0 {
            match within {
                Node::Metadata => self.unsorted_metadata = true,
                within if within.is_sequence() => {
                    self.once(&rules::ELEMENT_ORDER, node.name(), || at.event(), |found| found);
                }
                _ => {}
            }
        }
        if before & bit != 0 && node.is_merged() {
            self.once(&rules::REPEATED_ELEMENT, node.name(), || at.event(), |found| found);
        }
    }

    /// A finding that ends the reading; it is not counted here.
    pub(super) fn breaking(&self, rule: &'static Rule, at: At) -> Diagnostic {
        rule.anywhere().in_document(place(&self.stack, self.records, at))
    }
}

fn place(stack: &[Open], records: u64, at: At) -> Place {
    let mut path = String::with_capacity(PATH);
    for open in stack {
        if !path.is_empty() {
            path.push('/');
        }
        path.push_str(&shortened(open.name()));
        if open.node == Node::Record {
            // Writing to a string cannot fail.
            let _ = write!(path, "[{records}]");
        }
    }
    Place { path, line: at.line, column: at.column, offset: at.offset }
}

/// A text short enough to stand in a finding.
pub(crate) fn quote(text: &str) -> String {
    shortened(text).into_owned()
}

fn shortened(text: &str) -> Cow<'_, str> {
    if text.len() <= QUOTE {
        return Cow::Borrowed(text);
    }
    match text.char_indices().nth(QUOTE) {
        None => Cow::Borrowed(text),
        Some((cut, _)) => Cow::Owned(format!("{}…", text.get(..cut).unwrap_or_default())),
    }
}
