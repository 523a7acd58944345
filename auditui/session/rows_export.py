"""An export of what is explored: the rows of a scope, loaded as far as that needs it, into a file. Knows no screens.

Cancelling it is all right at any moment before the file is put in its place, and leaves nothing behind: what was loaded
stays loaded, so that the next export begins where this one ended.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from pathlib import Path

from auditui.client.decode import decode
from auditui.export.exporter import Ending, Exporter
from auditui.export.files import NewFile
from auditui.model.filter import NO_FILTER, Filter
from auditui.session.connection import Connection
from auditui.session.evidence import Circumstances, Outcome, ending_of, finish
from auditui.session.investigation import Investigation
from auditui.session.outgoing import Counts, Outgoing
from auditui.session.pace import Pace
from auditui.session.plan import Plan
from auditui.session.rows import Rows
from auditui.session.scope import Chosen, Scope, chosen, hindrance
from auditui.session.search import Search
from auditui.session.threads import to_the_end, whatever_happens
from auditui.store.looker import Looker

HOW_TO_REPLACE = "Press enter again to replace it, or choose another name."

_STEP = 500
"""Rows read and written in one go, some 15 ms of a thread."""


class Phase(Enum):
    """What is being done."""

    LOADING = auto()
    FILTERING = auto()
    WRITING = auto()


@dataclass(frozen=True, slots=True)
class Stage:
    """How far it has come."""

    phase: Phase
    done: int
    """Records loaded, looked at, or written."""
    part: float | None
    """Which part of the phase is done, 0 to 1; None where nobody can tell."""
    rate: float
    """Records in a second; 0 where that cannot be told yet."""
    left: float | None
    """Seconds until the phase is over, if it goes on so; None where that cannot be told."""
    waiting: str = ""
    """What is waited for meanwhile, in words: the site asked for patience; "" for nothing."""


Load = Callable[[Callable[[], None]], Awaitable[None]]
"""Loads what the search finds and is not loaded yet, and calls back as it comes; raises an `AudituiError` where it cannot."""


class RowsExport:
    """Writes the rows of a scope."""

    def __init__(
        self,
        investigation: Investigation,
        scope: Scope,
        exporter: Exporter,
        path: Path,
        *,
        load: Load,
        overwrite: bool = False,
        demo_records: int | None = None,
    ) -> None:
        """Nothing is done yet.

        Args:
            investigation: what is explored.
            scope: which of its records.
            exporter: the format.
            path: of the file, as `export_files.look` gives it.
            load: for what is missing.
            overwrite: whether it was agreed that a file there is replaced.
            demo_records: how many records the demo site has; None for a real site.
        """
        self._investigation = investigation
        self._scope = scope
        self._exporter = exporter
        self._path = path
        self._load = load
        self._overwrite = overwrite
        self._demo_records = demo_records
        self._phase = Phase.LOADING
        self._pace, self._pace_back = Pace(), Pace()
        self._done, self._total = 0, 0

    async def run(self, changed: Callable[[], None]) -> Outcome:
        """Load, choose, write. Where the file is being put in its place already, it cannot be cancelled any more.

        Args:
            changed: called when `stage` tells something else.

        Raises:
            FileRefused: a file is there already, or nothing can be put there.
            AudituiError: the rest could not be loaded, or the records not be written.
        """
        begin = partial(NewFile.begin, self._path, overwrite=self._overwrite, how=HOW_TO_REPLACE)
        place = await to_the_end(begin, undo=partial(NewFile.abandon, keep=False))
        try:
            if self._scope.loads_the_rest:
                await self._load(changed)
            connection, search = self._explored()
            wanted = self._investigation.wanted if self._scope.filtered else NO_FILTER
            which = await self._choose(search, wanted, changed)
            return await self._write(
                self._plan(connection, search, wanted, which), search, which, place, changed
            )
        finally:
            await to_the_end(partial(place.abandon, keep=False))

    def _explored(self) -> tuple[Connection, Search]:
        exploring = self._investigation.exploring
        if (why := hindrance(exploring)) is not None:
            raise why
        if exploring.connection is None or exploring.search is None:
            raise RuntimeError("what is loaded has a connection and a search")
        return exploring.connection, exploring.search

    async def _choose(self, search: Search, wanted: Filter, changed: Callable[[], None]) -> Chosen:
        """Look through the filter at all that is loaded, where it decides."""
        only_marked = self._scope is Scope.MARKED_SHOWN
        rows = Rows(search, wanted, self._investigation.view.order, only_marked=only_marked)
        try:
            self._enter(Phase.FILTERING, search.progress.loaded)
            if self._scope.filtered:
                await rows.follow(lambda: self._come_to(rows.covers, changed))
            return chosen(self._scope, rows)
        finally:
            rows.close()

    async def _write(
        self, plan: Plan, search: Search, which: Chosen, place: NewFile, changed: Callable[[], None]
    ) -> Outcome:
        self._enter(Phase.WRITING, len(which.rows))
        begin = partial(Outgoing, self._exporter, plan.occasion, place, Counts(which.looked_at))
        out = await to_the_end(begin, undo=Outgoing.close)
        try:
            await self._copy(search, which.rows, out, changed)
            ending = self._ending(search, which, out.counts.written)
            connection, _ = self._explored()
            progress = search.progress
            known = Circumstances(ending, progress.late, connection.kept, connection.now(), progress.doubts)
            return await whatever_happens(partial(finish, out, plan, known, self._path))
        finally:
            await to_the_end(out.close)

    async def _copy(
        self, search: Search, rows: Sequence[int], out: Outgoing, changed: Callable[[], None]
    ) -> None:
        looker = search.look(NO_FILTER)
        try:
            for first in range(0, len(rows), _STEP):
                await to_the_end(partial(_copy_some, looker, rows[first : first + _STEP], out))
                self._come_to(out.counts.written, changed)
        finally:
            looker.close()

    def _ending(self, search: Search, which: Chosen, written: int) -> Ending:
        """What can truly be said of the export."""
        progress = search.progress
        if self._scope in (Scope.MARKED, Scope.MARKED_SHOWN):
            told = f"marked by hand, among {which.looked_at:,} loaded"
            return Ending(written, complete=True, completeness=told)
        if not progress.whole or which.looked_at < progress.loaded:
            why = progress.notice or "More is below: it was not loaded."
            told = f"of the {which.looked_at:,} newest records, which were loaded. {why}"
            return Ending(written, complete=False, completeness=told)
        return ending_of(written, late=progress.late, notice=progress.doubts.unasked_told)

    def _plan(self, connection: Connection, search: Search, wanted: Filter, which: Chosen) -> Plan:
        return Plan(
            site=connection.place,
            account=connection.account.email,
            origin=connection.account.site.origin,
            demo_records=self._demo_records,
            format=self._exporter.key,
            query=search.query,
            pinned=search.pinned,
            zone=self._investigation.exploring.zone,
            began=connection.now(),
            filter=wanted.text.strip(),
            filter_read_at=wanted.read_at,
            selection=self._scope.value,
            order=which.order,
        )

    # How far it has come

    @property
    def stage(self) -> Stage:
        """How far it has come."""
        if self._phase is Phase.LOADING:
            return self._loading()
        part = self._done / self._total if self._total else None
        return Stage(self._phase, self._done, part, self._pace.rate, self._pace.left(self._total))

    def _loading(self) -> Stage:
        """What is left can only be told by how far back the loaded records reach."""
        loaded = self._investigation.exploring.loaded
        self._pace.note(loaded)
        back, whole = self._span()
        self._pace_back.note(back)
        part = min(1.0, back / whole) if whole else None
        left = self._pace_back.left(whole) if whole else None
        return Stage(
            Phase.LOADING, loaded, part, self._pace.rate, left, self._investigation.exploring.patience
        )

    def _span(self) -> tuple[int, int]:
        """How much of the time that the search asks for is loaded, and how much that is; 0 where nobody knows."""
        exploring = self._investigation.exploring
        if (search := exploring.search) is None or not (loaded := search.progress.loaded):
            return 0, 0
        pinned, last = search.pinned, search.records((loaded - 1,))[0].created
        kept = exploring.connection.kept if exploring.connection else None
        start = pinned.start or (kept.since(pinned.end) if kept else None) or 0
        return (pinned.end - last, pinned.end - start) if start and last is not None else (0, 0)

    def _enter(self, phase: Phase, total: int) -> None:
        self._phase, self._done, self._total, self._pace = phase, 0, total, Pace()

    def _come_to(self, done: int, changed: Callable[[], None]) -> None:
        self._done = done
        self._pace.note(done)
        changed()


def _copy_some(looker: Looker, rows: Sequence[int], out: Outgoing) -> None:
    """In a thread: from the store into the export."""
    out.write([decode(raw) for raw in looker.texts(rows)], of=0)
