//! Writing of reports: RFC 9990, Appendix A, or RFC 7489, Appendix C, from rows that a receiver has.
//!
//! What is written is valid by the schema or is not written at all. Elements come in the order of the
//! standard's list; what the schema of RFC 7489 demands and a record may lack gets the value that the record
//! has by default. Left out: the mail that carries a report, but for its subject.

mod draft;
mod of;
mod xml;

use std::net::IpAddr;

pub use draft::{Draft, DraftDkim, DraftReason, DraftRecord, DraftSpf};

use self::xml::Xml;
use super::coded::{Disposition, ReasonType, SpfResult, SpfScope, Word};
use super::is_domain;
use super::model::Schema;

/// Why a report cannot be written.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// An element that the schema demands has no value.
    #[error("{element} is missing")]
    Missing {
        /// The element.
        element: &'static str,
    },
    /// A value that the element cannot hold.
    #[error("{value:?} cannot stand in {element}")]
    Invalid {
        /// The element.
        element: &'static str,
        /// The value.
        value: String,
    },
    /// An element, a word or a number of elements that only the other schema has.
    #[error("{element} has no place in the schema of {}", .schema.as_str())]
    NotInSchema {
        /// The element, and the word where that is what has no place.
        element: String,
        /// The schema.
        schema: Schema,
    },
}

impl WriteError {
    /// What went wrong, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "missing",
            Self::Invalid { .. } => "invalid",
            Self::NotInSchema { .. } => "not-in-schema",
        }
    }
}

/// A report that is ready to be sent.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Written {
    /// The document: XML, JSON for a report on TLS, or the whole mail of a failure report.
    pub document: String,
    /// Name of the file: `….xml.gz` (RFC 9990, 3.5.3), `….json.gz` (RFC 8460, 5.1), or `….eml`.
    pub file_name: String,
    /// Subject of the mail (RFC 9990, 3.5.2; RFC 8460, 5.3).
    pub subject: String,
}

impl Written {
    /// The octets of the file of that name: the document in gzip, or the document itself where that is a mail.
    #[cfg(feature = "container")]
    #[must_use]
    pub fn file(&self) -> Vec<u8> {
        if self.file_name.ends_with(".gz") { self.gzip() } else { self.document.as_bytes().to_vec() }
    }

    /// The document in gzip; the same document gives the same octets.
    #[cfg(feature = "container")]
    #[must_use]
    pub fn gzip(&self) -> Vec<u8> {
        use std::io::Read;
        let mut packed = Vec::new();
        let mut encoder =
            flate2::read::GzEncoder::new(self.document.as_bytes(), flate2::Compression::default());
        // Octets in memory can be read.
        encoder.read_to_end(&mut packed).map_or_else(|_| Vec::new(), |_| packed)
    }
}

impl Draft {
    /// Writes the report.
    ///
    /// ```
    /// use dmarc_core::report::aggregate::Draft;
    ///
    /// let draft: Draft = serde_json::from_str(r#"{
    ///     "submitter": "receiver.example", "org_name": "Receiver", "email": "dmarc@receiver.example",
    ///     "report_id": "r1", "begin": 1709164800, "end": 1709251199, "domain": "example.com", "p": "reject",
    ///     "records": [{ "source_ip": "192.0.2.1", "count": 2, "disposition": "reject", "dkim": "fail",
    ///         "spf": "fail", "header_from": "example.com" }] }"#).unwrap();
    /// let written = draft.write().unwrap();
    /// assert_eq!(written.file_name, "receiver.example!example.com!1709164800!1709251199.xml.gz");
    /// ```
    ///
    /// # Errors
    /// [`WriteError`] with the element that the schema would not allow.
    pub fn write(&self) -> Result<Written, WriteError> {
        self.check()?;
        let mut xml = Xml::new();
        let root = match self.schema() {
            Schema::Rfc9990 => "feedback xmlns=\"urn:ietf:params:xml:ns:dmarc-2.0\"",
            // RFC 7489, C: elements below the root have no namespace, and readers look at names alone.
            Schema::Rfc7489 => "feedback",
        };
        xml.open(root);
        xml.text("version", "1.0")?;
        self.metadata(&mut xml)?;
        self.policy(&mut xml)?;
        if !self.extensions.is_empty() {
            xml.open("extension");
            self.extensions.iter().try_for_each(|extension| xml.raw(extension))?;
            xml.close("extension");
        }
        self.records.iter().try_for_each(|record| self.record(record, &mut xml))?;
        xml.close("feedback");
        let (submitter, domain) = (&self.submitter, &self.domain);
        Ok(Written {
            document: xml.finish(),
            file_name: format!(
                "{submitter}!{domain}!{}!{}{}.xml.gz",
                self.begin,
                self.end,
                unique_id(self.unique_id.as_deref())?
            ),
            subject: format!(
                "Report Domain: {domain} Submitter: {submitter} Report-ID: <{}>",
                self.report_id
            ),
        })
    }

    fn schema(&self) -> Schema {
        self.schema.unwrap_or(Schema::Rfc9990)
    }

    fn only(&self, schema: Schema, is_there: bool, element: &str) -> Result<(), WriteError> {
        if is_there && self.schema() != schema {
            return Err(WriteError::NotInSchema { element: element.to_owned(), schema: self.schema() });
        }
        Ok(())
    }

    fn check(&self) -> Result<(), WriteError> {
        for (element, name) in [("submitter", &self.submitter), ("domain", &self.domain)] {
            if !is_domain(name) || name.contains('!') {
                return Err(WriteError::Invalid { element, value: name.clone() });
            }
        }
        if self.records.is_empty() {
            return Err(WriteError::Missing { element: "record" });
        }
        if self.end < self.begin || self.begin < 0 {
            return Err(WriteError::Invalid {
                element: "date_range",
                value: format!("{} to {}", self.begin, self.end),
            });
        }
        // RFC 9990, 3.5.1: `ridtxt = dot-atom-text ["@" dot-atom-text]`; in a subject no blank may stand there.
        let is_atext = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
        let is_dot_atom =
            |text: &str| text.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atext));
        let mut parts = self.report_id.split('@');
        if !parts.by_ref().take(2).all(is_dot_atom) || parts.next().is_some() {
            return Err(WriteError::Invalid { element: "report_id", value: self.report_id.clone() });
        }
        if self.errors.len() > 1 {
            self.only(Schema::Rfc7489, true, "error")?;
        }
        self.only(Schema::Rfc9990, self.generator.is_some(), "generator")?;
        self.only(Schema::Rfc9990, self.np.is_some(), "np")?;
        self.only(Schema::Rfc9990, self.testing.is_some(), "testing")?;
        self.only(Schema::Rfc9990, self.discovery_method.is_some(), "discovery_method")?;
        self.only(Schema::Rfc9990, !self.extensions.is_empty(), "extension")?;
        self.only(Schema::Rfc7489, self.pct.is_some(), "pct")
    }

    fn metadata(&self, xml: &mut Xml) -> Result<(), WriteError> {
        xml.open("report_metadata");
        xml.demanded("org_name", &self.org_name)?;
        xml.demanded("email", &self.email)?;
        xml.optional("extra_contact_info", self.extra_contact_info.as_deref())?;
        xml.text("report_id", &self.report_id)?;
        xml.open("date_range");
        xml.text("begin", &self.begin.to_string())?;
        xml.text("end", &self.end.to_string())?;
        xml.close("date_range");
        self.errors.iter().try_for_each(|error| xml.text("error", error))?;
        xml.optional("generator", self.generator.as_deref())?;
        xml.close("report_metadata");
        Ok(())
    }

    fn policy(&self, xml: &mut Xml) -> Result<(), WriteError> {
        let is_old = self.schema() == Schema::Rfc7489;
        xml.open("policy_published");
        xml.text("domain", &self.domain)?;
        xml.word("adkim", self.adkim.map(short))?;
        xml.word("aspf", self.aspf.map(short))?;
        xml.word("p", Some(self.p.as_str()))?;
        // RFC 7489, C demands what a record may lack: `sp` is `p` then (RFC 7489, 6.3).
        xml.word("sp", self.sp.or(is_old.then_some(self.p)).map(Word::as_str))?;
        xml.word("np", self.np.map(Word::as_str))?;
        if is_old {
            let pct = self.pct.unwrap_or(100);
            if pct > 100 {
                return Err(WriteError::Invalid { element: "pct", value: pct.to_string() });
            }
            xml.text("pct", &pct.to_string())?;
        }
        xml.optional("fo", self.fo.as_deref().or(is_old.then_some("0")))?;
        xml.word("testing", self.testing.map(Word::as_str))?;
        xml.word("discovery_method", self.discovery_method.map(Word::as_str))?;
        xml.close("policy_published");
        Ok(())
    }

    fn record(&self, record: &DraftRecord, xml: &mut Xml) -> Result<(), WriteError> {
        let is_old = self.schema() == Schema::Rfc7489;
        let count = i64::try_from(record.count);
        let count =
            count.map_err(|_| WriteError::Invalid { element: "count", value: record.count.to_string() })?;
        self.only(Schema::Rfc9990, record.disposition == Disposition::Pass, "disposition pass")?;
        xml.open("record");
        xml.open("row");
        xml.text("source_ip", &address(record.source_ip, is_old))?;
        xml.text("count", &count.to_string())?;
        xml.open("policy_evaluated");
        xml.word("disposition", Some(record.disposition.as_str()))?;
        xml.word("dkim", Some(record.dkim.as_str()))?;
        xml.word("spf", Some(record.spf.as_str()))?;
        for reason in &record.reasons {
            let kind = reason.reason_type;
            self.only(Schema::Rfc9990, kind == ReasonType::PolicyTestMode, "reason policy_test_mode")?;
            self.only(Schema::Rfc7489, kind == ReasonType::Forwarded, "reason forwarded")?;
            self.only(Schema::Rfc7489, kind == ReasonType::SampledOut, "reason sampled_out")?;
            xml.open("reason");
            xml.word("type", Some(kind.as_str()))?;
            self.only(Schema::Rfc9990, reason.lang.is_some(), "lang")?;
            match (&reason.comment, &reason.lang) {
                (None, Some(_)) => return Err(WriteError::Missing { element: "comment" }),
                (comment, lang) => {
                    comment.iter().try_for_each(|comment| xml.spoken("comment", comment, lang.as_deref()))?;
                }
            }
            xml.close("reason");
        }
        xml.close("policy_evaluated");
        xml.close("row");
        xml.open("identifiers");
        // RFC 7489, C demands the envelope; an empty one is the null reverse-path.
        xml.optional("envelope_to", record.envelope_to.as_deref())?;
        xml.optional("envelope_from", record.envelope_from.as_deref().or(is_old.then_some("")))?;
        xml.demanded("header_from", &record.header_from)?;
        xml.close("identifiers");
        self.results(record, xml)?;
        self.only(Schema::Rfc9990, !record.extensions.is_empty(), "extension")?;
        record.extensions.iter().try_for_each(|extension| xml.raw(extension))?;
        xml.close("record");
        Ok(())
    }

    fn results(&self, record: &DraftRecord, xml: &mut Xml) -> Result<(), WriteError> {
        let is_old = self.schema() == Schema::Rfc7489;
        xml.open("auth_results");
        for dkim in &record.dkim_results {
            xml.open("dkim");
            xml.demanded("domain", &dkim.domain)?;
            if !is_old && dkim.selector.is_none() {
                return Err(WriteError::Missing { element: "selector" });
            }
            xml.optional("selector", dkim.selector.as_deref())?;
            xml.word("result", Some(dkim.result.as_str()))?;
            xml.optional("human_result", dkim.human_result.as_deref())?;
            xml.close("dkim");
        }
        if record.spf_results.len() > 1 {
            self.only(Schema::Rfc7489, true, "spf")?;
        }
        if is_old && record.spf_results.is_empty() {
            return Err(WriteError::Missing { element: "spf" });
        }
        for spf in &record.spf_results {
            self.only(Schema::Rfc7489, spf.scope == Some(SpfScope::Helo), "scope helo")?;
            self.only(Schema::Rfc9990, spf.result == SpfResult::Policy, "result policy")?;
            self.only(Schema::Rfc9990, spf.human_result.is_some(), "human_result")?;
            xml.open("spf");
            xml.demanded("domain", &spf.domain)?;
            xml.word("scope", spf.scope.or(is_old.then_some(SpfScope::Mfrom)).map(Word::as_str))?;
            xml.word("result", Some(spf.result.as_str()))?;
            xml.optional("human_result", spf.human_result.as_deref())?;
            xml.close("spf");
        }
        xml.close("auth_results");
        Ok(())
    }
}

/// The part of a file's name that tells it from others, with what stands before it: `1*(ALPHA / DIGIT)` (RFC 9990,
/// 3.5.3; RFC 8460, 5.1).
pub(in crate::report) fn unique_id(id: Option<&str>) -> Result<String, WriteError> {
    match id {
        None => Ok(String::new()),
        Some(id)
            if !id.is_empty() && id.len() <= 64 && id.bytes().all(|octet| octet.is_ascii_alphanumeric()) =>
        {
            Ok(format!("!{id}"))
        }
        Some(id) => Err(WriteError::Invalid { element: "unique_id", value: id.to_owned() }),
    }
}

/// `r` or `s`, as a record has it.
fn short(alignment: super::PublishedAlignment) -> &'static str {
    if alignment == super::PublishedAlignment::Strict { "s" } else { "r" }
}

/// An address; the pattern of RFC 7489, C knows IPv6 written out in full only.
fn address(ip: IpAddr, in_full: bool) -> String {
    match ip {
        IpAddr::V6(six) if in_full => six.segments().map(|group| format!("{group:x}")).join(":"),
        ip => ip.to_string(),
    }
}
