"""Kills runs of auditui at moments drawn by lot, and looks at what they leave: `python -m tests.killed KILLS SEED HOME`.

A server that has imported all and forks the runs, as 200 whole starts would take minutes. The moments are the n-th call
that is made while an export is written and other things are kept, and in the explorer the n-th byte that it draws. What was
seen is printed at the end as JSON; where something is not as promised, it ends with an exception.
"""

from __future__ import annotations

import fcntl
import gc
import hashlib
import importlib
import json
import os
import pkgutil
import pty
import random
import signal
import sqlite3
import struct
import sys
import termios
import threading
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from typing import Self

import auditui
from auditui import cli
from auditui.account.folder import config_folder, state_folder
from auditui.account.sessions import Sessions
from auditui.export.files import NewFile
from auditui.export.manifest import Manifest
from auditui.export.names import manifest_of
from auditui.export.unfinished import sweep
from auditui.export.verify import verify
from auditui.store.places import runs
from auditui.store.spool import Spool
from tests.account.test_sessions import KEPT
from tests.export.one_run import commit
from tests.killed.under_way import SUFFIXES, Hook, export_and_keep, export_here, kept
from tests.pty_terminal import PtyTerminal
from tests.started import LEFT_ALTERNATE_SCREEN, bare_environ

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
EXPLORERS = 20
"""One kill of so many is one of the explorer, which takes several times as long."""

seen: Counter[str] = Counter()
"""How often which end, and which state behind it, came to be."""


def forked(work: Callable[[], object]) -> int:
    """Another process that does it; its id."""
    child = os.fork()
    if not child:
        status = 70
        try:
            work()
            status = 0
        except KeyboardInterrupt:  # Python ends itself so, as a shell sees it
            status = 128 + signal.SIGINT
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            os._exit(status)
    return child


def ended(code: int, number: signal.Signals) -> None:
    """It was ended by the signal, by itself or by the system; or it was done before."""
    assert code in (0, -number, 128 + number), (code, number)
    seen[f"{number.name} {'done before' if code == 0 else 'ended it'}"] += 1


# Exports, and what is kept beside them


def records_in(path: Path) -> int:
    """Records of a whole file of any form, or lines where that says the same."""
    if path.suffix == ".sqlite":
        with closing(sqlite3.connect(path)) as database:
            (found,) = database.execute("SELECT count(*) FROM records").fetchone()
            return int(found)
    text = path.read_text()
    return len(json.loads(text)["records"]) if path.suffix == ".json" else text.count("\n")


def agrees(path: Path) -> bool:
    """Whether file and manifest belong together."""
    told = Manifest.from_json(manifest_of(path).read_bytes()).file
    return told.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


class Exports:
    """A place with an old export, which runs that are killed want to replace; and what they keep meanwhile."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.path = folder
        self._kept = 0
        self._found: dict[str, int | None] = {}
        self._calls: dict[Path, int] = {}
        self._whole: dict[Path, int] = {}
        self._old: dict[Path, dict[Path, bytes]] = {}
        for suffix in SUFFIXES:
            self._prepare(folder / f"out{suffix}")

    def _prepare(self, path: Path) -> None:
        """Export without a kill, to see how many calls that takes and what is whole; and put an old one there."""
        reading, writing = os.pipe()
        child = forked(lambda: os.write(writing, b"%d" % calls_of(path)))
        self._calls[path] = int(os.read(reading, 20))
        assert os.waitpid(child, 0)[1] == 0
        self._whole[path] = records_in(path)
        with NewFile.begin(path, overwrite=True) as file:
            file.stream.write(OLD)
            commit(file, written=1)
        self._old[path] = {each: each.read_bytes() for each in (path, manifest_of(path))}
        for end in (reading, writing):
            os.close(end)

    def kill_one(self, chance: random.Random, number: signal.Signals) -> None:
        """Kill one somewhere between its beginning and its end, and look."""
        path = chance.choice(list(self._calls))
        reading, writing = os.pipe()
        moment = 1 - chance.random() ** 3  # most is decided at the end
        hook = killing(number, 1 + int(self._calls[path] * moment))
        child = forked(lambda: export_and_keep(path, writing, self._kept, hook))
        os.close(writing)
        ended(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), number)
        with os.fdopen(reading) as told:
            sure = [int(line) for line in told if line.endswith("\n")]
        self._look_at_what_is_kept(sure)
        self._look_at_the_export(path, number)

    def _look_at_what_is_kept(self, sure: list[int]) -> None:
        """What was told as kept is there, or what was to be kept after that."""
        begun = begun_in(config_folder(), state_folder())
        seen["begun and not put in place"] += len(begun)
        first, found = self._kept, kept()
        for what in ("view", "token", "session"):
            known = {sure[-1], sure[-1] + 1} if sure else {first, self._found.get(what)}
            assert found.get(what) in known, (what, found, known)
        self._found = {**found, "session": None}
        self._kept = max(found.values(), default=first) + 1
        assert begun_in(config_folder(), state_folder()) == [], "what a dead run was writing is gone"

    def _look_at_the_export(self, path: Path, number: signal.Signals) -> None:
        """It is the old one or the new one; what else is there goes with the next."""
        old = path.read_bytes() == OLD
        assert old or records_in(path) == self._whole[path]
        # a kill can come between file and manifest
        assert agrees(path) or (number is signal.SIGKILL and not old)
        seen["the old export" if old else "the new export"] += 1
        seen["parts"] += len(begun_in(path.parent))
        with NewFile.begin(path, overwrite=True):
            pass
        for each in begun_in(path.parent):
            os.utime(each, (0, 0))
        sweep(path.parent)
        assert begun_in(path.parent) == []
        for each, content in self._old[path].items():
            each.write_bytes(content)


OLD = b"what stood there before\n"


def begun_in(*folders: Path) -> list[Path]:
    """Files in the making, but for those of the run that lives."""
    found = [each for folder in folders for each in folder.glob(".*") if folder.is_dir()]
    return [each for each in found if LIVING not in each.name]


LIVING = "living"


def calls_of(path: Path) -> int:
    """How many calls an export makes."""
    calls = count(1)

    def hook(*_: object) -> None:
        next(calls)

    threading.setprofile(hook)
    sys.setprofile(hook)
    export_here(path)
    sys.setprofile(None)
    return next(calls)


def killing(number: signal.Signals, nth: int) -> Hook:
    """Sends this process a signal at the n-th call."""
    calls = count(1)

    def hook(*_: object) -> None:
        if next(calls) == nth:
            os.kill(os.getpid(), number)

    return hook


# The explorer


class Forked(PtyTerminal):
    """The explorer in a terminal, forked from this process; killed when it has drawn so many bytes."""

    def __init__(self, number: signal.Signals | None = None, at: int = 0) -> None:
        super().__init__([], {})
        self._number, self._at = number, at

    def __enter__(self) -> Self:
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            for number, name in enumerate(
                ("stdin", "stdout", "stderr")
            ):  # this process knew other files by them
                stream = os.fdopen(number, "w" if number else "r", closefd=False)
                setattr(sys, name, stream)
                setattr(sys, f"__{name}__", stream)
            sys.argv[1:] = ["--demo", "--demo-records", "3000", "--tz", "utc"]
            cli.run()
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        return self

    def _show(self, data: bytes) -> None:
        super()._show(data)
        if self._number is not None and len(self.raw) >= self._at:
            os.kill(self.pid, self._number)
            self._number = None


def explore(terminal: PtyTerminal) -> None:
    """Load all, mark, save a view, export, and quit."""
    for keys, words in STEPS:
        terminal.send(keys)
        terminal.until(words)
    terminal.send("\x11")


STEPS = (
    ("", "1,000 loaded"),
    ("jj L", "all 3,000 loaded"),
    ("S", "Save this view"),
    ("mine\r", "Saved as"),
    ("eal", "A new file"),
    ("\r", "Wrote 3,000"),
)


class Explorers:
    """Explorers in one folder, beside a run that lives."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        os.chdir(folder)
        self._folder = folder
        self._living = Spool()
        with Forked() as terminal:
            explore(terminal)
            assert terminal.exit_status() == 0
            self._bytes = len(terminal.raw)
        kept()
        self._forget_exports()

    def kill_one(self, chance: random.Random, number: signal.Signals) -> None:
        """Kill one at some byte, and look."""
        with Forked(number, chance.randrange(self._bytes)) as terminal:
            with suppress(AssertionError, OSError):  # it ends on the way
                explore(terminal)
            status = terminal.exit_status()
            canonical = terminal.canonical
        drawn = bytes(terminal.raw)
        assert status != 1, drawn[-6_000:].decode(errors="replace")
        ended(status, number)
        left = [each for each in runs(self._living.folder.parent) if each != self._living.folder]
        if number is not signal.SIGKILL:
            assert left == []
            assert canonical
            assert b"\x1b[?1049h" not in terminal.raw or LEFT_ALTERNATE_SCREEN in terminal.raw
        seen["records left on the disk"] += len(left)
        Spool().close()
        assert list(runs(self._living.folder.parent)) == [self._living.folder]
        kept()
        self._forget_exports()

    def _forget_exports(self) -> None:
        for each in self._folder.glob("*.jsonl"):
            assert records_in(each) == 3_000
            manifest = manifest_of(each)
            assert manifest.exists()
            assert verify(each).ok
            each.unlink()
            manifest.unlink()
        for each in self._folder.glob(".*"):
            os.utime(each, (0, 0))
        sweep(self._folder)
        assert list(self._folder.iterdir()) == []


def main(kills: int, seed: int, home: Path) -> None:
    """Kill so many, and tell what was seen."""
    environ = bare_environ(home)
    os.environ.clear()
    os.environ.update(environ)
    for module in pkgutil.walk_packages(auditui.__path__, "auditui."):
        if module.name != "auditui.__main__":
            importlib.import_module(module.name)
    gc.freeze()
    chance = random.Random(seed)  # noqa: S311 - so that it can be done again
    living = Sessions().begin()
    living.write(KEPT)
    with NewFile.begin(home / f"{LIVING}.txt") as file:
        file.stream.write(OLD)
        exports, explorers = Exports(home / "exports"), Explorers(home / "explorers")
        for turn in range(kills):
            number = chance.choice(SIGNALS)
            (explorers if turn % EXPLORERS == 0 else exports).kill_one(chance, number)
        commit(file, written=1)
    assert verify(home / f"{LIVING}.txt").ok
    assert living.path.exists()
    print(json.dumps(seen))  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
