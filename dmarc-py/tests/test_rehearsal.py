"""A change of records, rehearsed on reports."""

from pathlib import Path
from typing import Any

import pytest

import dmarc_py

DATA = Path(__file__).parents[2] / "examples" / "data"
ZONES = [(DATA / f"{name}.example.zone").read_text() for name in ("voorbeeld", "nieuwsbrieven")]


@pytest.fixture(scope="module")
def state() -> dict[str, Any]:
    return dmarc_py.read_reports(DATA / "reports", rows=True).state("voorbeeld.example")


def test_reject_today_would_lose_the_newsletter(state: dict[str, Any]) -> None:
    stricter = [zone.replace("v=DMARC1; p=none;", "v=DMARC1; p=reject;") for zone in ZONES]
    suffix = ["example"]
    by_zone = dmarc_py.rehearse(state, ZONES, stricter, public_suffix=suffix)
    by_tag = dmarc_py.rehearse(
        state, ZONES, domain="voorbeeld.example", set={"p": "reject"}, public_suffix=suffix
    )
    assert by_zone["editions"] == by_tag["editions"]
    assert by_tag["record"]["to"].startswith("v=DMARC1; p=reject;") and by_zone["record"] is None
    for rehearsed in by_tag["editions"]:
        lost = {stream["key"]: stream["newly_enforced"] for stream in rehearsed["streams"]}
        assert lost["foreign:nieuwsbrieven.example"] == 3724
    signs = {"sender": "nieuwsbrieven.example", "selector": "nb1", "domain": "nieuwsbrief.voorbeeld.example"}
    (signed,) = dmarc_py.rehearse(state, ZONES, stricter, signs=[signs], editions=["rfc9989"])["editions"]
    assert signed["loss"] < by_zone["editions"][0]["loss"] - 3000


def test_facts_are_taken_as_they_are(state: dict[str, Any]) -> None:
    facts = dmarc_py.Facts()
    for zone in ZONES:
        facts.load_zone(zone)
    by_facts = dmarc_py.rehearse(state, facts, domain="voorbeeld.example", set={"sp": None, "pct": 50})
    by_text = dmarc_py.rehearse(state, ZONES, domain="voorbeeld.example", set={"sp": None, "pct": "50"})
    assert by_facts == by_text


def test_what_cannot_be_rehearsed_raises_with_a_code(state: dict[str, Any]) -> None:
    def code(*args: Any, **more: Any) -> str:
        with pytest.raises(dmarc_py.DmarcError) as raised:
            dmarc_py.rehearse(*args, **more)
        return str(raised.value.code)

    domain = "voorbeeld.example"
    assert code({**state, "rows": None}, ZONES, domain=domain, set={"p": "none"}) == "rehearsal/no-rows"
    assert code(state, ZONES) == "rehearsal/no-change"
    assert code(state, ZONES, ZONES, domain=domain, set={"p": "none"}) == "rehearsal/no-change"
    assert code(state, ZONES, domain=domain, set={"p": "no"}) == "build/value"
    assert code(state, ZONES, domain="www.voorbeeld.example", set={"sp": "none"}) == "rehearsal/no-record"
    assert code(state, "no zone", domain=domain, set={"p": "none"}) == "rehearsal/zone"
    assert code(state, ZONES, ZONES, public_suffix=["a b", ".."]) == "rehearsal/suffix"
    assert code(state, ZONES, ZONES, signs=[{"sender": "a"}]) == "invalid-argument"
