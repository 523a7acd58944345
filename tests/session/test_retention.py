"""A site on loopback is asked once how long it keeps records, and what it says is no matter of errors."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest

from auditui.account.settings import Settings
from auditui.demo.answers import Answer, fault
from auditui.demo.corpus import Corpus
from auditui.demo.server import serve
from auditui.demo.site import DemoSite
from auditui.model.account import Account, Credential
from auditui.model.query import Query
from auditui.model.retention import Retention
from auditui.model.secret import Secret
from auditui.model.site import Site
from auditui.model.when import Zone
from auditui.session.connection import Connection
from auditui.session.exploring import Exploring, Wait
from auditui.session.run import Run
from tests.given import nothing_given

pytestmark = pytest.mark.usefixtures("home")

NOW = 1_795_701_720_000
YEAR = Retention(12, "MONTHS")


class Keeping(DemoSite):
    """A site of which is known how often it was asked for its retention, and that may say something else first."""

    def __init__(self, *first: Callable[[], Answer]) -> None:
        super().__init__(Corpus(50, NOW))
        self.asked = 0
        self._first = list(first)

    def answer(self, method: str, target: str, headers: Mapping[str, str]) -> Answer:
        if not target.endswith("/retention"):
            return super().answer(method, target, headers)
        self.asked += 1
        return self._first.pop(0)() if self._first else super().answer(method, target, headers)


async def at_once(seconds: float) -> None:
    """A wait that does not really pass."""
    await asyncio.sleep(0)


@contextmanager
def running() -> Iterator[Run]:
    run = Run(nothing_given(), Settings(), clock=lambda: NOW, sleep=at_once)
    yield run
    run.close()


async def connected(run: Run, url: str) -> Connection:
    account = Account(Site.parse(url), "demo@example.com")
    return await run.connect(Credential(account, Secret("demo")), "a test")


async def test_the_site_is_asked_once_however_often_one_wants_to_know() -> None:
    site = Keeping()
    with serve(site) as served, running() as run:
        connection = await connected(run, served.url)
        assert connection.kept is None
        both = await asyncio.gather(connection.retention(), connection.retention())
        assert [*both, await connection.retention(), connection.kept] == [YEAR] * 4
        assert site.asked == 1
        await connection.close()


@pytest.mark.parametrize("status", [403, 404, 400, 500])
async def test_where_it_is_not_to_be_known_it_is_not_asked_again(status: int) -> None:
    site = Keeping(*[lambda: fault(status, "No.")] * 4)
    told: list[Wait | None] = []
    with serve(site) as served, running() as run:
        connection = await connected(run, served.url)
        connection.listen(told.append)
        assert await connection.retention() is None
        asked = site.asked
        assert await connection.retention() is connection.kept is None
        assert site.asked == asked == (4 if status == 500 else 1)
        assert told == []
        await connection.close()


async def test_who_gives_up_asking_may_ask_again() -> None:
    arrived, gate = threading.Event(), threading.Event()

    def late() -> Answer:
        arrived.set()
        gate.wait(20)
        return fault(503, "Too late.")

    site = Keeping(late)
    with serve(site) as served, running() as run:
        connection = await connected(run, served.url)
        asking = asyncio.create_task(connection.retention())
        assert await asyncio.to_thread(arrived.wait, 20)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert await connection.retention() == YEAR
        gate.set()
        await connection.close()


def since(exploring: Exploring) -> str:
    """The day that is told; "" where none is."""
    return exploring.kept.since if exploring.kept else ""


async def test_another_site_keeps_by_its_own_setting() -> None:
    exploring = Exploring(Query("30d"), Zone("UTC"))
    assert since(exploring) == ""
    with serve(Keeping()) as served, running() as run:
        first = await connected(run, served.url)
        await exploring.switch(first)
        await first.retention()
        assert since(exploring) == "2025-11-26"
        await exploring.switch(await connected(run, served.url))
        assert since(exploring) == ""
        await exploring.close()


@pytest.mark.parametrize(("query", "older"), [(Query(), True), (Query("30d"), False)])
async def test_what_is_kept_is_seen_beside_what_is_searched(query: Query, older: bool) -> None:
    exploring = Exploring(query, Zone("UTC"))
    with serve(Keeping()) as served, running() as run:
        connection = await connected(run, served.url)
        await exploring.switch(connection)
        await connection.retention()
        await exploring.begin(query)
        await exploring.load(lambda: None)
        kept = exploring.situation.kept
        assert kept is not None
        assert (kept.words, kept.older) == ("12 months", older)
        await exploring.close()
