"""A terminal for tests: runs auditui in a pty, draws what it sends on a pyte screen, keeps every byte."""

from __future__ import annotations

import base64
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

import pyte
from rich.cells import cell_len

PATIENCE = 20.0
"""Seconds after which a test has failed; nothing waits so long where all is well."""

OSC_52 = re.compile(rb"\x1b\]52;c?;([A-Za-z0-9+/=]*)(?:\a|\x1b\\)")
"""Puts what is in it, in base64, into the clipboard."""

_QUERIES = {b"\x1b[?2026$p": b"\x1b[?2026;2$y", b"\x1b[6n": b"\x1b[1;1R", b"\x1b[c": b"\x1b[?62;22c"}


class PtyTerminal:
    """A program in a terminal of its own."""

    def __init__(
        self,
        arguments: Sequence[str],
        environ: Mapping[str, str],
        *,
        columns: int = 80,
        rows: int = 24,
        program: str = sys.executable,
    ) -> None:
        """Take the arguments of `program`, its environment, and the terminal's size in cells."""
        self.raw = bytearray()
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._size = struct.pack("HHHH", rows, columns, 0, 0)
        self._command, self._environ = [program, *arguments], dict(environ)
        self._status: int | None = None
        self._hung_up = False

    def __enter__(self) -> Self:
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.execve(self._command[0], self._command, self._environ)  # noqa: S606  # no shell is what we want
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, self._size)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        if not self._hung_up:
            os.close(self._fd)

    @property
    def text(self) -> str:
        """What stands on the screen."""
        buffer, width = self._screen.buffer, self._screen.columns  # its `display` fails on half a wide sign
        return "\n".join("".join(buffer[y][x].data for x in range(width)) for y in range(self._screen.lines))

    def cells(self, row: int) -> list[pyte.screens.Char]:
        """The characters of a row, each with its colours and attributes."""
        return [self._screen.buffer[row][column] for column in range(self._screen.columns)]

    def clipboard(self) -> list[str]:
        """What the terminal was asked to put into its clipboard, in order."""
        return [base64.b64decode(data).decode() for data in OSC_52.findall(bytes(self.raw))]

    def send(self, keys: str | bytes) -> None:
        """Type."""
        os.write(self._fd, keys.encode() if isinstance(keys, str) else keys)

    @property
    def canonical(self) -> bool:
        """Whether the terminal gives lines and shows what is typed, as a shell expects."""
        wanted = termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN
        return bool(termios.tcgetattr(self._fd)[3] & wanted == wanted)

    def forget(self) -> None:
        """Clear the screen here, so that only what is drawn from now on stands on it."""
        self._screen.reset()

    def resize(self, columns: int, rows: int) -> None:
        """Make it larger or smaller, of which the program is told."""
        self._screen.resize(rows, columns)
        self.tell_size(columns, rows)

    def tell_size(self, columns: int, rows: int) -> None:
        """Tell the program of a size, which may be none that a screen can have."""
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def until_stuck(self, keys: str) -> None:
        """Read nothing, and type keys that have something drawn, until the terminal takes no more from the program."""
        end, before, same = time.monotonic() + PATIENCE, 0, 0
        while same < 20:
            if time.monotonic() > end:
                raise AssertionError(f"it sends too little; {before} bytes wait")
            self.send(keys)
            time.sleep(0.02)
            waits = self._unread()
            same = same + 1 if waits == before > 0 else 0
            before = waits

    def _unread(self) -> int:
        """Bytes that were sent and not read."""
        return int(struct.unpack("i", fcntl.ioctl(self._fd, termios.FIONREAD, b"\0" * 4))[0])

    def click(self, words: str) -> None:
        """Press and release the mouse on words, in every place where they stand."""
        for row, line in enumerate(self.text.splitlines(), 1):
            if words in line:
                at = f"{cell_len(line[: line.index(words)]) + 1};{row}"
                self.send(f"\x1b[<0;{at}M\x1b[<0;{at}m")

    def hang_up(self) -> None:
        """Be gone, as after a dropped line."""
        os.close(self._fd)
        self._hung_up = True

    def until_quiet(self, seconds: float) -> None:
        """Read until nothing was sent for so long."""
        end = time.monotonic() + PATIENCE
        while self._read(seconds):
            if time.monotonic() > end:
                raise AssertionError(f"it is never quiet; the screen:\n{self.text}")

    def listen(self, seconds: float) -> int:
        """Read for so long, whatever comes; how many bytes that was."""
        before, end = len(self.raw), time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._read(left)
        return len(self.raw) - before

    def until(self, words: str, seconds: float = PATIENCE) -> None:
        """Read until words stand on the screen."""
        self._until(lambda: words in self.text, f"{words!r} never came", seconds)

    def until_drawn(self, words: str, look: Callable[[pyte.screens.Char], bool]) -> None:
        """Read until words stand on the screen of which every cell looks so."""

        def so() -> bool:
            places = [(row, line.find(words)) for row, line in enumerate(self._screen.display)]
            found = [self.cells(row)[at : at + len(words)] for row, at in places if at >= 0]
            return any(all(map(look, cells)) for cells in found)

        self._until(so, f"{words!r} never looked so", PATIENCE)

    def until_gone(self, words: str) -> None:
        """Read until words no longer stand on the screen."""
        self._until(lambda: words not in self.text, f"{words!r} never went", PATIENCE)

    def until_so(self, condition: Callable[[], object], otherwise: str) -> None:
        """Read until something is so; looks again when something was drawn, and every tenth of a second."""
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"never: {otherwise}; the screen:\n{self.text}")
            self._read(0.1)

    def _until(self, condition: Callable[[], bool], otherwise: str, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end or not self._read(end - time.monotonic()):
                raise AssertionError(f"{otherwise}; the screen:\n{self.text}")

    def exit_status(self) -> int:
        """Read until the program ends; its status as a shell tells it."""
        end = time.monotonic() + PATIENCE
        while self._read(end - time.monotonic()):
            pass
        if time.monotonic() > end:
            raise AssertionError(f"it does not end; the screen:\n{self.text}")
        _pid, status = os.waitpid(self.pid, 0)
        self._status = os.waitstatus_to_exitcode(status)
        return self._status

    def gone(self) -> int:
        """Wait until the program has ended, without a word from it; its status as a shell tells it."""
        end = time.monotonic() + PATIENCE
        while (ended := os.waitpid(self.pid, os.WNOHANG))[0] == 0:
            if time.monotonic() > end:
                raise AssertionError("it does not end")
            time.sleep(0.01)
        self._status = os.waitstatus_to_exitcode(ended[1])
        return self._status

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._fd], [], [], max(0.0, seconds))
        try:
            data = os.read(self._fd, 65_536) if ready else b""
        except OSError:  # Linux says so when the other side is closed
            data = b""
        self._show(data)
        return bool(data)

    def _show(self, data: bytes) -> None:
        """Draw what reached the terminal, and answer what it asks."""
        before = len(self.raw)
        self.raw += data
        for query, answer in _QUERIES.items():
            for _ in range(
                self.raw.count(query, max(0, before - len(query) + 1))
            ):  # one may come in two pieces
                self.send(answer)
        self._stream.feed(data)
