"""One question put to the site, and what has come of it so far.

A `Search` owns its walk and its store; a new question is a new `Search`, so that an answer that comes late can only ever
reach the search it belongs to. Knows nothing of Textual.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from auditui.client.decode import decode
from auditui.client.page import Page, read_page
from auditui.client.paging import Walk
from auditui.model.errors import StoreFailed
from auditui.model.query import Pinned, Query
from auditui.model.record import Record
from auditui.store.records import RecordStore

_DECODED_KEPT = 512

T = TypeVar("T")


class Log(Protocol):
    """The endpoint, as far as a search needs it."""

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


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search has come. Every number is counted, none is estimated."""

    loaded: int = 0
    """Records received, each once."""
    whole: bool = False
    """The end of the log was reached: `loaded` is all there is."""
    late: int = 0
    """Records that arrived above the loaded ones since the search began."""
    notice: str = ""
    """Why nothing more can be read although the end was not reached; "" otherwise."""

    @property
    def more(self) -> bool:
        """Whether asking for another page makes sense."""
        return not self.whole and not self.notice


class Search:
    """The records that answer one query, newest first, as far as they are loaded."""

    def __init__(self, query: Query, pinned: Pinned, log: Log, store: RecordStore) -> None:
        self.query = query
        self.pinned = pinned
        self.progress = Progress()
        self._log = log
        self._store = store
        self._walk = Walk(pinned.limit)
        self._turn = asyncio.Lock()
        self._pending: list[str] = []
        self._closed = False
        self._storing: asyncio.Future[None] | None = None
        self._decoded: OrderedDict[int, Record] = OrderedDict()

    async def next_page(self) -> None:
        """Ask for pages until new records came or the end was reached; `progress` tells.

        One at a time: a second call waits for the first. Cancelling it leaves the search where it was.

        Raises:
            AudituiError: what was loaded stays, and the same page is asked for again by the next call.
        """
        async with self._turn:
            await self._settle()
            before = self._walk.accepted
            while not self._walk.exhausted and self._walk.accepted == before:
                fresh = self._walk.take(await self._fetch())
                self._pending = [entry.raw for entry in fresh]
                await self._settle()

    async def _settle(self) -> None:
        """Store what was accepted. Outlives a cancelled caller, so that no record falls between walk and store."""
        if self._storing is None:
            self._storing = asyncio.ensure_future(self._store_pending())
        await asyncio.shield(self._storing)

    async def _store_pending(self) -> None:
        try:
            if self._pending and not self._closed:
                await asyncio.to_thread(self._store.append, self._pending)
                self._pending = []
        except StoreFailed:
            if not self._closed:  # else nobody waits for these rows any more
                raise
        finally:
            self._storing = None
        self.progress = Progress(
            loaded=self._store.count,
            whole=self._walk.exhausted and not self._walk.notice,
            late=max(0, self._walk.late),
            notice=self._walk.notice,
        )

    async def _fetch(self) -> Page:
        ask = self._walk.ask()
        return await self._log.fetch(
            self.pinned.start, self.pinned.end, self.pinned.text, ask.start, ask.limit, parse=read_page
        )

    def window(self, first: int, count: int) -> list[Record]:
        """Up to `count` loaded records from row `first` on.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        rows = range(max(0, first), min(first + count, self.progress.loaded))
        if missing := [row for row in rows if row not in self._decoded]:
            texts = self._store.window(missing[0], missing[-1] + 1 - missing[0])
            self._decoded.update((row, decode(raw)) for row, raw in enumerate(texts, missing[0]))
        records = [self._decoded[row] for row in rows]
        for row in rows:
            self._decoded.move_to_end(row)
        while len(self._decoded) > max(_DECODED_KEPT, len(rows)):
            self._decoded.popitem(last=False)
        return records

    def close(self) -> None:
        """Give up the loaded records."""
        self._closed = True
        self._store.close()
