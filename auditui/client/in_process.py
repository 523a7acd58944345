"""A site that lives in this process, reached through the real client. Knows nothing of which site that is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Protocol

import httpx


class SiteAnswer(Protocol):
    """What the site says, and after how many seconds of `delay`."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str] | tuple[tuple[str, str], ...]: ...
    @property
    def body(self) -> bytes: ...
    @property
    def delay(self) -> float: ...


class InProcessTransport(httpx.AsyncBaseTransport):
    """Hands each request to `answer(method, target, headers)`, where target is `/path?query`.

    The site computes in a thread, as a page of 1,000 records takes it some 15 ms; its delay is awaited, not slept.
    """

    def __init__(self, answer: Callable[[str, str, Mapping[str, str]], SiteAnswer]) -> None:
        self._answer = answer

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Called by httpx."""
        target = request.url.raw_path.decode("ascii")
        answer = await asyncio.to_thread(self._answer, request.method, target, request.headers)
        await asyncio.sleep(answer.delay)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer.body))


class _Body(httpx.AsyncByteStream):
    # Not `content=`: httpx would decode that by itself, past the client's own limits.
    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body
