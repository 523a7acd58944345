"""Two clocks, this machine's and the site's: what is asked up to now is asked up to the site's now, or is said not to be."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditui.account.settings import Settings
from auditui.export.formats import exporter_named
from auditui.model.query import Query
from auditui.model.when import Zone
from auditui.session.connection import Connection
from auditui.session.exporting import Exporting, to_file
from auditui.session.run import Run
from auditui.session.search import Search
from auditui.session.site_clock import SiteClock
from tests.dated_site import HOUR, TEN, DatedSite, over_http
from tests.session.test_exporting import Nobody, options

pytestmark = pytest.mark.usefixtures("home")

IN_UTC = Zone("UTC")
MINUTE = 60_000


@pytest.fixture
async def site() -> DatedSite:
    return DatedSite()


@pytest.fixture
async def run(site: DatedSite) -> AsyncIterator[Run]:
    async with over_http(site) as url:
        run = Run(options(url), Settings(), clock=lambda: site.here)
        yield run
        run.close()


@pytest.fixture
async def connection(run: Run) -> AsyncIterator[Connection]:
    connection = await run.open()
    yield connection
    await connection.close()


@asynccontextmanager
async def searched(connection: Connection, query: Query | None = None) -> AsyncIterator[Search]:
    """A search, with its first page."""
    search = await connection.search(query or Query(), IN_UTC)
    await search.next_page()
    yield search
    search.close()


def minutes_unasked(search: Search) -> int:
    return search.progress.doubts.minutes_unasked


async def test_a_clock_that_goes_back_in_mid_session_leaves_out_nothing(
    site: DatedSite, connection: Connection
) -> None:
    async with searched(connection):
        pass
    site.here -= 3 * HOUR
    async with searched(connection) as again:
        assert (again.progress.loaded, minutes_unasked(again), again.progress.all) == (50, 0, True)
    assert site.asked_up_to >= TEN


async def test_a_late_clock_is_said_to_have_left_out_the_newest_and_the_next_search_has_them(
    site: DatedSite, connection: Connection
) -> None:
    site.here -= 3 * HOUR
    async with searched(connection) as blind:
        assert minutes_unasked(blind) in (179, 180)
        assert (blind.progress.whole, blind.progress.all) == (True, False)
        assert not blind.spans(TEN - 2 * HOUR, TEN)
    async with searched(connection) as seeing:
        assert seeing.progress.loaded == 50 > blind.progress.loaded
        assert (minutes_unasked(seeing), seeing.progress.all) == (0, True)


async def test_a_clock_that_was_late_and_is_put_right_carries_no_question_into_the_future(
    site: DatedSite, connection: Connection
) -> None:
    site.here -= 6 * HOUR
    async with searched(connection):
        pass
    site.here = TEN
    async with searched(connection, Query("4h")) as recent:
        assert recent.progress.loaded
    assert abs(site.asked_up_to - TEN) < MINUTE


async def test_the_sites_clock_is_heard_at_every_answer(site: DatedSite, connection: Connection) -> None:
    async with searched(connection):
        pass
    site.there += 3 * HOUR  # as where a virtual machine slept: none of its clocks went on
    async with searched(connection) as blind:
        assert minutes_unasked(blind) in (179, 180)
    async with searched(connection) as seeing:
        assert minutes_unasked(seeing) == 0
    site.there = TEN + 1_000  # what one answer told wrongly, the next puts right
    async with searched(connection):
        pass
    async with searched(connection):
        assert abs(site.asked_up_to - TEN) < MINUTE


async def test_an_answer_without_a_date_tells_nothing_else_than_the_ones_before(
    site: DatedSite, connection: Connection
) -> None:
    site.here -= 3 * HOUR
    async with searched(connection):
        pass
    site.tells = False
    async with searched(connection) as again:
        assert (again.progress.loaded, minutes_unasked(again)) == (50, 0)


def test_a_date_that_was_heard_before_is_no_news() -> None:
    """As where the log answers with a date, and then for minutes without any."""
    passed, date = [0], datetime.fromtimestamp(TEN / 1000, UTC)
    clock = SiteClock(lambda: TEN - 3 * HOUR, lambda: passed[0])
    for minutes in (0, 5, 10):
        passed[0] = minutes * MINUTE
        clock.hear(date)
        assert clock.now() == TEN + minutes * MINUTE


@pytest.mark.parametrize(("until", "blind"), [("2026-11-22", False), ("today", True)])
async def test_only_an_end_that_has_passed_leaves_nothing_out(
    site: DatedSite, connection: Connection, until: str, blind: bool
) -> None:
    site.here -= 3 * HOUR
    async with searched(connection, Query(until=until)) as search:
        assert bool(minutes_unasked(search)) is blind


async def test_less_than_a_minute_is_the_headers_and_the_networks_business(
    site: DatedSite, connection: Connection
) -> None:
    site.there += 50_000
    async with searched(connection) as search:
        assert (minutes_unasked(search), search.progress.all) == (0, True)


async def test_an_export_from_the_shell_that_was_blind_says_so(
    site: DatedSite, run: Run, tmp_path: Path
) -> None:
    site.leaps = 3 * HOUR
    start = to_file(tmp_path / "out.jsonl", exporter_named("jsonl"), overwrite=False)
    outcome = await Exporting(run, start, Nobody()).carry_out()
    assert outcome.path
    told = json.loads(outcome.path.with_name(f"{outcome.path.name}.manifest.json").read_bytes())
    assert (outcome.ending.complete, told["complete"]) == (False, False)
    assert "behind the site's: newer were not asked for" in told["completeness"]
    assert outcome.path.name != "out.jsonl"
