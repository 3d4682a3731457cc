"""Times the tree of an SPF policy: checkdmarc beside dmarc-core, from Rust and, if it is there, from Python.

checkdmarc is given its answers from a dictionary, in the form that its own cache holds them, so that none of
its time goes to DNS.
"""

import json
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import checkdmarc.spf
import checkdmarc.utils
import dns.resolver

ZONE = (Path(__file__).parent / "zone.json").read_text()
NAMES = json.loads(ZONE)["names"]
ROUNDS, CALLS = 40, 5


def query_dns(domain, record_type, *, quoted_txt_segments=False, **_):
    data = NAMES.get(domain.lower().rstrip("."), {}).get(record_type)
    if data is None:
        raise dns.resolver.NoAnswer
    return [f'"{text}"' for text in data] if quoted_txt_segments else data


def mail_hosts(domain, **_):
    hosts = (each.split() for each in NAMES.get(domain, {}).get("MX", ()))
    return [(int(preference), f"{host}.") for preference, host in hosts]


def no_network(*_, **__):
    raise AssertionError("a question went past the dictionary")


def least(call):
    """Seconds of one call: the least of many batches, since all else only adds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(CALLS):
            call()
        times.append((time.perf_counter() - start) / CALLS)
    return min(times)


def report(what, ratio, aim):
    verdict = "" if aim is None else f"aim {aim}, {'met' if ratio >= aim else 'MISSED'}"
    print(f"{what:<52} {ratio:>6.1f} times as fast  {verdict}")


for module in (checkdmarc.spf, checkdmarc.utils):
    module.query_dns = query_dns
checkdmarc.utils._resolve_mx_rdatas = mail_hosts
checkdmarc.utils._resolve_with_failover = no_network
found = checkdmarc.spf.get_spf_record("example.com")
# Four includes, `a` and `mx`; nothing is timed that was not understood.
assert found["dns_lookups"] == 6, found
theirs = least(lambda: checkdmarc.spf.get_spf_record("example.com"))
print(f"checkdmarc {version('checkdmarc')}: {theirs * 1e6:.0f} µs")

run = subprocess.run([sys.argv[1], "tree"], check=True, capture_output=True, text=True)
tree, analysis, findings = (int(nanoseconds) / 1e9 for nanoseconds in run.stdout.split())
report("tree / checkdmarc", theirs / tree, 40)
report("tree with worst case and surfaces / checkdmarc", theirs / analysis, None)
report("all that and findings / checkdmarc", theirs / findings, None)

try:
    import dmarc_py
except ImportError:
    print("dmarc_py is not installed in this environment: not timed")
else:
    facts = dmarc_py.Facts()
    facts.load_snapshot(ZONE)
    assert dmarc_py.spf_tree("example.com", facts=facts)["lookups"]["sum"] == 6
    python = least(lambda: dmarc_py.spf_tree("example.com", facts=facts))
    report("tree from Python / checkdmarc", theirs / python, 10)
    assert dmarc_py.spf_analysis("example.com", facts=facts)["lookups"]["sum"] == 6
    python = least(lambda: dmarc_py.spf_analysis("example.com", facts=facts))
    report("all that and findings from Python / checkdmarc", theirs / python, None)
