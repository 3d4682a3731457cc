"""Ask and answer, as Python does it."""

import asyncio
import json
from pathlib import Path

import pytest

import dmarc_py

DATA = Path(__file__).parents[2] / "examples" / "data"
ZONE = (DATA / "voorbeeld.example.zone").read_text()
CHECK = {"check": "domain", "domain": "voorbeeld.example", "now": 1_767_225_600}


def resolver() -> dmarc_py.Facts:
    facts = dmarc_py.Facts()
    facts.load_zone(ZONE)
    return facts


def test_a_check_asks_until_it_knows() -> None:
    evaluation = dmarc_py.Evaluation(CHECK)
    rounds = 0
    while (questions := evaluation.step()) is not None:
        rounds += 1
        assert questions, "a round without questions"
        for question in questions:
            evaluation.answer(question, resolver().look_up(question) or {"status": "not-possible"})
    assert rounds == evaluation.rounds > 0
    assert {"kind": "dns", "name": "_dmarc.voorbeeld.example", "type": "TXT"} in evaluation.asked
    assert evaluation.report["domain"] == "voorbeeld.example"
    assert evaluation.report["records"]["dmarc"]["status"] == "record"


def test_run_and_run_async_give_what_a_loaded_zone_gives() -> None:
    loaded = dmarc_py.Evaluation(CHECK)
    loaded.load_zone(ZONE)
    expected = dmarc_py.run(loaded, lambda question: None)

    facts = resolver()

    async def resolve(question: dict) -> dict | None:
        await asyncio.sleep(0)
        return facts.look_up(question)

    assert dmarc_py.run(CHECK, facts.look_up) == expected
    assert asyncio.run(dmarc_py.run_async(CHECK, resolve)) == expected
    assert dmarc_py.run(dmarc_py.Evaluation(CHECK, facts=facts), lambda question: None) == expected


def test_questions_of_a_round_are_looked_up_at_the_same_time() -> None:
    facts, waiting, most = resolver(), 0, 0

    async def resolve(question: dict) -> dict | None:
        nonlocal waiting, most
        waiting += 1
        most = max(most, waiting)
        await asyncio.sleep(0.001)
        waiting -= 1
        return facts.look_up(question)

    asyncio.run(dmarc_py.run_async(CHECK, resolve))
    assert most > 1


def test_facts_saved_and_loaded_give_the_same_report() -> None:
    first = dmarc_py.Evaluation(CHECK, facts=resolver())
    report = dmarc_py.run(first, lambda question: None)
    again = dmarc_py.Evaluation(CHECK)
    again.load_snapshot(json.dumps(first.facts))
    assert again.step() is None
    assert again.report == report


def test_a_question_nobody_answers_ends_all_the_same() -> None:
    evaluation = dmarc_py.Evaluation(CHECK)
    rounds = 0
    while evaluation.step() is not None:
        rounds += 1
        assert rounds < 100
    assert evaluation.report["records"]["dmarc"]["status"] == "failure"


def test_needed_questions_can_be_had_alone() -> None:
    check = {"check": "discovery", "author": "a.b.c.voorbeeld.example"}
    all_of_them = dmarc_py.Evaluation(check).step()
    needed = dmarc_py.Evaluation(check).step(needed_only=True)
    assert all_of_them is not None and needed is not None
    assert 0 < len(needed) <= len(all_of_them) and all_of_them[: len(needed)] == needed


def test_spans_of_a_report_are_in_characters() -> None:
    text = "v=DMARC1; p=none; x=é; sp=rejct"
    evaluation = dmarc_py.Evaluation(CHECK)
    evaluation.load_snapshot({"complete": True, "names": {"_dmarc.voorbeeld.example": {"TXT": [text]}}})
    report = dmarc_py.run(evaluation, lambda question: None)
    found = next(found for found in report["diagnostics"] if found["args"].get("tag") == "sp")
    assert text[slice(*found["span"])] == "rejct"


def test_spans_of_spf_terms_are_in_characters() -> None:
    text = "v=spf1 include:é.example ~all"
    evaluation = dmarc_py.Evaluation(CHECK)
    evaluation.load_snapshot({"complete": True, "names": {"voorbeeld.example": {"TXT": [text]}}})
    terms = dmarc_py.run(evaluation, lambda question: None)["records"]["spf"]["published"]["terms"]
    assert [text[slice(*term["span"])] for term in terms] == ["include:é.example", "~all"]


def test_spans_of_an_spf_policy_are_in_characters_of_their_record() -> None:
    texts = {
        "a.example": "v=spf1 include:é.example include:b.example ip4:1.2.3 ~all",
        "b.example": "v=spf1 a:éé.example ip4:192.0.2.1 -all",
    }
    evaluation = dmarc_py.Evaluation({"check": "spf", "domain": "a.example"})
    evaluation.load_snapshot({"complete": True, "names": {name: {"TXT": [text]} for name, text in texts.items()}})
    report = dmarc_py.run(evaluation, lambda question: None)
    found = next(found for found in report["diagnostics"] if found["code"] == "spf/invalid-address")
    assert texts["a.example"][slice(*found["span"])] == "1.2.3"
    policies, shown = [report["tree"]], 0
    while policies:
        policy = policies.pop()
        for term in policy.get("terms") or []:
            assert texts[policy["name"]][slice(*term["span"])] == term["text"]
            policies += term["policies"]
            shown += 1
    assert shown >= 7


@pytest.mark.parametrize(
    "check",
    [{}, {"check": "weather"}, {"check": "domain"}, {"check": "domain", "domain": "not a name"}],
)
def test_a_check_that_cannot_be_run_raises(check: dict) -> None:
    with pytest.raises(dmarc_py.EvaluationError) as raised:
        dmarc_py.Evaluation(check)
    assert raised.value.code == "invalid-check"


def test_a_report_is_not_there_before_the_end() -> None:
    with pytest.raises(dmarc_py.EvaluationError) as raised:
        _ = dmarc_py.Evaluation(CHECK).report
    assert raised.value.code == "unfinished"


def test_reports_are_part_of_a_check() -> None:
    batch = dmarc_py.read_reports(sorted((DATA / "reports").glob("*!voorbeeld.example!*"))[:5])
    state = batch.state("voorbeeld.example")
    assert 0 < state["messages"] <= batch.totals["messages_out"]
    without = dmarc_py.run(CHECK, resolver().look_up)
    report = dmarc_py.run({**CHECK, "reports": state}, resolver().look_up)
    assert without["reports"] is None and report["reports"]["messages"] == state["messages"]
    assert "rows" not in state


def test_rows_are_part_of_the_sums_where_they_are_asked_for() -> None:
    reports = sorted((DATA / "reports").glob("*!voorbeeld.example!*"))[:5]
    states = [
        dmarc_py.read_reports(reports, rows=True, threads=threads).state("voorbeeld.example") for threads in (1, 3)
    ]
    assert states[0] == states[1]
    rows = states[0]["rows"]
    assert rows["version"] == 1 and sum(row["messages"] for row in rows["rows"]) == states[0]["messages"]
    report = dmarc_py.run({**CHECK, "reports": states[0]}, resolver().look_up)
    assert report["reports"]["messages"] == states[0]["messages"]


def test_questions_and_answers_travel_as_messages() -> None:
    question = {"kind": "dns", "name": "_dmarc.voorbeeld.example", "type": "TXT"}
    message = dmarc_py.question_message(question, id=7)
    assert message[:2] == b"\0\7"
    nowhere = bytearray(message)
    nowhere[2:4] = b"\x81\x83"  # a response: no such name
    facts = dmarc_py.Facts()
    facts.answer_message(question, nowhere)
    assert facts.look_up(question) == {"status": "nxdomain"}
    evaluation = dmarc_py.Evaluation({"check": "discovery", "author": "voorbeeld.example"})
    evaluation.step()
    evaluation.answer_message(question, bytes(nowhere))
    assert evaluation.facts["names"]["_dmarc.voorbeeld.example"]["TXT"] == "NXDOMAIN"


@pytest.mark.parametrize("message", [b"", b"\0" * 12, dmarc_py.question_message({"kind": "dns", "name": "a.example", "type": "A"})])
def test_a_message_that_answers_nothing_raises(message: bytes) -> None:
    question = {"kind": "dns", "name": "_dmarc.voorbeeld.example", "type": "TXT"}
    with pytest.raises(dmarc_py.EvaluationError) as raised:
        dmarc_py.Facts().answer_message(question, message)
    assert raised.value.code == "invalid-message"


def test_a_question_that_is_not_for_the_dns_has_no_message() -> None:
    with pytest.raises(dmarc_py.EvaluationError) as raised:
        dmarc_py.question_message({"kind": "public_suffix", "name": "example.com"})
    assert raised.value.code == "invalid-question"
