"""Reads e-mail authentication records and reports, and says what is wrong with them."""

from ._native import DmarcError, __version__, rules

__all__ = ["DmarcError", "__version__", "rules"]
