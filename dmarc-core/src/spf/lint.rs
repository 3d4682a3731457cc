//! What works, but not as it reads: strength, order and size of a record.
//!
//! Looks at terms that are well formed. How well a record is written and how much it protects are
//! two things; nothing here makes a record unusable.

use super::names;
use super::ranges::{Redundant, redundant};
use super::record::reachable;
use super::rules::{
    DUPLICATE_TERM, LARGE_RECORD, LONG_RECORD, MODIFIER_POSITION, NEUTRAL_ALL, NO_ALL, PASS_ALL, PTR,
    REDIRECT_BESIDE_ALL, REPEATED_MODIFIER, SEVERAL_ALL, SUBSUMED_RANGE, TERM_AFTER_ALL, TOO_MANY_LOOKUPS,
};
use super::sizes;
use super::terms::{Directive, Mechanism, Modifier, Qualifier, Term, TermKind};
use crate::diagnostics::{Diagnostic, Edit, Span};
use crate::syntax::strings::MAX_STRING;

/// RFC 7208, 4.6.4: "MUST limit the total number of those terms to 10 during SPF evaluation".
pub(super) const LOOKUP_TERMS: usize = 10;
/// RFC 7208, 3.4: "under 450 octets, then DNS answers ought to fit in UDP packets".
pub(super) const ANSWER_OCTETS: usize = 450;

/// Everything to say about the well-formed terms of a text.
pub(super) fn lint(text: &[u8], terms: &[Term], diagnostics: &mut Vec<Diagnostic>) {
    Lint { text, terms, diagnostics }.run();
}

/// The findings on the size of the text as given.
pub(super) fn size(octets: &[u8], diagnostics: &mut Vec<Diagnostic>) {
    if octets.len() > MAX_STRING {
        // A multi-byte character may stand across the boundary; the span stays outside of it.
        let start =
            (0..=MAX_STRING).rev().find(|at| octets.get(*at).is_none_or(|octet| octet & 0xc0 != 0x80));
        let span = Span::new(start.unwrap_or(0), octets.len());
        let strings = octets.len().div_ceil(MAX_STRING);
        diagnostics.push(LONG_RECORD.at(span).arg("octets", octets.len()).arg("strings", strings));
    }
    if octets.len() > ANSWER_OCTETS {
        let found = LARGE_RECORD.at(Span::new(0, octets.len()));
        diagnostics.push(found.arg("octets", octets.len()).arg("limit", ANSWER_OCTETS));
    }
}

struct Lint<'a> {
    text: &'a [u8],
    terms: &'a [Term],
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Lint<'_> {
    fn run(mut self) {
        let terms = self.terms;
        let reached: Vec<(&Term, &Directive)> = reachable(terms).collect();
        let all = reached.last().filter(|(_, found)| found.mechanism == Mechanism::All).copied();
        self.all(all);
        self.modifiers(all.is_some());
        self.directives(&reached);
        self.lookups(&reached, all.is_some());
    }

    fn shown(&self, term: &Term) -> Vec<u8> {
        term.span.of(self.text).to_vec()
    }

    /// A term and the blanks before it, taken away.
    fn removed(&self, term: &Term) -> Vec<Edit> {
        let before = self.text.get(..term.span.start).unwrap_or_default();
        let blanks = before.iter().rev().take_while(|octet| **octet == b' ').count();
        vec![Edit { span: Span::new(term.span.start - blanks, term.span.end), replacement: String::new() }]
    }

    fn all(&mut self, all: Option<(&Term, &Directive)>) {
        let Some((all, directive)) = all else {
            // A term that is not understood may be the `all` that seems to be missing.
            let all_read = self.terms.iter().all(|term| term.kind != TermKind::Invalid);
            let redirects =
                self.terms.iter().any(|term| matches!(term.modifier(), Some(Modifier::Redirect(_))));
            if all_read && !redirects {
                self.diagnostics.push(NO_ALL.at(Span::empty(self.text.len())));
            }
            return;
        };
        match directive.qualifier() {
            Qualifier::Pass => {
                self.diagnostics.push(PASS_ALL.at(all.span).arg("text", self.shown(all).as_slice()));
            }
            Qualifier::Neutral => self.diagnostics.push(NEUTRAL_ALL.at(all.span)),
            Qualifier::Softfail | Qualifier::Fail => {}
        }
        for term in self.terms.iter().filter(|term| term.span.start > all.span.start) {
            let Some(directive) = term.directive() else { continue };
            let found = if directive.mechanism == Mechanism::All {
                SEVERAL_ALL.at(term.span)
            } else {
                TERM_AFTER_ALL.at(term.span).arg("term", self.shown(term).as_slice())
            };
            self.diagnostics.push(found.fix_edits(self.removed(term)));
        }
    }

    fn modifiers(&mut self, has_all: bool) {
        let is_redirect = |term: &&Term| matches!(term.modifier(), Some(Modifier::Redirect(_)));
        let redirects = self.terms.iter().filter(is_redirect).count();
        let last_directive = self.terms.iter().rposition(|term| term.directive().is_some());
        for (index, term) in self.terms.iter().enumerate() {
            let Some(modifier) = term.modifier() else { continue };
            match modifier {
                Modifier::Redirect(_) | Modifier::Explanation(_) if self.is_repeated(index, modifier) => {
                    let found = REPEATED_MODIFIER.at(term.span).arg("modifier", modifier.name());
                    let same = self.terms.iter().take(index).any(|earlier| earlier.kind == term.kind);
                    self.diagnostics.push(if same { found.fix_edits(self.removed(term)) } else { found });
                    continue;
                }
                // Of several redirects one has to stay first of all.
                Modifier::Redirect(_) if has_all && redirects > 1 => continue,
                Modifier::Redirect(_) if has_all => {
                    self.diagnostics.push(REDIRECT_BESIDE_ALL.at(term.span).fix_edits(self.removed(term)));
                    continue;
                }
                Modifier::Redirect(_) | Modifier::Explanation(_) => {
                    if last_directive.is_some_and(|last| last > index) {
                        self.diagnostics
                            .push(MODIFIER_POSITION.at(term.span).arg("modifier", modifier.name()));
                    }
                }
                Modifier::Unknown { .. } => {
                    names::unknown_modifier(self.text, term, modifier, self.removed(term), self.diagnostics);
                    continue;
                }
            }
            names::check(self.text, term, self.diagnostics);
        }
    }

    fn is_repeated(&self, index: usize, modifier: &Modifier) -> bool {
        let known = |term: &Term| match term.modifier() {
            Some(Modifier::Unknown { .. }) | None => None,
            Some(found) => Some(found.name().to_owned()),
        };
        self.terms.iter().take(index).any(|earlier| known(earlier).as_deref() == Some(modifier.name()))
    }

    fn directives(&mut self, reached: &[(&Term, &Directive)]) {
        let directives: Vec<&Directive> = reached.iter().map(|(_, directive)| *directive).collect();
        for ((term, directive), why) in reached.iter().zip(redundant(&directives)) {
            if let Mechanism::Ptr(_) = directive.mechanism {
                self.diagnostics.push(PTR.at(term.span));
            }
            names::check(self.text, term, self.diagnostics);
            match why {
                // How large it is says what makes it redundant, too.
                Some(why) => self.redundant(reached, term, why),
                None => sizes::check(self.text, term, directive, self.diagnostics),
            }
        }
    }

    fn redundant(&mut self, reached: &[(&Term, &Directive)], term: &Term, why: Redundant) {
        let other = |index: usize| reached.get(index).map(|(other, _)| self.shown(other)).unwrap_or_default();
        let shown = self.shown(term);
        let found = match why {
            Redundant::DuplicateOf(first) => DUPLICATE_TERM
                .at(term.span)
                .arg("term", shown.as_slice())
                .arg("first", other(first).as_slice()),
            Redundant::Within(wider) => SUBSUMED_RANGE
                .at(term.span)
                .arg("range", shown.as_slice())
                .arg("wider", other(wider).as_slice()),
        };
        let found = found.fix_edits(self.removed(term));
        self.diagnostics.push(found);
    }

    fn lookups(&mut self, reached: &[(&Term, &Directive)], has_all: bool) {
        let directives = reached.iter().filter(|(_, found)| found.mechanism.queries()).map(|(term, _)| *term);
        let redirect = self
            .terms
            .iter()
            .filter(|term| !has_all && matches!(term.modifier(), Some(Modifier::Redirect(_))))
            .take(1);
        let terms: Vec<&Term> = directives.chain(redirect).collect();
        if let Some(first_over) = terms.get(LOOKUP_TERMS) {
            let found = TOO_MANY_LOOKUPS.at(first_over.span);
            self.diagnostics.push(found.arg("count", terms.len()).arg("limit", LOOKUP_TERMS));
        }
    }
}
