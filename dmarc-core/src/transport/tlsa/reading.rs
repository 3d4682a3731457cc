//! Reads the text form: three numbers, and hexadecimal digits that blanks may divide (RFC 6698, 2.2), or
//! generic data (RFC 3597, 5).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::diagnostics::{self, Diagnostic, Edit, Effect, Parsed, Span};
use crate::limits::Limits;
use crate::syntax::repair;
use crate::text::lossy;

use super::judge::{self, Places};
use super::rules::{
    ACRONYM, BASE64 as IN_BASE64, EMPTY_RECORD, GENERIC_DATA, INVALID_HEX, INVALID_PARAMETER, MISSING_DATA,
    MISSING_PARAMETER, MISSING_PARAMETERS, NO_RECORD, ODD_HEX, PASTED_LINE, PASTED_PEM, QUOTED_RECORD,
    SEPARATED_HEX, TOO_LONG,
};
use super::{Association, MATCHINGS, Record, SELECTORS, USAGES, Written};

/// Digits of a digest that stands alone.
const DIGESTS: [usize; 2] = [64, 128];
/// The mark of generic data.
const GENERIC: &[u8] = b"\\#";

pub(super) fn parse(octets: &[u8], limits: &Limits) -> Parsed<Record> {
    let mut parsed = read(octets, limits);
    diagnostics::sort(&mut parsed.diagnostics);
    let is_usable = |parsed: &Parsed<Record>| {
        let association = parsed.value.as_ref().and_then(Record::association);
        association.is_some_and(Association::is_usable)
    };
    let before = is_usable(&parsed);
    for fix in parsed.diagnostics.iter_mut().filter_map(|found| found.fix.as_mut()) {
        // A record that senders can use binds them to the certificate.
        fix.effect = Some(match (before, is_usable(&read(&fix.apply(octets), limits))) {
            (false, true) => Effect::Stricter,
            (true, false) => Effect::Looser,
            _ => Effect::None,
        });
    }
    parsed
}

/// The words of a text, divided by blanks and line ends.
fn words(octets: &[u8]) -> Vec<Span> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, octet) in octets.iter().enumerate() {
        match (octet.is_ascii_whitespace(), start) {
            (true, Some(begin)) => {
                words.push(Span::new(begin, at));
                start = None;
            }
            (false, None) => start = Some(at),
            _ => {}
        }
    }
    words.extend(start.map(|begin| Span::new(begin, octets.len())));
    words
}

/// Whether a word can be meant as a parameter: digits, or an acronym.
fn is_parameter(word: &[u8], names: &[(u8, &str)]) -> bool {
    (word.len() <= 3 && word.iter().all(u8::is_ascii_digit)) || acronym(word, names).is_some()
}

fn acronym(word: &[u8], names: &[(u8, &str)]) -> Option<u8> {
    let found = names.iter().find(|(_, name)| word.eq_ignore_ascii_case(name.as_bytes()));
    found.map(|(number, _)| *number)
}

pub(super) fn is_record(octets: &[u8]) -> bool {
    let words = words(octets.get(..octets.len().min(400)).unwrap_or_default());
    let word = |index: usize| words.get(index).map(|span| span.of(octets));
    match (word(0), word(1), word(2)) {
        (Some(GENERIC), Some(_), _) => true,
        (Some(usage), Some(selector), Some(matching)) => {
            is_parameter(usage, &USAGES)
                && is_parameter(selector, &SELECTORS)
                && is_parameter(matching, &MATCHINGS)
        }
        _ => false,
    }
}

fn read(octets: &[u8], limits: &Limits) -> Parsed<Record> {
    // Each octet of the data takes two digits.
    let limit = limits.record_octets.saturating_mul(2);
    if octets.len() > limit {
        let found = TOO_LONG.at(limit..octets.len()).arg("octets", octets.len()).arg("limit", limit);
        return Parsed { value: None, diagnostics: vec![found] };
    }
    let words = words(octets);
    if let Some((first, rest)) = words.split_first()
        && first.of(octets) == GENERIC
    {
        return generic(octets, rest);
    }
    let begins = words.first().is_some_and(|word| is_parameter(word.of(octets), &USAGES));
    let marks = |octet: &u8| matches!(octet, b'(' | b')' | b';' | b'"');
    if !begins || octets.iter().any(marks) {
        return Parsed { value: None, diagnostics: vec![why_not(octets, &words)] };
    }
    usual(octets, &words)
}

/// `\# 35 03 01 01 …`
fn generic(octets: &[u8], words: &[Span]) -> Parsed<Record> {
    let (length, digits) = words.split_first().map_or((None, &[][..]), |(length, rest)| (Some(length), rest));
    let stated = length.and_then(|word| std::str::from_utf8(word.of(octets)).ok()?.parse::<usize>().ok());
    let place = Span::new(
        length.map_or(0, |word| word.start),
        digits.last().or(length).map_or(octets.len(), |word| word.end),
    );
    let mut found = Vec::new();
    let data = digits.first().map(|first| Span::new(first.start, place.end));
    let read = data.and_then(|data| hexadecimal(octets, data, digits, &mut found));
    let association = read.as_deref().and_then(Association::from_rdata);
    let whole = read.as_ref().map(Vec::len) == stated && stated.is_some();
    if found.is_empty() && (!whole || association.is_none()) {
        found.push(GENERIC_DATA.at(place));
    }
    let Some(association) = association.filter(|_| whole) else {
        let written = Written { data: data.map(|data| lossy(data.of(octets))), ..Written::default() };
        return Parsed { value: Some(Record { written, association: None }), diagnostics: found };
    };
    let place = data.unwrap_or(place);
    let places = Places::all_at(place);
    // No change is offered within generic data: it holds its own length.
    let mut said = judge::faults(&association, &places);
    if association.is_usable() {
        said.extend(judge::advice(&association, &places));
    }
    // All parts stand at one place: what holds for two of them is said once.
    said.dedup_by(|later, first| later.rule == first.rule);
    found.extend(said.into_iter().map(|diagnostic| Diagnostic { fix: None, ..diagnostic }));
    let number = |number: u8| Some(number.to_string());
    let written = Written {
        usage: number(association.usage),
        selector: number(association.selector),
        matching: number(association.matching),
        data: Some(association.data.iter().map(|octet| format!("{octet:02x}")).collect()),
    };
    Parsed { value: Some(Record { written, association: Some(association) }), diagnostics: found }
}

/// `3 1 1 …`
fn usual(octets: &[u8], words: &[Span]) -> Parsed<Record> {
    let mut found = Vec::new();
    let end = Span::empty(octets.len());
    let mut parameter = |index: usize, name: &'static str, names: &[(u8, &str)]| {
        let Some(place) = words.get(index) else {
            if !found.iter().any(|found: &Diagnostic| found.rule == &MISSING_PARAMETER) {
                found.push(MISSING_PARAMETER.at(end).arg("parameter", name));
            }
            return None;
        };
        let word = place.of(octets);
        if let Some(number) = acronym(word, names) {
            let diagnostic = ACRONYM.at(*place).arg("value", lossy(word)).arg("number", number);
            found.push(diagnostic.fix(*place, number.to_string()));
            return Some(number);
        }
        let digits = !word.is_empty() && word.iter().all(u8::is_ascii_digit);
        let number = std::str::from_utf8(word).ok().filter(|_| digits).and_then(|word| word.parse().ok());
        if number.is_none() {
            found.push(INVALID_PARAMETER.at(*place).arg("parameter", name).arg("value", lossy(word)));
        }
        number
    };
    let parameters = (
        parameter(0, "usage", &USAGES),
        parameter(1, "selector", &SELECTORS),
        parameter(2, "matching type", &MATCHINGS),
    );
    let digits = words.get(3..).unwrap_or_default();
    let place = match (digits.first(), digits.last()) {
        (Some(first), Some(last)) => Span::new(first.start, last.end),
        _ => end,
    };
    let missing = words.len() < 3;
    let data = match digits {
        [] if missing => None,
        // With sound parameters the judgement says so.
        [] if parameters.0.is_some() && parameters.1.is_some() && parameters.2.is_some() => Some(Vec::new()),
        [] => {
            found.push(MISSING_DATA.at(end));
            None
        }
        _ => hexadecimal(octets, place, digits, &mut found),
    };
    let text = |index: usize| words.get(index).map(|word| lossy(word.of(octets)));
    let written = Written {
        usage: text(0),
        selector: text(1),
        matching: text(2),
        data: (!digits.is_empty()).then(|| lossy(place.of(octets))),
    };
    let association = match (parameters, data) {
        ((Some(usage), Some(selector), Some(matching)), Some(data)) => {
            Some(Association { usage, selector, matching, data })
        }
        _ => None,
    };
    if let (Some(association), [usage, selector, matching, ..]) = (&association, words) {
        let places = Places { usage: *usage, selector: *selector, matching: *matching, data: place };
        found.extend(judge::faults(association, &places));
        if association.is_usable() {
            found.extend(judge::advice(association, &places));
        }
    }
    Parsed { value: Some(Record { written, association }), diagnostics: found }
}

/// Octets from digits; the one cause why there are none is said.
fn hexadecimal(octets: &[u8], place: Span, words: &[Span], found: &mut Vec<Diagnostic>) -> Option<Vec<u8>> {
    let digits: Vec<u8> = words.iter().flat_map(|word| word.of(octets)).copied().collect();
    let foreign = words.iter().find_map(|word| {
        let at = word.of(octets).iter().position(|octet| !octet.is_ascii_hexdigit())?;
        Some(word.start + at)
    });
    let Some(at) = foreign else {
        if digits.len() % 2 == 1 {
            found.push(ODD_HEX.at(place).arg("digits", digits.len()));
            return None;
        }
        return Some(octets_of(&digits));
    };
    found.push(not_hexadecimal(octets, place, &digits, at));
    None
}

/// Pairs of hexadecimal digits as octets.
fn octets_of(digits: &[u8]) -> Vec<u8> {
    let value = |digit: u8| char::from(digit).to_digit(16).unwrap_or(0);
    let octet = |pair: &[u8]| pair.iter().fold(0_u32, |sum, digit| sum << 4 | value(*digit));
    digits.chunks_exact(2).map(|pair| u8::try_from(octet(pair)).unwrap_or(0)).collect()
}

/// Why a text is not hexadecimal: as fingerprints are printed, in base64, or a stray character.
fn not_hexadecimal(octets: &[u8], place: Span, digits: &[u8], at: usize) -> Diagnostic {
    let bare = digits.strip_prefix(b"0x").or_else(|| digits.strip_prefix(b"0X")).unwrap_or(digits);
    let is_separator = |octet: &u8| matches!(octet, b':' | b'-' | b'.');
    let kept: Vec<u8> = bare.iter().filter(|octet| !is_separator(octet)).copied().collect();
    if kept.len() >= 2 && kept.len().is_multiple_of(2) && kept.iter().all(u8::is_ascii_hexdigit) {
        return SEPARATED_HEX.at(place).fix(place, lossy(&kept));
    }
    if let Ok(decoded) = BASE64.decode(digits)
        && DIGESTS.contains(&(2 * decoded.len()))
    {
        let digits: String = decoded.iter().map(|octet| format!("{octet:02x}")).collect();
        return IN_BASE64.at(place).fix(place, digits);
    }
    // The whole character, where the octet begins one.
    let rest = octets.get(at..place.end).unwrap_or_default();
    let chunk = rest.utf8_chunks().next();
    let first = chunk.and_then(|chunk| chunk.valid().chars().next()).map_or(1, char::len_utf8);
    let stray = Span::new(at, at + first);
    INVALID_HEX.at(stray).arg("text", lossy(stray.of(octets)))
}

/// Why a text is no record data: one cause, with the change that makes it one.
fn why_not(octets: &[u8], words: &[Span]) -> Diagnostic {
    let whole = Span::new(0, octets.len());
    let [first, ..] = words else { return EMPTY_RECORD.at(whole) };
    if octets.windows(10).any(|part| part == b"-----BEGIN") {
        return PASTED_PEM.at(whole);
    }
    let quotes = repair::surrounding_quotes(octets, whole);
    if let Some(quote) = quotes.first()
        && mended(octets, &quotes)
    {
        return QUOTED_RECORD.at(quote.span).fix_edits(quotes);
    }
    if let Some(data) = pasted(octets) {
        return PASTED_LINE.at(whole).fix(whole, data);
    }
    if let [word] = words
        && DIGESTS.contains(&(word.end - word.start))
        && word.of(octets).iter().all(u8::is_ascii_hexdigit)
    {
        // Which usage and selector were meant, only its author knows.
        return MISSING_PARAMETERS.at(Span::empty(word.start));
    }
    let shown = Span::new(first.start, words.last().map_or(first.end, |last| last.end));
    NO_RECORD.at(shown)
}

fn mended(octets: &[u8], edits: &[Edit]) -> bool {
    is_record(&diagnostics::Fix::new(edits.to_vec()).apply(octets))
}

/// The data within a line of a zone file: behind the type, without parentheses and comments.
fn pasted(octets: &[u8]) -> Option<String> {
    let mut text = String::new();
    for line in lossy(octets).lines() {
        text.push_str(line.split(';').next().unwrap_or_default());
        text.push(' ');
    }
    let text = text.replace(['(', ')', '"'], " ");
    let mut words: Vec<&str> = text.split_ascii_whitespace().collect();
    let is_type = |word: &&str| word.eq_ignore_ascii_case("TLSA") || word.eq_ignore_ascii_case("TYPE52");
    if let Some(at) = words.iter().position(is_type) {
        words.drain(..=at);
    }
    let data = words.join(" ");
    (is_record(data.as_bytes()) && data.as_bytes() != octets).then_some(data)
}
