"""Copying from the explorer: what is copied, what can be chosen, and what the status line says of it.

The copies go to files here, so that they can be read; how they get elsewhere is tried in real terminals
(`test_clipboard_process.py`) and with real programs (`session/test_clipboard.py`).
"""

from __future__ import annotations

import asyncio
import json
import os
import shlex
from dataclasses import replace
from pathlib import Path

from textual.widgets import Input

from auditui.cli import parser
from auditui.demo.server import Served, serve
from auditui.demo.site import EMAIL, TOKEN
from auditui.model.query import Query
from auditui.model.when import Zone
from auditui.session.copies import as_lines
from auditui.session.run import Options
from auditui.ui.app import AudituiApp
from auditui.ui.screens.menu import Menu
from auditui.ui.screens.shell_line import ShellLineScreen
from auditui.ui.widgets.token_input import TokenInput
from tests.hostile_site import HostileSite
from tests.ui.driving import (
    Open,
    Opened,
    exploring,
    options,
    screen_text,
    settled,
    shown,
    shown_raws,
    table,
    until,
    when_loaded,
)

UTC = Zone("UTC")


def to_files(given: Options, home: Path) -> Options:
    """The same, with copies that go to files of a private folder."""
    files = {"AUDITUI_CLIPBOARD": "file", "XDG_RUNTIME_DIR": str(home / "run")}
    return replace(given, environ={**given.environ, **files})


def copies(home: Path) -> list[str]:
    """What was copied so far."""
    return [file.read_text() for file in sorted((home / "run" / "auditui").glob("copied-*.txt"))]


async def copied(opened: Opened, home: Path, *keys: str) -> str:
    """What these keys copy."""
    app, pilot = opened
    before = len(copies(home))
    for key in keys:
        await pilot.press(key)
    await until(pilot, lambda: len(copies(home)) > before and not app.screen_stack[0].workers._workers)
    return copies(home)[-1]


def words(app: AudituiApp) -> str:
    """What stands on the screen, in one line and without borders."""
    return " ".join(screen_text(app).replace("│", " ").split())


async def menu(opened: Opened) -> str:
    """What the menu of copies says."""
    app, pilot = opened
    await pilot.press("Y")
    await until(pilot, lambda: isinstance(app.screen, Menu))
    return words(app)


async def test_y_copies_the_record_under_the_cursor_and_says_where_it_is(
    open_app: Open, url: str, home: Path
) -> None:
    async with open_app(to_files(options(url), home), size=(80, 24)) as opened:
        app, pilot = await when_loaded(opened)
        await pilot.press("j", "j")
        text = await copied(opened, home, "y")
        assert text == as_lines([shown(app)[2]], UTC).text
        await until(pilot, lambda: "Wrote 1 record as one line" in screen_text(app))
        said = screen_text(app).split("Wrote ")[1]
        assert f"{len(text.encode()):,} B" in said
        assert "(0600)." in said
        await pilot.press("j")
        await until(pilot, lambda: "Wrote" not in screen_text(app))


async def test_the_cells_value_is_copied_and_the_menu_names_it(open_app: Open, url: str, home: Path) -> None:
    async with open_app(to_files(options(url), home)) as opened:
        app, pilot = await when_loaded(opened)
        record = shown(app)[0]
        assert await copied(opened, home, "Y", "c") == record.author.label
        await pilot.press("l")
        assert f"c Event {record.event}" in await menu(opened)
        assert await copied(opened, home, "c") == record.event
        await until(pilot, lambda: "the cell Event" in screen_text(app))


async def test_an_empty_cell_cannot_be_chosen(open_app: Open, url: str, home: Path) -> None:
    async with open_app(to_files(options(url, filter='ip=""'), home)) as opened:
        app, pilot = await when_loaded(opened)
        await until(pilot, lambda: settled(app) and bool(shown(app)))
        while table(app).column is None or table(app).column.key != "address":  # type: ignore[union-attr]
            await pilot.press("l")
        assert "- Address empty" in await menu(opened)
        await pilot.press("c")
        assert isinstance(app.screen, Menu)


async def test_json_is_the_record_as_the_site_sent_it(open_app: Open, url: str, home: Path) -> None:
    async with open_app(to_files(options(url), home)) as opened:
        app, _pilot = await when_loaded(opened)
        text = await copied(opened, home, "Y", "n")
        assert json.loads(text) == json.loads(shown_raws(app)[0])
        assert "\n" not in text


async def test_markdown_is_an_item_of_a_list(open_app: Open, url: str, home: Path) -> None:
    async with open_app(to_files(options(url), home)) as opened:
        await when_loaded(opened)
        assert (await copied(opened, home, "Y", "m")).startswith("- ")


async def test_the_command_opens_the_view_and_holds_neither_token_nor_e_mail(
    open_app: Open, url: str, home: Path
) -> None:
    given = options(url, query=Query("90d", text="user"), filter='-"\' $HOME"', sort="-author")
    async with open_app(to_files(given, home)) as opened:
        await when_loaded(opened)
        line = await copied(opened, home, "Y", "s")
        words = shlex.split(line)
        again = parser().parse_args(words[1:])
        assert words[0] == "auditui"
        assert (again.since, again.search, again.filter, again.sort) == (
            "90d",
            "user",
            '-"\' $HOME"',
            "-author",
        )
        assert TOKEN not in line
        assert EMAIL not in line
        assert "token" not in line


async def test_marked_records_are_copied_together_in_the_order_of_the_log(
    open_app: Open, url: str, home: Path
) -> None:
    async with open_app(to_files(options(url), home)) as opened:
        app, pilot = await when_loaded(opened)
        assert "marked" not in await menu(opened)
        await pilot.press("escape", "j", "j", "space", "g", "space", "space")
        some = shown(app)[:3]
        assert "L 3 marked: lines" in await menu(opened)
        assert await copied(opened, home, "L") == as_lines(some, UTC).text
        lines = (await copied(opened, home, "Y", "N")).split("\n")
        assert [json.loads(line) for line in lines] == [json.loads(record.raw) for record in some]
        assert (await copied(opened, home, "Y", "M")).count("\n- ") == 2
        await until(pilot, lambda: "3 records as Markdown" in screen_text(app))


async def test_a_thousand_marked_records_can_be_copied_and_not_one_more(
    open_app: Open, url: str, home: Path
) -> None:
    async with open_app(to_files(options(url), home)) as opened:
        app, pilot = await when_loaded(opened)
        await pilot.press("L")
        await until(pilot, lambda: exploring(app).situation.progress.whole and settled(app))
        search = exploring(app).search
        assert search
        search.mark(range(1_000), marked=True)
        assert (await copied(opened, home, "Y", "L")).count("\n") == 999
        search.mark((1_000,), marked=True)
        text = await menu(opened)
        assert text.count("more than 1,000: export them") == 3
        await pilot.press("L")
        assert isinstance(app.screen, Menu)


async def test_the_last_copy_can_be_written_to_a_file_wherever_the_cursor_is(
    open_app: Open, url: str, home: Path
) -> None:
    async with open_app(to_files(options(url), home)) as opened:
        app, pilot = await when_loaded(opened)
        assert "f To a file the record as one line" in await menu(opened)
        assert await copied(opened, home, "f") == as_lines(shown(app)[:1], UTC).text
        cell = await copied(opened, home, "Y", "c")
        await pilot.press("j")
        assert "f To a file the last copy again: the cell Author" in await menu(opened)
        assert await copied(opened, home, "f") == cell


async def test_where_nothing_is_shown_only_the_command_can_be_copied(
    open_app: Open, url: str, home: Path
) -> None:
    async with open_app(to_files(options(url, filter="no-such-thing"), home)) as opened:
        app, pilot = opened
        await until(pilot, lambda: exploring(app).situation.progress.whole and settled(app))
        await pilot.press("y")
        text = await menu(opened)
        assert "s Shell command" in text
        assert "One line" not in text
        assert "--filter no-such-thing" in await copied(opened, home, "s")
        assert len(copies(home)) == 1


async def test_no_hostile_text_is_copied_as_it_is(open_app: Open, home: Path) -> None:
    with serve(HostileSite()) as served:
        async with open_app(to_files(options(served.url), home)) as opened:
            app, pilot = await when_loaded(opened)
            assert "‹ESC›]0;PWNED‹BEL›" in await copied(opened, home, "Y", "c")
            await until(pilot, lambda: "Unseen characters are spelled out." in words(app))
            await copied(opened, home, "y")
            await pilot.press("v", "G", "space")
            for letter in "LNM":
                await copied(opened, home, "Y", letter)
            assert [text.count("\n") for text in copies(home)] == [0, 0, 8, 8, 8]
            for line in "\n".join(copies(home)).split("\n"):
                assert not any(character < " " or "\x7f" <= character <= "\x9f" for character in line)


def begins(log: Path) -> int:
    """How many programs have begun."""
    return log.read_text().count("begin") if log.exists() else 0


async def test_one_copy_goes_after_the_other(open_app: Open, url: str, home: Path) -> None:
    log, gate = home / "log", home / "gate"
    os.mkfifo(gate)
    program = home / "xclip"
    program.write_text(f"#!/bin/sh\necho begin >>{log}; cat <{gate} >/dev/null; cat >>{log}; echo >>{log}\n")
    program.chmod(0o700)
    given = options(url)
    environ = {**given.environ, "DISPLAY": ":0", "PATH": f"{home}:{os.environ['PATH']}"}
    async with open_app(replace(given, environ=environ)) as opened:
        app, pilot = await when_loaded(opened)
        await pilot.press("y", "j", "y")
        for begun in (1, 2):
            await until(pilot, lambda begun=begun: begins(log) == begun)  # type: ignore[misc]
            await asyncio.to_thread(gate.write_text, "go on")
        await until(pilot, lambda: not app.screen.workers._workers)
        assert "to the clipboard (xclip)" in screen_text(app)
        expected = [as_lines([record], UTC).text for record in shown(app)[:2]]
        assert log.read_text().splitlines() == ["begin", expected[0], "begin", expected[1]]


async def test_the_menu_says_where_a_copy_goes(open_app: Open, url: str) -> None:
    given = options(url)
    async with open_app(replace(given, environ={**given.environ, "TMUX": "/run/tmux,1,0"})) as opened:
        await when_loaded(opened)
        assert "Goes to the tmux buffer; AUDITUI_CLIPBOARD chooses another way." in await menu(opened)


async def test_a_way_there_is_not_is_told_once(open_app: Open, url: str) -> None:
    given = options(url)
    async with open_app(
        replace(given, environ={**given.environ, "AUDITUI_CLIPBOARD": "x\x1b[31m"})
    ) as opened:
        app, pilot = await when_loaded(opened)
        await until(pilot, lambda: "AUDITUI_CLIPBOARD is “x‹ESC›[31m”" in screen_text(app))
        await pilot.press("y", "y")
        await until(pilot, lambda: "Sent 1 record" in screen_text(app))
        assert len(app._notifications) == 1


# What is selected


async def test_ctrl_c_copies_selected_text_the_same_way_and_says_so(
    open_app: Open, url: str, home: Path
) -> None:
    async with open_app(to_files(options(url), home)) as opened:
        app, pilot = await when_loaded(opened)
        await pilot.press("C")
        await until(pilot, lambda: isinstance(app.screen, ShellLineScreen))
        app.screen.query_one("#shell-command").text_select_all()
        await pilot.pause()
        assert (await copied(opened, home, "ctrl+c")).startswith("auditui \\\n  --site 127.0.0.1")
        await until(pilot, lambda: "Wrote the selected text" in screen_text(app))


async def test_ctrl_c_in_a_field_copies_what_is_selected_there(open_app: Open, url: str, home: Path) -> None:
    async with open_app(to_files(options(url), home)) as opened:
        app, pilot = await when_loaded(opened)
        await pilot.press("slash", "a", "n", "a")
        field = app.focused
        assert isinstance(field, Input)
        field.select_all()
        assert await copied(opened, home, "ctrl+c") == "ana"
        await until(pilot, lambda: "Wrote the selected text" in screen_text(app))
        await pilot.press("right", "ctrl+v")
        await until(pilot, lambda: field.value == "anaana")


async def test_ctrl_c_never_copies_a_token(open_app: Open, home: Path, served: Served) -> None:
    async with open_app(to_files(options(served.url, token=""), home)) as opened:
        app, pilot = opened
        await until(pilot, lambda: bool(app.screen.query(TokenInput)) and app.screen.focused is not None)
        field = app.screen.query_one(TokenInput)
        field.focus()
        await pilot.press(*"planted", "ctrl+r")
        field.select_all()
        await pilot.press("ctrl+c", "ctrl+x")
        await pilot.pause()
        assert field.value == "planted"
        assert copies(home) == []
        assert app.clipboard == ""
