"""The part of the explorer that keeps: saved and recent views, the columns, the line for a shell; and how times are told.

What is kept between runs is written in a thread: the disk may be slow, or gone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import work

from auditui.model.clock import Clock
from auditui.model.columns import Layout
from auditui.model.errors import AudituiError
from auditui.model.filter_parse import FilterFault
from auditui.model.view import View, command, title
from auditui.model.when import Zone
from auditui.ui.present import notify_error, notify_text
from auditui.ui.screens.pivoting import PivotingScreen

if TYPE_CHECKING:
    from auditui.ui.screens.views import Choice


class RememberingScreen(PivotingScreen):
    """Keeps ways of looking at the log."""

    async def _remember(self, change: Callable[[], None]) -> bool:
        """Write what is kept; whether that went well, told where not."""
        try:
            await asyncio.to_thread(change)
        except AudituiError as error:
            notify_error(self.app, error)
            return False
        return True

    # Columns

    @work(group="columns", description="read the columns")
    async def _restore_columns(self) -> None:
        memory = self._run.memory
        self._table.columns = await asyncio.to_thread(memory.layout)
        for notice in memory.notices:
            notify_text(self.app, notice)

    async def action_columns(self) -> None:
        """Choose, order and widen the columns."""
        from auditui.ui.screens.columns import ColumnsScreen

        await self.app.push_screen(ColumnsScreen(self._table.columns), self._show_columns)

    def _show_columns(self, layout: Layout | None) -> None:
        if layout is not None:
            self._table.columns = layout
            self._keep_columns(layout)

    @work(group="columns", description="keep the columns")
    async def _keep_columns(self, layout: Layout) -> None:
        await self._remember(lambda: self._run.memory.keep_layout(layout))

    # Views

    def _arrived_at(self, view: View) -> None:
        super()._arrived_at(view)
        self._note(view)

    @work(group="note", description="note a view")
    async def _note(self, view: View) -> None:
        try:
            await asyncio.to_thread(self._run.memory.note, view)
        except AudituiError:
            return  # costs no more than a line of the recent views; saving one says why

    async def action_views(self) -> None:
        """Go to a view one came through, a saved or a recent one."""
        from auditui.ui.screens.views import ViewsScreen

        self._leave()
        memory, trail = self._run.memory, self._investigation.trail
        saved, recent = await asyncio.to_thread(lambda: (memory.saved(), memory.recent()))
        places = [place.view for place in trail.places]
        screen = ViewsScreen(places, trail.at, saved, recent, self._delete)
        await self.app.push_screen(screen, self._choose_view)

    def _choose_view(self, chosen: Choice | None) -> None:
        if chosen is None:
            return
        if chosen.step is not None:
            self.action_step(chosen.step - self._investigation.trail.at)
        else:
            self._open_view(chosen.view)

    async def _delete(self, name: str) -> None:
        await asyncio.to_thread(self._run.memory.delete, name)

    def _open_view(self, view: View) -> None:
        """Search for what a view asks, unless that is searched already, and look at it in its way."""
        if self._exploring.search is None or view.query != self._exploring.query:
            self._set_out(view.query, view=view)
            return
        try:
            wanted = self._investigation.read(view.filter)
        except FilterFault as fault:
            notify_error(self.app, fault)
        else:
            self._look(wanted, view, replace(self._here(), only_marked=False))

    async def action_save_view(self) -> None:
        """Keep the view under a name."""
        from auditui.ui.screens.views import NameScreen

        view = self._investigation.view
        taken = [named.name for named in await asyncio.to_thread(self._run.memory.saved)]
        await self.app.push_screen(NameScreen(view, taken), lambda name: self._save_view(name, view))

    def _save_view(self, name: str | None, view: View) -> None:
        if name is not None:
            self._keep_view(name, view)

    @work(group="keep", description="save the view")
    async def _keep_view(self, name: str, view: View) -> None:
        if await self._remember(lambda: self._run.memory.save(name, view)):
            notify_text(self.app, f"Saved as “{name}”; b lists the views.")

    async def action_command(self) -> None:
        """Show the line for a shell that opens this view."""
        from auditui.ui.screens.shell_line import ShellLineScreen

        await self.app.push_screen(ShellLineScreen(title(self._investigation.view), self._command_parts()))

    def _command_parts(self) -> tuple[str, ...]:
        """The line for a shell that opens this view, in parts that may each stand on a line."""
        connection = self._exploring.connection
        demo = self._run.options.demo_records is not None
        site = connection.account.site.host if connection and not demo else None
        view, zone, search = self._investigation.view, self._exploring.zone, self._exploring.search
        if search is not None and search.query == view.query:
            view = replace(view, query=search.query_in(zone))
        return command(view, demo=demo, site=site, tz=zone.key or "")

    # Times

    def action_time(self) -> None:
        """Tell times by the next clock: the zone that was given, local, UTC, as ago."""
        clocks = self._clocks()
        now = self._table.clock
        places = [
            place
            for place, clock in enumerate(clocks)
            if (clock.zone, clock.ago_from is None) == (now.zone, now.ago_from is None)
        ]
        clock = clocks[(places[0] + 1) % len(clocks)] if places else clocks[0]
        self._table.clock = clock
        if clock.zone != self._exploring.zone:
            self._exploring.zone = clock.zone
            self._read_again()
            self._count()
        self._show_record()
        self._tell()

    def _clocks(self) -> list[Clock]:
        given = self._run.options.zone
        zones = {zone.name: zone for zone in (Zone("UTC"), Zone.parse("local"), given)}
        named = dict.fromkeys((given.name, *reversed(zones)))
        return [*(Clock(zones[name]) for name in named), Clock(given, self._now())]

    def _read_again(self) -> None:
        """Dates that were typed without an offset mean other moments in another zone."""
        view = self._investigation.view
        try:
            wanted = self._investigation.read(view.filter)
        except FilterFault:
            return
        if wanted != self._investigation.wanted:
            self._look(wanted, view, self._here(), arrive=False)
