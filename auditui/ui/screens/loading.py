"""The part of the explorer that connects, searches and loads: it owns the workers that wait for the site.

What has come is drawn by whoever extends it, in `_arrived` and `_tell`. Knows nothing of HTTP, SQLite or keyrings.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from textual import work
from textual.timer import Timer

from auditui.model.errors import AudituiError, SignInNeeded
from auditui.model.query import Query
from auditui.model.resumption import Former, Spot
from auditui.session.connection import Connection
from auditui.session.exploring import Exploring, Wait
from auditui.session.run import Run, now_in_milliseconds
from auditui.ui.doors import choose_connection, sign_in
from auditui.ui.present import notify_error, notify_text
from auditui.ui.screens.first_frame import FirstFrameScreen
from auditui.ui.tempo import QUICK, SLOW, Tempo

_CLOSING = 0.5
"""Seconds that closing may take."""


class LoadingScreen(FirstFrameScreen):
    """Connects with what was given, and loads what is asked for."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run
        self._tempo: Tempo = SLOW if run.options.slow else QUICK
        self._exploring = Exploring(run.options.query, run.options.zone)
        self._asked_of: Connection | None = None
        """Whose retention was asked for."""
        self._telling: Timer | None = None
        self._counting_down: Timer | None = None

    # For whoever extends it

    @property
    def _standing(self) -> bool:
        """Whether all that is drawn upon is there: not before it was composed, nor when it all ends."""
        raise NotImplementedError

    def _arrived(self) -> None:
        """Some page came, another search took the place of the one before, or the loading ended."""
        raise NotImplementedError

    def _tell(self) -> None:
        """Say how things stand."""
        raise NotImplementedError

    def _hint(self, text: str) -> None:
        """Say something of ours in passing, where it costs a line and no more: until the cursor moves."""
        raise NotImplementedError

    def action_reload(self) -> None:
        """Go on after a failure, or search anew."""
        raise NotImplementedError

    async def _switched(self, connection: Connection) -> None:
        """Another connection takes the place of the one before: nothing of that stays."""
        await self._exploring.switch(connection)

    # Connecting

    def on_mount(self) -> None:
        """Connect with what the command line or the keyring gives."""
        self._connect()

    async def on_unmount(self) -> None:
        """Close what is open; a connection that hangs is left behind."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSING):
                await self._exploring.close()

    @work(group="connect", exclusive=True, description="connect")
    async def _connect(self) -> None:
        demo = self._run.options.demo_records is not None
        self._begin_doing("Opening the demo site" if demo else "Looking for a saved account")
        try:
            await self._use(await self._run.open())
        except SignInNeeded as error:
            self._fail(error)
            reason = error
            self._ask(lambda: sign_in(self.app, self._run, reason))
        except AudituiError as error:
            self._fail(error)

    @work(group="connect", exclusive=True, description="turn to a connection")
    async def _turn_to(self, connection: Connection) -> None:
        """Use another connection, or the one in use in another way; one that fails leaves all as it is."""
        used = self._exploring.connection
        if used is not None and used.reads_the_log_of(connection):
            self._go_on_with(connection)
            return
        try:
            if used is not None:
                await self._answered(connection)
            await self._use(connection)
        except AudituiError as error:
            self._refuse(error)

    def _go_on_with(self, connection: Connection) -> None:
        """It is the same log: all that is loaded of it stays, and is gone on with where something failed."""
        used = self._exploring.connection
        if used is not None and used is not connection:
            used.renew(connection)
            self._tell_notices(connection)
        if self._exploring.situation.error is not None:
            self.action_reload()

    async def _answered(self, connection: Connection) -> None:
        """Wait for a first answer, until which what is explored stays as it is.

        Raises:
            AudituiError: there was none; the connection is closed.
        """
        connection.listen(self._waits)
        self._exploring.reaching = f"Connecting to {connection.place}"
        self._tell()
        try:
            try:
                await connection.set_clock()
            finally:
                self._exploring.reaching = ""
        except BaseException:
            connection.listen(None)
            self._tell()
            await connection.close()
            raise

    async def _use(self, connection: Connection) -> None:
        """Explore with this connection from now on."""
        for group in ("search", "pages", "retention"):
            self.workers.cancel_group(self, group)
        connection.listen(self._waits)
        await self._switched(connection)
        self._loaded()
        self._tell_notices(connection)
        await self._set_off(connection)

    def _tell_notices(self, connection: Connection) -> None:
        for notice in connection.notices:
            notify_text(self.app, notice)

    async def _set_off(self, connection: Connection) -> None:
        """Ask for the first time with this connection."""
        self._search(self._exploring.asked)

    def action_accounts(self) -> None:
        """Choose another account, or sign in to one."""
        used, error = self._exploring.connection, self._exploring.error
        self._ask(lambda: choose_connection(self.app, self._run, used, error))

    @work(group="accounts", exclusive=True, description="ask for an account")
    async def _ask(self, door: Callable[[], Awaitable[Connection | None]]) -> None:
        try:
            if connection := await door():
                self._turn_to(connection)
        except AudituiError as error:
            self._refuse(error)

    def _refuse(self, error: AudituiError) -> None:
        """Tell that a connection cannot be had; of the one in use that says nothing."""
        if self._exploring.connection is None:
            self._fail(error)
        else:
            notify_error(self.app, error)

    # Searching and loading

    @work(group="search", exclusive=True, description="begin a search")
    async def _search(self, query: Query, place: Spot | None = None, former: Former | None = None) -> None:
        self.workers.cancel_group(self, "pages")
        try:
            await self._exploring.begin(query, place, former)
        except AudituiError as error:
            self._fail(error)
        else:
            self._pages()

    @work(group="pages", exclusive=True, description="load pages")
    async def _pages(self) -> None:
        await self._exploring.load(self._loaded)

    def _want(self, rows: float) -> None:
        if self._exploring.want(rows):
            self._pages()

    def _loaded(self) -> None:
        """Some page came, or the loading ended."""
        if not self._standing:
            return  # the end: a worker that is cancelled still has its last word
        self._arrived()
        self._ask_retention()
        if self._exploring.loaded:
            self.reveal()
        if self._exploring.begun:
            self.call_after_refresh(self._want, self._exploring.loaded + 1)
        if self._exploring.loading:
            self._tell_soon()
        else:
            self._tell()

    def _ask_retention(self) -> None:
        """Once for each connection, when its first answer is on the screen."""
        connection = self._exploring.connection
        if self._exploring.search is not None and connection is not self._asked_of:
            self._asked_of = connection
            self.call_after_refresh(self._retention)

    @work(group="retention", exclusive=True, description="ask how long records are kept")
    async def _retention(self) -> None:
        connection = self._exploring.connection
        if connection is not None and await connection.retention():
            self._loaded()

    def _tell_soon(self) -> None:
        """Say how things stand while they go on: at once, and then every now and then."""
        if self._telling is None:
            self._tell()
            self._telling = self.set_timer(self._tempo.status_every, self._told)

    def _told(self) -> None:
        self._telling = None
        self._tell()

    def _waits(self, wait: Wait | None) -> None:
        """The site asked for patience: count down where it can be seen."""
        if self._counting_down is not None:
            self._counting_down.stop()
            self._counting_down = None
        self._exploring.waits(wait)
        if wait is not None:
            self._counting_down = self.set_interval(1, self._tell)
        self._tell()

    def _now(self) -> int:
        connection = self._exploring.connection
        return connection.now() if connection else now_in_milliseconds()

    def _begin_doing(self, words: str) -> None:
        self._exploring.doing, self._exploring.error = words, None
        self._tell()

    def _fail(self, error: AudituiError) -> None:
        self._exploring.doing, self._exploring.error = "", error
        self._tell()

    def action_load_rest(self) -> None:
        """Load everything the search finds."""
        if self._exploring.want_all():
            self._pages()

    async def _load_all(self, changed: Callable[[], None]) -> None:
        """Load everything the search finds, for somebody who waits for it.

        Args:
            changed: called after each page.

        Raises:
            AudituiError: it could not be loaded; what was stays.
        """
        self.workers.cancel_group(self, "pages")
        self._exploring.want_all()
        try:
            await self._exploring.load(changed)  # what lies below a dialog is redrawn with it: once is enough
        except asyncio.CancelledError:
            self._exploring.cancel()
            raise
        finally:
            self._loaded()
        if self._exploring.error is not None:
            raise self._exploring.error

    def cancel(self) -> bool:
        """Cancel whatever is being waited for; whether there was anything. Another account that is to answer comes first."""
        if self._exploring.reaching:
            self.workers.cancel_group(self, "connect")
            return True
        doing = self._exploring.doing
        for group in ("connect", "search", "pages"):
            self.workers.cancel_group(self, group)
        self._exploring.cancel()
        self._tell()
        self._settle()
        return bool(doing)

    @work(group="settle", exclusive=True, description="see what came before it was cancelled")
    async def _settle(self) -> None:
        await self._exploring.settled()
        self._loaded()
