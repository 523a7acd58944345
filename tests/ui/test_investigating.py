"""What an investigator does from record to record, with the keyboard alone: facets, timeline, pivot, surroundings, marks, views."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from textual.pilot import Pilot

from auditui.cli import parser
from auditui.commands.query import options_from
from auditui.demo.corpus import Corpus
from auditui.demo.server import Served, serve
from auditui.demo.site import DemoSite
from auditui.model.fields import FACETS
from auditui.model.fold import fold
from auditui.model.query import Query
from auditui.model.when import Zone
from auditui.ui.app import AudituiApp
from auditui.ui.widgets.facets import Facets
from auditui.ui.widgets.facets_picture import Choice, FacetsPicture
from auditui.ui.widgets.raw_record import RawRecord
from auditui.ui.widgets.timeline import Timeline
from auditui.ui.widgets.timeline_lines import Picture
from tests.test_readme import TOUR
from tests.ui.driving import (
    NOW,
    Open,
    Opened,
    explorer,
    exploring,
    filtered,
    investigation,
    loaded_records,
    options,
    screen_text,
    settled,
    shown,
    table,
    until,
    when_loaded,
)
from tests.ui.gated import Gated

WIDE = (160, 45)


@pytest.fixture
def site() -> DemoSite:
    """2,000 records in pages of 500 at most, an incident among them."""
    return DemoSite(Corpus(2_000, NOW), page_cap=500, remember=1_000)


INCIDENT = Corpus(2_000, NOW).incident


async def all_loaded(opened: Opened) -> Opened:
    app, pilot = await when_loaded(opened)
    await pilot.press("L")
    await until(pilot, lambda: exploring(app).situation.progress.whole and settled(app))
    return opened


def facets(app: AudituiApp) -> FacetsPicture | None:
    return app.screen.query_one(Facets)._picture


def picture(app: AudituiApp) -> Picture | None:
    return app.screen.query_one(Timeline)._picture


def in_the_picture(app: AudituiApp) -> int:
    """How many records the timeline tells of."""
    strip = picture(app)
    return sum(strip.counts) + strip.aside if strip else 0


async def counted(opened: Opened) -> tuple[FacetsPicture, Picture]:
    """Facets and timeline, once they tell of all that is shown."""
    app, pilot = opened

    def done() -> bool:
        pane, strip = facets(app), picture(app)
        count = investigation(app).count
        return bool(
            settled(app) and pane and strip and pane.matched == count == sum(strip.counts) + strip.aside
        )

    await until(pilot, done)
    pane, strip = facets(app), picture(app)
    assert pane
    assert strip
    return pane, strip


def adds_up(pane: FacetsPicture) -> bool:
    return all(
        sum(value.count or 0 for value in facet.values if not value.adds) + facet.other_count == pane.matched
        for facet in pane.facets
    )


# The README's tour


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)], ids=str)
async def test_the_tour_of_the_readme_finds_the_incident(
    open_app: Open, served: Served, size: tuple[int, int]
) -> None:
    assert len(TOUR) < 12
    corpus = Corpus(2_000, NOW)
    async with open_app(options(served.url), size=size) as opened:
        app, pilot = await when_loaded(opened)
        for key in TOUR[:5]:
            await pilot.press(key)
        await filtered(opened, "svc")
        named = [record.created for record in shown(app)]
        assert len(named) == 10
        assert set(named) < {corpus.created(row) for row in INCIDENT}
        for key in TOUR[5:7]:
            await pilot.press(key)
            await pilot.pause()
        await filtered(opened, "ip=")
        assert [record.created for record in shown(app)] == [corpus.created(row) for row in INCIDENT]
        for words in ("User created", "Space exported", "Space trash emptied"):
            assert words in screen_text(app)
        await pilot.press(*TOUR[7:])
        await until(pilot, lambda: "Named beside it" in screen_text(app))
        beside = screen_text(app).split("Named beside it")[1]
        assert "svc-backup-02 (Deactivated)" in " ".join(beside.split())


# Facets


async def one_more_page(site: Gated, app: AudituiApp, pilot: Pilot[Any]) -> None:
    so_far = exploring(app).loaded
    site.let_through_below(so_far)
    await until(pilot, lambda: exploring(app).loaded > so_far)


async def test_facets_and_timeline_add_up_while_pages_are_still_arriving(open_app: Open) -> None:
    site = Gated(Corpus(2_000, NOW), page_cap=500)
    site.let_through(1)
    with serve(site) as served:
        async with open_app(options(served.url, filter="-author:system"), size=WIDE) as (app, pilot):
            await until(pilot, lambda: table(app).loaded > 0)
            seen = set()
            await pilot.press("L")
            while not exploring(app).situation.progress.whole:
                await until(pilot, lambda: facets(app) is not None and picture(app) is not None)
                pane, strip = facets(app), picture(app)
                assert pane
                assert strip
                assert adds_up(pane)
                assert sum(strip.counts) + strip.aside <= investigation(app).count
                seen.add(pane.matched)
                await one_more_page(site, app, pilot)
            pane, strip = await counted((app, pilot))
            assert adds_up(pane)
            assert seen
            records = [record for record in loaded_records(app) if record.author.label != "System"]
            assert pane.matched == len(records)
            for facet, field in zip(pane.facets, FACETS, strict=True):
                counts = Counter(fold(field.values(record)[0]) for record in records)
                assert {fold(value.text): value.count for value in facet.values}.items() <= counts.items()
                assert facet.others == len(counts) - len(facet.values)


async def test_values_are_chosen_excluded_and_cleared(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url), size=WIDE) as opened:
        app, pilot = await all_loaded(opened)
        pane, _ = await counted(opened)
        first, second, third = (value.text for value in pane.facets[0].values[:3])
        await pilot.press("f", "g", "space")
        await filtered(opened, first)
        await counted(opened)
        await pilot.press("j", "space")
        await filtered(opened, first, second)
        pane, _ = await counted(opened)
        authors = {record.author.label for record in shown(app)}
        assert authors == {first, second}
        assert adds_up(pane)
        adding = {value.text: value.count for value in pane.facets[0].values if value.adds}
        assert adding[third] == sum(record.author.label == third for record in loaded_records(app))
        await pilot.press("v")
        await filtered(opened, f"-author={first}" if " " not in first else "-author=")
        assert not {record.author.label for record in shown(app)} & {first, second}
        pane, _ = await counted(opened)
        assert [value.choice for value in pane.facets[0].values if value.text in (first, second)] == [
            Choice.OUT,
            Choice.OUT,
        ]
        await pilot.press("U")
        await until(pilot, lambda: not investigation(app).wanted and settled(app))
        await pilot.press("escape")
        assert app.focused is table(app)


async def test_where_there_is_no_rail_f_opens_the_facets_and_escape_closes_them(
    open_app: Open, served: Served
) -> None:
    async with open_app(options(served.url), size=(80, 24)) as opened:
        app, pilot = await when_loaded(opened)
        pane = app.screen.query_one(Facets)
        assert not pane.display
        await pilot.press("f")
        await until(pilot, lambda: "Category  6" in screen_text(app))
        assert pane.has_focus
        await pilot.press("escape")
        await pilot.pause()
        assert not pane.display
        assert app.focused is table(app)


# The timeline


async def test_a_bar_of_the_timeline_becomes_the_filter(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url)) as opened:
        app, pilot = await all_loaded(opened)
        await until(pilot, lambda: in_the_picture(app) == 2_000)
        await pilot.press("i", "G", "h", "h", "space", "h", "space", "enter")
        await filtered(opened, "after:", "before:")
        strip = picture(app)
        assert strip
        moment = re.findall(r"(?:after|before):\S+", investigation(app).view.filter)
        assert len(moment) == 2
        low, high = (test.at for clause in investigation(app).wanted.clauses for test in clause.tests)  # type: ignore[union-attr]
        assert shown(app) == [
            record
            for record in loaded_records(app)
            if record.created is not None and low <= record.created < high
        ]
        assert shown(app)
        assert app.focused is table(app)


async def test_the_timeline_zooms_in_and_out_and_still_adds_up(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url)) as opened:
        app, pilot = await all_loaded(opened)
        await until(pilot, lambda: picture(app) is not None and bool(picture(app).whole))  # type: ignore[union-attr]
        whole = picture(app)
        await pilot.press("i")
        for _ in range(6):
            before = picture(app)
            await pilot.press("z")
            await until(pilot, lambda before=before: picture(app) is not before)  # type: ignore[misc]
            strip = picture(app)
            assert strip
            assert sum(strip.counts) + strip.aside == 2_000
            assert all(one < other for one, other in pairwise(strip.edges))
        await pilot.press("0")
        await until(pilot, lambda: picture(app) == whole)


# Pivot, surroundings, filter for and out


async def test_pivot_shows_all_of_an_address_and_lifts_what_was_filtered(
    open_app: Open, served: Served
) -> None:
    async with open_app(options(served.url, filter="event:export")) as opened:
        app, pilot = await all_loaded(opened)
        position = next(place for place, record in enumerate(shown(app)) if record.address == "192.0.2.219")
        table(app).move_to(position)
        await pilot.press("p", "i")
        await filtered(opened, "ip=192.0.2.219")
        assert investigation(app).view.filter == "ip=192.0.2.219"
        assert len(shown(app)) == len(INCIDENT)
        assert shown(app, table(app).cursor, 1)[0].event == "Space exported"


async def test_the_cell_under_the_cursor_is_filtered_for_and_out(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url)) as opened:
        app, pilot = await all_loaded(opened)
        await pilot.press("l")
        event = shown(app, 0, 1)[0].event
        await pilot.press("minus")
        await filtered(opened, "-event=")
        assert event not in {record.event for record in shown(app)}
        await pilot.press("plus")
        other = shown(app, table(app).cursor, 1)[0].event
        await filtered(opened, "-event=", " event=")
        assert {record.event for record in shown(app)} == {other}
        await pilot.press("h", "h", "h", "plus")
        await pilot.pause()
        assert "cannot be filtered by its cell" in screen_text(app)


async def test_surroundings_lift_the_filter_and_keep_the_record(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url, filter='event:"admin key"')) as opened:
        app, pilot = await all_loaded(opened)
        position = next(place for place, record in enumerate(shown(app)) if record.address == "192.0.2.219")
        table(app).move_to(position)
        record = shown(app, position, 1)[0]
        asked = exploring(app).query
        await pilot.press("w")
        await filtered(opened, "after:", "before:")
        assert shown(app, table(app).cursor, 1) == [record]
        assert record.created
        around = [
            other
            for other in loaded_records(app)
            if other.created is not None and abs(other.created - record.created) <= 300_000
        ]
        assert len(around) > 2
        assert set(map(id, around)) <= set(map(id, shown(app))) or [o.raw for o in around] == [
            o.raw for o in shown(app)
        ]
        assert exploring(app).query == asked


async def test_surroundings_of_what_a_text_search_found_are_asked_of_the_site(
    open_app: Open, served: Served, site: DemoSite
) -> None:
    async with open_app(options(served.url, query=Query(text="exported"))) as opened:
        app, pilot = await all_loaded(opened)
        position = next(place for place, record in enumerate(shown(app)) if record.address == "192.0.2.219")
        table(app).move_to(position)
        record = shown(app, position, 1)[0]
        before = len(site.requests)
        await pilot.press("w")
        await until(pilot, lambda: exploring(app).query.text == "" and settled(app))
        await until(pilot, lambda: shown(app, table(app).cursor, 1)[0].raw == record.raw)
        assert len({each.author.label for each in shown(app)}) >= 1
        assert len(shown(app)) > 1
        asked = len(site.requests)
        assert asked > before
        await pilot.press("less_than_sign")
        await until(pilot, lambda: exploring(app).query.text == "exported" and settled(app))
        await until(pilot, lambda: shown(app, table(app).cursor, 1)[0].raw == record.raw)
        assert len(site.requests) == asked
        await pilot.press("greater_than_sign")
        await until(pilot, lambda: exploring(app).query.text == "" and settled(app))
        assert len(site.requests) == asked


async def test_days_lead_to_the_newest_record_of_the_day_before_and_after(
    open_app: Open, served: Served
) -> None:
    async with open_app(options(served.url)) as opened:
        app, pilot = await all_loaded(opened)
        zone = exploring(app).zone
        days = [zone.at(record.created or 0).date() for record in shown(app)]
        starts = [row for row, day in enumerate(days) if not row or day != days[row - 1]]
        for row in starts[1:4]:
            await pilot.press("D")
            assert table(app).cursor == row
        await pilot.press("j", "d")
        assert table(app).cursor == starts[2]


# Order, columns, times


async def test_rows_are_sorted_and_it_is_said_that_the_loaded_ones_are(
    open_app: Open, served: Served
) -> None:
    async with open_app(options(served.url)) as opened:
        app, pilot = await when_loaded(opened)
        record = shown(app, 5, 1)[0]
        table(app).move_to(5)
        await pilot.press("O")
        await until(pilot, lambda: "Sort by" in screen_text(app))
        assert "500 loaded records are sorted; L loads the rest" in screen_text(app)
        await pilot.press("2")
        await until(pilot, lambda: investigation(app).view.order.column == "author" and settled(app))
        authors = [record.author.label for record in shown(app)]
        assert authors == sorted(authors, key=lambda name: fold(name).encode())
        assert shown(app, table(app).cursor, 1) == [record]
        await until(pilot, lambda: "by Author, of the 500 loaded" in screen_text(app))
        await pilot.press("L")
        await until(pilot, lambda: exploring(app).situation.progress.whole and settled(app))
        authors = [record.author.label for record in shown(app)]
        assert len(authors) == 2_000
        assert authors == sorted(authors, key=lambda name: fold(name).encode())
        assert shown(app, table(app).cursor, 1)[0].raw == record.raw


async def test_columns_are_chosen_and_kept_for_the_next_run(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url)) as opened:
        app, pilot = await when_loaded(opened)
        await pilot.press("c")
        await until(pilot, lambda: "Columns" in screen_text(app))
        await pilot.press("j", "space", "enter")
        await until(pilot, lambda: "Author  " not in screen_text(app).split("Record")[0])
        await app.workers.wait_for_complete()
    async with open_app(options(served.url)) as opened:
        app, pilot = await when_loaded(opened)
        await until(pilot, lambda: "author" not in [key for key, _ in table(app).columns.shown])
        assert "Event" in screen_text(app)


async def test_t_tells_times_in_other_zones_and_as_ago_and_names_which(
    open_app: Open, served: Served
) -> None:
    async with open_app(options(served.url, zone="Asia/Kathmandu")) as opened:
        app, pilot = await when_loaded(opened)
        assert "times in Asia/Kathmandu" in screen_text(app)
        names = []
        for _ in range(4):
            await pilot.press("t")
            await pilot.pause()
            names.append(screen_text(app).splitlines()[0].split("times ")[1])
            if "ago" in names[-1]:
                assert re.search(r"\d h \d\d m ago|\d m \d\d s ago", screen_text(app))
        assert any(name.startswith("ago, from") for name in names)
        assert "in UTC" in names
        assert "in Asia/Kathmandu" in names


async def test_dates_that_were_typed_mean_the_days_of_the_zone_that_is_shown(
    open_app: Open, served: Served
) -> None:
    async with open_app(options(served.url, zone="Asia/Kathmandu", filter="after:yesterday")) as opened:
        app, pilot = await when_loaded(opened)
        await until(pilot, lambda: settled(app))
        for _ in range(2):
            zone = exploring(app).zone
            start = zone.day_start(zone.today(NOW).subtract(days=1))
            expected = [r.raw for r in loaded_records(app) if r.created is not None and r.created >= start]
            await until(pilot, lambda expected=expected: [r.raw for r in shown(app)] == expected)  # type: ignore[misc]
            await pilot.press("t")
            await until(pilot, lambda: settled(app))


# Marks


async def test_marks_are_counted_and_survive_filter_and_order(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url)) as opened:
        app, pilot = await all_loaded(opened)
        raws = [record.raw for record in shown(app)[:9]]
        await pilot.press("space", "space", "j", "v", "j", "j", "space")
        await until(pilot, lambda: "5 marked" in screen_text(app))
        marked = {raws[0], raws[1], raws[3], raws[4], raws[5]}
        assert "*" in screen_text(app).splitlines()[4][:3]
        await pilot.press("M")
        await until(pilot, lambda: investigation(app).count == 5)
        assert {record.raw for record in shown(app)} == marked
        await pilot.press("O", "2")
        await until(pilot, lambda: investigation(app).view.order.column == "author" and settled(app))
        assert {record.raw for record in shown(app)} == marked
        await pilot.press("M")
        await until(pilot, lambda: investigation(app).count == 2_000 and settled(app))
        await pilot.press("O", "t")
        await until(pilot, lambda: investigation(app).view.order.natural and settled(app))
        await pilot.press("g", "u", "u")
        assert shown(app, table(app).cursor, 1)[0].raw == raws[3]
        await pilot.press("U")
        assert shown(app, table(app).cursor, 1)[0].raw == raws[1]
        await pilot.press("space")
        await until(pilot, lambda: "4 marked" in screen_text(app))


async def test_reading_anew_keeps_the_marks_and_the_record_one_is_at(open_app: Open) -> None:
    site = DemoSite(Corpus(2_000, NOW), page_cap=500, growth_per_request=3)
    with serve(site) as served:
        async with open_app(options(served.url)) as opened:
            app, pilot = await when_loaded(opened)
            await pilot.press("j", "j", "space", "space", "j")
            marked = [record.raw for record in shown(app)[2:4]]
            here = shown(app, table(app).cursor, 1)[0].raw
            before = exploring(app).search
            await pilot.press("r")
            await until(pilot, lambda: exploring(app).search is not before and settled(app))
            await until(pilot, lambda: shown(app, table(app).cursor, 1)[0].raw == here)
            search = exploring(app).search
            assert search
            assert [search.texts([row])[row] for row in sorted(search.marked)] == marked
            assert "2 marked" in screen_text(app)


# The record in other ways


async def test_x_shows_the_record_as_the_site_sent_it(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url)) as opened:
        app, pilot = await when_loaded(opened)
        await pilot.press("x")
        await until(pilot, lambda: '"author": {' in screen_text(app))
        await pilot.press("j")
        other = shown(app, 1, 1)[0]
        await until(pilot, lambda: app.screen.query_one(RawRecord).display)
        await pilot.press("3", "slash", *"creationDate", "enter")
        await until(pilot, lambda: str(other.created) in screen_text(app))
        await pilot.press("escape")
        await pilot.press("x")
        await until(pilot, lambda: "Author  " in screen_text(app).split("Record")[-1])


async def test_related_records_lead_to_the_objects_own_history(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url, filter='event:"space exported" ip:192.0.2.219')) as opened:
        app, pilot = await all_loaded(opened)
        assert len(shown(app)) == 1
        await pilot.press("R")
        await until(pilot, lambda: "Of the same object" in screen_text(app))
        line = next(line for line in screen_text(app).splitlines() if "Space trash emptied" in line)
        letter = re.search(r"│ (\w)  ", line)
        assert letter
        await pilot.press(letter[1])
        await until(pilot, lambda: not investigation(app).wanted and settled(app))
        await until(pilot, lambda: shown(app, table(app).cursor, 1)[0].event == "Space trash emptied")


# Views


async def test_a_view_is_saved_reopened_and_there_in_the_next_run(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url, filter="event:export", sort="-author")) as opened:
        app, pilot = await all_loaded(opened)
        await pilot.press("S")
        await until(pilot, lambda: "Save this view" in screen_text(app))
        await pilot.press("ctrl+u", *"exports", "enter")
        await until(pilot, lambda: "Saved as “exports”" in screen_text(app))
        await app.workers.wait_for_complete()
    async with open_app(options(served.url)) as opened:
        app, pilot = await when_loaded(opened)
        await pilot.press("b")
        await until(pilot, lambda: "exports" in screen_text(app))
        await pilot.press("slash", *"exports", "enter")
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: investigation(app).view.filter == "event:export" and settled(app))
        assert str(investigation(app).view.order) == "-author"


async def test_the_command_opens_the_same_view(open_app: Open, served: Served) -> None:
    text = 'event:"added to group" -author="Ana \\"A\\"" -"\' $HOME"'
    given = options(served.url, query=Query("90d", text="user added"), filter=text, sort="-author")
    async with open_app(given) as opened:
        app, pilot = await when_loaded(opened)
        await pilot.press("C")
        await until(pilot, lambda: "This view, from a shell" in screen_text(app))
        lines = screen_text(app).split("from a shell")[1].split("\n\n")[1]
        words = shlex.split(lines.replace("\\\n", ""))
        assert words[0] == "auditui"
        again = options_from(parser().parse_args(words[1:]), "utc", 1_000)
        view = explorer(app)._investigation.view
        assert (again.query, again.filter, again.order) == (view.query, view.filter, view.order)


async def test_in_another_zone_the_command_and_the_query_line_still_mean_the_same_moments(
    open_app: Open, served: Served
) -> None:
    given = options(served.url, query=Query("2030-03-01", "2030-03-10"), zone="Asia/Kathmandu")
    async with open_app(given) as opened:
        app, pilot = await when_loaded(opened)
        search = exploring(app).search
        assert search
        await pilot.press("t")
        await until(pilot, lambda: exploring(app).zone.name == "UTC")
        assert "2030-02-28T18:15Z → 2030-03-10T18:14:59.999Z" in screen_text(app)
        await pilot.press("C")
        await until(pilot, lambda: "from a shell" in screen_text(app))
        lines = screen_text(app).split("from a shell")[1].split("\n\n")[1]
        words = shlex.split(lines.replace("\\\n", ""))
        given_again = parser().parse_args(words[1:])
        pinned = Query(given_again.since, given_again.until).pinned(NOW, Zone.parse(given_again.tz))
        assert (pinned.start, pinned.end) == (search.pinned.start, search.pinned.end)


async def test_a_start_of_today_may_be_still_to_come_in_another_zone(open_app: Open, served: Served) -> None:
    given = options(served.url, query=Query("2030-03-17T18:00"), zone="Asia/Kathmandu")
    async with open_app(given) as opened:
        app, pilot = await when_loaded(opened)
        await pilot.press("t")
        await until(pilot, lambda: exploring(app).zone.name == "UTC")
        await until(pilot, lambda: "2030-03-17T12:15Z → now" in screen_text(app))
