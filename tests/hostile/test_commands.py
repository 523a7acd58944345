"""What the commands print on a terminal: inert, whoever wrote it. The list of commands comes from the command line itself."""

from __future__ import annotations

import argparse
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from auditui import cli
from auditui.demo.server import serve
from auditui.export.formats import EXPORTERS
from tests.hostile.payloads import ALL_KINDS, FOLDER, HEADER, PAYLOADS, TYPED
from tests.hostile.places import COLUMNS, ROWS, here, hostile_home, on_a_terminal
from tests.hostile_site import HostileSite
from tests.pty_terminal import PtyTerminal
from tests.started import account

BESIDE = {"TERM": f"xterm{FOLDER}", "AUDITUI_CLIPBOARD": TYPED, "LC_MESSAGES": TYPED}
"""Variables that are attacks, too."""
PRINTABLE = [key for key in (each.key for each in EXPORTERS) if key not in ("sqlite", "parquet")]
"""Formats that are text."""


class Case(NamedTuple):
    """A use of a command."""

    command: str
    arguments: tuple[str, ...]
    status: int
    reads: str = "‹ESC›]0;PWNED"
    """What stands there in place of the attack."""


WORD = TYPED.partition("\u202e")[0].replace(" ", "")
EXPORT = "hostile.csv"
QUOTED = r"\x1b]0;PWNED"
CASES = (
    Case("", (f"--{WORD}",), 2),
    Case("", ("--since", TYPED), 2),
    Case("", ("--tz", TYPED), 2),
    Case("", ("--sort", TYPED), 2),
    Case("", ("--view", TYPED), 2),
    Case("", ("--theme", TYPED), 2),
    Case("", ("--demo-records", TYPED), 2),
    Case("", ("--color", TYPED), 2, QUOTED),
    Case("", (TYPED,), 2, QUOTED),
    Case("", (f"--mouse={TYPED}",), 2, QUOTED),
    Case("export", (TYPED,), 2),
    Case("export", ("--format", TYPED), 2, QUOTED),
    Case("export", ("--search", TYPED, "--filter", f"author:{WORD}"), 3),
    Case("export", ("--search", "caf\udce9"), 2, "cannot be sent"),  # of a shell that is in Latin-1
    Case("export", ("--output", f"{TYPED}/x.csv"), 1, ""),
    Case("export", ("--output", "new.csv"), 0),
    Case("verify", (f"{FOLDER}.csv",), 1),
    Case("verify", (EXPORT,), 1),
    Case("doctor", (), 0),
    Case("auth status", (), 0),
    Case("auth status", ("--site", TYPED), 2),
    Case("auth logout", ("--site", TYPED), 2),
    Case("auth logout", ("--email", "x@y", "--site", "127.0.0.1:1"), 1, "nothing was removed"),
    Case("demo-site", ("--port", TYPED), 2, "a port is"),
    Case("demo-site", (TYPED,), 2),
    Case("demo-site", ("--latency", TYPED), 2, ""),
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose name is an attack, with an account and settings that are attacks, too."""
    home = hostile_home(tmp_path)
    folder = home / "config" / "auditui"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text(f"{json.dumps(FOLDER)} = 1\n")
    credentials = folder / "credentials"
    credentials.write_text(json.dumps([{"site": "127.0.0.1:1", "email": "[/]x@[link=", "token": "t"}]))
    credentials.chmod(0o600)
    return home


def _write_export(path: Path) -> None:
    """An export of a demo log, of which its manifest says what it likes."""
    command = ["auditui", "export", "--demo-records", "3", "--output", path.name, "-q"]
    subprocess.run([sys.executable, "-m", *command], cwd=path.parent, env=here(path.parent), check=True)
    manifest = path.with_name(f"{path.name}.manifest.json")
    told = json.loads(manifest.read_text())
    told |= {"site": ALL_KINDS, "account": ALL_KINDS, "completeness": ALL_KINDS, "warnings": [ALL_KINDS]}
    told["query"]["search"] = told["filter"]["text"] = told["file"]["sha256"] = ALL_KINDS
    manifest.write_text(json.dumps(told))


def test_every_command_has_a_case() -> None:
    assert set(_commands(cli.parser())) | {""} == {case.command for case in CASES}


@pytest.mark.parametrize(
    "case",
    CASES,
    ids=[f"{case.command} {case.arguments}".encode("ascii", "ignore").decode() for case in CASES],
)
def test_a_command_says_it_and_does_not_do_it(home: Path, case: Case) -> None:
    if EXPORT in case.arguments:
        _write_export(home / EXPORT)
    with serve(HostileSite()) as served:
        told, status = on_a_terminal(
            home, account(served.url) | BESIDE, *case.command.split(), *case.arguments
        )
    assert case.reads in told
    assert status == case.status, told


@pytest.mark.parametrize("key", PRINTABLE)
def test_an_export_on_a_terminal_is_inert_and_in_a_pipe_exact(home: Path, key: str) -> None:
    texts = [each.text for each in PAYLOADS if len(each.text) < 10_000]
    with serve(HostileSite(texts)) as served:
        told, _status = on_a_terminal(home, account(served.url), "export", "-q", "--format", key)
        assert "PWNED" in told
        if key not in ("jsonl", "csv-exact"):
            return
        piped = subprocess.run(
            [sys.executable, "-m", "auditui", "export", "-q", "--format", key],
            env=here(home) | account(served.url),
            capture_output=True,
            check=True,
        ).stdout
    if key == "jsonl":
        assert [json.loads(line)["summary"] for line in piped.splitlines()] == texts
    if key == "csv-exact":
        assert all(text.replace('"', '""').encode("utf-8", "backslashreplace") in piped for text in texts)


@pytest.mark.parametrize(
    ("program", "says"),
    [
        (["sh", "-c", 'printf %s "$1" >&2; exit 1', "sh", TYPED], "failed with status 1."),
        (["printf", "%s", TYPED], "printed something else than a token."),
        ([TYPED], "could not be started."),
    ],
    ids=["stderr", "stdout", "name"],
)
def test_what_a_token_command_says(home: Path, program: list[str], says: str) -> None:
    command = json.dumps(program, ensure_ascii=True)
    (home / "config" / "auditui" / "settings.toml").write_text(f"token_command = {command}\n")
    asked = {"AUDITUI_SITE": "127.0.0.1:1", "AUDITUI_EMAIL": "a@example.com"}
    told, status = on_a_terminal(home, asked, "auth", "status")
    assert says in told
    assert ("‹ESC›]0;PWNED" in told.partition("Saved:")[0]) == (program[0] != "printf")
    assert status == 4


ASKED = (
    f"GET /{TYPED.replace(' ', '')} HTTP/1.1\r\nHost: {HEADER}\r\nAuthorization: {HEADER}\r\n\r\n",
    f"GET /wiki/rest/api/audit?startDate={HEADER} HTTP/1.1\r\n\r\n",
    f"{WORD} / HTTP/1.1\r\n\r\n",
    f"GET / {WORD}\r\n\r\n",
    f"GET / HTTP/1.1\r\n{HEADER}\r\n\r\n",
    f"{HEADER}\r\n\r\n",
    "\x1b]0;PWNED\x07" * 20_000,
)
"""Requests."""


def test_whoever_asks_the_demo_site_says_nothing_on_its_terminal(home: Path) -> None:
    command = ["-m", "auditui", "demo-site", "--records", "3"]
    with PtyTerminal(command, here(home), columns=COLUMNS, rows=ROWS) as terminal:
        terminal.until_so(lambda: terminal.raw.endswith(b"\r\n") and b"\nhttp:" in terminal.raw, "it serves")
        told = bytes(terminal.raw)
        address = urlsplit(told.split()[-1].decode())
        for asked in ASKED:
            with socket.create_connection((address.hostname, address.port)) as client:
                client.sendall(asked.encode("utf-8", "replace"))
                client.shutdown(socket.SHUT_WR)
                with suppress(ConnectionResetError):  # it does not read all of what is too long
                    client.makefile("rb").read()
        terminal.send("\x03")
        assert terminal.exit_status() == 0
    assert bytes(terminal.raw).removeprefix(told) in (b"", b"^C")


def _commands(parser: argparse.ArgumentParser, above: str = "") -> Iterator[str]:
    """Each command, as it is typed."""
    if above:
        with suppress(SystemExit):
            parser.parse_known_args(["--help"])  # a command knows its own only once it is used
    subcommands = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
    if not subcommands:
        yield above
    for name, below in subcommands[0].choices.items() if subcommands else ():
        yield from _commands(below, f"{above} {name}".strip())
