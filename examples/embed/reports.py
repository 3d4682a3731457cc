"""Who sends in the name of a domain, from its reports: `python reports.py FOLDER`."""

import sys

import dmarc_py


def main(folder: str) -> None:
    batch = dmarc_py.read_reports(folder)
    for refused in batch.refused:
        print(f"not read: {refused['path']}: {refused['message']}", file=sys.stderr)
    print(f"{'messages':>8}  {'aligned':>8}  source")
    for source in batch.sources[:20]:
        print(f"{source['messages']:>8}  {source['aligned']:>8}  {source['source_ip']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
