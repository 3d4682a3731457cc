//! What happens to a record between the author's mind and the zone: characters that a word
//! processor, a web page or a zone editor put in its place.
//!
//! Shared by every kind of record. Each function only finds places and says what was meant;
//! the record's own module decides whether that is a finding.

use crate::diagnostics::{Edit, Span};

/// What stands where another character was meant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Slip {
    /// A character that does not show: zero-width, soft hyphen, byte order mark.
    Invisible,
    /// A blank that is no SP: no-break space and its kin.
    Blank,
    /// A dash or hyphen that is no `-`.
    Dash,
    /// A quotation mark, straight or typographic.
    Quote,
    /// Another look-alike of an ASCII character, such as a full-width `；`.
    LookAlike,
}

/// What kind of slip a character is, and what was meant by it.
#[must_use]
pub fn slip(character: char) -> Option<(Slip, &'static str)> {
    Some(match character {
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{feff}'
        | '\u{ad}'
        | '\u{180e}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{2066}'..='\u{2069}'
        // Controls but HTAB and the line ends.
        | '\0'..='\u{8}'
        | '\u{b}'
        | '\u{c}'
        | '\u{e}'..='\u{1f}'
        | '\u{7f}'..='\u{9f}' => (Slip::Invisible, ""),
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            (Slip::Blank, " ")
        }
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => (Slip::Dash, "-"),
        '\u{2018}'..='\u{201f}'
        | '\u{ab}'
        | '\u{bb}'
        | '\u{2039}'
        | '\u{203a}'
        | '\u{2032}'
        | '\u{2033}'
        | '\u{ff02}' => (Slip::Quote, ""),
        '\u{37e}' => (Slip::LookAlike, ";"),
        '\u{3002}' | '\u{2024}' => (Slip::LookAlike, "."),
        '\u{ff01}'..='\u{ff5e}' => (Slip::LookAlike, full_width(character)?),
        _ => return None,
    })
}

/// Printable ASCII without the blank, in order.
const PRINTABLE: &str =
    "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

/// The ASCII character whose full-width form this is.
fn full_width(character: char) -> Option<&'static str> {
    let at = usize::try_from(u32::from(character).checked_sub(0xff01)?).ok()?;
    PRINTABLE.get(at..=at)
}

/// The Latin letter that a Cyrillic or Greek one looks like.
fn latin(character: char) -> Option<&'static str> {
    const PAIRS: [(char, &str); 34] = [
        ('а', "a"),
        ('е', "e"),
        ('о', "o"),
        ('р', "p"),
        ('с', "c"),
        ('у', "y"),
        ('х', "x"),
        ('і', "i"),
        ('ј', "j"),
        ('ѕ', "s"),
        ('ԁ', "d"),
        ('ո', "n"),
        ('А', "A"),
        ('В', "B"),
        ('Е', "E"),
        ('К', "K"),
        ('М', "M"),
        ('Н', "H"),
        ('О', "O"),
        ('Р', "P"),
        ('С', "C"),
        ('Т', "T"),
        ('Х', "X"),
        ('І', "I"),
        ('α', "a"),
        ('ο', "o"),
        ('ν', "v"),
        ('ρ', "p"),
        ('ι', "i"),
        ('Α', "A"),
        ('Μ', "M"),
        ('Ο', "O"),
        ('Ρ', "P"),
        ('ı', "i"),
    ];
    PAIRS.iter().find(|(letter, _)| *letter == character).map(|(_, meant)| *meant)
}

/// Letters of other alphabets that look like Latin ones, each as the edit that mends it; none if
/// anything else in the span is foreign, since then another language is meant.
#[must_use]
pub fn letters(octets: &[u8], span: Span) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut all = std::str::from_utf8(span.of(octets)).is_ok();
    each_char(octets, span, |place, character| match latin(character) {
        Some(meant) => edits.push(Edit { span: place, replacement: meant.to_owned() }),
        None => all &= character.is_ascii() || slip(character).is_some(),
    });
    if all { edits } else { Vec::new() }
}

/// Whether a character is a quotation mark, straight or typographic.
#[must_use]
pub fn is_quote(character: char) -> bool {
    matches!(character, '"' | '\'' | '`' | '\u{b4}') || matches!(slip(character), Some((Slip::Quote, _)))
}

/// The slips of one kind within a span, each as the edit that mends it.
#[must_use]
pub fn slips(octets: &[u8], span: Span, kind: Slip) -> Vec<Edit> {
    let mut edits = Vec::new();
    each_char(octets, span, |place, character| {
        if let Some((found, meant)) = slip(character)
            && found == kind
        {
            edits.push(Edit { span: place, replacement: meant.to_owned() });
        }
    });
    edits
}

/// Calls back for every valid UTF-8 character within a span, with its place.
pub fn each_char(octets: &[u8], span: Span, mut found: impl FnMut(Span, char)) {
    let mut at = span.start;
    for chunk in span.of(octets).utf8_chunks() {
        for character in chunk.valid().chars() {
            let place = Span::new(at, at + character.len_utf8());
            found(place, character);
            at = place.end;
        }
        at += chunk.invalid().len();
    }
}

/// Edits that put `meant` in the place of each occurrence of some octets.
pub fn places(octets: &[u8], wrong: &[u8], meant: &str) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    for (at, part) in octets.windows(wrong.len().max(1)).enumerate() {
        if part == wrong && edits.last().is_none_or(|last| last.span.end <= at) {
            edits.push(Edit { span: Span::new(at, at + wrong.len()), replacement: meant.to_owned() });
        }
    }
    edits
}

/// The first and the last quotation mark of a text that begins or ends with one, as edits that
/// take them away; blanks outside of them go along.
#[must_use]
pub fn surrounding_quotes(octets: &[u8], span: Span) -> Vec<Edit> {
    let mut chars = Vec::new();
    each_char(octets, span, |place, character| chars.push((place, character)));
    let front = chars.iter().take_while(|(_, c)| is_quote(*c) || c.is_whitespace()).count();
    let front_quoted = chars.iter().take(front).any(|(_, c)| is_quote(*c));
    let back = chars.iter().skip(front).rev().take_while(|(_, c)| is_quote(*c) || c.is_whitespace()).count();
    let back_quoted = chars.iter().rev().take(back).any(|(_, c)| is_quote(*c));
    let mut edits = Vec::new();
    if front_quoted && let Some((last, _)) = chars.get(front.wrapping_sub(1)) {
        edits.push(Edit { span: Span::new(span.start, last.end), replacement: String::new() });
    }
    if back_quoted && let Some((first, _)) = chars.get(chars.len() - back) {
        edits.push(Edit { span: Span::new(first.start, span.end), replacement: String::new() });
    }
    edits
}

/// Each character reference of HTML, such as `&quot;`, and each tag of it, such as `<br>`, with the
/// text that it stands for.
#[must_use]
pub fn entities(octets: &[u8], span: Span) -> Vec<Edit> {
    let mut edits = references(octets, span);
    edits.extend(markup(octets, span));
    edits.sort_by_key(|edit| edit.span);
    edits
}

/// Tags of HTML that come along when text is copied from the source of a page.
fn markup(octets: &[u8], span: Span) -> Vec<Edit> {
    const NAMES: [&[u8]; 14] = [
        b"br", b"p", b"b", b"i", b"em", b"strong", b"span", b"div", b"code", b"pre", b"td", b"tr", b"font",
        b"li",
    ];
    let mut edits = Vec::new();
    let text = span.of(octets);
    let mut at = 0;
    while let Some(offset) = text.get(at..).and_then(|rest| rest.iter().position(|octet| *octet == b'<')) {
        let start = at + offset;
        at = start + 1;
        let rest = text.get(at..).unwrap_or_default();
        let Some(length) = rest.iter().take(200).position(|octet| *octet == b'>') else { continue };
        let inner = rest.get(..length).unwrap_or_default().trim_ascii();
        let inner = inner.strip_prefix(b"/").unwrap_or(inner);
        let name = inner.split(|octet| matches!(octet, b' ' | b'/' | b'\t')).next().unwrap_or_default();
        if NAMES.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            let place = Span::new(span.start + start, span.start + at + length + 1);
            let gap = if name.eq_ignore_ascii_case(b"br") { " " } else { "" };
            edits.push(Edit { span: place, replacement: gap.to_owned() });
            at += length + 1;
        }
    }
    edits
}

fn references(octets: &[u8], span: Span) -> Vec<Edit> {
    let mut edits = Vec::new();
    let text = span.of(octets);
    let mut at = 0;
    while let Some(offset) = text.get(at..).and_then(|rest| rest.iter().position(|o| *o == b'&')) {
        let start = at + offset;
        at = start + 1;
        let Some(length) = text.get(at..).and_then(|rest| rest.iter().take(10).position(|o| *o == b';'))
        else {
            continue;
        };
        let name = std::str::from_utf8(text.get(at..at + length).unwrap_or_default()).unwrap_or_default();
        if let Some(meant) = entity(name) {
            let place = Span::new(span.start + start, span.start + at + length + 1);
            edits.push(Edit { span: place, replacement: meant });
            at += length + 1;
        }
    }
    edits
}

/// What a character reference stands for, as far as records can hold it.
fn entity(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        let character = char::from_u32(code)?;
        return match slip(character) {
            Some((_, meant)) => Some(meant.to_owned()),
            None if is_quote(character) => Some(String::new()),
            None if character.is_control() => None,
            None => Some(character.to_string()),
        };
    }
    Some(
        match name {
            "quot" | "apos" | "ldquo" | "rdquo" | "lsquo" | "rsquo" | "laquo" | "raquo" | "shy" | "zwnj"
            | "zwj" => "",
            "amp" => "&",
            "lt" => "<",
            "gt" => ">",
            "nbsp" | "ensp" | "emsp" | "thinsp" => " ",
            "semi" => ";",
            "equals" => "=",
            "colon" => ":",
            "comma" => ",",
            "commat" => "@",
            "period" => ".",
            "ndash" | "mdash" | "hyphen" | "dash" | "minus" => "-",
            _ => return None,
        }
        .to_owned(),
    )
}

/// The record inside a pasted zone-file line or the answer of `dig`, `host` or `nslookup`.
///
/// `mark` is what the record holds in any case, such as `dmarc1`, in lower case. The text must show
/// that it is such a line: the type `TXT` or `SPF`, or the words of `host` and `nslookup`, with
/// something before the record that does not belong to it.
#[must_use]
pub fn pasted_line(text: &str, mark: &str) -> Option<String> {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with(';')).collect::<Vec<_>>();
    let joined = lines.join(" ");
    // Lower case is as long as the original: only ASCII is folded.
    let lower = joined.to_ascii_lowercase();
    let words = ["txt", "spf", "descriptive text", "text ="];
    let data = words.iter().filter_map(|word| {
        lower.match_indices(word).find_map(|(at, _)| {
            let end = at + word.len();
            let before = lower.get(..at)?.chars().next_back();
            let after = lower.get(end..)?.chars().next()?;
            let stands_alone =
                before.is_none_or(char::is_whitespace) && (after.is_whitespace() || after == '"');
            let in_front = lower.get(end..)?.contains(mark);
            if stands_alone && in_front { joined.get(end..) } else { None }
        })
    });
    let data = data.min_by_key(|rest| rest.len())?.trim().trim_start_matches('(').trim();
    let record = if data.starts_with('"') { unquote(data) } else { bare(data) };
    let record = record.trim().to_owned();
    (record.to_ascii_lowercase().contains(mark) && record != text.trim()).then_some(record)
}

/// Character-strings in presentation format, joined; stops at a comment.
fn unquote(data: &str) -> String {
    let mut record = String::new();
    let mut chars = data.chars();
    let mut inside = false;
    while let Some(c) = chars.next() {
        match c {
            '"' => inside = !inside,
            '\\' if inside => record.extend(chars.next()),
            ';' if !inside => break,
            _ if inside => record.push(c),
            _ => {}
        }
    }
    record
}

/// Data without quotes: escaped separators are meant as separators.
fn bare(data: &str) -> String {
    data.trim_end_matches(')').trim().replace("\\;", ";").replace("\\\"", "\"")
}

/// How many single edits (insert, drop, replace, swap two neighbors) lead from one word to the other.
#[must_use]
pub fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len() > 40 || other.len() > 40 {
        return usize::MAX;
    }
    let width = other.len() + 1;
    let mut rows = vec![vec![0_usize; width]; one.len() + 1];
    for i in 0..=one.len() {
        for j in 0..width {
            let value = if i == 0 || j == 0 {
                i + j
            } else {
                let same = one.get(i - 1) == other.get(j - 1);
                let cell = |row: usize, column: usize| {
                    rows.get(row).and_then(|r| r.get(column)).copied().unwrap_or(0)
                };
                let mut best =
                    (cell(i - 1, j - 1) + usize::from(!same)).min(cell(i - 1, j) + 1).min(cell(i, j - 1) + 1);
                let swapped = i > 1
                    && j > 1
                    && one.get(i - 1) == other.get(j - 2)
                    && one.get(i - 2) == other.get(j - 1);
                if swapped {
                    best = best.min(cell(i - 2, j - 2) + 1);
                }
                best
            };
            if let Some(cell) = rows.get_mut(i).and_then(|row| row.get_mut(j)) {
                *cell = value;
            }
        }
    }
    rows.last().and_then(|row| row.last()).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_of_neighbors_is_one_edit() {
        assert_eq!(distance("apsf", "aspf"), 1);
        assert_eq!(distance("quarantaine", "quarantine"), 1);
        assert_eq!(distance("", "abc"), 3);
    }

    #[test]
    fn pasted_lines_give_their_record() {
        let record = "v=DMARC1; p=none";
        for line in [
            "_dmarc.example.com. 3600 IN TXT \"v=DMARC1; p=none\"",
            "_dmarc IN TXT ( \"v=DMARC1; \" \"p=none\" ) ; note",
            ";; ANSWER SECTION:\n_dmarc.example.com.\t300\tIN\tTXT\t\"v=DMARC1\\; p=none\"\n",
            "_dmarc.example.com descriptive text \"v=DMARC1; p=none\"",
            "_dmarc.example.com\ttext = \"v=DMARC1; p=none\"",
            "_dmarc TXT v=DMARC1\\; p=none",
            "TXT \"v=DMARC1; p=none\"",
        ] {
            assert_eq!(pasted_line(line, "dmarc1").as_deref(), Some(record), "{line}");
        }
        assert_eq!(pasted_line(record, "dmarc1"), None);
        assert_eq!(pasted_line("v=DMARC1; p=none; x=TXT y", "dmarc1"), None);
    }

    #[test]
    fn quotes_are_taken_off_with_the_blanks_outside() {
        let text = "' v=x ’".as_bytes();
        let edits = surrounding_quotes(text, Span::new(0, text.len()));
        assert_eq!(
            edits.iter().map(|edit| edit.span).collect::<Vec<_>>(),
            [Span::new(0, 2), Span::new(5, 9)]
        );
    }
}
