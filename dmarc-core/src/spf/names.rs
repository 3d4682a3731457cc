//! Domain names and modifiers that the grammar allows, but that nobody means.

use super::grammar;
use super::macro_string::{Letter, Macro};
use super::rules::{
    EQUALS_FOR_COLON, IMPOSSIBLE_NAME, LIST_IN_TERM, MAILBOX_FOR_NAME, MISSPELT_MODIFIER, P_MACRO,
    REPEATED_VERSION, UNKNOWN_MODIFIER, UNUSUAL_CHARACTER, URL_FOR_NAME,
};
use super::terms::{DomainSpec, Mechanism, Modifier, Term, TermKind};
use super::values::host_of_url;
use crate::diagnostics::{Diagnostic, Edit, Span};
use crate::name::{MAX_LABEL, MAX_NAME};
use crate::syntax::repair;

/// What is to say about the domain-spec of a term.
pub(super) fn check(text: &[u8], term: &Term, diagnostics: &mut Vec<Diagnostic>) {
    let domain = match &term.kind {
        TermKind::Directive(directive) => directive.mechanism.domain(),
        TermKind::Modifier(Modifier::Redirect(domain) | Modifier::Explanation(domain)) => Some(domain),
        TermKind::Modifier(Modifier::Unknown { .. }) | TermKind::Invalid => None,
    };
    let (Some(domain), Some(span)) = (domain, term.value_span()) else { return };
    for (place, found) in domain.as_macro_string().placed_macros() {
        if matches!(found, Macro::Expand(expansion) if expansion.letter == Letter::ValidatedName) {
            let at = Span::new(span.start + place.start, span.start + place.end);
            diagnostics.push(P_MACRO.at(at).arg("text", at.of(text)));
        }
    }
    if domain.as_macro_string().is_literal() {
        diagnostics.extend(literal(text, term, domain, span));
    }
}

/// One finding about a name without macros, at most: what follows from the first needs no second.
fn literal(text: &[u8], term: &Term, domain: &DomainSpec, span: Span) -> Option<Diagnostic> {
    let name = domain.as_str();
    if let Some(host) = host_of_url(name) {
        return Some(URL_FOR_NAME.at(span).arg("value", name).fix(span, host));
    }
    if let Some(at) = name.find([',', ';']) {
        return Some(list(text, term, domain, span, at));
    }
    if let Some((_, host)) = name.split_once('@') {
        let found = MAILBOX_FOR_NAME.at(span).arg("value", name);
        let is_host = !host.contains('@') && grammar::domain_spec(host).is_ok();
        return Some(if is_host { found.fix(span, host) } else { found });
    }
    let usual = |each: char| each.is_ascii_alphanumeric() || "._-".contains(each);
    if let Some((at, found)) = name.char_indices().find(|(_, each)| !usual(*each)) {
        let place = Span::new(span.start + at, span.start + at + found.len_utf8());
        return Some(UNUSUAL_CHARACTER.at(place).arg("found", found.to_string()).arg("name", name));
    }
    let plain = name.strip_suffix('.').unwrap_or(name);
    let impossible =
        plain.len() > MAX_NAME || plain.split('.').any(|label| label.is_empty() || label.len() > MAX_LABEL);
    impossible.then(|| IMPOSSIBLE_NAME.at(span).arg("name", name))
}

/// `include:a.example.com,b.example.com`: one name, as receivers read it.
fn list(text: &[u8], term: &Term, domain: &DomainSpec, span: Span, first: usize) -> Diagnostic {
    let place = Span::new(span.start + first, span.start + first + 1);
    let found = LIST_IN_TERM.at(place).arg("name", domain.as_str());
    let prefix = String::from_utf8_lossy(Span::new(term.span.start, span.start).of(text)).into_owned();
    let mut edits = Vec::new();
    let mut start = 0;
    for piece in domain.as_str().split([',', ';']) {
        let name_alone = grammar::domain_spec(piece).is_ok();
        let term_alone = grammar::term(piece.as_bytes()).is_some();
        if start > 0 {
            let replacement = if term_alone { " ".to_owned() } else { format!(" {prefix}") };
            edits.push(Edit { span: Span::new(span.start + start - 1, span.start + start), replacement });
        }
        if !(name_alone || (term_alone && start > 0)) {
            return found;
        }
        start += piece.len() + 1;
    }
    // Two redirects would make the record unusable.
    if term.modifier().is_some() { found } else { found.fix_edits(edits) }
}

/// A modifier that receivers ignore: perhaps something else was meant.
pub(super) fn unknown_modifier(
    text: &[u8],
    term: &Term,
    modifier: &Modifier,
    removed: Vec<Edit>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let lower = modifier.name().to_ascii_lowercase();
    let name = term.name_span();
    let sign = Span::new(name.end, name.end + 1);
    let reads_with = |name: &str, sign: &str| {
        let value = modifier.value().as_str();
        grammar::term(format!("{name}{sign}{value}").as_bytes()).is_some()
    };
    if lower == "v" && modifier.value().as_str().eq_ignore_ascii_case("spf1") {
        diagnostics.push(REPEATED_VERSION.at(term.span).fix_edits(removed));
        return;
    }
    // RFC 6652, 3: modifiers that ask for reports.
    if matches!(lower.as_str(), "ra" | "rp" | "rr") {
        return;
    }
    if let Some(mechanism) = Mechanism::NAMES.iter().find(|mechanism| **mechanism == lower) {
        let found = EQUALS_FOR_COLON.at(sign).arg("mechanism", *mechanism);
        diagnostics.push(if reads_with(mechanism, ":") { found.fix(sign, ":") } else { found });
        return;
    }
    let near = |known: &str, most: usize| lower.len() > 2 && repair::distance(&lower, known) <= most;
    let meant = if near("redirect", 2) { Some("redirect") } else { near("exp", 1).then_some("exp") };
    match meant {
        Some(meant) if reads_with(meant, "=") => {
            let found = MISSPELT_MODIFIER.at(name).arg("name", name.of(text)).arg("meant", meant);
            diagnostics.push(found.fix(name, meant));
        }
        _ => diagnostics.push(UNKNOWN_MODIFIER.at(term.span).arg("name", name.of(text))),
    }
}
