"""Coming back to where an earlier run was: the same records, marks, cursor and way back, and what is said of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from auditui.account.sessions import Sessions
from auditui.account.settings import Settings
from auditui.cli import parser
from auditui.commands.resume import resumed_options
from auditui.demo.answers import Answer, fault
from auditui.demo.corpus import Corpus
from auditui.demo.server import Served, serve
from auditui.demo.site import EMAIL, TOKEN, DemoSite
from auditui.model.errors import UsageError
from auditui.model.resumption import fingerprint
from auditui.session.run import Options, Run
from auditui.ui.app import AudituiApp
from tests.ui.driving import (
    NOW,
    Opened,
    explorer,
    exploring,
    filtered,
    investigation,
    options,
    pages_asked,
    screen_text,
    settled,
    table,
    until,
    when_loaded,
)
from tests.ui.gated import Gated

LATER = NOW + 3_600_000


@asynccontextmanager
async def opened(chosen: Options, *, now: int = NOW, ends_with: int = 129) -> AsyncIterator[Opened]:
    """The app at a moment, by this machine's clock, until the line drops."""
    run = Run(chosen, Settings(), clock=lambda: now)
    app = AudituiApp(run)
    try:
        async with app.run_test(size=(120, 36), notifications=True, tooltips=True) as pilot:
            yield app, pilot
            app.exit(return_code=ends_with)
    finally:
        run.close()


@asynccontextmanager
async def resumed(chosen: Options, *, now: int = LATER) -> AsyncIterator[Opened]:
    """The app with --resume, some time later."""
    resuming = resumed_options(parser().parse_args(["--resume"]), "utc", 1000)
    async with opened(replace(resuming, environ=chosen.environ), now=now) as (app, pilot):
        yield app, pilot


def kept_files(names: str = "session-*.json") -> dict[Path, str]:
    """What is in the state folder's files."""
    return {path: path.read_text() for path in Sessions().folder.glob(names)}


async def back(opened: Opened) -> None:
    """Wait until one is back where one was."""
    app, pilot = opened
    await until(pilot, lambda: exploring(app).search is not None and settled(app))
    await until(pilot, lambda: explorer(app)._returning is None and explorer(app)._under_way is None)
    await pilot.pause()


def here(app: AudituiApp) -> str:
    """The text of the cursor's record."""
    line = investigation(app).line(table(app).cursor)
    return line.record.raw if line else ""


def marked(app: AudituiApp) -> set[str]:
    """The texts of the marked records."""
    search = exploring(app).search
    return set(search.texts(sorted(search.marked)).values()) if search else set()


async def at_row(opened: Opened, row: int) -> None:
    """Put the cursor on a row that has to be loaded first."""
    app, pilot = opened
    while exploring(app).loaded <= row:
        await pilot.press("G")
        await until(pilot, lambda: not exploring(app).loading)
    table(app).move_to(row)
    await pilot.pause()


async def test_a_record_far_down_is_found_again_though_late_records_moved_it(
    site: DemoSite, served: Served
) -> None:
    chosen = options(served.url)
    async with opened(chosen) as (app, pilot):
        await when_loaded((app, pilot))
        await at_row((app, pilot), 1_230)  # some rows before the end of a page
        await pilot.press("space", "j", "j")
        was, marks = here(app), marked(app)
        assert len(marks) == 1
    site.arrive_late(15, depth=100)
    async with resumed(chosen) as (app, pilot):
        await back((app, pilot))
        assert here(app) == was
        assert marked(app) == marks
        assert table(app).cursor == 1_233 + 15
        assert "not found again" not in screen_text(app)


async def test_on_the_way_there_it_says_how_far_it_is_and_esc_stops() -> None:
    site = Gated(Corpus(5_000, NOW), page_cap=250)
    with serve(site) as served:
        chosen = options(served.url)
        site.let_through(100)
        async with opened(chosen) as (app, pilot):
            await when_loaded((app, pilot))
            await at_row((app, pilot), 1_240)
            await pilot.press("space")
            marks = marked(app)
        site.hold()
        async with resumed(chosen) as (app, pilot):
            site.let_through(2)
            await until(pilot, lambda: "Resuming (esc cancels): 497 of at least 1,242" in screen_text(app))
            await pilot.press("escape")
            await until(pilot, lambda: "cancelled: r goes on" in screen_text(app))
            site.let_through(100)
            await pilot.press("r")
            await until(pilot, lambda: marked(app) == marks)


async def test_only_the_marked_ones_are_shown_again_in_their_order(served: Served) -> None:
    chosen = options(served.url, sort="author")
    async with opened(chosen) as (app, pilot):
        await when_loaded((app, pilot))
        await pilot.press("space", "j", "space", "j", "space", "M")
        await until(pilot, lambda: investigation(app).shown.only_marked)
        await pilot.press("j")
        was, marks = here(app), marked(app)
        assert len(marks) == 3
    async with resumed(chosen) as (app, pilot):
        await back((app, pilot))
        await until(pilot, lambda: investigation(app).shown.only_marked and table(app).loaded == 3)
        assert (here(app), marked(app)) == (was, marks)
        assert "by Author" in screen_text(app)
        await pilot.press("less_than_sign")
        await until(pilot, lambda: not investigation(app).shown.only_marked)


async def test_what_was_written_since_comes_with_r_and_the_marks_stay(site: DemoSite, served: Served) -> None:
    chosen = options(served.url)
    async with opened(chosen) as (app, pilot):
        await when_loaded((app, pilot))
        await pilot.press("j", "space")
        was = marked(app)
    site.grow(5)
    async with resumed(chosen) as (app, pilot):
        await back((app, pilot))
        assert "as of 2030-03-17 17:46" in screen_text(app)
        assert "r reads anew" in screen_text(app)
        search = exploring(app).search
        assert search is not None
        assert search.marked == {1}
        await pilot.press("r")
        await until(pilot, lambda: exploring(app).search is not search and settled(app))
        assert "as of" not in screen_text(app)
        again = exploring(app).search
        assert again is not None
        assert again.marked == {6}
        assert marked(app) == was


async def test_a_search_one_came_from_is_made_again_as_it_was_with_its_marks(
    site: DemoSite, served: Served
) -> None:
    chosen = options(served.url)
    async with opened(chosen) as (app, pilot):
        await when_loaded((app, pilot))
        await pilot.press("j", "space", "j")
        was, marks = here(app), marked(app)
        first = exploring(app).search
        explorer(app)._set_out(replace(exploring(app).asked, text="group"))
        await until(pilot, lambda: exploring(app).search is not first and settled(app))
        await pilot.press("space")
        assert len(marked(app)) == 1
        assert marked(app) != marks
    async with resumed(chosen) as (app, pilot):
        await back((app, pilot))
        assert "“group”" in screen_text(app)
        second = exploring(app).search
        await pilot.press("less_than_sign")
        await until(pilot, lambda: exploring(app).search is not second and settled(app) and here(app) == was)
        assert marked(app) == marks
        ends = {asked.params["endDate"] for asked in pages_asked(site)}
        assert ends == {str(NOW)}


async def test_another_account_gets_nothing_of_it_and_hears_so(site: DemoSite, served: Served) -> None:
    chosen = options(served.url, filter="author=system")
    async with opened(chosen) as (app, pilot):
        await filtered((app, pilot), "system")
        await pilot.press("space", "j", "j")
    kept = list(kept_files().values())
    with serve(DemoSite(Corpus(5_000, NOW), page_cap=250)) as other:
        async with resumed(options(other.url)) as (app, pilot):
            await until(pilot, lambda: "nothing to resume" in screen_text(app))
            assert marked(app) == set()
            assert "system" not in investigation(app).view.filter
            assert "as of" not in screen_text(app)
    assert kept[0] in list(kept_files().values())


async def test_each_account_comes_back_to_its_own_though_another_one_s_is_newer(
    site: DemoSite, served: Served
) -> None:
    async with opened(options(served.url)) as (app, pilot):
        await when_loaded((app, pilot))
        await pilot.press("j", "space", "j")
        mine = marked(app)
    with serve(DemoSite(Corpus(5_000, NOW), page_cap=250)) as other:
        async with opened(options(other.url), now=LATER) as (app, pilot):
            await when_loaded((app, pilot))
            await pilot.press("space", "space", "space")
    async with resumed(options(served.url)) as (app, pilot):
        await until(pilot, lambda: marked(app) == mine)
        assert "as of" in screen_text(app)


async def test_esc_before_the_first_page_and_then_r_loses_no_mark() -> None:
    site = Gated(Corpus(5_000, NOW), page_cap=250)
    with serve(site) as served:
        chosen = options(served.url)
        site.let_through(100)
        async with opened(chosen) as (app, pilot):
            await when_loaded((app, pilot))
            await at_row((app, pilot), 700)
            await pilot.press("space", "j", "space")
            mine = marked(app)
        site.hold()
        async with resumed(chosen) as (app, pilot):
            await until(pilot, lambda: site.waiting)
            await pilot.press("escape")
            await until(pilot, lambda: not exploring(app).situation.doing)
            site.let_through(100)
            await pilot.press("r")
            await until(pilot, lambda: marked(app) == mine)
            assert "as of" in screen_text(app)
        assert (
            sum(len(each["marks"]) for each in json.loads(next(iter(kept_files().values())))["searches"]) == 2
        )


async def test_marked_records_that_are_gone_are_told(served: Served, site: DemoSite) -> None:
    chosen = options(served.url)
    async with opened(chosen) as (app, pilot):
        await when_loaded((app, pilot))
        await pilot.press("space", "j", "space")
    path = next(iter(kept_files()))
    marks = json.loads(path.read_text())["searches"][0]["marks"]
    path.write_text(path.read_text().replace(marks[0][1], "0" * 32))
    async with resumed(chosen) as (app, pilot):
        await back((app, pilot))
        assert len(marked(app)) == 1
        await until(pilot, lambda: "1 of the marked records" in " ".join(screen_text(app).split()))


async def test_a_failure_on_the_way_back_takes_nothing_and_r_goes_on(served: Served, site: DemoSite) -> None:
    chosen = options(served.url)
    async with opened(chosen) as (app, pilot):
        await when_loaded((app, pilot))
        await pilot.press("j", "space", "j")
        was, marks = here(app), marked(app)
    kept = kept_files()
    answer = site.answer
    site.answer = _refuse  # type: ignore[assignment]
    async with resumed(chosen) as (app, pilot):
        await until(pilot, lambda: exploring(app).error is not None)
    assert kept_files() == kept
    async with resumed(chosen) as (app, pilot):
        await until(pilot, lambda: exploring(app).error is not None)
        site.answer = answer  # type: ignore[method-assign]
        await pilot.press("r")
        await back((app, pilot))
        assert (here(app), marked(app)) == (was, marks)


def _refuse(*_: object) -> Answer:
    return fault(404, "No such thing.")


def texts(value: object) -> Iterator[str]:
    """All texts in a JSON value, but for the names of fields."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts(item)


async def test_nothing_that_is_secret_or_a_record_is_kept(served: Served) -> None:
    chosen = options(served.url)
    async with opened(chosen) as (app, pilot):
        await when_loaded((app, pilot))
        await pilot.press("space", "space", "slash", *"system", "enter")
        await filtered((app, pilot), "system")
        records = [line.record for line in investigation(app).window(0, 20)]
    kept = [text for content in kept_files("*.json").values() for text in texts(json.loads(content))]
    assert "system" in kept
    assert fingerprint(records[0].raw) in kept
    told = {
        text for record in records for text in (record.raw, record.author.name, record.event, record.address)
    }
    for secret in {TOKEN, EMAIL, served.url, "127.0.0.1"} | told - {""}:
        assert not [text for text in kept if secret in text]
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept_files("*"))


async def test_where_nothing_can_be_kept_that_is_told_once_each_time_and_exploring_goes_on(
    served: Served, home: Path
) -> None:
    def told() -> bool:
        return "Nothing is kept for --resume" in " ".join(screen_text(app).split())

    folder = home / "state" / "auditui"
    folder.parent.mkdir()
    folder.write_text("in the way")
    async with opened(options(served.url)) as (app, pilot):
        await when_loaded((app, pilot))
        await until(pilot, told)
        await pilot.press("j", "space")
        assert len(marked(app)) == 1
        folder.unlink()
        app.clear_notifications()
        await pilot.press("space")
        await until(pilot, lambda: bool(kept_files("*.json")))
        assert not told()
        folder.rename(home / "elsewhere")
        folder.write_text("in the way again")
        await pilot.press("space")
        await until(pilot, told)


async def test_the_start_after_a_broken_off_run_says_how_to_go_on(served: Served) -> None:
    async with opened(options(served.url)) as (app, pilot):
        await when_loaded((app, pilot))
        await pilot.press("j", "space")
    async with opened(options(served.url)) as (app, pilot):
        await until(pilot, lambda: "auditui --resume goes on there" in screen_text(app))


async def test_a_run_in_which_nothing_was_done_does_not_take_the_place_of_one_to_resume(
    served: Served,
) -> None:
    async with opened(options(served.url)) as (app, pilot):
        await when_loaded((app, pilot))
        await pilot.press("j", "space")
    before = kept_files()
    async with opened(options(served.url), ends_with=0) as (app, pilot):
        await when_loaded((app, pilot))
        await until(pilot, lambda: "auditui --resume goes on there" in screen_text(app))
    assert kept_files() == before


@pytest.mark.parametrize("option", ["--since=7d", "--filter=ana", "--sort=author", "--demo-records=7"])
def test_another_question_does_not_go_with_resume(option: str) -> None:
    with pytest.raises(UsageError) as raised:
        resumed_options(parser().parse_args(["--resume", option]), "utc", 1000)
    assert option.partition("=")[0] in raised.value.sentences()


def test_nothing_to_resume_is_one_sentence_and_status_2() -> None:
    with pytest.raises(UsageError) as raised:
        resumed_options(parser().parse_args(["--resume"]), "utc", 1000)
    assert (raised.value.sentences(), raised.value.exit_status) == (
        "There is nothing to resume. Start auditui without --resume.",
        2,
    )
