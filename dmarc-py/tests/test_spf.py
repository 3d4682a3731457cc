"""SPF over facts at hand, and with a resolver."""

import json
from pathlib import Path
from typing import Any

import pytest

import dmarc_py

ZONE = Path(__file__).parents[2] / "examples" / "data" / "zwaar.example.zone"
NAMES = {
    "example.org": {"TXT": ["v=spf1 include:_spf.example.net -all exp=why.example.org"]},
    "_spf.example.net": {"TXT": ["v=spf1 ip4:192.0.2.0/24"]},
    "why.example.org": {"TXT": ["%{i} is not ours"]},
}
SNAPSHOT = {"complete": True, "names": NAMES}


def heavy() -> dmarc_py.Facts:
    facts = dmarc_py.Facts()
    assert facts.load_zone(ZONE.read_text()) == []
    return facts


def test_a_client_is_checked_over_a_snapshot_facts_or_a_resolver() -> None:
    facts = dmarc_py.Facts()
    facts.load_snapshot(SNAPSHOT)
    passes = dmarc_py.check_host("192.0.2.7", mail_from="info@example.org", facts=SNAPSHOT)
    assert (passes["result"], passes["term"]["text"]) == ("pass", "include:_spf.example.net")
    assert passes == dmarc_py.check_host("192.0.2.7", mail_from="info@example.org", facts=json.dumps(SNAPSHOT))
    assert passes == dmarc_py.check_host("192.0.2.7", mail_from="info@example.org", facts=facts)
    assert passes == dmarc_py.check_host("192.0.2.7", facts.look_up, mail_from="info@example.org")
    fails = dmarc_py.check_host("2001:db8::1", mail_from="", helo="example.org", facts=facts)
    assert (fails["identity"], fails["result"]) == ("mailfrom", "fail")
    assert fails["explanation"] == {
        "domain": "example.org",
        "text": "2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1 is not ours",
    }
    assert dmarc_py.check_host("192.0.2.7", helo="example.org", facts=facts)["identity"] == "helo"


def test_what_nobody_knows_stays_open() -> None:
    found = dmarc_py.check_host("192.0.2.7", mail_from="info@example.org")
    assert (found["result"], found["problem"]["code"]) == (None, "not-known")
    analysis = dmarc_py.spf_analysis("example.org")
    assert (analysis["policy_verdict"], analysis["lookups"]["sum"]) == ("undetermined", None)
    assert analysis["open"][0]["question"] == {"kind": "dns", "name": "example.org", "type": "TXT"}


def test_the_sample_is_analyzed_and_its_rewrite_is_proven() -> None:
    asked: list[dict[str, Any]] = []

    def resolve(question: dict[str, Any]) -> dict[str, Any] | None:
        asked.append(question)
        return facts.look_up(question)

    facts = heavy()
    analysis = dmarc_py.spf_analysis("zwaar.example", resolve, rewrite=True, client={"ip": "203.0.113.200"})
    assert len(asked) == analysis["questions"]["asked"]
    assert analysis == dmarc_py.spf_analysis("zwaar.example", facts=facts, rewrite=True, client={"ip": "203.0.113.200"})
    assert (analysis["lookups"]["sum"], analysis["policy_verdict"]) == (14, "permerror")
    good = next(rewrite for rewrite in analysis["rewrites"] if rewrite["equal"] and rewrite["fits"])
    after = dmarc_py.spf_analysis("zwaar.example", facts=facts, record=good["records"][0]["text"], compare="zwaar.example")
    assert after["lookups"]["ipv4"]["most"] == good["lookups"]["most"] == 10
    assert after["comparison"]["without_limits"]["equal"] is True


def test_a_draft_addresses_and_conventions_are_the_callers() -> None:
    def ask(lang: Any) -> dict[str, Any]:
        return dmarc_py.spf_analysis(
            "example.org",
            record="v=spf1 a include:_spf.example.net ?all",
            addresses=["192.0.2.7", "2001:db8::1"],
            conventions={"lookups": 1},
            compare="v=spf1 ip4:192.0.2.0/24 ?all",
            facts={"complete": True, "names": {**NAMES, "example.org": {"A": ["192.0.2.8"], "AAAA": ["2001:db8::2"]}}},
            lang=lang,
        )

    found, dutch = ask("en"), ask("nl")
    assert found["input"] == "v=spf1 a include:_spf.example.net ?all"
    assert [address["result"] for address in found["addresses"]] == ["permerror", "permerror"]
    assert found["comparison"]["without_limits"]["equal"] is False
    assert "spf/lookup-limit" in [finding["code"] for finding in found["diagnostics"]]
    for one, other in zip(found["diagnostics"], dutch["diagnostics"], strict=True):
        assert one["code"] == other["code"] and one["message"] != other["message"]


def test_spans_of_a_check_are_in_characters() -> None:
    text = "v=spf1 include:é.example ip4:1.2.3"
    facts = {"complete": True, "names": {"example.org": {"TXT": [text]}}}
    found = dmarc_py.check_host("192.0.2.7", mail_from="info@example.org", facts=facts)
    assert found["result"] == "permerror"
    wrong = next(finding for finding in found["diagnostics"] if finding["code"] == "spf/invalid-address")
    assert text[slice(*wrong["span"])] == "1.2.3"


@pytest.mark.parametrize("arguments", [{"ip": "not an address"}, {"ip": "192.0.2.1", "conventions": {"lookup": 1}}])
def test_a_client_that_is_none_raises(arguments: dict[str, Any]) -> None:
    with pytest.raises(dmarc_py.EvaluationError) as raised:
        dmarc_py.check_host(**arguments)
    assert raised.value.code == "invalid-check"


def test_a_name_that_is_none_raises() -> None:
    for arguments in ({"domain": "not a name"}, {"domain": "example.org", "compare": "not a name"}):
        with pytest.raises(dmarc_py.EvaluationError) as raised:
            dmarc_py.spf_analysis(**arguments)
        assert raised.value.code == "invalid-check"


def test_the_tree_alone_is_that_of_the_analysis() -> None:
    facts = heavy()
    tree = dmarc_py.spf_tree("zwaar.example", facts=facts)
    analysis = dmarc_py.spf_analysis("zwaar.example", facts=facts)
    assert (tree["schema"], tree["input"], tree["lookups"]) == (
        "dmarc-check/spf-tree/1",
        "zwaar.example",
        {"sum": 14, "limit": 10},
    )
    assert tree["tree"] == analysis["tree"]
    asked: list[dict[str, Any]] = []

    def resolve(question: dict[str, Any]) -> dict[str, Any] | None:
        asked.append(question)
        return facts.look_up(question)

    assert dmarc_py.spf_tree("zwaar.example", resolve) == tree
    assert len(asked) == analysis["questions"]["asked"]
    # Keys are texts that Python shares: a monitor keeps thousands of trees.
    below = next(term["policies"][0] for term in tree["tree"]["terms"] if term["policies"])
    assert next(iter(tree["tree"])) is next(iter(below))


def test_spans_of_the_tree_are_in_characters() -> None:
    text = "v=spf1 include:é.example ip4:192.0.2.1 -all"
    for found in (dmarc_py.spf_tree("example.com", record=text), dmarc_py.spf_analysis("example.com", record=text)):
        terms = found["tree"]["terms"]
        assert [text[slice(*term["span"])] for term in terms] == text.split()[1:]
