"""A good site on a port of its own, until it is told to have a fault."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from auditui.demo.site import TOKEN, DemoSite
from tests.wire.answers import of_demo
from tests.wire.black_hole import BlackHole
from tests.wire.certificates import Authority
from tests.wire.fault import ELSEWHERE, HOST, Door, Fault
from tests.wire.names import Names
from tests.wire.server import Request, Server
from tests.wire.steps import Script, Step

_GOOD = Door()


class FaultySite:
    """The demo site behind a real socket, and another host to which it may try to send whoever asks."""

    def __init__(self, demo: DemoSite, authority: Authority | None, names: Names | None) -> None:
        """Nothing listens yet.

        Args:
            demo: what it is when it is good.
            authority: whose certificates it shows; None for plain HTTP.
            names: the resolver, where the site is known by a name.
        """
        self.fault: Fault | None = None
        self.begins_at = 0
        """How many questions are answered well before the fault begins."""
        self.asked: list[int] = []
        """The offset of each question for records that arrived where the log is read."""
        self.elsewhere = Server(lambda _: (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",))
        self._was_read = False
        self._server = Server(self._answer)
        self._demo = demo
        self._authority = authority
        self._names = names
        self._hole: BlackHole | None = None

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, demo: DemoSite, authority: Authority | None = None, names: Names | None = None
    ) -> AsyncIterator[FaultySite]:
        """The site, there and good, for as long as the block takes."""
        site = cls(demo, authority, names)
        try:
            await site.open()
            yield site
        finally:
            await site.close()

    @property
    def host(self) -> str:
        return f"localhost:{self._server.port}" if self._names else self._server.host

    @property
    def origin(self) -> str:
        return f"{'https' if self._authority else 'http'}://{self.host}"

    def words(self, fault: Fault) -> str:
        """All that the user is told of a fault of this site, as one text."""
        more = fault.once_read if self._was_read and fault.once_read else (fault.why, fault.remedy)
        return self.filled(" ".join(part for part in (fault.happened, *more) if part))

    def filled(self, text: str) -> str:
        """The text with this site's addresses in it."""
        return text.replace(HOST, self.host).replace(ELSEWHERE, self.elsewhere.host)

    async def open(self) -> None:
        """Be there, and good."""
        await self.elsewhere.open()
        await self._open(_GOOD)

    async def close(self) -> None:
        """Be gone; over when every socket is closed."""
        await self._shut()
        await self.elsewhere.close()

    async def begin(self, fault: Fault, after: int = 0) -> None:
        """Have a fault from the next question on, or after so many."""
        self.fault, self.begins_at = fault, len(self.asked) + after
        self._was_read = self.begins_at > 0
        if isinstance(fault.does, Door):
            await self._shut()
            await self._open(fault.does)

    async def mend(self) -> None:
        """Be good again."""
        fault, self.fault = self.fault, None
        if fault is not None and isinstance(fault.does, Door):
            await self._shut()
            await self._open(_GOOD)

    async def _open(self, door: Door) -> None:
        if self._names:
            self._names.manner = door.name
        if door.full:
            self._hole = BlackHole(self._server.port)
        elif door.listens:
            self._server.greeting = door.greeting
            shows = "" if door.greeting else door.certificate or "good"
            await self._server.open(self._authority.server(shows) if self._authority and shows else None)

    async def _shut(self) -> None:
        if self._hole is not None:
            self._hole.close()
            self._hole = None
        await self._server.close()

    def _answer(self, request: Request) -> Script:
        good = (of_demo(self._demo.answer(request.method, request.target, request.headers)),)
        if not self._is_the_log(request.path):
            return good
        self.asked.append(int(request.query["start"]))
        if self.fault is None or isinstance(self.fault.does, Door) or len(self.asked) <= self.begins_at:
            return good
        return tuple(self._sent_elsewhere(step) for step in self.fault.does)

    def _sent_elsewhere(self, step: Step) -> Step:
        return (
            step.replace(ELSEWHERE.encode(), self.elsewhere.host.encode())
            if isinstance(step, bytes)
            else step
        )

    def _is_the_log(self, path: str) -> bool:
        gateway = self.fault is not None and self.fault.token != TOKEN
        return path.endswith("/audit") and path.startswith("/ex/" if gateway else "/")
