"""Reports read from Python: dmarc_py beside parsedmarc (offline) and lxml.

    python reports.py FOLDER REPORT.xml

FOLDER holds real reports in any packing; REPORT.xml is one large one. README.md says what is compared.
"""

import io
import logging
import pathlib
import subprocess
import sys
import time
import warnings

import dmarc_py
import parsedmarc
from lxml import etree

TIMES = 5
# New processes: what else the machine does shows more in a few milliseconds.
PROCESSES = 15


def least(read):
    """The least time of several, in seconds, and what was read last."""
    best = float("inf")
    for _ in range(TIMES):
        start = time.perf_counter()
        result = read()
        best = min(best, time.perf_counter() - start)
    return best, result


def as_dict(element):
    """Repeated children become lists."""
    if len(element) == 0:
        return element.text
    children = {}
    for child in element:
        value = as_dict(child)
        if child.tag in children:
            known = children[child.tag]
            children[child.tag] = [*known, value] if isinstance(known, list) else [known, value]
        else:
            children[child.tag] = value
    return children


def with_parsedmarc(files):
    read = 0
    for name, octets in files:
        try:
            parsedmarc.parse_report_file(io.BytesIO(octets), offline=True)
            read += 1
        except Exception:  # noqa: BLE001, S110
            pass
    return read


def with_sums(files):
    return dmarc_py.read_reports(files).totals


READERS = {"dmarc_py": dmarc_py.read_reports, "sums": with_sums, "parsedmarc": with_parsedmarc}


def files_in(folder):
    suffixes = {".xml", ".gz", ".zip", ".eml"}
    paths = sorted(path for path in folder.rglob("*") if path.suffix in suffixes)
    return [(str(path), path.read_bytes()) for path in paths]


def once(reader, folder):
    """The time of the first pass of a new process, in seconds: the least of several processes."""
    command = [sys.executable, __file__, "--once", reader, str(folder)]
    return min(float(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(PROCESSES))


def first_pass(reader, folder):
    files = files_in(pathlib.Path(folder))
    read = READERS[reader]
    start = time.perf_counter()
    _kept = read(files)
    print(time.perf_counter() - start)


def compare(how, ours, theirs):
    print(f"{how}: dmarc_py {ours * 1e3:.1f} ms, parsedmarc {theirs * 1e3:.1f} ms, {theirs / ours:.0f} times as fast (aim 60)")


def main():
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    if sys.argv[1] == "--once":
        return first_pass(*sys.argv[2:])
    folder, large = map(pathlib.Path, sys.argv[1:])
    files = files_in(folder)
    size = sum(len(octets) for _, octets in files)
    print(f"{len(files)} files, {size / 1e6:.1f} MB; parsedmarc {parsedmarc.__version__}, lxml {etree.__version__}")

    # A folder is read once in a process: what a reader fills its caches with is part of the work.
    theirs = once("parsedmarc", folder)
    compare("in a new process", once("dmarc_py", folder), theirs)
    compare("in a new process, with the sums of all", once("sums", folder), theirs)
    ours, batch = least(lambda: dmarc_py.read_reports(files))
    theirs, read = least(lambda: with_parsedmarc(files))
    compare("once more in the same", ours, theirs)
    print(f"reports read: dmarc_py {batch.totals['reports']}, parsedmarc {read}")

    octets = large.read_bytes()
    ours, batch = least(lambda: dmarc_py.read_reports([(large.name, octets)]))
    theirs, _ = least(lambda: as_dict(etree.fromstring(octets)))
    print(f"one report of {len(octets) / 1e6:.1f} MB: dmarc_py {ours:.3f} s, lxml into dicts {theirs:.3f} s")
    print(f"dmarc_py is {theirs / ours:.1f} times as fast as lxml (aim 4)")


main()
