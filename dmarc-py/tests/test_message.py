"""DMARC for one message, from Python."""

import pytest

import dmarc_py

SNAPSHOT = {
    "complete": True,
    "names": {"_dmarc.example.com": {"TXT": ["v=DMARC1; p=reject; sp=quarantine"]}, "www.example.com": {"A": ["192.0.2.1"]}},
    "public_suffix": ["com", "net"],
}
HEADER = b"From: \"J\xfcrgen\" <info@www.example.com>\r\nSubject: x\r\n\r\n"


def test_a_message_is_evaluated_over_a_snapshot() -> None:
    found = dmarc_py.check_message(
        HEADER,
        spf={"domain": "example.net", "result": "pass"},
        dkim=[{"domain": "mail.example.com", "result": "pass"}],
        facts=SNAPSHOT,
    )
    assert found["result"] == "pass"
    assert found["author_domain"] == "www.example.com"
    assert (found["spf_aligned"], found["dkim_aligned"]) == (False, True)
    assert (found["policy_tag"], found["requested_policy"]) == ("sp", "quarantine")
    assert found["queries"][:3] == ["_dmarc.www.example.com", "_dmarc.example.com", "_dmarc.com"]


def test_an_author_is_enough_and_the_language_is_chosen() -> None:
    english = dmarc_py.check_message(author="example.com", facts=SNAPSHOT)
    dutch = dmarc_py.check_message(author="example.com", facts=SNAPSHOT, lang="nl", edition="rfc7489")
    assert english["result"] == dutch["result"] == "fail"
    assert english["steps"][-1]["code"] == dutch["steps"][-1]["code"] == "message/fail"
    assert english["steps"][-1]["message"] != dutch["steps"][-1]["message"]


def test_without_anybody_to_ask_the_verdict_stays_open() -> None:
    assert dmarc_py.check_message(author="example.com")["result"] is None


def test_what_is_not_a_result_is_refused() -> None:
    with pytest.raises(dmarc_py.EvaluationError):
        dmarc_py.check_message(author="example.com", spf={"domain": "example.com", "result": "excellent"})


def test_spans_count_characters() -> None:
    header = "Authentication-Results: bücher.example; spf=pass smtp.mailfrom=example.com é\r\nFrom: a@example.com\r\n\r\n"
    found = dmarc_py.check_message(header, authserv_id="BÜCHER.example", facts=SNAPSHOT)
    [field] = found["authentication_results"]["fields"]
    [start, end] = field["diagnostics"][0]["span"]
    assert field["text"][start:end] == "é"
    assert field["trusted"] and found["spf_aligned"]
