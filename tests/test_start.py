"""A start is lean: what the first records do not need is not imported before they are on the screen.

Counts modules, not milliseconds.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

# What the explorer imports until the first frame, and until the first records of the demo are there.
_START = """
import asyncio, json, sys
from auditui.account.settings import read_settings, settings_path
from auditui.cli import parser
from auditui.commands.query import options_from
from auditui.session.run import Run
from auditui.ui.app import AudituiApp

async def start():
    settings = read_settings(settings_path())
    app = AudituiApp(Run(options_from(parser().parse_args(["--demo"]), "utc", 1000), settings))
    constructed = list(sys.modules)
    async with app.run_test(size=(120, 36)) as pilot:
        exploring = app.screen_stack[0]._exploring
        while not exploring.loaded:
            await pilot.pause(0.001)
        loaded = exploring.loaded
        with_records = list(sys.modules)
        while exploring.loaded == loaded:
            await pilot.pause(0.001)
        print(json.dumps([constructed, with_records, loaded, exploring.loaded]))

asyncio.run(start())
"""

_SLOW_TO_IMPORT = {
    *("httpx", "filelock", "tomllib", "keyring", "secretstorage", "textual_timepiece", "pyarrow"),
    *("auditui.client.http", "auditui.client.log", "auditui.store.spool", "auditui.demo.corpus"),
}
"""Not before the app runs; what of it the first records need is imported in threads."""

_NEVER_NEEDED = {
    *("tomllib", "keyring", "secretstorage", "textual_timepiece", "pyarrow", "rich.traceback"),
    *("auditui.account.sources", "auditui.account.vault", "auditui.account.keyrings"),
    *("auditui.ui.screens.search_form", "auditui.ui.screens.calendar", "auditui.ui.screens.sign_in"),
    *("auditui.ui.screens.views", "auditui.ui.screens.columns", "auditui.ui.screens.export"),
    *("auditui.ui.screens.help", "auditui.ui.widgets.raw_record", "auditui.ui.widgets.date_field"),
    *("auditui.export.formats", "auditui.session.exporting", "auditui.session.clipboard"),
    *("textual.widgets._footer", "textual.widgets._data_table", "textual.widgets._markdown"),
}
"""Not before somebody asks for it."""


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> tuple[set[str], set[str], int, int]:
    """The modules of the app that was constructed, and of the one with records; records seen first, and after that."""
    home = tmp_path_factory.mktemp("home")
    done = subprocess.run(
        [sys.executable, "-c", _START],
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": str(home), "PATH": "", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"},
        cwd=Path(__file__).parent.parent,
    )
    assert done.returncode == 0, done.stderr
    constructed, with_records, first, then = json.loads(done.stdout.splitlines()[-1])
    return set(constructed), set(with_records), first, then


def test_what_is_slow_to_import_waits_until_the_app_runs(
    start: tuple[set[str], set[str], int, int],
) -> None:
    assert "auditui.ui.screens.explorer" in start[0]
    assert not start[0] & _SLOW_TO_IMPORT


def test_what_the_first_records_do_not_need_is_not_imported_before_them(
    start: tuple[set[str], set[str], int, int],
) -> None:
    assert {"httpx", "auditui.client.log", "auditui.store.records"} <= start[1]
    assert not start[1] & _NEVER_NEEDED


def test_the_demo_shows_two_screens_of_records_before_it_loads_the_rest_of_a_page(
    start: tuple[set[str], set[str], int, int],
) -> None:
    assert start[2:] == (100, 1000)
