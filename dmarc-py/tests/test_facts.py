"""What is known, as Python holds it."""

import json

import pytest

import dmarc_py

ZONE = """$ORIGIN example.com.
@ 3600 SOA ns hostmaster 1 7200 3600 1209600 300
_dmarc 300 TXT "v=DMARC1; p=reject"
"""
TXT = {"kind": "dns", "name": "_dmarc.example.com", "type": "TXT"}
SNAPSHOT = {"complete": True, "names": {"_dmarc.example.com": {"TXT": ["v=DMARC1; p=none"]}}}


def test_a_zone_answers_and_knows_nothing_outside() -> None:
    facts = dmarc_py.Facts()
    assert facts.load_zone(ZONE) == []
    assert facts.look_up(TXT) == {"status": "records", "type": "TXT", "data": ["v=DMARC1; p=reject"], "ttl": 300}
    assert facts.look_up({**TXT, "name": "nothing.example.com"}) == {"status": "nxdomain"}
    assert facts.look_up({**TXT, "name": "example.org"}) is None


@pytest.mark.parametrize("form", [dict, json.dumps, lambda snapshot: json.dumps(snapshot).encode()])
def test_a_snapshot_is_taken_as_dict_and_as_text(form) -> None:
    facts = dmarc_py.Facts()
    assert facts.load_snapshot(form(SNAPSHOT)) == []
    assert facts.look_up(TXT)["data"] == ["v=DMARC1; p=none"]


def test_the_last_answer_counts() -> None:
    facts = dmarc_py.Facts()
    facts.answer(TXT, {"status": "nxdomain"})
    facts.answer(TXT, {"status": "failure", "reason": "SERVFAIL"})
    assert facts.look_up(TXT) == {"status": "failure", "reason": "SERVFAIL"}


def test_a_finding_in_a_zone_has_its_place_in_characters() -> None:
    zone = "; é\n" + ZONE + "@ TXT \"unclosed\n"
    (found, *_) = dmarc_py.Facts().load_zone(zone)
    assert found.span is not None and "unclosed" in zone[found.span[0] - 1 :][:12]
    assert found.place is not None and found.place["line"] == 5


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda facts: facts.load_snapshot("{"), "invalid-snapshot"),
        (lambda facts: facts.load_snapshot({"names": 1}), "invalid-snapshot"),
        (lambda facts: facts.look_up({"kind": "dns"}), "invalid-question"),
        (lambda facts: facts.answer(TXT, {"status": "maybe"}), "invalid-answer"),
        (lambda facts: facts.answer(TXT, {"status": "records", "type": "MX", "data": ["10 a."]}), "invalid-answer"),
    ],
)
def test_what_cannot_be_used_raises_with_a_code(call, code: str) -> None:
    with pytest.raises(dmarc_py.EvaluationError) as raised:
        call(dmarc_py.Facts())
    assert raised.value.code == code


def test_a_document_that_holds_itself_ends_in_an_error() -> None:
    snapshot: dict = {"names": {}}
    snapshot["names"]["a"] = snapshot
    with pytest.raises(dmarc_py.DmarcError, match="nested"):
        dmarc_py.Facts().load_snapshot(snapshot)


def test_unknown_limits_are_refused() -> None:
    with pytest.raises(dmarc_py.DmarcError, match="limits"):
        dmarc_py.Facts().load_zone(ZONE, limits={"zone": 1})
