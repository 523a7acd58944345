"""An empty month is not taken for a quiet one: what the explorer says of how long the site keeps records, and when it asks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from auditui.account.settings import Settings
from auditui.demo.answers import Answer, fault, json_answer, slow_down
from auditui.demo.corpus import Corpus
from auditui.demo.server import Served, serve
from auditui.demo.site import EMAIL, TOKEN, DemoSite
from auditui.model.account import Account, Credential
from auditui.model.query import Query
from auditui.model.secret import Secret
from auditui.model.site import Site
from auditui.model.when import Edge, Zone, parse_when
from auditui.session.connection import Connection
from auditui.session.run import Run
from auditui.ui.app import AudituiApp
from auditui.ui.glyphs import plain_glyphs
from auditui.ui.widgets.timeline import Timeline
from auditui.ui.widgets.timeline_lines import Picture, Scene, draw
from tests.ui.driving import (
    NOW,
    Open,
    Opened,
    explorer,
    exploring,
    loaded_records,
    options,
    screen_text,
    settled,
    until,
)

UTC = Zone("UTC")
AUDIT = "/wiki/rest/api/audit"
RETENTION = f"{AUDIT}/retention"
TOLD = "the site keeps 12 months (since 2029-03-17)"


class Keeping(DemoSite):
    """Says something else of its retention than the demo does."""

    def __init__(self, says: Callable[[], Answer], records: int = 1_000) -> None:
        super().__init__(Corpus(records, NOW), page_cap=250, remember=1_000)
        self._says = says
        self.asked = 0
        """How often its answer was on its way."""

    def answer(self, method: str, target: str, headers: Mapping[str, str]) -> Answer:
        answer = super().answer(method, target, headers)
        if not target.endswith("/retention"):
            return answer
        self.asked += 1
        return self._says()


def paths(site: DemoSite) -> list[str]:
    return [asked.path for asked in site.requests]


def status(app: AudituiApp) -> list[str]:
    """What the status line says, and where the cursor is."""
    return [part.strip() for part in screen_text(app).splitlines()[-2].split("  ") if part.strip()]


async def at_once(seconds: float) -> None:
    """A wait that does not really pass."""
    await asyncio.sleep(0)


@asynccontextmanager
async def opened(site: DemoSite, sleep: Callable[[float], Awaitable[None]]) -> AsyncIterator[Opened]:
    """The app on a site over loopback; its automatic waits pass as they are told to."""
    with serve(site) as served:
        run = Run(options(served.url), Settings(), clock=lambda: NOW, sleep=sleep)
        app = AudituiApp(run)
        try:
            async with app.run_test(size=(120, 36), notifications=True) as pilot:
                yield app, pilot
        finally:
            run.close()


async def all_loaded(app: AudituiApp, pilot: Any) -> None:
    """Load all, and go to the last record."""
    await until(pilot, lambda: exploring(app).loaded > 0)
    await pilot.press("L")
    await until(pilot, lambda: exploring(app).situation.progress.whole and not exploring(app).loading)
    await pilot.press("G")
    await pilot.pause()


async def test_the_status_line_and_the_foot_tell_how_far_back_the_log_can_reach(
    open_app: Open, served: Served
) -> None:
    async with open_app(options(served.url), size=(80, 24)) as (app, pilot):
        await until(pilot, lambda: "250 loaded · more below · kept since 2029-03-17" in screen_text(app))
        await all_loaded(app, pilot)
        await until(pilot, lambda: f"all 5,000 loaded · {TOLD} " in screen_text(app))
        assert "end of the answer: 5,000 records; older than 2029-03-17 may be gone —" in screen_text(app)


async def test_the_site_is_asked_once_and_after_the_first_page(
    open_app: Open, served: Served, site: DemoSite
) -> None:
    async with open_app(options(served.url)) as (app, pilot):
        await until(pilot, lambda: exploring(app).kept is not None)
        assert paths(site) == [AUDIT, RETENTION]
        await all_loaded(app, pilot)
        pages = len(site.requests)
        await pilot.press("r")
        await until(pilot, lambda: len(site.requests) > pages and not exploring(app).loading)
        assert paths(site).count(RETENTION) == 1
        assert len(site.requests) > 20


async def test_a_site_that_gives_no_page_is_not_asked_how_long_it_keeps_them(
    open_app: Open, served: Served, site: DemoSite
) -> None:
    async with open_app(options(served.url, email="member@example.com")) as (app, pilot):
        await until(pilot, lambda: exploring(app).error is not None)
        await pilot.pause()
        assert RETENTION not in paths(site)


@pytest.mark.parametrize(
    ("query", "why"),
    [
        (Query("2028-01-01", "2028-12-31"), "what was asked for is too old to be here."),
        (Query("2029-01-01", "2029-03-10"), "older ones may be gone."),
        (Query("30d", text="nobodysuchword"), ""),
    ],
)
async def test_an_empty_answer_says_whether_records_can_be_from_then(
    open_app: Open, served: Served, query: Query, why: str
) -> None:
    async with open_app(options(served.url, query=query)) as (app, pilot):
        await until(pilot, lambda: f"no records · {TOLD}" in screen_text(app))
        words = " ".join(screen_text(app).split())
        assert "No records: " in words
        assert ("The site keeps records for 12 months" in words) == bool(why)
        assert why in words


@pytest.mark.parametrize(
    "says",
    [
        lambda: fault(403, "No."),
        lambda: fault(404, "No resource."),
        lambda: fault(500, "Oops."),
        lambda: json_answer(200, {"number": "[/x]\x1b[31m", "units": "MONTHS"}),
        lambda: json_answer(200, {"number": 1, "units": "FOREVER"}),
    ],
    ids=["refused", "missing", "broken", "hostile", "for ever"],
)
async def test_where_it_is_not_to_be_known_nothing_is_claimed_and_nothing_complained_of(
    says: Callable[[], Answer],
) -> None:
    site = Keeping(says)
    async with opened(site, at_once) as (app, pilot):
        await until(pilot, lambda: site.asked > 0)
        await app.workers.wait_for_complete()
        await all_loaded(app, pilot)
        assert status(app) == ["all 1,000 loaded", "record 1,000"]
        oldest = exploring(app).situation.oldest
        assert f"— end of the answer: 1,000 records, back to {oldest} —" in screen_text(app)
        assert not app._notifications


async def test_a_site_that_hangs_at_it_holds_up_neither_loading_nor_quitting() -> None:
    gate = threading.Event()

    def never() -> Answer:
        gate.wait(60)
        return fault(503, "Too late.")

    site = Keeping(never)
    try:
        async with opened(site, at_once) as (app, pilot):
            await until(pilot, lambda: site.asked > 0)
            await all_loaded(app, pilot)
            assert status(app) == ["all 1,000 loaded", "record 1,000"]
            assert not explorer(app).cancel()
            await pilot.press("q")
            await until(pilot, lambda: not app.is_running)
            assert app.return_code == 0
        assert site.asked == 1  # whoever waits for it asks again, since it is too slow
    finally:
        gate.set()


async def test_an_answer_that_comes_late_is_told_when_it_comes() -> None:
    gate = threading.Event()

    def late() -> Answer:
        gate.wait(60)
        return json_answer(200, {"number": 12, "units": "MONTHS"})

    site = Keeping(late, records=100)
    try:
        async with opened(site, at_once) as (app, pilot):
            await until(pilot, lambda: site.asked > 0 and "all 100 loaded " in screen_text(app))
            await pilot.press("G")
            # whatever else would tell of it by itself has its turn before
            await until(pilot, lambda: settled(app) and explorer(app)._counting is None)
            await pilot.pause()
            assert status(app) == ["all 100 loaded", "record 100"]
            gate.set()
            await until(pilot, lambda: status(app) == [f"all 100 loaded · {TOLD}", "record 100"])
            assert "100 records; older than 2029-03-17 may be gone —" in screen_text(app)
    finally:
        gate.set()


async def test_a_wait_before_asking_again_is_not_counted_down() -> None:
    site, waiting = Keeping(lambda: slow_down("9")), asyncio.Event()

    async def wait(seconds: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    async with opened(site, wait) as (app, pilot):
        await until(pilot, waiting.is_set)
        await pilot.pause()
        assert status(app) == ["250 loaded · more below", "record 1"]


async def test_another_connection_is_asked_anew(open_app: Open, served: Served) -> None:
    other = Keeping(lambda: json_answer(200, {"number": 3, "units": "MONTHS"}))
    with serve(other) as elsewhere:
        account = Account(Site.parse(elsewhere.url), EMAIL)

        async with open_app(options(served.url)) as (app, pilot):

            async def door() -> Connection:
                return await explorer(app)._run.connect(Credential(account, Secret(TOKEN)), "a test")

            await until(pilot, lambda: "kept since 2029-03-17" in screen_text(app))
            explorer(app)._ask(door)
            await until(pilot, lambda: "kept since 2029-12-16" in screen_text(app))
            assert paths(other) == [
                AUDIT,
                AUDIT,
                RETENTION,
            ]  # it answers one question before it takes the place


# The timeline


def at(text: str) -> int:
    return parse_when(text, Edge.SINCE, now=0, zone=UTC)


MONTHS = tuple(at(f"2025-{month:02}-01") for month in range(1, 8))


def drawn(picture: Picture, *, ascii: bool = False, cursor: int | None = None) -> list[str]:
    lines = [
        "".join(sign for sign, _role in line) for line in draw(Scene(picture, 60, 2, cursor, None, None))
    ]
    return [plain_glyphs(line) if ascii else line for line in lines]


def months(*counts: int, **more: Any) -> Picture:
    return Picture(
        MONTHS,
        counts,
        "1 month",
        UTC,
        **{"loaded_from": MONTHS[3], "whole": True, "kept_from": MONTHS[2]} | more,
    )


def test_time_from_before_the_records_is_told_from_time_without_any() -> None:
    bars, axis = drawn(months(0, 0, 0, 4, 0, 4))
    assert bars == "·" * 20 + " " * 10 + "█" * 10 + " " * 10 + "█" * 10
    assert axis.endswith("peak 4  · not kept")
    bars, axis = drawn(months(0, 0, 0, 4, 0, 4), ascii=True)
    assert bars.startswith("|" * 20 + " ")
    assert axis.endswith("| not kept")


def test_the_cursor_says_that_nothing_is_kept_from_then() -> None:
    assert "02-01 +1 month: not kept" in drawn(months(0, 0, 0, 4, 0, 4), cursor=1)[1]
    assert "03-01 +1 month: 0 records" in drawn(months(0, 0, 0, 4, 0, 4), cursor=2)[1]


@pytest.mark.parametrize(
    "more",
    [
        {"kept_from": None},
        {"kept_from": MONTHS[0]},
        {"whole": False},
        {"loaded_from": MONTHS[0]},
    ],
    ids=["not known", "all within", "not all loaded", "older ones loaded"],
)
def test_nothing_is_called_not_kept_without_a_reason(more: dict[str, Any]) -> None:
    bars, axis = drawn(months(0, 0, 0, 4, 0, 4, **more))
    assert "·" not in bars
    assert "not kept" not in axis


async def test_the_timeline_of_a_search_from_before_the_reach_is_marked(
    open_app: Open, served: Served
) -> None:
    async with open_app(options(served.url, query=Query("2028-01-01"))) as (app, pilot):
        await all_loaded(app, pilot)
        strip = explorer(app).query_one(Timeline)
        await until(pilot, lambda: "· not kept" in screen_text(app))
        picture = strip._picture
        assert picture is not None
        old = [bucket for bucket in range(len(picture.counts)) if picture.not_kept(bucket)]
        oldest = loaded_records(app)[-1].created
        assert oldest is not None
        assert len(old) > 10
        assert picture.edges[old[-1] + 1] <= min(oldest, at("2029-03-18"))
