//! What a failure report says. Absent, empty and not understood stay distinct throughout.

use serde::Serialize;

use super::alignment::IdentityAlignment;
use super::words::{AuthFailure, DeliveryResult, FeedbackType, SampleKind};
use crate::report::aggregate::{Coded, Count, SourceIp, Timestamp};

/// A whole failure report: its fields, and the message that failed.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct FailureReport {
    /// `Feedback-Type`.
    pub feedback_type: Option<Coded<FeedbackType>>,
    /// `User-Agent`: what wrote the report.
    pub user_agent: Option<String>,
    /// `Version`, as written.
    pub version: Option<String>,
    /// `Auth-Failure`: what failed; the standard has one.
    pub auth_failure: Vec<Coded<AuthFailure>>,
    /// `Authentication-Results`, unfolded; the standard has one.
    pub authentication_results: Vec<String>,
    /// `Identity-Alignment`.
    pub identity_alignment: Option<IdentityAlignment>,
    /// `Delivery-Result`.
    pub delivery_result: Option<Coded<DeliveryResult>>,
    /// `Original-Envelope-Id`.
    pub original_envelope_id: Option<String>,
    /// `Original-Mail-From`, without angle brackets; empty for a null reverse-path.
    pub original_mail_from: Option<String>,
    /// `Original-Rcpt-To`, without angle brackets.
    pub original_rcpt_to: Vec<String>,
    /// `Arrival-Date`, or `Received-Date` as it was called before.
    pub arrival: Option<Timestamp>,
    /// `Reporting-MTA`.
    pub reporting_mta: Option<String>,
    /// `Source-IP`.
    pub source_ip: Option<SourceIp>,
    /// `Source-Port` (RFC 6692).
    pub source_port: Option<u16>,
    /// `Incidents`: messages that the report stands for; one where it is absent.
    pub incidents: Option<Count>,
    /// `Reported-Domain`, as written.
    pub reported_domain: Vec<String>,
    /// `Reported-URI`.
    pub reported_uri: Vec<String>,
    /// `DKIM-Domain`, as written.
    pub dkim_domain: Option<String>,
    /// `DKIM-Identity`.
    pub dkim_identity: Option<String>,
    /// `DKIM-Selector`.
    pub dkim_selector: Option<String>,
    /// `DKIM-Canonicalized-Header`, in base64.
    pub dkim_canonicalized_header: Option<String>,
    /// `DKIM-Canonicalized-Body`, in base64.
    pub dkim_canonicalized_body: Option<String>,
    /// `DKIM-Selector-DNS`.
    pub dkim_selector_dns: Option<String>,
    /// `DKIM-ADSP-DNS`.
    pub dkim_adsp_dns: Option<String>,
    /// `SPF-DNS`: one per record that was used.
    pub spf_dns: Vec<String>,
    /// The message that failed.
    pub sample: Sample,
    /// Fields that the standards do not have.
    pub other: Vec<Other>,
    /// Whether it was read from prose.
    pub is_prose: bool,
}

/// The message that failed, as far as it is in the report.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Sample {
    /// How much of it there is.
    pub kind: SampleKind,
    /// `Message-ID`, without angle brackets.
    pub message_id: Option<String>,
    /// `Subject`, decoded.
    pub subject: Option<String>,
    /// Domain of its author; the first one, if there are several.
    pub header_from: Option<String>,
}

/// A field that the standards do not have.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Other {
    /// Its name, as written.
    pub name: String,
    /// Its value, unfolded.
    pub value: String,
}

impl FailureReport {
    /// Messages that the report stands for; `None` if that cannot be read.
    #[must_use]
    pub fn messages(&self) -> Option<u64> {
        self.incidents.as_ref().map_or(Some(1), |incidents| incidents.value)
    }

    /// Octets that it takes in memory, about.
    pub(crate) fn held(&self) -> u64 {
        let texts = [
            &self.user_agent,
            &self.dkim_canonicalized_header,
            &self.dkim_canonicalized_body,
            &self.dkim_selector_dns,
            &self.sample.subject,
        ];
        let lists = self.authentication_results.iter().chain(&self.spf_dns).chain(&self.original_rcpt_to);
        let other = self.other.iter().map(|field| field.name.len() + field.value.len() + 48);
        let all = texts.into_iter().flatten().chain(lists).map(String::len).sum::<usize>()
            + other.sum::<usize>()
            + size_of::<Self>()
            + 512;
        all as u64
    }
}
