"""The way to the site, before anything is asked there: its name, and a connection, encrypted or not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditui.account.daemon import daemon_call
from auditui.client import probe
from auditui.model.errors import AudituiError, TimedOut, TlsFailed, Unreachable
from auditui.model.site import Site
from auditui.model.when import Zone, show_time
from auditui.session.checkup.finding import Finding, of_error, ok, skipped, warning
from auditui.session.connection import Connection
from auditui.session.run import now_in_milliseconds

if TYPE_CHECKING:
    from datetime import datetime

_LOOK_UP, _CONNECT = 5.0, 5.0  # seconds
_SOON = 14 * 24 * 60 * 60 * 1000  # milliseconds
_SHOWN = 4  # addresses
_NAME_SERVERS = "Check the network, and the name servers (/etc/resolv.conf)."


@dataclass(frozen=True, slots=True)
class Ground:
    """What the steps go by."""

    connection: Connection
    zone: Zone
    until: float
    """When all of them must be through, by the clock of the event loop."""
    signed_in: bool
    """Whether the connection has a token."""
    server_date: Callable[[], datetime | None]
    """The site's clock as of its last answer."""
    in_process: bool = False
    """Whether there is no network on the way."""

    @property
    def site(self) -> Site:
        """The site."""
        return self.connection.account.site

    @property
    def proxy(self) -> str:
        """The host of the proxy on the way, or ""."""
        return probe.proxy_between(self.site)

    def seconds(self, most: float) -> float:
        """How long a step may take."""
        return max(0.05, min(most, self.until - asyncio.get_running_loop().time()))


async def name(ground: Ground) -> tuple[Finding, ...]:
    """Look the site's name up."""
    topic, site, began = "Name", ground.site, time.monotonic()
    if proxy := ground.proxy:
        return (skipped(topic, f"the proxy {proxy} looks it up"),)
    seconds = ground.seconds(_LOOK_UP)
    try:
        found = await daemon_call(lambda: probe.addresses(site), seconds)
    except TimeoutError:
        error = TimedOut(f"No address of {site.host} came within {seconds:.0f} s.", remedy=_NAME_SERVERS)
        return (_unreachable(topic, error, site),)
    except Unreachable as error:
        return (_unreachable(topic, error, site),)
    host = probe.endpoint(site)[0]
    if found == (host,):
        return (ok(topic, "it is an address, so there is nothing to look up"),)
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return (ok(topic, f"{host} is {', '.join(found[:_SHOWN])}{more} ({since(began)})"),)


async def connected(ground: Ground) -> tuple[Finding, ...]:
    """Connect, and see who vouches for the other side."""
    topic, site, began = "Connection", ground.site, time.monotonic()
    if proxy := ground.proxy:
        return (skipped(topic, f"made by the proxy {proxy}; its encryption is seen to in the next step"),)
    try:
        shown = await probe.connect(site, ground.seconds(_CONNECT))
    except TlsFailed as error:
        return (of_error(topic, error),)
    except Unreachable as error:
        return (_unreachable(topic, error, site),)
    if shown is None:
        return (ok(topic, f"not encrypted, as it does not leave this machine ({since(began)})"),)
    return (_encrypted(topic, shown, ground.zone, since(began)),)


def _encrypted(topic: str, shown: probe.Certificate, zone: Zone, took: str) -> Finding:
    issuer = f", certificate by {shown.issuer}" if shown.issuer else ""
    until = f", good until {show_time(shown.until, zone)[:10]}" if shown.until is not None else ""
    words = f"{shown.protocol}{issuer}{until} ({took})"
    if shown.until is not None and shown.until < now_in_milliseconds() + _SOON:
        return warning(
            topic, words, "The certificate ends within 14 days: tell those who run the site or the proxy."
        )
    return ok(topic, words)


def _unreachable(topic: str, error: AudituiError, site: Site) -> Finding:
    """A failure to get through, with the usual reason where a network lets nobody out."""
    found = of_error(topic, error)
    if site.origin.startswith("http:"):
        return found
    proxy = "If only a proxy leads out of this network, set HTTPS_PROXY."
    return Finding(topic, found.verdict, found.words, f"{found.remedy} {proxy}".strip())


def since(began: float) -> str:
    """How long it took, from a moment of `time.monotonic`."""
    return f"{(time.monotonic() - began) * 1000:.0f} ms"
