"""Reading reports, in every form that Python has them."""

import gzip
import io
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from sample import record, report

import dmarc_py

DATA = Path(__file__).parents[2] / "examples" / "data"
ONE = report([record(3), record(4)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "b.xml").write_bytes(ONE)
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "c.xml.gz").write_bytes(gzip.compress(report([record(5)], report_id="r-2")))
    (tmp_path / "a.txt").write_text("not a report")
    return tmp_path


@pytest.mark.parametrize("form", [bytes, bytearray, memoryview, io.BytesIO, lambda octets: [octets], lambda octets: iter([octets])])
def test_octets_are_taken_in_every_form(form) -> None:
    batch = dmarc_py.read_reports(form(ONE))
    assert (batch.totals["reports"], batch.totals["messages_out"]) == (1, 7)


@pytest.mark.parametrize("form", [str, Path, lambda path: [str(path)], lambda path: (Path(path),), lambda path: open(path, "rb")])
def test_a_file_is_taken_in_every_form(folder: Path, form) -> None:
    given = form(folder / "b.xml")
    batch = dmarc_py.read_reports(given)
    assert [one["path"] for one in batch.reports] == [str(folder / "b.xml")]
    if isinstance(given, io.IOBase):
        given.close()


def test_a_folder_is_read_to_its_depth_in_the_order_of_names(folder: Path) -> None:
    batch = dmarc_py.read_reports(folder)
    assert [Path(one["path"]).name for one in batch.reports] == ["b.xml", "c.xml.gz"]
    assert [Path(one["path"]).name for one in batch.refused] == ["a.txt"]
    assert (batch.totals["inputs"], batch.totals["messages_out"]) == (3, 12)


def test_a_link_back_up_is_no_endless_folder(folder: Path) -> None:
    (folder / "deeper" / "up").symlink_to(folder, target_is_directory=True)
    assert dmarc_py.read_reports(folder).totals["inputs"] == 3


def test_names_of_pairs_are_shown() -> None:
    batch = dmarc_py.read_reports([("mail 7", ONE), ("mail 8", memoryview(ONE)), ("mail 9", OSError("gone"))])
    assert [(one["path"], one["duplicate_of"]) for one in batch.reports] == [("mail 7", None), ("mail 8", "mail 7")]
    assert [(one["path"], one["message"]) for one in batch.refused] == [
        ("mail 9", "the input cannot be read: gone")
    ]


def test_an_iterable_is_consumed_one_by_one(tmp_path: Path) -> None:
    def inputs() -> Iterator[Path]:
        for number in range(3):
            path = tmp_path / f"{number}.xml"
            path.write_bytes(report([record(number)], report_id=f"r-{number}"))
            yield path
            path.unlink()

    assert dmarc_py.read_reports(inputs()).totals["reports"] == 3


def test_an_error_of_the_iterable_is_passed_on() -> None:
    def inputs() -> Iterator[bytes]:
        yield ONE
        raise ConnectionError("mailbox closed")

    with pytest.raises(ConnectionError, match="mailbox closed"):
        dmarc_py.read_reports(inputs())


@pytest.mark.parametrize("given", [7, [7], [[ONE]], [("name", 7)], None])
def test_what_is_no_input_is_a_type_error(given: object) -> None:
    with pytest.raises(TypeError, match="expected bytes, a path"):
        dmarc_py.read_reports(given)


def test_a_bad_input_is_refused_and_stops_no_other(tmp_path: Path) -> None:
    batch = dmarc_py.read_reports([b"", tmp_path / "gone.xml", b"<html>", gzip.compress(bytes(40 << 20)), ONE])
    assert [bool(one["code"] and one["message"] and one["help"]) for one in batch.refused] == [True] * 4
    assert batch.refused[1]["message"] == "the input cannot be read: No such file or directory"
    assert batch.totals["inputs_refused"] == 4 and batch.totals["messages_out"] == 7


def test_whole_records_before_a_break_are_kept() -> None:
    batch = dmarc_py.read_reports(ONE[: ONE.rindex(b"<record>") + 150])
    assert [one["complete"] for one in batch.reports] == [False]
    assert len(batch.records) == 1 and batch.totals["messages_out"] == 3


def test_messages_in_are_messages_out_and_messages_refused() -> None:
    totals = dmarc_py.read_reports(DATA / "reports").totals
    assert totals["messages_in"] == totals["messages_out"] + totals["messages_refused"] > 0


def test_the_sample_holds_what_was_put_into_it() -> None:
    expected = json.loads((DATA / "expected.json").read_bytes())["totals"]
    totals = dmarc_py.read_reports(DATA / "reports").totals
    assert {key: totals[key] for key in expected if key in totals} == {
        key: value for key, value in expected.items() if key in totals
    }


def test_parts_and_the_whole_are_the_same(folder: Path) -> None:
    batch = dmarc_py.read_reports(folder)
    whole = batch.to_dict()
    assert whole["schema"] == "dmarc-check/reports/1"
    for part in ("totals", "reports", "refused", "skipped", "findings", "sources"):
        assert getattr(batch, part) == whole[part]


def test_findings_have_a_place_and_a_sentence() -> None:
    batch = dmarc_py.read_reports([("r.xml", report([record("many")]))])
    assert batch.findings == Counter(found["code"] for found in batch.diagnostics)
    found = next(found for found in batch.diagnostics if found["place"]["path"].endswith("count"))
    assert found["path"] == "r.xml" and found["place"]["line"] == 8 and "many" in found["message"]
    dutch = dmarc_py.read_reports([("r.xml", report([record("many")]))], lang="nl")
    assert dutch.diagnostics[0]["message"] != batch.diagnostics[0]["message"]


def test_limits_can_be_lowered() -> None:
    batch = dmarc_py.read_reports(ONE, limits={"records": 1})
    assert batch.totals["records"] == 1 and not batch.reports[0]["complete"]
    with pytest.raises(dmarc_py.DmarcError, match="limits"):
        dmarc_py.read_reports(ONE, limits={"records": -1})


def test_other_threads_run_while_a_report_is_read() -> None:
    octets = report(record(1) for _ in range(4_000))
    seen: list[float] = []
    done = threading.Event()

    def tick() -> None:
        while not done.is_set():
            seen.append(time.perf_counter())
            time.sleep(0.001)

    ticking = threading.Thread(target=tick)
    ticking.start()
    begin = time.perf_counter()
    dmarc_py.read_reports(octets)
    end = time.perf_counter()
    done.set()
    ticking.join()
    during = [at for at in seen if begin < at < end]
    assert len(during) > (end - begin) / 0.001 / 20, f"{len(during)} ticks in {end - begin:.3f} s"


FAILURE = b"""Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b
Content-Type: message/feedback-report

Feedback-Type: auth-failure
Source-IP: 192.0.2.1
Original-Mail-From: <someone@example.com>
--b--
"""
TLS = {
    "kind": "tls", "organization": "Receiver", "contact": "tls@receiver.example", "report_id": "r1", "begin": 1709164800,
    "end": 1709251199, "domain": "example.com",
    "policies": [{"policy_type": "sts", "policy_domain": "example.com", "success": 5, "failure": 1,
                  "failures": [{"result_type": "certificate-expired", "sending_ip": "192.0.2.1", "sessions": 1}]}],
}


def test_reports_of_the_other_kinds_are_rows_and_tables() -> None:
    batch = dmarc_py.read_reports([FAILURE, dmarc_py.write_report(TLS)["packed"]])
    assert (batch.totals["failure_reports"], batch.totals["tls_reports"], batch.totals["sessions_out"]) == (1, 1, 6)
    assert [row["source_ip"] for row in batch.failure_reports] == ["192.0.2.1"]
    assert batch.tls_reports[-1]["policies"][0]["failures"][0]["sessions"] == 1
    assert [row["key"] for row in batch.tls_policies] == [batch.tls_reports[0]["key"]]
    assert batch.tls_failures[0]["result_type"] == "certificate-expired"
    for table in (batch.failure_reports, batch.tls_reports, batch.tls_policies, batch.tls_failures):
        read = pyarrow.table(table)
        assert (read.num_rows, read.column_names) == (len(table), table.column_names)
        assert read.schema.field("key").nullable is False
    assert pyarrow.table(dmarc_py.read_reports([]).failure_reports).num_rows == 0


def test_extensions_are_rows_and_a_table() -> None:
    report, record = '<x:tool xmlns:x="urn:example:x">9</x:tool>', '<arc xmlns="urn:example:arc"/>'
    rows = [{"source_ip": "192.0.2.1", "count": 3, "disposition": "none", "dkim": "pass", "spf": "fail",
             "header_from": "example.com", "extensions": [record]}]
    draft = {
        "kind": "aggregate", "submitter": "receiver.example", "org_name": "Receiver", "email": "dmarc@receiver.example",
        "report_id": "r1", "begin": 1709164800, "end": 1709251199, "domain": "example.com", "p": "none",
        "extensions": [report], "records": rows,
    }
    batch = dmarc_py.read_reports(dmarc_py.write_report(draft)["packed"])
    assert [(row["record_ordinal"], row["xml"]) for row in batch.extensions] == [(None, report), (0, record)]
    assert batch.reports[0]["extensions"][1]["namespace"] == "urn:example:arc"
    table = pyarrow.table(batch.extensions)
    assert table.column_names == ["report_key", "record_ordinal", "namespace", "name", "xml"]
    assert table["name"].to_pylist() == ["tool", "arc"]
    assert pyarrow.table(dmarc_py.read_reports([]).extensions).num_rows == 0


def test_local_parts_are_hidden_as_told() -> None:
    def sender(**options: Any) -> str:
        return dmarc_py.read_reports(FAILURE, **options).failure_reports[0]["original_mail_from"]

    assert sender() == "someone@example.com"
    assert sender(privacy="drop") == "@example.com"
    hashed = sender(privacy="hash", privacy_key=b"key")
    assert hashed == sender(privacy="hash", privacy_key="key") != sender(privacy="hash", privacy_key="other")
    for options in ({"privacy": "hash"}, {"privacy": "some"}):
        with pytest.raises(dmarc_py.DmarcError):
            sender(**options)


def test_a_report_is_written_and_read_as_it_was_meant() -> None:
    record = {"source_ip": "2001:db8::1", "count": 7, "disposition": "reject", "dkim": "fail", "spf": "fail", "header_from": "example.com"}
    draft = {
        "kind": "aggregate", "submitter": "receiver.example", "org_name": "A & B", "email": "dmarc@receiver.example",
        "report_id": "r1", "begin": 1709164800, "end": 1709251199, "domain": "example.com", "p": "reject", "records": [record],
    }
    written = dmarc_py.write_report(draft)
    assert written["file_name"] == "receiver.example!example.com!1709164800!1709251199.xml.gz"
    assert gzip.decompress(written["packed"]).decode() == written["document"]
    batch = dmarc_py.read_reports([(written["file_name"], written["packed"])])
    assert (batch.totals["messages_out"], batch.reports[0]["org_name"]) == (7, "A & B")
    with pytest.raises(dmarc_py.DmarcError, match="pct"):
        dmarc_py.write_report({**draft, "pct": 50})
