"""One question put to the site, and what has come of it so far.

A `Search` owns its walk and its store; a new question is a new `Search`, so that an answer that comes late can only ever
reach the search it belongs to. Knows nothing of Textual.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, replace

from auditui.client.decode import decode
from auditui.client.page import Entry
from auditui.client.paging import Walk
from auditui.model.errors import StoreFailed, UsageError
from auditui.model.filter import Filter
from auditui.model.filter_edit import moment
from auditui.model.first import First
from auditui.model.query import Pinned, Query
from auditui.model.record import Record
from auditui.model.resumption import fingerprint
from auditui.model.when import Zone
from auditui.session.doubts import NONE, Doubts
from auditui.session.reading import Log, Reading
from auditui.session.site_clock import Lag
from auditui.store.looker import Looker
from auditui.store.records import RecordStore

_UTC = Zone("UTC")
_DECODED_KEPT = 512
_FILED_AT_ONCE = 250  # rows, some 15 ms
NEAR = 1_000  # rows by which late records may have moved one


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
    doubts: Doubts = NONE
    """What speaks against taking the records for what was asked."""

    @property
    def all(self) -> bool:
        """Whether nothing that the site has for the query is missing."""
        return self.whole and not self.doubts.unasked

    @property
    def more(self) -> bool:
        """Whether asking for another page makes sense."""
        return not self.whole and not self.notice


class Search:
    """The records that answer one query, newest first, as far as they are loaded."""

    def __init__(
        self,
        query: Query,
        pinned: Pinned,
        log: Log,
        store: RecordStore,
        zone: Zone = _UTC,
        *,
        lag: Lag | None = None,
        reopened: bool = False,
        first: int | None = None,
    ) -> None:
        """Nothing is asked yet.

        Args:
            query: what is asked.
            pinned: the same, with both ends fixed.
            log: the endpoint.
            store: where the records go; closed with the search.
            zone: the zone in which the query's dates were read.
            lag: tells, once the first answer is there, how much of the newest time was not asked for.
            first: records to ask for at first, if not a whole page.
        """
        self.query = query
        self.pinned = pinned
        self.zone = zone
        """The zone in which the query's dates were read."""
        self.reopened = reopened
        """Whether it was made again as it was in an earlier run, so that newer records were not asked for."""
        self.progress = Progress()
        self._store = store
        self._reading = Reading(log, pinned, Walk(pinned.limit, first=first), lag=lag)
        self._first = first or 0
        self._turn = asyncio.Lock()
        self._pending: Sequence[Entry] = ()
        self._closed = False
        self._storing: asyncio.Future[None] | None = None
        self._decoded: OrderedDict[int, Record] = OrderedDict()

    @property
    def begun(self) -> bool:
        """Whether no more is there than what was asked for at first, and the rest of a page is still to come."""
        return 0 < self.progress.loaded <= self._first and self.progress.more

    async def next_page(self, *, ahead: bool = False) -> None:
        """Ask for pages until new records came or the end was reached; `progress` tells.

        One at a time: a second call waits for the first. Cancelling it leaves the search where it was.

        Args:
            ahead: whether to ask for the page after this one, too, while this one is stored: the caller is going to want
                it, or calls `stop`.

        Raises:
            AudituiError: what was loaded stays, and the same page is asked for again by the next call.
        """
        async with self._turn:
            await self._settle()
            walk = self._reading.walk
            before = walk.accepted
            while not walk.exhausted and walk.accepted == before:
                self._pending = await self._reading.next(ahead=ahead)
                await self._settle()
            while ahead and self.filed < self.progress.loaded and self._reading.waits:
                await self._file_some()

    def stop(self) -> None:
        """Nobody waits for what was asked for ahead."""
        self._reading.stop()

    async def settled(self) -> None:
        """Wait until what was on its way to the disk is there, or has failed; whoever loads on hears of that."""
        if self._storing is not None:
            with suppress(StoreFailed):
                await asyncio.shield(self._storing)

    async def _settle(self) -> None:
        """Store what was accepted. Outlives a cancelled caller, so that no record falls between walk and store."""
        if self._storing is None:
            self._storing = asyncio.ensure_future(self._store_pending())
            self._storing.add_done_callback(_heard)
        await asyncio.shield(self._storing)

    async def _store_pending(self) -> None:
        try:
            if self._pending and not self._closed:
                # Pages that come more quickly than records are filed: that is done when none comes, or when somebody asks.
                unfiled = self._reading.ready or self.filed < self._store.count
                await asyncio.to_thread(self._append_unfiled if unfiled else self._append, self._pending)
                self._pending = ()
        except StoreFailed:
            if not self._closed:  # else nobody waits for these rows any more
                raise
        finally:
            self._storing = None
        walk = self._reading.walk
        self.progress = Progress(
            loaded=self._store.count,
            whole=walk.exhausted and not walk.notice,
            late=max(0, walk.late),
            notice=walk.notice,
            doubts=self._reading.doubts,
        )

    def _append(self, entries: Sequence[Entry]) -> None:
        self._store.append([decode(entry.raw, entry.value) for entry in entries])

    def _append_unfiled(self, entries: Sequence[Entry]) -> None:
        self._store.append_unfiled([entry.raw for entry in entries])

    @property
    def filed(self) -> int:
        """How many loaded records can be filtered, counted and sorted: the first so many."""
        return self._store.filed

    async def file(self, end: int | None = None) -> None:
        """Make sure that the records before a row, or all loaded ones, are filed. Cancelling it is all right at any moment.

        Raises:
            StoreFailed: the disk is full or gone.
        """
        while self.filed < min(end or self.progress.loaded, self.progress.loaded) and not self._closed:
            await self._file_some()

    async def _file_some(self) -> None:
        try:
            await asyncio.to_thread(self._store.file_next, _FILED_AT_ONCE, decode)
        except StoreFailed:
            if not self._closed:  # else nobody asks for these rows any more
                raise

    def window(self, first: int, count: int) -> list[Record]:
        """Up to `count` loaded records from row `first` on.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        return self.records(range(max(0, first), min(first + count, self.progress.loaded)))

    def records(self, rows: Sequence[int]) -> list[Record]:
        """The loaded records of these rows, some hundred at a time.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        if missing := [row for row in rows if row not in self._decoded]:
            texts = self._store.texts(missing)
            self._decoded.update((row, decode(texts[row])) for row in missing)
        records = [self._decoded[row] for row in rows]
        for row in rows:
            self._decoded.move_to_end(row)
        while len(self._decoded) > max(_DECODED_KEPT, len(rows)):
            self._decoded.popitem(last=False)
        return records

    def look(self, wanted: Filter, *, only_marked: bool = False) -> Looker:
        """Look at the loaded records through a filter; whoever looks closes it.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        return Looker(self._store, wanted, only_marked=only_marked)

    def texts(self, rows: Sequence[int]) -> dict[int, str]:
        """The JSON texts of these rows, by row.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        return self._store.texts(rows)

    def firsts(self, rows: Sequence[int]) -> Mapping[int, frozenset[First]]:
        """Which of these rows are the first of their kind among all that are loaded; nobody knows before all are filed.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        return self._store.firsts(rows) if self.filed == self.progress.loaded else {}

    def query_in(self, zone: Zone) -> Query:
        """The query with dates that mean the same moments when they are read in a zone."""
        query = self.query
        if zone == self.zone or self._pinned_in(zone) == self._pinned_in(self.zone) is not None:
            return query
        since = moment(self.pinned.start, zone) if query.since.strip() else ""
        until = moment(self.pinned.end, zone) if query.until.strip() else ""
        return replace(query, since=since, until=until)

    def _pinned_in(self, zone: Zone) -> Pinned | None:
        """What the query would be pinned to in a zone; None where it means nothing there, as a start that is still to come."""
        try:
            return self.query.pinned(self.pinned.end, zone)
        except UsageError:
            return None

    def spans(self, start: int, end: int) -> bool:
        """Whether all that the log holds from `start` on and before `end`, in milliseconds, was asked for and is loaded."""
        if self.pinned.text or not self.progress.loaded or self.pinned.start > start:
            return False
        short = self.query.until.strip() or self.reopened or self.progress.doubts.unasked
        if short and self.pinned.end < end - 1:
            return False
        if (
            self.progress.whole or self.progress.doubts.risen
        ):  # nothing follows from where an answer out of order has come to
            return self.progress.whole
        last = self.records((self.progress.loaded - 1,))[0].created
        return last is not None and last < start

    def find(self, known_by: str, near: int) -> int | None:
        """The row of the record with this fingerprint, if it stands within `NEAR` rows of a row.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        rows = range(max(0, near - NEAR), min(near + NEAR, self.progress.loaded))
        found = (row for row, raw in self.texts(rows).items() if fingerprint(raw) == known_by)
        return min(found, key=lambda row: abs(row - near), default=None)

    # Marks

    @property
    def marked(self) -> AbstractSet[int]:
        """The marked rows."""
        return self._store.marked

    def mark(self, rows: Collection[int], *, marked: bool) -> None:
        """Mark rows, or take their marks away.

        Raises:
            StoreFailed: the disk is full or gone; nothing changed.
        """
        self._store.mark(rows, marked=marked)

    def leave(self) -> None:
        """Ask and file no more."""
        self.stop()
        self._closed = True

    def close(self) -> None:
        """Give up the loaded records. In a thread only after `leave`."""
        if not self._closed:
            self.leave()
        self._store.close()


def _heard(storing: asyncio.Future[None]) -> None:
    """Whoever waits hears of a failure; where nobody does any more, asyncio need not tell of it."""
    if not storing.cancelled():
        storing.exception()
