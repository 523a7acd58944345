"""A slow line between a program's pty and the terminal: a delay each way, and few bits in a second.

Modelled on sshd: it reads the pty as soon as there is something, and keeps what the line has not taken yet, up to some
100 kB. So the program never learns from its own writes that the line is behind; only beyond that it has to wait.
"""

from __future__ import annotations

import os
import select
import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence

from tests.pty_terminal import PATIENCE, PtyTerminal

_KEPT = 100_000
"""Bytes that wait for the line before the pty is read no further."""

_PACKET = 80
"""Bytes that arrive together: 10 ms of a line of 64 kbit/s."""


class SlowTerminal(PtyTerminal):
    """A program in a terminal at the other end of a slow line. Time passes on the line only while it is read."""

    def __init__(
        self,
        arguments: Sequence[str],
        environ: Mapping[str, str],
        *,
        columns: int = 120,
        rows: int = 36,
        program: str = sys.executable,
        delay: float = 0.15,
        bits: int = 64_000,
    ) -> None:
        """As for `PtyTerminal`, with the seconds that each way takes and the bits that go down it in a second."""
        super().__init__(arguments, environ, columns=columns, rows=rows, program=program)
        self._delay, self._rate = delay, bits / 8
        self._down: deque[tuple[float, bytes]] = deque()
        self._up: deque[tuple[float, bytes]] = deque()
        self._on_line = 0
        self._free = 0.0
        self._closed = False

    def send(self, keys: str | bytes) -> None:
        """Type; the program has it when the line brought it there."""
        self._up.append((time.monotonic() + self._delay, keys.encode() if isinstance(keys, str) else keys))

    def hold(self, key: str, times: int, *, per_second: int = 30) -> None:
        """Hold a key down: it is typed again and again, while the screen is read."""
        due = time.monotonic()
        for _ in range(times):
            self.send(key)
            due += 1 / per_second
            while (left := due - time.monotonic()) > 0:
                self._read(left)

    def rest(self, quiet: float = 0.7) -> float:
        """Read until nothing came for so many seconds; when the last of it came, by the monotonic clock."""
        came = began = time.monotonic()
        while time.monotonic() < max(came, began) + quiet or self._down:
            before = len(self.raw)
            if not self._read(0.05) and self._closed:
                break
            if len(self.raw) > before:
                came = time.monotonic()
        return came

    def _read(self, seconds: float) -> bool:
        """Let time pass until something arrives; whether the program is still there."""
        end = time.monotonic() + min(seconds, PATIENCE)
        while (now := time.monotonic()) < end:
            while self._up and self._up[0][0] <= now:
                os.write(self._fd, self._up.popleft()[1])
            if self._down and self._down[0][0] <= now:
                _, packet = self._down.popleft()
                self._on_line -= len(packet)
                self._show(packet)
                return True
            if self._closed and not self._down:
                return False
            due = [queue[0][0] for queue in (self._up, self._down) if queue]
            self._take_from_pty(min([end, *due]) - now)
        return not self._closed

    def _take_from_pty(self, seconds: float) -> None:
        if self._closed or self._on_line >= _KEPT:
            time.sleep(max(0.0, seconds))
            return
        if not select.select([self._fd], [], [], max(0.0, seconds))[0]:
            return
        try:
            data = os.read(self._fd, 65_536)
        except OSError:  # Linux says so when the other side is closed
            data = b""
        self._closed = not data
        self._on_line += len(data)
        for at in range(0, len(data), _PACKET):
            packet = data[at : at + _PACKET]
            self._free = max(self._free, time.monotonic()) + len(packet) / self._rate
            self._down.append((self._free + self._delay, packet))
