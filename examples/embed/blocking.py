"""Checks a domain with a resolver that blocks: `python blocking.py DOMAIN RESOLVER [PORT]`."""

import json
import socket
import sys
import time
from typing import Any

import dmarc_py


def resolve(question: dict[str, Any], resolver: tuple[str, int]) -> dict[str, Any] | bytes | None:
    """Ask a resolver over TCP (RFC 7766): each message with its length before it."""
    if question["kind"] != "dns":
        return None
    message = dmarc_py.question_message(question)
    try:
        with socket.create_connection(resolver, timeout=5) as connection:
            connection.sendall(len(message).to_bytes(2) + message)
            stream = connection.makefile("rb")
            return stream.read(int.from_bytes(stream.read(2)))
    except OSError as error:
        return {"status": "failure", "reason": str(error)}


def main(domain: str, resolver: str, port: str = "53") -> None:
    check = {"check": "domain", "domain": domain, "now": int(time.time())}
    report = dmarc_py.run(check, lambda question: resolve(question, (resolver, int(port))))
    json.dump(report, sys.stdout, indent=2, ensure_ascii=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
