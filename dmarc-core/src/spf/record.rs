//! The SPF record (RFC 7208, 3 and 4.5): what a receiver reads, and what is found in it.

use std::fmt;

use super::terms::{Directive, DomainSpec, Mechanism, Modifier, Qualifier, Term, TermKind};
use super::{grammar, quick};
use crate::diagnostics::{Parsed, Span};

/// An SPF record: a text that begins with `v=spf1` and a space, or is `v=spf1`.
///
/// One syntax error anywhere makes a receiver give `permerror` (RFC 7208, 4.6); its terms are kept
/// to be shown, and [`Record::is_usable`] is false.
///
/// ```
/// use dmarc_core::spf::{Qualifier, Record};
///
/// let parsed = Record::parse("v=spf1 ip4:192.0.2.0/24 include:_spf.example.com -all");
/// let record = parsed.into_result()?;
/// assert_eq!(record.lookup_terms(), 1);
/// assert_eq!(record.all(), Some(Qualifier::Fail));
///
/// let broken = Record::parse("v=spf1 include:_spf.example.com \u{2013}all");
/// assert!(!broken.value.unwrap().is_usable());
/// assert_eq!(broken.diagnostics[0].rule.code, "spf/typographic-character");
/// # Ok::<(), dmarc_core::diagnostics::Rejected>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Record {
    octets: Vec<u8>,
    version: Span,
    terms: Vec<Term>,
    usable: bool,
}

/// What a term takes with its space, or less: room is made for as many terms before they are read.
const TERM_OCTETS: usize = 20;
/// Terms that room is made for at most: more than anybody publishes.
const MANY_TERMS: usize = 64;

impl Record {
    /// Most octets of a record: a TXT record holds no more (RFC 1035, 3.2.1: a 16-bit length).
    pub const MAX_OCTETS: usize = 65_535;

    /// Reads a record with everything that is to say about it. Any octets are accepted.
    ///
    /// `value` is `None` if a receiver would not take the text for an SPF record at all.
    #[must_use]
    pub fn parse(octets: impl AsRef<[u8]>) -> Parsed<Self> {
        super::findings::inspect(octets.as_ref())
    }

    /// Reads what a receiver acts on, without findings; `None` if it is no SPF record.
    #[must_use]
    pub fn read(octets: impl AsRef<[u8]>) -> Option<Self> {
        let octets = octets.as_ref();
        let version = grammar::version(octets)?;
        let looked_at = octets.get(..Self::MAX_OCTETS).unwrap_or(octets);
        let mut terms = Vec::with_capacity((2 + looked_at.len() / TERM_OCTETS).min(MANY_TERMS));
        let mut plain = true;
        for span in tokens(looked_at, version) {
            plain &= read_term(looked_at, span, &mut terms);
        }
        let usable = octets.len() <= Self::MAX_OCTETS
            // What is plain is no modifier, and has no error.
            && (plain
                || !terms.iter().any(|term| term.kind == TermKind::Invalid) && !repeats_modifier(&terms));
        Some(Self { octets: octets.to_vec(), version: Span::new(0, version), terms, usable })
    }

    /// The octets as given.
    #[must_use]
    pub fn as_octets(&self) -> &[u8] {
        &self.octets
    }

    /// Where the version stands.
    #[must_use]
    pub const fn version_span(&self) -> Span {
        self.version
    }

    /// Its terms, in order.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Whether a receiver can evaluate it: no syntax error anywhere.
    #[must_use]
    pub const fn is_usable(&self) -> bool {
        self.usable
    }

    /// Its directives up to the first `all`: behind it nothing is reached (RFC 7208, 5.1).
    pub fn directives(&self) -> impl Iterator<Item = (&Term, &Directive)> {
        reachable(&self.terms)
    }

    /// The result of its first `all`.
    #[must_use]
    pub fn all(&self) -> Option<Qualifier> {
        self.all_term().map(|(_, directive)| directive.qualifier())
    }

    /// Its first `all`.
    pub(super) fn all_term(&self) -> Option<(&Term, &Directive)> {
        self.directives().find(|(_, directive)| directive.mechanism == Mechanism::All)
    }

    /// The target of its `redirect`, if one acts: not beside an `all` (RFC 7208, 6.1).
    #[must_use]
    pub fn redirect(&self) -> Option<&DomainSpec> {
        if self.all_term().is_some() {
            return None;
        }
        self.terms.iter().find_map(|term| match term.modifier()? {
            Modifier::Redirect(domain) => Some(domain),
            _ => None,
        })
    }

    /// Where the explanation for a `fail` is fetched (RFC 7208, 6.2).
    #[must_use]
    pub fn explanation(&self) -> Option<&DomainSpec> {
        self.terms.iter().find_map(|term| match term.modifier()? {
            Modifier::Explanation(domain) => Some(domain),
            _ => None,
        })
    }

    /// How many of its own terms query DNS when a receiver evaluates all that can be reached
    /// (RFC 7208, 4.6.4); what included records add is not known here.
    #[must_use]
    pub fn lookup_terms(&self) -> usize {
        let directives = self.directives().filter(|(_, directive)| directive.mechanism.queries()).count();
        directives + usize::from(self.redirect().is_some())
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::text::lossy(&self.octets))
    }
}

/// The parts between spaces. RFC 7208, 4.6.1: terms are separated by one or more SP, and SP alone.
pub(super) fn tokens(octets: &[u8], start: usize) -> impl Iterator<Item = Span> + '_ {
    let mut at = start;
    octets.get(start..).unwrap_or_default().split(|octet| *octet == b' ').filter_map(move |token| {
        let span = Span::new(at, at + token.len());
        at = span.end + 1;
        (!token.is_empty()).then_some(span)
    })
}

/// Reads the term at a place, and puts it behind those before it; tells whether it is a plain directive.
#[inline]
pub(super) fn read_term(octets: &[u8], span: Span, terms: &mut Vec<Term>) -> bool {
    let text = span.of(octets);
    let read = quick::term(text, |found| terms.push(Term { span, kind: TermKind::Directive(found) }));
    if read.is_none() {
        terms.push(Term { span, kind: grammar::term(text).unwrap_or(TermKind::Invalid) });
    }
    read.is_some()
}

/// Directives up to the first `all`.
pub(super) fn reachable(terms: &[Term]) -> impl Iterator<Item = (&Term, &Directive)> {
    let mut over = false;
    terms.iter().filter_map(|term| Some((term, term.directive()?))).take_while(move |(_, directive)| {
        let reached = !over;
        over |= directive.mechanism == Mechanism::All;
        reached
    })
}

/// RFC 7208, 6: `redirect` and `exp` "MUST NOT appear in a record more than once each".
fn repeats_modifier(terms: &[Term]) -> bool {
    let (mut redirects, mut explanations) = (0_usize, 0_usize);
    for modifier in terms.iter().filter_map(Term::modifier) {
        match modifier {
            Modifier::Redirect(_) => redirects += 1,
            Modifier::Explanation(_) => explanations += 1,
            Modifier::Unknown { .. } => {}
        }
    }
    redirects > 1 || explanations > 1
}
