"""What is known, in the forms that functions over a whole zone or snapshot take."""

from typing import Any

from ._native import Facts

Known = Facts | dict[str, Any] | str | list[str]


def plain(records: Known) -> dict[str, Any]:
    """Records as plain data; nothing for Facts."""
    if isinstance(records, Facts):
        return {}
    if isinstance(records, dict):
        return {"snapshot": records}
    return {"zone_files": [records] if isinstance(records, str) else list(records)}


def facts_of(records: Known | None) -> Facts | None:
    """The Facts, if that is what was given."""
    return records if isinstance(records, Facts) else None
