"""Export from the explorer: which records go where, what is said meanwhile, and what is left of one that is cancelled."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

from auditui.demo import answers
from auditui.demo.answers import Answer
from auditui.demo.corpus import Corpus
from auditui.demo.server import Served, serve
from auditui.demo.site import DemoSite
from auditui.export.files import NewFile
from auditui.export.formats import exporter_named
from auditui.export.verify import verify
from auditui.session.rows_export import RowsExport
from auditui.session.scope import Scope
from auditui.ui.app import AudituiApp
from auditui.ui.screens.export import ExportScreen
from auditui.ui.screens.menu import Menu
from auditui.ui.widgets.date_field import LineInput
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
    shown_raws,
    until,
    when_loaded,
)
from tests.ui.gated import Gated


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where auditui was started."""
    started = tmp_path / "started"
    started.mkdir()
    monkeypatch.chdir(started)
    return started


def words(app: AudituiApp) -> str:
    """What was said in passing."""
    return " ".join(message.message for message in app._notifications)


async def ask(opened: Opened, scope: str, format: str = "l", name: str = "out.jsonl") -> AudituiApp:
    """Come to the file's name."""
    app, pilot = opened
    await pilot.press("e")
    await until(pilot, lambda: isinstance(app.screen, Menu))
    await pilot.press(scope)
    await until(pilot, lambda: "In which format?" in screen_text(app))
    await pilot.press(format)
    await until(pilot, lambda: isinstance(app.screen, ExportScreen))
    app.screen.query_one(LineInput).value = name
    await pilot.pause()
    return app


async def export(opened: Opened, scope: str, format: str = "l", name: str = "out.jsonl") -> Path:
    """Export, and wait until it is written."""
    app, pilot = await ask(opened, scope, format, name), opened[1]
    await pilot.press("enter")
    await until(pilot, lambda: "enter or esc closes" in screen_text(app))
    return Path.cwd() / name


def written(path: Path) -> list[Any]:
    """The records in a file of JSON Lines."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def said(raws: Iterable[str]) -> list[Any]:
    """What records' texts say."""
    return [json.loads(raw) for raw in raws]


def names(folder: Path) -> list[str]:
    """What is in a folder."""
    return sorted(each.name for each in folder.iterdir())


def manifest(path: Path) -> Any:
    return json.loads(path.with_name(f"{path.name}.manifest.json").read_bytes())


async def test_the_filtered_ones_are_exported_once_the_rest_is_loaded(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url, filter="author=System")) as opened:
        app, pilot = await when_loaded(opened)
        await filtered(opened, "author=System")
        path = await export(opened, "f")
        assert exploring(app).situation.progress.whole
        assert written(path) == said(shown_raws(app))
        told = manifest(path)
        assert told["records"] | {"newest": 0, "oldest": 0} == {
            "received": 5_000,
            "passed": len(written(path)),
            "written": len(written(path)),
            "newest": 0,
            "oldest": 0,
        }
        assert (told["complete"], told["filter"]["text"]) == (True, "author=System")
        assert "It is the whole answer." in " ".join(screen_text(app).split())
        assert verify(path).ok
        await pilot.press("enter")
        await until(pilot, lambda: "Exported" in screen_text(app))


async def test_only_what_is_loaded_is_exported_and_never_called_the_whole_answer(
    open_app: Open, served: Served
) -> None:
    async with open_app(options(served.url)) as opened:
        app, _pilot = await when_loaded(opened)
        path = await export(opened, "l")
        assert written(path) == said(record.raw for record in loaded_records(app))
        told = manifest(path)
        assert told["complete"] is False
        assert f"of the {exploring(app).loaded:,} newest records" in told["completeness"]
        assert "Not whole" in screen_text(app)


async def test_marked_records_go_out_in_the_sites_order(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url)) as opened:
        app, pilot = await when_loaded(opened)
        await pilot.press("j", "j", "space", "k", "k", "k", "space")
        path = await export(opened, "m")
        marked = sorted(investigation(app).rows.search.marked)  # type: ignore[union-attr]
        assert len(marked) == 2
        assert written(path) == said(loaded_records(app)[row].raw for row in marked)
        assert manifest(path)["selection"] == Scope.MARKED.value


async def test_shown_records_go_out_in_the_order_in_which_they_are_shown(
    open_app: Open, served: Served
) -> None:
    async with open_app(options(served.url, filter="-author=System", sort="author")) as opened:
        app, _pilot = await when_loaded(opened)
        await filtered(opened, "-author=System")
        path = await export(opened, "s")
        assert written(path) == said(shown_raws(app))
        assert manifest(path)["order"] == "by Author"


async def test_a_file_that_is_there_is_replaced_only_when_enter_says_so_twice(
    open_app: Open, served: Served, folder: Path
) -> None:
    old = folder / "out.jsonl"
    old.write_text("old")
    async with open_app(options(served.url)) as opened:
        await when_loaded(opened)
        app, pilot = await ask(opened, "l"), opened[1]
        await pilot.press("enter")
        await until(pilot, lambda: "enter again replaces it" in " ".join(screen_text(app).split()))
        assert old.read_text() == "old"
        await pilot.press("enter")
        await until(pilot, lambda: "enter or esc closes" in screen_text(app))
        assert written(old) == said(record.raw for record in loaded_records(app))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nowhere/out.csv", "There is no folder"),
        ("", "The file needs a name."),
        (".", "is a folder"),
        ("link.csv", "is a symbolic link"),
    ],
)
async def test_a_name_that_cannot_be_used_is_refused_below_the_field(
    open_app: Open, served: Served, folder: Path, name: str, words: str
) -> None:
    (folder / "link.csv").symlink_to(folder / "elsewhere")
    async with open_app(options(served.url)) as opened:
        await when_loaded(opened)
        app, pilot = await ask(opened, "l", name=name), opened[1]
        await until(pilot, lambda: words in " ".join(screen_text(app).split()))
        await pilot.press("enter")
        assert isinstance(app.screen, ExportScreen)
        assert names(folder) == ["link.csv"]


async def test_cancelling_writes_nothing_and_keeps_what_was_loaded(open_app: Open, folder: Path) -> None:
    gate = Gated(Corpus(3_000, NOW), page_cap=500)
    with serve(gate) as served:
        gate.let_through(2)
        async with open_app(options(served.url)) as opened:
            await when_loaded(opened)
            app, pilot = await ask(opened, "a"), opened[1]
            await until(pilot, lambda: gate.waiting or exploring(app).loaded < 1_000)
            await pilot.press("enter")
            await until(pilot, lambda: "Loading the rest first" in screen_text(app) and gate.waiting)
            assert names(folder) == [".out.jsonl.auditui-part"]
            await pilot.press("escape")
            await until(pilot, lambda: "no file was written" in screen_text(app))
            loaded = exploring(app).loaded
            await until(pilot, lambda: names(folder) == [])
            assert loaded > 0
            gate.let_through(100)
            await pilot.press("enter")
            await until(pilot, lambda: "enter or esc closes" in screen_text(app))
            assert len(written(folder / "out.jsonl")) == 3_000


async def test_a_failure_while_loading_is_told_and_writes_nothing(open_app: Open, folder: Path) -> None:
    with ExitStack() as while_it_runs:
        served = while_it_runs.enter_context(serve(DemoSite(Corpus(3_000, NOW), page_cap=500)))
        async with open_app(options(served.url)) as opened:
            await when_loaded(opened)
            app, pilot = await ask(opened, "a"), opened[1]
            while_it_runs.close()
            await pilot.press("enter")
            await until(
                pilot, lambda: "refused the connection" in " ".join(screen_text(app).split()), turns=6_000
            )
            await until(pilot, lambda: "enter exports" in screen_text(app) and names(folder) == [])


class Revoking(Gated):
    """A site that can refuse every token."""

    refuses = False

    def answer(self, method: str, target: str, headers: Mapping[str, str]) -> Answer:
        said = super().answer(method, target, headers)
        return answers.wrong_pair() if self.refuses else said


async def test_a_refused_token_names_the_way_on_and_another_try_begins_with_nothing_said(
    open_app: Open, folder: Path
) -> None:
    gate = Revoking(Corpus(3_000, NOW), page_cap=500)
    with serve(gate) as served:
        gate.let_through(100)
        async with open_app(options(served.url)) as opened:
            await when_loaded(opened)
            app, pilot = await ask(opened, "a"), opened[1]
            gate.refuses = True
            await pilot.press("enter")
            await until(pilot, lambda: "Here esc closes; then P signs in again." in screen_text(app))
            gate.refuses = False
            gate.hold()
            await pilot.press("enter")
            await until(pilot, lambda: gate.waiting)
            assert "Here esc closes" not in screen_text(app)
            await until(pilot, lambda: "Loading the rest first" in screen_text(app))
            gate.let_through(100)
            await until(pilot, lambda: "enter or esc closes" in screen_text(app))
            assert len(written(folder / "out.jsonl")) == 3_000


async def test_the_rest_is_not_loaded_by_two_at_once(open_app: Open, site: DemoSite, served: Served) -> None:
    async with open_app(options(served.url)) as opened:
        app, pilot = await when_loaded(opened)
        await pilot.press("L")
        path = await export(opened, "a")
        records = [record.raw for record in loaded_records(app)]
        assert len(records) == 5_000
        assert written(path) == said(records)
        starts = [int(asked.params["start"]) for asked in site.requests if "start" in asked.params]
        again = len(starts) - len(set(starts))
        assert again <= 4, "more than what was under way for the first one"


async def test_ctrl_c_cancels_the_export_and_not_the_app(open_app: Open, folder: Path) -> None:
    gate = Gated(Corpus(3_000, NOW), page_cap=500)
    with serve(gate) as served:
        gate.let_through(1)
        async with open_app(options(served.url)) as opened:
            await until(opened[1], lambda: exploring(opened[0]).loaded > 0)
            app, pilot = await ask(opened, "a"), opened[1]
            await pilot.press("enter")
            await until(pilot, lambda: "Loading the rest first" in screen_text(app))
            await pilot.press("ctrl+c")
            await until(pilot, lambda: "no file was written" in screen_text(app))
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is explorer(app))
            assert names(folder) == []
            gate.let_through(100)


async def test_hostile_names_are_inert(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url)) as opened:
        await when_loaded(opened)
        app, pilot = await ask(opened, "l", name="[@click=app.quit]\u202ex[b].csv"), opened[1]
        await until(pilot, lambda: "A new file" in screen_text(app))
        assert "\u202e" not in screen_text(app)
        assert "[@click=app.quit]" in screen_text(app)


class SlowDisk:
    """Whoever makes sure of a file waits at a gate."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.waiting, self.let = threading.Event(), threading.Event()
        self._real = os.fsync
        monkeypatch.setattr(os, "fsync", self._sync)

    def _sync(self, descriptor: int) -> None:
        self.waiting.set()
        assert self.let.wait(20)
        self._real(descriptor)


@pytest.mark.parametrize("times", [1, 3])
async def test_what_is_being_put_in_its_place_is_not_said_to_be_cancelled(
    open_app: Open, served: Served, folder: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    async with open_app(options(served.url)) as opened:
        await when_loaded(opened)
        app, pilot = await ask(opened, "l"), opened[1]
        disk = SlowDisk(monkeypatch)
        await pilot.press("enter")
        await until(pilot, disk.waiting.is_set)
        for _ in range(times):
            await pilot.press("escape")
        assert ".out.jsonl.auditui-part" in names(folder)
        disk.let.set()
        await until(pilot, lambda: "enter or esc closes" in screen_text(app))
        assert "no file was written" not in screen_text(app)
        assert names(folder) == ["out.jsonl", "out.jsonl.manifest.json"]
        assert verify(folder / "out.jsonl").ok


async def test_an_export_that_is_cancelled_at_once_leaves_the_name_free(
    open_app: Open, served: Served, folder: Path
) -> None:
    async with open_app(options(served.url)) as opened:
        app, _pilot = await when_loaded(opened)

        async def load(_changed: Callable[[], None]) -> None: ...

        def export() -> RowsExport:
            return RowsExport(
                investigation(app), Scope.LOADED, exporter_named("jsonl"), folder / "x.jsonl", load=load
            )

        for turns in range(8):
            task = asyncio.create_task(export().run(lambda: None))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            assert names(folder) == []
        await export().run(lambda: None)
        assert len(written(folder / "x.jsonl")) == exploring(app).loaded


async def test_no_export_begins_while_another_search_is_under_way(open_app: Open, folder: Path) -> None:
    gate = Gated(Corpus(3_000, NOW), page_cap=500)
    with serve(gate) as served:
        gate.let_through(1)
        async with open_app(options(served.url)) as opened:
            app, pilot = opened
            await until(pilot, lambda: exploring(app).loaded > 0 and not exploring(app).loading)
            await pilot.press("r")
            await until(pilot, lambda: gate.waiting)
            await pilot.press("e")
            await until(pilot, lambda: "Another search is under way." in screen_text(app))
            gate.let_through(100)


async def test_what_is_not_loaded_yet_can_be_exported_later(open_app: Open) -> None:
    gate = Gated(Corpus(3_000, NOW), page_cap=500)
    with serve(gate) as served:
        async with open_app(options(served.url)) as (app, pilot):
            await until(pilot, lambda: gate.waiting)
            await pilot.press("e")
            await until(
                pilot, lambda: "Nothing is loaded yet. Export when the site has answered." in words(app)
            )
            gate.let_through(100)


class Closing(DemoSite):
    """A site that the administrator's permission is taken away on."""

    closed = False

    def answer(self, method: str, target: str, headers: Mapping[str, str]) -> Answer:
        return answers.not_administrator() if self.closed else super().answer(method, target, headers)


async def test_after_a_search_that_failed_it_is_said_whose_records_these_are(open_app: Open) -> None:
    site = Closing(Corpus(3_000, NOW), page_cap=500)
    with serve(site) as served:
        async with open_app(options(served.url)) as opened:
            app, pilot = await when_loaded(opened)
            await until(pilot, lambda: settled(app))
            site.closed = True
            await pilot.press("r")
            await until(pilot, lambda: exploring(app).error is not None)
            await pilot.press("e")
            told = "These records are of the search before the one that failed. r tries again:"
            await until(pilot, lambda: told in words(app))


async def test_where_the_first_search_failed_there_is_nothing_to_export(open_app: Open) -> None:
    site = Closing(Corpus(3_000, NOW), page_cap=500)
    site.closed = True
    with serve(site) as served:
        async with open_app(options(served.url)) as (app, pilot):
            await until(pilot, lambda: exploring(app).error is not None)
            await pilot.press("e")
            await until(pilot, lambda: "Nothing is loaded that could be exported." in words(app))


async def test_a_folder_that_was_removed_is_told(open_app: Open, served: Served, folder: Path) -> None:
    async with open_app(options(served.url)) as opened:
        await when_loaded(opened)
        await asyncio.to_thread(folder.rmdir)
        app = await ask(opened, "l")
        await until(opened[1], lambda: "leads to no folder" in " ".join(screen_text(app).split()))


async def test_what_only_marked_hides_is_exported_by_the_filter(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url, filter="-author=System")) as opened:
        app, pilot = await when_loaded(opened)
        await pilot.press("L")
        await until(pilot, lambda: exploring(app).situation.progress.whole and settled(app))
        every = said(shown_raws(app))
        await pilot.press("space", "j", "space", "M")
        await until(pilot, lambda: investigation(app).count == 2)
        await pilot.press("e")
        await until(pilot, lambda: "that pass the filter" in screen_text(app))
        assert "loads what is below" not in screen_text(app)
        await pilot.press("escape")
        path = await export(opened, "f")
        assert written(path) == every


async def test_an_unfinished_export_of_the_shell_is_not_thrown_away_unasked(
    open_app: Open, served: Served, folder: Path
) -> None:
    left = NewFile.begin(folder / "out.jsonl")
    left.stream.write(b"x")
    left.checkpoint(b"a note")
    left.abandon(keep=True)
    async with open_app(options(served.url)) as opened:
        await when_loaded(opened)
        app, pilot = await ask(opened, "l"), opened[1]
        await until(pilot, lambda: "There is an unfinished export" in " ".join(screen_text(app).split()))
        await pilot.press("enter")
        await until(pilot, lambda: "enter again replaces it" in " ".join(screen_text(app).split()))
        await pilot.press("enter")
        await until(pilot, lambda: "enter or esc closes" in screen_text(app))
        assert names(folder) == ["out.jsonl", "out.jsonl.manifest.json"]
