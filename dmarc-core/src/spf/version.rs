//! The version at the start of a record (RFC 7208, 4.5), and what stands there instead.

use std::ops::Range;

use nom::branch::alt;
use nom::bytes::complete::{tag_no_case, take_while, take_while1};
use nom::character::complete::{multispace0, one_of};
use nom::combinator::{consumed, opt, recognize};
use nom::sequence::{pair, terminated};
use nom::{IResult, Parser};

use super::draft::Draft;
use super::grammar;
use super::record::tokens;
use super::rules::{INVALID_VERSION, MISSING_VERSION, NOT_A_RECORD, OTHER_RECORD, SENDER_ID};
use super::terms::{Mechanism, TermKind};
use crate::diagnostics::{Diagnostic, Span};

/// The version of a record.
const VERSION: &str = "v=spf1";

/// The draft with its version mended, and the findings about it; `None` if there is none to mend.
pub(super) fn mend(draft: Draft, diagnostics: &mut Vec<Diagnostic>) -> Option<Draft> {
    if grammar::version(draft.text()).is_some() {
        return Some(draft);
    }
    // Everything below looks for ASCII at the start; the rest may be anything.
    let start = draft.text().utf8_chunks().next().map_or("", |chunk| chunk.valid());
    if let Some((range, replacement)) = near_version(start) {
        let span = draft.span(range.clone());
        let changes = [(range.clone(), replacement.to_owned())];
        let version = draft.text().get(range).unwrap_or_default();
        let found = INVALID_VERSION.at(span).arg("version", version);
        diagnostics.push(found.fix_edits(draft.edits(&changes)));
        return Some(draft.changed(&changes));
    }
    let nowhere = draft.span(0..0);
    if let Some(kind) = other_kind(start) {
        let word = draft.span(0..start.find(' ').unwrap_or(start.len()));
        diagnostics.push(OTHER_RECORD.at(word).arg("kind", kind));
    } else if is_sender_id(start) {
        diagnostics.push(SENDER_ID.at(draft.span(0..start.find(' ').unwrap_or(start.len()))));
    } else if reads_as_terms(draft.text()) {
        let changes = [(0..0, "v=spf1 ".to_owned())];
        diagnostics.push(MISSING_VERSION.at(nowhere).fix_edits(draft.edits(&changes)));
        return Some(draft.changed(&changes));
    } else {
        diagnostics.push(NOT_A_RECORD.at(nowhere).arg("text", draft.text()));
    }
    None
}

/// A version that is nearly one: its range, and what belongs there.
fn near_version(text: &str) -> Option<(Range<usize>, &'static str)> {
    if let Some(rest) =
        text.get(..VERSION.len()).filter(|v| v.eq_ignore_ascii_case(VERSION)).and(text.get(VERSION.len()..))
    {
        let marks = rest.len() - rest.trim_start_matches([';', ',', ':', '.']).len();
        let behind = rest.get(marks..).unwrap_or_default();
        if marks > 0 && !behind.starts_with(|next: char| next.is_ascii_digit()) {
            let separate = !behind.is_empty() && !behind.starts_with(' ');
            let replacement = if separate { "v=spf1 " } else { VERSION };
            return Some((0..VERSION.len() + marks, replacement));
        }
        // `v=spf1-all`: the space is missing.
        let word = behind.split(' ').next().unwrap_or_default();
        if grammar::term(word.as_bytes()).is_some() {
            return Some((0..VERSION.len(), "v=spf1 "));
        }
    }
    let (rest, (found, (v, number))) = consumed(approximate).parse(text).ok()?;
    // A word such as `spf` alone says too little.
    let says_enough = v.is_some() || !number.is_empty();
    (says_enough && (rest.is_empty() || rest.starts_with(' '))).then_some((0..found.len(), VERSION))
}

/// `[ "v" [ "=" / ":" ] ] "spf" number`, with blanks between, and with the slips that are seen.
fn approximate(input: &str) -> IResult<&str, (Option<&str>, &str)> {
    let v = recognize((tag_no_case("v"), multispace0, opt(one_of("=:-")), multispace0));
    let word = alt((tag_no_case("spf"), tag_no_case("sfp"), tag_no_case("psf")));
    let digits = take_while1(|each: char| each.is_ascii_digit() || each == '.');
    let number = recognize(pair(opt(one_of("-_=.")), opt(alt((digits, recognize(one_of("lIi|!")))))));
    let marks = take_while(|each| matches!(each, ';' | ',' | ':'));
    (opt(v), terminated(pair(word, number), marks)).map(|(v, (_, number))| (v, number)).parse(input)
}

/// Which other record a text is by its version.
fn other_kind(text: &str) -> Option<&'static str> {
    let kinds = [
        ("v=dmarc1", "DMARC"),
        ("v=dkim1", "DKIM"),
        ("v=stsv1", "MTA-STS"),
        ("v=tlsrptv1", "TLS-RPT"),
        ("v=bimi1", "BIMI"),
    ];
    let lower: String = text.chars().take(12).collect::<String>().to_ascii_lowercase();
    kinds.iter().find(|(version, _)| lower.starts_with(version)).map(|(_, kind)| *kind)
}

/// RFC 4406, 3.1: `spf2.0/pra`, `spf2.0/mfrom`. What its owner wants SPF to say is not known.
fn is_sender_id(text: &str) -> bool {
    text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("spf2.0/"))
}

/// Whether all of it reads as terms, and something in it can only be SPF.
fn reads_as_terms(text: &[u8]) -> bool {
    let mut certain = false;
    let all_read = tokens(text, 0).all(|span: Span| match grammar::term(span.of(text)) {
        Some(TermKind::Directive(found)) => {
            certain |= match found.mechanism {
                Mechanism::All => found.written.is_some(),
                Mechanism::A(None, _) | Mechanism::Mx(None, _) | Mechanism::Ptr(None) => false,
                _ => true,
            };
            true
        }
        Some(TermKind::Modifier(_)) => true,
        Some(TermKind::Invalid) | None => false,
    });
    all_read && certain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_versions_are_mended() {
        for (text, meant) in [
            ("v=spf1; a", "v=spf1 a"),
            ("v=spf1;a", "v=spf1 a"),
            ("v=spf2.0 -all", "v=spf1 -all"),
            ("spf1 -all", "v=spf1 -all"),
            ("v=spf10 -all", "v=spf1 -all"),
            ("v=spf1.0 -all", "v=spf1 -all"),
            ("v = spf1 -all", "v=spf1 -all"),
            ("v=spf -all", "v=spf1 -all"),
            ("v=spfl -all", "v=spf1 -all"),
            ("v:spf1: -all", "v=spf1 -all"),
            ("V=SFP1 -all", "v=spf1 -all"),
            ("v=spf1-all", "v=spf1 -all"),
        ] {
            let (range, replacement) = near_version(text).unwrap_or((0..0, ""));
            assert_eq!(format!("{replacement}{}", &text[range.end..]), meant, "{text}");
        }
        for text in ["spf record", "v=spf1x", "v=dmarc1", "", "spf2.0/pra -all"] {
            assert_eq!(near_version(text), None, "{text}");
        }
    }
}
