//! The reader: a JSON document in, a report out.

mod fields;

use std::borrow::Cow;
use std::fmt;

use encoding_rs::Encoding;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use self::fields::Fields;
use super::json::{Members, MembersVisitor, Name, Path, Text};
use super::model::{Policy, TlsReport};
use super::rules;
use crate::diagnostics::{Diagnostic, Rule};
use crate::limits::Limits;
use crate::report::aggregate::{Findings, quote, rules as aggregate};

/// Octets of a document, which must be held as a whole. Real ones have some kilobytes.
const LARGEST: usize = 16 << 20;
/// Failures of one report, so many times the limit on entries.
const FAILURES: usize = 10;

/// A report as far as it was read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Read {
    /// What it says.
    pub report: TlsReport,
    /// Whether it was read to its end, and nothing was left out for its size.
    pub complete: bool,
    /// What was found.
    pub findings: Findings,
}

/// Whether octets look like the start of a JSON object or list, in an encoding that is read.
#[cfg(feature = "container")]
pub(crate) fn looks_like(head: &[u8]) -> bool {
    let head = match Encoding::for_bom(head) {
        Some((encoding, mark)) => {
            encoding.decode_without_bom_handling(head.get(mark..).unwrap_or_default()).0
        }
        None => String::from_utf8_lossy(head),
    };
    head.trim_start().starts_with(['{', '['])
}

/// Reads a document: plain JSON, already unpacked.
///
/// # Errors
/// Why it is no report: `report/json` for JSON that says nothing of a report on TLS, `report/empty` for
/// nothing at all.
pub fn read(octets: &[u8], limits: &Limits) -> Result<Read, Diagnostic> {
    let mut findings = Findings::new(limits.findings);
    let cut = octets.len() > LARGEST;
    let octets = if cut { octets.get(..LARGEST).unwrap_or_default() } else { octets };
    let (text, encoding) = decoded(octets);
    if text.trim().is_empty() {
        return Err(aggregate::EMPTY.anywhere());
    }
    if let Some(encoding) = encoding {
        findings.push(rules::ENCODING.anywhere().arg("encoding", encoding));
    }
    let mut reading = Reading {
        fields: Fields {
            text: Text::new(&text),
            findings,
            limits,
            failures: (limits.entries as usize).saturating_mul(FAILURES),
            whole: true,
        },
        report: TlsReport::default(),
        known: 0,
    };
    if let Some(at) = text.find('\u{fffd}').filter(|_| encoding.is_none())
        && std::str::from_utf8(octets).is_err()
    {
        let place = reading.fields.text.place(String::new(), at);
        reading.fields.findings.push(rules::UNDECODABLE.anywhere().in_document(place));
    }
    let mut deserializer = serde_json::Deserializer::from_str(&text);
    let ended = (&mut deserializer).deserialize_map(Top(&mut reading));
    if reading.known == 0 {
        return Err(aggregate::JSON.anywhere());
    }
    match ended {
        Err(error) => reading.broken(&error, cut),
        Ok(()) => {
            if let Err(error) = deserializer.end() {
                reading.junk(&error);
            }
        }
    }
    Ok(reading.finish())
}

/// The text, and the encoding where it is not plain UTF-8.
fn decoded(octets: &[u8]) -> (Cow<'_, str>, Option<&'static str>) {
    match Encoding::for_bom(octets) {
        Some((encoding, mark)) => {
            let (text, _) = encoding.decode_without_bom_handling(octets.get(mark..).unwrap_or_default());
            (text, Some(if encoding == encoding_rs::UTF_8 { "byte order mark" } else { encoding.name() }))
        }
        None => match std::str::from_utf8(octets) {
            Ok(text) => (Cow::Borrowed(text), None),
            Err(_) => (Cow::Owned(crate::text::lossy(octets)), None),
        },
    }
}

/// A report that is being read.
struct Reading<'t, 'l> {
    fields: Fields<'t, 'l>,
    report: TlsReport,
    /// Members of the report that were met, one bit each.
    known: u8,
}

/// The members of a report.
const TOP: [&str; 5] = ["organization-name", "date-range", "contact-info", "report-id", "policies"];

impl<'t> Reading<'t, '_> {
    /// Takes a member of the report but its policies.
    fn member(&mut self, name: &str, raw: &'t RawValue) {
        let path = Path::Name(&Path::Root, name);
        match self.named(name, raw.get()) {
            None => self.fields.keep(&mut self.report.other, name, raw),
            Some(None) => {}
            Some(Some("organization-name")) => self.report.organization = self.fields.text(raw, &path),
            Some(Some("contact-info")) => self.report.contact = self.fields.text(raw, &path),
            Some(Some("report-id")) => self.report.report_id = self.fields.text(raw, &path),
            Some(Some("date-range")) => {
                let mut range = [None, None];
                self.fields.object(
                    raw,
                    &path,
                    &["start-datetime", "end-datetime"],
                    |fields, name, raw, path| {
                        let [begin, end] = &mut range;
                        *(if name == "start-datetime" { begin } else { end }) = fields.time(raw, path);
                    },
                );
                [self.report.begin, self.report.end] = range;
            }
            // `policies` is read one by one.
            Some(Some(_)) => {}
        }
    }

    /// Which member of a report a name means: none that is known, or one that came before.
    fn named(&mut self, name: &str, at: &str) -> Option<Option<&'static str>> {
        let meant = fields::meant(name, &TOP)?;
        let path = Path::Name(&Path::Root, name);
        if meant != name {
            self.fields.add(&rules::NAME_SPELLING, at, &path, |found| {
                found.arg("name", quote(name)).arg("meant", meant)
            });
        }
        let bit = TOP.iter().position(|known| *known == meant).map_or(0, |index| 1_u8 << index);
        if self.known & bit != 0 {
            self.fields.add(&rules::DUPLICATE_NAME, at, &path, |found| found.arg("name", meant));
            return Some(None);
        }
        self.known |= bit;
        Some(Some(meant))
    }

    fn policy(&mut self, raw: &'t RawValue) {
        let index = self.report.policies.len();
        let path = Path::Name(&Path::Root, "policies");
        if index >= self.fields.limits.entries as usize {
            return self.fields.too_many("policies", self.fields.limits.entries as usize, raw, &path);
        }
        let mut policy = Policy::default();
        self.fields.policy(&mut policy, raw, &Path::Index(&path, index));
        self.report.policies.push(policy);
    }

    fn broken(&mut self, error: &serde_json::Error, cut: bool) {
        self.fields.whole = false;
        let place = self.fields.at_line(error.line(), error.column());
        let found = if cut {
            rules::TOO_LARGE.anywhere().arg("limit", LARGEST)
        } else if error.is_eof() {
            rules::TRUNCATED.anywhere()
        } else {
            let detail = error.to_string();
            let detail = detail.rsplit_once(" at line ").map_or(detail.as_str(), |(detail, _)| detail);
            rules::SYNTAX.anywhere().arg("detail", quote(detail))
        };
        self.fields.findings.push(found.in_document(place));
    }

    fn junk(&mut self, error: &serde_json::Error) {
        let place = self.fields.at_line(error.line(), error.column());
        let behind = usize::try_from(place.offset).ok().and_then(|at| self.fields.text.behind(at));
        let text = quote(behind.unwrap_or_default().trim());
        // Some writers pad with NUL octets.
        self.fields.findings.push(rules::TRAILING_JUNK.anywhere().arg("text", text).in_document(place));
    }

    fn finish(mut self) -> Read {
        let missing = |reading: &mut Self, rule: &'static Rule, name: Option<&'static str>| {
            let place = reading.fields.text.place(String::new(), 0);
            let found = rule.anywhere().in_document(place);
            reading.fields.findings.push(match name {
                Some(name) => found.arg("name", name),
                None => found,
            });
        };
        if self.fields.whole {
            for (index, name) in TOP.into_iter().enumerate() {
                if self.known & (1 << index) == 0 {
                    missing(&mut self, &rules::MISSING_NAME, Some(name));
                }
            }
            if self.known & (1 << (TOP.len() - 1)) != 0 && self.report.policies.is_empty() {
                missing(&mut self, &rules::NO_POLICIES, None);
            }
        }
        let time = |stamp: &Option<crate::report::aggregate::Timestamp>| stamp.as_ref()?.time;
        if let (Some(begin), Some(end)) = (time(&self.report.begin), time(&self.report.end))
            && end < begin
        {
            let found = rules::REVERSED_PERIOD.anywhere();
            self.fields.findings.push(found.arg("begin", begin.rfc3339()).arg("end", end.rfc3339()));
        }
        Read { report: self.report, complete: self.fields.whole, findings: self.fields.findings }
    }
}

/// Reads the root: what was whole before a break is kept.
struct Top<'r, 't, 'l>(&'r mut Reading<'t, 'l>);

impl<'t> Visitor<'t> for Top<'_, 't, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(Name)? {
            if fields::meant(&name, &TOP) != Some("policies") {
                let raw = map.next_value()?;
                self.0.member(&name, raw);
            } else if let Some(Some(_)) = self.0.named(&name, &name) {
                map.next_value_seed(Policies(self.0))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// Reads `policies`, one at a time.
struct Policies<'r, 't, 'l>(&'r mut Reading<'t, 'l>);

impl<'t> DeserializeSeed<'t> for Policies<'_, 't, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for Policies<'_, 't, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of policies")
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(raw) = list.next_element()? {
            self.0.policy(raw);
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'t>>(self, map: A) -> Result<(), A::Error> {
        let Members(members) = MembersVisitor.visit_map(map)?;
        let path = Path::Name(&Path::Root, "policies");
        let reading = self.0;
        let at = members.first().map_or("", |(_, raw)| raw.get());
        reading.fields.add(&rules::VALUE_FORM, at, &path, |found| {
            found.arg("name", "policies").arg("expected", "array")
        });
        let mut policy = Policy::default();
        reading.fields.policy_of(&mut policy, members, at, &path);
        reading.report.policies.push(policy);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.none("null");
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.none(&value.to_string());
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.none(&value.to_string());
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.none(&value.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.none(&value.to_string());
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.none(text);
        Ok(())
    }
}

impl Policies<'_, '_, '_> {
    /// `policies` is something else than policies.
    fn none(self, value: &str) {
        let path = Path::Name(&Path::Root, "policies");
        self.0.fields.add(&rules::INVALID_VALUE, "", &path, |found| {
            found.arg("name", "policies").arg("value", quote(value))
        });
    }
}
