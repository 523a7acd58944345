"""What the explorer says where an answer is not what was asked for, and when it says so no more."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from auditui.account.settings import Settings
from auditui.demo.site import DemoSite
from auditui.model.query import Query
from auditui.session.run import Run
from auditui.ui.app import AudituiApp
from tests.dated_site import HOUR, TEN, DatedSite, Liar, over_http
from tests.ui.driving import Opened, exploring, options, screen_text, settled, until
from tests.ui.test_export_screen import export

NOT_ASKED = "newest 180 min not asked for: r includes them (this machine's clock was late)"


@asynccontextmanager
async def opened(site: DemoSite, query: Query | None = None, filter: str = "") -> AsyncIterator[Opened]:
    """The app at this site, all loaded."""
    async with over_http(site) as url:
        here = (lambda: site.here) if isinstance(site, DatedSite) else lambda: TEN
        run = Run(options(url, query=query, filter=filter), Settings(), clock=here)
        app = AudituiApp(run)
        try:
            async with app.run_test(size=(140, 36), notifications=True, tooltips=True) as pilot:
                await until(pilot, lambda: exploring(app).situation.progress.whole and settled(app))
                yield app, pilot
        finally:
            run.close()


def late_by_three_hours() -> DatedSite:
    """By half a minute more, so that what passes meanwhile makes no other minute of it."""
    site = DatedSite()
    site.here, site.there = TEN - 3 * HOUR, TEN + 30_000
    return site


async def test_a_late_clock_is_told_all_is_not_claimed_and_r_puts_both_right() -> None:
    site = late_by_three_hours()
    async with opened(site) as (app, pilot):
        some = exploring(app).loaded
        await until(pilot, lambda: f" {some} loaded · {NOT_ASKED}" in screen_text(app))
        assert f"all {some}" not in screen_text(app)
        await pilot.press("r")
        await until(pilot, lambda: "all 50 loaded" in screen_text(app))
        assert "not asked for" not in screen_text(app)
        site.here -= 3 * HOUR  # and goes back once more
        await pilot.press("r")
        await until(pilot, lambda: len(site.requests) > 2 and settled(app) and not exploring(app).arriving)
        assert "all 50 loaded" in screen_text(app)


async def test_no_records_at_all_are_not_taken_for_a_quiet_time_by_a_late_clock() -> None:
    site = late_by_three_hours()
    site.here -= 10_000 * HOUR
    async with opened(site, Query("4h")) as (app, pilot):
        await until(pilot, lambda: "No records: 4h → now." in screen_text(app))
        assert "The newest 600,180 min were not asked for: r" in screen_text(app)


async def test_what_is_exported_of_a_blind_search_is_not_called_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    site = late_by_three_hours()
    async with opened(site) as (app, pilot):
        site.here = TEN  # put right, which makes the answer no other
        path = await export((app, pilot), "a")
        assert "Not whole: up to the time of this" in screen_text(app)
        assert "180 min behind the site's: newer were not asked for" in screen_text(app)
    told = json.loads(path.with_name("out.jsonl.manifest.json").read_bytes())
    assert (told["complete"], told["completeness"][:38]) == (False, "up to the time of this machine's clock")


async def test_a_site_that_keeps_neither_to_the_range_nor_to_the_order_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lies = (TEN - 1_000 * HOUR, TEN, TEN - 2_000 * HOUR)
    async with opened(Liar(lies), Query("24h")) as (app, pilot):
        told = "all 3 loaded · 2 records outside the time asked for · not newest first"
        await until(pilot, lambda: told in screen_text(app))
        path = await export((app, pilot), "a")
        assert "The site gave 2 records from outside the time asked for." in screen_text(app)
    warnings = json.loads(path.with_name("out.jsonl.manifest.json").read_bytes())["warnings"]
    assert warnings[:2] == [
        "The site gave 2 records from outside the time asked for.",
        "The site did not give them newest first: 1 record is newer than the one before it.",
    ]


async def test_where_the_order_is_not_kept_nothing_is_concluded_from_it() -> None:
    """Else the record of two hours ago, below one of four days ago, would never be looked for."""
    ages = (0, 48, 1, 72, 96, 2)
    site = Liar([TEN - hours * HOUR for hours in ages], a_page=5)
    async with opened(site, filter="after:24h") as (app, pilot):
        await until(pilot, lambda: "filter: 3 of all 6 · not newest first" in screen_text(app))
        assert "where the filter begins" not in screen_text(app)
