"""A token is given in every way there is, much is done with it, and then it is looked for everywhere."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from auditui.export.formats import EXPORTERS
from tests.acceptance.places import visited
from tests.pty_terminal import PtyTerminal
from tests.started import AUDITUI
from tests.token.planted import EMAIL, TOKEN, account, assert_not_in, holding
from tests.token.site import PlantedSite, basic, serve


def printed(environ: dict[str, str], *words: str, status: int = 0) -> bytes:
    """Everything that a command says."""
    command = [sys.executable, "-m", "auditui", *words]
    done = subprocess.run(command, env=environ, capture_output=True, timeout=60, check=False)
    assert done.returncode == status, done.stderr.decode()
    return done.stdout + done.stderr


@contextmanager
def explorer(environ: dict[str, str], *words: str, until: str = "all 60 loaded") -> Iterator[PtyTerminal]:
    """The explorer when these words stand there; what the terminal received is looked through in the end."""
    with PtyTerminal([*AUDITUI, *words], environ, columns=120, rows=36) as terminal:
        terminal.until(until)
        yield terminal
    assert_not_in(bytes(terminal.raw), "the terminal")
    for copied in terminal.clipboard():
        assert_not_in(copied.encode(), "the clipboard")


# Each gives the token in its way, and tells which files hold it then, by right.


def by_variable(environ: dict[str, str], origin: str) -> tuple[list[str], list[Path]]:
    environ |= account(origin)
    return [], []


def by_file(environ: dict[str, str], origin: str) -> tuple[list[str], list[Path]]:
    path = Path(environ["XDG_CONFIG_HOME"]) / "auditui" / "credentials"
    path.parent.mkdir(parents=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps([{"site": origin, "email": EMAIL, "token": TOKEN}]))
    return [], [path]


def by_command(environ: dict[str, str], origin: str) -> tuple[list[str], list[Path]]:
    path = Path(environ["HOME"]) / "secret"
    path.write_text(TOKEN)
    settings = Path(environ["XDG_CONFIG_HOME"]) / "auditui" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f"token_command = {json.dumps(['cat', str(path)])}\n")
    environ |= {"AUDITUI_SITE": origin, "AUDITUI_EMAIL": EMAIL}
    return [], [path]


SOURCES: dict[str, Callable[[dict[str, str], str], tuple[list[str], list[Path]]]] = {
    "the variable": by_variable,
    "the credentials file": by_file,
    "token_command": by_command,
}


def assert_left_nowhere(watched: Any, origin: str, allowed: list[Path]) -> None:
    """No file, no program and no host got to know it, but those that are to."""
    home = Path(watched.environ["HOME"])
    assert holding(home) == sorted(allowed)
    written = watched.seen("open")
    assert written
    for path in written:
        assert Path(path).is_relative_to(home) or path.startswith("/dev/") or path == str(watched.log), path
    for program, words, variables in watched.seen("subprocess.Popen"):
        assert_not_in(json.dumps([program, words]).encode(), "the arguments of a program")
        assert_not_in(json.dumps(variables).encode(), "the variables of a program")
    for event in ("os.exec", "os.system", "os.posix_spawn"):
        assert watched.seen(event) == []
    assert watched.hosts() == {origin.partition("//")[2]}


@pytest.mark.parametrize("source", SOURCES)
def test_a_short_visit(watched: Any, source: str) -> None:
    with serve(PlantedSite()) as origin:
        environ = dict(watched.environ)
        words, allowed = SOURCES[source](environ, origin)
        with explorer(environ, *words) as terminal:
            terminal.send("j")
            terminal.until("record 2")
            terminal.send("q")
            assert terminal.exit_status() == 0
        assert_not_in(printed(environ, "auth", "status"), "auth status")
    assert_left_nowhere(watched, origin, allowed)


def test_from_standard_input(watched: Any) -> None:
    hidden = Path(watched.environ["HOME"]) / "secret"
    hidden.write_text(f" {TOKEN}\r\n")
    words = ["sh", "-c", '"$0" -m auditui --tz utc --token-stdin --site "$1" --email "$2" <"$3"']
    with serve(PlantedSite()) as origin:
        arguments = [*words[1:], sys.executable, origin, EMAIL, str(hidden)]
        with PtyTerminal(arguments, watched.environ, columns=120, rows=36, program="/bin/sh") as terminal:
            terminal.until("all 60 loaded")
            terminal.send("q")
            assert terminal.exit_status() == 0
    assert_not_in(bytes(terminal.raw), "the terminal")
    assert_left_nowhere(watched, origin, [hidden])


LOGGING = {
    "TEXTUAL_LOG": "keys.log",
    "TEXTUAL": "debug",
    "HTTPX_LOG_LEVEL": "trace",
    "SSLKEYLOGFILE": "tls.log",
    "PYTHONDEVMODE": "1",
    "PYTHONASYNCIODEBUG": "1",
    "PYTHONFAULTHANDLER": "1",
}
"""Variables by which libraries and Python tell more than usual."""


def test_typed_while_everything_that_can_be_logged_is(watched: Any, authority: Any) -> None:
    home = Path(watched.environ["HOME"])
    with serve(PlantedSite(), tls=authority.server("good")) as origin:
        environ = watched.with_variables(SSL_CERT_FILE=str(authority.file), **LOGGING)
        environ |= {name: str(home / environ[name]) for name in ("TEXTUAL_LOG", "SSLKEYLOGFILE")}
        with PtyTerminal(AUDITUI, environ, columns=120, rows=36) as terminal:
            terminal.until("this session only")
            terminal.send(f"{origin}\t{EMAIL}\t")
            terminal.send(f"\x1b[200~{TOKEN}\x1b[201~")
            terminal.until("•" * len(TOKEN))
            terminal.send("\x1b[1;2H\x03\x18\x1b[F\x16")  # all of it: copied, cut, and put in again
            terminal.until("•" * len(TOKEN))
            terminal.send("\r")
            terminal.until("all 60 loaded")
            os.kill(terminal.pid, signal.SIGTERM)
            assert terminal.exit_status() == 128 + signal.SIGTERM
        assert terminal.clipboard() == []
        assert not (home / "keys.log").exists()
        assert not (home / "tls.log").exists()
        assert b"Executing <" not in terminal.raw
    assert_not_in(bytes(terminal.raw), "the terminal")
    assert_left_nowhere(watched, origin, [])


EXPORT = """
import os, sys
from auditui import cli
token = os.environ["AUDITUI_TOKEN"]
for key in sys.argv[2:]:
    os.environ["AUDITUI_TOKEN"] = token
    assert cli.main(["export", "--format", key, "--output", f"{sys.argv[1]}/log.{key}"]) == 0
"""


def exported_in_every_format(environ: dict[str, str], folder: Path) -> bytes:
    """What is said of it, one export after the other in one process."""
    keys = [exporter.key for exporter in EXPORTERS]
    words = [sys.executable, "-c", EXPORT, str(folder), *keys]
    done = subprocess.run(words, env=environ, capture_output=True, timeout=60, check=True)
    assert len(list(folder.glob("log.*"))) == 2 * len(keys), "each has its manifest"
    return done.stderr


COPIES = {"Yl": "as one line", "Yn": "as JSON", "Ym": "as Markdown", "Ys": "command", "Yf": "(0600)"}
SEARCHES = {
    403: "Confluence Administrator",
    302: "has moved to",
}


def test_a_long_visit(watched: Any) -> None:
    site = PlantedSite(elsewhere="http://evil.invalid")
    home = Path(watched.environ["HOME"])
    with serve(site) as origin:
        environ = watched.with_variables(**account(origin))
        with explorer(environ) as terminal:
            for _ in visited(terminal):
                pass
            for keys, words in COPIES.items():
                terminal.send(keys)
                terminal.until(words)
            terminal.send("Skept\r")
            terminal.until("kept")
            os.kill(terminal.pid, signal.SIGHUP)
            assert terminal.exit_status() == 128 + signal.SIGHUP
            assert len(terminal.clipboard()) == len(COPIES), "a site's page, and all but the file"
        with explorer(environ, "--resume", until="Resumed as of") as terminal:
            terminal.send("q")
            assert terminal.exit_status() == 0
        (home / "out").mkdir()
        assert_not_in(exported_in_every_format(environ, home / "out"), "export")
        assert_not_in(printed(environ, "doctor"), "doctor")
    assert site.credentials == {basic()}
    assert not any("cookie" in asked for asked in site.heard)
    assert_left_nowhere(watched, origin, [])


@pytest.mark.parametrize("status", SEARCHES)
def test_a_refusal_that_repeats_it_on_the_screen(watched: Any, status: int) -> None:
    site = PlantedSite(elsewhere="http://evil.invalid")
    with serve(site) as origin:
        environ = watched.with_variables(**account(origin))
        words = [*AUDITUI, "--search", f"repeat {status}"]
        with PtyTerminal(words, environ, columns=120, rows=36) as terminal:
            terminal.until(SEARCHES[status])
            terminal.send("\x11")
            assert terminal.exit_status() == 0
    assert b"(hidden)" in terminal.raw
    assert_not_in(bytes(terminal.raw), "the terminal")
    assert_left_nowhere(watched, origin, [])


def test_a_clipboard_program_does_not_get_it(watched: Any) -> None:
    home = Path(watched.environ["HOME"])
    program = home / "bin" / "xclip"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\ncat >"$HOME/copied"\n')
    program.chmod(0o700)
    with serve(PlantedSite()) as origin:
        environ = watched.with_variables(DISPLAY=":9", AUDITUI_CLIPBOARD="native", **account(origin))
        environ["PATH"] = f"{program.parent}:{environ['PATH']}"
        with explorer(environ) as terminal:
            terminal.send("y")
            terminal.until("(xclip)")
            terminal.send("q")
            assert terminal.exit_status() == 0
    ((started, _, variables),) = watched.seen("subprocess.Popen")
    assert started == "xclip"
    assert variables["DISPLAY"] == ":9"
    assert (home / "copied").read_text()
    assert_left_nowhere(watched, origin, [])
