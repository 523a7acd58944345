"""A demo site over HTTP with a clock that tests set, beside this machine's; and one that gives other records than asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

from auditui.demo.answers import Answer, not_administrator
from auditui.demo.corpus import Corpus
from auditui.demo.site import DemoSite
from tests.session.log_site import entry, page_of
from tests.wire.answers import of_demo
from tests.wire.server import Server

HOUR = 3_600_000
TEN = 1_795_428_000_000
"""Monday, 23 November 2026, 10:00 UTC."""
AUDIT = "/wiki/rest/api/audit?"


class DatedSite(DemoSite):
    """50 records up to ten o'clock, and two clocks that show ten until they are set."""

    def __init__(self) -> None:
        super().__init__(Corpus(50, TEN), remember=20)
        self.here = self.there = TEN
        self.tells = True
        """Whether the site tells what its clock shows."""
        self.leaps = 0
        """Milliseconds by which its clock leaps when a first question was answered."""

    def answer(self, method: str, target: str, headers: Mapping[str, str]) -> Answer:
        """As the demo site does, and with the date."""
        told = super().answer(method, target, headers)
        if not self.tells:
            return told
        date = format_datetime(datetime.fromtimestamp(self.there / 1000, UTC), usegmt=True)
        self.there, self.leaps = self.there + self.leaps, 0
        return replace(told, headers=(*told.headers, ("Date", date)))

    @property
    def asked_up_to(self) -> int:
        """The end of the question that came last, in milliseconds since the epoch."""
        return [int(asked.params["endDate"]) for asked in self.requests if "endDate" in asked.params][-1]


class Liar(DemoSite):
    """Gives records of these dates, in this order, some a page, whatever it is asked."""

    def __init__(self, dates: Sequence[int], a_page: int = 1_000) -> None:
        super().__init__(Corpus(1, TEN), remember=1)
        self._lies = [entry(date, f"event {place}") for place, date in enumerate(dates)]
        self._a_page = a_page
        self.closes_after: int | None = None
        """How many questions it answers before it refuses; None where it goes on."""
        self._answered = 0

    def answer(self, method: str, target: str, headers: Mapping[str, str]) -> Answer:
        """A page of them."""
        told = super().answer(method, target, headers)
        if not target.startswith(AUDIT):
            return told
        self._answered += 1
        if self.closes_after is not None and self._answered > self.closes_after:
            return not_administrator()
        start = int(self.requests[-1].params["start"])
        end = start + min(self._a_page, int(self.requests[-1].params["limit"]))
        return replace(told, body=page_of(self._lies[start:end], more=end < len(self._lies)))


@asynccontextmanager
async def over_http(site: DemoSite) -> AsyncIterator[str]:
    """Where the site is served, without any date but its own."""
    server = Server(lambda asked: (of_demo(site.answer(asked.method, asked.target, asked.headers)),))
    await server.open()
    try:
        yield server.origin
    finally:
        await server.close()
