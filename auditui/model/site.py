"""The address of a Confluence Cloud site. Knows nothing of how it is reached."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from auditui.model.errors import UsageError

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


@dataclass(frozen=True, slots=True)
class Site:
    """One Confluence Cloud site, known by its origin."""

    origin: str
    """`https://acme.atlassian.net`: scheme, host in lower case, and a port only where it is not the usual one."""

    @classmethod
    def parse(cls, text: str) -> Site:
        """Read `acme`, `acme.atlassian.net` or the address of any page of the site.

        Raises:
            UsageError: the text names no host, carries a user or password, or is plain `http` to another machine
                than this one.
        """
        text = text.strip()
        bare = "://" not in text
        parts = _split(text, f"https://{text}" if bare else text)
        host = _host(text, parts.hostname)
        if parts.username is not None or parts.password is not None:
            raise UsageError(
                "The site address carries a user name or password.", remedy="Give the site address alone."
            )
        scheme = "http" if bare and is_loopback(host) else parts.scheme
        if bare and "." not in host and not is_loopback(host):
            host = f"{host}.atlassian.net"
        return cls(_origin(text, scheme, host, parts.port))

    @property
    def host(self) -> str:
        """The host, with its port where it is not the usual one: `acme.atlassian.net`."""
        return self.origin.split("://", 1)[1]

    def __str__(self) -> str:
        return self.host


def is_loopback(host: str) -> bool:
    """Whether the host is this machine: `localhost`, 127.0.0.0/8 or ::1."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class _Parts:
    scheme: str
    hostname: str | None
    port: int | None
    username: str | None
    password: str | None


def _split(text: str, url: str) -> _Parts:
    try:
        parts = urlsplit(url)
        return _Parts(parts.scheme, parts.hostname, parts.port, parts.username, parts.password)
    except ValueError:
        raise _unclear(text) from None


def _host(text: str, host: str | None) -> str:
    if not host:
        raise _unclear(text)
    if "%" in host:  # an IPv6 zone index, which may hold anything
        raise _unclear(text)
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if not _HOST.fullmatch(host):
            raise _unclear(text) from None
    return host


def _origin(text: str, scheme: str, host: str, port: int | None) -> str:
    if scheme not in ("http", "https"):
        raise _unclear(text)
    if scheme == "http" and not is_loopback(host):
        raise UsageError(
            f"{host} would be reached without encryption.",
            why="The API token would travel in clear text.",
            remedy="Use https://; plain http:// is for this machine's own addresses only.",
        )
    name = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}[scheme]
    return f"{scheme}://{name}" if port in (None, usual) else f"{scheme}://{name}:{port}"


def _unclear(text: str) -> UsageError:
    return UsageError(
        f"“{text}” is not the address of a site." if text else "The site is missing.",
        remedy="Give a name such as acme, acme.atlassian.net, or the address of any page of the site.",
    )
