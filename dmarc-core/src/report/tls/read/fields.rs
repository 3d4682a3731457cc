//! Members and values of a report, each with what is found in it.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::super::json::{Members, Path, Text, Value, value};
use super::super::model::{Failure, Other, Policy};
use super::super::rules;
use super::super::values::{self, TimeForm};
use crate::diagnostics::{Diagnostic, Place, Rule};
use crate::limits::Limits;
use crate::report::aggregate::{
    Coded, Count, Findings, SourceIp, Timestamp, Understood, Word, is_domain, quote, source_ip,
};

/// Names that other writers use for members of the standard.
const ALIASES: [(&str, &str); 4] = [
    // The standard's own prose calls the values so (RFC 8460, 4.4).
    ("mxhostpattern", "mx-host"),
    ("additionalinfouri", "additional-information"),
    ("organisationname", "organization-name"),
    ("ipaddress", "sending-mta-ip"),
];

fn squashed(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The name of the standard that is meant, among those that can stand here.
pub(super) fn meant(name: &str, known: &[&'static str]) -> Option<&'static str> {
    if let Some(exact) = known.iter().find(|known| **known == name) {
        return Some(exact);
    }
    if name.len() > 100 {
        return None;
    }
    let name = squashed(name);
    let alias = ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, meant)| *meant);
    known.iter().find(|known| squashed(known) == name || alias == Some(**known)).copied()
}

/// The fields of the report under way.
pub(super) struct Fields<'t, 'l> {
    pub(super) text: Text<'t>,
    pub(super) findings: Findings,
    pub(super) limits: &'l Limits,
    /// Failures that may still be kept.
    pub(super) failures: usize,
    /// Whether nothing was left out.
    pub(super) whole: bool,
}

impl<'t> Fields<'t, '_> {
    /// Adds a finding at a part of the text.
    pub(super) fn add(
        &mut self,
        rule: &'static Rule,
        at: &str,
        path: &Path<'_>,
        args: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        let Self { text, findings, .. } = self;
        findings.add(rule, || {
            let place = text.place(path.to_string(), text.offset(at));
            args(rule.anywhere()).in_document(place)
        });
    }

    /// The place of a line and column that the parser tells.
    pub(super) fn at_line(&mut self, line: usize, column: usize) -> Place {
        let offset = self.text.offset_of(line, column);
        self.text.place(String::new(), offset)
    }

    pub(super) fn too_many(&mut self, name: &str, limit: usize, raw: &RawValue, path: &Path<'_>) {
        self.whole = false;
        self.add(&rules::TOO_MANY_ENTRIES, raw.get(), path, |found| {
            found.arg("name", name).arg("limit", limit)
        });
    }

    /// Reads an object; each member that can stand here is handed on once.
    pub(super) fn object(
        &mut self,
        raw: &'t RawValue,
        path: &Path<'_>,
        known: &[&'static str],
        take: impl FnMut(&mut Self, &'static str, &'t RawValue, &Path<'_>),
    ) -> Vec<Other> {
        match serde_json::from_str::<Members<'_>>(raw.get()) {
            Ok(members) => self.members(members.0, raw.get(), path, known, take),
            Err(_) => {
                self.invalid(raw, path);
                Vec::new()
            }
        }
    }

    fn members(
        &mut self,
        members: Vec<(Cow<'t, str>, &'t RawValue)>,
        at: &str,
        path: &Path<'_>,
        known: &[&'static str],
        mut take: impl FnMut(&mut Self, &'static str, &'t RawValue, &Path<'_>),
    ) -> Vec<Other> {
        let mut other = Vec::new();
        let mut seen: Vec<&'static str> = Vec::new();
        for (name, raw) in members {
            let path = Path::Name(path, &name);
            let Some(meant) = meant(&name, known) else {
                self.keep(&mut other, &name, raw);
                continue;
            };
            if meant != name {
                self.add(&rules::NAME_SPELLING, raw.get(), &path, |found| {
                    found.arg("name", quote(&name)).arg("meant", meant)
                });
            }
            if seen.contains(&meant) {
                self.add(&rules::DUPLICATE_NAME, raw.get(), &path, |found| found.arg("name", meant));
                continue;
            }
            seen.push(meant);
            take(self, meant, raw, &path);
        }
        for name in known.iter().filter(|name| !seen.contains(name) && !OPTIONAL.contains(name)) {
            self.add(&rules::MISSING_NAME, at, path, |found| found.arg("name", *name));
        }
        other
    }

    /// Keeps a member that the standard does not have.
    pub(super) fn keep(&mut self, other: &mut Vec<Other>, name: &str, raw: &RawValue) {
        let path = Path::Name(&Path::Root, name);
        self.add(&rules::UNKNOWN_NAME, raw.get(), &path, |found| found.arg("name", quote(name)));
        if name.len() + raw.get().len() > self.limits.text_octets {
            return self.too_long(name, raw, &path);
        }
        other.push(Other { name: name.to_owned(), json: raw.get().to_owned() });
    }

    fn too_long(&mut self, name: &str, raw: &RawValue, path: &Path<'_>) {
        self.whole = false;
        let limit = self.limits.text_octets;
        self.add(&rules::TEXT_TOO_LONG, raw.get(), path, |found| {
            found.arg("name", quote(name)).arg("limit", limit)
        });
    }

    fn invalid(&mut self, raw: &RawValue, path: &Path<'_>) {
        self.add(&rules::INVALID_VALUE, raw.get(), path, |found| {
            found.arg("name", quote(path.name())).arg("value", quote(raw.get()))
        });
    }

    fn form(&mut self, raw: &RawValue, path: &Path<'_>, expected: &'static str) {
        self.add(&rules::VALUE_FORM, raw.get(), path, |found| {
            found.arg("name", path.name()).arg("expected", expected)
        });
    }

    fn empty(&mut self, raw: &RawValue, path: &Path<'_>) {
        self.add(&rules::EMPTY_VALUE, raw.get(), path, |found| found.arg("name", path.name()));
    }

    /// A text, trimmed; `None` for null.
    pub(super) fn text(&mut self, raw: &RawValue, path: &Path<'_>) -> Option<String> {
        let text = match value(raw) {
            Value::Null => {
                self.empty(raw, path);
                return None;
            }
            Value::Text(text) => text,
            Value::Plain(text) => {
                self.form(raw, path, "string");
                Cow::Borrowed(text)
            }
            Value::List(list) => match (list.as_slice(), list.first().map(|only| value(only))) {
                ([_], Some(Value::Text(text))) => {
                    self.form(raw, path, "string");
                    text
                }
                _ => {
                    self.invalid(raw, path);
                    return None;
                }
            },
            Value::Object => {
                self.invalid(raw, path);
                return None;
            }
        };
        let text = text.trim();
        if text.len() > self.limits.text_octets {
            self.too_long(path.name(), raw, path);
            return None;
        }
        if text.is_empty() {
            self.empty(raw, path);
        }
        Some(text.to_owned())
    }

    /// A list of texts; a text alone is a list of one.
    fn texts(&mut self, raw: &'t RawValue, path: &Path<'_>) -> Vec<String> {
        let list = match value(raw) {
            Value::Null => {
                self.empty(raw, path);
                return Vec::new();
            }
            Value::List(list) => list,
            Value::Text(text) => {
                self.form(raw, path, "array");
                return text
                    .lines()
                    .map(|line| line.trim().to_owned())
                    .filter(|line| !line.is_empty())
                    .collect();
            }
            Value::Plain(_) | Value::Object => {
                self.invalid(raw, path);
                return Vec::new();
            }
        };
        let mut texts = Vec::new();
        let mut room = self.limits.entries as usize;
        for (index, element) in list.into_iter().enumerate() {
            let place = Path::Index(path, index);
            if room == 0 {
                self.too_many(path.name(), self.limits.entries as usize, element, &place);
                break;
            }
            let Some(text) = self.text(element, &place) else { continue };
            // Seen at Microsoft: a list that was written as JSON twice.
            let inner =
                if text.starts_with('[') { serde_json::from_str::<Vec<String>>(&text).ok() } else { None };
            match inner {
                Some(inner) => {
                    self.form(element, &place, "string");
                    room = room.saturating_sub(inner.len()).max(1);
                    texts.extend(inner);
                }
                None => texts.push(text),
            }
            room -= 1;
        }
        texts
    }

    /// A count, also where it is written as a text.
    fn count(&mut self, raw: &RawValue, path: &Path<'_>) -> Option<Count> {
        let written = raw.get().trim_ascii();
        let inner = written.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let text = inner.unwrap_or(written).trim();
        if inner.is_none() && text == "null" {
            self.empty(raw, path);
            return None;
        }
        let whole = text.split_once('.').map_or(text, |(whole, zeros)| {
            if zeros.bytes().all(|octet| octet == b'0') { whole } else { text }
        });
        let digits = !whole.is_empty() && whole.bytes().all(|octet| octet.is_ascii_digit());
        let number = if digits { whole.parse::<i64>().ok() } else { None };
        let number = number.and_then(|number| u64::try_from(number).ok());
        match number {
            None => self.add(&rules::INVALID_COUNT, raw.get(), path, |found| {
                found.arg("name", path.name()).arg("value", quote(written))
            }),
            Some(_) if whole != written => self.form(raw, path, "number"),
            Some(_) => {}
        }
        let usual = number.is_some_and(|number| written == number.to_string());
        Some(Count { value: number, raw: (!usual).then(|| quote(written).into()) })
    }

    pub(super) fn time(&mut self, raw: &RawValue, path: &Path<'_>) -> Option<Timestamp> {
        let text = self.text(raw, path)?;
        if text.is_empty() {
            return Some(Timestamp { time: None, raw: text });
        }
        let (stamp, form) = values::timestamp(&text);
        match (form, stamp.time) {
            (TimeForm::Exact, _) => {}
            (TimeForm::Other, Some(time)) => self.add(&rules::TIME_FORM, raw.get(), path, |found| {
                found.arg("name", path.name()).arg("value", quote(&text)).arg("meant", time.rfc3339())
            }),
            _ => self.add(&rules::INVALID_TIME, raw.get(), path, |found| {
                found.arg("name", path.name()).arg("value", quote(&text))
            }),
        }
        Some(stamp)
    }

    fn coded<T: Word>(&mut self, raw: &RawValue, path: &Path<'_>) -> Option<Coded<T>> {
        let text = self.text(raw, path)?;
        let (coded, how) = Coded::<T>::understand(&text);
        match how {
            Understood::Exactly | Understood::Empty => {}
            Understood::Leniently => self.add(&rules::VALUE_SPELLING, raw.get(), path, |found| {
                let found = found.arg("name", path.name()).arg("value", quote(&text));
                found.arg("meant", coded.value().as_str())
            }),
            Understood::Not => self.add(&rules::UNKNOWN_VALUE, raw.get(), path, |found| {
                found.arg("name", path.name()).arg("value", quote(&text))
            }),
        }
        Some(coded)
    }

    fn ip(&mut self, raw: &RawValue, path: &Path<'_>) -> Option<SourceIp> {
        let text = self.text(raw, path)?;
        let ip = source_ip(&text);
        if ip.address().is_none() && !text.is_empty() {
            self.add(&rules::INVALID_IP, raw.get(), path, |found| {
                found.arg("name", path.name()).arg("value", quote(&text))
            });
        }
        Some(ip)
    }

    fn domain(&mut self, raw: &RawValue, path: &Path<'_>) -> Option<String> {
        let text = self.text(raw, path)?;
        if !text.is_empty() && !is_domain(&text) {
            self.add(&rules::INVALID_DOMAIN, raw.get(), path, |found| {
                found.arg("name", path.name()).arg("value", quote(&text))
            });
        }
        Some(text)
    }

    pub(super) fn policy(&mut self, policy: &mut Policy, raw: &'t RawValue, path: &Path<'_>) {
        match serde_json::from_str::<Members<'_>>(raw.get()) {
            Ok(members) => self.policy_of(policy, members.0, raw.get(), path),
            Err(_) => self.invalid(raw, path),
        }
    }

    pub(super) fn policy_of(
        &mut self,
        policy: &mut Policy,
        members: Vec<(Cow<'t, str>, &'t RawValue)>,
        at: &str,
        path: &Path<'_>,
    ) {
        let other = self.members(members, at, path, &POLICY, |fields, name, raw, path| match name {
            "policy" => {
                let other = fields.object(raw, path, &APPLIED, |fields, name, raw, path| match name {
                    "policy-type" => policy.policy_type = fields.coded(raw, path),
                    "policy-string" => policy.policy_strings = fields.texts(raw, path),
                    "policy-domain" => policy.policy_domain = fields.domain(raw, path),
                    _ => policy.mx_hosts = fields.texts(raw, path),
                });
                policy.other.extend(other);
            }
            "summary" => {
                let other = fields.object(raw, path, &SUMMARY, |fields, name, raw, path| {
                    let count = fields.count(raw, path);
                    *(if name == SUMMARY[0] { &mut policy.success } else { &mut policy.failure }) = count;
                });
                policy.other.extend(other);
            }
            _ => policy.failures = fields.failures(raw, path),
        });
        policy.other.extend(other);
        let sessions = |count: &Option<Count>| count.as_ref().and_then(|count| count.value);
        let detailed = policy.failures.iter().filter_map(|one| sessions(&one.sessions));
        let detailed = detailed.fold(0, u64::saturating_add);
        if sessions(&policy.failure) == Some(0) && detailed > 0 {
            self.add(&rules::UNCOUNTED_FAILURES, at, path, |found| found.arg("sessions", detailed));
        }
    }

    fn failures(&mut self, raw: &'t RawValue, path: &Path<'_>) -> Vec<Failure> {
        let list = match value(raw) {
            Value::Null => {
                self.empty(raw, path);
                return Vec::new();
            }
            Value::List(list) => list,
            Value::Object => {
                self.form(raw, path, "array");
                vec![raw]
            }
            _ => {
                self.invalid(raw, path);
                return Vec::new();
            }
        };
        let mut failures = Vec::new();
        for (index, raw) in list.into_iter().enumerate() {
            let path = Path::Index(path, index);
            if self.failures == 0 {
                self.too_many("failure-details", self.limits.entries as usize, raw, &path);
                break;
            }
            self.failures -= 1;
            failures.push(self.failure(raw, &path));
        }
        failures
    }

    fn failure(&mut self, raw: &'t RawValue, path: &Path<'_>) -> Failure {
        let mut failure = Failure::default();
        failure.other = self.object(raw, path, &DETAIL, |fields, name, raw, path| match name {
            "result-type" => failure.result_type = fields.coded(raw, path),
            "sending-mta-ip" => failure.sending_ip = fields.ip(raw, path),
            "receiving-mx-hostname" => failure.receiving_host = fields.text(raw, path),
            "receiving-ip" => failure.receiving_ip = fields.ip(raw, path),
            "receiving-mx-helo" => failure.helo = fields.text(raw, path),
            "failed-session-count" => failure.sessions = fields.count(raw, path),
            "additional-information" => failure.additional_info = fields.text(raw, path),
            _ => failure.reason_code = fields.text(raw, path),
        });
        failure
    }
}

const POLICY: [&str; 3] = ["policy", "summary", "failure-details"];
const APPLIED: [&str; 4] = ["policy-type", "policy-string", "policy-domain", "mx-host"];
const SUMMARY: [&str; 2] = ["total-successful-session-count", "total-failure-session-count"];
const DETAIL: [&str; 8] = [
    "result-type",
    "sending-mta-ip",
    "receiving-mx-hostname",
    "receiving-ip",
    "receiving-mx-helo",
    "failed-session-count",
    "additional-information",
    "failure-reason-code",
];
/// Members that may be missing: the standard says so, or has nothing to put there.
const OPTIONAL: [&str; 8] = [
    "failure-details",
    "policy-string",
    "mx-host",
    "receiving-mx-hostname",
    "receiving-ip",
    "receiving-mx-helo",
    "additional-information",
    "failure-reason-code",
];
