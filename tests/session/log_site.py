"""A log in memory that answers as the endpoint does, without HTTP: for what stands on top of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import TypeVar

from auditui.model.errors import AudituiError
from auditui.model.query import Pinned

T = TypeVar("T")


def entry(created: int, summary: str = "") -> str:
    """A record's text."""
    return json.dumps({"creationDate": created, "summary": summary or f"event {created}"})


def entries(count: int) -> list[str]:
    """The texts of so many records, newest first."""
    return [entry(created) for created in range(count, 0, -1)]


class LogSite:
    """Gives so many records a page, takes its time for each, answers when its gate is open, and fails as it is told."""

    def __init__(self, log: Sequence[str], cap: int = 250, seconds: float = 0.0) -> None:
        self.entries = list(log)
        self.cap = cap
        self.seconds = seconds
        self.questions: list[Pinned] = []
        self.asked: list[int] = []
        """Offsets."""
        self.patient: list[bool] = []
        self.under_way: list[int] = []
        """How many questions were waiting for their answers, at each question."""
        self.fails: Callable[[int, bool], AudituiError | None] = lambda number, patient: None
        self.asking = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()
        self._waiting = 0

    async def fetch(
        self,
        start_date: int,
        end_date: int,
        search: str,
        start: int,
        limit: int,
        *,
        parse: Callable[[bytes], T],
        patient: bool = True,
    ) -> T:
        """One page."""
        self.questions.append(Pinned(start_date, end_date, search, limit))
        self.asked.append(start)
        self.patient.append(patient)
        number = len(self.asked)
        self._waiting += 1
        self.under_way.append(self._waiting)
        self.asking.set()
        try:
            await self.gate.wait()
            if self.seconds:
                await asyncio.sleep(self.seconds)
        finally:
            self._waiting -= 1
        if error := self.fails(number, patient):
            raise error
        return parse(self.page(start, start + min(limit, self.cap)))

    def page(self, first: int, end: int) -> bytes:
        """The body of an answer."""
        return page_of(self.entries[first:end], more=end < len(self.entries))


def page_of(texts: Sequence[str], *, more: bool) -> bytes:
    """The body of a page with these records."""
    links = '{"next":"/rest/api/audit"}' if more else "{}"
    return f'{{"results":[{",".join(texts)}],"_links":{links}}}'.encode()
