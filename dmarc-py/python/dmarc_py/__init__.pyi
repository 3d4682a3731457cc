from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from os import PathLike
from typing import Any, ClassVar, Literal, Protocol, SupportsIndex, TypeAlias, TypedDict, final, overload

from typing_extensions import Buffer, Self

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

__version__: str

_Edition: TypeAlias = Literal["rfc9989", "rfc7489"]
_Lang: TypeAlias = Literal["en", "nl"]
_Kind: TypeAlias = Literal["auto", "dmarc", "spf", "dkim", "dkim-signature", "mta-sts", "mta-sts-policy", "tls-rpt", "tlsa"]
_Severity: TypeAlias = Literal["error", "warning", "notice"]
_Limits: TypeAlias = dict[str, int]
_Check: TypeAlias = dict[str, Any]
_Question: TypeAlias = dict[str, Any]
_Answer: TypeAlias = dict[str, Any]
_Tag: TypeAlias = str | int | Sequence[str] | None

class _File(Protocol):
    def read(self) -> bytes: ...

_Report: TypeAlias = Buffer | str | PathLike[str] | _File

class _Edit(TypedDict):
    span: tuple[int, int]
    replacement: str

class _Built(TypedDict):
    text: str
    strings: str

class _Written(TypedDict):
    document: str
    packed: bytes
    file_name: str
    subject: str

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
    def kind(self) -> Literal["dmarc", "spf", "dkim", "dkim-signature", "mta-sts", "mta-sts-policy", "tls-rpt", "tlsa", "unknown"]:
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
    def place(self) -> dict[str, Any] | None:
        """Where it is in a document, as line and column from 1; None for a record."""
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

@final
class Facts:
    """What is known: zone files, snapshots and single answers. `look_up` serves as the `resolve` of `run`."""

    def __new__(cls) -> Self: ...
    def load_zone(
        self, text: str | Buffer, origin: str | None = None, *, limits: _Limits | None = None, lang: _Lang = "en"
    ) -> list[Diagnostic]:
        """Load a zone file; returns what is wrong with it."""
    def load_snapshot(
        self, snapshot: dict[str, Any] | str | Buffer, *, lang: _Lang = "en"
    ) -> list[Diagnostic]:
        """Load a snapshot, as dict or JSON text; returns what is wrong with it."""
    def answer(self, question: _Question, answer: _Answer) -> None:
        """Take an answer to a question; the last one counts."""
    def answer_message(self, question: _Question, message: Buffer) -> None:
        """Take an answer to a question as a DNS message."""
    def look_up(self, question: _Question) -> _Answer | None:
        """The answer to a question as an answer document; None if nothing is known."""

@final
class Evaluation:
    """A check with the facts it has so far.

    Call step, answer what it asks, and call it again until it returns None. `run` does all that.
    """

    def __new__(
        cls,
        check: _Check,
        *,
        facts: Facts | None = None,
        limits: _Limits | None = None,
        lang: _Lang = "en",
    ) -> Self: ...
    def step(self, *, needed_only: bool = False) -> list[_Question] | None:
        """Run as far as the facts reach. Returns the questions of the next round, or None at the end."""
    def answer(self, question: _Question, answer: _Answer) -> None:
        """Take an answer to a question, as answer document."""
    def answer_message(self, question: _Question, message: Buffer) -> None:
        """Take an answer to a question as a DNS message, such as DNS over HTTPS gives."""
    def load_zone(
        self, text: str | Buffer, origin: str | None = None, *, lang: _Lang = "en"
    ) -> list[Diagnostic]:
        """Load a zone file, whose names are then not asked for; returns what is wrong with it."""
    def load_snapshot(
        self, snapshot: dict[str, Any] | str | Buffer, *, lang: _Lang = "en"
    ) -> list[Diagnostic]:
        """Load a snapshot, as dict or JSON text; returns what is wrong with it."""
    @property
    def facts(self) -> dict[str, Any]:
        """The facts that the check uses, as a snapshot; loaded again, they give the same report."""
    @property
    def rounds(self) -> int:
        """Rounds of questions so far."""
    @property
    def asked(self) -> list[_Question]:
        """Questions put so far, each once."""
    @property
    def report(self) -> dict[str, Any]:
        """The result, as plain data with spans in characters. Raises EvaluationError before the end."""

@final
class Batch:
    """What was read from some inputs: reports, what was refused, and totals that add up."""

    @property
    def totals(self) -> dict[str, int]:
        """Sums over all inputs: inputs, reports, records and messages, in, out and refused."""
    @property
    def reports(self) -> ReportTable:
        """One dict per report: who, when, which policy, and sums over its records; and a table to hand over."""
    @property
    def extensions(self) -> ReportTable:
        """Extensions of reports and their records, each as XML that stands by itself."""
    @property
    def failure_reports(self) -> ReportTable:
        """Failure reports: one dict each, and a table to hand over."""
    @property
    def tls_reports(self) -> ReportTable:
        """Reports on TLS: one dict each with its policies and their failures, and a table to hand over."""
    @property
    def tls_policies(self) -> ReportTable:
        """The policies of reports on TLS as a table."""
    @property
    def tls_failures(self) -> ReportTable:
        """The failures of reports on TLS as a table."""
    @property
    def refused(self) -> list[dict[str, Any]]:
        """What was not read, with code and message."""
    @property
    def skipped(self) -> list[dict[str, Any]]:
        """Members of containers that are no reports."""
    @property
    def findings(self) -> dict[str, int]:
        """How often each rule was found, by code."""
    @property
    def sources(self) -> list[dict[str, Any]]:
        """Who sent: one dict per source, the one with most messages first."""
    @property
    def streams(self) -> list[dict[str, Any]]:
        """Streams: one dict each with what it is, why, and what it rests on, the one with most messages first."""
    @property
    def changes(self) -> list[dict[str, Any]]:
        """What changed while reports came in: new, broken and silent."""
    @property
    def diagnostics(self) -> ReportTable:
        """Every finding that was kept, with its report and its place; handed over, the table of findings."""
    def state(self, domain: str) -> dict[str, Any]:
        """What the reports say about a domain and the names below it, summed: "reports" in a check of it."""
    @property
    def records(self) -> Table:
        """The records as a table, one row per record."""
    @property
    def dkim_results(self) -> Table:
        """The DKIM results of all records as a table, one row per result."""
    @property
    def spf_results(self) -> Table:
        """The SPF results of all records as a table, one row per result."""
    @property
    def reasons(self) -> Table:
        """The reasons for other dispositions of all records as a table, one row per reason."""
    @property
    def tables(self) -> dict[str, Table | ReportTable]:
        """All tables by their names, from "records" to "tls_failures"."""
    def to_dict(self) -> dict[str, Any]:
        """Everything but the records as plain data: the JSON of `dmarc-check reports`."""

@final
class Table:
    """A table that pandas, Polars, DuckDB, pyarrow and others read, as often as they like."""

    @property
    def column_names(self) -> list[str]:
        """Names of the columns, in order."""
    def __arrow_c_schema__(self) -> object:
        """The schema, as an Arrow PyCapsule."""
    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The rows in batches, as an Arrow PyCapsule; each call begins anew."""
    def __len__(self) -> int: ...

@final
class ReportTable:
    """Rows as dicts, and the same as an Arrow table for pandas, Polars, DuckDB, pyarrow and others."""

    @property
    def column_names(self) -> list[str]:
        """Names of the columns of the table, in order."""
    def __arrow_c_schema__(self) -> object:
        """The schema, as an Arrow PyCapsule."""
    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The rows, as an Arrow PyCapsule; each call begins anew."""
    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, index: SupportsIndex, /) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice, /) -> list[dict[str, Any]]: ...
    def __eq__(self, other: object, /) -> bool: ...

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

def question_message(question: _Question, *, id: int = 0) -> bytes:
    """A question as a DNS message, to be sent to a resolver over UDP, TCP or HTTPS."""

def read_reports(
    reports: _Report | Iterable[_Report | tuple[str, Buffer | Exception]],
    *,
    limits: _Limits | None = None,
    lang: _Lang = "en",
    privacy: Literal["keep", "hash", "drop"] = "keep",
    privacy_key: str | Buffer | None = None,
    organizations: Iterable[str] | Facts | dict[str, Any] | str | None = None,
    digests: bool = False,
    rows: bool = False,
    edition: _Edition = "rfc9989",
    threads: int | None = None,
) -> Batch:
    """Read reports from octets, files, folders, or any iterable of them; the lock is released meanwhile.

    `organizations`: names of organizational domains, or Facts or a snapshot, for the alignment that is worked out.
    `digests`: whether `xml_digest` of the table of reports is worked out, over each octet of their documents.
    `rows`: whether `Batch.state` holds the rows that a change of records is rehearsed on.
    """

_Records: TypeAlias = Facts | dict[str, Any] | str | list[str]

def rehearse(
    reports: dict[str, Any],
    old: _Records,
    new: _Records | None = None,
    *,
    domain: str | None = None,
    set: Mapping[str, str | int | None] | None = None,
    signs: Iterable[dict[str, str]] = (),
    editions: Iterable[_Edition] = ("rfc9989", "rfc7489"),
    public_suffix: Iterable[str] = (),
    maps: dict[str, Any] | None = None,
    thresholds: dict[str, float] | None = None,
) -> dict[str, Any]:
    """Replay every reported row through a change of records: the JSON of `dmarc-check change`.

    `reports`: the sums of a domain, from `read_reports(..., rows=True).state(domain)`.
    `old`, `new`: Facts, a snapshot, the text of a zone file, or a list of such texts. Instead of `new`, `set` gives other
    values to tags of the DMARC record of `domain`; None takes a tag away. `maps`, `thresholds`: as in the context of a
    domain's check.
    """

_Profile: TypeAlias = Literal["ubv", "forum", "internet-nl", "baseline"]

def portfolio(
    domains: str | Iterable[str],
    facts: _Records,
    *,
    profiles: Iterable[_Profile] | None = None,
    edition: _Edition = "rfc9989",
    now: int | None = None,
    smtp: dict[str, Any] | None = None,
    lang: _Lang = "en",
) -> dict[str, Any]:
    """Judge many domains: the JSON of `dmarc-check portfolio`.

    `domains`: the text of a list, one name per line with `#` before comments, or names. `facts`: Facts, a snapshot,
    the text of a zone file, or a list of such texts; nobody is asked beyond them. `profiles`: those that are judged, all
    of them if left out. `now`: when the answers hold. `smtp`: what was seen at mail hosts.
    """

def write_report(report: dict[str, Any], /) -> _Written:
    """Write a report from plain data; what its standard does not allow raises DmarcError."""

def rules(*, lang: _Lang = "en") -> list[dict[str, Any]]:
    """Every rule of the library: code, severity, reference, summary, arguments and sentences."""

def run(
    check: _Check | Evaluation,
    resolve: Callable[[_Question], _Answer | bytes | None],
    *,
    lang: _Lang = "en",
) -> dict[str, Any]:
    """Run a check to its end, looking up each question with `resolve`. Returns the report."""

async def run_async(
    check: _Check | Evaluation,
    resolve: Callable[[_Question], Awaitable[_Answer | bytes | None]],
    *,
    lang: _Lang = "en",
) -> dict[str, Any]:
    """Run a check to its end; the questions of a round are looked up at the same time."""

def check_host(
    ip: str,
    resolve: Callable[[_Question], _Answer | bytes | None] | None = None,
    *,
    mail_from: str | None = None,
    helo: str = "",
    receiver: str | None = None,
    now: int | None = None,
    conventions: dict[str, Any] | None = None,
    facts: Facts | dict[str, Any] | str | None = None,
    lang: _Lang = "en",
) -> dict[str, Any]:
    """What SPF says about a client and a sender (RFC 7208, 4), with every step on the way."""

def check_message(
    message: str | bytes | None = None,
    resolve: Callable[[_Question], _Answer | bytes | None] | None = None,
    *,
    author: str | list[str] | None = None,
    authserv_id: str | None = None,
    spf: dict[str, Any] | None = None,
    dkim: Iterable[dict[str, Any]] | None = None,
    edition: _Edition = "rfc9989",
    now: int | None = None,
    random: int | None = None,
    overrides: Iterable[dict[str, Any]] | None = None,
    each_author: bool | None = None,
    facts: Facts | dict[str, Any] | str | None = None,
    lang: _Lang = "en",
) -> dict[str, Any]:
    """Whether a message passes DMARC, and why: the JSON of `dmarc-check message`."""

def spf_analysis(
    domain: str,
    resolve: Callable[[_Question], _Answer | bytes | None] | None = None,
    *,
    record: str | None = None,
    addresses: Iterable[str] = (),
    compare: str | None = None,
    rewrite: bool = False,
    usage: dict[str, int] | None = None,
    client: dict[str, Any] | None = None,
    conventions: dict[str, Any] | None = None,
    facts: Facts | dict[str, Any] | str | None = None,
    lang: _Lang = "en",
) -> dict[str, Any]:
    """What the SPF policy of a domain costs, and whom it authorizes: the JSON of `dmarc-check spf`."""

def spf_tree(
    domain: str,
    resolve: Callable[[_Question], _Answer | bytes | None] | None = None,
    *,
    record: str | None = None,
    conventions: dict[str, Any] | None = None,
    facts: Facts | dict[str, Any] | str | None = None,
) -> dict[str, Any]:
    """What each term of the SPF policy of a domain costs, alone and with all below it, and the sum."""
