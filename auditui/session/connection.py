"""A site that can be asked, by one account. Opens searches; knows nothing of Textual."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from auditui.client.page import read_page
from auditui.model.account import Account
from auditui.model.errors import AudituiError
from auditui.model.query import Pinned, Query
from auditui.model.resumption import DemoLog, Former
from auditui.model.retention import Retention
from auditui.model.when import Zone
from auditui.session.search import Search
from auditui.session.site_clock import Lag, SiteClock

if TYPE_CHECKING:
    from auditui.client.log import AuditLog, Wait
    from auditui.store.records import RecordStore
    from auditui.store.spool import Spool

T = TypeVar("T")

_DAY = 86_400_000


class Connection:
    """An account at a site, ready to search."""

    def __init__(
        self,
        log: AuditLog,
        account: Account,
        source: str,
        spool: Callable[[], Spool],
        clock: Callable[[], int],
        notices: tuple[str, ...] = (),
        place: str = "",
        demo: DemoLog | None = None,
        first: int | None = None,
    ) -> None:
        """Take over an endpoint.

        Args:
            log: the endpoint; closed with the connection.
            account: whose it is.
            source: where the token came from, in words.
            spool: opens the folder for loaded records; called in a thread.
            clock: this machine's time in milliseconds since the epoch.
            notices: what the user should know about how the account was found, a sentence each.
            place: what the screen calls the site, if not by its host.
            demo: which of the demo site's logs it is; None for a real site.
            first: records that a search asks for at first, if not a whole page.
        """
        self.account = account
        self.source = source
        self.notices = notices
        self.place = place or account.site.host
        self.demo = demo
        self._first = first
        self._log = log
        self._left: list[AuditLog] = []
        self._spool = spool
        self._clock = SiteClock(clock)
        self.kept: Retention | None = None
        """How long the site says that it keeps records; None before `retention` was told, or where it is not to be known."""
        self._retention_asked = False
        self._turn = asyncio.Lock()

    @property
    def cloud_id(self) -> str | None:
        """The site's id at the gateway, where the token turned out to have scopes."""
        return self._log.cloud_id

    @property
    def gateway(self) -> str:
        """What takes tokens with scopes, in words."""
        return self._log.gateway

    def listen(self, on_wait: Callable[[Wait | None], None] | None) -> None:
        """Be told before each automatic wait, and with None when it is over; or no longer."""
        self._log.on_wait = on_wait

    def reads_the_log_of(self, other: Connection) -> bool:
        """Whether both are of one account at one site, so that what one has read is what the other would read."""
        return self.account == other.account and self.demo == other.demo

    def renew(self, other: Connection) -> None:
        """Go on with the credential of another connection to the same log, which is this one's from now on.

        Searches stay as they are. What is on its way by the old credential may still come, so that it is closed with the
        connection.
        """
        other.listen(self._log.on_wait)
        self._left.append(self._log)
        self._log, self.source, self.notices = other._log, other.source, other.notices

    async def reach(self) -> None:
        """Ask the site whether it is there, without the token.

        Raises:
            Unreachable: no answer came.
            BadAnswer: an answer came that no Confluence Cloud site gives.
        """
        await self._log.reach()

    def now(self) -> int:
        """The site's clock, as far as it is known; before the first answer this machine's."""
        return self._clock.now()

    def lag(self, pinned: Pinned, now: int) -> Lag | None:
        """Tells, once a question is answered, whether the newest records were asked for, too; None where it ends before `now`.

        Args:
            pinned: the question.
            now: what `now` gave when it was pinned.
        """
        return self._clock.lag(pinned.end) if pinned.end >= now else None

    async def set_clock(self) -> None:
        """Learn the site's clock before a question is pinned to it: by asking for one record.

        Raises:
            AudituiError: the log cannot be read.
        """
        if not self._clock.known:
            now = self.now()
            await self.fetch(max(0, now - _DAY), now, "", 0, 1, parse=read_page)

    async def search(self, query: Query, zone: Zone, former: Former | None = None) -> Search:
        """Begin a search, pinned to this moment, or as it was in an earlier run. Nothing is asked yet.

        Raises:
            UsageError: the query's dates cannot be read, or its text cannot be sent.
            StoreFailed: there is no place for the records.
        """
        now = self.now()
        pinned = former.pinned if former else query.pinned(now, zone)
        lag = None if former else self.lag(pinned, now)
        store = await asyncio.to_thread(self._new_store)
        if former is not None:
            return Search(query, pinned, self, store, former.zone, reopened=True, first=self._first)
        return Search(query, pinned, self, store, zone, lag=lag, first=self._first)

    def _new_store(self) -> RecordStore:
        from auditui.store.records import RecordStore

        return RecordStore(self._spool().new_file())

    async def fetch(
        self,
        start_date: int,
        end_date: int,
        search: str,
        start: int,
        limit: int,
        *,
        parse: Callable[[bytes], T],
        patient: bool = True,
    ) -> T:
        """One page, as `AuditLog.fetch` gives it; hears on the way what the site's clock shows."""
        page = await self._log.fetch(start_date, end_date, search, start, limit, parse=parse, patient=patient)
        self._clock.hear(self._log.server_date)
        return page

    async def retention(self) -> Retention | None:
        """How long the site keeps records, by its own word; None where that is not to be known.

        The site is asked once, whatever comes of it: nobody waits for this, and it is worth no error. Cancelling it is
        all right at any moment.
        """
        async with self._turn:
            if not self._retention_asked:
                with suppress(AudituiError):
                    self.kept = await self._log.retention()
                self._retention_asked = True
        return self.kept

    async def close(self) -> None:
        """Close what is open on the network."""
        for log in (self._log, *self._left):
            await log.aclose()
