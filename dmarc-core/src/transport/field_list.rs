//! The grammar that both records share (RFC 8460, 3; RFC 8461, 3.1):
//! `version 1*( *WSP ";" *WSP field ) [ *WSP ";" *WSP ]`.

use crate::diagnostics::{Diagnostic, Edit, Rule, Span};
use crate::limits::Limits;
use crate::syntax::repair;
use crate::syntax::tag_list;
use crate::text::{boundary, lossy};

/// Most characters of the name of a field, and of the id of MTA-STS.
pub(super) const NAME: usize = 32;

/// One `name=value` field, as written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Field {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
    /// Where the name stands.
    pub name_span: Span,
    /// Where the value stands.
    pub value_span: Span,
}

/// The words and rules of one kind of record.
pub(super) struct Grammar {
    /// `v=STSv1` or `v=TLSRPTv1`.
    pub version: &'static str,
    /// The field that has to be there.
    pub required: &'static str,
    pub empty: &'static Rule,
    pub no_record: &'static Rule,
    pub invalid_version: &'static Rule,
    pub quoted: &'static Rule,
    pub pasted: &'static Rule,
    pub escaped: &'static Rule,
    pub leading_blank: &'static Rule,
    pub wrong_separator: &'static Rule,
    pub blank_before_separator: &'static Rule,
    pub empty_field: &'static Rule,
    pub invalid_field: &'static Rule,
    pub blank_around_equals: &'static Rule,
    pub uppercase_field: &'static Rule,
    pub unknown_field: &'static Rule,
    pub missing_field: &'static Rule,
    pub too_long: &'static Rule,
}

/// The fields in order, and whether the grammar holds.
pub(super) struct List {
    pub fields: Vec<Field>,
    pub sound: bool,
}

const fn is_wsp(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t')
}

/// Whether a text begins with the version and what may follow it.
pub(super) fn is_record(octets: &[u8], grammar: &Grammar) -> bool {
    let rest = octets.strip_prefix(grammar.version.as_bytes());
    rest.is_some_and(|rest| rest.trim_ascii_start().first().is_none_or(|octet| *octet == b';'))
}

/// Reads the list; `None` if the text is no record of the kind.
pub(super) fn read(
    octets: &[u8],
    grammar: &Grammar,
    limits: &Limits,
    found: &mut Vec<Diagnostic>,
) -> Option<List> {
    if octets.len() > limits.record_octets {
        let place = boundary(octets, limits.record_octets)..octets.len();
        found.push(grammar.too_long.at(place).arg("octets", octets.len()).arg("limit", limits.record_octets));
        return None;
    }
    if !is_record(octets, grammar) {
        found.push(why_not(octets, grammar));
        return None;
    }
    let mut at = grammar.version.len();
    let before = found.len();
    let mut fields = Vec::new();
    let blanks = octets.get(at..).unwrap_or_default().iter().take_while(|octet| is_wsp(**octet)).count();
    if blanks > 0 && octets.get(at + blanks) == Some(&b';') {
        let place = Span::new(at, at + blanks);
        found.push(grammar.blank_before_separator.at(place).fix(place, ""));
    }
    let warnings = found.len() - before;
    at += blanks + 1;
    let segments = tag_list::segments(octets.get(at..).unwrap_or_default(), limits.tags);
    for segment in &segments {
        let place = segment.span.shifted(at);
        if segment.is_empty() {
            // One separator may stand at the end.
            if let Some(separator) = segment.separator {
                let separator = Span::new(at + separator, at + separator + 1);
                found.push(grammar.empty_field.at(separator).fix(separator, ""));
            }
            continue;
        }
        fields.extend(field(octets, place, grammar, found));
    }
    let sound = found.len() == before + warnings;
    for field in &fields {
        unknown(field, grammar, found);
    }
    if !fields.iter().any(|field| field.name == grammar.required) {
        found.push(grammar.missing_field.at(Span::empty(octets.len())));
    }
    Some(List { fields, sound })
}

fn field(octets: &[u8], place: Span, grammar: &Grammar, found: &mut Vec<Diagnostic>) -> Option<Field> {
    let text = place.of(octets);
    let invalid = || grammar.invalid_field.at(place).arg("text", lossy(text));
    let Some(equals) = text.iter().position(|octet| *octet == b'=') else {
        found.push(invalid());
        return None;
    };
    let name = Span::new(place.start, place.start + equals);
    let value = Span::new(place.start + equals + 1, place.end);
    let (bare_name, bare_value) = (tag_list::trim(octets, name), tag_list::trim(octets, value));
    let gap = Span::new(bare_name.end, bare_value.start);
    if gap.end - gap.start > 1 && bare_name.start < bare_name.end && bare_value.start < bare_value.end {
        found.push(grammar.blank_around_equals.at(gap).fix(gap, "="));
        return None;
    }
    // The one field that has a grammar of its own is judged by its record.
    let required = name.of(octets) == grammar.required.as_bytes();
    let is_extension = is_name(name.of(octets)) && is_value(value.of(octets));
    if !required && !is_extension {
        found.push(invalid());
        return None;
    }
    Some(Field {
        name: lossy(name.of(octets)),
        value: lossy(value.of(octets)),
        name_span: name,
        value_span: value,
    })
}

pub(super) fn is_name(name: &[u8]) -> bool {
    let inner = |octet: &u8| octet.is_ascii_alphanumeric() || matches!(octet, b'_' | b'-' | b'.');
    name.first().is_some_and(u8::is_ascii_alphanumeric) && name.len() <= NAME && name.iter().all(inner)
}

fn is_value(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(|octet| octet.is_ascii_graphic() && !matches!(octet, b';' | b'='))
}

fn unknown(field: &Field, grammar: &Grammar, found: &mut Vec<Diagnostic>) {
    if field.name == grammar.required || field.name == "v" {
        return;
    }
    found.push(if field.name.eq_ignore_ascii_case(grammar.required) {
        let diagnostic = grammar.uppercase_field.at(field.name_span).arg("field", field.name.as_str());
        diagnostic.fix(field.name_span, grammar.required)
    } else {
        grammar.unknown_field.at(field.name_span).arg("field", field.name.as_str())
    });
}

/// Why a text is no record of the kind: one cause, with the change that makes it one.
fn why_not(octets: &[u8], grammar: &Grammar) -> Diagnostic {
    let whole = Span::new(0, octets.len());
    let text = lossy(octets);
    if text.trim().is_empty() {
        return grammar.empty.at(whole);
    }
    let word = grammar.version.trim_start_matches("v=").to_ascii_lowercase();
    if let Some(record) = repair::pasted_line(&text, &word) {
        return grammar.pasted.at(whole).fix(whole, record);
    }
    let quotes = repair::surrounding_quotes(octets, whole);
    if let Some(first) = quotes.first() {
        return grammar.quoted.at(first.span).fix_edits(quotes);
    }
    let blanks = octets.len() - octets.trim_ascii_start().len();
    let rest = octets.get(blanks..).unwrap_or_default();
    if blanks > 0 && is_record(rest, grammar) {
        return grammar.leading_blank.at(0..blanks).fix(0..blanks, "");
    }
    let end = octets.iter().position(|octet| *octet == b';').unwrap_or(octets.len());
    let first = tag_list::trim(octets, Span::new(0, end));
    let shown = lossy(first.of(octets));
    if let Some(behind) = octets.strip_prefix(grammar.version.as_bytes()) {
        let at = grammar.version.len();
        if behind.starts_with(b"\\;") {
            let pairs = octets.windows(2).enumerate().filter(|(_, pair)| pair == b"\\;");
            let escapes =
                pairs.map(|(at, _)| Edit { span: Span::new(at, at + 1), replacement: String::new() });
            return grammar.escaped.at(at..at + 2).fix_edits(escapes.collect());
        }
        let gap = behind.iter().take_while(|octet| is_wsp(**octet) || matches!(octet, b',' | b':')).count();
        let required = behind.get(gap..).unwrap_or_default().starts_with(grammar.required.as_bytes());
        if gap > 0 && required {
            let place = Span::new(at, at + gap);
            return grammar.wrong_separator.at(place).arg("found", lossy(place.of(octets))).fix(place, "; ");
        }
    }
    let letters = |text: &str| {
        text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
    };
    let like = letters(&shown);
    let meant = letters(grammar.version);
    if like == meant || like == word || like == meant.trim_end_matches("v1") {
        return grammar.invalid_version.at(first).arg("value", shown).fix(first, grammar.version);
    }
    let stem = word.trim_end_matches("v1");
    if like.contains(stem) {
        return grammar.invalid_version.at(first).arg("value", shown);
    }
    grammar.no_record.at(first)
}
