"""Reports of some weeks, written out from what a case says of them; the README of the vectors describes the form."""

from collections.abc import Iterator
from typing import Any

WEEK = 7 * 86_400


def documents(series: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """The documents of a series: one for each week and reporter that has rows, by name."""
    period = series.get("period", WEEK)
    for week in range(series["weeks"]):
        for org in series["reporters"]:
            rows = "".join(_row(row) for row in series["rows"] if _applies(row, week, org))
            if not rows:
                continue
            published = [policy for policy in series["policies"] if _applies(policy, week, org)][-1]
            policy = f"<domain>{series['domain']}</domain>"
            for tag in ("adkim", "aspf", "p", "sp", "np", "pct", "t"):
                if tag in published:
                    element = "testing" if tag == "t" else tag
                    policy += f"<{element}>{published[tag]}</{element}>"
            begin, end = (series["begin"] + number * period for number in (week, week + 1))
            document = (
                f"<feedback><report_metadata><org_name>{org}</org_name><email>d@{org}</email><report_id>{week}</report_id>"
                f"<date_range><begin>{begin}</begin><end>{end}</end></date_range></report_metadata>"
                f"<policy_published>{policy}</policy_published>{rows}</feedback>"
            )
            yield f"{org}/{week}.xml", document.encode()


def _applies(what: dict[str, Any], week: int, org: str) -> bool:
    first, behind = what.get("weeks", (0, week + 1))
    return bool(first <= week < behind and org in what.get("reporters", [org]))


def _row(row: dict[str, Any]) -> str:
    reasons = "".join(
        f"<reason><type>{kind}</type><comment>{comment}</comment></reason>" for kind, comment in row.get("reasons", [])
    )
    dkim = "".join(
        f"<dkim><domain>{domain}</domain>"
        + (f"<selector>{selector}</selector>" if selector is not None else "")
        + f"<result>{result}</result></dkim>"
        for domain, selector, result in row.get("dkim", [])
    )
    spf = "<spf><domain>{}</domain><scope>mfrom</scope><result>{}</result></spf>".format(*row["spf"]) if "spf" in row else ""
    return (
        f"<record><row><source_ip>{row['ip']}</source_ip><count>{row['count']}</count><policy_evaluated>"
        f"<disposition>{row.get('disposition', 'none')}</disposition><dkim>{row['verdicts'][0]}</dkim>"
        f"<spf>{row['verdicts'][1]}</spf>{reasons}</policy_evaluated></row><identifiers><header_from>{row['from']}"
        f"</header_from></identifiers><auth_results>{dkim}{spf}</auth_results></record>"
    )
