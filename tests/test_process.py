"""auditui as a process in a terminal: how it starts, ends, and what it may never send there."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from auditui.account.sessions import Sessions
from auditui.demo.corpus import Corpus
from auditui.demo.server import serve
from auditui.demo.site import DemoSite
from tests.pty_terminal import PtyTerminal
from tests.started import DEMO, LEFT_ALTERNATE_SCREEN, bare_environ, spools


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A terminal's environment, with nothing of the developer's own in it."""
    return bare_environ(tmp_path)


def test_q_leaves_the_terminal_as_it_was_and_nothing_on_disk(environ: dict[str, str]) -> None:
    with PtyTerminal(DEMO, environ) as terminal:
        terminal.until("loaded")
        assert len(spools(environ)) == 1
        terminal.send("q")
        assert terminal.exit_status() == 0
    assert LEFT_ALTERNATE_SCREEN in terminal.raw
    assert spools(environ) == []


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("/author=system", "/ author=system"),
        ("/svc\rpi", "/ ip=192.0.2.219"),
        ("/svc\rL", "10 of all 20,000"),
        ("/svc\rw<", "/ svc"),
        ("/system\rnnn", "record 4"),
        ("fjj x", "-author="),
        ("O2", "by Author"),
        ("pa", "/ author="),
        ("sj\x1b", "1,000 loaded"),
        ("cjj \r", "Time "),
        ("C", "from a shell"),
    ],
)
def test_keys_that_arrive_together_reach_what_the_first_one_opens(
    environ: dict[str, str], keys: str, words: str
) -> None:
    with PtyTerminal(DEMO, environ, columns=120, rows=36) as terminal:
        terminal.until("loaded")
        terminal.send(keys)
        terminal.until(words)
        terminal.until_gone("Commands")
        if keys.startswith("c"):
            terminal.until_gone("Event  ")
        terminal.send("\x11")
        assert terminal.exit_status() == 0


def test_what_a_killed_run_left_is_removed_by_the_next_one(environ: dict[str, str]) -> None:
    with PtyTerminal(DEMO, environ) as terminal:
        terminal.until("loaded")
        os.kill(terminal.pid, signal.SIGKILL)
        terminal.exit_status()
    assert len(spools(environ)) == 1
    with PtyTerminal(DEMO, environ) as terminal:
        terminal.until("loaded")
        assert len(spools(environ)) == 1
        terminal.send("q")
        terminal.exit_status()
    assert spools(environ) == []


def test_ctrl_c_asks_before_it_quits(environ: dict[str, str]) -> None:
    with PtyTerminal(DEMO, environ) as terminal:
        terminal.until("1,000 loaded")
        terminal.send("\x03")
        terminal.until("Press ctrl+c again")
        terminal.send("\x03")
        assert terminal.exit_status() == 130


def test_a_narrow_terminal_shows_the_record_under_the_cursor(environ: dict[str, str]) -> None:
    corpus = Corpus(300, 1_795_423_911_962)
    with serve(DemoSite(corpus)) as served:
        environ |= {"AUDITUI_SITE": served.url, "AUDITUI_EMAIL": "demo@example.com", "AUDITUI_TOKEN": "demo"}
        with PtyTerminal(["-m", "auditui", "--tz", "utc"], environ) as terminal:
            terminal.until("record 1")
            for row in (1, 2, 3, 4):
                terminal.send("j")
                terminal.until(f"record {row + 1}")
                terminal.send("\r")
                terminal.until_gone("f Facets")
                milliseconds = corpus.record(row)["creationDate"] % 1000
                terminal.until(f".{milliseconds:03} +00:00")
                terminal.send("\x1b")
                terminal.until("f Facets")


@pytest.mark.parametrize("token", ["secret-token", "\x1b[200~secret-token\x1b[201~"], ids=["typed", "pasted"])
def test_keys_that_arrive_together_with_a_tab_reach_the_next_field(
    environ: dict[str, str], token: str
) -> None:
    with PtyTerminal(["-m", "auditui"], environ) as terminal:
        terminal.until("Test and continue")
        terminal.send(f"acme\tana@example.com\t{token}")
        terminal.until("••••••••••••")
        terminal.until("E-mail     ana@example.com ")
        terminal.until("= https://acme.atlassian.net")
        assert "secret" not in terminal.text


def test_quitting_takes_no_second_while_the_site_keeps_silent(environ: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        site = f"http://127.0.0.1:{silent.getsockname()[1]}"
        environ |= {"AUDITUI_SITE": site, "AUDITUI_EMAIL": "a@example.com", "AUDITUI_TOKEN": "t"}
        with PtyTerminal(["-m", "auditui"], environ) as terminal:
            terminal.until("Searching")
            terminal.send("q")
            asked = time.monotonic()
            assert terminal.exit_status() == 0
            assert time.monotonic() - asked < 1.0


def test_quitting_an_export_takes_no_second_and_leaves_nothing(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "evidence"
    folder.mkdir()
    monkeypatch.chdir(folder)
    with PtyTerminal([*DEMO, "--demo-records", "2000000"], environ) as terminal:
        terminal.until("1,000 loaded")
        terminal.send("eal")
        terminal.until("A new file")
        terminal.send("\r")
        terminal.until_so(lambda: list(folder.glob(".*.auditui-part")), "a part")
        terminal.until("esc cancels")
        terminal.send("\x11")
        asked = time.monotonic()
        assert terminal.exit_status() == 0
        assert time.monotonic() - asked < 1.0
    assert list(folder.iterdir()) == []
    assert spools(environ) == []


def test_a_line_that_stands_still_for_a_while_is_gone_on_with(environ: dict[str, str]) -> None:
    """As over SSH: what is drawn is not read, and waits, but not more of it the longer it takes."""
    with PtyTerminal(DEMO, environ, columns=200, rows=60) as terminal:
        terminal.until("1,000 loaded")
        terminal.until("kept since")
        terminal.until_quiet(0.2)
        before = len(terminal.raw)
        terminal.until_stuck("\x0c")  # which draws the whole screen
        terminal.send("jj")
        terminal.until("record 3")
        assert len(terminal.raw) - before < 200_000
        terminal.send("q")
        assert terminal.exit_status() == 0


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (lambda terminal: terminal.send("\x11"), 0),
        (lambda terminal: os.kill(terminal.pid, signal.SIGTERM), 143),
        (lambda terminal: os.kill(terminal.pid, signal.SIGHUP), 129),
        (lambda terminal: os.kill(terminal.pid, signal.SIGINT), 130),
    ],
    ids=["ctrl+q", "TERM", "HUP", "INT"],
)
def test_a_line_that_stands_still_for_good_keeps_nobody_from_ending_it(
    environ: dict[str, str], end: Callable[[PtyTerminal], None], status: int
) -> None:
    with PtyTerminal(DEMO, environ, columns=120, rows=36) as terminal:
        terminal.until("1,000 loaded")
        terminal.send(" ")
        terminal.until("1 marked")
        terminal.until_quiet(0.2)
        terminal.until_stuck("\x0c")
        end(terminal)
        asked = time.monotonic()
        assert terminal.gone() == status
        assert time.monotonic() - asked < 2.0
        assert terminal.canonical
        terminal.until_so(lambda: LEFT_ALTERNATE_SCREEN in terminal.raw, "the screen of before")
    assert spools(environ) == []
    taken = Sessions(Path(environ["XDG_STATE_HOME"]) / "auditui").take()
    assert taken is not None
    taken.file.release()
    assert taken.kept.worth_keeping
    assert taken.kept.closed is (status in (0, 130))


@pytest.mark.parametrize("size", [(0, 0), (1, 1), (2, 3)])
def test_no_size_is_too_small_to_come_back_from(environ: dict[str, str], size: tuple[int, int]) -> None:
    with PtyTerminal(DEMO, environ) as terminal:
        terminal.until("record 1")
        for columns, rows in (size, (80, 24), size):
            terminal.tell_size(columns, rows)
            terminal.until_quiet(0.2)
        terminal.forget()
        terminal.tell_size(80, 24)
        terminal.until("Quit")
        terminal.send("j")
        terminal.until("record 2")
        terminal.send("q")
        assert terminal.exit_status() == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--since", "tomorow"], "is not a date"),
        (["--tz", "Mars/Olympus"], "no time zone"),
        (["--site", "http://acme.example.com"], "without encryption"),
        (["--email", "nobody"], None),
        (["--demo-records", "9999999999"], "up to 5,000,000"),
        (["--demo", "--filter", "authr:ana"], "Did you mean author?"),
        (["--demo", "--filter", "has:\x1b[31m"], "‹ESC›"),
        (["--demo", "--sort", "colour"], "cannot be sorted by “colour”"),
        (["--demo", "--view", "nobody's"], "There is no saved view"),
    ],
)
def test_a_wrong_option_is_told_before_the_terminal_is_touched(
    environ: dict[str, str], arguments: list[str], words: str | None
) -> None:
    with PtyTerminal([*DEMO, *arguments], environ) as terminal:
        if words is None:
            terminal.until("loaded")
            return
        assert terminal.exit_status() == 2
    assert words in terminal.text
    assert b"\x1b[" not in terminal.raw


def test_the_version_needs_no_textual(environ: dict[str, str]) -> None:
    code = "import sys; from auditui import cli; sys.exit('textual' in sys.modules or 'httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=environ, check=False).returncode == 0


def test_the_token_may_come_by_standard_input(environ: dict[str, str]) -> None:
    with serve(DemoSite(Corpus(300, 1_795_423_911_962))) as served:
        code = (
            "import os, sys; from auditui import cli; r, w = os.pipe(); os.write(w, b'demo\\n'); os.close(w); "
            "os.dup2(r, 0); sys.stdin = open(0, closefd=False); cli.run()"
        )
        arguments = ["-c", code, "--site", served.url, "--email", "demo@example.com", "--token-stdin"]
        with PtyTerminal(arguments, environ) as terminal:
            terminal.until("loaded")
            terminal.send("j")
            terminal.until("record 2")


def obey_ctrl_c() -> None:
    """What a shell starts in the background ignores SIGINT, and so would all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_the_demo_site_command_serves_and_names_the_way_in(environ: dict[str, str]) -> None:
    command = [sys.executable, "-m", "auditui", "demo-site", "--records", "7"]
    with subprocess.Popen(
        command,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=obey_ctrl_c,  # noqa: PLW1509  # no other thread runs here
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        fetched = subprocess.run(
            [sys.executable, "-c", FETCH, url], env=environ, capture_output=True, text=True, check=True
        )
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=10)[1]
    assert process.returncode in (0, 130)
    assert len(json.loads(fetched.stdout)["results"]) == 7
    assert f"AUDITUI_SITE={url} AUDITUI_EMAIL=demo@example.com AUDITUI_TOKEN=demo auditui" in told


FETCH = """
import base64, sys, urllib.request
request = urllib.request.Request(sys.argv[1] + "/wiki/rest/api/audit")
request.add_header("Authorization", "Basic " + base64.b64encode(b"demo@example.com:demo").decode())
print(urllib.request.urlopen(request).read().decode())
"""


@pytest.mark.parametrize("size", [(140, 36), (160, 45), (80, 24)])
def test_a_wider_and_a_narrower_terminal_show_what_has_room(
    environ: dict[str, str], size: tuple[int, int]
) -> None:
    with PtyTerminal(DEMO, environ, columns=120, rows=36) as terminal:
        terminal.until("peak ")
        terminal.resize(*size)
        if size[0] >= 140:
            terminal.until("Category  6 of")
        else:
            terminal.until_gone("peak ")
        terminal.resize(120, 36)
        terminal.until("peak ")
        terminal.send("j")
        terminal.until("record 2")
        terminal.send("q")
        assert terminal.exit_status() == 0


def test_two_enters_that_arrive_together_choose_once_in_the_palette(environ: dict[str, str]) -> None:
    with PtyTerminal(DEMO, environ, columns=120, rows=36) as terminal:
        terminal.until("loaded")
        terminal.send(":")
        terminal.until("Search for commands")
        terminal.send("Redraw")
        terminal.until("Draw the whole screen anew")
        terminal.send("\r\r")
        terminal.until_gone("Draw the whole screen anew")
        terminal.send("\x11")
        assert terminal.exit_status() == 0
