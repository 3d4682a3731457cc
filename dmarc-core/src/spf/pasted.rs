//! A zone-file line, or what a tool printed, where only the record belongs.

use super::rules::PASTED_LINE;
use crate::diagnostics::{Diagnostic, Edit, Span};

/// What stands before the record in a zone file, or in the answer of dig, host or nslookup.
const MARKS: [&str; 3] = ["txt", "spf", "text"];

/// Finds the record in a pasted line; the fix takes away all around it.
pub(super) fn line(octets: &[u8]) -> Option<Diagnostic> {
    let at = octets.windows(6).position(|six| six.eq_ignore_ascii_case(b"v=spf1")).filter(|at| *at > 0)?;
    let front = octets.get(..at)?;
    let mut words = front.split(|octet| !octet.is_ascii_alphanumeric() && !b"=._-".contains(octet));
    if !words.any(|word| MARKS.iter().any(|mark| word.eq_ignore_ascii_case(mark.as_bytes()))) {
        return None;
    }
    let quoted = front.last() == Some(&b'"');
    let prefix = Span::new(0, at);
    let edits = match quoted.then(|| strings(octets, prefix, Behind::Remove)).flatten() {
        Some(edits) => edits,
        None => vec![Edit { span: prefix, replacement: String::new() }],
    };
    Some(PASTED_LINE.at(prefix).fix_edits(edits))
}

/// What becomes of the text behind the last character-string.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Behind {
    /// It is part of the line, not of the record.
    Remove,
    /// It is not known to be anything else.
    Keep,
}

/// The edits that leave what character-strings hold, joined as DNS joins them (RFC 7208, 3.3).
/// `opening` ends with the opening quotation mark. `None` if the string is never closed.
pub(super) fn strings(octets: &[u8], opening: Span, behind: Behind) -> Option<Vec<Edit>> {
    let remove = |span: Span| Edit { span, replacement: String::new() };
    let mut edits = vec![remove(opening)];
    let mut closed: Option<usize> = None;
    let mut escaped = false;
    for (at, octet) in octets.iter().enumerate().skip(opening.end) {
        match (closed, octet) {
            (None, b'\\') if !escaped => escaped = true,
            (None, b'"') if !escaped => closed = Some(at),
            (None, b'"' | b';') if escaped => {
                edits.push(remove(Span::new(at - 1, at)));
                escaped = false;
            }
            (None, _) => escaped = false,
            (Some(close), b'"') => {
                edits.push(remove(Span::new(close, at + 1)));
                closed = None;
            }
            (Some(_), b' ' | b'\t' | b'\r' | b'\n') => {}
            (Some(_), b'(' | b')') if behind == Behind::Remove => {}
            (Some(_), _) => break,
        }
    }
    let close = closed?;
    let rest = octets.get(close + 1..).unwrap_or_default();
    let end = if behind == Behind::Remove || rest.iter().all(u8::is_ascii_whitespace) {
        octets.len()
    } else {
        close + 1
    };
    edits.push(remove(Span::new(close, end)));
    Some(edits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken_out(text: &str) -> Option<String> {
        let fix = line(text.as_bytes())?.fix?;
        Some(String::from_utf8_lossy(&fix.apply(text.as_bytes())).into_owned())
    }

    #[test]
    fn records_are_taken_out_of_pasted_lines() {
        for text in [
            "example.com. 3600 IN TXT \"v=spf1 a -all\"",
            "@ IN TXT ( \"v=spf1 \" \"a -all\" ) ; office",
            ";; ANSWER SECTION:\nexample.com.\t300\tIN\tTXT\t\"v=spf1 a \" \"-all\"\n",
            "example.com descriptive text \"v=spf1 a -all\"",
            "example.com\ttext = \"v=spf1 a -all\"",
            "example.com. TXT v=spf1 a -all",
        ] {
            assert_eq!(taken_out(text).as_deref(), Some("v=spf1 a -all"), "{text}");
        }
        assert_eq!(taken_out("v=spf1 include:txt.example.com v=spf1"), None);
        assert_eq!(taken_out("hello v=spf1"), None);
    }
}
