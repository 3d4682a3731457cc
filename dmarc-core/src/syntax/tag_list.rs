//! Lists of `tag=value` pairs with `;` between them (RFC 6376, 3.2; RFC 9989, 4.8).
//!
//! The list is split at its own separators; what a part means is for its caller. Whitespace is
//! SP and HTAB only, outside a part: `dmarc-sep = *WSP ";" *WSP`.

use crate::diagnostics::Span;

/// One part between separators, without the whitespace around it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Segment {
    /// The part; empty, at its place, if there is nothing between two separators.
    pub span: Span,
    /// The part with the whitespace around it.
    pub outer: Span,
    /// Offset of the separator behind it; `None` for the last part.
    pub separator: Option<usize>,
    /// Name and value around the first `=`; `None` if there is no `=`.
    pub pair: Option<(Span, Span)>,
}

impl Segment {
    /// Whether there is nothing in it.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.span.start == self.span.end
    }
}

const fn is_wsp(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t')
}

/// The span without SP and HTAB at both ends; empty spans stay where they begin.
#[must_use]
pub fn trim(octets: &[u8], span: Span) -> Span {
    let inside = span.of(octets);
    let front = inside.iter().take_while(|octet| is_wsp(**octet)).count();
    if front == inside.len() {
        return Span::empty(span.start);
    }
    let back = inside.iter().rev().take_while(|octet| is_wsp(**octet)).count();
    Span::new(span.start + front, span.end - back)
}

/// The sign in a gap between two parts, without the blanks around it; the gap itself if it is blank.
#[must_use]
pub fn mark(octets: &[u8], gap: Span) -> Span {
    let sign = trim(octets, gap);
    if sign.start == sign.end { gap } else { sign }
}

/// Splits a list into at most `max` parts; the rest, if any, is the last one, whole.
#[must_use]
pub fn segments(octets: &[u8], max: usize) -> Vec<Segment> {
    let mut result = Vec::new();
    let mut start = 0;
    loop {
        let rest = octets.get(start..).unwrap_or_default();
        let length = if result.len() + 1 >= max { None } else { rest.iter().position(|o| *o == b';') };
        let end = length.map_or(octets.len(), |length| start + length);
        let outer = Span::new(start, end);
        let span = trim(octets, outer);
        let pair = span.of(octets).iter().position(|octet| *octet == b'=').map(|equals| {
            let name = Span::new(span.start, span.start + equals);
            let value = Span::new(span.start + equals + 1, span.end);
            (trim(octets, name), trim(octets, value))
        });
        result.push(Segment { span, outer, separator: length.map(|_| end), pair });
        if length.is_none() {
            return result;
        }
        start = end + 1;
    }
}

/// The span of what lies between commas in a list, without whitespace around each element.
#[must_use]
pub fn elements(octets: &[u8], list: Span, separator: u8) -> Vec<Span> {
    let mut result = Vec::new();
    let mut start = list.start;
    for (offset, octet) in list.of(octets).iter().enumerate() {
        if *octet == separator {
            result.push(trim(octets, Span::new(start, list.start + offset)));
            start = list.start + offset + 1;
        }
    }
    result.push(trim(octets, Span::new(start, list.end)));
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_keep_their_places() {
        let text = b"v = DMARC1 ;; x ;p=";
        let parts = segments(text, 100);
        assert_eq!(parts.len(), 4);
        let (name, value) = parts[0].pair.unwrap();
        assert_eq!((name.of(text), value.of(text)), (&b"v"[..], &b"DMARC1"[..]));
        assert!(parts[1].is_empty());
        assert_eq!(parts[2].pair, None);
        assert_eq!(parts[3].pair.unwrap().1, Span::empty(19));
    }

    #[test]
    fn too_many_parts_end_in_one_last() {
        assert_eq!(segments(b"a;b;c;d", 2)[1].span, Span::new(2, 7));
    }
}
