//! Where reading stands in the document, and the findings made there.

use std::fmt::Write;

use super::findings::Findings;
use super::node::Node;
use crate::diagnostics::{Diagnostic, Place, Rule};
use crate::report::source::At;

/// Longest argument of a finding, in characters: a finding quotes, it does not copy.
const QUOTE: usize = 200;

/// One element that is open.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) node: Node,
    /// Its local name, where that is not the schema's.
    pub(super) name: Option<Box<str>>,
}

impl Open {
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
}

impl Log {
    pub(super) fn new(room: usize) -> Self {
        Self {
            stack: Vec::new(),
            findings: Findings::new(room),
            record_rules: Vec::new(),
            in_record: false,
            records: 0,
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

    /// A finding that ends the reading; it is not counted here.
    pub(super) fn breaking(&self, rule: &'static Rule, at: At) -> Diagnostic {
        rule.anywhere().in_document(place(&self.stack, self.records, at))
    }
}

fn place(stack: &[Open], records: u64, at: At) -> Place {
    let mut path = String::new();
    for open in stack {
        if !path.is_empty() {
            path.push('/');
        }
        path.push_str(&quote(open.name()));
        if open.node == Node::Record {
            // Writing to a string cannot fail.
            let _ = write!(path, "[{records}]");
        }
    }
    Place { path, line: at.line, column: at.column, offset: at.offset }
}

/// A text short enough to stand in a finding.
pub(crate) fn quote(text: &str) -> String {
    match text.char_indices().nth(QUOTE) {
        None => text.to_owned(),
        Some((cut, _)) => format!("{}…", text.get(..cut).unwrap_or_default()),
    }
}
