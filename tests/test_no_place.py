"""Where nothing can be written, or no more: what is not kept is said, the records are shown, and it ends as asked."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.pty_terminal import PtyTerminal
from tests.started import DEMO, bare_environ

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
