//! A failure report as plain data: the columns of its table, under the same names.

use serde::Serialize;

use super::alignment::Standard;
use super::model::FailureReport;
use super::words::{AlignedMethod, SampleKind};
use crate::name::DomainName;
use crate::report::aggregate::{Coded, SourceIp, Word};

/// One failure report. Null means absent; `…_raw` is what the reporter wrote, where it differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FailureView {
    /// When the message came, in seconds since the epoch.
    pub arrival: Option<i64>,
    /// What the report is about; `unknown` if it is not understood.
    pub feedback_type: Option<&'static str>,
    /// The kind as written.
    pub feedback_type_raw: Option<String>,
    /// What failed.
    pub auth_failure: Vec<&'static str>,
    /// The same as written.
    pub auth_failure_raw: Option<Vec<String>>,
    /// Domains that are reported on, as A-labels.
    pub reported_domain: Vec<String>,
    /// Where the message came from; null if it is no address.
    pub source_ip: Option<String>,
    /// The address as written.
    pub source_ip_raw: Option<String>,
    /// The port that it came from.
    pub source_port: Option<u16>,
    /// `MAIL FROM`; empty for a null reverse-path.
    pub original_mail_from: Option<String>,
    /// `RCPT TO`.
    pub original_rcpt_to: Vec<String>,
    /// The envelope's own key.
    pub original_envelope_id: Option<String>,
    /// The signing domain.
    pub dkim_domain: Option<String>,
    /// `i=` of the signature.
    pub dkim_identity: Option<String>,
    /// The selector.
    pub dkim_selector: Option<String>,
    /// The SPF record that was used; the first, if there are several.
    pub spf_dns: Option<String>,
    /// What became of the message.
    pub delivery_result: Option<&'static str>,
    /// The same as written.
    pub delivery_result_raw: Option<String>,
    /// The mechanisms that are listed; null if there is no list.
    pub identity_alignment: Option<Vec<&'static str>>,
    /// `rfc7489` if they produced an aligned identity, `rfc9991` if they failed to; null if nothing tells.
    pub identity_alignment_standard: Option<&'static str>,
    /// The mechanisms that failed, by that standard.
    pub alignment_failed: Option<Vec<&'static str>>,
    /// Messages that the report stands for; null if unreadable.
    pub incidents: Option<u64>,
    /// The number as written.
    pub incidents_raw: Option<String>,
    /// `Message-ID` of the message.
    pub message_id: Option<String>,
    /// Its subject.
    pub subject: Option<String>,
    /// Its author domain.
    pub header_from: Option<String>,
    /// What the receiver found, unfolded; several are divided by line breaks.
    pub authentication_results: Option<String>,
    /// `headers`, `full` or `none`: how much of the message is there.
    pub sample_kind: SampleKind,
    /// What wrote the report.
    pub user_agent: Option<String>,
    /// Who wrote it.
    pub reporting_mta: Option<String>,
    /// Whether it was read from prose.
    pub prose: bool,
    /// Fields that the standards do not have, or not twice.
    pub other: Vec<OtherView>,
}

/// A field that the standards do not have.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OtherView {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

fn domain(text: &str) -> String {
    DomainName::parse(text).map_or_else(|_| text.to_owned(), |name| name.as_str().to_owned())
}

fn word<T: Word>(coded: Option<&Coded<T>>) -> (Option<&'static str>, Option<String>) {
    (coded.map(|coded| coded.value().as_str()), coded.and_then(Coded::differing).map(str::to_owned))
}

impl FailureReport {
    /// What is shown of the report.
    #[must_use]
    pub fn view(&self) -> FailureView {
        let (feedback_type, feedback_type_raw) = word(self.feedback_type.as_ref());
        let (delivery_result, delivery_result_raw) = word(self.delivery_result.as_ref());
        let differs = self.auth_failure.iter().any(|coded| coded.differing().is_some());
        let raws = || self.auth_failure.iter().map(|coded| coded.raw().to_owned()).collect();
        let results = &self.authentication_results;
        let alignment = self.identity_alignment.as_ref();
        let failed = alignment.and_then(super::IdentityAlignment::failed);
        FailureView {
            arrival: self.arrival.as_ref().and_then(|stamp| stamp.time).map(|time| time.0),
            feedback_type,
            feedback_type_raw,
            auth_failure: self.auth_failure.iter().map(|coded| coded.value().as_str()).collect(),
            auth_failure_raw: differs.then(raws),
            reported_domain: self.reported_domain.iter().map(|name| domain(name)).collect(),
            source_ip: self.source_ip.as_ref().and_then(SourceIp::address).map(|ip| ip.to_string()),
            source_ip_raw: self.source_ip.as_ref().and_then(SourceIp::differing).map(str::to_owned),
            source_port: self.source_port,
            original_mail_from: self.original_mail_from.clone(),
            original_rcpt_to: self.original_rcpt_to.clone(),
            original_envelope_id: self.original_envelope_id.clone(),
            dkim_domain: self.dkim_domain.as_deref().map(domain),
            dkim_identity: self.dkim_identity.clone(),
            dkim_selector: self.dkim_selector.clone(),
            spf_dns: self.spf_dns.first().cloned(),
            delivery_result,
            delivery_result_raw,
            identity_alignment: alignment
                .map(|said| said.methods.iter().map(|coded| coded.value().as_str()).collect()),
            identity_alignment_standard: alignment.and_then(|said| said.standard).map(Standard::as_str),
            alignment_failed: failed.map(|failed| failed.into_iter().map(AlignedMethod::as_str).collect()),
            incidents: self.messages(),
            incidents_raw: self.incidents.as_ref().and_then(|count| count.raw.as_deref()).map(str::to_owned),
            message_id: self.sample.message_id.clone(),
            subject: self.sample.subject.clone(),
            header_from: self.sample.header_from.clone(),
            authentication_results: (!results.is_empty()).then(|| results.join("\n")),
            sample_kind: self.sample.kind,
            user_agent: self.user_agent.clone(),
            reporting_mta: self.reporting_mta.clone(),
            prose: self.is_prose,
            other: self
                .other
                .iter()
                .map(|field| OtherView { name: field.name.clone(), value: field.value.clone() })
                .collect(),
        }
    }
}
