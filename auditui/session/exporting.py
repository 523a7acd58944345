"""`auditui export` without its words: opens place and connection, reads, and puts file and manifest where they belong.

Knows nothing of terminals or screens.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from auditui.client.log import Wait
from auditui.export.exporter import Exporter
from auditui.export.files import NewFile
from auditui.export.formats import exporter_named
from auditui.export.standard_output import Piped
from auditui.export.unfinished import unfinished
from auditui.model.errors import FileRefused, UsageError
from auditui.model.filter_parse import parse_filter
from auditui.model.retention import Retention
from auditui.session.connection import Connection
from auditui.session.evidence import Circumstances, Outcome, finish
from auditui.session.outgoing import NOTHING, Counts, Outgoing, Place
from auditui.session.plan import Noted, Plan, narrowed, read_note
from auditui.session.run import Options, Run
from auditui.session.scope import Scope
from auditui.session.streaming import Streamed, Streaming
from auditui.session.threads import to_the_end

_PATIENCE = 2.0
"""Seconds that the end of an export waits to hear how long the site keeps its records."""

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
    path: Path | None
    """The file; None at standard output."""
    noted: Noted | None = None
    """What the earlier run has left; None without one."""


def to_file(path: Path, exporter: Exporter, *, overwrite: bool) -> Start:
    """Begin a file.

    Raises:
        FileRefused: there is one already, or an unfinished one, or it cannot be one.
        ExportFailed: the disk would not take it.
    """
    if not overwrite and unfinished(path) is not None:
        raise FileRefused(
            f"An unfinished export of {path} is kept.",
            remedy="--resume goes on with it, --overwrite begins anew.",
        )
    return Start(NewFile.begin(path, overwrite=overwrite, how=_HOW_TO_REPLACE), exporter, path)


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
    return Start(Piped(manifest, overwrite=overwrite, how=_HOW_TO_REPLACE), exporter, None)


def resumed(path: Path, *, overwrite: bool) -> Start:
    """Go on with a file that an earlier run left unfinished.

    Raises:
        FileRefused: there is none.
        ExportFailed: it cannot be gone on with.
    """
    place = NewFile.resume(path, overwrite=overwrite, how=_HOW_TO_REPLACE)
    try:
        noted = read_note(place.note or b"")
        return Start(place, exporter_named(noted.plan.format), path, noted)
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
        self._task: asyncio.Task[Any] | None = None

    @property
    def path(self) -> Path | None:
        """The file; None at standard output."""
        return self._start.path

    def continues(self) -> bool:
        """Whether something is kept of an export that was broken off, to be gone on with; looks at the disk."""
        return self.path is not None and unfinished(self.path) is not None

    def stop(self) -> None:
        """Break it off, unless all is read and it is only being put in its place."""
        if self._task is not None:
            self._task.cancel()

    async def carry_out(self) -> Outcome:
        """Export. What was written of one that is broken off is kept as far as it can be gone on with.

        Raises:
            AudituiError: the site could not be asked, or the records not be written.
            BrokenPipeError: nobody reads standard output any more.
            asyncio.CancelledError: it was stopped.
        """
        self._task = asyncio.current_task()
        try:
            connection = await self._run.open()
            try:
                return await self._with(connection)
            finally:
                await connection.close()
        finally:
            await to_the_end(partial(self._start.place.abandon, keep=True))

    async def _with(self, connection: Connection) -> Outcome:
        connection.listen(self._hearer.waits)
        for notice in connection.notices:
            self._hearer.notice(notice)
        await connection.set_clock()
        plan, counts, out = await self._begun(connection)
        try:
            self._hearer.begins(plan, counts)
            lag = connection.lag(plan.pinned, plan.began)
            streaming = Streaming(connection, plan, out, self._start.noted, lag=lag)
            await self._read(connection, streaming)
            known = Circumstances(
                streaming.ending, streaming.late, connection.kept, connection.now(), streaming.doubts
            )
            path = self.path if known.ending.complete else self._start.place.set_aside()
            return await to_the_end(partial(finish, out, plan, known, path))
        finally:
            await to_the_end(out.close)

    async def _begun(self, connection: Connection) -> tuple[Plan, Counts, Outgoing]:
        """What is exported, what of it is there already, and where it goes.

        Raises:
            UsageError: an earlier run, with which this one would go on, had another log.
            ExportFailed: the disk would not take it.
        """
        start, noted = self._start, self._start.noted
        if noted is not None:
            _require_same_log(noted.plan, connection, self._run.options)
        plan = noted.plan if noted else _new_plan(self._run.options, connection, start.exporter.key)
        counts, warnings = (noted.counts, noted.warnings) if noted else (NOTHING, ())
        begin = partial(Outgoing, start.exporter, plan.occasion, start.place, counts, warnings)
        return plan, counts, await to_the_end(begin, undo=Outgoing.close)

    async def _read(self, connection: Connection, streaming: Streaming) -> None:
        """Read to the end, and make sure of it; ask meanwhile how long the site keeps its records."""
        asking: asyncio.Task[Retention | None] | None = None

        def changed() -> None:
            nonlocal asking
            asking = asking or asyncio.create_task(connection.retention())
            streaming.kept = connection.kept
            self._hearer.goes_on(streaming.progress)

        try:
            await streaming.run(changed)
            if asking is not None:
                await asyncio.wait((asking,), timeout=_PATIENCE)
            self._task = None
            await streaming.make_sure()
        except BaseException:
            await streaming.keep()
            raise
        finally:
            if asking is not None:
                asking.cancel()


def _require_same_log(plan: Plan, connection: Connection, options: Options) -> None:
    """What is gone on with must be read from the log it was begun with.

    Raises:
        UsageError: it is another one.
    """
    account = connection.account
    if plan.demo_records != options.demo_records:
        begun = f"--demo --demo-records {plan.demo_records}" if plan.demo_records is not None else "a site"
        raise UsageError(
            f"The unfinished export was begun with {begun}.", remedy="Resume it with the same options."
        )
    if (plan.origin, plan.account) != (account.site.origin, account.email):
        raise UsageError(
            f"The unfinished export was begun as {plan.account} at {plan.site}, not as {account}.",
            remedy="Name that account by --site and --email.",
        )


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
        selection=(Scope.FILTERED if wanted else Scope.ALL).value,
    )
