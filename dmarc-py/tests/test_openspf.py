"""The test suite of RFC 7208 that openspf.org published, read where it stands.

Its license keeps it out of this repository. Where it allows several results, ours is one of them;
`dmarc-core/tests/vectors/spf/choices.json` says which, and why.
"""

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

import dmarc_py

CORPUS = Path(os.environ.get("DMARC_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")
SUITE = CORPUS / "spf-suite" / "sdgathman__pyspf" / "rfc7208-tests.yml"
# `TIMEOUT` stands for the types that a name does not list.
TYPES = ("A", "AAAA", "MX", "PTR", "TXT")


def strings(data: str | list[str]) -> str:
    """The character-strings of a TXT record as a zone file writes them; each character is an octet."""
    texts = [data] if isinstance(data, str) else data or [""]
    return " ".join('"' + "".join(map(escaped, text.encode("latin-1"))) + '"' for text in texts)


def escaped(octet: int) -> str:
    return chr(octet) if 32 <= octet < 127 and octet not in b'"\\' else f"\\{octet:03}"


def types(entries: list[Any]) -> dict[str, Any]:
    """What a name has, as a snapshot lists it."""
    listed: dict[str, Any] = {}
    has_txt = any("TXT" in entry for entry in entries if isinstance(entry, dict))
    for kind, data in (pair for entry in entries if isinstance(entry, dict) for pair in entry.items()):
        # The suite has its drivers copy `SPF` records, of a type that is no more, to `TXT`.
        name = "TXT" if kind == "SPF" and not has_txt else kind
        if name == "SPF" or data == "NONE":
            continue
        if name == "TXT":
            data = strings(data)
        elif name == "MX":
            data = f"{data[0]} {data[1]}."
        listed.setdefault(name, []).append(data)
    if "TIMEOUT" in entries:
        listed |= {name: "TIMEOUT" for name in TYPES if name not in listed}
    return listed


def result(test: dict[str, Any], zone: dict[str, Any]) -> dict[str, Any]:
    evaluation = dmarc_py.Evaluation(
        {"check": "check_host", "ip": test["host"], "mail_from": test["mailfrom"], "helo": test["helo"]}
    )
    evaluation.load_snapshot({"complete": True, "names": zone})
    return dmarc_py.run(evaluation, lambda question: None)


def test_every_scenario_of_the_suite_holds() -> None:
    if not SUITE.is_file():
        pytest.skip(f"no test suite of RFC 7208 at {SUITE}")
    scenarios = explanations = choices = 0
    wrong = []
    for section in yaml.safe_load_all(SUITE.read_text()):
        zone = {name: types(entries) for name, entries in section["zonedata"].items()}
        for name, test in section["tests"].items():
            found = result(test, zone)
            scenarios += 1
            allowed = test["result"] if isinstance(test["result"], list) else [test["result"]]
            choices += len(allowed) > 1
            if found["result"] not in allowed:
                wrong.append(f"{name}: {found['result']}, expected one of {allowed}")
            if "explanation" not in test:
                continue
            explanations += 1
            # Without one of the domain's own, a receiver has its default. RFC 7208, 7.4 writes nibbles
            # in lower case, the suite in upper case.
            text = found["explanation"]["text"] if found["explanation"] else "DEFAULT"
            if text.lower() != test["explanation"].lower():
                wrong.append(f"{name}: explains {text!r}, expected {test['explanation']!r}")
    print(f"{scenarios} scenarios, {explanations} explanations, {choices} with several results allowed")
    assert not wrong
    assert (scenarios, explanations) == (203, 22), "the whole suite was read"
