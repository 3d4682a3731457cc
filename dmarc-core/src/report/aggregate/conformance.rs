//! Whether a report is as the schema of its edition has it (RFC 7489, Appendix C; RFC 9990, Appendix A).
//!
//! Judged are: well-formedness; elements that are demanded, allowed once, or not there at all; their order where
//! the schema has a sequence; words, numbers and addresses. Beside the schema it is told where the version is not
//! 1.0, which both standards demand in their text. Not judged are blanks around values and attributes; nor whether
//! a report of RFC 7489 stands in its namespace, since nearly none does. An address is judged by RFC 3986, since
//! the pattern that RFC 7489 prints takes no compressed IPv6 address.
//!
//! What concerns the edition alone is found once in a report for each element: a reporter writes all its records
//! alike.

use serde::Serialize;

use super::build::Places;
use super::coded::{Coded, Disposition, ReasonType, SpfResult, SpfScope, Word};
use super::findings::Findings;
use super::gather::{NAMESPACE_7489, NAMESPACE_9990};
use super::log::{Log, quote};
use super::model::{Head, Metadata, PolicyPublished, Record, Schema};
use super::rules;
use crate::diagnostics::Rule;

/// What makes a text no XML, or leaves part of it out.
const MALFORMED: [&Rule; 14] = [
    &rules::TRUNCATED,
    &rules::NOT_WELL_FORMED,
    &rules::SYNTAX,
    &rules::UNREADABLE,
    &rules::DOCTYPE,
    &rules::UNDECODABLE,
    &rules::UNKNOWN_ENCODING,
    &rules::BARE_AMPERSAND,
    &rules::UNKNOWN_ENTITY,
    &rules::LATE_DECLARATION,
    &rules::LEADING_JUNK,
    &rules::TRAILING_JUNK,
    &rules::MISSING_BRACKET,
    &rules::UNCLOSED_ELEMENT,
];

/// Whether a report is as the schema of its edition has it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Conformance {
    /// The edition by whose schema it is judged.
    pub edition: Schema,
    /// Whether it conforms.
    pub conforms: bool,
    /// What it breaks, each rule once, by code.
    pub codes: Vec<&'static str>,
}

impl Conformance {
    pub(super) fn new(
        edition: Schema,
        complete: bool,
        broken: &[(&'static Rule, &str)],
        findings: &Findings,
    ) -> Self {
        let malformed = findings.rules();
        let malformed = malformed.filter(|rule| MALFORMED.iter().any(|other| std::ptr::eq(*other, *rule)));
        let mut codes: Vec<_> =
            broken.iter().map(|(rule, _)| *rule).chain(malformed).map(|rule| rule.code).collect();
        codes.sort_unstable();
        codes.dedup();
        Self { edition, conforms: complete && codes.is_empty(), codes }
    }
}

/// Judges by one edition, in one report.
struct Judge<'a> {
    edition: Schema,
    log: &'a mut Log,
    at: Places<'a>,
}

impl Judge<'_> {
    fn is_new(&self) -> bool {
        self.edition == Schema::Rfc9990
    }

    fn add(&mut self, rule: &'static Rule, element: &'static str) {
        let at = self.at;
        self.log.once(rule, element, || at.event(), |found| found);
    }

    /// An element that is demanded.
    fn demand(&mut self, absent: bool, element: &'static str) {
        if absent {
            self.add(&rules::SCHEMA_MISSING, element);
        }
    }

    /// An element that is not there, or more of them than there may be.
    fn refuse(&mut self, present: bool, element: &'static str) {
        if present {
            self.add(&rules::SCHEMA_ELEMENT, element);
        }
    }

    /// A value that only the other edition has.
    fn value(&mut self, wrong: bool, element: &'static str, value: &str) {
        if wrong {
            let at = self.at;
            self.log.once(
                &rules::SCHEMA_VALUE,
                element,
                || at.event(),
                |found| found.arg("value", quote(value)),
            );
        }
    }

    fn word<T: Word>(&mut self, coded: Option<&Coded<T>>, others: &[T], element: &'static str) {
        if let Some(coded) = coded {
            self.value(others.contains(&coded.value()), element, coded.value().as_str());
        }
    }
}

/// Judges a whole record.
pub(super) fn record(record: &Record, head: &Head, log: &mut Log, at: Places<'_>) {
    let mut judge = Judge { edition: head.schema, log, at };
    let is_new = judge.is_new();
    judge.refuse(!is_new && !record.extensions.is_empty(), "record/*");
    if let Some(evaluated) = &record.policy_evaluated {
        if !is_new {
            judge.word(evaluated.disposition.as_ref(), &[Disposition::Pass], "disposition");
        }
        let others: &[ReasonType] = match head.schema {
            Schema::Rfc7489 => &[ReasonType::PolicyTestMode],
            Schema::Rfc9990 => &[ReasonType::Forwarded, ReasonType::SampledOut],
        };
        for reason in &evaluated.reasons {
            judge.demand(reason.reason_type.is_none(), "reason/type");
            judge.word(reason.reason_type.as_ref(), others, "reason/type");
        }
    }
    if let Some(identifiers) = &record.identifiers {
        judge.demand(!is_new && identifiers.envelope_from.is_none(), "envelope_from");
    }
    let Some(results) = &record.auth_results else { return };
    judge.demand(!is_new && results.spf.is_empty(), "spf");
    judge.refuse(is_new && results.spf.len() > 1, "spf");
    for spf in &results.spf {
        if is_new {
            judge.word(spf.scope.as_ref(), &[SpfScope::Helo], "spf/scope");
        } else {
            judge.demand(spf.scope.is_none(), "spf/scope");
            judge.word(spf.result.as_ref(), &[SpfResult::Policy], "spf/result");
            judge.refuse(spf.human_result.is_some(), "spf/human_result");
        }
    }
}

/// Judges the head, once the report has ended and its edition is sure.
pub(super) fn head(head: &Head, log: &mut Log, at: Places<'_>) {
    let is_sorted = !log.unsorted_metadata;
    let mut judge = Judge { edition: head.schema, log, at };
    let is_new = judge.is_new();
    let expected = if is_new { NAMESPACE_9990 } else { NAMESPACE_7489 };
    let namespace = head.namespace.as_deref().unwrap_or_default();
    if namespace != expected && (is_new || !namespace.is_empty()) {
        judge.log.breaks(&rules::SCHEMA_NAMESPACE);
        judge.log.add(
            &rules::SCHEMA_NAMESPACE,
            || at.event(),
            |found| found.arg("namespace", namespace).arg("expected", expected),
        );
    }
    judge.demand(!is_new && head.version.is_none(), "version");
    if let Some(version) = &head.version {
        judge.value(!is_one(version), "version", version);
    }
    judge.refuse(!is_new && !head.extensions.is_empty(), "extension");
    if let Some(metadata) = &head.metadata {
        self::metadata(metadata, &mut judge);
        if !is_new && !is_sorted {
            judge.log.once(&rules::ELEMENT_ORDER, "report_metadata", || at.event(), |found| found);
        }
    }
    if let Some(policy) = &head.policy {
        self::policy(policy, &mut judge);
    }
}

fn metadata(metadata: &Metadata, judge: &mut Judge<'_>) {
    judge.refuse(metadata.extra_contact_info.len() > 1, "extra_contact_info");
    judge.refuse(judge.is_new() && metadata.errors.len() > 1, "error");
}

fn policy(policy: &PolicyPublished, judge: &mut Judge<'_>) {
    if judge.is_new() {
        judge.refuse(policy.pct.is_some(), "pct");
        return;
    }
    judge.demand(policy.sp.is_none(), "sp");
    judge.demand(policy.pct.is_none(), "pct");
    judge.demand(policy.fo.is_none(), "fo");
}

/// Whether a text is a decimal number (XML Schema, Part 2, 3.2.3) that equals one.
fn is_one(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole = whole.strip_prefix('+').unwrap_or(whole);
    whole.trim_start_matches('0') == "1" && fraction.bytes().all(|digit| digit == b'0')
}

/// Whether a text is a whole number (XML Schema, Part 2, 3.3.13), of any size and sign.
pub(super) fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_as_the_schema_does() {
        assert!(["1", "1.0", "+1", "01.00", "1."].iter().all(|text| is_one(text)));
        assert!(!["", "0.1", "2.0", "1.0.0", "one", "-1", "1,0"].iter().any(|text| is_one(text)));
        assert!(["0", "-3", "+7", "99999999999999999999"].iter().all(|text| is_integer(text)));
        assert!(!["", "-", "7.0", "1,234", " 1"].iter().any(|text| is_integer(text)));
    }
}
