"""Many domains in one run."""

from collections.abc import Iterable
from typing import Any, Literal

from ._known import Known, facts_of, plain
from ._native import portfolio_facts


def portfolio(
    domains: str | Iterable[str],
    facts: Known,
    *,
    profiles: Iterable[str] | None = None,
    edition: Literal["rfc9989", "rfc7489"] = "rfc9989",
    now: int | None = None,
    smtp: dict[str, Any] | None = None,
    lang: Literal["en", "nl"] = "en",
) -> dict[str, Any]:
    """Judge many domains: the JSON of `dmarc-check portfolio`.

    `domains` is the text of a list, one name per line with `#` before comments, or names. `facts` is what is known:
    Facts, a snapshot (dict), the text of a zone file, or a list of such texts; nobody is asked beyond it. `profiles`
    are those that are judged, all of them if left out; `now` is when the answers hold, in epoch seconds; `smtp` is what
    was seen at mail hosts. What is wrong with the list is part of the result; a text that is no zone file raises
    DmarcError with a code.
    """
    request: dict[str, Any] = {
        "domains": domains if isinstance(domains, str) else list(domains),
        "records": plain(facts),
        "edition": edition,
        "now": now,
        "smtp": smtp,
    }
    if profiles is not None:
        request["profiles"] = list(profiles)
    return portfolio_facts(request, facts_of(facts), lang)
