"""Which mail another policy would lose, from reports: `python rehearse.py DOMAIN REPORTS ZONE... p=reject sp=none`."""

import sys

import dmarc_py


def main(domain: str, reports: str, *more: str) -> None:
    tags = dict(each.split("=", 1) for each in more if "=" in each)
    zones = []
    for path in (each for each in more if "=" not in each):
        with open(path) as file:
            zones.append(file.read())
    state = dmarc_py.read_reports(reports, rows=True).state(domain)
    found = dmarc_py.rehearse(state, zones, domain=domain, set=tags, editions=["rfc9989"])
    (rehearsed,) = found["editions"]
    print(f"{found['record']['name']}  {found['record']['to']}")
    print(f"{rehearsed['loss']} messages of own senders lost, {rehearsed['stopped']} unauthorised ones stopped")
    for stream in rehearsed["streams"][:20]:
        if stream["newly_enforced"]:
            print(f"{stream['newly_enforced']:>8}  {stream['class']:<20}  {stream['key']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
