"""Checks a domain, or a client, with the questions of a round asked at the same time.

`python asynchronous.py DOMAIN RESOLVER [PORT [CLIENT [SENDER [HELO]]]]`
"""

import asyncio
import json
import sys
import time
from typing import Any

import dmarc_py


async def resolve(question: dict[str, Any], resolver: str, port: int) -> dict[str, Any] | bytes | None:
    """Ask a resolver over TCP (RFC 7766): each message with its length before it."""
    if question["kind"] != "dns":
        return None
    message = dmarc_py.question_message(question)
    try:
        async with asyncio.timeout(5):
            reader, writer = await asyncio.open_connection(resolver, port)
            writer.write(len(message).to_bytes(2) + message)
            answer = await reader.readexactly(int.from_bytes(await reader.readexactly(2)))
            writer.close()
            return answer
    except (OSError, EOFError) as error:
        return {"status": "failure", "reason": str(error)}


async def main(
    domain: str, resolver: str, port: str = "53", client: str = "", sender: str | None = None, helo: str = ""
) -> None:
    check: dict[str, Any] = {"check": "domain", "domain": domain, "now": int(time.time())}
    if client:
        sender = f"postmaster@{domain}" if sender is None else sender
        check = {"check": "check_host", "ip": client, "mail_from": sender, "helo": helo}
    report = await dmarc_py.run_async(check, lambda question: resolve(question, resolver, int(port)))
    json.dump(report, sys.stdout, indent=2, ensure_ascii=False)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
