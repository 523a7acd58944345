"""What a web server says, as bytes on the wire: whole answers, unless a test breaks them itself."""

from __future__ import annotations

import gzip
import json
from typing import Any

from auditui.demo.answers import Answer

PAGE = b'{"results":[],"_links":{}}'
"""A page of no records."""
JSON = "Content-Type: application/json"
HTML = "Content-Type: text/html"
GZIPPED = "Content-Encoding: gzip"
PACKED = gzip.compress(PAGE)
BOMB = gzip.compress(bytes(20_000_000))
"""20 kB that become 20 MB."""


def answer(status: int | str, body: bytes = b"", *headers: str) -> bytes:
    """An answer, whole and well formed; its length is told."""
    first = status if isinstance(status, str) else f"{status} Reason"
    lines = [f"HTTP/1.1 {first}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def body(text: bytes, *headers: str) -> bytes:
    """An answer that should be a page."""
    return answer(200, text, *(headers or (JSON,)))


def says(text: str, status: int = 403) -> bytes:
    """The body of a refusal."""
    return json.dumps({"message": text, "statusCode": status}).encode()


def refuses(status: int, text: str, *headers: str) -> bytes:
    """A refusal that says why."""
    return answer(status, says(text, status), JSON, *headers)


def moved(to: str, status: int = 302) -> bytes:
    """A redirect."""
    return answer(status, b"", f"Location: {to}")


def of_demo(said: Answer) -> bytes:
    """What the demo site says."""
    return answer(said.status, said.body, *(f"{name}: {value}" for name, value in said.headers))


def in_chunks(text: bytes, *, last: bool = True) -> bytes:
    """A page whose length nobody knows beforehand."""
    end = b"0\r\n\r\n" if last else b""
    return (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"%x\r\n%s\r\n" % (len(text), text) + end
    )


GOOD: tuple[Any, ...] = (body(PAGE),)
"""A script: nothing is wrong."""
