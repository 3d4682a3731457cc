"""The table of records, as other libraries read it."""

import datetime
import ipaddress

import duckdb
import pandas
import polars
import pyarrow
import pytest
from sample import REASON, record, report

import dmarc_py

# One row per column: name and Arrow type, in the order that readers may rely on.
COLUMNS = {
    "report_key": "string",
    "record_ordinal": "int32",
    "reporter_org": "string",
    "reporter_domain": "string",
    "report_id": "string",
    "begin": "timestamp[us, tz=UTC]",
    "end": "timestamp[us, tz=UTC]",
    "span_seconds": "int64",
    "schema": "string",
    "policy_domain": "string",
    "policy_p": "string",
    "policy_sp": "string",
    "policy_np": "string",
    "policy_adkim": "string",
    "policy_aspf": "string",
    "policy_fo": "string",
    "policy_discovery": "string",
    "policy_pct": "int16",
    "policy_testing": "bool",
    "source_ip": "string",
    "source_ip_raw": "string",
    "source_prefix": "string",
    "source_ip_bytes": "binary",
    "ip_version": "int8",
    "count": "int64",
    "count_raw": "string",
    "disposition": "string",
    "disposition_raw": "string",
    "dkim_verdict": "string",
    "dkim_verdict_raw": "string",
    "spf_verdict": "string",
    "spf_verdict_raw": "string",
    "dmarc_pass": "bool",
    "header_from": "string",
    "header_from_raw": "string",
    "envelope_from": "string",
    "envelope_to": "string",
    "header_from_org": "string",
    "is_subdomain": "bool",
    "dkim_aligned_calc": "bool",
    "spf_aligned_calc": "bool",
    "verdict_consistent": "bool",
    "dkim_best_domain": "string",
    "dkim_best_selector": "string",
    "dkim_best_result": "string",
    "spf_domain": "string",
    "spf_scope": "string",
    "spf_result": "string",
    "dkim": "list<item: struct<domain: string, domain_raw: string, selector: string, result: string, "
    "result_raw: string, human_result: string, aligned: bool>> not null",
    "spf": "list<item: struct<domain: string, domain_raw: string, scope: string, result: string, "
    "result_raw: string, human_result: string, aligned: bool>> not null",
    "reasons": "list<item: struct<type: string, type_raw: string, comment: string, lang: string>> not null",
    "arc_result": "string",
    "arc_domain": "string",
    "finding_codes": "list<item: string> not null",
    "stream_key": "string",
    "stream_class": "string",
    "class_confidence": "string",
}

MANY = 10_000


@pytest.fixture(scope="module")
def table() -> dmarc_py.Table:
    reports = (report((record(n) for n in range(MANY // 4)), report_id=f"r-{i}") for i in range(4))
    return dmarc_py.read_reports(reports).records


def row(*records: str) -> dict:
    """The first row of a report of these records."""
    return pyarrow.table(dmarc_py.read_reports(report(records)).records).to_pylist()[0]


def test_columns_keep_their_names_types_and_order(table: dmarc_py.Table) -> None:
    schema = pyarrow.schema(table)
    described = {
        field.name: f"{field.type}{'' if field.nullable or field.name in ('report_key', 'record_ordinal') else ' not null'}"
        for field in schema
    }
    assert list(described.items()) == list(COLUMNS.items())
    assert table.column_names == list(COLUMNS)
    assert not schema.field("report_key").nullable and not schema.field("record_ordinal").nullable


def test_the_schema_says_what_it_is(table: dmarc_py.Table) -> None:
    expected = {
        b"schema_name": b"dmarc-core/records",
        b"schema_version": b"1",
        b"crate_version": dmarc_py.__version__.encode(),
    }
    assert pyarrow.schema(table).metadata == expected
    assert pyarrow.table(table).schema.metadata == expected


def test_all_four_libraries_read_the_same_sums(table: dmarc_py.Table) -> None:
    expected = (MANY, 4 * sum(range(MANY // 4)))
    table_of_records = table  # DuckDB finds it by its name
    arrow = pyarrow.table(table)
    assert (arrow.num_rows, sum(arrow.column("count").to_pylist())) == expected
    frame = pandas.DataFrame.from_arrow(table)
    assert (len(frame), int(frame["count"].sum())) == expected
    polar = polars.DataFrame(table)
    assert (polar.height, polar["count"].sum()) == expected
    assert duckdb.sql('SELECT count(*), sum("count") FROM table_of_records').fetchall() == [expected]
    assert len(table) == MANY, "and it can be read again"


def test_groups_are_the_same_in_all_four_libraries() -> None:
    records = [record(n, source_ip=f"192.0.2.{n % 3}", spf="pass" if n % 2 else "fail") for n in range(12)]
    table = table_of_records = dmarc_py.read_reports(report(records)).records
    expected = {(f"192.0.2.{ip}", spf): 0 for ip in range(3) for spf in ("pass", "fail")}
    for n in range(12):
        expected[f"192.0.2.{n % 3}", "pass" if n % 2 else "fail"] += n
    keys = ["source_ip", "spf_verdict"]

    frame = pandas.DataFrame.from_arrow(table).groupby(keys)["count"].sum()
    assert frame.to_dict() == expected
    polar = polars.DataFrame(table).group_by(keys).agg(polars.col("count").sum())
    assert {(ip, spf): n for ip, spf, n in polar.iter_rows()} == expected
    query = 'SELECT source_ip, spf_verdict, sum("count") FROM table_of_records GROUP BY ALL'
    rows = duckdb.sql(query).fetchall()
    assert {(ip, spf): n for ip, spf, n in rows} == expected
    arrow = pyarrow.table(table).group_by(keys).aggregate([("count", "sum")]).to_pylist()
    assert {(one["source_ip"], one["spf_verdict"]): one["count_sum"] for one in arrow} == expected


def test_rows_come_in_batches(table: dmarc_py.Table) -> None:
    reader = pyarrow.RecordBatchReader.from_stream(table)
    sizes = [batch.num_rows for batch in reader]
    assert len(sizes) > 1 and sum(sizes) == MANY and max(sizes) <= 8192


def test_two_readers_do_not_disturb_each_other(table: dmarc_py.Table) -> None:
    one, other = (pyarrow.RecordBatchReader.from_stream(table) for _ in range(2))
    first = one.read_next_batch()
    assert other.read_next_batch().equals(first)
    assert one.read_all().num_rows == MANY - first.num_rows


def test_a_reader_may_ask_for_other_types(table: dmarc_py.Table) -> None:
    wanted = pyarrow.schema(
        [pyarrow.field(f.name, pyarrow.large_string() if f.type == pyarrow.string() else f.type) for f in pyarrow.schema(table)]
    )
    reader = pyarrow.RecordBatchReader.from_stream(table, schema=wanted)
    assert reader.schema.field("report_key").type == pyarrow.large_string()
    assert reader.read_all().num_rows == MANY


def test_a_table_without_rows_has_its_columns() -> None:
    table = dmarc_py.read_reports([]).records
    assert len(table) == 0 and pyarrow.table(table).column_names == list(COLUMNS)
    assert polars.DataFrame(table).columns == list(COLUMNS)
    assert len(pandas.DataFrame.from_arrow(table)) == 0


def test_what_a_row_says() -> None:
    found = row(record(3, source_ip="2001:DB8::1", header_from="Mail.Example.com", reason=REASON))
    utc = datetime.timezone.utc
    assert found["reporter_org"] == "Reporter Inc." and found["reporter_domain"] == "reporter.example"
    assert found["report_id"] == "r-1" and len(found["report_key"]) == 32
    assert found["begin"] == datetime.datetime(2023, 11, 15, tzinfo=utc)
    assert found["span_seconds"] == 86_399
    assert (found["policy_domain"], found["policy_p"], found["policy_sp"]) == ("example.com", "none", "reject")
    assert (found["policy_adkim"], found["policy_aspf"], found["policy_pct"]) == ("s", None, 100)
    assert (found["source_ip"], found["source_ip_raw"]) == ("2001:db8::1", "2001:DB8::1")
    assert (found["source_prefix"], found["ip_version"]) == ("2001:db8::/48", 6)
    assert found["source_ip_bytes"] == ipaddress.ip_address("2001:db8::1").packed
    assert (found["count"], found["count_raw"], found["dmarc_pass"]) == (3, None, True)
    assert (found["header_from"], found["header_from_raw"]) == ("mail.example.com", "Mail.Example.com")
    assert (found["envelope_from"], found["envelope_to"]) == ("", None)
    assert found["is_subdomain"] is True
    assert (found["arc_result"], found["arc_domain"]) == ("pass", "d2.example")
    assert found["reasons"][0]["type"] == "other"


def test_an_ipv4_address_has_its_mapped_octets() -> None:
    assert row(record())["source_ip_bytes"] == ipaddress.ip_address("::ffff:192.0.2.1").packed
    assert row(record())["ip_version"] == 4


def test_every_result_is_kept_and_the_best_is_named() -> None:
    found = row(record())
    assert [(one["domain"], one["aligned"]) for one in found["dkim"]] == [("other.example", False), ("example.com", True)]
    assert (found["dkim_best_domain"], found["dkim_best_selector"]) == ("example.com", "s1")
    assert [(one["scope"], one["result"], one["result_raw"]) for one in found["spf"]] == [
        ("helo", "fail", "hardfail"),
        ("mfrom", "pass", None),
    ]
    assert (found["spf_scope"], found["spf_result"]) == ("mfrom", "pass")


def test_what_is_not_understood_is_unknown_and_what_is_absent_is_null() -> None:
    found = row(record("many", source_ip="somewhere", spf="maybe"))
    assert (found["count"], found["count_raw"]) == (None, "many")
    assert (found["source_ip"], found["source_ip_raw"], found["source_ip_bytes"]) == (None, "somewhere", None)
    assert (found["spf_verdict"], found["spf_verdict_raw"]) == ("unknown", "maybe")
    assert found["finding_codes"]
    bare = row("<record/>")
    assert bare["record_ordinal"] == 0 and bare["dkim"] == [] and bare["reasons"] == []
    judged = {"stream_key", "stream_class", "class_confidence"}
    assert bare["stream_class"] == "unknown"
    absent = set(bare) - judged - {"finding_codes", "dkim", "spf", "reasons", "record_ordinal"}
    of_the_record = {name for name in absent if list(COLUMNS).index(name) > list(COLUMNS).index("policy_testing")}
    assert {name: bare[name] for name in of_the_record} == dict.fromkeys(of_the_record)


def test_the_sum_of_the_table_is_the_total_of_the_batch() -> None:
    batch = dmarc_py.read_reports([("a", report([record(3)])), ("b", report([record(3)]))])
    assert polars.DataFrame(batch.records)["count"].sum() == batch.totals["messages_out"] == 6
    once = polars.DataFrame(batch.records).unique(["report_key", "record_ordinal"])
    assert once["count"].sum() == batch.totals["messages_out"] - batch.totals["messages_duplicate"]
