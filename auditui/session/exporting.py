"""`auditui export` without its words: opens place and connection, reads, and puts file and manifest where they belong.

Knows nothing of terminals or screens.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from auditui.client.log import Wait
from auditui.client.paging import Mark
from auditui.export.exporter import Ending, Exporter
from auditui.export.files import NewFile, Sealed
from auditui.export.formats import exporter_named
from auditui.export.standard_output import Piped
from auditui.export.unfinished import unfinished
from auditui.model.errors import UsageError
from auditui.model.filter_parse import parse_filter
from auditui.model.retention import Retention
from auditui.session.connection import Connection
from auditui.session.evidence import Evidence
from auditui.session.outgoing import NOTHING, Counts, Outgoing, Place
from auditui.session.plan import ALL, FILTERED, Plan, narrowed, read_note
from auditui.session.run import Options, Run
from auditui.session.streaming import Streamed, Streaming

_HOW_TO_REPLACE = "Choose another name, or add --overwrite."


class Hearer(Protocol):
    """Whoever tells people how it goes. Called from the event loop."""

    def begins(self, plan: Plan, counts: Counts) -> None:
        """Reading begins, or goes on behind what was counted."""
        ...

    def goes_on(self, streamed: Streamed) -> None:
        """A page came."""
        ...

    def waits(self, wait: Wait | None) -> None:
        """The site asked for patience; None when that is over."""
        ...

    def notice(self, text: str) -> None:
        """Something else worth knowing."""
        ...


@dataclass(frozen=True, slots=True)
class Start:
    """Where an export begins: at a place, with nothing or with what an earlier run left there."""

    place: Place
    exporter: Exporter
    plan: Plan | None = None
    """What the earlier run was to export; None without one."""
    mark: Mark | None = None
    counts: Counts = NOTHING
    path: Path | None = None
    """The file; None at standard output."""

    @property
    def name(self) -> str:
        """The file's, without its folder."""
        return self.path.name if self.path else ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an export."""

    plan: Plan
    counts: Counts
    ending: Ending
    sealed: Sealed
    late: int
    warnings: tuple[str, ...]


def to_file(path: Path, exporter: Exporter, *, overwrite: bool) -> Start:
    """Begin a file.

    Raises:
        FileRefused: there is one already, or it cannot be one.
        ExportFailed: the disk would not take it.
    """
    return Start(NewFile.begin(path, overwrite=overwrite, how=_HOW_TO_REPLACE), exporter, path=path)


def to_standard_output(exporter: Exporter, manifest: Path | None, *, overwrite: bool) -> Start:
    """Begin on standard output.

    Args:
        exporter: a format that is text.
        manifest: the file for the manifest; None for none.
        overwrite: whether that file may be there already.

    Raises:
        UsageError: the format is for files.
        FileRefused: as for `to_file`.
    """
    if not exporter.text:
        raise UsageError(
            f"{exporter.title} cannot be written to standard output.", remedy="Give --output FILE."
        )
    return Start(Piped(manifest, overwrite=overwrite), exporter)


def resumed(path: Path, *, overwrite: bool) -> Start:
    """Go on with a file that an earlier run left unfinished.

    Raises:
        FileRefused: there is none.
        ExportFailed: it cannot be gone on with.
    """
    place = NewFile.resume(path, overwrite=overwrite, how=_HOW_TO_REPLACE)
    try:
        plan, mark, counts = read_note(place.note or b"")
        return Start(place, exporter_named(plan.format), plan, mark, counts, path)
    except BaseException:
        place.abandon(keep=True)
        raise


class Exporting:
    """One export from the shell."""

    def __init__(self, run: Run, start: Start, hearer: Hearer) -> None:
        """Nothing is asked yet.

        Args:
            run: opens the connection; its options say what is exported, unless `start` does.
            start: taken over: `carry_out` gives its place up, whatever happens.
            hearer: told how it goes.
        """
        self._run = run
        self._start = start
        self._hearer = hearer
        self._streaming: Streaming | None = None
        self._task: asyncio.Task[Any] | None = None

    def stop(self) -> None:
        """Break it off, unless all is read and it is only being put in its place."""
        if self._task is not None:
            self._task.cancel()

    @property
    def path(self) -> Path | None:
        """The file; None at standard output."""
        return self._start.path

    def continues(self) -> bool:
        """Whether something is kept of an export that was broken off, to be gone on with; looks at the disk."""
        return self.path is not None and unfinished(self.path) is not None

    async def carry_out(self) -> Outcome:
        """Export. What was written of one that is broken off is kept as far as it can be gone on with.

        Raises:
            AudituiError: the site could not be asked, or the records not be written.
            BrokenPipeError: nobody reads standard output any more.
            asyncio.CancelledError: it was stopped.
        """
        place, self._task = self._start.place, asyncio.current_task()
        try:
            connection = await self._run.open()
            try:
                return await self._with(connection)
            finally:
                await connection.close()
        finally:
            await asyncio.to_thread(place.abandon, keep=True)

    async def _with(self, connection: Connection) -> Outcome:
        start = self._start
        plan = self._plan(connection)
        connection.listen(self._hearer.waits)
        for notice in connection.notices:
            self._hearer.notice(notice)
        self._hearer.begins(plan, start.counts)
        out = await asyncio.to_thread(Outgoing, start.exporter, plan.occasion, start.place, start.counts)
        streaming = Streaming(connection, plan, out, start.mark)
        try:
            await self._read(connection, streaming)
            self._task = None
            return await self._finish(connection, plan, out, streaming)
        except BaseException:
            await streaming.keep()
            raise
        finally:
            out.close()

    async def _read(self, connection: Connection, streaming: Streaming) -> None:
        """Read to the end; ask meanwhile how long the site keeps its records, which is worth no waiting."""
        asking: asyncio.Task[Retention | None] | None = None

        def changed() -> None:
            nonlocal asking
            asking = asking or asyncio.create_task(connection.retention())
            streaming.kept = connection.kept
            self._hearer.goes_on(streaming.progress)

        try:
            await streaming.run(changed)
        finally:
            if asking is not None:
                asking.cancel()

    async def _finish(
        self, connection: Connection, plan: Plan, out: Outgoing, streaming: Streaming
    ) -> Outcome:
        ending, late = streaming.ending, streaming.late
        evidence = Evidence(
            plan, out.counts, ending, late, out.warnings, connection.kept, connection.now(), self._start.name
        )
        sealed = await asyncio.to_thread(out.finish, ending, evidence.manifest)
        return Outcome(plan, out.counts, ending, sealed, late, out.warnings)

    def _plan(self, connection: Connection) -> Plan:
        """What is exported: as an earlier run had it, or else as the options say.

        Raises:
            UsageError: the earlier run had another account.
        """
        account = connection.account
        if (plan := self._start.plan) is None:
            return _new_plan(self._run.options, connection, self._start.exporter.key)
        if (plan.origin, plan.account) != (account.site.origin, account.email):
            raise UsageError(
                f"The unfinished export was begun as {plan.account} at {plan.site}, not as {account}.",
                remedy="Name that account by --site and --email.",
            )
        return plan


def _new_plan(options: Options, connection: Connection, format: str) -> Plan:
    now = connection.now()
    wanted = parse_filter(options.filter, now=now, zone=options.zone)
    return Plan(
        site=connection.place,
        account=connection.account.email,
        origin=connection.account.site.origin,
        demo_records=options.demo_records,
        format=format,
        query=options.query,
        pinned=narrowed(options.query.pinned(now, options.zone), wanted),
        zone=options.zone,
        began=now,
        filter=wanted.text.strip(),
        filter_read_at=now,
        selection=FILTERED if wanted else ALL,
    )
