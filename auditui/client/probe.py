"""The way to a site, looked at step by step and without a credential: name, connection, encryption.

Knows nothing of accounts or of what a site answers.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from auditui.client import faults
from auditui.client.http import Http, system_certificates
from auditui.client.proxies import proxy_host
from auditui.model.site import Site, is_loopback

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a site showed, and was accepted."""

    protocol: str
    """`TLSv1.3`."""
    issuer: str
    """Who vouches for it, in its own words; "" where the system does not tell."""
    until: int | None
    """Milliseconds since the epoch, after which it is not good any more."""


def check_variables(site: Site) -> None:
    """See whether a client for this site can be made with the variables of the environment; some 50 ms, no network.

    Raises:
        ProxyFailed: a proxy or certificate variable cannot be used; the text names it.
    """
    Http((site.origin,))


def proxy_between(site: Site) -> str:
    """The host of the proxy between us and the site, or "". As `client/http.py` tells it in an error."""
    parts = urlsplit(site.origin)
    host = parts.hostname or ""
    return "" if is_loopback(host) else proxy_host(parts.scheme, host)


def addresses(site: Site) -> tuple[str, ...]:
    """The addresses of the site's host, in the order in which they would be tried. Takes as long as the resolver does.

    Raises:
        HostNotFound: it has none.
    """
    host, port = endpoint(site)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise faults.of_exception(error, site.host).error from None
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


async def connect(site: Site, seconds: float) -> Certificate | None:
    """Connect to the site as httpx does, and agree upon encryption; None where it is not encrypted. Nothing is asked.

    Args:
        site: reached directly, whatever the proxy variables say.
        seconds: for all of it.

    Raises:
        Unreachable: it did not come about; the class says where it failed and the text why.
        ProxyFailed: SSL_CERT_FILE cannot be used.
    """
    encrypted = site.origin.startswith("https:")
    context = await asyncio.to_thread(system_certificates) if encrypted else None
    try:
        async with asyncio.timeout(seconds):
            _, writer = await asyncio.open_connection(*endpoint(site), ssl=context, happy_eyeballs_delay=0.25)
    except TimeoutError:
        raise faults.of_exception(httpx.ConnectTimeout(""), site.host).error from None
    except (OSError, UnicodeError) as error:
        raise faults.of_exception(error, site.host).error from None
    shown = _certificate(writer) if encrypted else None
    writer.transport.abort()  # a polite end would wait for the other side
    await asyncio.sleep(0)
    return shown


def endpoint(site: Site) -> tuple[str, int]:
    """The host, without brackets, and the port of a site."""
    parts = urlsplit(site.origin)
    return parts.hostname or "", parts.port or _PORTS[parts.scheme]


def _certificate(writer: asyncio.StreamWriter) -> Certificate:
    shown: dict[str, Any] = writer.get_extra_info("peercert") or {}
    protocol = writer.get_extra_info("cipher")[1]
    names = {name: value for part in shown.get("issuer", ()) for name, value in part}
    issuer = ", ".join(names[name] for name in ("organizationName", "commonName") if name in names)
    until = shown.get("notAfter")
    return Certificate(protocol, issuer, int(ssl.cert_time_to_seconds(until) * 1000) if until else None)
