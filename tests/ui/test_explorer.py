"""The explorer against a real HTTP server on loopback: loading, reading, failing, and never a record twice."""

from __future__ import annotations

import re

import pytest

from auditui.demo.corpus import Corpus
from auditui.demo.server import Served, serve
from auditui.demo.site import DemoSite
from auditui.model.query import Query
from auditui.ui.screens.explorer import ExplorerScreen
from tests.ui.driving import (
    NOW,
    Open,
    exploring,
    options,
    pages_asked,
    screen_text,
    shown,
    shown_raws,
    table,
    until,
)
from tests.ui.gated import Gated


async def test_records_are_there_at_once_and_the_counter_does_not_claim_all(
    open_app: Open, served: Served
) -> None:
    async with open_app(options(served.url)) as (app, pilot):
        await until(pilot, lambda: "250 loaded · more below" in screen_text(app))
        first = Corpus(5_000, NOW).record(0)
        assert first["summary"] in screen_text(app)
        assert first["author"]["displayName"] in screen_text(app)
        assert "all" not in screen_text(app).splitlines()[-2]


async def test_pages_are_asked_for_only_as_the_cursor_nears_the_end(
    open_app: Open, served: Served, site: DemoSite
) -> None:
    async with open_app(options(served.url)) as (app, pilot):
        await until(pilot, lambda: exploring(app).loaded == 250)
        await pilot.press(*["pagedown"] * 5)
        await pilot.pause()
        assert len(pages_asked(site)) == 1
        while table(app).cursor < 230:
            await pilot.press("pagedown")
        await until(pilot, lambda: exploring(app).loaded > 250)
        assert len(pages_asked(site)) == 2


async def test_every_record_is_reached_and_shown_once_with_gets_and_a_pinned_end(
    open_app: Open, served: Served, site: DemoSite
) -> None:
    async with open_app(options(served.url)) as (app, pilot):
        await until(pilot, lambda: exploring(app).loaded > 0)
        await pilot.press("L")
        await until(pilot, lambda: "all 5,000 loaded" in screen_text(app))
        raws = shown_raws(app)
        assert len(raws) == len(set(raws)) == 5_000
        await pilot.press("G")
        await pilot.pause()
        assert "end of the answer: 5,000 records" in screen_text(app)
        last = Corpus(5_000, NOW).record(4_999)
        assert last["summary"] in screen_text(app).split("Record")[0]
    assert {asked.method for asked in site.requests} == {"GET"}
    assert {asked.params["endDate"] for asked in pages_asked(site)} == {str(NOW)}
    assert {asked.params["startDate"] for asked in pages_asked(site)} == {"0"}


@pytest.mark.parametrize("late", [0, 2])
@pytest.mark.parametrize("short_pages", [False, True])
async def test_nothing_is_lost_or_doubled_while_the_log_grows(
    open_app: Open, late: int, short_pages: bool
) -> None:
    site = DemoSite(
        Corpus(2_000, NOW), page_cap=250, growth_per_request=3, late_per_request=late, short_pages=short_pages
    )
    with serve(site) as served:
        async with open_app(options(served.url)) as (app, pilot):
            await until(pilot, lambda: exploring(app).loaded > 0)
            await pilot.press("L")
            await until(pilot, lambda: exploring(app).situation.progress.whole)
            raws = shown_raws(app)
            assert len(raws) == len(set(raws)) == 2_000
            assert ("arrived late above" in screen_text(app)) == bool(late)


async def test_the_record_under_the_cursor_is_shown_whole(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url)) as (app, pilot):
        await until(pilot, lambda: exploring(app).loaded > 0)
        await pilot.press("j", "j", "enter")
        record = shown(app, 2, 1)[0]
        await until(
            pilot, lambda: record.author.account_id in screen_text(app) or not record.author.account_id
        )
        assert record.event in screen_text(app).split("─Record")[1]
        await pilot.press("escape")
        assert table(app).has_focus


async def test_a_narrow_terminal_reads_a_record_on_the_whole_screen(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url), size=(80, 24)) as (app, pilot):
        await until(pilot, lambda: exploring(app).loaded > 0)
        assert "Record" not in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: "Category" in screen_text(app))
        assert not table(app).display
        await pilot.press("q")
        assert table(app).display


async def test_resizing_keeps_the_cursors_record(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url)) as (app, pilot):
        await until(pilot, lambda: table(app).loaded > 0)
        row = 100
        table(app).move_to(
            row
        )  # from above: it stands on the last line, which a smaller terminal does not have
        for size in ((160, 45), (60, 16), (40, 10), (80, 24), (120, 36)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert table(app).cursor == row
            marked = [
                line for line in screen_text(app).splitlines() if re.search(r">   (20)?\d\d-\d\d", line)
            ]
            if size >= (60, 16):
                assert len(marked) == 1
                assert shown(app, row, 1)[0].event in marked[0]


async def test_a_terminal_that_is_too_small_says_what_is_needed(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url), size=(50, 12)) as (app, pilot):
        await pilot.pause()
        assert "auditui needs 60x16; this is 50x12" in screen_text(app)


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("member@example.com", "administrator"),
        ("free@example.com", "Free"),
        ("outside@example.com", "Confluence"),
        ("blocked@example.com", "address"),
        ("portal@example.com", "not Confluence"),
        ("garbled@example.com", "not JSON"),
        ("sso@example.com", "sign"),
    ],
)
async def test_a_refusal_says_what_happened_and_r_tries_again(
    open_app: Open, served: Served, site: DemoSite, email: str, words: str
) -> None:
    async with open_app(options(served.url, email=email)) as (app, pilot):
        await until(pilot, lambda: exploring(app).error is not None)
        await pilot.pause()
        text = re.sub(r"\s+", " ", screen_text(app))
        assert words in text
        assert "r tries again" in text
        before = len(site.requests)
        await pilot.press("r")
        await until(pilot, lambda: len(site.requests) > before)


async def test_a_failure_on_the_way_keeps_the_rows_and_r_goes_on(open_app: Open) -> None:
    site = DemoSite(Corpus(2_000, NOW), page_cap=250, remember=100)
    with serve(site) as served:
        port = served.port
        opening = open_app(options(served.url))
        app, pilot = await opening.__aenter__()
        await until(pilot, lambda: exploring(app).loaded == 250)
    await pilot.press("L")
    await until(pilot, lambda: exploring(app).error is not None)
    await pilot.pause()
    assert exploring(app).loaded == 250
    assert "refused the connection" in screen_text(app)
    with serve(site, port):
        await pilot.press("r")
        await until(pilot, lambda: exploring(app).loaded > 250)
        await pilot.press("L")
        await until(pilot, lambda: "all 2,000 loaded" in screen_text(app))
        assert len(set(shown_raws(app))) == 2_000
        await opening.__aexit__(None, None, None)


async def test_reading_anew_takes_no_rows_away_before_the_new_ones_are_there(open_app: Open) -> None:
    site = DemoSite(Corpus(300, NOW))
    with serve(site) as served:
        port = served.port
        opening = open_app(options(served.url))
        app, pilot = await opening.__aenter__()
        await until(pilot, lambda: "all 300 loaded" in screen_text(app))
    await pilot.press("r")
    await until(pilot, lambda: "r tries again" in screen_text(app))
    assert "refused the connection." in screen_text(app)
    assert exploring(app).loaded == 300
    assert Corpus(300, NOW).record(0)["summary"] in screen_text(app)
    with serve(DemoSite(Corpus(310, NOW)), port):
        await pilot.press("r")
        await until(pilot, lambda: "all 310 loaded" in screen_text(app))
        assert len(set(shown_raws(app))) == 310
        await opening.__aexit__(None, None, None)


async def test_escape_cancels_the_loading_and_keeps_what_came(open_app: Open) -> None:
    site = Gated(Corpus(5_000, NOW), page_cap=250)
    kept = 250 + 2 * 247
    site.let_through_below(kept - 247)
    with serve(site) as served:
        async with open_app(options(served.url)) as (app, pilot):
            await until(pilot, lambda: exploring(app).loaded > 0)
            await pilot.press("L")
            await until(pilot, lambda: site.waiting and exploring(app).loaded == kept)
            await until(pilot, lambda: "Loading the rest (esc cancels)" in screen_text(app))
            await pilot.press("escape")
            await until(pilot, lambda: not exploring(app).loading)
            assert exploring(app).loaded == kept
            await until(pilot, lambda: f"{kept} loaded · more below" in screen_text(app))
            site.let_through(1_000)
            await pilot.press("L")
            await until(pilot, lambda: exploring(app).situation.progress.whole)
            assert len(set(shown_raws(app))) == 5_000


async def test_a_search_that_finds_nothing_says_so_and_how_to_go_on(open_app: Open, served: Served) -> None:
    query = Query(text="nobodysuchword [/x]")
    async with open_app(options(served.url, query=query)) as (app, pilot):
        await until(pilot, lambda: exploring(app).situation.progress.whole)
        await pilot.pause()
        assert "No records: Everything kept, “nobodysuchword [/x]”." in screen_text(app)
        assert "affected object's name" in screen_text(app)


async def test_r_after_success_reads_again_with_a_new_end(
    open_app: Open, served: Served, site: DemoSite
) -> None:
    async with open_app(options(served.url)) as (app, pilot):
        await until(pilot, lambda: exploring(app).loaded > 0)
        await pilot.press("r")
        await until(pilot, lambda: len(pages_asked(site)) == 2)
        assert pages_asked(site)[1].params["start"] == "0"


async def test_help_lists_every_key_that_works_here(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url)) as (app, pilot):
        await until(pilot, lambda: exploring(app).loaded > 0)
        await pilot.press("question_mark")
        await pilot.pause()
        await pilot.press(*"everything")
        await pilot.pause()
        assert "Load everything the search finds" in screen_text(app)
        assert "Next record" not in screen_text(app)
        await pilot.press("escape")
        assert isinstance(app.screen, ExplorerScreen)
