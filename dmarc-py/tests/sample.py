"""Reports made for the tests."""

from collections.abc import Iterable

HEAD = """<?xml version="1.0"?>
<feedback>
<report_metadata><org_name>Reporter Inc.</org_name><email>dmarc@Reporter.example</email>
<report_id>&lt;{report_id}&gt;</report_id>
<date_range><begin>1700006400</begin><end>1700092799</end></date_range></report_metadata>
<policy_published><domain>Example.com</domain><adkim>s</adkim><p>none</p><sp>reject</sp><pct>100</pct></policy_published>
"""

RECORD = """<record>
<row><source_ip>{source_ip}</source_ip><count>{count}</count>
<policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>{spf}</spf>{reason}</policy_evaluated></row>
<identifiers><header_from>{header_from}</header_from><envelope_from></envelope_from></identifiers>
<auth_results>
<dkim><domain>other.example</domain><selector>s0</selector><result>pass</result></dkim>
<dkim><domain>{header_from}</domain><selector>s1</selector><result>pass</result></dkim>
<spf><domain>bounce.example.org</domain><scope>helo</scope><result>hardfail</result></spf>
<spf><domain>bounce.example.org</domain><scope>mfrom</scope><result>pass</result></spf>
</auth_results></record>
"""

REASON = "<reason><type>other</type><comment>arc=pass as[2].d=d2.example as[1].d=d1.example</comment></reason>"


def record(
    count: int | str = 1,
    *,
    source_ip: str = "192.0.2.1",
    header_from: str = "example.com",
    spf: str = "fail",
    reason: str = "",
) -> str:
    """One record element."""
    return RECORD.format(count=count, source_ip=source_ip, header_from=header_from, spf=spf, reason=reason)


def report(records: Iterable[str], *, report_id: str = "r-1") -> bytes:
    """A report of these record elements."""
    return f"{HEAD.format(report_id=report_id)}{''.join(records)}</feedback>\n".encode()
