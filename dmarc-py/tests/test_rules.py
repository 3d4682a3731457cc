import json
from pathlib import Path

import dmarc_py

CATALOG = Path(__file__).parents[2] / "dmarc-core" / "tests" / "catalog.json"


def test_rules_are_those_of_the_catalog() -> None:
    assert dmarc_py.rules() == json.loads(CATALOG.read_bytes())


def test_rules_have_sentences_in_both_languages() -> None:
    english, dutch = dmarc_py.rules(lang="en"), dmarc_py.rules(lang="nl")
    assert [rule["code"] for rule in english] == [rule["code"] for rule in dutch]
    assert all(rule["message"] and rule["help"] for rule in dutch)
    assert any(one["message"] != other["message"] for one, other in zip(english, dutch, strict=True))
