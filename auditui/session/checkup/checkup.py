"""All checks that need no terminal, in order: accounts, network variables, folders, the site. Prints nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

from auditui.account.daemon import daemon_call
from auditui.account.given import Given
from auditui.account.keyrings import Keyrings
from auditui.account.settings import Settings
from auditui.account.sources import Found
from auditui.account.vault import Vault
from auditui.client import probe
from auditui.client.auth import GATEWAY
from auditui.client.log import AuditLog
from auditui.model.account import Account, Credential
from auditui.model.errors import UsageError
from auditui.model.query import Query
from auditui.model.secret import Secret
from auditui.model.site import Site
from auditui.model.when import Zone
from auditui.session.checkup import accounts, folders, network_variables
from auditui.session.checkup.breakage import broken, instead, unbroken
from auditui.session.checkup.finding import Finding, note, of_error, ok, skipped, warning
from auditui.session.checkup.site import LIMITS, go
from auditui.session.checkup.way import Ground
from auditui.session.connection import Connection
from auditui.session.gateway import foreign_gateway
from auditui.session.run import Options, Run, now_in_milliseconds
from auditui.session.threads import NoWait
from auditui.store.spool import Spool

_ALL = 16.0
"""Seconds for everything here."""
_DISK = 2.0
"""Seconds for the folders, which may be on another machine."""
_DEMO_RECORDS = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be checked."""

    given: Given
    settings: Settings
    zone: Zone
    environ: Mapping[str, str]
    offline: bool = False
    """Whether the network is left alone."""
    demo: bool = False
    """Whether the demo site takes the place of a real one."""


Tell = Callable[[str, Finding], None]


async def check_up(asked: Asked, tell: Tell) -> None:
    """Check, and call `tell` with a chapter's name and each finding as it comes.

    A check that breaks off is told as one that failed, and the others still come. Takes no more than some 16 seconds; what
    hangs longer is left to itself. Cancelling it is all right at any moment.
    """
    loop = asyncio.get_running_loop()
    loop.set_default_executor(NoWait())
    until = loop.time() + _ALL
    found = await _accounts(asked, tell)
    site = None if asked.demo else _site(asked, found)
    gateway = await _variables(asked, site, tell)
    await _folders(asked.settings, tell)
    if gateway is None:
        tell("Site", skipped("Site", "not asked, as the variables have to be corrected first"))
    elif asked.offline and not asked.demo:
        tell("Site", skipped("Site", "not asked, as --offline was given"))
    elif site is None and not asked.demo:
        tell("Site", skipped("Site", "none is known: give it by --site"))
    else:
        await _go(_ground(asked, site, found, gateway, until), tell)


async def _accounts(asked: Asked, tell: Tell) -> Found | None:
    """The chapter; what would be used now."""
    _tell_all("Accounts", accounts.bus(asked.environ), tell)
    keyrings = Keyrings()
    vault = Vault(keyrings)
    # first alone, as that chooses the keyring; then together, as one that hangs lets each of them wait
    state = await instead(accounts.keyring(keyrings, asked.environ), lambda error: broken("Keyring", error))
    use, saved = await asyncio.gather(
        instead(_in_use(asked, vault), lambda error: accounts.Use(None, broken("Used now", error))),
        instead(accounts.saved(vault), lambda error: broken("Saved", error)),
    )
    if asked.demo or use.found:  # no keyring is needed for it
        state = accounts.without_need(state)
    _tell_all("Accounts", (state, use.finding, saved), tell)
    return use.found


async def _in_use(asked: Asked, vault: Vault) -> accounts.Use:
    if asked.demo:
        return accounts.Use(None, ok("Used now", "the demo site, which needs none"))
    return await accounts.in_use(asked.given, asked.environ, asked.settings, vault, offline=asked.offline)


def _site(asked: Asked, found: Found | None) -> Site | None:
    """The site that is meant, also where there is no token for it."""
    if found is not None:
        return found.credential.account.site
    try:
        named = asked.given.site or asked.environ.get("AUDITUI_SITE")
        return Site.parse(named) if named else None
    except UsageError:  # told where the account was looked for
        return None


async def _variables(asked: Asked, site: Site | None, tell: Tell) -> Site | None:
    """The chapter; the gateway to use, None where a site cannot be asked because of the variables."""
    _tell_all("Network", network_variables.variables(asked.environ), tell)
    try:
        named = asked.environ.get("AUDITUI_GATEWAY")
        gateway = Site.parse(named) if named else GATEWAY
        if not asked.demo:
            await asyncio.to_thread(probe.check_variables, site or gateway)
    except UsageError as error:
        named_too = UsageError(f"AUDITUI_GATEWAY: {error.happened}", why=error.why, remedy=error.remedy)
        tell("Network", of_error("Gateway", named_too))
    except Exception as error:  # noqa: BLE001 - ProxyFailed, or whatever the libraries below it raise
        tell("Network", broken("Variables", error))
    else:
        _tell_all("Network", (note("Gateway", words) for words in foreign_gateway(gateway, site)), tell)
        return gateway
    return None


async def _folders(settings: Settings, tell: Tell) -> None:
    try:
        found = await daemon_call(lambda: list(unbroken("Folders", folders.folders(settings))), _DISK)
    except TimeoutError:
        found = [
            warning(
                "Folders", f"The disk did not answer within {_DISK:g} s.", "Look after the disk of your home."
            )
        ]
    _tell_all("Folders", found, tell)


async def _ground(
    asked: Asked, site: Site | None, found: Found | None, gateway: Site, until: float
) -> Ground:
    if site is None:
        run = Run(Options(asked.given, asked.zone, Query()), asked.settings)
        demo = await run.demo(_DEMO_RECORDS)
        return Ground(demo, asked.zone, until, signed_in=True, server_date=lambda: None, in_process=True)
    # without a token, only the question is asked that needs none
    credential = found.credential if found else Credential(Account(site, ""), Secret(""))
    log = await asyncio.to_thread(AuditLog, credential, gateway=gateway, limits=LIMITS)
    source = found.source if found else ""
    connection = Connection(log, credential.account, source, Spool, now_in_milliseconds)
    return Ground(connection, asked.zone, until, found is not None, lambda: log.server_date)


async def _go(on: Awaitable[Ground], tell: Tell) -> None:
    try:
        ground = await on
    except Exception as error:  # noqa: BLE001 - as for the variables
        tell("Site", broken("Site", error))
        return
    try:
        await go(ground, lambda finding: tell("Site", finding))
    finally:
        await ground.connection.close()


def _tell_all(chapter: str, findings: Iterable[Finding], tell: Tell) -> None:
    for finding in unbroken(chapter, findings):
        tell(chapter, finding)
