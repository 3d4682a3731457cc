"""Reports read from Python: dmarc_py beside parsedmarc (offline) and lxml.

    python reports.py FOLDER REPORT.xml

FOLDER holds real reports in any packing; REPORT.xml is one large one. README.md says what is compared.
"""

import io
import logging
import pathlib
import sys
import time
import warnings

import dmarc_py
import parsedmarc
from lxml import etree

TIMES = 5


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


def main():
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    folder, large = map(pathlib.Path, sys.argv[1:])
    suffixes = {".xml", ".gz", ".zip", ".eml"}
    paths = sorted(path for path in folder.rglob("*") if path.suffix in suffixes)
    files = [(str(path), path.read_bytes()) for path in paths]
    size = sum(len(octets) for _, octets in files)
    print(f"{len(files)} files, {size / 1e6:.1f} MB; parsedmarc {parsedmarc.__version__}, lxml {etree.__version__}")

    ours, batch = least(lambda: dmarc_py.read_reports(files))
    theirs, read = least(lambda: with_parsedmarc(files))
    print(f"dmarc_py    {ours:8.3f} s  {batch.totals['reports']} reports")
    print(f"parsedmarc  {theirs:8.3f} s  {read} reports")
    print(f"dmarc_py is {theirs / ours:.0f} times as fast as parsedmarc (aim 60)")

    octets = large.read_bytes()
    ours, batch = least(lambda: dmarc_py.read_reports([(large.name, octets)]))
    theirs, _ = least(lambda: as_dict(etree.fromstring(octets)))
    print(f"one report of {len(octets) / 1e6:.1f} MB: dmarc_py {ours:.3f} s, lxml into dicts {theirs:.3f} s")
    print(f"dmarc_py is {theirs / ours:.1f} times as fast as lxml (aim 4)")


main()
