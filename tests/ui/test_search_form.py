"""The search form and its calendar, as somebody at a keyboard meets them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import pytest
from textual.app import App
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Static

from auditui.model.query import PRESETS, Query
from auditui.model.when import Edge, Zone, parse_when
from auditui.ui.screens.search_form import SearchForm

BERLIN: Final = Zone("Europe/Berlin")


def at(text: str) -> int:
    """A moment in Berlin, in milliseconds since the epoch."""
    return parse_when(text, Edge.SINCE, now=0, zone=BERLIN)


NOW: Final = at("2026-11-16T09:51:51")


class Desk(App[None]):
    """Opens the form and keeps its answers."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[Query | None] = []

    def ask(self, query: Query) -> None:
        """Open the form."""
        self.push_screen(SearchForm(query, BERLIN, lambda: NOW), self.answers.append)

    @property
    def shown(self) -> str:
        """What stands on the screen."""
        return "\n".join(strip.text for strip in self.screen._compositor.render_strips())

    def line(self, words: str) -> str:
        """The first line on the screen with these words."""
        return next((line for line in self.shown.splitlines() if words in line), "")


@asynccontextmanager
async def form(
    query: Query | None = None, *, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Desk, Pilot[None]]]:
    """The form, opened with a query."""
    desk = Desk()
    async with desk.run_test(size=size, notifications=True, tooltips=True) as pilot:
        desk.ask(query or Query("30d"))
        await pilot.pause()
        yield desk, pilot


async def pasted(pilot: Pilot[None], text: str) -> None:
    """Put a text into the focused field, in place of what it holds."""
    await pilot.press("ctrl+u", "ctrl+k")
    pilot.app.post_message(Paste(text))
    await pilot.pause()


# Presets


async def test_each_preset_has_a_key() -> None:
    own = Query("2026-01-01", "2026-02-01", "page", 50)
    async with form(own) as (desk, pilot):
        for number, preset in enumerate(PRESETS, 1):
            assert "(x)" not in desk.shown
            await pilot.press(str(number))
            await pilot.pause()
            assert f"(x) {number} {preset.title}" in desk.shown
            await pilot.press("enter")
            desk.ask(own)
            await pilot.pause()
    assert desk.answers == [Query(preset.since, preset.until, "page", 50) for preset in PRESETS]


async def test_presets_by_arrows_and_space_or_enter() -> None:
    async with form(Query("today")) as (desk, pilot):
        await pilot.press("down", "down", "space")
        await pilot.pause()
        assert "(x) 3 Last 24 hours" in desk.shown
        await pilot.press("up", "enter")
        await pilot.pause()
        assert "(x) 2 Yesterday" in desk.shown
        assert "= 2026-11-15 00:00:00 Europe/Berlin" in desk.shown
        assert "= 2026-11-15 23:59:59 Europe/Berlin" in desk.shown
        assert desk.answers == []
        await pilot.press("enter")
    assert desk.answers == [Query("yesterday", "yesterday")]


async def test_a_date_of_ones_own_leaves_no_preset_chosen() -> None:
    async with form(Query("7d")) as (desk, pilot):
        assert "(x) 4 Last 7 days" in desk.shown
        await pilot.press("tab")
        await pasted(pilot, "8d")
        assert "(x)" not in desk.shown


async def test_digits_in_a_field_are_text() -> None:
    async with form(Query("7d")) as (desk, pilot):
        await pilot.press("tab", "tab", "tab")
        await pasted(pilot, "12")
        await pilot.press("enter")
    assert desk.answers == [Query("7d", "", "12")]


# Typed dates


async def test_typing_alone_makes_a_search() -> None:
    async with form() as (desk, pilot):
        await pilot.press("tab", *"2026-11-01")
        assert "= 2026-11-01 00:00:00 Europe/Berlin" in desk.shown
        await pilot.press("tab", *"24h", "tab", *"mallory q", "tab", *"250", "enter")
    assert desk.answers == [Query("2026-11-01", "24h", "mallory q", 250)]


async def test_a_time_of_day_can_be_given() -> None:
    async with form() as (desk, pilot):
        await pilot.press("tab")
        await pasted(pilot, "2026-11-01T09:30")
        assert "= 2026-11-01 09:30:00 Europe/Berlin" in desk.shown
        await pilot.press("tab")
        await pasted(pilot, "2026-11-02 10:15:20")
        assert "= 2026-11-02 10:15:20 Europe/Berlin" in desk.shown
        await pilot.press("enter")
    assert desk.answers == [Query("2026-11-01T09:30", "2026-11-02 10:15:20")]


async def test_the_meaning_is_live_and_the_zone_is_said() -> None:
    async with form(Query()) as (desk, pilot):
        assert "Dates are read in Europe/Berlin" in desk.shown
        assert "= the oldest record the site keeps" in desk.shown
        assert "= now, when the search begins" in desk.shown
        await pilot.press("tab")
        await pasted(pilot, "90m")
        assert "= 2026-11-16 08:21:51 Europe/Berlin" in desk.shown
        await pilot.press("tab")
        await pasted(pilot, "today")
        assert "= 2026-11-16 23:59:59 Europe/Berlin, so" in desk.shown


async def test_a_span_beyond_the_calendar_is_no_crash() -> None:
    async with form() as (desk, pilot):
        await pilot.press("tab")
        for text in ("999999w", "9999-12-31", "300000w", "0001-01-01"):
            await pasted(pilot, text)
            assert "✗" in desk.shown or "= the oldest record the site keeps" in desk.shown
            await pilot.press("down")
            await pilot.pause()
            await pilot.press("left", "n", "escape")
        assert "0001-01-01" in desk.shown


# Faults


async def test_a_fault_in_a_date_is_said_in_words_and_gets_the_focus() -> None:
    async with form() as (desk, pilot):
        for _ in ("From", "To"):
            await pilot.press("tab")
            faulty = desk.focused
            await pasted(pilot, "2026-02-30")
            assert "✗ " in desk.line("“2026-02-30” is not a date")
            await pilot.press("tab", "tab", "enter")
            await pilot.pause()
            assert desk.focused is faulty
            assert desk.answers == []
            await pasted(pilot, "2026-11-02")
            assert "✗" not in desk.shown


async def test_a_page_size_that_is_none_is_said_and_gets_the_focus() -> None:
    async with form() as (desk, pilot):
        await pilot.press("shift+tab", "shift+tab", "shift+tab")
        faulty = desk.focused
        for text in ("1001", "0", "", "ten", "9" * 5000, "²"):
            await pasted(pilot, text)
            assert "✗ A page holds 1 to 1000 records." in desk.shown
            await pasted(pilot, "1000")
            assert "✗" not in desk.shown
        await pasted(pilot, "-1")
        await pilot.press("shift+tab", "enter")
        await pilot.pause()
        assert desk.focused is faulty
        assert desk.answers == []


async def test_the_first_of_two_faults_gets_the_focus() -> None:
    async with form(Query("nonsense", page_size=5000)) as (desk, pilot):
        assert "✗ “nonsense” is not a date" in desk.shown
        await pilot.press("tab", "tab", "tab", "tab", "tab", "enter")
        await pilot.pause()
        await pasted(pilot, "7d")
        assert "(x) 4 Last 7 days" in desk.shown


async def test_a_range_that_ends_before_it_begins_is_said_while_typing() -> None:
    async with form(Query("2026-11-10")) as (desk, pilot):
        await pilot.press("tab", "tab")
        until = desk.focused
        await pasted(pilot, "2026-11-01")
        assert "✗ The search would begin at" in desk.shown
        await pilot.press("shift+tab", "enter")
        await pilot.pause()
        assert desk.focused is until
        assert desk.answers == []
        await pasted(pilot, "2026-11-11")
        assert "✗" not in desk.shown


async def test_a_start_in_the_future_is_the_fault_of_the_start() -> None:
    async with form(Query("2026-12-01")) as (desk, pilot):
        assert "✗ The search would begin in the" in desk.shown
        await pilot.press("tab")
        since = desk.focused
        await pilot.press("tab", "enter")
        await pilot.pause()
        assert desk.focused is since


# Leaving


async def test_escape_leaves_from_anywhere() -> None:
    async with form() as (desk, pilot):
        for tabs in range(7):
            await pilot.press(*["tab"] * tabs, "escape")
            desk.ask(Query("30d"))
            await pilot.pause()
    assert desk.answers == [None] * 7


async def test_the_buttons() -> None:
    async with form() as (desk, pilot):
        await pilot.click("#form-search")
    assert desk.answers == [Query("30d")]
    async with form() as (desk, pilot):
        await pilot.press(*["tab"] * 6, "ctrl+j")
        await pilot.pause()
    assert desk.answers == [None]


@pytest.mark.parametrize("tabs", [1, 3, 5])
async def test_a_line_feed_is_as_good_as_enter(tabs: int) -> None:
    async with form() as (desk, pilot):
        await pilot.press(*["tab"] * tabs, "ctrl+j")
        await pilot.pause()
    assert desk.answers == [Query("30d")]


# What can be seen


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)])
async def test_everything_can_be_seen_at_once(size: tuple[int, int]) -> None:
    async with form(Query("nonsense", "rubbish"), size=size) as (desk, _):
        words = (
            "From|To|Text|Page size|[Search]|[Cancel]|[calendar]|find the|object's name|esc cancels|down key"
        )
        for word in (*words.split("|"), *(preset.title for preset in PRESETS)):
            assert word in desk.shown, word


async def test_a_small_terminal_scrolls_to_whatever_has_the_focus() -> None:
    async with form(size=(60, 16)) as (desk, pilot):
        assert "esc cancels" in desk.shown
        for words in ("= 2026-10-17", "= now", "object's name", "Records asked for", "[Search]", "[Cancel]"):
            await pilot.press("tab")
            await pilot.pause()
            assert words in desk.shown
        await pilot.press("tab")
        await pilot.pause()
        assert "1 Today" in desk.shown


async def test_brackets_are_shown_as_they_are() -> None:
    async with form(Query("7d", text="[/x] [b]mallory")) as (desk, pilot):
        assert "[/x] [b]mallory" in desk.shown
        await pilot.press("tab")
        await pasted(pilot, "[/x]")
        assert "“[/x]” is not a date" in desk.shown


async def test_nothing_that_a_terminal_obeys_gets_into_a_field() -> None:
    async with form(Query("7d", text="a\x1b[2Jb\u202ec")) as (desk, pilot):
        assert "a [2Jb c" in desk.shown
        assert "\x1b" not in desk.shown
        await pilot.press("tab", "enter")
    assert desk.answers == [Query("7d", text="a [2Jb c")]


# The calendar


async def test_the_calendar_begins_on_the_fields_date_and_writes_the_day() -> None:
    async with form(Query("2026-10-30")) as (desk, pilot):
        await pilot.press("tab", "down")
        await pilot.pause()
        assert "October 2026" in desk.shown
        assert "Friday 2026-10-30" in desk.shown
        await pilot.press("right", "right")
        await pilot.pause()
        assert "November 2026" in desk.shown
        assert "Sunday 2026-11-01" in desk.shown
        await pilot.press("enter")
        await pilot.pause()
        assert "2026-11-01 " in desk.line("From")
        await pilot.press("enter")
    assert desk.answers == [Query("2026-11-01")]


async def test_moving_in_the_calendar() -> None:
    walk = (
        ("right", "Thursday 2024-02-29"),
        ("right", "Friday 2024-03-01"),
        ("left", "Thursday 2024-02-29"),
        ("down", "Thursday 2024-03-07"),
        ("up", "Thursday 2024-02-29"),
        ("n", "Friday 2024-03-29"),
        ("right right", "Sunday 2024-03-31"),
        ("pageup", "Thursday 2024-02-29"),
        ("left pagedown p", "Wednesday 2024-02-28"),
        ("t", "Monday 2026-11-16 · today"),
        ("n n", "Saturday 2027-01-16"),
        ("down down right right", "Monday 2027-02-01"),
        ("l h j k left", "Sunday 2027-01-31"),
        ("n", "Sunday 2027-02-28"),
    )
    async with form(Query("2024-02-28")) as (desk, pilot):
        await pilot.press("tab", "down")
        for keys, day in walk:
            await pilot.press(*keys.split())
            await pilot.pause()
            assert f"{day}  " in desk.shown


@pytest.mark.parametrize("since", ["", "nonsense"])
async def test_the_calendar_begins_today_where_the_field_names_no_day(since: str) -> None:
    async with form(Query(since)) as (desk, pilot):
        await pilot.press("tab", "down")
        await pilot.pause()
        assert "Monday 2026-11-16 · today" in desk.shown


async def test_the_cursors_day_and_today_are_told_apart_without_colour() -> None:
    async with form(Query("2026-11-02")) as (desk, pilot):
        await pilot.press("tab", "down")
        await pilot.pause()
        marked = {
            segment.text.strip(): (bool(segment.style.reverse), bool(segment.style.underline))
            for strip in desk.screen._compositor.render_strips()
            for segment in strip
            if segment.style and segment.text.strip() in ("2", "3", "16")
        }
    assert marked == {"2": (True, False), "3": (False, False), "16": (False, True)}


async def test_escape_in_the_calendar_changes_nothing() -> None:
    async with form(Query("7d", "yesterday")) as (desk, pilot):
        await pilot.press("tab", "tab", "down")
        await pilot.pause()
        assert "Sunday 2026-11-15" in desk.shown
        await pilot.press("left", "escape")
        await pilot.pause()
        assert "yesterday" in desk.line("To ")
        await pilot.press("enter")
    assert desk.answers == [Query("7d", "yesterday")]


async def test_the_calendar_by_mouse() -> None:
    async with form(Query("2026-01-31")) as (desk, pilot):
        await pilot.click("#form-since CalendarDoor")
        await pilot.pause()
        await pilot.click("#calendar-grid", offset=(35, 0))  # n >
        await pilot.pause()
        assert "February 2026" in desk.shown
        assert "Saturday 2026-02-28" in desk.shown
        await pilot.click("#calendar-grid", offset=(19, 0))  # the month's name: nothing
        await pilot.click("#calendar-grid", offset=(5, 3))  # Monday of the second week
        await pilot.pause()
        assert "2026-02-02" in desk.line("From")


async def test_the_calendar_is_small_and_never_jumps() -> None:
    async with form(Query("2026-02-01"), size=(60, 16)) as (desk, pilot):
        await pilot.press("tab", "down")
        await pilot.pause()
        outer = desk.screen.query_one("#calendar").region
        assert (outer.width, outer.height) == (40, 12)
        assert "enter take  p n month  t today  esc" in desk.shown
        await pilot.press("n")
        await pilot.pause()
        assert desk.screen.query_one("#calendar-keys", Static).region.y == outer.bottom - 2


def test_the_forms_import_leaves_the_calendars_library_alone() -> None:
    code = "import sys, auditui.ui.screens.search_form; sys.exit('textual_timepiece' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
