"""How the screens look. Few pictures, each for something that only a picture shows.

After a wanted change: `pytest tests/ui/test_snapshots.py --snapshot-update`, then look at every picture.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Any

import pytest
from textual.pilot import Pilot

from auditui.account.given import Given
from auditui.account.settings import Settings
from auditui.demo.corpus import Corpus
from auditui.model.query import Query
from auditui.model.when import Zone
from auditui.session.run import Options, Run
from auditui.ui.app import AudituiApp
from auditui.ui.themes import FEW_COLOURS
from auditui.ui.widgets.detail import Detail
from auditui.ui.widgets.facets import Facets
from auditui.ui.widgets.record_table import RecordTable
from auditui.ui.widgets.timeline import Timeline
from tests.ui.driving import NOW, explorer, exploring, investigation, screen_text, until, when_loaded

SIZES = [(80, 24), (120, 36), (160, 45)]
RECORDS = 5_000
LAST = NOW - NOW % 3_600_000  # the demo's log ends with the last full hour

Compare = Callable[..., bool]
Before = Callable[[Pilot[Any]], Awaitable[None]]


@pytest.fixture
def make_app() -> Iterator[Callable[..., AudituiApp]]:
    """Makes the app on the demo site at a fixed moment."""
    runs: list[Run] = []

    def make(query: Query | None = None, records: int | None = RECORDS, ascii: bool = False) -> AudituiApp:
        options = Options(
            given=Given(), zone=Zone("UTC"), query=query or Query(), demo_records=records, ascii=ascii
        )
        runs.append(Run(options, Settings(), clock=lambda: NOW))
        return AudituiApp(runs[-1])

    yield make
    for run in runs:
        run.close()


def row_of(summary: str, *, among: range) -> int:
    corpus = Corpus(RECORDS, LAST)
    return next(row for row in among if corpus.record(row)["summary"] == summary)


def on_row(row: int, *keys: str) -> Before:
    """Go to a row, let the record follow, then press keys."""

    async def before(pilot: Pilot[Any]) -> None:
        await pilot.pause()
        screen = pilot.app.screen
        table = screen.query_one(RecordTable)
        await until(pilot, lambda: table.loaded > row)
        table.move_to(row + 15)
        table.move_to(row)
        detail = screen.query_one(Detail)
        if detail.display:
            await until(pilot, lambda: bool(detail._shown and detail._shown[0] is not None))
            assert isinstance(pilot.app, AudituiApp)
            await until(pilot, partial(counted, pilot.app))
        await pilot.press(*keys)
        await pilot.pause()

    return before


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_explorer_on_the_incident(snap_compare: Compare, make_app: Any, size: tuple[int, int]) -> None:
    row = row_of("Space exported", among=Corpus(RECORDS, LAST).incident)
    assert snap_compare(make_app(), terminal_size=size, run_before=on_row(row))


def test_a_record_on_a_narrow_screen(snap_compare: Compare, make_app: Any) -> None:
    row = row_of("User details updated", among=Corpus(RECORDS, LAST).incident)

    async def before(pilot: Pilot[Any]) -> None:
        await on_row(row, "enter")(pilot)
        await until(pilot, lambda: "Changed values" in screen_text(pilot.app))

    assert snap_compare(make_app(), terminal_size=(80, 24), run_before=before)


def test_hostile_text_is_spelled_out(snap_compare: Compare, make_app: Any) -> None:
    corpus = Corpus(RECORDS, LAST)
    row = next(row for row in range(2_000) if "\x1b" in str(corpus.record(row)["author"]["displayName"]) or
               "\u202e" in str(corpus.record(row)["author"]["displayName"]))  # fmt: skip
    assert row < 1_000
    assert snap_compare(make_app(), terminal_size=(120, 36), run_before=on_row(row))


def test_nothing_matches(snap_compare: Compare, make_app: Any) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await until(pilot, lambda: "No records" in screen_text(pilot.app))

    query = Query("7d", text="nobodysuchword")
    assert snap_compare(make_app(query), terminal_size=(80, 24), run_before=before)


def test_nothing_saved_asks_to_sign_in(
    snap_compare: Compare, make_app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/nowhere/config")  # the path stands on the screen

    async def before(pilot: Pilot[Any]) -> None:
        await until(pilot, lambda: "no keyring that can be used here" in screen_text(pilot.app))

    assert snap_compare(make_app(records=None), terminal_size=(80, 24), run_before=before)


def looking_at(filter: str, *keys: str) -> Before:
    """Type a filter and keep it, press keys, and wait for the counts of it all."""

    async def before(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, AudituiApp)
        await pilot.pause()
        await when_loaded((app, pilot))
        await pilot.press("slash", *(_KEYS.get(character, character) for character in filter), "enter")
        await until(pilot, lambda: investigation(app).wanted.text == filter and not exploring(app).loading)
        await until(pilot, lambda: counted(app))
        for key in keys:  # each after what it moves on is there
            await pilot.press(key)
            await until(pilot, lambda: counted(app))
        await pilot.pause()

    return before


def counted(app: AudituiApp) -> bool:
    """Whether the panes that can be seen tell of all that is shown, and will tell nothing else by themselves."""
    screen = explorer(app)
    count, strip, pane = investigation(app).count, screen.query_one(Timeline), screen.query_one(Facets)
    drawn, told = strip._picture, pane._picture
    return (
        screen._counting is None
        and not any(
            worker.is_running for worker in app.workers if worker.group in ("count", "apply", "follow")
        )
        and (not strip.display or (drawn is not None and sum(drawn.counts) + drawn.aside == count))
        and (not pane.display or (told is not None and told.matched == count))
    )


_KEYS = {":": "colon", " ": "space", ".": "full_stop"}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_filter_decides_what_is_shown_and_counted(
    snap_compare: Compare, make_app: Any, size: tuple[int, int]
) -> None:
    assert snap_compare(make_app(), terminal_size=size, run_before=looking_at("ip:192.0.2.2", "j"))


@pytest.mark.parametrize(
    "pane", [("f", "j", "space"), ("i", "h", "space", "h"), ("p",)], ids=["facets", "timeline", "pivot"]
)
def test_what_an_investigator_opens_at_80x24(
    snap_compare: Compare, make_app: Any, pane: tuple[str, ...]
) -> None:
    keys = pane if pane[0] != "p" else ()

    async def before(pilot: Pilot[Any]) -> None:
        await looking_at("export", *keys)(pilot)
        if not keys:
            await pilot.press(*pane)
            await pilot.pause()

    assert snap_compare(make_app(), terminal_size=(80, 24), run_before=before)


def test_a_filter_with_a_fault_points_at_the_place(snap_compare: Compare, make_app: Any) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await on_row(3, "slash", *"event", "colon", *"user", "space", *"authr", "colon", "x")(pilot)
        await until(pilot, lambda: "^^^^^" in screen_text(pilot.app))

    assert snap_compare(make_app(), terminal_size=(80, 24), run_before=before)


@pytest.mark.parametrize(
    "keys",
    [("s",), ("question_mark",), ("e", "a"), ("e", "a", "c")],
    ids=["search", "help", "formats", "export"],
)
def test_what_opens_over_the_explorer_at_80x24(
    snap_compare: Compare, make_app: Any, keys: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")  # the folder is named
    assert snap_compare(make_app(), terminal_size=(80, 24), run_before=on_row(3, *keys))


@pytest.mark.parametrize("poor", ["16 colours", "no colour", "ascii"])
@pytest.mark.parametrize("keys", [("enter",), ("p",)], ids=["record", "pivot"])
def test_poor_terminals_at_80x24(
    snap_compare: Compare, make_app: Any, monkeypatch: pytest.MonkeyPatch, poor: str, keys: tuple[str, ...]
) -> None:
    if poor == "no colour":
        monkeypatch.setenv("NO_COLOR", "1")
    app = make_app(ascii=poor == "ascii")
    if poor == "16 colours":
        app.theme = FEW_COLOURS.name
    row = row_of("User details updated", among=Corpus(RECORDS, LAST).incident)
    assert snap_compare(app, terminal_size=(80, 24), run_before=on_row(row, *keys))
