"""Finds the shared vectors and compares what they expect with what there is."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TREE = Path(__file__).parents[2] / "dmarc-core" / "tests" / "vectors"

# Keys of a case that are input or meant for the reader; every other key is expected.
INPUT_KEYS = frozenset(
    "name reference note edition editions kind record_kind input input_hex repeat build author domain state zone "
    "snapshot zone_file zone_files origin ask inputs write organizations now check limits privacy privacy_key context smtp record request to".split()
)

# Which input says what kind a case is of, where neither the case nor its file does.
INFERRED = {
    "author": "discovery",
    "inputs": "report",
    "write": "write",
    "zone_file": "zone",
    "domain": "domain",
    "build": "build",
}


@dataclass(frozen=True)
class Case:
    """One case, under one edition."""

    name: str
    kind: str
    edition: str
    value: dict[str, Any]
    expected: dict[str, Any]

    def text(self) -> bytes | None:
        """The text that the spans of the case are about, if it is one."""
        if self.kind in ("record", "compare"):
            return self.octets()
        return self.value["zone_file"].encode() if "zone_file" in self.value else None

    def octets(self) -> bytes:
        """The record text of the case."""
        if "input" in self.value:
            return self.value["input"].encode()
        if "input_hex" in self.value:
            return bytes.fromhex(self.value["input_hex"])
        text, times = self.value["repeat"]
        return (text * times).encode()


def cases_below(folder: Path) -> Iterator[Case]:
    """Every case of every JSON file below a folder, once per edition that it runs under."""
    for file in sorted(folder.rglob("*.json")):
        document = json.loads(file.read_bytes())
        of_file = {} if isinstance(document, list) else document
        place = file.relative_to(folder).with_suffix("").as_posix()
        for value in document if isinstance(document, list) else document["cases"]:
            of_file_kind = of_file.get("kind")
            inferred = next((kind for key, kind in INFERRED.items() if key in value), "record")
            shared_input = {key: of_file[key] for key in ("zone", "inputs") if key in of_file}
            case = {"record_kind": of_file.get("record_kind", "dmarc"), **shared_input, **value}
            shared = {key: expected for key, expected in value.items() if key not in INPUT_KEYS}
            editions = value.get("editions") or {value.get("edition", "rfc9989"): {}}
            for edition, own in editions.items():
                yield Case(
                    name=f"{place}: {value['name']}",
                    kind=value.get("kind") or of_file_kind or inferred,
                    edition=edition,
                    value=case,
                    expected={**shared, **own},
                )


def differences(expected: Any, actual: Any, place: str = "") -> Iterator[str]:
    """Each point where a view is not as expected."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key, value in expected.items():
            if key not in actual:
                yield f"{place}.{key}: missing, expected {value!r}"
                continue
            found = actual[key]
            if key == "diagnostics":
                found = _without_unnamed_notices(value, found)
            yield from differences(value, found, f"{place}.{key}")
    elif isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            yield f"{place}: {len(actual)} elements, expected {len(expected)}: {actual!r}"
        for index, (one, other) in enumerate(zip(expected, actual, strict=False)):
            yield from differences(one, other, f"{place}[{index}]")
    elif expected != actual or isinstance(expected, bool) != isinstance(actual, bool):
        yield f"{place}: {actual!r}, expected {expected!r}"


def _without_unnamed_notices(expected: Any, actual: Any) -> Any:
    if not isinstance(expected, list) or not isinstance(actual, list):
        return actual
    named = {found.get("code") for found in expected}
    return [found for found in actual if found["severity"] != "notice" or found["code"] in named]


def spans_in_characters(value: Any, octets: bytes | None) -> Any:
    """What is expected, with spans counted in characters instead of bytes."""
    if octets is None:
        return value
    if isinstance(value, list):
        return [spans_in_characters(item, octets) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: [_characters(octets[:end]) for end in item]
        if key == "span" and item is not None
        else spans_in_characters(item, octets)
        for key, item in value.items()
    }


def _characters(octets: bytes) -> int:
    # Each octet that is not UTF-8 counts as one character.
    return len(octets.decode(errors="surrogateescape"))
