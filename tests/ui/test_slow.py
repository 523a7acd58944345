"""The explorer as it is over a slow line, over a site on loopback: less is drawn, and all the same can be done."""

from __future__ import annotations

from dataclasses import replace

from auditui.demo.server import Served
from tests.ui.driving import Open, filtered, investigation, options, table, until, when_loaded

FILTER = "system"


async def test_a_filter_is_applied_when_typing_rests(open_app: Open, served: Served) -> None:
    async with open_app(replace(options(served.url), slow=True)) as opened:
        app, pilot = await when_loaded(opened)
        await pilot.press("slash", *FILTER)
        await until(pilot, lambda: investigation(app).wanted.text == FILTER)


async def test_a_filter_that_is_kept_or_dropped_does_not_wait_for_that(
    open_app: Open, served: Served
) -> None:
    async with open_app(replace(options(served.url), slow=True)) as opened:
        app, pilot = await when_loaded(opened)
        await pilot.press("slash", *FILTER, "enter")
        await filtered(opened, FILTER)
        await pilot.press("slash", "x", "escape")
        await until(pilot, lambda: app.focused is table(app))
        assert investigation(app).view.filter == FILTER
