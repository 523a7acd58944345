"""Certificates that are not as they should be, each told in its own words, and none of them sent a token."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from auditui.client.http import Limits
from auditui.model.errors import AudituiError, ConnectionFailed, ProxyFailed, TimedOut, TlsFailed

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


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("expired", "has expired. The token was not sent. Check this machine's clock"),
        ("not yet valid", "is not valid yet. The token was not sent. Check this machine's clock"),
        ("self-signed", "is self-signed"),
        ("unknown authority", "is not known to this machine. The token was not sent. If a company proxy"),
        ("wrong host", "belongs to another host"),
    ],
)
async def test_a_bad_certificate_is_refused_at_once(
    kind: str, words: str, authority: Any, serve: Any, read: Any
) -> None:
    site = await serve(GOOD, tls=authority.server(kind))
    reading = read(site.origin)
    error = await failure(reading)
    assert type(error) is TlsFailed
    assert words in error.sentences()
    assert site.origin.partition("//")[2] in error.happened
    assert (site.requests, reading.naps) == ([], [])


async def test_a_name_that_the_certificate_does_not_hold(authority: Any, serve: Any, read: Any) -> None:
    site = await serve(GOOD, tls=authority.server("good"))
    error = await failure(read(site.origin.replace("127.0.0.1", "localhost")))
    assert "belongs to another host" in error.happened


async def test_plain_http_on_the_port(authority: Any, serve: Any, read: Any) -> None:
    site = await serve((b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "close"))

    async def speak_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(site.scripts[0][0])
        writer.close()

    async with await asyncio.start_server(speak_plainly, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        error = await failure(read(f"https://127.0.0.1:{port}"))
    assert type(error) is TlsFailed
    assert "speaks plain HTTP" in error.happened


async def test_a_host_that_takes_the_connection_and_never_shakes_hands(authority: Any, read: Any) -> None:
    done = asyncio.Event()

    async def ignore(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await done.wait()
        writer.close()

    async with await asyncio.start_server(ignore, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        reading = read(f"https://127.0.0.1:{port}", limits=Limits(connect=0.2, exchange=1))
        error = await failure(reading)
        done.set()
    assert type(error) is TimedOut
    assert "No connection" in error.happened
    assert len(reading.naps) == 3


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
