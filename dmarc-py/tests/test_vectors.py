"""Runs the shared vectors; their README describes the format."""

import os
from pathlib import Path
from typing import Any

import pytest
from vectors import TREE, Case, cases_below, differences, spans_in_characters

import dmarc_py

CASES = list(cases_below(TREE))
if folder := os.environ.get("DMARC_VECTORS"):
    CASES += cases_below(Path(folder))


def run(case: Case) -> dict[str, Any]:
    """The view that a case is about."""
    value = case.value
    match case.kind:
        case "record":
            record = dmarc_py.parse_record(case.octets(), value["record_kind"], edition=case.edition)
            return record.to_dict()
        case "compare":
            return dmarc_py.compare_dmarc(case.octets())
        case "build":
            tags = dict(value["build"])
            try:
                return dmarc_py.build_dmarc(policy=tags.pop("p", "none"), edition=case.edition, **tags)
            except dmarc_py.BuildError as error:
                return {"error": error.code}
        case other:
            raise NotImplementedError(f"no runner for cases of kind {other}")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name} [{case.edition}]")
def test_vector(case: Case) -> None:
    expected = case.expected
    if case.kind in ("record", "compare"):
        expected = spans_in_characters(expected, case.octets())
    assert not list(differences(expected, run(case)))


def test_names_of_all_cases_are_listed() -> None:
    names = sorted({case.name for case in CASES})
    assert names, f"no vectors below {TREE}"
    once = {(case.name, case.edition) for case in CASES}
    assert len(once) == len(CASES), "two cases have the same name"
    if file := os.environ.get("DMARC_VECTORS_NAMES"):
        Path(file).write_text("".join(f"{name}\n" for name in names))
