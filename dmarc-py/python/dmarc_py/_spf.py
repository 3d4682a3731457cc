"""SPF over facts at hand, or with a resolver."""

from collections.abc import Callable, Iterable
from typing import Any, Literal

from ._loop import run
from ._native import Evaluation, Facts

_Resolve = Callable[[dict[str, Any]], dict[str, Any] | bytes | None]


def check_host(
    ip: str,
    resolve: _Resolve | None = None,
    *,
    mail_from: str | None = None,
    helo: str = "",
    receiver: str | None = None,
    now: int | None = None,
    conventions: dict[str, Any] | None = None,
    facts: Facts | dict[str, Any] | str | None = None,
    lang: Literal["en", "nl"] = "en",
) -> dict[str, Any]:
    """What SPF says about a client and a sender (RFC 7208, 4), with every step on the way.

    With `mail_from` its domain is checked, "" being the null reverse-path; without, the name in `helo`.
    `facts` is what is known: Facts, or a snapshot as dict or JSON text; `resolve` looks up what is
    not, as in run. Without it that stays open, and "result" is None where it matters.
    """
    check = {
        "check": "check_host",
        "ip": ip,
        "mail_from": mail_from,
        "helo": helo,
        "receiver": receiver,
        "now": now,
        "conventions": conventions,
    }
    return _run(check, resolve, facts, lang)


def spf_analysis(
    domain: str,
    resolve: _Resolve | None = None,
    *,
    record: str | None = None,
    addresses: Iterable[str] = (),
    compare: str | None = None,
    rewrite: bool = False,
    usage: dict[str, int] | None = None,
    client: dict[str, Any] | None = None,
    conventions: dict[str, Any] | None = None,
    facts: Facts | dict[str, Any] | str | None = None,
    lang: Literal["en", "nl"] = "en",
) -> dict[str, Any]:
    """What the SPF policy of a domain costs, and whom it authorizes: the JSON of `dmarc-check spf`.

    `record` is taken instead of what is published; `addresses` are those whose result is wanted;
    `compare` is another domain, or a record at this one; `rewrite` asks for other ways to write it, for which
    `usage` may say how often mail needed each term. `client` is {"ip": ..., "mail_from": ..., "helo": ...}:
    its result is "check_host" in the report. `facts` and `resolve` are those of check_host.
    """
    check = {
        "check": "spf",
        "domain": domain,
        "record": record,
        "addresses": list(addresses),
        "compare": compare,
        "rewrite": rewrite,
        "usage": usage,
        "check_host": client,
        "conventions": conventions,
    }
    return _run(check, resolve, facts, lang)


def spf_tree(
    domain: str,
    resolve: _Resolve | None = None,
    *,
    record: str | None = None,
    conventions: dict[str, Any] | None = None,
    facts: Facts | dict[str, Any] | str | None = None,
) -> dict[str, Any]:
    """What each term of the SPF policy of a domain costs, alone and with all below it, and the sum.

    This is the "tree" of spf_analysis alone, for a fraction of its work: for many domains. `record`, `facts`
    and `resolve` are those of spf_analysis.
    """
    check = {"check": "spf_tree", "domain": domain, "record": record, "conventions": conventions}
    return _run(check, resolve, facts, "en")


def _run(
    check: dict[str, Any],
    resolve: _Resolve | None,
    facts: Facts | dict[str, Any] | str | None,
    lang: Literal["en", "nl"],
) -> dict[str, Any]:
    given = {key: value for key, value in check.items() if value is not None}
    if facts is None or isinstance(facts, Facts):
        evaluation = Evaluation(given, facts=facts, lang=lang)
    else:
        evaluation = Evaluation(given, lang=lang)
        evaluation.load_snapshot(facts, lang=lang)
    return run(evaluation, resolve or _nobody, lang=lang)


def _nobody(question: dict[str, Any]) -> None:
    """Answers no question."""
