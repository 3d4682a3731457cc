//! Reporting addresses: the URI lists of `rua` and `ruf` (RFC 9989, 4.8; RFC 7489, 6.4).

use crate::diagnostics::{Diagnostic, Span};
use crate::name::DomainName;
use crate::syntax::{tag_list, uri};
use crate::text::lossy;

use super::rules::{
    EMPTY_URI, MAILTO_SLASHES, MANY_URIS, NO_ADDRESS, OBSOLETE_SIZE, UNSUPPORTED_SCHEME, UNUSUAL_ADDRESS,
    WRONG_SEPARATOR,
};
use super::tag::TagName;
use super::{Edition, address_miss, foreign};

/// A syntactically valid reporting address.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReportUri {
    /// The URI as written, without its size limit.
    pub uri: String,
    /// Address of a `mailto:` URI; `None` for another scheme, which nobody has to support.
    pub mailbox: Option<uri::Mailto>,
    /// Most octets of a report to this address (RFC 7489, 6.2); RFC 9989 disregards it.
    pub size_limit: Option<u64>,
    /// Its place in the record, size limit included.
    pub span: Span,
}

impl ReportUri {
    /// The host that reports go to.
    #[must_use]
    pub fn destination(&self) -> Option<&DomainName> {
        self.mailbox.as_ref().map(|mailbox| &mailbox.domain)
    }
}

/// Reads the value of `rua` or `ruf`. A malformed element is left out, the others count (RFC 9990, 3.5).
pub(super) fn list(
    octets: &[u8],
    value: Span,
    tag: TagName,
    edition: Edition,
    found: &mut Vec<Diagnostic>,
) -> Vec<ReportUri> {
    let inner = address_miss::unwrapped(octets, value, tag, found);
    if inner.start == inner.end {
        // Nothing but a quotation mark or a backslash, and that is reported.
        return Vec::new();
    }
    let elements = tag_list::elements(octets, inner, b',');
    let mut uris = Vec::new();
    let mut index = 0;
    while let Some(element) = elements.get(index) {
        if element.start == element.end {
            let empty = elements.iter().skip(index).take_while(|span| span.start == span.end).count();
            // The commas that go: those behind, or at the end of the list those in front.
            let before = index.checked_sub(1).and_then(|before| elements.get(before));
            let cut = match (elements.get(index + empty), before) {
                (Some(next), _) => Some(Span::new(element.start, next.start)),
                (None, Some(before)) => Some(Span::new(before.end, inner.end)),
                // Nothing but commas: which address was meant, nobody can tell.
                (None, None) => None,
            };
            let finding = EMPTY_URI.at(*element).arg("tag", tag.as_str());
            found.push(match cut {
                Some(cut) => finding.fix(cut, ""),
                None => finding,
            });
            index += empty;
            continue;
        }
        if let Some(gap) = tag_behind_comma(octets, &elements, index) {
            let comma = tag_list::mark(octets, gap);
            found.push(WRONG_SEPARATOR.at(comma).arg("found", ",").fix(gap, "; "));
        } else if let Some(uri) = one(octets, *element, tag, edition, found) {
            uris.push(uri);
        }
        index += 1;
    }
    // What was taken off for the findings makes the element at that end malformed.
    uris.retain(|uri| {
        let outer = Span::new(
            if uri.span.start == inner.start { value.start } else { uri.span.start },
            if uri.span.end == inner.end { value.end } else { uri.span.end },
        );
        outer == uri.span || is_element(&lossy(outer.of(octets)))
    });
    if uris.len() > 2 {
        found.push(MANY_URIS.at(value).arg("tag", tag.as_str()).arg("count", uris.len()));
    }
    uris
}

/// Whether a text is an element of a list: a URI, and if it is a `mailto:` one, with an address.
pub(super) fn is_element(text: &str) -> bool {
    let (bare, _) = split_size(text, Edition::Rfc7489);
    let mail = uri::scheme_of(bare).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto"));
    uri::is_uri(bare) && !bare.contains('!') && (!mail || uri::mailto(bare).is_ok())
}

/// The comma and blanks in front of an element that is another tag.
fn tag_behind_comma(octets: &[u8], elements: &[Span], index: usize) -> Option<Span> {
    let element = elements.get(index)?;
    let before = elements.get(index.checked_sub(1)?)?;
    let text = lossy(element.of(octets));
    let (name, _) = text.split_once('=')?;
    TagName::known(name.trim())?;
    Some(Span::new(before.end, element.start))
}

/// Reads one element.
fn one(
    octets: &[u8],
    element: Span,
    tag: TagName,
    edition: Edition,
    found: &mut Vec<Diagnostic>,
) -> Option<ReportUri> {
    let text = lossy(element.of(octets));
    if !text.is_ascii() || text.bytes().any(|octet| octet.is_ascii_control() && octet != b'\t') {
        found.append(&mut foreign::look(octets, element, tag.as_str(), ""));
        return None;
    }
    let (bare, size) = split_size(&text, edition);
    let bare_span = Span::new(element.start, element.start + bare.len());
    if !uri::is_uri(bare) || (bare.contains('!') && uri::scheme_of(bare).is_some()) {
        found.push(address_miss::malformed(octets, bare, bare_span, tag));
        return None;
    }
    let scheme = uri::scheme_of(bare).unwrap_or_default();
    let mailbox = if scheme.eq_ignore_ascii_case("mailto") {
        match uri::mailto(bare) {
            Ok(mailbox) => Some(mailbox),
            Err(_) => {
                found.push(NO_ADDRESS.at(bare_span).arg("tag", tag.as_str()).arg("uri", bare));
                return None;
            }
        }
    } else {
        let diagnostic = UNSUPPORTED_SCHEME.at(bare_span).arg("tag", tag.as_str()).arg("scheme", scheme);
        found.push(match address_miss::misspelt_scheme(bare) {
            Some(end) => diagnostic.fix(bare_span.start..bare_span.start + end, "mailto:"),
            None => diagnostic,
        });
        None
    };
    if let Some(mailbox) = &mailbox {
        remark(bare, bare_span, mailbox, tag, found);
    }
    if let (Edition::Rfc9989, Some(_)) = (edition, size) {
        let suffix = Span::new(bare_span.end, element.end);
        let shown = lossy(suffix.of(octets));
        found.push(OBSOLETE_SIZE.at(suffix).arg("tag", tag.as_str()).arg("size", shown));
    }
    Some(ReportUri { uri: bare.to_owned(), mailbox, size_limit: size, span: element })
}

/// What is odd about an address that works.
fn remark(bare: &str, span: Span, mailbox: &uri::Mailto, tag: TagName, found: &mut Vec<Diagnostic>) {
    let start = span.start + "mailto:".len();
    let rest = bare.get("mailto:".len()..).unwrap_or_default();
    let slashes = rest.len() - rest.trim_start_matches('/').len();
    let doubled = rest.get(.."mailto:".len()).is_some_and(|again| again.eq_ignore_ascii_case("mailto:"));
    if slashes > 0 {
        let place = Span::new(start, start + slashes);
        found.push(MAILTO_SLASHES.at(place).arg("tag", tag.as_str()).fix(place, ""));
    } else if doubled {
        let again = Span::new(start, start + "mailto:".len());
        found.push(UNUSUAL_ADDRESS.at(again).arg("tag", tag.as_str()).arg("address", rest).fix(again, ""));
        if let Ok(inner) = uri::mailto(rest) {
            remark(rest, Span::new(start, span.end), &inner, tag, found);
        }
    } else if !mailbox.is_plain() || mailbox.domain.label_count() < 2 {
        let place = Span::new(start, span.end);
        found.push(UNUSUAL_ADDRESS.at(place).arg("tag", tag.as_str()).arg("address", rest));
    }
}

/// Splits off a size limit: what follows the last `!`, if it is digits with a unit.
pub(super) fn split_size(text: &str, edition: Edition) -> (&str, Option<u64>) {
    let Some((bare, suffix)) = text.rsplit_once('!') else { return (text, None) };
    let digits = suffix.trim_end_matches(['k', 'm', 'g', 't', 'K', 'M', 'G', 'T']);
    if digits.is_empty() || suffix.len() - digits.len() > 1 || !digits.bytes().all(|o| o.is_ascii_digit()) {
        return (text, None);
    }
    let number = match (digits.parse::<u64>(), edition) {
        (Ok(number), _) => number,
        // RFC 9989, 4.8: `"!" 1*DIGIT`, and reporters should ignore it, so any number will do.
        (Err(_), Edition::Rfc9989) => u64::MAX,
        (Err(_), Edition::Rfc7489) => return (text, None),
    };
    let power = match suffix.bytes().last().map(|unit| unit.to_ascii_lowercase()) {
        Some(b'k') => 10,
        Some(b'm') => 20,
        Some(b'g') => 30,
        Some(b't') => 40,
        _ => 0,
    };
    (bare, Some(number.saturating_mul(1 << power)))
}
