"""Runs the shared vectors; their README describes the format."""

import base64
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from series import documents
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
        case "discovery" | "domain" | "dkim" | "message":
            return evaluate(case)
        case "spf":
            asked = dict(value.get("request", {}))
            client = asked.pop("check_host", None)
            record = value.get("record")
            return dmarc_py.spf_analysis(value["domain"], record=record, client=client, facts=known(value), **asked)
        case "spf_tree":
            record = value.get("record")
            return dmarc_py.spf_tree(value["domain"], record=record, facts=known(value), **value.get("request", {}))
        case "check_host":
            return dmarc_py.check_host(**value["request"], facts=known(value))
        case "zone":
            return look_ups(value)
        case "report":
            inputs = inputs_of(value)
            privacy = {key: value[key] for key in ("privacy", "privacy_key") if key in value}
            alignment = {"organizations": value.get("organizations"), "edition": case.edition}
            options = {**privacy, **alignment, "digests": "tables" in value}
            batch = dmarc_py.read_reports(inputs, limits=value.get("limits"), **options)
            tables = {"tables": rows_of(batch)} if "tables" in value else {}
            return {**batch.to_dict(), **tables}
        case "change":
            return change(case)
        case "portfolio":
            return portfolio(case)
        case "write":
            try:
                written = dmarc_py.write_report(value["write"])
            except dmarc_py.DmarcError as error:
                return {"error": error.code}
            batch = dmarc_py.read_reports([("document", written["document"].encode())])
            return {**written, "read": batch.to_dict()}
        case other:
            raise NotImplementedError(f"no runner for cases of kind {other}")


def rows_of(batch: dmarc_py.Batch) -> dict[str, list[dict[str, Any]]]:
    """The rows of the tables as the other languages have them: times in seconds, and no octets of addresses."""
    tables = {name: pyarrow.table(table).to_pylist() for name, table in batch.tables.items()}
    for row in (row for table in tables.values() for row in table):
        row.pop("source_ip_bytes", None)
        row.update({name: int(value.timestamp()) for name, value in row.items() if isinstance(value, datetime)})
    return tables


def evaluate(case: Case) -> dict[str, Any]:
    """The report of a check over a zone or snapshot, with nobody to ask beyond it."""
    value = case.value
    keys = [key for key in ("author", "domain", "now", "context", "smtp") if value.get(key) is not None]
    check = {"check": case.kind, **{key: value[key] for key in keys}, **value.get("request", {})}
    check["edition"] = case.edition
    if value.get("state") is not None:
        check["reports"] = value["state"]
    elif "inputs" in value:
        check["reports"] = state(value)
    evaluation = dmarc_py.Evaluation(check)
    evaluation.load_snapshot(known(value))
    return dmarc_py.run(evaluation, lambda question: None)


def state(value: dict[str, Any]) -> dict[str, Any]:
    """The sums of the inputs about the domain of a case, with rows."""
    return dmarc_py.read_reports(inputs_of(value), rows=True).state(value["domain"])


def change(case: Case) -> dict[str, Any]:
    """A change of the zone of a case: to `to`, names in place of those of the zone, or by what the request says."""
    value, request = case.value, {"editions": [case.edition], **case.value.get("request", {})}
    reports = request.pop("reports") if "reports" in request else state(value)
    domain = value["domain"] if "set" in request else None
    to = {"complete": True, "names": {**value["zone"], **value["to"]}} if "to" in value else None
    try:
        found = dmarc_py.rehearse(reports, known(value), to, domain=domain, **request)
    except dmarc_py.DmarcError as error:
        return {"error": error.code}
    (rehearsed,) = found.pop("editions")
    return {**found, **rehearsed}


def portfolio(case: Case) -> dict[str, Any]:
    """Many domains over the zone or snapshot of a case, or over the zone files of its request."""
    request = dict(case.value["request"])
    records = request.pop("records", None)
    try:
        facts = records["zone_files"] if records else known(case.value)
        return dmarc_py.portfolio(request.pop("domains"), facts, edition=case.edition, **request)
    except dmarc_py.DmarcError as error:
        return {"error": error.code}


def known(value: dict[str, Any]) -> dict[str, Any]:
    """What a case knows, as a snapshot."""
    return {"complete": True, "names": value["zone"]} if "zone" in value else value["snapshot"]


def inputs_of(value: dict[str, Any]) -> list[tuple[str, bytes | OSError]]:
    """The inputs of a case; a series stands for many."""
    inputs: list[tuple[str, bytes | OSError]] = []
    for one in value["inputs"]:
        inputs += documents(one["series"]) if "series" in one else [(one["path"], octets_of(one))]
    return inputs


def octets_of(given: dict[str, Any]) -> bytes | OSError:
    """What one input of a report case holds, or why it cannot be had."""
    if "unreadable" in given:
        return OSError(given["unreadable"])
    if "base64" in given:
        return base64.b64decode(given["base64"])
    if "repeat" in given:
        before, text, times, behind = given["repeat"]
        return f"{before}{text * times}{behind}".encode()
    return given["text"].encode()


def look_ups(value: dict[str, Any]) -> dict[str, Any]:
    """What zone files or a snapshot answer to the questions of a case."""
    facts = dmarc_py.Facts()
    found = []
    for zone in [value["zone_file"]] if "zone_file" in value else value.get("zone_files", []):
        found += facts.load_zone(zone, value.get("origin"), limits=value.get("limits"))
    if "snapshot" in value:
        found += facts.load_snapshot(value["snapshot"])
    answers = [facts.look_up(question(asked)) for asked in value.get("ask", [])]
    return {"answers": answers, "diagnostics": [one.to_dict() for one in found]}


def question(asked: dict[str, str]) -> dict[str, str]:
    """A question as a case writes it, as the library does."""
    if "public_suffix" in asked:
        return {"kind": "public_suffix", "name": asked["public_suffix"]}
    return {"kind": "https" if "url" in asked else "dns", **asked}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name} [{case.edition}]")
def test_vector(case: Case) -> None:
    expected = case.expected
    expected = spans_in_characters(expected, case.text())
    assert not list(differences(expected, run(case)))


def test_names_of_all_cases_are_listed() -> None:
    names = sorted({case.name for case in CASES})
    assert names, f"no vectors below {TREE}"
    once = {(case.name, case.edition) for case in CASES}
    assert len(once) == len(CASES), "two cases have the same name"
    if file := os.environ.get("DMARC_VECTORS_NAMES"):
        Path(file).write_text("".join(f"{name}\n" for name in names))
