"""Many domains in one run."""

import json
from pathlib import Path
from typing import Any

import pytest

import dmarc_py

DATA = Path(__file__).parents[2] / "examples" / "data"
LIST = "voorbeeld.example # main\n\nvergeten.voorbeeld.example,IT\nno name!\nVOORBEELD.example\n"


@pytest.fixture(scope="module")
def snapshot() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((DATA / "snapshot.json").read_text())
    return loaded


def test_a_list_is_judged_and_what_is_wrong_with_it_told(snapshot: dict[str, Any]) -> None:
    found = dmarc_py.portfolio(LIST, snapshot, now=1_795_000_000)
    assert found["schema"] == "dmarc-check/portfolio/1"
    assert [row["domain"] for row in found["domains"]] == ["vergeten.voorbeeld.example", "voorbeeld.example"]
    problems = [(problem["line"], problem["kind"]) for problem in found["list"]["problems"]]
    assert problems == [(3, "below"), (4, "not-a-name"), (5, "duplicate")]
    assert [profile["id"] for profile in found["profiles"]] == ["ubv", "forum", "internet-nl", "baseline"]


def test_facts_snapshot_and_zone_are_taken(snapshot: dict[str, Any]) -> None:
    facts = dmarc_py.Facts()
    facts.load_snapshot(snapshot)
    by_facts = dmarc_py.portfolio(["voorbeeld.example"], facts, profiles=["forum"])
    smtp = snapshot.get("smtp")
    assert dmarc_py.portfolio(iter(["voorbeeld.example"]), {**snapshot, "smtp": None}, profiles=("forum",)) == by_facts
    assert dmarc_py.portfolio(["voorbeeld.example"], facts, smtp=smtp) == dmarc_py.portfolio(
        ["voorbeeld.example"], snapshot
    )
    zone = (DATA / "voorbeeld.example.zone").read_text()
    assert dmarc_py.portfolio("voorbeeld.example", zone)["totals"]["policies"]["none"] == 1


def test_it_judges_as_the_check_of_the_domain_does(snapshot: dict[str, Any]) -> None:
    """Facts that one domain leaves open say nothing of the next, nor of the same domain judged again."""
    names = ["voorbeeld.example", "unknown.test", "voorbeeld.example.test"]
    together = dmarc_py.portfolio(names, snapshot, profiles=["baseline"])
    rows = {row["domain"]: row for row in together["domains"]}
    for name in names:
        (alone,) = dmarc_py.portfolio([name], snapshot, profiles=["baseline"])["domains"]
        assert alone == rows[name]
        evaluation = dmarc_py.Evaluation({"check": "domain", "domain": name, "profiles": ["baseline"]})
        evaluation.load_snapshot(snapshot)
        report = dmarc_py.run(evaluation, lambda question: None)
        failed = [rule["id"] for rule in report["profiles"][0]["rules"] if rule["verdict"] == "fail"]
        assert failed == rows[name]["failed"]


def test_what_was_learnt_by_asking_is_judged(snapshot: dict[str, Any]) -> None:
    known, learnt = dmarc_py.Facts(), dmarc_py.Facts()
    known.load_snapshot(snapshot)

    def resolve(question: dict[str, Any]) -> dict[str, Any] | None:
        if answer := known.look_up(question):
            learnt.answer(question, answer)
        return answer

    dmarc_py.run({"check": "domain", "domain": "voorbeeld.example"}, resolve)
    assert dmarc_py.portfolio(["voorbeeld.example"], learnt) == dmarc_py.portfolio(["voorbeeld.example"], known)


def test_the_sentences_are_in_the_language_asked_for(snapshot: dict[str, Any]) -> None:
    english, dutch = (dmarc_py.portfolio(LIST, snapshot, lang=lang)["findings"] for lang in ("en", "nl"))
    assert [finding["code"] for finding in english] == [finding["code"] for finding in dutch]
    assert all(one["message"] != other["message"] for one, other in zip(english, dutch, strict=True))


def test_what_cannot_be_judged_raises_with_a_code(snapshot: dict[str, Any]) -> None:
    def code(*args: Any, **more: Any) -> str:
        with pytest.raises(dmarc_py.DmarcError) as raised:
            dmarc_py.portfolio(*args, **more)
        return str(raised.value.code)

    assert code(["example.com"], "no zone") == "records/zone"
    assert code(["example.com"], snapshot, profiles=["nobody"]) == "invalid-argument"
    assert code([1], snapshot) == "invalid-argument"
    assert code(["example.com"], snapshot, lang="fr") == "invalid-argument"
