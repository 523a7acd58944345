"""The columns are chosen, ordered and widened on a copy, and given as a layout."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.widgets import OptionList

from auditui.model.columns import COLUMNS, DEFAULT_LAYOUT, WIDER_MOST, Layout
from auditui.ui.screens.columns import ColumnsScreen
from tests.ui.driving import Seen, seeing

CHOSEN = Layout((("event", 4), ("time", -2)))


@asynccontextmanager
async def shown(
    layout: Layout = DEFAULT_LAYOUT, *, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Seen[Layout | None]]:
    async with seeing(ColumnsScreen(layout), size=size) as seen:
        yield seen


def listed(seen: Seen[Layout | None]) -> list[str]:
    """The columns as they stand in the list, marks and extra cells included."""
    lines = [line.strip(" │") for line in seen.text.splitlines()]
    return [" ".join(line[:26].split()) for line in lines if line.startswith("[")]


async def given(seen: Seen[Layout | None], *keys: str) -> Layout | None:
    await seen.press(*keys, "enter")
    (layout,) = seen.app.given
    return layout


async def test_shown_columns_come_first_and_every_other_after_them() -> None:
    async with shown(CHOSEN) as seen:
        assert listed(seen)[:4] == ["[x] Event +4", "[x] Time -2", "[ ] Author", "[ ] Object"]
        assert len(listed(seen)) == len(COLUMNS)
        assert "the author's account id" in seen.text


@pytest.mark.parametrize("layout", [DEFAULT_LAYOUT, CHOSEN])
@pytest.mark.parametrize("key", ["enter", "ctrl+j"])
async def test_untouched_it_gives_what_it_got(layout: Layout, key: str) -> None:
    async with shown(layout) as seen:
        await seen.press(key)
        assert seen.app.given == [layout]


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_esc_leaves_all_as_it_was(key: str) -> None:
    async with shown() as seen:
        await seen.press("space", "J", "plus", key)
        assert seen.app.given == [None]


async def test_space_shows_and_hides() -> None:
    async with shown(CHOSEN) as seen:
        await seen.press("j", "space", "j", "space")
        assert listed(seen)[:3] == ["[x] Event +4", "[ ] Time -2", "[x] Author"]
        assert await given(seen) == Layout((("event", 4), ("author", 0)))


async def test_one_column_stays_shown() -> None:
    async with shown(CHOSEN) as seen:
        await seen.press("space", "j", "space")
        assert "One column stays shown." in seen.text
        assert await given(seen) == Layout((("time", -2),))


async def test_a_column_moves_and_the_cursor_with_it() -> None:
    async with shown() as seen:
        await seen.press("J", "J")
        assert listed(seen)[:3] == ["[x] Author", "[x] Event", "[x] Time"]
        await seen.press("K", "plus")
        layout = await given(seen)
        assert layout is not None
        assert layout.shown[:3] == (("author", 0), ("time", 2), ("event", 0))


async def test_nothing_moves_beyond_the_ends() -> None:
    async with shown() as seen:
        before = listed(seen)
        await seen.press("K", "end", "J")
        assert listed(seen) == before


@pytest.mark.parametrize(
    ("keys", "extra"),
    [("plus", 2), ("l l", 4), ("equals_sign", 2), ("minus", -2), ("h h", -4), ("plus h minus", -2)],
)
async def test_keys_make_it_wider_and_narrower(keys: str, extra: int) -> None:
    async with shown(Layout((("author", 0),))) as seen:
        await seen.press(*keys.split())
        assert listed(seen)[0] == f"[x] Author {extra:+}"
        assert await given(seen) == Layout((("author", extra),))


@pytest.mark.parametrize(
    ("extra", "key", "words"),
    [(-6, "h", "Author is as narrow as it can be."), (WIDER_MOST, "l", "Author is as wide as it can be.")],
)
async def test_the_limits_are_told(extra: int, key: str, words: str) -> None:
    async with shown(Layout((("author", extra),))) as seen:
        await seen.press(key)
        assert words in seen.text
        assert await given(seen) == Layout((("author", extra),))


async def test_0_is_back_to_the_default() -> None:
    async with shown(CHOSEN) as seen:
        await seen.press("0")
        assert listed(seen)[:2] == ["[x] Time", "[x] Author"]
        assert await given(seen) == DEFAULT_LAYOUT


async def test_a_click_shows_or_hides_and_closes_nothing() -> None:
    async with shown() as seen:
        await seen.pilot.click(OptionList, offset=(2, 1))
        assert listed(seen)[1] == "[ ] Author"
        assert seen.app.given == []


async def test_it_fits_a_small_terminal() -> None:
    async with shown(size=(60, 16)) as seen:
        assert len(listed(seen)) == len(COLUMNS)
        assert "0 default" in seen.words
        assert "enter applies" in seen.text
        assert seen.app.screen.query_one("#columns").region.height <= 16
