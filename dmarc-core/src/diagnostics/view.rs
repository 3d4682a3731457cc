//! A finding joined with its sentences: the shape that every output and binding shows.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Arg, Catalog, Diagnostic, Edit, Effect, Place, Reference, Severity, Span, Subject};

/// A finding with its message and help in one language.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct View {
    /// What programs match on.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The record it is about.
    pub subject: Option<Subject>,
    /// Byte range of the text as given.
    pub span: Option<Span>,
    /// Place in a document; left out where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Typed arguments.
    pub args: BTreeMap<&'static str, Arg>,
    /// What is wrong here, in one line.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Where it is written.
    pub reference: Reference,
    /// A change that mends it.
    pub fix: Option<FixView>,
}

/// A fix with the text that it leads to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FixView {
    /// What it does to the policy.
    pub effect: Effect,
    /// Its edits, by position.
    pub edits: Vec<Edit>,
    /// The whole text after the edits; a byte that is not UTF-8 shows as U+FFFD.
    pub result: String,
}

impl View {
    /// The finding with the sentences of `catalog`; `source` is the text that its span is about.
    #[must_use]
    pub fn new(found: &Diagnostic, catalog: &Catalog, source: &[u8]) -> Self {
        Self {
            code: found.rule.code,
            severity: found.severity,
            subject: found.subject.clone(),
            span: found.span,
            place: found.place.clone(),
            args: found.args.iter().map(|(name, value)| (*name, value.clone())).collect(),
            message: catalog.message(found),
            help: catalog.help(found),
            reference: found.rule.reference,
            fix: found.fix.as_ref().map(|fix| FixView {
                // An effect that nobody computed is the one that must never be applied unseen.
                effect: fix.effect.unwrap_or(Effect::Mixed),
                edits: fix.edits.clone(),
                result: crate::text::lossy(&fix.apply(source)),
            }),
        }
    }
}
