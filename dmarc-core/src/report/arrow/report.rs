//! What a whole report says, kept once and repeated for each of its records.

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::{
    BooleanBuilder, Int16Builder, Int64Builder, StringBuilder, TimestampMicrosecondBuilder,
};

use super::values;
use crate::report::aggregate::{Coded, Head, Record, Testing, Timestamp, Word};

/// The columns of a report.
#[derive(Clone, Debug, Default)]
pub(super) struct ReportValues {
    report_key: String,
    /// `reporter_org`, `reporter_domain`, `report_id`.
    reporter: [Option<String>; 3],
    begin: Option<i64>,
    end: Option<i64>,
    /// `schema` and the policy as far as it is text.
    texts: [Option<String>; 9],
    pct: Option<i16>,
    testing: Option<bool>,
    /// Where the policy was found, as streams know it.
    #[cfg(feature = "container")]
    policy_domain: String,
}

impl ReportValues {
    #[cfg(feature = "container")]
    pub(super) fn policy_domain(&self) -> &str {
        &self.policy_domain
    }

    pub(super) fn new(report_key: &str, head: &Head) -> Self {
        let metadata = head.metadata.as_ref();
        let policy = head.policy.as_ref();
        let time = |time: Option<&Timestamp>| Some(time?.time?.0);
        Self {
            report_key: report_key.to_owned(),
            reporter: [
                metadata.and_then(|metadata| metadata.org_name.clone()),
                metadata.and_then(|metadata| values::address_domain(metadata.email.as_deref()?)),
                metadata
                    .and_then(|metadata| Some(values::report_id(metadata.report_id.as_deref()?).to_owned())),
            ],
            begin: time(metadata.and_then(|metadata| metadata.begin.as_ref())),
            end: time(metadata.and_then(|metadata| metadata.end.as_ref())),
            texts: [
                Some(head.schema.as_str().to_owned()),
                policy.and_then(|policy| Some(values::domain(policy.domain.as_deref()?).0.into_owned())),
                policy.and_then(|policy| word(policy.p.as_ref())),
                policy.and_then(|policy| word(policy.sp.as_ref())),
                policy.and_then(|policy| word(policy.np.as_ref())),
                policy.and_then(|policy| word(policy.adkim.as_ref())),
                policy.and_then(|policy| word(policy.aspf.as_ref())),
                policy.and_then(|policy| policy.fo.clone()),
                policy.and_then(|policy| word(policy.discovery_method.as_ref())),
            ],
            pct: policy.and_then(|policy| policy.pct.as_ref()?.value).map(i16::from),
            testing: policy.and_then(|policy| match policy.testing.as_ref()?.value() {
                Testing::Yes => Some(true),
                Testing::No => Some(false),
                Testing::Unknown => None,
            }),
            #[cfg(feature = "container")]
            policy_domain: crate::report::batch::normalized(
                policy.and_then(|policy| policy.domain.as_deref()).unwrap_or_default(),
            ),
        }
    }

    /// Octets of text that each row of the report repeats.
    pub(super) fn octets(&self) -> usize {
        let texts = self.reporter.iter().chain(&self.texts).flatten();
        texts.map(String::len).sum::<usize>() + self.report_key.len()
    }
}

fn word<T: Word>(coded: Option<&Coded<T>>) -> Option<String> {
    coded.map(|coded| coded.value().as_str().to_owned())
}

/// Seconds as microseconds; `None` for a time that they cannot express.
fn microseconds(seconds: i64) -> Option<i64> {
    seconds.checked_mul(1_000_000)
}

/// `report_key`, and the columns of the report behind `record_ordinal`, each value as often as its
/// report has rows.
pub(super) fn columns<'a>(
    reports: impl Iterator<Item = (&'a ReportValues, usize)>,
) -> (ArrayRef, Vec<ArrayRef>) {
    let mut report_key = StringBuilder::new();
    let mut reporter: [StringBuilder; 3] = Default::default();
    let (mut begin, mut end) = (TimestampMicrosecondBuilder::new(), TimestampMicrosecondBuilder::new());
    let mut span_seconds = Int64Builder::new();
    let mut texts: [StringBuilder; 9] = Default::default();
    let mut pct = Int16Builder::new();
    let mut testing = BooleanBuilder::new();
    for (report, rows) in reports {
        let span = report.begin.zip(report.end).and_then(|(begin, end)| end.checked_sub(begin));
        for _ in 0..rows {
            report_key.append_value(&report.report_key);
            for (column, text) in reporter.iter_mut().zip(&report.reporter) {
                column.append_option(text.as_deref());
            }
            begin.append_option(report.begin.and_then(microseconds));
            end.append_option(report.end.and_then(microseconds));
            span_seconds.append_option(span);
            for (column, text) in texts.iter_mut().zip(&report.texts) {
                column.append_option(text.as_deref());
            }
            pct.append_option(report.pct);
            testing.append_option(report.testing);
        }
    }
    let mut columns: Vec<ArrayRef> = Vec::new();
    columns.extend(reporter.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef));
    columns.push(Arc::new(begin.finish().with_timezone("UTC")));
    columns.push(Arc::new(end.finish().with_timezone("UTC")));
    columns.push(Arc::new(span_seconds.finish()));
    columns.extend(texts.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef));
    columns.push(Arc::new(pct.finish()));
    columns.push(Arc::new(testing.finish()));
    (Arc::new(report_key.finish()), columns)
}

/// Octets of text that a record brings, about; normalized forms count with what they came from.
pub(super) fn octets(record: &Record) -> usize {
    let len = |text: Option<&str>| text.map_or(0, str::len);
    let mut octets = 0;
    if let Some(names) = &record.identifiers {
        let names = [&names.header_from, &names.envelope_from, &names.envelope_to];
        octets += names.into_iter().map(|name| 2 * len(name.as_deref())).sum::<usize>();
    }
    if let Some(evaluated) = &record.policy_evaluated {
        for reason in &evaluated.reasons {
            let raw = reason.reason_type.as_ref().map(Coded::raw);
            octets += len(reason.comment.as_deref()) + len(reason.lang.as_deref()) + len(raw);
        }
        let raw = [
            evaluated.disposition.as_ref().map(Coded::raw),
            evaluated.dkim.as_ref().map(Coded::raw),
            evaluated.spf.as_ref().map(Coded::raw),
        ];
        octets += raw.into_iter().map(len).sum::<usize>();
    }
    if let Some(results) = &record.auth_results {
        for result in &results.dkim {
            let texts = [&result.domain, &result.selector, &result.human_result];
            octets += texts.into_iter().map(|text| 3 * len(text.as_deref())).sum::<usize>();
            octets += len(result.result.as_ref().map(Coded::raw));
        }
        for result in &results.spf {
            let texts = [&result.domain, &result.human_result];
            octets += texts.into_iter().map(|text| 3 * len(text.as_deref())).sum::<usize>();
            octets += len(result.result.as_ref().map(Coded::raw));
        }
    }
    octets
        + len(record.count.as_ref().and_then(|count| count.raw.as_deref()))
        + len(record.source_ip.as_ref().and_then(|source| source.differing()))
}
