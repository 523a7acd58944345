"""Proxies named by the environment: the broken ones are named, and what a proxy says is not blamed on the site."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from auditui.model.errors import AudituiError, ProxyFailed

ACME = "https://acme.invalid"


async def failure(reading: Any) -> AudituiError:
    with pytest.raises(AudituiError) as raised:
        async with asyncio.timeout(8):
            await reading.log.fetch(1, 2, "", 0, 100)
    return raised.value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTPS_PROXY", "socks5://user:hunter2@127.0.0.1:1080"),
        ("https_proxy", "junk://user:hunter2@127.0.0.1"),
        ("ALL_PROXY", "http://user:hunter2@127.0.0.1:port"),
        ("https_proxy", "user:hunter2@127.0.0.1:port"),
        ("NO_PROXY", "[::1]:80"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named_and_its_value_is_not(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, read: Any
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:3128")
    monkeypatch.setenv(name, value)
    with pytest.raises(ProxyFailed) as raised:
        read(ACME)
    assert f"variable {name} cannot" in raised.value.happened
    assert "hunter2" not in raised.value.sentences()


@pytest.mark.parametrize(
    ("status", "words"),
    [(b"407 Proxy Authentication Required", "user and password"), (b"502 Bad Gateway", "502 Bad Gateway")],
)
async def test_what_the_proxy_refuses_is_the_proxys(
    status: bytes, words: str, monkeypatch: pytest.MonkeyPatch, serve: Any, read: Any
) -> None:
    proxy = await serve((b"HTTP/1.1 " + status + b"\r\nContent-Length: 6\r\n\r\n<html>", "close"))
    monkeypatch.setenv("HTTPS_PROXY", proxy.origin.replace("://", "://ann:hunter2@"))
    error = await failure(read(ACME))
    assert type(error) is ProxyFailed
    assert f"The proxy {proxy.origin.partition('//')[2]} did not" in error.happened
    assert words in error.sentences()
    assert "hunter2" not in error.sentences()
    assert [(request.method, request.target) for request in proxy.requests] == [
        ("CONNECT", "acme.invalid:443")
    ]
    assert "authorization" not in proxy.requests[0].headers


async def test_a_proxy_that_is_not_there(
    closed_port: str, monkeypatch: pytest.MonkeyPatch, read: Any
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", closed_port)
    reading = read(ACME)
    error = await failure(reading)
    assert type(error) is ProxyFailed
    assert closed_port.partition("//")[2] in error.happened
    assert len(reading.naps) == 3


async def test_this_machines_own_addresses_are_reached_without_the_proxy(
    closed_port: str, monkeypatch: pytest.MonkeyPatch, serve: Any, read: Any
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, closed_port)
    site = await serve((b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",))
    assert await read(site.origin).log.fetch(1, 2, "", 0, 100) == b"{}"
