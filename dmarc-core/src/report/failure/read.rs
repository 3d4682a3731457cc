//! The reader: the parts of a report in, its values out.

use super::alignment::IdentityAlignment;
use super::fields::{self, Field};
use super::model::{FailureReport, Other};
use super::parts::Parts;
use super::words::{AuthFailure, DeliveryResult, FeedbackType, SampleKind};
use super::{prose, rules, sample, values};
use crate::authres::AuthenticationResults;
use crate::diagnostics::{Diagnostic, Place, Rule};
use crate::limits::Limits;
use crate::report::aggregate::{Coded, Count, Findings, Understood, Word, is_domain, quote};
use crate::report::container::mime::Entity;

/// A failure report as it was read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Read {
    /// What it says.
    pub report: FailureReport,
    /// Whether nothing was left out for its size.
    pub complete: bool,
    /// What was found.
    pub findings: Findings,
}

/// Reads a mail that is a failure report; `None` if it is none. A report within another mail, or in a
/// container, is found by [`batch`](crate::report::batch).
///
/// ```
/// use dmarc_core::limits::Limits;
/// use dmarc_core::report::failure;
///
/// let mail = b"Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n\
///     --b\nContent-Type: message/feedback-report\n\nFeedback-Type: auth-failure\nSource-IP: 192.0.2.1\n--b--\n";
/// let read = failure::read(mail, &Limits::default()).unwrap();
/// assert_eq!(read.report.source_ip.unwrap().text(), "192.0.2.1");
/// ```
#[must_use]
pub fn read(mail: &[u8], limits: &Limits) -> Option<Read> {
    let entity = Entity::new(mail);
    let parts = Parts::find(&entity).or_else(|| Parts::of_prose(&entity.decoded()))?;
    Some(of(&parts, limits))
}

/// Reads the parts of a report.
pub(crate) fn of(parts: &Parts, limits: &Limits) -> Read {
    let mut reading = Reading {
        limits,
        findings: Findings::new(limits.findings),
        report: FailureReport::default(),
        seen: Vec::new(),
        complete: true,
        message_id: None,
    };
    if parts.was_base64 {
        reading.findings.push(rules::UNLABELED_BASE64.anywhere());
    }
    if let Some(label) = &parts.label {
        reading.findings.push(
            rules::PART_TYPE.anywhere().arg("label", quote(label)).arg("meant", "message/feedback-report"),
        );
    }
    match (&parts.fields, &parts.prose) {
        (Some(octets), _) => reading.block(octets),
        (None, Some(words)) => reading.prose(words),
        (None, None) => reading.findings.push(rules::NO_FIELDS.anywhere()),
    }
    match &parts.sample {
        None => reading.findings.push(rules::NO_SAMPLE.anywhere()),
        Some(part) => {
            if let Some(label) = &part.label {
                let found = rules::PART_TYPE.anywhere().arg("label", quote(label));
                reading.findings.push(found.arg("meant", "message/rfc822"));
            }
            reading.report.sample = sample::read(part);
            if reading.report.sample.kind == SampleKind::None {
                reading.findings.push(rules::NO_SAMPLE.anywhere());
            } else if reading.report.sample.header_from.is_none() {
                reading.findings.push(rules::UNREADABLE_AUTHOR.anywhere());
            }
        }
    }
    reading.finish(parts.fields.is_some())
}

struct Reading<'l> {
    limits: &'l Limits,
    findings: Findings,
    report: FailureReport,
    /// Names that were met, in lower case.
    seen: Vec<String>,
    complete: bool,
    /// `Message-ID`, which some reporters put among the fields.
    message_id: Option<String>,
}

/// Fields that may stand there more than once: by their grammar, or by what is sent and does no harm.
const REPEATED: [&str; 6] = [
    "auth-failure",
    "authentication-results",
    "original-rcpt-to",
    "reported-domain",
    "reported-uri",
    "spf-dns",
];

impl Reading<'_> {
    fn add(&mut self, rule: &'static Rule, field: &Field, args: impl FnOnce(Diagnostic) -> Diagnostic) {
        self.findings.add(rule, || {
            let path = quote(&field.name);
            args(rule.anywhere()).in_document(Place {
                path,
                line: field.line,
                column: 1,
                offset: field.offset,
            })
        });
    }

    fn block(&mut self, octets: &[u8]) {
        let block = fields::read(octets, self.limits.entries as usize);
        if block.cut {
            self.complete = false;
            self.findings.push(rules::TOO_MANY_FIELDS.anywhere().arg("limit", self.limits.entries));
        }
        for stray in &block.stray {
            self.add(&rules::STRAY_LINE, stray, |found| found.arg("text", quote(&stray.value)));
        }
        for field in block.fields {
            self.field(field);
        }
    }

    fn field(&mut self, field: Field) {
        let name = field.name.to_ascii_lowercase();
        if field.value.len() > self.limits.text_octets {
            self.complete = false;
            let limit = self.limits.text_octets;
            return self.add(&rules::TEXT_TOO_LONG, &field, |found| {
                found.arg("field", quote(&field.name)).arg("limit", limit)
            });
        }
        let name = if name == "received-date" {
            self.add(&rules::OLD_FIELD, &field, |found| {
                found.arg("field", quote(&field.name)).arg("meant", "Arrival-Date")
            });
            "arrival-date".to_owned()
        } else {
            name
        };
        if self.seen.contains(&name) && !REPEATED.contains(&name.as_str()) {
            self.add(&rules::DUPLICATE_FIELD, &field, |found| found.arg("field", quote(&field.name)));
            self.report.other.push(Other { name: field.name, value: field.value });
            return;
        }
        let empty_is_a_value = matches!(name.as_str(), "original-mail-from");
        if field.value.is_empty() && !empty_is_a_value {
            self.add(&rules::EMPTY_FIELD, &field, |found| found.arg("field", quote(&field.name)));
        }
        if self.known(&name, &field) {
            self.seen.push(name);
        } else if name == "message-id" {
            self.message_id.get_or_insert(sample::unbracketed(&field.value));
        } else {
            self.add(&rules::UNKNOWN_FIELD, &field, |found| found.arg("field", quote(&field.name)));
            self.report.other.push(Other { name: field.name, value: field.value });
        }
    }

    /// Takes a field of the standards; whether it is one.
    fn known(&mut self, name: &str, field: &Field) -> bool {
        let text = || Some(field.value.clone());
        match name {
            "feedback-type" => self.report.feedback_type = self.word(field),
            "user-agent" => self.report.user_agent = text(),
            "version" => {
                if values::without_comments(&field.value) != "1" && !field.value.is_empty() {
                    self.add(&rules::VERSION, field, |found| found.arg("value", quote(&field.value)));
                }
                self.report.version = text();
            }
            "auth-failure" => {
                for word in field.value.split(',') {
                    let field = Field { value: word.trim().to_owned(), ..field.clone() };
                    if let Some(word) = self.word::<AuthFailure>(&field) {
                        self.report.auth_failure.push(word);
                    }
                }
            }
            "authentication-results" => self.results(field),
            "identity-alignment" => self.alignment(field),
            "delivery-result" => self.report.delivery_result = self.word::<DeliveryResult>(field),
            "original-envelope-id" => self.report.original_envelope_id = text(),
            "original-mail-from" => self.report.original_mail_from = Some(values::path(&field.value)),
            "original-rcpt-to" => self.report.original_rcpt_to.push(values::path(&field.value)),
            "arrival-date" => {
                let stamp = values::time(&field.value);
                if stamp.time.is_none() && !field.value.is_empty() {
                    self.add(&rules::INVALID_TIME, field, |found| {
                        found.arg("field", quote(&field.name)).arg("value", quote(&field.value))
                    });
                }
                self.report.arrival = Some(stamp);
            }
            "reporting-mta" => self.report.reporting_mta = text(),
            "source-ip" => self.source(field),
            "source-port" => {
                self.report.source_port = values::without_comments(&field.value).parse().ok();
                self.number(field, self.report.source_port.is_some());
            }
            "incidents" => {
                let value = values::without_comments(&field.value);
                // RFC 5965, 3.2: "an unsigned 32-bit integer value".
                let digits = value.bytes().all(|octet| octet.is_ascii_digit());
                let number = if digits { value.parse::<u32>().ok().map(u64::from) } else { None };
                self.number(field, number.is_some());
                let usual = number.is_some_and(|number| number.to_string() == field.value);
                let raw = (!usual).then(|| field.value.as_str().into());
                self.report.incidents = Some(Count { value: number, raw });
            }
            "reported-domain" => {
                let domain = values::without_comments(&field.value);
                self.domain(field, &domain);
                self.report.reported_domain.push(domain);
            }
            "reported-uri" => self.report.reported_uri.push(field.value.clone()),
            "dkim-domain" => {
                let domain = values::without_comments(&field.value);
                self.domain(field, &domain);
                self.report.dkim_domain = Some(domain);
            }
            "dkim-identity" => self.report.dkim_identity = text(),
            "dkim-selector" => self.report.dkim_selector = text(),
            "dkim-canonicalized-header" => self.report.dkim_canonicalized_header = Some(joined(&field.value)),
            "dkim-canonicalized-body" => self.report.dkim_canonicalized_body = Some(joined(&field.value)),
            "dkim-selector-dns" => self.report.dkim_selector_dns = text(),
            "dkim-adsp-dns" => self.report.dkim_adsp_dns = text(),
            "spf-dns" => self.report.spf_dns.push(field.value.clone()),
            _ => return false,
        }
        true
    }

    fn word<T: Word>(&mut self, field: &Field) -> Option<Coded<T>> {
        let word = values::without_comments(&field.value);
        if word.is_empty() {
            return None;
        }
        let (coded, how) = Coded::<T>::understand(&word);
        if how == Understood::Not {
            self.add(&rules::UNKNOWN_VALUE, field, |found| {
                found.arg("field", quote(&field.name)).arg("value", quote(&word))
            });
        }
        Some(coded)
    }

    fn number(&mut self, field: &Field, is_one: bool) {
        if !is_one && !field.value.is_empty() {
            self.add(&rules::INVALID_NUMBER, field, |found| {
                found.arg("field", quote(&field.name)).arg("value", quote(&field.value))
            });
        }
    }

    fn domain(&mut self, field: &Field, domain: &str) {
        if !domain.is_empty() && !is_domain(domain) {
            self.add(&rules::INVALID_DOMAIN, field, |found| {
                found.arg("field", quote(&field.name)).arg("value", quote(domain))
            });
        }
    }

    fn source(&mut self, field: &Field) {
        let (ip, behind) = values::ip(&field.value);
        match ip.address() {
            Some(address) if behind => self.add(&rules::BEHIND_IP, field, |found| {
                found.arg("value", quote(&field.value)).arg("meant", address.to_string())
            }),
            None if !field.value.is_empty() => {
                self.add(&rules::INVALID_IP, field, |found| found.arg("value", quote(&field.value)));
            }
            _ => {}
        }
        self.report.source_ip = Some(ip);
    }

    fn results(&mut self, field: &Field) {
        let methods = AuthenticationResults::parse(&field.value).value.map_or(0, |field| {
            let mut methods: Vec<&str> = field.results.iter().map(|result| result.method.as_str()).collect();
            methods.sort_unstable();
            methods.dedup();
            methods.len()
        });
        // RFC 6591, 3.1: a report has the result of one method.
        if methods > 1 {
            self.add(&rules::SEVERAL_METHODS, field, |found| found.arg("count", methods));
        }
        if !field.value.is_empty() {
            self.report.authentication_results.push(field.value.clone());
        }
    }

    fn alignment(&mut self, field: &Field) {
        let value = values::without_comments(&field.value);
        let mut alignment = IdentityAlignment { raw: field.value.clone(), ..IdentityAlignment::default() };
        for word in value.split(',').map(values::without_comments) {
            if word.is_empty() || word.eq_ignore_ascii_case("none") {
                continue;
            }
            let field = Field { value: word, ..field.clone() };
            if let Some(method) = self.word(&field)
                && alignment.methods.len() < 2
                && !alignment.methods.contains(&method)
            {
                alignment.methods.push(method);
            }
        }
        if !value.is_empty() {
            self.report.identity_alignment = Some(alignment);
        }
    }

    /// Takes what the prose says.
    fn prose(&mut self, words: &[u8]) {
        self.report.is_prose = true;
        self.findings.push(rules::PROSE.anywhere());
        // What such reports are about is said by their first sentence.
        self.report.feedback_type = Some(Coded::read(FeedbackType::AuthFailure.as_str()));
        let mut aligned = Vec::new();
        for (name, value) in prose::lines(words) {
            let field = Field { name: name.clone(), value: value.clone(), line: 1, offset: 0 };
            match name.as_str() {
                "sender domain" => {
                    self.domain(&field, &value);
                    self.report.reported_domain.push(value);
                }
                "sender ip address" => self.source(&field),
                "received date" => self.report.arrival = Some(values::time(&value)),
                "spf alignment" | "dkim alignment" => {
                    if value.eq_ignore_ascii_case("yes") {
                        aligned.push(Coded::read(name.split(' ').next().unwrap_or_default()));
                    }
                    let said = self.report.identity_alignment.get_or_insert_default();
                    said.raw = if said.raw.is_empty() {
                        format!("{name}: {value}")
                    } else {
                        format!("{}, {name}: {value}", said.raw)
                    };
                }
                "dmarc results" => self.report.auth_failure = vec![Coded::read("dmarc")],
                _ => {}
            }
        }
        if let Some(said) = &mut self.report.identity_alignment {
            aligned.sort_by_key(|coded: &Coded<super::words::AlignedMethod>| coded.value());
            said.methods = aligned;
            // "Alignment: yes" can be read in one way only.
            said.standard = Some(super::alignment::Standard::Rfc7489);
        }
    }

    fn finish(mut self, has_fields: bool) -> Read {
        let report = &mut self.report;
        let is_auth_failure =
            report.feedback_type.as_ref().is_none_or(|kind| kind.value() == FeedbackType::AuthFailure);
        if let Some(kind) = report.feedback_type.as_ref().filter(|_| !is_auth_failure) {
            self.findings.push(rules::OTHER_KIND.anywhere().arg("kind", quote(kind.raw())));
        }
        if let Some(alignment) = &mut report.identity_alignment
            && alignment.standard.is_none()
        {
            alignment.decide(&report.auth_failure, &report.authentication_results);
            if alignment.standard.is_none() {
                let value = quote(&alignment.raw);
                self.findings.push(rules::AMBIGUOUS_ALIGNMENT.anywhere().arg("value", value));
            }
        }
        if report.sample.message_id.is_none() {
            report.sample.message_id = self.message_id.take();
        }
        if has_fields {
            for name in missing(report, is_auth_failure) {
                self.findings.push(rules::MISSING_FIELD.anywhere().arg("field", name));
            }
        }
        Read { report: self.report, complete: self.complete, findings: self.findings }
    }
}

/// Fields that the standards demand and that are not there, or say nothing.
fn missing(report: &FailureReport, is_auth_failure: bool) -> Vec<&'static str> {
    let failed = |failure: AuthFailure| report.auth_failure.iter().any(|coded| coded.value() == failure);
    // RFC 6591, 3.3: both MUST carry domain and selector.
    let of_a_key = failed(AuthFailure::Revoked) || failed(AuthFailure::Signature);
    let demanded = [
        // RFC 5965, 3.1.
        ("Feedback-Type", true, report.feedback_type.is_some()),
        ("User-Agent", true, report.user_agent.is_some()),
        ("Version", true, report.version.is_some()),
        // RFC 6591, 3.1.
        ("Auth-Failure", is_auth_failure, !report.auth_failure.is_empty()),
        ("Authentication-Results", is_auth_failure, !report.authentication_results.is_empty()),
        ("Reported-Domain", is_auth_failure, !report.reported_domain.is_empty()),
        ("Arrival-Date", is_auth_failure, report.arrival.is_some()),
        ("Source-IP", is_auth_failure, report.source_ip.is_some()),
        ("DKIM-Domain", of_a_key, report.dkim_domain.is_some()),
        ("DKIM-Selector", of_a_key, report.dkim_selector.is_some()),
        // RFC 9991, 4.
        ("Identity-Alignment", failed(AuthFailure::Dmarc), report.identity_alignment.is_some()),
    ];
    demanded
        .into_iter()
        .filter(|(_, is_demanded, there)| *is_demanded && !there)
        .map(|(name, ..)| name)
        .collect()
}

/// A value that is folded at any place, without its blanks.
fn joined(text: &str) -> String {
    text.split_whitespace().collect()
}
