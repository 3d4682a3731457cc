//! A report that was read, as one to be written again.

use super::super::coded::{Coded, Word};
use super::super::model::{
    DkimAuth, Metadata, Percentage, PolicyPublished, Reason, Record, SourceIp, SpfAuth, Timestamp,
};
use super::super::report::Report;
use super::{Draft, DraftDkim, DraftReason, DraftRecord, DraftSpf, Schema, WriteError};
use crate::report::row::report_id;

impl Draft {
    /// The draft of a report that was read, to be written again in its schema under the name of `submitter`.
    ///
    /// What is written again says the same in the words of the standard: a spelling that the reader understood
    /// becomes the usual one, what is empty and need not be there is left out. Whether the report was read to its
    /// end does not matter.
    ///
    /// # Errors
    /// [`WriteError`] with the first value that was absent or not understood, or that a draft has no place for.
    /// [`Draft::write`] looks at the rest.
    pub fn of(report: &Report, submitter: &str) -> Result<Self, WriteError> {
        let head = &report.head;
        if let Some(version) =
            head.version.as_ref().filter(|version| *version != "1.0" && !version.is_empty())
        {
            return Err(WriteError::Invalid { element: "version", value: version.clone() });
        }
        let none = (Metadata::default(), PolicyPublished::default());
        let (metadata, policy) =
            (head.metadata.as_ref().unwrap_or(&none.0), head.policy.as_ref().unwrap_or(&none.1));
        let contacts = &metadata.extra_contact_info;
        if contacts.len() > 1 {
            return Err(WriteError::NotInSchema {
                element: "a second extra_contact_info".to_owned(),
                schema: head.schema,
            });
        }
        Ok(Self {
            schema: Some(head.schema),
            submitter: submitter.to_owned(),
            org_name: text("org_name", metadata.org_name.as_ref())?,
            email: text("email", metadata.email.as_ref())?,
            extra_contact_info: contacts.first().filter(|text| !text.is_empty()).cloned(),
            report_id: report_id(&text("report_id", metadata.report_id.as_ref())?).to_owned(),
            unique_id: None,
            begin: seconds("begin", metadata.begin.as_ref())?,
            end: seconds("end", metadata.end.as_ref())?,
            errors: metadata.errors.iter().filter(|text| !text.is_empty()).cloned().collect(),
            generator: metadata.generator.clone().filter(|text| !text.is_empty()),
            domain: text("domain", policy.domain.as_ref())?,
            p: demanded("p", policy.p.as_ref())?,
            sp: optional("sp", policy.sp.as_ref())?,
            np: optional("np", policy.np.as_ref())?,
            adkim: optional("adkim", policy.adkim.as_ref())?,
            aspf: optional("aspf", policy.aspf.as_ref())?,
            pct: percentage(policy.pct.as_ref())?,
            fo: policy.fo.clone().filter(|text| !text.is_empty()),
            testing: optional("testing", policy.testing.as_ref())?,
            discovery_method: optional("discovery_method", policy.discovery_method.as_ref())?,
            extensions: head.extensions.iter().map(|extension| extension.xml.clone()).collect(),
            records: report
                .records
                .iter()
                .map(|record| row(record, head.schema))
                .collect::<Result<_, _>>()?,
        })
    }
}

fn row(record: &Record, schema: Schema) -> Result<DraftRecord, WriteError> {
    let ip = record.source_ip.as_ref();
    let count = record.count.as_ref();
    let evaluated = record.policy_evaluated.clone().unwrap_or_default();
    let identifiers = record.identifiers.clone().unwrap_or_default();
    let results = record.auth_results.clone().unwrap_or_default();
    Ok(DraftRecord {
        source_ip: understood("source_ip", ip, SourceIp::address, SourceIp::text)?,
        count: understood(
            "count",
            count,
            |count| count.value,
            |count| count.raw.as_deref().unwrap_or_default().to_owned(),
        )?,
        disposition: demanded("disposition", evaluated.disposition.as_ref())?,
        dkim: demanded("dkim", evaluated.dkim.as_ref())?,
        spf: demanded("spf", evaluated.spf.as_ref())?,
        reasons: evaluated.reasons.into_iter().map(|one| reason(one, schema)).collect::<Result<_, _>>()?,
        header_from: text("header_from", identifiers.header_from.as_ref())?,
        envelope_from: identifiers.envelope_from,
        envelope_to: identifiers.envelope_to.filter(|text| !text.is_empty()),
        dkim_results: results.dkim.into_iter().map(dkim).collect::<Result<_, _>>()?,
        spf_results: results.spf.into_iter().map(spf).collect::<Result<_, _>>()?,
        extensions: record.extensions.iter().map(|extension| extension.xml.clone()).collect(),
    })
}

fn reason(reason: Reason, schema: Schema) -> Result<DraftReason, WriteError> {
    let comment = reason.comment.filter(|text| !text.is_empty());
    // RFC 7489, C knows no language; without a word there is none.
    let lang = reason.lang.filter(|_| comment.is_some() && schema == Schema::Rfc9990);
    Ok(DraftReason { reason_type: demanded("type", reason.reason_type.as_ref())?, comment, lang })
}

fn dkim(result: DkimAuth) -> Result<DraftDkim, WriteError> {
    Ok(DraftDkim {
        domain: text("domain", result.domain.as_ref())?,
        selector: result.selector.filter(|text| !text.is_empty()),
        result: demanded("result", result.result.as_ref())?,
        human_result: result.human_result.filter(|text| !text.is_empty()),
    })
}

fn spf(result: SpfAuth) -> Result<DraftSpf, WriteError> {
    Ok(DraftSpf {
        domain: text("domain", result.domain.as_ref())?,
        scope: optional("scope", result.scope.as_ref())?,
        result: demanded("result", result.result.as_ref())?,
        human_result: result.human_result.filter(|text| !text.is_empty()),
    })
}

fn text(element: &'static str, text: Option<&String>) -> Result<String, WriteError> {
    text.filter(|text| !text.is_empty()).cloned().ok_or(WriteError::Missing { element })
}

/// A value that was read and understood.
fn understood<T, V>(
    element: &'static str,
    read: Option<&T>,
    value: impl Fn(&T) -> Option<V>,
    raw: impl Fn(&T) -> String,
) -> Result<V, WriteError> {
    let read = read.ok_or(WriteError::Missing { element })?;
    value(read).ok_or_else(|| WriteError::Invalid { element, value: raw(read) })
}

fn seconds(element: &'static str, time: Option<&Timestamp>) -> Result<i64, WriteError> {
    understood(element, time, |time| Some(time.time?.0), |time| time.raw.clone())
}

fn percentage(pct: Option<&Percentage>) -> Result<Option<u8>, WriteError> {
    let pct = pct.filter(|pct| !pct.raw.is_empty());
    pct.map(|pct| understood("pct", Some(pct), |pct| pct.value, |pct| pct.raw.clone())).transpose()
}

fn demanded<T: Word>(element: &'static str, coded: Option<&Coded<T>>) -> Result<T, WriteError> {
    let coded = coded.filter(|coded| !coded.raw().is_empty()).ok_or(WriteError::Missing { element })?;
    match coded.value() {
        value if value == T::UNKNOWN => Err(WriteError::Invalid { element, value: coded.raw().to_owned() }),
        value => Ok(value),
    }
}

fn optional<T: Word>(element: &'static str, coded: Option<&Coded<T>>) -> Result<Option<T>, WriteError> {
    coded.filter(|coded| !coded.raw().is_empty()).map(|coded| demanded(element, Some(coded))).transpose()
}
