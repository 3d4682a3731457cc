"""The tables beside that of the records, as other libraries read them."""

import gzip
import hashlib

import duckdb
import pandas
import polars
import pyarrow
import pytest
from sample import REASON, record, report

import dmarc_py

NAMES = ["records", "reports", "dkim_results", "spf_results", "reasons", "findings", "extensions", "failure_reports",
         "tls_reports", "tls_policies", "tls_failures"]
# Column types that Spark takes.
TYPES = {"string", "int16", "int32", "int64", "bool", "binary", "timestamp[us, tz=UTC]", "list<item: string>",
         "list<item: string not null>"}


@pytest.fixture(scope="module")
def batch() -> dmarc_py.Batch:
    records = [record(n, reason=REASON if n % 2 else "") for n in range(10)]
    return dmarc_py.read_reports([("a", report(records)), ("b", report([record("many")], report_id="r-2")), ("c", b"<html/>")])


def test_every_table_is_there_by_its_name_and_says_what_it_is(batch: dmarc_py.Batch) -> None:
    assert list(batch.tables) == NAMES
    for name, table in batch.tables.items():
        read = pyarrow.table(table)
        assert (read.num_rows, read.column_names) == (len(table), table.column_names)
        assert read.schema.metadata[b"schema_name"] == f"dmarc-core/{name}".encode()
        if name != "records":
            assert {str(field.type) for field in read.schema} <= TYPES, name
    empty = dmarc_py.read_reports([])
    assert {name: table.column_names for name, table in empty.tables.items()} == {
        name: table.column_names for name, table in batch.tables.items()
    }
    assert all(len(table) == 0 for table in empty.tables.values())


def test_results_are_the_lists_of_the_records(batch: dmarc_py.Batch) -> None:
    rows = pyarrow.table(batch.records).to_pylist()
    for column, table in (("dkim", batch.dkim_results), ("spf", batch.spf_results), ("reasons", batch.reasons)):
        expected = [
            {"report_key": row["report_key"], "record_ordinal": row["record_ordinal"], "result_ordinal": place, **one}
            for row in rows
            for place, one in enumerate(row[column])
        ]
        assert pyarrow.table(table).to_pylist() == expected and len(table) == len(expected) > 0
        # It can be read again, also with another library.
        assert polars.DataFrame(table).height == len(pandas.DataFrame.from_arrow(table)) == len(expected)


def test_all_libraries_join_results_with_records(batch: dmarc_py.Batch) -> None:
    records, results = batch.records, batch.dkim_results  # DuckDB finds them by their names
    query = "SELECT sum(\"count\") FROM records JOIN results USING (report_key, record_ordinal) WHERE result = 'pass' AND aligned"
    expected = sum(range(10))
    assert duckdb.sql(query).fetchall() == [(expected,)]
    keys = ["report_key", "record_ordinal"]
    polar = polars.DataFrame(records).join(polars.DataFrame(results), on=keys)
    assert polar.filter(polars.col("result").eq("pass") & polars.col("aligned"))["count"].sum() == expected
    frame = pandas.DataFrame.from_arrow(records).merge(pandas.DataFrame.from_arrow(results), on=keys)
    assert frame[frame["result"].eq("pass") & frame["aligned"].eq(True)]["count"].sum() == expected


def test_reports_and_findings_are_rows_and_tables(batch: dmarc_py.Batch) -> None:
    reports = pyarrow.table(batch.reports).to_pylist()
    assert [row["container_path"] for row in reports] == ["a", "b"] == [row["path"] for row in batch.reports]
    assert [row["record_count"] for row in reports] == [10, 1]
    assert sum(row["message_count"] for row in reports) == batch.totals["messages_out"]
    findings = pyarrow.table(batch.diagnostics).to_pylist()
    assert [row["code"] for row in findings] == [found["code"] for found in batch.diagnostics]
    invalid = next(row for row in findings if row["code"] == "report/invalid-count")
    assert (invalid["record_ordinal"], invalid["raw"], invalid["severity"]) == (0, "many", "error")
    assert invalid["line"] and invalid["column"] and "many" in invalid["message"]
    assert batch.reports[:1] == [batch.reports[0]] and batch.reports == list(batch.reports) and batch.reports[-1]["path"] == "b"
    with pytest.raises(IndexError):
        batch.reports[2]


def test_reports_say_what_their_documents_weigh() -> None:
    whole, cut = report([record(1), record(2)]), report([record(1), record(2)], report_id="r-2")[:-200]
    inputs = [("a", whole), ("a.gz", gzip.compress(whole)), ("b", cut)]
    for threads in (1, 2):
        rows = pyarrow.table(dmarc_py.read_reports(inputs, digests=True, threads=threads).reports).to_pylist()
        for row, octets in zip(rows, (whole, whole, cut), strict=True):
            assert row["xml_digest"] == hashlib.sha256(octets).hexdigest()[:32]
            assert row["bytes"] == len(octets)
        assert [(row["record_count"], row["skipped_records"], row["complete"]) for row in rows] == [
            (2, 0, True), (2, 0, True), (1, 1, False),
        ]
    assert pyarrow.table(dmarc_py.read_reports(inputs).reports)["xml_digest"].null_count == 3


def test_records_of_two_roots_in_one_document_keep_to_their_reports() -> None:
    two = report([record(1)]) + report([record(2)], report_id="r-2")
    for threads in (1, 2):
        batch = dmarc_py.read_reports([("a", two), ("b", report([record(3)], report_id="r-3"))], threads=threads)
        rows = pyarrow.table(batch.records).to_pylist()
        assert [(row["report_key"], f"<{row['report_id']}>", row["count"]) for row in rows] == [
            (one["report_key"], one["report_id"], count) for one, count in zip(batch.reports, (1, 2, 3), strict=True)
        ]
