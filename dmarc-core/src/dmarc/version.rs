//! What is wrong with a version tag: its name, its value, the separator behind it, or its place.

use crate::diagnostics::{Diagnostic, Edit, Span};
use crate::syntax::repair::{self, Slip};
use crate::syntax::tag_list;
use crate::text::lossy;

use super::record::Record;
use super::rules::{
    EMPTY_VALUE, ESCAPED_SEPARATOR, HTML_ENTITY, INVALID_VERSION, INVISIBLE_CHARACTER, LINE_BREAK,
    MISSING_VERSION, QUOTED_VALUE, TYPOGRAPHIC_CHARACTER, VERSION_NOT_FIRST, WRONG_SEPARATOR,
};
use super::tag::TagName;
use super::{foreign, tag_miss};

/// Reports what is wrong with the version tag, which should stand at `start`.
pub(super) fn look(octets: &[u8], start: usize, found: &mut Vec<Diagnostic>) {
    let rest = octets.get(start..).unwrap_or_default();
    let before = found.len();
    // The first tag may end at a character that was meant as a separator.
    let entities = repair::entities(octets, Span::new(start, octets.len()));
    if let Some(edit) = entities.first() {
        let place = edit.span;
        found.push(HTML_ENTITY.at(place).arg("entity", place.of(octets)).fix_edits(entities.clone()));
        if edit.span.start <= start + 12 {
            return;
        }
    }
    if Record::is_record(rest) {
        return;
    }
    let Some(first) = tag_list::segments(rest, 300).first().copied() else { return };
    let first_text = lossy(first.span.of(rest));
    if first_text.starts_with('<') {
        found.push(MISSING_VERSION.at(start..start));
        return;
    }
    if let Some(diagnostic) = spelled(octets, start, &first_text) {
        found.push(diagnostic);
        return;
    }
    if let Some(diagnostic) = elsewhere(octets, start) {
        found.push(diagnostic);
        return;
    }
    let place = first.span.shifted(start);
    if found.len() == before && !foreign::is_plain(place.of(octets)) {
        found.append(&mut foreign::look(octets, place, "v", " "));
    }
    if found.len() > before {
        return;
    }
    // Tags without a version in front of them: `p=reject; rua=…`.
    let named = first.pair.map(|(name, value)| (lossy(name.of(rest)), lossy(value.of(rest))));
    if let Some((name, value)) = named
        && let Some(tag) = TagName::known(&name).filter(|tag| *tag != TagName::V)
        && tag_miss::is_valid(tag, &value)
    {
        found.push(MISSING_VERSION.at(start..start).fix(start..start, "v=DMARC1; "));
    }
}

/// A version tag at the start whose name, value or separator is not right.
fn spelled(octets: &[u8], start: usize, first: &str) -> Option<Diagnostic> {
    let compact: String =
        first.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    let ascii = first.is_ascii();
    // Name and sign: `v=`, `v:`, `v `, `version=`, or nothing at all.
    let lower = first.to_ascii_lowercase();
    let name = ["version", "v"].into_iter().find(|name| lower.starts_with(name)).unwrap_or_default();
    let behind = first.get(name.len()..)?;
    let value_at = name.len() + (behind.len() - behind.trim_start_matches(['=', ':', ' ', '\t']).len());
    let value = first.get(value_at..)?;
    let sign = first.get(name.len()..value_at)?;
    let value_lower = value.to_ascii_lowercase();
    let like = ["dmarc", "dmrac", "dmacr", "darmc", "dmar1", "demarc"]
        .iter()
        .any(|word| value_lower.starts_with(word));
    if !name.is_empty() && sign.is_empty() && !like {
        return None;
    }
    if !like {
        let named_v = name == "v" && sign.contains('=');
        return (named_v && ascii).then(|| {
            let place = Span::new(start + value_at, start + first.len());
            if value.is_empty() {
                EMPTY_VALUE.at(place).arg("tag", "v").fix(place, "DMARC1")
            } else {
                INVALID_VERSION.at(place).arg("value", value)
            }
        });
    }
    // The version word ends where its letters, digits and what people put between them end.
    let word = version_word(value);
    let rest = value.get(word..)?;
    let version = value.get(..word)?;
    let proper = sign.trim_matches([' ', '\t']) == "=" && name == "v";
    let head = Span::new(start, start + value_at + word);
    if version == "DMARC1" && proper {
        return separator(octets, head.end, rest);
    }
    let shown = first.get(..value_at + word)?;
    let place = if proper { Span::new(start + value_at, head.end) } else { head };
    let found = INVALID_VERSION.at(place).arg("value", if proper { version } else { shown });
    let digits: String = version.chars().filter(char::is_ascii_digit).collect();
    let meant = matches!(digits.as_str(), "" | "1" | "10") && !version.eq_ignore_ascii_case("dmarc10");
    let whole_value = compact.contains("dmarc") || like;
    let letters = version.bytes().filter(u8::is_ascii_alphabetic).count();
    if !meant || !whole_value || !ascii_word(version) || letters > "dmarc".len() + 1 {
        return Some(found);
    }
    let gap = rest.trim_start_matches([' ', '\t', ',', ':', '|']);
    let next = gap.split_once('=').and_then(|(name, _)| TagName::known(name.trim()));
    let lacks_separator = (gap.len() < rest.len() && gap.contains('=')) || next.is_some();
    if lacks_separator {
        let end = head.end + (rest.len() - gap.len());
        return Some(found.fix(Span::new(head.start, end), "v=DMARC1; "));
    }
    // What stands behind is another cause, or makes it unclear what was meant.
    let behind = rest.chars().next().filter(|_| !rest.trim_matches([' ', '\t']).is_empty());
    let another_cause = |c: char| match repair::slip(c) {
        Some((Slip::LookAlike, meant)) => meant == ";",
        Some(_) => true,
        None => matches!(c, '\\' | '\r' | '\n'),
    };
    if behind.is_some_and(|c| !another_cause(c)) {
        return Some(found);
    }
    Some(if proper { found.fix(place, "DMARC1") } else { found.fix(head, "v=DMARC1") })
}

fn ascii_word(version: &str) -> bool {
    version.bytes().all(|octet| octet.is_ascii_graphic() || octet == b' ')
}

/// How many bytes of a value belong to the version: letters, then at most one mark or blank, then
/// digits with a dot.
fn version_word(value: &str) -> usize {
    let letters = value.bytes().take_while(u8::is_ascii_alphabetic).count();
    let rest = value.get(letters..).unwrap_or_default();
    let mark = usize::from(
        rest.starts_with(['-', '_', ' ', '.'])
            && rest.get(1..).is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit())),
    );
    let number = rest.get(mark..).unwrap_or_default();
    let length = number.bytes().take_while(|octet| octet.is_ascii_digit() || *octet == b'.').count();
    // A dot at the end is no part of the number.
    let digits = number.get(..length).unwrap_or_default().trim_end_matches('.').len();
    if digits == 0 { letters } else { letters + mark + digits }
}

/// The right version, with something else than a separator behind it.
fn separator(octets: &[u8], end: usize, rest: &str) -> Option<Diagnostic> {
    if rest.starts_with('\\') {
        if let Some(first) = tag_miss::backslashes(octets).first().map(|edit| edit.span) {
            let edits = tag_miss::backslashes(octets);
            return Some(ESCAPED_SEPARATOR.at(first.start..first.end + 1).fix_edits(edits));
        }
        // `\059` is a semicolon in a zone file (RFC 1035, 5.1).
        if rest.starts_with("\\059") {
            let edits = repair::places(octets, b"\\059", ";");
            return Some(ESCAPED_SEPARATOR.at(end..end + 4).fix_edits(edits));
        }
        let place = Span::new(end - "DMARC1".len(), end + rest.trim_end().len());
        return Some(INVALID_VERSION.at(place).arg("value", place.of(octets)));
    }
    if let Some(character) = rest.chars().next().filter(|c| !c.is_ascii() || repair::slip(*c).is_some()) {
        let (kind, meant) = repair::slip(character)?;
        let same = |c: &char| repair::slip(*c).is_some_and(|(other, _)| other == kind);
        let run: usize = rest.chars().take_while(same).map(char::len_utf8).sum();
        let one = Span::new(end, end + character.len_utf8());
        let place = if kind == Slip::LookAlike { one } else { Span::new(end, end + run) };
        return Some(match kind {
            Slip::Quote => QUOTED_VALUE.at(place).arg("tag", "v").fix(place, ""),
            Slip::Invisible => INVISIBLE_CHARACTER.at(place).fix(place, ""),
            // A blank that does not show, where a separator belongs.
            Slip::Blank => WRONG_SEPARATOR.at(place).arg("found", place.of(octets)).fix(place, "; "),
            _ => TYPOGRAPHIC_CHARACTER
                .at(place)
                .arg("found", place.of(octets))
                .arg("meant", meant)
                .fix(place, meant),
        });
    }
    if rest.starts_with(['\r', '\n']) {
        let length = rest.len() - rest.trim_start().len();
        let place = Span::new(end, end + length);
        let found = LINE_BREAK.at(place);
        return Some(if rest.trim().is_empty() { found.fix(place, "") } else { found.fix(place, "; ") });
    }
    let next = rest.trim_start_matches([' ', '\t', ',', ':', '|', '/', '&', '.']);
    let gap = Span::new(end, end + rest.len() - next.len());
    let (name, _) = next.split_once(['=', ':'])?;
    let known = TagName::known(name.trim()).is_some();
    if gap.start == gap.end || !known {
        let stop =
            octets.get(end..)?.iter().position(|octet| *octet == b';').map_or(octets.len(), |at| end + at);
        let place = tag_list::trim(octets, Span::new(end - "DMARC1".len(), stop));
        let found = INVALID_VERSION.at(place).arg("value", place.of(octets));
        return Some(if known { found.fix(gap, "; ") } else { found });
    }
    let shown = rest
        .trim()
        .chars()
        .next()
        .filter(|c| !c.is_alphanumeric())
        .map_or_else(|| " ".to_owned(), String::from);
    // The same wrong separator between further tags goes along: one cause.
    let mut edits = vec![Edit { span: gap, replacement: "; ".to_owned() }];
    let tail = Span::new(gap.end, octets.len());
    for edit in same_separator(octets, tail, &shown) {
        // Of two blanks in a row, each begins the same gap.
        if edits.last().is_some_and(|last| last.span.end <= edit.span.start) {
            edits.push(edit);
        }
    }
    Some(WRONG_SEPARATOR.at(tag_list::mark(octets, gap)).arg("found", shown).fix_edits(edits))
}

/// Further places where the same character stands between two tags.
fn same_separator(octets: &[u8], tail: Span, shown: &str) -> Vec<Edit> {
    let Ok(text) = std::str::from_utf8(tail.of(octets)) else { return Vec::new() };
    let Some(mark) = shown.chars().next() else { return Vec::new() };
    text.match_indices(mark)
        .filter_map(|(at, _)| {
            let behind = text.get(at + mark.len_utf8()..)?;
            let next = behind.trim_start_matches([' ', '\t']);
            // No tag name is longer; blanks may stand before the sign.
            let (name, _) = next.get(..next.len().min(12)).unwrap_or_default().split_once('=')?;
            TagName::known(name.trim())?;
            let front = text.get(..at)?.trim_end_matches([' ', '\t']).len();
            let end = text.len() - next.len();
            Some(Edit { span: Span::new(tail.start + front, tail.start + end), replacement: "; ".to_owned() })
        })
        .collect()
}

/// A version tag behind other tags: it is moved to the front.
fn elsewhere(octets: &[u8], start: usize) -> Option<Diagnostic> {
    let rest = octets.get(start..)?;
    let segments = tag_list::segments(rest, 300);
    let (index, segment) = segments.iter().enumerate().skip(1).find(|(_, segment)| {
        segment.pair.is_some_and(|(name, value)| {
            name.of(rest).eq_ignore_ascii_case(b"v") && value.of(rest) == b"DMARC1"
        })
    })?;
    let previous = segments.get(index - 1)?;
    let place = segment.span.shifted(start);
    let cut = Span::new(previous.separator? + start, segment.outer.end + start);
    Some(VERSION_NOT_FIRST.at(place).fix_edits(vec![
        Edit { span: Span::empty(start), replacement: "v=DMARC1; ".to_owned() },
        Edit { span: cut, replacement: String::new() },
    ]))
}
