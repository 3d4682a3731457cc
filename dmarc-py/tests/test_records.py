"""The functions about records, as Python sees them."""

import pytest

import dmarc_py

MISSPELT = "v=DMARC1; p=rejct; rua=mailto:d@example.com"


def test_bad_text_is_a_finding_and_no_exception() -> None:
    record = dmarc_py.parse_dmarc(MISSPELT)
    (found,) = record.diagnostics
    assert (record.kind, record.edition, record.verdict) == ("dmarc", "rfc9989", "acts-as-none")
    assert record.published is not None and record.published["p"] == "rejct"
    assert record.effective is not None and record.effective["p"] == "none"
    assert (found.code, found.severity) == ("dmarc/invalid-value", "error")
    assert found.span is not None and MISSPELT[slice(*found.span)] == "rejct"
    assert found.args["value"] == "rejct" and found.reference.startswith("RFC 9989")
    assert "rejct" in found.message and found.help


def test_a_fix_says_what_it_does_and_what_comes_out() -> None:
    (found,) = dmarc_py.parse_dmarc(MISSPELT).diagnostics
    assert found.fix is not None
    assert found.fix.effect == "stricter"
    assert found.fix.edits == [{"span": (12, 17), "replacement": "reject"}]
    assert found.fix.result == MISSPELT.replace("rejct", "reject")


@pytest.mark.parametrize("before", ["x=é; ", "x=😀é; ", "x=\udcff; ", "x=\ud800\udc00; "])
def test_spans_count_characters_also_behind_others_than_ascii(before: str) -> None:
    text = f"v=DMARC1; p=none; {before}sp=rejct"
    found = next(found for found in dmarc_py.parse_dmarc(text).diagnostics if found.args.get("tag") == "sp")
    assert found.span is not None and text[slice(*found.span)] == "rejct"
    assert found.fix is not None
    assert found.fix.edits[0]["span"] == found.span


@pytest.mark.parametrize("octets", [bytes, bytearray, memoryview])
def test_octets_are_taken_in_every_form(octets: type) -> None:
    record = dmarc_py.parse_dmarc(octets(b"v=DMARC1; p=none; x=\xff"))
    assert record.input == "v=DMARC1; p=none; x=\ufffd"


def test_strict_raises_with_the_record() -> None:
    with pytest.raises(dmarc_py.RejectedError) as raised:
        dmarc_py.parse_dmarc(MISSPELT, strict=True)
    assert raised.value.code == "rejected"
    assert raised.value.record == dmarc_py.parse_dmarc(MISSPELT)
    assert isinstance(raised.value, dmarc_py.DmarcError) and isinstance(raised.value, ValueError)


def test_strict_takes_a_record_without_errors() -> None:
    assert dmarc_py.parse_dmarc("v=DMARC1; p=none", strict=True).verdict == "usable"


def test_a_text_of_another_kind_is_told_apart() -> None:
    assert dmarc_py.parse_dmarc("v=spf1 -all").verdict == "not-a-record"
    assert dmarc_py.parse_record("v=spf1 -all").kind == "spf"
    assert dmarc_py.parse_spf("v=spf1 -all").verdict == "usable"
    assert dmarc_py.parse_record("hello").kind == "unknown"


def test_editions_differ() -> None:
    text = "v=DMARC1; p=reject; pct=50"
    assert dmarc_py.parse_dmarc(text, edition="rfc7489").effective["pct"] == 50
    assert dmarc_py.parse_dmarc(text).effective["pct"] is None
    fields = [difference["field"] for difference in dmarc_py.compare_dmarc(text)["differences"]]
    assert "pct" in fields


def test_messages_come_in_dutch() -> None:
    dutch = dmarc_py.parse_dmarc(MISSPELT, lang="nl").diagnostics[0]
    english = dmarc_py.parse_dmarc(MISSPELT).diagnostics[0]
    assert dutch.code == english.code and dutch.message != english.message


def test_records_compare_by_what_they_hold() -> None:
    assert dmarc_py.parse_dmarc(MISSPELT) == dmarc_py.parse_dmarc(MISSPELT)
    assert dmarc_py.parse_dmarc(MISSPELT) != dmarc_py.parse_dmarc("v=DMARC1; p=none")
    assert "rejct" in repr(dmarc_py.parse_dmarc(MISSPELT))


def test_records_cannot_be_changed_or_made_by_hand() -> None:
    record = dmarc_py.parse_dmarc(MISSPELT)
    with pytest.raises(AttributeError):
        record.verdict = "usable"
    with pytest.raises(TypeError):
        dmarc_py.Record()


def test_a_built_record_reads_back() -> None:
    built = dmarc_py.build_dmarc(policy="quarantine", np="reject", rua=["dmarc@example.com"])
    record = dmarc_py.parse_dmarc(built["text"], strict=True)
    assert record.effective["np"] == "reject" and record.effective["rua"] == ["mailto:dmarc@example.com"]
    assert built["strings"] == f'"{built["text"]}"'


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ({"policy": "rejct"}, "build/value"),
        ({"policy": "none", "pct": 50}, "build/not-in-edition"),
        ({"policy": "none", "rua": "not an address"}, "build/address"),
        ({"policy": "none", "colour": "red"}, "build/unknown-tag"),
    ],
)
def test_what_cannot_be_built_raises_with_a_code(tags: dict, code: str) -> None:
    with pytest.raises(dmarc_py.BuildError) as raised:
        dmarc_py.build_dmarc(**tags)
    assert raised.value.code == code


@pytest.mark.parametrize("arguments", [{"edition": "rfc822"}, {"lang": "tlh"}])
def test_an_argument_that_cannot_be_used_is_named(arguments: dict) -> None:
    with pytest.raises(dmarc_py.DmarcError, match=next(iter(arguments))) as raised:
        dmarc_py.parse_dmarc("v=DMARC1; p=none", **arguments)
    assert raised.value.code == "invalid-argument"


def test_an_object_of_another_type_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="int"):
        dmarc_py.parse_dmarc(1)
