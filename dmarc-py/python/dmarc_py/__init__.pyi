from collections.abc import Sequence
from typing import Any, ClassVar, Literal, TypeAlias, TypedDict, final

from typing_extensions import Buffer

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

__version__: str

_Edition: TypeAlias = Literal["rfc9989", "rfc7489"]
_Lang: TypeAlias = Literal["en", "nl"]
_Kind: TypeAlias = Literal["auto", "dmarc", "spf"]
_Severity: TypeAlias = Literal["error", "warning", "notice"]
_Tag: TypeAlias = str | int | Sequence[str] | None

class _Edit(TypedDict):
    span: tuple[int, int]
    replacement: str

class _Built(TypedDict):
    text: str
    strings: str

class DmarcError(ValueError):
    """Something could not be done. `code` says what, for programs."""

    code: str

class RejectedError(DmarcError):
    """A text that the strict reading does not accept. `record` is what was read, with its findings."""

    record: Record

class BuildError(DmarcError):
    """Tags that make no valid record."""

class EvaluationError(DmarcError):
    """A check, an answer, a zone or a snapshot that cannot be used."""

@final
class Record:
    """A text read as a record: what was written, what a receiver acts on, and what was found."""

    @property
    def input(self) -> str:
        """The text as given; an octet that is not UTF-8 shows as U+FFFD."""
    @property
    def kind(self) -> Literal["dmarc", "spf", "unknown"]:
        """What it was read as."""
    @property
    def edition(self) -> _Edition:
        """The edition it was read by."""
    @property
    def verdict(self) -> Literal["usable", "acts-as-none", "unusable", "not-a-record"]:
        """What receivers make of it."""
    @property
    def published(self) -> dict[str, Any] | None:
        """What is written, as text by tag; None where a tag is absent, or if it is no record."""
    @property
    def effective(self) -> dict[str, Any] | None:
        """What a receiver acts on, after defaults; None if it acts on nothing."""
    @property
    def diagnostics(self) -> list[Diagnostic]:
        """What was found, by position in the text, then by code."""
    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data: the JSON of `dmarc-check record`, with spans in characters."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    __hash__: ClassVar[None]  # type: ignore[assignment]

@final
class Diagnostic:
    """One thing found in a record."""

    @property
    def code(self) -> str:
        """What programs match on: `area/kebab-case`."""
    @property
    def severity(self) -> _Severity:
        """How bad it is."""
    @property
    def span(self) -> tuple[int, int] | None:
        """Start and end, counted in characters as Python strings are; None if it has no one place."""
    @property
    def message(self) -> str:
        """What is wrong here, in one line."""
    @property
    def help(self) -> str:
        """What to do."""
    @property
    def reference(self) -> str:
        """Where it is written, such as `RFC 9989, 4.7`."""
    @property
    def args(self) -> dict[str, Any]:
        """What the message is about, by name."""
    @property
    def subject(self) -> dict[str, Any] | None:
        """The record it is about, as name, type and index; None where that is clear."""
    @property
    def fix(self) -> Fix | None:
        """A change that mends it; None where none is clearly meant."""
    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    __hash__: ClassVar[None]  # type: ignore[assignment]

@final
class Fix:
    """A change that mends a finding, and what it does to the policy."""

    @property
    def effect(self) -> Literal["none", "stricter", "looser", "mixed"]:
        """What it does to the policy; only `none` may be applied unseen."""
    @property
    def edits(self) -> list[_Edit]:
        """Replacements by position, with spans in characters."""
    @property
    def result(self) -> str:
        """The whole text after the edits."""
    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    __hash__: ClassVar[None]  # type: ignore[assignment]

def parse_dmarc(
    text: str | Buffer, *, edition: _Edition = "rfc9989", lang: _Lang = "en", strict: bool = False
) -> Record:
    """Read a text as a DMARC Policy Record."""

def parse_spf(text: str | Buffer, *, lang: _Lang = "en", strict: bool = False) -> Record:
    """Read a text as an SPF record."""

def parse_record(
    text: str | Buffer,
    kind: _Kind = "auto",
    *,
    edition: _Edition = "rfc9989",
    lang: _Lang = "en",
    strict: bool = False,
) -> Record:
    """Read a text as a record of a kind."""

def build_dmarc(*, policy: str, edition: _Edition = "rfc9989", **tags: _Tag) -> _Built:
    """Build a valid DMARC Policy Record; every tag but `p` is given by its name."""

def compare_dmarc(text: str | Buffer, *, lang: _Lang = "en") -> dict[str, Any]:
    """Compare what readers of both editions make of a record."""

def rules(*, lang: _Lang = "en") -> list[dict[str, Any]]:
    """Every rule of the library: code, severity, reference, summary, arguments and sentences."""
