//! The MTA-STS policy file at `https://mta-sts.DOMAIN/.well-known/mta-sts.txt` (RFC 8461, 3.2): which
//! mail hosts are right, and what a sender does when it meets another one.
//!
//! Line ends are LF or CRLF, as the grammar says; names and fixed values are case-sensitive. An empty line
//! breaks the grammar.

mod lines;
mod pattern;
pub mod rules;
mod values;

use std::fmt;

use serde::Serialize;

use crate::diagnostics::{self, Diagnostic, Effect, Parsed, Span};
use crate::limits::Limits;
use crate::name::DomainName;

pub use pattern::Pattern;

use lines::Field;

/// Octets that senders read at most (RFC 8461, 3.3: "a suggested maximum policy size is 64 kilobytes").
pub const MAX_OCTETS: usize = 64 << 10;
/// The longest that a policy may be kept, in seconds (RFC 8461, 3.2).
pub const MAX_AGE: u32 = 31_557_600;

/// What a sender does when a host fails the policy (RFC 8461, 5).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// It does not deliver there.
    Enforce,
    /// It delivers, and reports.
    Testing,
    /// As if there were no policy.
    None,
}

impl Mode {
    /// As the file writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Testing => "testing",
            Self::None => "none",
        }
    }

    fn named(text: &str) -> Option<Self> {
        [Self::Enforce, Self::Testing, Self::None].into_iter().find(|mode| mode.as_str() == text)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A policy that senders act on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Policy {
    /// What a sender does when a host fails it.
    pub mode: Mode,
    /// Seconds that it may be kept.
    pub max_age: u32,
    /// The hosts that are right.
    pub mx: Vec<Pattern>,
}

impl Policy {
    /// Whether a mail host is one that the policy names (RFC 8461, 4.1).
    #[must_use]
    pub fn allows(&self, host: &DomainName) -> bool {
        self.mx.iter().any(|pattern| pattern.matches(host))
    }
}

/// A policy file: what is written in it, and what senders make of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct File {
    fields: Vec<Field>,
    policy: Option<Policy>,
}

/// What is written in a file: each field as it stands; null if it is absent.
#[derive(Serialize)]
pub(crate) struct Published<'a> {
    version: Option<&'a str>,
    mode: Option<&'a str>,
    mx: Vec<&'a str>,
    max_age: Option<&'a str>,
}

/// What senders act on.
#[derive(Serialize)]
pub(crate) struct Effective<'a> {
    version: &'static str,
    mode: Mode,
    mx: Vec<&'a str>,
    max_age: u32,
}

impl File {
    /// Reads a policy file. Any octets are accepted.
    ///
    /// ```
    /// use dmarc_core::transport::mta_sts_policy::File;
    ///
    /// let file = File::parse("version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 604800\n");
    /// let policy = file.value.and_then(|file| file.policy().cloned()).expect("senders can use it");
    /// assert!(policy.allows(&"mx1.example.com".parse()?));
    /// assert!(!policy.allows(&"example.com".parse()?));
    /// # Ok::<(), dmarc_core::name::NameError>(())
    /// ```
    #[must_use]
    pub fn parse(octets: impl AsRef<[u8]>) -> Parsed<Self> {
        Self::parse_within(octets.as_ref(), &Limits::default())
    }

    /// [`File::parse`] with limits of the caller's choice.
    #[must_use]
    pub fn parse_within(octets: &[u8], limits: &Limits) -> Parsed<Self> {
        let mut parsed = read(octets, limits);
        diagnostics::sort(&mut parsed.diagnostics);
        if parsed.diagnostics.len() > limits.findings {
            parsed.diagnostics.retain(|found| found.severity > diagnostics::Severity::Notice);
            parsed.diagnostics.truncate(limits.findings);
        }
        let strength = |parsed: &Parsed<Self>| {
            let policy = parsed.value.as_ref().and_then(Self::policy);
            policy.map_or(0, |policy| match policy.mode {
                Mode::None => 0,
                Mode::Testing => 1,
                Mode::Enforce => 2,
            })
        };
        let before = strength(&parsed);
        // A fix is read again whole: a file full of mistakes must not take forever.
        let mut budget = FIXES;
        for found in &mut parsed.diagnostics {
            let Some(fix) = &mut found.fix else { continue };
            if budget == 0 {
                found.fix = None;
                continue;
            }
            budget -= 1;
            fix.effect = Some(Effect::from(strength(&read(&fix.apply(octets), limits)).cmp(&before)));
        }
        parsed
    }

    /// Whether a text looks like a policy file: a line with its version, or two fields that only it has.
    #[must_use]
    pub fn is_policy(octets: &[u8]) -> bool {
        lines::is_policy(octets)
    }

    /// The policy; `None` if senders act as if there were none.
    #[must_use]
    pub const fn policy(&self) -> Option<&Policy> {
        self.policy.as_ref()
    }

    pub(crate) fn published(&self) -> Published<'_> {
        let all = |name: &'static str| self.fields.iter().filter(move |field| field.name == name);
        let first = |name| all(name).next().map(|field| field.value.as_str());
        Published {
            version: first("version"),
            mode: first("mode"),
            mx: all("mx").map(|field| field.value.as_str()).collect(),
            max_age: first("max_age"),
        }
    }

    pub(crate) fn effective(&self) -> Option<Effective<'_>> {
        let policy = self.policy.as_ref()?;
        Some(Effective {
            version: "STSv1",
            mode: policy.mode,
            mx: policy.mx.iter().map(Pattern::as_str).collect(),
            max_age: policy.max_age,
        })
    }
}

/// Changes of one file whose effect is computed; the rest are not offered.
const FIXES: usize = 50;

fn read(octets: &[u8], limits: &Limits) -> Parsed<File> {
    let mut found: Vec<Diagnostic> = Vec::new();
    let list = lines::read(octets, limits, &mut found);
    let Some(fields) = list else { return Parsed { value: None, diagnostics: found } };
    if found.iter().any(|found| found.rule == &rules::TOO_LONG) {
        // What its beginning says is no policy.
        found.retain(|found| found.rule == &rules::TOO_LONG);
        return Parsed { value: Some(File { fields, policy: None }), diagnostics: found };
    }
    let policy = values::policy(&fields, Span::empty(octets.len()), &mut found);
    let broken = found.iter().any(|found| found.severity == diagnostics::Severity::Error);
    Parsed { value: Some(File { fields, policy: policy.filter(|_| !broken) }), diagnostics: found }
}
