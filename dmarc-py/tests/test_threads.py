"""Many inputs, read by several threads: what comes of it is the same for any number of them."""

import gzip
import threading
from collections.abc import Iterator
from pathlib import Path

import pyarrow
import pytest
from sample import record, report

import dmarc_py

REPOSITORY = Path(__file__).parents[2]


def inputs() -> list[tuple[str, bytes | Exception]]:
    """Reports of all sizes, twice where it matters, and what is none."""
    large = report((record(n) for n in range(2_000)), report_id="large")
    small = [report([record(n)], report_id=f"r-{n % 40}") for n in range(300)]
    failure = (
        b"Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n"
        b"Content-Type: message/feedback-report\n\nFeedback-Type: auth-failure\n--b--\n"
    )
    some = [large, *small[:150], b"<html/>", b"", failure, gzip.compress(large), large + small[0], large[:-300], *small[150:], failure]
    named: list[tuple[str, bytes | Exception]] = [(f"input {n}", octets) for n, octets in enumerate(some)]
    return [*named[:50], ("gone", OSError("no such file")), *named[50:]]


def everything(batch: dmarc_py.Batch) -> tuple:
    """All that a batch says, and its tables as they come, batch by batch."""
    tables = [list(pyarrow.RecordBatchReader.from_stream(table)) for table in batch.tables.values()]
    return batch.to_dict(), list(batch.diagnostics), tables


def test_the_answer_is_the_same_for_any_number_of_threads() -> None:
    one = everything(dmarc_py.read_reports(inputs(), threads=1))
    assert one[0]["totals"]["messages_duplicate"] > 0 and one[0]["refused"]
    for threads in (2, 3, 16, None):
        assert everything(dmarc_py.read_reports(inputs(), threads=threads)) == one, threads


def test_files_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    for n in range(100):
        (tmp_path / f"{n:03}.xml").write_bytes(report([record(n)], report_id=f"r-{n}"))
    (tmp_path / "050.xml").chmod(0)
    batches = [dmarc_py.read_reports(tmp_path, threads=threads) for threads in (1, 4)]
    assert everything(batches[0]) == everything(batches[1])
    names = [Path(one["path"]).name for one in batches[1].reports]
    assert names == sorted(names) and len(names) >= 99


def test_the_real_files_come_to_the_same() -> None:
    corpus = REPOSITORY.parent / "shared" / "corpus" / "rua"
    if not corpus.is_dir():
        pytest.skip("no corpus")
    assert everything(dmarc_py.read_reports(corpus, threads=1)) == everything(dmarc_py.read_reports(corpus, threads=2))


def test_an_iterable_that_breaks_ends_the_reading() -> None:
    def broken() -> Iterator[bytes]:
        yield from (report([record(n)]) for n in range(200))
        raise RuntimeError("stop")

    before = threading.active_count()
    with pytest.raises(RuntimeError, match="stop"):
        dmarc_py.read_reports(broken(), threads=4)
    with pytest.raises(TypeError):
        dmarc_py.read_reports([b"<feedback/>", 7, b""], threads=4)
    assert threading.active_count() == before


def test_no_threads_are_refused() -> None:
    with pytest.raises(dmarc_py.DmarcError, match="threads"):
        dmarc_py.read_reports([], threads=0)
