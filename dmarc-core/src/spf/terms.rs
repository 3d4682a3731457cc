//! The parts of an SPF record: directives, modifiers and their values (RFC 7208, 4.6.1).

use std::fmt;

use serde::Serialize;

use super::macro_string::MacroString;
use super::networks::{Ip4Network, Ip6Network};
use crate::diagnostics::Span;

/// One term of a record, with its place.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Term {
    /// Where it stands in the record.
    pub span: Span,
    /// What it is.
    pub kind: TermKind,
}

impl Term {
    /// The directive that it is.
    #[must_use]
    pub const fn directive(&self) -> Option<&Directive> {
        if let TermKind::Directive(directive) = &self.kind { Some(directive) } else { None }
    }

    /// The modifier that it is.
    #[must_use]
    pub const fn modifier(&self) -> Option<&Modifier> {
        if let TermKind::Modifier(modifier) = &self.kind { Some(modifier) } else { None }
    }

    /// Where its name stands, without qualifier and value; empty for [`TermKind::Invalid`].
    #[must_use]
    pub fn name_span(&self) -> Span {
        let (start, length) = match &self.kind {
            TermKind::Directive(found) => {
                (self.span.start + usize::from(found.written.is_some()), found.mechanism.name().len())
            }
            TermKind::Modifier(found) => (self.span.start, found.name().len()),
            TermKind::Invalid => (self.span.start, 0),
        };
        Span::new(start, start + length)
    }

    /// Where its value stands, without prefix lengths; `None` if it has none.
    #[must_use]
    pub fn value_span(&self) -> Option<Span> {
        let has_value = match &self.kind {
            TermKind::Directive(found) => {
                found.mechanism.domain().is_some()
                    || matches!(found.mechanism, Mechanism::Ip4(_) | Mechanism::Ip6(_))
            }
            TermKind::Modifier(_) => true,
            TermKind::Invalid => false,
        };
        let end = self.cidr_span().map_or(self.span.end, |cidr| cidr.start);
        // One octet for the colon or equals sign.
        has_value.then(|| Span::new(self.name_span().end + 1, end))
    }

    /// Where its prefix lengths stand, with their slashes.
    #[must_use]
    pub fn cidr_span(&self) -> Option<Span> {
        let written = match &self.directive()?.mechanism {
            Mechanism::A(_, cidr) | Mechanism::Mx(_, cidr) => cidr.to_string().len(),
            Mechanism::Ip4(network) => written_length(network.written_length()),
            Mechanism::Ip6(network) => written_length(network.written_length()),
            _ => 0,
        };
        (written > 0).then(|| Span::new(self.span.end - written, self.span.end))
    }
}

/// Octets of `/` and the number. Numbers have no leading zeros, so that this is exact.
fn written_length(length: Option<u8>) -> usize {
    length.map_or(0, |length| 1 + length.to_string().len())
}

/// What a term is.
#[derive(Clone, Debug, Eq, PartialEq, Hash)]
pub enum TermKind {
    /// A mechanism with the result that it gives where it matches.
    Directive(Directive),
    /// A modifier.
    Modifier(Modifier),
    /// Not a term: a syntax error, and the record with it (RFC 7208, 4.6).
    Invalid,
}

/// A mechanism with its qualifier.
#[derive(Clone, Debug, Eq, PartialEq, Hash)]
pub struct Directive {
    /// The qualifier as written; `None` stands for `+`.
    pub written: Option<Qualifier>,
    /// The mechanism.
    pub mechanism: Mechanism,
}

impl Directive {
    /// The result where the mechanism matches.
    #[must_use]
    pub fn qualifier(&self) -> Qualifier {
        // RFC 7208, 4.6.2: "The qualifier is optional and defaults to "+"."
        self.written.unwrap_or(Qualifier::Pass)
    }
}

/// What a directive gives where its mechanism matches (RFC 7208, 4.6.2).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Qualifier {
    /// `+`
    Pass,
    /// `?`
    Neutral,
    /// `~`
    Softfail,
    /// `-`
    Fail,
}

impl Qualifier {
    /// `pass`, `neutral`, `softfail` or `fail`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Neutral => "neutral",
            Self::Softfail => "softfail",
            Self::Fail => "fail",
        }
    }

    /// `+`, `?`, `~` or `-`.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Pass => "+",
            Self::Neutral => "?",
            Self::Softfail => "~",
            Self::Fail => "-",
        }
    }

    /// The qualifier that a character stands for.
    #[must_use]
    pub const fn of(character: char) -> Option<Self> {
        match character {
            '+' => Some(Self::Pass),
            '?' => Some(Self::Neutral),
            '~' => Some(Self::Softfail),
            '-' => Some(Self::Fail),
            _ => None,
        }
    }
}

/// A mechanism with its arguments (RFC 7208, 5).
#[derive(Clone, Debug, Eq, PartialEq, Hash)]
pub enum Mechanism {
    /// `all`
    All,
    /// `include:<domain-spec>`
    Include(DomainSpec),
    /// `a`, of the current domain if none is given.
    A(Option<DomainSpec>, DualCidr),
    /// `mx`, of the current domain if none is given.
    Mx(Option<DomainSpec>, DualCidr),
    /// `ptr`, within the current domain if none is given.
    Ptr(Option<DomainSpec>),
    /// `ip4:<network>`
    Ip4(Ip4Network),
    /// `ip6:<network>`
    Ip6(Ip6Network),
    /// `exists:<domain-spec>`
    Exists(DomainSpec),
}

impl Mechanism {
    /// Every name of a mechanism.
    pub const NAMES: [&'static str; 8] = ["all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"];

    /// Its name, in lower case.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Include(_) => "include",
            Self::A(..) => "a",
            Self::Mx(..) => "mx",
            Self::Ptr(_) => "ptr",
            Self::Ip4(_) => "ip4",
            Self::Ip6(_) => "ip6",
            Self::Exists(_) => "exists",
        }
    }

    /// Whether evaluating it queries DNS and so counts against the limit (RFC 7208, 4.6.4).
    #[must_use]
    pub const fn queries(&self) -> bool {
        !matches!(self, Self::All | Self::Ip4(_) | Self::Ip6(_))
    }

    /// The domain that it names.
    #[must_use]
    pub const fn domain(&self) -> Option<&DomainSpec> {
        match self {
            Self::Include(domain) | Self::Exists(domain) => Some(domain),
            Self::A(domain, _) | Self::Mx(domain, _) | Self::Ptr(domain) => domain.as_ref(),
            Self::All | Self::Ip4(_) | Self::Ip6(_) => None,
        }
    }
}

/// A modifier (RFC 7208, 6).
#[derive(Clone, Debug, Eq, PartialEq, Hash)]
pub enum Modifier {
    /// `redirect=<domain-spec>`
    Redirect(DomainSpec),
    /// `exp=<domain-spec>`
    Explanation(DomainSpec),
    /// Any other; it "MUST be ignored no matter where, or how often, they appear".
    Unknown {
        /// Its name as written.
        name: String,
        /// Its value; may be empty.
        value: MacroString,
    },
}

impl Modifier {
    /// Its name; in lower case where it is known.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Redirect(_) => "redirect",
            Self::Explanation(_) => "exp",
            Self::Unknown { name, .. } => name,
        }
    }

    /// Its value.
    #[must_use]
    pub const fn value(&self) -> &MacroString {
        match self {
            Self::Redirect(domain) | Self::Explanation(domain) => domain.as_macro_string(),
            Self::Unknown { value, .. } => value,
        }
    }
}

/// A macro string that ends in a top label or a macro.
#[derive(Clone, Debug, Eq, PartialEq, Hash)]
pub struct DomainSpec(pub(super) MacroString);

impl DomainSpec {
    /// The text as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The macro string that it is.
    #[must_use]
    pub const fn as_macro_string(&self) -> &MacroString {
        &self.0
    }
}

impl fmt::Display for DomainSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The prefix lengths of `a` and `mx`, as written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct DualCidr {
    /// `/0` to `/32`; 32 if absent.
    pub ip4: Option<u8>,
    /// `//0` to `//128`; 128 if absent.
    pub ip6: Option<u8>,
}

impl DualCidr {
    /// The prefix length for IPv4 clients.
    #[must_use]
    pub fn ip4_length(&self) -> u8 {
        self.ip4.unwrap_or(32)
    }

    /// The prefix length for IPv6 clients.
    #[must_use]
    pub fn ip6_length(&self) -> u8 {
        self.ip6.unwrap_or(128)
    }
}

impl fmt::Display for DualCidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(length) = self.ip4 {
            write!(f, "/{length}")?;
        }
        if let Some(length) = self.ip6 {
            write!(f, "//{length}")?;
        }
        Ok(())
    }
}
