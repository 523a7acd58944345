"""One reading of a log, page after page: what was accepted of each, the next one asked for meanwhile.

Knows nothing of what becomes of the records.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from auditui.client.page import Entry, Page, read_page
from auditui.client.paging import Walk
from auditui.model.query import Pinned

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
    ) -> T:
        """One page, read by `parse`."""
        ...


class Reading:
    """Reads the records that answer a query, newest first, each once."""

    def __init__(self, log: Log, pinned: Pinned, walk: Walk | None = None) -> None:
        """Nothing is asked yet.

        Args:
            log: the endpoint.
            pinned: the query.
            walk: where to go on; a new one begins at the newest record.
        """
        self.walk = walk or Walk(pinned.limit)
        self._log = log
        self._pinned = pinned
        self._ahead: asyncio.Task[Page] | None = None

    async def next(self, *, ahead: bool = False) -> Sequence[Entry]:
        """The new records of one more page; none where the place is sought, or where `walk.exhausted`.

        Cancelling it leaves the walk where it was.

        Args:
            ahead: whether to ask for the page after this one, too: the caller is going to want it, or calls `stop`.

        Raises:
            AudituiError: the same page is asked for again by the next call.
        """
        if self.walk.exhausted:
            return ()
        entries = self.walk.take(await self._asked())
        if ahead and not self.walk.exhausted:
            self._ahead = asyncio.create_task(self._fetch())
            self._ahead.add_done_callback(_heard)
        return entries

    async def _asked(self) -> Page:
        """The page that was asked for ahead, or else the next one."""
        asked, self._ahead = self._ahead, None
        if asked is None:
            return await self._fetch()
        try:
            return await asked
        except asyncio.CancelledError:
            asked.cancel()
            raise

    async def _fetch(self) -> Page:
        ask, pinned = self.walk.ask(), self._pinned
        return await self._log.fetch(
            pinned.start, pinned.end, pinned.text, ask.start, ask.limit, parse=read_page
        )

    def stop(self) -> None:
        """Nobody waits for what was asked for ahead."""
        if self._ahead is not None:
            self._ahead.cancel()
            self._ahead = None


def _heard(asked: asyncio.Task[Page]) -> None:
    """Whoever wants the page hears of a failure; where nobody does any more, asyncio need not tell of it."""
    if not asked.cancelled():
        asked.exception()
