//! Terms that were evaluated, and what became of each.
//!
//! A trace is kept as places in the records that were read; texts are shown when they are asked for.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::published::Policy;
use super::record::Record;
use super::terms::{Modifier, Term, TermKind};
use crate::diagnostics::Span;
use crate::name::DomainName;

/// A term with the record that it stands in.
#[derive(Clone, Debug)]
pub struct PlacedTerm {
    policy: Arc<Policy>,
    /// Which of its terms: always one that it has.
    index: usize,
}

impl PlacedTerm {
    pub(super) const fn new(policy: Arc<Policy>, index: usize) -> Self {
        Self { policy, index }
    }

    /// Domain of the record.
    #[must_use]
    pub fn domain(&self) -> &DomainName {
        self.policy.domain()
    }

    /// The record.
    #[must_use]
    pub fn record(&self) -> &Record {
        self.policy.record()
    }

    /// Which of the record's terms it is, from 0.
    #[must_use]
    pub const fn index(&self) -> usize {
        self.index
    }

    /// The term as written.
    #[must_use]
    pub fn text(&self) -> &str {
        // Only records without a syntax error are evaluated, and those are ASCII.
        std::str::from_utf8(self.span().of(self.record().as_octets())).unwrap_or_default()
    }

    /// Where it stands in the record.
    #[must_use]
    pub fn span(&self) -> Span {
        self.term().map_or(Span::new(0, 0), |term| term.span)
    }

    fn term(&self) -> Option<&Term> {
        self.record().terms().get(self.index)
    }

    /// Its domain-spec as written; the domain of the record if it has none.
    fn target(&self) -> &str {
        let spec = self.term().and_then(|term| match &term.kind {
            TermKind::Directive(directive) => directive.mechanism.domain(),
            TermKind::Modifier(Modifier::Redirect(domain)) => Some(domain),
            TermKind::Modifier(_) | TermKind::Invalid => None,
        });
        spec.map_or(self.domain().as_str(), |spec| spec.as_str())
    }
}

impl PartialEq for PlacedTerm {
    fn eq(&self, other: &Self) -> bool {
        let place = |term: &Self| (term.index, term.span());
        place(self) == place(other) && self.domain() == other.domain() && self.text() == other.text()
    }
}

impl Eq for PlacedTerm {}

impl Serialize for PlacedTerm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Shown<'a> {
            domain: &'a DomainName,
            text: &'a str,
            span: Span,
        }
        Shown { domain: self.domain(), text: self.text(), span: self.span() }.serialize(serializer)
    }
}

/// What became of a term.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Became {
    /// It matched, or was followed.
    Match,
    /// The client's address is not among those that it stands for.
    NoMatch,
    /// It is about addresses of the other family.
    OtherFamily,
    /// The name has no such records, or does not exist.
    NothingFound,
    /// Its macros give no domain name.
    ImpossibleName,
    /// It uses a local-part that is not ASCII (RFC 8616, 4).
    NonAsciiLocalPart,
    /// It ended the evaluation.
    Ended,
}

/// What a term asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum AskedFor {
    /// It names no domain, or came not so far.
    Nothing,
    /// What it writes down, or the domain of its record.
    AsWritten,
    /// Its macros stood for this.
    Expanded(Box<str>),
}

impl From<Cow<'_, str>> for AskedFor {
    /// A text that is borrowed is what is written.
    fn from(text: Cow<'_, str>) -> Self {
        match text {
            Cow::Borrowed(_) => Self::AsWritten,
            Cow::Owned(text) => Self::Expanded(text.into()),
        }
    }
}

/// Terms that are evaluated for most clients, or fewer: room for their steps is made at once.
const USUAL_STEPS: usize = 40;

/// Every term that was evaluated, in order.
#[derive(Clone, Debug, Default)]
pub struct Steps {
    policies: Vec<Arc<Policy>>,
    steps: Vec<Step>,
}

/// A step, whose term is given by its place.
#[derive(Clone, Debug)]
struct Step {
    policy: usize,
    index: usize,
    depth: usize,
    became: Became,
    lookups: u32,
    voids: u32,
    asked_for: AskedFor,
}

impl Steps {
    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = TraceStep> {
        self.steps.iter().filter_map(|step| {
            let policy = Arc::clone(self.policies.get(step.policy)?);
            let term = PlacedTerm::new(policy, step.index);
            let Step { depth, became, lookups, voids, .. } = *step;
            Some(TraceStep { depth, term, became, lookups, voids, asked_for: step.asked_for.clone() })
        })
    }

    /// Notes a record whose terms follow; returns its place.
    pub(super) fn enter(&mut self, policy: &Arc<Policy>) -> usize {
        self.policies.push(Arc::clone(policy));
        self.policies.len() - 1
    }

    /// Notes what became of a term of the record with this place.
    pub(super) fn push(
        &mut self,
        (policy, index): (usize, usize),
        depth: usize,
        became: Became,
        asked_for: AskedFor,
        (lookups, voids): (u32, u32),
    ) {
        if self.steps.is_empty() {
            self.steps.reserve(USUAL_STEPS);
        }
        self.steps.push(Step { policy, index, depth, became, lookups, voids, asked_for });
    }

    /// Adds to the step at a place what became known of it later.
    pub(super) fn amend(&mut self, step: usize, asked_for: AskedFor, lookups: u32) {
        if let Some(step) = self.steps.get_mut(step) {
            (step.asked_for, step.lookups) = (asked_for, lookups);
        }
    }
}

impl PartialEq for Steps {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Serialize for Steps {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// One term that was evaluated.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TraceStep {
    /// How many includes and redirects lead to its record.
    pub depth: usize,
    /// The term.
    pub term: PlacedTerm,
    /// What became of it.
    pub became: Became,
    /// Terms that query DNS so far, this one included.
    pub lookups: u32,
    /// Queries that found nothing so far.
    pub voids: u32,
    asked_for: AskedFor,
}

impl TraceStep {
    /// Its domain-spec with the macros expanded; `None` if it has none.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        match &self.asked_for {
            AskedFor::Nothing => None,
            AskedFor::AsWritten => Some(self.term.target()),
            AskedFor::Expanded(text) => Some(text),
        }
    }
}

impl Serialize for TraceStep {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Shown<'a> {
            depth: usize,
            #[serde(flatten)]
            term: &'a PlacedTerm,
            target: Option<&'a str>,
            became: Became,
            lookups: u32,
            voids: u32,
        }
        let Self { depth, term, became, lookups, voids, .. } = self;
        let (depth, became, lookups, voids) = (*depth, *became, *lookups, *voids);
        Shown { depth, term, target: self.target(), became, lookups, voids }.serialize(serializer)
    }
}
