"""What is being explored: a connection, its current search, how far that has come, and what went wrong.

Plain state without Textual. A screen calls `begin` and `load` from its workers and draws `situation`. An answer that
comes for a search that is no longer current changes nothing.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from auditui.model.errors import AudituiError
from auditui.model.query import Query
from auditui.model.record import Record
from auditui.model.when import Zone, show_time
from auditui.session.connection import Connection
from auditui.session.search import Progress, Search


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
    notice: str = ""
    """Something else worth knowing."""
    oldest: str = ""
    """When the last loaded record was written, as it is shown."""


class Exploring:
    """The state of one explorer."""

    def __init__(self, query: Query, zone: Zone) -> None:
        self.query = query
        """What is asked, also before it could be."""
        self.zone = zone
        self.connection: Connection | None = None
        self.error: AudituiError | None = None
        self.doing = ""
        self._search: Search | None = None
        self._wanted: float = 0
        self._loader: object | None = None
        self._waiting = ("", 0.0)

    # Rows, for the table

    @property
    def loaded(self) -> int:
        """Rows that can be had now."""
        return self._search.progress.loaded if self._search else 0

    def window(self, first: int, count: int) -> Sequence[Record]:
        """Up to `count` loaded records from row `first` on.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        return self._search.window(first, count) if self._search else ()

    # What goes on

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
            searched=self._search is not None,
            doing=self._patience() or self.doing,
            error=self.error,
            notice=self.connection.clock_notice if self.connection else "",
            oldest=self._oldest() if progress.whole and progress.loaded else "",
        )

    def waits(self, wait: Wait | None) -> None:
        """The client waits before it asks again; None when that is over."""
        self._waiting = (wait.why, time.monotonic() + wait.seconds) if wait else ("", 0.0)

    def _patience(self) -> str:
        why, until = self._waiting
        return f"{why} Asking again in {max(0, math.ceil(until - time.monotonic()))} s" if why else ""

    def _oldest(self) -> str:
        last = self.window(self.loaded - 1, 1)[0]
        return show_time(last.created, self.zone) if last.created is not None else "an unknown date"

    async def begin(self, query: Query) -> None:
        """Leave the current search for a new one, pinned to this moment. Nothing is asked yet.

        Raises:
            AudituiError: the query cannot be read, or there is no place for records; the current search stays.
        """
        if self.connection is None:
            raise RuntimeError("begin needs a connection")
        search = await self.connection.search(query, self.zone)
        left, self._search, self.query = self._search, search, query
        self.error, self.doing, self._wanted, self._loader = None, "", 1, None
        if left is not None:
            await asyncio.to_thread(left.close)

    def want(self, rows: float) -> bool:
        """Ask for at least so many rows; `math.inf` for all. Whether somebody has to call `load` for it now."""
        self._wanted = max(self._wanted, rows)
        return not self.loading and self.error is None and self._behind()

    def _behind(self) -> bool:
        return self._search is not None and self._search.progress.more and self.loaded < self._wanted

    async def load(self, changed: Callable[[], None]) -> None:
        """Load pages until as many rows are there as were wanted. Cancelling it is all right at any moment.

        Args:
            changed: called after each page, and when something else is to be told.
        """
        search, self._loader, self.error = self._search, (me := object()), None
        try:
            while search is self._search and search is not None and self._behind():
                self.doing = "Loading the rest" if self._wanted == math.inf else "Loading"
                changed()
                await search.next_page()
        except AudituiError as error:
            if search is self._search:
                self.error = error
        finally:
            if self._loader is me:
                self._loader, self.doing, self._wanted = None, "", 0
                changed()

    async def close(self) -> None:
        """Give up the search and the connection."""
        if self._search is not None:
            await asyncio.to_thread(self._search.close)
            self._search = None
        if self.connection is not None:
            await self.connection.close()
            self.connection = None
