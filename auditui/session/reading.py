"""One reading of a log, page after page: what was accepted of each, the pages behind it asked for meanwhile.

Counts what speaks against taking it for an answer, whoever reads. Knows nothing of what becomes of the records.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from auditui.client.page import Entry, read_page
from auditui.client.paging import Ask, Walk
from auditui.model.query import Pinned
from auditui.session.ahead import Ahead
from auditui.session.doubts import NONE, Doubts
from auditui.session.site_clock import Lag

T = TypeVar("T")


class Log(Protocol):
    """The endpoint, as far as a reading needs it."""

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
        """One page, read by `parse`; where not `patient`, asked for once only."""
        ...


class Reading:
    """Reads the records that answer a query, newest first, each once."""

    def __init__(
        self,
        log: Log,
        pinned: Pinned,
        walk: Walk | None = None,
        *,
        doubts: Doubts = NONE,
        lag: Lag | None = None,
    ) -> None:
        """Nothing is asked yet.

        Args:
            log: the endpoint.
            pinned: the query.
            walk: where to go on; a new one begins at the newest record.
            doubts: what speaks against that which was read before.
            lag: asked when the first answer is there; None where the query ends before it was pinned.
        """
        self.walk = walk or Walk(pinned.limit)
        self._log = log
        self._pinned = pinned
        self.doubts = doubts
        """What speaks against taking what was read for an answer."""
        self._lag = lag
        self._ahead = Ahead(self._fetch_ahead)

    async def next(self, *, ahead: bool = False) -> Sequence[Entry]:
        """The new records of one more page; none where the place is sought, or where `walk.exhausted`.

        Cancelling it leaves the walk where it was.

        Args:
            ahead: whether to ask for pages after this one, too: the caller is going to want them, or calls `stop`.

        Raises:
            AudituiError: the same page is asked for again by the next call.
        """
        entries = () if self.walk.exhausted else await self._take()
        self._look_at(entries)
        if self.walk.exhausted:
            self.stop()
        elif ahead and entries:
            self._ahead.go_on(self.walk.ask())
        return entries

    def _look_at(self, entries: Sequence[Entry]) -> None:
        self.doubts = self.doubts.and_read(entries, self._pinned)
        if self._lag is not None:
            self.doubts, self._lag = replace(self.doubts, unasked=self._lag()), None

    async def _take(self) -> Sequence[Entry]:
        ask = self.walk.ask()
        if early := await self._ahead.answer(ask.start):
            return self.walk.take(early.page, early.above, ahead=True)
        began = time.monotonic()
        page = await self._fetch(ask, read_page)
        held = len(page.entries) if ask.limit == self._pinned.limit else 0
        self._ahead.learn(held, time.monotonic() - began)
        return self.walk.take(page)

    async def _fetch_ahead(self, ask: Ask) -> bytes:
        # Read when its turn comes: one page at a time takes memory and time from the keys.
        return await self._fetch(ask, bytes, patient=False)

    async def _fetch(self, ask: Ask, parse: Callable[[bytes], T], *, patient: bool = True) -> T:
        pinned = self._pinned
        return await self._log.fetch(
            pinned.start, pinned.end, pinned.text, ask.start, ask.limit, parse=parse, patient=patient
        )

    @property
    def ready(self) -> bool:
        """Whether the next page is here already."""
        return self._ahead.ready

    @property
    def waits(self) -> bool:
        """Whether the next page was asked for and is on its way."""
        return self._ahead.waits

    def stop(self) -> None:
        """Nobody waits for what was asked for ahead."""
        self._ahead.stop()
