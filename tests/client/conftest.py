"""Servers that misbehave as told, and audit logs that never really wait."""

from __future__ import annotations

import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from auditui.client.auth import GATEWAY
from auditui.client.log import AuditLog, Wait
from auditui.model.account import Account, Credential
from auditui.model.secret import Secret
from auditui.model.site import Site
from tests.wire.certificates import Authority
from tests.wire.server import Server, in_turn, listening
from tests.wire.steps import Script

TOKEN = "ATATT-very-secret-token"
EMAIL = "ann@example.com"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


Serve = Callable[..., Awaitable[Server]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """`await serve(script, script, …, tls=None)`: a server of its own, gone after the test."""
    async with AsyncExitStack() as opened:

        async def start(*scripts: Script, greeting: Script = (), tls: ssl.SSLContext | None = None) -> Server:
            server = Server(in_turn(*scripts))
            server.greeting = greeting
            return await opened.enter_async_context(listening(server, tls))

        yield start


@pytest.fixture
def closed_port() -> Iterator[str]:
    """An origin that refuses: the port is taken, and nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@dataclass
class Reading:
    """An audit log under test, with the waits that it announced and took."""

    log: AuditLog
    announced: list[Wait | None]
    naps: list[float]


Read = Callable[..., Reading]


@pytest.fixture
async def read() -> AsyncIterator[Read]:
    """`read(origin, gateway=origin, token=…, limits=…)`: a log whose waits are counted instead of taken."""
    async with AsyncExitStack() as opened:

        def start(
            origin: str, *, gateway: str = "", email: str = EMAIL, token: str = TOKEN, **options: Any
        ) -> Reading:
            announced: list[Wait | None] = []
            naps: list[float] = []

            async def nap(seconds: float) -> None:
                naps.append(seconds)

            log = AuditLog(
                Credential(Account(Site.parse(origin), email), Secret(token)),
                gateway=Site.parse(gateway) if gateway else GATEWAY,
                on_wait=announced.append,
                random=lambda: 1.0,
                **{"sleep": nap, **options},
            )
            opened.push_async_callback(log.aclose)
            return Reading(log, announced, naps)

        yield start


@pytest.fixture(autouse=True)
def no_proxy_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever proxy this machine uses, the tests do not."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """An authority that this test's client trusts by SSL_CERT_FILE."""
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made
