"""The list of views and the question for a name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from textual.widgets import Input, OptionList

from auditui.model.errors import NotRemembered
from auditui.model.query import Query
from auditui.model.view import Named, Order, View
from auditui.ui.screens.views import Choice, NameScreen, ViewsScreen
from tests.ui.driving import Seen, seeing

WEEK = View(Query("7d"))
ANA = View(Query("7d"), "author=ana")
GROUPS = View(Query("30d", text="group"), order=Order("author"))
TODAY = View(Query("today"))
HOSTILE = "[/b] [@click=app.quit]x[/] \x1b]0;PWNED\x07 \x9b31m \u202egnp \u200b a\nb"


@dataclass
class Shelf:
    """Where saved views are deleted from."""

    deleted: list[str] = field(default_factory=list)
    fault: NotRemembered | None = None

    async def delete(self, name: str) -> None:
        if self.fault:
            raise self.fault
        self.deleted.append(name)


@asynccontextmanager
async def shown(
    trail: Sequence[View] = (WEEK, ANA),
    at: int = 0,
    saved: Sequence[Named] = (Named("admin hunt", GROUPS), Named("zoo", ANA)),
    recent: Sequence[View] = (TODAY,),
    *,
    shelf: Shelf | None = None,
    size: tuple[int, int] = (80, 24),
) -> AsyncIterator[Seen[Choice | None]]:
    screen = ViewsScreen(trail, at, saved, recent, (shelf or Shelf()).delete)
    async with seeing(screen, size=size) as seen:
        yield seen


def words_below(seen: Seen[Choice | None]) -> str:
    """What stands below the list."""
    lines = [line.strip(" │") for line in seen.text.splitlines() if "│" in line]
    return " ".join(lines[-3:]).strip()


class TestTheList:
    async def test_three_groups_stand_one_below_the_other(self) -> None:
        async with shown() as seen:
            lines = [" ".join(line.strip(" │").split()) for line in seen.text.splitlines() if "│" in line]
            assert lines[:8] == [
                "This session",
                "here Last 7 days",
                "Last 7 days · author=ana",
                "Saved",
                "admin hunt Last 30 days · “group” · by Author, descending",
                "zoo Last 7 days · author=ana",
                "Recent",
                "Today",
            ]

    async def test_a_group_without_views_is_not_named(self) -> None:
        async with shown(saved=()) as seen:
            assert "Saved" not in seen.text

    async def test_without_any_view_it_says_so(self) -> None:
        async with shown((), 0, (), ()) as seen:
            assert "There are no views yet." in seen.text
            await seen.press("enter", "d", "j", "k", "slash", "x", "enter", "escape", "escape")
            assert seen.app.given == [None]

    @pytest.mark.parametrize(
        ("keys", "choice"),
        [
            ("enter", Choice(WEEK, step=0)),
            ("ctrl+j", Choice(WEEK, step=0)),
            ("j enter", Choice(ANA, step=1)),
            ("down j enter", Choice(GROUPS, name="admin hunt")),
            ("j j j up enter", Choice(GROUPS, name="admin hunt")),
            ("end k enter", Choice(ANA, name="zoo")),
            ("end enter", Choice(TODAY)),
            ("escape", None),
            ("q", None),
        ],
    )
    async def test_enter_opens_the_view_under_the_cursor(self, keys: str, choice: Choice | None) -> None:
        async with shown() as seen:
            await seen.press(*keys.split())
            assert seen.app.given == [choice]

    async def test_the_cursor_begins_where_one_is(self) -> None:
        async with shown(at=1) as seen:
            assert "here  Last 7 days · author=ana" in seen.text
            await seen.press("enter")
            assert seen.app.given == [Choice(ANA, step=1)]

    async def test_a_click_opens_and_a_heading_does_not(self) -> None:
        async with shown() as seen:
            await seen.pilot.click(OptionList, offset=(3, 3))
            assert seen.app.given == []
            await seen.pilot.click(OptionList, offset=(3, 4))
            assert seen.app.given == [Choice(GROUPS, name="admin hunt")]

    async def test_letters_do_nothing(self) -> None:
        async with shown() as seen:
            before = seen.text
            await seen.press(*"abcefgxyzAZ09")
            assert seen.text == before
            assert seen.app.given == []

    async def test_a_long_view_is_told_in_full_below(self) -> None:
        long = View(Query("7d"), "author=" + "ana|" * 20 + "end-of-it")
        async with shown((WEEK, long)) as seen:
            assert "end-of-it" not in seen.text
            await seen.press("j")
            assert "end-of-it" in words_below(seen).replace(" ", "")

    async def test_foreign_text_is_shown_as_text(self) -> None:
        view = View(Query(HOSTILE, text=HOSTILE), HOSTILE)
        async with shown((view,), 0, (Named("[/b] n", view),), (view,)) as seen:
            for keys in ("", "j", "d", "d", "j"):
                await seen.press(*keys)
                assert all(character.isprintable() or character == "\n" for character in seen.text)
            assert "[/b] [@click=app.quit]x[/] ‹ESC›" in seen.words

    @pytest.mark.parametrize("size", [(80, 24), (60, 16)])
    async def test_many_views_scroll_within_the_terminal(self, size: tuple[int, int]) -> None:
        trail = [View(Query("7d"), f"author={number} " + "x" * 200) for number in range(100)]
        async with shown(trail, 50, size=size) as seen:
            assert "here  Last 7 days · author=50" in seen.text
            await seen.pilot.resize_terminal(size[0], 16)
            await seen.settle()
            assert "here  Last 7 days · author=50" in seen.text
            await seen.press("slash", "escape", "end")
            assert "Today" in seen.text
            assert seen.app.screen.query_one("#views").region.height <= min(22, size[1])
            assert "esc closes" in seen.text


class TestNarrowing:
    async def test_only_views_that_hold_the_text_are_shown(self) -> None:
        async with shown() as seen:
            await seen.press("slash", *"AN", "a")
            assert "author=ana" in seen.text
            assert "group" not in seen.text
            assert "Recent" not in seen.text

    @pytest.mark.parametrize("text", ["admin", "GROUP", "by author", "30 days"])
    async def test_name_search_filter_and_order_are_looked_at(self, text: str) -> None:
        async with shown() as seen:
            await seen.press(
                "slash", *(("space" if letter == " " else letter) for letter in text), "enter", "enter"
            )
            assert seen.app.given == [Choice(GROUPS, name="admin hunt")]

    async def test_the_cursor_moves_while_one_types_and_stays_on_its_view(self) -> None:
        async with shown() as seen:
            await seen.press("slash", "n", "down", "down", "a")
            await seen.press("ctrl+j", "ctrl+j")
            assert seen.app.given == [Choice(ANA, name="zoo")]

    async def test_where_none_holds_it_that_is_told(self) -> None:
        async with shown() as seen:
            await seen.press("slash", *"nowhere")
            assert "No view holds this text." in seen.text
            await seen.press("enter", "enter")
            assert seen.app.given == []

    async def test_esc_shows_all_again_and_then_closes(self) -> None:
        async with shown() as seen:
            await seen.press("slash", *"ana", "escape")
            assert "Today" in seen.text
            assert seen.app.given == []
            await seen.press("slash")
            assert seen.app.screen.query_one(Input).value == ""
            await seen.press("escape", "escape")
            assert seen.app.given == [None]


class TestDeleting:
    async def test_it_is_asked_for_once(self) -> None:
        shelf = Shelf()
        async with shown(shelf=shelf) as seen:
            await seen.press("j", "j", "d")
            assert words_below(seen) == "Press d again to delete “admin hunt”; esc keeps it."
            assert shelf.deleted == []
            await seen.press("d")
            assert shelf.deleted == ["admin hunt"]
            assert words_below(seen) == "Deleted: “admin hunt”."
            assert seen.text.count("admin hunt") == 1
            await seen.press("enter")
            assert seen.app.given == [Choice(ANA, name="zoo")]

    @pytest.mark.parametrize("keys", ["escape", "j k", "slash escape"])
    async def test_doing_something_else_keeps_it(self, keys: str) -> None:
        shelf = Shelf()
        async with shown(shelf=shelf) as seen:
            await seen.press("j", "j", "d", *keys.split(), "d")
            assert shelf.deleted == []
            assert seen.app.given == []

    @pytest.mark.parametrize("keys", ["", "end"])
    async def test_only_saved_views_can_be_deleted(self, keys: str) -> None:
        shelf = Shelf()
        async with shown(shelf=shelf) as seen:
            await seen.press(*keys.split(), "d", "d")
            assert words_below(seen) == "Only a saved view can be deleted."
            assert shelf.deleted == []

    async def test_the_last_one_takes_its_heading_with_it(self) -> None:
        async with shown(saved=(Named("zoo", ANA),)) as seen:
            await seen.press("j", "j", "d", "d")
            assert "Saved" not in seen.text

    async def test_a_failure_is_told_and_the_view_stays(self) -> None:
        shelf = Shelf(fault=NotRemembered("The disk is full.", remedy="Make room [/b]."))
        async with shown(shelf=shelf) as seen:
            await seen.press("j", "j", "d", "d")
            assert words_below(seen) == "The disk is full. Make room [/b]."
            assert "admin hunt" in seen.text


class TestTheName:
    async def test_the_title_is_proposed(self) -> None:
        async with seeing(NameScreen(ANA, ())) as seen:
            await seen.press("enter")
            assert seen.app.given == ["Last 7 days · author=ana"]

    @pytest.mark.parametrize("key", ["enter", "ctrl+j"])
    async def test_typing_replaces_the_proposal(self, key: str) -> None:
        async with seeing(NameScreen(ANA, ())) as seen:
            await seen.press("a", "space", "b", "space", key)
            assert seen.app.given == ["a b"]

    async def test_esc_saves_nothing(self) -> None:
        async with seeing(NameScreen(ANA, ())) as seen:
            await seen.press("q", "escape")
            assert seen.app.given == [None]

    async def test_a_name_that_exists_is_told(self) -> None:
        async with seeing(NameScreen(ANA, ("zoo",))) as seen:
            await seen.press(*"zo")
            assert "replaced" not in seen.words
            await seen.press("o")
            assert "There is a view of this name; saving replaces it." in seen.words
            await seen.press("enter")
            assert seen.app.given == []
            assert "enter again replaces it" in seen.words
            await seen.press("enter")
            assert seen.app.given == ["zoo"]

    @pytest.mark.parametrize(
        ("value", "words"),
        [("  ", "The view needs a name."), ("x" * 61, "A name has at most 60 characters; this has 61.")],
    )
    async def test_what_is_no_name_is_told_and_not_taken(self, value: str, words: str) -> None:
        async with seeing(NameScreen(ANA, ())) as seen:
            seen.app.screen.query_one(Input).value = value
            await seen.press("enter")
            assert words in seen.words
            assert seen.app.given == []

    @pytest.mark.parametrize("size", [(80, 24), (60, 16)])
    async def test_whatever_the_view_holds_the_proposal_is_a_name(self, size: tuple[int, int]) -> None:
        view = View(Query(HOSTILE, text=HOSTILE), HOSTILE)
        async with seeing(NameScreen(view, ()), size=size) as seen:
            assert all(character.isprintable() or character == "\n" for character in seen.text)
            assert "enter saves" in seen.text
            await seen.press("enter")
            assert len(seen.app.given) == 1
