//! Names and types of the columns, which are stable.
//!
//! Signed integers, plain `utf8` and `timestamp[us, UTC]` only: Spark takes no unsigned integers,
//! nanoseconds or dictionaries.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};

/// Name of the table, in the metadata of its schema.
pub(super) const NAME: &str = "dmarc-core/records";
/// Version of the table, in the metadata of its schema.
pub(super) const VERSION: &str = "1";

/// Columns that say the same for every record of a report. They stand behind the first column of
/// a record, `record_ordinal`; `report_key` stands before it.
pub(super) fn of_the_report() -> Vec<Field> {
    let mut fields = texts(&["reporter_org", "reporter_domain", "report_id"]);
    fields.extend([time("begin"), time("end"), nullable("span_seconds", DataType::Int64)]);
    fields.extend(texts(&[
        "schema",
        "policy_domain",
        "policy_p",
        "policy_sp",
        "policy_np",
        "policy_adkim",
        "policy_aspf",
        "policy_fo",
        "policy_discovery",
    ]));
    fields.extend([nullable("policy_pct", DataType::Int16), nullable("policy_testing", DataType::Boolean)]);
    fields
}

/// Columns of one record, without `record_ordinal`.
pub(super) fn of_the_record() -> Vec<Field> {
    let mut fields = texts(&["source_ip", "source_ip_raw", "source_prefix"]);
    fields.extend([
        nullable("source_ip_bytes", DataType::Binary),
        nullable("ip_version", DataType::Int8),
        nullable("count", DataType::Int64),
    ]);
    fields.extend(texts(&[
        "count_raw",
        "disposition",
        "disposition_raw",
        "dkim_verdict",
        "dkim_verdict_raw",
        "spf_verdict",
        "spf_verdict_raw",
    ]));
    fields.push(nullable("dmarc_pass", DataType::Boolean));
    fields.extend(texts(&["header_from", "header_from_raw", "envelope_from", "envelope_to"]));
    fields.push(nullable("header_from_org", DataType::Utf8));
    fields.extend(
        ["is_subdomain", "dkim_aligned_calc", "spf_aligned_calc", "verdict_consistent"]
            .map(|name| nullable(name, DataType::Boolean)),
    );
    fields.extend(texts(&[
        "dkim_best_domain",
        "dkim_best_selector",
        "dkim_best_result",
        "spf_domain",
        "spf_scope",
        "spf_result",
    ]));
    fields.extend([
        list("dkim", DataType::Struct(dkim())),
        list("spf", DataType::Struct(spf())),
        list("reasons", DataType::Struct(reasons())),
    ]);
    fields.extend(texts(&["arc_result", "arc_domain"]));
    fields.push(list("finding_codes", DataType::Utf8));
    #[cfg(feature = "container")]
    fields.extend(texts(&super::classes::COLUMNS));
    fields
}

/// One DKIM result.
pub(super) fn dkim() -> Fields {
    static DKIM: LazyLock<Fields> = LazyLock::new(|| {
        result_of(&["domain", "domain_raw", "selector", "result", "result_raw", "human_result"])
    });
    DKIM.clone()
}

/// One SPF result.
pub(super) fn spf() -> Fields {
    static SPF: LazyLock<Fields> = LazyLock::new(|| {
        result_of(&["domain", "domain_raw", "scope", "result", "result_raw", "human_result"])
    });
    SPF.clone()
}

/// One reason.
pub(super) fn reasons() -> Fields {
    static REASONS: LazyLock<Fields> =
        LazyLock::new(|| texts(&["type", "type_raw", "comment", "lang"]).into());
    REASONS.clone()
}

/// The whole table, with its name, its version and the version of this crate as metadata.
pub(super) fn records() -> SchemaRef {
    // A table may be put together from many small ones.
    static RECORDS: LazyLock<SchemaRef> = LazyLock::new(whole);
    Arc::clone(&RECORDS)
}

fn whole() -> SchemaRef {
    let mut fields = vec![
        Field::new("report_key", DataType::Utf8, false),
        Field::new("record_ordinal", DataType::Int32, false),
    ];
    fields.extend(of_the_report());
    fields.extend(of_the_record());
    let metadata =
        [("schema_name", NAME), ("schema_version", VERSION), ("crate_version", env!("CARGO_PKG_VERSION"))];
    let metadata: HashMap<_, _> =
        metadata.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    Arc::new(Schema::new(fields).with_metadata(metadata))
}

fn result_of(names: &[&str]) -> Fields {
    let mut fields = texts(names);
    fields.push(nullable("aligned", DataType::Boolean));
    fields.into()
}

fn texts(names: &[&str]) -> Vec<Field> {
    names.iter().map(|name| nullable(name, DataType::Utf8)).collect()
}

pub(super) fn nullable(name: &str, data_type: DataType) -> Field {
    Field::new(name, data_type, true)
}

pub(super) fn time(name: &str) -> Field {
    nullable(name, DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())))
}

/// A list that is never null: a record without results has an empty one.
pub(super) fn list(name: &str, item: DataType) -> Field {
    Field::new(name, DataType::List(Arc::new(Field::new("item", item, true))), false)
}
