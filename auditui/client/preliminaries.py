"""Ends an exchange in which a server announces its answer for ever: `100 Continue`, `102 Processing` and their kind.

httpcore passes over such announcements without a pause, some 3,600 of them for each 64 KiB read: nothing else of auditui runs
meanwhile. They are counted in what is read, before httpcore sees it. Knows nothing of requests.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from typing import Any

import httpx

MOST = 20
"""Heads before the answer's own; servers send one or two (RFC 9110, 15.2)."""

_HEAD = b"\nHTTP/"  # never in the text of a page: JSON has no such line


class Preliminaries:
    """Told by httpcore what happens to the connection of one request: the extension `trace`."""

    def __init__(self) -> None:
        self._heads = 0

    async def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        """Called before and after each step."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            stream = info["return_value"]
            stream.read = _watched(stream.read)  # serves later requests, too
        elif event.endswith(".receive_response_headers.started"):
            self._heads = 0
            _waiting.set(self)
        elif ".receive_response_headers." in event:
            _waiting.set(None)

    def read(self, data: bytes) -> None:
        """Look at what came before the answer's own head was whole.

        Raises:
            httpx.RemoteProtocolError: these were too many.
        """
        self._heads += data.count(_HEAD) + data.startswith(_HEAD[1:])
        if self._heads > MOST + 1:
            raise httpx.RemoteProtocolError(f"more than {MOST} informational answers")


_waiting: ContextVar[Preliminaries | None] = ContextVar("the request whose head is read", default=None)


def _watched(read: Callable[..., Awaitable[bytes]]) -> Callable[..., Awaitable[bytes]]:
    async def watched(*args: Any, **kwargs: Any) -> bytes:
        data = await read(*args, **kwargs)
        if (preliminaries := _waiting.get()) is not None:
            preliminaries.read(data)
        return data

    return watched
