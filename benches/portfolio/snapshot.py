#!/usr/bin/env python3
"""Makes a DNS snapshot and a list of N synthetic domains, for timing `dmarc-check portfolio`.

    python3 benches/portfolio/snapshot.py 10000 FOLDER      writes FOLDER/snapshot.json and FOLDER/list.txt
    dmarc-check portfolio FOLDER/list.txt --snapshot FOLDER/snapshot.json

The same N gives the same octets: nothing is drawn by chance. FOLDER/expected.json has the adoption figure, counted
while the records are made and never read back from them.
"""

import json
import sys
from pathlib import Path

# What a domain publishes, by its number: a policy with its share in a hundred, and whether it counts as strict.
POLICIES = [
    ("v=DMARC1; p=reject; rua=mailto:d@{name}", 30, True),
    ("v=DMARC1; p=quarantine; rua=mailto:d@{name}", 15, True),
    ("v=DMARC1; p=reject; sp=none; rua=mailto:d@{name}", 5, True),
    ("v=DMARC1; p=reject; t=y; rua=mailto:d@{name}", 4, True),
    ("v=DMARC1; p=none; rua=mailto:d@{name}", 25, False),
    ("v=DMARC1; p=none", 6, False),
    ("v=DMARC1; p=quarantaine", 2, False),
    (None, 13, False),
]
SPF = [
    "v=spf1 mx include:_spf.office.test -all",
    "v=spf1 ip4:192.0.2.0/24 include:_spf.office.test include:_spf.news.test ~all",
    "v=spf1 a mx ?all",
    "v=spf1 -all",
]


def policy_of(number):
    place = number % 100
    for policy in POLICIES:
        if place < policy[1]:
            return policy
        place -= policy[1]
    raise AssertionError("the shares do not add up to a hundred")


def main():
    count, folder = int(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    names = {
        "_spf.office.test": {"TXT": ["v=spf1 ip4:198.51.100.0/25 include:_b.office.test -all"]},
        "_b.office.test": {"TXT": ["v=spf1 ip4:198.51.100.128/25 -all"]},
        "_spf.news.test": {"TXT": ["v=spf1 ip4:203.0.113.0/24 -all"]},
        "mx.office.test": {"A": ["198.51.100.1"]},
    }
    listed, strict, inherited = [], 0, 0
    for number in range(count):
        # Every twentieth stands below the one before it, and inherits what that has.
        below = number % 20 == 19
        name = f"mail.d{number - 1:05}.test" if below else f"d{number:05}.test"
        text, _, is_strict = policy_of(number - 1 if below else number)
        if below:
            inherited += text is not None
            # sp=none is what a name below inherits.
            strict += is_strict and "sp=none" not in text
        else:
            strict += is_strict
            if text is not None:
                names[f"_dmarc.{name}"] = {"TXT": [text.format(name=name)]}
        spf = SPF[number % len(SPF)]
        quiet = spf == "v=spf1 -all"
        names[name] = {"TXT": [spf], "MX": ["0 ."] if quiet else ["10 mx.office.test."], "A": ["192.0.2.1"]}
        listed.append(name)
    snapshot = {"complete": True, "captured": 1795400000, "names": names, "public_suffix": ["test"]}
    (folder / "snapshot.json").write_text(json.dumps(snapshot))
    (folder / "list.txt").write_text("# synthetic\n" + "\n".join(listed) + "\n")
    expected = {"domains": count, "strict": strict, "inherited": inherited}
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")
    print(expected)


main()
