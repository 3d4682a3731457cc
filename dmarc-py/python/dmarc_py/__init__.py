"""Reads e-mail authentication records and reports, says what a receiver does with them, and what is wrong with them."""

from ._loop import run, run_async
from ._native import (
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
from ._message import check_message
from ._portfolio import portfolio
from ._rehearsal import rehearse
from ._spf import check_host, spf_analysis, spf_tree

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
    "check_host",
    "check_message",
    "compare_dmarc",
    "parse_dmarc",
    "parse_record",
    "parse_spf",
    "portfolio",
    "question_message",
    "read_reports",
    "rehearse",
    "rules",
    "run",
    "run_async",
    "spf_analysis",
    "write_report",
    "spf_tree",
]
