"""A change of records, rehearsed on reports."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from ._known import Known, facts_of, plain
from ._native import rehearse_facts


def rehearse(
    reports: dict[str, Any],
    old: Known,
    new: Known | None = None,
    *,
    domain: str | None = None,
    set: Mapping[str, str | int | None] | None = None,
    signs: Iterable[dict[str, str]] = (),
    editions: Iterable[Literal["rfc9989", "rfc7489"]] = ("rfc9989", "rfc7489"),
    public_suffix: Iterable[str] = (),
    maps: dict[str, Any] | None = None,
    thresholds: dict[str, float] | None = None,
) -> dict[str, Any]:
    """Replay every reported row through a change of records: the JSON of `dmarc-check change`.

    `reports` are the sums of a domain, `read_reports(..., rows=True).state(domain)`. `old` are the
    records as they are and `new` as they would be: Facts, a snapshot (dict), the text of a zone
    file, or a list of such texts. Instead of `new`, `set` gives other values to tags of the DMARC record
    of `domain` (p, sp, np, t, pct, adkim, aspf), None taking a tag away. `signs` are senders that
    will sign, as {"sender": ..., "domain": ..., "selector": ...}; `public_suffix` are lines of the
    public suffix list, for RFC 7489. `maps` is what is known of senders, `thresholds` the numbers
    that classes rest on, as in the context of a domain's check. What cannot be rehearsed raises DmarcError with a code.
    """
    request = {
        "reports": reports,
        "domain": domain,
        "set": dict(set or {}),
        "signs": list(signs),
        "editions": list(editions),
        "public_suffix": list(public_suffix),
        "maps": maps or {},
        "thresholds": thresholds or {},
    }
    request |= {key: plain(each) for key, each in (("from", old), ("to", new)) if each is not None}
    return rehearse_facts(request, facts_of(old), facts_of(new))
