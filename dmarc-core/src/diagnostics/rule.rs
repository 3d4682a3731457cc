//! Rules: the code, default severity and reference of everything that can be found.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{Arg, Diagnostic, Span};

/// How bad a finding is by default.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Notice,
    /// Works, but not as it reads.
    Warning,
    /// Receivers ignore or reject it.
    Error,
}

impl Severity {
    /// `notice`, `warning` or `error`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Where a rule is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Reference {
    /// `RFC 9989`, or the name of another document.
    pub document: Document,
    /// Section within the document; empty for the document as a whole.
    pub section: &'static str,
}

/// A document that rules refer to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Document {
    /// An RFC by its number.
    Rfc(u16),
    /// Another document by its name.
    Named(&'static str),
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.document {
            Document::Rfc(number) => write!(f, "RFC {number}")?,
            Document::Named(name) => f.write_str(name)?,
        }
        if self.section.is_empty() { Ok(()) } else { write!(f, ", {}", self.section) }
    }
}

impl Serialize for Reference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The reference of a rule that an RFC states.
#[must_use]
pub const fn rfc(number: u16, section: &'static str) -> Reference {
    Reference { document: Document::Rfc(number), section }
}

/// The reference of a rule that another document states.
#[must_use]
pub const fn document(name: &'static str, section: &'static str) -> Reference {
    Reference { document: Document::Named(name), section }
}

/// One thing that can be found: what programs match on, and where it is written.
///
/// Its sentences stand in the [`Catalog`](super::Catalog) of each language.
#[derive(Debug, Serialize)]
pub struct Rule {
    /// `area/kebab-case`; never reused, never renamed after a release.
    pub code: &'static str,
    /// Severity unless a profile decides otherwise.
    pub severity: Severity,
    /// Where it is written.
    pub reference: Reference,
    /// What the rule is about, from its doc comment.
    pub summary: &'static str,
    /// Names of the arguments that every finding of this rule carries.
    pub args: &'static [&'static str],
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Rule {}

impl Rule {
    /// A finding of this rule at a place in the text.
    #[must_use]
    pub fn at(&'static self, span: impl Into<Span>) -> Diagnostic {
        Diagnostic { span: Some(span.into()), ..self.anywhere() }
    }

    /// A finding of this rule about a whole set, without a place in one text.
    #[must_use]
    pub fn anywhere(&'static self) -> Diagnostic {
        Diagnostic {
            rule: self,
            severity: self.severity,
            subject: None,
            span: None,
            place: None,
            args: Vec::new(),
            fix: None,
        }
    }

    /// Whether findings of this rule carry the argument.
    #[must_use]
    pub fn takes(&self, arg: &str) -> bool {
        self.args.contains(&arg)
    }
}

impl Diagnostic {
    /// Adds a typed argument, which the sentences of the catalog may use.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        debug_assert!(self.rule.takes(name), "rule {} declares no argument {name}", self.rule.code);
        // Most rules take one or two.
        self.args.reserve_exact(if self.args.is_empty() { self.rule.args.len() } else { 1 });
        self.args.push((name, value.into()));
        self
    }
}

/// Declares the rules of a module: one row each, with its doc comment as the summary.
///
/// ```ignore
/// rules! {
///     /// A tag that is not in the DMARC Tag Registry.
///     UNKNOWN_TAG = "dmarc/unknown-tag", Warning, rfc(9989, "4.7"), [tag];
/// }
/// ```
///
/// Each row becomes a `static Rule`; `RULES` lists them for the catalog.
macro_rules! rules {
    ($($(#[doc = $summary:literal])+ $name:ident = $code:literal, $severity:ident,
       $reference:expr, [$($arg:ident),* $(,)?];)+) => {
        $($(#[doc = $summary])+
        pub static $name: $crate::diagnostics::Rule = $crate::diagnostics::Rule {
            code: $code,
            severity: $crate::diagnostics::Severity::$severity,
            reference: $reference,
            summary: concat!($($summary),+).trim_ascii(),
            args: &[$(stringify!($arg)),*],
        };)+

        /// Every rule of this module.
        pub static RULES: &[&$crate::diagnostics::Rule] = &[$(&$name),+];
    };
}
pub(crate) use rules;
