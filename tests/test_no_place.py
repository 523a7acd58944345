"""Where nothing can be written, or no more: what is not kept is said, the records are shown, and it ends as asked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.places import PLACES
from tests.pty_terminal import PtyTerminal
from tests.started import DEMO, bare_environ, spools

LIMITED = """
import resource
resource.setrlimit(resource.{limit}, ({most}, {most}))
from auditui import cli
cli.run()
"""

NOWHERE = "/dev/null"
"""A home in which even root can make no folder."""

HOMELESS = """
import pwd
def nobody(user): raise KeyError(user)
pwd.getpwuid = nobody
from auditui import cli
cli.run()
"""


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A home, and no folders that are chosen one by one."""
    return {name: value for name, value in bare_environ(tmp_path).items() if not name.startswith("XDG_")}


def test_a_home_that_cannot_be_used_costs_no_more_than_what_would_be_kept_there(
    environ: dict[str, str], tmp_path: Path
) -> None:
    with PtyTerminal(DEMO, environ | {"HOME": NOWHERE, "TMPDIR": str(tmp_path)}) as terminal:
        terminal.until("1,000 loaded")
        terminal.until("Nothing is kept for --resume")
        assert list(tmp_path.glob("auditui-*/run-*")) != []
        terminal.send("q")
        assert terminal.exit_status() == 0
    assert list(tmp_path.glob("auditui-*/run-*")) == []


@pytest.mark.parametrize(
    "home", [{}, {"HOME": ""}, {"HOME": "a/relative/one"}], ids=["none", "empty", "relative"]
)
def test_a_user_without_a_home_explores_all_the_same(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: dict[str, str]
) -> None:
    del environ["HOME"]
    monkeypatch.chdir(tmp_path)
    python = {"PYTHONPATH": str(Path(__file__).parent.parent), "TMPDIR": str(tmp_path)}
    with PtyTerminal(["-c", HOMELESS, "--demo"], environ | home | python) as terminal:
        terminal.until("1,000 loaded")
        terminal.until("Nothing is kept for --resume")
        terminal.send("q")
        assert terminal.exit_status() == 0
    assert [each.name.partition("-")[0] for each in tmp_path.iterdir()] == ["auditui"], (
        "nothing is made beside"
    )


@pytest.mark.parametrize(
    ("home", "words"),
    [
        ({}, "The loaded records could not be kept on disk"),
        ({"HOME": NOWHERE}, "There is no place for the loaded records"),
    ],
    ids=["full", "no temporary folder either"],
)
def test_where_no_byte_can_be_written_the_explorer_says_so_and_ends_as_asked(
    environ: dict[str, str], home: dict[str, str], words: str
) -> None:
    command = 'ulimit -f 0 && exec "$0" "$@"'
    with PtyTerminal(["-c", command, sys.executable, *DEMO], environ | home, program="/bin/sh") as terminal:
        terminal.until(words)
        terminal.until("r tries again")
        terminal.send("?")
        terminal.until("type to narrow")
        terminal.send("\x11")
        assert terminal.exit_status() == 0


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, str]:
    """A home with all folders where tests expect them."""
    return bare_environ(tmp_path)


@pytest.fixture
def small_cache(folders: dict[str, str]) -> Iterator[Path]:
    """A cache folder on a disk of its own with room for some 2,000 records."""
    place = Path(folders["XDG_CACHE_HOME"])
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def until_the_disk_is_full(terminal: PtyTerminal) -> None:
    """Load until it is, and look whether what is loaded can be used."""
    terminal.until("1,000 loaded")
    terminal.send("L")
    terminal.until("could not be kept on disk")
    terminal.until("more below")
    terminal.until("r tries again")
    assert "all" not in terminal.text.partition("loaded · more below")[0].splitlines()[-1]
    terminal.send("G")
    terminal.until_gone("record 1 ")
    terminal.send("/author=system\r")
    terminal.until("/ author=system")
    terminal.until("filter:")
    assert "of all" not in terminal.text
    terminal.send("<")
    terminal.until_gone("/ author=system")


def test_a_disk_that_fills_up_while_records_come_keeps_those_that_are_there(folders: dict[str, str]) -> None:
    limited = LIMITED.format(limit="RLIMIT_FSIZE", most=2_500_000)
    with PtyTerminal(["-c", limited, "--demo"], folders, columns=120, rows=36) as terminal:
        until_the_disk_is_full(terminal)
        terminal.send("r")
        terminal.until("could not be kept on disk")
        terminal.send("\x11")
        assert terminal.exit_status() == 0
    assert spools(folders) == []


def test_on_a_full_disk_it_is_not_said_that_there_is_nothing_to_count(
    folders: dict[str, str], small_cache: Path
) -> None:
    subprocess.run(["mount", "-o", "remount,size=14m", small_cache], check=True)
    with PtyTerminal(DEMO, folders, columns=120, rows=36) as terminal:
        terminal.until("1,000 loaded")
        terminal.send("L")
        terminal.until("r tries again")
        terminal.send("f")
        terminal.until("They could not be counted")
        terminal.send("\x11")
        assert terminal.exit_status() == 0


def test_with_more_room_on_the_disk_r_goes_on(folders: dict[str, str], small_cache: Path) -> None:
    with PtyTerminal([*DEMO, "--demo-records", "4000"], folders, columns=120, rows=36) as terminal:
        until_the_disk_is_full(terminal)
        subprocess.run(["mount", "-o", "remount,size=99m", small_cache], check=True)
        terminal.send("rL")
        terminal.until("all 4,000 loaded")
        assert "could not be kept" not in terminal.text
        terminal.send("\x11")
        assert terminal.exit_status() == 0
    assert spools(folders) == []


def test_records_that_somebody_cleared_away_are_missed_only_until_the_next_search(
    folders: dict[str, str],
) -> None:
    with PtyTerminal(DEMO, folders, columns=120, rows=36) as terminal:
        terminal.until("1,000 loaded")
        terminal.until("kept since")
        shutil.rmtree(spools(folders)[0])
        terminal.send("/author=system\r")
        terminal.until("cannot be read back")
        terminal.send("j")
        terminal.until("record 2")
        terminal.send("s")
        terminal.until("Last 7 days")
        terminal.send("\r")
        terminal.until_gone("cannot be read back")
        terminal.send("/author=system\r")
        terminal.until("/ author=system")
        terminal.until("filter:")
        terminal.send("\x11")
        assert terminal.exit_status() == 0
    assert spools(folders) == []


def test_records_that_cannot_be_read_any_more_end_nothing(folders: dict[str, str]) -> None:
    with PtyTerminal(DEMO, folders, columns=120, rows=36) as terminal:
        terminal.until("1,000 loaded")
        terminal.until("kept since")
        for file in spools(folders)[0].glob("records-*"):
            if not file.name.endswith("-shm"):  # which is no file, but memory that all connections share
                with file.open("r+b") as spoiled:
                    spoiled.write(b"\xff" * file.stat().st_size)
        for place in PLACES:
            terminal.send(place.keys + place.back)
        terminal.send("ML+iC\x1b\x1b?")
        terminal.until("type to narrow")
        terminal.send("\x11")
        assert terminal.exit_status() == 0
    assert spools(folders) == []


def test_few_open_files_are_enough(folders: dict[str, str]) -> None:
    limited = LIMITED.format(limit="RLIMIT_NOFILE", most=40)
    with PtyTerminal(["-c", limited, "--demo"], folders, columns=120, rows=36) as terminal:
        terminal.until("1,000 loaded")
        terminal.send("L")
        terminal.until("all 20,000 loaded")
        terminal.send("/author=system\r")
        terminal.until("/ author=system")
        terminal.until("of all 20,000")
        terminal.send("\x11")
        assert terminal.exit_status() == 0
