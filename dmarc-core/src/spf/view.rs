//! The record as data, in the shape that every output and binding shows.

use serde::Serialize;

use super::check::CheckHost;
use super::outcome::{Evaluated, Explanation, Identity, Problem, SpfResult};
use super::record::Record;
use super::terms::{Term, TermKind};
use super::trace::{PlacedTerm, Steps};
use crate::diagnostics::{Catalog, Span, View};
use crate::evaluation::Cost;
use crate::name::DomainName;
use crate::text::lossy;

/// A record as written: its terms, in order.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct PublishedView {
    /// Its terms; those with a syntax error too.
    pub terms: Vec<TermView>,
}

/// One term as written. A term with a syntax error has neither mechanism nor modifier.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct TermView {
    /// The whole term.
    pub text: String,
    /// Byte range of the record.
    pub span: Span,
    /// `+`, `-`, `~` or `?`; null if none is written.
    pub qualifier: Option<&'static str>,
    /// Name of the mechanism, in lower case.
    pub mechanism: Option<&'static str>,
    /// Name of the modifier, in lower case where it is known.
    pub modifier: Option<String>,
    /// What stands behind the colon or equals sign, without prefix lengths.
    pub value: Option<String>,
    /// Prefix lengths, with their slashes.
    pub cidr: Option<String>,
}

/// What a receiver acts on.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct EffectiveView {
    /// Result of the `all` that ends the record: `pass`, `fail`, `softfail`, `neutral` or null.
    pub all: Option<&'static str>,
    /// That `all` as written.
    pub all_text: Option<String>,
    /// Target of the `redirect`, if it acts.
    pub redirect: Option<String>,
    /// Where the explanation is fetched.
    pub exp: Option<String>,
    /// Terms of this record that query DNS and can be reached.
    pub lookup_terms: usize,
}

/// The record as written, and what a receiver acts on: nothing if it is not usable.
#[must_use]
pub fn views(record: &Record) -> (PublishedView, Option<EffectiveView>) {
    let octets = record.as_octets();
    let terms = record.terms().iter().map(|term| term_view(octets, term)).collect();
    let effective = record.is_usable().then(|| EffectiveView {
        all: record.all().map(super::Qualifier::as_str),
        all_text: record.all_term().map(|(term, _)| lossy(term.span.of(octets))),
        redirect: record.redirect().map(ToString::to_string),
        exp: record.explanation().map(ToString::to_string),
        lookup_terms: record.lookup_terms(),
    });
    (PublishedView { terms }, effective)
}

fn term_view(octets: &[u8], term: &Term) -> TermView {
    let (qualifier, mechanism, modifier) = match &term.kind {
        TermKind::Directive(found) => {
            (found.written.map(super::Qualifier::sign), Some(found.mechanism.name()), None)
        }
        TermKind::Modifier(found) => (None, None, Some(found.name().to_owned())),
        TermKind::Invalid => (None, None, None),
    };
    let text = |span: Span| lossy(span.of(octets));
    TermView {
        text: text(term.span),
        span: term.span,
        qualifier,
        mechanism,
        modifier,
        value: term.value_span().map(text),
        cidr: term.cidr_span().map(text),
    }
}

/// What `check_host` found out (`dmarc-check/check-host/1`).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckHostView<'a> {
    /// Name and version of this shape.
    pub schema: &'static str,
    /// `mailfrom` or `helo`.
    pub identity: Identity,
    /// The sender, with `postmaster` where it had no local-part.
    pub sender: String,
    /// The domain that was checked.
    pub domain: Option<&'a DomainName>,
    /// The result; null if a fact is missing that cannot be looked up.
    pub result: Option<SpfResult>,
    /// The term that decided.
    pub term: Option<&'a PlacedTerm>,
    /// Why the result is an error or `none`, or is missing.
    pub problem: Option<&'a Problem>,
    /// What the domain, a third party, says about a `fail`.
    pub explanation: Option<&'a Explanation>,
    /// Terms that query DNS, as far as they were evaluated.
    pub lookups: u32,
    /// Queries that found nothing.
    pub voids: u32,
    /// Every term that was evaluated, in order.
    pub trace: &'a Steps,
    /// The `Received-SPF` field.
    pub received_spf: Option<String>,
    /// What `Authentication-Results` says about SPF.
    pub authentication_results: Option<String>,
    /// Findings about the TXT records of the domain.
    pub diagnostics: Vec<View>,
    /// Rounds of questions that a caller without facts needs.
    pub rounds: u32,
    /// Questions that it asks.
    pub asked: u32,
}

/// The outcome of a check as data.
#[must_use]
pub fn check_host<'a>(
    check: &CheckHost,
    found: &'a Evaluated,
    cost: Cost,
    catalog: &Catalog,
) -> CheckHostView<'a> {
    CheckHostView {
        schema: "dmarc-check/check-host/1",
        identity: found.identity,
        sender: check.sender_address(),
        domain: found.domain.as_ref(),
        result: found.result,
        term: found.term.as_ref(),
        problem: found.problem.as_ref(),
        explanation: found.explanation.as_ref(),
        lookups: found.lookups,
        voids: found.voids,
        trace: &found.trace,
        received_spf: found.received_spf(check),
        authentication_results: found.authentication_results(check),
        diagnostics: found.diagnostics.iter().map(|(each, text)| View::new(each, catalog, text)).collect(),
        rounds: cost.rounds,
        asked: cost.asked,
    }
}
