"""The way to a site without a credential: what is found on it, and why it ends."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from auditui.client import probe
from auditui.model.errors import ConnectionFailed, HostNotFound, ProxyFailed, TimedOut, TlsFailed
from auditui.model.site import Site

ACME = Site("https://acme.example.com")


async def test_what_a_good_certificate_says(authority: Any, serve: Any) -> None:
    served = await serve(("hang",), tls=authority.server("good"))
    shown = await probe.connect(Site(served.origin), 5)
    assert shown is not None
    assert shown.protocol == "TLSv1.3"
    assert shown.issuer == "Test authority"
    assert shown.until is not None
    assert 9 < (shown.until / 1000 - time.time()) / 86_400 <= 10
    assert served.requests == []


async def test_without_encryption_there_is_no_certificate(serve: Any) -> None:
    served = await serve(("hang",))
    assert await probe.connect(Site(served.origin), 5) is None
    assert served.connections == 1


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("expired", "has expired"),
        ("self-signed", "is self-signed"),
        ("wrong host", "belongs to another host"),
    ],
)
async def test_a_bad_certificate_is_told_as_by_the_client(
    kind: str, words: str, authority: Any, serve: Any
) -> None:
    served = await serve(("hang",), tls=authority.server(kind))
    with pytest.raises(TlsFailed, match=words):
        await probe.connect(Site(served.origin), 5)


async def test_a_port_that_refuses(closed_port: str) -> None:
    with pytest.raises(ConnectionFailed, match="refused the connection"):
        await probe.connect(Site(closed_port), 5)


async def test_a_host_that_never_shakes_hands(authority: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        site = Site(f"https://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(TimedOut, match="No connection"):
            await probe.connect(site, 0.2)


def test_the_addresses_of_a_name() -> None:
    assert set(probe.addresses(Site("http://localhost:8080"))) <= {"127.0.0.1", "::1"}
    assert probe.addresses(Site("http://[::1]:8080")) == ("::1",)


def test_a_name_without_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_such_name(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    with pytest.raises(HostNotFound, match=r"Cannot find acme\.example\.com"):
        probe.addresses(ACME)


@pytest.mark.parametrize(
    ("value", "proxy"),
    [
        ("http://proxy.example.com:3128", "proxy.example.com:3128"),
        ("proxy.example.com:3128", "proxy.example.com:3128"),
        ("http://ann:hunter2@proxy.example.com:3128/", "proxy.example.com:3128"),
        ("http://ann:123/hunter2@proxy.example.com", "proxy.example.com"),
        ("http://ann:hun@ter2@proxy.example.com", "proxy.example.com"),
    ],
)
def test_the_proxy_on_the_way_without_its_password(
    value: str, proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", value)
    assert probe.proxy_between(ACME) == proxy
    assert probe.proxy_between(Site("http://127.0.0.1:8080")) == ""
    monkeypatch.setenv("NO_PROXY", "example.com")
    assert probe.proxy_between(ACME) == ""


def test_variables_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    probe.check_variables(ACME)
    monkeypatch.setenv("HTTPS_PROXY", "junk://ann:hunter2@127.0.0.1")
    with pytest.raises(ProxyFailed, match="HTTPS_PROXY") as raised:
        probe.check_variables(ACME)
    assert "hunter2" not in raised.value.sentences()
    probe.check_variables(Site("http://127.0.0.1:8080"))
