"""An export of what is explored: the rows of a scope, loaded as far as that needs it, into a file. Knows no screens.

Cancelling it is all right at any moment and leaves nothing behind: what was loaded stays loaded, so that the next export
begins where this one ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from auditui.client.decode import decode
from auditui.export.exporter import Ending, Exporter
from auditui.export.files import NewFile, Sealed
from auditui.export.formats import EXPORTERS
from auditui.export.names import free_name, target_of
from auditui.export.place import standing
from auditui.model.errors import FileRefused
from auditui.model.filter import NO_FILTER
from auditui.session.connection import Connection
from auditui.session.evidence import Evidence
from auditui.session.investigation import Investigation
from auditui.session.outgoing import Counts, Outgoing
from auditui.session.pace import Pace
from auditui.session.plan import Plan
from auditui.session.rows import Rows
from auditui.session.scope import Chosen, Scope, chosen
from auditui.session.search import Search
from auditui.session.threads import to_the_end
from auditui.store.looker import Looker

__all__ = [
    "EXPORTERS",
    "Exported",
    "Exporter",
    "FileRefused",
    "Phase",
    "RowsExport",
    "Stage",
    "free_name",
    "standing",
    "target_of",
]

HOW_TO_REPLACE = "Press enter again to replace it, or choose another name."

_STEP = 500
"""Rows read and written in one go, some 15 ms of a thread."""


class Phase(Enum):
    """What is being done."""

    LOADING = auto()
    FILTERING = auto()
    WRITING = auto()


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of it."""

    path: Path
    counts: Counts
    ending: Ending
    sealed: Sealed
    warnings: tuple[str, ...]


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


class RowsExport:
    """Writes the rows of a scope."""

    def __init__(
        self,
        investigation: Investigation,
        scope: Scope,
        exporter: Exporter,
        path: Path,
        *,
        load: Callable[[Callable[[], None]], Awaitable[None]],
        overwrite: bool = False,
        demo_records: int | None = None,
    ) -> None:
        """Nothing is done yet.

        Args:
            investigation: what is explored; its search stays the same while this goes on.
            scope: which of its records.
            exporter: the format.
            path: of the file, as `target_of` gives it.
            load: loads what the search finds and is not loaded yet, and calls back as it comes; raises an `AudituiError`
                where it cannot.
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

    async def run(self, changed: Callable[[], None]) -> Exported:
        """Load, choose, write.

        Args:
            changed: called when `stage` tells something else.

        Raises:
            FileRefused: a file is there already, or nothing can be put there.
            AudituiError: the rest could not be loaded, or the records not be written.
        """
        connection, rows = self._investigation.exploring.connection, self._investigation.rows
        if connection is None or rows is None:
            raise RuntimeError("an export needs something that is explored")
        place = await asyncio.to_thread(
            lambda: NewFile.begin(self._path, overwrite=self._overwrite, how=HOW_TO_REPLACE)
        )
        try:
            if self._scope.loads_the_rest and rows.search.progress.more:
                await self._load(changed)
            which = await self._choose(rows.search, changed)
            return await self._write(connection, rows.search, which, place, changed)
        finally:
            await asyncio.to_thread(place.abandon, keep=False)

    async def _choose(self, search: Search, changed: Callable[[], None]) -> Chosen:
        """Look through the filter at all that is loaded, where it decides."""
        wanted = self._investigation.wanted if self._scope.filtered else NO_FILTER
        rows = Rows(search, wanted, self._investigation.view.order)
        try:
            self._enter(Phase.FILTERING, search.progress.loaded)
            if wanted:
                await rows.follow(lambda: self._come_to(rows.covers, changed))
            return chosen(self._scope, rows)
        finally:
            rows.close()

    async def _write(
        self,
        connection: Connection,
        search: Search,
        which: Chosen,
        place: NewFile,
        changed: Callable[[], None],
    ) -> Exported:
        plan = self._plan(connection, search, which)
        self._enter(Phase.WRITING, len(which.rows))
        out = await asyncio.to_thread(Outgoing, self._exporter, plan.occasion, place, Counts(which.looked_at))
        looker = search.look(NO_FILTER)
        try:
            for first in range(0, len(which.rows), _STEP):
                await to_the_end(_copy, looker, which.rows[first : first + _STEP], out)
                self._come_to(out.counts.written, changed)
            ending = Ending(out.counts.written, which.complete, which.completeness)
            evidence = Evidence(
                plan,
                out.counts,
                ending,
                search.progress.late,
                out.warnings,
                connection.kept,
                connection.now(),
                self._path.name,
            )
            sealed = await to_the_end(out.finish, ending, evidence.manifest)
            return Exported(self._path, out.counts, ending, sealed, out.warnings)
        finally:
            out.close()
            looker.close()

    def _plan(self, connection: Connection, search: Search, which: Chosen) -> Plan:
        wanted = self._investigation.wanted if self._scope.filtered else NO_FILTER
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
        rows = self._investigation.rows
        loaded = rows.search.progress.loaded if rows else 0
        self._pace.note(loaded)
        back, whole = self._span()
        self._pace_back.note(back)
        part = min(1.0, back / whole) if whole else None
        left = self._pace_back.left(whole) if whole else None
        return Stage(Phase.LOADING, loaded, part, self._pace.rate, left)

    def _span(self) -> tuple[int, int]:
        """How much of the time that the search asks for is loaded, and how much that is; 0 where nobody knows."""
        rows, exploring = self._investigation.rows, self._investigation.exploring
        if rows is None or not (loaded := rows.search.progress.loaded):
            return 0, 0
        pinned, last = rows.search.pinned, rows.search.records((loaded - 1,))[0].created
        kept = exploring.connection.kept if exploring.connection else None
        start = pinned.start or (kept.since(pinned.end) if kept else None) or 0
        return (pinned.end - last, pinned.end - start) if start and last is not None else (0, 0)

    def _enter(self, phase: Phase, total: int) -> None:
        self._phase, self._done, self._total, self._pace = phase, 0, total, Pace()

    def _come_to(self, done: int, changed: Callable[[], None]) -> None:
        self._done = done
        self._pace.note(done)
        changed()


def _copy(looker: Looker, rows: Sequence[int], out: Outgoing) -> None:
    """In a thread: from the store into the export."""
    out.write([decode(raw) for raw in looker.texts(rows)], of=0)
