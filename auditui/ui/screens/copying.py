"""The part of the explorer that copies: a record, a cell, the marked records, the command, an address; and tells where
the copy went. And that lets the terminal select.

What is copied is `session/copies.py`'s, which way it goes `session/clipboard.py`'s; both are imported when something is
copied. One copy goes after the other, so that the last one that was asked for is the one that is pasted.
"""

from __future__ import annotations

import asyncio
from functools import cached_property, partial
from typing import TYPE_CHECKING

from textual import work

from auditui.model.errors import AudituiError
from auditui.model.text import inert
from auditui.model.when import show_time_exactly
from auditui.session.run import Run
from auditui.ui.mouse import pass_on
from auditui.ui.present import notify_error, notify_text
from auditui.ui.screens.menu import Menu
from auditui.ui.screens.remembering import RememberingScreen

if TYPE_CHECKING:
    from auditui.session.clipboard import Clipboard
    from auditui.session.copies import Copy
    from auditui.ui.copy_menu import Wanted


class CopyingScreen(RememberingScreen):
    """Copies what is shown."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._copying = asyncio.Lock()
        self._copied: Copy | None = None
        """The last copy."""

    @cached_property
    def _clipboard(self) -> Clipboard:
        from auditui.session.clipboard import Clipboard

        return Clipboard(self._run.options.environ)

    def on_mount(self) -> None:
        """Say what is wrong with the way that was asked for."""
        environ = self._run.options.environ
        if "AUDITUI_CLIPBOARD" in environ:
            from auditui.session.clipboard_route import problem

            if wrong := problem(environ):
                notify_text(self.app, wrong)

    def action_copy_row(self) -> None:
        """Copy the cursor's record as one line."""
        from auditui.session.copies import as_lines
        from auditui.ui.copy_menu import Wanted

        if line := self._line_here:
            self._copy(Wanted(as_lines([line.record], self._exploring.zone)))

    def copy_selected(self, text: str) -> None:
        """Copy what is selected somewhere on the screen or in a field."""
        from auditui.session.copies import selection
        from auditui.ui.copy_menu import Wanted

        self._copy(Wanted(selection(text)))

    async def action_copy_menu(self) -> None:
        """Choose what is copied, and how."""
        from auditui.ui import copy_menu

        line, zone, column = self._line_here, self._exploring.zone, self._table.column
        record = line.record if line else None
        entries = [
            *(copy_menu.of_record(record, column, zone) if record else ()),
            copy_menu.of_command(self._command_parts()),
            *(copy_menu.of_marked(search, zone) if (search := self._exploring.search) else ()),
            *copy_menu.into_file(self._copied, record, zone),
        ]
        where = f"Goes to {self._clipboard.route.words}; AUDITUI_CLIPBOARD chooses another way."
        await self.app.push_screen(Menu("Copy …", entries, where), self._copy_chosen)

    def _copy_chosen(self, wanted: Wanted | None) -> None:
        if wanted is not None:
            self._copy(wanted)

    def action_site_page(self) -> None:
        """Show and copy the address of the site's own audit log."""
        from auditui.session.copies import address
        from auditui.ui.copy_menu import Wanted
        from auditui.ui.screens.site_page import SitePageScreen, page_of

        connection, line = self._exploring.connection, self._line_here
        if connection is None:
            self._hint("Not connected: no site has a page to show.")
        elif self._run.options.demo_records is not None:
            self._hint("The demo site lives in this program: it has no page to show.")
        else:
            page = page_of(connection.account.site)
            created = line.record.created if line else None
            when = "" if created is None else show_time_exactly(created, self._exploring.zone)
            copy = partial(self._brought, Wanted(address(page)), otherwise="Select it above")
            self.app.push_screen(SitePageScreen(page, when, copy))

    def action_mouse(self) -> None:
        """Let the terminal have the mouse, or take it back."""
        if (driver := self.app._driver) is not None:  # noqa: SLF001
            self._hint(pass_on(driver))

    @work(group="copy", description="copy")
    async def _copy(self, wanted: Wanted) -> None:
        try:
            said = await self._brought(wanted)
        except AudituiError as error:
            notify_error(self.app, error)
            return
        if self.is_active:
            self._hint(inert(said))
        else:
            notify_text(self.app, said)

    async def _brought(self, wanted: Wanted, otherwise: str = "Y f") -> str:
        """Copy; what can be said of that, and what to do `otherwise`, not inert."""
        from auditui.session.clipboard import told

        async with self._copying:
            copy = await wanted.made()
            way = self._clipboard
            copied = await (way.keep(copy) if wanted.to_file else way.send(copy, self._write))
        self._copied = copy
        return told(copied, otherwise)

    def _write(self, sequence: str) -> None:
        """Write to the terminal, in one piece. Textual draws a frame in one go on this thread, so never amid one."""
        if (driver := self.app._driver) is not None:  # noqa: SLF001  # `App.copy_to_clipboard` knows one way only
            driver.write(sequence)
