//! Reports, findings, extensions, failure reports and reports on TLS as tables: a row for each.
//!
//! Each function gives its rows in batches of a bounded size; the schema is the same for every call.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::{
    BinaryBuilder, BooleanBuilder, Int16Builder, Int32Builder, Int64Builder, ListBuilder, StringBuilder,
    TimestampMicrosecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};

use super::schema::{list, nullable, time};
use super::{OCTETS, ROWS, values};
use crate::diagnostics::Catalog;
use crate::report::aggregate::SourceIp;
use crate::report::batch::{Batch, Entry, FailureEntry, FindingRow, ReportRow, TlsEntry};

/// A table under construction: its columns, in order.
#[derive(Default)]
struct Columns {
    fields: Vec<Field>,
    arrays: Vec<ArrayRef>,
}

impl Columns {
    fn keys<'a>(&mut self, keys: impl Iterator<Item = &'a str>) {
        self.demanded("key", keys);
    }

    fn demanded<'a>(&mut self, name: &str, texts: impl Iterator<Item = &'a str>) {
        let mut column = StringBuilder::new();
        texts.for_each(|text| column.append_value(text));
        self.fields.push(Field::new(name, DataType::Utf8, false));
        self.arrays.push(Arc::new(column.finish()));
    }

    fn ordinals(&mut self, name: &str, ordinals: impl Iterator<Item = u64>) {
        let mut column = Int32Builder::new();
        ordinals.for_each(|ordinal| column.append_value(i32::try_from(ordinal).unwrap_or(i32::MAX)));
        self.fields.push(Field::new(name, DataType::Int32, false));
        self.arrays.push(Arc::new(column.finish()));
    }

    fn ordinals_or_null(&mut self, name: &str, ordinals: impl Iterator<Item = Option<u64>>) {
        let mut column = Int32Builder::new();
        let number = |ordinal: u64| i32::try_from(ordinal).unwrap_or(i32::MAX);
        ordinals.for_each(|ordinal| column.append_option(ordinal.map(number)));
        self.fields.push(nullable(name, DataType::Int32));
        self.arrays.push(Arc::new(column.finish()));
    }

    fn texts<T: AsRef<str>>(&mut self, name: &str, texts: impl Iterator<Item = Option<T>>) {
        let mut column = StringBuilder::new();
        texts.for_each(|text| column.append_option(text));
        self.fields.push(nullable(name, DataType::Utf8));
        self.arrays.push(Arc::new(column.finish()));
    }

    fn lists<T: AsRef<str>>(&mut self, name: &str, lists: impl Iterator<Item = Option<Vec<T>>>) {
        let mut column = ListBuilder::new(StringBuilder::new());
        for list in lists {
            let is_there = list.is_some();
            list.into_iter().flatten().for_each(|text| column.values().append_value(text));
            column.append(is_there);
        }
        self.fields.push(list(name, DataType::Utf8).with_nullable(true));
        self.arrays.push(Arc::new(column.finish()));
    }

    fn numbers(&mut self, name: &str, numbers: impl Iterator<Item = Option<u64>>) {
        let mut column = Int64Builder::new();
        numbers.for_each(|number| column.append_option(number.and_then(|number| i64::try_from(number).ok())));
        self.fields.push(nullable(name, DataType::Int64));
        self.arrays.push(Arc::new(column.finish()));
    }

    fn flags(&mut self, name: &str, flags: impl Iterator<Item = Option<bool>>) {
        let mut column = BooleanBuilder::new();
        flags.for_each(|flag| column.append_option(flag));
        self.fields.push(nullable(name, DataType::Boolean));
        self.arrays.push(Arc::new(column.finish()));
    }

    fn ports(&mut self, name: &str, ports: impl Iterator<Item = Option<u16>>) {
        let mut column = Int32Builder::new();
        ports.for_each(|port| column.append_option(port.map(i32::from)));
        self.fields.push(nullable(name, DataType::Int32));
        self.arrays.push(Arc::new(column.finish()));
    }

    fn percentages(&mut self, name: &str, percentages: impl Iterator<Item = Option<u8>>) {
        let mut column = Int16Builder::new();
        percentages.for_each(|number| column.append_option(number.map(i16::from)));
        self.fields.push(nullable(name, DataType::Int16));
        self.arrays.push(Arc::new(column.finish()));
    }

    fn times(&mut self, name: &str, times: impl Iterator<Item = Option<i64>>) {
        let mut column = TimestampMicrosecondBuilder::new().with_timezone("UTC");
        times.for_each(|time| column.append_option(time.and_then(|time| time.checked_mul(1_000_000))));
        self.fields.push(time(name));
        self.arrays.push(Arc::new(column.finish()));
    }

    fn addresses<'a>(&mut self, name: &str, ips: impl Iterator<Item = Option<&'a SourceIp>>) {
        let mut column = BinaryBuilder::new();
        ips.for_each(|ip| column.append_option(ip.and_then(SourceIp::address).map(values::address_octets)));
        self.fields.push(nullable(name, DataType::Binary));
        self.arrays.push(Arc::new(column.finish()));
    }

    fn finish(self, name: &str) -> Result<RecordBatch, ArrowError> {
        let metadata =
            [("schema_name", name), ("schema_version", "1"), ("crate_version", env!("CARGO_PKG_VERSION"))];
        let metadata: HashMap<_, _> =
            metadata.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        let schema: SchemaRef = Arc::new(Schema::new(self.fields).with_metadata(metadata));
        RecordBatch::try_new(schema, self.arrays)
    }
}

/// Groups of reports that make a batch each; one empty group, so that a table without rows has its columns.
fn groups<T>(entries: &[T], held: impl Fn(&T) -> (usize, u64)) -> Vec<&[T]> {
    let (mut groups, mut from, mut rows, mut octets) = (Vec::new(), 0, 0, 0);
    for (index, entry) in entries.iter().enumerate() {
        let (more_rows, more_octets) = held(entry);
        let more_octets = usize::try_from(more_octets).unwrap_or(usize::MAX);
        if index > from && (rows + more_rows > ROWS || octets + more_octets > OCTETS) {
            groups.push(entries.get(from..index).unwrap_or_default());
            (from, rows, octets) = (index, 0, 0);
        }
        rows += more_rows;
        octets = octets.saturating_add(more_octets);
    }
    groups.push(entries.get(from..).unwrap_or_default());
    groups
}

/// One row per aggregate report.
///
/// # Errors
/// [`ArrowError`] if the columns do not make a batch.
pub fn reports(entries: &[Entry]) -> Result<Vec<RecordBatch>, ArrowError> {
    let batch = |entries: &[Entry]| {
        let reports: Vec<ReportRow> = entries.iter().map(ReportRow::new).collect();
        let rows = || reports.iter();
        let mut columns = Columns::default();
        columns.demanded("report_key", rows().map(|row| row.report_key.as_str()));
        columns.texts("xml_digest", rows().map(|row| row.xml_digest.as_ref()));
        columns.texts("org_name", rows().map(|row| row.org_name.as_ref()));
        columns.texts("email", rows().map(|row| row.email.as_ref()));
        columns.lists("extra_contact_info", rows().map(|row| Some(row.extra_contact_info.clone())));
        columns.texts("report_id", rows().map(|row| row.report_id.as_ref()));
        columns.times("begin", rows().map(|row| row.begin));
        columns.times("end", rows().map(|row| row.end));
        columns.texts("version", rows().map(|row| row.version.as_ref()));
        columns.texts("namespace", rows().map(|row| row.namespace.as_ref()));
        columns.texts("generator", rows().map(|row| row.generator.as_ref()));
        columns.lists("errors", rows().map(|row| Some(row.errors.clone())));
        columns.texts("schema", rows().map(|row| Some(row.schema.as_str())));
        columns.texts("policy_domain", rows().map(|row| row.policy_domain.as_ref()));
        columns.texts("policy_p", rows().map(|row| row.policy_p));
        columns.texts("policy_sp", rows().map(|row| row.policy_sp));
        columns.texts("policy_np", rows().map(|row| row.policy_np));
        columns.texts("policy_adkim", rows().map(|row| row.policy_adkim));
        columns.texts("policy_aspf", rows().map(|row| row.policy_aspf));
        columns.texts("policy_fo", rows().map(|row| row.policy_fo.as_ref()));
        columns.texts("policy_discovery", rows().map(|row| row.policy_discovery));
        columns.percentages("policy_pct", rows().map(|row| row.policy_pct));
        columns.flags("policy_testing", rows().map(|row| row.policy_testing));
        columns.numbers("record_count", rows().map(|row| Some(row.record_count)));
        columns.numbers("message_count", rows().map(|row| Some(row.message_count)));
        columns.numbers("skipped_records", rows().map(|row| Some(row.skipped_records)));
        columns.texts("duplicate_of", rows().map(|row| row.duplicate_of.as_ref()));
        columns.texts("container_path", rows().map(|row| Some(row.container_path.as_str())));
        columns.numbers("bytes", rows().map(|row| Some(row.bytes)));
        columns.flags("complete", rows().map(|row| Some(row.complete)));
        columns.finish("dmarc-core/reports")
    };
    groups(entries, |entry| (1, entry.held())).into_iter().map(batch).collect()
}

/// One row per finding that was kept, with the sentences of `catalog`.
///
/// # Errors
/// [`ArrowError`] if the columns do not make a batch.
pub fn findings(batch: &Batch, catalog: &Catalog) -> Result<Vec<RecordBatch>, ArrowError> {
    let found: Vec<FindingRow> = batch.findings().map(|placed| FindingRow::new(&placed, catalog)).collect();
    let batch = |found: &[FindingRow]| {
        let rows = || found.iter();
        let mut columns = Columns::default();
        columns.demanded("report_key", rows().map(|row| row.report_key.as_str()));
        columns.ordinals_or_null("record_ordinal", rows().map(|row| row.record_ordinal));
        columns.demanded("code", rows().map(|row| row.code));
        columns.demanded("severity", rows().map(|row| row.severity.as_str()));
        columns.texts("path", rows().map(|row| row.path.as_ref()));
        columns.ordinals_or_null("line", rows().map(|row| row.line));
        columns.ordinals_or_null("column", rows().map(|row| row.column));
        columns.texts("raw", rows().map(|row| row.raw.as_ref()));
        columns.demanded("message", rows().map(|row| row.message.as_str()));
        columns.demanded("container_path", rows().map(|row| row.container_path.as_str()));
        columns.finish("dmarc-core/findings")
    };
    let held = |row: &FindingRow| (1, (row.message.len() + row.container_path.len() + 200) as u64);
    groups(&found, held).into_iter().map(batch).collect()
}

/// One row per extension of each aggregate report and of its records.
///
/// # Errors
/// [`ArrowError`] if the columns do not make a batch.
pub fn extensions(entries: &[Entry]) -> Result<Vec<RecordBatch>, ArrowError> {
    let batch = |entries: &[Entry]| {
        let rows = || entries.iter().flat_map(|entry| entry.extensions.iter().map(move |one| (entry, one)));
        let mut columns = Columns::default();
        columns.demanded("report_key", rows().map(|(entry, _)| entry.report_key.as_str()));
        columns.ordinals_or_null("record_ordinal", rows().map(|(_, placed)| placed.record_ordinal));
        columns.texts("namespace", rows().map(|(_, placed)| placed.extension.namespace.as_ref()));
        columns.demanded("name", rows().map(|(_, placed)| placed.extension.name.as_str()));
        columns.demanded("xml", rows().map(|(_, placed)| placed.extension.xml.as_str()));
        columns.finish("dmarc-core/extensions")
    };
    let held = |entry: &Entry| {
        (entry.extensions.len(), entry.extensions.iter().map(|placed| placed.extension.held()).sum())
    };
    groups(entries, held).into_iter().map(batch).collect()
}

/// One row per failure report.
///
/// # Errors
/// [`ArrowError`] if the columns do not make a batch.
pub fn failure_reports(entries: &[FailureEntry]) -> Result<Vec<RecordBatch>, ArrowError> {
    let batch = |entries: &[FailureEntry]| {
        let views: Vec<_> = entries.iter().map(|entry| entry.report.view()).collect();
        let mut columns = Columns::default();
        columns.keys(entries.iter().map(|entry| entry.key.as_str()));
        columns.times("arrival", views.iter().map(|view| view.arrival));
        columns.texts("feedback_type", views.iter().map(|view| view.feedback_type));
        columns.texts("feedback_type_raw", views.iter().map(|view| view.feedback_type_raw.as_ref()));
        columns.lists("auth_failure", views.iter().map(|view| Some(view.auth_failure.clone())));
        columns.lists("auth_failure_raw", views.iter().map(|view| view.auth_failure_raw.clone()));
        columns.lists("reported_domain", views.iter().map(|view| Some(view.reported_domain.clone())));
        columns.texts("source_ip", views.iter().map(|view| view.source_ip.as_ref()));
        columns.texts("source_ip_raw", views.iter().map(|view| view.source_ip_raw.as_ref()));
        columns.addresses("source_ip_bytes", entries.iter().map(|entry| entry.report.source_ip.as_ref()));
        columns.texts("original_mail_from", views.iter().map(|view| view.original_mail_from.as_ref()));
        columns.lists("original_rcpt_to", views.iter().map(|view| Some(view.original_rcpt_to.clone())));
        columns.texts("dkim_domain", views.iter().map(|view| view.dkim_domain.as_ref()));
        columns.texts("dkim_identity", views.iter().map(|view| view.dkim_identity.as_ref()));
        columns.texts("dkim_selector", views.iter().map(|view| view.dkim_selector.as_ref()));
        columns.texts("spf_dns", views.iter().map(|view| view.spf_dns.as_ref()));
        columns.texts("delivery_result", views.iter().map(|view| view.delivery_result));
        columns.texts("delivery_result_raw", views.iter().map(|view| view.delivery_result_raw.as_ref()));
        columns.lists("identity_alignment", views.iter().map(|view| view.identity_alignment.clone()));
        columns
            .texts("identity_alignment_standard", views.iter().map(|view| view.identity_alignment_standard));
        columns.lists("alignment_failed", views.iter().map(|view| view.alignment_failed.clone()));
        columns.numbers("incidents", views.iter().map(|view| view.incidents));
        columns.texts("message_id", views.iter().map(|view| view.message_id.as_ref()));
        columns.texts("subject", views.iter().map(|view| view.subject.as_ref()));
        columns.texts("header_from", views.iter().map(|view| view.header_from.as_ref()));
        columns
            .texts("authentication_results", views.iter().map(|view| view.authentication_results.as_ref()));
        columns.texts("sample_kind", views.iter().map(|view| Some(view.sample_kind.as_str())));
        columns.texts("container_path", entries.iter().map(|entry| Some(entry.place())));
        columns.ports("source_port", views.iter().map(|view| view.source_port));
        columns.texts("original_envelope_id", views.iter().map(|view| view.original_envelope_id.as_ref()));
        columns.texts("incidents_raw", views.iter().map(|view| view.incidents_raw.as_ref()));
        columns.texts("user_agent", views.iter().map(|view| view.user_agent.as_ref()));
        columns.texts("reporting_mta", views.iter().map(|view| view.reporting_mta.as_ref()));
        columns.flags("prose", views.iter().map(|view| Some(view.prose)));
        columns.finish("dmarc-core/failure_reports")
    };
    groups(entries, |entry| (1, entry.report.held())).into_iter().map(batch).collect()
}

/// One row per report on TLS.
///
/// # Errors
/// [`ArrowError`] if the columns do not make a batch.
pub fn tls_reports(entries: &[TlsEntry]) -> Result<Vec<RecordBatch>, ArrowError> {
    let batch = |entries: &[TlsEntry]| {
        let reports = || entries.iter().map(|entry| &entry.report);
        let mut columns = Columns::default();
        columns.keys(entries.iter().map(|entry| entry.key.as_str()));
        columns.texts("organization", reports().map(|report| report.organization.as_ref()));
        columns.texts("contact", reports().map(|report| report.contact.as_ref()));
        columns.texts("report_id", reports().map(|report| report.report_id.as_ref()));
        columns.times("begin", reports().map(|report| Some(report.begin.as_ref()?.time?.0)));
        columns.times("end", reports().map(|report| Some(report.end.as_ref()?.time?.0)));
        columns.texts("container_path", entries.iter().map(|entry| Some(entry.place())));
        columns.finish("dmarc-core/tls_reports")
    };
    groups(entries, |entry| (1, entry.report.held())).into_iter().map(batch).collect()
}

/// One row per policy of each report on TLS.
///
/// # Errors
/// [`ArrowError`] if the columns do not make a batch.
pub fn tls_policies(entries: &[TlsEntry]) -> Result<Vec<RecordBatch>, ArrowError> {
    let batch = |entries: &[TlsEntry]| {
        let views: Vec<_> = entries.iter().map(|entry| (entry, entry.report.view())).collect();
        let rows =
            || views.iter().flat_map(|(entry, view)| view.policies.iter().map(move |one| (*entry, one)));
        let mut columns = Columns::default();
        columns.keys(rows().map(|(entry, _)| entry.key.as_str()));
        columns.ordinals("policy_ordinal", rows().map(|(_, policy)| policy.policy_ordinal));
        columns.texts("policy_type", rows().map(|(_, policy)| policy.policy_type));
        columns.texts("policy_type_raw", rows().map(|(_, policy)| policy.policy_type_raw.as_ref()));
        columns.texts("policy_domain", rows().map(|(_, policy)| policy.policy_domain.as_ref()));
        columns.lists("policy_strings", rows().map(|(_, policy)| Some(policy.policy_strings.clone())));
        columns.lists("mx_hosts", rows().map(|(_, policy)| Some(policy.mx_hosts.clone())));
        columns.numbers("success", rows().map(|(_, policy)| policy.success));
        columns.numbers("failure", rows().map(|(_, policy)| policy.failure));
        columns.texts("success_raw", rows().map(|(_, policy)| policy.success_raw.as_ref()));
        columns.texts("failure_raw", rows().map(|(_, policy)| policy.failure_raw.as_ref()));
        columns.finish("dmarc-core/tls_policies")
    };
    let rows = |entry: &TlsEntry| (entry.report.policies.len(), entry.report.held());
    groups(entries, rows).into_iter().map(batch).collect()
}

/// One row per failure of each report on TLS.
///
/// # Errors
/// [`ArrowError`] if the columns do not make a batch.
pub fn tls_failures(entries: &[TlsEntry]) -> Result<Vec<RecordBatch>, ArrowError> {
    let batch = |entries: &[TlsEntry]| {
        let views: Vec<_> = entries.iter().map(|entry| (entry, entry.report.view())).collect();
        let rows = || {
            let policies =
                views.iter().flat_map(|(entry, view)| view.policies.iter().map(move |one| (*entry, one)));
            policies.flat_map(|(entry, policy)| policy.failures.iter().map(move |one| (entry, policy, one)))
        };
        let mut columns = Columns::default();
        columns.keys(rows().map(|(entry, ..)| entry.key.as_str()));
        columns.ordinals("policy_ordinal", rows().map(|(_, policy, _)| policy.policy_ordinal));
        columns.ordinals("failure_ordinal", rows().map(|(.., failure)| failure.failure_ordinal));
        columns.texts("result_type", rows().map(|(.., failure)| failure.result_type));
        columns.texts("result_type_raw", rows().map(|(.., failure)| failure.result_type_raw.as_ref()));
        columns.texts("sending_ip", rows().map(|(.., failure)| failure.sending_ip.as_ref()));
        columns.texts("receiving_host", rows().map(|(.., failure)| failure.receiving_host.as_ref()));
        columns.texts("receiving_ip", rows().map(|(.., failure)| failure.receiving_ip.as_ref()));
        columns.texts("helo", rows().map(|(.., failure)| failure.helo.as_ref()));
        columns.numbers("sessions", rows().map(|(.., failure)| failure.sessions));
        columns.texts("reason_code", rows().map(|(.., failure)| failure.reason_code.as_ref()));
        columns.texts("additional_info", rows().map(|(.., failure)| failure.additional_info.as_ref()));
        columns.texts("sending_ip_raw", rows().map(|(.., failure)| failure.sending_ip_raw.as_ref()));
        columns.texts("receiving_ip_raw", rows().map(|(.., failure)| failure.receiving_ip_raw.as_ref()));
        columns.texts("sessions_raw", rows().map(|(.., failure)| failure.sessions_raw.as_ref()));
        columns.finish("dmarc-core/tls_failures")
    };
    let rows = |entry: &TlsEntry| {
        (entry.report.policies.iter().map(|policy| policy.failures.len()).sum(), entry.report.held())
    };
    groups(entries, rows).into_iter().map(batch).collect()
}
