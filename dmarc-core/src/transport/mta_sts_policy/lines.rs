//! The lines of a policy file: `name ":" *WSP value *WSP`, ended by LF or CRLF.

use crate::diagnostics::{Diagnostic, Span};
use crate::limits::Limits;
use crate::syntax::tag_list;
use crate::text::lossy;
use crate::transport::field_list::is_name;

use super::MAX_OCTETS;
use super::rules::{
    BLANK_AROUND_NAME, BYTE_ORDER_MARK, EMPTY, EMPTY_LINE, INVALID_LINE, INVALID_VALUE, MISSPELLED_FIELD,
    NO_POLICY, RECORD_INSTEAD, TOO_LONG, UNKNOWN_FIELD, WEB_PAGE,
};

/// The fields that the standard defines.
pub(super) const KNOWN: [&str; 4] = ["version", "mode", "mx", "max_age"];
const BYTE_ORDER: &[u8] = b"\xef\xbb\xbf";

/// One field, as written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Field {
    pub name: String,
    pub value: String,
    pub name_span: Span,
    pub value_span: Span,
}

/// The lines of a text without their ends, LF or CRLF.
fn lines(octets: &[u8]) -> impl Iterator<Item = Span> {
    let mut start = 0;
    let ends = octets.iter().enumerate().filter(|(_, octet)| **octet == b'\n').map(|(at, _)| at);
    let last = (octets.last() != Some(&b'\n') && !octets.is_empty()).then_some(octets.len());
    ends.chain(last).map(move |end| {
        let line = Span::new(start, end);
        start = end + 1;
        let is_pair = line.of(octets).last() == Some(&b'\r') && end < octets.len();
        if is_pair { Span::new(line.start, end - 1) } else { line }
    })
}

/// Name and value of a line around its first colon, without blanks.
fn pair(octets: &[u8], line: Span) -> Option<(Span, Span)> {
    let colon = line.start + line.of(octets).iter().position(|octet| *octet == b':')?;
    let name = Span::new(line.start, colon);
    Some((name, tag_list::trim(octets, Span::new(colon + 1, line.end))))
}

/// A name as people may write it: in capitals, with another sign for the line below.
fn plain(name: &[u8]) -> String {
    let letters = |octet: &&u8| !matches!(octet, b' ' | b'\t' | b'_' | b'-');
    name.iter().filter(letters).map(|octet| char::from(octet.to_ascii_lowercase())).collect()
}

/// The known field that a name is meant as.
fn meant(name: &[u8]) -> Option<&'static str> {
    let given = plain(name);
    KNOWN.into_iter().find(|known| given == plain(known.as_bytes()))
}

pub(super) fn is_policy(octets: &[u8]) -> bool {
    let octets = octets.strip_prefix(BYTE_ORDER).unwrap_or(octets);
    let start = octets.get(..octets.len().min(4096)).unwrap_or_default();
    let mut known: Vec<&str> = Vec::new();
    for line in lines(start).take(40) {
        let Some((name, value)) = pair(start, line) else { continue };
        let Some(field) = meant(name.of(start)) else { continue };
        let sts = value.of(start).get(..3).is_some_and(|value| value.eq_ignore_ascii_case(b"sts"));
        if field == "version" && sts {
            return true;
        }
        if !known.contains(&field) {
            known.push(field);
        }
    }
    known.len() >= 2
}

/// The fields of a file; `None` if it is no policy file.
pub(super) fn read(octets: &[u8], limits: &Limits, found: &mut Vec<Diagnostic>) -> Option<Vec<Field>> {
    let limit = MAX_OCTETS.min(limits.input_octets.try_into().unwrap_or(MAX_OCTETS));
    let read = octets.get(..octets.len().min(limit)).unwrap_or_default();
    if octets.len() > limit {
        found.push(TOO_LONG.at(limit..octets.len()).arg("octets", octets.len()).arg("limit", limit));
    }
    if read.trim_ascii().is_empty() {
        found.push(EMPTY.at(0..read.len()));
        return None;
    }
    let mark = if read.starts_with(BYTE_ORDER) { BYTE_ORDER.len() } else { 0 };
    let text = read.get(mark..).unwrap_or_default();
    if !lines(text).any(|line| pair(text, line).is_some_and(|(name, _)| meant(name.of(text)).is_some())) {
        found.push(why_not(read));
        return None;
    }
    if mark > 0 {
        found.push(BYTE_ORDER_MARK.at(0..mark).fix(0..mark, ""));
    }
    let mut fields = Vec::new();
    for line in lines(text) {
        fields.extend(field(read, line.shifted(mark), found));
    }
    Some(fields)
}

fn field(octets: &[u8], line: Span, found: &mut Vec<Diagnostic>) -> Option<Field> {
    let text = line.of(octets);
    if text.trim_ascii().is_empty() {
        let with_end = Span::new(line.start, (line.end + 1).min(octets.len()));
        let behind = octets.get(line.end..).unwrap_or_default();
        let with_end =
            if behind.starts_with(b"\r\n") { Span::new(line.start, line.end + 2) } else { with_end };
        found.push(EMPTY_LINE.at(line).fix(with_end, ""));
        return None;
    }
    let Some((name, value)) = pair(octets, line) else {
        found.push(INVALID_LINE.at(line).arg("text", lossy(text)));
        return None;
    };
    let bare = tag_list::trim(octets, name);
    let written = bare.of(octets);
    let known = KNOWN.into_iter().find(|known| known.as_bytes() == written);
    if bare != name && (known.is_some() || is_name(written)) {
        found.push(BLANK_AROUND_NAME.at(name).fix(name, lossy(written)));
    } else if let Some(meant) = meant(written).filter(|_| known.is_none()) {
        let diagnostic = MISSPELLED_FIELD.at(bare).arg("field", lossy(written)).arg("meant", meant);
        found.push(diagnostic.fix(bare, meant));
    } else if !is_name(written) {
        found.push(INVALID_LINE.at(line).arg("text", lossy(text)));
        return None;
    }
    let field = lossy(written);
    if known.is_none() && meant(written).is_none() {
        if is_value(value.of(octets)) {
            found.push(UNKNOWN_FIELD.at(bare).arg("field", field.as_str()));
        } else {
            found.push(INVALID_VALUE.at(value).arg("field", field.as_str()));
        }
    }
    // What is misspelled is judged by what it is meant as, so that one mistake is one finding.
    let name = meant(written).map_or(field, str::to_owned);
    Some(Field { name, value: lossy(value.of(octets)), name_span: bare, value_span: value })
}

/// `sts-policy-ext-value`: UTF-8 without control characters.
fn is_value(value: &[u8]) -> bool {
    let control = |character: char| u32::from(character) < 0x20 || character == '\u{7f}';
    std::str::from_utf8(value).is_ok_and(|text| !text.is_empty() && !text.contains(control))
}

/// Why a text is no policy file.
fn why_not(octets: &[u8]) -> Diagnostic {
    let whole = Span::new(0, octets.len());
    let start = lossy(octets.get(..octets.len().min(2048)).unwrap_or_default()).to_ascii_lowercase();
    let start = start.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if ["<!doctype", "<html", "<head", "<?xml", "<body"].iter().any(|mark| start.starts_with(mark)) {
        return WEB_PAGE.at(whole);
    }
    if start.trim_start_matches('"').starts_with("v=sts") {
        return RECORD_INSTEAD.at(whole);
    }
    NO_POLICY.at(whole)
}
