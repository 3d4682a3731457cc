//! What is found in a text or a report: rules, places, arguments and fixes, without sentences.
//!
//! A [`Diagnostic`] names its [`Rule`] and carries typed arguments. Sentences stand in a
//! [`Catalog`] per language; [`View`] joins the two for output, [`render`] draws it as text with
//! the place underlined.

mod catalog;
mod fix;
mod parsed;
mod phrases;
mod render;
mod rule;
mod view;

use serde::Serialize;

pub use catalog::{Catalog, CatalogError, Language, all};
pub use fix::{Edit, Effect, Fix};
pub use parsed::{Parsed, Rejected};
pub use render::{Labels, escape, render, render_view};
pub(crate) use rule::rules;
pub use rule::{Document, Reference, Rule, Severity, document, rfc};
pub use view::{FixView, View};

/// A byte range of a text as it was given; empty where something is missing.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset behind the last byte.
    pub end: usize,
}

impl Span {
    /// The range from `start` up to, not including, `end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The empty range at an offset.
    #[must_use]
    pub const fn empty(at: usize) -> Self {
        Self { start: at, end: at }
    }

    /// The part of `octets` that the span covers; empty if it lies outside.
    #[must_use]
    pub fn of<'a>(&self, octets: &'a [u8]) -> &'a [u8] {
        octets.get(self.start..self.end).unwrap_or_default()
    }

    /// The span moved to the right, for a text that is part of a longer one.
    #[must_use]
    pub const fn shifted(self, by: usize) -> Self {
        Self { start: self.start + by, end: self.end + by }
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

impl Serialize for Span {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [self.start, self.end].serialize(serializer)
    }
}

/// The record that a finding is about.
#[derive(Clone, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Serialize)]
pub struct Subject {
    /// Name that the record stands at, as A-labels.
    pub name: Option<String>,
    /// Record type, such as `TXT`.
    #[serde(rename = "type")]
    pub record_type: Option<String>,
    /// Which record of the set, from 0 in the order of the answer.
    pub index: Option<usize>,
}

/// A place in an XML or JSON document.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize)]
pub struct Place {
    /// Path of elements from the root, such as `feedback/record[3]/row/count`.
    pub path: String,
    /// Line in the decoded text, from 1.
    pub line: u64,
    /// Column in the line, in characters, from 1.
    pub column: u64,
    /// Offset in the decoded bytes.
    pub offset: u64,
}

/// A typed argument of a finding.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Arg {
    /// A number.
    Number(i64),
    /// A text, as it was found; a byte that is not UTF-8 shows as U+FFFD.
    Text(String),
    /// Several texts.
    List(Vec<String>),
}

macro_rules! arg_from_number {
    ($($type:ty),+) => {
        $(impl From<$type> for Arg {
            fn from(number: $type) -> Self {
                Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        })+
    };
}
arg_from_number!(i64, i32, u8, u16, u32, u64, usize);

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&[u8]> for Arg {
    fn from(octets: &[u8]) -> Self {
        Self::Text(crate::text::lossy(octets))
    }
}

impl From<Vec<String>> for Arg {
    fn from(list: Vec<String>) -> Self {
        Self::List(list)
    }
}

impl From<&[&str]> for Arg {
    fn from(list: &[&str]) -> Self {
        Self::List(list.iter().map(|text| (*text).to_owned()).collect())
    }
}

/// One finding.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Diagnostic {
    /// What was found.
    pub rule: &'static Rule,
    /// How bad it is: the rule's default, unless a profile changed it.
    pub severity: Severity,
    /// The record it is about, where there may be several.
    pub subject: Option<Subject>,
    /// Byte range of the text as given, on character boundaries.
    pub span: Option<Span>,
    /// Place in an XML or JSON document.
    pub place: Option<Place>,
    /// Typed arguments, in the order in which the rule gave them.
    pub args: Vec<(&'static str, Arg)>,
    /// A change that mends it, where one is clearly meant.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// Adds a fix of one edit. Its effect is not known yet: see [`Fix::effect`].
    #[must_use]
    pub fn fix(self, span: impl Into<Span>, replacement: impl Into<String>) -> Self {
        self.fix_edits(vec![Edit { span: span.into(), replacement: replacement.into() }])
    }

    /// Adds a fix of several edits that belong together.
    #[must_use]
    pub fn fix_edits(mut self, edits: Vec<Edit>) -> Self {
        self.fix = Some(Fix::new(edits));
        self
    }

    /// Says which record the finding is about.
    #[must_use]
    pub fn about(mut self, subject: Subject) -> Self {
        self.subject = Some(subject);
        self
    }

    /// Says where in a document it was found.
    #[must_use]
    pub fn in_document(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The argument of that name.
    #[must_use]
    pub fn argument(&self, name: &str) -> Option<&Arg> {
        self.args.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}

/// Puts findings in their order: by position in the text, then by code.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| {
        (&a.subject, a.span, &a.place, a.rule.code).cmp(&(&b.subject, b.span, &b.place, b.rule.code))
    });
}
