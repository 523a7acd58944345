"""Where the bench's programs run: a temporary home, an environment made from nothing, the site, and how to start each."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from auditui.demo.site import EMAIL, TOKEN
from tests.bench.program import Failed, Program

PEERS: Final = Path(__file__).with_name("peers")
ROOT: Final = Path(__file__).parents[2]

TERM: Final = "xterm-256color"
"""Without COLORTERM, which SSH does not forward: 256 colours."""


@dataclass(frozen=True, slots=True)
class Site:
    """The same log at two addresses."""

    url: str
    slow_url: str
    """Takes `LATENCY` an answer."""


@dataclass(frozen=True, slots=True)
class Million:
    """The explorer with very many records loaded."""

    program: Program
    resident: float
    """MiB of memory when the last record had come, and nothing had been done yet."""


LATENCY: Final = 0.4
"""Seconds."""


@dataclass
class Setting:
    """What the lines share. Closed by `stack`."""

    folder: Path
    quick: bool
    chosen: frozenset[str]
    """Names of the lines that are measured in this run."""
    stack: ExitStack = field(default_factory=ExitStack)

    def number(self, whole: int, quick: int) -> int:
        """One of two numbers: of repetitions, of records."""
        return quick if self.quick else whole

    def environ(self, name: str) -> dict[str, str]:
        """The whole environment of a program with a home of its own."""
        home = self.folder / name.replace(" ", "-")
        folders = {
            f"XDG_{each}_HOME": str(home / each.lower()) for each in ("CONFIG", "CACHE", "STATE", "DATA")
        }
        runtime = home / "runtime"
        runtime.mkdir(parents=True, exist_ok=True, mode=0o700)
        given = {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": TERM}
        return given | folders | {"XDG_RUNTIME_DIR": str(runtime), "PYTHONPATH": str(ROOT)}

    def auditui(
        self, *arguments: str, name: str = "auditui", url: str = "", columns: int = 120, rows: int = 36
    ) -> Program:
        """The explorer; with `url`, signed in there."""
        environ = self.environ(name) | (signed_in(url) if url else {})
        return Program([*AUDITUI, *arguments], environ, columns=columns, rows=rows)

    def peer(self, script: str, *arguments: str) -> Program:
        """A peer with a screen."""
        return Program([sys.executable, str(PEERS / script), *arguments], self.environ("peer"))

    def run(self, command: list[str], more: Mapping[str, str] | None = None) -> str:
        """A peer without a screen; its standard output.

        Raises:
            Failed: it fails.
        """
        environ = self.environ("peer") | dict(more or {})
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, cwd=ROOT)
        if done.returncode:
            raise Failed(f"{command[0]} ended with {done.returncode}: {done.stderr[-300:]}")
        return done.stdout

    @cached_property
    def site(self) -> Site:
        """100,000 records over loopback HTTP, from one process for the whole run."""
        return self.stack.enter_context(self._serve(SITE_RECORDS))

    @cached_property
    def slow_records(self) -> int:
        """Records of the part of that log that is read at the slow address."""
        return self.number(SITE_RECORDS, 20_000)

    @cached_property
    def slow_url(self) -> str:
        """Where `slow_records` are read at 400 ms an answer."""
        if self.slow_records == SITE_RECORDS:
            return self.site.slow_url
        return self.stack.enter_context(self._serve(self.slow_records)).slow_url

    @property
    def many(self) -> int:
        """A million records, or what stands for them in a quick run."""
        return self.number(1_000_000, 200_000)

    @cached_property
    def million_begun(self) -> Program:
        """The explorer that loads them from the embedded demo; goes on while other things are read."""
        arguments = ("--demo", "--demo-records", str(self.many))
        program = self.stack.enter_context(self.auditui(*arguments, name="million"))
        program.until("1,000 loaded")
        program.send("L")
        return program

    @cached_property
    def million(self) -> Million:
        """The same, once it has loaded them."""
        program = self.million_begun
        program.until(f"all {self.many:,} loaded", 600)
        program.settle(1.0)
        return Million(program, program.resident)

    @contextmanager
    def _serve(self, records: int) -> Iterator[Site]:
        command = [sys.executable, "-m", "tests.bench.peers.ready_site", str(records), "0", str(LATENCY)]
        with subprocess.Popen(
            command,
            env=self.environ("site"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            yield Site(*process.stdout.readline().split())
            process.stdin.close()


SITE_RECORDS: Final = 100_000

AUDITUI: Final = (sys.executable, "-m", "auditui")


def signed_in(url: str) -> dict[str, str]:
    """The account in the environment, so that nobody is asked."""
    return {"AUDITUI_SITE": url, "AUDITUI_EMAIL": EMAIL, "AUDITUI_TOKEN": TOKEN}
