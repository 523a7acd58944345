"""A program in a terminal that measures: every piece that comes is kept with its moment, and drawn only afterwards.

Reads from all programs that are open whenever it reads from one, so that none waits for its terminal. Knows nothing of
auditui.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Final, Self, TypeVar

import pyte

from tests.bench.answer import Piece, plain

T = TypeVar("T")

PATIENCE: Final = 30.0
"""Seconds after which what is waited for is held to have failed."""

_QUIET: Final = 0.25
"""Seconds without a byte after which drawing takes no time from the program."""

_LONGEST_UNDRAWN: Final = 1.0
"""Seconds after which is drawn though bytes keep coming: words may have been sent in parts."""

_SEAM: Final = 16
"""Bytes of a query that may have come before the rest of it."""

_ANSWERS: Final = {
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",  # synchronised updates: known, so that frames can be counted
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",  # sizes told in band: not known
    b"\x1b[6n": b"\x1b[1;1R",
    b"\x1b[5n": b"\x1b[0n",
    b"\x1b[c": b"\x1b[?62;22c",
    b"\x1b[>c": b"\x1b[>1;10;0c",
    b"\x1b]11;?\x1b\\": b"\x1b]11;rgb:0000/0000/0000\x1b\\",
    b"\x1b]11;?\x07": b"\x1b]11;rgb:0000/0000/0000\x07",
}


class Failed(Exception):
    """What was to be measured did not happen."""


class Program:
    """A program in a pseudo-terminal, from its start to the end of the block, which kills it."""

    _open: ClassVar[list[Program]] = []

    def __init__(
        self, command: Sequence[str], environ: Mapping[str, str], *, columns: int = 120, rows: int = 36
    ) -> None:
        """Take the command, its whole environment, and the terminal's size in cells."""
        self.pieces: list[Piece] = []
        self.screen = pyte.Screen(columns, rows)
        self.ended = False
        self._stream = pyte.ByteStream(self.screen)
        self._drawn = 0
        self._seam = b""
        self._command, self._environ = list(command), dict(environ)
        self._size = struct.pack("HHHH", rows, columns, 0, 0)

    def __enter__(self) -> Self:
        self.started = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.chdir(self._environ["HOME"])
            os.execvpe(self._command[0], self._command, self._environ)  # noqa: S606  # no shell is what we want
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, self._size)
        self._open.append(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._open.remove(self)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._fd)

    @property
    def text(self) -> str:
        """What stands on the screen, as far as it was read."""
        self.trace(lambda _screen: None)
        return self._text

    @property
    def _text(self) -> str:
        return "\n".join(lines(self.screen))

    @property
    def resident(self) -> float:
        """MiB of memory that it and the programs it started have in RAM."""
        return sum(map(_resident, [self.pid, *_children(self.pid)])) / 1024

    @property
    def processor(self) -> float:
        """Seconds of processor time that it has used, all threads."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def send(self, keys: str) -> float:
        """Type; the moment before."""
        moment = time.perf_counter()
        os.write(self._fd, keys.encode())
        return moment

    def read(self, seconds: float) -> bool:
        """Wait so long for bytes of any program; whether this one sent some."""
        living = {each._fd: each for each in self._open if not each.ended}
        before = len(self.pieces)
        ready, _, _ = select.select(list(living), [], [], max(0.0, seconds))
        for descriptor in ready:
            living[descriptor]._take()
        return len(self.pieces) > before

    def _take(self) -> None:
        try:
            data = os.read(self._fd, 65_536)
        except OSError:  # Linux says so when the other side is closed
            data = b""
        if not data:
            self.ended = True
            return
        self.pieces.append(Piece(time.perf_counter(), data))
        seen = self._seam + data
        for query, answer in _ANSWERS.items():
            # Not those that lay wholly in the seam: they are answered.
            for _ in range(seen.count(query) - self._seam.count(query)):
                os.write(self._fd, answer)
        self._seam = seen[-_SEAM:]

    def listen(self, seconds: float) -> list[Piece]:
        """Read for so long; what came."""
        before, end = len(self.pieces), time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0 and not self.ended:
            self.read(left)
        return self.pieces[before:]

    def settle(self, quiet: float = _QUIET, limit: float = PATIENCE) -> None:
        """Read until nothing comes for so long.

        Raises:
            Failed: it never stops.
        """
        end = time.perf_counter() + limit
        while self.listen(quiet):
            if time.perf_counter() > end:
                raise Failed(f"it is never quiet for {quiet} s")

    def calm(self, limit: float = 5.0) -> None:
        """Read until it is quiet, but no longer than so many seconds: what is never quiet is told by its bytes."""
        try:
            self.settle(0.6, limit)
        except Failed:
            return

    def trace(self, look: Callable[[pyte.Screen], T]) -> list[tuple[float, T]]:
        """Draw what was read and not yet drawn; what `look` saw on the screen after each piece, with its moment."""
        seen = []
        while self._drawn < len(self.pieces):
            moment = self._draw()
            seen.append((moment, look(self.screen)))
        return seen

    def _draw(self) -> float:
        piece = self.pieces[self._drawn]
        self._stream.feed(piece.data)
        self._drawn += 1
        return piece.at

    def until(self, pattern: str, seconds: float = PATIENCE) -> float:
        """Read until the screen matches; the moment when the piece came that made it so.

        Raises:
            Failed: it does not within so many seconds, or the program ends.
        """
        wanted = re.compile(pattern, re.MULTILINE)
        end, looked = time.perf_counter() + seconds, time.perf_counter()
        if wanted.search(self._text):
            return self.pieces[self._drawn - 1].at
        while time.perf_counter() < end and not self.ended:
            came = self.read(_QUIET)
            now = time.perf_counter()
            if came and now - looked < _LONGEST_UNDRAWN and not wanted.search(plain(self._undrawn())):
                continue
            looked = now
            while self._drawn < len(self.pieces):
                moment = self._draw()
                if wanted.search(self._text):
                    return moment
        raise Failed(f"{pattern!r} never came; the screen:\n{self._text.rstrip()}")

    def _undrawn(self) -> bytes:
        return b"".join(piece.data for piece in self.pieces[self._drawn :])


def lines(screen: pyte.Screen) -> list[str]:
    """The screen's text. pyte's own `display` stumbles over a wide character of which half was overwritten."""
    cells = range(screen.columns)
    return ["".join(screen.buffer[row][cell].data for cell in cells) for row in range(screen.lines)]


def _resident(pid: int) -> int:
    """KiB."""
    status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    found = re.search(r"^VmRSS:\s+(\d+)", status, re.MULTILINE)
    return int(found[1]) if found else 0


def _children(pid: int) -> list[int]:
    direct = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
    return [*direct, *(below for each in direct for below in _children(each))]
