"""One GET, within limits: bytes out of a URL, or a `Fault`. Knows nothing of audit logs, tokens or asking again.

httpx follows what a server says further than a token may go: it keeps cookies, inflates without a limit, and its read
timeout starts anew with every byte. What is narrower here was measured (shared/facts, "httpx and the token").
"""

from __future__ import annotations

import asyncio
import logging
import os
import ssl
import zlib
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import truststore

from auditui import __version__
from auditui.client import faults
from auditui.client.handshakes import Handshakes
from auditui.client.preliminaries import Preliminaries
from auditui.client.proxies import passwords, proxy_host
from auditui.client.retry import http_date
from auditui.model.errors import ProxyFailed
from auditui.model.site import is_loopback

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
    from datetime import datetime

# Their lines hold whole URLs, and so what somebody searched for, and Set-Cookie values.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "User-Agent": f"auditui/{__version__}",
}
_STEP = 1024 * 1024
_PROXY_VARIABLES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one exchange may take: seconds and bytes."""

    connect: float = 10.0
    """Name lookup, connection and TLS, each."""
    read: float = 20.0
    """Between two pieces of the answer."""
    pool: float = 5.0
    exchange: float = 30.0
    """From the first to the last byte."""
    wire: int = 16 * 1024 * 1024
    """Of the body as it travels."""
    decoded: int = 64 * 1024 * 1024
    """Of the body as it is read."""
    refusal: int = 64 * 1024
    """Of a body that comes with another status than 200; the rest is not read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. Neither headers nor body show in its repr."""

    url: httpx.URL = field(repr=False)
    status: int
    headers: httpx.Headers = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def host(self) -> str:
        """Who answered: host, with the port where it is not the usual one."""
        return self.url.netloc.decode("ascii")

    @property
    def date(self) -> datetime | None:
        """The server's own clock, in UTC."""
        return http_date(self.headers.get("date", ""))


class Http:
    """GET requests to a few origins, and to nowhere else."""

    def __init__(
        self,
        origins: Iterable[str],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        limits: Limits | None = None,
    ) -> None:
        """Takes some 50 ms, for reading the system's certificates; no network.

        Raises:
            ProxyFailed: a proxy or certificate variable of the environment cannot be used; the text names it.
        """
        self._origins = frozenset(origins)
        self._limits = limits or Limits()
        # A proxy has no way to this machine's own addresses.
        self._proxied = transport is None and not any(_is_local(origin) for origin in self._origins)
        self._passwords = passwords() if self._proxied else ()
        self._client = self._build(transport)

    async def get(
        self, url: str, params: Mapping[str, str | int] | None = None, *, auth: httpx.Auth | None = None
    ) -> Answer:
        """The answer to a GET, whatever its status; redirects are not followed.

        Raises:
            faults.Fault: no whole answer came within the limits.
            ValueError: the URL carries a user or does not belong to the origins: a bug, never an input.
        """
        target = httpx.URL(url, params=params or {})
        origin = f"{target.scheme}://{target.netloc.decode('ascii')}"
        if target.userinfo or origin not in self._origins:
            raise ValueError("a request to a foreign address was about to be sent")
        host = target.netloc.decode("ascii")
        try:
            async with asyncio.timeout(self._limits.exchange):
                return await self._exchange(target, auth)
        except TimeoutError:
            raise faults.too_slow(host, self._limits.exchange) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            raise faults.of_exception(error, host, proxy=self._proxy(target)) from None

    async def aclose(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def _exchange(self, url: httpx.URL, auth: httpx.Auth | None) -> Answer:
        told = (Handshakes(), Preliminaries())

        async def trace(event: str, info: Mapping[str, Any]) -> None:
            for each in told:
                await each(event, info)

        extensions = {"trace": trace}
        async with self._client.stream("GET", url, auth=auth, extensions=extensions) as response:
            pieces = _decoded(response, self._limits)
            if response.status_code == 200:
                body = b"".join([piece async for piece in pieces])
            else:
                body = await _glimpse(pieces, self._limits.refusal)
            return Answer(url, response.status_code, response.headers, body)

    def _build(self, transport: httpx.AsyncBaseTransport | None) -> httpx.AsyncClient:
        encrypted = transport is None and any(origin.startswith("https:") for origin in self._origins)
        verify = system_certificates() if encrypted else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        limits = self._limits
        try:
            return httpx.AsyncClient(
                transport=transport,
                verify=verify,
                trust_env=self._proxied,
                headers=_HEADERS,
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                follow_redirects=False,
                timeout=httpx.Timeout(limits.read, connect=limits.connect, pool=limits.pool),
                limits=httpx.Limits(keepalive_expiry=30.0),
            )
        except (ImportError, ValueError, httpx.InvalidURL):
            raise _proxy_variable_failed() from None

    def _proxy(self, url: httpx.URL) -> str:
        """The host of the proxy between us and this URL, or ""."""
        return proxy_host(url.scheme, url.host) if self._proxied else ""


def _is_local(origin: str) -> bool:
    return is_loopback(urlsplit(origin).hostname or "")


def system_certificates() -> ssl.SSLContext:
    """Trust what the system trusts, and what SSL_CERT_FILE names.

    Raises:
        ProxyFailed: that cannot be read.
    """
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    named = os.environ.get("SSL_CERT_FILE")
    if named:
        # OpenSSL says nothing where the file is missing or no PEM; every site would seem to have an unknown issuer.
        try:
            context.load_verify_locations(cafile=named)
        except OSError:
            raise ProxyFailed(
                "SSL_CERT_FILE does not name a readable file of certificates.",
                why=f"It is set to {named}.",
                remedy="Correct the variable or remove it.",
            ) from None
    return context


def _proxy_variable_failed() -> ProxyFailed:
    name = next((name for name in _PROXY_VARIABLES if _is_unusable(os.environ.get(name, ""))), "NO_PROXY")
    return ProxyFailed(
        f"The environment variable {name} cannot be used.",
        why="It must be an address such as http://proxy.example.com:3128; SOCKS is not supported."
        if name != "NO_PROXY"
        else "It must be a list of host names, separated by commas.",
        remedy="Correct the variable or remove it.",
    )


def _is_unusable(address: str) -> bool:
    try:
        httpx.AsyncHTTPTransport(
            verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            proxy=(address if "://" in address else f"http://{address}") if address else None,
        )
    except (ImportError, ValueError, httpx.InvalidURL):
        return True
    return False


async def _glimpse(pieces: AsyncGenerator[bytes], most: int) -> bytes:
    """As much of a refusal's text as comes; the status matters more than a broken body."""
    seen = bytearray()
    with suppress(faults.Fault, httpx.HTTPError):
        async with aclosing(pieces):
            async for piece in pieces:
                seen += piece
                if len(seen) >= most:
                    break
    return bytes(seen[:most])


async def _decoded(response: httpx.Response, limits: Limits) -> AsyncGenerator[bytes]:
    """The body in pieces of at most a mebibyte or as they came, counted on the wire and decoded."""
    host = response.url.netloc.decode("ascii")
    decode = _decoder(response.headers.get("content-encoding", ""), host)
    travelled = length = 0
    async for chunk in response.aiter_raw():
        travelled += len(chunk)
        if travelled > limits.wire:
            raise faults.too_big(host)
        for piece in decode.feed(chunk):
            length += len(piece)
            if length > limits.decoded:
                raise faults.too_big(host)
            yield piece
            await asyncio.sleep(0)
    if travelled and not decode.complete:
        raise faults.cut_off(host)


def _decoder(encoding: str, host: str) -> _Identity | _Gzip:
    match encoding.strip().lower():
        case "" | "identity":
            return _Identity()
        case "gzip" | "x-gzip":
            return _Gzip(host)
        case _:
            raise faults.foreign_encoding(host, encoding)


class _Identity:
    complete = True

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        yield chunk


class _Gzip:
    """Inflates a mebibyte at a time, so that a bomb is noticed long before it is whole."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._inflater = zlib.decompressobj(31)

    @property
    def complete(self) -> bool:
        return self._inflater.eof

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        while chunk and not self._inflater.eof:
            try:
                piece = self._inflater.decompress(chunk, _STEP)
            except zlib.error:
                raise faults.cut_off(self._host) from None
            chunk = self._inflater.unconsumed_tail
            yield piece
