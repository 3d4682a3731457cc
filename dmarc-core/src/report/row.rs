//! A record as plain data: the columns of the record table that need no Arrow, under the same names.

use std::borrow::Cow;

use serde::Serialize;

use super::aggregate::{Coded, Head, Record, Schema, SourceIp, Timestamp, Word};
use crate::name::{DomainName, is_plain};
#[cfg(feature = "container")]
use crate::streams::Judged;

/// One record of a report. Null means absent; `…_raw` is what the reporter wrote, where it differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RowView {
    /// The report.
    pub report_key: String,
    /// Position in the report, from 0.
    pub record_ordinal: u64,
    /// Who reports.
    pub reporter_org: Option<String>,
    /// The reporter's own key.
    pub report_id: Option<String>,
    /// Begin of the period, in seconds since the epoch.
    pub begin: Option<i64>,
    /// End of the period.
    pub end: Option<i64>,
    /// Which schema the report follows.
    pub schema: Schema,
    /// Where the policy was found.
    pub policy_domain: Option<String>,
    /// The policy that the reporter found.
    pub policy_p: Option<&'static str>,
    /// Where the messages came from; null if it is no address.
    pub source_ip: Option<String>,
    /// The address as written.
    pub source_ip_raw: Option<String>,
    /// Messages; null if unreadable.
    pub count: Option<u64>,
    /// The count as written.
    pub count_raw: Option<String>,
    /// What the receiver did.
    pub disposition: Option<&'static str>,
    /// The disposition as written.
    pub disposition_raw: Option<String>,
    /// Aligned DKIM verdict.
    pub dkim_verdict: Option<&'static str>,
    /// The verdict as written.
    pub dkim_verdict_raw: Option<String>,
    /// Aligned SPF verdict.
    pub spf_verdict: Option<&'static str>,
    /// The verdict as written.
    pub spf_verdict_raw: Option<String>,
    /// Whether either verdict is a pass; null if neither can be read.
    pub dmarc_pass: Option<bool>,
    /// The author domain.
    pub header_from: Option<String>,
    /// The author domain as written.
    pub header_from_raw: Option<String>,
    /// The domain of `MAIL FROM`.
    pub envelope_from: Option<String>,
    /// The domain of the recipients.
    pub envelope_to: Option<String>,
    /// Organizational domain of the author domain; null where the caller knows none.
    pub header_from_org: Option<String>,
    /// Whether the author domain lies below the policy domain.
    pub is_subdomain: Option<bool>,
    /// Whether a signature passed and is aligned, worked out; null where that cannot be known.
    pub dkim_aligned_calc: Option<bool>,
    /// Whether SPF passed and is aligned, worked out.
    pub spf_aligned_calc: Option<bool>,
    /// Whether the reporter's verdicts agree with that.
    pub verdict_consistent: Option<bool>,
    /// Every DKIM result.
    pub dkim: Vec<DkimView>,
    /// Every SPF result.
    pub spf: Vec<SpfView>,
    /// Why the receiver did otherwise.
    pub reasons: Vec<ReasonView>,
    /// Rules that were found in this record.
    pub finding_codes: Vec<&'static str>,
    /// The stream that it belongs to; null if the records were not judged.
    pub stream_key: Option<String>,
    /// What that is.
    pub stream_class: Option<&'static str>,
    /// How sure that is.
    pub class_confidence: Option<&'static str>,
}

/// One DKIM result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DkimView {
    /// The signing domain.
    pub domain: Option<String>,
    /// Its selector.
    pub selector: Option<String>,
    /// The result.
    pub result: Option<&'static str>,
    /// The result as written.
    pub result_raw: Option<String>,
    /// Whether the domain is aligned with the author domain; null where that cannot be known.
    pub aligned: Option<bool>,
}

/// One SPF result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SpfView {
    /// The domain that was checked.
    pub domain: Option<String>,
    /// `mfrom` or `helo`.
    pub scope: Option<&'static str>,
    /// The result.
    pub result: Option<&'static str>,
    /// The result as written.
    pub result_raw: Option<String>,
    /// Whether the domain is aligned with the author domain; null where that cannot be known.
    pub aligned: Option<bool>,
}

/// One reason for another disposition than the policy asks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReasonView {
    /// Which.
    #[serde(rename = "type")]
    pub reason_type: Option<&'static str>,
    /// The reason as written.
    pub type_raw: Option<String>,
    /// In the receiver's words.
    pub comment: Option<String>,
}

impl RowView {
    /// A record of the report that begins with `head`.
    #[must_use]
    pub fn new(report_key: &str, head: &Head, record: &Record) -> Self {
        let metadata = head.metadata.as_ref();
        let policy = head.policy.as_ref();
        let time = |stamp: Option<&Timestamp>| Some(stamp?.time?.0);
        let source = record.source_ip.as_ref();
        let identifiers = record.identifiers.as_ref();
        let results = record.auth_results.as_ref();
        let reasons = record.policy_evaluated.as_ref().map(|evaluated| evaluated.reasons.as_slice());
        let author = record.header_from().map(domain);
        Self {
            report_key: report_key.to_owned(),
            record_ordinal: record.ordinal,
            reporter_org: metadata.and_then(|metadata| metadata.org_name.clone()),
            report_id: metadata
                .and_then(|metadata| Some(report_id(metadata.report_id.as_deref()?).to_owned())),
            begin: time(metadata.and_then(|metadata| metadata.begin.as_ref())),
            end: time(metadata.and_then(|metadata| metadata.end.as_ref())),
            schema: head.schema,
            policy_domain: policy.and_then(|policy| name(policy.domain.as_deref())),
            policy_p: policy.and_then(|policy| word(policy.p.as_ref())),
            source_ip: source.and_then(|source| Some(source.address()?.to_string())),
            source_ip_raw: source.and_then(SourceIp::differing).map(str::to_owned),
            count: record.messages(),
            count_raw: record.count.as_ref().and_then(|count| count.raw.as_deref()).map(str::to_owned),
            disposition: word(record.disposition()),
            disposition_raw: raw(record.disposition()),
            dkim_verdict: word(record.dkim_verdict()),
            dkim_verdict_raw: raw(record.dkim_verdict()),
            spf_verdict: word(record.spf_verdict()),
            spf_verdict_raw: raw(record.spf_verdict()),
            dmarc_pass: record.dmarc_pass(),
            header_from_raw: author.as_ref().and_then(|(_, differing)| differing.map(str::to_owned)),
            header_from: author.map(|(name, _)| name.into_owned()),
            envelope_from: identifiers.and_then(|names| names.envelope_from.clone()),
            envelope_to: identifiers.and_then(|names| names.envelope_to.clone()),
            header_from_org: record.alignment.header_from_org.as_ref().map(ToString::to_string),
            is_subdomain: record.alignment.is_subdomain,
            dkim_aligned_calc: record.alignment.dkim,
            spf_aligned_calc: record.alignment.spf,
            verdict_consistent: record.alignment.consistent,
            dkim: results
                .iter()
                .flat_map(|results| &results.dkim)
                .map(|result| DkimView {
                    domain: name(result.domain.as_deref()),
                    selector: result.selector.clone(),
                    result: word(result.result.as_ref()),
                    result_raw: raw(result.result.as_ref()),
                    aligned: result.aligned,
                })
                .collect(),
            spf: results
                .iter()
                .flat_map(|results| &results.spf)
                .map(|result| SpfView {
                    domain: name(result.domain.as_deref()),
                    scope: word(result.scope.as_ref()),
                    result: word(result.result.as_ref()),
                    result_raw: raw(result.result.as_ref()),
                    aligned: result.aligned,
                })
                .collect(),
            reasons: reasons
                .unwrap_or_default()
                .iter()
                .map(|reason| ReasonView {
                    reason_type: word(reason.reason_type.as_ref()),
                    type_raw: raw(reason.reason_type.as_ref()),
                    comment: reason.comment.clone(),
                })
                .collect(),
            finding_codes: record.rules.iter().map(|rule| rule.code).collect(),
            stream_key: None,
            stream_class: None,
            class_confidence: None,
        }
    }

    /// The same, with what the record is.
    #[cfg(feature = "container")]
    #[must_use]
    pub fn classified(self, judged: &Judged, head: &Head, record: &Record) -> Self {
        let class = judged.of(head, record);
        Self {
            stream_key: class.as_ref().map(|class| class.stream.to_owned()),
            stream_class: class.as_ref().map(|class| class.class.as_str()),
            class_confidence: class.as_ref().map(|class| class.confidence.as_str()),
            ..self
        }
    }
}

fn word<T: Word>(coded: Option<&Coded<T>>) -> Option<&'static str> {
    coded.map(|coded| coded.value().as_str())
}

fn raw<T: Word>(coded: Option<&Coded<T>>) -> Option<String> {
    coded.and_then(Coded::differing).map(str::to_owned)
}

fn name(written: Option<&str>) -> Option<String> {
    written.map(|text| domain(text).0.into_owned())
}

/// A domain as lower-case A-labels, and the text as written where it differs. A text that is no
/// domain name stands as it was written.
pub(super) fn domain(text: &str) -> (Cow<'_, str>, Option<&str>) {
    if is_plain(text) {
        return (Cow::Borrowed(text), None);
    }
    match DomainName::parse(text) {
        Ok(name) if name.as_str() == text => (Cow::Borrowed(text), None),
        Ok(name) => (Cow::Owned(name.as_str().to_owned()), Some(text)),
        Err(_) => (Cow::Borrowed(text), None),
    }
}

/// A report's identifier without the angle brackets that some reporters write around it.
pub(super) fn report_id(text: &str) -> &str {
    text.strip_prefix('<').and_then(|text| text.strip_suffix('>')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_holds_what_the_record_says_and_how_it_was_written() {
        let record = Record { ordinal: 3, ..Record::default() };
        let row = RowView::new("key", &Head::default(), &record);
        assert_eq!((row.record_ordinal, row.count, row.dmarc_pass), (3, None, None));
        assert_eq!(domain("Example.COM."), (Cow::Borrowed("example.com"), Some("Example.COM.")));
        assert_eq!(domain("not a name!"), (Cow::Borrowed("not a name!"), None));
        assert_eq!(report_id("<a@b>"), "a@b");
        assert_eq!(report_id("<a@b"), "<a@b");
    }
}
