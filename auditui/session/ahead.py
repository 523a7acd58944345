"""Pages asked for before their turn, several side by side: a site that takes its time for each gives four in that of one.

Where they begin can only be foreseen: as far apart as pages have held records so far. An answer that does not lie where
the walk has come to by then is thrown away, and so are all behind it. Knows neither records nor how a walk goes on.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from auditui.client.page import Page, read_page
from auditui.client.paging import LEAST_OVERLAP, Ask
from auditui.model.errors import AudituiError
from auditui.session.breadth import Breadth

_SLACK = 2 * LEAST_OVERLAP
"""Records by which a page asked for ahead reaches above the end of the one before: where records share a date, the walk
wants more of them to overlap than three."""


@dataclass(frozen=True, slots=True)
class Early:
    """An answer that was asked for ahead of its turn."""

    page: Page
    above: int
    """Records by which it begins above the offset that the walk has come to."""


@dataclass(frozen=True, slots=True)
class _Asked:
    start: int
    answer: asyncio.Task[tuple[bytes, float]]


class Ahead:
    """Asks for the pages behind the one that is read."""

    def __init__(self, fetch: Callable[[Ask], Awaitable[bytes]]) -> None:
        """Nothing is asked yet.

        Args:
            fetch: asks for one page, once; an AudituiError where no answer came.
        """
        self._fetch = fetch
        self._asked: deque[_Asked] = deque()
        self._leaving: set[asyncio.Task[tuple[bytes, float]]] = set()
        self._breadth = Breadth()
        self._stride = 0
        """Records that a page of this site really holds."""

    def learn(self, held: int, seconds: float) -> None:
        """A page that was asked for in its turn held so many records, 0 where it tells nothing of others; and came after
        so many seconds."""
        self._stride = held
        self._breadth.answered(seconds, waited=True)

    @property
    def ready(self) -> bool:
        """Whether the page whose turn is next has come."""
        return bool(self._asked) and self._asked[0].answer.done()

    @property
    def waits(self) -> bool:
        """Whether that page was asked for and has not come."""
        return bool(self._asked) and not self._asked[0].answer.done()

    async def answer(self, start: int) -> Early | None:
        """The page from an offset on, or from a little above it, if that was asked for; else None, and nothing is asked any more."""
        above = start - self._asked[0].start if self._asked else 0
        if not 0 <= above <= _SLACK:
            self._breadth.missed()
            self.stop()
        if not self._asked:
            if self._leaving:  # their connections are closed before another is opened
                await asyncio.wait(self._leaving)
            return None
        try:
            return Early(await self._first(), above)
        except AudituiError:  # whoever asks in its turn hears of it
            self._breadth.refused()
            self.stop()
            return await self.answer(start)
        except asyncio.CancelledError:
            self.stop()
            raise

    async def _first(self) -> Page:
        asked = self._asked[0]
        waited = not asked.answer.done()
        body, seconds = await asked.answer
        self._asked.popleft()
        self._breadth.answered(seconds, waited=waited)
        page = await asyncio.to_thread(read_page, body)
        self._stride = len(page.entries)
        return page

    def go_on(self, ask: Ask) -> None:
        """Ask for the next page, and for as many behind it as are good for the site."""
        if any(_failed(asked.answer) for asked in self._asked):
            return  # the site would not have it: when its turn comes, one follows the other
        far_enough = self._stride > 2 * _SLACK
        while len(self._asked) < (self._breadth.pages if far_enough else 1):
            start = self._asked[-1].start + self._stride - _SLACK if self._asked else ask.start
            answer = asyncio.create_task(self._timed(Ask(start, ask.limit)))
            answer.add_done_callback(_heard)
            self._asked.append(_Asked(start, answer))

    async def _timed(self, ask: Ask) -> tuple[bytes, float]:
        began = time.monotonic()
        return await self._fetch(ask), time.monotonic() - began

    def stop(self) -> None:
        """Nobody waits for what was asked for."""
        for asked in self._asked:
            if asked.answer.cancel():
                self._leaving.add(asked.answer)
                asked.answer.add_done_callback(self._leaving.discard)
        self._asked.clear()


def _failed(answer: asyncio.Task[tuple[bytes, float]]) -> bool:
    return answer.done() and not answer.cancelled() and answer.exception() is not None


def _heard(answer: asyncio.Task[tuple[bytes, float]]) -> None:
    """Whoever wants the page hears of a failure; where nobody does any more, asyncio need not tell of it."""
    if not answer.cancelled():
        answer.exception()
