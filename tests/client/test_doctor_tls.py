"""What `auditui doctor` says of a site's certificate."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from auditui.cli import main
from auditui.session.checkup import way

TOKEN = "ATATT-very-secret-token"
BODY = b'{"cloudId":"c1","results":[]}'
ANSWER = (b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY),)


async def report(
    origin: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    """The exit status, and what is printed, each finding on one line."""
    monkeypatch.setenv("AUDITUI_SITE", origin)
    monkeypatch.setenv("AUDITUI_EMAIL", "ann@example.com")
    monkeypatch.setenv("AUDITUI_TOKEN", TOKEN)
    status = await asyncio.to_thread(main, ["doctor", "--tz", "utc"])
    told = capsys.readouterr().out
    assert TOKEN not in told
    return status, told.replace("\n" + " " * 26, " ")


async def test_a_good_one_that_ends_soon(
    home: Path, authority: Any, serve: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    served = await serve(ANSWER, tls=authority.server("good"))
    status, told = await report(served.origin, monkeypatch, capsys)
    assert status == 0
    assert "warning  Connection     TLSv1.3, certificate by Test authority, good until 20" in told
    assert "-> The certificate ends within 14 days" in told
    assert "ok       Certificates   the system’s, and SSL_CERT_FILE=~/authority.pem" in told
    assert "ok       Audit log      can be read, at the site’s own address" in told
    monkeypatch.setattr(way, "_SOON", 0)
    _, told = await report(served.origin, monkeypatch, capsys)
    assert "ok       Connection     TLSv1.3, certificate by Test authority, good until 20" in told


async def test_a_bad_one_keeps_the_token_here(
    home: Path, authority: Any, serve: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    served = await serve(ANSWER, tls=authority.server("unknown authority"))
    status, told = await report(served.origin, monkeypatch, capsys)
    assert status == 1
    assert "FAILED   Connection     The issuer of 127.0.0.1:" in told
    assert "skipped  Audit log      not tried, as “Connection” failed" in told
    assert served.requests == []
