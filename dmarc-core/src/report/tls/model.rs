//! What a report says. Absent, empty and not understood stay distinct throughout.

use serde::Serialize;

use super::words::{PolicyType, ResultType};
use crate::report::aggregate::{Coded, Count, SourceIp, Timestamp};

/// A whole report (RFC 8460, 4.4).
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct TlsReport {
    /// `organization-name`: who reports.
    pub organization: Option<String>,
    /// `contact-info`: an address.
    pub contact: Option<String>,
    /// `report-id`: any text, whole.
    pub report_id: Option<String>,
    /// `date-range/start-datetime`.
    pub begin: Option<Timestamp>,
    /// `date-range/end-datetime`.
    pub end: Option<Timestamp>,
    /// `policies`, in order.
    pub policies: Vec<Policy>,
    /// Members that the standard does not have.
    pub other: Vec<Other>,
}

/// One policy that was applied, and how sessions went under it.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Policy {
    /// `policy-type`.
    pub policy_type: Option<Coded<PolicyType>>,
    /// `policy-domain`, as written.
    pub policy_domain: Option<String>,
    /// `policy-string`: the lines of an MTA-STS policy, or TLSA records.
    pub policy_strings: Vec<String>,
    /// `mx-host`: patterns of MX hosts, as written.
    pub mx_hosts: Vec<String>,
    /// `total-successful-session-count`.
    pub success: Option<Count>,
    /// `total-failure-session-count`.
    pub failure: Option<Count>,
    /// `failure-details`. Their sessions may overlap, so that their sum may exceed the total.
    pub failures: Vec<Failure>,
    /// Members that the standard does not have.
    pub other: Vec<Other>,
}

/// One way in which sessions failed.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Failure {
    /// `result-type`.
    pub result_type: Option<Coded<ResultType>>,
    /// `sending-mta-ip`.
    pub sending_ip: Option<SourceIp>,
    /// `receiving-mx-hostname`, as written.
    pub receiving_host: Option<String>,
    /// `receiving-ip`.
    pub receiving_ip: Option<SourceIp>,
    /// `receiving-mx-helo`.
    pub helo: Option<String>,
    /// `failed-session-count`.
    pub sessions: Option<Count>,
    /// `failure-reason-code`.
    pub reason_code: Option<String>,
    /// `additional-information`: a URI.
    pub additional_info: Option<String>,
    /// Members that the standard does not have.
    pub other: Vec<Other>,
}

/// A member that the standard does not have.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Other {
    /// Its name.
    pub name: String,
    /// Its value, as JSON.
    pub json: String,
}

fn sum<'a>(counts: impl Iterator<Item = Option<&'a Count>>) -> u64 {
    counts.flatten().filter_map(|count| count.value).fold(0, u64::saturating_add)
}

impl TlsReport {
    /// Sessions that went well, over all policies; what cannot be read is left out.
    #[must_use]
    pub fn successful_sessions(&self) -> u64 {
        sum(self.policies.iter().map(|policy| policy.success.as_ref()))
    }

    /// Sessions that failed, over all policies; what cannot be read is left out.
    #[must_use]
    pub fn failed_sessions(&self) -> u64 {
        sum(self.policies.iter().map(|policy| policy.failure.as_ref()))
    }

    /// Octets that it takes in memory, about.
    #[cfg(feature = "container")]
    pub(crate) fn held(&self) -> u64 {
        let failures: usize = self.policies.iter().map(|policy| policy.failures.len()).sum();
        // Two short texts outside of each.
        let all = size_of::<Self>()
            + self.policies.len() * (size_of::<Policy>() + 128)
            + failures * (size_of::<Failure>() + 128);
        all as u64
    }
}
