"""The part of the explorer that keeps where one is as it changes, and comes back to where an earlier run was.

Keeping goes on in a thread, a second after a change, so that a lost line loses no more than that; and once at the end.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import work
from textual.timer import Timer

from auditui.model.errors import AudituiError, NotRemembered
from auditui.model.when import show_time
from auditui.session.investigation import Place
from auditui.session.run import Run
from auditui.ui.present import notify_text
from auditui.ui.screens.exporting import ExportingScreen

if TYPE_CHECKING:
    from auditui.model.resumption import Resumption
    from auditui.model.view import View
    from auditui.session.connection import Connection
    from auditui.session.whereabouts import Whereabouts

_KEPT_AFTER = 1.0
"""Seconds after a change."""

_AT_THE_END = 0.4
"""Seconds that the last keeping may take: quitting takes under a second."""

_WHEN_BROKEN_OFF = 2.0
"""The same where nobody waits."""

_NOTHING = "Nothing"
"""Begins what is told when nothing can be kept; once more where that comes again after it had gone."""

_BY_THE_USER = (None, 0, 130)
"""What a run ends with that its user has ended."""


class ResumingScreen(ExportingScreen):
    """Loses nothing of an investigation when the line drops."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._to_resume = run.options.resumed
        """What is resumed as soon as its account is there."""
        self._returning: Place | None = None
        """Where a resumption leads that is under way."""
        self._whereabouts: Whereabouts | None = None
        self._position = 0
        self._keep_later: Timer | None = None
        self._keeping = False
        self._number = 0
        self._said: set[str] = set()

    # Keeping

    def _move(self) -> None:
        super()._move()
        self._position = self._table.cursor
        self._keep_soon()

    def _shown_anew(self) -> None:
        super()._shown_anew()
        self._keep_soon()

    def _arrived_at(self, view: View) -> None:
        super()._arrived_at(view)
        self._returning = None
        self._keep_soon()

    def action_mark(self) -> None:
        """Mark what is chosen, or take the marks away where all of it has one; step down."""
        super().action_mark()
        self._keep_soon()

    def action_time(self) -> None:
        """Tell times by the next clock."""
        super().action_time()
        self._keep_soon()

    def _keep_soon(self) -> None:
        if self._keep_later is None and self._standing:
            self._keep_later = self.set_timer(_KEPT_AFTER, self._keep_now)

    def _keep_now(self) -> None:
        self._keep_later = None
        if self._keeping:
            self._keep_soon()
        else:
            self._keep()

    @work(group="keep where one is", description="keep where one is")
    async def _keep(self) -> None:
        self._keeping = True
        try:
            await self._hint_at_broken_off()
            if (kept := await self._told_now()) is not None:
                if kept.left_out:
                    self._tell_once(f"For --resume, {kept.left_out:,} of the marks are too many to be kept.")
                await asyncio.to_thread(self._run.keeper.keep, kept, self._number)
                self._said.discard(_NOTHING)
        except AudituiError as error:
            self._tell_once(f"{_NOTHING} is kept for --resume: {error.sentences()}")
        finally:
            self._keeping = False

    def _tell_once(self, text: str) -> None:
        kind = text.partition(" ")[0]
        if kind not in self._said:
            self._said.add(kind)
            notify_text(self.app, text)

    async def _told_now(self) -> Resumption | None:
        """Where one is; None before there is anything to tell."""
        connection = self._exploring.connection
        if connection is None or self._investigation.trail.here is None:
            return None
        if self._whereabouts is None:
            from auditui.session.whereabouts import Whereabouts

            self._whereabouts = Whereabouts(self._investigation)
        self._number += 1
        owner = await asyncio.to_thread(self._run.keeper.owner, connection.account)
        return await self._whereabouts.told(self._place_now(), owner)

    def _place_now(self) -> Place:
        """Where one is, or where one is being led back to; a filter that is only being typed does not count."""
        here = self._before or self._investigation.here(self._position)
        if (returning := self._returning) is not None:
            here = replace(here, only_marked=here.only_marked or returning.only_marked)
        if (sought := self._exploring.sought) is not None and not self._position:
            here = replace(here, row=sought.row, fingerprint=sought.fingerprint)
        return here

    async def on_unmount(self) -> None:
        """Keep where one is, before what is open is closed."""
        by_the_user, keeper = self.app.return_code in _BY_THE_USER, self._run.keeper
        kept: Resumption | None = None
        try:
            async with asyncio.timeout(_AT_THE_END if by_the_user else _WHEN_BROKEN_OFF):
                if (kept := await self._told_now()) is not None:
                    await asyncio.to_thread(keeper.close if by_the_user else keeper.keep, kept, self._number)
        except TimeoutError:
            self._unkept(kept, NotRemembered("There was no time for it."))
        except AudituiError as error:
            self._unkept(kept, error)

    def _unkept(self, kept: Resumption | None, error: AudituiError) -> None:
        """Have it said when the terminal is as it was."""
        if kept is None or kept.worth_keeping:
            self._run.unkept = error

    async def _switched(self, connection: Connection) -> None:
        if self._exploring.connection is None:
            await super()._switched(connection)
            return
        self.workers.cancel_group(self, "keep where one is")
        kept: Resumption | None = None
        try:
            kept = await self._told_now()
        except AudituiError as error:
            self._tell_once(f"Nothing is kept for --resume: {error.sentences()}")
        await super()._switched(connection)
        await self._leave_kept(kept)

    async def _leave_kept(self, kept: Resumption | None) -> None:
        """From now on keep in another file."""
        self._returning = None
        try:
            await asyncio.to_thread(self._run.keeper.leave, kept, self._number)
        except AudituiError as error:
            self._tell_once(f"Nothing is kept for --resume: {error.sentences()}")

    # Coming back

    async def _set_off(self, connection: Connection) -> None:
        if (taken := self._to_resume) is None:
            await super()._set_off(connection)
            return
        from auditui.session.whereabouts import places_of

        key = connection.account.key
        if not await asyncio.to_thread(taken.kept.owner.owns, key):
            own = await asyncio.to_thread(self._run.keeper.exchange, key)
            if own is None:
                self._tell_once("There is nothing to resume of this account, but of another: P chooses it.")
                await super()._set_off(connection)
                return
            taken = own
        self._to_resume = None
        for notice in taken.notices:
            notify_text(self.app, notice)
        await asyncio.to_thread(self._run.keeper.resume)
        trail = self._investigation.trail
        trail.restore(places_of(taken.kept), taken.kept.at)
        if (here := trail.here) is not None:
            self._returning = here
            self._go(here)

    def _grown(self) -> None:
        super()._grown()
        situation = self._exploring.situation
        if self._returning is None or situation.doing or situation.cancelled or situation.error is not None:
            return
        if not self._exploring.arriving and self._aim is None:
            returning, self._returning = self._returning, None
            self._come_back(returning)

    def _come_back(self, place: Place) -> None:
        """All that is needed is loaded: show only the marked records, where that was so, and say how it went."""
        search = self._exploring.search
        if search is None or not search.reopened:
            return
        if place.only_marked and search.marked:
            there = replace(self._here(), only_marked=True)
            self._look(self._investigation.wanted, self._investigation.view, there, arrive=False)
        self._hint(f"Resumed as of {self._as_of}: r reads anew.")
        if lost := len(self._investigation.pending(search)):
            notify_text(self.app, f"{lost:,} of the marked records were not found again.")

    @property
    def _as_of(self) -> str:
        """Up to when was asked, where that is as it was in an earlier run; else ""."""
        search = self._exploring.search
        return show_time(search.pinned.end, self._exploring.zone)[:16] if search and search.reopened else ""

    async def _hint_at_broken_off(self) -> None:
        """Once, where the run before was broken off."""
        if "--resume" in self._said or self._run.options.resumed is not None:
            return
        self._said.add("--resume")
        if await asyncio.to_thread(self._run.keeper.broken_off):
            self._hint("The last run was broken off: auditui --resume goes on there.")
