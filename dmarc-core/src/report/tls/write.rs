//! Writing of reports on TLS (RFC 8460, 4.4 and 5).

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::words::{PolicyType, ResultType};
use crate::name::DomainName;
use crate::report::aggregate::{Word, WriteError, Written, unique_id};
use crate::time::UnixTime;

/// A report to be written: one period, and the policies that were applied in it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// Who reports.
    pub organization: String,
    /// Their address; its domain is the submitter of the report.
    pub contact: String,
    /// The reporter's own key.
    pub report_id: String,
    /// What tells the file from others of the same period: letters and digits at the end of its name
    /// (RFC 8460, 5.1).
    #[serde(default)]
    pub unique_id: Option<String>,
    /// Begin of the period, in seconds since the epoch.
    pub begin: i64,
    /// End of the period.
    pub end: i64,
    /// Domain that the report is about, for the file's name and the subject.
    pub domain: String,
    /// The policies.
    pub policies: Vec<DraftPolicy>,
}

/// One policy, and how sessions went under it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftPolicy {
    /// Its kind.
    pub policy_type: PolicyType,
    /// Whose it is.
    pub policy_domain: String,
    /// Lines of MTA-STS, or TLSA records.
    #[serde(default)]
    pub policy_strings: Vec<String>,
    /// Patterns of MX hosts.
    #[serde(default)]
    pub mx_hosts: Vec<String>,
    /// Sessions that went well.
    pub success: u64,
    /// Sessions that failed.
    pub failure: u64,
    /// How they failed.
    #[serde(default)]
    pub failures: Vec<DraftFailure>,
}

/// One way in which sessions failed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftFailure {
    /// Why.
    pub result_type: ResultType,
    /// Address of the sender's server.
    pub sending_ip: IpAddr,
    /// Name of the receiver's server.
    #[serde(default)]
    pub receiving_host: Option<String>,
    /// Its address.
    #[serde(default)]
    pub receiving_ip: Option<IpAddr>,
    /// What it called itself.
    #[serde(default)]
    pub helo: Option<String>,
    /// How many.
    pub sessions: u64,
    /// In words.
    #[serde(default)]
    pub reason_code: Option<String>,
    /// Where more can be read.
    #[serde(default)]
    pub additional_info: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document<'a> {
    organization_name: &'a str,
    date_range: Range,
    contact_info: &'a str,
    report_id: &'a str,
    policies: Vec<Policy<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Range {
    start_datetime: String,
    end_datetime: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Policy<'a> {
    policy: Applied<'a>,
    summary: Summary,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failure_details: Vec<Detail<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Applied<'a> {
    policy_type: &'static str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    policy_string: &'a [String],
    policy_domain: String,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    mx_host: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Summary {
    total_successful_session_count: u64,
    total_failure_session_count: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Detail<'a> {
    result_type: &'static str,
    sending_mta_ip: IpAddr,
    #[serde(skip_serializing_if = "Option::is_none")]
    receiving_mx_hostname: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receiving_mx_helo: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receiving_ip: Option<IpAddr>,
    failed_session_count: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_information: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_reason_code: Option<&'a str>,
}

/// A domain as A-labels, which the standard demands.
fn domain(element: &'static str, text: &str) -> Result<String, WriteError> {
    match DomainName::parse(text) {
        Ok(name) if !name.is_root() && !name.as_str().contains('!') => Ok(name.as_str().to_owned()),
        _ => Err(WriteError::Invalid { element, value: text.to_owned() }),
    }
}

/// A count that readers everywhere keep exactly (RFC 7493, 2.2).
fn count(element: &'static str, count: u64) -> Result<u64, WriteError> {
    if count < 1 << 53 { Ok(count) } else { Err(WriteError::Invalid { element, value: count.to_string() }) }
}

impl Draft {
    /// Writes the report: the document, and the name and subject it is sent with.
    ///
    /// # Errors
    /// [`WriteError`] with the member that the standard would not allow.
    pub fn write(&self) -> Result<Written, WriteError> {
        for (element, text) in
            [("organization", &self.organization), ("contact", &self.contact), ("report_id", &self.report_id)]
        {
            if text.trim().is_empty() {
                return Err(WriteError::Missing { element });
            }
        }
        let submitter = self.contact.rsplit_once('@').map(|(_, submitter)| submitter).unwrap_or_default();
        let submitter = domain("contact", submitter)?;
        let about = domain("domain", &self.domain)?;
        // A day of four digits for its year (RFC 3339, 5.6).
        if self.begin < 0 || self.end < self.begin || self.end >= 253_402_300_800 {
            let value = format!("{} to {}", self.begin, self.end);
            return Err(WriteError::Invalid { element: "date_range", value });
        }
        if self.policies.is_empty() {
            return Err(WriteError::Missing { element: "policies" });
        }
        let document = Document {
            organization_name: &self.organization,
            date_range: Range {
                start_datetime: UnixTime(self.begin).rfc3339(),
                end_datetime: UnixTime(self.end).rfc3339(),
            },
            contact_info: &self.contact,
            report_id: &self.report_id,
            policies: self.policies.iter().map(policy).collect::<Result<_, _>>()?,
        };
        let document = serde_json::to_string_pretty(&document)
            .map_err(|error| WriteError::Invalid { element: "report", value: error.to_string() })?;
        // RFC 8460, 5.3: `"<" id-left "@" id-right ">"`; the key in the document may be any text.
        let id: String =
            self.report_id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '.' }).collect();
        let id = id.split('.').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".");
        Ok(Written {
            document,
            file_name: format!(
                "{submitter}!{about}!{}!{}{}.json.gz",
                self.begin,
                self.end,
                unique_id(self.unique_id.as_deref())?
            ),
            subject: format!("Report Domain: {about} Submitter: {submitter} Report-ID: <{id}@{submitter}>"),
        })
    }
}

fn policy(draft: &DraftPolicy) -> Result<Policy<'_>, WriteError> {
    if draft.policy_type == PolicyType::Unknown {
        return Err(WriteError::Invalid { element: "policy_type", value: draft.policy_type.to_string() });
    }
    Ok(Policy {
        policy: Applied {
            policy_type: draft.policy_type.as_str(),
            policy_string: &draft.policy_strings,
            policy_domain: domain("policy_domain", &draft.policy_domain)?,
            mx_host: &draft.mx_hosts,
        },
        summary: Summary {
            total_successful_session_count: count("success", draft.success)?,
            total_failure_session_count: count("failure", draft.failure)?,
        },
        failure_details: draft.failures.iter().map(detail).collect::<Result<_, _>>()?,
    })
}

fn detail(draft: &DraftFailure) -> Result<Detail<'_>, WriteError> {
    if draft.result_type == ResultType::Unknown {
        return Err(WriteError::Invalid { element: "result_type", value: draft.result_type.to_string() });
    }
    Ok(Detail {
        result_type: draft.result_type.as_str(),
        sending_mta_ip: draft.sending_ip,
        receiving_mx_hostname: draft.receiving_host.as_deref(),
        receiving_mx_helo: draft.helo.as_deref(),
        receiving_ip: draft.receiving_ip,
        failed_session_count: count("sessions", draft.sessions)?,
        additional_information: draft.additional_info.as_deref(),
        failure_reason_code: draft.reason_code.as_deref(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    fn draft() -> serde_json::Value {
        serde_json::json!({
            "organization": "Receiver \"One\"", "contact": "tls@receiver.example", "report_id": "2024-02-29_example.com",
            "begin": 1_709_164_800, "end": 1_709_251_199, "domain": "example.com",
            "policies": [{ "policy_type": "sts", "policy_domain": "bücher.example", "policy_strings": ["version: STSv1"],
                "mx_hosts": ["*.example.com"], "success": 5, "failure": 2,
                "failures": [{ "result_type": "certificate-expired", "sending_ip": "2001:db8::1", "sessions": 2 }] }],
        })
    }

    #[test]
    fn reading_gives_back_what_was_written() {
        let draft: Draft = serde_json::from_value(draft()).unwrap();
        let written = draft.write().unwrap();
        let read = super::super::read(written.document.as_bytes(), &Limits::default()).unwrap();
        assert!(read.complete && read.findings.is_empty(), "{:?}", read.findings);
        let view = read.report.view();
        assert_eq!(view.organization.as_deref(), Some("Receiver \"One\""));
        assert_eq!((view.begin, view.end), (Some(draft.begin), Some(draft.end)));
        let policy = &view.policies[0];
        assert_eq!(policy.policy_domain.as_deref(), Some("xn--bcher-kva.example"));
        assert_eq!((policy.success, policy.failure), (Some(5), Some(2)));
        assert_eq!(policy.failures[0].sending_ip.as_deref(), Some("2001:db8::1"));
        assert_eq!(written.file_name, "receiver.example!example.com!1709164800!1709251199.json.gz");
        assert_eq!(
            written.subject,
            "Report Domain: example.com Submitter: receiver.example Report-ID: <2024.02.29.example.com@receiver.example>"
        );
    }

    #[test]
    fn what_the_standard_does_not_allow_is_not_written() {
        for (name, value) in [("contact", "nobody".into()), ("domain", "a b".into()), ("end", 1.into())] {
            let mut draft = draft();
            draft[name] = value;
            let draft: Draft = serde_json::from_value(draft).unwrap();
            assert_eq!(draft.write().unwrap_err().code(), "invalid", "{name}");
        }
        let mut unknown = draft();
        unknown["policies"][0]["policy_type"] = "unknown".into();
        assert!(serde_json::from_value::<Draft>(unknown).is_err());
    }
}
