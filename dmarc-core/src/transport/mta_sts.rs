//! The MTA-STS record at `_mta-sts` (RFC 8461, 3.1): it says that there is a policy, and when it changed.

use serde::Serialize;

use crate::diagnostics::{self, Diagnostic, Effect, Parsed, rfc, rules};
use crate::limits::Limits;

use super::field_list::{self, Field, Grammar, NAME};

rules! {
    /// The text is empty.
    EMPTY_RECORD = "mta-sts/empty-record", Error, rfc(8461, "3.1"), [];
    /// The text is no MTA-STS record.
    NO_RECORD = "mta-sts/no-record", Error, rfc(8461, "3.1"), [];
    /// The version is not exactly `STSv1`.
    INVALID_VERSION = "mta-sts/invalid-version", Error, rfc(8461, "3.1"), [value];
    /// Quotation marks around the record belong to a zone file, not to the record.
    QUOTED_RECORD = "mta-sts/quoted-record", Error, rfc(1035, "5.1"), [];
    /// A whole zone-file line or tool answer instead of the record.
    PASTED_LINE = "mta-sts/pasted-line", Error, rfc(8461, "3.1"), [];
    /// A separator that is escaped as in a zone file.
    ESCAPED_SEPARATOR = "mta-sts/escaped-separator", Error, rfc(1035, "5.1"), [];
    /// A blank before the version.
    LEADING_BLANK = "mta-sts/leading-blank", Error, rfc(8461, "3.1"), [];
    /// Something other than a semicolon behind the version.
    WRONG_SEPARATOR = "mta-sts/wrong-separator", Error, rfc(8461, "3.1"), [found];
    /// A blank between the version and its semicolon.
    BLANK_BEFORE_SEPARATOR = "mta-sts/blank-before-separator", Warning, rfc(8461, "3.1"), [];
    /// Nothing between two separators.
    EMPTY_FIELD = "mta-sts/empty-field", Error, rfc(8461, "3.1"), [];
    /// A field that the grammar does not allow.
    INVALID_FIELD = "mta-sts/invalid-field", Error, rfc(8461, "3.1"), [text];
    /// A blank around `=`.
    BLANK_AROUND_EQUALS = "mta-sts/blank-around-equals", Error, rfc(8461, "3.1"), [];
    /// The name of a known field in capitals.
    UPPERCASE_FIELD = "mta-sts/uppercase-field", Error, rfc(8461, "3.1"), [field];
    /// A field that no standard defines.
    UNKNOWN_FIELD = "mta-sts/unknown-field", Notice, rfc(8461, "3.1"), [field];
    /// No `id`.
    MISSING_ID = "mta-sts/missing-id", Error, rfc(8461, "3.1"), [];
    /// An `id` that is not 1 to 32 letters and digits.
    INVALID_ID = "mta-sts/invalid-id", Error, rfc(8461, "3.1"), [value];
    /// A field that stands twice; the first counts.
    DUPLICATE_FIELD = "mta-sts/duplicate-field", Warning, rfc(8461, "3.2"), [field];
    /// Several records at one name.
    SEVERAL_RECORDS = "mta-sts/several-records", Error, rfc(8461, "3.1"), [count];
    /// More octets than are looked at.
    TOO_LONG = "mta-sts/too-long", Error, rfc(8461, "3.1"), [octets, limit];
}

static GRAMMAR: Grammar = Grammar {
    version: "v=STSv1",
    required: "id",
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
    missing_field: &MISSING_ID,
    too_long: &TOO_LONG,
};

/// An MTA-STS record.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Record {
    fields: Vec<Field>,
    id: Option<String>,
}

/// What is written in a record, and what a sender acts on.
#[derive(Serialize)]
pub(crate) struct Views<'a> {
    v: &'static str,
    id: Option<&'a str>,
}

impl Record {
    /// Reads a record: the character-strings of the TXT record, joined. Any octets are accepted.
    ///
    /// ```
    /// let parsed = dmarc_core::transport::mta_sts::Record::parse("v=STSv1; id=20260101T000000;");
    /// assert_eq!(parsed.value.and_then(|record| record.id().map(str::to_owned)).as_deref(), Some("20260101T000000"));
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
        let id = |parsed: &Parsed<Self>| parsed.value.as_ref().and_then(|record| record.id.clone());
        let before = id(&parsed);
        for fix in parsed.diagnostics.iter_mut().filter_map(|found| found.fix.as_mut()) {
            let after = id(&read(&fix.apply(octets), limits));
            // A policy that senders see protects mail that went without it.
            fix.effect = Some(match (&before, &after) {
                (None, Some(_)) => Effect::Stricter,
                (Some(_), None) => Effect::Looser,
                _ => Effect::None,
            });
        }
        parsed
    }

    /// Whether a text begins as an MTA-STS record.
    #[must_use]
    pub fn is_record(octets: &[u8]) -> bool {
        field_list::is_record(octets, &GRAMMAR)
    }

    /// What tells one version of the policy from the next; `None` if the record is not valid.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Fields as written, in order.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    pub(crate) fn published(&self) -> Views<'_> {
        let id = self.fields.iter().find(|field| field.name == "id");
        Views { v: "STSv1", id: id.map(|field| field.value.as_str()) }
    }

    pub(crate) fn effective(&self) -> Option<Views<'_>> {
        self.id.as_ref().map(|id| Views { v: "STSv1", id: Some(id) })
    }
}

fn is_id(value: &str) -> bool {
    (1..=NAME).contains(&value.len()) && value.bytes().all(|octet| octet.is_ascii_alphanumeric())
}

fn read(octets: &[u8], limits: &Limits) -> Parsed<Record> {
    let mut found: Vec<Diagnostic> = Vec::new();
    let Some(list) = field_list::read(octets, &GRAMMAR, limits, &mut found) else {
        return Parsed { value: None, diagnostics: found };
    };
    let mut seen: Vec<&str> = vec!["v"];
    for field in &list.fields {
        if seen.contains(&field.name.as_str()) {
            let place = field.name_span.start..field.value_span.end;
            found.push(DUPLICATE_FIELD.at(place).arg("field", field.name.as_str()));
        }
        seen.push(&field.name);
    }
    let first = list.fields.iter().find(|field| field.name == "id");
    if let Some(field) = first.filter(|field| !is_id(&field.value)) {
        found.push(INVALID_ID.at(field.value_span).arg("value", field.value.as_str()));
    }
    let id = first.filter(|field| list.sound && is_id(&field.value)).map(|field| field.value.clone());
    Parsed { value: Some(Record { id, fields: list.fields }), diagnostics: found }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_behind_an_octet_that_is_not_utf_8_are_mended_at_their_places() {
        let parsed = Record::parse(b"v=STSv1\\; id=\xff\xff\\;");
        let fix = parsed.diagnostics.iter().find_map(|found| found.fix.clone()).unwrap();
        assert_eq!(fix.apply(b"v=STSv1\\; id=\xff\xff\\;"), b"v=STSv1; id=\xff\xff;");
    }
}
