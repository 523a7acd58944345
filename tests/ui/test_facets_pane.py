"""The facets pane, as somebody at a keyboard meets it, and what of it a terminal receives."""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

import pytest
from rich.cells import cell_len
from textual import on
from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Input

from auditui.ui.glyphs import plain_glyphs
from auditui.ui.widgets.facets import Facets
from auditui.ui.widgets.facets_picture import Choice, Facet, FacetsPicture, FacetValue
from tests.ui.driving import screen_text

NONE, IN, OUT = Choice.NONE, Choice.IN, Choice.OUT
TOLD: Final = "12 of 3,000 loaded"
HOSTILE: Final = (
    "\x1b[2J\x9b31m",
    "\u202egro.live",
    "zero\u200b\u200d\ufeffwidth",
    "\ud800",
    "two\nlines\ttab",
    "[bold]x[/nothing]",
    "e" + "\u0301" * 40,
    "日本語" * 80,
    "👩\u200d👧\U0001f3fd\U0001f1e9\U0001f1ea",
    "\U000e0041\u115f\u2800",
    "x" * 3_000,
)


def values(*counts: tuple[str, int]) -> tuple[FacetValue, ...]:
    return tuple(FacetValue(text, count, NONE) for text, count in counts)


AUTHOR: Final = Facet(
    "author",
    "Author",
    (
        FacetValue("Kristin Haugen", 12, IN),
        FacetValue("Ana Ruiz", 6, OUT),
        FacetValue("Ben", 3, NONE),
        FacetValue("", 1, NONE),
    ),
    others=36,
    other_count=1_204,
)
EVENT: Final = Facet("event", "Event", values(("Page created", 20), ("Group deleted", 2)))
IP: Final = Facet(
    "ip", "Address", (FacetValue("10.0.0.1", None, NONE), FacetValue("10.0.0.2", 7, NONE, adds=True))
)
PICTURE: Final = FacetsPicture((AUTHOR, EVENT, IP), 12, TOLD)


def picture(*facets: Facet) -> FacetsPicture:
    return FacetsPicture(facets, 12, TOLD)


class Painted(Facets):
    """Remembers which lines were drawn for the terminal."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[int] = []

    def render_line(self, y: int) -> Strip:
        self.painted.append(y)
        return super().render_line(y)


class Desk(App[None]):
    """The pane beside something else that can have the focus."""

    CSS = "Input { height: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        yield Painted()
        yield Input(compact=True)

    @on(Facets.Chosen)
    @on(Facets.Cleared)
    @on(Facets.Done)
    @on(Facets.MoreWanted)
    def hear(self, message: Message) -> None:
        self.heard.append(message)

    @property
    def pane(self) -> Painted:
        return self.query_one(Painted)

    @property
    def lines(self) -> list[str]:
        """What stands in the pane."""
        return screen_text(self).splitlines()[: self.pane.size.height]

    @property
    def under_cursor(self) -> str:
        """The cursor's line."""
        (line,) = (line for line in self.lines if line.startswith(">"))
        return line

    @property
    def chosen(self) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
        return [
            (message.field, message.included, message.excluded)
            for message in self.heard
            if isinstance(message, Facets.Chosen)
        ]

    def said(self, kind: type[Message]) -> int:
        return sum(isinstance(message, kind) for message in self.heard)


@asynccontextmanager
async def desk(
    shown: FacetsPicture | None = PICTURE, *, size: tuple[int, int] = (26, 20)
) -> AsyncIterator[tuple[Desk, Pilot[None]]]:
    """The pane with the focus."""
    app = Desk()
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        app.pane.show(shown)
        app.pane.focus()
        await pilot.pause()
        yield app, pilot


def is_inert(text: str) -> bool:
    return not any(unicodedata.category(each) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for each in text)


def reversed_texts(strips: Iterable[Strip]) -> list[str]:
    return [part.text for strip in strips for part in strip if part.style and part.style.reverse]


def underlined_texts(strips: Iterable[Strip]) -> list[str]:
    return [part.text for strip in strips for part in strip if part.style and part.style.underline]


# What stands there


async def test_a_narrow_pane() -> None:
    async with desk() as (app, _pilot):
        assert app.lines[:13] == [
            "Facets  12 of 3,000 loaded",
            " Author  4 of 40",
            ">[x] Kristin Haugen     12",
            " [-] Ana Ruiz            6",
            " [ ] Ben                 3",
            " [ ] (none)              1",
            "     … 36 more       1,204",
            " Event  2",
            " [ ] Page created       20",
            " [ ] Group deleted       2",
            " Address  2",
            " [ ] 10.0.0.1            -",
            " [ ] 10.0.0.2           +7",
        ]


async def test_a_wider_pane_has_bars() -> None:
    async with desk(size=(40, 20)) as (app, _pilot):
        assert app.lines[2:7] == [
            ">[x] Kristin Haugen       ████████    12",
            " [-] Ana Ruiz             ████         6",
            " [ ] Ben                  ██           3",
            " [ ] (none)               ▋            1",
            "     … 36 more                     1,204",
        ]
        assert app.lines[11:13] == [
            " [ ] 10.0.0.1                          -",
            " [ ] 10.0.0.2                         +7",
        ]


async def test_bars_and_dots_in_ascii() -> None:
    async with desk(size=(40, 20)) as (app, _pilot):
        lines = list(map(plain_glyphs, app.lines))
        assert "".join(lines).isascii()
        assert lines[3] == " [-] Ana Ruiz             ####         6"
        assert lines[6].startswith("     ~ 36 more")


async def test_a_single_record_among_many_has_a_bar_and_none_has_not() -> None:
    shown = picture(Facet("event", "Event", values(("most", 1_000_000), ("one", 1), ("no", 0))))
    async with desk(shown, size=(80, 20)) as (app, _pilot):
        assert app.lines[3].split()[2:] == ["one", "▏", "1"]
        assert app.lines[4].split()[2:] == ["no", "0"]


@pytest.mark.parametrize("width", [20, 21, 26, 39, 40, 41, 57, 80, 120])
async def test_whatever_the_values_are_every_line_is_inert_and_as_wide_as_the_pane(width: int) -> None:
    facet = Facet("author", "Author", tuple(FacetValue(text, 1_234_567, NONE) for text in HOSTILE), 9, 9)
    async with desk(picture(facet), size=(width, 20)) as (app, _pilot):
        strips = [app.pane.render_line(y) for y in range(app.pane.size.height)]
        assert {cell_len(strip.text) for strip in strips} == {width}
        assert all(is_inert(strip.text) for strip in strips)
        assert all(strip.text.endswith(" 1,234,567") for strip in strips[2 : 2 + len(HOSTILE)])
    spelled = [strip.text for strip in strips if "‹" in strip.text]
    assert spelled


async def test_an_empty_value_differs_from_one_that_is_called_none() -> None:
    shown = picture(Facet("ip", "Address", values(("x", 3), ("", 2), ("(none)", 1))))
    async with desk(shown) as (app, _pilot):
        assert app.lines[3].startswith(" [ ] (none) ")
        assert underlined_texts([app.pane.render_line(3)]) == ["(none)"]
        assert underlined_texts([app.pane.render_line(4)]) == []


@pytest.mark.parametrize(("shown", "width"), [(None, 26), (picture(), 26), (PICTURE, 19)])
async def test_without_facets_or_room_it_says_that_nothing_is_counted(
    shown: FacetsPicture | None, width: int
) -> None:
    async with desk(shown, size=(width, 20)) as (app, pilot):
        assert "Nothing to count yet." in " ".join(" ".join(app.lines).split())
        if width > 19:
            await pilot.press("j", "space", "x", "v", "u", "enter", "n", "G", "pagedown")
            assert app.heard == []


async def test_the_focus_is_seen_without_colour() -> None:
    async with desk() as (app, pilot):
        assert app.lines[2].startswith(">")
        assert reversed_texts([app.pane.render_line(0)]) == ["Facets"]
        await pilot.press("tab")
        assert not any(line.startswith(">") for line in app.lines)
        assert reversed_texts([app.pane.render_line(0)]) == []


# Moving


@pytest.mark.parametrize(
    ("keys", "where"),
    [
        (["j"], "Ana Ruiz"),
        (["down", "down", "k"], "Ana Ruiz"),
        (["k"], "Kristin Haugen"),
        (["j"] * 5, "Page created"),
        (["j"] * 5 + ["up"], "36 more"),
        (["G"], "10.0.0.2"),
        (["end", "j"], "10.0.0.2"),
        (["G", "g"], "Kristin Haugen"),
        (["G", "home"], "Kristin Haugen"),
        (["n"], "Page created"),
        (["n", "n", "n"], "10.0.0.1"),
        (["n", "j", "N"], "Page created"),
        (["n", "N"], "Kristin Haugen"),
        (["pagedown"], "10.0.0.2"),
        (["pagedown", "pageup"], "Kristin Haugen"),
    ],
)
async def test_keys_move_from_value_to_value(keys: list[str], where: str) -> None:
    async with desk() as (app, pilot):
        await pilot.press(*keys)
        assert where in app.under_cursor


@pytest.mark.parametrize("height", range(2, 8))
async def test_the_cursor_is_in_sight_in_a_pane_of_any_height(height: int) -> None:
    async with desk(size=(26, height + 1)) as (app, pilot):
        for key in [*"jjjjjjjjjjkkkkkkkkkkGgnnN", "pagedown", "pagedown", "pageup", "pageup", *"jjGk"]:
            await pilot.press(key)
            assert app.under_cursor


async def test_with_a_facets_first_value_its_title_comes_into_view() -> None:
    async with desk(size=(26, 6)) as (app, pilot):
        await pilot.press("G", *"kkk")
        assert "Page created" in app.under_cursor
        assert app.lines[1] == " Event  2"


async def test_a_click_moves_and_a_click_on_the_box_chooses() -> None:
    async with desk() as (app, pilot):
        await pilot.click(Facets, offset=(10, 4))
        assert "Ben" in app.under_cursor
        assert app.heard == []
        await pilot.click(Facets, offset=(2, 4))
        assert app.chosen == [("author", ("Kristin Haugen", "Ben"), ("Ana Ruiz",))]
        await pilot.click(Facets, offset=(10, 6))
        assert app.said(Facets.MoreWanted) == 1
        await pilot.click(Facets, offset=(2, 7))
        assert app.chosen[1:] == []


# Choosing


@pytest.mark.parametrize(
    ("keys", "included", "excluded"),
    [
        (["space"], (), ("Ana Ruiz",)),
        (["x"], (), ("Kristin Haugen", "Ana Ruiz")),
        (["j", "space"], ("Kristin Haugen", "Ana Ruiz"), ()),
        (["j", "x"], ("Kristin Haugen",), ()),
        (["j", "j", "space"], ("Kristin Haugen", "Ben"), ("Ana Ruiz",)),
        (["j", "j", "j", "x"], ("Kristin Haugen",), ("Ana Ruiz", "")),
        (["v"], ("Ana Ruiz",), ("Kristin Haugen",)),
        (["u"], (), ()),
    ],
)
async def test_a_key_asks_for_the_whole_choice_of_its_facet(
    keys: list[str], included: tuple[str, ...], excluded: tuple[str, ...]
) -> None:
    async with desk() as (app, pilot):
        before = app.lines[2:7]
        await pilot.press(*keys)
        assert app.chosen == [("author", included, excluded)]
        assert [line[1:] for line in app.lines[2:7]] == [line[1:] for line in before]


@pytest.mark.parametrize("key", ["u", "v"])
async def test_a_facet_without_a_choice_has_nothing_to_clear_or_invert(key: str) -> None:
    async with desk() as (app, pilot):
        await pilot.press("n", key)
        assert app.heard == []


@pytest.mark.parametrize("key", ["enter", "ctrl+j"])
async def test_enter_chooses_one_value_alone_and_is_done(key: str) -> None:
    async with desk() as (app, pilot):
        await pilot.press("j", key)
        assert app.chosen == [("author", ("Ana Ruiz",), ())]
        assert [type(message) for message in app.heard] == [Facets.Chosen, Facets.Done]


async def test_enter_on_what_is_chosen_alone_is_done_at_once() -> None:
    only = replace(EVENT, values=(replace(EVENT.values[0], choice=IN), EVENT.values[1]))
    async with desk(picture(only)) as (app, pilot):
        await pilot.press("enter")
        assert [type(message) for message in app.heard] == [Facets.Done]


@pytest.mark.parametrize(("key", "asked"), [("space", 1), ("enter", 1), ("x", 0)])
async def test_the_last_line_asks_for_more(key: str, asked: int) -> None:
    async with desk() as (app, pilot):
        await pilot.press(*"jjjj", key)
        assert [message.field for message in app.heard if isinstance(message, Facets.MoreWanted)] == [
            "author"
        ] * asked
        assert len(app.heard) == asked


async def test_all_can_be_cleared() -> None:
    async with desk() as (app, pilot):
        await pilot.press("U", "space")
        assert app.said(Facets.Cleared) == 1
        assert app.chosen == [("author", ("Kristin Haugen",), ())]


async def test_keys_quicker_than_the_answer_lose_nothing() -> None:
    async with desk() as (app, pilot):
        await pilot.press("n", "space", "j", "space", "x")
        assert app.chosen == [
            ("event", ("Page created",), ()),
            ("event", ("Page created", "Group deleted"), ()),
            ("event", ("Page created",), ("Group deleted",)),
        ]
        app.pane.show(PICTURE)
        await pilot.press("space")
        assert app.chosen[-1] == ("event", ("Group deleted",), ())


async def test_values_are_given_back_exactly() -> None:
    async with desk(picture(Facet("author", "Author", values(*((text, 1) for text in HOSTILE))))) as (
        app,
        pilot,
    ):
        for _ in HOSTILE:
            await pilot.press("enter", "j")
        assert [included for _field, included, _excluded in app.chosen] == [(text,) for text in HOSTILE]


# Other counts


async def test_the_cursor_stays_on_its_value() -> None:
    async with desk() as (app, pilot):
        await pilot.press("j", "j")
        app.pane.show(picture(EVENT, replace(AUTHOR, values=AUTHOR.values[::-1])))
        await pilot.pause()
        assert "Ben" in app.under_cursor


async def test_the_cursor_stays_on_the_door_to_more() -> None:
    async with desk() as (app, pilot):
        await pilot.press(*"jjjj")
        app.pane.show(picture(replace(AUTHOR, values=AUTHOR.values[:1])))
        await pilot.pause()
        assert "36 more" in app.under_cursor


@pytest.mark.parametrize(
    ("after", "where"),
    [
        (picture(replace(AUTHOR, values=(*AUTHOR.values[:2], *values(("Zoe", 2)))), EVENT), "Zoe"),
        (picture(replace(AUTHOR, values=AUTHOR.values[:1], others=0), EVENT), "Kristin"),
        (picture(EVENT, IP), "10.0.0.1"),
        (picture(EVENT), "Group deleted"),
    ],
)
async def test_where_its_value_is_gone_the_cursor_stays_near(after: FacetsPicture, where: str) -> None:
    async with desk() as (app, pilot):
        await pilot.press("j", "j")
        app.pane.show(after)
        await pilot.pause()
        assert where in app.under_cursor


async def test_the_cursor_finds_its_value_again_after_nothing_was_counted() -> None:
    async with desk() as (app, pilot):
        await pilot.press("n", "j")
        app.pane.show(None)
        await pilot.pause()
        app.pane.show(PICTURE)
        await pilot.pause()
        assert "Group deleted" in app.under_cursor


async def test_only_the_lines_that_differ_are_painted() -> None:
    async with desk() as (app, pilot):
        app.pane.painted.clear()
        app.pane.show(replace(PICTURE, facets=(*PICTURE.facets[:2], replace(IP, values=IP.values[:1]))))
        await pilot.pause()
        assert sorted(app.pane.painted) == [10, 12]
        app.pane.painted.clear()
        app.pane.show(replace(PICTURE, facets=(*PICTURE.facets[:2], replace(IP, values=IP.values[:1]))))
        await pilot.pause()
        assert app.pane.painted == []
        await pilot.press("j")
        assert sorted(app.pane.painted) == [2, 3]
