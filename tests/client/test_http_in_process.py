"""The demo's way in: a site within this process, read by the same client under the same limits."""

from __future__ import annotations

import asyncio
import gzip
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from auditui.client.http import Limits
from auditui.client.in_process import InProcessTransport
from auditui.model.errors import AnswerTooBig, NotAdministrator, TimedOut


@dataclass
class Said:
    """One answer of the site."""

    status: int = 200
    body: bytes = b"{}"
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0


@dataclass
class Site:
    """A site that keeps what it was asked."""

    said: Said
    asked: list[tuple[str, str, dict[str, str], bool]] = field(default_factory=list)
    reached: threading.Event = field(default_factory=threading.Event)

    def answer(self, method: str, target: str, headers: Mapping[str, str]) -> Said:
        own_thread = threading.current_thread() is not threading.main_thread()
        self.asked.append((method, target, dict(headers), own_thread))
        self.reached.set()
        return self.said


async def fetch(read: Any, site: Site, **options: Any) -> Any:
    reading = read("http://localhost:1", transport=InProcessTransport(site.answer), **options)
    return await reading.log.fetch(1, 2, "a b", 0, 25)


async def test_a_request_reaches_the_site_in_a_thread_of_its_own(read: Any) -> None:
    site = Site(Said(body=b'{"results":[]}'))
    assert await fetch(read, site) == b'{"results":[]}'
    ((method, target, headers, own_thread),) = site.asked
    assert method == "GET"
    assert target == "/wiki/rest/api/audit?startDate=1&endDate=2&searchString=a+b&start=0&limit=25"
    assert headers["authorization"].startswith("Basic ")
    assert own_thread


async def test_limits_and_compression_hold_as_over_the_network(read: Any) -> None:
    packed = Said(body=gzip.compress(bytes(5_000) + b"x"), headers=(("Content-Encoding", "gzip"),))
    assert len(await fetch(read, Site(packed))) == 5_001
    with pytest.raises(AnswerTooBig):
        await fetch(read, Site(packed), limits=Limits(decoded=5_000))


async def test_a_refusal_is_a_refusal(read: Any) -> None:
    with pytest.raises(NotAdministrator):
        await fetch(read, Site(Said(status=403)))


async def test_the_delay_is_awaited_and_can_be_cancelled(read: Any) -> None:
    site = Site(Said(delay=3_600))
    task = asyncio.create_task(fetch(read, site))
    assert await asyncio.to_thread(site.reached.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_delay_beyond_the_limit_is_a_timeout(read: Any) -> None:
    with pytest.raises(TimedOut, match=r"0\.05 seconds"):
        await fetch(read, Site(Said(delay=3_600)), limits=Limits(exchange=0.05))
