"""DMARC for one message, over facts at hand or with a resolver."""

from collections.abc import Callable, Iterable
from typing import Any, Literal

from ._native import Facts
from ._spf import _run

_Resolve = Callable[[dict[str, Any]], dict[str, Any] | bytes | None]


def check_message(
    message: str | bytes | None = None,
    resolve: _Resolve | None = None,
    *,
    author: str | list[str] | None = None,
    authserv_id: str | None = None,
    spf: dict[str, Any] | None = None,
    dkim: Iterable[dict[str, Any]] | None = None,
    edition: Literal["rfc9989", "rfc7489"] = "rfc9989",
    now: int | None = None,
    random: int | None = None,
    overrides: Iterable[dict[str, Any]] | None = None,
    each_author: bool | None = None,
    facts: Facts | dict[str, Any] | str | None = None,
    lang: Literal["en", "nl"] = "en",
) -> dict[str, Any]:
    """Whether a message passes DMARC, and why: the JSON of `dmarc-check message`.

    `message` is the message or its header; without it `author` names the domain in its From field. Of its
    Authentication-Results fields those of `authserv_id` are believed, or else those of the topmost one's. `spf` is
    what SPF said about MAIL FROM, {"domain": "example.com", "result": "pass"}; `dkim` has the same for each signature
    by its d= tag; both take the place of what the fields say. `now`, in epoch seconds, is when signatures are judged;
    `random` decides where pct holds for a share of the mail (RFC 7489); `overrides` are what the receiver does instead, {"disposition": "none", "type": "mailing_list"}. With `each_author` a message of several author
    domains is evaluated for each. `facts` and `resolve` are those of check_host.
    """
    check = {
        "check": "message",
        "message": message.decode("utf-8", "replace") if isinstance(message, bytes) else message,
        "author": author,
        "authserv_id": authserv_id,
        "spf": spf,
        "dkim": None if dkim is None else list(dkim),
        "edition": edition,
        "now": now,
        "random": random,
        "overrides": None if overrides is None else list(overrides),
        "each_author": each_author,
    }
    return _run(check, resolve, facts, lang)
