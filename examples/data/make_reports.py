#!/usr/bin/env python3
"""Makes the synthetic reports of voorbeeld.example and the facts about them.

    python3 examples/data/make_reports.py           # writes reports/ and expected.json
    python3 examples/data/make_reports.py --check   # compares them with what is there

Plain Python 3.11, no network, no clock. The model below says who sends how much; every reporter sees a
share of it, in its own form and with its own habits. `expected.json` is counted from the model, never by
reading the reports back. Same seed, same reports. Compressed bytes may differ with another zlib, so
`--check` compares what is inside.
"""

import calendar
import datetime
import hashlib
import io
import json
import pathlib
import random
import shutil
import struct
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import escape

HERE = pathlib.Path(__file__).resolve().parent
SEED = "voorbeeld.example"
DOMAIN = "voorbeeld.example"
PARKED = "oud.voorbeeld.example"

DAY = 86_400
FIRST_DAY = calendar.timegm((2026, 9, 21, 0, 0, 0))  # a Monday
DAYS = 8 * 7
SELECTOR_CHANGE = 28  # 19 October: the office suite signs with kantoor2
NEW_RANGE = 35  # 26 October: it also sends from a range that the SPF copy lacks
SUBDOMAIN_TRIAL = 42  # 2 November: first newsletters from nieuwsbrief.voorbeeld.example


# --- What is sent ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Record:
    """One `record` of a report, but for its count."""

    stream: str
    source_ip: str
    header_from: str
    envelope_from: str | None  # None is the null reverse-path
    dkim: tuple[tuple[str, str, str], ...]  # domain, selector, result
    spf: tuple[str, str, str]  # domain, scope, result
    disposition: str = "none"
    reasons: tuple[tuple[str, str | None], ...] = ()

    @property
    def dkim_verdict(self) -> str:
        return verdict(any(is_aligned(d, self.header_from) for d, _, result in self.dkim if result == "pass"))

    @property
    def spf_verdict(self) -> str:
        domain, _, result = self.spf
        return verdict(result == "pass" and is_aligned(domain, self.header_from))


def verdict(passed: bool) -> str:
    return "pass" if passed else "fail"


def is_aligned(authenticated: str, author: str) -> bool:
    """Relaxed; voorbeeld.example is the only organizational domain that the sample's authors use."""
    return all(name == DOMAIN or name.endswith("." + DOMAIN) for name in (authenticated, author))


OFFICE = [f"198.51.100.{host}" for host in (4, 5, 6, 12, 13, 14, 21, 22, 37, 38)]
OFFICE += [f"2001:db8:51:{block}::{host}" for block, host in ((1, "25"), (1, "26"), (2, "25"))]
OFFICE_NEW = [f"198.51.100.{host}" for host in (98, 99, 103)]
NEWSLETTER = [f"198.51.100.{host}" for host in (130, 131, 164, 165)]
FORWARDER, FORWARDER_SRS, MAILING_LIST = "203.0.113.20", "203.0.113.25", "203.0.113.40"

#: Days on which somebody else uses the name, with the messages per day and the way it is done.
BURSTS = {9: (150, "copied"), 10: (310, "copied"), 11: (90, "copied"), 24: (120, "parked"), 25: (160, "parked"),
          29: (260, "other"), 30: (140, "other"), 45: (120, "subdomain"), 46: (180, "subdomain"), 48: (60, "subdomain")}


def traffic(day: int) -> Iterator[tuple[Record, float]]:
    """What is sent in the organisation's name on a day, and how much of it; abuse apart."""
    weekday = day % 7
    workday = weekday < 5
    selector = "kantoor1" if day < SELECTOR_CHANGE else "kantoor2"
    signed = ((DOMAIN, selector, "pass"), ("kantoor.example", "k2026", "pass"))

    office = 1320 if workday else 130
    moved = 0.08 if day >= NEW_RANGE else 0.0
    weights = [8, 8, 6, 5, 5, 4, 3, 3, 2, 2, 4, 3, 2]
    for source, weight in zip(OFFICE, weights, strict=True):
        rate = office * (1 - moved) * weight / sum(weights)
        record = Record("office", source, DOMAIN, DOMAIN, signed, (DOMAIN, "mfrom", "pass"))
        yield record, rate * 0.994
        # a relay on the way changed the body: SPF alone carries these
        broken = ((DOMAIN, selector, "fail"), ("kantoor.example", "k2026", "fail"))
        yield replace(record, dkim=broken), rate * 0.006
    if moved:
        for source in OFFICE_NEW:
            yield (Record("office-new-range", source, DOMAIN, DOMAIN, signed, (DOMAIN, "mfrom", "softfail")),
                   office * moved / len(OFFICE_NEW))

    # delivery notices of the organisation's own mail hosts have no envelope sender
    for host, source in (("mx1", "192.0.2.10"), ("mx2", "192.0.2.11")):
        name = f"{host}.{DOMAIN}"
        yield Record("mail-hosts", source, DOMAIN, None, (), (name, "helo", "pass")), 4

    invoices = {0: 45, 1: 30, 2: 30, 3: 40, 4: 75}.get(weekday, 0)
    yield Record("invoices", "192.0.2.45", DOMAIN, DOMAIN, (), (DOMAIN, "mfrom", "pass")), invoices

    newsletter = {1: 430, 2: 60, 3: 8}.get(weekday, 0)
    bounces = "bounces.nieuwsbrieven.example"
    for source in NEWSLETTER:
        yield (Record("newsletter", source, DOMAIN, bounces, (("nieuwsbrieven.example", "nb2026", "pass"),),
                      (bounces, "mfrom", "pass")), newsletter / len(NEWSLETTER))
    if day >= SUBDOMAIN_TRIAL and weekday == 3:
        own = f"nieuwsbrief.{DOMAIN}"
        for source in NEWSLETTER[2:]:
            yield Record("newsletter-subdomain", source, own, own, ((own, "nb1", "pass"),), (own, "mfrom", "pass")), 45

    # people who have their office mail sent on to a private mailbox
    forwarded = 17 if workday else 3
    yield Record("forwarded", FORWARDER, DOMAIN, DOMAIN, signed, (DOMAIN, "mfrom", "softfail")), forwarded
    yield (Record("forwarded", FORWARDER_SRS, DOMAIN, "srs.doorstuur.example.org", signed,
                  ("srs.doorstuur.example.org", "mfrom", "pass")), forwarded * 0.6)
    # invoices that are sent on carry no signature, so nothing is left of them
    if invoices:
        yield Record("forwarded-invoices", FORWARDER, DOMAIN, DOMAIN, (), (DOMAIN, "mfrom", "softfail")), 2.5
    # a mailing list that puts its name before the subject
    if workday:
        yield (Record("mailing-list", MAILING_LIST, DOMAIN, "lijst.example.org",
                      ((DOMAIN, selector, "fail"), ("lijst.example.org", "lijst", "pass")),
                      ("lijst.example.org", "mfrom", "pass")), 7)


def abuse(day: int, share: float, rng: random.Random) -> Iterator[tuple[Record, int]]:
    """Mail of others under the organisation's name: many addresses, a few messages each, nothing passes."""
    size, kind = BURSTS.get(day, (3, "copied"))
    left = draw(rng, size * share)
    while left > 0:
        count = min(left, 1 + below(rng, 9))
        left -= count
        if kind == "other":  # an envelope domain without SPF
            source = f"2001:db8:bad:{1 + below(rng, 6):x}::{1 + below(rng, 4000):x}"
            header_from, envelope_from = DOMAIN, "aanbieding.test"
            spf, dkim = (envelope_from, "mfrom", "none"), ()
        else:
            source = f"203.0.113.{128 + below(rng, 120)}" if below(rng, 3) else f"198.51.100.{200 + below(rng, 50)}"
            header_from = envelope_from = {"parked": PARKED, "subdomain": f"salaris.{DOMAIN}"}.get(kind, DOMAIN)
            result = {"parked": "fail", "subdomain": "none"}.get(kind, "softfail")
            spf = (envelope_from, "mfrom", result)
            # some send a real signature over text that is not the signed one
            dkim = ((DOMAIN, "kantoor1", "fail"),) if kind == "copied" and below(rng, 4) == 0 else ()
        disposition = "reject" if kind == "parked" else "none"
        yield Record("abuse", source, header_from, envelope_from, dkim, spf, disposition), count


def draw(rng: random.Random, rate: float) -> int:
    """About `rate`, give or take a third; whole numbers whose average is right for small rates too."""
    return int(rate * (0.7 + 0.6 * rng.random()) + rng.random())


def below(rng: random.Random, limit: int) -> int:
    return int(rng.random() * limit)


# --- Who reports it -------------------------------------------------------------------------------------


@dataclass
class Reporter:
    domain: str
    org_name: str
    email: str
    share: float  # of all mail in the organisation's name
    form: str
    end: int  # seconds from begin to end of a daily report, beyond a whole day
    view: Callable[[Record], Record]  # what this reporter makes of it
    report_id: Callable[[str, int, int], str]


@dataclass
class Report:
    reporter: Reporter
    policy_domain: str
    begin: int
    end: int
    counts: dict[Record, int]
    complete: bool = True
    records: list[tuple[Record, int]] = field(init=False)

    def __post_init__(self) -> None:
        self.records = sorted(self.counts.items(), key=lambda item: (-item[1], item[0].source_ip, item[0].stream))

    @property
    def report_id(self) -> str:
        return self.reporter.report_id(self.policy_domain, self.begin, self.end)

    @property
    def name(self) -> str:
        """`receiver "!" policy-domain "!" begin-timestamp "!" end-timestamp [ "!" unique-id ]` (RFC 9990, 3.5.1)"""
        name = f"{self.reporter.domain}!{self.policy_domain}!{self.begin}!{self.end}"
        return f"{name}!{self.report_id}" if self.reporter.form == "rfc9990" else name

    def policy(self) -> dict[str, str | int | None]:
        """`policy_published` as this reporter writes it; absent ones are None."""
        p = "reject" if self.policy_domain == PARKED else "none"
        absent = dict.fromkeys(("sp", "np", "adkim", "aspf", "pct", "fo", "testing", "discovery_method"))
        written = {
            "rfc7489": {"adkim": "r", "aspf": "r", "sp": p, "pct": 100},
            "rfc7489-weekly": {"adkim": "r", "aspf": "r", "sp": p, "pct": 100, "fo": "0"},
            "rfc7489-namespace": {"adkim": "r", "aspf": "r", "sp": p, "pct": 100, "fo": "0"},
            "rfc9990": {"sp": p, "np": p, "adkim": "r", "aspf": "r", "fo": "0", "testing": "n",
                        "discovery_method": "treewalk"},
            "mixed": {"adkim": "r", "aspf": "r", "sp": p, "np": p, "pct": 100, "fo": "0", "testing": "n",
                      "discovery_method": "psl"},
            # every other report has an empty sp, the others have none at all
            "quirks": {"adkim": "r", "aspf": "r", "pct": 100} | ({"sp": ""} if self.week % 2 else {}),
        }[self.reporter.form]
        return {"domain": self.policy_domain, "p": p} | absent | written

    @property
    def week(self) -> int:
        return (self.begin - FIRST_DAY) // (7 * DAY)

    def facts(self) -> dict:
        """What a reader must find in it."""
        whole = self.records if self.complete else self.records[:2]
        sums: dict[str, Counter] = {"dispositions": Counter(), "dkim": Counter(), "spf": Counter()}
        for record, count in whole:
            sums["dispositions"][record.disposition] += count
            sums["dkim"][record.dkim_verdict] += count
            sums["spf"][record.spf_verdict] += count
        return {
            "form": self.reporter.form,
            "org_name": self.reporter.org_name,
            "email": self.reporter.email,
            "report_id": self.report_id,
            "begin": self.begin,
            "end": self.end,
            "complete": self.complete,
            "policy": self.policy(),
            "records": len(whole),
            "messages": sum(count for _, count in whole),
        } | {name: dict(sorted(values.items())) for name, values in sums.items()}


def digest(*parts: object) -> str:
    return hashlib.sha256("/".join(map(str, (SEED, *parts))).encode()).hexdigest()


def grote_provider(record: Record) -> Record:
    if record.source_ip == FORWARDER and record.dkim:
        return replace(record, reasons=(("forwarded", None),))
    if record.stream == "mailing-list":
        return replace(record, reasons=(("local_policy", "arc=pass"),))
    return record


def mailbox(record: Record) -> Record:
    if record.stream == "forwarded" and record.source_ip == FORWARDER_SRS:
        return replace(record, reasons=(("trusted_forwarder", "doorstuur.example.org"),))
    if record.stream == "mailing-list":
        return replace(record, reasons=(("mailing_list", None),))
    if record.stream == "abuse" and ":" in record.source_ip:
        return replace(record, disposition="quarantine", reasons=(("local_policy", "known source of abuse"),))
    return record


def openpost(record: Record) -> Record:
    domain, _, result = record.spf
    # RFC 9990 knows the scope mfrom only; for the null reverse-path that is postmaster@HELO
    record = replace(record, spf=(domain, "mfrom", result))
    if record.source_ip == FORWARDER and record.dkim:
        return replace(record, reasons=(("local_policy", "arc=pass as[1].d=doorstuur.example.org as[1].s=arc"),))
    if record.stream == "mailing-list":
        return replace(record, reasons=(("mailing_list", "arc=pass as[1].d=lijst.example.org as[1].s=lijst"),))
    return record


def gateway(record: Record) -> Record:
    domain, scope, result = record.spf
    return replace(record, spf=(domain, scope, {"softfail": "hardfail", "fail": "hardfail"}.get(result, result)))


def regiopost(record: Record) -> Record:
    """Writes `pass` as the disposition of what passed, years before RFC 9990 did."""
    if "pass" in (record.dkim_verdict, record.spf_verdict):
        return replace(record, disposition="pass")
    return record


def iso_week(begin: int) -> str:
    year, week, _ = datetime.datetime.fromtimestamp(begin, datetime.UTC).isocalendar()
    return f"{year}-W{week:02}"


GROTE_PROVIDER = Reporter(
    "grote-provider.example", "Grote Provider", "noreply-dmarc@grote-provider.example", 0.50, "rfc7489", -1,
    grote_provider, lambda policy, begin, _: str(int(digest("grote", policy, begin), 16))[:20])
MAILBOX = Reporter(
    "mailbox.example.net", "mailbox.example.net", "dmarc-reports@mailbox.example.net", 0.20, "rfc7489-namespace", 0,
    mailbox, lambda policy, begin, end: f"{policy}.{begin}.{end}")
OPENPOST = Reporter(
    "openpost.example", "Openpost", "dmarc@openpost.example", 0.15, "rfc9990", 0,
    openpost, lambda policy, begin, _: digest("openpost", policy, begin)[:24])
GATEWAY = Reporter(
    "esa1.gateway.example.org", "esa1.gateway.example.org", "postmaster@gateway.example.org", 0.03, "quirks", 7,
    gateway, lambda policy, begin, _: "{}${}={}@esa1.gateway.example.org".format(
        *(digest("gateway", policy, begin).upper()[i:i + 6] for i in (0, 6, 12))))
UNIVERSITY = Reporter(
    "universiteit.test", "Universiteit & Hogeschool Voorbeeldstad", "dmarc@universiteit.test", 0.09, "rfc7489-weekly",
    -1, lambda record: record, lambda _, begin, __: f"{iso_week(begin)}@universiteit.test")
REGIOPOST = Reporter(
    "regiopost.example.com", "Coöperatie Regiopost", "rapporten@regiopost.example.com", 0.03, "mixed", -1,
    regiopost, lambda policy, begin, _: digest("regiopost", policy, begin)[:16])


def observe(reporter: Reporter, day: int, days: int = 1, policy_domain: str = DOMAIN) -> Report:
    """The report of one reporter over some days."""
    counts: Counter[Record] = Counter()
    for each in range(day, day + days):
        # each reporter and day has numbers of its own: adding a reporter changes no other report
        rng = random.Random(digest(reporter.domain, each))
        seen = [(record, draw(rng, rate * reporter.share)) for record, rate in traffic(each)]
        seen += abuse(each, reporter.share, rng)
        for record, count in seen:
            if count and (record.header_from == PARKED) == (policy_domain == PARKED):
                counts[reporter.view(record)] += count
    begin = FIRST_DAY + day * DAY
    return Report(reporter, policy_domain, begin, begin + days * DAY + reporter.end, dict(counts))


# --- How it is written ----------------------------------------------------------------------------------

Tree = tuple[str, "str | list[Tree]"]


def tree(report: Report) -> list[Tree]:
    """The children of `feedback`."""
    form = report.reporter.form
    sections: list[Tree] = []
    if form not in ("rfc7489", "quirks"):
        sections.append(("version", "1.0"))
    sections.append(("report_metadata", metadata(report)))
    policy = [(name, str(value)) for name, value in report.policy().items() if value is not None]
    sections.append(("policy_published", policy))
    if form == "rfc9990":
        sections.append(("extension", [("op:queue", [("op:host", "in3.openpost.example"), ("op:tls", "1.3")])]))
    sections += [("record", record_tree(form, record, count)) for record, count in report.records]
    return sections


def metadata(report: Report) -> list[Tree]:
    reporter, form = report.reporter, report.reporter.form
    who: list[Tree] = [("org_name", reporter.org_name), ("email", reporter.email)]
    if form == "rfc7489":
        who.append(("extra_contact_info", "https://postmaster.grote-provider.example/dmarc"))
    who.append(("report_id", report.report_id))
    when: list[Tree] = [("date_range", [("begin", str(report.begin)), ("end", str(report.end))])]
    if form == "rfc7489-weekly":
        return when + who
    if form in ("rfc9990", "mixed"):
        when.append(("generator", {"rfc9990": "Openpost Reporter 3.2", "mixed": "rp-dmarc 0.9"}[form]))
    return who + when


def record_tree(form: str, record: Record, count: int) -> list[Tree]:
    evaluated: list[Tree] = [("disposition", record.disposition), ("dkim", record.dkim_verdict),
                             ("spf", record.spf_verdict)]
    for kind, comment in record.reasons:
        evaluated.append(("reason", [("type", kind)] + ([("comment", comment)] if comment else [])))

    identifiers: list[Tree] = [("header_from", record.header_from)]
    if form == "quirks":
        identifiers.insert(0, ("envelope_from", ""))
    elif form not in ("rfc7489", "mixed"):
        identifiers.insert(0, ("envelope_from", record.envelope_from or ""))

    results: list[Tree] = []
    for domain, selector, result in record.dkim:
        named = [("domain", domain), ("selector", selector), ("result", result)]
        if form == "quirks":
            del named[1]
        results.append(("dkim", named))
    domain, scope, result = record.spf
    spf = [("domain", domain), ("scope", scope), ("result", result)]
    if form in ("rfc7489", "mixed"):
        del spf[1]
    results.append(("spf", spf))
    if form == "rfc7489-weekly":
        results.reverse()
    return [("row", [("source_ip", record.source_ip), ("count", str(count)), ("policy_evaluated", evaluated)]),
            ("identifiers", identifiers), ("auth_results", results)]


ROOT = {
    "rfc7489-namespace": 'feedback xmlns="http://dmarc.org/dmarc-xml/0.1"',
    "rfc9990": 'feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0" xmlns:op="urn:example:openpost:dmarc"',
}


def xml(report: Report) -> bytes:
    form = report.reporter.form
    sloppy = form == "quirks"
    newline = "\r\n" if sloppy else "\n"
    lines = ['<?xml version="1.0" encoding="UTF-8" ?>', f"<{ROOT.get(form, 'feedback')}>"]
    for section in tree(report):
        lines += element(section, 1, sloppy)
    lines += ["</feedback>", ""]
    return newline.join(lines).encode()


def element(node: Tree, depth: int, sloppy: bool) -> Iterator[str]:
    name, content = node
    indent = "  " * depth
    if isinstance(content, list):
        yield f"{indent}<{name}>"
        for child in content:
            yield from element(child, depth + 1, sloppy)
        yield f"{indent}</{name}>"
    elif sloppy and name in ("org_name", "source_ip", "begin") and content:
        yield from (f"{indent}<{name}>", f"{indent}\t{escape(content)} ", f"{indent}</{name}>")
    elif sloppy and content:
        yield f"{indent}<{name}> {escape(content)} </{name}>"
    else:
        yield f"{indent}<{name}>{escape(content)}</{name}>"


def cut_in_third_record(text: bytes) -> bytes:
    """Ends inside the address of the third record, before its count."""
    start = -1
    for _ in range(3):
        start = text.index(b"<record>", start + 1)
    return text[: text.index(b"<source_ip>", start) + len(b"<source_ip>198.51")]


def gzip(content: bytes) -> bytes:
    """RFC 1952, without time and name, and with an unknown operating system."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(content) + packer.flush()
    return b"\x1f\x8b\x08\0\0\0\0\0\x02\xff" + body + struct.pack("<II", zlib.crc32(content), len(content))


def archive(members: list[tuple[str, bytes]]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        for name, content in members:
            info = zipfile.ZipInfo(name, (2026, 11, 16, 8, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            file.writestr(info, content)
    return target.getvalue()


# --- What lies in the folder ----------------------------------------------------------------------------

README_IN_ARCHIVE = b"""Saved from the mailbox dmarc-rapporten on Monday morning: one report per day.
"""

ERROR_PAGE = b"""<!DOCTYPE html>
<html lang="nl">
<head><title>Sessie verlopen</title></head>
<body>
<h1>Uw sessie is verlopen</h1>
<p>Meld u opnieuw aan om deze bijlage te downloaden.</p>
</body>
</html>
"""

# What an archiver on a Mac adds to each file: an AppleDouble header without entries.
APPLE_DOUBLE = b"\x00\x05\x16\x07\x00\x02\x00\x00" + b"Mac OS X        " + b"\x00\x00"


class Folder:
    """The files of `reports/` and the facts about them."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.reports: list[dict] = []
        self.refused: list[dict] = []
        self.skipped: list[dict] = []
        self.streams: dict[str, Counter] = {}
        self.sources: dict[str, set[str]] = {}

    def add(self, report: Report, path: str, content: bytes, member: str | None = None,
            duplicate_of: str | None = None) -> None:
        if member is None:
            self.files[path] = content
        self.reports.append({"path": path, "member": member, "duplicate_of": duplicate_of} | report.facts())
        if duplicate_of is None:
            for record, count in report.records if report.complete else report.records[:2]:
                stream = self.streams.setdefault(record.stream, Counter())
                stream["messages"] += count
                stream["records"] += 1
                passed = (record.dkim_verdict == "pass", record.spf_verdict == "pass")
                stream[{(True, True): "both", (True, False): "dkim_only", (False, True): "spf_only",
                        (False, False): "neither"}[passed]] += count
                self.sources.setdefault(record.stream, set()).add(record.source_ip)

    def expected(self) -> dict:
        reports = sorted(self.reports, key=lambda entry: (entry["path"], entry["member"] or ""))
        messages = sum(entry["messages"] for entry in reports)
        records = sum(entry["records"] for entry in reports)
        incomplete = [entry for entry in reports if not entry["complete"]]
        names = ("messages", "records", "both", "dkim_only", "spf_only", "neither")
        return {
            "note": "Counted from the model of make_reports.py, not read from the reports. Paths are relative to "
                    "reports/, member is the name inside an archive. policy is as written: null is absent, an empty "
                    "string an empty element. The truncated report breaks off in its third record, before the count: "
                    "a scan sees three records begin (records_in), two are whole (records), one has no count. "
                    "duplicate_of is set on the later of two equal reports in path order; streams leave it out.",
            "totals": {
                "inputs": len(self.files),
                "inputs_refused": len(self.refused),
                "inputs_incomplete": len(incomplete),
                "reports": len(reports),
                "records_in": records + len(incomplete),
                "records": records,
                "records_uncounted": len(incomplete),
                "messages_in": messages,
                "messages_out": messages,
                "messages_refused": 0,
                "messages_duplicate": sum(entry["messages"] for entry in reports if entry["duplicate_of"]),
            },
            "refused": self.refused,
            "skipped": self.skipped,
            "streams": {name: {key: stream[key] for key in names} | {"sources": len(self.sources[name])}
                        for name, stream in sorted(self.streams.items())},
            "reports": reports,
        }


def fill(folder: Folder) -> None:
    days, weeks = range(DAYS), range(DAYS // 7)

    for day in days:
        report = observe(GROTE_PROVIDER, day)
        folder.add(report, f"{report.name}.xml.gz", gzip(xml(report)))
        if day == 17:  # saved a second time, under a name of somebody's own
            folder.add(report, "report-from-helpdesk.xml.gz", gzip(xml(report)), duplicate_of=f"{report.name}.xml.gz")

    for day in days:
        if day % 7 < 5:
            report = observe(OPENPOST, day)
            folder.add(report, f"{report.name}.xml.gz", gzip(xml(report)))

    # the parked name has a record of its own, and so reports of its own
    for reporter, day in ((GROTE_PROVIDER, 24), (GROTE_PROVIDER, 25), (OPENPOST, 24)):
        report = observe(reporter, day, policy_domain=PARKED)
        folder.add(report, f"{report.name}.xml.gz", gzip(xml(report)))

    for week in weeks:
        report = observe(GATEWAY, 7 * week + 2)
        folder.add(report, f"{report.name}.xml.gz", gzip(xml(report)))
        report = observe(UNIVERSITY, 7 * week, days=7)
        if week == weeks[-1]:
            folder.add(report, f"{report.name}.xml", xml(report))
        else:
            folder.add(report, f"{report.name}.xml.gz", gzip(xml(report)))

    for day in (3, 17, 31, 45):
        report = observe(REGIOPOST, day)
        folder.add(report, f"{report.name}.xml.gz", gzip(xml(report)))
    report = observe(REGIOPOST, 52)
    report.complete = False
    folder.add(report, f"{report.name}.xml", cut_in_third_record(xml(report)))

    mailbox_reports(folder, weeks)


def mailbox_reports(folder: Folder, weeks: range) -> None:
    """One folder per reporter: older weeks packed together, the last one as it came in."""
    home = MAILBOX.domain
    for week in weeks:
        reports = [observe(MAILBOX, 7 * week + day) for day in range(7)]
        if week == weeks[-1]:
            for weekday, report in enumerate(reports):
                if weekday == 3:  # the web mail had logged the reader out
                    path = f"{home}/{report.name}.xml"
                    folder.files[path] = ERROR_PAGE
                    folder.refused.append({"path": path})
                    continue
                path = f"{home}/{report.name}.zip"
                folder.add(report, path, b"", member=f"{report.name}.xml")
                folder.files[path] = archive([(f"{report.name}.xml", xml(report))])
            continue
        path = f"{home}/{home}-{iso_week(reports[0].begin)}.zip"
        members = [(f"{report.name}.xml", xml(report)) for report in reports]
        for report, (member, content) in zip(reports, members, strict=True):
            folder.add(report, path, content, member=member)
        if week == 3:
            extra = [("README.txt", README_IN_ARCHIVE), (f"__MACOSX/._{members[0][0]}", APPLE_DOUBLE)]
            folder.skipped += [{"path": path, "member": member} for member, _ in extra]
            members = extra + members
        folder.files[path] = archive(members)


# --- Writing and checking -------------------------------------------------------------------------------


def inside(content: bytes) -> object:
    """What a file holds, whatever wrote the container."""
    if content.startswith(b"\x1f\x8b"):
        return zlib.decompress(content, 31)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            return [(name, file.read(name)) for name in file.namelist()]
    return content


def one_line_each(facts: dict) -> str:
    """JSON with a line for each entry of a list or map, so that a change shows as the lines it concerns."""
    parts = []
    for name, value in facts.items():
        if isinstance(value, list):
            text = "[\n" + ",\n".join(f"  {compact(entry)}" for entry in value) + "\n ]"
        elif isinstance(value, dict):
            text = "{\n" + ",\n".join(f"  {compact(key)}: {compact(entry)}" for key, entry in value.items()) + "\n }"
        else:
            text = compact(value)
        parts.append(f" {compact(name)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def main() -> int:
    folder = Folder()
    fill(folder)
    facts = one_line_each(folder.expected())
    target = HERE / "reports"

    if "--check" in sys.argv[1:]:
        found = {path.relative_to(target).as_posix(): path.read_bytes() for path in target.rglob("*") if path.is_file()}
        wrong = sorted(found.keys() ^ folder.files.keys())
        wrong += [name for name in found.keys() & folder.files.keys()
                  if inside(found[name]) != inside(folder.files[name])]
        if (HERE / "expected.json").read_text(encoding="utf-8") != facts:
            wrong.append("expected.json")
        for name in wrong:
            print(f"differs: {name}", file=sys.stderr)
        return 1 if wrong else 0

    shutil.rmtree(target, ignore_errors=True)
    for name, content in folder.files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (HERE / "expected.json").write_text(facts, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
