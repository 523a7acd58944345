"""A menu gives what was chosen, by letter, arrow or mouse, and shows foreign text as nothing but text."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.widgets import OptionList

from auditui.ui.screens.help import help_content
from auditui.ui.screens.menu import Entry, Menu
from tests.ui.driving import Seen, seeing

PIVOT = (
    Entry("a", "Author", "Ana Example", 1),
    Entry("i", "Address", "not recorded", 2, enabled=False),
    Entry("o", "Object", "admins", 3),
    Entry("M", "Same minute", "2026-11-01 09:30", 4),
)
HOSTILE = "[/b] [@click=app.quit]x[/] \x1b]0;PWNED\x07 \x9b31m \u202egnp \u200b a\nb"


@asynccontextmanager
async def shown(
    entries: tuple[Entry[int], ...] = PIVOT,
    *,
    title: str = "Pivot",
    remark: str = "",
    size: tuple[int, int] = (80, 24),
) -> AsyncIterator[Seen[int | None]]:
    async with seeing(Menu(title, entries, remark), size=size) as seen:
        yield seen


async def test_each_entry_says_letter_label_and_what_it_is() -> None:
    async with shown(remark="Of the record under the cursor.") as seen:
        assert "a Author Ana Example" in seen.words
        assert "M Same minute 2026-11-01 09:30" in seen.words
        assert "Pivot" in seen.text
        assert "Of the record under the cursor." in seen.text


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        ("a", 1),
        ("o", 3),
        ("M", 4),
        ("enter", 1),
        ("ctrl+j", 1),
        ("j enter", 3),
        ("down down enter", 4),
        ("j j k ctrl+j", 3),
        ("escape", None),
        ("q", None),
    ],
)
async def test_a_key_chooses_at_once_or_closes(keys: str, chosen: int | None) -> None:
    async with shown() as seen:
        await seen.press(*keys.split())
        assert seen.app.given == [chosen]


async def test_a_click_chooses() -> None:
    async with shown() as seen:
        await seen.pilot.click(OptionList, offset=(4, 2))
        assert seen.app.given == [3]


@pytest.mark.parametrize("key", ["i", "x", "m", "0"])
async def test_letters_of_nothing_that_can_be_chosen_do_nothing(key: str) -> None:
    async with shown() as seen:
        await seen.press(key)
        assert seen.app.given == []


async def test_what_cannot_be_chosen_has_no_letter_and_says_why() -> None:
    async with shown() as seen:
        assert "- Address not recorded" in seen.words
        assert "i Address" not in seen.words
        await seen.press("down")
        await seen.press("enter")
        assert seen.app.given == [3]


async def test_it_can_be_opened_with_nothing_to_choose() -> None:
    async with shown((Entry("a", "Author", "unknown", 1, enabled=False),)) as seen:
        await seen.press("a", "enter", "j", "k")
        assert seen.app.given == []
        await seen.press("escape")
        assert seen.app.given == [None]


@pytest.mark.parametrize("letters", ["j", "k", "q", "aa", "", "é", "+"])
def test_some_letters_are_not_to_be_had(letters: str) -> None:
    with pytest.raises(ValueError, match="letters"):
        Menu("Pivot", [Entry(letter, "Author", "", 1) for letter in letters or [""]])


async def test_foreign_text_is_shown_as_text_on_one_line() -> None:
    hostile = (Entry("a", HOSTILE, HOSTILE, 1), Entry("b", "Plain", HOSTILE, 2))
    async with shown(hostile, title=HOSTILE, remark=HOSTILE) as seen:
        assert all(character.isprintable() or character == "\n" for character in seen.text)
        assert "[/b] [@click=app.quit]x[/] ‹ESC›" in seen.words
        assert "b  Plain" in next(line for line in seen.text.splitlines() if "Plain" in line)
        await seen.pilot.click(OptionList, offset=(40, 1))
        assert seen.app.given == [2]


@pytest.mark.parametrize("size", [(80, 24), (60, 16)])
async def test_many_entries_scroll_within_the_terminal(size: tuple[int, int]) -> None:
    letters = "abcdefghilmnoprstuvwxyz"
    entries = tuple(Entry(letter, f"Entry {letter}", "what " * 40, ord(letter)) for letter in letters)
    async with shown(entries, remark="words " * 100, size=size) as seen:
        box = seen.app.screen.query_one("#menu").region
        assert box.height <= min(22, size[1])
        assert box.width <= size[0]
        assert "Entry a" in seen.text
        await seen.press("end")
        assert "Entry z" in seen.text
        assert "closes" in seen.text
        await seen.press("enter")
        assert seen.app.given == [ord("z")]


async def test_help_names_only_the_letters_there_are() -> None:
    async with shown() as seen:
        text = help_content(seen.app.screen.active_bindings.values(), "The entry marked").plain
        keys = [line.split()[0] for line in text.splitlines() if "marked" in line]
        assert sorted(keys) == ["M", "a", "i", "o"]


async def test_help_says_that_enter_chooses() -> None:
    async with shown() as seen:
        text = help_content(seen.app.screen.active_bindings.values(), "").plain
        assert [line.split()[:2] for line in text.splitlines() if line.endswith("Choose this entry")] == [
            ["enter", "ctrl+j"]
        ]
