# What the compiled part defines is described in __init__.pyi.
from typing import Any

from dmarc_py import (
    Batch,
    BuildError,
    Diagnostic,
    DmarcError,
    Evaluation,
    EvaluationError,
    Facts,
    Fix,
    Record,
    RejectedError,
    ReportTable,
    Table,
    __version__,
    build_dmarc,
    compare_dmarc,
    parse_dmarc,
    parse_record,
    parse_spf,
    question_message,
    read_reports,
    rules,
    write_report,
)

__all__ = [
    "Batch",
    "BuildError",
    "Diagnostic",
    "DmarcError",
    "Evaluation",
    "EvaluationError",
    "Facts",
    "Fix",
    "Record",
    "RejectedError",
    "ReportTable",
    "Table",
    "__version__",
    "build_dmarc",
    "compare_dmarc",
    "parse_dmarc",
    "parse_record",
    "parse_spf",
    "question_message",
    "read_reports",
    "rehearse_facts",
    "rules",
    "write_report",
]

# What _rehearsal.py calls.
def rehearse_facts(request: dict[str, Any], old: Facts | None, new: Facts | None) -> dict[str, Any]: ...
