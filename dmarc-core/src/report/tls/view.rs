//! A report as plain data: the columns of the tables of reports on TLS, under the same names.

use serde::Serialize;

use super::model::{Failure, Other, Policy, TlsReport};
use crate::name::DomainName;
use crate::report::aggregate::{Coded, Count, SourceIp, Timestamp, Word};

/// One report. Null means absent; `…_raw` is what the reporter wrote, where it differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TlsView {
    /// Who reports.
    pub organization: Option<String>,
    /// Their address.
    pub contact: Option<String>,
    /// The reporter's own key.
    pub report_id: Option<String>,
    /// Begin of the period, in seconds since the epoch.
    pub begin: Option<i64>,
    /// End of the period.
    pub end: Option<i64>,
    /// The policies that were applied.
    pub policies: Vec<TlsPolicyView>,
    /// Members that the standard does not have.
    pub other: Vec<Other>,
}

/// One policy, and how sessions went under it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TlsPolicyView {
    /// Position in the report, from 0.
    pub policy_ordinal: u64,
    /// `tlsa`, `sts` or `no-policy-found`; `unknown` if it is not understood.
    pub policy_type: Option<&'static str>,
    /// The kind as written.
    pub policy_type_raw: Option<String>,
    /// Whose policy it is, as A-labels.
    pub policy_domain: Option<String>,
    /// The policy: lines of MTA-STS, or TLSA records.
    pub policy_strings: Vec<String>,
    /// Patterns of MX hosts.
    pub mx_hosts: Vec<String>,
    /// Sessions that went well; null if unreadable.
    pub success: Option<u64>,
    /// The count as written.
    pub success_raw: Option<String>,
    /// Sessions that failed; null if unreadable.
    pub failure: Option<u64>,
    /// The count as written.
    pub failure_raw: Option<String>,
    /// How they failed.
    pub failures: Vec<TlsFailureView>,
    /// Members that the standard does not have.
    pub other: Vec<Other>,
}

/// One way in which sessions failed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TlsFailureView {
    /// Position in the policy, from 0.
    pub failure_ordinal: u64,
    /// Why; `unknown` if it is not understood.
    pub result_type: Option<&'static str>,
    /// The word as written.
    pub result_type_raw: Option<String>,
    /// Address of the sender's server; null if it is none.
    pub sending_ip: Option<String>,
    /// The address as written.
    pub sending_ip_raw: Option<String>,
    /// Name of the receiver's server.
    pub receiving_host: Option<String>,
    /// Its address; null if it is none.
    pub receiving_ip: Option<String>,
    /// The address as written.
    pub receiving_ip_raw: Option<String>,
    /// What it called itself.
    pub helo: Option<String>,
    /// Sessions; null if unreadable.
    pub sessions: Option<u64>,
    /// The count as written.
    pub sessions_raw: Option<String>,
    /// The sender's own words.
    pub reason_code: Option<String>,
    /// Where more can be read.
    pub additional_info: Option<String>,
    /// Members that the standard does not have.
    pub other: Vec<Other>,
}

fn domain(text: &str) -> String {
    DomainName::parse(text).map_or_else(|_| text.to_owned(), |name| name.as_str().to_owned())
}

fn word<T: Word>(coded: Option<&Coded<T>>) -> (Option<&'static str>, Option<String>) {
    (coded.map(|coded| coded.value().as_str()), coded.and_then(Coded::differing).map(str::to_owned))
}

fn count(count: Option<&Count>) -> (Option<u64>, Option<String>) {
    (count.and_then(|count| count.value), count.and_then(|count| count.raw.as_deref()).map(str::to_owned))
}

fn ip(ip: Option<&SourceIp>) -> (Option<String>, Option<String>) {
    let address = ip.and_then(SourceIp::address).map(|address| address.to_string());
    (address, ip.and_then(SourceIp::differing).map(str::to_owned))
}

impl TlsReport {
    /// What is shown of the report.
    #[must_use]
    pub fn view(&self) -> TlsView {
        let time = |stamp: Option<&Timestamp>| Some(stamp?.time?.0);
        TlsView {
            organization: self.organization.clone(),
            contact: self.contact.clone(),
            report_id: self.report_id.clone(),
            begin: time(self.begin.as_ref()),
            end: time(self.end.as_ref()),
            policies: (0..)
                .zip(&self.policies)
                .map(|(ordinal, policy)| TlsPolicyView::new(ordinal, policy))
                .collect(),
            other: self.other.clone(),
        }
    }
}

impl TlsPolicyView {
    fn new(policy_ordinal: u64, policy: &Policy) -> Self {
        let (policy_type, policy_type_raw) = word(policy.policy_type.as_ref());
        let (success, success_raw) = count(policy.success.as_ref());
        let (failure, failure_raw) = count(policy.failure.as_ref());
        Self {
            policy_ordinal,
            policy_type,
            policy_type_raw,
            policy_domain: policy.policy_domain.as_deref().map(domain),
            policy_strings: policy.policy_strings.clone(),
            mx_hosts: policy.mx_hosts.clone(),
            success,
            success_raw,
            failure,
            failure_raw,
            failures: (0..)
                .zip(&policy.failures)
                .map(|(ordinal, one)| TlsFailureView::new(ordinal, one))
                .collect(),
            other: policy.other.clone(),
        }
    }
}

impl TlsFailureView {
    fn new(failure_ordinal: u64, failure: &Failure) -> Self {
        let (result_type, result_type_raw) = word(failure.result_type.as_ref());
        let (sending_ip, sending_ip_raw) = ip(failure.sending_ip.as_ref());
        let (receiving_ip, receiving_ip_raw) = ip(failure.receiving_ip.as_ref());
        let (sessions, sessions_raw) = count(failure.sessions.as_ref());
        Self {
            failure_ordinal,
            result_type,
            result_type_raw,
            sending_ip,
            sending_ip_raw,
            receiving_host: failure.receiving_host.clone(),
            receiving_ip,
            receiving_ip_raw,
            helo: failure.helo.clone(),
            sessions,
            sessions_raw,
            reason_code: failure.reason_code.clone(),
            additional_info: failure.additional_info.clone(),
            other: failure.other.clone(),
        }
    }
}
