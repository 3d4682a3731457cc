"""Checks a domain, or a client, with a resolver that blocks.

`python blocking.py DOMAIN RESOLVER [PORT [CLIENT [SENDER [HELO]]]]`
"""

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


def main(domain: str, resolver: str, port: str = "53", client: str = "", sender: str | None = None, helo: str = "") -> None:
    def ask(question: dict[str, Any]) -> dict[str, Any] | bytes | None:
        return resolve(question, (resolver, int(port)))

    if client:
        sender = f"postmaster@{domain}" if sender is None else sender
        report = dmarc_py.check_host(client, ask, mail_from=sender, helo=helo)
    else:
        report = dmarc_py.run({"check": "domain", "domain": domain, "now": int(time.time())}, ask)
    json.dump(report, sys.stdout, indent=2, ensure_ascii=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
