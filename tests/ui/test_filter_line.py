"""The filter line, as somebody types on it, and what of it a terminal receives."""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import on
from textual.app import App, ComposeResult
from textual.events import Paste
from textual.message import Message
from textual.pilot import Pilot

from auditui.model.filter_completion import Completion
from auditui.model.filter_parse import FilterFault
from auditui.model.text import MARKS_KEPT
from auditui.ui.widgets.facets import Facets
from auditui.ui.widgets.filter_line import FilterLine
from auditui.ui.widgets.inert_input import InertInput, spelled
from tests.ui.driving import screen_text

NAMES: Final = ("author:", "account:", "affected:", "affected-type:", "after:")
HOSTILE: Final = "a\x1b[2Jb\x07\x9bc\u202ed\u200be\ud800f\U000e0041g\u0301\u0301\u0301\u0301\u0301\u0301\n\tz"
TOLD: Final = "12 of 3,000 loaded"


def names(text: str, at: int) -> tuple[Completion, ...]:
    """Offers a field for the word before the cursor."""
    start = text.rfind(" ", 0, at) + 1
    word = text[start:at]
    return tuple(
        Completion(start, at, name, f"the {name}") for name in NAMES if word and name.startswith(word)
    )


def fault(start: int, end: int, happened: str = "No such field.", remedy: str = "") -> FilterFault:
    return FilterFault(happened, start=start, end=end, expected="something", remedy=remedy)


class Desk(App[None]):
    """A filter line above something else that can have the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        yield FilterLine()
        yield Facets()

    def on_mount(self) -> None:
        self.query_one(Facets).focus()

    @on(FilterLine.Typed)
    @on(FilterLine.Kept)
    @on(FilterLine.Dropped)
    @on(FilterLine.Left)
    def hear(self, message: Message) -> None:
        self.heard.append(message)

    @property
    def line(self) -> FilterLine:
        return self.query_one(FilterLine)

    @property
    def rows(self) -> list[str]:
        """What stands on the rows the filter line has."""
        return screen_text(self).splitlines()[: self.line.region.height] if self.line.display else []

    @property
    def field(self) -> InertInput:
        return self.query_one(InertInput)

    def said(self, kind: type[Message]) -> list[Message]:
        return [message for message in self.heard if isinstance(message, kind)]

    @property
    def typed(self) -> list[str]:
        return [message.text for message in self.heard if isinstance(message, FilterLine.Typed)]


Seen = tuple[Desk, Pilot[None]]


@asynccontextmanager
async def desk(text: str | None = None, *, width: int = 80) -> AsyncIterator[Seen]:
    """The line, open with a text unless that is None."""
    app = Desk()
    async with app.run_test(size=(width, 10), notifications=True, tooltips=True) as pilot:
        await pilot.pause()
        if text is not None:
            app.line.open(text)
            await pilot.pause()
        yield app, pilot


async def paste(seen: Seen, text: str) -> None:
    seen[0].field.post_message(Paste(text))
    await seen[1].pause()


def is_inert(text: str) -> bool:
    return not any(unicodedata.category(each) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for each in text)


# Open and closed


async def test_a_closed_line_without_a_filter_takes_no_room() -> None:
    async with desk() as (app, _pilot):
        assert not app.line.display
        assert screen_text(app).startswith("Facets")


async def test_one_types_on_from_what_was_there() -> None:
    async with desk("author:a") as (app, pilot):
        await pilot.press("n", "a")
        assert app.line.text == "author:ana"
        assert app.rows[0].startswith("/ author:ana")


async def test_what_was_offered_is_drawn_also_when_it_is_offered_no_longer() -> None:
    async with desk("") as (app, pilot):
        app.line.completer = names
        await pilot.press("a")
        assert app.line._offers
        drawn = app.line._rows_below()[-1]  # drawn by Textual when it has time, here after the next key
        before = drawn(80)
        await pilot.press("z", "z")
        assert not app.line._offers
        assert drawn(80) == before


async def test_every_change_by_hand_is_told_and_no_other() -> None:
    async with desk("x") as (app, pilot):
        await pilot.press("a", "b", "ctrl+w", "left")
        assert app.typed == ["xa", "xab", ""]
        app.line.text = "something else"
        await pilot.pause()
        assert len(app.typed) == 3


@pytest.mark.parametrize("key", ["enter", "ctrl+j"])
async def test_enter_keeps(key: str) -> None:
    async with desk("ana") as (app, pilot):
        await pilot.press(key)
        assert [message.text for message in app.heard if isinstance(message, FilterLine.Kept)] == ["ana"]


async def test_escape_drops() -> None:
    async with desk("ana") as (app, pilot):
        await pilot.press("escape")
        assert app.said(FilterLine.Dropped)


async def test_a_closed_filter_stands_on_one_row_with_what_it_finds() -> None:
    async with desk("author=ana -ip:10.") as (app, pilot):
        app.line.tell(TOLD)
        app.line.close()
        await pilot.pause()
        assert app.rows == ["/ author=ana -ip:10.  12 of 3,000 loaded"]


@pytest.mark.parametrize(
    ("width", "row"), [(26, "/ wor…  12 of 3,000 loaded"), (22, "/ word word word word…")]
)
async def test_a_narrow_closed_line_shows_the_count_whole_or_not_at_all(width: int, row: str) -> None:
    async with desk("word " * 20, width=width) as (app, pilot):
        app.line.tell(TOLD)
        app.line.close()
        await pilot.pause()
        assert app.rows == [row]


async def test_a_closed_filter_never_takes_the_focus() -> None:
    async with desk("ana") as (app, pilot):
        app.line.close()
        await pilot.pause()
        for _ in range(3):
            await pilot.press("tab")
            assert isinstance(app.focused, Facets)


async def test_a_filter_set_from_elsewhere_shows_and_goes() -> None:
    async with desk() as (app, pilot):
        app.line.text = "author=ana"
        await pilot.pause()
        assert app.rows == ["/ author=ana"]
        app.line.text = ""
        await pilot.pause()
        assert app.rows == []


@pytest.mark.parametrize(("width", "there"), [(80, True), (40, True), (26, False)])
async def test_the_count_stands_at_the_right_end_where_there_is_room_to_type(width: int, there: bool) -> None:
    async with desk("ana", width=width) as (app, pilot):
        app.line.tell(TOLD)
        await pilot.pause()
        assert app.rows[0].endswith(TOLD.rjust(width - len("/ ana"))) is there
        assert (TOLD[:2] in app.rows[0]) is there


async def test_the_cursor_does_not_blink() -> None:
    async with desk("ana") as (app, _pilot):
        assert not app.field.cursor_blink


# Completions


async def test_the_first_completion_is_marked_and_taken() -> None:
    async with desk("") as (app, pilot):
        app.line.completer = names
        await pilot.press("a", "c")
        assert app.rows[1].startswith(" >account:")
        assert app.line.complete()
        await pilot.pause()
        assert app.line.text == "account:"
        assert app.typed[-1] == "account:"


async def test_up_and_down_choose_among_the_completions() -> None:
    async with desk("x a") as (app, pilot):
        app.line.completer = names
        await pilot.press("f", "down")
        assert app.rows[1].startswith("  affected: >affected-type:  after:")
        await pilot.press("up", "up", "right")
        assert app.line.text == "x after:"
        await pilot.press("b")
        assert app.line.text == "x after:b"


async def test_typing_on_chooses_the_first_again() -> None:
    async with desk("") as (app, pilot):
        app.line.completer = names
        await pilot.press("a", "down", "down", "down", "c")
        assert app.rows[1].startswith(" >account:")


async def test_right_completes_only_at_the_end_of_the_text() -> None:
    async with desk("ac") as (app, pilot):
        app.line.completer = names
        await pilot.press("left", "right")
        assert app.line.text == "ac"
        await pilot.press("right")
        assert app.line.text == "account:"


async def test_what_is_there_already_is_not_offered() -> None:
    async with desk("account") as (app, pilot):
        app.line.completer = names
        await pilot.press(":")
        assert not app.line.complete()


async def test_a_completion_is_taken_where_the_cursor_is_now() -> None:
    async with desk("ac x") as (app, pilot):
        app.line.completer = names
        await pilot.press("left", "left")
        assert app.line.complete()
        assert app.line.text == "account: x"
        assert app.field.cursor_position == len("account:")


async def test_down_without_completions_goes_to_the_records_and_the_line_stays() -> None:
    async with desk("ana") as (app, pilot):
        await pilot.press("up", "down")
        assert len(app.said(FilterLine.Left)) == 1
        assert app.line.is_open


async def test_a_closed_line_completes_nothing() -> None:
    async with desk("") as (app, pilot):
        app.line.completer = names
        await pilot.press("a")
        app.line.close()
        assert not app.line.complete()


@pytest.mark.parametrize("width", [26, 40, 80])
async def test_the_chosen_completion_is_always_in_sight(width: int) -> None:
    async with desk("", width=width) as (app, pilot):
        app.line.completer = names
        await pilot.press("a")
        for name in (*NAMES, NAMES[0]):
            assert f">{name}" in app.rows[1]
            assert cell_len(app.rows[1]) <= width
            await pilot.press("down")


async def test_completions_are_inert_and_taken_exactly() -> None:
    async with desk("", width=200) as (app, pilot):
        app.line.completer = lambda _text, at: (Completion(0, at, HOSTILE, HOSTILE),)
        await pilot.press("x")
        assert is_inert("".join(app.rows))
        assert "‹ESC›" in app.rows[1]
        app.line.complete()
        assert app.line.text == HOSTILE


# Faults


@pytest.mark.parametrize(
    ("text", "wrong", "marks"),
    [
        ("ab https:x", (3, 9), "     ^^^^^^ No such field."),
        ("author:", (7, 7), "         ^ No such field."),
        ("日本 x", (3, 4), "       ^ No such field."),
        ("日本 x", (0, 2), "  ^^^^ No such field."),
        ("\x1b x", (2, 3), "        ^ No such field."),
    ],
)
async def test_the_marks_stand_below_what_is_wrong(text: str, wrong: tuple[int, int], marks: str) -> None:
    async with desk(text) as (app, pilot):
        app.line.fault(fault(*wrong))
        await pilot.pause()
        assert app.rows[1] == marks


async def test_the_marks_stay_below_what_is_wrong_when_the_text_scrolls() -> None:
    text = "word " * 12 + "WRONG" + " word" * 3
    async with desk(text, width=40) as (app, pilot):
        app.line.fault(fault(60, 65))
        await pilot.pause()
        for key in ["left"] * 70:
            above, below = app.rows[:2]
            if "WRONG" in above:
                assert below[above.index("WRONG") :][:5] == "^^^^^"
            else:
                assert ">" in below or "^" in below
            await pilot.press(key)
        assert "WRONG" not in app.rows[0]
        assert app.rows[1].rstrip().endswith(">")


async def test_the_marks_follow_a_text_that_is_scrolled_by_the_wheel() -> None:
    async with desk("WRONG" + " word" * 20, width=40) as (app, pilot):
        app.line.fault(fault(0, 5))
        await pilot.pause()
        app.field.scroll_to(0, animate=False)
        await pilot.pause()
        assert app.rows[:2] == ["/ WRONG word word word word word word wo", "  ^^^^^ No such field."]


async def test_a_fault_out_of_sight_to_the_left_is_pointed_at() -> None:
    async with desk("WRONG" + " word" * 20, width=40) as (app, pilot):
        app.line.fault(fault(0, 5))
        await pilot.pause()
        assert app.rows[1].startswith("  < No such field.")


async def test_a_sentence_that_does_not_fit_beside_stands_below() -> None:
    async with desk("word " * 6 + "x", width=40) as (app, pilot):
        app.line.fault(fault(15, 20, "There is no field “word”.", "Quote it."))
        await pilot.pause()
        assert app.rows[1].strip() == "^^^^^"
        assert app.rows[2].strip() == "There is no field “word”. Quote it."


async def test_a_sentence_stands_on_the_left_where_only_there_is_room() -> None:
    async with desk("word " * 6 + "x", width=40) as (app, pilot):
        app.line.fault(fault(30, 31))
        await pilot.pause()
        assert app.rows[1] == "                 No such field. ^"


async def test_a_fault_goes_when_the_text_changes() -> None:
    async with desk("https:") as (app, pilot):
        app.line.fault(fault(0, 6))
        await pilot.pause()
        assert "^" in app.rows[1]
        await pilot.press("x")
        assert "^" not in app.rows[1]


async def test_a_fault_can_be_taken_back() -> None:
    async with desk("https:") as (app, pilot):
        app.line.fault(fault(0, 6))
        app.line.fault(None)
        await pilot.pause()
        assert "No such field" not in "".join(app.rows)


async def test_with_a_fault_and_completions_there_are_three_rows_and_they_stay() -> None:
    async with desk("") as (app, pilot):
        app.line.completer = names
        assert len(app.rows) == 2
        await pilot.press("a")
        assert len(app.rows) == 2
        app.line.fault(fault(0, 1, "No such field." * 20))
        await pilot.pause()
        assert len(app.rows) == 3
        assert app.rows[1].startswith("  ^ No such field.")
        assert app.rows[2].startswith(" >author:")
        await pilot.press("backspace", "x")
        assert len(app.rows) == 3
        app.line.close()
        app.line.open("")
        await pilot.pause()
        assert len(app.rows) == 2


async def test_a_fault_that_repeats_hostile_text_is_inert() -> None:
    async with desk("x") as (app, pilot):
        app.line.fault(fault(0, 1, f"There is no “{HOSTILE}”."))
        await pilot.pause()
        assert is_inert("".join(app.rows))
        assert "‹U+202E›" in "".join(app.rows)


# Hostile text


@pytest.mark.parametrize("state", ["open", "closed"])
async def test_a_hostile_filter_is_kept_exactly_and_shown_inert(state: str) -> None:
    async with desk(HOSTILE, width=200) as (app, pilot):
        if state == "closed":
            app.line.close()
            await pilot.pause()
        assert app.line.text == HOSTILE
        assert is_inert("".join(app.rows))
        assert app.rows[0].startswith("/ a‹ESC›[2Jb‹BEL›‹U+009B›c‹U+202E›d‹U+200B›e‹U+D800›f‹U+E0041›g")


async def test_a_paste_loses_its_controls_and_says_so() -> None:
    async with desk("x") as seen:
        app = seen[0]
        await paste(seen, "a\x1bb\x9bc\u202ed")
        assert app.line.text == "xabc\u202ed"
        assert "2 control characters were left out." in app.rows[1]
        await seen[1].press("y")
        assert "left out" not in app.rows[1]


async def test_lines_and_columns_of_a_paste_become_words() -> None:
    async with desk("") as seen:
        await paste(seen, "ana\tben\r\nkim\n")
        assert seen[0].line.text == "ana ben kim"
        assert "left out" not in seen[0].rows[1]


async def test_a_paste_replaces_what_is_selected() -> None:
    async with desk("ana ben") as seen:
        await seen[1].press("shift+home")
        await paste(seen, "kim")
        assert seen[0].line.text == "kim"


async def test_a_paste_beyond_all_reason_is_refused() -> None:
    async with desk("x") as seen:
        await paste(seen, "y" * 1_000_000)
        assert seen[0].line.text == "x"
        assert "Too long to paste: 1,000,000 characters." in seen[0].rows[1]


async def test_what_was_cut_here_is_pasted_without_controls() -> None:
    async with desk("a\x1b\u202eb") as (app, pilot):
        await pilot.press("shift+home", "ctrl+x", "ctrl+v")
        assert app.line.text == "a\u202eb"


async def test_copying_a_lone_surrogate_does_not_end_the_app() -> None:
    async with desk("a\ud800b") as (app, pilot):
        await pilot.press("shift+home", "ctrl+c")
        assert app.clipboard == "a?b"


async def test_the_cursor_takes_a_spelled_out_character_as_one() -> None:
    async with desk("a\x1bb") as (app, pilot):
        await pilot.press("left", "left", "x")
        assert app.line.text == "ax\x1bb"
        assert app.rows[0].startswith("/ ax‹ESC›b")


async def test_a_click_goes_to_the_character_that_is_drawn_there() -> None:
    async with desk("a\x1bb" + "c" * 100, width=40) as (app, pilot):
        await pilot.press("home")
        for column, index in [(0, 0), (1, 1), (5, 1), (6, 2), (7, 3)]:
            await pilot.click(InertInput, offset=(column, 0))
            assert app.field.cursor_position == index


async def test_the_end_of_a_long_spelled_out_text_is_in_sight() -> None:
    async with desk("\x1b" * 30 + "END", width=40) as (app, pilot):
        assert app.rows[0].endswith("END")
        await pilot.press("home")
        assert app.rows[0].startswith("/ ‹ESC›‹ESC›")


async def test_the_cursor_on_a_mark_covers_the_letter_it_is_on() -> None:
    async with desk("xe\u0301y") as (app, pilot):
        await pilot.press("left", "left")
        style = app.field.get_component_rich_style("input--cursor")
        covered = [
            segment.text
            for segment in app.field.render_line(0)
            if segment.style and segment.style.bgcolor == style.bgcolor
        ]
        assert covered == ["e\u0301"]


@given(st.text())
@example(HOSTILE)
@example("e\u0301" * 3)
@example("\u0301x")
@example("👩\u200d👧\ufe0f")
def test_each_character_has_an_inert_piece_and_a_place(text: str) -> None:
    shown = spelled(text)
    assert len(shown.pieces) == len(text)
    assert is_inert("".join(shown.pieces))
    assert shown.cells == tuple(cell_len("".join(shown.pieces[:at])) for at in range(len(text) + 1))


def test_as_many_marks_stand_on_a_letter_as_in_any_other_place() -> None:
    piled = "g" + "\u0301" * (MARKS_KEPT + 2)
    assert spelled(piled).pieces == (*piled[: MARKS_KEPT + 1], "\u25cc\u0301", "\u25cc\u0301")
