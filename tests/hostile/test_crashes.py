"""A fault of ours whose words are somebody else's: told, and obeyed by nobody."""

from __future__ import annotations

import http.client
import re
from contextlib import closing
from pathlib import Path

import pytest

from auditui.demo.answers import Answer
from auditui.demo.server import serve
from tests.hostile.payloads import ALL_KINDS
from tests.hostile_site import HostileSite
from tests.pty_terminal import PtyTerminal
from tests.started import bare_environ
from tests.terminal_stream import foreign

ALONE = """
def fail():
    raise RuntimeError(TEXT)
"""
NOTED = """
def fail():
    error = RuntimeError("noted")
    error.add_note(TEXT)
    raise error
"""
GROUPED = """
def fail():
    raise ExceptionGroup("several", [ValueError(TEXT), OSError(2, TEXT, TEXT)])
"""
CAUSED = """
def fail():
    try:
        raise KeyError(TEXT)
    except KeyError as error:
        raise RuntimeError("caused") from error
"""
IN_THE_EXPLORER = """
from auditui.ui.screens.explorer import ExplorerScreen
ExplorerScreen.action_go_detail = lambda self: fail()
"""
IN_A_COMMAND = """
import auditui.commands.verify
auditui.commands.verify.run = lambda arguments: fail()
"""
IN_A_THREAD = """
import threading, auditui.commands.verify
def run(arguments):
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    return 1
auditui.commands.verify.run = run
"""
BELL = "\a"  # with which a crash of the explorer calls
KINDS = pytest.mark.parametrize(
    "fault", [ALONE, NOTED, GROUPED, CAUSED], ids=["alone", "noted", "grouped", "caused"]
)


def crashed(home: Path, fault: str, place: str, arguments: list[str], keys: str = "") -> bytes:
    """What is sent when a fault happens in a place."""
    script = f"import sys\nfrom auditui import cli\nTEXT = {ALL_KINDS!r}\n{fault}\n{place}\nsys.argv[1:] = {arguments}\ncli.run()"
    with PtyTerminal(["-c", script], bare_environ(home), columns=120, rows=40) as terminal:
        if keys:
            terminal.until("loaded")
            terminal.send(keys)
        assert terminal.exit_status() == 1
    return bytes(terminal.raw)


def told_inert(sent: bytes, *rung: str) -> None:
    """The words can be read, and nothing but them was sent."""
    read = re.sub(r"\x1b\[[0-9;]*m", "", sent.decode())
    assert "‹ESC›]0;PWNED" in read or r"\x1b]0;PWNED" in read  # the second is Python's own way
    others = foreign(sent, columns=120, rows=40)
    assert others == [*rung]


@KINDS
def test_in_the_explorer(tmp_path: Path, fault: str) -> None:
    told_inert(crashed(tmp_path, fault, IN_THE_EXPLORER, ["--demo"], keys="3"), BELL)


@KINDS
@pytest.mark.parametrize("place", [IN_A_COMMAND, IN_A_THREAD], ids=["command", "thread"])
def test_in_a_command(tmp_path: Path, fault: str, place: str) -> None:
    told_inert(crashed(tmp_path, fault, place, ["verify", "x"]))


def test_in_an_answer_of_the_demo_site(capsys: pytest.CaptureFixture[str]) -> None:
    class Failing(HostileSite):
        def answer(self, *_: object) -> Answer:
            raise ValueError(ALL_KINDS)

    with (
        serve(Failing()) as served,
        closing(http.client.HTTPConnection(served.url.removeprefix("http://"))) as client,
    ):
        client.request("GET", "/")
        with pytest.raises(http.client.RemoteDisconnected):
            client.getresponse()
    told = capsys.readouterr().err
    assert "‹ESC›]0;PWNED" in told
    assert not foreign(told.encode(), columns=120, rows=40)
