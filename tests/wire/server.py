"""A server on loopback that does with each connection and request what it is told to, and leaves no socket behind.

Knows nothing of audit logs. What it may be told is in `tests/wire/steps.py`.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from tests.wire.steps import ENDS, Script, perform


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


def in_turn(*scripts: Script) -> Callable[[Request], Script]:
    """The nth request is answered by the nth script, and all further ones by the last."""
    left = list(scripts)
    return lambda _request: left.pop(0) if len(left) > 1 else left[0]


class Server:
    """Listens while it is open. It may be closed, and opened again at the same port."""

    def __init__(self, answer: Callable[[Request], Script]) -> None:
        """Nothing listens yet.

        Args:
            answer: what is done with a request.
        """
        self.requests: list[Request] = []
        self.connections = 0
        self.port = 0
        self.reached = asyncio.Event()
        """Whether any request came."""
        self.heard = asyncio.Event()
        """Whether anything was said before a greeting was over."""
        self.greeting: Script = ()
        """What is done with a connection in place of listening to it; ends it."""
        self._answer = answer
        self._scheme = "http"
        self._server: asyncio.Server | None = None
        self._talks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self._scheme}://{self.host}"

    async def open(self, tls: ssl.SSLContext | None = None) -> None:
        """Listen at the port it had, or at any that is free."""
        self._scheme = "https" if tls else "http"
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Refuse from now on, and end what is going on; over when every socket is closed."""
        if self._server is not None:
            self._server.close()
        await asyncio.sleep(0)  # what was accepted in this very turn comes to `_accept` in the next
        while self._talks:
            for talk, writer in self._talks.items():
                talk.cancel()
                writer.transport.abort()
            await asyncio.wait(self._talks)

    async def until_alone(self) -> None:
        """Wait until nobody is connected any more."""
        async with asyncio.timeout(5):
            while self._talks:
                await asyncio.wait(self._talks)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # No coroutine: what is accepted is known, and will be closed, before anything of it has run.
        self.connections += 1
        talk = asyncio.get_running_loop().create_task(self._talk(reader, writer))
        self._talks[talk] = writer
        talk.add_done_callback(self._talks.pop)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                going_on = await self._greeted(reader, writer)
                while going_on:
                    request = _request(await reader.readuntil(b"\r\n\r\n"))
                    self.requests.append(request)
                    self.reached.set()
                    going_on = await _perform_all(self._answer(request), reader, writer)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _greeted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        for step in self.greeting:
            await perform(step, reader, writer)
            if step == "hear":
                self.heard.set()
        return not self.greeting


async def _perform_all(script: Script, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Whether the connection is still there after it."""
    for step in script:
        await perform(step, reader, writer)
        if step in ENDS:
            return False
    return True


def _request(head: bytes) -> Request:
    first, *lines = head.decode("latin-1").rstrip().split("\r\n")
    method, target, _ = first.split(" ")
    pairs = (line.split(": ", 1) for line in lines)
    return Request(method, target, {name.lower(): value for name, value in pairs})


@asynccontextmanager
async def listening(server: Server, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """The server, open for as long as the block takes."""
    await server.open(tls)
    try:
        yield server
    finally:
        await server.close()
