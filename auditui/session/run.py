"""One run of auditui: what it was started with, its accounts, and the connections it opens.

What is slow to import (the HTTP client, the keyring, the record store) is imported in a thread when it is first needed,
so that the first screen does not wait for it. Knows nothing of Textual.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditui.demo import RECORDS
from auditui.model.account import Account, Credential, email_of, token_of
from auditui.model.errors import AudituiError, SignInNeeded
from auditui.model.query import Query
from auditui.model.resumption import DemoLog
from auditui.model.site import Site
from auditui.model.view import Order, View
from auditui.model.when import Zone
from auditui.session.connection import Connection
from auditui.session.gateway import foreign_gateway

if TYPE_CHECKING:
    from auditui.account.given import Given
    from auditui.account.memory import Memory
    from auditui.account.sessions import Taken
    from auditui.account.settings import Settings
    from auditui.account.vault import Vault
    from auditui.client.http import Limits
    from auditui.client.log import AuditLog
    from auditui.session.keeper import Keeper
    from auditui.store.spool import Spool


_HOUR = 3_600_000
"""Milliseconds. The demo's log ends with the last full hour, so that a view of it opens again as it was."""


_FIRST = 100
"""Records that the demo site is asked for at first: two screens, there 80 ms before a whole page would be. Asking it twice
costs nothing, other than with a site far away."""


def now_in_milliseconds() -> int:
    """This machine's clock."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for, checked."""

    given: Given
    zone: Zone
    query: Query
    filter: str = ""
    """A filter of the loaded records, as typed."""
    order: Order = Order()
    demo_records: int | None = None
    """How many records the demo site has; None for a real site."""
    gateway: Site | None = None
    """Where tokens with scopes are taken, if not at Atlassian's gateway."""
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    ascii: bool = False
    """Whether all that is ours is drawn in ASCII."""
    resumed: Taken | None = None
    """Where an earlier run's user was, to go on there."""
    slow: bool | None = False
    """Whether the line to the terminal is slow; None has it measured."""

    @property
    def view(self) -> View:
        """What is looked at first."""
        return View(self.query, self.filter, self.order)


class Run:
    """One run of auditui."""

    def __init__(
        self,
        options: Options,
        settings: Settings,
        clock: Callable[[], int] = now_in_milliseconds,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        limits: Limits | None = None,
    ) -> None:
        self.options = options
        self.settings = settings
        self._clock = clock
        self._sleep = sleep
        self._limits = limits
        self._used: dict[Account, tuple[Credential, str]] = {}
        self._vault: Vault | None = None
        self._memory: Memory | None = None
        self._spool: Spool | None = None
        self._keeper: Keeper | None = None
        self.unkept: AudituiError | None = None
        """Why what came last is not kept for `--resume`; None where it is, or is nothing that one would miss."""

    @property
    def vault(self) -> Vault:
        """The saved accounts."""
        if self._vault is None:
            from auditui.account.vault import Vault

            self._vault = Vault()
        return self._vault

    @property
    def memory(self) -> Memory:
        """What is kept between runs: saved and recent views, and the columns. Its calls block."""
        if self._memory is None:
            from auditui.account.memory import Memory

            self._memory = Memory()
        return self._memory

    @property
    def keeper(self) -> Keeper:
        """What keeps where one is, for `--resume`. Its calls block."""
        if self._keeper is None:
            from auditui.session.keeper import Keeper

            self._keeper = Keeper(self.options.resumed)
        return self._keeper

    async def open(self) -> Connection:
        """Connect with the account that was given or saved, or to the demo site.

        Raises:
            SignInNeeded: there is none.
            AudituiError: what was given cannot be used.
        """
        if self.options.demo_records is not None:
            resumed = self.options.resumed.kept.demo if self.options.resumed else None
            return await self.demo(self.options.demo_records, resumed)
        from auditui.account.sources import find

        found = await find(self.options.given, self.options.environ, self.settings, self.vault)
        return await self.connect(found.credential, found.source, found.notices)

    async def open_saved(self, account: Account) -> Connection:
        """Connect with a saved account, which is then the last used one.

        Raises:
            SignInNeeded: its token is not saved any more.
            KeyringUnavailable, CredentialFileRefused: the place that would have it gave no answer.
            ProxyFailed: as for `connect`.
        """
        if used := self._used.get(account):
            connection = await self.connect(*used)
            await self._mark_used(account)
            return connection
        loaded = await self.vault.load(account)
        if loaded is None:
            raise SignInNeeded(f"No token is saved for {account} any more.", remedy="Sign in to it again.")
        passed_over = loaded.passed_over
        notices = (f"{passed_over.happened} {passed_over.why}".strip(),) if passed_over else ()
        connection = await self.connect(loaded.credential, loaded.source, notices)
        await self._mark_used(account)
        return connection

    @property
    def used(self) -> tuple[Account, ...]:
        """The accounts of this run, saved or not: whoever was let in can come back without the token."""
        return tuple(self._used)

    def forget(self, account: Account) -> None:
        """Keep the account no longer than its connection."""
        self._used.pop(account, None)

    async def _mark_used(self, account: Account) -> None:
        try:
            listing = await self.vault.accounts()
            if saved := next((saved for saved in listing.saved if saved.account == account), None):
                await self.vault.mark_used(saved)
        except AudituiError:
            # costs no more than the order in which the accounts are offered
            return

    async def demo(self, records: int = RECORDS, log: DemoLog | None = None) -> Connection:
        """A connection to the demo site, which lives in this process; to a certain log of it, where one is given."""
        return await asyncio.to_thread(self._demo, log or self._demo_log(records))

    async def connect(self, credential: Credential, source: str, notices: tuple[str, ...] = ()) -> Connection:
        """A connection with this credential; nothing is asked yet.

        Raises:
            ProxyFailed: a proxy or certificate variable cannot be used.
        """
        connection = await self.try_out(credential, source, notices)
        self.let_in(credential, source)
        return connection

    def let_in(self, credential: Credential, source: str) -> None:
        """From now on this is the credential with which one can come back to its account."""
        self._used[credential.account] = (credential, source)

    async def try_out(self, credential: Credential, source: str, notices: tuple[str, ...] = ()) -> Connection:
        """The same as `connect`, with a credential that is not known to be good: one that was, stays the account's.

        Raises:
            ProxyFailed: as for `connect`.
        """
        log = await asyncio.to_thread(self._log, credential)
        told = (*foreign_gateway(self.options.gateway, credential.account.site), *notices)
        return Connection(log, credential.account, source, self._open_spool, self._clock, told)

    def close(self) -> None:
        """Remove what this run kept on disk; the last thing it does."""
        if self._spool is not None:
            self._spool.close()
        if self._keeper is not None:
            self._keeper.release()

    def _demo_log(self, records: int) -> DemoLog:
        now = self._clock()
        return DemoLog(records, now - now % _HOUR)

    def _log(self, credential: Credential) -> AuditLog:
        from auditui.client.auth import GATEWAY
        from auditui.client.log import AuditLog

        return AuditLog(
            credential, gateway=self.options.gateway or GATEWAY, limits=self._limits, sleep=self._sleep
        )

    def _demo(self, which: DemoLog) -> Connection:
        from auditui.client.in_process import InProcessTransport
        from auditui.client.log import AuditLog
        from auditui.demo.corpus import Corpus
        from auditui.demo.site import EMAIL, TOKEN, DemoSite

        site = DemoSite(Corpus(which.records, which.moment))
        account = Account(Site.parse("https://demo.invalid"), email_of(EMAIL))
        log = AuditLog(Credential(account, token_of(TOKEN)), transport=InProcessTransport(site.answer))
        return Connection(
            log,
            account,
            "demo site",
            self._open_spool,
            self._clock,
            place="demo site",
            demo=which,
            first=_FIRST,
        )

    def _open_spool(self) -> Spool:
        from auditui.store.spool import Spool

        if self._spool is None:
            self._spool = Spool()
        return self._spool
