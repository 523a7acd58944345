"""The line of keys names those that work where one is, and presses the one that is clicked."""

from __future__ import annotations

import pytest

from auditui.demo.server import Served
from auditui.ui.screens.help import HelpScreen
from auditui.ui.widgets.key_line import KeyLine
from tests.ui.driving import Open, explorer, options, screen_text, until


def last_line(app: object) -> str:
    return screen_text(app).splitlines()[-1]  # type: ignore[arg-type]


async def test_a_click_on_a_key_presses_it(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url)) as (app, pilot):
        await until(pilot, lambda: "? Help" in last_line(app))
        await pilot.click(KeyLine, offset=(last_line(app).index("? Help") + 2, 0))
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))


async def test_a_click_beside_the_keys_does_nothing(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url)) as (app, pilot):
        await until(pilot, lambda: "q Quit" in last_line(app))
        await pilot.click(KeyLine, offset=(len(last_line(app)) + 2, 0))
        await pilot.pause()
        assert app.screen is explorer(app)
        assert not app._exit


async def test_the_keys_follow_the_focus(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url), size=(120, 36)) as (app, pilot):
        await until(pilot, lambda: "Pivot" in last_line(app))
        await pilot.press("slash")
        await until(pilot, lambda: "Keep" in last_line(app) and "Pivot" not in last_line(app))
        await pilot.press("escape")
        await until(pilot, lambda: "Pivot" in last_line(app))


async def test_each_key_is_named_once_and_explains_itself(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url), size=(120, 36)) as (app, pilot):
        await until(pilot, lambda: "s Search" in last_line(app))
        named = last_line(app)
        assert named.count("Help") == named.count("Quit") == named.count("Copy") == 1
        line = app.screen.query_one(KeyLine)
        await pilot.hover(KeyLine, offset=(named.index("q Quit"), 0))
        await until(pilot, lambda: line.tooltip == "Close what is open; quit where nothing is")


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        ([], "/ Filter s Search f Facets p Pivot e Export ? Help q Quit"),
        (["f"], "space Choose x Exclude esc Back ? Help q Quit"),
        (["i"], "space Brush enter Apply z Zoom in Z Zoom out ? Help q Quit"),
    ],
    ids=["table", "facets", "timeline"],
)
async def test_at_60_columns_only_whole_entries_are_named_and_the_way_out_is_among_them(
    open_app: Open, served: Served, keys: list[str], named: str
) -> None:
    async with open_app(options(served.url), size=(60, 16)) as (app, pilot):
        await until(pilot, lambda: "? Help" in last_line(app))
        await pilot.press(*keys)
        await until(pilot, lambda: last_line(app).strip() == named)
