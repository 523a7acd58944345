"""What is being explored: a connection, its current search, how far that has come, and what went wrong.

Plain state without Textual. A screen calls `begin` and `load` from its workers and draws `situation`. An answer that
comes for a search that is no longer current changes nothing.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from auditui.model.errors import AudituiError
from auditui.model.query import Query
from auditui.model.resumption import Former, Spot
from auditui.model.when import Zone, show_time
from auditui.session.connection import Connection
from auditui.session.kept import Kept, kept
from auditui.session.search import Progress, Search

_MOVED = 20
"""Rows by which late records are likely to have moved others at most."""


class Wait(Protocol):
    """An automatic wait before asking again."""

    @property
    def seconds(self) -> float:
        """How long."""
        ...

    @property
    def why(self) -> str:
        """After what."""
        ...


@dataclass(frozen=True, slots=True)
class Situation:
    """All that decides what the screen says about the loading."""

    progress: Progress = field(default_factory=Progress)
    searched: bool = False
    """Whether a search was begun."""
    doing: str = ""
    """What is being waited for, in words: "Connecting to …", "Loading …"; "" while nothing is."""
    error: AudituiError | None = None
    """Why the last request failed; the loaded rows stay."""
    cancelled: bool = False
    """Somebody stopped the loading; it goes on only when asked to."""
    oldest: str = ""
    """When the last loaded record was written, as it is shown."""
    kept: Kept | None = None
    """How long the site keeps records; None where it does not say."""


class Exploring:
    """The state of one explorer.

    A new search comes into the place of the old one when its first answer is there, so that a failure takes no rows away.
    """

    def __init__(self, query: Query, zone: Zone) -> None:
        self.asked = query
        """What was asked last; a search for it may still be coming, or have failed."""
        self.zone = zone
        self.connection: Connection | None = None
        self.error: AudituiError | None = None
        self.doing = ""
        self.reaching = ""
        """Which other account is to answer before it takes the place of this one, in words; "" for none."""
        self.keeps: Callable[[Search], bool] = lambda _search: False
        """Whether somebody keeps, and closes, a search whose place another one takes."""
        self._search: Search | None = None
        self._coming: Search | None = None
        self._wanted: float = 0
        self._loader: object | None = None
        self._place: Spot | None = None
        self._reach = 0
        self._halted = False
        self._left = 0.0
        self._waiting = ("", 0.0)

    @property
    def search(self) -> Search | None:
        """The search that is explored; None before there is one."""
        return self._search

    @property
    def arriving(self) -> bool:
        """Whether another search was begun that has not answered yet."""
        return self._coming is not None

    @property
    def loaded(self) -> int:
        """Rows that can be had now."""
        return self._search.progress.loaded if self._search else 0

    def found_again(self) -> int | None:
        """The row on which the remembered record stands in the new search; told once."""
        if (place := self._place) is None or self._search is None or self._coming is not None:
            return None
        if self.loading and self.loaded <= place.row + (_MOVED if self._reach else 0):
            return None
        self._place = None
        row = self._search.find(place.fingerprint, place.row)
        return min(place.row, self.loaded - 1) if row is None and self._reach else row

    @property
    def sought(self) -> Spot | None:
        """The remembered record, until it is told where it stands."""
        return self._place

    # What goes on

    @property
    def query(self) -> Query:
        """What the rows answer; before there are any, what was asked."""
        return self._search.query if self._search else self.asked

    @property
    def loading(self) -> bool:
        """Whether a `load` is under way."""
        return self._loader is not None

    @property
    def situation(self) -> Situation:
        """How things stand now."""
        progress = self._search.progress if self._search else Progress()
        return Situation(
            progress=progress,
            searched=self._search is not None or self.connection is not None,
            doing=self.patience or self.reaching or self.doing,
            error=self.error,
            cancelled=self._halted and self.error is None,
            oldest=self._oldest() if progress.loaded else "",
            kept=self.kept,
        )

    @property
    def kept(self) -> Kept | None:
        """How long the site keeps records, and what that means for the search; None where it does not say."""
        if (connection := self.connection) is None:
            return None
        pinned = self._search.pinned if self._search else None
        return kept(connection.kept, pinned, connection.now(), self.zone)

    @property
    def begun(self) -> bool:
        """Whether the first records are there, and the rest of their page is to be wanted once they are seen."""
        return not self.loading and self._search is not None and self._search.begun

    def waits(self, wait: Wait | None) -> None:
        """The client waits before it asks again; None when that is over."""
        self._waiting = (wait.why, time.monotonic() + wait.seconds) if wait else ("", 0.0)

    @property
    def patience(self) -> str:
        """What the client waits for before it asks again, and how long; "" where it does not."""
        why, until = self._waiting
        return f"Asking again in {max(0, math.ceil(until - time.monotonic()))} s: {why}" if why else ""

    def _oldest(self) -> str:
        last = self._search.window(self.loaded - 1, 1)[0] if self._search else None
        if last is None:
            return ""
        return show_time(last.created, self.zone) if last.created is not None else "an unknown date"

    # Another place, another search

    async def switch(self, connection: Connection) -> None:
        """Explore with another connection: nothing of the old one stays."""
        await self.close()
        self.connection = connection

    async def begin(self, query: Query, place: Spot | None = None, former: Former | None = None) -> None:
        """Prepare a new search, pinned to this moment; `load` asks for its first page.

        Args:
            query: what is asked.
            place: a record: `load` goes as far as its row, and `found_again` tells where it stands.
            former: make this search of an earlier run again, as it was; `load` goes as far as its marks, too.

        Raises:
            AudituiError: the query cannot be read, or there is no place for records; the rows stay.
        """
        if self.connection is None:
            raise RuntimeError("begin needs a connection")
        self.asked = query
        coming = await self.connection.search(query, self.zone, former)
        self._drop()
        marks = former.marks if former else ()
        last = max((spot.row for spot in (*marks, *((place,) if place else ()))), default=0)
        self._reach = last + 1 if former else 0
        self._place, self._wanted = place, last + 1 + (_MOVED if former and last else 0)
        self._coming, self.error, self._halted = coming, None, False

    def resume(self, search: Search) -> None:
        """Go back to an earlier search of this connection; whoever kept it open keeps the one that is left."""
        self._drop()
        self._search, self.asked, self.error, self._halted, self._place = (
            search,
            search.query,
            None,
            False,
            None,
        )
        self._reach = 0

    def cancel(self) -> None:
        """Forget the load that is under way, whose worker was cancelled, and the search that was coming."""
        self._halted = self.loading and self._coming is None
        self._left = self._reach + _MOVED if self._reach else 0
        self._drop()

    def _drop(self) -> None:
        if self._coming is not None:
            self._coming.close()
        self._coming, self._loader, self.doing, self._wanted = None, None, "", 0

    def want(self, rows: float) -> bool:
        """Have at least so many rows, as somebody scrolls there. Whether somebody has to call `load` for it now."""
        if self._coming is not None or self._halted:
            return False
        self._wanted = max(self._wanted, rows)
        return not self.loading and self._behind()

    def want_all(self) -> bool:
        """Have everything the search finds, also after a failure. Whether somebody has to call `load` for it now."""
        self._wanted, self._halted = math.inf, False
        return not self.loading and (self._coming is not None or self._behind())

    def again(self) -> bool:
        """Go on where a failure or a cancellation ended the loading. Whether there is such a place."""
        if self._halted:
            self._wanted = max(self._left, self.loaded + 1)
        return self._halted

    def _behind(self) -> bool:
        return self._search is not None and self._search.progress.more and self.loaded < self._wanted

    async def load(self, changed: Callable[[], None]) -> None:
        """Load pages until as many rows are there as were wanted. Cancelling it is all right at any moment.

        Args:
            changed: called after each page, and when something else is to be told.
        """
        self._loader, self.error, self._halted = (me := object()), None, False
        search: Search | None = None
        try:
            await self._arrive(changed)
            search = self._search
            while search is not None and search is self._search and self._loader is me and self._behind():
                self.doing = self._words()
                changed()
                await search.next_page(ahead=self._wanted > self.loaded + search.pinned.limit)
        except AudituiError as error:
            if self._loader is me:
                self.error, self._halted, self._left = error, True, self._wanted
        finally:
            if search is not None and (search is not self._search or self._loader in (me, None)):
                search.stop()
            if self._loader is me:
                self._loader, self.doing, self._wanted = None, "", 0
                changed()

    def _words(self) -> str:
        if self._wanted == math.inf:
            return "Loading the rest"
        if self.loaded < self._reach:
            return f"Resuming: {self.loaded:,} of at least {self._reach:,}"
        return "Loading"

    async def _arrive(self, changed: Callable[[], None]) -> None:
        """Let the search that is coming take the place of the current one, once it has something to show."""
        if (coming := self._coming) is None:
            return
        self.doing = "Searching"
        changed()
        await coming.next_page()
        if coming is self._coming:
            left, self._search, self._coming = self._search, coming, None
            changed()
            if left is not None and not self.keeps(left):
                left.leave()
                await asyncio.to_thread(left.close)

    async def settled(self) -> None:
        """Wait until what came before the loading was cancelled is stored."""
        if self._search is not None:
            await self._search.settled()

    async def close(self) -> None:
        """Give up the rows and the connection."""
        self._drop()
        self._halted, self._place = False, None
        left, self._search = self._search, None
        connection, self.connection = self.connection, None
        if left is not None:
            left.leave()
        if connection is not None:
            await (
                connection.close()
            )  # first, as it takes no time: whoever ends it all waits half a second and no longer
        if left is not None:
            await asyncio.to_thread(left.close)
