"""Reads e-mail authentication records and reports, says what a receiver does with them, and what is wrong with them."""

from ._native import (
    BuildError,
    Diagnostic,
    DmarcError,
    EvaluationError,
    Fix,
    Record,
    RejectedError,
    __version__,
    build_dmarc,
    compare_dmarc,
    parse_dmarc,
    parse_record,
    parse_spf,
    rules,
)

__all__ = [
    "BuildError",
    "Diagnostic",
    "DmarcError",
    "EvaluationError",
    "Fix",
    "Record",
    "RejectedError",
    "__version__",
    "build_dmarc",
    "compare_dmarc",
    "parse_dmarc",
    "parse_record",
    "parse_spf",
    "rules",
]
