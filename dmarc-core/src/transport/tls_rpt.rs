//! The record at `_smtp._tls` that asks for reports about TLS (RFC 8460, 3).

use serde::Serialize;

use crate::diagnostics::{self, Diagnostic, Effect, Parsed, Span, rfc, rules};
use crate::limits::Limits;
use crate::syntax::{tag_list, uri};
use crate::text::lossy;

use super::field_list::{self, Field, Grammar};

rules! {
    /// The text is empty.
    EMPTY_RECORD = "tls-rpt/empty-record", Error, rfc(8460, "3"), [];
    /// The text is no TLS-RPT record.
    NO_RECORD = "tls-rpt/no-record", Error, rfc(8460, "3"), [];
    /// The version is not exactly `TLSRPTv1`.
    INVALID_VERSION = "tls-rpt/invalid-version", Error, rfc(8460, "3"), [value];
    /// Quotation marks around the record belong to a zone file, not to the record.
    QUOTED_RECORD = "tls-rpt/quoted-record", Error, rfc(1035, "5.1"), [];
    /// A whole zone-file line or tool answer instead of the record.
    PASTED_LINE = "tls-rpt/pasted-line", Error, rfc(8460, "3"), [];
    /// A separator that is escaped as in a zone file.
    ESCAPED_SEPARATOR = "tls-rpt/escaped-separator", Error, rfc(1035, "5.1"), [];
    /// A blank before the version.
    LEADING_BLANK = "tls-rpt/leading-blank", Error, rfc(8460, "3"), [];
    /// Something other than a semicolon behind the version.
    WRONG_SEPARATOR = "tls-rpt/wrong-separator", Error, rfc(8460, "3"), [found];
    /// A blank between the version and its semicolon.
    BLANK_BEFORE_SEPARATOR = "tls-rpt/blank-before-separator", Warning, rfc(8460, "3"), [];
    /// Nothing between two separators.
    EMPTY_FIELD = "tls-rpt/empty-field", Error, rfc(8460, "3"), [];
    /// A field that the grammar does not allow.
    INVALID_FIELD = "tls-rpt/invalid-field", Error, rfc(8460, "3"), [text];
    /// A blank around `=`.
    BLANK_AROUND_EQUALS = "tls-rpt/blank-around-equals", Error, rfc(8460, "3"), [];
    /// The name of a known field in capitals.
    UPPERCASE_FIELD = "tls-rpt/uppercase-field", Error, rfc(8460, "3"), [field];
    /// A field that no standard defines.
    UNKNOWN_FIELD = "tls-rpt/unknown-field", Notice, rfc(8460, "3"), [field];
    /// No `rua`.
    MISSING_RUA = "tls-rpt/missing-rua", Error, rfc(8460, "3"), [];
    /// A `rua` that stands twice.
    DUPLICATE_RUA = "tls-rpt/duplicate-rua", Error, rfc(8460, "3"), [];
    /// Nothing between two commas.
    EMPTY_URI = "tls-rpt/empty-uri", Error, rfc(8460, "3"), [];
    /// An element that is no URI.
    INVALID_URI = "tls-rpt/invalid-uri", Error, rfc(8460, "3"), [uri];
    /// An address without `mailto:`.
    MISSING_MAILTO = "tls-rpt/missing-mailto", Error, rfc(8460, "3"), [address];
    /// A scheme other than `mailto` and `https`.
    UNSUPPORTED_SCHEME = "tls-rpt/unsupported-scheme", Error, rfc(8460, "3"), [scheme];
    /// A size limit as DMARC once had it.
    SIZE_LIMIT = "tls-rpt/size-limit", Error, rfc(8460, "3"), [uri];
    /// Several records at one name.
    SEVERAL_RECORDS = "tls-rpt/several-records", Error, rfc(8460, "3"), [count];
    /// More octets than are looked at.
    TOO_LONG = "tls-rpt/too-long", Error, rfc(8460, "3"), [octets, limit];
}

static GRAMMAR: Grammar = Grammar {
    version: "v=TLSRPTv1",
    required: "rua",
    empty: &EMPTY_RECORD,
    no_record: &NO_RECORD,
    invalid_version: &INVALID_VERSION,
    quoted: &QUOTED_RECORD,
    pasted: &PASTED_LINE,
    escaped: &ESCAPED_SEPARATOR,
    leading_blank: &LEADING_BLANK,
    wrong_separator: &WRONG_SEPARATOR,
    blank_before_separator: &BLANK_BEFORE_SEPARATOR,
    empty_field: &EMPTY_FIELD,
    invalid_field: &INVALID_FIELD,
    blank_around_equals: &BLANK_AROUND_EQUALS,
    uppercase_field: &UPPERCASE_FIELD,
    unknown_field: &UNKNOWN_FIELD,
    missing_field: &MISSING_RUA,
    too_long: &TOO_LONG,
};

/// A record that asks for TLS reports.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Record {
    fields: Vec<Field>,
    rua: Vec<String>,
}

/// What is written in a record.
#[derive(Serialize)]
pub(crate) struct Published<'a> {
    v: &'static str,
    rua: Option<&'a str>,
}

/// What a reporter acts on.
#[derive(Serialize)]
pub(crate) struct Effective<'a> {
    v: &'static str,
    rua: &'a [String],
}

impl Record {
    /// Reads a record: the character-strings of the TXT record, joined. Any octets are accepted.
    ///
    /// ```
    /// let parsed = dmarc_core::transport::tls_rpt::Record::parse("v=TLSRPTv1; rua=mailto:tls@example.com");
    /// assert_eq!(parsed.value.map(|record| record.rua().len()), Some(1));
    /// ```
    #[must_use]
    pub fn parse(octets: impl AsRef<[u8]>) -> Parsed<Self> {
        Self::parse_within(octets.as_ref(), &Limits::default())
    }

    /// [`Record::parse`] with limits of the caller's choice.
    #[must_use]
    pub fn parse_within(octets: &[u8], limits: &Limits) -> Parsed<Self> {
        let mut parsed = read(octets, limits);
        diagnostics::sort(&mut parsed.diagnostics);
        for fix in parsed.diagnostics.iter_mut().filter_map(|found| found.fix.as_mut()) {
            // No policy depends on the record: it only says where reports go.
            fix.effect = Some(Effect::None);
        }
        parsed
    }

    /// Whether a text begins as a record that asks for TLS reports.
    #[must_use]
    pub fn is_record(octets: &[u8]) -> bool {
        field_list::is_record(octets, &GRAMMAR)
    }

    /// Where reports go; empty if the record is not valid.
    #[must_use]
    pub fn rua(&self) -> &[String] {
        &self.rua
    }

    /// Fields as written, in order.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    pub(crate) fn published(&self) -> Published<'_> {
        let rua = self.fields.iter().find(|field| field.name == "rua");
        Published { v: "TLSRPTv1", rua: rua.map(|field| field.value.as_str()) }
    }

    pub(crate) fn effective(&self) -> Option<Effective<'_>> {
        (!self.rua.is_empty()).then_some(Effective { v: "TLSRPTv1", rua: &self.rua })
    }
}

fn read(octets: &[u8], limits: &Limits) -> Parsed<Record> {
    let mut found: Vec<Diagnostic> = Vec::new();
    let Some(list) = field_list::read(octets, &GRAMMAR, limits, &mut found) else {
        return Parsed { value: None, diagnostics: found };
    };
    let mut all = list.fields.iter().filter(|field| field.name == "rua");
    let first = all.next();
    let again = all.next();
    found.extend(again.map(|field| DUPLICATE_RUA.at(field.name_span.start..field.value_span.end)));
    let uris = first.map(|field| uris(octets, field, &mut found)).unwrap_or_default();
    let valid = list.sound && again.is_none();
    let rua = uris.filter(|_| valid).unwrap_or_default();
    Parsed { value: Some(Record { rua, fields: list.fields }), diagnostics: found }
}

/// The URIs of a list; `None` if one of them is no URI, which breaks the record.
fn uris(octets: &[u8], field: &Field, found: &mut Vec<Diagnostic>) -> Option<Vec<String>> {
    let mut uris = Vec::new();
    let before = found.len();
    for element in tag_list::elements(octets, field.value_span, b',') {
        let text = lossy(element.of(octets));
        match check(element, &text) {
            None => uris.push(text),
            Some(diagnostic) => found.push(diagnostic),
        }
    }
    (found.len() == before).then_some(uris)
}

fn check(element: Span, text: &str) -> Option<Diagnostic> {
    if text.is_empty() {
        return Some(EMPTY_URI.at(element));
    }
    if uri::Mailto::parse_bare(text).is_some() {
        let diagnostic = MISSING_MAILTO.at(element).arg("address", text);
        return Some(diagnostic.fix(Span::empty(element.start), "mailto:"));
    }
    if let Some(at) = text.rfind('!') {
        let place = Span::new(element.start + at, element.end);
        let diagnostic = SIZE_LIMIT.at(place).arg("uri", text);
        let size = text.get(at + 1..).unwrap_or_default().trim_end_matches(['k', 'm', 'g', 't', 'b']);
        let is_size = !size.is_empty() && size.bytes().all(|octet| octet.is_ascii_digit());
        return Some(if is_size { diagnostic.fix(place, "") } else { diagnostic });
    }
    let scheme = uri::scheme_of(text).filter(|_| uri::is_uri(text));
    match scheme {
        None => Some(INVALID_URI.at(element).arg("uri", text)),
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto") => {
            uri::mailto(text).err().map(|_| INVALID_URI.at(element).arg("uri", text))
        }
        Some(scheme) if scheme.eq_ignore_ascii_case("https") => None,
        Some(scheme) => Some(UNSUPPORTED_SCHEME.at(element).arg("scheme", scheme)),
    }
}
