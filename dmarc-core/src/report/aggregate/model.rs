//! What a report says. Absent, empty and not understood stay distinct throughout.
//!
//! An element that is absent is `None`; an empty one is an empty text, or a [`Coded`] value whose
//! raw text is empty. Texts are trimmed. Nothing is filled in and nothing is guessed.

use std::net::IpAddr;

use serde::{Deserialize, Serialize, Serializer, ser::SerializeStruct};

use super::alignment::Alignment;
use super::coded::{
    Coded, DiscoveryMethod, Disposition, DkimResult, PublishedAlignment, PublishedPolicy, ReasonType,
    SpfResult, SpfScope, Testing, Verdict,
};
use super::extension::Extension;
use crate::diagnostics::Rule;
use crate::time::UnixTime;

/// Which schema a report follows, by its namespace and then by the elements it has.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Schema {
    /// RFC 7489, Appendix C, and the drafts before it.
    #[default]
    Rfc7489,
    /// RFC 9990, Appendix A: by its namespace or by an element that only it has.
    Rfc9990,
}

impl Schema {
    /// `rfc7489` or `rfc9990`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rfc7489 => "rfc7489",
            Self::Rfc9990 => "rfc9990",
        }
    }
}

/// Everything of a report but its records.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Head {
    /// Which schema it follows.
    pub schema: Schema,
    /// Namespace of the root element.
    pub namespace: Option<String>,
    /// `version`, as written.
    pub version: Option<String>,
    /// `report_metadata`.
    pub metadata: Option<Metadata>,
    /// `policy_published`.
    pub policy: Option<PolicyPublished>,
    /// What `extension` holds (RFC 9990), and elements of other namespaces beside it.
    pub extensions: Vec<Extension>,
}

/// `report_metadata`: who reports, about which period.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Metadata {
    /// `org_name`.
    pub org_name: Option<String>,
    /// `email`.
    pub email: Option<String>,
    /// `extra_contact_info`; some reports have several.
    pub extra_contact_info: Vec<String>,
    /// `report_id`: any text, whole, never a number.
    pub report_id: Option<String>,
    /// `date_range/begin`.
    pub begin: Option<Timestamp>,
    /// `date_range/end`.
    pub end: Option<Timestamp>,
    /// `error`; some reports have several.
    pub errors: Vec<String>,
    /// `generator` (RFC 9990).
    pub generator: Option<String>,
}

/// A point in time, as written and as understood.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Timestamp {
    /// Seconds since the epoch; `None` if it cannot be read.
    pub time: Option<UnixTime>,
    /// The text, trimmed.
    pub raw: String,
}

/// `policy_published`: the policy that the reporter found.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PolicyPublished {
    /// Where the record was found, as written.
    pub domain: Option<String>,
    /// `p`.
    pub p: Option<Coded<PublishedPolicy>>,
    /// `sp`.
    pub sp: Option<Coded<PublishedPolicy>>,
    /// `np`.
    pub np: Option<Coded<PublishedPolicy>>,
    /// `adkim`.
    pub adkim: Option<Coded<PublishedAlignment>>,
    /// `aspf`.
    pub aspf: Option<Coded<PublishedAlignment>>,
    /// `pct` (RFC 7489).
    pub pct: Option<Percentage>,
    /// `fo`: options separated by colons, as written.
    pub fo: Option<String>,
    /// `testing` (RFC 9990).
    pub testing: Option<Coded<Testing>>,
    /// `discovery_method` (RFC 9990).
    pub discovery_method: Option<Coded<DiscoveryMethod>>,
}

/// `pct`, as written and as understood.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Percentage {
    /// 0 to 100; `None` if it is not that.
    pub value: Option<u8>,
    /// The text, trimmed.
    pub raw: String,
}

/// One `record`: messages that share source, verdicts and identifiers.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Record {
    /// Position in the report, from 0, counted over all its `record` elements.
    pub ordinal: u64,
    /// `row/source_ip`.
    pub source_ip: Option<SourceIp>,
    /// `row/count`.
    pub count: Option<Count>,
    /// `row/policy_evaluated`.
    pub policy_evaluated: Option<PolicyEvaluated>,
    /// `identifiers`, or `identities` as some reporters write it.
    pub identifiers: Option<Identifiers>,
    /// `auth_results`.
    pub auth_results: Option<AuthResults>,
    /// Elements of other namespaces (RFC 9990).
    pub extensions: Box<[Extension]>,
    /// What alignment comes to, beside what the reporter concluded.
    pub alignment: Alignment,
    /// Rules that were found in this record, each once, by code.
    #[serde(serialize_with = "codes")]
    pub rules: Box<[&'static Rule]>,
}

fn codes<S: Serializer>(rules: &[&'static Rule], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(rules.iter().map(|rule| rule.code))
}

impl Record {
    /// The messages of the record; `None` if the count is absent or unreadable.
    #[must_use]
    pub fn messages(&self) -> Option<u64> {
        self.count.as_ref().and_then(|count| count.value)
    }

    /// The disposition; `None` if it is absent.
    #[must_use]
    pub fn disposition(&self) -> Option<&Coded<Disposition>> {
        self.policy_evaluated.as_ref()?.disposition.as_ref()
    }

    /// The aligned DKIM verdict; `None` if it is absent.
    #[must_use]
    pub fn dkim_verdict(&self) -> Option<&Coded<Verdict>> {
        self.policy_evaluated.as_ref()?.dkim.as_ref()
    }

    /// The aligned SPF verdict; `None` if it is absent.
    #[must_use]
    pub fn spf_verdict(&self) -> Option<&Coded<Verdict>> {
        self.policy_evaluated.as_ref()?.spf.as_ref()
    }

    /// Whether either verdict is a pass; `None` if neither can be read.
    #[must_use]
    pub fn dmarc_pass(&self) -> Option<bool> {
        let verdicts = [self.dkim_verdict(), self.spf_verdict()];
        let known = |verdict: Verdict| verdicts.iter().flatten().any(|coded| coded.value() == verdict);
        if known(Verdict::Pass) {
            Some(true)
        } else if known(Verdict::Fail) {
            Some(false)
        } else {
            None
        }
    }

    /// `header_from` as written; `None` if it is absent.
    #[must_use]
    pub fn header_from(&self) -> Option<&str> {
        self.identifiers.as_ref()?.header_from.as_deref()
    }
}

/// `source_ip`, as understood and as written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SourceIp {
    pub(crate) address: Option<IpAddr>,
    pub(crate) raw: Option<Box<str>>,
}

impl SourceIp {
    /// The address; `None` if the text is not one.
    #[must_use]
    pub const fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// The address in its canonical form (RFC 5952), or else the text as written.
    #[must_use]
    pub fn text(&self) -> String {
        self.address.map_or_else(|| self.raw.as_deref().unwrap_or_default().to_owned(), |ip| ip.to_string())
    }

    /// The text as written, trimmed, where it differs from the canonical form.
    #[must_use]
    pub fn differing(&self) -> Option<&str> {
        self.raw.as_deref()
    }
}

impl Serialize for SourceIp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("SourceIp", 2)?;
        fields.serialize_field("address", &self.address.map(|ip| ip.to_string()))?;
        fields.serialize_field("raw", &self.raw.as_deref().map_or_else(|| self.text(), str::to_owned))?;
        fields.end()
    }
}

/// `count`, as understood and as written.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Count {
    /// Messages: at most 2⁶³−1, since tables carry signed numbers; `None` if unreadable.
    pub value: Option<u64>,
    /// The text as written, trimmed, where it is not the number's usual form.
    pub raw: Option<Box<str>>,
}

/// `policy_evaluated`: what the receiver concluded and did.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PolicyEvaluated {
    /// What was done.
    pub disposition: Option<Coded<Disposition>>,
    /// The aligned DKIM verdict.
    pub dkim: Option<Coded<Verdict>>,
    /// The aligned SPF verdict.
    pub spf: Option<Coded<Verdict>>,
    /// Why something else was done than the policy asks for.
    pub reasons: Vec<Reason>,
}

/// One `reason`.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Reason {
    /// `type`.
    #[serde(rename = "type")]
    pub reason_type: Option<Coded<ReasonType>>,
    /// `comment`.
    pub comment: Option<String>,
    /// Language of the comment (RFC 9990), as written.
    pub lang: Option<String>,
}

/// `identifiers`: the domains of the messages, as written.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Identifiers {
    /// `header_from`.
    pub header_from: Option<String>,
    /// `envelope_from`; empty for a null reverse-path.
    pub envelope_from: Option<String>,
    /// `envelope_to`.
    pub envelope_to: Option<String>,
}

/// `auth_results`: raw results, without a look at alignment, all of them in document order.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AuthResults {
    /// One per signature that the reporter lists.
    pub dkim: Vec<DkimAuth>,
    /// One per SPF check that the reporter lists.
    pub spf: Vec<SpfAuth>,
}

/// One DKIM result.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DkimAuth {
    /// `domain` (`d=`), as written.
    pub domain: Option<String>,
    /// `selector` (`s=`): any text, never a number.
    pub selector: Option<String>,
    /// `result`.
    pub result: Option<Coded<DkimResult>>,
    /// `human_result`.
    pub human_result: Option<String>,
    /// Whether the domain is aligned with the author domain, passed or not; `None` if that cannot be known.
    pub aligned: Option<bool>,
}

/// One SPF result.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SpfAuth {
    /// `domain`, as written.
    pub domain: Option<String>,
    /// `scope`.
    pub scope: Option<Coded<SpfScope>>,
    /// `result`.
    pub result: Option<Coded<SpfResult>>,
    /// `human_result`.
    pub human_result: Option<String>,
    /// Whether the domain is aligned with the author domain, passed or not; `None` if that cannot be known.
    pub aligned: Option<bool>,
}
