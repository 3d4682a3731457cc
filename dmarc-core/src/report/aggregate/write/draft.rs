//! What a receiver supplies. The names are those of the elements.

use std::net::IpAddr;

use serde::Deserialize;

use super::super::coded::{
    DiscoveryMethod, Disposition, DkimResult, PublishedAlignment, PublishedPolicy, ReasonType, SpfResult,
    SpfScope, Testing, Verdict,
};
use super::super::model::Schema;

/// A report to be written: one policy, one period, and its records.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// Which schema is written: RFC 9990 unless told otherwise.
    #[serde(default)]
    pub schema: Option<Schema>,
    /// Domain of the receiver, for the file's name and the subject.
    pub submitter: String,
    /// Who reports.
    pub org_name: String,
    /// Their address.
    pub email: String,
    /// More ways to reach them.
    #[serde(default)]
    pub extra_contact_info: Option<String>,
    /// The reporter's own key: letters, digits and the signs of `dot-atom-text` (RFC 9990, 3.5.1).
    pub report_id: String,
    /// What tells the file from others of the same period: letters and digits at the end of its name
    /// (RFC 9990, 3.5.3).
    #[serde(default)]
    pub unique_id: Option<String>,
    /// Begin of the period, in seconds since the epoch.
    pub begin: i64,
    /// End of the period.
    pub end: i64,
    /// What was wrong with the record.
    #[serde(default)]
    pub errors: Vec<String>,
    /// What wrote the report.
    #[serde(default)]
    pub generator: Option<String>,
    /// Where the record was found.
    pub domain: String,
    /// `p`.
    pub p: PublishedPolicy,
    /// `sp`.
    #[serde(default)]
    pub sp: Option<PublishedPolicy>,
    /// `np`.
    #[serde(default)]
    pub np: Option<PublishedPolicy>,
    /// `adkim`: `r` or `s`.
    #[serde(default)]
    pub adkim: Option<PublishedAlignment>,
    /// `aspf`: `r` or `s`.
    #[serde(default)]
    pub aspf: Option<PublishedAlignment>,
    /// `pct`; 100 unless told otherwise.
    #[serde(default)]
    pub pct: Option<u8>,
    /// `fo`.
    #[serde(default)]
    pub fo: Option<String>,
    /// `testing`: `y` or `n`.
    #[serde(default)]
    pub testing: Option<Testing>,
    /// `discovery_method`.
    #[serde(default)]
    pub discovery_method: Option<DiscoveryMethod>,
    /// Elements of other namespaces, each as XML that declares its own.
    #[serde(default)]
    pub extensions: Vec<String>,
    /// The records.
    pub records: Vec<DraftRecord>,
}

/// Messages that share source, verdicts and identifiers.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftRecord {
    /// Where they came from.
    pub source_ip: IpAddr,
    /// How many.
    pub count: u64,
    /// What was done.
    pub disposition: Disposition,
    /// The aligned DKIM verdict.
    pub dkim: Verdict,
    /// The aligned SPF verdict.
    pub spf: Verdict,
    /// Why something else was done than the policy asks for.
    #[serde(default)]
    pub reasons: Vec<DraftReason>,
    /// The author domain.
    pub header_from: String,
    /// Domain of `MAIL FROM`; empty for a null reverse-path.
    #[serde(default)]
    pub envelope_from: Option<String>,
    /// Domain of the recipients.
    #[serde(default)]
    pub envelope_to: Option<String>,
    /// One per signature.
    #[serde(default)]
    pub dkim_results: Vec<DraftDkim>,
    /// One per SPF check.
    #[serde(default)]
    pub spf_results: Vec<DraftSpf>,
    /// Elements of other namespaces, each as XML that declares its own.
    #[serde(default)]
    pub extensions: Vec<String>,
}

/// One reason.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftReason {
    /// Which.
    #[serde(rename = "type")]
    pub reason_type: ReasonType,
    /// In words.
    #[serde(default)]
    pub comment: Option<String>,
    /// Language of these words (RFC 9990).
    #[serde(default)]
    pub lang: Option<String>,
}

/// One DKIM result.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftDkim {
    /// The signing domain.
    pub domain: String,
    /// The selector, which RFC 9990 demands.
    #[serde(default)]
    pub selector: Option<String>,
    /// The result.
    pub result: DkimResult,
    /// In words.
    #[serde(default)]
    pub human_result: Option<String>,
}

/// One SPF result.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftSpf {
    /// The domain that was checked.
    pub domain: String,
    /// Which identity.
    #[serde(default)]
    pub scope: Option<SpfScope>,
    /// The result.
    pub result: SpfResult,
    /// In words.
    #[serde(default)]
    pub human_result: Option<String>,
}
