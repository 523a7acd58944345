"""Filtering as one types, over a site on loopback: what is shown is what the plain reading lets through."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from auditui.demo.answers import Answer
from auditui.demo.corpus import Corpus
from auditui.demo.server import Served, serve
from auditui.demo.site import DemoSite
from auditui.model.filter import matches
from auditui.ui.app import AudituiApp
from auditui.ui.widgets.filter_line import FilterLine
from tests.ui.driving import (
    NOW,
    Open,
    Opened,
    exploring,
    filtered,
    investigation,
    loaded_records,
    options,
    screen_text,
    settled,
    shown,
    shown_raws,
    table,
    until,
    when_loaded,
)
from tests.ui.gated import Gated


def passing(app: AudituiApp, text: str) -> list[str]:
    """The texts of the loaded records that a filter lets through, read plainly."""
    wanted = investigation(app).read(text)
    return [record.raw for record in loaded_records(app) if matches(wanted, record)]


async def type_filter(opened: Opened, text: str) -> None:
    app, pilot = opened
    await pilot.press("slash", *(_KEYS.get(character, character) for character in text))
    await until(pilot, lambda: app.screen.query_one(FilterLine).text == text)


_KEYS = {
    " ": "space",
    ":": "colon",
    "-": "minus",
    "=": "equals_sign",
    '"': "quotation_mark",
    "|": "vertical_line",
}


@pytest.mark.parametrize(
    "text",
    [
        "created",
        "author:raghun",
        'event:"added to group" -author:system',
        "has:control",
        "-has:changes admin:no",
    ],
)
async def test_the_rows_are_those_that_pass_and_the_counter_says_of_how_many(
    open_app: Open, served: Served, text: str
) -> None:
    async with open_app(options(served.url)) as opened:
        app, pilot = await when_loaded(opened)
        await type_filter(opened, text)
        await pilot.press("enter")
        await filtered(opened, text)
        assert shown_raws(app) == passing(app, text)
        loaded = exploring(app).loaded
        await until(pilot, lambda: f"filter: {investigation(app).count:,} of " in screen_text(app))
        assert re.search(rf"of (all )?{loaded:,}", screen_text(app))


async def test_each_key_filters_and_escape_gives_back_the_rows_and_the_record(
    open_app: Open, served: Served
) -> None:
    async with open_app(options(served.url)) as opened:
        app, pilot = await when_loaded(opened)
        await pilot.press(*["j"] * 7)
        before, record = shown_raws(app), shown(app, 7, 1)
        await type_filter(opened, "group")
        await filtered(opened, "group")
        assert shown_raws(app) == passing(app, "group")
        await pilot.press("escape")
        await pilot.pause()
        assert shown_raws(app)[: len(before)] == before
        assert table(app).cursor == 7
        assert shown(app, 7, 1) == record
        assert not investigation(app).view.filter
        assert app.focused is table(app)


async def test_the_cursor_stays_on_its_record_where_that_passes(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url)) as opened:
        app, pilot = await when_loaded(opened)
        row = next(
            row for row, record in enumerate(shown(app)) if record.event == "Page archived" and row > 20
        )
        table(app).move_to(row)
        record = shown(app, row, 1)[0]
        await type_filter(opened, "archived")
        await pilot.press("enter")
        await filtered(opened, "archived")
        assert shown(app, table(app).cursor, 1) == [record]


async def test_a_bad_filter_keeps_the_rows_and_points_at_the_place(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url)) as opened:
        app, pilot = await when_loaded(opened)
        await type_filter(opened, "event:created -authr")
        await filtered(opened, "event:created -authr")
        before = shown_raws(app)
        assert before
        await pilot.press("colon", "x")
        await pilot.pause()
        assert shown_raws(app)[: len(before)] == before
        lines = screen_text(app).splitlines()
        typed = next(row for row, line in enumerate(lines) if "authr:x" in line)
        assert lines[typed].index("authr") == lines[typed + 1].index("^^^^^") or (
            lines[typed].index("authr") == lines[typed + 2].index("^^^^^")
        )
        assert "author" in " ".join(lines[typed + 1 : typed + 3])
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen.query_one(FilterLine).is_open


async def test_tab_completes_fields_and_values_that_occur(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url)) as opened:
        app, pilot = await when_loaded(opened)
        await pilot.press("slash", *"autho", "tab")
        line = app.screen.query_one(FilterLine)
        assert line.text == "author:"
        await until(pilot, lambda: bool(investigation(app).rows))
        await app.workers.wait_for_complete()
        await pilot.press(*"raghu")
        await pilot.pause()
        await pilot.press("tab")
        assert line.text == 'author="Priya Raghunathan"'
        await until(pilot, lambda: settled(app) and investigation(app).view.filter == line.text)
        assert {record.author.label for record in shown(app)} == {"Priya Raghunathan"}


async def test_too_few_rows_go_on_loading_and_say_how_far_back(open_app: Open) -> None:
    site = Gated(Corpus(5_000, NOW), page_cap=250)
    site.let_through(1)
    with serve(site) as served:
        async with open_app(options(served.url)) as opened:
            app, pilot = await when_loaded(opened)
            await type_filter(opened, "svc-backup")
            await until(pilot, lambda: site.waiting)
            site.let_through(1)
            await until(pilot, lambda: "in 497 searched, back to 20" in screen_text(app))
            await pilot.press("escape")  # drops the filter
            site.let_through(1)
            await until(pilot, lambda: settled(app))
            loaded = exploring(app).loaded
            assert loaded <= 497 + 247


async def test_escape_stops_the_loading_for_a_filter_and_r_goes_on(open_app: Open) -> None:
    site = Gated(Corpus(5_000, NOW), page_cap=250)
    site.let_through(1)
    with serve(site) as served:
        async with open_app(options(served.url)) as opened:
            app, pilot = await when_loaded(opened)
            await type_filter(opened, "svc-backup")
            await pilot.press("enter")
            await until(pilot, lambda: site.waiting and "esc stops" in screen_text(app))
            await pilot.press("escape")
            await until(pilot, lambda: not exploring(app).loading)
            assert investigation(app).view.filter == "svc-backup"
            assert exploring(app).loaded == 250
            site.let_through(1_000)
            await pilot.press("r")
            await until(pilot, lambda: exploring(app).situation.progress.whole)
            await until(pilot, lambda: settled(app))
            assert shown_raws(app) == passing(app, "svc-backup")
            assert len(shown_raws(app)) >= 10


async def test_nothing_is_loaded_from_before_the_filters_own_beginning(
    open_app: Open, served: Served, site: DemoSite
) -> None:
    async with open_app(options(served.url)) as opened:
        app, pilot = await when_loaded(opened)
        await type_filter(opened, "after:1d nobodysuchword")
        await pilot.press("enter")
        await until(pilot, lambda: settled(app) and investigation(app).exhausted)
        await pilot.pause()
        asked = len(site.requests)
        assert "None of the" in screen_text(app)
        assert exploring(app).loaded < 2_000
        await pilot.press("j", "G")
        await pilot.pause()
        assert len(site.requests) == asked


async def test_pages_that_arrive_pass_through_the_filter(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url)) as opened:
        app, pilot = await when_loaded(opened)
        await type_filter(opened, "-event:group")
        await pilot.press("enter", "L")
        await until(pilot, lambda: exploring(app).situation.progress.whole and settled(app))
        assert shown_raws(app) == passing(app, "-event:group")
        assert f"{len(shown_raws(app)):,} of all 5,000" in screen_text(app)


async def test_n_steps_through_what_the_dropped_filter_lets_through(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url)) as opened:
        app, pilot = await when_loaded(opened)
        await type_filter(opened, "archived")
        await filtered(opened, "archived")
        await pilot.press("escape")
        rows = [row for row, record in enumerate(shown(app)[:250]) if "archived" in record.event.casefold()]
        for row in rows[:3]:
            await pilot.press("n")
            await until(pilot, lambda row=row: table(app).cursor == row)  # type: ignore[misc]
        await pilot.press("N")
        await until(pilot, lambda: table(app).cursor == rows[1])


async def test_escape_lifts_the_filter_and_back_brings_it_again(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url)) as opened:
        app, pilot = await when_loaded(opened)
        await type_filter(opened, "created")
        await pilot.press("enter")
        await filtered(opened, "created")
        await pilot.press("escape")
        await until(pilot, lambda: not investigation(app).wanted)
        await pilot.press("less_than_sign")
        await filtered(opened, "created")
        assert shown_raws(app) == passing(app, "created")


async def test_a_filter_from_the_command_line_is_there_from_the_first_row_on(
    open_app: Open, served: Served
) -> None:
    given = options(served.url, filter="author:system", sort="event")
    async with open_app(given) as opened:
        app, pilot = opened
        await until(pilot, lambda: investigation(app).count > 0 and settled(app))
        assert {record.author.label for record in shown(app)} == {"System"}
        events = [record.event for record in shown(app)]
        assert events == sorted(events, key=str.casefold)
        assert "author:system" in screen_text(app)


class Hostile(DemoSite):
    """A site in which somebody chose names to trouble a terminal."""

    def answer(self, method: str, target: str, headers: Mapping[str, str]) -> Answer:
        answer = super().answer(method, target, headers)
        body = answer.body.replace(
            b'"Priya Raghunathan"', b'"[@click=app.quit]x[/] \\u001b]0;PWN\\u0007\\u202e"'
        )
        return Answer(answer.status, answer.headers, body)


async def test_what_somebody_named_themselves_reaches_no_pane_raw(open_app: Open) -> None:
    with serve(Hostile(Corpus(2_000, NOW), page_cap=500)) as served:
        async with open_app(options(served.url), size=(160, 45)) as opened:
            app, pilot = await when_loaded(opened)
            row = next(row for row, record in enumerate(shown(app)) if "PWN" in record.author.label)
            table(app).move_to(row)
            for keys in (
                ["plus"],
                ["p", "escape"],
                ["f", "j", "space"],
                ["2", "b", "escape"],
                ["C", "escape"],
                ["R", "escape"],
                ["x"],
            ):
                await pilot.press(*keys)
                await until(pilot, lambda: settled(app))
                await app.workers.wait_for_complete() if keys[-1] != "p" else None
                assert not re.search(
                    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", screen_text(app)
                )
            assert "\\u001b]0;PWN" in screen_text(app)
