from typing import Any

__all__ = ["DmarcError", "__version__", "rules"]

__version__: str

class DmarcError(ValueError):
    """Something could not be done. `code` says what, for programs."""

    code: str

def rules() -> list[dict[str, Any]]:
    """Every rule of the library: code, severity, reference, summary and arguments."""
