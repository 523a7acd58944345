"""A web server on loopback that misbehaves as told, certificates of every bad kind, and audit logs that never really wait."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from auditui.client.auth import GATEWAY
from auditui.client.log import AuditLog, Wait
from auditui.model.account import Account, Credential
from auditui.model.secret import Secret
from auditui.model.site import Site

TOKEN = "ATATT-very-secret-token"
EMAIL = "ann@example.com"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@dataclass
class Request:
    """One request as it arrived."""

    method: str
    target: str
    headers: dict[str, str] = field(repr=False)

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return {name: values[-1] for name, values in parse_qs(urlsplit(self.target).query).items()}


Step = bytes | str
"""Bytes are sent. "reset" and "close" end the connection, "hang" says nothing more, "drip" sends blanks for ever, and
"close while idle" ends the connection once the answer has been read, as a site does with a kept one."""


@dataclass
class Misbehaving:
    """Answers its nth request by its nth script, and all further ones by the last."""

    scripts: tuple[tuple[Step, ...], ...]
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    origin: str = ""
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                self.requests.append(_request(await reader.readuntil(b"\r\n\r\n")))
                self.reached.set()
                script = self.scripts[min(len(self.requests), len(self.scripts)) - 1]
                for step in script:
                    await _perform(step, reader, writer)
                    if step in ("reset", "close", "close while idle"):
                        return
        writer.close()


def _request(head: bytes) -> Request:
    first, *lines = head.decode("latin-1").rstrip().split("\r\n")
    method, target, _ = first.split(" ")
    pairs = (line.split(": ", 1) for line in lines)
    return Request(method, target, {name.lower(): value for name, value in pairs})


async def _perform(step: Step, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    if isinstance(step, bytes):
        writer.write(step)
        await writer.drain()
    elif step == "reset":
        raw = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
    elif step == "hang":
        await reader.read()
    elif step == "drip":
        while not writer.is_closing():
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.01)
    else:
        writer.close()


Serve = Callable[..., Awaitable[Misbehaving]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """`await serve(script, script, …, tls=None)`: a server of its own, gone after the test."""
    servers: list[asyncio.Server] = []
    talks: set[asyncio.Task[None]] = set()

    async def start(*scripts: tuple[Step, ...], tls: ssl.SSLContext | None = None) -> Misbehaving:
        told = Misbehaving(scripts)

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            talks.add(task)
            await told.talk(reader, writer)

        server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
        port = server.sockets[0].getsockname()[1]
        told.origin = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        servers.append(server)
        return told

    yield start
    for server in servers:
        server.close()
    for task in talks:
        task.cancel()
    await asyncio.gather(*talks, return_exceptions=True)


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

        def start(origin: str, *, gateway: str = "", token: str = TOKEN, **options: Any) -> Reading:
            announced: list[Wait | None] = []
            naps: list[float] = []

            async def nap(seconds: float) -> None:
                naps.append(seconds)

            log = AuditLog(
                Credential(Account(Site.parse(origin), EMAIL), Secret(token)),
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


@dataclass
class Authority:
    """A certificate authority of our own, and what servers show that were certified well or badly by it."""

    folder: Path
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def file(self) -> Path:
        """What SSL_CERT_FILE has to name for this authority to be trusted."""
        path = self.folder / "authority.pem"
        if not path.exists():
            own = _certificate("Test authority", self.key, "Test authority", self.key, authority=True)
            path.write_bytes(own.public_bytes(serialization.Encoding.PEM))
        return path

    def server(self, kind: str) -> ssl.SSLContext:
        """kind: good, expired, not yet valid, self-signed, unknown authority or wrong host."""
        key = ec.generate_private_key(ec.SECP256R1())
        days = {"expired": (-20, -10), "not yet valid": (10, 20)}.get(kind, (-1, 10))
        issuer, signer = ("Test authority", self.key)
        if kind == "self-signed":
            issuer, signer = "server", key
        if kind == "unknown authority":
            issuer, signer = "Nobody", ec.generate_private_key(ec.SECP256R1())
        address = "127.0.0.99" if kind == "wrong host" else "127.0.0.1"
        shown = _certificate("server", key, issuer, signer, days=days, address=address)
        path = self.folder / f"{kind}.pem"
        path.write_bytes(_pem(key) + shown.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _certificate(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    signer: ec.EllipticCurvePrivateKey,
    *,
    days: tuple[int, int] = (-1, 10),
    address: str = "",
    authority: bool = False,
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if address:
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(signer, hashes.SHA256())


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """An authority that this test's client trusts by SSL_CERT_FILE."""
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made
