"""The record's JSON is shown as it was sent; objects and lists fold, and a text in it is found."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import on
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Static

from auditui.model.text import TEXT_CAP
from auditui.ui.json_lines import LINES_CAP, MATCHES_CAP, Outline, find, json_lines, occurrences
from auditui.ui.widgets.json_view import breaks
from auditui.ui.widgets.raw_record import RawRecord, Wanted

OBEYED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
RECORD = json.dumps(
    {
        "author": {"displayName": "Kristin Haugen", "operations": None},
        "remoteAddress": "192.0.2.1",
        "changedValues": [
            {"name": "Space key", "newValue": "OPS"},
            {"name": "Space type", "newValue": "global"},
        ],
        "associatedObjects": [],
    }
)
UNFOLDED = """
> {
    "author": {
      "displayName": "Kristin Haugen",
      "operations": null
    },
    "remoteAddress": "192.0.2.1",
    "changedValues": [
      {
        "name": "Space key",
        "newValue": "OPS"
      },
      {
        "name": "Space type",
        "newValue": "global"
      }
    ],
    "associatedObjects": []
  }
"""
FOLDED = """
> {
    "author": {…} 2 fields
    "remoteAddress": "192.0.2.1",
    "changedValues": […] 2 items
    "associatedObjects": []
  }
"""
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
JSON: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30
)


# The lines, without a screen


def shown(raw: str) -> list[str]:
    return ["  " * line.depth + line.text for line in json_lines(raw)]


@given(value=JSON, indent=st.sampled_from([None, 1]))
@example(value={"": {"": [[], {}, [[]]]}}, indent=None)
def test_the_lines_say_the_same_as_the_text(value: object, indent: int | None) -> None:
    assert json.loads("\n".join(shown(json.dumps(value, indent=indent)))) == value


@given(value=JSON)
def test_each_object_and_list_knows_where_it_ends_and_what_is_in_it(value: object) -> None:
    raw = json.dumps(value)
    lines = json_lines(raw)
    for index, line in enumerate(lines):
        if line.opens:
            inside = "\n".join(each.text for each in lines[index : line.end + 1])
            told = json.loads(f"{{{inside.rstrip(',')}}}" if line.name else inside.rstrip(","))
            held = next(iter(told.values())) if line.name else told
            assert line.entries == len(held)
            assert all(index <= lines[each].parent for each in range(index + 1, line.end + 1))


@given(value=JSON, folds=st.sets(st.integers(0, 60)))
@example(value=[[[1]]], folds={1, 2})
def test_a_line_can_be_seen_or_the_fold_that_hides_it_can(value: object, folds: set[int]) -> None:
    outline = Outline(json_lines(json.dumps(value)))
    outline.folded = frozenset(
        each for each in folds if each < len(outline.lines) and outline.lines[each].opens
    )
    visible = outline.visible()
    for index in range(len(outline.lines)):
        assert outline.seen_at(index) in visible
        assert (outline.seen_at(index) == index) == (index in visible)
        opened = Outline(outline.lines)
        opened.folded = outline.folded
        opened.reveal(index)
        assert index in opened.visible()


@pytest.mark.parametrize(
    "number", ["1e3", "1E+3", "-0", "-0.0", "1" + "0" * 30, "1" * 5_000, "0.10000000000000000000000001"]
)
def test_a_number_is_shown_as_it_was_written(number: str) -> None:
    assert shown(f'{{"n":{number}}}') == ["{", f'  "n": {number}', "}"]


def test_a_name_given_twice_is_shown_twice() -> None:
    assert shown('{"a":1,"a":2}') == ["{", '  "a": 1,', '  "a": 2', "}"]


def test_an_escape_is_shown_as_it_was_written_and_a_character_is_spelled_out() -> None:
    assert shown(r'"\u202e\ud800\/\n"') == [r'"\u202e\ud800\/\n"']
    assert shown('"\u202e\ud800\x7f"') == ['"‹U+202E›‹U+D800›‹DEL›"']


def test_a_text_within_which_brackets_and_quotes_stand_is_one_value() -> None:
    assert shown(json.dumps({'a"{[,:': '\\"}],:'})) == ["{", r'  "a\"{[,:": "\\\"}],:"', "}"]


@pytest.mark.parametrize(
    "raw", ["", "{", '{"a":1}}', "NaN", "<html>\n</html>\x1b[2J", '"a\nb"', "[" * 100_000]
)
def test_what_is_no_json_is_shown_line_by_line(raw: str) -> None:
    lines = [line.text for line in json_lines(raw)]
    assert [line[:TEXT_CAP] for line in lines] == [
        line.replace("\x1b", "‹ESC›")[:TEXT_CAP] for line in raw.split("\n")
    ][: len(lines)]
    assert len(lines) == raw.count("\n") + 1


def test_a_deep_a_long_and_a_large_text_have_their_lines() -> None:
    assert len(json_lines("[" * 64 + "1" + "]" * 64)) == 129
    assert len(json_lines(json.dumps([{"a": 1}] * 10_000))) == 30_002
    assert len(json_lines(json.dumps([1] * LINES_CAP))) == 1
    assert json_lines(json.dumps("x" * 1_000_000))[0].text.endswith("‹+980,002 chars›")


@example(text="Straße", wanted="S")
@example(text="aaa", wanted="aa")
@given(
    text=st.text(st.sampled_from("aAbBßẞİǰ ss") | st.characters()),
    wanted=st.text(st.sampled_from("aAbBßsSi̇ ")),
)
def test_a_text_is_found_whether_in_capitals_or_not(text: str, wanted: str) -> None:
    places = list(occurrences(text, wanted))
    assert bool(places) == (wanted != "" and wanted.casefold() in text.casefold())
    assert all(wanted.casefold() in text[start:end].casefold() for start, end in places)
    assert all(before[1] <= after[0] for before, after in pairwise(places))


def test_matches_are_counted_up_to_a_number() -> None:
    assert len(find(json_lines(json.dumps(["aa"] * 10_000)), "A")) == MATCHES_CAP


@given(text=st.text(st.sampled_from("abc  é́日🙂")), width=st.integers(2, 20))
def test_the_rows_of_a_line_are_as_wide_as_there_is_room(text: str, width: int) -> None:
    ends = breaks(text, width)
    rows = [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]
    assert all(cell_len(row) <= width for row in rows)
    assert all(cell_len(row) > width // 2 - 2 for row in rows[:-1])


# On the screen


@dataclass
class Reading:
    """Somebody reads the JSON of a record."""

    app: ReadingApp
    pilot: Pilot[None]
    raw: RawRecord = field(init=False)

    def __post_init__(self) -> None:
        self.raw = self.app.query_one(RawRecord)

    @property
    def rows(self) -> list[str]:
        """What is drawn, without what is blank."""
        rows = [self.raw.render_line(y).text.rstrip() for y in range(self.raw.size.height - self.raw.below)]
        while rows and not rows[-1]:
            rows.pop()
        return rows

    @property
    def text(self) -> str:
        return "\n".join(["", *self.rows, ""])

    @property
    def cursor(self) -> str:
        """The row that begins with the cursor's sign."""
        (row,) = [row for row in self.rows if row.startswith(">")]
        return row[1:].strip()

    @property
    def told(self) -> str:
        """What the line of the search says."""
        assert self.app.query_one("#raw-search").display
        return str(self.app.query_one("#raw-told", Static).content)

    def set_apart(self) -> list[str]:
        """What is drawn in reverse."""
        strips = [self.raw.render_line(y) for y in range(self.raw.size.height)]
        return [each.text for strip in strips for each in strip if each.style and each.style.reverse]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()


class ReadingApp(App[None]):
    def __init__(self, raw: str | None) -> None:
        super().__init__()
        self.raw = raw
        self.closed = 0

    def compose(self) -> ComposeResult:
        yield RawRecord(id="raw")

    def on_mount(self) -> None:
        raw = self.query_one(RawRecord)
        raw.show(self.raw)
        raw.focus()

    @on(RawRecord.Closed)
    def _is_closed(self) -> None:
        self.closed += 1


@asynccontextmanager
async def reading(raw: str | None = RECORD, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Reading]:
    app = ReadingApp(raw)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await pilot.pause()
        yield Reading(app, pilot)


async def test_a_record_is_shown_unfolded() -> None:
    async with reading() as seen:
        assert seen.text == UNFOLDED


async def test_a_fold_shows_how_much_is_in_it() -> None:
    async with reading() as seen:
        await seen.press("E")
        assert seen.text == FOLDED
        await seen.press("e")
        assert seen.text == UNFOLDED


@pytest.mark.parametrize("key", ["space", "enter", "ctrl+j"])
async def test_one_key_folds_and_unfolds_from_either_bracket(key: str) -> None:
    async with reading() as seen:
        await seen.press("j", key)
        assert seen.cursor == '"author": {…} 2 fields'
        await seen.press(key)
        assert seen.cursor == '"author": {'
        await seen.press("j", "j", "j", key)
        assert seen.cursor == '"author": {…} 2 fields'


async def test_a_key_leads_out_of_a_value_and_folds_what_it_was_in() -> None:
    async with reading() as seen:
        await seen.press(*"jjjjjjjj")
        assert seen.cursor == '"name": "Space key",'
        await seen.press("h")
        assert seen.cursor == "{"
        await seen.press("left")
        assert seen.cursor == "{…} 2 fields"
        await seen.press("h")
        assert seen.cursor == '"changedValues": ['
        await seen.press("h", "l")
        assert seen.cursor == '"changedValues": ['
        assert "    > {…} 2 fields"[5:] in seen.text


async def test_a_value_that_is_no_object_does_not_fold() -> None:
    async with reading() as seen:
        await seen.press("G", "k", "space", "l")
        assert seen.cursor == '"associatedObjects": []'
        assert seen.text.replace(">", " ") == UNFOLDED.replace(">", " ")


async def test_the_cursor_moves_by_lines_and_screens() -> None:
    async with reading(json.dumps([*range(100)]), size=(80, 10)) as seen:
        await seen.press("j", "down", "k")
        assert seen.cursor == "0,"
        await seen.press("pagedown")
        assert seen.cursor == "10,"
        await seen.press("ctrl+d", "ctrl+d", "pageup", "up")
        assert seen.cursor == "9,"
        await seen.press("G", "j")
        assert seen.cursor == "]"
        assert len(seen.rows) == 10
        await seen.press("home", "k")
        assert seen.cursor == "["
        await seen.press("pageup", "end", "pagedown")
        assert seen.cursor == "]"


async def test_a_value_longer_than_the_screen_can_be_read_row_by_row() -> None:
    words = " ".join(f"word{number}" for number in range(100))
    async with reading(json.dumps({"a": words, "b": 1}), size=(54, 6)) as seen:
        met = seen.text
        for _ in range(24):
            await seen.press("j")
            met += seen.text
        assert all(word in met for word in words.split())
        assert seen.cursor == "}"
        for _ in range(24):
            await seen.press("k")
        assert seen.cursor == "{"


async def test_a_deep_value_keeps_its_room() -> None:
    async with reading("[" * 64 + '"the end"' + "]" * 64, size=(54, 24)) as seen:
        await seen.press("pagedown", "pagedown")
        assert '"the end"' in seen.text


# The search


async def test_typing_goes_to_the_first_match_and_marks_them_all() -> None:
    async with reading() as seen:
        await seen.press("slash", *"space")
        assert seen.cursor == '"name": "Space key",'
        assert seen.told == "1 of 2"
        assert seen.set_apart() == ["Space", "Space"]


async def test_a_search_opens_the_folds_in_which_something_is_found() -> None:
    async with reading() as seen:
        await seen.press("E", "slash", *"ops")
        assert seen.cursor == '"newValue": "OPS"'
        assert '"author": {…} 2 fields' in seen.text


async def test_enter_keeps_the_search_and_keys_go_round_its_matches() -> None:
    async with reading() as seen:
        await seen.press("slash", *"space", "enter", "n")
        assert (seen.cursor, seen.told) == ('"name": "Space type",', "2 of 2")
        await seen.press("n")
        assert (seen.cursor, seen.told) == ('"name": "Space key",', "1 of 2")
        await seen.press("N")
        assert (seen.cursor, seen.told) == ('"name": "Space type",', "2 of 2")
        await seen.press("j")
        assert seen.cursor == '"newValue": "global"'


async def test_esc_drops_the_search_and_goes_back_to_where_it_began() -> None:
    async with reading() as seen:
        await seen.press("E", "j", "slash", *"ops", "escape")
        assert seen.text.replace(">", " ") == FOLDED.replace(">", " ")
        assert seen.cursor == '"author": {…} 2 fields'
        assert not seen.set_apart()
        assert not seen.app.query_one("#raw-search").display
        assert seen.app.closed == 0
        assert seen.raw.has_focus


async def test_every_letter_can_be_looked_for() -> None:
    async with reading(json.dumps({"k": "hjklgGeEnNx/ q"})) as seen:
        await seen.press(
            "slash", *(["slash" if each == "/" else each for each in "hjklgGeEnNx/"]), "space", "q"
        )
        assert seen.set_apart() == ["hjklgGeEnNx/ q"]
        assert seen.app.closed == 0


async def test_what_is_not_there_is_said_not_to_be() -> None:
    async with reading() as seen:
        await seen.press("slash", *"zzz")
        assert seen.told == "no match"
        assert seen.cursor == "{"
        await seen.press("enter", "n")
        assert seen.cursor == "{"


async def test_a_match_far_down_in_a_long_value_comes_into_view() -> None:
    async with reading(json.dumps(["x " * 5_000 + "needle" + " x" * 500]), size=(54, 10)) as seen:
        await seen.press("slash", *"needle")
        assert seen.set_apart() == ["needle"]


async def test_keys_typed_ahead_go_where_they_were_meant_to() -> None:
    async with reading() as seen:
        for key in ("slash", *"space", "enter", "n"):
            seen.app.simulate_key(key)
        await seen.pilot.pause()
        await seen.pilot.pause()
        assert seen.app.query_one(Wanted).value == "space"
        assert (seen.cursor, seen.told) == ('"name": "Space type",', "2 of 2")


async def test_another_record_begins_anew() -> None:
    async with reading() as seen:
        await seen.press("slash", *"space", "enter", "n")
        seen.raw.show('{"another":["space"]}')
        await seen.pilot.pause()
        assert seen.rows == ["> {", '    "another": [', '      "space"', "    ]", "  }"]
        assert not seen.set_apart()
        assert not seen.app.query_one("#raw-search").display


async def test_the_same_record_stays_as_it_is() -> None:
    async with reading() as seen:
        await seen.press("E", "j")
        seen.raw.show(RECORD)
        assert seen.cursor == '"author": {…} 2 fields'
        await seen.press("slash", *"ops", "enter")
        seen.raw.show(RECORD)
        assert (seen.cursor, seen.told) == ('"newValue": "OPS"', "1 of 1")


@pytest.mark.parametrize("key", ["escape", "x"])
async def test_a_key_closes_it(key: str) -> None:
    async with reading() as seen:
        await seen.press(key)
        assert seen.app.closed == 1


async def test_without_a_record_no_key_does_anything() -> None:
    async with reading(None) as seen:
        await seen.press(*"jkgGehlEnN", "space", "pagedown", "pageup", "slash", "ctrl+d")
        assert seen.rows == []


async def test_two_clicks_fold_and_one_goes_there() -> None:
    async with reading() as seen:
        await seen.pilot.click(RawRecord, offset=(5, 2))
        assert seen.cursor == '"displayName": "Kristin Haugen",'
        await seen.pilot.click(RawRecord, offset=(5, 4), times=2)
        assert seen.cursor == '"author": {…} 2 fields'


async def test_every_key_has_a_name_and_a_sentence_of_its_own() -> None:
    async with reading() as seen:
        bindings = [each for keys in seen.raw._bindings.key_to_bindings.values() for each in keys]
        assert all(each.id and each.id.startswith("raw.") and each.tooltip for each in bindings)


# What somebody else wrote


HOSTILE = st.text(
    st.sampled_from("a\x1b\x9b\x07\u202e\u2066\u200b\ud800\r\n\t日🙂\u0301‹›[/x]") | st.characters()
)
WRITTEN = "[/x][@click=app.quit]x[/] [bold]b[/bold] \x1b]0;owned\x07\x9b2J \u202egnp.exe\u2066 \ud800"


@given(name=HOSTILE, value=HOSTILE, cut=st.booleans(), folded=st.booleans())
def test_no_line_holds_what_a_terminal_obeys(name: str, value: str, *, cut: bool, folded: bool) -> None:
    raw = json.dumps({name: [value, {value: name}]}, ensure_ascii=False)
    for line in json_lines(raw[:-1] if cut else raw):
        content = line.content(folded=folded and line.opens)
        assert not [each for each in line.text + content.plain if unicodedata.category(each) in OBEYED]
        assert folded or content.plain == line.text


@pytest.mark.parametrize(
    "raw", [json.dumps({WRITTEN: [WRITTEN]}, ensure_ascii=False), json.dumps({WRITTEN: WRITTEN}), WRITTEN]
)
async def test_nothing_is_drawn_that_a_terminal_obeys(raw: str) -> None:
    async with reading(raw, size=(54, 24)) as seen:
        for keys in (("E",), ("e", "slash", "[", "/", "x", "]"), ("enter", "n", "j")):
            await seen.press(*keys)
            strips = [seen.raw.render_line(y) for y in range(24)]
            drawn = "".join(strip.text for strip in strips)
            assert not [each for each in drawn if unicodedata.category(each) in OBEYED]
            assert not [
                each for strip in strips for each in strip if each.style and "@click" in each.style.meta
            ]
            assert all(strip.cell_length == 54 for strip in strips)
            assert "[/x][@click=app.quit]x[/]" in drawn
