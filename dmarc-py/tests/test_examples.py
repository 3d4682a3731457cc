"""The programs of `examples/embed`, against a resolver on this machine."""

import json
import shutil
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import dmarc_py

ROOT = Path(__file__).parents[2]
EMBED = ROOT / "examples" / "embed"
ZONE = ROOT / "examples" / "data" / "voorbeeld.example.zone"
TYPES = {1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 15: "MX", 16: "TXT", 28: "AAAA", 52: "TLSA"}


def respond(query: bytes, facts: dmarc_py.Facts) -> bytes:
    """The response of a resolver that knows TXT records, and that everything else has no data."""
    labels, place = [], 12
    while size := query[place]:
        labels.append(query[place + 1 : place + 1 + size].decode())
        place += 1 + size
    question = query[12 : place + 5]
    kind = TYPES[int.from_bytes(query[place + 1 : place + 3])]
    known = facts.look_up({"kind": "dns", "name": ".".join(labels), "type": kind})
    answer = known or {"status": "nxdomain"}
    records = []
    for text in answer.get("data", []) if kind == "TXT" else []:
        octets = text.encode()
        strings = b"".join(bytes([len(octets[at : at + 255])]) + octets[at : at + 255] for at in range(0, len(octets), 255))
        records.append(b"\xc0\x0c" + (16).to_bytes(2) + b"\0\1" + (300).to_bytes(4) + len(strings).to_bytes(2) + strings)
    flags = b"\x81\x83" if answer["status"] == "nxdomain" else b"\x81\x80"
    counts = b"\0\1" + len(records).to_bytes(2) + bytes(4)
    return query[:2] + flags + counts + question + b"".join(records)


@pytest.fixture
def port() -> Iterator[int]:
    facts = dmarc_py.Facts()
    facts.load_zone(ZONE.read_text())

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            response = respond(self.rfile.read(int.from_bytes(self.rfile.read(2))), facts)
            self.wfile.write(len(response).to_bytes(2) + response)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield server.server_address[1]
        server.shutdown()
        serving.join()


def output(program: str, *arguments: str) -> str:
    run = subprocess.run(
        [sys.executable, EMBED / program, *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.mark.parametrize("program", ["blocking.py", "asynchronous.py"])
def test_a_domain_is_checked_with_a_resolver(program: str, port: int) -> None:
    report = json.loads(output(program, "voorbeeld.example", "127.0.0.1", str(port)))
    dmarc, spf = report["records"]["dmarc"], report["records"]["spf"]
    assert (dmarc["status"], spf["status"]) == ("record", "record")
    zone = dmarc_py.Facts()
    zone.load_zone(ZONE.read_text())
    expected = dmarc_py.run({"check": "domain", "domain": "voorbeeld.example"}, zone.look_up)["records"]
    assert (dmarc["text"], spf["text"]) == (expected["dmarc"]["text"], expected["spf"]["text"])


def test_a_stricter_policy_is_rehearsed_on_reports() -> None:
    reports = str(ROOT / "examples" / "data" / "reports")
    lines = output("rehearse.py", "voorbeeld.example", reports, str(ZONE), "p=reject").splitlines()
    assert lines[0].startswith("_dmarc.voorbeeld.example  v=DMARC1; p=reject;")
    assert "    3724  misconfigured         foreign:nieuwsbrieven.example" in lines


@pytest.mark.parametrize("program", ["blocking.py", "asynchronous.py"])
def test_a_resolver_that_is_not_there_is_a_failure(program: str) -> None:
    report = json.loads(output(program, "voorbeeld.example", "127.0.0.1", "1"))
    assert report["records"]["dmarc"]["status"] == "failure"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a knotd with the zones that the clients are checked with."""
    program = shutil.which("knotd", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if program is None:
        pytest.skip("there is no knotd on this machine")
    folder = tmp_path_factory.mktemp("knot")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    config = f"server:\n  rundir: {folder}\n  listen: 127.0.0.1@{port}\ndatabase:\n  storage: {folder}\nzone:\n"
    for name, file in (("spf.example", "spf.example.zone"), ("2.0.192.in-addr.arpa", "reverse.zone")):
        copy = shutil.copy(EMBED / "tests" / file, folder)
        config += f"  - domain: {name}\n    file: {copy}\n    zonefile-sync: -1\n    journal-content: none\n"
    (folder / "knot.conf").write_text(config)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([program, "-c", folder / "knot.conf"], **quiet) as running:
        try:
            # It listens before its zones are loaded.
            for _ in range(200):
                if "record" in spf_status(port):
                    break
                time.sleep(0.05)
            yield port
        finally:
            running.kill()


def spf_status(port: int) -> str:
    """Whether the zone is served: "record" if its SPF record is found."""
    report = json.loads(output("blocking.py", "spf.example", "127.0.0.1", str(port)))
    return str(report["records"]["spf"]["status"])


@pytest.mark.parametrize("program", ["blocking.py", "asynchronous.py"])
def test_a_client_is_checked_with_a_name_server(program: str, server: int) -> None:
    clients = json.loads((EMBED / "tests" / "clients.json").read_bytes())
    assert len(clients) > 10
    for client in clients:
        asked = [client["ip"], client["sender"], client["helo"]]
        found = json.loads(output(program, "spf.example", "127.0.0.1", str(server), *asked))
        term, explanation = found["term"] or {"text": None}, found["explanation"] or {"text": None}
        told = [found["result"], term["text"], found["lookups"], explanation["text"]]
        assert told == [client[key] for key in ("result", "term", "lookups", "explanation")], client


def test_sources_are_listed() -> None:
    lines = output("reports.py", str(ROOT / "examples" / "data" / "reports")).splitlines()
    assert len(lines) == 21 and lines[0].split() == ["messages", "aligned", "source"]
