"""Certificates that are not as they should be, each told in its own words, and none of them sent a token."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from auditui.client.http import Limits
from auditui.model.errors import AudituiError, ConnectionFailed, ProxyFailed, TimedOut

PAGE = b'{"results":[]}'
GOOD = (b"HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n" + PAGE,)


async def ask(reading: Any) -> Any:
    async with asyncio.timeout(8):
        return await reading.log.fetch(1, 2, "", 0, 100)


async def failure(reading: Any) -> AudituiError:
    with pytest.raises(AudituiError) as raised:
        await ask(reading)
    return raised.value


async def test_a_certificate_of_an_authority_named_by_ssl_cert_file_is_good(
    authority: Any, serve: Any, read: Any
) -> None:
    site = await serve(GOOD, tls=authority.server("good"))
    assert await ask(read(site.origin)) == PAGE


async def test_a_name_that_the_certificate_does_not_hold(authority: Any, serve: Any, read: Any) -> None:
    site = await serve(GOOD, tls=authority.server("good"))
    error = await failure(read(site.origin.replace("127.0.0.1", "localhost")))
    assert "belongs to another host" in error.happened


async def test_a_host_that_takes_the_connection_and_never_shakes_hands(
    authority: Any, serve: Any, read: Any
) -> None:
    silent = await serve(GOOD, greeting=("hang",))
    reading = read(f"https://{silent.host}", limits=Limits(connect=0.2, exchange=1))
    error = await failure(reading)
    assert type(error) is TimedOut
    assert "No connection" in error.happened
    assert len(reading.naps) == 3


async def test_a_handshake_that_nobody_waits_for_any_more_leaves_no_socket_open(
    authority: Any, serve: Any, read: Any
) -> None:
    silent = await serve(GOOD, greeting=("hear", "hang"))
    asking = asyncio.create_task(ask(read(f"https://{silent.host}")))
    await asyncio.wait_for(silent.heard.wait(), 5)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await silent.until_alone()


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (("reset",), ConnectionFailed),
        (("close",), ConnectionFailed),
        ((GOOD[0][:-4], "reset"), ConnectionFailed),
        ((GOOD[0][:-4], "close"), ConnectionFailed),
        (("hang",), TimedOut),
        ((GOOD[0][:-4], "hang"), TimedOut),
    ],
)
async def test_a_broken_connection_is_no_fault_of_the_encryption(
    script: Any, kind: type[AudituiError], authority: Any, serve: Any, read: Any
) -> None:
    site = await serve(script, script, script, GOOD, script, tls=authority.server("good"))
    reading = read(site.origin, limits=Limits(read=0.2))
    assert await ask(reading) == PAGE
    assert type(await failure(reading)) is kind
    assert len(site.requests) == 8


@pytest.mark.parametrize("content", [None, "this is no certificate"])
def test_an_unusable_ssl_cert_file_is_named(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Any
) -> None:
    path = tmp_path / "authority.pem"
    if content:
        path.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(ProxyFailed, match="SSL_CERT_FILE"):
        read("https://acme.example.com")
