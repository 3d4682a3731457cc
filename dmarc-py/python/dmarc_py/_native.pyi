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
    "portfolio_facts",
    "question_message",
    "read_reports",
    "rehearse_facts",
    "rules",
    "write_report",
]

# What _portfolio.py and _rehearsal.py call.
def portfolio_facts(request: dict[str, Any], facts: Facts | None, lang: str) -> dict[str, Any]: ...
def rehearse_facts(request: dict[str, Any], old: Facts | None, new: Facts | None) -> dict[str, Any]: ...
