"""The timeline tells the truth about the counts it is given, and is moved, brushed and zoomed by keys alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import on
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.pilot import Pilot
from textual.strip import Strip

from auditui.model.buckets import SCALES, edges
from auditui.model.when import Edge, Zone, parse_when
from auditui.ui.glyphs import plain_glyphs
from auditui.ui.keymap import key
from auditui.ui.themes import FEW_COLOURS
from auditui.ui.widgets.timeline import Picture, Timeline
from auditui.ui.widgets.timeline_lines import Scene, draw

UTC = Zone("UTC")
HOUR = 3_600_000


def at(text: str) -> int:
    return parse_when(text, Edge.SINCE, now=0, zone=UTC)


def picture(since: str, *counts: int, title: str = "1 h", **more: Any) -> Picture:
    """Counts from a moment on; all loaded, unless said otherwise."""
    scale = next(scale for scale in SCALES if scale.title == title)
    start = at(since)
    found = edges(start, start + (len(counts) + 1) * 2 * scale.width, scale, UTC)[: len(counts) + 1]
    return Picture(found, counts, title, UTC, **{"loaded_from": found[0], "whole": True} | more)


DAY = picture("2026-11-03", *range(24))


class Watched(Timeline):
    """Remembers what was painted."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.painted: list[int] = []

    def render_line(self, y: int) -> Strip:
        self.painted.append(y)
        return super().render_line(y)


class Host(App[None]):
    """Shows a timeline of a height, and something else to focus."""

    CSS = "Timeline { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [key("host.close", "escape", "close", "Close", "Close")]

    def __init__(self) -> None:
        super().__init__()
        self.timeline = Watched()
        self.closed = 0
        self.messages: list[Message] = []

    def compose(self) -> ComposeResult:
        yield self.timeline

    def action_close(self) -> None:
        self.closed += 1

    @on(Timeline.Resized)
    @on(Timeline.Applied)
    @on(Timeline.SpanWanted)
    @on(Timeline.WholeWanted)
    def keep(self, message: Message) -> None:
        self.messages.append(message)


@dataclass
class Seen:
    """A timeline in front of somebody."""

    app: Host
    pilot: Pilot[None]

    @property
    def timeline(self) -> Watched:
        return self.app.timeline

    @property
    def lines(self) -> list[str]:
        return [Timeline.render_line(self.timeline, y).text for y in range(self.timeline.size.height)]

    @property
    def axis(self) -> str:
        return self.lines[-1]

    def told(self, kind: type[Message]) -> list[Any]:
        return [message for message in self.app.messages if type(message) is kind]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()


@asynccontextmanager
async def seeing(
    shown: Picture | None, *, width: int = 80, height: int = 2, focused: bool = True
) -> AsyncIterator[Seen]:
    app = Host()
    async with app.run_test(size=(width, height), notifications=True, tooltips=True) as pilot:
        app.timeline.show(shown)
        app.screen.set_focus(app.timeline if focused else None)
        await pilot.pause()
        yield Seen(app, pilot)


def drawn(shown: Picture, width: int = 80, height: int = 2, *, ascii: bool = False, **more: Any) -> list[str]:
    """The lines as nobody's hand is on them."""
    scene = Scene(shown, width, height, **{"cursor": None, "brush": None, "mark": None} | more)
    lines = ["".join(sign for sign, _role in line) for line in draw(scene)]
    return [plain_glyphs(line) if ascii else line for line in lines]


# What is drawn


def test_a_single_row_is_a_sparkline_of_the_whole_width() -> None:
    assert drawn(picture("2026-11-03", 0, 1, 2, 3, 4, 5, 6, 7, 8), width=18, height=1) == [
        "  ▁▁▂▂▃▃▄▄▅▅▆▆▇▇██"
    ]


def test_where_there_is_no_axis_no_caret_hides_a_bar() -> None:
    assert drawn(DAY, height=1, mark=at("2026-11-03T20:00")) == drawn(DAY, height=1)


def test_several_rows_are_bars_over_an_axis() -> None:
    assert drawn(picture("2026-11-03", 0, 1, 8, 12, 16), width=10, height=3)[:2] == [
        "      ▄▄██",
        "  ▁▁██████",
    ]


@pytest.mark.parametrize("height", [1, 2, 3, 8])
@pytest.mark.parametrize("ascii", [False, True])
def test_one_record_beside_very_many_is_seen(height: int, ascii: bool) -> None:
    lines = drawn(picture("2026-11-03", 1, 0, 10**9), width=3, height=height, ascii=ascii)
    baseline = lines[0] if height == 1 else lines[-2]
    assert baseline[0] != " " == baseline[1]


def test_buckets_share_the_width_evenly() -> None:
    line = drawn(picture("2026-11-03", *(1, 2) * 12), width=80, height=1)[0]
    widths = [len(run) for run in line.replace("█▄", "█ ▄").replace("▄█", "▄ █").split()]
    assert len(widths) == 24
    assert sum(widths) == 80
    assert set(widths) == {3, 4}


def test_more_buckets_than_cells_hide_no_record() -> None:
    counts = [0] * 200
    counts[77] = 1
    assert drawn(picture("2026-11-03", *counts), width=80, height=1)[0].strip() == "█"


def test_nothing_is_drawn_of_nothing() -> None:
    assert drawn(Picture((), (), "1 h", UTC, None, whole=True)) == []


def test_the_axis_names_the_left_edge_the_ticks_the_width_of_a_bar_and_the_highest_count() -> None:
    axis = drawn(picture("2026-11-03", *range(24)))[1]
    assert axis.split() == "2026-11-03 06:00 09:00 12:00 15:00 1 h a bar peak 23".split()
    assert axis.index("06:00") == 20
    assert axis.index("12:00") == 40


def test_a_tick_has_the_date_where_the_day_changes_and_the_year_where_that_does() -> None:
    hours = drawn(picture("2026-11-03T12:00", *[1] * 48), width=160)[1]
    assert hours.split()[:6] == "2026-11-03 12:00 18:00 21:00 11-04 03:00".split()
    weeks = drawn(picture("2026-11-02", *[1] * 26, title="1 week"), width=160)[1]
    assert weeks.split()[:5] == "2026-11-02 12-01 2027-01-01 02-01 03-01".split()


def test_a_time_whose_date_found_no_room_has_it_itself() -> None:
    # Midnight is hidden by the left edge's own date.
    axis = drawn(picture("2026-11-03T22:00", *[1] * 72))[1]
    assert axis.startswith("2026-11-03 22:00")
    assert "11-04 12:00" in drawn(picture("2026-11-03T22:00", *[1] * 72), width=120)[1]


@pytest.mark.parametrize("ascii", [False, True])
def test_what_is_not_loaded_is_drawn_and_explained(ascii: bool) -> None:
    sign = "~" if ascii else "░"
    shown = replace(DAY, whole=False, loaded_from=at("2026-11-03T12:00"), counts=(0,) * 12 + (1, 0) * 6)
    bars, axis = drawn(shown, ascii=ascii)
    assert bars[:40] == sign * 40
    assert sign not in bars[40:]
    assert " " in bars[40:]
    assert f"{sign} not loaded" in axis
    assert "not loaded" not in drawn(replace(shown, whole=True))[1]


def test_above_a_bar_that_may_still_grow_it_says_so() -> None:
    shown = picture("2026-11-03", 0, 4, 8, whole=False, loaded_from=at("2026-11-03T01:30"))
    assert drawn(shown, width=3, height=3)[:2] == ["░░█", "░██"]


def test_before_anything_is_loaded_all_of_it_is_not() -> None:
    shown = replace(DAY, whole=False, loaded_from=None, counts=(0,) * 24)
    assert drawn(shown, height=1) == ["░" * 80]


def test_counts_of_a_filter_and_what_has_no_place_are_said_to_be_that() -> None:
    axis = drawn(replace(DAY, filtered=True, aside=1_234))[1]
    assert "filtered" in axis
    assert "1,234 not in view" in axis
    nothing = replace(DAY, counts=(0,) * 24)
    assert "no records" in drawn(nothing)[1]
    assert "no matches" in drawn(replace(nothing, filtered=True))[1]


def test_the_legend_gives_way_and_what_is_not_loaded_is_the_last_to_go() -> None:
    shown = replace(DAY, whole=False, loaded_from=None, filtered=True, aside=7)
    legends = [drawn(shown, width=width)[1][10:] for width in range(90, 24, -1)]
    assert all("░ not loaded" in legend for legend in legends)
    assert "7 not in view" in legends[0]
    assert not any(word in legends[-1] for word in ("view", "peak", "filtered"))


def test_the_record_of_the_table_has_a_caret_and_no_text_is_in_its_way() -> None:
    for hour in range(24):
        axis = drawn(DAY, mark=at("2026-11-03") + hour * HOUR)[1]
        assert axis.count("^") == 1
        assert axis.index("^") * 24 // 80 == hour
        assert "2026-11-03" in axis
        assert "1 h a bar  peak 23" in axis


@pytest.mark.parametrize("moment", ["2026-11-02T23:59", "2026-11-04"])
def test_a_record_outside_the_picture_has_no_caret(moment: str) -> None:
    assert "^" not in drawn(DAY, mark=at(moment))[1]


@given(
    counts=st.lists(st.integers(0, 10**7), min_size=1, max_size=200),
    width=st.integers(1, 200),
    height=st.integers(1, 6),
    title=st.sampled_from([scale.title for scale in SCALES]),
    data=st.data(),
)
def test_any_picture_fills_its_lines_in_ascii_where_asked(
    counts: list[int], width: int, height: int, title: str, data: st.DataObject
) -> None:
    counts = counts[:5] if "00 years" in title else counts
    bucket = st.integers(0, len(counts) - 1)
    brush = data.draw(st.none() | st.tuples(bucket, bucket).map(lambda ends: (min(ends), max(ends) + 1)))
    shown = picture("2026-11-03", *counts, title=title, whole=data.draw(st.booleans()), loaded_from=None)
    cursor = data.draw(st.none() | bucket)
    lines = drawn(shown, width, height, ascii=True, cursor=cursor, brush=brush, mark=shown.edges[0])
    assert [len(line) for line in lines] == [width] * height
    assert all(line.isascii() and line.isprintable() for line in lines)


# Keys


async def test_the_newest_bucket_is_told_first_and_every_bucket_can_be_reached() -> None:
    async with seeing(DAY) as seen:
        assert "11-03 23:00 +1 h: 23 records" in seen.axis
        await seen.press("h")
        assert "11-03 22:00 +1 h: 22 records" in seen.axis
        await seen.press("pageup", "left")
        assert "11-03 11:00 +1 h: 11 records" in seen.axis
        await seen.press("g")
        assert "11-03 00:00 +1 h: 0 records" in seen.axis
        await seen.press("h", "l")
        assert "11-03 01:00 +1 h: 1 record " in seen.axis + " "
        await seen.press("pagedown", "right", "home", "end")
        assert "11-03 23:00" in seen.axis


async def test_the_cursor_begins_at_the_tables_record() -> None:
    async with seeing(DAY) as seen:
        seen.timeline.mark(at("2026-11-03T05:30"))
        assert "11-03 05:00 +1 h: 5 records" in seen.axis
        await seen.press("l")
        seen.timeline.mark(at("2026-11-03T20:00"))
        assert "11-03 06:00" in seen.axis


async def test_the_caret_stands_under_the_cursor_while_the_timeline_has_the_focus() -> None:
    async with seeing(DAY, focused=False) as seen:
        seen.timeline.mark(at("2026-11-03T20:00"))
        assert seen.axis.index("^") == 67
        assert "records" not in seen.axis
        seen.app.screen.set_focus(seen.timeline)
        await seen.press("g")
        assert seen.axis.index("^") == 2
        assert seen.axis.count("^") == 1


async def test_enter_applies_the_cursors_bucket() -> None:
    async with seeing(DAY) as seen:
        await seen.press("h", "enter")
        assert seen.told(Timeline.Applied) == [
            Timeline.Applied(at("2026-11-03T22:00"), at("2026-11-03T23:00"))
        ]


@pytest.mark.parametrize(
    ("keys", "begin", "end", "total"),
    [
        ("hh", "11:00", "14:00", 11 + 12 + 13),
        ("ll", "13:00", "16:00", 13 + 14 + 15),
        ("hhll", "13:00", "14:00", 13),
    ],
)
async def test_space_begins_a_range_that_follows_the_cursor_to_either_side(
    keys: str, begin: str, end: str, total: int
) -> None:
    async with seeing(DAY) as seen:
        await seen.press("pageup", "space", *keys)
        assert f": {total} records" in seen.axis
        assert seen.timeline.span == (at(f"2026-11-03T{begin}"), at(f"2026-11-03T{end}"))
        assert total == 13 or f"11-03 {begin} to {end}: " in seen.axis


async def test_the_second_space_fixes_the_range_and_the_third_begins_another() -> None:
    async with seeing(DAY) as seen:
        await seen.press("h", "space", "h", "space", "h", "h", "enter")
        assert seen.told(Timeline.Applied) == [
            Timeline.Applied(at("2026-11-03T21:00"), at("2026-11-03T23:00"))
        ]
        await seen.press("space")
        assert "11-03 19:00 +1 h: 19 records" in seen.axis


async def test_the_ends_of_a_range_are_signs_on_the_axis() -> None:
    async with seeing(picture("2026-11-03", *[5] * 40)) as seen:
        await seen.press("pageup", "space", "h", "h")
        assert seen.axis[52:62] == " [ ^    ] "[:10]
        assert "[" not in seen.axis[:52] + seen.axis[62:]


async def test_escape_drops_the_range_and_then_means_what_it_means_around_it() -> None:
    async with seeing(DAY) as seen:
        await seen.press("space", "h", "escape")
        assert "[" not in seen.axis
        assert seen.app.closed == 0
        await seen.press("h")
        assert "11-03 21:00 +1 h: 21 records" in seen.axis
        await seen.press("escape")
        assert seen.app.closed == 1


async def test_whole_days_are_told_without_hours() -> None:
    async with seeing(picture("2026-12-28", *[2] * 8, title="1 day", filtered=True)) as seen:
        await seen.press("space", "h", "h")
        assert "2027-01-02 to 2027-01-04: 6 matches" in seen.axis


async def test_a_range_over_midnight_names_both_days() -> None:
    async with seeing(picture("2026-11-03T20:00", *[2] * 8)) as seen:
        await seen.press("g", "l", "space", "pagedown", "h")
        assert "11-03 21:00 to 11-04 03:00: 12 records" in seen.axis
        assert "2026" not in seen.axis  # for which there is then no room


@pytest.mark.parametrize(
    ("keys", "count", "told"),
    [
        ("g", 3, "11-03 00:00 +1 h: not loaded"),
        ("gl", 3, "11-03 01:00 +1 h: 3 records so far"),
        ("gl", 0, "11-03 01:00 +1 h: 0 records so far"),
        ("G", 3, "11-03 02:00 +1 h: 0 records"),
    ],
)
async def test_a_bucket_that_is_not_all_loaded_is_told_to_be_that(keys: str, count: int, told: str) -> None:
    shown = picture("2026-11-03", 0, count, 0, whole=False, loaded_from=at("2026-11-03T01:30"))
    async with seeing(shown, width=120) as seen:
        await seen.press(*keys)
        assert f"{told}  " in seen.axis


async def test_zooming_in_asks_for_a_quarter_around_the_cursor() -> None:
    async with seeing(DAY) as seen:
        await seen.press("pageup", "z", "end", "z", "home", "z")
        assert seen.told(Timeline.SpanWanted) == [
            Timeline.SpanWanted(at("2026-11-03T10:30"), at("2026-11-03T16:30")),
            Timeline.SpanWanted(at("2026-11-03T18:00"), at("2026-11-04")),
            Timeline.SpanWanted(at("2026-11-03"), at("2026-11-03T06:00")),
        ]


async def test_zooming_in_on_a_range_asks_for_that_and_keeps_it_for_enter() -> None:
    async with seeing(DAY) as seen:
        await seen.press("space", "h", "h", "z")
        assert seen.told(Timeline.SpanWanted) == [
            Timeline.SpanWanted(at("2026-11-03T21:00"), at("2026-11-04"))
        ]
        await seen.press("enter")
        assert seen.told(Timeline.Applied) == [Timeline.Applied(at("2026-11-03T21:00"), at("2026-11-04"))]


async def test_zooming_out_asks_for_four_times_as_much_around_what_is_shown() -> None:
    async with seeing(DAY) as seen:
        await seen.press("pageup", "Z")
        (wanted,) = seen.told(Timeline.SpanWanted)
        assert wanted.end - wanted.start == 96 * HOUR
        assert wanted.start <= DAY.edges[0] < DAY.edges[-1] <= wanted.end


async def test_zero_asks_for_the_whole() -> None:
    async with seeing(DAY) as seen:
        await seen.press("0")
        assert len(seen.told(Timeline.WholeWanted)) == 1


async def test_no_key_harms_where_there_is_no_picture() -> None:
    for shown in (None, Picture((), (), "1 h", UTC, None, whole=True)):
        async with seeing(shown) as seen:
            await seen.press(*"hlgG zZ", "pageup", "pagedown", "space", "h", "enter", "escape")
            assert not seen.told(Timeline.Applied) + seen.told(Timeline.SpanWanted)
            assert "".join(seen.lines).strip() == ""
            assert seen.app.closed == 1


async def test_at_the_finest_there_is_nothing_to_zoom_into() -> None:
    async with seeing(picture("2026-11-03", 4, title="1 s")) as seen:
        await seen.press("z")
        assert not seen.told(Timeline.SpanWanted)


async def test_on_a_narrow_screen_at_least_the_number_is_told() -> None:
    async with seeing(picture("2026-11-03T20:00", *[2] * 8), width=40) as seen:
        await seen.press("pageup", "l", "l")
        assert "11-03 22:00: 2" in seen.axis
        await seen.press("space", "l", "l", "l")
        assert seen.axis.endswith("11-03 22:00 to 11-04 02:00: 8")


# Other pictures


async def test_cursor_and_range_stay_on_their_moments_when_another_picture_comes() -> None:
    async with seeing(DAY) as seen:
        await seen.press("g", *"lllll", "space", "l", "space", "h")
        seen.timeline.show(picture("2026-11-03T04:00", *[1] * 40, title="5 min"))
        assert seen.timeline.span == (at("2026-11-03T05:00"), at("2026-11-03T07:00"))
        await seen.press("escape")
        assert "11-03 05:30 +5 min" in seen.axis
        seen.timeline.show(DAY)
        assert "11-03 05:00 +1 h: 5 records" in seen.axis


async def test_a_range_that_is_out_of_view_is_dropped() -> None:
    async with seeing(DAY) as seen:
        await seen.press("space")
        seen.timeline.show(picture("2026-11-05", 1, 2, 3))
        await seen.press("enter", "escape")
        assert seen.told(Timeline.Applied) == [Timeline.Applied(at("2026-11-05"), at("2026-11-05T01:00"))]
        assert seen.app.closed == 1


async def test_it_says_how_many_buckets_it_wants_whenever_that_changes() -> None:
    async with seeing(DAY, width=80) as seen:
        await seen.pilot.resize_terminal(120, 2)
        await seen.pilot.resize_terminal(120, 3)
        await seen.pilot.pause()
        assert [message.buckets for message in seen.told(Timeline.Resized)] == [78, 118]
        assert seen.timeline.buckets_wanted == 118
        assert len(seen.lines) == 3
        assert {len(line) for line in seen.lines} == {120}


# What is painted


async def test_nothing_is_painted_when_nothing_changed() -> None:
    async with seeing(DAY, height=4) as seen:
        seen.timeline.mark(at("2026-11-03T05:00"))
        await seen.press("l")
        assert seen.timeline.painted
        seen.timeline.painted.clear()
        seen.timeline.show(replace(DAY, counts=tuple(range(24))))
        seen.timeline.mark(at("2026-11-03T05:00"))
        await seen.pilot.pause()
        assert seen.timeline.painted == []


async def test_another_record_in_the_table_repaints_the_axis_alone() -> None:
    async with seeing(DAY, height=4, focused=False) as seen:
        seen.timeline.mark(at("2026-11-03T05:00"))
        await seen.pilot.pause()
        seen.timeline.painted.clear()
        seen.timeline.mark(at("2026-11-03T05:01"))
        await seen.pilot.pause()
        assert seen.timeline.painted == []
        seen.timeline.mark(at("2026-11-03T09:00"))
        await seen.pilot.pause()
        assert set(seen.timeline.painted) == {3}


async def test_a_count_that_grew_repaints_no_line_it_does_not_show_on() -> None:
    async with seeing(picture("2026-11-03", 1, 8, 16), height=3, focused=False) as seen:
        seen.timeline.painted.clear()
        seen.timeline.show(picture("2026-11-03", 2, 8, 16))
        await seen.pilot.pause()
        assert set(seen.timeline.painted) == {1}


# The mouse, and no colours


async def test_a_click_moves_the_cursor_and_two_apply() -> None:
    async with seeing(DAY) as seen:
        await seen.pilot.click(Timeline, offset=(30, 0))
        assert "11-03 09:00 +1 h: 9 records" in seen.axis
        await seen.pilot.click(Timeline, offset=(30, 0), times=2)
        await seen.pilot.pause()
        assert seen.told(Timeline.Applied) == [
            Timeline.Applied(at("2026-11-03T09:00"), at("2026-11-03T10:00"))
        ]


async def test_with_few_colours_cursor_and_range_are_reversed() -> None:
    async with seeing(DAY) as seen:
        seen.app.theme = FEW_COLOURS.name
        await seen.press("pageup", "space", "h")
        reversed_ = "".join(
            segment.text
            for segment in Timeline.render_line(seen.timeline, 0)
            if segment.style and segment.style.reverse
        )
        assert len(reversed_) in (6, 7)


@pytest.mark.parametrize("height", [1, 2, 3, 6])
async def test_in_ascii_everything_is_ascii(height: int) -> None:
    shown = replace(DAY, whole=False, loaded_from=at("2026-11-03T08:00"), filtered=True, aside=3)
    async with seeing(shown, height=height) as seen:
        await seen.press("pageup", "space", "h", "h")
        text = plain_glyphs("".join(seen.lines))
        assert text.isascii()
        assert {"~", "[", "]", "#"} <= set(text)
